"""Factors are found where that comes to an end."""

import pytest
import sympy as sp
from checkedmath.meaning.factoring import are_endless, factored, factors_of

x, y = sp.symbols("x y")


def test_factors_are_sympys():
    assert factored(x**2 - y**2) == (x - y) * (x + y)
    assert factors_of(x**2 - 1) == sp.factor_list(x**2 - 1)


@pytest.mark.parametrize(
    "endless", [x**100_000 - 1, x**3 + x + y - 10**1000, sp.exp(10**6 * x) + 1]
)
def test_what_would_take_without_end_is_one_factor(endless):
    assert factored(endless) is endless
    assert factors_of(endless) == (1, [(endless, 1)])


def test_powers_and_numbers_are_told_apart():
    assert not are_endless([2000], [2**600 - 1])
    assert are_endless([2001], [])
    assert are_endless([], [2**600])
