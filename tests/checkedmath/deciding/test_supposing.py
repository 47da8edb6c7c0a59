r"""Conditions on numbers: points are moved to where they hold, however rare that is."""

import pytest
from checkedmath import Derivation, FormulaError, WrongStep

TRUE = [
    r"s^2 > 10^6 \quad (s > 1000)",
    r"\lvert s \rvert = s \quad (s > 1000)",
    r"s^2 > 2 \quad (s > 1.5)",
    r"s^2 > \frac{9}{4} \quad (s > \frac{3}{2})",
    r"s^2 = c^2 \quad (s = c)",
    r"\log t < 0 \quad (t < 0.001)",
    r"g^2 < g \quad (g > 0.999, g < 0.9999)",
    r"s + c > 2000 \quad (s > 1000, c > s)",
    r"p_1 > 0.9 \quad (p_1 > 0.95)",
    r"\sum_k p_k^2 = 2 p_1^2 \quad (p_1 = p_2, K = 2)",
    r"s^2 > 9 \quad (s > \pi)",
    r"s^2 > 1 \quad (s > 1, s < 1.000001)",
    r"c > s^2 \quad (s > 0.999, s < 1, c > s)",
]
FALSE = [
    r"s^2 > 10^7 \quad (s > 1000)",
    r"s^2 > 2.5 \quad (s > 1.5)",
    r"s = c + m \quad (s = c)",
    r"\max(s, 1003) = 1003 \quad (s > 1000)",
    r"\log t < -8 \quad (t < 0.001)",
    r"p_1 > 0.96 \quad (p_1 > 0.95)",
    r"s^2 > 10 \quad (s > \pi)",
    r"s^2 > 1.000001 \quad (s > 1, s < 1.000001)",
]


@pytest.fixture
def more_letters(letters):
    letters.declare("s: real\nt: positive\nu: unit")
    return letters


@pytest.mark.parametrize("latex", TRUE)
def test_what_holds_under_conditions_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


@pytest.mark.parametrize("latex", FALSE)
def test_what_fails_under_conditions_is_refuted(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_k p_k z_k > \min_k z_k \quad (z_1 > z_2)",
        r"\sum_k p_k z_k > \min_k z_k \quad (z_1 > 1, z_2 < 0)",
        r"\sum_k p_k z_k < \max_k z_k \quad (z_2 > z_1)",
        r"\log \sum_k e^{z_k} - \sum_k p_k z_k > -\sum_k p_k \log p_k \quad (z_1 > z_2)",
        r"\log \sum_k e^{z_k} - \sum_k p_k z_k > -\sum_k p_k \log p_k \quad (z_2 > z_1)",
        r"\log \sum_k e^{z_k} > \sum_k p_k (z_k - \log p_k) \quad (p_1 > p_2)",
        r"\log \sum_k e^{z_k} > \sum_k p_k (z_k - \log p_k) \quad (z_1 > 1, z_2 < 0)",
        r"\mathbb{1}[z_1 > z_2] \prod_k \mathbb{1}[p_k \sum_j e^{z_j} = e^{z_k}] = 0",
    ],
)
def test_what_fails_at_special_points_alone_is_refuted_under_conditions_too(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample


def test_sides_that_are_equal_are_said_once(letters):
    with pytest.raises(WrongStep, match=r"z_1 = log\(3\), z_2 = 0 both sides are 1\.386"):
        Derivation(r"\log \sum_k e^{z_k} > \sum_k p_k (z_k - \log p_k) \quad (z_1 > z_2)", letters)


def test_conditions_that_are_met_are_not_said_to_be_impossible(letters):
    with pytest.raises(FormulaError, match="cannot be told"):
        Derivation(r"\sum_k \frac{e^{z_k}}{\sum_j e^{z_j}} < 1 \quad (z_1 > z_2)", letters)


MET_INSIDE = (
    r"\operatorname{Var}_{k \sim p}[z_k] > 0 \quad (z_1 > 2)",
    r"\sum_k p_k z_k > \min_k z_k \quad (z_1 > 2)",
    r"\log \sum_k e^{z_k} > \log K + \frac{1}{K} \sum_k z_k \quad (z_1 > 5)",
    r"\log(1 + e^s) - u s > -u \log u - (1 - u) \log(1 - u) \quad (s > 1)",
    r"\log(1 + e^s) - u s > -u \log u - (1 - u) \log(1 - u) \quad (s > 3, u < \frac{24}{25})",
    r"e^s + t \log t - t > s t \quad (s > 5)",
    r"e^s + t \log t - t > s t \quad (t > 7)",
    r"t + \frac{9}{t} > 6 \quad (t > 2)",
)
MET_AT_A_CORNER = (
    r"\log \sum_k p_k e^{z_k} > \sum_k p_k z_k \quad (z_1 < z_2)",
    r"\sum_k p_k z_k^2 > \left( \sum_k p_k z_k \right)^2 \quad (z_1 > z_2)",
)
MET_AT_THE_BORDER = (
    r"e^s > 1 + s \quad (s > 0)",
    r"u (1 - u) < \frac{1}{4} \quad (u > \frac{1}{2})",
    r"s^2 > 2 s - 1 \quad (s > 1)",
    r"-\sum_k p_k \log p_k < \log K \quad (p_1 > p_2)",
    r"\log \sum_k e^{z_k} > \log K + \frac{1}{K} \sum_k z_k \quad (z_1 > z_2)",
    r"\frac{s}{t} + \frac{t}{s} > 2 \quad (s > t)",
)


@pytest.mark.parametrize("latex", MET_INSIDE)
def test_sides_that_meet_where_conditions_hold_are_found(latex, more_letters):
    with pytest.raises(WrongStep, match="both sides are"):
        Derivation(latex, more_letters)


@pytest.mark.parametrize("latex", MET_AT_A_CORNER)
def test_sides_that_meet_where_one_class_is_certain_are_found(latex, more_letters):
    with pytest.raises(WrongStep, match=r"p_1 = 1, p_2 = 0, .*both sides are"):
        Derivation(latex, more_letters)


@pytest.mark.slow
@pytest.mark.parametrize("latex", MET_AT_THE_BORDER)
def test_sides_that_meet_at_the_border_of_a_condition_alone_are_no_fault(latex, more_letters):
    assert Derivation(latex, more_letters).steps


def test_a_condition_that_a_number_runs_from_ends(more_letters):
    """Where t is e^s, the condition is s > e^s: each move makes the number farther away."""
    with pytest.raises(WrongStep):
        Derivation(r"e^s + t \log t - t < s t \quad (s > t)", more_letters)
    assert Derivation(r"e^s + t \log t - t > s t \quad (s > t)", more_letters).steps
