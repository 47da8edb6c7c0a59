r"""Decide whether two values stand in a relation: by algebra, and by numbers.

Whatever algebra says, every claim is tried on random points too: algebra takes it for granted that
each logarithm and root is a real number, and the points, drawn from the declared domains, tell.
Numbers refute a claim only where bounds of both sides exclude it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeVar

import sympy as sp

from checkedmath.deciding.approaching import decide_limit
from checkedmath.deciding.balls import MOST_BITS
from checkedmath.deciding.hunting import hunt, search_valleys
from checkedmath.deciding.judging import (
    FAR,
    STRICT,
    USUAL,
    Claim,
    Counterexample,
    parts_of,
    refuse_at,
)
from checkedmath.deciding.polynomials import vanishes
from checkedmath.deciding.sampling import simplex_rows
from checkedmath.deciding.special import BENDS, SLOPES
from checkedmath.deciding.supposing import NO_POINT, draw_supposed
from checkedmath.deciding.swallowing import refuse_swallowed
from checkedmath.deciding.ties import meets_ties
from checkedmath.deciding.together import meets_together
from checkedmath.errors import FormulaError
from checkedmath.meaning.arithmetic import Value, describe, is_matrix, scalar
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Corner, indicator
from checkedmath.reading.relations import RELATIONS
from checkedmath.steps import weakest

Outcome = TypeVar("Outcome")
#: How many random points are tried after a proof, without one, and for an inequality.
POINTS = {"exact": 2, "numeric": 4, "sampled": 60}
#: How many more after a proof that takes logarithms or roots of what may be negative.
MORE_IF_DARING = 14
#: How many more without a proof, where a claim may hold on one side of a bend and not beyond.
MORE_IF_BENT = 60


def decide(
    relation: str,
    left: Value,
    right: Value,
    evaluator: Evaluator,
    random: Random,
    given: tuple[Claim, ...] = (),
) -> str:
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
    given : tuple of Claim
        What has to hold as well where this is claimed.

    Raises
    ------
    Counterexample
        If there is a counter-example.
    FormulaError
        If the shapes differ, or a limit does not settle.
    """
    return weakest(
        of_each(relation, (left, right), given, lambda x: decide_claim(x, evaluator, random))
    )


def of_each(
    relation: str,
    sides: tuple[Value, Value],
    given: tuple[Claim, ...],
    outcome: Callable[[Claim], Outcome],
) -> list[Outcome]:
    """Return what comes of the claim about each entry of two values."""
    found = []
    for n, claim in enumerate(claims(relation, *sides)):
        with naming_entry(*sides, n):
            found.append(outcome(claim._replace(given=given)))
    return found


@contextlib.contextmanager
def naming_entry(left: Value, right: Value, n: int) -> Iterator[None]:
    """Note in a counter-example which entry of two values it is about, counted from zero."""
    try:
        yield
    except Counterexample as found:
        shape = (left if is_matrix(left) else right).shape if n or is_matrix(left) else (1, 1)
        row, column = divmod(n, shape[1])
        places = [str(at + 1) for at, size in zip((row, column), shape, strict=True) if size > 1]
        found.entry = ", ".join(places)
        raise


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
    pairs = [
        (scalar(a, "an entry"), scalar(b, "an entry")) for a, b in zip(left, right, strict=True)
    ]
    return [Claim(relation, a, b) for a, b in pairs]


def decide_claim(claim: Claim, evaluator: Evaluator, random: Random) -> str:
    """Decide a relation of two numbers -> the method."""
    if evaluator.tiny:
        return decide_limit(claim, evaluator, random)
    told = try_points(claim, POINTS["exact"], evaluator, random)
    if is_proved(claim, evaluator):
        try_points(claim, more_points(claim, "exact"), evaluator, random)
        return "exact"
    method = "numeric" if claim.relation == "=" else "sampled"
    count = POINTS[method] - POINTS["exact"] + more_points(claim, method)
    told += try_points(claim, count, evaluator, random)
    if not told and draw_supposed(claim.given, evaluator, random) is None:
        raise FormulaError(NO_POINT)
    if not told:
        raise FormulaError("it cannot be told whether it holds: too many digits vanish")
    if claim.relation not in STRICT:
        point = draw_supposed(claim.given, evaluator, random)
        if point is not None:
            refuse_at(claim, point, evaluator, random, (MOST_BITS,))
            refuse_swallowed(claim, point)
    hunt(claim, evaluator, random)
    met = meets_ties(claim, evaluator, random) & meets_together(claim, evaluator, random)
    if method == "sampled":
        search_valleys(claim, evaluator, random)
    return method if met else "sampled"


def try_points(claim: Claim, count: int, evaluator: Evaluator, random: Random) -> int:
    """Try a claim on some random points, every second one far out -> how many of them tell."""
    told = 0
    for n in range(count):
        wide = n % 2 == 1
        point = draw_supposed(claim.given, evaluator, random, wide=wide)
        if point is None:
            return told
        told += refuse_at(claim, point, evaluator, random, FAR if wide else USUAL)
    return told


def more_points(claim: Claim, method: str) -> int:
    """Return how many points more are tried because of what occurs in a claim."""
    parts = list(parts_of([claim.left, claim.right]))
    if method == "exact":
        return MORE_IF_DARING if any(map(is_daring, parts)) else 0
    return MORE_IF_BENT if any(isinstance(x, BENDS + SLOPES) for x in parts) else 0


def is_daring(x: sp.Expr) -> bool:
    """Tell whether an expression is a logarithm or a root that might not be a number."""
    takes_root = x.is_Pow and not x.args[1].is_Integer
    return (takes_root or isinstance(x, sp.log)) and x.args[0].is_positive is not True


# -- proofs


def is_proved(claim: Claim, evaluator: Evaluator) -> bool:
    """Tell whether algebra proves a claim."""
    difference = without_slopes(claim)
    if claim.relation == "=":
        if difference == 0 or vanishes(difference, budget=evaluator.budget):
            return True
        meant = distributions(evaluator)
        return bool(meant) and vanishes(difference, meant, evaluator.budget)
    if claim.relation in STRICT:
        difference = difference.xreplace(evaluator.closed)
    return bool(getattr(difference, f"is_{RELATIONS[claim.relation].difference}"))


def without_slopes(claim: Claim) -> sp.Expr:
    """Return left minus right, with slopes at corners as the indicators that they are elsewhere.

    Only where the claim supposes that no corner is met.
    """
    apart = {difference for each in claim.given for difference in parting(each)}
    difference = claim.left - claim.right
    meant = {
        part: indicator(">", *part.args)
        for part in parts_of([difference])
        if isinstance(part, Corner) and len(part.args) == 2 and part.args[0] - part.args[1] in apart
    }
    return difference.xreplace(meant)


def parting(given: Claim) -> list[sp.Expr]:
    """Return what differs from zero if two numbers are not equal."""
    if given.relation not in STRICT:
        return []
    return [given.left - given.right, given.right - given.left]


def distributions(evaluator: Evaluator) -> dict[sp.Symbol, sp.Expr]:
    """Return the entries of distributions in terms of weights: positive, and they sum to one."""
    meant: dict[sp.Symbol, sp.Expr] = {}
    for _, entries in simplex_rows(evaluator):
        weights = [sp.Symbol(f"{symbol.name}w", positive=True) for symbol in entries[:-1]] + [1]
        total = sp.Add(*weights)
        meant |= {s: w / total for s, w in zip(entries, weights, strict=True)}
    return meant
