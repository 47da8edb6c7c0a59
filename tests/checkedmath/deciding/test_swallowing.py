"""What seems to hold only because digits end is told, and not accepted."""

import pytest
from checkedmath import Derivation, FormulaError, Notation, WrongStep

FAR_BEYOND = (
    r"\frac{1}{1 + e^{-10^5 x}} = 1 \quad (x > 1)",
    r"\frac{1}{1 + e^{-10^5 x}} \ge 1 \quad (x > 1)",
    r"\log(1 + e^{10^6 x}) = 10^6 x \quad (x > 1)",
    r"\tanh(x + 10^6) = 1 \quad (x > 0)",
    r"\cos(e^{-10^6 x}) = 1 \quad (x > 1)",
    r"\sqrt{1 + e^{-10^9 - x^2}} \le 1",
    r"\max(x, y) = 10^{-9} \log(e^{10^9 x} + e^{10^9 y}) \quad (x > 1, y < 0)",
)


def letters():
    notation = Notation()
    notation.declare("x, y: real")
    return notation


@pytest.mark.parametrize("latex", FAR_BEYOND)
def test_a_number_too_small_for_all_digits_is_told(latex):
    with pytest.raises(FormulaError, match=r"cannot be told: close to x = .* no digit tells"):
        Derivation(latex, letters())


def test_as_long_as_digits_tell_it_is_refuted():
    with pytest.raises(WrongStep, match=r"right is 9.33 .cdot 10\^\{-3911\} more"):
        Derivation(r"\frac{1}{1 + e^{-x}} = 1 \quad (x > 9000)", letters())


@pytest.mark.parametrize(
    ("latex", "method"),
    [
        (r"\frac{e^{10^6 x}}{1 + e^{10^6 x}} = \frac{1}{1 + e^{-10^6 x}}", "exact"),
        (r"e^{10^6 x} \ge 0", "exact"),
        (r"\frac{1}{1 + e^{-10^5 x}} \le 1 + e^{-x} \quad (x > 1)", "sampled"),
        (r"\sqrt{x^2 + 2 x + 1} = \lvert x + 1 \rvert", "sampled"),
    ],
)
def test_what_numbers_can_tell_is_accepted(latex, method):
    assert [step.method for step in Derivation(latex, letters()).steps] == [method]
