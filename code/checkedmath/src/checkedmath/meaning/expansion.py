r"""Decide whether a rational function is zero, with exponentials and all else as letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp

#: What the numerator may hold when it is multiplied out; beyond it nothing is claimed.
MOST_EXPANDED = 20_000


class TooLong(Exception):  # noqa: N818 - nothing went wrong
    """An expression with too many terms to multiply it out."""


class Frozen:
    r"""Replace everything that is not rational by letters, the same things by the same letters.

    Exponentials become products of powers, :math:`e^{2 x + y} = X^2 Y`, so that the laws of
    exponents are laws of fractions. Everything else, a logarithm or a sum, is a letter that is not
    looked into.

    Attributes
    ----------
    letters : dict
        What each letter stands for.
    """

    def __init__(self) -> None:
        self.letters: dict[sp.Dummy, sp.Expr] = {}
        self._of: dict[sp.Expr, sp.Dummy] = {}

    def __call__(self, x: sp.Expr) -> sp.Expr:
        """Return an expression without functions in it."""
        if x.is_Rational or isinstance(x, sp.Dummy):
            return x
        return RULES.get(x.func, Frozen._letter)(self, x)

    def _same(self, x: sp.Expr) -> sp.Expr:
        return x.func(*[self(arg) for arg in x.args])

    def _power(self, x: sp.Pow) -> sp.Expr:
        return self(x.base) ** x.exp if x.exp.is_Integer else self._letter(x)

    def _letter(self, x: sp.Expr) -> sp.Dummy:
        if x not in self._of:
            self._of[x] = sp.Dummy(f"f{len(self._of)}")
            self.letters[self._of[x]] = x
        return self._of[x]

    def _exponential(self, x: sp.Expr) -> sp.Expr:
        product = sp.Integer(1)
        for term, count in multiplied_out(x.args[0]).as_coefficients_dict().items():
            if not count.is_Integer:
                term, count = count * term, 1
            product *= self._letter(sp.exp(term)) ** count
        return product

    def thaw(self, x: sp.Expr) -> sp.Expr:
        """Put back what the letters stand for."""
        return x.xreplace(self.letters)


#: How to freeze an expression, by its outermost operation.
RULES: dict[type, Callable[[Frozen, Any], sp.Expr]] = {
    sp.Add: Frozen._same,
    sp.Mul: Frozen._same,
    sp.Pow: Frozen._power,
    sp.exp: Frozen._exponential,
}


def is_zero(x: sp.Expr) -> bool:
    """Tell whether an expression is zero as a rational function; False if that cannot be seen."""
    numerator = sp.fraction(sp.together(Frozen()(x)))[0]
    if numerator.is_number:
        return numerator == 0
    try:
        return expanded(numerator) == 0
    except TooLong:
        return False


def multiplied_out(x: sp.Expr) -> sp.Expr:
    """Return an expression with its products multiplied out, and its functions left alone.

    SymPy's own ``expand`` would turn the exponential of a sum into a product over its index.
    """
    frozen = Frozen()
    return frozen.thaw(expanded(frozen(x)))


def expanded(x: sp.Expr) -> sp.Expr:
    """Return a polynomial multiplied out.

    Raises
    ------
    TooLong
        If it would have too many terms.
    """
    if terms(x) > MOST_EXPANDED:
        raise TooLong
    return sp.expand(x)


def terms(x: sp.Expr) -> int:
    """Return a bound on the number of terms of a polynomial that is multiplied out."""
    if x.is_Add:
        return sum(terms(arg) for arg in x.args)
    if x.is_Mul:
        return _capped_product(terms(arg) for arg in x.args)
    if x.is_Pow and x.exp.is_Integer and x.exp > 0:
        return _capped_product(terms(x.base) for _ in range(min(int(x.exp), MOST_EXPANDED)))
    return 1


def _capped_product(counts: Iterable[int]) -> int:
    product = 1
    for count in counts:
        product *= count
        if product > MOST_EXPANDED:
            break
    return product
