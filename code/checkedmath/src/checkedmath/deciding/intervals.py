"""The values of an expression over a whole box: between which two numbers they lie.

A ball of Arb is a middle and a radius of few digits, and so is no home for what lies between 1 and
10^20. Here are the two ends, as numbers of the machine, infinite ones too. Their rounding is not
counted: that is enough for a search, in which nothing is decided by them.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable

import sympy as sp

from checkedmath.deciding.balls import Operation, Point, Program
from checkedmath.meaning.piecewise import (
    Corner,
    Flip,
    Indicator,
    Jump,
    Largest,
    Select,
    SlopeOfSelect,
    code_holds,
)

#: The lower and the upper end; None where there are surely no numbers.
Interval = tuple[float, float] | None
INF = math.inf
#: Beyond it an exponential is no number of the machine.
LARGEST_EXPONENT = 709
#: Nothing is known.
ANY = (-INF, INF)


class OverBox(Program):
    """Some expressions as one list of operations on intervals.

    Parameters
    ----------
    expressions : sympy.Expr
        What is to be computed.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> OverBox(x**2, 1 / x).run({x: (-1.0, 2.0)})
    [(0.0, 4.0), (-inf, inf)]
    """

    def rule(self, expression: sp.Expr) -> Operation:
        """Return the operation that yields a number, or the outermost one of an expression."""
        if expression.is_Symbol:
            return lambda box: box[expression]
        if expression.is_Atom:
            return functools.partial(constant, expression)
        return ON_INTERVALS.get(expression.func, lambda *_: ANY)


def constant(x: sp.Expr, _box: Point) -> Interval:
    """Return the interval of a number, which has no width."""
    if not x.is_real:
        return None
    try:
        found = int(x.p) / int(x.q) if x.is_Rational else float(x)
    except OverflowError:
        found = INF if x > 0 else -INF
    return found, found


def known(operation: Callable[..., Interval]) -> Operation:
    """Return an operation that yields no number where an argument is none."""
    return lambda *inner: None if None in inner else operation(*inner)


def hull(values: Iterable[Interval]) -> Interval:
    """Return the interval that holds some, of which those that are no numbers do not count."""
    found = [each for each in values if each is not None]
    return (min(x for x, _ in found), max(y for _, y in found)) if found else None


def add(*terms: tuple[float, float]) -> Interval:
    """Return a sum."""
    low, high = sum(x for x, _ in terms), sum(y for _, y in terms)
    return -INF if math.isnan(low) else low, INF if math.isnan(high) else high


def multiply(*factors: tuple[float, float]) -> Interval:
    """Return a product."""
    return functools.reduce(product, factors)


def product(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the product of two intervals; zero times what has no bound is zero."""
    ends = [x * y if x and y else 0.0 for x, y in itertools.product(one, other)]
    return min(ends), max(ends)


def raised(base: tuple[float, float], exponent: tuple[float, float]) -> Interval:
    """Return a power."""
    power, same = exponent
    if power != same:
        logarithms = logarithm(base)
        return logarithms and exponential(product(exponent, logarithms))
    if power < 0:
        below = raised(base, (-power, -power))
        return below and inverse(below)
    low, high = base if power.is_integer() else (max(base[0], 0.0), base[1])
    if power.is_integer() and power % 2 == 0:
        low, high = size(base)
    return (grown(low, power), grown(high, power)) if low <= high else None


def grown(x: float, power: float) -> float:
    """Return a power of a number, which may be too large for a number of the machine."""
    try:
        return x**power
    except OverflowError:
        return math.copysign(INF, x)


def inverse(x: tuple[float, float]) -> Interval:
    """Return one over an interval."""
    low, high = x
    if low < 0 < high:
        return ANY
    if low == high == 0:
        return None
    return 1 / high if high else -INF, 1 / low if low else INF


def exponential(x: tuple[float, float]) -> tuple[float, float]:
    """Return the exponential."""
    low, high = (math.exp(end) if end < LARGEST_EXPONENT else INF for end in x)
    return low, high


def logarithm(x: tuple[float, float]) -> Interval:
    """Return the logarithm."""
    low, high = x
    return (math.log(low) if low > 0 else -INF, math.log(high)) if high > 0 else None


def tanh(x: tuple[float, float]) -> Interval:
    """Return the hyperbolic tangent."""
    return math.tanh(x[0]), math.tanh(x[1])


def wave(function: Callable[[float], float], peak: float) -> Callable[..., Interval]:
    """Return a sine or cosine, by the place of a peak."""

    def wave_over(x: tuple[float, float]) -> Interval:
        low, high = x
        if not high - low < math.tau:
            return -1.0, 1.0
        ends = function(low), function(high)
        top = 1.0 if meets(low, high, peak) else max(ends)
        return -1.0 if meets(low, high, peak + math.pi) else min(ends), top

    return wave_over


def meets(low: float, high: float, place: float) -> bool:
    """Tell whether a place, or one that is full turns away, lies in an interval."""
    return math.floor((high - place) / math.tau) >= math.ceil((low - place) / math.tau)


def size(x: tuple[float, float]) -> tuple[float, float]:
    """Return an absolute value."""
    low, high = x
    return max(low, -high, 0.0), max(-low, high)


def largest(*terms: tuple[float, float]) -> Interval:
    """Return the largest of some."""
    return max(x for x, _ in terms), max(y for _, y in terms)


def sign(x: tuple[float, float]) -> Interval:
    """Return the slope of the absolute value; over its corner, all slopes between."""
    return -1.0 if x[0] <= 0 else 1.0, 1.0 if x[1] >= 0 else -1.0


def corner(x: tuple[float, float], *others: tuple[float, float]) -> Interval:
    """Return the slope of the largest of some by the first; where they tie, all between."""
    above = all(x[0] > high for _, high in others)
    below = any(x[1] < low for low, _ in others)
    return float(above), float(not below)


def holds(code: tuple[float, float], x: tuple[float, float], y: tuple[float, float]) -> Interval:
    """Return one if a relation holds all over, zero if it does nowhere, and else all between."""
    signs = {-1: x[0] < y[1], 0: x[0] <= y[1] and y[0] <= x[1], 1: x[1] > y[0]}
    found = [code_holds(code[0], sign, 0) for sign, may_be in signs.items() if may_be]
    return float(all(found)), float(any(found))


def jump(x: tuple[float, float], y: tuple[float, float], *_: tuple[float, float]) -> Interval:
    """Return the slope of a step: zero where it is surely not met."""
    return (0.0, 0.0) if x[1] < y[0] or y[1] < x[0] else ANY


def select(*parts: Interval) -> Interval:
    """Return all values behind the indicators that may be one, up to the first that surely is."""
    met = []
    for condition, value in zip(parts[::2], parts[1::2], strict=True):
        if condition is not None and condition[1]:
            met.append(value)
            if condition[0]:
                break
    return hull(met)


def slope_of_select(*parts: Interval) -> Interval:
    """Return the slope of the only case that may apply; nothing is known of several."""
    met = []
    for code, left, right, _, slope in zip(*(parts[n::5] for n in range(5)), strict=True):
        applies = known(holds)(code, left, right)
        if applies is not None and applies[1]:
            met.append(slope)
            if applies[0]:
                break
    return ANY if len(met) > 1 else hull(met)


ON_INTERVALS: dict[type, Operation] = {
    sp.Add: known(add),
    sp.Mul: known(multiply),
    sp.Pow: known(raised),
    sp.exp: known(exponential),
    sp.tanh: known(tanh),
    sp.sin: known(wave(math.sin, math.pi / 2)),
    sp.cos: known(wave(math.cos, 0.0)),
    sp.log: known(logarithm),
    sp.Abs: known(size),
    sp.sign: known(sign),
    Largest: known(largest),
    Corner: known(corner),
    Indicator: known(holds),
    Jump: known(jump),
    Flip: known(jump),
    Select: select,
    SlopeOfSelect: slope_of_select,
}
