r"""The few functions that SymPy lacks, or has in a form that is too eager to simplify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsInt

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.reading.relations import COMPARISONS, holds


def code_holds(code: SupportsInt, left: Any, right: Any, rounding: Any = 0) -> bool:
    """Tell whether two numbers stand in a relation, given by its number in `COMPARISONS`."""
    return holds(COMPARISONS[int(code)], left, right, rounding)


class Largest(sp.Function):
    """The largest of some numbers."""

    is_extended_real = True

    @classmethod
    def eval(cls, *args: sp.Expr) -> sp.Expr | None:
        """Flatten, order and drop what is surely smaller."""
        flat = {each for arg in args for each in (arg.args if isinstance(arg, cls) else (arg,))}
        if sp.nan in flat:
            return sp.nan
        numbers = [each for each in flat if each.is_Rational]
        flat = (flat - set(numbers)) | ({max(numbers)} if numbers else set())
        ordered = sorted(flat, key=sp.default_sort_key)
        if len(ordered) == 1:
            return ordered[0]
        return None if ordered == list(args) else cls(*ordered)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative by one of the arguments."""
        others = [arg for n, arg in enumerate(self.args) if n != argindex - 1]
        return Corner(self.args[argindex - 1], *others)

    def _eval_is_positive(self) -> bool | None:
        return True if any(arg.is_positive for arg in self.args) else None


class Indicator(sp.Function):
    """One where a relation holds, and zero elsewhere; SymPy keeps the relation by its number."""

    nargs = 3
    is_extended_real = True

    @classmethod
    def eval(cls, code: sp.Integer, left: sp.Expr, right: sp.Expr) -> sp.Integer | None:
        """Decide what is plain."""
        if left == right:
            return sp.Integer(code_holds(code, 0, 0))
        if left.is_Rational and right.is_Rational:
            return sp.Integer(bool(code_holds(code, left, right)))
        return None

    def fdiff(self, _argindex: int = 1) -> sp.Expr:
        """Return the derivative of a step, which is not that of a step by another relation."""
        return Jump(*self.args[1:], self.args[0])


class Corner(sp.Function):
    """The slope of the largest of some numbers by the first of them; none where others tie."""

    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative of a step."""
        others = self.args[1:] if argindex == 1 else self.args[argindex - 1 : argindex]
        return sp.Add(*[Jump(self.args[0], other) for other in others])


class Jump(sp.Function):
    """The slope of a step where two numbers part: zero, and none where they are equal.

    That of an indicator has the number of its relation, so that two of them do not cancel.
    """

    nargs = (2, 3)
    is_extended_real = True

    @classmethod
    def eval(cls, left: sp.Expr, right: sp.Expr, code: sp.Integer | None = None) -> sp.Expr | None:
        """Decide what is plain; of an indicator numbers alone, for a domain may end at its step."""
        gap = left - right
        plain = gap.is_number if code is not None else True
        return sp.Integer(0) if plain and gap.is_nonzero else None

    def fdiff(self, _argindex: int = 1) -> sp.Expr:
        """Return the derivative, which is missing where the slope is."""
        return self


class Flip(Jump):
    """The slope of a sign, at zero none: zero times it is zero, as nothing else steps there."""

    def fdiff(self, _argindex: int = 1) -> sp.Expr:
        """Return the derivative, which is missing also where a factor is zero."""
        return Jump(*self.args)


class Select(sp.Function):
    """The value that stands behind the first indicator that is one."""

    is_extended_real = True

    @classmethod
    def eval(cls, *args: sp.Expr) -> sp.Expr | None:
        """Drop the cases that do not apply."""
        pairs = [(i, v) for i, v in zip(args[::2], args[1::2], strict=True) if i != 0]
        if not pairs:
            raise FormulaError("no case applies")
        if pairs[0][0] == 1:
            return pairs[0][1]
        return None if 2 * len(pairs) == len(args) else cls(*[x for pair in pairs for x in pair])

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        parts: list[sp.Expr] = []
        for condition, value in zip(self.args[::2], self.args[1::2], strict=True):
            parted = condition.args if isinstance(condition, Indicator) else ALWAYS
            parts += [*parted, value, value.diff(symbol)]
        return SlopeOfSelect(*parts)


class SlopeOfSelect(sp.Function):
    """The slope of a `Select`: for each case its relation, the value, and the slope of that."""

    is_extended_real = True

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        parts = list(self.args)
        for n in range(3, len(parts), 5):
            parts[n : n + 2] = parts[n + 1], parts[n + 1].diff(symbol)
        return SlopeOfSelect(*parts)


#: A relation that holds: the last case.
ALWAYS = (sp.Integer(COMPARISONS.index("<")), sp.Integer(0), sp.Integer(1))


def gap_of_step(x: sp.Expr) -> sp.Expr | None:
    """Return what is zero just where a slope at a corner is missing, or None if it is no such."""
    if isinstance(x, Corner):
        return x.args[0] - Largest(*x.args[1:])
    if isinstance(x, Jump):
        return x.args[0] - x.args[1]
    return x.args[0] if isinstance(x, sp.sign) else None


def is_jump(x: sp.Expr) -> bool:
    """Tell whether a step in a slope is that of a value which jumps, and no factor can heal."""
    return isinstance(x, Jump) and not isinstance(x, Flip)


def parts_there(slope: SlopeOfSelect, places: Mapping[sp.Symbol, sp.Expr]) -> bool:
    """Tell whether cases with different values meet just at some places."""
    codes = range(0, len(slope.args), 5)
    borders = (slope.args[n + 1] - slope.args[n + 2] for n in codes)
    values = {slope.args[n + 3].xreplace(places) for n in codes}
    return len(values) > 1 and any(gap.xreplace(places) == 0 for gap in borders)


def indicator(relation: str, left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """Return the indicator of a relation."""
    return Indicator(sp.Integer(COMPARISONS.index(relation)), left, right)


def are_exclusive(one: sp.Expr, other: sp.Expr) -> bool:
    r"""Tell whether two indicators compare the same numbers, in ways that exclude each other.

    >>> x, y = sp.symbols("x y", real=True)
    >>> are_exclusive(indicator("<", x, y), indicator("<", y, x))
    True
    >>> are_exclusive(indicator("<", x, y), indicator(r"\le", x, y))
    False
    """
    if not (isinstance(one, Indicator) and isinstance(other, Indicator)):
        return False
    gaps = [each.args[1] - each.args[2] for each in (one, other)]
    ways = [sign for sign in (1, -1) if gaps[0] == sign * gaps[1]]
    return any(
        not any(
            code_holds(one.args[0], sign, 0) and code_holds(other.args[0], way * sign, 0)
            for sign in (-1, 0, 1)
        )
        for way in ways
    )
