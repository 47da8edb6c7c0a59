r"""What makes values numbers: nothing is divided by zero, no logarithm is of what is negative.

A requirement is proved, or a place is sought at which it fails: at points, where statements break,
in small regions, where a factor changes its sign and so has to be zero in between, and where it
comes closest to zero. Where neither comes off, the values may be no numbers somewhere, and no step
with them counts as proved.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from random import Random

import sympy as sp
from flint import arb, fmpq

from checkedmath.deciding.balls import Number, Point, fraction
from checkedmath.deciding.boxes import MOST_FREE, Free, Search, search_boxes
from checkedmath.deciding.claims import distributions, is_proved, try_points
from checkedmath.deciding.hunting import hunt, search_valleys, try_put_ins, try_special
from checkedmath.deciding.intervals import OverBox, size
from checkedmath.deciding.judging import (
    STRICT,
    Claim,
    Counterexample,
    Finding,
    Undecided,
    judge,
    parts_of,
)
from checkedmath.deciding.polynomials import vanishes
from checkedmath.deciding.special import (
    Special,
    all_alike,
    all_even,
    domains_of,
    even_put_ins,
    structured,
)
from checkedmath.deciding.supposing import draw_supposed
from checkedmath.meaning import expansion
from checkedmath.meaning.arithmetic import Value, is_matrix
from checkedmath.meaning.evaluator import Evaluator, Requirement
from checkedmath.meaning.factoring import factored
from checkedmath.meaning.limits import Budget
from checkedmath.meaning.piecewise import Indicator, Largest, gap_of_step, indicator

#: At how many points a requirement is tried, and the sign of each factor is looked at.
POINTS_OF_REQUIREMENT, POINTS_OF_SIGN = 24, 60
#: With how many letters at most a requirement is looked into by algebra where sizes are not named;
#: and at how many points it is tried with more.
MOST_IN_ALGEBRA, POINTS_BEYOND = 8, 2
#: How many boxes are cut for a sign, how often a distance is halved, and what then counts as zero.
CUTS_OF_SIGN, HALVINGS, TINY = 1_500, 64, 1e-6
#: With how many digits the place of a zero is told.
DIGITS_OF_ZERO = 8
#: How large what is factored may be.
MOST_FACTORED = 200
#: What is said of a slope that cancels, or is not asked for, where there is none.
MISSING_SLOPE = r"there may be no slope: a condition has to exclude zero, as `\quad (x \ne 0)`"
#: What is said of a number that is zero at a place which has no few digits.
CHANGES_SIGN = "about 0, where {} changes its sign"
TOUCHES = "so close to 0 that no digit tells it apart"


def require(claim: Claim, evaluator: Evaluator, random: Random) -> bool:
    """Tell whether it is proved that values are numbers, as far as a claim goes.

    Raises
    ------
    Counterexample
        If they are none somewhere.
    """
    if is_proved(claim, evaluator) or is_supposed(claim) or is_plain(claim, evaluator):
        return True
    try_points(claim, POINTS_OF_REQUIREMENT, evaluator, random)
    hunt(claim, evaluator, random, ends=False)
    if claim.relation != r"\ne":
        search_boxes(claim, evaluator, random)
    if claim.relation in STRICT:
        refuse_zeros(claim, evaluator, random)
        refuse_touching_zero(claim, evaluator, random)
    return False


def require_beyond(claim: Claim, evaluator: Evaluator, random: Random) -> bool:
    """Do the same at sizes that are not named, but only try points where there are many letters.

    Then nothing is added to what is known from the named sizes, and no doubt either.

    Raises
    ------
    Counterexample
        If they are none somewhere.
    """
    if len(claim.letters) <= MOST_IN_ALGEBRA:
        return require(claim, evaluator, random)
    even = map(Special, all_even(evaluator))
    points = (each for each in structured(claim.letters, evaluator) if not each.at_end)
    try_points(claim, POINTS_BEYOND, evaluator, random)
    try_special(claim, itertools.chain(even, points), evaluator, random)
    meant = even_put_ins(claim.letters, evaluator), all_alike((claim.left, claim.right), evaluator)
    try_put_ins(claim, itertools.chain(*meant), evaluator, random)
    return True


def claim_of(wanted: Requirement, given: tuple[Claim, ...]) -> Claim:
    """Return what has to hold as a claim, where a formula supposes something as well."""
    cases = (Claim(*each) for each in wanted.where)
    return Claim(wanted.relation, wanted.left, wanted.right, (*given, *cases))


# -- proofs


def is_supposed(claim: Claim) -> bool:
    """Tell whether a condition says what is claimed, or more."""
    gap = claim.left - claim.right
    if claim.relation == r"\ne":
        return any(is_apart(gap, x) or is_above(gap, x) or is_above(-gap, x) for x in claim.given)
    return claim.relation in (">", r"\ge") and any(
        is_above(gap, x, strictly=claim.relation == ">") for x in claim.given
    )


def is_apart(x: sp.Expr, given: Claim) -> bool:
    """Tell whether a condition says that a number differs from zero."""
    known = given.left - given.right
    return given.relation == r"\ne" and x in (known, -known)


def is_above(x: sp.Expr, given: Claim, strictly: bool = True) -> bool:
    """Tell whether a number is above zero, strictly or not, because of a condition."""
    if given.relation == r"\ne":
        return False
    known = given.left - given.right
    more = x - (known if given.relation in (">", r"\ge") else -known)
    enough = more.is_positive or sign_of(more) == 1
    return bool(enough or (more.is_nonnegative and (given.relation in STRICT or not strictly)))


def is_plain(claim: Claim, evaluator: Evaluator) -> bool:
    """Tell whether a claim is plain once all is over one denominator.

    Numbers between zero and one are shares of positive weights, what is largest is some number, and
    an indicator is not negative.
    """
    if claim.relation == "=":
        return False
    gap = claim.left - claim.right
    if counts_largest(gap):
        return True
    domains = domains_of(gap.free_symbols, evaluator)
    plain = {s: weighed(s) for s, domain in domains.items() if domain == "unit"}
    plain |= distributions(evaluator)
    plain |= {x: sp.Dummy("largest", real=True) for x in gap.atoms(Largest)}
    plain |= {x: sp.Dummy("counted", nonnegative=True) for x in gap.atoms(Indicator)}
    above, below = sp.fraction(sp.together(gap.xreplace(plain)))
    if claim.relation == r"\ne":
        return sign_of(above) != 0
    return sign_of(above) * sign_of(below) == (1 if claim.relation in (">", r"\ge") else -1)


def sign_of(x: sp.Expr) -> int:
    """Return the sign that an expression has everywhere, or zero if that is not plain."""
    forms = (x, sp.expand(x)) if expansion.terms(x) <= expansion.MOST_EXPANDED else (x,)
    for form in forms:
        if form.is_positive or form.is_negative:
            return 1 if form.is_positive else -1
    if len(x.free_symbols) == 1 and x.is_polynomial() and not x.has(sp.Float):
        (letter,) = x.free_symbols
        polynomial = sp.Poly(x, letter)
        if polynomial.domain.is_QQ or polynomial.domain.is_ZZ:
            return 0 if polynomial.count_roots() else int(sp.sign(polynomial.eval(1)))
    return 0


def weighed(symbol: sp.Symbol) -> sp.Expr:
    """Return a number between zero and one as the share of a positive weight."""
    return 1 / (1 + sp.Symbol(f"{symbol.name}w", positive=True))


def counts_largest(x: sp.Expr) -> bool:
    """Tell whether an expression counts the entries that are the largest, of which there is one."""
    counted = sp.Add.make_args(x)
    if not all(isinstance(term, Indicator) for term in counted):
        return False
    wanted = {
        frozenset(indicator("=", each, largest) for each in largest.args)
        for largest in x.atoms(Largest)
    }
    return any(each <= set(counted) for each in wanted)


# -- zeros between two signs


def refuse_zeros(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Raise a Counterexample if a factor changes its sign where all is in one piece."""
    gap = claim.left - claim.right
    for factor in factors(gap):
        place = zero(factor, claim._replace(left=gap, right=sp.Integer(0)), evaluator, random)
        if place is not None:
            met = {s: x for s, x in place.items() if s in claim.letters}
            at = {s: f"{rounded(x):.{DIGITS_OF_ZERO}g}" for s, x in met.items()}
            what = "it" if factor in (gap, -gap) else "a factor of it"
            raise Counterexample(CHANGES_SIGN.format(what), "", at)


def factors(x: sp.Expr) -> list[sp.Expr]:
    """Return the factors of an expression that hold letters, each once."""
    if sum(1 for _ in parts_of([x])) <= MOST_FACTORED:
        x = factored(sp.together(x))
    bases = dict.fromkeys(each.as_base_exp()[0] for each in sp.Mul.make_args(sp.fraction(x)[0]))
    return [base for base in bases if base.free_symbols]


def zero(factor: sp.Expr, claim: Claim, evaluator: Evaluator, random: Random) -> Point | None:
    """Return a place at which a factor is zero, if both of its signs are met."""
    below, above = (signed(factor, x, claim, evaluator, random) for x in ("<", ">"))
    if below is None or above is None:
        return None
    shared = claim.letters | {s for each in claim.given for s in each.letters}
    ends = [{s: fraction(x) for s, x in end.items() if s in shared} for end in (below, above)]
    if not all(isinstance(x, fmpq) for end in ends for x in end.values()):
        return None
    place = narrowed(factor, claim.given, *ends)
    return place[0] if is_continuous(factor, claim, place, ends) else None


def signed(
    factor: sp.Expr, relation: str, claim: Claim, evaluator: Evaluator, random: Random
) -> Point | None:
    """Return a point at which a factor has a sign, and all conditions hold, or none."""
    wanted = Claim(relation, factor, sp.Integer(0), claim.given)
    for point in itertools.chain(drawn(wanted, evaluator, random), boxed(wanted, claim, evaluator)):
        if not evaluator.budget.may_hunt(wanted.program.size):
            return None
        if judge(wanted, point) is Finding.HOLDS:
            return point
    return None


def drawn(wanted: Claim, evaluator: Evaluator, random: Random) -> Iterator[Point]:
    """Yield random points at which the conditions of a claim hold."""
    for n in range(POINTS_OF_SIGN):
        point = draw_supposed(wanted.given, evaluator, random, wide=n % 2 == 1)
        if point is None:
            return
        yield point


def boxed(wanted: Claim, claim: Claim, evaluator: Evaluator) -> Iterator[Point]:
    """Yield points of small regions in which a claim seems to hold, with the letters of another."""
    free = Free(claim, evaluator)
    if 0 < len(free.domains) <= MOST_FREE:
        yield from Search(wanted, free, evaluator).points(CUTS_OF_SIGN)


def narrowed(
    factor: sp.Expr, given: tuple[Claim, ...], below: Point, above: Point
) -> tuple[Point, Point]:
    """Return two points close to each other between which a factor changes its sign."""
    for _ in range(HALVINGS):
        middle = {s: (below[s] + above[s]) / 2 for s in below}
        if judge(Claim("<", factor, sp.Integer(0), given), middle) is Finding.HOLDS:
            below = middle
        else:
            above = middle
    return below, above


def is_continuous(
    factor: sp.Expr, claim: Claim, place: tuple[Point, Point], ends: Sequence[Point]
) -> bool:
    """Tell whether a factor, and the whole, are small all the way between two close points.

    Then there is neither a pole nor a jump between them. All conditions have to hold there, too.
    """
    low, high = place
    box = {s: around(rounded(low[s]), rounded(high[s])) for s in low}
    given = [indicator(each.relation, each.left, each.right) for each in claim.given]
    if any(holds != (1.0, 1.0) for holds in OverBox(*given).run(box)):
        return False
    way = OverBox(factor, claim.left)
    far = [x for end in ends for x in way.run({s: (rounded(x),) * 2 for s, x in end.items()})]
    least = min(1.0, *(size(x)[1] for x in far if x is not None))
    return all(x is not None and size(x)[1] < TINY * least for x in way.run(box))


def rounded(x: Number) -> float:
    """Return the float nearest to a number."""
    return float(arb(x))


def around(x: float, y: float) -> tuple[float, float]:
    """Return an interval that surely holds two numbers."""
    return math.nextafter(min(x, y), -math.inf), math.nextafter(max(x, y), math.inf)


# -- zeros without a change of sign


def refuse_touching_zero(claim: Claim, evaluator: Evaluator, random: Random) -> None:
    """Raise a Counterexample if what seems to keep its sign comes down to zero."""
    try:
        search_valleys(one_sided(claim, evaluator, random), evaluator, random)
    except Undecided as found:
        raise Counterexample(TOUCHES, "", found.point) from None
    except Counterexample:
        if claim.relation != r"\ne":
            raise  # else there are two signs, and the zero between them has been looked for


def one_sided(claim: Claim, evaluator: Evaluator, random: Random) -> Claim:
    """Return a claim that a number is not zero as one that it has the sign of a random point."""
    if claim.relation != r"\ne":
        return claim
    point, above = draw_supposed(claim.given, evaluator, random), claim._replace(relation=">")
    is_above = point is not None and judge(above, point) is Finding.HOLDS
    return above if is_above else claim._replace(relation="<")


# -- slopes


def require_steps(evaluator: Evaluator) -> None:
    """Require that no slope is asked for where it is missing, unless a factor is zero there."""
    while evaluator.steps:
        wanted, places = evaluator.steps.popitem()
        if not all(is_idle(step, wanted.left, slope, evaluator.budget) for step, slope in places):
            evaluator.requirements.setdefault(wanted, MISSING_SLOPE)


def is_idle(step: sp.Expr, gap: sp.Expr, slope: sp.Expr, budget: Budget) -> bool:
    """Tell whether a step has the factor zero just where it steps, as in ``x sign(x) + |x|``."""
    if step.is_Pow or gap.has(Largest):
        return False
    letters = sorted(gap.free_symbols, key=sp.default_sort_key)
    letter = next((each for each in letters if gap.diff(each).is_number), None)
    if letter is None:
        return False
    zero, unknown = letter - gap / gap.diff(letter), sp.Dummy("step", real=True)
    terms = sp.Add(*(term for term in sp.Add.make_args(slope) if term.has(step)))
    left = terms.xreplace({step: unknown}).xreplace({letter: zero})
    return vanishes(left - left.xreplace({unknown: sp.Integer(0)}), budget=budget)


def is_missing(gap: sp.Expr, value: Value) -> bool:
    """Tell whether each number of a value is missing where something is zero.

    It is still divided by it, or by all its factors, or holds a slope that is missing there.
    """
    wanted = {factor.as_base_exp()[0] for factor in sp.Mul.make_args(gap)}
    return all(
        wanted <= divisors(entry) or {gap, -gap} & set(map(gap_of_step, parts_of([entry])))
        for entry in (value if is_matrix(value) else [value])
    )


def divisors(value: sp.Expr) -> set[sp.Expr]:
    """Return what parts of a number are divided by."""
    return {part.base for part in parts_of([value]) if part.is_Pow and part.exp.is_negative}
