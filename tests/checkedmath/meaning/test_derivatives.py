"""Derivatives by rules: what they are, and that SymPy is not asked what needs no answer."""

import sympy as sp
from checkedmath.meaning.derivatives import Slope

X = sp.Symbol("x0", real=True)


def test_what_is_in_an_absolute_value_is_taken_as_real():
    assert Slope(X)(sp.Abs(sp.log(X))) == sp.sign(sp.log(X)) / X
    assert Slope(X)(sp.Abs(X**2 - 2)) == 2 * X * sp.sign(X**2 - 2)
