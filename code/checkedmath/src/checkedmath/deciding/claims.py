r"""Decide whether two values stand in a relation: by algebra, and by numbers.

Whatever algebra says, every claim is tried on random points too: algebra takes it for granted that
each logarithm and root is a real number, and the points, drawn from the declared domains, tell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple, NoReturn

import mpmath
import sympy as sp

from checkedmath.deciding.multiprecision import (
    DIGITS,
    MANY_DIGITS,
    MOST_DIGITS,
    WORKING_DIGITS,
    Number,
    Point,
    as_text,
    is_number,
    program,
    value,
)
from checkedmath.deciding.polynomials import vanishes
from checkedmath.deciding.sampling import corners, draw, draw_short, move, simplex_rows
from checkedmath.errors import FormulaError
from checkedmath.meaning.arithmetic import Value, describe, is_matrix
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Indicator, Largest, Select
from checkedmath.reading.relations import RELATIONS, holds
from checkedmath.steps import weakest

#: How many random points are tried after a proof, without one, and for an inequality.
POINTS = {"exact": 2, "numeric": 4, "sampled": 60}
#: How many more after a proof that takes logarithms or roots of what may be negative.
MORE_IF_DARING = 14
#: How many more without a proof, where a claim may hold on one side of a bend and not beyond.
MORE_IF_BENT = 60
POINTS_OF_LIMIT = 24
POINTS_OF_REQUIREMENT = 24
BENDS = (Largest, Indicator, Select, sp.Abs, sp.sign, sp.Heaviside)
CLIMBS, STRIDES = 3, 40
SHORT_TRIES = 60
TOLERANCE = mpmath.mpf(10) ** -DIGITS
#: With how many digits two sides are compared, and by how much they may differ.
TOLERANCES = {
    WORKING_DIGITS: TOLERANCE,
    MANY_DIGITS: mpmath.mpf(10) ** -(3 * MANY_DIGITS // 4),
    MOST_DIGITS: mpmath.mpf(10) ** -(3 * MOST_DIGITS // 4),
}
TINY = (sp.Rational(1, 10**90), sp.Rational(1, 10**100))


class Counterexample(Exception):  # noqa: N818
    """A claim that fails at a point."""

    def __init__(self, left: str, right: str, point: Point) -> None:
        super().__init__()
        self.left, self.right, self.point = left, right, point


class Claim(NamedTuple):
    """That two numbers stand in a relation, wherever their letters are in their domains."""

    relation: str
    left: sp.Expr
    right: sp.Expr

    def size(self) -> int:
        """Return how many operations it takes to compute both sides."""
        return program(self.left).size + program(self.right).size


def decide(relation: str, left: Value, right: Value, evaluator: Evaluator, random: Random) -> str:
    r"""Decide a relation between two values -> the method.

    Parameters
    ----------
    relation : str
        ``=``, ``\le``, ...
    left, right : sympy expressions or matrices of one shape
        The values.
    evaluator : Evaluator
        Which computed them.
    random : Random
        The source of points.

    Raises
    ------
    Counterexample
        If there is a counter-example.
    FormulaError
        If the shapes differ, or a limit does not settle.
    """
    return weakest(
        [decide_claim(claim, evaluator, random) for claim in claims(relation, left, right)]
    )


def require(
    relation: str, left: sp.Expr, right: sp.Expr, evaluator: Evaluator, random: Random
) -> None:
    """Raise a Counterexample if what makes values numbers fails at a random point."""
    try_points(Claim(relation, left, right), POINTS_OF_REQUIREMENT, evaluator, random)


def claims(relation: str, left: Value, right: Value) -> list[Claim]:
    """Split a relation of vectors or matrices into relations of numbers; zero fits any shape."""
    if is_matrix(left) != is_matrix(right) and relation == "=":
        if is_matrix(left) and right == 0:
            right = left * 0
        elif is_matrix(right) and left == 0:
            left = right * 0
    if getattr(left, "shape", ()) != getattr(right, "shape", ()):
        raise FormulaError(f"left is {describe(left)}, right is {describe(right)}")
    if not is_matrix(left):
        return [Claim(relation, sp.sympify(left), sp.sympify(right))]
    return [Claim(relation, a, b) for a, b in zip(left, right, strict=True)]


def decide_claim(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation of two numbers -> the method."""
    if evaluator.tiny:
        return decide_limit(claim, evaluator, random)
    try_points(claim, POINTS["exact"], evaluator, random)
    method = "exact" if is_proved(claim, evaluator) else "sampled"
    if method == "sampled" and claim.relation == "=":
        method = "numeric"
    try_points(claim, POINTS[method] - POINTS["exact"], evaluator, random)
    try_points(claim, more_points(claim, method), evaluator, random)
    if method == "numeric":
        refuse_at(claim, draw(evaluator, random), evaluator, random, (MANY_DIGITS,))
    if method == "sampled":
        try_corners(claim, evaluator, random)
        climb(claim, evaluator, random)
    return method


def try_points(claim: Claim, count: int, evaluator: Evaluator, random: Random) -> None:
    """Try a claim on some random points, every second one far out."""
    usual, wide = (WORKING_DIGITS, MANY_DIGITS), (WORKING_DIGITS, MANY_DIGITS, MOST_DIGITS)
    for n in range(count):
        digits = wide if n % 2 else usual
        refuse_at(claim, draw(evaluator, random, wide=n % 2 == 1), evaluator, random, digits)


def try_corners(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Try an inequality where all numbers are the same, if its sides are numbers there."""
    for point in corners(evaluator):
        if all(map(is_number, both(claim, point, WORKING_DIGITS))):
            refuse_at(claim, point, evaluator, random)


def more_points(claim: Claim, method: str) -> int:
    """Return how many points more are tried because of what occurs in a claim."""
    parts = list(parts_of([claim.left, claim.right]))
    if method == "exact":
        return MORE_IF_DARING if any(map(is_daring, parts)) else 0
    return MORE_IF_BENT if any(isinstance(x, BENDS) for x in parts) else 0


def is_daring(x: sp.Expr) -> bool:
    """Tell whether an expression is a logarithm or a root that might not be a number."""
    takes_root = x.is_Pow and not x.args[1].is_Integer
    return (takes_root or isinstance(x, sp.log)) and x.args[0].is_positive is not True


def parts_of(expressions: Iterable[sp.Expr]) -> Iterator[sp.Expr]:
    """Yield all parts of some expressions, each of them once."""
    seen: set[sp.Expr] = set()
    waiting = list(expressions)
    while waiting:
        x = waiting.pop()
        if x not in seen:
            seen.add(x)
            waiting += x.args
            yield x


def decide_limit(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation that holds a limit, close to the limit."""
    for _ in range(POINTS_OF_LIMIT):
        point = draw(evaluator, random)
        for near in approaches(evaluator):
            if not settles(claim, point, near):
                raise FormulaError("the limit does not settle: it diverges, or too slowly to tell")
            if not claim_holds(claim, point | near[0], MANY_DIGITS, TOLERANCE):
                refute(claim, point | near[0], evaluator, random)
    return "sampled"


def approaches(evaluator: Evaluator) -> Iterator[list[Point]]:
    """Yield pairs of tiny distances to the targets of limits, from every allowed side."""
    signs = [(1, -1) if two_sided else (1,) for two_sided in evaluator.tiny.values()]
    for chosen in itertools.product(*signs):
        yield [
            {symbol: sign * distance for symbol, sign in zip(evaluator.tiny, chosen, strict=True)}
            for distance in TINY
        ]


def settles(claim: Claim, point: Point, near: list[Point]) -> bool:
    """Tell whether both sides are the same at two tiny distances."""
    for side in (claim.left, claim.right):
        first, second = (value(side, point | each, MANY_DIGITS) for each in near)
        if not is_number(first) or not is_number(second):
            return False
        if abs(first - second) > TOLERANCE * (1 + abs(first)):
            return False
    return True


# -- proofs


def is_proved(claim: Claim, evaluator: Evaluator) -> bool:
    """Tell whether algebra proves a claim."""
    difference = claim.left - claim.right
    if claim.relation == "=":
        if difference == 0 or vanishes(difference, budget=evaluator.budget):
            return True
        meant = distributions(evaluator)
        return bool(meant) and vanishes(difference, meant, evaluator.budget)
    return bool(getattr(difference, f"is_{RELATIONS[claim.relation].difference}"))


def distributions(evaluator: Evaluator) -> dict[sp.Symbol, sp.Expr]:
    """Return the entries of distributions in terms of weights: positive, and they sum to one."""
    meant: dict[sp.Symbol, sp.Expr] = {}
    for _, entries in simplex_rows(evaluator):
        weights = [sp.Symbol(f"{symbol.name}w", positive=True) for symbol in entries[:-1]] + [1]
        total = sp.Add(*weights)
        meant |= {s: w / total for s, w in zip(entries, weights, strict=True)}
    return meant


# -- numbers


def refuse_at(
    claim: Claim,
    point: Point,
    evaluator: Evaluator,
    random: Random,
    digits: tuple[int, ...] = (WORKING_DIGITS, MANY_DIGITS),
) -> None:
    """Refute a claim if it fails at a point, even when computed with more and more digits."""
    evaluator.budget.spend_numbers(claim.size())
    if any(claim_holds(claim, point, each) for each in digits):
        return
    if any(map(mpmath.isinf, both(claim, point, WORKING_DIGITS))):
        if MOST_DIGITS in digits:
            return  # a wide point is no loss
        raise FormulaError("a number that is too large to be computed")
    refute(claim, point, evaluator, random)


def refute(claim: Claim, point: Point, evaluator: Evaluator, random: Random) -> NoReturn:
    """Raise a Counterexample, if possible at a point that is easier on the reader."""
    tolerance = TOLERANCE if evaluator.tiny else TOLERANCES[MANY_DIGITS]
    near = {symbol: point[symbol] for symbol in evaluator.tiny}
    for attempt in range(SHORT_TRIES):
        short = draw_short(evaluator, random, fine=attempt > SHORT_TRIES // 2) | near
        sides = both(claim, short, MANY_DIGITS)
        if all(map(is_number, sides)) and not stand(claim.relation, *sides, tolerance):
            point = short
            break
    occurring = set(parts_of([claim.left, claim.right]))
    shown = {symbol: number for symbol, number in point.items() if symbol in occurring}
    raise Counterexample(*as_texts(*both(claim, point, MANY_DIGITS)), shown)


def as_texts(left: Number, right: Number) -> tuple[str, str]:
    """Return two values as texts that differ if the values do."""
    for digits in (12, DIGITS, MANY_DIGITS):
        texts = as_text(left, digits), as_text(right, digits)
        if texts[0] != texts[1]:
            break
    return texts


def both(claim: Claim, point: Point, digits: int) -> tuple[Number, Number]:
    """Return both sides of a claim at a point."""
    return value(claim.left, point, digits), value(claim.right, point, digits)


def claim_holds(claim: Claim, point: Point, digits: int, tolerance: Number | None = None) -> bool:
    """Tell whether a claim holds at a point; where a side is not a number it does not."""
    left, right = both(claim, point, digits)
    tolerance = TOLERANCES[digits] if tolerance is None else tolerance
    return is_number(left) and is_number(right) and stand(claim.relation, left, right, tolerance)


def stand(relation: str, left: Number, right: Number, tolerance: Number = TOLERANCE) -> bool:
    """Tell whether two numbers stand in a relation; what differs by rounding only is equal."""
    rounding = tolerance * (max(abs(left), abs(right)) + tolerance ** mpmath.mpf("0.5"))
    return holds(relation, left, right, rounding)


def climb(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Look for a counter-example of an inequality where it comes closest to one."""
    sign = 1 if claim.relation in (r"\le", "<") else -1
    gap = sign * (claim.right - claim.left)
    for _ in range(CLIMBS):
        point = draw(evaluator, random)
        best = value(gap, point)
        for _ in range(STRIDES):
            evaluator.budget.spend_numbers(program(gap).size)
            moved = move(point, evaluator, random)
            reached = value(gap, moved)
            if is_number(reached) and reached < best:
                point, best = moved, reached
        refuse_at(claim, point, evaluator, random)
