"""Look for a counter-example where statements break, and where their sides come closest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from random import Random

from flint import arb

from checkedmath.deciding.balls import BITS, MOST_BITS, Point, value
from checkedmath.deciding.downhill import lowest_places
from checkedmath.deciding.judging import (
    STRICT,
    Claim,
    Finding,
    Undecided,
    counterexample,
    judge,
    judge_with,
    parts_of,
    refute,
    shown_at,
    told_apart,
)
from checkedmath.deciding.polynomials import vanishes
from checkedmath.deciding.sampling import draw
from checkedmath.deciding.special import (
    PutIn,
    Special,
    borders,
    corners,
    degenerate_matrices,
    edges,
    in_line,
    placed,
    put_ins,
    rests,
    rests_together,
    shrunk,
    special_points,
)
from checkedmath.deciding.supposing import draw_supposed, supposed
from checkedmath.deciding.swallowing import has_extreme_part
from checkedmath.deciding.valleys import Bottom, valleys
from checkedmath.meaning.evaluator import Evaluator

#: How often random numbers are put in for the other letters, and how much work putting in is: up to
#: some times more in what is long, where sums are sorted anew.
TRIES, EFFORT, LONG, MOST_TIMES = 2, 16, 250, 4
#: How near to the border of a condition a point is that lies at it, next to both sides.
BORDER = arb(2) ** -20
#: How long a fraction may be that is put in where a letter is an exponent.
LONGEST_OF_POWER = 8
#: At how many corners of distributions a strict claim is tried.
MOST_CORNERS = 12
#: Along how many edges valleys are looked for, with starts of how many spreads.
MOST_EDGES, SPREADS_ON_EDGE = 6, 1


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
    if claim.relation != "=":
        try_special(claim, lowest_places(claim, evaluator), evaluator, random)
    sides_given = ((each.left, each.right) for each in claim.given)
    usual = put_ins((claim.left, claim.right), evaluator)
    try_put_ins(claim, itertools.chain(borders(sides_given, evaluator), usual), evaluator, random)
    if claim.relation != "=":
        together = rests_together((claim.left, claim.right), evaluator)
        try_put_ins(claim, together, evaluator, random)
    if claim.relation in STRICT:
        hunt_where_sides_meet(claim, evaluator, random, ends)
    special = special_points(claim.letters, evaluator, random)
    try_special(claim, (each for each in special if ends or not each.at_end), evaluator, random)
    if claim.relation in STRICT:
        sides = claim.left, claim.right
        meant = itertools.chain(in_line(evaluator), degenerate_matrices(sides, evaluator))
        try_put_ins(claim, meant, evaluator, random)
        refuse_meeting(claim, evaluator, random)


def hunt_where_sides_meet(claim: Claim, evaluator: Evaluator, random: Random, ends: bool) -> None:
    """Look where the sides of a strict inequality may be equal: by their slopes, and at corners."""
    try_put_ins(claim, rests((claim.left, claim.right), evaluator), evaluator, random)
    found = corners(claim.letters, evaluator) if ends else ()
    for corner in itertools.islice(found, MOST_CORNERS):
        try_corner(claim, corner, evaluator, random)


def try_special(
    claim: Claim, points: Iterable[Special], evaluator: Evaluator, random: Random
) -> None:
    """Try a claim at special points, as long as there is work left."""
    effort = claim.program.size + len(evaluator.atoms)  # to compute it, and to draw a point
    for special in points:
        if not evaluator.budget.may_hunt(effort):
            return
        point = supposed(claim.given, special.point, evaluator, random)
        if point is None:
            continue
        found = judge(claim, point)
        if found is Finding.FAILS or (found is Finding.APART and not special.at_end):
            refute(claim, point, evaluator, random)


def search_valleys(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Look for a counter-example of an inequality where its sides come closest.

    Raises
    ------
    Counterexample
        If there is one.
    Undecided
        If a strict inequality has sides there of which no digit tells them apart.
    """
    for bottom in valleys(claim, evaluator, random):
        if judge(claim, bottom.point) is Finding.FAILS:
            refute(claim, bottom.point, evaluator, random)
        refuse_touching(claim, bottom)
    effort = effort_of_putting_in(claim)
    if evaluator.budget.hunts < effort:
        return
    on_edges = edges((claim.left, claim.right), evaluator)
    for meant in itertools.islice(on_edges, MOST_EDGES):
        if not evaluator.budget.may_hunt(effort):
            return
        search_valleys_on_edge(claim, meant, evaluator, random)


def search_valleys_on_edge(
    claim: Claim, meant: PutIn, evaluator: Evaluator, random: Random
) -> None:
    """Look for a counter-example where something bends or steps, and the sides come closest."""
    put_in = claim.with_put_in(meant)
    for bottom in valleys(put_in, evaluator, random, SPREADS_ON_EDGE):
        point = {**draw(evaluator, random), **bottom.point}  # some letters may have cancelled
        whole = placed(meant, point, evaluator)
        if whole is not None:
            if judge(put_in, point) is Finding.FAILS:
                raise counterexample(claim, told_apart(put_in, point), whole)
            refuse_touching(claim, bottom._replace(point=whole))


def refuse_touching(claim: Claim, bottom: Bottom) -> None:
    """Refuse a strict inequality if no digit tells its sides apart at the bottom of a valley."""
    if not bottom.touches or claim.relation not in STRICT:
        return
    if all(is_inside(each, bottom.point) for each in claim.given):
        raise Undecided("", "", shown_at(claim, bottom.point))


def is_inside(condition: Claim, point: Point) -> bool:
    """Tell whether a condition holds at a point that does not lie at its border.

    At the border a strict inequality may well have equal sides: x^2 > 1 for x > 1.
    """
    if judge(condition, point) is not Finding.HOLDS:
        return False
    left, right = value(condition.left, point), value(condition.right, point)
    return bool(abs(left - right) > BORDER * (1 + abs(left) + abs(right)))


def try_put_ins(
    claim: Claim, meanings: Iterable[PutIn], evaluator: Evaluator, random: Random
) -> None:
    """Try a claim with letters put in, as long as there is work left."""
    for meant in meanings:
        if not evaluator.budget.may_hunt(effort_of_putting_in(claim)):
            return
        try_put_in(claim, meant, evaluator, random)


def effort_of_putting_in(claim: Claim) -> int:
    """Return how many operations with numbers take as long as to put letters into a claim."""
    size = claim.program.size
    return EFFORT * size * min(1 + size // LONG, MOST_TIMES)


def try_put_in(claim: Claim, meant: PutIn, evaluator: Evaluator, random: Random) -> None:
    """Try a claim where some letters stand for expressions of others."""
    if is_endless(claim, meant):
        return
    given = tuple(each.with_put_in(meant) for each in claim.given)
    for point in points_to_put_in(given, evaluator, random):
        if point is None:
            return
        whole = placed(meant, point, evaluator)
        # Numbers are quick. To put expressions into expressions is not, and tells more.
        if whole is None or judge_with(claim, whole, BITS) is Finding.HOLDS:
            continue
        put_in = claim.with_put_in(meant)
        if fails(put_in, point, evaluator):
            shown = {s: meant[s].xreplace(point) if s in meant else x for s, x in point.items()}
            raise counterexample(claim, told_apart(put_in, point), shown)


def refuse_meeting(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Refuse a strict claim if no digit tells its sides apart where vectors are in line."""
    for meant in in_line(evaluator):
        put_in = claim.with_put_in(meant)
        if not evaluator.budget.may_hunt(effort_of_putting_in(claim)):
            return
        point = draw_supposed(put_in.given, evaluator, random)
        whole = None if point is None else placed(meant, point, evaluator)
        if whole is not None and meets_in_all_digits(claim, whole):
            raise Undecided("", "", shown_at(claim, whole))


def meets_in_all_digits(claim: Claim, point: Point) -> bool:
    """Tell whether sides are equal in all digits that can be had, where conditions hold."""
    if has_extreme_part(claim, point):
        return False
    return judge(claim._replace(relation="="), point, (MOST_BITS,)) is Finding.HOLDS


def points_to_put_in(
    given: tuple[Claim, ...], evaluator: Evaluator, random: Random
) -> Iterator[Point | None]:
    """Yield random points at which conditions hold, and one near zero; None if there is none."""
    for _ in range(TRIES):
        yield draw_supposed(given, evaluator, random)
    near_zero = shrunk(draw(evaluator, random), evaluator)
    yield supposed(given, near_zero, evaluator, random)


def is_endless(claim: Claim, meant: PutIn) -> bool:
    """Tell whether what is put in makes powers of long fractions, which nobody can write out."""
    long = {s for s, x in meant.items() if x.is_Rational and len(str(x)) > LONGEST_OF_POWER}
    powers = (x for x in parts_of([claim.left, claim.right]) if x.is_Pow and x.exp.free_symbols)
    return any(x.free_symbols & long for x in powers)


def try_corner(claim: Claim, corner: PutIn, evaluator: Evaluator, random: Random) -> None:
    """Try a strict claim where a distribution is at a corner and its sides may meet."""
    if not evaluator.budget.may_hunt(effort_of_putting_in(claim)):
        return
    put_in = claim.with_put_in(corner)
    point = draw_supposed(put_in.given, evaluator, random)
    if point is None or judge(put_in, point) is Finding.APART:  # a logarithm may be missing
        return
    if fails(put_in, point, evaluator):
        raise counterexample(claim, told_apart(put_in, point), {**point, **corner})


def fails(claim: Claim, point: Point, evaluator: Evaluator) -> bool:
    """Tell whether a claim fails at a point, by numbers or as its sides are equal by algebra."""
    found = judge(claim, point)
    if found is not Finding.CANNOT_TELL or claim.relation not in STRICT:
        return found in (Finding.FAILS, Finding.APART)
    holds_there = all(judge(each, point) is Finding.HOLDS for each in claim.given)
    return holds_there and vanishes(claim.left - claim.right, budget=evaluator.budget)
