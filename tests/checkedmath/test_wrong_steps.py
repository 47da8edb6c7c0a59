r"""Wrong steps that stand in print are refused, each at the right step and with a counter-example.

Those of the posts 000 to 004 on which the book is built, and of well-known references.
"""

import pytest
from checkedmath import Derivation, WrongStep

#: name -> (formula, step that is wrong); a sum or an index that breaks the rules needs no numbers.
FALSE_VALUES = {
    "mean over the whole matrix (000)": (
        r"-\frac{1}{N} \sum_n \sum_k Y_{nk} \log A_{nk}"
        r" = -\frac{1}{N K} \sum_n \sum_k Y_{nk} \log A_{nk}",
        1,
    ),
    "a sum is a mean (000)": (
        r"-\sum_n \sum_k Y_{nk} \log A_{nk} = -\frac{1}{N} \sum_n \sum_k Y_{nk} \log A_{nk}",
        1,
    ),
    "cross-entropy is symmetric (000)": ("H(p, q) = H(q, p)", 1),
    "cross-entropy of equals is zero (000)": ("H(p, p) = 0", 1),
    "no bias (000)": (r"\sum_d U_{id} x_d + b_i = \sum_d U_{id} x_d", 1),
    "an exponential can be negative (000)": (r"e^{s} \le 0", 1),
    "denominator is a sum of squares (001)": (
        r"""\begin{aligned} \frac{\partial a_i}{\partial z_i}
        &= \frac{\sum_k e^{z_k} e^{z_i} - (e^{z_i})^2}{(\sum_k e^{z_k})^2}
           && \text{quotient rule} \\
        &= \frac{\sum_k e^{z_k} e^{z_i} - (e^{z_i})^2}{\sum_k (e^{z_k})^2} && \text{tidy} \\
        &= a_i (1 - a_i) \end{aligned}""",
        2,
    ),
    "a sum too many, other letter (001)": (
        r"\frac{\partial C}{\partial a_j} = -\sum_k y_k \frac{1}{a_k}",
        1,
    ),
    "one bias for all (001)": (r"\sum_d U_{id} x_d + b_i = \sum_d U_{id} x_d + b_1", 1),
    "quotient rule with the wrong case (001)": (r"\frac{\partial a_j}{\partial z_i} = -a_j a_i", 1),
    "the sum over targets is dropped (001)": (r"-y_i + a_i \sum_j y_j = a_i", 1),
    "KL is symmetric (002)": (
        r"D_{\mathrm{KL}}(p \parallel q) = D_{\mathrm{KL}}(q \parallel p)",
        1,
    ),
    "KL obeys the triangle (002)": (
        r"D_{\mathrm{KL}}(p \parallel r)"
        r" \le D_{\mathrm{KL}}(p \parallel q) + D_{\mathrm{KL}}(q \parallel r)",
        1,
    ),
    "a likelihood is its negative logarithm (002)": (
        r"\prod_n \prod_k A_{nk}^{Y_{nk}} = -\sum_n \sum_k Y_{nk} \log A_{nk}",
        1,
    ),
    "softmax twice is softmax (002)": (r"\frac{e^{a_i}}{\sum_k e^{a_k}} = a_i", 1),
    "sigmoids sum to one (003)": (r"\sum_k \sigma(z_k) = 1", 1),
    "sigmoid of each score (003)": (r"\frac{e^{s}}{e^{s} + e^{c}} = \sigma(s)", 1),
    "softmax is the sigmoid of each score (003)": (r"a_i = \sigma(z_i)", 1),
    "softmax is at least its probability (003)": (r"\frac{e^{p_i}}{\sum_k e^{p_k}} \ge p_i", 1),
    "hardmax is the maximum (003)": (r"\mathbb{1}[z_i = \max_k z_k] = \max_k z_k", 1),
    "two logits descend like one (003)": (
        r"(s - t (\sigma(s - c) - g)) - (c + t (\sigma(s - c) - g))"
        r" = (s - c) - t (\sigma(s - c) - g)",
        1,
    ),
    "loss of a double softmax (004)": (r"-\log \frac{e^{a_i}}{\sum_k e^{a_k}} = -\log a_i", 1),
    "the loss without the maximum put back (004)": (
        r"L = \log \sum_k e^{z_k - \max_i z_i}",
        1,
    ),
    "KL is half a distance with a fixed side (d2l)": (
        r"D_{\mathrm{KL}}(p \parallel q) = \frac{7}{5} D_{\mathrm{KL}}(q \parallel p)",
        1,
    ),
    "two bases are one (d2l)": (
        r"H(p, q) = \frac{1}{\log 2} H(p) + D_{\mathrm{KL}}(p \parallel q)",
        1,
    ),
    "softmax of [12.5, 0.6, -23.0] (CS231n)": (
        r"\frac{e^{12.5}}{e^{12.5} + e^{0.6} + e^{-23.0}} = 0.9",
        1,
    ),
    "entropy of the uniform distribution (QuantEcon)": (
        r"-\sum_k \frac{p_k}{K} - \log \frac{1}{K} = -\frac{1}{K} - \log K",
        1,
    ),
    "a minus sign lost on the way": (
        r"\frac{\partial C}{\partial z_i} = \sum_j \frac{\partial C}{\partial a_j}"
        r" \frac{\partial a_j}{\partial z_i} = y_i - a_i",
        2,
    ),
    "a logarithm of a sum": (r"\log(t + u) = \log t + \log u", 1),
    "a square root of a sum": (r"\sqrt{t^2 + u^2} = t + u", 1),
    "a square of a sum": (r"(\sum_k z_k)^2 = \sum_k z_k^2", 1),
    "a root of a square": (r"\sqrt{s^2} = s", 1),
    "a logarithm of a square": (r"\log s^2 = 2 \log s", 1),
}
BROKEN_INDICES = {
    "a sum too many, same letter (001)": (
        r"\frac{\partial C}{\partial a_j} = -\sum_j y_j \frac{1}{a_j}"
    ),
    "the chain rule without its sum (001)": (
        r"\frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial a_j}"
        r" \frac{\partial a_j}{\partial z_i}"
    ),
    "a factor outside its sum (001)": (
        r"\frac{\partial C}{\partial z_i} = \left( -\sum_j y_j \frac{1}{a_j} \right)"
        r" \frac{\partial a_j}{\partial z_i}"
    ),
}


@pytest.mark.parametrize(("formula", "step"), FALSE_VALUES.values(), ids=FALSE_VALUES)
def test_false_values_are_refused(formula, step, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(formula, letters, "seed")
    error = caught.value
    assert error.step == step
    assert error.left
    assert error.left != error.right
    assert f"left is {error.left} and right is {error.right}" in str(error)


@pytest.mark.parametrize("formula", BROKEN_INDICES.values(), ids=BROKEN_INDICES)
def test_broken_indices_are_refused(formula, letters):
    with pytest.raises(WrongStep, match=r"the index 'j' is") as caught:
        Derivation(formula, letters, "seed")
    assert caught.value.step == 1


def test_the_error_names_step_and_reason(letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(FALSE_VALUES["denominator is a sum of squares (001)"][0], letters, "eq:seed")
    assert str(caught.value).startswith(
        "eq:seed, step 2 (tidy): the page says left = right, but at"
    )


def test_a_counterexample_can_be_checked_by_hand(letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(r"\log(t + u) = \log t + \log u", letters)
    assert set(caught.value.counterexample) == {"t", "u"}
    for value in caught.value.counterexample.values():
        assert len(value) <= 4


def test_the_right_formulas_beside_them_are_accepted(letters):
    for formula in (
        r"\frac{\partial C}{\partial a_j} = -y_j \frac{1}{a_j}",
        r"\frac{\partial C}{\partial z_i} = \sum_j \frac{\partial C}{\partial a_j}"
        r" \frac{\partial a_j}{\partial z_i} = a_i - y_i",
        r"-\log \frac{1}{K} = \log K",
        r"\frac{e^{s}}{e^{s} + e^{c}} = \sigma(s - c)",
    ):
        assert Derivation(formula, letters).steps
