r"""The few functions that SymPy lacks, or has in a form that is too eager to simplify."""

from __future__ import annotations

from typing import Any, SupportsInt

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.reading.relations import COMPARISONS, holds


def code_holds(code: SupportsInt, left: Any, right: Any, rounding: Any = 0) -> bool:
    """Tell whether two numbers stand in a relation, given by its number in `COMPARISONS`."""
    return holds(COMPARISONS[int(code)], left, right, rounding)


class Largest(sp.Function):
    """The largest of some numbers; its derivative is one for the largest and zero for others."""

    is_extended_real = True

    @classmethod
    def eval(cls, *args: sp.Expr) -> sp.Expr | None:
        """Flatten, order and drop what is surely smaller."""
        flat = {each for arg in args for each in (arg.args if isinstance(arg, cls) else (arg,))}
        numbers = [each for each in flat if each.is_Rational]
        flat = (flat - set(numbers)) | ({max(numbers)} if numbers else set())
        ordered = sorted(flat, key=sp.default_sort_key)
        if len(ordered) == 1:
            return ordered[0]
        return None if ordered == list(args) else cls(*ordered)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative by one of the arguments."""
        return indicator("=", self.args[argindex - 1], self)

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
        """Return zero: the derivative of a step, away from it."""
        return sp.Integer(0)


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
        changed = [arg.diff(symbol) if n % 2 else arg for n, arg in enumerate(self.args)]
        return Select(*changed)


def indicator(relation: str, left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """Return the indicator of a relation."""
    return Indicator(sp.Integer(COMPARISONS.index(relation)), left, right)
