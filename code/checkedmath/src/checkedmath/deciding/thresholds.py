r"""Where a limit may cease to be one: where what decides how its parts grow changes its sign.

So does :math:`y` in :math:`T e^{-T y}`, and :math:`x - 5` in :math:`\max(0, x - 5) / T`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from random import Random

import sympy as sp

from checkedmath.deciding.balls import Point, program
from checkedmath.deciding.judging import Claim, parts_of
from checkedmath.deciding.special import LONGEST_EQUATION, zeros_that_matter
from checkedmath.deciding.ties import Tie, ties_of
from checkedmath.deciding.together import Cells, distinct
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Largest

#: What grows or not by the sign of its argument.
GROWING = (sp.exp, sp.tanh, sp.sin, sp.cos)
#: How many of these are looked at.
MOST_THRESHOLDS = 24
#: How much work it is to try a limit at a point, in programs: at two distances of each nearness.
WORK = 8


def thresholds(claim: Claim, tiny: Collection[sp.Symbol]) -> list[Tie]:
    """Return what is zero where a limit may cease to be one, and the borders of conditions."""
    parts = parts_of([claim.left, claim.right])
    decisive = itertools.chain.from_iterable(deciding(part, tiny) for part in parts)
    short = (x for x in decisive if program(x).size <= LONGEST_EQUATION)
    first = itertools.islice(short, MOST_THRESHOLDS)
    found = dict.fromkeys(
        y for x in first for each in branches(x) for y in coefficients(each, tiny)
    )
    compared = (tie for tie in ties_of(claim) if not tie.gap.free_symbols & set(tiny))
    conditions = [Tie(each.left, each.right, True) for each in claim.given]
    plain = itertools.islice(compared, MOST_THRESHOLDS)
    return distinct([*plain, *conditions, *(Tie(x, sp.Integer(0), True) for x in found)])


def deciding(part: sp.Expr, tiny: Collection[sp.Symbol]) -> list[sp.Expr]:
    """Return by what sign it is decided how the outermost operation of an expression grows."""
    found = list(zeros_that_matter(part))
    if isinstance(part, GROWING):
        found.append(part.args[0])
    if part.is_Pow and part.exp.free_symbols & set(tiny):
        found += [part.base - 1, part.exp]
    return found


def branches(x: sp.Expr) -> list[sp.Expr]:
    """Return what an expression is if each of its largest numbers is one of these."""
    for largest in x.atoms(Largest):
        return [y for arg in largest.args for y in branches(x.xreplace({largest: arg}))]
    return [x]


def coefficients(x: sp.Expr, tiny: Collection[sp.Symbol]) -> Iterator[sp.Expr]:
    """Yield what an expression is multiplied by powers of tiny distances with."""
    above = sp.fraction(sp.together(x))[0]
    within = sorted(above.free_symbols & set(tiny), key=str)
    if not above.is_polynomial(*within):
        return
    terms = sp.Poly(above, *within).coeffs() if within else [above]
    yield from (term for term in terms if term.free_symbols)


class Brinks(Cells):
    """The cells into which thresholds divide the domain of the letters; a limit is tried in each.

    Parameters
    ----------
    claim : Claim
        What is tried.
    ties : list of Tie
        The thresholds.
    evaluator : Evaluator
        Which computed it.
    random : Random
        The source of what the other letters are.
    attempt : callable
        Tries the claim, with equal numbers put in, at a point.
    """

    def __init__(
        self,
        claim: Claim,
        ties: list[Tie],
        evaluator: Evaluator,
        random: Random,
        attempt: Callable[[Claim, Point], None],
    ) -> None:
        super().__init__(claim, ties, evaluator, random)
        self.attempt = attempt

    def look(self, claim: Claim, point: Point) -> bool:
        """Try the limit at a point -> whether there was work left to do so."""
        if not self.evaluator.budget.may_combine(WORK * claim.program.size):
            return False
        self.attempt(claim, point)
        return True
