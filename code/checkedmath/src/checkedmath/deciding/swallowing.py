r"""Where numbers cannot tell, because one of them is too small beside the others for any digit.

With :math:`x > 1` the two sides of :math:`\sigma(10^5 x) = 1` agree in 40,000 digits, and differ.
"""

from __future__ import annotations

import math

import sympy as sp

from checkedmath.deciding.balls import MOST_BITS, Point, is_number, program
from checkedmath.deciding.judging import Claim, Finding, Undecided, judge, parts_of, shown_at

#: An exponential of a number beyond this has more digits before or behind the point than there are.
LARGEST_EXPONENT = int(MOST_BITS * math.log(2))


def refuse_swallowed(claim: Claim, point: Point) -> None:
    """Refuse what seems to hold at a point only because digits end.

    Raises
    ------
    Undecided
        If no digit tells the two sides apart, and there is a part too large, or too small.
    """
    differs = claim._replace(relation=r"\ne")
    if has_extreme_part(claim, point) and (
        judge(differs, point, (MOST_BITS,)) is Finding.CANNOT_TELL
    ):
        raise Undecided("", "", shown_at(claim, point))


def has_extreme_part(claim: Claim, point: Point) -> bool:
    """Tell whether an exponential, or what is made of one, has an exponent that is too large."""
    parts = parts_of([claim.left, claim.right])
    exponents = program(*(exponent for x in parts if (exponent := exponent_of(x)) is not None))
    return any(is_number(x) and abs(x) > LARGEST_EXPONENT for x in exponents.run(point))


def exponent_of(x: sp.Expr) -> sp.Expr | None:
    """Return what is in the exponent of e, if the outermost operation is like one."""
    if isinstance(x, (sp.exp, sp.tanh)):
        return x.args[0]
    return x.exp * sp.log(sp.Abs(x.base)) if x.is_Pow else None
