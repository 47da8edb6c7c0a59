"""The value of an expression at a point: exactly, or as a ball that surely holds it.

An expression is turned into a list of operations, once. No text is compiled and none evaluated.
Fractions stay fractions as long as they can. Every other number is a ball of Arb, a midpoint with
a radius that counts each rounding, so that digits which vanish widen it and never make a
difference.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq

from checkedmath.errors import FormulaError
from checkedmath.meaning.piecewise import (
    Corner,
    Flip,
    Indicator,
    Jump,
    Largest,
    Select,
    SlopeOfSelect,
)
from checkedmath.reading.relations import COMPARISONS

#: With how many bits is computed: at first, and where these do not tell.
BITS, MANY_BITS, MOST_BITS = 240, 1_400, 20_000
#: Of a fraction, in bits: what is longer goes on as a ball.
LONGEST_FRACTION = 1_000
#: Up to this exponent a power is multiplied out; beyond it, it goes by the logarithm.
MOST_FACTORS = 10**6

#: A fraction, a ball, or one of the two below; Arb has no types.
Number = Any
Operation = Callable[..., Number]
#: A number for each symbol.
Point = Mapping[sp.Symbol, Any]


class NoNumber:
    """What stands in the place of a number."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


#: Surely no number: a division by zero, the logarithm or the root of what is negative.
UNDEFINED = NoNumber("UNDEFINED")
#: A slope where there is a corner; zero times it is zero, as the slope of ``x |x|`` shows.
NO_SLOPE = NoNumber("NO_SLOPE")
#: It may be any number, or none: more bits are needed to tell.
VAGUE = arb("nan")


class Program:
    """Some expressions as one list of operations, each on results of earlier ones.

    Parameters
    ----------
    expressions : sympy.Expr
        What is to be computed.
    """

    def __init__(self, *expressions: sp.Expr) -> None:
        self.places: dict[sp.Expr, int] = {}
        self.operations: list[tuple[Operation, tuple[int, ...]]] = []
        self.results = [self.place(expression) for expression in expressions]

    @property
    def size(self) -> int:
        """The number of operations."""
        return len(self.operations)

    def place(self, expression: sp.Expr) -> int:
        """Return the place of an expression in the list, which is made longer if need be."""
        if expression not in self.places:
            arguments = tuple(self.place(arg) for arg in expression.args)
            self.places[expression] = len(self.operations)
            self.operations.append((self.rule(expression), arguments))
        return self.places[expression]

    def rule(self, expression: sp.Expr) -> Operation:
        """Return the operation that yields a number, or the outermost one of an expression."""
        return atom(expression) if expression.is_Atom else operation_of(expression)

    def run(self, point: Point, bits: int = BITS) -> list[Number]:
        """Return the values at a point.

        Parameters
        ----------
        point : dict of sympy.Symbol to sympy.Rational
            A number for each symbol.
        bits : int
            With how many bits to compute.

        Returns
        -------
        list of fmpq, arb, or NoNumber
            Fractions and balls; `UNDEFINED` where there is surely no number.
        """
        found: list[Number] = []
        with flint.ctx.workprec(bits):
            for operation, arguments in self.operations:
                inner = [found[n] for n in arguments] if arguments else [point]
                found.append(operation(*inner))
        return [found[n] for n in self.results]


@functools.lru_cache(maxsize=2048)
def program(*expressions: sp.Expr) -> Program:
    """Return the program of some expressions."""
    return Program(*expressions)


def operation_of(expression: sp.Expr) -> Operation:
    """Return the outermost operation of an expression."""
    if expression.is_Pow and expression.exp.is_Integer and abs(expression.exp) < MOST_FACTORS:
        return guarded(functools.partial(power_of_factors, int(expression.exp)))
    if expression.func not in OPERATIONS:
        raise FormulaError(f"no numbers for {expression.func.__name__}: {expression}")
    return OPERATIONS[expression.func]


def atom(expression: sp.Expr) -> Operation:
    """Return the operation that yields a number or the value of a symbol."""
    if expression.is_Rational:
        number = fmpq(int(expression.p), int(expression.q))
        is_long = number.height_bits() > LONGEST_FRACTION
        return (lambda _: arb(number)) if is_long else (lambda _: number)
    if expression in (sp.E, sp.pi):
        constant = arb.const_e if expression is sp.E else arb.pi
        return lambda _: constant()
    if expression.is_Symbol:
        return lambda point: fraction(point[expression])
    return lambda _: UNDEFINED


def fraction(x: Any) -> Number:
    """Return a fraction of SymPy as one of FLINT; a ball stays as it is."""
    return x if isinstance(x, arb) else shortened(fmpq(int(x.p), int(x.q)))


def guarded(operation: Operation) -> Operation:
    """Return an operation that is not asked where an argument is no number."""

    def operation_on_numbers(*arguments: Number) -> Number:
        for each in arguments:
            if each is UNDEFINED or each is NO_SLOPE:
                return UNDEFINED
        return operation(*arguments)

    return operation_on_numbers


def by_ball(name: str, at_zero: int) -> Operation:
    """Return a function that Arb knows; at zero its value is exact."""
    function = getattr(arb, name)

    def operation(x: Number) -> Number:
        return fmpq(at_zero) if x == 0 else function(arb(x))

    return guarded(operation)


def shortened(x: Number) -> Number:
    """Return a fraction as a ball if it has become too long."""
    return arb(x) if isinstance(x, fmpq) and x.height_bits() > LONGEST_FRACTION else x


def add(*terms: Number) -> Number:
    """Return a sum."""
    try:
        return shortened(sum(terms[1:], terms[0]))
    except TypeError:  # cheaper than to look at each number before whether it is one
        if all(not isinstance(each, NoNumber) for each in terms):
            raise
        return UNDEFINED


def multiply(*factors: Number) -> Number:
    """Return a product. Zero times a slope that is missing is zero, as both its sides are."""
    result = factors[0]
    try:
        for factor in factors[1:]:
            result = result * factor
    except TypeError:  # cheaper than to look at each number before whether it is one
        missing = {each for each in factors if isinstance(each, NoNumber)}
        if not missing:
            raise
        if UNDEFINED in missing:
            return UNDEFINED
        return fmpq(0) if any(each == 0 for each in factors if each is not NO_SLOPE) else NO_SLOPE
    return shortened(result)


def power(base: Number, exponent: Number) -> Number:
    """Return a power."""
    if isinstance(exponent, fmpq) and exponent.q == 1 and abs(exponent) < MOST_FACTORS:
        return whole_power(base, int(exponent.p))
    if base > 0:
        return arb(base) ** arb(exponent)
    if base < 0 and isinstance(exponent, fmpq) and exponent.q == 1:
        size = arb(-base) ** arb(exponent)
        return -size if exponent.p % 2 else size
    if base == 0:
        return fmpq(0) if exponent > 0 else UNDEFINED if exponent <= 0 else VAGUE
    surely_fractional = isinstance(exponent, fmpq) or not exponent.contains_integer()
    return UNDEFINED if base < 0 and surely_fractional else VAGUE


def power_of_factors(exponent: int, base: Number, _: Number) -> Number:
    """Return a power of which the exponent is known beforehand."""
    return whole_power(base, exponent)


def whole_power(base: Number, exponent: int) -> Number:
    """Return a power with a whole exponent."""
    if exponent < 0 and not (base > 0 or base < 0):
        return UNDEFINED if base == 0 else VAGUE
    if isinstance(base, fmpq) and base.height_bits() * abs(exponent) > LONGEST_FRACTION:
        base = arb(base)
    return base**exponent


def logarithm(x: Number) -> Number:
    """Return the logarithm."""
    if x > 0:
        return fmpq(0) if x == 1 else arb(x).log()
    return UNDEFINED if x <= 0 else VAGUE


def sign(x: Number) -> Number:
    """Return the slope of the absolute value, which has a corner at zero."""
    return fmpq(1) if x > 0 else fmpq(-1) if x < 0 else NO_SLOPE if x == 0 else VAGUE


def largest(*terms: Number) -> Number:
    """Return the largest of some numbers."""
    if all(isinstance(each, fmpq) for each in terms):
        return max(terms)
    result = terms[0]
    for each in terms[1:]:
        if each > result:
            result = each
        elif not (ties(each, result) or each < result):
            result = arb(result).max(arb(each))
    return result


def corner(x: Number, *others: Number) -> Number:
    """Return the slope of the largest of some numbers by the first."""
    if all(x > each for each in others):
        return fmpq(1)
    if any(x < each for each in others):
        return fmpq(0)
    certain = all(x > each or x < each or ties(x, each) for each in others)
    return NO_SLOPE if certain else VAGUE


def ties(x: Number, y: Number) -> bool:
    """Tell whether two numbers are surely equal."""
    return x is y or bool(x == y)


def compared(code: int, left: Number, right: Number) -> bool | None:
    """Tell whether a relation holds, given by its number in `COMPARISONS`; None if unsure."""
    relation = COMPARISONS[code]
    if left is right or left == right:
        return relation in ("=", r"\le", r"\ge")
    for holds_if_less, order in ((True, left < right), (False, left > right)):
        if order:
            below = relation in ("<", r"\le")
            return relation == r"\ne" or (relation != "=" and below == holds_if_less)
    if (relation == r"\le" and left <= right) or (relation == r"\ge" and left >= right):
        return True
    return None


def indicator(code: Number, left: Number, right: Number) -> Number:
    """Return one if a relation holds, zero if not."""
    found = compared(int(code.p), left, right)
    return VAGUE if found is None else fmpq(int(found))


def jump(left: Number, right: Number, *_: Number) -> Number:
    """Return the slope of a step: zero, but at the step there is none."""
    return UNDEFINED if ties(left, right) else fmpq(0) if left != right else VAGUE


def flip(left: Number, right: Number) -> Number:
    """Return the slope of a sign: zero, but at zero there is none."""
    return NO_SLOPE if ties(left, right) else fmpq(0) if left != right else VAGUE


def select(*parts: Number) -> Number:
    """Return the value behind the first indicator that is one."""
    for condition, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(condition, fmpq):
            return UNDEFINED if isinstance(condition, NoNumber) else VAGUE
        if condition == 1:
            return value
    return UNDEFINED


def slope_of_select(*parts: Number) -> Number:
    """Return the slope of the case that applies, unless its border to the next makes a corner."""
    cases = list(zip(*(parts[n::5] for n in range(5)), strict=True))
    met = []
    for code, left, right, value, slope in cases:
        if isinstance(left, NoNumber) or isinstance(right, NoNumber):
            return UNDEFINED
        applies = compared(int(code.p), left, right)
        if applies is None:
            return VAGUE
        at_border = ties(left, right)
        if applies or at_border:
            met.append((value, slope))
        if applies and not at_border:
            break
    return joined(met)


def joined(met: list[tuple[Number, Number]]) -> Number:
    """Return the slope of cases that meet at a point, if all values and all slopes agree."""
    if not met:
        return UNDEFINED
    for one, other in itertools.pairwise(met):
        for x, y in zip(one, other, strict=True):
            if isinstance(x, NoNumber) or isinstance(y, NoNumber) or x < y or x > y:
                return NO_SLOPE
    return met[0][1]


OPERATIONS: dict[type, Operation] = {
    sp.Add: add,
    sp.Mul: multiply,
    sp.Pow: guarded(power),
    sp.exp: by_ball("exp", at_zero=1),
    sp.tanh: by_ball("tanh", at_zero=0),
    sp.sin: by_ball("sin", at_zero=0),
    sp.cos: by_ball("cos", at_zero=1),
    sp.log: guarded(logarithm),
    sp.Abs: guarded(abs),
    sp.sign: guarded(sign),
    Largest: guarded(largest),
    Corner: guarded(corner),
    Indicator: guarded(indicator),
    Jump: guarded(jump),
    Flip: guarded(flip),
    Select: select,
    SlopeOfSelect: slope_of_select,
}


def value(expression: sp.Expr, point: Point, bits: int = BITS) -> Number:
    """Return the value of an expression at a point."""
    return program(expression).run(point, bits)[0]


def is_number(x: Number) -> bool:
    """Tell whether a value is known to some digits."""
    return not isinstance(x, NoNumber) and (not isinstance(x, arb) or x.is_finite())


def as_text(x: Number, digits: int = 12) -> str:
    """Return a value as a text, with ``e`` and a power of ten if it has more digits."""
    if not is_number(x):
        return "undefined" if isinstance(x, NoNumber) else "unknown"
    with flint.ctx.workprec(4 * digits + 40):
        text = arb(fraction(x)).mid().str(digits, radius=False)
    mantissa, e, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent
