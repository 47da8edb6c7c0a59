"""Sizes that a page does not name: `K: 2 3` means every size from two on, so larger ones are tried.

Nothing is proved there. They are tried with a share of the work that a formula may take, and what
would take more is left out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple

from checkedmath.deciding.alike import KINDS, Alike
from checkedmath.deciding.approaching import try_limit
from checkedmath.deciding.claims import try_points
from checkedmath.deciding.hunting import hunt, search_valleys, try_put_ins, try_special
from checkedmath.deciding.judging import STRICT, Claim, refuse_at
from checkedmath.deciding.special import rests, structured
from checkedmath.deciding.supposing import draw_supposed
from checkedmath.deciding.swept_sizes import swept_sizes
from checkedmath.deciding.unknown_sizes import Unknowns, sizes_of_zeros
from checkedmath.deciding.valleys import MOST_LETTERS
from checkedmath.meaning.evaluator import Evaluator

#: Which sizes are tried, if they are larger than the least that is named, and are not named: where
#: letters are counted by two sizes, by one, or by none, and where no letters occur at all.
TABLES = (3, 4, 5, 6, 7, 12, 40)
LARGER = (3, 4, 5, 6, 7, 12, 40, 100)
FURTHER = (3, 4, 5, 6, 7, 12, 40, 100, 1000)
EVERY = (*range(101), 128, 256, 1000)
#: The same by the most indices of a letter; -1 if there is none.
BY_INDICES = {-1: EVERY, 0: FURTHER, 1: LARGER, 2: TABLES}
#: How many of these in all: the smallest, and the largest. How many sizes change together.
SMALLEST, LARGEST, MOST_TOGETHER = 2, 3, 2
#: Up to which size every two are paired where no letters occur; how many pairs are tried elsewhere.
PAIRED, MOST_PAIRS = 12, 8
#: The share of the work, the random points, how many choices of free indices are tried, and
#: how many of these are the first ones.
SHARE, POINTS, MOST_CHOICES, ALWAYS = 0.05, 2, 12, 2
#: The share of the work at sizes that the numbers in a formula suggest: who writes `K > 40` says
#: what happens at 41. All of them together may take so many times the work.
SUGGESTED_SHARE, MOST_SUGGESTED_WORK = 1.0, 4
#: Which sizes are tried with a smaller share, where letters occur.
BETWEEN, SMALL_SHARE = range(6, 12), 0.01
#: The share of the work at sizes at which a vector has few enough letters for valleys.
VALLEYS_SHARE = 0.2
#: Between which sizes those are tried that the numbers in a formula suggest, and how many. Where a
#: letter is counted by two sizes, the largest is that of `TABLES`.
LEAST_SUGGESTED, LARGEST_SUGGESTED, MOST_SUGGESTED = 6, 1100, 20
#: How many of those close to where something is zero, and of those found by trying them all.
MOST_ZEROS = 48
#: The largest where nothing is counted by a size and none is an exponent, so that large ones cost
#: no more than small ones.
LARGEST_OF_NUMBERS = 10**30
#: How much a size is larger that is soon after another.
LITTLE_LATER = 1.1


class Trial(NamedTuple):
    """Sizes that are not named, and what share of the work may go into trying them."""

    sizes: dict[str, int]
    share: float = SHARE


def near_trials(
    named: Mapping[str, Sequence[int]],
    fixed: Mapping[str, int],
    tried: Sequence[int],
    unknowns: Unknowns,
) -> list[Trial]:
    """Return the sizes that equations and numbers in the formula suggest.

    Parameters
    ----------
    named, fixed, tried
        As for `larger_sizes`.
    unknowns : Unknowns
        What the formula is with these sizes as unknowns.
    """
    counted = {TABLES: max(TABLES), LARGER: LARGEST_SUGGESTED}
    free = LARGEST_SUGGESTED if unknowns.are_exponents else LARGEST_OF_NUMBERS
    largest = counted.get(tuple(tried), free)
    alike = (Alike(unknowns, entries) for entries in KINDS)
    swept = itertools.chain.from_iterable(map(swept_sizes, itertools.chain([unknowns], alike)))
    solved = [
        {**fixed, **each}
        for found in (sizes_of_zeros(unknowns), swept)
        for each in itertools.islice((x for x in found if max(x.values()) <= largest), MOST_ZEROS)
    ]
    suggested = suggested_sizes(unknowns.constants)
    near = [n for n in suggested if LEAST_SUGGESTED <= n <= largest][:MOST_SUGGESTED]
    return [Trial(x, SUGGESTED_SHARE) for x in [*solved, *one_at_a_time(named, fixed, near)]]


def other_trials(
    named: Mapping[str, Sequence[int]],
    fixed: Mapping[str, int],
    tried: Sequence[int],
    known: Iterable[Trial],
) -> list[Trial]:
    """Return the sizes to try whatever a formula says, but for those of some known trials."""
    few = [] if tried == EVERY else BETWEEN
    found = [
        *known,
        *(Trial(sizes, share_of(sizes)) for sizes in larger_sizes(named, fixed, tried)),
        *(Trial(sizes, SMALL_SHARE) for sizes in one_at_a_time(named, fixed, few)),
    ]
    unique = {tuple(each.sizes.items()): each for each in reversed(found)}
    return [each for each in reversed(unique.values()) if each not in known]


def share_of(sizes: Mapping[str, int]) -> float:
    """Return the share of the work at sizes: more where valleys can be sought."""
    return VALLEYS_SHARE if max(sizes.values()) <= MOST_LETTERS else SHARE


def one_at_a_time(
    named: Mapping[str, Sequence[int]], fixed: Mapping[str, int], values: Sequence[int]
) -> Iterator[dict[str, int]]:
    """Yield sizes of which one has a value that is not named, and all others their first."""
    for size, known in named.items():
        for value in values:
            if value > min(known) and value not in known:
                yield {**fixed, size: value}


def suggested_sizes(numbers: Iterable[Fraction]) -> list[int]:
    """Return the sizes close to the numbers in a formula, and to numbers made of these.

    They are one over a number, as a share of one class; one over what is missing to one, as the
    share of all others; and those of `passed_sizes`.
    """
    found = [abs(x) for x in numbers]
    missing = [1 / (1 - x) for x in found if 0 < x < 1]
    values = [*(y for x in found for y in (x, 1 / x if x else x)), *missing]
    near = [(math.ceil(x) + 1, math.ceil(x), math.floor(x), math.floor(x) - 1) for x in values]
    return list(dict.fromkeys([*itertools.chain.from_iterable(near), *passed_sizes(found)]))


def passed_sizes(numbers: Sequence[Fraction]) -> Iterator[int]:
    """Yield sizes soon after a power of e, of two or of a number, a square, and a square root.

    An entropy of x nats is passed at e to x, one of x bits at two to x; a ratio of norms at x
    squared, or a little later if it is that of K - 1; one of a table's at the root of x.
    """
    ratios = [y for x in numbers if x for y in (x, 1 / x)]
    passed = [*(float(y * y) for y in ratios), *map(math.sqrt, ratios)]
    bases = dict.fromkeys([math.e, 2.0, *(float(x) for x in numbers if x > 1)])
    for base, x in itertools.product(bases, numbers):
        if 1 < x < math.log(LARGEST_OF_NUMBERS, base):
            passed.append(base ** float(x))
    for value in sorted(passed):
        yield from (math.floor(value) + 1, math.floor(LITTLE_LATER * value) + 1)


def larger_sizes(
    named: Mapping[str, Sequence[int]], fixed: Mapping[str, int], tried: Sequence[int] = LARGER
) -> Iterator[dict[str, int]]:
    """Yield sizes that are not named: one at a time, all at once if they are few, and in pairs.

    Parameters
    ----------
    named : dict of str to sequence of int
        The sizes to vary, and the values that are named.
    fixed : dict of str to int
        A value for every size.
    tried : sequence of int
        The values to try, in order: some of them, unless they are `EVERY`.

    Examples
    --------
    >>> list(larger_sizes({"K": (2, 4)}, {"K": 2}))
    [{'K': 3}, {'K': 5}, {'K': 12}, {'K': 40}, {'K': 100}]
    """
    others = {}
    for size, values in named.items():
        unnamed = [value for value in tried if value > min(values) and value not in values]
        few = dict.fromkeys([*unnamed[:SMALLEST], *unnamed[-LARGEST:]])
        others[size] = unnamed if tried == EVERY else list(few)
    if len(named) > 1:
        for size, values in others.items():
            yield from one_at_a_time({size: named[size]}, fixed, values)
    if len(named) <= MOST_TOGETHER:
        for chosen in zip(*others.values(), strict=False):
            yield {**fixed, **dict(zip(others, chosen, strict=True))}
    for pair in itertools.combinations(named, 2):
        for chosen in pairs([named[size] for size in pair], tried == EVERY):
            yield {**fixed, **dict(zip(pair, chosen, strict=True))}


def pairs(named: list[Sequence[int]], every: bool) -> list[tuple[int, ...]]:
    """Return small values of two sizes that are not both named, the smallest first."""
    values = []
    for each in named:
        unnamed = [n for n in range(min(each), PAIRED + 1) if n not in each]
        values.append([*each, *(unnamed if every else unnamed[:SMALLEST])])
    known = set(itertools.product(*named))
    found = sorted((x for x in itertools.product(*values) if x not in known), key=math.prod)
    return found if every else found[:MOST_PAIRS]


def some(choices: list[dict[str, int]], random: Random) -> list[dict[str, int]]:
    """Return some of many choices of indices: the first two, which often lead, and others."""
    others = random.sample(choices[ALWAYS:], min(len(choices[ALWAYS:]), MOST_CHOICES - ALWAYS))
    return [*choices[:ALWAYS], *others]


def try_beyond(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Try a claim at sizes that are not named; raise a Counterexample if it fails there."""
    if evaluator.tiny:
        try_limit(claim, POINTS, evaluator, random)
    elif not claim.letters:
        point = draw_supposed(claim.given, evaluator, random)
        if point is not None:
            refuse_at(claim, point, evaluator, random)
    elif claim.left != claim.right or claim.relation in STRICT:
        try_points(claim, POINTS, evaluator, random)
        try_special(claim, structured(claim.letters, evaluator), evaluator, random)
        hunt(claim, evaluator, random)
        if claim.relation not in (*STRICT, "="):  # `hunt` tries it where it is strict
            sides = claim.left, claim.right
            try_put_ins(claim, rests(sides, evaluator), evaluator, random)
        if claim.relation != "=":
            search_valleys(claim, evaluator, random)
