"""What both sides of a claim tend to where it holds limits.

A limit is enclosed by two values at tiny distances from its target: it is taken to be no further
from the nearer one than some times their difference. The nearest distances at which bounds tell
decide, so that no constant is too large and none too small.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb

from checkedmath.deciding.balls import (
    MANY_BITS,
    MOST_BITS,
    UNDEFINED,
    VAGUE,
    NoNumber,
    Number,
    Point,
    is_number,
)
from checkedmath.deciding.judging import ALIKE, Claim, both
from checkedmath.meaning.evaluator import Evaluator


class Nearness(NamedTuple):
    """Two tiny distances to a target, and with how many bits is computed there."""

    distances: tuple[Any, Any]
    bits: int


#: What surely changes between two tiny distances: it diverges, or tends too slowly.
DRIFTING = NoNumber("DRIFTING")
# Roots of two and three, with few digits: one over a power of ten is a whole number of periods.
ODD, OTHER = sp.Rational(141421356237, 10**11), sp.Rational(173205080757, 10**11)
NEAR = Nearness((ODD / 10**90, OTHER / 10**100), MANY_BITS)
NEARER = Nearness((ODD / 10**500, OTHER / 10**510), MOST_BITS)
#: Nearer than one over any power of numbers that a formula may hold.
CLOSE = Nearness((ODD / 10**1900, OTHER / 10**1910), MOST_BITS)
#: For what does not cancel, as powers of two: also very small powers have settled here.
NEAREST = Nearness((arb((3, -(10**60))), arb((5, -(10**61)))), MANY_BITS)
#: In which order distances are tried until they tell: for most points, and where these do not.
USUAL, SURE = (NEAREST, NEAR), (NEAREST, CLOSE, NEARER, NEAR)
#: How many times the difference a limit may be away from the nearer value.
SLACK = 2**20
#: What the two sides of a claim tend to: no number if they surely tend to none.
Sides = tuple[Number, Number]


def tendencies(
    claim: Claim, point: Point, evaluator: Evaluator, levels: Iterable[Nearness] = USUAL
) -> list[Sides]:
    """Return what both sides tend to, from every allowed side."""
    tiny = {s: two_sided for s, two_sided in evaluator.tiny.items() if s in claim.letters}
    signs = [(1, -1) if two_sided else (1,) for two_sided in tiny.values()]
    directions = [dict(zip(tiny, chosen, strict=True)) for chosen in itertools.product(*signs)]
    return [tending(claim, point, each, levels) for each in directions]


def tending(
    claim: Claim, point: Point, directions: dict[sp.Symbol, int], levels: Iterable[Nearness]
) -> Sides:
    """Return what both sides tend to from one side, by the nearest distances that tell."""
    left = right = VAGUE
    for nearness in levels:
        one, other = close_by(claim, point, directions, nearness)
        left, right = (one if left is VAGUE else left), (other if right is VAGUE else right)
        if left is not VAGUE and right is not VAGUE:
            break
    return left, right


def close_by(
    claim: Claim, point: Point, directions: dict[sp.Symbol, int], nearness: Nearness
) -> Sides:
    """Return what both sides seem to tend to at two tiny distances."""
    near = [
        {**point, **{s: sign * distance for s, sign in directions.items()}}
        for distance in nearness.distances
    ]
    far, close = (both(claim, each, nearness.bits) for each in near)
    with flint.ctx.workprec(nearness.bits):
        return settled(far[0], close[0]), settled(far[1], close[1])


def settled(far: Number, close: Number) -> Number:
    """Return a ball around the limit of two values; none if they surely are not nearly the same."""
    if isinstance(far, NoNumber) or isinstance(close, NoNumber):
        return UNDEFINED
    if not (is_number(far) and is_number(close)):
        return VAGUE
    drift, most = abs(far - close), ALIKE * (1 + abs(far))
    if not drift <= most:
        return DRIFTING if drift > most else VAGUE
    return close if drift == 0 else arb(close) + arb(0, (SLACK * arb(drift)).upper())
