r"""The discipline of letters: one meaning at a time, none unused, the same free ones in a chain."""

import pytest
from checkedmath import Derivation, WrongStep
from checkedmath.reading.binding import ScopeError, check_letters, free_letters
from checkedmath.reading.printer import read

INDICES = {"i", "j", "k", "n"}


@pytest.mark.parametrize(
    ("latex", "free"),
    [
        ("x", ""),
        ("x_i + y_{jk}", "ijk"),
        (r"\sum_k x_k", ""),
        (r"\sum_k x_{ik}", "i"),
        (r"\sum_{j \ne i} x_j", "i"),
        (r"\sum_{j < n} x_j", "n"),
        (r"\sum_{k=1}^{n} k", "n"),
        (r"\sum_{i, j} x_{ij} y_k", "k"),
        ("i x", "i"),
        (r"(A x)_i", "i"),
        (r"\delta_{ij}", "ij"),
        (r"\frac{\partial L}{\partial z_i}", "i"),
        (r"\nabla_{\mathbf{z}} x_k", "k"),
        (r"\mathbb{E}_{k \sim p}[x_{ik}]", "i"),
        (r"\operatorname*{argmax}_k x_{nk}", "n"),
        (r"\mathbb{1}[i \in \operatorname*{argmax}_k x_k]", "i"),
        (r"\begin{cases} x_i & j = k \\ 0 & \text{otherwise} \end{cases}", "ijk"),
        (r"H(p, y_n)", "n"),
    ],
)
def test_free_letters(latex, free):
    assert free_letters(read(latex), INDICES) == set(free)


@pytest.mark.parametrize(
    ("latex", "outside", "message"),
    [
        (r"\sum_k x_k", "k", "the index 'k' is summed here"),
        (r"\max_k x_k", "k", r"the index 'k' is bound by \\max here"),
        (r"\sum_k \sum_k x_k", "", "the index 'k' is summed here"),
        (r"\sum_k x_k (\sum_k y_k)", "", "the index 'k' is summed here"),
        (r"\mathbb{E}_{k \sim p}[\sum_k x_k]", "", "the index 'k' is summed here"),
        (r"\operatorname*{argmax}_k \max_k x_k", "", "the index 'k' is bound"),
        (r"\sum_k x_i", "i", "the index 'k' of \\\\sum does not occur"),
        (r"\mathbb{E}_{k \sim p}[x]", "", "does not occur"),
        (r"\frac{\sum_i x_i}{\sum_k \sum_k x_k}", "", "the index 'k' is summed here"),
    ],
)
def test_what_is_refused(latex, outside, message):
    with pytest.raises(ScopeError, match=message):
        check_letters(read(latex), INDICES, set(outside))


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_k x_k + \sum_k y_k",
        r"(\sum_k x_k) (\sum_k y_k)",
        r"\frac{\sum_k x_k}{\sum_k y_k}",
        r"\max_k x_k + \log \sum_k e^{x_k - \max_i x_i}",
        r"\sum_k x_k \sum_j y_{jk}",
    ],
)
def test_a_letter_may_be_used_again_beside(latex):
    check_letters(read(latex), INDICES, set())


@pytest.mark.parametrize(
    ("latex", "step", "message"),
    [
        ("a_i = z_i + z_k", 1, "'k' is free here"),
        (r"L = L = z_i", 2, "'i' is free here"),
        (r"a_i = \sum_i a_i", 1, "'i' is summed here"),
        (r"\sum_i a_i a_i = \sum_i (a_i \sum_i a_i)", 1, "'i' is summed here"),
        (r"a_j \sum_j a_j = a_j", 1, "'j' is summed here"),
        (r"\frac{e^{z_k}}{\sum_k e^{z_k}} = a_k", 1, "'k' is summed here"),
        (r"(\sum_j a_j)^{z_j} = 1", 1, "'j' is summed here"),
        (r"\frac{\partial}{\partial z_i} \sum_i e^{z_i} = e^{z_i}", 1, "'i' is summed here"),
    ],
)
def test_a_chain_is_refused_at_its_step(latex, step, message, letters):
    with pytest.raises(WrongStep, match=message) as caught:
        Derivation(latex, letters)
    assert caught.value.step == step
    assert not caught.value.counterexample
