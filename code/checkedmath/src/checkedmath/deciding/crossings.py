"""Where a number crosses zero on a line through the domain of its letters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly

from checkedmath.deciding.balls import Number, fraction, is_number, program
from checkedmath.deciding.sampling import draw, simplex_rows
from checkedmath.deciding.special import domains_of, number_of
from checkedmath.meaning.evaluator import Evaluator

#: With how many bits a crossing is enclosed, and how narrow: next to its size.
BITS, WIDTH = 400, arb(2) ** -240
#: How many letters are varied, each on how many lines, and what a line takes, in evaluations.
MOST_LETTERS, LINES, EVALUATIONS = 3, 2, 400
#: The largest degree of a polynomial whose zeros are all isolated.
LARGEST_DEGREE = 24
#: How close to zero the bottom of a dip is that may touch it.
TOUCH = arb(2) ** -30
#: Steps of the secant method, and of halving where it does not settle; to the bottom of a dip.
SECANTS, HALVINGS, DIPS = 24, 280, 60
#: Where an interval from zero to one, or from zero on, is looked at, and all real numbers.
SHARES = (
    *(fmpq(1, 2**n) for n in range(40, 5, -5)),
    *(fmpq(n, 24) for n in range(1, 24)),
    *(1 - fmpq(1, 2**n) for n in range(5, 41, 5)),
)
SIZES = (
    *(fmpq(2) ** n for n in range(-40, -3, 4)),
    *(fmpq(n, 4) for n in range(1, 24)),
    *(fmpq(2) ** n * 3 for n in range(1, 40, 3)),
    *(fmpq(2) ** n for n in (52, 72, 100, 140, 200, 300, 500, 1000)),
)
REALS = (*(-size for size in reversed(SIZES)), fmpq(0), *SIZES)
NODES = {"real": REALS, "positive": SIZES, "unit": SHARES}


class Line(NamedTuple):
    """A line on which one letter varies, and maybe another one against it.

    Attributes
    ----------
    letter : sympy.Symbol
        The letter.
    against : sympy.Symbol or None
        An entry of the same distribution, which is what the letter leaves of a share.
    share : fmpq
        The sum of both; one if there is no other entry.
    nodes : list of fmpq
        Values of the letter that are tried, in order.
    domain : str
        Of the letter.
    point : dict
        What all letters are; these two as it happens.
    """

    letter: sp.Symbol
    against: sp.Symbol | None
    share: Any
    nodes: list[Any]
    domain: str
    point: dict[sp.Symbol, Any]

    def at(self, x: Number) -> dict[sp.Symbol, Any]:
        """Return the point where the letter has a value."""
        moved = {self.letter: x}
        if self.against is not None:
            moved[self.against] = self.share - x
        return {**self.point, **moved}

    def holds(self, x: Number) -> bool:
        """Tell whether a value surely lies inside."""
        if self.domain == "real":
            return True
        return bool(x > 0) and (self.domain == "positive" or bool(x < self.share))


def lines(gap: sp.Expr, evaluator: Evaluator, random: Random) -> Iterator[Line]:
    """Yield lines on which a number varies."""
    domains = domains_of(gap.free_symbols, evaluator)
    for letter in sorted(domains, key=number_of)[:MOST_LETTERS]:
        nodes = list(NODES[domains[letter]])
        for _ in range(LINES if len(gap.free_symbols) > 1 else 1):
            point = numbers(draw(evaluator, random))
            yield Line(letter, None, fmpq(1), nodes, domains[letter], point)
    rows = [row for _, row in simplex_rows(evaluator) if gap.free_symbols & set(row)]
    for row in rows[:MOST_LETTERS]:
        letters = [s for s in row if s in gap.free_symbols]
        others = [s for s in (*letters[1:], *row) if s != letters[0]]
        for other in dict.fromkeys(others[:LINES]):
            point = numbers(draw(evaluator, random))
            share = point[letters[0]] + point[other]
            nodes = [share * x for x in SHARES]
            yield Line(letters[0], other, share, nodes, "simplex", point)


def numbers(point: dict[sp.Symbol, Any]) -> dict[sp.Symbol, Any]:
    """Return a point as fractions."""
    return {s: fraction(x) for s, x in point.items()}


class Crossings(NamedTuple):
    """Where a number is zero on a line, and whether it may be so where it is only touched, too."""

    places: list[Number]
    touches: bool


def crossings(gap: sp.Expr, line: Line) -> Crossings:
    """Return where a number is zero on a line: fractions, or balls that surely hold a zero."""
    with flint.ctx.workprec(BITS):
        poly = polynomial_on(gap, line)
        scan = Scan(gap, line)
        found = zeros(poly) if poly is not None else scan.crossings()
    return Crossings([x for x in found if line.holds(x)], scan.touches)


def is_exhaustive(gap: sp.Expr, line: Line) -> bool:
    """Tell whether a line holds all points that matter, and all zeros on it are found."""
    alone = gap.free_symbols == {line.letter} and line.against is None
    return alone and polynomial_on(gap, line) is not None


def polynomial_on(gap: sp.Expr, line: Line) -> Any:
    """Return what a number is on a line, if that is a polynomial that is not too large."""
    letters = sorted(gap.free_symbols, key=number_of)
    if not gap.is_polynomial(*letters):
        return None
    poly = sp.Poly(gap, *letters)
    if poly.total_degree() > LARGEST_DEGREE or not poly.domain.is_QQ | poly.domain.is_ZZ:
        return None
    at = line.at(fmpq_poly([0, 1]))
    if any(isinstance(at[letter], arb) for letter in letters):
        return None
    total = fmpq_poly()
    for powers, number in poly.terms():
        term = fmpq_poly([fmpq(int(number.p), int(number.q))])
        for letter, exponent in zip(letters, powers, strict=True):
            term *= fmpq_poly(at[letter]) ** exponent if exponent else 1
        total += term
    return total


def zeros(poly: Any) -> list[Number]:
    """Return all real zeros of a polynomial, in order; none if it is zero everywhere."""
    if poly.degree() < 1:
        return []
    found: list[Number] = []
    for factor, _ in poly.numer().factor()[1]:
        if factor.degree() == 1:
            found.append(fmpq(-factor[0], factor[1]))
        else:
            found += [root.real for root, _ in factor.complex_roots() if root.imag == 0]
    return sorted(found, key=lambda x: float(arb(x).mid()))


class Scan:
    """The search for zeros of a number whose sign changes on a line."""

    def __init__(self, gap: sp.Expr, line: Line) -> None:
        self.program, self.line, self.touches = program(gap), line, False

    def value(self, x: Number) -> Number | None:
        """Return the value at a place, or None where it is no number."""
        (found,) = self.program.run(self.line.at(x), BITS)
        return found if is_number(found) else None

    def crossings(self) -> list[Number]:
        """Return places of zeros, between neighbours of different signs, and in dips."""
        known = [(x, y) for x in self.line.nodes if (y := self.value(x)) is not None]
        known = sorted([*known, *self.dips(known)], key=lambda pair: float(arb(pair[0]).mid()))
        found = [x for x, y in known if y == 0]
        for (low, below), (high, above) in itertools.pairwise(known):
            if (below < 0 and above > 0) or (below > 0 and above < 0):
                found += self.between(low, high, below, above)
        return found

    def dips(self, known: list[tuple[Number, Number]]) -> Iterator[tuple[Number, Number]]:
        """Yield where a number comes closest to zero between neighbours of one sign."""
        for (low, y), (_, here), (high, z) in zip(known, known[1:], known[2:], strict=False):
            same = (y > 0 and here > 0 and z > 0) or (y < 0 and here < 0 and z < 0)
            deep = abs(here) < abs(y) or abs(here) < abs(z)
            if same and deep and abs(here) <= abs(y) and abs(here) <= abs(z):
                x = self.bottom(low, high, 1 if here > 0 else -1)
                if (value := self.value(x)) is not None:
                    self.touches |= bool(value != 0 and abs(value) < TOUCH)
                    yield x, value

    def bottom(self, low: Number, high: Number, sign: int) -> Number:
        """Return where a number of a sign comes closest to zero, or has the other sign."""
        for _ in range(DIPS):
            third = (high - low) / 3
            places = [arb(arb(x).mid()) for x in (low + third, high - third)]
            one, other = (self.value(x) for x in places)
            if one is None or other is None:
                break
            for x, y in zip(places, (one, other), strict=True):
                if sign * y < 0:
                    return x
            low, high = (low, places[1]) if sign * one < sign * other else (places[0], high)
        return arb(arb((low + high) / 2).mid())

    def between(self, low: Number, high: Number, below: Number, above: Number) -> list[Number]:
        """Return a ball between two places that surely holds a zero, as the signs differ."""
        x = self.secant(low, high, below, above)
        found = self.enclosed(x, below) if x is not None else None
        return [self.halved(low, high, below) if found is None else found]

    def secant(self, low: Number, high: Number, below: Number, above: Number) -> Number | None:
        """Return a place close to a zero by the secant method, if it stays between two places."""
        ends = low, high
        for _ in range(SECANTS):
            slope = above - below
            if not (slope > 0 or slope < 0):
                break
            x = arb(arb(high - above * (high - low) / slope).mid())
            if not ends[0] < x < ends[1] or (value := self.value(x)) is None:
                return None
            low, below, high, above = high, above, x, arb(value)
        return high

    def enclosed(self, x: Number, below: Number) -> Number | None:
        """Return a narrow ball around a place, if the signs at its ends differ, first as below."""
        wide = WIDTH * (1 + abs(arb(x)))
        ends = [self.value(arb(arb(x + sign * wide).mid())) for sign in (-1, 1)]
        if None in ends or not (ends[0] * below > 0 and ends[1] * below < 0):
            return None
        return arb(x, 2 * wide)

    def halved(self, low: Number, high: Number, below: Number) -> Number:
        """Return a ball that holds a zero, by halving what lies between two places."""
        for _ in range(HALVINGS):
            middle = arb(arb((low + high) / 2).mid())
            value = self.value(middle)
            if value is None or not (value < 0 or value > 0):
                break
            low, high = (middle, high) if (value > 0) == (below > 0) else (low, middle)
        return arb(low).union(arb(high))
