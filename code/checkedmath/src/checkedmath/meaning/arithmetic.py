"""Arithmetic of numbers, vectors and matrices, refused where it makes no sense."""

import functools

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.meaning.limits import LARGEST_DETERMINANT, MOST_BITS, MOST_NODES


def is_matrix(value):
    """Tell whether a value is a vector or a matrix."""
    return isinstance(value, sp.MatrixBase)


def describe(value):
    """Say what a value is: a number, a vector or a matrix."""
    if not is_matrix(value):
        return "a number"
    rows, columns = value.shape
    if columns == 1:
        return f"a vector of {rows}"
    return f"a row of {columns}" if rows == 1 else f"a {rows} by {columns} matrix"


def scalar(value, what):
    """Return a value that has to be a number."""
    if is_matrix(value):
        raise FormulaError(f"{what} takes a number, not {describe(value)}")
    return value


def each(function, value):
    """Apply a function to a number, or to each entry of a matrix."""
    return value.applyfunc(function) if is_matrix(value) else function(value)


def add(left, right):
    """Return a sum."""
    if getattr(left, "shape", ()) != getattr(right, "shape", ()):
        raise FormulaError(f"{describe(left)} and {describe(right)} cannot be added")
    return left + right


def multiply(left, right):
    """Return a product; a row times a vector is a number."""
    if is_matrix(left) and is_matrix(right):
        if left.shape[1] != right.shape[0]:
            raise FormulaError(f"{describe(left)} times {describe(right)} is not defined")
        product = left * right
        return product[0] if product.shape == (1, 1) else product
    return left * right


def multiply_entries(left, right):
    """Return the product entry by entry."""
    if not is_matrix(left) or not is_matrix(right) or left.shape != right.shape:
        raise FormulaError(rf"\odot stands between {describe(left)} and {describe(right)}")
    return left.multiply_elementwise(right)


def divide(left, right):
    """Return a quotient."""
    scalar(right, "a division")
    if right == 0:
        raise FormulaError("a division by zero")
    return left / right


def power(base, exponent):
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


def determinant(matrix):
    """Return the determinant of a square matrix, without divisions."""
    if matrix.shape[0] > LARGEST_DETERMINANT:
        raise FormulaError(f"the determinant of {describe(matrix)} is too large to be computed")
    return matrix.det(method="berkowitz")


def _refuse_huge(base, exponent):
    size = max(abs(base.p).bit_length(), base.q.bit_length())
    if size * max(abs(exponent.p), exponent.q) > MOST_BITS and base not in (0, 1, -1):
        raise FormulaError("a power that is too large to be computed")


def logarithm(value):
    """Return the natural logarithm."""
    if value.is_nonpositive:
        raise FormulaError(f"the logarithm of {_as_read(value)} is not a number")
    return sp.log(value)


def square_root(value):
    """Return the square root."""
    if value.is_negative:
        raise FormulaError(f"the root of {_as_read(value)} is not a number")
    return sp.sqrt(value)


def _as_read(value):
    """Say what a number is that is not positive; symbols do not bear the author's names."""
    return "what is never positive" if value.free_symbols else value


def refuse_large(value):
    """Refuse an expression that is too large to be differentiated."""
    sizes = {}
    for entry in value if is_matrix(value) else [value]:
        if _size(entry, sizes) > MOST_NODES:
            raise FormulaError("too large an expression to be differentiated: split the formula")


def _size(expression, sizes):
    if expression not in sizes:
        sizes[expression] = 1 + sum(_size(arg, sizes) for arg in expression.args)
    return sizes[expression]
