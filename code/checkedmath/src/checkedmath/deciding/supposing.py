"""Points at which the conditions of a claim hold: random ones, moved where they do not."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

import sympy as sp
from flint import arb

from checkedmath.deciding.balls import Point, as_text, is_number, value
from checkedmath.deciding.judging import Claim, Finding, judge
from checkedmath.deciding.sampling import REACH, draw, simplex_rows
from checkedmath.deciding.special import domains_of
from checkedmath.meaning.approach import BOUNDS
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.relations import side

#: How many random points are moved, each how often.
TRIES, MOVES = 20, 8
#: What is said of conditions that contradict each other, or are too hard to meet.
NO_POINT = "no numbers were found for which its conditions hold together"
#: Into how many parts a distance is divided, some of which are taken.
PARTS = 10**6
#: With how many digits a number is taken that is no fraction, and how large, or small, it may be.
DIGITS, LARGEST = 30, arb(10) ** 1000


def draw_supposed(
    given: Iterable[Claim], evaluator: Evaluator, random: Random, wide: bool = False
) -> dict[sp.Symbol, Any] | None:
    """Return a random point at which conditions hold, or None if none is found."""
    for _ in range(TRIES):
        point = supposed(given, draw(evaluator, random, wide=wide), evaluator, random)
        if point is not None:
            return point
    return None


def supposed(
    given: Iterable[Claim], point: dict[sp.Symbol, Any], evaluator: Evaluator, random: Random
) -> dict[sp.Symbol, Any] | None:
    """Return a point moved to where conditions hold, or None if it does not get there."""
    at: dict[sp.Symbol, Any] | None = point
    for _ in range(MOVES):
        broken = None if at is None else first_broken(given, at)
        if at is None or broken is None:
            return at
        at = moved(broken, given, at, evaluator, random)
    return at if at is not None and first_broken(given, at) is None else None


def first_broken(given: Iterable[Claim], point: Point) -> Claim | None:
    """Return the first condition that does not hold at a point."""
    return next((each for each in given if judge(each, point) is not Finding.HOLDS), None)


def moved(
    broken: Claim,
    given: Iterable[Claim],
    point: dict[sp.Symbol, Any],
    evaluator: Evaluator,
    random: Random,
) -> dict[sp.Symbol, Any] | None:
    """Return a point at which a condition holds, or None if it is not plain how to get there."""
    if any(isinstance(x, arb) for x in point.values()):
        return None
    for relation, letter, other in broken.both_ways:
        bound = number_near(other, point)
        if letter in point and bound is not None:
            row = next((row for _, row in simplex_rows(evaluator) if letter in row), [])
            if relation == "=" and other in row:
                middle = (point[letter] + point[other]) / 2
                return {**point, letter: middle, other: middle}
            bounds = BOUNDS[domains_of([letter], evaluator).get(letter, "simplex")]
            if relation != "=":
                bounds = within(bounds, letter, given, point)
            found = beyond(bound, relation, bounds, random)
            if found is not None:
                return {**point, **shares(row, letter, found, point), letter: found}
    return None


def within(
    bounds: tuple[sp.Expr, sp.Expr],
    letter: sp.Symbol,
    given: Iterable[Claim],
    point: dict[sp.Symbol, Any],
) -> tuple[sp.Expr, sp.Expr]:
    """Return between which numbers a letter may lie, by its domain and by conditions.

    Those that contradict the others count for nothing.
    """
    low, high = bounds
    for relation, left, right in (way for each in given for way in each.both_ways):
        limit = number_near(right, point) if left == letter else None
        if limit is not None and is_below(low, limit) and is_below(limit, high):
            low = limit if side(relation) > 0 else low
            high = limit if side(relation) < 0 else high
    return low, high


def number_near(x: sp.Expr, point: dict[sp.Symbol, Any]) -> sp.Rational | None:
    """Return what an expression is at a point, or what is very near, or None if it is no number."""
    exact = x.xreplace(point)
    if exact.is_Rational:
        return exact
    found = value(x, point)
    if not is_number(found) or not (found == 0 or 1 / LARGEST < abs(found) < LARGEST):
        return None
    return sp.Rational(as_text(found, DIGITS))


def beyond(
    bound: sp.Rational, relation: str, bounds: tuple[sp.Expr, sp.Expr], random: Random
) -> sp.Rational | None:
    """Return a random number between two that stands in a relation to another, if any does."""
    low, high = bounds
    up = relation in (">", r"\ge") or (relation == r"\ne" and random.random() < 1 / 2)
    room = high - bound if up else bound - low
    part = sp.Rational(random.randint(1, PARTS - 1), PARTS)
    step = part * (room if room.is_finite else random.choice(REACH))
    found = bound if relation == "=" else bound + step if up else bound - step
    return found if is_below(low, found) and is_below(found, high) else None


def is_below(x: sp.Expr, y: sp.Expr) -> bool:
    """Tell whether a fraction or an end of a domain is below another; SymPy asks for far more."""
    if x.is_Rational and y.is_Rational:
        return bool(x.p * y.q < y.p * x.q)
    return x != y and (x is sp.S.NegativeInfinity or y is sp.S.Infinity)


def shares(
    row: list[sp.Symbol], letter: sp.Symbol, share: sp.Rational, point: dict[sp.Symbol, Any]
) -> dict[sp.Symbol, Any]:
    """Return what the others of a distribution become when one class gets another share."""
    rest = 1 - point[letter]
    if rest == 0:
        return dict.fromkeys(row, (1 - share) / max(len(row) - 1, 1))
    return {s: point[s] * (1 - share) / rest for s in row}
