r"""Values that are numbers nowhere or not everywhere are refused, also where that cancels."""

import pytest
from checkedmath import Derivation, FormulaError


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\log s - \log s = 0", "the argument of a logarithm has to be positive, but at s = "),
        (r"\sqrt{s} \sqrt{s} = s", "what is under a root cannot be negative, but at s = "),
        (r"s^{1/2} s^{1/2} = s", "to a power that is no whole number cannot be negative, but"),
        (r"(s^2)^{-1/2} - (s^2)^{-1/2} = 0", "no whole number has to be positive, but at s = 0"),
        (r"0 \log s = 0", "the argument of a logarithm"),
        (r"\log_s 2 - \log_s 2 = 0", "the base of a logarithm has to be positive"),
        (r"\log(\frac{1}{2} - t) \cdot 0 = 0", "the argument of a logarithm"),
        (r"\mathbb{E}_{k \sim z}[v_k] = \sum_k z_k v_k", "of a distribution add up to one"),
        (r"\mathbb{E}_{k \sim z}[1 + z_k] = \sum_k (1 + z_k) z_k", "of a distribution add up"),
        (r"\frac{\partial}{\partial c} (c + \log s) = 1", "the argument of a logarithm"),
        (
            r"\begin{cases} s + \log c & s > 0 \\ s & \text{otherwise} \end{cases}"
            r" - \begin{cases} s + \log c & s > 0 \\ s & \text{otherwise} \end{cases} = 0",
            "a logarithm",
        ),
        (
            r"\begin{cases} 0 & s > 0 \\ \log s & \text{otherwise} \end{cases}"
            r" - \begin{cases} 0 & s > 0 \\ \log s & \text{otherwise} \end{cases} = 0",
            "a logarithm",
        ),
        (r"\lim_{t \to 0^+} \frac{s t}{s t} = 1", "but close to the limit this fails where s = 0"),
        (r"\frac{\log_t c}{\log_t c} = 1", "has to be positive, but at c = 0"),
        (r"\sigma(s) \log(c) - \log(c) \sigma(s) = 0", "but at c = "),
    ],
)
def test_what_is_no_number_somewhere_is_refused(latex, message, letters):
    with pytest.raises(FormulaError) as caught:
        Derivation(latex, letters, "eq:it")
    assert str(caught.value).startswith("eq:it: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "latex",
    [
        r"\log t - \log t = 0",
        r"\log(1 - \epsilon) - \log(1 - \epsilon) = 0",
        r"\log(1 - \sigma(s)) = \log \sigma(-s)",
        r"\sqrt{s^2} = \lvert s \rvert",
        r"(s^2)^{1/2} = \lvert s \rvert",
        r"(s^2)^{1/3} (s^2)^{2/3} = s^2",
        r"\log(1 - p_1) - \log(1 - p_1) = 0",
        r"t^s t^{-s} = 1",
        r"\mathbb{E}_{k \sim a}[z_k] = \sum_k a_k z_k",
        r"\begin{cases} \log s & s > 0 \\ 0 & \text{otherwise} \end{cases}"
        r" - \begin{cases} \log s & s > 0 \\ 0 & \text{otherwise} \end{cases} = 0",
        r"\frac{\partial}{\partial a_i} (\log a_i) = \frac{1}{a_i}",
        r"\frac{\partial}{\partial a_i} (\mathbb{E}_{k \sim a}[z_k]) = z_i",
    ],
)
def test_what_is_a_number_everywhere_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


def test_a_function_is_a_number_where_its_slope_is_taken(letters):
    Derivation(r"g(x) := \frac{x}{x}", letters)
    with pytest.raises(FormulaError, match="divided by cannot be zero, but at s = 0"):
        Derivation(r"g'(s) = 0", letters)
    assert Derivation(r"g'(t) = 0", letters).steps


def test_the_message_gives_the_place_and_the_value(letters):
    with pytest.raises(FormulaError, match=r"but at s = 0 it is 0$"):
        Derivation(r"\log s - \log s = 0", letters)
