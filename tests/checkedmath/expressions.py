"""Expressions of two letters in which each operation with numbers occurs."""

import sympy as sp
from checkedmath.meaning.piecewise import Corner, Largest, Select, indicator

X, Y = sp.symbols("x0 x1", real=True)
EXPRESSIONS = [
    X - 2 * Y + sp.Rational(1, 3),
    X * Y,
    X * Y * (X - Y),
    X**2,
    X**3,
    X**-1,
    X**-2,
    X**-3,
    sp.sqrt(X),
    Largest(X, Y) ** sp.Rational(-3, 2),
    (X**2 + 1) ** Y,
    sp.exp(X * Y),
    sp.log(X + Y),
    sp.tanh(3 * X),
    sp.sin(X),
    sp.cos(2 * X + Y),
    sp.Abs(X - Y),
    sp.sign(X),
    Largest(X, Y, -X),
    Corner(X, Y, -Y),
    sp.pi * X + sp.E,
    *(indicator(relation, X, Y) for relation in ("=", r"\ne", "<", ">", r"\le", r"\ge")),
    Select(indicator("<", X, Y), X**2, indicator("<", X, sp.Integer(1)), Y, sp.Integer(1), -X),
    sp.diff(Select(indicator("<", X, Y), X**2, sp.Integer(1), -X), X),
    sp.diff(indicator("<", X, Y) * X, X),
]
