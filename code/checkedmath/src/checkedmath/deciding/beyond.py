"""Sizes that a page does not name: `K: 2 3` means every size from two on, so larger ones are tried.

Nothing is proved there. They are tried with a share of the work that a formula may take, and what
would take more is left out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from checkedmath.deciding.approaching import try_limit
from checkedmath.deciding.claims import claims, try_points
from checkedmath.deciding.hunting import hunt, try_special
from checkedmath.deciding.judging import STRICT, Claim, refuse_at
from checkedmath.deciding.special import structured
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
#: The share of the work, the random points, and how many choices of free indices are tried.
SHARE, POINTS, MOST_CHOICES = 0.05, 2, 12


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
            for value in values:
                yield {**fixed, size: value}
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
    """Return some of many choices of indices."""
    return random.sample(choices, min(len(choices), MOST_CHOICES))


def try_beyond(
    relation: str,
    sides: list[Any],
    evaluator: Evaluator,
    random: Random,
    given: tuple[Claim, ...],
) -> None:
    """Try a relation at sizes that are not named; raise a Counterexample if it fails there."""
    for claim in claims(relation, *sides):
        claim = claim._replace(given=given)
        if evaluator.tiny:
            try_limit(claim, POINTS, evaluator, random)
        elif not claim.letters:
            refuse_at(claim, {}, evaluator, random)
        elif claim.left != claim.right or claim.relation in STRICT:
            try_points(claim, POINTS, evaluator, random)
            try_special(claim, structured(claim.letters, evaluator), evaluator, random)
            hunt(claim, evaluator, random)
