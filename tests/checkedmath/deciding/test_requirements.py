"""What makes values numbers is proved, refuted or left open; nothing is proved if it is open."""

import random

import pytest
import sympy as sp
from checkedmath import Derivation, FormulaError, Notation
from checkedmath.deciding.judging import Claim, Counterexample
from checkedmath.deciding.requirements import counts_largest, factors, is_plain, require
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Largest, indicator

x, y = sp.symbols("x0 x1", real=True)


def shown(latex, letters):
    return Derivation(latex, letters.copy()).steps[0].method


@pytest.mark.parametrize(
    ("latex", "at"),
    [
        (r"\frac{c^3 - 8}{c^3 - 8} = 1", "at c = 2 it is about 0, where a factor of it changes"),
        (r"\frac{\cos c - c}{\cos c - c} = 1", "it is about 0, where it changes its sign"),
        (r"\frac{(\cos c - c)^2}{(\cos c - c)^2} = 1", "at c = 0.73908513 it is"),
        (r"\sqrt{c^2 - 14.8 c + 46} \ge 0", "cannot be negative, but at c = 10 it is -2"),
        (r"0^{g} = 0", "has to be positive, but it is 0"),
        (
            r"\frac{1}{(e^s - c)^2 + (s + c)^2} > 0",
            "at s = -0.56714329041, c = 0.56714329041 it is",
        ),
        (r"\frac{1}{(s c - 1)^2 + (s - 3)^2} > 0", "so close to 0 that no digit tells it apart"),
        (r"\frac{-1}{(\sin s - c)^2 + (c - s + 1)^2} < 0", "it is so close to 0 that no digit"),
        (r"\frac{1}{-(s c - 1)^2 - (s - 3)^2} < 0", "it is so close to 0 that no digit"),
        (
            r"\log((s^3 - c)^2 + (c - 2)^2) \le s^{12} + c^{12} + 100",
            "has to be positive, but at s",
        ),
    ],
)
def test_where_a_value_is_no_number_is_told(latex, at, letters):
    with pytest.raises(FormulaError) as refusal:
        Derivation(latex, letters)
    assert at in str(refusal.value)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{s^2 + 1}{s^2 + 1} = 1",
        r"\frac{c^2 - 13 c + 45}{c^2 - 13 c + 45} = 1",
        r"\frac{s}{s} = 1 \quad (s \ne 0)",
        r"\log s - \log s = 0 \quad (s > 0)",
        r"\log \frac{g}{1 - g} = \log g - \log(1 - g)",
        r"\frac{1}{1 - g} \cdot (1 - g) = 1",
    ],
)
def test_what_is_plainly_a_number_costs_no_proof(latex, letters):
    assert shown(latex, letters) == "exact"


@pytest.mark.parametrize(
    "latex",
    [
        r"0 \cdot \log s = 0 \quad (s \ne 0)",
        r"0 \cdot \log(s - c) = 0 \quad (s \ne c)",
        r"0 \cdot \sqrt{s} = 0 \quad (s \ne 0)",
    ],
)
def test_to_differ_from_zero_is_not_to_be_positive(latex, letters):
    with pytest.raises(FormulaError, match=r"positive|negative"):
        Derivation(latex, letters)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\mathbb{1}[\cos s \ne s]}{\mathbb{1}[\cos s \ne s]} = 1",  # false, at 0.739...
        r"\frac{e^s + 1 - \cos c}{e^s + 1 - \cos c} = 1",  # true
    ],
)
def test_nothing_is_proved_of_what_may_be_no_number(latex, letters):
    assert shown(latex, letters) == "sampled"


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{(e^s - c)^2 + (s + c)^2 + 10^{-9}} > 0",
        r"\frac{1}{(s c - 1)^2 + s^2} > 0",  # the two squares are never zero at once
        r"\frac{1}{(s - 3)^2 + (c - 1)^2} > 0 \quad (s > 3)",
    ],
)
def test_what_stays_above_zero_is_accepted(latex, letters):
    assert shown(latex, letters) in ("exact", "sampled")


def required(relation, expression, *given):
    notation = Notation()
    notation.declare("x, y: real")
    evaluator = Evaluator(notation, {})
    evaluator.free("x", ()), evaluator.free("y", ())
    return require(Claim(relation, expression, sp.Integer(0), given), evaluator, random.Random(1))


def test_a_pole_and_a_jump_are_no_zeros():
    assert required(r"\ne", 1 / (x - 2) + 1 / (x - 2) ** 3)
    assert not required(r"\ne", 2 * indicator(">", x, sp.Integer(3)) - 1)
    with pytest.raises(Counterexample):
        required(r"\ne", (x - 2) * (2 * indicator(">", x, sp.Integer(3)) - 1))


def test_a_condition_may_exclude_the_zero():
    apart = Claim(">", x, sp.Integer(2))
    assert not required(r"\ne", x**3 - 8 + x - 2, apart)
    with pytest.raises(Counterexample):
        required(r"\ne", x**3 - 30, apart)


def test_an_opposite_condition_says_the_same():
    assert required(">", x - y, Claim("<", y, x))
    assert required(r"\ne", y - x, Claim(">", x, y))
    assert required(r"\ge", sp.cos(x) - y, Claim("<", y, sp.cos(x) - 1))
    with pytest.raises(Counterexample):
        required(">", sp.cos(x) - y, Claim(r"\le", y, sp.cos(x)))


def test_factors_are_those_above_the_bar():
    assert set(factors((x**3 - 8) ** 2 / (y + 1))) == {x - 2, x**2 + 2 * x + 4}


def test_one_entry_at_least_is_the_largest():
    largest = Largest(x, y)
    both = indicator("=", x, largest) + indicator("=", y, largest)
    assert counts_largest(both)
    assert not counts_largest(indicator("=", x, largest))
    evaluator = Evaluator(Notation(), {})
    assert is_plain(Claim(r"\ne", both, sp.Integer(0)), evaluator)


# A determinant of four rows from 0 to 1 is at most 3, and would not fit into memory in weights.
@pytest.mark.parametrize("latex", [r"\sqrt{2.9 - \det(U)} \ge 0", r"\log(3 - \det(U)) \le \log 6"])
def test_what_is_long_is_not_multiplied_out(latex):
    letters = Notation()
    letters.declare("K: only 4\ni, j, k: 1..K\nU: unit K K")
    with pytest.raises(FormulaError, match="but at K = 4"):
        Derivation(latex, letters)
