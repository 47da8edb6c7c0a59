"""The value of an expression at a point, to many digits.

An expression is turned into a list of operations, once. No text is compiled and none evaluated.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.meaning.piecewise import Indicator, Largest, Select, code_holds

DIGITS = 40
WORKING_DIGITS = 70
#: For limits, and to make sure of a counter-example.
MANY_DIGITS = 400
#: For points far out, where much cancels.
MOST_DIGITS = 6000
#: Of exponents and arguments, in bits: beyond it a number is too large to be looked at.
LARGEST_EXPONENT = 2_000
LARGE_ARGUMENT = 30
#: Up to this exponent a power is multiplied out; beyond it, it goes by the logarithm.
MOST_FACTORS = 10**6

#: A number to so many digits, and where it is computed; mpmath has no types.
Number = Any
Context = Any
Operation = Callable[..., Number]
#: A number for each symbol.
Point = dict[sp.Symbol, sp.Rational]

CONTEXTS: dict[int, Context] = {}
for _digits in (WORKING_DIGITS, MANY_DIGITS, MOST_DIGITS):
    CONTEXTS[_digits] = mpmath.MPContext()
    CONTEXTS[_digits].dps = _digits


class Program:
    """An expression as a list of operations, each on results of earlier ones."""

    def __init__(self, expression: sp.Expr) -> None:
        self.places: dict[sp.Expr, int] = {}
        self.operations: list[tuple[Operation, tuple[int, ...]]] = []
        self.result = self.place(expression)

    @property
    def size(self) -> int:
        """The number of operations."""
        return len(self.operations)

    def place(self, expression: sp.Expr) -> int:
        """Return the place of an expression in the list, which is made longer if need be."""
        if expression not in self.places:
            arguments = tuple(self.place(arg) for arg in expression.args)
            operation = atom(expression) if expression.is_Atom else operation_of(expression)
            self.places[expression] = len(self.operations)
            self.operations.append((operation, arguments))
        return self.places[expression]

    def run(self, point: Point, digits: int = WORKING_DIGITS) -> Number:
        """Return the value at a point; not a number where there is none.

        Parameters
        ----------
        point : dict of sympy.Symbol to sympy.Rational
            A number for each symbol.
        digits : int
            With how many digits to compute.
        """
        context = CONTEXTS[digits]
        results: list[Number] = []
        for operation, arguments in self.operations:
            if arguments:
                results.append(operation(context, *[results[n] for n in arguments]))
            else:
                results.append(operation(context, point))
        return results[self.result]


@functools.lru_cache(maxsize=2048)
def program(expression: sp.Expr) -> Program:
    """Return the program of an expression."""
    return Program(expression)


def operation_of(expression: sp.Expr) -> Operation:
    """Return the outermost operation of an expression."""
    if expression.func not in OPERATIONS:
        raise FormulaError(f"no numbers for {expression.func.__name__}: {expression}")
    return OPERATIONS[expression.func]


def atom(expression: sp.Expr) -> Operation:
    """Return the operation that yields a number or the value of a symbol."""
    if expression.is_Rational:
        return lambda context, point: context.mpf(expression.p) / expression.q
    if expression in (sp.E, sp.pi):
        return lambda context, point: +(context.e if expression is sp.E else context.pi)
    if expression.is_Symbol:
        return lambda context, point: context.mpf(point[expression].p) / point[expression].q
    return lambda context, point: context.nan


def add(context: Context, *terms: Number) -> Number:
    """Return a sum."""
    return sum(terms[1:], terms[0])


def multiply(context: Context, *factors: Number) -> Number:
    """Return a product."""
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def power(context: Context, base: Number, exponent: Number) -> Number:
    """Return a power; not a number where there is none, or where it is beyond measure."""
    if not has_power(context, base, exponent) or is_beyond_measure(context, base, exponent):
        return context.nan
    by_factors = context.isint(exponent) and abs(exponent) < MOST_FACTORS
    return base ** (int(exponent) if by_factors else exponent)


def has_power(context: Context, base: Number, exponent: Number) -> bool:
    """Tell whether a power is a number: no root of a negative number, no division by zero."""
    if context.isnan(base) or context.isnan(exponent):
        return False
    if base == 0:
        return exponent > 0
    return base > 0 or context.isint(exponent)


def is_beyond_measure(context: Context, base: Number, exponent: Number) -> bool:
    """Tell whether a power has more digits than can be counted in a reasonable time."""
    if base == 0 or exponent == 0 or context.isinf(base):
        return False
    return context.mag(exponent) + context.mag(max(1, abs(context.mag(base)))) > LARGEST_EXPONENT


def exponential(context: Context, x: Number) -> Number:
    """Return the exponential; infinite or zero where its exponent is beyond measure."""
    if not context.isfinite(x) or x == 0 or context.mag(x) <= LARGE_ARGUMENT:
        return context.exp(x)
    if context.mag(x) > LARGEST_EXPONENT:
        return context.inf if x > 0 else context.zero
    with context.extraprec(context.mag(x) + 10):  # as a power of two, far faster than mpmath's own
        twos = int(context.nint(x / context.ln2))
        rest = context.exp(x - twos * context.ln2)
    return +context.ldexp(rest, twos)


def logarithm(context: Context, x: Number) -> Number:
    """Return the logarithm; not a number for what is not positive."""
    return context.log(x) if x > 0 else context.nan


def wave(name: str) -> Operation:
    """Return a sine or cosine."""

    def operation(context: Context, x: Number) -> Number:
        usable = context.isfinite(x) and (x == 0 or context.mag(x) < LARGEST_EXPONENT)
        return getattr(context, name)(x) if usable else context.nan

    return operation


def largest(context: Context, *terms: Number) -> Number:
    """Return the largest of some numbers."""
    return context.nan if any(map(context.isnan, terms)) else max(terms)


def holds(context: Context, code: Number, left: Number, right: Number) -> Number:
    """Return one if a relation holds, zero if not; what differs by rounding only is equal."""
    if context.isnan(left) or context.isnan(right):
        return context.nan
    slack = context.mpf(10) ** -(3 * context.dps // 4) * (1 + abs(left))
    return context.mpf(code_holds(code, left, right, slack))


def select(context: Context, *parts: Number) -> Number:
    """Return the value behind the first indicator that is one."""
    for condition, value in zip(parts[::2], parts[1::2], strict=True):
        if condition == 1:
            return value
    return context.nan


def step(context: Context, x: Number, *middle: Number) -> Number:
    """Return the step function."""
    return context.nan if context.isnan(x) else context.mpf((1 + context.sign(x)) / 2)


OPERATIONS: dict[type, Operation] = {
    sp.Add: add,
    sp.Mul: multiply,
    sp.Pow: power,
    sp.exp: exponential,
    sp.log: logarithm,
    sp.Abs: lambda context, x: abs(x),
    sp.sign: lambda context, x: context.sign(x),
    sp.tanh: lambda context, x: context.tanh(x),
    sp.sin: wave("sin"),
    sp.cos: wave("cos"),
    sp.Heaviside: step,
    sp.DiracDelta: lambda context, *x: context.zero,
    Largest: largest,
    Indicator: holds,
    Select: select,
}


def value(expression: sp.Expr, point: Point, digits: int = WORKING_DIGITS) -> Number:
    """Return the value of an expression at a point."""
    return program(expression).run(point, digits)


def is_number(x: Number) -> bool:
    """Tell whether a value is a finite real number."""
    return bool(mpmath.isfinite(x))


def as_text(x: Number, digits: int = 12) -> str:
    """Return a value as a text."""
    return "undefined" if mpmath.isnan(x) else mpmath.nstr(x, digits).removesuffix(".0")
