"""Factors, from points that are always the same.

SymPy draws the points at which it factors from the random numbers of the machine. By chance some
take minutes, and no verdict may rest on chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.core.random import seed

SEED = 1
#: Factoring takes without end with a power beyond this, or with a number of more bits.
MOST_POWER, MOST_BITS = 2_000, 600


def factors_of(x: sp.Expr | sp.Poly, **options: bool) -> Any:
    """Return what `sympy.factor_list` returns; what would take without end is one factor."""
    if isinstance(x, sp.Expr) and is_endless(x):
        return sp.Integer(1), [(x, 1)]
    seed(SEED)
    return sp.factor_list(x, **options)


def factored(x: sp.Expr) -> sp.Expr:
    """Return what `sympy.factor` returns; what would take without end as it is."""
    if is_endless(x):
        return x
    seed(SEED)
    return sp.factor(x)


def is_endless(x: sp.Expr) -> bool:
    """Tell whether an expression has very high powers, or very long numbers."""
    powers = numbers_in(power.exp for power in x.atoms(sp.Pow, sp.exp))
    return are_endless(powers, numbers_in([x]))


def are_endless(powers: Iterable[int], numbers: Iterable[int]) -> bool:
    """Tell whether there are very high powers, or very long numbers."""
    return any(abs(n) > MOST_POWER for n in powers) or any(
        n.bit_length() > MOST_BITS for n in numbers
    )


def numbers_in(expressions: Iterable[sp.Expr]) -> set[int]:
    """Return the whole numbers in some expressions, and the numerators."""
    return {int(each.p) for x in expressions for each in x.atoms(sp.Rational)}
