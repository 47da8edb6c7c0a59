"""Measure gradients: ways that know nothing of the formula they test."""

from dataclasses import dataclass

import numpy as np

__all__ = ["GradientReport", "check_gradient", "complex_step_gradient", "numerical_gradient"]


def _nudges(x, size, dtype):
    """Yield each place of ``x`` with an array that is zero but for a nudge there."""
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape, dtype=dtype)
        nudge[place] = size
        yield place, nudge


def numerical_gradient(f, x, step=None):
    """Return the gradient of a scalar function by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x``, returns a number.
    x : array_like
        Where to measure.
    step : float, optional
        The nudge; by default the cube root of the rounding unit, times ``max(1, |x|)``.

    Returns
    -------
    ndarray of the shape of ``x``
        Good to about ten digits in double precision.

    Raises
    ------
    ValueError
        If ``step`` is not positive.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization, section 8.1 (2006).

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0])).round(8)
    array([2., 4.])
    """
    x = np.asarray(x, dtype=float)
    if step is not None and not step > 0:
        raise ValueError(f"step must be positive, got {step}")
    gradient = np.empty(x.shape)
    for place, nudge in _nudges(x, 1.0, float):
        h = step or np.finfo(float).eps ** (1 / 3) * max(1.0, abs(x[place]))
        gradient[place] = (f(x + h * nudge) - f(x - h * nudge)) / (2 * h)
    return gradient


def complex_step_gradient(f, x, step=1e-30):
    """Return the gradient of an analytic scalar function, with no loss of digits.

    Parameters
    ----------
    f : callable
        Takes a complex array of the shape of ``x``. It must be made of powers, exponentials,
        logarithms and the like; absolute values and comparisons of ``x`` spoil it without a sign.
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
    TypeError
        If ``f`` returns a real number, because it has dropped the imaginary part.

    References
    ----------
    W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40 (1998).

    Examples
    --------
    >>> complex_step_gradient(lambda x: np.exp(x).sum(), np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    x = np.asarray(x, dtype=float)
    gradient = np.empty(x.shape)
    for place, nudge in _nudges(x, 1j * step, complex):
        value = f(x + nudge)
        if not np.iscomplexobj(value):
            raise TypeError("f dropped the imaginary part: it is not analytic in its argument")
        gradient[place] = value.imag / step
    return gradient


@dataclass(frozen=True)
class GradientReport:
    """Where a gradient and its measurement differ most."""

    ok: bool
    error: float
    place: tuple
    given: float
    measured: float

    def __str__(self):
        verdict = "agrees" if self.ok else "DISAGREES"
        return (
            f"{verdict}: worst relative error {self.error:.1e} at {self.place},"
            f" given {self.given:.10g}, measured {self.measured:.10g}"
        )

    __repr__ = __str__


def check_gradient(f, gradient, x, tolerance=1e-6):
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
        The largest difference allowed, relative to the largest entry of either.

    Returns
    -------
    GradientReport
        With ``ok``, the worst entry and both its values.

    Raises
    ------
    ValueError
        If the gradient has not the shape of ``x``.

    Examples
    --------
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: 2 * x, np.array([1.0, 2.0])).ok
    True
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: x, np.array([1.0, 2.0])).ok
    False
    """
    x = np.asarray(x, dtype=float)
    given, measured = np.asarray(gradient(x)), numerical_gradient(f, x)
    if given.shape != x.shape:
        raise ValueError(f"the gradient has shape {given.shape}, x has {x.shape}")
    scale = max(np.abs(given).max(), np.abs(measured).max(), np.finfo(float).tiny)
    difference = np.abs(given - measured) / scale
    place = tuple(int(i) for i in np.unravel_index(difference.argmax(), x.shape))
    error = float(difference[place])
    return GradientReport(
        error <= tolerance, error, place, float(given[place]), float(measured[place])
    )
