r"""Rules for sums whose size is a letter: term by term, one entry, convexity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import sympy as sp

from checkedmath.every_size.sums import Index, Size, size
from checkedmath.inequalities.goals import Goal, first_size, opened
from checkedmath.inequalities.search import Alternatives, Search
from checkedmath.meaning.factoring import factored


def term_by_term(search: Search, goal: Goal) -> Alternatives:
    """Make one sum of those over the same index, all of whose terms have the wanted sign."""
    sums = goal.letters(sp.Sum)
    for first in sums:
        name = first_size(goal.meaning[first])
        alike = [letter for letter in sums if first_size(goal.meaning[letter]) == name]
        alike += [g for g in goal.letters(Size) if goal.meaning[g] == size(name)]
        order = [first, *(letter for letter in alike if letter != first)]
        k = search.new.index(name, goal.x)
        term, rest = collected(goal, order, k)
        if rest == 0:
            yield [(term, goal.strict)]
            continue
        yield [(term, False), (rest, goal.strict)]
        yield [(term, goal.strict), (rest, False)]
        for share in [*shares(search, term, k), 1 / size(name)]:
            yield [(term + rest * share, goal.strict)]


def collected(goal: Goal, order: list[sp.Symbol], k: Index) -> tuple[sp.Expr, sp.Expr]:
    """Return one term of what can be written as a single sum, and what is left."""
    term, rest = sp.Integer(0), sp.Integer(0)
    for powers, number in goal.terms():
        product = number * sp.Mul(*[letter**power for letter, power in powers.items()])
        chosen = next((letter for letter in order if letter in powers), None)
        if chosen is None:
            rest += goal.thaw(product)
            continue
        x = goal.meaning[chosen]
        entry = opened(x, k) if isinstance(x, sp.Sum) else sp.Integer(1)
        term += goal.thaw(product / chosen) * entry
    return term, rest


def shares(search: Search, term: sp.Expr, k: Index) -> Iterator[sp.Expr]:
    """Yield the entries of distributions in a term that add up to one over its index."""
    for x in sorted(term.atoms(sp.Indexed), key=sp.default_sort_key):
        if search.is_share(x) and x.indices[-1] == k and k not in x.indices[:-1]:
            yield x


def entry(search: Search, goal: Goal) -> Alternatives:
    """Put one entry, and more, for a sum of what is not negative."""
    for letter in goal.letters(sp.Sum):
        x = goal.meaning[letter]
        body = search.body(x)
        for index in search.places(goal.x, first_size(x)):
            for strict in (True, False):
                more = search.new.more(goal.x, strict) + opened(x, index)
                smaller = goal.poly.as_expr().xreplace({letter: more})
                yield [(body, strict), goal.part(smaller)]


# -- convexity


def convexity(search: Search, goal: Goal) -> Alternatives:
    r"""Use Jensen, :math:`\sum_k w_k g_k \ge -W \log(\sum_k w_k e^{-g_k} / W)`."""
    for letter in goal.letters(sp.Sum) if goal.x.has(sp.log) else ():
        x = goal.meaning[letter]
        k = search.new.index(first_size(x), goal.x)
        for weight, total in weights(search, goal, opened(x, k), k):
            for only_logarithms in (False, True):
                group = grouped(goal, k, weight, only_logarithms)
                if group:
                    yield from jensen(search, goal, k, weight, total, group)


def weights(
    search: Search, goal: Goal, body: sp.Expr, k: Index
) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """Yield the weights that a term may have, with the letter or number that they add up to."""
    for share in shares(search, body, k):
        yield share, sp.Integer(1)
    for letter in goal.letters(sp.Sum):
        x = goal.meaning[letter]
        if len(x.limits) == 1 and first_size(x) == k.size:
            yield opened(x, k), letter


def grouped(
    goal: Goal, k: Index, weight: sp.Expr, only_logarithms: bool
) -> dict[sp.Symbol, sp.Expr]:
    """Return what each sum with a weight contributes to what is averaged, times its number."""
    group = {}
    for letter in goal.letters(sp.Sum):
        x = goal.meaning[letter]
        if first_size(x) != k.size or len(x.limits) > 1:
            continue
        averaged = sp.cancel(opened(x, k) / weight)
        powers = sp.Poly(goal.poly.as_expr(), letter).all_coeffs()
        fits = averaged.has(sp.log) if only_logarithms else not averaged.has(sp.exp, sp.Abs)
        if len(powers) == 2 and powers[0].is_Rational and fits:
            group[letter] = powers[0] * averaged
    return group


def jensen(
    search: Search,
    goal: Goal,
    k: Index,
    weight: sp.Expr,
    total: sp.Expr,
    group: dict[sp.Symbol, sp.Expr],
) -> Alternatives:
    """Yield the goal with the weighted sums replaced by what Jensen's inequality leaves of them."""
    scale = content(sp.Poly(goal.poly.as_expr(), letter).LC() for letter in group)
    averaged = sp.expand(sp.Add(*group.values()) / scale)
    tilted = search.sums.normal(weight * sp.exp(-averaged))
    inner = search.sums.sum(tilted, k) / goal.thaw(total)
    bound = -scale * goal.thaw(total) * sp.log(inner)
    rest = goal.thaw(goal.poly.as_expr().xreplace(dict.fromkeys(group, sp.Integer(0))))
    yield [(weight, True), (goal.thaw(total), True), (rest + bound, goal.strict)]


def content(numbers: Iterable[sp.Rational]) -> sp.Rational:
    """Return the largest number of which some fractions are whole multiples."""
    found = list(numbers)
    above, below = math.gcd(*(int(each.p) for each in found)), math.lcm(*(int(x.q) for x in found))
    return sp.Rational(above, below)


def cauchy(search: Search, goal: Goal) -> Alternatives:
    r"""Use Cauchy and Schwarz, :math:`\sum_k f_k^2 \sum_k g_k^2 \ge (\sum_k f_k g_k)^2`."""
    for letter in goal.letters(sp.Sum):
        x = goal.meaning[letter]
        k = search.new.index(first_size(x), goal.x)
        body = opened(x, k)
        counted = [g for g in goal.letters(Size) if goal.meaning[g] == size(k.size)]
        one = sp.Integer(1)
        for weight, total in [*weights(search, goal, body, k), *((one, g) for g in counted)]:
            base = root_of(sp.cancel(body * weight))
            if base is None or weight == body or len(x.limits) > 1:
                continue
            least = search.sums.sum(search.normal(base), k) ** 2
            least += search.new.more(goal.x, strict=False)
            needs = [(body, False), (weight, False)]
            if total.is_Symbol:
                yield [*needs, goal.part(product_replaced(goal, (letter, total), least))]
            replaced = goal.poly.as_expr().xreplace({letter: least / total})
            yield [*needs, (goal.thaw(total), True), goal.part(replaced)]


def product_replaced(goal: Goal, pair: tuple[sp.Symbol, sp.Symbol], new: sp.Expr) -> sp.Expr:
    """Return the polynomial of a goal with the product of two letters replaced."""
    replaced = sp.Integer(0)
    for powers, number in goal.terms():
        term = number * sp.Mul(*[letter**power for letter, power in powers.items()])
        replaced += term / sp.Mul(*pair) * new if powers.keys() >= set(pair) else term
    return replaced


def root_of(x: sp.Expr) -> sp.Expr | None:
    """Return what an expression is the square of; None if it is plainly no square."""
    powers = factored(x).as_powers_dict()
    if any(base != sp.E and power % 2 != 0 for base, power in powers.items()):
        return None
    return sp.Mul(*[base ** (power / 2) for base, power in powers.items()])
