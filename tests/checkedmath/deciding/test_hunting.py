"""Where statements break: what holds nearly everywhere is refuted where it does not hold."""

import random

import pytest
import sympy as sp
from checkedmath import CheckError, Derivation, FormulaError, Notation, WrongStep
from checkedmath.deciding.hunting import hunt, is_endless
from checkedmath.deciding.judging import Claim
from checkedmath.deciding.special import placed, put_ins, special_points, structured
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read
from flint import fmpq


def refusal(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    return caught.value


@pytest.mark.parametrize(
    ("latex", "at"),
    [
        (r"\mathbb{1}[s > 0] = \mathbb{1}[s \ge 0]", {"s": "0"}),
        (r"\mathbb{1}[s > c] + \mathbb{1}[c > s] = 1", {"s": "c"}),
        (r"(5 s - 1)^2 > 0", {"s": "1/5"}),
        (r"(s^2 - 3)^2 > 0", {"s": "sqrt(3)"}),
        (r"\lvert s - \frac{2}{7} \rvert > 0", {"s": "2/7"}),
        (r"\mathbb{1}[e^{2 s} = 3] = 0", {"s": "log(3)/2"}),
        (r"\mathbb{1}[\sin s = 1] = 0", {"s": "pi/2"}),
        (r"\mathbb{1}[3 \cos(2 s) = -3] = 0", {"s": "pi/2"}),
        (r"\mathbb{1}[\lvert \sin s \rvert = 1] = 0", {"s": "pi/2"}),
        (r"\mathbb{1}[e^s + e^{7/10} = 4] = 0", {"s": "0.686247075761…"}),
        (r"1 - \cos(s + 1) > 0", {"s": "-1"}),
        (r"\lim_{t \to \infty} \epsilon^t = 0", {r"\epsilon": "1"}),
        (r"\log \frac{t}{100} \ge 0 \quad (t \ge 99)", {"t": "99.8"}),
        (r"\frac{1}{u - 99} \le 10^6 \quad (u > 99)", {"u": "99.000000000001"}),
        (r"\epsilon^2 > 0", {r"\epsilon": "0"}),
        (r"p_1 > 0", {"p_1": "0"}),
        (
            r"\frac{\partial}{\partial s} \lvert s \rvert = 2 \cdot \mathbb{1}[s > 0] - 1",
            {"s": "0"},
        ),
        (r"\frac{\partial}{\partial s} \mathbb{1}[s > 2] = 0", {"s": "2"}),
    ],
)
def test_the_place_is_found(latex, at, letters):
    found = refusal(latex, letters).counterexample
    found = {letter: found.get(value, value) for letter, value in found.items()}
    expected = {letter: found.get(value, value) for letter, value in at.items()}
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    "latex",
    [
        r"\log t \le 100",
        r"t \ge 10^{-200}",
        r"\max(s, -10^9) = s",
        r"D_{\mathrm{KL}}(p \parallel q) \le 10^6",
        r"\sum_k p_k^2 < 1",
        r"\operatorname{Var}_{k \sim p}[z_k] > 0",
        r"\sum_k \mathbb{1}[z_k = \max_j z_j] = 1",
        r"\mathbb{1}[\det(\mathbf{S}) = 0] = 0",
    ],
)
def test_what_breaks_far_out_or_at_corners_is_refuted(latex, letters):
    letters.declare("S: real K K")
    assert refusal(latex, letters).counterexample


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\frac{s}{s} = 1", "what is divided by cannot be zero, but at s = 0 it is 0"),
        (r"s^{-1} s = 1", "what is divided by cannot be zero"),
        (r"\frac{s^2 - c^2}{s - c} = s + c", "what is divided by cannot be zero"),
        (r"(\log_t u) (\log_u t) = 1", "the logarithm of a base cannot be zero, but at . = 1"),
        (
            r"e^{\log \lvert s \rvert} = \lvert s \rvert",
            "logarithm has to be positive, but at s = 0",
        ),
    ],
)
def test_sides_that_are_defined_in_different_places_are_refused(latex, message, letters):
    with pytest.raises(FormulaError, match=message):
        Derivation(latex, letters)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{s}{s} = 1 \quad (s \ne 0)",
        r"\frac{1}{s} = s^{-1}",
        r"\log_t u = \frac{\log u}{\log t}",
        r"\frac{t}{s c} + \frac{1}{s c} = \frac{t + 1}{s c}",
        r"\frac{\partial}{\partial s} \max(s, 0) = \mathbb{1}[s > 0] \quad (s \ne 0)",
        r"\frac{\partial}{\partial s} (s \lvert s \rvert) = 2 \lvert s \rvert",
        r"\log s^2 = 2 \log s \quad (s > 0)",
        r"z_i - z_j > 0 \quad (z_i > z_j)",
        r"\tanh(s c t) < 1",
        r"\frac{1}{1 + e^{-s c}} < 1",
        r"-\sum_k p_k \log p_k \ge 0",
        r"t + \frac{1}{t} \ge 2",
    ],
)
def test_what_holds_wherever_it_is_claimed_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


@pytest.fixture
def evaluator(letters):
    found = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
    for word in ("p", "z", "Y", "t", r"\epsilon"):
        found(read(word), {})
    return found


def test_powers_of_long_fractions_are_not_written_out():
    x, y = sp.symbols("x y", positive=True)
    claim, long = Claim("<", x**y, sp.Integer(2)), sp.Rational(123456789, 10**9)
    assert is_endless(claim, {y: long})
    assert not is_endless(claim, {y: sp.Rational(1, 3)})
    assert not is_endless(claim._replace(left=x**3), {x: long})


def test_all_letters_of_powers_rest_together(letters):
    found = refusal(r"t^t u^u > e^{-2/e} \quad (t < 1, u < 1)", letters)
    assert found.counterexample == {"t": "exp(-1)", "u": "exp(-1)"}


def test_special_points_lie_in_their_domains(evaluator):
    domains = {s: evaluator.notation.symbols[word][0] for (word, _), s in evaluator.atoms.items()}
    for special in special_points(domains, evaluator, random.Random(1)):
        for symbol, number in special.point.items():
            assert domains[symbol] == "real" or number > 0 or (special.at_end and number == 0)
            whole = domains[symbol] not in ("unit", "simplex")
            assert whole or special.at_end or not number > 1


def test_a_table_of_distributions_is_diagonal_while_all_others_are_even(letters):
    found = Evaluator(letters, {"K": 3, "N": 3, "D": 2})
    for word in ("p", "Y"):
        found(read(word), {})
    at = [special.point for special in structured(found.atoms.values(), found)]
    entries = found.atoms
    diagonal = [entries["Y", (n, n)] for n in (1, 2, 3)]
    assert any(
        all(point[s] == 1 - 2 * point[entries["Y", (1, 2)]] > 0.99 for s in diagonal)
        and all(point[entries["p", (n,)]] == sp.Rational(1, 3) for n in (1, 2, 3))
        for point in at
    )


def test_one_class_has_a_part_and_the_others_share_the_rest(letters):
    found = Evaluator(letters, {"K": 12, "N": 2, "D": 2})
    entries = found(read("p"), {})
    values = [special.point for special in structured(entries, found)]
    shapes = [{point[s] for s in entries} for point in values]
    assert {sp.Rational(1, 3), sp.Rational(2, 33)} in shapes


def test_what_is_put_in_fits_only_inside_the_domain(evaluator):
    (symbol,) = (s for (word, _), s in evaluator.atoms.items() if word == r"\epsilon")
    found = placed({symbol: symbol / 2}, {symbol: sp.Integer(1)}, evaluator)
    assert found == {symbol: fmpq(1, 2)}
    assert placed({symbol: symbol * 2}, {symbol: sp.Integer(1)}, evaluator) is None
    assert placed({symbol: -symbol}, {symbol: sp.Integer(1)}, evaluator) is None


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"e^s \ge 1 + s \quad (s > 10^9)", "after"),
        (
            r"e^s \ge 1 + s \quad (s > c, c > s)",
            "no numbers were found for which its conditions hold together",
        ),
        (r"z_i > z_i - 1 \quad (z_i < z_i)", "its condition never holds"),
    ],
)
def test_conditions_that_cannot_be_met(latex, message, letters):
    with pytest.raises(FormulaError, match=message):
        Derivation(latex, letters)


def test_a_hunt_ends_when_its_budget_is_used_up(evaluator):
    symbol = next(iter(evaluator.atoms.values()))
    evaluator.budget.hunts = 1
    hunt(Claim(">", symbol**2, symbol * 0), evaluator, random.Random(1))


def test_roots_are_put_in(evaluator):
    (t,) = (s for (word, _), s in evaluator.atoms.items() if word == "t")
    assert {t: t * 0 + 3} in list(put_ins(((t - 3) ** 2, t * 0), evaluator))


VECTORS = """K: only 4
i, j, k: 1..K
z, v: real K
f, g: positive K"""
GIBBS = r"\sum_k f_k \log \frac{f_k}{g_k} > (\sum_k f_k) \log \frac{\sum_k f_k}{\sum_k g_k}"
SHARES = r"\frac{e^{z_i}}{\sum_k e^{z_k}} - \frac{e^{v_i}}{\sum_k e^{v_k}}"


# Where two vectors are in line, the sides of many a strict inequality meet: Cauchy and Schwarz,
# sums of logarithms, norms, and softmax, which does not see a shift.
@pytest.mark.parametrize(
    ("strict", "where", "told"),
    [
        (r"(\sum_k z_k v_k)^2 < (\sum_k z_k^2) (\sum_k v_k^2)", "z_1 > v_1", "but at"),
        (r"\sum_k f_k g_k < \sqrt{\sum_k f_k^2} \sqrt{\sum_k g_k^2}", "f_1 > g_1", "digit"),
        (GIBBS, "f_1 > g_1", "but at"),
        (
            r"\lVert z + v \rVert < \lVert z \rVert + \lVert v \rVert",
            "z_1 > v_1, v_1 > 1",
            "digit",
        ),
        (rf"\sum_i \lvert {SHARES} \rvert > 0", "z_1 > v_1", "digit"),
    ],
)
def test_vectors_in_line_are_tried(strict, where, told):
    letters = Notation()
    letters.declare(VECTORS)
    with pytest.raises(CheckError, match=told):
        Derivation(rf"{strict} \quad ({where})", letters)


def test_vectors_that_cannot_be_in_line_are_no_doubt():
    letters = Notation()
    letters.declare(VECTORS)
    formula = r"\sum_k (z_k - v_k)^2 + \sum_k (2 z_k - v_k)^2 > 0 \quad (z_1 > v_1, v_1 > 1)"
    assert Derivation(formula, letters).steps


# A matrix may send a vector to zero, and be turned into minus itself.
@pytest.mark.parametrize(
    ("strict", "where"),
    [
        (r"\lVert A z \rVert > 0", "z_1 > 0, A_{11} > 1"),
        (r"\lVert M z - M v \rVert > 0", "z_1 > v_1, M_{11} > 1"),
        (r"z^\top M^\top M z > 0", "z_1 > 0, M_{11} > 0"),
        (r"\operatorname{tr}((A + A^\top)^\top (A + A^\top)) > 0", "A_{12} > 1"),
        (r"(\det(A))^2 > 0", "A_{11} > 1"),
    ],
)
def test_degenerate_matrices_are_tried(strict, where):
    letters = Notation()
    letters.declare(
        "K: 2 3\nN: 2 3\ni, j, k: 1..K\nn: 1..N\nz, v: real K\nA: real K K\nM: real N K"
    )
    with pytest.raises(WrongStep, match="both sides are 0"):
        Derivation(rf"{strict} \quad ({where})", letters)
