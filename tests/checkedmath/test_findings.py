r"""What is said of a step that is refused: numbers that show it, what matters, and a remedy."""

import pytest
from checkedmath import CheckError, Derivation, FormulaError, WrongStep
from checkedmath.book.page import Formula
from checkedmath.book.schedule import attempt


def refusal(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    return caught.value


@pytest.mark.parametrize(
    ("latex", "left", "right"),
    [
        ("s + 10^{-900} = s", "2", "10^{-900} less"),
        (r"\sin s + 10^{-500} = \sin s", "0.909297426826", "10^{-500} less"),
        (r"\cos s - 2 \cdot 10^{-70} = \cos s", "-0.416146836547", r"2 \cdot 10^{-70} more"),
        ("s + 10^{-80} < s", "2", "10^{-80} less"),
    ],
)
def test_what_differs_in_a_late_digit_is_said_by_the_difference(latex, left, right, letters):
    found = refusal(latex, letters)
    assert (found.left, found.right) == (left, right)


@pytest.mark.parametrize(
    "latex",
    [
        r"(s - \sqrt{5}) (s - \sqrt{5} - 10^{-8}) \ge 0",
        r"(s - \pi)^2 + (c - e^2)^2 \ge 10^{-18}",
        r"(s^5 - 9)^2 \ge 10^{-9}",
        r"(s^3 - 7)^2 \ge 10^{-11}",
        r"(s - 10^{12})^2 + c^2 \ge 1",
        r"(\cos s - s)^2 \ge 10^{-10}",
    ],
)
def test_the_numbers_of_a_counterexample_refute_as_they_are_printed(latex, letters):
    found = refusal(latex, letters)
    for letter, number in found.counterexample.items():
        latex = latex.replace(f"({letter}", rf"({as_latex(number)}")
        latex = latex.replace(rf"\cos {letter} - {letter}", rf"\cos({number}) - ({number})")
        latex = latex.replace(f"+ {letter}^2", f"+ ({as_latex(number)})^2")
    assert refusal(latex, letters).step == 1


def as_latex(number):
    """Return a number, which is printed as the dialect writes it, as one factor."""
    number = number.replace("exp", "e^").replace("pi", r"\pi").replace("e^(2)", "e^{2}")
    return f"({number})" if number.startswith("-") or "10^" in number else number


@pytest.mark.parametrize(
    ("latex", "letter"),
    [
        (r"\mathbb{1}[s^5 - s = 1] = 0", "s"),
        (r"\mathbb{1}[c^3 + c = 5] = 0", "c"),
        (r"\mathbb{1}[\cos m = m] = 0", "m"),
    ],
)
def test_a_number_with_more_digits_says_so(latex, letter, letters):
    assert refusal(latex, letters).counterexample[letter].endswith("…")


@pytest.mark.parametrize(
    ("latex", "named"),
    [
        (r"s L = s L + s", {"K", "s"}),
        (r"s + c = s", {"s", "c"}),
        (r"\frac{\partial}{\partial s} (s + L) = 2", {"K"}),
        (r"K = 3", {"K"}),
        (r"x_1 = 2", {"D", "x_1"}),
    ],
)
def test_only_sizes_that_matter_are_listed(latex, named, letters):
    letters.declare("H, R: 2 3 — more sizes\nV: real H D\nh: 1..H")
    Derivation(r"Q := \sum_k z_k", letters)
    found = refusal(latex, letters).counterexample
    assert {letter for letter in found if "z" not in letter} == named


@pytest.mark.parametrize(
    ("latex", "remedy"),
    [
        (r"(s^3 - 2)^2 > 0", r"write \ge if they may be equal"),
        (r"0 < (\sin s - s + 1)^2", r"write \le if they may be equal"),
        (r"(t^3 - 2)^2 > 0", r"leaves the place out"),
        (r"\lim_{t \to \infty} s^t = 0", "give a condition under which the limit exists"),
        (r"\lim_{t \to 0^+} \log t = 0", "give a condition under which the limit exists"),
        (r"s + + c = s", "write it in the dialect"),
        (r"z_i^2 + z_j^2 \le \sum_k z_k^2", r"\quad (i \ne j)"),
    ],
)
def test_the_remedy(latex, remedy, letters):
    problem = attempt(Formula(latex=latex, label="eq:a", line=3), letters)
    assert remedy in problem.remedy


def test_a_letter_that_a_condition_restricts_may_be_free_on_any_side(letters):
    latex = r"\sum_k z_k^2 \ge z_i^2 + z_j^2"
    assert Derivation(rf"{latex} \quad (i \ne j)", letters).steps
    with pytest.raises(WrongStep, match="If it holds for every i, begin with this side"):
        Derivation(latex, letters)
    with pytest.raises(FormulaError, match="restricts l"):
        Derivation(r"\sum_k z_k = c \quad (l \ne 1)", letters)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\log(s c) = \log s + \log c", "neither side is a number: declare as positive"),
        (r"\mathbf{U} = 2 \mathbf{U}", "entry 1, 1 of left is"),
        (r"\mathbf{z} = \mathbf{v}", "entry 1 of left is 3 and entry 1 of right is -1"),
        (r"\operatorname{tr} O = K", r"write \operatorname{tr}(...)"),
        (r"\sum_{j < i} 1 = i - 1", "'j' of \\sum does not occur behind it: write the number"),
        (r"s^2 \le 10^{50}", r"left is 10^{80}"),
    ],
)
def test_what_is_said_to_an_author(latex, said, letters):
    with pytest.raises(CheckError) as caught:
        Derivation(latex, letters)
    assert said in str(caught.value)


@pytest.mark.parametrize("latex", [r"\sum_{j < i} 1 = i - 1", r"\sum_k K = K^2"])
def test_a_letter_that_is_missing_is_no_wrong_step(latex, letters):
    with pytest.raises(FormulaError, match="does not occur"):
        Derivation(latex, letters)
