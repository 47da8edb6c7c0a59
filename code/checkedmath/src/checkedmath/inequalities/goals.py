r"""What is to be proved: that an expression is positive, or not negative, for all its letters.

There are no hypotheses beside the domains of the letters. Where a rule knows more, that one number
is at least another, it puts in a new letter that is not negative: :math:`a = b + r`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

import sympy as sp
from sympy.printing.str import StrPrinter

from checkedmath.every_size.sums import Index
from checkedmath.meaning import expansion
from checkedmath.meaning.factoring import factors_of

#: Terms of a numerator or denominator that is taken apart into factors.
MOST_TERMS = 120
#: Powers in it.
LARGEST_POWER = 24
#: An expression that is to be positive, if true, or not negative.
Part = tuple[sp.Expr, bool]


class Goal(NamedTuple):
    """That a polynomial in some letters is positive, or not negative.

    Attributes
    ----------
    x : sympy.Expr
        The polynomial.
    poly : sympy.Poly
        The same in letters that stand for its parts.
    meaning : dict
        What these letters stand for: what is neither a number nor put together by arithmetic.
    strict : bool
        Whether zero is excluded.
    """

    x: sp.Expr
    poly: sp.Poly
    meaning: dict[sp.Symbol, sp.Expr]
    strict: bool

    def part(self, x: sp.Expr) -> Part:
        """Return another expression that is to have the same sign."""
        return self.thaw(x), self.strict

    def thaw(self, x: sp.Expr) -> sp.Expr:
        """Put back what the letters stand for."""
        return x.xreplace(self.meaning)

    def letters(self, *kinds: type) -> list[sp.Symbol]:
        """Return the letters that stand for something of some kinds."""
        return [g for g in self.poly.gens if isinstance(self.meaning[g], kinds)]

    def terms(self) -> Iterator[tuple[dict[sp.Symbol, int], sp.Rational]]:
        """Yield the terms: the powers of the letters, and a number."""
        for powers, number in self.poly.terms():
            yield {g: e for g, e in zip(self.poly.gens, powers, strict=True) if e}, number


class Factored(NamedTuple):
    """A number times powers of polynomials in some letters."""

    number: sp.Rational
    factors: list[tuple[sp.Expr, int]]
    meaning: dict[sp.Symbol, sp.Expr]


@functools.lru_cache(maxsize=4096)
def factored(x: sp.Expr) -> Factored:
    """Take a quotient apart into factors; what is below has negative powers."""
    frozen = expansion.Frozen()
    above, below = sp.fraction(sp.together(frozen(x)))
    refuse_large_powers(above, below)
    if max(map(expansion.terms, (above, below))) > MOST_TERMS:
        above, below = (expansion.expanded(each) for each in sp.fraction(sp.cancel(above / below)))
    number, factors = sp.Integer(1), []
    for each, sign in ((above, 1), (below, -1)):
        if len(sp.Add.make_args(expansion.expanded(each))) > MOST_TERMS:
            raise expansion.TooLong
        content, found = factors_of(each)
        number *= content**sign
        factors += [(factor, sign * power) for factor, power in found]
    return Factored(number, factors, dict(frozen.letters))


def refuse_large_powers(*parts: sp.Expr) -> None:
    """Refuse what would take for ever."""
    for part in parts:
        if any(
            abs(power.exp) > LARGEST_POWER for power in part.atoms(sp.Pow) if power.exp.is_Integer
        ):
            raise expansion.TooLong


def goal_of(factor: sp.Expr, meaning: dict[sp.Symbol, sp.Expr], strict: bool) -> Goal:
    """Return the goal that a polynomial in frozen letters and plain ones is positive."""
    letters = sorted(factor.free_symbols, key=lambda letter: letter.sort_key())
    known = {letter: meaning.get(letter, letter) for letter in letters}
    return Goal(factor.xreplace(known), sp.Poly(factor, *letters, domain="QQ"), known, strict)


def is_entry(x: sp.Expr) -> bool:
    """Tell whether an expression is a free number, or an entry of a free vector or matrix."""
    return isinstance(x, sp.Indexed) or (x.is_Symbol and not isinstance(x, (sp.Dummy, Index)))


class Limit(sp.Function):
    """What an expression tends to as a positive letter, which is bound, tends to zero."""

    nargs = 2
    is_extended_real = True

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """What it depends on; the letter does not count."""
        return self.args[0].free_symbols - self.args[1].free_symbols

    def _sympystr(self, printer: StrPrinter) -> str:
        """Return it as a text; SymPy takes it for its own limit, which has more parts."""
        return f"Limit({', '.join(map(printer.doprint, self.args))})"


class Letters:
    """New letters, whose names no author can write, and that an expression does not hold yet.

    The same expression is given the same letters, so that what was found for it is found again.
    """

    def number(self, x: sp.Expr, **sign: bool) -> sp.Symbol:
        """Return a letter for a real number; the sign is given in the words of SymPy."""
        return sp.Symbol(self.unused(x, "_r"), **(sign or {"real": True}))

    def more(self, x: sp.Expr, strict: bool) -> sp.Symbol:
        """Return a letter for a positive number, or for one that is not negative."""
        return self.number(x, **{"positive" if strict else "nonnegative": True})

    def index(self, size: str, x: sp.Expr) -> Index:
        """Return an index letter."""
        return Index(self.unused(x, "_i"), size)

    @staticmethod
    def unused(x: sp.Expr, head: str) -> str:
        """Return a name that does not occur."""
        names = {letter.name.partition(":")[0] for letter in x.atoms(sp.Symbol)}
        return next(name for n in itertools.count() if (name := f"{head}{n}") not in names)


def opened(x: sp.Sum, letter: Index) -> sp.Expr:
    """Return what a sum adds up, for one value of its first letter."""
    (first, _, _), *rest = x.limits
    body = x.function.xreplace({first: letter})
    return sp.Sum(body, *rest) if rest else body


def first_size(x: sp.Sum) -> str:
    """Return the size up to which the first letter of a sum runs."""
    return x.limits[0][0].size
