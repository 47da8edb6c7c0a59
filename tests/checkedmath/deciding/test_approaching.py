"""Limits: refused where another is seen, also at corners; what is said of those that are none."""

import pytest
from checkedmath import CheckError, Derivation, FormulaError, WrongStep

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

#: Limits that are none at some of the numbers for which they are claimed, and what is said of it.
NONE_SOMEWHERE = {
    r"\lim_{t \to 0^+} \frac{\max(0, s - 5)}{t} = 0 \quad (s < 6)": "s = 5",
    r"\lim_{t \to \infty} t e^{-t s} = 0 \quad (s \ge 0)": "s = 0",
    r"\lim_{t \to 0^+} \frac{e^{-s^2 / t}}{t} = 0": "s = 0",
    r"\lim_{t \to 0^+} \frac{e^{-s^2}}{t} = 0": "s = ",
    r"\lim_{t \to \infty} e^{t (s - 7)} = 0 \quad (s < 8)": "s = 7",
    r"\lim_{t \to 0^+} \frac{\mathbb{1}[s = 3]}{t} = 0": "s = 3",
    r"\lim_{t \to 0^+} \frac{\mathbb{1}[s c = 3]}{t} = 0": "s = ",
    r"\lim_{t \to 0^+} \frac{\mathbb{1}[s > 1000]}{t} = 0": "s = 1",
    r"\lim_{t \to 0^+} \frac{\max(0, s - 10^{20})}{t} = 0": "s = ",
    r"\lim_{t \to 0^+} \frac{\max(0, g - 0.99999)}{t} = 0": "g = ",
    r"\lim_{t \to \infty} \frac{t}{10^{600}} = 0": "diverges",
    r"\lim_{t \to \infty} \frac{t \max(0, s - 3)}{10^{600}} = 0": "s = ",
    r"\lim_{c \to 0} \frac{\max(0, s - 3)}{c} = 0": "s = ",
    r"\lim_{t \to 0^+} \frac{\max(0, \max_k z_k - 10^{20})}{t} = 0": "z_1 = ",
    r"\lim_{t \to 0^+} \frac{\mathbb{1}[s^5 - s = 1]}{t} = 0": "s = 1.167",
    r"\lim_{t \to \infty} \frac{t}{1 + e^{t (5 - s)}} = 0 \quad (s < 10)": "s = ",
    r"\lim_{t \to 0^+} \frac{1}{t} = \lim_{t \to 0^+} \frac{1}{t}": "diverges",
    r"\lim_{t \to 0^+} \frac{1}{t} - \lim_{t \to 0^+} \frac{1}{t} = 0": "diverges",
    r"e^{-\lim_{t \to 0^+} \frac{1}{t}} = 0": "diverges",
    r"\mathbb{1}[s > 5] \cdot \lim_{t \to 0^+} \frac{\max(0, 5 - s)}{t} = 0": "s = ",
    r"(\lim_{c \to 0} \frac{\lvert c \rvert}{c})^2 = 1": "from one side it is 1, from another -1",
    r"\sum_k \lim_{t \to 0^+} \frac{e^{-z_k^2 / t}}{t} = 0": "z_1 = ",
    r"\sum_k \lim_{t \to 0^+} \frac{\max(0, z_k - 50)}{t} = 0": "z_1 = ",
    r"\lim_{t \to \infty} t \max(0, \max_k z_k - 200) = 0": "z_1 = ",
    r"\lim_{t \to \infty} t \mathbb{1}[\sum_k p_k^2 > 0.99] = 0": "p_1 = ",
    r"\lim_{t \to 0^+} (\frac{s^2 - c^2}{s - c} + t) = s + c": "s = ",
    r"\lim_{t \to 0^+} (t + \log s) = \log s": "s = ",
    r"\lim_{t \to 0^+} \frac{1}{s^2 + t} = \frac{1}{s^2}": "s = 0",
    r"\begin{cases} \lim_{t \to 0^+} \frac{\max(0, s - 5)}{t} & s < 6 \\ 0 & \text{otherwise}"
    r" \end{cases} = 0": "s = ",
}


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
        r"\lim_{t \to \infty} t (s - c) = 0 \quad (s = c)",
        r"\lim_{t \to \infty} t e^{-t s} = 0 \quad (s > 0)",
        r"\lim_{t \to 0^+} \frac{e^{-s^2 / t}}{t} = 0 \quad (s \ne 0)",
        r"\lim_{t \to 0^+} \frac{\max(0, s - 5)}{t} = 0 \quad (s \le 5)",
        r"\lim_{t \to 0^+} \frac{1}{s^2 + t} = \frac{1}{s^2} \quad (s \ne 0)",
        r"\lim_{t \to \infty} \frac{t s}{t + 10^{600}} = s",
        r"\lim_{t \to \infty} t^s = 0 \quad (s < 0)",
        r"\lim_{t \to \infty} \frac{1}{\log t} = 0",
        r"\lim_{t \to \infty} t (e^{s / t} - 1) = s \quad (s > 1000)",
        r"\lim_{t \to 0^+} t s = 0 \quad (s > 10000000)",
        r"\lim_{t \to 0^+} \log(g + t) = \log g",
        r"\lim_{c \to 0} \frac{e^{c z_i Z_{1j}} - 1}{c} = z_i Z_{1j}",
        r"\begin{cases} \lim_{t \to 0^+} \frac{\max(0, s - 5)}{t} & s < 5 \\ 0 & \text{otherwise}"
        r" \end{cases} = 0",
    ],
)
def test_a_limit_that_is_right_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\lim_{u \to 0^+} u \log u = 10^{-3}", "but left is 0 and right is 0.001$"),
        (r"\lim_{t \to \infty} (1 + \frac{1}{t})^t = 3", "left is 2.71828182846 and right is 3$"),
        (
            r"\lim_{s \to 0} \frac{\sin s}{s} = 1 + 10^{-80}",
            r"left is 1 and right is 10\^{-80} more$",
        ),
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


@pytest.mark.parametrize("latex", NONE_SOMEWHERE)
def test_a_limit_that_is_none_somewhere_is_refused_with_the_place(latex, letters):
    with pytest.raises(CheckError) as caught:
        Derivation(latex, letters)
    assert NONE_SOMEWHERE[latex] in str(caught.value)
    assert not getattr(caught.value, "remedy", "") or "condition" in caught.value.remedy


def test_a_limit_that_is_none_has_a_remedy(letters):
    with pytest.raises(FormulaError, match="does not settle") as caught:
        Derivation(r"\lim_{t \to \infty} s^t = 0", letters)
    assert "condition" in caught.value.remedy


def test_conditions_that_no_point_meets(letters):
    with pytest.raises(FormulaError, match="no numbers were found"):
        Derivation(r"\lim_{t \to 0^+} t s = 0 \quad (s > 1, c > s, s > c)", letters)
