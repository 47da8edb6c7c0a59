"""Arithmetic of numbers, vectors and matrices, refused where it makes no sense."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix

from checkedmath.errors import FormulaError, TooMuch
from checkedmath.meaning.limits import (
    LARGEST_DETERMINANT,
    LARGEST_OF_NUMBERS,
    MOST_BITS,
    MOST_NODES,
)

#: A number, a vector or a matrix. SymPy has no types, so a checker of types learns nothing of it.
Value = Any


def is_matrix(value: Value) -> bool:
    """Tell whether a value is a vector or a matrix."""
    return isinstance(value, sp.MatrixBase)


def describe(value: Value) -> str:
    """Say what a value is: a number, a vector or a matrix."""
    if not is_matrix(value):
        return "a number"
    rows, columns = value.shape
    if columns == 1:
        return f"a vector of {rows}"
    return f"a row of {columns}" if rows == 1 else f"a {rows} by {columns} matrix"


def scalar(value: Value, what: str) -> sp.Expr:
    """Return a value that has to be a number."""
    if is_matrix(value):
        raise FormulaError(f"{what} takes a number, not {describe(value)}")
    return value


def each(function: Callable[[sp.Expr], sp.Expr], value: Value) -> Value:
    """Apply a function to a number, or to each entry of a matrix."""
    return value.applyfunc(function) if is_matrix(value) else function(value)


def add(left: Value, right: Value) -> Value:
    """Return a sum."""
    if getattr(left, "shape", ()) != getattr(right, "shape", ()):
        raise FormulaError(f"{describe(left)} and {describe(right)} cannot be added")
    return left + right


def multiply(left: Value, right: Value) -> Value:
    """Return a product; a row times a vector is a number."""
    if is_matrix(left) and is_matrix(right):
        if left.shape[1] != right.shape[0]:
            both = left.shape == right.shape and left.shape[1] == 1
            instead = r": write z^\top v for the number that they make" if both else ""
            raise FormulaError(f"{describe(left)} times {describe(right)} is not defined{instead}")
        product = left * right
        return product[0] if product.shape == (1, 1) else product
    return left * right


def multiply_entries(left: Value, right: Value) -> Value:
    """Return the product entry by entry."""
    if not is_matrix(left) or not is_matrix(right) or left.shape != right.shape:
        raise FormulaError(rf"\odot stands between {describe(left)} and {describe(right)}")
    return left.multiply_elementwise(right)


def divide(left: Value, right: Value) -> Value:
    """Return a quotient."""
    scalar(right, "a division")
    if right == 0:
        raise FormulaError("a division by zero")
    return left / right


def power(base: Value, exponent: Value) -> Value:
    """Return a power; of a square matrix, the product with itself."""
    scalar(exponent, "an exponent")
    if is_matrix(base):
        whole = exponent.is_Integer and 1 <= exponent <= 8
        if base.shape[0] != base.shape[1] or not whole:
            raise FormulaError(f"{describe(base)} has no such power")
        return functools.reduce(multiply, [base] * int(exponent))
    if base == 0 and (exponent.is_negative or exponent.is_zero):
        raise FormulaError("zero to a power that is not positive")
    if base.is_Rational and exponent.is_Rational:
        _refuse_huge(base, exponent)
    return base**exponent


def determinant(matrix: sp.Matrix) -> sp.Expr:
    """Return the determinant of a square matrix, without divisions unless it has no letters."""
    numbers = all(entry.is_Rational for entry in matrix)
    if numbers and matrix.shape[0] <= LARGEST_OF_NUMBERS:
        return QQ.to_sympy(DomainMatrix.from_Matrix(matrix).convert_to(QQ).det())
    if matrix.is_diagonal():
        return sp.Mul(*matrix.diagonal())
    if matrix.shape[0] > LARGEST_DETERMINANT:
        raise TooMuch(f"the determinant of {describe(matrix)} is too large to be computed")
    return matrix.det(method="berkowitz")


def _refuse_huge(base: sp.Rational, exponent: sp.Rational) -> None:
    size = max(abs(base.p).bit_length(), base.q.bit_length())
    if size * max(abs(exponent.p), exponent.q) > MOST_BITS and base not in (0, 1, -1):
        raise TooMuch("a power that is too large to be computed")


def logarithm(value: sp.Expr) -> sp.Expr:
    """Return the natural logarithm."""
    if value.is_nonpositive:
        raise FormulaError(f"the logarithm of {_as_read(value)} is not a number")
    return sp.log(value)


def square_root(value: sp.Expr) -> sp.Expr:
    """Return the square root."""
    if value.is_negative:
        raise FormulaError(f"the root of {_as_read(value)} is not a number")
    return sp.sqrt(value)


def absolute(value: sp.Expr) -> sp.Expr:
    """Return the absolute value, of which SymPy may take complex parts though it is real."""
    found = sp.Abs(value)
    is_plain = not found.has(sp.re, sp.im, sp.arg, sp.atan2)
    return found if is_plain else sp.Abs(value, evaluate=False)


def _as_read(value: sp.Expr) -> object:
    """Say what a number is that is not positive; symbols do not bear the author's names."""
    return "what is never positive" if value.free_symbols else value


def refuse_large(value: Value) -> None:
    """Refuse an expression that is too large to be differentiated."""
    sizes: dict[sp.Basic, int] = {}
    for entry in value if is_matrix(value) else [value]:
        if _size(entry, sizes) > MOST_NODES:
            raise TooMuch("too large an expression to be differentiated: split the formula")


def _size(expression: sp.Basic, sizes: dict[sp.Basic, int]) -> int:
    if expression not in sizes:
        sizes[expression] = 1 + sum(_size(arg, sizes) for arg in expression.args)
    return sizes[expression]
