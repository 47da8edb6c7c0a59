"""Sizes that a page does not name: `K: 2 3` means every size from two on, so larger ones are tried.

Nothing is proved there. They are tried with a share of the work that a formula may take, and what
would take more is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from checkedmath.deciding.approaching import try_limit
from checkedmath.deciding.claims import claims, try_points
from checkedmath.deciding.hunting import hunt, try_special
from checkedmath.deciding.judging import STRICT, Claim
from checkedmath.deciding.special import structured
from checkedmath.meaning.evaluator import Evaluator

#: Which sizes are tried, if they are larger than the least that is named, and are not named.
LARGER = (3, 4, 5, 6, 7, 12, 40)
#: How many of these in all: the two smallest, and the two largest. How many sizes change together.
SMALLEST, LARGEST, MOST_TOGETHER = 2, 2, 2
#: The share of the work, the random points, and how many choices of free indices are tried.
SHARE, POINTS, MOST_CHOICES = 0.05, 2, 12


def larger_sizes(
    named: Mapping[str, Sequence[int]], fixed: Mapping[str, int], every: bool = False
) -> Iterator[dict[str, int]]:
    """Yield sizes that are not named: one of them at a time, and if they are few all at once.

    Parameters
    ----------
    named : dict of str to sequence of int
        The sizes to vary, and the values that are named.
    fixed : dict of str to int
        A value for every size.
    every : bool
        Whether all sizes up to the largest are tried, as is cheap where no letters occur.

    Examples
    --------
    >>> list(larger_sizes({"K": (2, 4)}, {"K": 2}))
    [{'K': 3}, {'K': 5}, {'K': 12}, {'K': 40}]
    """
    others = {}
    for size, values in named.items():
        tried = range(LARGER[-1] + 1) if every else LARGER
        unnamed = [value for value in tried if value > min(values) and value not in values]
        few = dict.fromkeys([*unnamed[:SMALLEST], *unnamed[-LARGEST:]])
        others[size] = unnamed if every else list(few)
    if len(named) > 1:
        for size, values in others.items():
            yield {**fixed, size: values[0]}
    if len(named) <= MOST_TOGETHER:
        for chosen in zip(*others.values(), strict=False):
            yield {**fixed, **dict(zip(others, chosen, strict=True))}


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
        elif claim.left != claim.right or claim.relation in STRICT:
            try_points(claim, POINTS, evaluator, random)
            try_special(claim, structured(claim.letters, evaluator), evaluator, random)
            hunt(claim, evaluator, random)
