"""Claims that hold a limit: they are tried close to it, and once far closer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import sympy as sp

from checkedmath.deciding.balls import MANY_BITS, MOST_BITS, Number, Point, is_number
from checkedmath.deciding.judging import (
    ALIKE,
    STRICT,
    Claim,
    Finding,
    both,
    counterexample,
    judged,
    refute,
)
from checkedmath.deciding.sampling import draw
from checkedmath.deciding.special import PutIn, ends, fits, put_ins
from checkedmath.errors import FormulaError
from checkedmath.meaning.evaluator import Evaluator


class Nearness(NamedTuple):
    """Two tiny distances to a target, and with how many bits is computed there."""

    distances: tuple[sp.Rational, sp.Rational]
    bits: int


# Roots of two and three, with few digits: one over a power of ten is a whole number of periods.
ODD, OTHER = sp.Rational(141421356237, 10**11), sp.Rational(173205080757, 10**11)
NEAR = Nearness((ODD / 10**90, OTHER / 10**100), MANY_BITS)
NEARER = Nearness((ODD / 10**500, OTHER / 10**510), MOST_BITS)
POINTS = 23
#: How much work it is to put something in, in programs.
EFFORT = 16


def decide_limit(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation that holds a limit, close to the limit."""
    approach(claim, draw(evaluator, random), evaluator, random, NEARER)
    try_limit(claim, POINTS, evaluator, random)
    return "sampled"


def try_limit(claim: Claim, count: int, evaluator: Evaluator, random: Random) -> None:
    """Try a limit at some random points, and where statements break."""
    for _ in range(count):
        approach(claim, draw(evaluator, random), evaluator, random, NEAR)
    for meant in put_ins((claim.left, claim.right), evaluator):
        if not evaluator.budget.may_hunt(EFFORT * claim.program.size):
            break
        point = draw(evaluator, random)
        known = not any(x.free_symbols & evaluator.tiny.keys() for x in meant.values())
        if known and fits(meant, point, evaluator):
            approach_with(claim, meant, point, evaluator)
    for meant in ends(claim.letters, evaluator):
        approach_with(claim, meant, draw(evaluator, random), evaluator)


def approach(
    claim: Claim, point: Point, evaluator: Evaluator, random: Random, nearness: Nearness
) -> None:
    """Refute a limit that is another at a point; refuse one that is none."""
    for near in approaches(evaluator, nearness):
        if not settles(claim, point, near, nearness.bits):
            raise FormulaError("the limit does not settle: it diverges, or too slowly to tell")
        if not nearly_holds(claim, {**point, **near[0]}, nearness.bits):
            refute(claim, {**point, **near[0]}, evaluator, random)


def approach_with(claim: Claim, meant: PutIn, point: Point, evaluator: Evaluator) -> None:
    """Refute a limit that is another where some letters stand for expressions of others."""
    put_in = claim.with_put_in(meant)
    for near in approaches(evaluator, NEAR):
        there = {**point, **near[0]}
        if settles(put_in, point, near, NEAR.bits) and not nearly_holds(put_in, there, NEAR.bits):
            shown = {s: meant[s].xreplace(point) if s in meant else x for s, x in there.items()}
            raise counterexample(claim, both(put_in, there, NEAR.bits), shown)


def approaches(evaluator: Evaluator, nearness: Nearness) -> Iterator[list[Point]]:
    """Yield pairs of tiny distances to the targets of limits, from every allowed side."""
    signs = [(1, -1) if two_sided else (1,) for two_sided in evaluator.tiny.values()]
    for chosen in itertools.product(*signs):
        yield [
            {symbol: sign * distance for symbol, sign in zip(evaluator.tiny, chosen, strict=True)}
            for distance in nearness.distances
        ]


def settles(claim: Claim, point: Point, near: list[Point], bits: int) -> bool:
    """Tell whether both sides are the same at two tiny distances."""
    sides = zip(*(both(claim, {**point, **each}, bits) for each in near), strict=True)
    return all(
        is_number(first) and is_number(second) and are_alike(first, second)
        for first, second in sides
    )


def nearly_holds(claim: Claim, point: Point, bits: int) -> bool:
    """Tell whether a claim on a limit holds close to it, where equal sides are only alike."""
    left, right = both(claim, point, bits)
    if are_alike(left, right):
        return claim.relation not in STRICT
    return judged(claim.relation, left - right) is not Finding.FAILS


def are_alike(left: Number, right: Number) -> bool:
    """Tell whether two numbers surely differ by little."""
    return bool(abs(left - right) <= ALIKE * (1 + abs(left)))
