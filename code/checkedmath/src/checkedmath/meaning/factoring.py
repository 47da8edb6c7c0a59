"""Factors, from points that are always the same.

SymPy draws the points at which it factors from the random numbers of the machine. By chance some
take minutes, and no verdict may rest on chance.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.random import seed

SEED = 1
#: Factoring is by powers of what occurs: with a power beyond this, that would be without end.
MOST_POWER = 2_000


def factors_of(x: sp.Expr | sp.Poly, **options: bool) -> Any:
    """Return what `sympy.factor_list` returns."""
    seed(SEED)
    return sp.factor_list(x, **options)


def factored(x: sp.Expr) -> sp.Expr:
    """Return what `sympy.factor` returns, and what has very high powers as it is."""
    if any(abs(n) > MOST_POWER for power in x.atoms(sp.Pow, sp.exp) for n in numbers_in(power.exp)):
        return x
    seed(SEED)
    return sp.factor(x)


def numbers_in(exponent: sp.Expr) -> set[int]:
    """Return the whole numbers and the numerators in an exponent."""
    return {int(each.p) for each in exponent.atoms(sp.Rational)}
