"""Factors, from points that are always the same.

SymPy draws the points at which it factors from the random numbers of the machine. By chance some
take minutes, and no verdict may rest on chance.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.random import seed

SEED = 1


def factors_of(x: sp.Expr | sp.Poly, **options: bool) -> Any:
    """Return what `sympy.factor_list` returns."""
    seed(SEED)
    return sp.factor_list(x, **options)


def factored(x: sp.Expr) -> sp.Expr:
    """Return what `sympy.factor` returns."""
    seed(SEED)
    return sp.factor(x)
