"""Two differences that cancel near zero, from their series."""

from math import factorial

import numpy as np

from softmaxlab._types import Floats

_VELTKAMP = 2.0**27 + 1  # a product with it and two differences leave the first half of the digits


def exp_beyond_tangent(x: Floats, lost: Floats) -> Floats:
    """Return ``exp(x) - 1 - x``, which is never negative, with all its digits.

    ``lost`` is what rounding has taken from x. Near zero it is ``h + h (2 x/3! + 2 x**2/4! + ...)``
    with ``h = x**2/2``; what rounding takes from h is added last, with all else that is small.
    """
    series = np.full_like(x, 2 / factorial(26))
    for k in range(25, 2, -1):
        series *= x
        series += 2 / factorial(k)
    series *= x
    half_square = x * x / 2
    series *= half_square
    series += square_error(x) / 2
    slope = lost * np.expm1(x)
    near = half_square + (series + slope)
    return np.where((x > -1) & (x < 2), near, np.expm1(x) - x + slope)


def square_error(x: Floats) -> Floats:
    """Return what rounding takes from ``x * x``, from the halves of the digits of x (TwoProduct).

    References
    ----------
    T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math.
    18 (1971).
    """
    head = x * _VELTKAMP
    head -= head - x
    tail = x - head
    return head * head - x * x + 2 * head * tail + tail * tail


def log_below_tangent(t: Floats) -> Floats:
    """Return ``t - log(1 + t)``, which is never negative, with all its digits.

    Near zero, with ``w = t / (2 + t)``, the logarithm is ``2 (w + w**3/3 + w**5/5 + ...)``, so that
    the difference is ``t w - 2 w**3 (1/3 + w**2/5 + ...)``.
    """
    w = t / (2 + t)
    square = w * w
    series = np.full_like(t, 1 / 33)
    for k in range(31, 1, -2):
        series *= square
        series += 1 / k
    return t * w - 2 * w * square * series
