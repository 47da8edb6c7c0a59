"""Claims that hold a limit: they are tried close to it, and once far closer.

What a side tends to is enclosed by its values at two tiny distances: it is taken to be no further
from the nearer one than some times their difference.
"""

from __future__ import annotations

import itertools
from random import Random
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb

from checkedmath.deciding.balls import MANY_BITS, MOST_BITS, Number, Point, is_number
from checkedmath.deciding.judging import (
    ALIKE,
    Claim,
    Counterexample,
    Finding,
    Parted,
    both,
    counterexample,
    judge,
    judged,
    parts_of,
)
from checkedmath.deciding.sampling import draw, draw_short
from checkedmath.deciding.special import (
    BENDS,
    PutIn,
    corners,
    domains_of,
    ends,
    fits,
    put_ins,
)
from checkedmath.deciding.together import far_points
from checkedmath.errors import FormulaError
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.relations import RELATIONS


class Nearness(NamedTuple):
    """Two tiny distances to a target, and with how many bits is computed there."""

    distances: tuple[Any, Any]
    bits: int


# Roots of two and three, with few digits: one over a power of ten is a whole number of periods.
ODD, OTHER = sp.Rational(141421356237, 10**11), sp.Rational(173205080757, 10**11)
NEAR = Nearness((ODD / 10**90, OTHER / 10**100), MANY_BITS)
NEARER = Nearness((ODD / 10**500, OTHER / 10**510), MOST_BITS)
#: For what tends slowly, as a small power does, and does not cancel.
NEAREST = Nearness((arb(2) ** -(10**8) / 3, arb(2) ** -(10**9) / 5), MANY_BITS)
#: How many times the difference a limit may be away from the nearer value.
SLACK = 2**20
POINTS, MOST_DRAWS = 23, 60
#: How much work it is to put something in, in programs; how often a short point is sought.
EFFORT, SHORT_TRIES = 16, 8
#: What an author can do about a limit that does not exist.
CONDITION = r"give a condition under which the limit exists, as `\quad (x > 0)`, or leave it out"
#: What the two sides of a claim tend to.
Sides = tuple[Number, Number]


def decide_limit(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation that holds a limit, close to the limit."""
    points = (draw(evaluator, random) for _ in range(MOST_DRAWS))
    point = next((each for each in points if is_supposed(claim, each)), None)
    if point is None:
        raise FormulaError("no point was found at which its conditions hold")
    approach(claim, point, evaluator, random, NEARER)
    try_limit(claim, POINTS, evaluator, random)
    return "sampled"


def try_limit(claim: Claim, count: int, evaluator: Evaluator, random: Random) -> None:
    """Try a limit at some random points, every second one far out, and where statements break."""
    for n in range(count):
        approach(claim, draw(evaluator, random, wide=n % 2 == 1), evaluator, random, NEAR)
    for meant in put_ins((claim.left, claim.right), evaluator):
        if not evaluator.budget.may_hunt(EFFORT * claim.program.size):
            break
        point = draw(evaluator, random)
        known = not any(x.free_symbols & evaluator.tiny.keys() for x in meant.values())
        if known and fits(meant, point, evaluator):
            approach_with(claim, meant, point, evaluator)
    if any(isinstance(part, BENDS) for part in parts_of([claim.left, claim.right])):
        for point in far_points(domains_of(claim.letters, evaluator), evaluator, random):
            if not evaluator.budget.may_combine(claim.program.size):
                break
            approach_with(claim, {}, point, evaluator)
    for meant in (*ends(claim.letters, evaluator), *corners(claim.letters, evaluator)):
        approach_with(claim, meant, draw(evaluator, random), evaluator)


def approach(
    claim: Claim, point: Point, evaluator: Evaluator, random: Random, nearness: Nearness
) -> None:
    """Refute a limit that is another at a point; refuse one that is none."""
    if not is_supposed(claim, point):
        return
    found = tendencies(claim, point, evaluator, nearness)
    if None in found:
        raise FormulaError(
            "the limit does not settle: it diverges, or too slowly to tell", remedy=CONDITION
        )
    if fails(claim, found):
        for _ in range(SHORT_TRIES):
            short = draw_short(evaluator, random, fine=True)
            simpler = tendencies(claim, short, evaluator, nearness)
            if is_supposed(claim, short) and fails(claim, simpler):
                point, found = short, simpler
                break
        raise refutation(claim, found, point)


def approach_with(claim: Claim, meant: PutIn, point: Point, evaluator: Evaluator) -> None:
    """Refute a limit that is another where some letters stand for expressions of others."""
    put_in = claim.with_put_in(meant)
    found = tendencies(put_in, point, evaluator, NEAR)
    if is_supposed(put_in, point) and fails(put_in, found):
        shown = {s: meant[s].xreplace(point) if s in meant else x for s, x in point.items()}
        raise refutation(claim, found, shown)


def is_supposed(claim: Claim, point: Point) -> bool:
    """Tell whether the conditions of a claim hold at a point."""
    return all(judge(each, point) is Finding.HOLDS for each in claim.given)


def tendencies(
    claim: Claim, point: Point, evaluator: Evaluator, nearness: Nearness
) -> list[Sides | None]:
    """Return what both sides tend to, from every allowed side; None where they do not settle."""
    signs = [(1, -1) if two_sided else (1,) for two_sided in evaluator.tiny.values()]
    found = []
    for chosen in itertools.product(*signs):
        directions = dict(zip(evaluator.tiny, chosen, strict=True))
        tried = (tending(claim, point, directions, each) for each in (nearness, NEAREST))
        found.append(next((sides for sides in tried if sides is not None), None))
    return found


def tending(
    claim: Claim, point: Point, directions: dict[sp.Symbol, int], nearness: Nearness
) -> Sides | None:
    """Return what both sides tend to from one side, or None if they do not settle."""
    near = [
        {**point, **{s: sign * distance for s, sign in directions.items()}}
        for distance in nearness.distances
    ]
    far, close = (both(claim, each, nearness.bits) for each in near)
    with flint.ctx.workprec(nearness.bits):
        left, right = (settled(*values) for values in zip(far, close, strict=True))
    return None if left is None or right is None else (left, right)


def settled(far: Number, close: Number) -> Number | None:
    """Return a ball around the limit of two values, or None if they are not nearly the same."""
    if not (is_number(far) and is_number(close)):
        return None
    drift = abs(far - close)
    if not drift <= ALIKE * (1 + abs(far)):
        return None
    return close if drift == 0 else arb(close) + arb(0, (SLACK * arb(drift)).upper())


def fails(claim: Claim, found: list[Sides | None]) -> bool:
    """Tell whether a claim on limits fails, from some side or because two sides are not alike."""
    known = [sides for sides in found if sides is not None]
    with flint.ctx.workprec(MOST_BITS):
        return parted(known) is not None or any(not holds(claim, sides) for sides in known)


def holds(claim: Claim, sides: Sides) -> bool:
    """Tell whether a claim on limits may hold."""
    gap = sides[0] - sides[1]
    if gap < 0 or gap > 0:
        return judged(claim.relation, gap) is not Finding.FAILS
    return RELATIONS[claim.relation].between(0, 0)


def parted(known: list[Sides]) -> Sides | None:
    """Return two limits from different sides that should be one."""
    for values in zip(*known, strict=True):
        for one, other in itertools.combinations(values, 2):
            if one < other or one > other:
                return one, other
    return None


def refutation(claim: Claim, found: list[Sides | None], point: Point) -> Exception:
    """Return the counter-example to a claim on limits."""
    known = [sides for sides in found if sides is not None]
    with flint.ctx.workprec(MOST_BITS):
        apart = parted(known)
        sides = apart or next(each for each in known if not holds(claim, each))
    return counterexample(claim, sides, point, Parted if apart else Counterexample)
