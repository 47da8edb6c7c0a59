r"""Rules for what has cases: extremes, absolute values, indicators, and for limits.

Each puts something simpler in the place of a part. It does so for equations and inequalities alike:
an expression is zero, or positive, if what comes out is, in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp

from checkedmath.every_size.sums import Index
from checkedmath.inequalities.algebra import letters_of, put
from checkedmath.inequalities.goals import Goal
from checkedmath.inequalities.search import Alternatives, Search
from checkedmath.meaning.piecewise import Corner, Indicator, Largest, code_holds

#: An expression in each of the cases that may occur.
Cases = list[sp.Expr]
SHALLOW = 2


def as_rule(split: Callable[[Search, sp.Expr], Iterator[Cases]]) -> Callable[..., Alternatives]:
    """Return a rule for inequalities that distinguishes cases."""

    def rule(search: Search, goal: Goal) -> Alternatives:
        for cases in split(search, goal.x):
            yield [(x, goal.strict) for x in cases]

    return rule


def bends(x: sp.Expr) -> list[sp.Expr]:
    """Return the parts with cases that hold no others; none that depend on a bound letter."""
    kinds = (Largest, Indicator, Corner, sp.Abs)
    found = [
        part
        for part in x.atoms(*kinds)
        if part.free_symbols <= x.free_symbols and not any(arg.atoms(*kinds) for arg in part.args)
    ]
    return sorted(found, key=sp.default_sort_key)


def by_order(search: Search, x: sp.Expr) -> Iterator[Cases]:
    """Distinguish which of two numbers is larger: it is the other one, and more."""
    for part in bends(x)[:1]:
        gap = choices(part)[0]
        apart, decided = search.differs(gap), [part, *decided_with(part, x)]
        with_zero = any(isinstance(each, (Indicator, Corner)) for each in decided) and not apart
        signs = possible_signs(search, gap, with_zero)
        if isinstance(part, Corner) and (0 in signs or len(part.args) > 2):
            return  # at zero it is no number
        cases: Cases = []
        for sign in signs:
            more = sign * search.new.more(x, strict=with_zero or apart or sign < 0)
            replaced = x.xreplace({each: value_in_case(each, gap, sign) for each in decided})
            cases.append(replaced if len(signs) == 1 else ordered(search, replaced, gap, more))
        yield cases


def decided_with(part: sp.Expr, x: sp.Expr) -> list[sp.Expr]:
    """Return the other parts that the sign of the same number decides."""
    gap = choices(part)[0]
    others = [each for each in bends(x) if each != part and not isinstance(each, Corner)]
    return [each for each in others if choices(each)[0] in (gap, -gap)]


def value_in_case(part: sp.Expr, gap: sp.Expr, sign: int) -> sp.Expr:
    """Return what a part is where a number has a sign, which is what decides it, or minus that."""
    decides, values = choices(part)
    return values[sign if decides == gap else -sign]


def choices(part: sp.Expr) -> tuple[sp.Expr, dict[int, sp.Expr]]:
    """Return the number whose sign decides, and what a part is by that sign."""
    if isinstance(part, sp.Abs):
        inner = part.args[0]
        return inner, {1: inner, 0: sp.Integer(0), -1: -inner}
    if isinstance(part, Indicator):
        code, left, right = part.args
        return left - right, {sign: sp.Integer(code_holds(code, sign, 0)) for sign in (1, 0, -1)}
    if isinstance(part, Corner):
        return part.args[0] - part.args[1], {1: sp.Integer(1), -1: sp.Integer(0)}
    first, second, *rest = part.args
    larger = {1: first, 0: first, -1: second}
    return first - second, {sign: Largest(each, *rest) for sign, each in larger.items()}


def possible_signs(search: Search, gap: sp.Expr, with_zero: bool) -> list[int]:
    """Return the signs that a number may have; zero counts as positive if not asked for."""
    for sign in (1, -1):
        if search.one(sign * gap, True, SHALLOW) is not None:
            return [sign]
        if search.one(sign * gap, False, SHALLOW) is not None:
            return [sign, 0] if with_zero else [sign]
    return [1, 0, -1] if with_zero else [1, -1]


def ordered(search: Search, x: sp.Expr, gap: sp.Expr, more: sp.Expr) -> sp.Expr:
    """Return an expression where a number has a value, with a letter solved for.

    A positive letter is best replaced by what is positive too, for its own sign is forgotten. If
    there is no letter to solve for, the value itself is.
    """
    solved = []
    for letter in sorted(set(letters_of(gap)), key=str):
        slope = sp.diff(gap, letter)
        rest = sp.expand(gap - slope * letter)
        if slope.is_Rational and slope and not rest.has(letter) and not search.is_share(letter):
            value = (more - rest) / slope
            kept = letter.is_nonnegative is None or search.one(value, True, SHALLOW) is not None
            solved.append((not kept, letter, value))
    for _, letter, value in sorted(solved, key=lambda each: each[0])[:1]:
        return put(search, x, letter, value)
    return x


# -- the largest entry


def largest_entry(search: Search, x: sp.Expr) -> Iterator[Cases]:
    """Put the largest entry, less something, for each; that is zero for one of them."""
    for part in extremes(x):
        (k,), body = part.args[0].variables, part.args[0].expr
        sign = 1 if part.func.__name__ == "max" else -1
        for entry in sorted(body.atoms(sp.Indexed), key=sp.default_sort_key):
            solved = solved_for(sign * body, entry, k)
            if solved is not None:
                largest = search.new.number(x)
                replaced = x.xreplace({part: sign * largest})
                yield [put_entries(search, replaced, entry, k, solved, largest)]
                return


def put_entries(
    search: Search,
    x: sp.Expr,
    entry: sp.Indexed,
    k: Index,
    solved: tuple[sp.Expr, sp.Expr],
    largest: sp.Expr,
) -> sp.Expr:
    """Return an expression with every entry in terms of the largest and what it is less by."""
    slope, rest = solved
    less = search.less(k.size)

    def meaning(y: sp.Expr) -> sp.Expr:
        at = y.indices[entry.indices.index(k)] if y.base == entry.base else None
        if at is None or y != entry.xreplace({k: at}):
            return y
        return (largest - less[at] - rest.xreplace({k: at})) / slope

    return search.sums.normal(x, lambda y: meaning(y) if isinstance(y, sp.Indexed) else y)


def extremes(x: sp.Expr) -> list[sp.Expr]:
    """Return the extremes over an index that depend on no bound letter."""
    found = [
        part
        for part in x.atoms(sp.Function)
        if part.func.__name__ in ("max", "min") and part.free_symbols <= x.free_symbols
    ]
    return sorted(found, key=sp.default_sort_key)


def solved_for(body: sp.Expr, entry: sp.Indexed, k: Index) -> tuple[sp.Expr, sp.Expr] | None:
    """Return the number before a real entry and the rest, if a body is linear in it."""
    slope = sp.diff(body, entry)
    rest = sp.expand(body - slope * entry)
    free = entry.is_positive is None and entry.is_nonnegative is None
    if entry.indices.count(k) != 1 or not slope.is_Rational or not slope or not free:
        return None
    return None if rest.has(entry.base) else (slope, rest)
