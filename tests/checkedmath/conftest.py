r"""Letters and definitions that the tests share: those of a book on softmax."""

import pytest

from tests.checkedmath.notations import notation_of

LETTERS = """
K: 2 3 4 — the number of classes
N: 2 3 — the number of samples
D: 2 3 — the number of inputs
i, j, k, l: 1..K — classes
n: 1..N — samples
d: 1..D — inputs
z, v, w: real K — logits, a direction, weights
y, p, q: simplex K — distributions
a: positive K — probabilities that a model gives
r: simplex K — a third distribution
x: real D — inputs
U: real K D — weights
b: real K — biases
Y: simplex N K — targets
A: positive N K — probabilities of a batch
Z: real N K — logits of a batch
O: ones K K — a matrix of ones
s, c, m, f: real — numbers
t, u, T: positive — positive numbers
\\epsilon, g: unit — numbers between zero and one
"""
DEFINITIONS = (
    r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}",
    r"L := \log \sum_k e^{z_k}",
    r"C := -\sum_k y_k \log a_k",
    r"H(p) := -\sum_k p_k \log p_k",
    r"H(p, q) := -\sum_k p_k \log q_k",
    r"D_{\mathrm{KL}}(p \parallel q) := \sum_k p_k \log \frac{p_k}{q_k}",
    r"\sigma(s) := \frac{1}{1 + e^{-s}}",
    r"B := -g \log \sigma(s) - (1 - g) \log(1 - \sigma(s))",
)


@pytest.fixture(scope="session")
def _softmax_letters():
    return notation_of(LETTERS, DEFINITIONS)


@pytest.fixture
def letters(_softmax_letters):
    """A notation of one's own, with all letters of the book and its main definitions."""
    return _softmax_letters.copy()
