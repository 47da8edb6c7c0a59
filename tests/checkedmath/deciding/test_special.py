r"""Statements that are false only where several letters are at ends of their domains at once."""

import pytest
from checkedmath import Derivation, FormulaError, WrongStep

from tests.checkedmath.notations import notation_of

LETTERS = """\
K: 2 3
i, k: 1..K
u, r, t, s: unit
b: unit K
U: unit K K
P, Q: simplex K K
p, q: simplex K
z, v: real K
W: real K K
x, y: real
"""
FALSE = [
    "u + r > 0",
    "u + r < 2",
    "u r < 1",
    r"\max(u, r) > 0",
    "u^2 + r^2 > 0",
    r"\lvert u - r \rvert < 1",
    r"\mathbb{1}[u + r > 0] = 1",
    r"\frac{1}{u + r} > \frac{1}{2}",
    "1 - u r t s > 0",
    r"\sum_k b_k > 0",
    r"\prod_k b_k < 1",
    r"\lvert b_1 - b_2 \rvert < 1",
    r"\sum_k p_k b_k < 1",
    "p_1 + u > 0",
    r"(1 - u) p_i + \frac{u}{K} > 0",
    r"\sum_k ((1 - u) p_k + \frac{u}{K})^2 < 1",
    r"\sum_k p_k q_k + u > 0",
    r"\max_k z_k - \sum_k p_k z_k + u > 0",
    # each letter at an end, and each row at a corner, of its own
    r"\det(U) \le 1",
    r"\det(U) \ge -1",
    r"\det(\mathbf{U}^\top \mathbf{U}) \le 1",
    r"\det(U) \le \frac{5}{4} \quad (K = 3)",
    r"\operatorname{tr}(P Q) > 0",
    r"\operatorname{tr}(P P Q) > 0",
    r"\sum_i \sum_k P_{ik} Q_{ik} > 0",
    r"\operatorname{tr}(P) + \operatorname{tr}(P P) > 0",
]
#: The same with equality allowed, or where the ends are kept apart.
TRUE = [
    r"u + r \ge 0",
    r"u r \le 1",
    r"u + r > 0 \quad (u > 0)",
    r"\lvert u - r \rvert \le 1",
    r"\sum_k p_k b_k \le 1",
    r"(1 - u) p_i + \frac{u}{K} > 0 \quad (u > 0)",
    r"\max_k z_k - \sum_k p_k z_k + u \ge 0",
    r"\det(U) \le 2 \quad (K = 3)",
    r"\operatorname{tr}(P Q) \ge 0",
    r"x^{2 K^2} \ge 0",
    r"\lvert x \rvert^{K^2} \ge 0",
]


@pytest.fixture(scope="module")
def letters():
    return notation_of(LETTERS, ())


@pytest.mark.parametrize("latex", FALSE)
def test_is_refuted_where_ends_meet(latex, letters):
    with pytest.raises(WrongStep):
        Derivation(latex, letters)


#: False where several letters have to be right together, and no slope is left.
TOGETHER = [
    r"\lVert \mathbf{z} - \mathbf{v} \rVert^2 + (v_1 - 5.3)^2 > 0",
    r"\lVert \mathbf{W} \mathbf{z} - \mathbf{v} \rVert^2 + (z_1 - 2.7)^2 \ge 0.01",
    r"x^2 + 1 - 2 x \sin(y) > 0",
    r"(x - y^2)^2 + (y - 1.7)^2 > 0",
]
#: What is divided by is zero at one point alone.
ZERO_AT_ONE_POINT = [
    r"\frac{x^2 + y^2 - 14.6 x + 4.2 y + 57.7}{x^2 + y^2 - 14.6 x + 4.2 y + 57.7} = 1",
    r"\frac{x^2 + 1 - 2 x \sin(y)}{x^2 + 1 - 2 x \sin(y)} = 1",
    r"\frac{x}{(x - y^2)^2 + (y - 1.7)^2} ((x - y^2)^2 + (y - 1.7)^2) = x",
]


@pytest.mark.parametrize("latex", TOGETHER)
def test_is_refuted_where_letters_fit_together(latex, letters):
    with pytest.raises(WrongStep):
        Derivation(latex, letters)


@pytest.mark.parametrize("latex", ZERO_AT_ONE_POINT)
def test_what_is_zero_at_one_point_may_not_be_divided_by(latex, letters):
    with pytest.raises(FormulaError, match="cannot be zero, but at x = "):
        Derivation(latex, letters)


@pytest.mark.parametrize("latex", TRUE)
def test_holds_where_ends_are_allowed(latex, letters):
    assert Derivation(latex, letters).steps
