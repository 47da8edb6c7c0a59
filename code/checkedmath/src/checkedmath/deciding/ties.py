r"""Both outcomes of what a claim compares: its numbers in order, in the other order, and equal.

Where two numbers tie, one is put in the place of the other, so that a step knows that they are
equal, and everything else is computed with balls around a zero of their difference.
"""

from __future__ import annotations

import itertools
from random import Random
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb

from checkedmath.deciding.balls import MANY_BITS, Point, value
from checkedmath.deciding.crossings import (
    EVALUATIONS,
    Line,
    crossings,
    is_exhaustive,
    lines,
    numbers,
)
from checkedmath.deciding.judging import Claim, Finding, counterexample, judge, parts_of, told_apart
from checkedmath.deciding.special import all_even
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Corner, Indicator, Jump, Largest, SlopeOfSelect

#: What has another value, or none, where two numbers are equal than close by.
STEPS = (Indicator, Corner, Jump, SlopeOfSelect, sp.sign)
#: How many pairs of numbers are looked at.
MOST_TIES = 24
#: How far from a tie the outcomes on both sides are looked at, next to its size.
ASIDE = arb(2) ** -60


class Tie(NamedTuple):
    """Two numbers that a claim compares, and whether it may step where they are equal."""

    one: sp.Expr
    other: sp.Expr
    steps: bool

    @property
    def gap(self) -> sp.Expr:
        """The one less the other."""
        return self.one - self.other

    @property
    def meant(self) -> dict[sp.Expr, sp.Expr]:
        """What to put in where both are equal: the shorter one for the longer."""
        short, long = sorted((self.one, self.other), key=lambda x: (not x.is_number, x.count_ops()))
        return {long: short}


def ties_of(claim: Claim) -> list[Tie]:
    """Return the pairs of numbers that a claim compares."""
    parts = list(parts_of([claim.left, claim.right]))
    steps = any(isinstance(part, STEPS) for part in parts)
    pairs = dict.fromkeys(pair for part in parts for pair in compared_in(part))
    found = {one - other: Tie(one, other, steps) for one, other in pairs}
    return [tie for gap, tie in found.items() if gap.free_symbols]


def compared_in(part: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
    """Return what the outermost operation of an expression compares."""
    if isinstance(part, Indicator):
        return [part.args[1:]]
    if isinstance(part, Jump):
        return [part.args[:2]]
    if isinstance(part, Largest):
        return list(itertools.combinations(part.args, 2))
    if isinstance(part, Corner):
        return [(part.args[0], other) for other in part.args[1:]]
    if isinstance(part, SlopeOfSelect):
        return [part.args[n + 1 : n + 3] for n in range(0, len(part.args), 5)]
    if isinstance(part, (sp.Abs, sp.sign)):
        return [(part.args[0], sp.Integer(0))]
    return []


def meets_ties(claim: Claim, evaluator: Evaluator, random: Random) -> bool:
    """Tell whether a claim was seen to hold in all outcomes of what it compares.

    Raises
    ------
    Counterexample
        If it fails at one of them.
    """
    ties = ties_of(claim)
    met = [Meeting(claim, tie, ties, evaluator).is_met(random) for tie in ties[:MOST_TIES]]
    return len(ties) <= MOST_TIES and all(met)


class Meeting:
    """What becomes of a claim where two numbers tie, and close by."""

    def __init__(self, claim: Claim, tie: Tie, ties: list[Tie], evaluator: Evaluator) -> None:
        self.claim, self.tie, self.evaluator = claim, tie, evaluator
        self.tied = claim
        for each in (tie, *(other for other in ties if follows(other, tie))):
            self.tied = self.tied.with_put_in(each.meant)
        self.told = self.in_doubt = False

    def is_met(self, random: Random) -> bool:
        """Tell whether all outcomes were seen; raise a Counterexample if the claim fails there."""
        if self.cannot_be() or any(each.never_holds for each in self.tied.given):
            return True
        self.look_where_all_are_alike()
        whole = False
        for line in lines(self.tie.gap, self.evaluator, random):
            if not self.evaluator.budget.may_meet(EVALUATIONS * self.claim.program.size):
                return False
            places, touches = crossings(self.tie.gap, line)
            self.in_doubt |= touches
            for x in places:
                self.look(line.at(x))
                self.look_aside(line, x)
            whole |= is_exhaustive(self.tie.gap, line)
        return (self.told or whole) and not self.in_doubt

    def cannot_be(self) -> bool:
        """Tell whether two numbers are surely never equal, or never change their order."""
        gap = self.tie.gap.xreplace(self.evaluator.closed)
        return bool(
            gap.is_nonzero or (not self.tie.steps and (gap.is_nonnegative or gap.is_nonpositive))
        )

    def look_where_all_are_alike(self) -> None:
        """Look at the points at which all letters are equal, if both numbers are."""
        for even in all_even(self.evaluator):
            point = numbers(even)
            if value(self.tie.gap, point) == 0:
                self.look(point)

    def look(self, point: Point) -> None:
        """Note what a point shows at which the two numbers are equal."""
        if any(judge(each, point) is Finding.FAILS for each in self.tied.given):
            return
        found = judge(self.tied, point)
        if found in (Finding.FAILS, Finding.APART):
            raise counterexample(self.claim, told_apart(self.tied, point), point)
        self.told |= found is not Finding.CANNOT_TELL
        self.in_doubt |= found is Finding.CANNOT_TELL

    def look_aside(self, line: Line, x: Any) -> None:
        """Look at both sides of a place where the two numbers are equal."""
        for sign in (1, -1):
            with flint.ctx.workprec(MANY_BITS):
                near = arb(arb(x + sign * ASIDE * (1 + abs(arb(x)))).mid())
            point = line.at(near)
            if line.holds(near) and judge(self.claim, point) in (Finding.FAILS, Finding.APART):
                raise counterexample(self.claim, told_apart(self.claim, point), point)


def follows(other: Tie, tie: Tie) -> bool:
    """Tell whether two numbers are plainly equal where two others are."""
    letters = sorted(tie.gap.free_symbols, key=str)
    if other == tie or not all(x.is_polynomial(*letters) for x in (other.gap, tie.gap)):
        return False
    below = sp.fraction(sp.cancel(other.gap / tie.gap))[1]
    return bool(below.is_number)
