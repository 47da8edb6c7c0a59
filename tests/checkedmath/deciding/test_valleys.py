"""Where inequalities come closest: what fails in a small region is found, what touches is told."""

import random

import pytest
from checkedmath import Derivation, FormulaError, WrongStep
from checkedmath.deciding.judging import Claim
from checkedmath.deciding.valleys import valleys
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read


@pytest.mark.parametrize(
    "latex",
    [
        r"(s - \sqrt{5}) (s - \sqrt{5} - 10^{-8}) \ge 0",
        r"(s - \pi)^2 + (c - e^2)^2 \ge 10^{-18}",
        r"t - 1 \ge 1.0000001 \log t",
        r"\operatorname{Var}_{k \sim p}[z_k] \ge 10^{-9} - (z_1 - 1)^2",
        r"(s - 10^{12})^2 + c^2 \ge 1",
        r"\sqrt{10^{36} + s^2} - 10^{18} + c^2 \ge 10^{-20} s - 4.9999 \cdot 10^{-23}",
        r"\frac{t + 2 u}{3} \ge t^{0.3333} u^{0.6667}",
        r"t \log t > -e^{-1}",
        r"t^u \ge u^t \quad (t \ge 2.7, u \ge t)",
        r"(s - 200)^2 + (c - 300)^2 > 10^{-9} \quad (s > 190, s < 201, c > s)",
        r"\mathbb{1}[s^2 + c^2 + m^2 \le 1] (s + c + m) \le 1.73",
        r"\mathbb{1}[e^s = c] s \le 3",
        r"\mathbb{1}[\log t = s] s \ge -5",
        r"\mathbb{1}[\lVert \mathbf{z} \rVert = 1] \sum_k z_k \le 1.4",
        r"\mathbb{1}[\cos s = 1] \le \mathbb{1}[s = 0]",
    ],
)
def test_what_fails_in_a_small_region_or_on_an_edge_is_refuted(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample


@pytest.mark.parametrize(
    ("latex", "place"),
    [
        (r"(s^3 - 2)^2 > 0", "s = 1.25992104989"),
        (r"(\sin s - s + 1)^2 > 0", "s = 1.93456321075"),
        (r"(s^3 - 2)^2 + (c^3 - 3)^2 > 0 \quad (s > 0, c > 0)", "s = 1.25992104989, c = 1.442"),
        (r"\sqrt{(s^2 - 2)^2 + (c^2 - 3)^2} > 0 \quad (s < 0, c < s)", "s = -1.41421356237, c"),
        (r"\cos s + \cos c < 2 \quad (s > 1, s < 7, c > 7, c < 13)", "s = 6.28318530718, c = 12.5"),
        (r"\mathbb{1}[s^2 + c^2 \le 1] (s + c) < \sqrt{2}", "s = 0.707106781187, c = 0.7071"),
        (r"\lvert e^s - c \rvert + \lvert s + c - 3 \rvert > 0", "s = 0.792059968431, c = 2.2"),
        (r"\mathbb{1}[t u \ge 2] < \frac{t^2 + u^2}{4}", "t = 1.41421356237, u = 1.414"),
    ],
)
def test_a_strict_inequality_whose_sides_no_digit_tells_apart_cannot_be_told(latex, place, letters):
    with pytest.raises(FormulaError, match=f"cannot be told: close to {place}.* no digit tells"):
        Derivation(latex, letters)


@pytest.mark.parametrize(
    "latex",
    [
        r"s^2 + 10^{-60} > 0",
        r"\tanh s < 1",
        r"\frac{1}{1 + e^{-s}} > 0",
        r"e^s > s",
        r"t + \frac{1}{t} > 2 - 10^{-30}",
        r"\log(1 + e^s) > \max(s, 0)",
        r"t^u > u^t \quad (t \ge 2.72, u > t)",
        r"\cos s + \cos c < 2 \quad (s > 1, s < 6, c > 7)",
        r"\mathbb{1}[s^2 + c^2 \le 1] (s + c) < 1.4143",
        r"\mathbb{1}[s^2 + c^2 < 1] (s + c) < \sqrt{2}",
        r"s^2 + c^2 > 2 \quad (s > 1, c > s)",
        r"\lvert s - 1 \rvert + \lvert s - 2 \rvert > \frac{9}{10}",
        r"s^2 > 1 \quad (s > 1, s < 2, c > s)",
        r"z_1^2 > 1 \quad (z_1 > 1, z_1 < 1.1, z_2 > z_1, z_2 < 1.1)",
        r"\mathbb{1}[L \le 0] e^{z_1} < 1",
    ],
)
def test_what_holds_strictly_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


def test_the_bottom_is_where_the_slope_vanishes(letters):
    evaluator = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
    left, right = (evaluator(read(latex), {}) for latex in ("e^s", "2 s"))
    (symbol,) = left.free_symbols
    bottoms = list(valleys(Claim(r"\ge", left, right), evaluator, random.Random(1)))
    assert any(abs(float(each.point[symbol]) - 0.6931471805599453) < 1e-12 for each in bottoms)
    assert not any(each.touches for each in bottoms)


def bottoms_of(latex, letters):
    evaluator = Evaluator(letters, {"K": 9, "N": 2, "D": 2})
    left, right = (evaluator(read(each), {}) for each in (latex, "0"))
    found = valleys(Claim(r"\ge", left, right), evaluator, random.Random(1))
    return [{str(s): float(x) for s, x in each.point.items()} for each in found]


def test_of_many_letters_most_are_alike(letters):
    found = [list(each.values()) for each in bottoms_of(r"\sum_k (z_k - 3)^2", letters)]
    assert any(abs(max(each) - 3) < 1e-9 and abs(min(each) - 3) < 1e-9 for each in found)
    assert all(len(each) == 9 and len(set(each)) <= 3 for each in found)
    found = bottoms_of(r"(z_1 - 1)^2 + (z_2 - 2)^2 + (z_3 - 4)^2 + \sum_k z_k^4", letters)
    assert {len(set(each.values())) for each in found} == {2, 3}


def test_letters_that_do_not_occur_lead_nothing(letters):
    claim = r"\sum_{k \ne 2} (z_k - 1)^2 + z_9^4"  # no z_2, which would lead the others
    assert all(len(each) == 8 for each in bottoms_of(claim, letters))


def test_nothing_is_sought_in_many_letters_of_a_table(letters):
    assert not bottoms_of(r"\sum_n \sum_k Z_{n k}^2", letters)
