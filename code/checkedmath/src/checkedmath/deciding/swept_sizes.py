r"""Sizes at which the sides of a formula are closest, or farthest apart, found by trying them all.

No equation gives the size at which `\cos K + 0.99997 > 0` fails, 355. But up to a thousand they
can all be computed, with few digits. Nothing is decided: what is found is tried like all others.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import sympy as sp
from flint import arb

from checkedmath.deciding.balls import program
from checkedmath.deciding.unknown_sizes import Unknowns, are_new, is_near, places

#: Up to which size one is swept, and two together; with how many bits; and how many operations
#: with numbers it may take.
MOST_ALONE, MOST_PAIRED, BITS, MOST_WORK = 1100, 60, 64, 300_000
#: How many parts of the sides are swept for zeros.
MOST_PARTS = 8
#: How much two numbers differ, as a share of one and the number, if they are not the same.
EQUAL = 1e-9

#: A number for each choice of sizes.
Found = Mapping[tuple[int, ...], float]


def swept_sizes(unknowns: Unknowns) -> list[dict[str, int]]:
    """Return sizes at which the gap between two sides is extreme, or a part of them is zero."""
    gaps, found = in_sizes(unknowns.gaps, unknowns), dict[tuple[tuple[str, int], ...], None]()
    others = [x for x in in_sizes(unknowns.numbers, unknowns) if x not in gaps]
    for number in [*gaps, *others[:MOST_PARTS]]:
        names = [size for size, symbol in unknowns.unknown.items() if number.has(symbol)]
        most = MOST_ALONE if len(names) == 1 else MOST_PAIRED
        ranges = [range(min(unknowns.named[size]), most + 1) for size in names]
        if len(names) > 2 or program(number).size * len(ranges[0]) ** len(names) > MOST_WORK:
            continue
        numbers = sweep(number, [unknowns.unknown[size] for size in names], ranges)
        turning = turning_points(numbers, most) if number in gaps else zeros(numbers)
        found |= dict.fromkeys(tuple(zip(names, sizes, strict=True)) for sizes in turning)
    new = [sizes for sizes in map(dict, found) if are_new(sizes, unknowns.named)]
    return sorted(new, key=lambda sizes: max(sizes.values()))


def in_sizes(numbers: Iterable[sp.Expr], unknowns: Unknowns) -> list[sp.Expr]:
    """Return the numbers that rest on sizes alone, with something put in for other letters."""
    sizes, found = set(unknowns.unknown.values()), dict[sp.Expr, None]()
    for number in numbers:
        for meant in places(number, unknowns):
            each = number.xreplace(meant)
            if each.free_symbols and each.free_symbols <= sizes and not each.is_Symbol:
                found[each] = None
    return list(found)


def sweep(
    gap: sp.Expr, symbols: Sequence[sp.Symbol], ranges: Sequence[range]
) -> dict[tuple[int, ...], float]:
    """Return what a number is at all sizes at which it is one."""
    run, found = program(gap).run, dict[tuple[int, ...], float]()
    for sizes in itertools.product(*ranges):
        point = {symbol: sp.Integer(n) for symbol, n in zip(symbols, sizes, strict=True)}
        (value,) = run(point, BITS)
        if is_near(value):
            found[sizes] = float(arb(value))
    return found


def turning_points(found: Found, most: int) -> Iterator[tuple[int, ...]]:
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
    yield from (sizes for sizes in firsts if max(sizes) < most)


def zeros(found: Found) -> Iterator[tuple[int, ...]]:
    """Yield the first sizes at which a number is zero."""
    yield from itertools.islice((sizes for sizes, x in found.items() if abs(x) < EQUAL), 1)


def first_least(found: Found, way: Callable[[float], float]) -> tuple[int, ...]:
    """Return the first sizes at which a number is least, or not to be told from it."""
    least = min(map(way, found.values()))
    return next(n for n, x in found.items() if way(x) <= least + EQUAL * (1 + abs(least)))
