"""Where statements break: ties, zeros, ends of domains, huge and tiny numbers, corners.

A point gives a number to each letter. What to put in gives some letters the place of expressions of
others, so that numbers agree exactly which rarely do.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

import sympy as sp
from flint import arb

from checkedmath.deciding.balls import Point, is_number, program
from checkedmath.deciding.sampling import draw, fill, simplex_rows
from checkedmath.meaning.derivatives import Slope
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import (
    Corner,
    Indicator,
    Jump,
    Largest,
    Select,
    SlopeOfSelect,
)

#: By what factor, and with what shift, one vector is in line with another.
HALF = sp.S.Half
IN_LINE = {
    "real": [(2, 0), (HALF, 0), (-1, 0), (1, 1), (1, -1)],
    "positive": [(2, 0), (HALF, 0), (1, 1)],
    "unit": [(HALF, 0)],
}
#: How large numbers are that are huge, or tiny.
POWERS = (-300, -40, -12, -3, 3, 12, 40, 300)
SCALES = tuple(sp.Integer(10) ** power for power in POWERS)
SMALL = tuple(size for size in SCALES if size < 1)
#: Beyond every scale that is written out; such numbers need no digits.
FARTHEST = arb(2) ** (10**9)
NEAREST = 1 / FARTHEST
#: What numbers of a domain rarely are, but for its ends.
RARE = {
    "real": [sp.Integer(0), *(sign * x for x in (sp.Integer(1), *SCALES) for sign in (1, -1))],
    "positive": [sp.Integer(1), *SCALES, FARTHEST, NEAREST],
    "unit": [sp.S.Half, *(x for size in SMALL for x in (size, 1 - size)), NEAREST],
}
ENDS = {"unit": [sp.Integer(0), sp.Integer(1)]}
#: What stands beside the diagonal of a matrix that is, or nearly is, the identity.
LEAST = {"real": sp.Integer(0), "positive": SMALL[1]}
#: What all numbers of a domain are at once.
EVEN = (
    {"real": sp.Integer(0), "positive": sp.Integer(1), "unit": sp.S.Half},
    {"real": sp.Integer(1), "positive": sp.Integer(1), "unit": sp.S.Half},
    {"real": sp.Integer(-1), "positive": sp.Integer(2), "unit": sp.Rational(1, 4)},
    {"real": sp.S.Half, "positive": sp.S.Half, "unit": sp.Rational(3, 4)},
)
#: What two numbers of a domain are at once, while all others are zero.
PAIRS = {
    "real": [(1, 1), (1, -1), (-1, 1), (2, 1)],
    "positive": [(2, 1), (1, 2)],
    "unit": [(sp.Rational(1, 4), sp.Rational(3, 4)), (sp.Rational(3, 4), sp.Rational(1, 4))],
}
#: What is left for other classes where one has nearly all the weight; where it has some of it.
SHARES = (sp.Integer(0), sp.S.Half, *SMALL, NEAREST)
PARTS = tuple(sp.Rational(*part) for part in ((1, 4), (2, 5), (51, 100), (2, 3), (3, 4), (9, 10)))
#: The first entry of a vector, which leads or lags, and all others.
LEADS = {"real": [(3, 0), (8, 0), (-3, 0)], "positive": [(3, 1), (8, 1), (1, 3)]}
#: How much more weight one class has than each other where vectors are logits, and their least.
WEIGHTS, SHIFTS = (3, 8), (sp.Integer(0), -sp.S.Half)
#: How far from the border of a condition it is tried, too.
ASIDE = tuple(sign * size for size in (SMALL[-1], SMALL[-2]) for sign in (1, -1))
#: How many pairs of letters are looked at, and how many equations of how many operations.
MOST_PAIRS, MOST_EQUATIONS, LONGEST_EQUATION = 28, 24, 80
#: How many letters may occur where slopes are to vanish, and how often one of them is solved for.
MOST_RESTS, MOST_SOLVED = 8, 16
#: For how many choices of roots slopes along all letters are to vanish together.
MOST_TOGETHER = 6
#: How many vectors are at each combination of ends; the others go with these.
MOST_VECTORS = 3
#: Up to how many combinations of ends and corners all are tried; beyond, so many at random.
ALL_VERTICES, SOME_VERTICES = 512, 24
#: Functions through which an equation is solved, and what undoes them; what counts as solved.
INVERSES: dict[type, Callable[[sp.Expr], list[sp.Expr]]] = {
    sp.exp: lambda x: [sp.log(x)],
    sp.log: lambda x: [sp.exp(x)],
    sp.sin: lambda x: [sp.asin(x), sp.pi - sp.asin(x), sp.asin(x) + 2 * sp.pi],
    sp.cos: lambda x: [sp.acos(x), -sp.acos(x), sp.acos(x) + 2 * sp.pi],
    sp.Abs: lambda x: [x, -x],
    sp.Pow: lambda x: [x**2],  # of square roots alone
}
UNSOLVED = (sp.asin, sp.acos)
#: What is put in the place of letters.
PutIn = Mapping[sp.Symbol, sp.Expr]


class Special(NamedTuple):
    """A point, and whether it lies at the end of a domain, where logarithms may be missing."""

    point: dict[sp.Symbol, Any]
    at_end: bool = False


def special_points(
    occurring: Iterable[sp.Symbol], evaluator: Evaluator, random: Random
) -> Iterator[Special]:
    """Yield points where statements break.

    Parameters
    ----------
    occurring : iterable of sympy.Symbol
        The letters that matter.
    evaluator : Evaluator
        Which knows the free numbers.
    random : Random
        The source of what the other letters are.
    """
    domains = domains_of(occurring, evaluator)
    yield from map(Special, all_even(evaluator))
    for size in SCALES:
        for sign in (1, -1):
            far = {"real": sign * size, "positive": size, "unit": min(size, 1 - SMALL[0])}
            yield Special(fill(evaluator, lambda: 1, far.__getitem__))
    for symbol, domain in domains.items():
        yield from one_rare(symbol, domain, evaluator, random)
    pairs = itertools.combinations(domains.items(), 2)
    for (one, domain), (other, same) in itertools.islice(pairs, MOST_PAIRS):
        if domain == same:
            for x, y in PAIRS[domain]:
                yield Special(even(evaluator) | {one: sp.sympify(x), other: sp.sympify(y)})
    yield from joint_ends(occurring, evaluator, random)
    yield from structured(occurring, evaluator)
    yield from special_distributions(occurring, evaluator, random)
    yield from vertices(occurring, evaluator)


def structured(occurring: Iterable[sp.Symbol], evaluator: Evaluator) -> Iterator[Special]:
    """Yield points at which distributions and matrices have a simple structure."""
    wanted = set(occurring)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    in_families = [row for (_, place), row in simplex_rows(evaluator) if place and row in rows]
    yield from special_families(evaluator)
    yield from leading_vectors(wanted, evaluator)
    yield from shared_distributions(rows, evaluator)
    yield from shared_distributions(in_families or rows, evaluator, step=1)
    yield from unlike_distributions(rows, evaluator)


def domains_of(occurring: Iterable[sp.Symbol], evaluator: Evaluator) -> dict[sp.Symbol, str]:
    """Return the domain of each letter that occurs, but for the entries of distributions."""
    symbols, wanted = evaluator.notation.symbols, set(occurring)
    found = {symbol: symbols[word][0] for (word, _), symbol in evaluator.atoms.items()}
    return {s: domain for s, domain in found.items() if s in wanted and domain != "simplex"}


def even(evaluator: Evaluator) -> dict[sp.Symbol, Any]:
    """Return the point at which all real numbers are zero."""
    return next(all_even(evaluator))


def all_even(evaluator: Evaluator) -> Iterator[dict[sp.Symbol, Any]]:
    """Yield points at which all letters of a domain are the same, and distributions even."""
    for numbers in EVEN:
        yield fill(evaluator, lambda: 1, numbers.__getitem__)


def one_rare(
    symbol: sp.Symbol, domain: str, evaluator: Evaluator, random: Random
) -> Iterator[Special]:
    """Yield points at which one letter is what it rarely is; the others are random, or zero."""
    for at_end, numbers in ((False, RARE[domain]), (True, ENDS.get(domain, ()))):
        for x in numbers:
            yield Special(draw(evaluator, random) | {symbol: x}, at_end)
    for x in (RARE[domain][1], RARE[domain][-1]):
        yield Special(even(evaluator) | {symbol: x})


def joint_ends(
    occurring: Iterable[sp.Symbol], evaluator: Evaluator, random: Random
) -> Iterator[Special]:
    """Yield points with all letters at ends at once, also with distributions at a corner."""
    wanted = set(occurring)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    weights: list[dict[sp.Symbol, Any]] = [{}]
    for first, step in ((0, 0), (-1, 0), (0, 1)) if rows else ():  # the same class, or in turn
        turned = ((row, (first + step * n) % len(row)) for n, row in enumerate(rows))
        corner = (mostly_one(row, place, sp.Integer(0)) for row, place in turned)
        weights.append({s: x for row in corner for s, x in row.items()})
    for side in sides_at_ends(wanted, evaluator):
        for others in (even(evaluator), draw(evaluator, random)):
            yield from (Special({**others, **some, **side}, True) for some in weights)


def vertices(occurring: Iterable[sp.Symbol], evaluator: Evaluator) -> Iterator[Special]:
    """Yield points with each bounded letter at an end, each distribution at a corner of its own."""
    wanted = set(occurring)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    bounded = [s for s, domain in domains_of(wanted, evaluator).items() if domain in ENDS]
    choices = [range(len(row)) for row in rows] + [range(2) for _ in bounded]
    random = Random(0)  # of its own, so that what is drawn later stays what it was
    every: Iterable[Sequence[int]] = itertools.product(*choices)
    if math.prod(map(len, choices)) > ALL_VERTICES:
        every = ([random.choice(choice) for choice in choices] for _ in range(SOME_VERTICES))
    for chosen in every if choices else ():
        point = draw(evaluator, random)
        for row, first in zip(rows, chosen, strict=False):
            point |= mostly_one(row, first, sp.Integer(0))
        point |= {s: sp.Integer(end) for s, end in zip(bounded, chosen[len(rows) :], strict=True)}
        yield Special(point, True)


def sides_at_ends(wanted: set[sp.Symbol], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield an end for each letter that has any: the same for a whole vector, or but for one."""
    domains, vectors = domains_of(wanted, evaluator), dict[str, list[sp.Symbol]]()
    for (word, _), symbol in evaluator.atoms.items():
        if domains.get(symbol) in ENDS:
            vectors.setdefault(word, []).append(symbol)
    if not vectors:
        return
    low, high = ENDS["unit"]
    for ends_of_words in itertools.product((low, high), repeat=min(len(vectors), MOST_VECTORS)):
        placed = enumerate(vectors.values())
        yield {s: ends_of_words[n % MOST_VECTORS] for n, entries in placed for s in entries}
    for entries in vectors.values():
        if len(entries) > 1:
            yield dict.fromkeys(entries, low) | {entries[0]: high}
            yield dict.fromkeys(entries, high) | {entries[0]: low}


def special_families(evaluator: Evaluator) -> Iterator[Special]:
    """Yield points at which a matrix is the identity, or one with a class of its own."""
    words = dict.fromkeys(word for word, found in evaluator.atoms if len(found) == 2)
    for word in words:
        entries = {f: s for (w, f), s in evaluator.atoms.items() if w == word}
        domain = evaluator.notation.symbols[word][0]
        if domain in LEAST:
            rest = LEAST[domain]
            unit = {s: sp.Integer(1) if f[0] == f[1] else rest for f, s in entries.items()}
            yield Special(even(evaluator) | unit)
        if domain == "real":
            yield Special(even(evaluator) | unit | {entries[min(entries)]: sp.Integer(-1)})


def leading_vectors(wanted: Container[sp.Symbol], evaluator: Evaluator) -> Iterator[Special]:
    """Yield points at which the first entry of each vector leads, and all others are equal.

    The last of them is where the norms of a vector differ most.
    """
    vectors = [each for each in vectors_of(evaluator) if each[0] in wanted]
    domains = domains_of([each[0] for each in vectors], evaluator)
    led = [each for each in vectors if domains[each[0]] in LEADS]
    leads = ([*LEADS[domains[each[0]]], (1, apart_in_norm(len(each)))] for each in led)
    for chosen in zip(*leads, strict=True):
        point = even(evaluator)
        for entries, (first, other) in zip(led, chosen, strict=True):
            point |= dict.fromkeys(entries, sp.sympify(other)) | {entries[0]: sp.Integer(first)}
        yield Special(point)


def apart_in_norm(count: int) -> sp.Rational:
    """Return about what all entries but a first of one are where a vector's norms differ most."""
    return sp.Rational(1, 1 + math.isqrt(count))


def special_distributions(
    occurring: Iterable[sp.Symbol], evaluator: Evaluator, random: Random
) -> Iterator[Special]:
    """Yield points at which distributions have their weight at few classes, all or one of them."""
    wanted = set(occurring)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    for chosen in [rows, *([row] for row in rows if len(rows) > 1)]:
        is_all = set(evaluator.atoms.values()) <= set().union(*chosen)
        for first in range(max(map(len, chosen), default=0)):
            for share in SHARES:
                point = {} if is_all else draw(evaluator, random)
                for row in chosen:
                    point |= mostly_one(row, first % len(row), share)
                yield Special(point, share in (0, sp.S.Half))
                if len(chosen) > 1:
                    point |= mostly_one(chosen[0], (first + 1) % len(chosen[0]), share)
                    yield Special(point, share in (0, sp.S.Half))


def shared_distributions(
    rows: list[list[sp.Symbol]], evaluator: Evaluator, step: int = 0
) -> Iterator[Special]:
    """Yield points at which one class has a part and the others the rest: the same, or in turn."""
    for rest in (*PARTS, SMALL[-1], SMALL[1]) if len(rows) > step else ():
        point = even(evaluator)
        for n, row in enumerate(rows):
            point |= mostly_one(row, step * n % len(row), rest)
        yield Special(point)


def unlike_distributions(rows: list[list[sp.Symbol]], evaluator: Evaluator) -> Iterator[Special]:
    """Yield points at which the first class has all, but in one distribution only a part.

    And points at which it is the second that has a part, in all of them.
    """
    for chosen in range(len(rows)) if len(rows) > 1 else ():
        for rest in PARTS:
            point = even(evaluator)
            for n, row in enumerate(rows):
                point |= mostly_one(row, 0, rest if n == chosen else SMALL[-1])
            yield Special(point)
    for rest in PARTS if rows else ():
        point = even(evaluator)
        for row in rows:
            point |= mostly_one(row, 1 % len(row), rest)
        yield Special(point)


def mostly_one(row: list[sp.Symbol], first: int, rest: Any) -> dict[sp.Symbol, Any]:
    """Return a distribution with all weight at a class, but what the others get."""
    alone = rest in (0, sp.S.Half)
    others = [*row[:first], *row[first + 1 :]]
    sharing = [row[(first + 1) % len(row)]] if alone else others
    shares = dict.fromkeys(sharing, rest / max(len(sharing), 1))
    return {**dict.fromkeys(row, sp.S.Zero), **shares, row[first]: all_but(rest)}


def all_but(rest: Any) -> Any:
    """Return one minus a share, which as a ball is one with a radius."""
    return arb(1, rest) if isinstance(rest, arb) else 1 - rest


# -- what to put in


def put_ins(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield what to put in the place of letters so that numbers agree which rarely do."""
    letters = sides[0].free_symbols | sides[1].free_symbols
    domains = domains_of(letters, evaluator)
    yield from even_put_ins(letters, evaluator)
    for one, other in itertools.islice(itertools.combinations(domains, 2), MOST_PAIRS):
        if domains[one] == domains[other]:
            yield {one: other}
            if domains[one] == "real":
                yield {one: -other}
    yield from equal_rows(evaluator)
    yield from logits_of_rows(letters, evaluator)
    yield from solutions(sides, domains)


def even_put_ins(letters: Container[sp.Symbol], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield the same number for all letters of a domain, and even distributions."""
    for point in all_even(evaluator):
        yield {s: x for s, x in point.items() if s in letters}


def all_alike(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield for what number, the same for a whole vector, something is zero in one of two sides."""
    for entries in vectors_of(evaluator):
        first, same = entries[0], dict.fromkeys(entries[1:], entries[0])
        one, other = (side.xreplace(same) for side in sides)
        for meant in solutions((one, other), domains_of([first], evaluator)):
            yield dict.fromkeys(entries, meant[first])


def ends(letters: Iterable[sp.Symbol], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield letters at the ends of their domains."""
    for symbol, domain in domains_of(letters, evaluator).items():
        for end in ENDS.get(domain, ()):
            yield {symbol: end}


def corners(letters: Iterable[sp.Symbol], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield distributions at the corners of their domain, and halfway between two of these."""
    wanted = set(letters)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    for chosen in [rows, *([row] for row in rows if len(rows) > 1)]:
        for first in range(max(map(len, chosen), default=0)):
            for share in (sp.Integer(0), sp.S.Half):
                parts = (mostly_one(row, first % len(row), share) for row in chosen)
                yield {s: x for part in parts for s, x in part.items()}


def borders(given: Iterable[tuple[sp.Expr, sp.Expr]], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield letters where two sides of a condition are equal, and close by."""
    for left, right in given:
        letters = left.free_symbols | right.free_symbols
        for meant in solutions((left, right), domains_of(letters, evaluator)):
            for aside in (0, *ASIDE):
                yield {letter: root + aside for letter, root in meant.items()}


def edges(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield letters on an edge, where an indicator steps, or a size or a maximum bends."""
    parts = {x for side in sides for x in side.atoms(Indicator, sp.Abs, Largest)}
    gaps = [gap for x in sorted(parts, key=sp.default_sort_key) for gap in zeros_that_matter(x)]
    yield from solved(gaps, domains_of(set().union(*(x.free_symbols for x in gaps)), evaluator))


def rests(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield letters for which the gap of two sides has no slope along a letter.

    There a gap that is never negative may be zero: the sides of a strict inequality meet.
    """
    gap = sides[0] - sides[1]
    domains = domains_of(gap.free_symbols, evaluator)
    if len(domains) > MOST_RESTS or program(gap).size > LONGEST_EQUATION:
        return
    slopes = (numerator_of_slope(gap, along) for along in domains)
    yield from solved((slope for slope in slopes if slope is not None), domains, MOST_SOLVED)


@functools.lru_cache(maxsize=256)
def numerator_of_slope(gap: sp.Expr, along: sp.Symbol) -> sp.Expr | None:
    """Return what is zero where a number has no slope along a letter, unless it is too long."""
    slope = sp.fraction(sp.together(Slope(along)(gap)))[0]
    return slope if program(slope).size <= LONGEST_EQUATION else None


def rests_together(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield letters for which the gap of two sides has no slope along any of them."""
    gap = sides[0] - sides[1]
    letters = sorted(domains_of(gap.free_symbols, evaluator), key=number_of)
    if 1 < len(letters) <= MOST_RESTS:
        yield from itertools.islice(resting(gap, letters), MOST_TOGETHER)


def resting(gap: sp.Expr, letters: list[sp.Symbol]) -> Iterator[PutIn]:
    """Yield letters, put in one after the other, for which a number has no slope along them."""
    tried = letters if program(gap).size <= LONGEST_EQUATION else []
    found = next(((s, known) for s in tried if (known := rests_along(gap, s))), None)
    if found is None:
        yield {}
        return
    letter, values = found
    others = [s for s in letters if s != letter]
    for x in values:
        for meant in resting(gap.xreplace({letter: x}), others):
            yield {**meant, letter: x.xreplace(meant)}


def rests_along(gap: sp.Expr, letter: sp.Symbol) -> list[sp.Expr]:
    """Return the values of a letter for which a number has no slope along it."""
    slope = numerator_of_slope(gap, letter)
    if slope is None or not slope.has(letter):
        return []
    return [x for x in roots(sp.factor_terms(slope), letter) if x.is_real is not False]


def solved(
    equations: Iterable[sp.Expr], letters: Container[sp.Symbol], most: int | None = None
) -> Iterator[PutIn]:
    """Yield for what number each of some letters makes each of some expressions zero."""
    pairs = (
        (part, letter)
        for part in equations
        for letter in sorted((s for s in part.free_symbols if s in letters), key=number_of)
    )
    for part, letter in itertools.islice(pairs, most):
        yield from ({letter: x} for x in roots(part, letter) if x.is_real is not False)


def equal_rows(evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield two distributions as one, and each vector with equal entries."""
    rows = [entries for _, entries in simplex_rows(evaluator)]
    for one, other in itertools.combinations(rows, 2):
        if len(one) == len(other):
            yield dict(zip(one, other, strict=True))
    for entries in vectors_of(evaluator):
        yield dict.fromkeys(entries[1:], entries[0])


def in_line(evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield a vector, or a matrix, as a multiple of another, or shifted from it.

    There the sides of many a strict inequality meet, whatever a condition says of single entries.
    """
    symbols, families = evaluator.notation.symbols, dict[str, dict[Any, sp.Symbol]]()
    for (word, found), symbol in evaluator.atoms.items():
        if found and symbols[word][0] in IN_LINE:
            families.setdefault(word, {})[found] = symbol
    for (word, one), (other_word, other) in itertools.combinations(families.items(), 2):
        if one.keys() == other.keys() and symbols[word][0] == symbols[other_word][0]:
            for factor, shift in IN_LINE[symbols[word][0]]:
                yield {s: factor * other[place] + shift for place, s in one.items()}


def degenerate_matrices(sides: tuple[sp.Expr, sp.Expr], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield a matrix as one that changes its sign when it is turned, or with all its rows alike.

    The latter also where that makes something zero in the sides.
    """
    letters = sides[0].free_symbols | sides[1].free_symbols
    domains = domains_of(letters, evaluator)
    for entries in matrices_of(evaluator):
        if domains.get(next(iter(entries.values()))) != "real":
            continue
        if all(place[::-1] in entries for place in entries):
            yield {s: turned(entries, place) for place, s in entries.items()}
        alike = {s: entries[1, m] for (n, m), s in entries.items() if n > 1}
        yield alike
        one, other = (side.xreplace(alike) for side in sides)
        for meant in solutions((one, other), domains):
            yield {**{s: x.xreplace(meant) for s, x in alike.items()}, **meant}


def turned(entries: Mapping[tuple[int, int], sp.Symbol], place: tuple[int, int]) -> sp.Expr:
    """Return an entry of a matrix that is minus the one it is turned into."""
    row, column = place
    return entries[place] if row < column else -entries[column, row] if row > column else sp.S.Zero


def matrices_of(evaluator: Evaluator) -> list[dict[tuple[int, int], sp.Symbol]]:
    """Return the entries of each matrix of more than a row, by their places."""
    matrices: dict[str, dict[tuple[int, int], sp.Symbol]] = {}
    for (word, found), symbol in evaluator.atoms.items():
        if len(found) == 2:
            matrices.setdefault(word, {})[found[0], found[1]] = symbol
    return [entries for entries in matrices.values() if max(entries)[0] > 1]


def vectors_of(evaluator: Evaluator) -> list[list[sp.Symbol]]:
    """Return the entries of each vector that is no distribution, in their order."""
    vectors: dict[str, list[sp.Symbol]] = {}
    for (word, found), symbol in sorted(evaluator.atoms.items(), key=lambda atom: atom[0]):
        if len(found) == 1 and evaluator.notation.symbols[word][0] != "simplex":
            vectors.setdefault(word, []).append(symbol)
    return list(vectors.values())


def logits_of_rows(letters: Iterable[sp.Symbol], evaluator: Evaluator) -> Iterator[PutIn]:
    """Yield distributions whose logits are the vectors, while all other numbers are even."""
    wanted, domains = set(letters), domains_of(letters, evaluator)
    rows = [row for _, row in simplex_rows(evaluator) if wanted & set(row)]
    vectors = [each for each in vectors_of(evaluator) if domains.get(each[0]) == "real"]
    for first in range(max(map(len, rows), default=0)) if vectors else ():
        for weight, shift in itertools.product(WEIGHTS, SHIFTS):
            point = even(evaluator)
            for row in rows:
                shares = {s: sp.Rational(1, weight + len(row) - 1) for s in row}
                chosen = row[first % len(row)]
                point |= shares | {chosen: weight * shares[chosen]}
            for vector in vectors:
                chosen = vector[first % len(vector)]
                point |= dict.fromkeys(vector, shift) | {chosen: sp.log(weight) + shift}
            yield {s: x for s, x in point.items() if s in wanted}


def solutions(sides: tuple[sp.Expr, sp.Expr], domains: Mapping[sp.Symbol, str]) -> Iterator[PutIn]:
    """Yield for what number a letter makes something zero at which values bend or break."""
    equations = (part for part in critical(sides) if program(part).size <= LONGEST_EQUATION)
    yield from solved(itertools.islice(equations, MOST_EQUATIONS), domains)


def roots(part: sp.Expr, letter: sp.Symbol) -> list[sp.Expr]:
    """Return where an expression is zero, if it can be solved for a letter step by step."""
    if part.is_Mul:
        return [x for factor in part.args if factor.has(letter) for x in roots(factor, letter)]
    if part.is_Pow and part.exp.is_positive and not part.exp.has(letter):
        return roots(part.base, letter)
    inner = {x for x in sp.preorder_traversal(part) if has_inverse(x) and x.has(letter)}
    if not inner:
        return roots_of_polynomial(part, letter)
    outermost = max(inner, key=sp.count_ops)
    whole = sp.Dummy(real=True)
    outside = part.xreplace({outermost: whole})
    if outside.has(letter):
        return []
    inverse = INVERSES[type(outermost)]
    values = dict.fromkeys(y for x in roots_of_polynomial(outside, whole) for y in inverse(x))
    known = [value for value in values if not value.has(*UNSOLVED, sp.zoo, sp.nan)]
    return [x for value in known for x in roots(outermost.args[0] - value, letter)]


def has_inverse(x: sp.Expr) -> bool:
    """Tell whether it is known what undoes the outermost operation of an expression."""
    return type(x) in INVERSES and (not x.is_Pow or x.exp == sp.S.Half)


def roots_of_polynomial(part: sp.Expr, letter: sp.Symbol) -> list[sp.Expr]:
    """Return where an expression is zero that is of first or second degree in a letter."""
    if not part.is_polynomial(letter):
        return []
    slope = Slope(letter)
    first, second = slope(part), slope(slope(part))
    at_zero = {letter: sp.Integer(0)}
    if second.has(letter) or first == 0:
        return []
    constant, first = part.xreplace(at_zero), first.xreplace(at_zero)
    if second == 0:
        return [-constant / first]
    spread = sp.sqrt(first**2 - 2 * second * constant)
    return [(sign * spread - first) / second for sign in (1, -1)]


def shrunk(point: Mapping[sp.Symbol, Any], evaluator: Evaluator) -> dict[sp.Symbol, Any]:
    """Return a point with all letters near zero, but for the entries of distributions."""
    free = domains_of(point, evaluator)
    return {s: x * SMALL[1] if s in free else x for s, x in point.items()}


def placed(meant: PutIn, point: Point, evaluator: Evaluator) -> dict[sp.Symbol, Any] | None:
    """Return a point with the numbers of what is put in, if they surely lie inside their domains.

    Otherwise None.
    """
    domains = domains_of(meant, evaluator)
    values = program(*meant.values()).run(point)
    for symbol, number in zip(meant, values, strict=True):
        domain = domains.get(symbol, "simplex")
        if not is_number(number) or (domain != "real" and not number > 0):
            return None
        if domain == "unit" and not number < 1:
            return None
    return {**point, **dict(zip(meant, values, strict=True))}


def critical(sides: tuple[sp.Expr, sp.Expr]) -> Iterator[sp.Expr]:
    """Yield what is zero where the sides of a claim may bend, break, or touch each other."""
    whole = sides[0] - sides[1]
    parts = itertools.chain(*map(sp.preorder_traversal, (whole, *sides)))
    known = {whole}
    yield whole
    for part in dict.fromkeys(parts):
        for zero in zeros_that_matter(part):
            if zero not in known:
                known.add(zero)
                yield zero


def zeros_that_matter(part: sp.Expr) -> Iterable[sp.Expr]:
    """Return what in the outermost operation of an expression bends or breaks it at zero."""
    if isinstance(part, Indicator):
        return [part.args[1] - part.args[2]]
    if isinstance(part, Jump):
        return [part.args[0] - part.args[1]]
    if isinstance(part, (Largest, Corner)):
        return (a - b for a, b in itertools.combinations(part.args, 2))
    if isinstance(part, SlopeOfSelect):
        return [part.args[n + 1] - part.args[n + 2] for n in range(0, len(part.args), 5)]
    if isinstance(part, (sp.Abs, sp.sign, sp.log)):
        return [part.args[0]]
    even_or_below = part.is_Pow and part.exp.is_Rational and (part.exp < 0 or part.exp.p % 2 == 0)
    return [part.base] if even_or_below or (part.is_Pow and part.exp == sp.S.Half) else []


def number_of(symbol: sp.Symbol) -> int:
    """Return the number that the name of a symbol ends with."""
    return int(symbol.name[1:])


#: What bends, or steps.
BENDS = (Largest, Indicator, Select, sp.Abs)
#: Slopes that are missing somewhere.
SLOPES = (Corner, Jump, SlopeOfSelect, sp.sign, sp.Heaviside)
