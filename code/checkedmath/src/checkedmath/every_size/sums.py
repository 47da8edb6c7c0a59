r"""Sums whose size is a letter, in a normal form that two equal sums share.

An expression is a SymPy expression whose atoms are letters, entries ``z[k]``, Kronecker deltas and
sums. In normal form a sum runs over a product that does not fall apart: :math:`\sum_k (c x_k + 1)`
becomes :math:`c \sum_k x_k + K`, a delta is used up, :math:`\sum_k \sum_l x_k y_l` becomes
:math:`\sum_k x_k \cdot \sum_k y_k`, and the entries of a distribution add up to one. Every rule
holds for all sizes, so what it proves it proves for all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import sympy as sp
from sympy import KroneckerDelta

from checkedmath.meaning import expansion
from checkedmath.meaning.factoring import factored

#: Limits of the work on one expression; beyond them nothing is claimed.
MOST_SUMMANDS = 400
MOST_BOUND = 5
MOST_FACTORED = 40


#: Two index letters, and whether they agree.
Pair = tuple["Index", "Index", bool]
#: What to put in the place of an entry.
Meaning = Callable[[sp.Expr], sp.Expr]


class Unproved(Exception):  # noqa: N818 - nothing went wrong
    """A step that these rules cannot decide."""


class Index(sp.Symbol):
    """An index letter that knows how far it runs: the name of its size."""

    __slots__ = ("size",)

    def __new__(cls, name: str, size: str) -> Index:
        """Make an index letter; two of the same name and size are equal."""
        letter = sp.Symbol.__xnew__(cls, f"{name}:{size}", integer=True, positive=True)
        letter.size = size
        return letter


class Unit(sp.Symbol):
    """A number between zero and one."""


class Size(sp.Symbol):
    """A number of classes or the like: two, or more."""


def size(name: str) -> Size:
    """Return the letter that stands for a size."""
    return Size(name, integer=True, positive=True)


def fresh_names() -> Iterator[str]:
    """Return an iterator of names that no author can write."""
    return (f"_{n}" for n in itertools.count())


class Sums:
    """The rules, for letters of which some are distributions.

    Parameters
    ----------
    simplexes : set of str
        The letters whose last index runs over entries that add up to one.
    fresh : iterator of str, optional
        Names of index letters that nothing else uses.
    """

    def __init__(self, simplexes: Iterable[str] = (), fresh: Iterator[str] | None = None) -> None:
        self.simplexes = frozenset(simplexes)
        self.fresh = fresh or fresh_names()

    def letter(self, name: str) -> Index:
        """Return an index letter that nothing else uses."""
        return Index(next(self.fresh), name)

    def normal(self, x: sp.Expr, meaning: Meaning | None = None) -> sp.Expr:
        """Return the normal form of an expression, with entries replaced by their meaning."""
        if isinstance(x, sp.Sum):
            return self.reopened(x, meaning)
        if isinstance(x, sp.Lambda):
            (letter,), body = x.variables, x.expr
            new = self.letter(letter.size)
            return function_of(self.normal(body.xreplace({letter: new}), meaning), new)
        if x.is_Atom or isinstance(x, sp.Indexed):
            return meaning(x) if meaning else x
        return self.built(x.func, [self.normal(arg, meaning) for arg in x.args])

    def built(self, function: Callable[..., sp.Expr], parts: list[sp.Expr]) -> sp.Expr:
        """Return the normal form of a function of what is in normal form."""
        return NORMAL.get(function, function)(*parts)

    def reopened(self, x: sp.Sum, meaning: Meaning | None = None) -> sp.Expr:
        """Return the normal form of a sum, built anew from the inside."""
        fresh = {old: self.letter(old.size) for old, _, _ in x.limits}
        body = self.normal(x.function.xreplace(fresh), meaning)
        for letter in fresh.values():
            body = self.sum(body, letter)
        return body

    def sum(self, body: sp.Expr, letter: Index) -> sp.Expr:
        """Return the sum of an expression in normal form over a letter."""
        return sp.Add(*[self._sum_of_product(term, letter) for term in _terms(body)])

    def _sum_of_product(self, term: sp.Expr, letter: Index) -> sp.Expr:
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, KroneckerDelta) and factor.has(letter):
                other = next(arg for arg in factor.args if arg != letter)
                return self.normal((term / factor).xreplace({letter: other}))
        factors, bound = self._opened(sp.Mul.make_args(term), letter)
        if len(bound) > MOST_BOUND:
            raise Unproved("too many sums within one another")
        return sp.Mul(*[self._component(*part) for part in _components(factors, bound)])

    def _opened(
        self, factors: Iterable[sp.Expr], letter: Index
    ) -> tuple[list[sp.Expr], list[Index]]:
        """Take the signs of the sums that depend on a letter away from their bodies."""
        found: list[sp.Expr] = []
        bound = [letter]
        for factor in factors:
            base, exponent = factor.as_base_exp()
            is_sum = isinstance(base, sp.Sum) and base.has(letter)
            if not (is_sum and exponent.is_Integer and exponent > 0):
                found.append(factor)
                continue
            for _ in range(int(exponent)):
                fresh = {old: self.letter(old.size) for old, _, _ in base.limits}
                bound += fresh.values()
                found += sp.Mul.make_args(base.function.xreplace(fresh))
        return found, bound

    def _component(self, factors: Iterable[sp.Expr], bound: Iterable[Index]) -> sp.Expr:
        """Return the sum of a product that hangs together over all its letters."""
        factors, bound = list(sp.Mul.make_args(sp.Mul(*factors))), list(bound)
        counted = sp.Integer(1)
        for letter in list(bound):
            with_it = [factor for factor in factors if factor.has(letter)]
            if not with_it:
                bound.remove(letter)
                counted *= size(letter.size)
            elif len(with_it) == 1 and self._adds_to_one(with_it[0], letter):
                bound.remove(letter)
                factors.remove(with_it[0])
        product = sp.Mul(*factors)
        if not bound:
            return counted * product
        if any(not product.has(letter) for letter in bound):
            return counted * self._component(factors, bound)
        return counted * _named(product, bound)

    def _adds_to_one(self, factor: sp.Expr, letter: Index) -> bool:
        return (
            isinstance(factor, sp.Indexed)
            and str(factor.base.label) in self.simplexes
            and factor.indices[-1] == letter
            and letter not in factor.indices[:-1]
        )

    def is_zero(
        self, x: sp.Expr, letters: Iterable[Index] = (), pairs: Collection[Pair] = ()
    ) -> bool:
        """Tell whether an expression is zero for all values of some free index letters."""
        return all(expansion.is_zero(each) for each in self.settled(x, letters, pairs))

    def settled(
        self, x: sp.Expr, letters: Iterable[Index] = (), pairs: Collection[Pair] = ()
    ) -> Iterator[sp.Expr]:
        """Yield an expression for each way in which some free index letters may agree.

        Of each of the pairs ``(one, other, agree)`` it is known whether the two letters agree.
        """
        letters = list(letters)
        for merged in _partitions(letters):
            if any((merged.get(a, a) == merged.get(b, b)) != agree for a, b, agree in pairs):
                continue
            value = self.normal(self.normal(x.xreplace(merged)))
            if any(d.free_symbols - set(letters) for d in value.atoms(KroneckerDelta)):
                raise Unproved("a delta of a letter that an extreme runs over")
            yield value.replace(KroneckerDelta, lambda a, b: sp.Integer(a == b))


def delta(one: Any, other: Any) -> sp.Expr:
    """Return one if two indices agree and zero if not."""
    if not (isinstance(one, Index) and isinstance(other, Index) and one.size == other.size):
        raise Unproved("a delta of two kinds of index")
    return KroneckerDelta(one, other)


def exponential(x: sp.Expr) -> sp.Expr:
    """Return the exponential of a sum as a product."""
    return sp.Mul(*[sp.exp(term) for term in sp.Add.make_args(expansion.multiplied_out(x))])


def logarithm(x: sp.Expr) -> sp.Expr:
    r"""Return the logarithm of a product as a sum, :math:`\log(P R) = \log P + \log R`.

    Only what is surely positive is taken out, or the rule would be false for some sizes.
    """
    frozen = expansion.Frozen()
    quotient = sp.together(frozen(x))
    if max(map(expansion.terms, sp.fraction(quotient))) <= MOST_FACTORED:
        quotient = factored(quotient)
    coefficient, factors = quotient.as_coeff_mul()
    rest = sp.Integer(1)
    total: list[sp.Expr] = []
    for factor in (coefficient, *factors):
        base, power = frozen.thaw(factor).as_base_exp()
        if is_positive(base) and _is_real(power):
            total.append(power * sp.log(base))
        else:
            rest *= base**power
    if rest != 1:
        total.append(sp.log(rest))
    return expansion.multiplied_out(sp.Add(*total))


def is_positive(x: sp.Expr) -> bool:
    """Tell whether an expression is surely a positive number, whatever the sizes."""
    if x.func in POSITIVE:
        return POSITIVE[x.func](x)
    return (x.is_Atom or isinstance(x, sp.Indexed)) and x.is_positive is True


def _is_positive_sum(x: sp.Expr) -> bool:
    """Tell whether a sum is: of positive terms, of one and less than one, or of sizes less one."""
    if len(x.args) == 2 and x.args[0] == 1 and isinstance(-x.args[1], Unit):
        return True
    shifted = x.xreplace({letter: letter + 1 for letter in x.atoms(Size)})
    return all(is_positive(term) for term in sp.Add.make_args(shifted))


def _is_real(x: sp.Expr) -> bool:
    """Tell whether an expression is surely a real number: all letters are."""
    roots = [power.base for power in x.atoms(sp.Pow) if not power.exp.is_Integer]
    return all(is_positive(base) for base in [*(log.args[0] for log in x.atoms(sp.log)), *roots])


#: When an expression is surely positive, by its outermost operation.
POSITIVE: dict[type, Callable[[Any], bool]] = {
    sp.exp: lambda x: _is_real(x.args[0]),
    sp.Sum: lambda x: is_positive(x.function),
    sp.Pow: lambda x: is_positive(x.base) and _is_real(x.exp),
    sp.Mul: lambda x: all(map(is_positive, x.args)),
    sp.Add: _is_positive_sum,
}
#: Functions whose normal form is another one than that of SymPy.
NORMAL: dict[Callable[..., sp.Expr], Callable[..., sp.Expr]] = {
    KroneckerDelta: delta,
    sp.log: logarithm,
    sp.exp: exponential,
}


def depends_on_size(x: sp.Expr) -> bool:
    """Tell whether an expression may be one thing at some sizes and another at others."""
    return x.has(sp.Sum, sp.Lambda, KroneckerDelta, Size)


def _terms(x: sp.Expr) -> list[sp.Expr]:
    """Return the terms of an expression with its products multiplied out, denominators apart."""
    frozen = expansion.Frozen()
    below: dict[sp.Expr, sp.Dummy] = {}

    def protected(power: sp.Pow) -> sp.Expr:
        return below.setdefault(power.base, sp.Dummy()) ** power.exp

    flat = frozen(x).replace(lambda p: p.is_Pow and p.base.is_Add and p.exp.is_negative, protected)
    back = {letter: base for base, letter in below.items()}
    terms = sp.Add.make_args(expansion.expanded(flat))
    if len(terms) > MOST_SUMMANDS:
        raise Unproved("too many terms")
    return [term for each in terms for term in _linear(frozen.thaw(each.xreplace(back)))]


def _linear(term: sp.Expr) -> list[sp.Expr]:
    """Return terms in which deltas are factors only: f(d) = f(0) + d (f(1) - f(0))."""
    for d in sorted(term.atoms(KroneckerDelta), key=str):
        rest = sp.Mul(*[f for f in sp.Mul.make_args(term) if f.as_base_exp()[0] != d])
        power = (term / rest).as_base_exp()[1]
        if rest.has(d):
            off, on = (term.xreplace({d: sp.Integer(value)}) for value in (0, 1))
            return [*_terms(off), *_terms(d * on), *_terms(-d * off)]
        if power.is_negative or term.has(sp.zoo, sp.nan):
            raise Unproved("a division by a delta")
        term = rest * d if power else rest
    return [term]


def _components(
    factors: list[sp.Expr], bound: list[Index]
) -> list[tuple[list[sp.Expr], list[Index]]]:
    """Split a product into parts that share no summation letter: first what has none at all."""
    free: list[sp.Expr] = []
    parts: list[tuple[list[sp.Expr], list[Index]]] = [([], [letter]) for letter in bound]
    for factor in factors:
        touched = [part for part in parts if any(factor.has(letter) for letter in part[1])]
        if not touched:
            free.append(factor)
            continue
        parts = [part for part in parts if part not in touched]
        with_it = [each for part in touched for each in part[0]]
        parts.append(([factor, *with_it], [letter for part in touched for letter in part[1]]))
    return [(free, []), *parts]


def _named(product: sp.Expr, bound: list[Index]) -> sp.Sum:
    """Return a sum with names for its letters that depend on nothing but what it sums."""
    height = _height(product)
    candidates = []
    for order in itertools.permutations(bound):
        names = [Index(f"={height}.{place}", old.size) for place, old in enumerate(order)]
        renamed = product.xreplace(dict(zip(order, names, strict=True)))
        candidates.append((str(renamed), names, renamed))
    _, names, renamed = min(candidates, key=lambda candidate: candidate[0])
    return sp.Sum(renamed, *[(name, 1, size(name.size)) for name in names])


def function_of(x: sp.Expr, letter: Index) -> sp.Lambda:
    """Return an expression as a function of an index letter, whose name then does not matter."""
    name = Index(f"={_height(x)}.0", letter.size)
    return sp.Lambda(name, x.xreplace({letter: name}))


def _height(x: sp.Expr) -> int:
    """Return how deep the sums in an expression go: one more for each that holds another."""
    bound = [inner.variables[0] for inner in x.atoms(sp.Sum, sp.Lambda)]
    return 1 + max((int(name.name[1:].split(".")[0]) for name in bound), default=0)


def _partitions(letters: list[Index]) -> Iterator[dict[Index, Index]]:
    """Yield, for each way in which index letters may agree, what to replace by what."""
    if not letters:
        yield {}
        return
    *others, last = letters
    for merged in _partitions(others):
        yield merged
        for other in others:
            if other not in merged and other.size == last.size:
                yield {**merged, last: other}
