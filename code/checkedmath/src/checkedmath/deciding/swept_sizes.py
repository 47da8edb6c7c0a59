r"""Sizes at which the sides of a formula are closest, or farthest apart, found by trying them all.

No equation gives the size at which `\cos K + 0.99997 > 0` fails, 355. But up to a thousand they
can all be computed, with few digits. Nothing is decided: what is found is tried like all others.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import sympy as sp

from checkedmath.deciding.grids import OnGrid
from checkedmath.deciding.special import roots
from checkedmath.deciding.unknown_sizes import Unknowns, are_new, equations, places

#: Up to which size one is swept, and two and three together; and how many operations with numbers
#: it may take.
FURTHEST, MOST_WORK = {1: 1100, 2: 60, 3: 20}, 300_000
#: How many parts of the sides are swept for zeros.
MOST_PARTS = 8
#: How many pairs are tried where one of the sizes is whole, or nearest to it.
MOST_WHOLE = 3
#: How much two numbers differ, as a share of one and the number, if they are not the same.
EQUAL = 1e-9

#: A number for each choice of sizes.
Found = Mapping[tuple[int, ...], float]


def swept_sizes(unknowns: Unknowns) -> list[dict[str, int]]:
    """Return sizes at which the gap between two sides is extreme, or a part of them is zero.

    One size is swept far; two or three only a little, but far where an equation tells one of two by
    the other.
    """
    gaps = in_sizes(unknowns.gaps, unknowns)
    parts = itertools.islice(in_sizes(unknowns.written.values(), unknowns), MOST_PARTS)
    ways = [*((gap, turning_points) for gap in gaps), *((part, zeros) for part in parts)]
    found = dict[tuple[tuple[str, int], ...], None]()
    for number, way in ways:
        names = [size for size, symbol in unknowns.unknown.items() if number.has(symbol)]
        counts = way(sweep(number, names, unknowns))
        found |= dict.fromkeys(tuple(zip(names, each, strict=True)) for each in counts)
    found |= dict.fromkeys(tuple(pair.items()) for pair in whole_roots(unknowns))
    new = [sizes for sizes in map(dict, found) if are_new(sizes, unknowns.named)]
    return sorted(new, key=lambda sizes: max(sizes.values()))


def in_sizes(numbers: Iterable[sp.Expr], unknowns: Unknowns) -> Iterator[sp.Expr]:
    """Yield the numbers that rest on sizes alone, with something put in for other letters."""
    sizes, met = set(unknowns.unknown.values()), set[sp.Expr]()
    for number in numbers:
        for meant in places(number, unknowns):
            each = number.xreplace(meant)
            is_made = each.free_symbols and not each.is_Symbol  # not a size by itself
            if is_made and each.free_symbols <= sizes and each not in met:
                met.add(each)
                yield each


def sweep(number: sp.Expr, names: Sequence[str], unknowns: Unknowns) -> Found:
    """Return what a number is at all sizes at which it is one, unless that is too much work."""
    most, on_grid = FURTHEST.get(len(names), 0), OnGrid(number)
    if not most or on_grid.size * most ** len(names) > MOST_WORK:
        return {}
    swept = list(itertools.product(*(range(min(unknowns.named[x]), most + 1) for x in names)))
    columns = [list(map(float, column)) for column in zip(*swept, strict=True)]
    symbols = (unknowns.unknown[size] for size in names)
    (values,) = on_grid.run(dict(zip(symbols, columns, strict=True)))
    return {sizes: x for sizes, x in zip(swept, values, strict=True) if math.isfinite(x)}


def turning_points(found: Found) -> Iterator[tuple[int, ...]]:
    """Yield where numbers are smallest, largest, nearest to zero, or get another sign.

    Not at the largest size of all: larger ones may be still smaller, and are tried anyway.
    """
    if not found:
        return
    firsts = [first_least(found, way) for way in (float, operator.neg, abs)]
    below = next((n for n, x in found.items() if x < -EQUAL), None)
    above = next((n for n, x in found.items() if x > EQUAL), None)
    if below is not None and above is not None:
        firsts += [below, above]
    last = max(map(max, found))
    yield from (sizes for sizes in firsts if max(sizes) < last)


def zeros(found: Found) -> Iterator[tuple[int, ...]]:
    """Yield the first sizes at which a number is zero."""
    yield from itertools.islice((sizes for sizes, x in found.items() if abs(x) < EQUAL), 1)


def whole_roots(unknowns: Unknowns) -> Iterator[dict[str, int]]:
    """Yield two sizes where one that is told by the other is whole, or nearest to it."""
    for equation in equations(unknowns):
        for size, symbol in unknowns.unknown.items():
            for root in roots(equation, symbol):
                others = [x for x, other in unknowns.unknown.items() if root.has(other)]
                found = sweep(root, others, unknowns) if len(others) == 1 else {}
                above = {n: x for n, x in found.items() if x >= min(unknowns.named[size])}
                for (n,) in nearest_to_whole(above):
                    yield {others[0]: n, size: round(above[n,])}


def nearest_to_whole(found: Found) -> list[tuple[int, ...]]:
    """Return at which sizes a number is first whole, or else where it is nearest to it."""
    apart = {sizes: abs(x - round(x)) / x for sizes, x in found.items()}
    whole = [sizes for sizes, x in apart.items() if x < EQUAL]
    return whole[:MOST_WHOLE] or sorted(apart, key=lambda sizes: apart[sizes])[:MOST_WHOLE]


def first_least(found: Found, way: Callable[[float], float]) -> tuple[int, ...]:
    """Return the first sizes at which a number is least, or not to be told from it."""
    least = min(map(way, found.values()))
    return next(n for n, x in found.items() if way(x) <= least + EQUAL * (1 + abs(least)))
