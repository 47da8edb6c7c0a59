"""Sizes at which a formula fails where its entries are alike, or where a first one leads."""

import pytest
import sympy as sp
from checkedmath import Derivation, WrongStep
from checkedmath.deciding.alike import KINDS, Alike
from checkedmath.deciding.unknown_sizes import Unknowns
from checkedmath.reading.printer import read

from tests.checkedmath.notations import notation_of

WHERE = """\
K: 2 3
N: 2 3
i, j, k: 1..K
n: 1..N
z, v: real K
p, q: simplex K
r: simplex N
b: unit K
t: positive K
o: ones K
E: identity K
W: real K K
"""
DEFINED = (r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}",)

#: False at some sizes between those that are tried anyway, or from one on.
BETWEEN = (
    r"\sum_k \sqrt{p_k} \le \frac{K}{10} + 2.49",
    r"\sum_k \sqrt{p_k} \le \frac{K}{8} + 1.99",
    r"-\sum_k p_k \log p_k \le \frac{K}{30} + 2.39",
    r"\sum_k p_k (1 - p_k) \le 0.8999 + \frac{K}{400}",
    r"\lVert z \rVert_1 \le (\frac{K}{10} + 2.49) \lVert z \rVert",
    r"\sum_k p_k^2 + \sum_n r_n^2 + (N - 2 K)^2 \ge \frac{1}{8}",
)
#: The same with the constant that is right.
EVERYWHERE = (
    r"\sum_k \sqrt{p_k} \le \frac{K}{10} + 2.5",
    r"-\sum_k p_k \log p_k \le \frac{K}{30} + 2.402",
    r"\sum_k p_k (1 - p_k) \le 0.9 + \frac{K}{400}",
)
#: False where one entry leads, at sizes that are tried.
LEADING = (
    r"\lVert z \rVert_1 \lVert z \rVert_\infty \le 3 \lVert z \rVert^2",
    r"z_1 \sum_k z_k \le 3 \sum_k z_k^2",
    r"\max_k z_k - \sum_k a_k z_k \le 2",
    r"\sum_k p_k^2 \ge p_1 - 0.24",
)


@pytest.fixture(scope="module")
def letters():
    return notation_of(WHERE, DEFINED)


@pytest.mark.slow
@pytest.mark.parametrize("latex", [*BETWEEN, *LEADING])
def test_what_fails_at_few_sizes_is_refuted(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert int(caught.value.counterexample["K"]) > 3


@pytest.mark.parametrize("latex", EVERYWHERE)
def test_what_holds_there_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


def number(latex, letters, entries):
    named = {"K": (2, 3), "N": (2, 3)}
    node = read(latex)
    alike = Alike(Unknowns([node], letters, {"K": 2, "N": 2}, named), entries)
    return alike.written.get(node), alike.unknown["K"]


@pytest.mark.parametrize(
    ("latex", "alike", "leading"),
    [
        (r"\sum_k p_k^2", lambda K: 1 / K, lambda K: sp.S(1) / 4 + 1 / (4 * (K - 1))),
        (r"\sum_{k \ne i} p_k", lambda K: (K - 1) / K, lambda _: sp.S(1) / 2),
        (r"\sum_{k \ne j} p_k", lambda K: (K - 1) / K, lambda K: 1 - 1 / (2 * (K - 1))),
        (r"\prod_k t_k", lambda _: sp.S(1), lambda _: sp.S(2)),
        (r"\max_k z_k", lambda _: sp.S(0), lambda _: sp.S(1)),
        (r"\lVert \mathbf{z} - 2 \mathbf{o} \rVert^2", lambda K: 4 * K, lambda K: 1 + 4 * (K - 1)),
        (r"a_i", lambda K: 1 / K, lambda K: sp.E / (sp.E + K - 1)),
        (r"\sum_k \delta_{ik} b_k", lambda _: sp.S(1) / 2, lambda _: sp.S(3) / 4),
    ],
)
def test_numbers_rest_on_sizes(latex, alike, leading, letters):
    for entries, expected in ((KINDS[0], alike), (KINDS[2], leading)):
        found, count = number(latex, letters, entries)
        for size in (2, 3, 7):
            assert sp.simplify((found - expected(count)).subs(count, size)) == 0


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_j \sum_k \delta_{jk}",
        r"\sum_j \sum_k E_{jk}",
        r"\sum_k k p_k",
        r"\sum_{k < i} p_k",
        r"\sum_{k=1}^{3} p_k",
        r"\mathbf{z}^\top \mathbf{v}",
        r"\operatorname{tr}(\mathbf{W})",
        r"\lVert \mathbf{W} \mathbf{z} \rVert",
        r"\operatorname{diag}(\mathbf{z})",
        r"\frac{\partial}{\partial z_i} \sum_k z_k",
    ],
)
def test_what_is_more_than_that_is_no_number(latex, letters):
    assert number(latex, letters, KINDS[2])[0] is None
