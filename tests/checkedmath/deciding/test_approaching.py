"""Limits: refused where another is seen, also at corners; what is said of those that are none."""

import pytest
from checkedmath import Derivation, FormulaError, WrongStep

#: Limits that differ where a distribution or a probability is at the end of its domain.
AT_CORNERS = [
    r"\lim_{t \to \infty} q_j^t = 0",
    r"\lim_{t \to 0^+} p_k^t = 1",
    r"\lim_{u \to 0^+} \sum_k q_k^u = K",
    r"\lim_{T \to 0^+} T \log \sum_k q_k e^{z_k / T} = \max_k z_k",
    r"\lim_{t \to \infty} (1 - q_1)^t = 0",
    r"\lim_{t \to \infty} \tanh(t q_1) = 1",
    r"\lim_{t \to 0^+} \frac{t}{t + p_2} = 0",
    r"\lim_{t \to \infty} \frac{1}{1 + e^{-t (q_1 - q_2)}} = \mathbb{1}[q_1 > q_2]",
    r"\lim_{t \to \infty} \sum_k \frac{t p_k}{1 + t p_k} = K",
    r"\lim_{u \to 0^+} \frac{q_2}{q_2 + u^2} = 1",
    r"\lim_{u \to \infty} g^u = 0",
    r"\lim_{u \to \infty} \mathbb{1}[s > 25] \cdot \mathbb{1}[c < -28] \cdot \frac{u}{u + 1} = 0",
    r"\lim_{u \to 0^+} \max(s - 35, 0) \max(-m - 20, 0) (1 + u) = 0",
    r"\lim_{t \to \infty} \frac{1}{t} \log \sum_k p_k e^{t (1 - z_k)} = 1 - \min_k z_k",
]
#: Limits that are wrong by little.
NEARLY = [
    r"\lim_{t \to \infty} \frac{t + 3}{t} = 1 + 10^{-16}",
    r"\lim_{u \to 0^+} \frac{\sin u}{u} = 1 - 10^{-60}",
    r"\lim_{s \to 0} s^2 = 10^{-50}",
    r"\lim_{t \to \infty} (1 + \frac{1}{t})^t = e - 10^{-17}",
    r"\lim_{u \to 0^+} \frac{e^u - 1}{u} = 1 + 10^{-45}",
    r"\lim_{u \to 0^+} u \log u = -10^{-61}",
    r"\lim_{t \to \infty} e^{-t} = e^{-20000}",
    r"\lim_{u \to 0^+} \frac{\sin(c u)}{u} = c + 10^{-70}",
    r"\lim_{T \to 0^+} T \log \sum_k e^{z_k / T} \le \max_k z_k - 10^{-42}",
    r"\lim_{u \to 0^+} u^{0.01} = 10^{-40}",
]


@pytest.mark.parametrize("latex", AT_CORNERS + NEARLY)
def test_a_wrong_limit_is_refuted(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.left != caught.value.right
    assert "unknown" not in (caught.value.left, caught.value.right)


@pytest.mark.parametrize(
    "latex",
    [
        r"\lim_{t \to 0^+} t^{0.001} = 0",
        r"\lim_{t \to \infty} t^{-1/300} = 0",
        r"\lim_{t \to 0^+} (1 + t^{0.002}) = 1",
        r"\lim_{t \to 0^+} t^{1/500} \log t = 0",
        r"\lim_{t \to \infty} g^t = 0 \quad (g < \epsilon)",
        r"\lim_{t \to \infty} q_1^t = 0 \quad (q_1 < q_2)",
        r"\lim_{t \to \infty} \tanh(t s) = 1 \quad (s > 1)",
        r"\lim_{c \to 0} \frac{\sin c}{c} = 1",
        r"\lim_{t \to 0^+} t \log(q_1 + t) = 0",
    ],
)
def test_a_limit_that_is_right_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\lim_{u \to 0^+} u \log u = 10^{-3}", "but left is 0 and right is 0.001$"),
        (r"\lim_{t \to \infty} (1 + \frac{1}{t})^t = 3", "left is 2.71828182846 and right is 3$"),
        (r"\lim_{s \to 0} \frac{\sin s}{s} = 1 + 10^{-80}", "left is 1 and right is 1e-80 more$"),
        (r"\lim_{s \to 0} \frac{\lvert s \rvert}{s} = 1", "from one side it is 1, from another -1"),
        (r"\lim_{c \to 2} \mathbb{1}[c > 2] = 1", "does not settle: from one side it is 1"),
        (
            r"\lim_{c \to 0} \frac{\lvert c + s \rvert - \lvert s \rvert}{c}"
            r" = 2 \cdot \mathbb{1}[s > 0] - 1",
            "does not settle at s = 0: from one side it is 1",
        ),
    ],
)
def test_what_is_said_of_a_wrong_limit(latex, said, letters):
    with pytest.raises(WrongStep, match=said):
        Derivation(latex, letters)


def test_a_limit_that_is_none_has_a_remedy(letters):
    with pytest.raises(FormulaError, match="does not settle") as caught:
        Derivation(r"\lim_{t \to \infty} s^t = 0", letters)
    assert "condition" in caught.value.remedy


def test_conditions_that_no_point_meets(letters):
    with pytest.raises(FormulaError, match="no point was found"):
        Derivation(r"\lim_{t \to 0^+} t s = 0 \quad (s > 10000000)", letters)
