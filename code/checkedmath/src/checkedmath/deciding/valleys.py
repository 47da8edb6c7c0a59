"""Where the two sides of an inequality come closest: down the gradient of their gap.

First with some bits, then by Newton's method with more, and with many where a strict inequality
might have equal sides. Each letter is a function of a free number, so that there are no borders:
neither of its domain, nor of what a condition says of it and a number, or of two letters.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb, arb_mat

from checkedmath.deciding.balls import MANY_BITS, Program, fraction, is_number, value
from checkedmath.deciding.judging import STRICT, Claim
from checkedmath.deciding.sampling import simplex_rows
from checkedmath.deciding.special import vectors_of
from checkedmath.meaning.approach import BOUNDS
from checkedmath.meaning.arithmetic import absolute
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.limits import Budget
from checkedmath.reading.relations import side

#: With how many steps of each kind, in how many letters at most.
STRIDES, POLISHES, MOST_LETTERS = 30, 9, 6
#: The length of a stride with which there is no point in going on.
SHORTEST = arb(2) ** -16
#: How wide the starts are strewn, in turn: one on each ground.
SPREADS = (1, 3, 1, 10, 3, 40)
#: How many entries of vectors are free while all others are alike, and with how many spreads.
LEADING, SPREADS_ALIKE = (1, 2), 2
#: Bits, and how far apart the points are from which a slope is computed: first, and to polish.
COARSE, FINER, FINE = (120, 20), (400, 90), (MANY_BITS, 300)
#: Two sides touch if they differ by less here, but by more at this distance.
TOUCH, ASIDE = arb(2) ** -400, arb(2) ** -10
#: Where a letter is far out.
FAR_OUT = 16
Place = list[Any]


class Bottom(NamedTuple):
    """The lowest point of a valley, and whether no digit tells the two sides apart there."""

    point: dict[sp.Symbol, Any]
    touches: bool


def valleys(
    claim: Claim, evaluator: Evaluator, random: Random, spreads: int | None = None
) -> Iterator[Bottom]:
    """Yield the points where an inequality comes closest to failing, from so many spreads.

    Where letters are too many, a few entries of each vector are free, and all others are alike.
    """
    if evaluator.budget.hunts < effort_of(claim.program, letters=1):
        return
    sign = 1 if claim.relation in (r"\ge", ">") else -1
    gap, size = claim.left - claim.right, absolute(claim.left) + absolute(claim.right)
    # Where sides meet at the tip of a cone, as norms do, the square of their gap is smooth.
    heights = (sign * gap, sign * gap / size, gap**2)
    for leading, most in ((None, spreads), *((n, SPREADS_ALIKE) for n in LEADING)):
        grounds = [_Ground(height, claim, evaluator, leading) for height in heights]
        if 0 < len(grounds[0].free) <= MOST_LETTERS:
            yield from descents(grounds, SPREADS[:most], evaluator.budget, random)
            if leading is None:
                return


def descents(
    grounds: Sequence[_Ground], spreads: Sequence[int], budget: Budget, random: Random
) -> Iterator[Bottom]:
    """Yield the bottoms of valleys of some grounds, as long as there is work left."""
    letters = len(grounds[0].free)
    effort = effort_of(grounds[0].program, letters)
    for spread, ground in itertools.product(spreads, grounds):
        if not budget.may_hunt(effort):
            return
        yield ground.descend([arb(random.gauss(0, spread)) for _ in range(letters)])


def effort_of(program: Program, letters: int) -> int:
    """Return how many operations with numbers it takes to find a bottom."""
    return program.size * (STRIDES + POLISHES) * (2 + letters**2)


class _Ground:
    """What is to be made small as a landscape without borders."""

    def __init__(
        self, height: sp.Expr, claim: Claim, evaluator: Evaluator, leading: int | None
    ) -> None:
        self.program, self.is_strict = Program(height), claim.relation in STRICT
        letters = claim.letters.union(*(each.letters for each in claim.given))
        symbols = evaluator.notation.symbols
        self.rows = [row for _, row in simplex_rows(evaluator) if letters & set(row)]
        in_rows = set(itertools.chain(*self.rows))
        self.domains = {
            symbol: symbols[word][0]
            for (word, _), symbol in evaluator.atoms.items()
            if symbol in letters - in_rows
        }
        self.alike = alike(self.domains, evaluator, leading)
        heads = [row[1:] if leading is None else row[:leading] for row in self.rows]
        self.free = [*(s for s in self.domains if s not in self.alike), *itertools.chain(*heads)]
        self.limits = {s: limits(s, self.domains, claim.given) for s in self.domains}

    def point(self, place: Place) -> dict[sp.Symbol, Any]:
        """Return the numbers for the letters at a place."""
        at, found = dict(zip(self.free, place, strict=True)), dict[sp.Symbol, Any]()
        for s, bounds in self.limits.items():
            low, high = ([number_at(x, found) for x in bound] for bound in bounds)
            found[s] = between(at[self.alike.get(s, s)], low, high)
        for row in self.rows:
            weights = [at[s].exp() if s in at else arb(1) for s in row]
            total = sum(weights, arb(0))
            found |= {s: w / total for s, w in zip(row, weights, strict=True)}
        return found

    def height(self, place: Place) -> Any:
        """Return the middle of the gap at a place, or None where it is no number."""
        (found,) = self.program.run(self.point(place), flint.ctx.prec)
        return arb(arb(found).mid()) if is_number(found) else None

    def descend(self, place: Place) -> Bottom:
        """Return the bottom of the valley in which a place lies."""
        polish = FINE if self.is_strict else FINER
        for (bits, near), steps in ((COARSE, STRIDES), (polish, POLISHES)):
            with flint.ctx.workprec(bits):
                place = self.walk([arb(x.mid()) for x in place], arb(2) ** -near, steps)
        with flint.ctx.workprec(MANY_BITS):
            return Bottom(self.point(place), self.is_strict and self.touches(place))

    def touches(self, place: Place) -> bool:
        """Tell whether the gap is as good as zero here, and not so all around.

        Where it is so along a letter that is far out, sides come closer and closer for ever.
        """
        here = self.height(place)
        if here is None or abs(here) >= TOUCH:
            return False
        is_raised = [self.is_raised(place, n) for n in range(len(place))]
        out = (abs(x) > FAR_OUT for x, up in zip(place, is_raised, strict=True) if not up)
        return any(is_raised) and not any(out)

    def is_raised(self, place: Place, n: int) -> bool:
        """Tell whether the gap is more than zero at some distance along a letter."""
        around = (self.height(moved(place, {n: by})) for by in (ASIDE, -ASIDE))
        return any(each is not None and each > 1e6 * TOUCH**0.5 for each in around)

    def walk(self, place: Place, near: Any, steps: int) -> Place:
        """Return where some steps lead."""
        height, stride = self.height(place), arb(1)
        for _ in range(steps):
            if height is None:
                break
            reached = [
                (self.height(there), there) for there in self.steps(place, height, near, stride)
            ]
            lower = [each for each in reached if each[0] is not None and each[0] < height]
            stride = stride * 2 if lower else stride / 8
            if stride < SHORTEST:
                break
            for found, there in lower:
                if found < height:
                    height, place = found, [arb(x.mid()) for x in there]
        return place

    def steps(self, place: Place, here: Any, near: Any, stride: Any) -> Iterator[Place]:
        """Yield places to try: to the bottom by second derivatives, and down the gradient."""
        count = range(len(place))
        ups = [self.height(moved(place, {n: near})) for n in count]
        downs = [self.height(moved(place, {n: -near})) for n in count]
        if None in ups or None in downs:
            return
        slopes = [(up - down) / (2 * near) for up, down in zip(ups, downs, strict=True)]
        curves = [(u - 2 * here + d) / near**2 for u, d in zip(ups, downs, strict=True)]
        yield from self.newton(place, here, near, slopes, curves, ups)
        length = sum((s * s for s in slopes), arb(0)).sqrt()
        if length > 0:
            yield [x - s * stride / length for x, s in zip(place, slopes, strict=True)]

    def newton(
        self, place: Place, here: Any, near: Any, slopes: Place, curves: Place, ups: Place
    ) -> Iterator[Place]:
        """Yield where Newton's step leads, as it is and from a valley that is bent upwards."""
        hessian = arb_mat(len(place), len(place))
        for n, curve in enumerate(curves):
            hessian[n, n] = curve
        for n, m in itertools.combinations(range(len(place)), 2):
            corner = self.height(moved(place, {n: near, m: near}))
            if corner is None:
                return
            hessian[n, m] = hessian[m, n] = (corner - ups[n] - ups[m] + here) / near**2
        for bent in (hessian, bent_upwards(hessian, len(place))):
            with contextlib.suppress(ZeroDivisionError, ValueError):
                found = bent.solve(arb_mat([[s] for s in slopes]))
                yield [arb(x.mid()) - arb(found[n, 0].mid()) for n, x in enumerate(place)]


def bent_upwards(matrix: Any, size: int) -> Any:
    """Return a symmetric matrix with as much on its diagonal as its row has in sizes."""
    rows = [[matrix[n, m] for m in range(size)] for n in range(size)]
    for n, row in enumerate(rows):
        row[n] = sum((abs(x) for x in row), arb(0))
    return arb_mat(rows)


def alike(
    letters: Container[sp.Symbol], evaluator: Evaluator, leading: int | None
) -> dict[sp.Symbol, sp.Symbol]:
    """Return for entries of vectors that do not lead the first of them, whose number they have."""
    found = dict[sp.Symbol, sp.Symbol]()
    for entries in vectors_of(evaluator) if leading is not None else ():
        first, *others = [s for s in entries[leading:] if s in letters] or [None]
        found |= dict.fromkeys(others, first)
    return found


def moved(place: Place, by: dict[int, Any]) -> Place:
    """Return a place moved along some letters."""
    return [x + by.get(n, 0) for n, x in enumerate(place)]


def limits(
    letter: sp.Symbol, domains: Mapping[sp.Symbol, str], given: Iterable[Claim]
) -> tuple[list[sp.Expr], list[sp.Expr]]:
    """Return below and above what a letter has to stay, by its domain and by conditions.

    These are numbers, and letters that come before it.
    """
    earlier = set(itertools.takewhile(lambda s: s != letter, domains))
    low, high = ([x] if x.is_finite else [] for x in BOUNDS[domains[letter]])
    for relation, one, other in (way for each in given for way in each.both_ways):
        if one == letter and other.free_symbols <= earlier:
            above = side(relation)
            if above:
                (low if above > 0 else high).append(other)
    return low, high


def number_at(bound: sp.Expr, point: dict[sp.Symbol, Any]) -> Any:
    """Return a bound at a point: most are plain numbers."""
    return fraction(bound) if bound.is_Rational else value(bound, point, flint.ctx.prec)


def between(x: Any, low: Sequence[Any], high: Sequence[Any]) -> Any:
    """Return a free number as one above some numbers and below others."""
    if not low and not high:
        return x
    if not high:
        return max(low) + x.exp()
    if not low:
        return min(high) - x.exp()
    return max(low) + (min(high) - max(low)) / (1 + (-x).exp())
