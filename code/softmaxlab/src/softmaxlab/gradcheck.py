"""Measure gradients: ways that know nothing of the formula they test."""

from collections.abc import Callable
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxlab._numerics.checks import as_positive, as_real_array, refuse_infinite
from softmaxlab._types import Array, Function

__all__ = ["GradientReport", "check_gradient", "complex_step_gradient", "numerical_gradient"]

_STEP = np.finfo(float).eps ** (1 / 3)
_FEW = np.array([2.0**-11, 0.25, 0.5, 1.0])  # the first one tells the rounding
_ALL = _STEP * 2.0 ** np.arange(-35, 18)
_Place = tuple[int, ...]
_FORMATS = (np.float16, np.float32, np.float64)
_SHARP = 3e-4  # a measurement with a larger relative error has too few digits to agree with


def _callable(f: Any, name: str) -> Function:
    if not callable(f):
        raise TypeError(f"{name} must be a function, got {shortened(f)}")
    return f


def _point(x: ArrayLike) -> NDArray[np.float64]:
    x = as_real_array(x, "x").astype(np.float64)
    refuse_infinite(x, "x")
    return x


def _moved(x: NDArray[np.float64], place: _Place, coordinate: complex) -> Array:
    """Return a copy of ``x`` with one entry replaced."""
    moved = x.astype(np.result_type(x, coordinate))
    moved[place] = coordinate
    return moved


def _number(value: Any) -> Any:
    """Return the value of a function as a number, or say that it is none."""
    if value is None:
        raise TypeError("f must return one number, got None: is there a `return`?")
    if np.size(value) != 1:
        raise ValueError(f"f must return one number, got shape {np.shape(value)}")
    if np.asarray(value).dtype.kind not in "iufc":
        raise TypeError(f"f must return one number, got {shortened(value)}")
    return np.asarray(value).item()


def _real(value: Any) -> float:
    number = _number(value)
    if isinstance(number, complex):
        raise TypeError(f"f must return a real number, got {number}")
    return float(number)


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
        unit ``2.2e-16``, where the errors of rounding and of truncation are of one size.

    Returns
    -------
    ndarray of the shape of ``x``
        Good to about ten digits in double precision.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not finite real numbers, ``step`` is not positive or too short to move an entry,
        or ``f`` returns anything but one finite real number beside ``x``.

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
    f, x = _callable(f, "f"), _point(x)
    if step is not None:
        step = as_positive(step, "step")
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        h = _STEP * max(1.0, float(abs(x[place]))) if step is None else step
        gradient[place] = _central_difference(f, x, place, h)
    return gradient


def _central_difference(f: Function, x: NDArray[np.float64], place: _Place, step: float) -> float:
    above, below = x[place] + step, x[place] - step
    if not above > below:
        raise ValueError(f"step {step} does not move the entry {x[place]} of x at {place}")
    return (_beside(f, x, place, above) - _beside(f, x, place, below)) / (above - below)


def _beside(f: Function, x: NDArray[np.float64], place: _Place, coordinate: float) -> float:
    value = _real(f(_moved(x, place, coordinate)))
    if not np.isfinite(value):
        raise ValueError(
            f"f is {value} with {coordinate} for the entry {x[place]} of x at {place}:"
            " pass another step"
        )
    return value


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
        If ``f`` returns a real number, because it has dropped the imaginary part, or anything
        but one finite number; or if ``x`` is not finite real numbers or ``step`` is not positive.

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
    f, x, step = _callable(f, "f"), _point(x), as_positive(step, "step")
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        value = _number(f(_moved(x, place, complex(x[place], step))))
        if not isinstance(value, complex):
            raise TypeError("f returned a real number for a complex argument: it is not analytic")
        if not np.isfinite(value):
            raise ValueError(f"f is {value} where the entry {x[place]} of x at {place} is nudged")
        gradient[place] = value.imag / step
    return gradient


@dataclass(frozen=True)
class GradientReport:
    """How a gradient compares with its measurement, at the entry that compares worst.

    Attributes
    ----------
    verdict : str
        ``"agrees"`` if every entry does; ``"disagrees"`` if one of them does; else
        ``"cannot tell"``: rounding hides what this entry is.
    place : tuple of int
        The entry.
    given, measured : float
        Both values of that entry.
    bound : float
        How far apart the two may be: the tolerance times the larger of both, plus the error of
        the measurement.
    error : float
        How far apart they are, relative to the larger of both; for an entry that counts as zero,
        relative to how steeply the function leaves the point along it.
    """

    verdict: str
    place: tuple[int, ...]
    given: float
    measured: float
    bound: float
    error: float

    @property
    def ok(self) -> bool:
        """Tell whether every entry agrees.

        Returns
        -------
        bool
            *Cannot tell* is no agreement.
        """
        return self.verdict == "agrees"

    def __str__(self) -> str:
        verdict = self.verdict if self.ok else self.verdict.upper()
        remedy = "" if self.verdict != "cannot tell" else f". {_REMEDY}"
        return (
            f"{verdict}: worst relative error {self.error:.1e} at {self.place},"
            f" given {self.given:.10g}, measured {self.measured:.10g},"
            f" bound {self.bound:.1e}{remedy}"
        )

    __repr__ = __str__


_REMEDY = (
    "The rounding of f hides this entry: leave out of f what does not depend on it, compute f in"
    " double precision, or pass the step that suits f"
)
_SEVERITY = ("agrees", "cannot tell", "disagrees")


def check_gradient(
    f: Function,
    gradient: Callable[[Array], ArrayLike],
    x: ArrayLike,
    tolerance: float = 1e-6,
    step: float | None = None,
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
        The largest error allowed in an entry, relative to the larger of its two values.
    step : float, optional
        The longest nudge of an entry; shorter ones are tried too. By default it is
        ``max(1, |x_i|)`` times ``2e-5``, and where that is not sharp, all from ``0.8`` times down
        to the rounding.

    Returns
    -------
    GradientReport
        With ``ok``, the verdict, the worst entry, both its values and the bound. A mismatch is
        reported, not raised.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is empty or not finite real numbers, if ``f`` is not one finite real number at
        ``x``, if the gradient has not the shape of ``x``, or if ``tolerance`` or ``step`` is not
        positive.

    See Also
    --------
    numerical_gradient : Central differences with one step.

    Notes
    -----
    The differences for nudges h, h / 2, h / 4 are extrapolated to h = 0 (Richardson, Ridders). What
    two extrapolations differ by, plus the rounding of ``f`` over h, is the error of
    the measurement. That rounding is estimated from the size of the values (if all are float32
    numbers, it is float32's) and from what much shorter nudges measure.

    A measurement whose error is above 3 in 10,000 (or the tolerance) of its value agrees with
    nothing: it refutes what is outside of its error, and cannot tell about the rest. There is one
    exception. At a minimum all entries are zero, and only rounding is measured. An entry counts as
    zero if it and its measurement are below the error, and the error is below 3 in 10,000 of how
    steeply ``f`` leaves ``x`` along that entry, or if the entry is zero and ``f`` does not move at
    all.

    Nudges at which ``f`` is not finite, or raises a ValueError or an ArithmeticError, are passed
    over.

    References
    ----------
    C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering
    Software 4 (1982).

    Examples
    --------
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: 2 * x, np.array([1.0, 2.0])).ok
    True
    >>> check_gradient(lambda x: (x**2).sum(), lambda x: x, np.array([1.0, 2.0])).verdict
    'disagrees'
    >>> check_gradient(lambda x: 1e17 + x.sum(), lambda x: x, np.array([1.0, 2.0])).verdict
    'cannot tell'
    """
    f, gradient = _callable(f, "f"), _callable(gradient, "gradient")
    x, tolerance = _point(x), as_positive(tolerance, "tolerance")
    if step is not None:
        step = as_positive(step, "step")
    if x.size == 0:
        raise ValueError(f"x of shape {x.shape} has no entries to compare")
    given = as_real_array(gradient(x.copy()), "the gradient")
    if given.shape != x.shape:
        raise ValueError(f"the gradient has shape {given.shape}, x has shape {x.shape}")
    reports = (
        _judged(_Line(f, x, place), float(given[place]), tolerance, step)
        for place in np.ndindex(x.shape)
    )
    return max(reports, key=lambda one: (_SEVERITY.index(one.verdict), one.error))


def _judged(line: "_Line", given: float, tolerance: float, step: float | None) -> GradientReport:
    sharp = max(tolerance, _SHARP)
    slope = _measured(line, tolerance, step)
    apart, larger = abs(given - slope.value), max(abs(given), abs(slope.value))
    bound = tolerance * larger + slope.error
    refuted = apart > bound or not np.isfinite(given)
    is_zero = slope.steepness == given == 0 or larger <= slope.error <= sharp * slope.steepness
    clear = is_zero or slope.error <= sharp * abs(slope.value)
    verdict = "disagrees" if refuted else "agrees" if clear else "cannot tell"
    scale = slope.steepness if is_zero else larger
    error = 0.0 if apart == 0 else apart / scale if np.isfinite(apart) else np.inf
    return GradientReport(verdict, line.place, given, slope.value, bound, error)


class _Slope(NamedTuple):
    """A measured derivative, its error, and how steeply the function leaves the point."""

    value: float
    error: float
    steepness: float


def _measured(line: "_Line", tolerance: float, step: float | None) -> _Slope:
    """Return the slope along a line, from few nudges if they will do."""
    if step is not None:
        return line.slope(step * _FEW)
    unit = max(1.0, abs(line.x[line.place]))
    slope = line.slope(4 * _STEP * unit * _FEW)
    if slope.error <= tolerance * abs(slope.value):
        return slope
    return line.slope(unit * _ALL)


class _Line:
    """A function of several numbers, along one of them."""

    def __init__(self, f: Function, x: NDArray[np.float64], place: _Place) -> None:
        self.f, self.x, self.place = f, x, place
        self.value = _real(f(x.copy()))
        if not np.isfinite(self.value):
            raise ValueError(f"f is {self.value} at x: a gradient cannot be measured there")

    def __call__(self, coordinate: float) -> float:
        """Return the value of the function at a coordinate, or NaN if it has none."""
        try:
            return _real(self.f(_moved(self.x, self.place, coordinate)))
        except (ArithmeticError, ValueError):
            return np.nan

    def slope(self, steps: NDArray[np.float64]) -> _Slope:
        """Return the slope, from steps in ascending order."""
        points = self.x[self.place] + np.multiply.outer([-1.0, 1.0], steps)
        with np.errstate(all="ignore"):  # a long step may leave the domain of f
            values = np.array([[self(point) for point in row] for row in points])
            width, rise = points[1] - points[0], values[1] - values[0]
            rise[~np.isfinite(rise)] = np.nan
            value, error = _sharpest(width, rise, self._rounding(values, rise / width))
            steepness = np.abs(values - self.value) / width
        return _Slope(value, error, float(steepness[np.isfinite(steepness)].max(initial=0.0)))

    def _rounding(self, values: Array, slopes: Array) -> Array:
        """Return what rounding can do to the differences of values, and to their arguments."""
        dtype = _format(np.append(values[np.isfinite(values)], self.value))
        size = np.fmax(np.abs(values).max(axis=0), abs(self.value)).astype(dtype)
        argument = np.abs(self.x[self.place] * slopes) * np.finfo(dtype).eps
        return 2 * np.spacing(size).astype(float) + argument


def _format(values: Array) -> type[np.floating]:
    """Return the narrowest type of float that holds different values; equal ones tell nothing."""
    if np.all(values == values[0]):
        return np.float64
    return next(one for one in _FORMATS if np.array_equal(values.astype(one), values))


def _sharpest(width: Array, rise: Array, rounding: Array) -> tuple[float, float]:
    """Return the slope and the error of the sharpest extrapolation of any order."""
    slopes = np.where((rise == 0) & np.any(np.abs(rise) > 0), np.nan, rise / width)
    found = []
    for order in range(1, min(len(width), 6)):
        change = np.diff(slopes)
        change[width[order:] > 3 * width[order - 1 : -1]] = np.nan  # no step is half of the next
        slopes = slopes[:-1]
        noise = (rounding[:-order] + _misfit(width, rise, slopes)) / width[:-order]
        found.append((slopes, _lasting(np.abs(change)) + noise))
        slopes = slopes - change / (4**order - 1)
    value, error = np.concatenate(found, axis=1)
    error[~np.isfinite(error)] = np.inf
    relative = np.divide(error, np.abs(value), where=error < np.inf, out=error.copy())
    best = relative.argmin() if relative.min() <= _SHARP else error.argmin()
    return float(value[best]), float(error[best])


def _misfit(width: Array, rise: Array, slopes: Array) -> Array:
    """Return how far each slope misses what was measured with far shorter steps."""
    miss = np.abs(rise[:, None] - np.multiply.outer(width, slopes))
    far_shorter = width[:, None] <= width[: len(slopes)] / 16
    return np.fmax.reduce(np.where(far_shorter, miss, 0.0), axis=0)


def _lasting(change: Array) -> Array:
    """Return changes that do not fall by chance: one that is small after a large one is none."""
    change[1:] = np.fmax(change[1:], change[:-1] / 2)
    return change
