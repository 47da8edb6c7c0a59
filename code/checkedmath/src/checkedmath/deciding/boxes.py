"""Small regions in which a claim fails: its domain is cut into boxes, the most suspect one first.

A box gives an interval to each number that is free. Over a whole box both sides are computed at
once, and where the claim holds in all of it, the box is done with. Every other one is tried at a
point inside and cut in two, first where the claim may fail by most. With few free numbers this
finds what random points, lines and slopes pass by: a dip or a bump that is narrow, and far from all
that is special. It is a search: the claim is judged at points alone, with bounds of all rounding,
and no proof is made of boxes that are done with.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import sympy as sp

from checkedmath.deciding.balls import program
from checkedmath.deciding.intervals import ANY, Interval, OverBox, add, known, product, size
from checkedmath.deciding.judging import Claim, Finding, exactly, judge, refute
from checkedmath.deciding.sampling import simplex_rows
from checkedmath.deciding.special import domains_of
from checkedmath.deciding.ties import MOST_TIES, ties_of
from checkedmath.meaning.derivatives import Slope
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import indicator

#: How many numbers may be free, and how many boxes are cut, also for an outcome that may be rare.
MOST_FREE, MOST_CUTS, CUTS_OF_OUTCOME = 3, 6_000, 1_000
#: How much more work a number with bounds is than one of the machine; what any box takes.
EFFORT, OF_A_BOX = 8, 60
#: What is to be found, by what is claimed.
SOUGHT = {"<": ">", r"\le": ">", ">": "<", r"\ge": "<", "=": r"\ne"}
#: Where the boxes begin and end; numbers in them may be as close to zero as they like.
LARGEST = 2.0**64
WHOLE = {"real": (-LARGEST, LARGEST), "positive": (0.0, LARGEST), "unit": (0.0, 1.0)}
#: An interval that reaches over more than this ratio is cut by exponents; one from zero, so far up.
RATIO, INWARD = 16, 8
#: What is narrower than this, next to its size or to what counts as small, is cut no more.
NARROWEST, SMALL = 2.0**-44, 2.0**-20
#: Next to the sides, a difference below this may be rounding.
NOISE = 1e-12
#: How far from its middle a box may be tried, so that the point has few digits.
ASIDE = 1 / 8
#: The lower and the upper end of each free number.
Box = tuple[tuple[float, float], ...]


def search_boxes(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Look for a small region in which a claim fails, if it is not one about a limit.

    First where a comparison in it has an outcome that may be rare, then where the claim may fail.

    Raises
    ------
    Counterexample
        If there is one.
    """
    free = Free(claim, evaluator)
    if evaluator.tiny or not 0 < len(free.domains) <= MOST_FREE:
        return
    for point in suspects(claim, free, evaluator):
        if not evaluator.budget.may_cut(EFFORT * claim.program.size):
            return
        if judge(claim, point) is Finding.FAILS:
            refute(claim, point, evaluator, random)


def suspects(claim: Claim, free: Free, evaluator: Evaluator) -> Iterator[dict[sp.Symbol, Any]]:
    """Yield a point for each outcome of what a claim compares, and those where it seems to fail."""
    for tie in ties_of(claim)[:MOST_TIES]:
        for relation in ("<", ">"):
            outcome = Claim(relation, tie.one, tie.other, claim.given)
            yield from itertools.islice(Search(outcome, free, evaluator).points(CUTS_OF_OUTCOME), 1)
    fails = claim._replace(relation=SOUGHT[claim.relation])
    yield from Search(fails, free, evaluator).points(MOST_CUTS)


class Free:
    """The numbers that are free, and what the letters of a claim are in terms of them.

    Attributes
    ----------
    domains : dict of sympy.Symbol to str
        The domain of each free number.
    meant : dict of sympy.Symbol to sympy.Expr
        What the entries of distributions are.
    """

    def __init__(self, claim: Claim, evaluator: Evaluator) -> None:
        letters = set().union(*(each.letters for each in (claim, *claim.given)))
        self.domains = domains_of(letters, evaluator)
        self.meant: dict[sp.Symbol, sp.Expr] = {}
        for _, row in simplex_rows(evaluator):
            if letters & set(row):
                self.meant |= broken_off(row, letters)
        shares = sp.Tuple(*self.meant.values()).free_symbols
        self.domains |= dict.fromkeys(sorted(shares, key=str), "unit")

    def point(self, numbers: Iterable[float]) -> dict[sp.Symbol, Any]:
        """Return what all letters are, as decimal fractions, for the numbers that are free."""
        at = {s: exactly(repr(x)) for s, x in zip(self.domains, numbers, strict=True)}
        return at | dict(zip(self.meant, program(*self.meant.values()).run(at), strict=True))


def broken_off(row: list[sp.Symbol], letters: set[sp.Symbol]) -> dict[sp.Symbol, sp.Expr]:
    """Return the entries of a distribution, each a share of what those before it leave over.

    Those that do not occur have equal parts of the rest.
    """
    first = [s for s in row if s in letters]
    last = [s for s in row if s not in letters] or [first.pop()]
    meant, rest = {}, sp.Integer(1)
    for s in first:
        share = sp.Symbol(f"{s.name}of", positive=True)
        meant[s], rest = rest * share, rest * (1 - share)
    return meant | dict.fromkeys(last, rest / len(last))


class Search:
    """The search for points at which a claim holds, if there are few of them."""

    def __init__(self, claim: Claim, free: Free, evaluator: Evaluator) -> None:
        self.claim, self.free, self.budget = claim, free, evaluator.budget
        sign = -1 if claim.relation == "<" else 1
        sides = [(sign * side).xreplace(free.meant) for side in (claim.left, claim.right)]
        gap = sides[0] - sides[1]
        slopes = [Slope(letter)(gap) for letter in free.domains]
        given = [indicator(x.relation, x.left, x.right).xreplace(free.meant) for x in claim.given]
        self.at_point, self.over_box = OverBox(gap, *sides), OverBox(gap, *slopes, *given)
        self.effort = OF_A_BOX + self.at_point.size + self.over_box.size
        self.waiting = Waiting()

    def points(self, most_cuts: int) -> Iterator[dict[sp.Symbol, Any]]:
        """Yield points at which it seems to hold, as long as there is work left."""
        parts: list[Box] = [tuple(WHOLE[domain] for domain in self.free.domains.values())]
        for _ in range(most_cuts):
            for box in parts:
                if not self.budget.may_cut(self.effort):
                    return
                middle = [inside(*side) for side in box]
                here, *sides = self.at_point.run(self.named((x, x) for x in middle))
                if self.seems_to_hold(here, sides):
                    yield self.free.point(middle)
                self.consider(box, middle, here)
            if not self.waiting.boxes:
                return
            parts = halves(*self.waiting.take())

    def named(self, intervals: Iterable[Interval]) -> dict[sp.Symbol, Interval]:
        """Return intervals by the letters that are free."""
        return dict(zip(self.free.domains, intervals, strict=True))

    def seems_to_hold(self, gap: Interval, sides: list[Interval]) -> bool:
        """Tell whether the claim holds at a point, as far as numbers of the machine tell."""
        known_sides = [side for side in sides if side is not None]
        if gap is None or len(known_sides) < len(sides):
            return False
        if self.claim.relation != r"\ne":
            return gap[0] > 0
        return size(gap)[0] > NOISE * sum(size(side)[1] for side in known_sides)

    def consider(self, box: Box, middle: list[float], here: Interval) -> None:
        """Let a box wait to be cut, unless the claim, or a condition, holds nowhere in it."""
        gap, *others = self.over_box.run(self.named(box))
        slopes, given = others[: len(box)], others[len(box) :]
        if gap is None or not all(each and each[1] for each in given):
            return
        moves = [
            ANY if slope is None else product(slope, (low - at, high - at))
            for slope, (low, high), at in zip(slopes, box, middle, strict=True)
        ]
        near = known(add)(here, *moves) or ANY
        bound = min(self.height(gap), self.height(near))
        letter = most(moves, box)
        if bound > 0 and span(*box[letter]) > NARROWEST:
            self.waiting.put(box, letter, bound)

    def height(self, gap: tuple[float, float]) -> float:
        """Return by how much the claim may hold."""
        return gap[1] if self.claim.relation != r"\ne" else size(gap)[1]


class Waiting:
    """Boxes that wait to be cut: in turn the one where most may be wrong, and the oldest.

    Where about as much may be wrong, the narrowest comes first. Without the oldest, a place at
    which no bound becomes any better would take all the work.
    """

    def __init__(self) -> None:
        self.boxes: dict[int, tuple[Box, int]] = {}
        self.best: list[tuple[float, float, int]] = []
        self.oldest: deque[int] = deque()
        self.numbers, self.turns = itertools.count(), itertools.cycle((True, False))

    def put(self, box: Box, letter: int, bound: float) -> None:
        """Let a box wait, with the letter along which it is to be cut."""
        n = next(self.numbers)
        self.boxes[n] = box, letter
        self.oldest.append(n)
        if bound < math.inf:
            widest = max(high - low for low, high in box)
            heapq.heappush(self.best, (-float(f"{bound:.1e}"), widest, n))

    def take(self) -> tuple[Box, int]:
        """Return the next box, and the letter along which to cut it."""
        turn = next(self.turns)
        while True:
            n = heapq.heappop(self.best)[-1] if turn and self.best else self.oldest.popleft()
            if n in self.boxes:
                return self.boxes.pop(n)


# -- intervals of one letter


def most(moves: list[tuple[float, float]], box: Box) -> int:
    """Return the letter that changes a number most over a box; the widest if that is not known."""
    changes = [size(move)[1] for move in moves]
    if not all(map(math.isfinite, changes)):
        changes = [span(*side) for side in box]
    return max(range(len(box)), key=changes.__getitem__)


def span(low: float, high: float) -> float:
    """Return how wide an interval is, next to its size."""
    return (high - low) / max(-low, high, SMALL)


def halves(box: Box, letter: int) -> list[Box]:
    """Return the two boxes that a box is cut into along a letter."""
    low, high = box[letter]
    at = cut(low, high)
    return [(*box[:letter], part, *box[letter + 1 :]) for part in ((low, at), (at, high))]


def cut(low: float, high: float) -> float:
    """Return where an interval is cut in two: by sign, by exponent, or in the middle.

    >>> cut(-9, 9), cut(1, 256), cut(5, 6)
    (0.0, 16.0, 5.5)
    """
    if low < 0 < high:
        return 0.0
    if high <= 0:
        return -cut(-high, -low)
    if low == 0:
        return 1.0 if high > 1 else high / INWARD
    if high > RATIO * low:
        return 2.0 ** ((math.frexp(low)[1] + math.frexp(high)[1]) // 2 - 1)
    return (low + high) / 2


def inside(low: float, high: float) -> float:
    """Return a number of few digits well inside an interval.

    >>> inside(3.125, 3.1875), inside(-1, 1)
    (3.16, 0.0)
    """
    middle = cut(low, high)
    reach = ASIDE * min(high - low, abs(middle))
    rounded = (float(f"{middle:.{digits}g}") for digits in range(1, 18))
    return next(x for x in rounded if abs(x - middle) <= reach)
