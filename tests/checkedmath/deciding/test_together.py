"""Several comparisons in one claim are looked at together: their outcomes are independent."""

import pytest
from checkedmath import Derivation, WrongStep

#: Statements that fail only where several comparisons have outcomes that are rare.
FALSE = [
    r"\mathbb{1}[s = 3] \cdot \mathbb{1}[c = -1] = 0",
    r"\mathbb{1}[s > 25] \cdot \mathbb{1}[c < -40] = 0",
    r"\max(s - 15, 0) \max(-c - 22, 0) = 0",
    r"\begin{cases} 1 & s < -40 \\ 2 & c > 60 \\ 3 & \text{otherwise} \end{cases}"
    r" = \begin{cases} 2 & c > 60 \\ 1 & s < -40 \\ 3 & \text{otherwise} \end{cases}",
    r"\mathbb{1}[s > 30] \cdot \mathbb{1}[c < -30] \cdot \mathbb{1}[m > 70] = 0",
    r"\mathbb{1}[t > 40] \cdot \mathbb{1}[f < -45] = 0",
    r"\max(m - 60, 0) \cdot \mathbb{1}[c = 7] = 0",
    r"\mathbb{1}[s^5 - s = 1] \cdot \mathbb{1}[c^3 + c = 5] = 0",
    r"\mathbb{1}[s + c = 5] \cdot \mathbb{1}[s - c = 1] = 0",
    r"\mathbb{1}[s > 20] \cdot \mathbb{1}[c < -20] + \mathbb{1}[s < -20] \cdot \mathbb{1}[c > 20]"
    " = 0",
    r"\mathbb{1}[z_1 > 30] \cdot \mathbb{1}[z_2 < -35] = 0",
    r"\mathbb{1}[p_1 = \frac{1}{4}] \cdot \mathbb{1}[q_2 = \frac{2}{3}] = 0",
    r"\mathbb{1}[p_1 = \frac{1}{4}] \cdot \mathbb{1}[p_2 = \frac{2}{3}] = 0 \quad (K = 3)",
    r"\min(\max(s - 33, 0), \max(-f - 44, 0)) = 0",
    r"\mathbb{1}[e^s = 7] \cdot \mathbb{1}[\log t = 2] = 0",
    r"\mathbb{1}[s > 25] + \mathbb{1}[c < -25] \le 1",
    r"\mathbb{1}[s = c] \cdot \mathbb{1}[c = m] \cdot \mathbb{1}[m = 4] = 0",
    r"\mathbb{1}[\epsilon = \frac{1}{3}] \cdot \mathbb{1}[g = \frac{2}{7}] = 0",
    r"\mathbb{1}[s = c + 1] \cdot \mathbb{1}[t = s^2] = 0",
    r"\mathbb{1}[s > 31] \cdot \mathbb{1}[c < -32] = 0 \quad (s > c)",
    r"\mathbb{1}[s^2 + c^2 = 25] \cdot \mathbb{1}[s = c + 1] = 0",
    r"\mathbb{1}[s^2 + c^2 = 1] \cdot \mathbb{1}[s = c] = 0",
    r"\mathbb{1}[s^2 + c^2 \le 4] \cdot \mathbb{1}[s + c \ge \sqrt{8}] = 0",
    r"\mathbb{1}[\sin s = 1] \cdot \mathbb{1}[c = 4] = 0",
    r"\mathbb{1}[s = e^c] \cdot \mathbb{1}[c = 2] = 0",
    r"\mathbb{1}[\lvert \cos s \rvert = 1] \cdot \mathbb{1}[s \ne 0] = 0",
]
#: Ties that are closer than doubles tell apart, or farther than they bear.
CLOSE_OR_FAR = [
    r"\mathbb{1}[s > 5] \cdot \mathbb{1}[s < 5 + 10^{-20}] = 0",
    r"\mathbb{1}[s > c] \cdot \mathbb{1}[s < c + 10^{-19}] = 0",
    r"\mathbb{1}[s > c] = \mathbb{1}[s \ge c + 10^{-30}]",
    r"\max(0, s - 5) \max(0, 5 + 10^{-20} - s) = 0",
    r"\min(\max(s, 1), 1 + 10^{-22}) = 1 + 10^{-22} \mathbb{1}[s > 1]",
    r"\mathbb{1}[p_1 > \frac{1}{2}] \cdot \mathbb{1}[p_1 < \frac{1}{2} + 10^{-20}] = 0",
    r"\mathbb{1}[s > c] \cdot \mathbb{1}[c > m] \cdot \mathbb{1}[m > s - 10^{-20}] = 0",
    r"\mathbb{1}[s > e^c] \cdot \mathbb{1}[c > 100] = 0",
    r"\mathbb{1}[s > e^c] \cdot \mathbb{1}[c > 1000] = 0",
    r"\max(0, s - e^c) \max(0, c - 50) = 0",
    r"\mathbb{1}[s > c^4] \cdot \mathbb{1}[c > m^4] \cdot \mathbb{1}[m > 50] = 0",
]
#: Outcomes that meet where exponentials do, beyond all numbers at which they are looked for.
WHERE_EXPONENTIALS_MEET = [
    r"\max(0, e^s - 10^{20}) \max(0, c - e^s) = 0",
    r"\max(0, s - \sum_k e^{z_k}) \max(0, z_1 - 60) = 0 \quad (K = 2)",
    r"\max(s, \sum_k e^{z_k}) = \sum_k e^{z_k}"
    r" + \max(0, s - \sum_k e^{z_k}) \mathbb{1}[z_1 < 60] \quad (K = 3)",
    r"\mathbb{1}[s > 1000] \cdot \mathbb{1}[e^{-s} c > 1] = 0",
    r"\mathbb{1}[c > e^{e^s}] \cdot \mathbb{1}[s > 60] = 0",
    r"\mathbb{1}[s^3 > e^c] \cdot \mathbb{1}[c > 200] = 0",
    r"\mathbb{1}[e^s + e^c < m] \cdot \mathbb{1}[s + c > 200] = 0",
    r"\mathbb{1}[s c > e^m] \cdot \mathbb{1}[m > 300] \cdot \mathbb{1}[s > 3] = 0",
    r"\mathbb{1}[s (c - 5003) > 1] \cdot \mathbb{1}[s > 0] \cdot \mathbb{1}[s < 10^{-9}] = 0",
]
#: Statements that hold in all outcomes, some of which cannot be.
TRUE = [
    r"\mathbb{1}[s = 3] \cdot \mathbb{1}[s = 4] = 0",
    r"\mathbb{1}[s > c] \cdot \mathbb{1}[c > m] \cdot \mathbb{1}[m > s] = 0",
    r"\max(s, c) + \min(s, c) = s + c",
    r"\mathbb{1}[s = c] \cdot \mathbb{1}[c = 4] = \mathbb{1}[s = 4] \cdot \mathbb{1}[c = 4]",
    r"\max(s, 0) \max(-s, 0) = 0",
    r"\mathbb{1}[s > 20] \cdot \mathbb{1}[c < -20] = \mathbb{1}[\min(s, -c) > 20]",
    r"\mathbb{1}[p_1 > \frac{2}{3}] \cdot \mathbb{1}[p_2 > \frac{2}{3}] = 0 \quad (K = 3)",
    r"\mathbb{1}[s > e^c] \cdot \mathbb{1}[s < 0] = 0",
    r"\mathbb{1}[s > e^c] \cdot \mathbb{1}[c > \log t] \cdot \mathbb{1}[s < t] = 0",
]


@pytest.mark.parametrize("latex", FALSE + CLOSE_OR_FAR + WHERE_EXPONENTIALS_MEET)
def test_what_fails_in_joint_outcomes_is_refuted(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample


@pytest.mark.parametrize("latex", TRUE)
def test_what_holds_in_all_joint_outcomes_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps[0].method in ("exact", "every K", "numeric")


@pytest.mark.parametrize(
    "latex",
    [
        r"\prod_k (\mathbb{1}[z_k > 600 k] \cdot \mathbb{1}[w_k < -600 k]) = 0",
        r"\mathbb{1}[s^5 + s c = 1] \cdot \mathbb{1}[c^5 + c + s^5 = 3] = 0",
        r"\mathbb{1}[\sin s > 0.999] \cdot \mathbb{1}[s > 10^{14}] = 0",
        r"\mathbb{1}[s > e^{70} + c] \cdot \mathbb{1}[c > e^{s / 2}] = 0",
    ],
)
def test_what_has_more_outcomes_than_are_tried_is_not_called_computed(latex, letters):
    letters.declare("K: only 9\nz, w: real K\nk: 1..K")
    try:
        method = Derivation(latex, letters).steps[0].method
    except WrongStep:
        return
    assert method == "sampled"
