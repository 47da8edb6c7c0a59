"""Values at points: they enclose those of mpmath, and say where there is none."""

import mpmath
import pytest
import sympy as sp
from checkedmath.deciding.balls import (
    NO_SLOPE,
    UNDEFINED,
    VAGUE,
    as_text,
    is_number,
    value,
)
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Corner, Jump, Largest, Select, indicator
from checkedmath.reading.printer import read
from flint import arb, fmpq

X, Y = sp.symbols("x0 x1", real=True)
ZERO, HALF = sp.Integer(0), sp.Rational(1, 2)


def test_values_are_those_of_mpmath(letters):
    evaluator = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
    expression = evaluator(read(r"\log(1 + e^{-s}) + \sin c + \lvert m \rvert^{1/3}"), {})
    at = {"s": 1, "c": -2, "m": -3}
    point = {evaluator.atoms[word, ()]: sp.Integer(number) for word, number in at.items()}
    with mpmath.workdps(60):
        expected = mpmath.log(1 + mpmath.exp(-1)) + mpmath.sin(-2) + mpmath.cbrt(3)
        found = mpmath.mpf(as_text(value(expression, point), 58))
        assert abs(found - expected) < mpmath.mpf(10) ** -55


@pytest.mark.parametrize("power", [10**6, 10**6 + 1, 2 * 10**7, -(10**6), -(10**6) - 1])
def test_a_negative_number_has_every_whole_power(power):
    found = value(X**Y, {X: sp.Rational(-3, 2), Y: sp.Integer(power)})
    with mpmath.workdps(60):
        wanted = mpmath.mpf(-3) / 2
        assert abs(mpmath.mpf(str(found.mid().str(40, radius=False))) / wanted**power - 1) < 1e-30


@pytest.mark.parametrize("power", [20, 10**9, 1073741825, 37 * 10**11, -25 * 10**29, 10**90])
def test_exponentials_of_large_numbers(power):
    found = value(sp.exp(X), {X: sp.Integer(power)})
    assert found.rel_accuracy_bits() > 220
    assert value(sp.log(sp.exp(X) + Y) - X, {X: sp.Integer(power), Y: ZERO}).contains(0)


def test_fractions_stay_exact():
    at = {X: sp.Rational(1, 3), Y: sp.Rational(1, 7)}
    assert value(3 * X * Y - Y + X**2, at) == fmpq(1, 9)
    assert value(sp.exp(X - sp.Rational(1, 3)) - 1, at) == 0


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (Y / X, UNDEFINED),
        (sp.log(X), UNDEFINED),
        (sp.log(-1 - X), UNDEFINED),
        (X ** (X - 1), UNDEFINED),
        (0 * Y + (X - HALF) ** sp.Rational(1, 3), UNDEFINED),
        (1 / Largest(X, -Y), UNDEFINED),
        (sp.sign(X), NO_SLOPE),
        (Corner(X, sp.Integer(0)), NO_SLOPE),
        (Jump(X, sp.Integer(0)), UNDEFINED),
        (X * sp.sign(X), fmpq(0)),
        (Y * sp.sign(X), NO_SLOPE),
        (1 + sp.sign(X), UNDEFINED),
        (Select(indicator(">", X, ZERO), 1 / X, sp.Integer(1), Y), fmpq(1, 2)),
    ],
)
def test_where_there_is_no_number(expression, found):
    at = {X: ZERO, Y: HALF}
    result = value(expression, at)
    assert result is found or result == found


def test_what_is_unsure_is_said_to_be():
    nearly = {X: sp.Integer(1), Y: ZERO}
    zero = sp.sin(X) ** 2 + sp.cos(X) ** 2 - 1
    assert not is_number(value(1 / zero, nearly))
    assert not is_number(value(sp.log(zero), nearly))
    assert value(1 / zero, nearly) is not UNDEFINED
    assert is_number(fmpq(1))
    assert not is_number(VAGUE)


@pytest.mark.parametrize(
    ("second", "slope"),
    [(-X, NO_SLOPE), (X + X**2, fmpq(1)), (X + 1, NO_SLOPE), (2 * X, NO_SLOPE)],
)
def test_cases_have_a_slope_where_they_meet_smoothly(second, slope):
    cases = Select(indicator(">", X, ZERO), X, sp.Integer(1), second)
    found = value(cases.diff(X), {X: ZERO})
    assert found is slope or found == slope
    assert value(cases.diff(X), {X: HALF}) == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (fmpq(1, 4), "0.25"),
        (arb(2), "2"),
        (fmpq(1, 3), "0.333333333333"),
        (UNDEFINED, "undefined"),
        (VAGUE, "unknown"),
    ],
)
def test_numbers_as_texts(number, text):
    assert as_text(number) == text
