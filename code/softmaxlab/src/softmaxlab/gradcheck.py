"""Measure gradients: ways that know nothing of the formula they test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxlab._numerics.checks import as_positive, as_real_array, refuse_infinite
from softmaxlab._types import Array, Function

__all__ = ["GradientReport", "check_gradient", "complex_step_gradient", "numerical_gradient"]

_STEP = np.finfo(float).eps ** (1 / 3)
_TINY = np.finfo(float).tiny


def _point(x: ArrayLike) -> NDArray[np.float64]:
    x = as_real_array(x, "x").astype(np.float64)
    refuse_infinite(x, "x")
    return x


def _nudged(x: NDArray[np.float64], place: tuple[int, ...], nudge: complex) -> Array:
    """Return a copy of ``x`` with one entry changed."""
    moved = x.astype(np.result_type(x, nudge))
    moved[place] += nudge
    return moved


def _number(value: Any) -> Any:
    """Return the value of a function as a number, or say that it is none."""
    if np.size(value) != 1:
        raise ValueError(f"f must return one number, got shape {np.shape(value)}")
    return np.asarray(value).item()


def numerical_gradient(f: Function, x: ArrayLike, step: float | None = None) -> NDArray[np.float64]:
    """Return the gradient of a scalar function by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x``, returns a number.
    x : array_like
        Where to measure.
    step : float, optional
        The nudge of each entry; by default ``max(1, |x_i|)`` times the cube root of the rounding
        unit 2.2e-16, where the errors of rounding and of truncation are of one size.

    Returns
    -------
    ndarray of the shape of ``x``
        Good to about ten digits in double precision.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not finite real numbers, ``step`` is not positive, or ``f`` returns several
        numbers.

    See Also
    --------
    complex_step_gradient : All digits, of functions that take complex numbers.
    check_gradient : The comparison with a formula.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization, section 8.1 (2006).

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0])).round(8)
    array([2., 4.])
    """
    x = _point(x)
    if step is not None:
        as_positive(step, "step")
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        h = _STEP * max(1.0, float(abs(x[place]))) if step is None else step
        above, below = _nudged(x, place, h), _nudged(x, place, -h)
        width = above[place] - below[place]
        gradient[place] = (_number(f(above)) - _number(f(below))) / width
    return gradient


def complex_step_gradient(f: Function, x: ArrayLike, step: float = 1e-30) -> NDArray[np.float64]:
    """Return the gradient of an analytic scalar function, with no loss of digits.

    Parameters
    ----------
    f : callable
        Takes a complex array of the shape of ``x``. It must be made of powers, exponentials,
        logarithms and the like; comparisons of ``x`` spoil it without a sign. The functions of
        this package look for the largest score and refuse complex numbers.
    x : array_like
        Where to measure.
    step : float
        The imaginary nudge.

    Returns
    -------
    ndarray of the shape of ``x``
        Good to all digits.

    Raises
    ------
    TypeError, ValueError
        If ``f`` returns a real number, because it has dropped the imaginary part, or several
        numbers; or if ``x`` is not finite real numbers or ``step`` is not positive.

    See Also
    --------
    numerical_gradient : Ten digits, of any function.

    Notes
    -----
    For real x and a tiny h, ``f(x + ih) = f(x) + ih f'(x)``: the derivative is the imaginary part
    over h. No difference is taken, so nothing cancels, and h can be as small as one likes.

    References
    ----------
    W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40 (1998).

    Examples
    --------
    >>> complex_step_gradient(lambda x: np.exp(x).sum(), np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    x, step = _point(x), as_positive(step, "step")
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        value = _number(f(_nudged(x, place, 1j * step)))
        if not isinstance(value, complex):
            raise TypeError("f returned a real number for a complex argument: it is not analytic")
        gradient[place] = value.imag / step
    return gradient


@dataclass(frozen=True)
class GradientReport:
    """Where a gradient and its measurement differ most.

    Attributes
    ----------
    ok : bool
        Whether the error is within the tolerance.
    error : float
        The largest difference, relative to the largest entry of either gradient.
    place : tuple of int
        The entry that differs most.
    given, measured : float
        Both values of that entry.
    """

    ok: bool
    error: float
    place: tuple[int, ...]
    given: float
    measured: float

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "DISAGREES"
        return (
            f"{verdict}: worst relative error {self.error:.1e} at {self.place},"
            f" given {self.given:.10g}, measured {self.measured:.10g}"
        )

    __repr__ = __str__


def check_gradient(
    f: Function, gradient: Callable[[Array], ArrayLike], x: ArrayLike, tolerance: float = 1e-6
) -> GradientReport:
    """Compare a gradient with central differences, entry by entry.

    Parameters
    ----------
    f : callable
        The scalar function.
    gradient : callable
        What claims to be its gradient.
    x : array_like
        Where to compare.
    tolerance : float
        The largest difference allowed, relative to the largest entry of either gradient.

    Returns
    -------
    GradientReport
        With ``ok``, the worst entry and both its values. A mismatch is reported, not raised.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is empty, if the gradient has not the shape of ``x``, or as for
        :func:`numerical_gradient`.

    See Also
    --------
    numerical_gradient : What it compares with.

    Notes
    -----
    At a minimum all entries are zero, and what is measured there is only the rounding of ``f``.
    A difference as small as that counts as agreement.

    Examples
    --------
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: 2 * x, np.array([1.0, 2.0])).ok
    True
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: x, np.array([1.0, 2.0])).ok
    False
    """
    x, tolerance = _point(x), as_positive(tolerance, "tolerance")
    if x.size == 0:
        raise ValueError(f"x of shape {x.shape} has no entries to compare")
    given = as_real_array(gradient(x.copy()), "the gradient")
    if given.shape != x.shape:
        raise ValueError(f"the gradient has shape {given.shape}, x has shape {x.shape}")
    measured = numerical_gradient(f, x)
    noise = np.finfo(float).eps * abs(_number(f(x.copy()))) / _STEP
    scale = max(np.abs(given).max(), np.abs(measured).max(), noise / tolerance, _TINY)
    errors = np.abs(given - measured) / scale
    place = tuple(int(i) for i in np.unravel_index(errors.argmax(), x.shape))
    error = float(errors[place])
    return GradientReport(
        error <= tolerance, error, place, float(given[place]), float(measured[place])
    )
