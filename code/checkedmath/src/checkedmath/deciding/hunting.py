"""Look for a counter-example where statements break, and where their sides come closest."""

from __future__ import annotations

from random import Random

from checkedmath.deciding.balls import MANY_BITS
from checkedmath.deciding.judging import Claim, Finding, both, counterexample, judge, refute
from checkedmath.deciding.sampling import draw
from checkedmath.deciding.special import PutIn, fits, put_ins, special_points
from checkedmath.meaning.evaluator import Evaluator

#: How often numbers are put in for the other letters, and how much work putting in is.
TRIES, EFFORT = 2, 16


def hunt(claim: Claim, evaluator: Evaluator, random: Random, ends: bool = True) -> None:
    """Look for a counter-example where statements break.

    Parameters
    ----------
    claim : Claim
        What has no proof.
    evaluator : Evaluator
        Which computed it, and knows how much more may be done.
    random : Random
        The source of points.
    ends : bool
        Whether to look at the ends of domains too, where logarithms may be missing.

    Raises
    ------
    Counterexample
        If there is one.
    """
    for meant in put_ins((claim.left, claim.right), evaluator):
        if not evaluator.budget.may_hunt(EFFORT * claim.program.size):
            return
        try_put_in(claim, meant, evaluator, random)
    for special in special_points(claim.letters, evaluator, random):
        if special.at_end and not ends:
            continue
        if not evaluator.budget.may_hunt(claim.program.size):
            return
        found = judge(claim, special.point)
        if found is Finding.FAILS or (found is Finding.APART and not special.at_end):
            refute(claim, special.point, evaluator, random)


def try_put_in(claim: Claim, meant: PutIn, evaluator: Evaluator, random: Random) -> None:
    """Try a claim where some letters stand for expressions of others."""
    put_in = claim.with_put_in(meant)
    for _ in range(TRIES):
        point = draw(evaluator, random)
        if fits(meant, point, evaluator) and judge(put_in, point) in (Finding.FAILS, Finding.APART):
            shown = {s: meant[s].xreplace(point) if s in meant else x for s, x in point.items()}
            raise counterexample(claim, both(put_in, point, MANY_BITS), shown)
