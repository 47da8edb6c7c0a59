r"""Where a limit goes, and from which sides its letter may come within its domain."""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

from checkedmath.errors import FormulaError

#: Between which numbers the letters of a domain lie.
BOUNDS = {
    "real": (-sp.oo, sp.oo),
    "positive": (sp.Integer(0), sp.oo),
    "unit": (sp.Integer(0), sp.Integer(1)),
    "simplex": (sp.Integer(0), sp.Integer(1)),
}


class Approach(NamedTuple):
    """A number or an infinity, and the sides from which one comes to it: 1 is from above."""

    target: sp.Expr
    sides: tuple[int, ...]

    def near(self, tiny: sp.Expr, side: int = 1) -> sp.Expr:
        """Return a number that is as near as a tiny one to zero, on a side."""
        return self.target + side * tiny if self.target.is_finite else sp.sign(self.target) / tiny


def approach(target: str, domain: str) -> Approach:
    r"""Return where a limit goes; refuse a place that its letter cannot come near.

    Parameters
    ----------
    target : str
        ``\infty``, ``-\infty``, or a number, with ``^+`` or ``^-`` for a side.
    domain : str
        What the letter is.

    Raises
    ------
    FormulaError
        If no number of the domain is near the target, on a side that is asked for.

    Examples
    --------
    >>> approach("1", "real").sides, approach("1", "unit").sides
    ((1, -1), (-1,))
    """
    low, high = BOUNDS[domain]
    place, _, side = target.partition("^")
    if "infty" in place:
        at, sides = (-sp.oo, [1]) if place.startswith("-") else (sp.oo, [-1])
    else:
        at, sides = sp.Rational(place), {"+": [1], "-": [-1]}.get(side, [1, -1])
    inside = tuple(each for each in sides if (low <= at < high if each == 1 else low < at <= high))
    if not inside:
        raise FormulaError(
            f"a limit to {target}, which its letter, declared {domain}, never comes near"
        )
    return Approach(at, inside)
