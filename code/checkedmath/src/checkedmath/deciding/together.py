r"""Outcomes of several comparisons at once: a claim is tried in each cell between their ties.

One letter after the other gets each of its values at which two numbers tie, and one between any two
of these. Where two ties meet is found first, in the letters before.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

import flint
import sympy as sp
from flint import arb, fmpq

from checkedmath.deciding.balls import (
    MANY_BITS,
    NoNumber,
    Number,
    Point,
    is_number,
    program,
    value,
)
from checkedmath.deciding.crossings import (
    EVALUATIONS,
    NODES,
    SHARES,
    Crossings,
    Line,
    crossings,
    numbers,
    polynomial_on,
)
from checkedmath.deciding.judging import Claim, Finding, counterexample, judge, told_apart
from checkedmath.deciding.sampling import draw, simplex_rows
from checkedmath.deciding.special import LONGEST_EQUATION, number_of, roots
from checkedmath.deciding.ties import Tie, follows, ties_of
from checkedmath.meaning.evaluator import Evaluator

#: How many letters get values one after the other, how many gaps each, how many cells in all.
MOST_LETTERS, MOST_GAPS, MOST_CELLS = 4, 16, 500
#: How far out all letters are together, and how many of them in all combinations of sides.
FAR, MOST_SIDES = (10, 30, 500, 10**6), 6
#: What it is worth, in operations, to find the zeros of a polynomial.
EFFORT = 200
#: The ends of domains that have them; any number, and the bits of one between two others.
LOW, HIGH = fmpq(0), {"unit": fmpq(1)}
ANY, MOST_DIGITS = fmpq(-7, 5), 240
#: What is no fraction any more, as it would have too many digits.
LARGEST = arb(2) ** 4_000
#: With how many bits zeros are computed where a gap is solved for a letter.
ZERO_BITS = 400
#: What has more zeros than are looked at.
PERIODIC = (sp.sin, sp.cos)


def meets_together(claim: Claim, evaluator: Evaluator, random: Random) -> bool:
    """Tell whether a claim was seen to hold in all joint outcomes of what it compares.

    Raises
    ------
    Counterexample
        If it fails in one of them.
    """
    conditions = [Tie(each.left, each.right, True) for each in claim.given]
    ties = distinct([*ties_of(claim), *conditions])
    if len(ties) < 2:
        return True
    cells = Cells(claim, ties, evaluator, random)
    return cells.hold_far_out() & cells.hold_everywhere()


def distinct(ties: Iterable[Tie]) -> list[Tie]:
    """Return ties of which no two are the same, or the same turned round."""
    found: dict[sp.Expr, Tie] = {}
    for tie in ties:
        if tie.gap.free_symbols and tie.gap not in found and sp.expand(-tie.gap) not in found:
            found[sp.expand(tie.gap)] = tie
    return list(found.values())


class Place(NamedTuple):
    """A value of a letter; what ties there if it is enclosed only, or the value in closed form."""

    value: Number
    ties: tuple[Tie, ...] = ()
    root: sp.Expr | None = None


class Cells:
    """The cells into which the ties of a claim divide the domain of its letters.

    Parameters
    ----------
    claim : Claim
        What is tried.
    ties : list of Tie
        What it compares.
    evaluator : Evaluator
        Which computed it.
    random : Random
        The source of what the other letters are.
    """

    def __init__(self, claim: Claim, ties: list[Tie], evaluator: Evaluator, random: Random) -> None:
        self.claim, self.evaluator, self.random = claim, evaluator, random
        self.rows = [row for _, row in simplex_rows(evaluator)]
        rest = {row[-1]: 1 - sp.Add(*row[:-1]) for row in self.rows}
        self.ties = {sp.expand(tie.gap.xreplace(rest)): tie for tie in ties}
        letters = sorted(set().union(*(gap.free_symbols for gap in self.ties)), key=number_of)
        symbols = evaluator.notation.symbols
        domains = {symbol: symbols[word][0] for (word, _), symbol in evaluator.atoms.items()}
        self.domains = {letter: domains[letter] for letter in letters}
        self.whole, self.cells = True, 0

    # -- far out

    def hold_far_out(self) -> bool:
        """Tell whether all letters were far out together, in all combinations of sides."""
        points = far_points(self.domains, self.evaluator, self.random)
        return all(self.look(self.claim, point) for point in points) and are_few(self.domains)

    # -- cell by cell

    def hold_everywhere(self) -> bool:
        """Tell whether all cells were looked at; raise a Counterexample if it fails in one."""
        letters = list(self.domains)[:MOST_LETTERS]
        return self.hold_in_order(letters) or self.hold_in_order(letters[::-1])

    def hold_in_order(self, letters: list[sp.Symbol]) -> bool:
        """Tell whether all cells were looked at, where letters get their values in some order."""
        self.whole, self.cells = len(letters) == len(self.domains), 0
        gaps = [gap for gap in self.ties if gap.free_symbols <= set(letters) and is_short(gap)]
        self.whole &= all(is_short(gap) and not gap.has(*PERIODIC) for gap in self.ties)
        levels = []
        for letter in reversed(letters):
            levels.append((letter, [gap for gap in gaps if gap.has(letter)]))
            gaps = self.projected(gaps, letter)
        self.descend(levels[::-1], {}, {}, self.claim)
        return self.whole

    def projected(self, gaps: list[sp.Expr], letter: sp.Symbol) -> list[sp.Expr]:
        """Return what is zero where two gaps are for the same value of a letter."""
        having = [gap for gap in gaps if gap.has(letter)]
        found = dict.fromkeys(gap for gap in gaps if not gap.has(letter))
        solved = {gap: roots(gap, letter) for gap in having}
        for gap, zeros in solved.items():
            for one, other in itertools.combinations(zeros, 2):
                found[sp.expand((one - other) ** 2)] = None
            found |= dict.fromkeys(border for zero in zeros for border in borders_of(zero))
            self.whole &= bool(zeros) or self.is_seen(gap, letter)
        for one, other in itertools.combinations(having, 2):
            if not {one, other} & {gap for gap in having if solved[gap]}:
                self.whole &= one.free_symbols == other.free_symbols == {letter}
            known, put = sorted((one, other), key=lambda gap: len(solved[gap]) or len(having) + 9)
            for root in solved[known]:
                found[numerator(put.xreplace({letter: root}))] = None
        left = [gap for gap in found if gap.free_symbols and is_short(gap)]
        self.whole &= len(left) <= MOST_GAPS
        return left[:MOST_GAPS]

    def is_seen(self, gap: sp.Expr, letter: sp.Symbol) -> bool:
        """Tell whether a gap that is not solved is looked at on a line that holds all its zeros."""
        known = gap in self.ties or bool(gap.is_polynomial(letter))
        return known and gap.free_symbols == {letter}

    def descend(
        self,
        levels: list[tuple[sp.Symbol, list[sp.Expr]]],
        known: dict[sp.Symbol, Number],
        meant: dict[sp.Symbol, sp.Expr],
        claim: Claim,
    ) -> None:
        """Look at all cells in which some letters have known values, or those in closed form."""
        if not levels:
            self.cells += 1
            self.whole &= self.look(claim, self.completed(known))
            return
        (letter, gaps), *rest = levels
        for place in self.places(letter, gaps, known, meant):
            if self.cells >= MOST_CELLS:
                self.whole = False
                return
            now = meant if place.root is None else {**meant, letter: place.root}
            tied = claim.with_put_in(now)
            for tie in place.ties:
                equal = {x.xreplace(now): y.xreplace(now) for x, y in tie.meant.items()}
                tied = tied.with_put_in(equal)
            self.descend(rest, {**known, letter: place.value}, now, tied)

    def places(
        self,
        letter: sp.Symbol,
        gaps: list[sp.Expr],
        known: dict[sp.Symbol, Number],
        meant: dict[sp.Symbol, sp.Expr],
    ) -> list[Place]:
        """Return values of a letter: where gaps are zero, and one between any two of these."""
        domain = self.domains[letter]
        row = next((row for row in self.rows if letter in row), [])
        share = 1 - sum((known[s] for s in row if s in known), fmpq(0))
        nodes = [share * x for x in SHARES] if row else list(NODES[domain])
        point = numbers(draw(self.evaluator, self.random)) | known
        line = Line(letter, None, share, nodes, domain, point)
        zeros: list[Place] = []
        for gap in gaps:
            if not self.evaluator.budget.may_combine(self.effort(gap)):
                self.whole = False
                break
            found, touches = self.zeros_on(gap, line)
            closed = [each for each in self.closed(gap, known, meant) if line.holds(each.value)]
            self.whole &= not touches or bool(closed)
            zeros += closed
            exact = {place.value for place in zeros if is_exact(place.value)}
            for x in found:
                if is_exact(x):
                    zeros += [Place(x)] if x not in exact else []
                elif not any(x.contains(y) and value(gap, line.at(y)) == 0 for y in exact):
                    zeros.append(Place(x, self.equal_where(gap)))
        zeros.sort(key=functools.cmp_to_key(in_order))
        high = share if row else HIGH.get(domain)
        return [*zeros, *map(Place, between([place.value for place in zeros], domain, high))]

    def zeros_on(self, gap: sp.Expr, line: Line) -> Crossings:
        """Return where a gap is zero on a line: as it is solved, or as it is seen."""
        solved = roots(gap, line.letter) if len(gap.free_symbols) > 1 else []
        if not solved or polynomial_on(gap, line) is not None:
            return crossings(gap, line)
        values = [value(root, line.point, ZERO_BITS) for root in solved]
        self.whole &= all(is_number(x) or isinstance(x, NoNumber) for x in values)
        return Crossings([x for x in values if is_number(x) and line.holds(x)], False)

    @staticmethod
    def effort(gap: sp.Expr) -> int:
        """Return how many operations it takes to find where a gap is zero on a line."""
        return EFFORT if gap.is_polynomial() else EVALUATIONS * program(gap).size

    def closed(
        self, gap: sp.Expr, known: dict[sp.Symbol, Number], meant: dict[sp.Symbol, sp.Expr]
    ) -> Iterator[Place]:
        """Yield where a gap is zero, in closed form: it may not change its sign there."""
        if not meant.keys() & gap.free_symbols and gap.free_symbols & known.keys():
            return
        exact = {s: sp.Rational(int(x.p), int(x.q)) for s, x in known.items() if is_exact(x)}
        left = gap.xreplace({**exact, **meant})
        letters = left.free_symbols
        for root in roots(left, min(letters, key=number_of)) if len(letters) == 1 else ():
            number = value(root, {}) if root.is_real else None
            if number is not None and is_number(number) and not root.is_Rational:
                yield Place(number, root=root)

    def equal_where(self, gap: sp.Expr) -> tuple[Tie, ...]:
        """Return the ties that are met where a gap is zero."""
        tie = self.ties.get(gap)
        if tie is None:
            return ()
        return (tie, *(other for other in self.ties.values() if follows(other, tie)))

    def completed(self, known: dict[sp.Symbol, Number]) -> Point:
        """Return a point at which some letters have known values."""
        point = numbers(draw(self.evaluator, self.random)) | known
        for row in self.rows:
            fixed = [s for s in row if s in known]
            if fixed:
                share = (1 - sum(known[s] for s in fixed)) / (len(row) - len(fixed))
                point |= {s: share for s in row if s not in known}
        return point

    def look(self, claim: Claim, point: Point) -> bool:
        """Tell whether it can be told at a point; raise a Counterexample if a claim fails there."""
        if not self.evaluator.budget.may_combine(claim.program.size):
            return False
        if any(judge(each, point) is Finding.FAILS for each in claim.given):
            return True
        found = judge(claim, point)
        if found in (Finding.FAILS, Finding.APART):
            raise counterexample(self.claim, told_apart(claim, point), point)
        return found is not Finding.CANNOT_TELL


def far_points(
    domains: Mapping[sp.Symbol, str], evaluator: Evaluator, random: Random
) -> Iterator[dict[sp.Symbol, Number]]:
    """Yield points at which letters are far out, in all combinations of sides or in some."""
    letters = [s for s, domain in domains.items() if domain != "simplex"]
    for size in FAR:
        combined = itertools.product((True, False), repeat=len(letters))
        some = (tuple(random.random() < 1 / 2 for _ in letters) for _ in range(2**MOST_SIDES))
        for sides in combined if are_few(domains) else some:
            point = numbers(draw(evaluator, random))
            for letter, up in zip(letters, sides, strict=True):
                point[letter] = far(domains[letter], size, up)
            yield point


def are_few(domains: Mapping[sp.Symbol, str]) -> bool:
    """Tell whether all combinations of sides of letters are tried."""
    return sum(domain != "simplex" for domain in domains.values()) <= MOST_SIDES


def is_exact(x: Number) -> bool:
    """Tell whether a number is a fraction."""
    return isinstance(x, fmpq)


def is_short(gap: sp.Expr) -> bool:
    """Tell whether a gap is not too long to be solved."""
    return program(gap).size <= LONGEST_EQUATION


def borders_of(root: sp.Expr) -> Iterator[sp.Expr]:
    """Yield what is zero where a root ceases to be a number."""
    yield sp.fraction(sp.together(root))[1]
    for logarithm in root.atoms(sp.log):
        yield numerator(logarithm.args[0])


def numerator(x: sp.Expr) -> sp.Expr:
    """Return what is zero where a fraction is."""
    return sp.expand(sp.fraction(sp.together(x))[0])


def far(domain: str, size: int, up: bool) -> Number:
    """Return a number of a domain that is far out, to one of two sides."""
    if domain == "real":
        return fmpq(size if up else -size)
    if domain == "positive":
        return fmpq(size) if up else fmpq(1, size)
    return 1 - fmpq(1, size) if up else fmpq(1, size)


def in_order(one: Place, other: Place) -> int:
    """Compare the middles of two places, which may be very close."""
    with flint.ctx.workprec(MANY_BITS):
        left, right = arb(one.value).mid(), arb(other.value).mid()
        return int(left > right) - int(left < right)


def between(zeros: list[Number], domain: str, high: Number | None) -> Iterator[Number]:
    """Yield one number between any two, below the least and above the largest, in a domain."""
    low = None if domain == "real" else LOW
    for left, right in itertools.pairwise([low, *zeros, high]):
        found = beside(left, right) if left is None or right is None else inside(left, right)
        if found is not None:
            yield found


def beside(low: Number | None, high: Number | None) -> Number:
    """Return a whole number below another one, or above, or any if there is none."""
    if low is None and high is None:
        return ANY
    with flint.ctx.workprec(MANY_BITS):
        end = arb(high if low is None else low).mid()
        step = 2 + abs(end) / 8  # a number of many digits does not notice a two
        return whole(end - step if low is None else end + step)


def inside(low: Number, high: Number) -> Number | None:
    """Return a number with few digits that surely lies between two others, or None."""
    with flint.ctx.workprec(MANY_BITS):
        middle = arb((low + high) / 2).mid()
        for bits in range(0, MOST_DIGITS, 4) if abs(middle) < LARGEST else ():
            found = whole(middle * 2**bits) / 2**bits
            if found > low and found < high:
                return found
        return middle if middle > low and middle < high else None


def whole(x: arb) -> Number:
    """Return a whole number that is close to the middle of a ball, or the middle if it is huge."""
    if not abs(x) < LARGEST:
        return x.mid()
    found = x.mid().floor().unique_fmpz()
    assert found is not None, "a middle has no radius"
    return fmpq(found)
