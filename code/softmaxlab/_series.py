"""Two differences that cancel near zero, from their series."""

from math import factorial

import numpy as np


def exp_beyond_tangent(x):
    """Return ``exp(x) - 1 - x``, which is never negative, with all its digits.

    Near zero it is ``h + h (2 x/3! + 2 x**2/4! + ...)`` with ``h = x**2/2``.
    """
    series = np.full_like(x, 2 / factorial(26))
    for k in range(25, 2, -1):
        series *= x
        series += 2 / factorial(k)
    series *= x
    half_square = x * x / 2
    series *= half_square
    series += half_square
    return np.where((x > -1) & (x < 2), series, np.expm1(x) - x)


def log_below_tangent(t):
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
