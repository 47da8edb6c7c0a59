"""Signs of numbers, by intervals that surely hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from mpmath import iv

from checkedmath.meaning import expansion

#: With how many bits a number is enclosed before nothing is claimed.
PRECISIONS = (64, 256, 1024)
#: The largest exponent of a power of a number; beyond it nothing is claimed.
LARGEST_POWER = 10_000
#: A letter -> the interval in which it lies.
Box = Mapping[sp.Expr, Any]


class NoNumber(Exception):  # noqa: N818 - nothing went wrong
    """An expression that is no number, or whose interval is too wide to tell."""


def sign_of_number(x: sp.Expr) -> int | None:
    """Return 1, 0 or -1 for a number; None if that cannot be told."""
    if x.is_Rational:
        return int(sp.sign(x))
    if x.free_symbols or x.atoms(sp.Sum, sp.Lambda):
        return None
    for bits in PRECISIONS:
        found = sign_in_box(x, {}, bits)
        if found:
            return found
    return 0 if expansion.is_zero(sp.expand_log(x, force=True)) else None


def sign_in_box(x: sp.Expr, box: Box, bits: int) -> int | None:
    """Return the sign that an expression has all over a box; None if it is not the same."""
    kept, iv.prec = iv.prec, bits
    try:
        found = enclose(x, box)
    except (NoNumber, ValueError, ZeroDivisionError, OverflowError):
        return None
    finally:
        iv.prec = kept
    if found.a > 0:
        return 1
    return -1 if found.b < 0 else None


def enclose(x: sp.Expr, box: Box) -> Any:
    """Return an interval that holds all values of an expression; it is finite."""
    if x in box:
        return box[x]
    if x.is_Rational:
        return iv.mpf(int(x.p)) / int(x.q)
    rule = ENCLOSURES.get(x.func)
    if rule is None:
        raise NoNumber
    found = rule(x, [enclose(arg, box) for arg in x.args])
    if not (found.a > -iv.inf and found.b < iv.inf):
        raise NoNumber
    return found


def _sum(_: sp.Expr, parts: list[Any]) -> Any:
    total = iv.mpf(0)
    for part in parts:
        total += part
    return total


def _product(_: sp.Expr, parts: list[Any]) -> Any:
    product = iv.mpf(1)
    for part in parts:
        product *= part
    return product


def _power(x: sp.Pow, parts: list[Any]) -> Any:
    base, exponent = parts
    if not x.exp.is_Integer:
        if not base.a > 0:
            raise NoNumber
        return iv.exp(exponent * iv.log(base))
    if abs(x.exp) > LARGEST_POWER or (x.exp.is_negative and base.a <= 0 <= base.b):
        raise NoNumber
    return base ** int(x.exp)


def _logarithm(_: sp.Expr, parts: list[Any]) -> Any:
    if not parts[0].a > 0:
        raise NoNumber
    return iv.log(parts[0])


#: How an expression is enclosed, by its outermost operation.
ENCLOSURES: dict[type, Callable[[Any, list[Any]], Any]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.exp: lambda _, parts: iv.exp(parts[0]),
    sp.log: _logarithm,
    sp.Abs: lambda _, parts: abs(parts[0]),
    type(sp.E): lambda *_: +iv.e,
    type(sp.pi): lambda *_: +iv.pi,
}
