r"""Proofs by algebra: what is zero is seen to be, what is not never is."""

import pytest
import sympy as sp
from checkedmath.deciding.polynomials import Algebra, TooMuchWork, vanishes
from checkedmath.meaning.limits import Budget
from hypothesis import given
from hypothesis import strategies as st
from sympy.abc import x, y

t, u, v = sp.symbols("t u v", positive=True)
s, c = sp.symbols("s c", real=True)
e, log, sqrt = sp.exp, sp.log, sp.sqrt

ZERO = {
    "fractions": 1 / (s + c) + 1 / (s - c) - 2 * s / (s**2 - c**2),
    "exponents": e(s) * e(c) - e(s + c),
    "halves of exponents": (e(s / 2) + 1) * (e(s / 2) - 1) - e(s) + 1,
    "sevenths of exponents": (e(s / 7) + 1) * (e(s / 7) - 1) - e(2 * s / 7) + 1,
    "exponents with products": e(s * c) * e(s) - e(s * (c + 1)),
    "exponents with quotients": e(s / t) / e(c / t) - e((s - c) / t),
    "exponents with sums below": e(s / (t + u)) ** 2 - e(2 * s / (t + u)),
    "the number e": sp.E**2 * e(s) - e(s + 2),
    "logarithms of products": log(t * u / v**3) - log(t) - log(u) + 3 * log(v),
    "logarithms of numbers": log(12) - 2 * log(2) - log(3),
    "logarithms of exponentials": log(e(s) / (1 + e(s))) - s + log(1 + e(s)),
    "logarithms of sums of exponentials": log(e(s) + e(c)) - s - log(1 + e(c - s)),
    "logarithms of squares": log(1 + 2 * t + t**2) - 2 * log(1 + t),
    "logarithms of factors": log(1 - t**2) - log(1 - t) - log(1 + t),
    "logarithms of roots": log(sqrt(2 * t)) - (log(2) + log(t)) / 2,
    "powers with letters": t**s * t**c - t ** (s + c),
    "logarithms of powers": log(t**s * u**c) - s * log(t) - c * log(u),
    "exponentials of logarithms": e(s * log(t)) - t**s,
    "exponentials of logarithms of sums": e(2 * log(1 + t)) - (1 + t) ** 2,
    "roots": sqrt(t) * sqrt(u) - sqrt(t * u),
    "hyperbolic tangents": sp.tanh(s) - (e(2 * s) - 1) / (e(2 * s) + 1),
    "what is not looked into": sp.sin(s) * (sp.Abs(c) + 1) - sp.sin(s) - sp.sin(s) * sp.Abs(c),
    "softmax": sum(e(z) / (e(s) + e(c) + e(x)) for z in (s, c, x)) - 1,
    "sigmoid": 1 / (1 + e(-s)) + 1 / (1 + e(s)) - 1,
}
NOT_ZERO = {
    "nearly zero": t - t * (1 + sp.Rational(1, 10**50)),
    "zero at many points": sp.prod(s - n for n in range(1, 9)),
    "a sign": log(t / u) - log(t) - log(u),
    "a logarithm of a sum": log(t + u) - log(t) - log(u),
    "an exponential of a product": e(s * c) - e(s) * e(c),
    "softmax without a term": e(s) / (e(s) + e(c)) - 1,
    "one": sp.Integer(1),
}


@pytest.mark.parametrize("expression", ZERO.values(), ids=ZERO)
def test_what_is_zero(expression):
    assert vanishes(expression)


@pytest.mark.parametrize("expression", NOT_ZERO.values(), ids=NOT_ZERO)
def test_what_is_not_zero(expression):
    assert not vanishes(expression)


def test_what_symbols_mean():
    weights = {x: t / (t + 1), y: 1 / (t + 1)}
    assert not vanishes(x + y - 1)
    assert vanishes(x + y - 1, weights)
    assert vanishes(sp.sin(x + y) - sp.sin(x + 1 / (t + 1)), weights)


def test_beyond_the_limits_nothing_is_proved():
    assert vanishes((s + 1) ** 20 - ((s + 1) ** 10) ** 2)
    assert not vanishes((s + 1) ** 60 - ((s + 1) ** 30 * (s + 1) ** 29 * s + (s + 1) ** 59))
    with pytest.raises(TooMuchWork):
        Algebra(most_work=10)((s + c + t + u + v) ** 4)


def test_work_is_counted():
    budget = Budget()
    before = budget.algebra
    assert vanishes((s + c) ** 3 - s**3 - 3 * s**2 * c - 3 * s * c**2 - c**3, budget=budget)
    used = before - budget.algebra
    assert used > 0
    budget.algebra = used
    assert vanishes((s + c) ** 3 - s**3 - 3 * s**2 * c - 3 * s * c**2 - c**3, budget=budget)
    assert not vanishes((s + c) ** 2 - s**2 - 2 * s * c - c**2, budget=budget)


LEAVES = st.sampled_from([s, c, t, u])


def grow(children):
    pair = st.tuples(children, children)
    return st.one_of(
        pair.map(lambda ab: ab[0] + ab[1]),
        pair.map(lambda ab: ab[0] * ab[1]),
        children.map(lambda a: e(-a)),
        children.map(lambda a: 1 / (1 + e(a))),
        children.map(lambda a: log(1 + e(a))),
        children.map(lambda a: a**2 / (1 + a**2)),
    )


EXPRESSIONS = st.recursive(LEAVES, grow, max_leaves=3)


@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_the_laws_of_arithmetic(a, b, d):
    assert vanishes(a * (b + d) - (a * b + a * d))
    assert vanishes((a + b) ** 2 - a**2 - 2 * a * b - b**2)
    assert vanishes(a / (1 + d**2) + b / (1 + d**2) - (a + b) / (1 + d**2))
    assert vanishes(e(a + b) - e(a) * e(b))
    assert vanishes(log((1 + e(a)) ** 2 / (1 + e(b))) - 2 * log(1 + e(a)) + log(1 + e(b)))


@given(EXPRESSIONS, EXPRESSIONS)
def test_what_vanishes_is_zero_in_numbers(a, b):
    """Whatever algebra claims is so at a point; a random pair is mostly not equal."""
    if vanishes(a - b):
        at = {s: sp.Rational(7, 10), c: sp.Rational(-3, 2), t: sp.Rational(11, 10), u: 2}
        assert abs(sp.N((a - b).subs(at), 40)) < 1e-30
