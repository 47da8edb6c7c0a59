"""Where the two sides of an inequality come closest: down the gradient of their gap.

First with the precision of the machine, then by Newton's method with many bits. Each letter is a
function of a free number, so that there are no borders.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import arb, arb_mat

from checkedmath.deciding.balls import MANY_BITS, Program, is_number
from checkedmath.deciding.judging import Claim
from checkedmath.deciding.sampling import simplex_rows
from checkedmath.meaning.arithmetic import absolute
from checkedmath.meaning.evaluator import Evaluator

#: From how many starts, with how many steps of each kind, in how many letters at most.
STARTS, STRIDES, POLISHES, MOST_LETTERS = 8, 30, 9, 6
#: How wide the starts are strewn, in turn.
SPREADS = (1, 3, 10, 40)
#: Bits, and how far apart the points are from which a slope is computed: first, and to polish.
COARSE, FINE = (120, 20), (MANY_BITS, 300)
#: Two sides touch if they differ by less here, but by more at this distance.
TOUCH, ASIDE = arb(2) ** -400, arb(2) ** -10
Place = list[Any]


class Bottom(NamedTuple):
    """The lowest point of a valley, and whether no digit tells the two sides apart there."""

    point: dict[sp.Symbol, Any]
    touches: bool


def valleys(claim: Claim, evaluator: Evaluator, random: Random) -> Iterator[Bottom]:
    """Yield the points where an inequality comes closest to failing."""
    sign = 1 if claim.relation in (r"\ge", ">") else -1
    grounds = [_Ground(sign, claim, evaluator, relative) for relative in (False, True)]
    ground = grounds[0]
    if not 0 < len(ground.free) <= MOST_LETTERS:
        return
    effort = ground.program.size * (STRIDES + POLISHES) * (2 + len(ground.free) ** 2)
    for n in range(STARTS):
        if not evaluator.budget.may_hunt(effort):
            return
        start = [arb(random.gauss(0, SPREADS[n // 2 % 4])) for _ in ground.free]
        yield grounds[n % 2].descend(start)


class _Ground:
    """The gap as a landscape without borders; also in proportion to both sides."""

    def __init__(self, sign: int, claim: Claim, evaluator: Evaluator, relative: bool) -> None:
        gap, size = claim.left - claim.right, absolute(claim.left) + absolute(claim.right)
        self.program = Program(sign * (gap / size if relative else gap))
        letters, symbols = claim.letters, evaluator.notation.symbols
        self.rows = [row for _, row in simplex_rows(evaluator) if letters & set(row)]
        in_rows = set(itertools.chain(*self.rows))
        self.domains = {
            symbol: symbols[word][0]
            for (word, _), symbol in evaluator.atoms.items()
            if symbol in letters - in_rows
        }
        self.free = [*self.domains, *(s for row in self.rows for s in row[1:])]

    def point(self, place: Place) -> dict[sp.Symbol, Any]:
        """Return the numbers for the letters at a place."""
        at = dict(zip(self.free, place, strict=True))
        found = {s: ONTO[domain](at[s]) for s, domain in self.domains.items()}
        for row in self.rows:
            weights = [arb(1), *(at[s].exp() for s in row[1:])]
            total = sum(weights[1:], weights[0])
            found |= {s: w / total for s, w in zip(row, weights, strict=True)}
        return found

    def height(self, place: Place) -> Any:
        """Return the middle of the gap at a place, or None where it is no number."""
        (found,) = self.program.run(self.point(place), flint.ctx.prec)
        return arb(arb(found).mid()) if is_number(found) else None

    def descend(self, place: Place) -> Bottom:
        """Return the bottom of the valley in which a place lies."""
        for (bits, near), steps in ((COARSE, STRIDES), (FINE, POLISHES)):
            with flint.ctx.workprec(bits):
                place = self.walk([arb(x.mid()) for x in place], arb(2) ** -near, steps)
        with flint.ctx.workprec(MANY_BITS):
            return Bottom(self.point(place), self.touches(place))

    def touches(self, place: Place) -> bool:
        """Tell whether the gap is as good as zero here, and not so all around."""
        here = self.height(place)
        around = [
            self.height(moved(place, {n: by})) for n in range(len(place)) for by in (ASIDE, -ASIDE)
        ]
        low = here is not None and abs(here) < TOUCH
        return low and any(each is not None and each > 1e6 * TOUCH**0.5 for each in around)

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
        yield self.newton(place, here, near, slopes, curves, ups)
        length = sum((s * s for s in slopes), arb(0)).sqrt()
        if length > 0:
            yield [x - s * stride / length for x, s in zip(place, slopes, strict=True)]

    def newton(
        self, place: Place, here: Any, near: Any, slopes: Place, curves: Place, ups: Place
    ) -> Place:
        """Return where Newton's step leads, from all second derivatives."""
        hessian = arb_mat(len(place), len(place))
        for n, curve in enumerate(curves):
            hessian[n, n] = curve
        for n, m in itertools.combinations(range(len(place)), 2):
            corner = self.height(moved(place, {n: near, m: near}))
            if corner is None:
                return place
            hessian[n, m] = hessian[m, n] = (corner - ups[n] - ups[m] + here) / near**2
        try:
            found = hessian.solve(arb_mat([[s] for s in slopes]))
        except (ZeroDivisionError, ValueError):
            return place
        return [arb(x.mid()) - arb(found[n, 0].mid()) for n, x in enumerate(place)]


def moved(place: Place, by: dict[int, Any]) -> Place:
    """Return a place moved along some letters."""
    return [x + by.get(n, 0) for n, x in enumerate(place)]


#: How a free number becomes one of a domain.
ONTO: dict[str, Callable[[Any], Any]] = {
    "real": lambda x: x,
    "positive": lambda x: x.exp(),
    "unit": lambda x: 1 / (1 + (-x).exp()),
}
