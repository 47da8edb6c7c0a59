"""Claims that hold a limit: they are tried close to it, and once far closer.

A limit has to be one wherever the conditions hold, but for the ends of domains. So they are tried
where that may change, too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random

import flint
import sympy as sp
from flint import arb, fmpq

from checkedmath.deciding.balls import MOST_BITS, UNDEFINED, Point, as_text, is_number
from checkedmath.deciding.judging import (
    SHORT,
    Claim,
    Counterexample,
    Finding,
    Parted,
    Unsettled,
    counterexample,
    exactly,
    is_free,
    is_long,
    judged,
    parts_of,
    shown_at,
)
from checkedmath.deciding.sampling import draw, draw_short
from checkedmath.deciding.special import (
    BENDS,
    PutIn,
    borders,
    corners,
    domains_of,
    ends,
    placed,
    put_ins,
)
from checkedmath.deciding.supposing import NO_POINT, draw_supposed, first_broken
from checkedmath.deciding.tending import DRIFTING, SURE, USUAL, Nearness, Sides, tendencies
from checkedmath.deciding.thresholds import WORK, Brinks, thresholds
from checkedmath.deciding.together import far_points
from checkedmath.errors import FormulaError
from checkedmath.meaning.arithmetic import Value, is_matrix
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import indicator
from checkedmath.reading.relations import RELATIONS

#: How many random points are tried, and where only is asked whether a limit is one.
POINTS, FEWER_POINTS = 23, 4
#: How much work it is to put something in, in programs; how often a short point is sought.
EFFORT, SHORT_TRIES = 16, 8
#: In how many letters at most is looked at what thresholds divide, one letter after the other.
MOST_LETTERS, MOST_IN_ORDER = 8, 4
#: Why a limit is none.
DIVERGES = "it diverges there, or too slowly to tell"
NOWHERE = "close to it a side is no number"


def decide_limit(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation that holds a limit, close to the limit."""
    point = draw_supposed(claim.given, evaluator, random)
    if point is None:
        raise FormulaError(NO_POINT)
    tried = Limits(claim, evaluator, random)
    tried.refuse(point, SURE)
    tried.refuse_anywhere(POINTS)
    return "sampled"


def try_limit(claim: Claim, count: int, evaluator: Evaluator, random: Random) -> None:
    """Try a limit at some random points, every second one far out, and where statements break."""
    Limits(claim, evaluator, random).refuse_anywhere(count)


def refuse_unsettled(
    limit: Value, given: tuple[Claim, ...], evaluator: Evaluator, random: Random
) -> None:
    """Refuse a limit that is none somewhere, though it is multiplied by zero, or cancels."""
    for entry in limit if is_matrix(limit) else [limit]:
        if entry.free_symbols & evaluator.tiny.keys():
            claim = Claim("=", entry, entry, given)
            Limits(claim, evaluator, random).refuse_anywhere(FEWER_POINTS)


def require_close(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Raise a Counterexample if what makes values numbers fails close to the target of a limit."""
    holds = Claim("=", indicator(*claim[:3]), sp.Integer(1), claim.given)
    Limits(holds, evaluator, random).refuse_anywhere(FEWER_POINTS)


def is_not_settled(sides: Sides) -> bool:
    """Tell whether one of two limits is not seen to be a number."""
    return not all(map(is_number, sides))


def is_surely_none(sides: Sides) -> bool:
    """Tell whether one of two limits diverges, or is no number though the other one is."""
    if any(x is DRIFTING for x in sides):
        return True
    return any(x is UNDEFINED for x in sides) and any(map(is_number, sides))


class Limits:
    """A claim that holds limits, and where it is tried.

    Parameters
    ----------
    claim : Claim
        What is tried.
    evaluator : Evaluator
        Which computed it.
    random : Random
        The source of points.
    """

    def __init__(self, claim: Claim, evaluator: Evaluator, random: Random) -> None:
        self.claim, self.evaluator, self.random = claim, evaluator, random

    def refuse_anywhere(self, count: int) -> None:
        """Refuse the claim at some random points, or where statements break."""
        claim, evaluator, random = self.claim, self.evaluator, self.random
        for n in range(count):
            point = draw_supposed(claim.given, evaluator, random, wide=n % 2 == 1)
            if point is not None:
                self.refuse(point)
        sides_given = ((each.left, each.right) for each in claim.given)
        usual = put_ins((claim.left, claim.right), evaluator)
        for meant in itertools.chain(borders(sides_given, evaluator), usual):
            if not evaluator.budget.may_hunt(EFFORT * claim.program.size):
                break
            point = draw(evaluator, random)
            known = not any(x.free_symbols & evaluator.tiny.keys() for x in meant.values())
            if known and placed(meant, point, evaluator) is not None:
                self.refuse_with(meant, point)
        self.refuse_beyond_thresholds()
        for meant in itertools.chain(
            ends(claim.letters, evaluator), corners(claim.letters, evaluator)
        ):
            if not evaluator.budget.may_meet(EFFORT * claim.program.size):
                break
            self.refuse_with(meant, draw(evaluator, random), at_end=True)

    def refuse_beyond_thresholds(self) -> None:
        """Refuse the claim where the letters are far out, or where a limit may cease to be one."""
        claim, evaluator, random = self.claim, self.evaluator, self.random
        found = thresholds(claim, evaluator.tiny)
        if found or any(isinstance(part, BENDS) for part in parts_of([claim.left, claim.right])):
            for point in far_points(domains_of(claim.letters, evaluator), evaluator, random):
                if not evaluator.budget.may_combine(WORK * claim.program.size):
                    break
                self.refuse_tied(claim, point)
        if found and len(claim.letters) <= MOST_LETTERS:
            brinks = Brinks(claim, found, evaluator, random, self.refuse_tied)
            brinks.hold_in_order(list(brinks.domains)[:MOST_IN_ORDER])

    def refuse(self, point: Point, levels: tuple[Nearness, ...] = USUAL) -> None:
        """Refuse the claim if it fails at a random point, or the limit does not settle there."""
        fault = self.fault(self.claim, point, point, levels)
        if fault is None:
            return
        for _ in range(SHORT_TRIES):
            short = draw_short(self.evaluator, self.random, fine=True)
            if is_supposed(self.claim, short):
                simpler = self.fault(self.claim, short, short, levels)
                if type(simpler) is type(fault):
                    raise simpler
        raise self.shortened(fault, point)

    def refuse_with(self, meant: PutIn, point: Point, at_end: bool = False) -> None:
        """Refuse the claim if it fails where some letters stand for expressions of others."""
        shown = {s: meant[s].xreplace(point) if s in meant else x for s, x in point.items()}
        self.refuse_special(self.claim.with_put_in(meant), point, shown, at_end)

    def refuse_tied(self, tied: Claim, point: Point) -> None:
        """Refuse the claim if it fails at a point, where equal numbers are put in already."""
        self.refuse_special(tied, point, point)

    def refuse_special(
        self, put_in: Claim, point: Point, shown: Point, at_end: bool = False
    ) -> None:
        """Refuse the claim if it fails at a special point, where sides may be no numbers."""
        if not is_supposed(put_in, point):
            return
        fault = self.fault(put_in, point, shown, is_none=is_surely_none)
        if fault and not (isinstance(fault, Unsettled) and at_end):
            raise self.shortened(fault, shown)

    def shortened(self, fault: Counterexample, shown: Point) -> Counterexample:
        """Return a fault at numbers with few digits, if it is the same there."""
        long = {s: x for s, x in shown.items() if s in self.claim.letters and is_long(x)}
        plain = all(isinstance(x, (sp.Rational, fmpq, arb)) for x in shown.values())
        if long and plain and all(is_free(s, x) for s, x in long.items()):
            for digits in SHORT:
                texts = {s: as_text(x, digits) for s, x in long.items()}
                point = {**shown, **{s: exactly(x) for s, x in texts.items()}}
                if is_supposed(self.claim, point):
                    again = self.fault(self.claim, point, {**shown, **texts})
                    if type(again) is type(fault):
                        return again
        return fault

    def fault(
        self,
        claim: Claim,
        point: Point,
        shown: Point,
        levels: tuple[Nearness, ...] = USUAL,
        is_none: Callable[[Sides], bool] = is_not_settled,
    ) -> Counterexample | None:
        """Return what is wrong at a point: another limit, or none."""
        found = tendencies(claim, point, self.evaluator, levels)
        if levels is USUAL and any(map(is_none, found)):
            found = tendencies(claim, point, self.evaluator, SURE)
        if fails(claim, found):
            return refutation(self.claim, found, shown)
        none = next(filter(is_none, found), None)
        if none is None:
            return None
        reason = NOWHERE if any(x is UNDEFINED for x in none) else DIVERGES
        return Unsettled(reason, "", shown_at(self.claim, shown))


def is_supposed(claim: Claim, point: Point) -> bool:
    """Tell whether the conditions of a claim hold at a point."""
    return first_broken(claim.given, point) is None


def settled_only(found: list[Sides]) -> list[Sides]:
    """Return those limits from different sides of which both are numbers."""
    return [sides for sides in found if all(map(is_number, sides))]


def fails(claim: Claim, found: list[Sides]) -> bool:
    """Tell whether a claim on limits fails, from some side or because two sides are not alike."""
    known = settled_only(found)
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


def refutation(claim: Claim, found: list[Sides], point: Point) -> Counterexample:
    """Return the counter-example to a claim on limits."""
    known = settled_only(found)
    with flint.ctx.workprec(MOST_BITS):
        apart = parted(known)
        sides = apart or next(each for each in known if not holds(claim, each))
    return counterexample(claim, sides, point, Parted if apart else Counterexample)
