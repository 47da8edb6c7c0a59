"""Where an inequality of many letters comes closest to failing: down its slope, by machine numbers.

Valleys are sought with balls, in a handful of letters. With more of them the gap of the two sides
is followed down from a few places, as far as the ends of domains. Nothing is decided: what is found
is tried like all other points.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

import sympy as sp

from checkedmath.deciding.grids import OnGrid
from checkedmath.deciding.judging import Claim
from checkedmath.deciding.special import Special, domains_of, even
from checkedmath.deciding.valleys import MOST_LETTERS
from checkedmath.meaning.arithmetic import absolute
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.relations import side

#: Up to how many letters; from how many places on each slope, with how many strides at most.
MOST, STARTS, STRIDES = 20, 4, 40
#: How far apart the points are from which slopes are computed; how long strides are.
APART, LENGTHS = 2.0**-17, tuple(2.0**-n for n in range(-1, 9))
#: An operation on a column takes so little of the work of one with balls.
CHEAPER = 12
#: What a number of each domain is, made of a free one; where the numbers of a domain end.
FREE: dict[str, Callable[[float], float]] = {
    "real": float,
    "positive": math.exp,
    "unit": lambda x: 1 / (1 + math.exp(-x)),
}
ENDS = {"real": (-math.inf, math.inf), "positive": (2.0**-16, math.inf), "unit": (0.0, 1.0)}
#: The largest denominator of a number that is tried.
FINEST = 2**20

Place = Sequence[float]


def lowest_places(claim: Claim, evaluator: Evaluator) -> Iterator[Special]:
    """Yield points of many letters where an inequality comes close to failing, if it does."""
    domains = domains_of(claim.letters, evaluator)
    is_plain = not claim.given and len(domains) == len(claim.letters)
    if not is_plain or not MOST_LETTERS < len(domains) <= MOST:
        return
    sign = 1 if side(claim.relation) > 0 else -1
    gap, size = sign * (claim.left - claim.right), absolute(claim.left) + absolute(claim.right)
    # As a share of their size it tells where a form is smallest; by itself it is nowhere level.
    slopes = _Slope(gap / size, domains), _Slope(gap, domains)
    random = Random(0)  # of its own, so that what is drawn later stays what it was
    for start, slope in itertools.product(range(STARTS), slopes):
        if not evaluator.budget.may_cut(slope.effort):
            return
        place = slope.descend(slope.start(start, random))
        numbers = {s: _fraction(x) for s, x in zip(domains, place, strict=True)}
        yield Special(even(evaluator) | numbers, at_end=True)


class _Slope:
    """The gap of two sides as a function of some letters."""

    def __init__(self, gap: sp.Expr, domains: Mapping[sp.Symbol, str]) -> None:
        self.height, self.domains = OnGrid(gap), domains

    @property
    def effort(self) -> int:
        """The number of operations of one descent, counted as if with balls."""
        points = 2 * len(self.domains) + len(LENGTHS)
        return STRIDES * points * self.height.size // CHEAPER

    def start(self, number: int, random: Random) -> Place:
        """Return where a descent begins: with all letters alike, in turn, or at random."""
        usual = {0: itertools.repeat(1.0), 1: itertools.cycle((1.0, -1.0))}
        free = usual.get(number) or iter(lambda: random.gauss(0, 1), None)
        return [FREE[domain](x) for domain, x in zip(self.domains.values(), free, strict=False)]

    def inside(self, numbers: Iterator[float]) -> Place:
        """Return numbers moved into their domains."""
        ends = (ENDS[domain] for domain in self.domains.values())
        return [min(max(x, low), high) for x, (low, high) in zip(numbers, ends, strict=True)]

    def heights(self, places: Sequence[Place]) -> list[float]:
        """Return the gap at some places, and infinity where it has none."""
        columns = map(list, zip(*places, strict=True))
        (found,) = self.height.run(dict(zip(self.domains, columns, strict=True)))
        return [x if math.isfinite(x) else math.inf for x in found]

    def descend(self, place: Place) -> Place:
        """Return where the gap is smallest on the way down from a place."""
        (height,) = self.heights([place])
        for _ in range(STRIDES):
            down = self.direction(place)
            reach = max(1.0, math.hypot(*place))
            strides = [
                self.inside(x + length * reach * d for x, d in zip(place, down, strict=True))
                for length in LENGTHS
            ]
            lowest, nearest = min(zip(self.heights(strides), strides, strict=True))
            if not lowest < height:
                break
            height, place = lowest, nearest
        return place

    def direction(self, place: Place) -> list[float]:
        """Return the direction down at a place, of length one; zeros where there is none."""
        near = [
            [x + step * (n == m) for m, x in enumerate(place)]
            for n in range(len(place))
            for step in (APART, -APART)
        ]
        found = self.heights(near)
        down = [after - before for before, after in zip(found[::2], found[1::2], strict=True)]
        down = [d if math.isfinite(d) else 0.0 for d in down]
        length = math.hypot(*down)
        return [d / length for d in down] if length else down


def _fraction(x: float) -> sp.Rational:
    """Return a number close to one of the machine, with a denominator that is not too long."""
    return sp.Rational(round(x * FINEST), FINEST)
