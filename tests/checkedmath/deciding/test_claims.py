r"""Decisions: a true claim is accepted by the method that fits, a false one by no method at all."""

import random

import pytest
from checkedmath import Derivation, FormulaError, Notation, WrongStep
from checkedmath.deciding.judging import Finding, judged
from checkedmath.deciding.sampling import draw, draw_short
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read
from checkedmath.steps import METHODS, weakest
from flint import arb, fmpq


def methods(latex, letters):
    return [step.method for step in Derivation(latex, letters).steps]


def refusal(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    return caught.value


class TestEquality:
    @pytest.mark.parametrize(
        ("latex", "method"),
        [
            ("(s + c)^2 = s^2 + 2 s c + c^2", "exact"),
            (r"\log(t u) = \log t + \log u", "exact"),
            (r"\max(s, c) = \frac{s + c + \lvert s - c \rvert}{2}", "exact"),
            (r"(\sin s)^2 + (\cos s)^2 = 1", "numeric"),
            (r"\sum_k p_k = 1", "every K"),
        ],
    )
    def test_the_method(self, latex, method, letters):
        assert methods(latex, letters) == [method]

    @pytest.mark.parametrize(
        "latex",
        [
            "s + 10^{-50} = s",
            "s + 10^{-100} = s",
            r"\sin s + 10^{-200} = \sin s",
            r"\log(s^2) = 2 \log s",
            r"\sqrt{s^2} = s",
            r"\max(s, c) = s",
            r"\mathbb{1}[s > 0] = \mathbb{1}[s > \frac{1}{10}]",
            r"\lvert s + c \rvert = \lvert s \rvert + \lvert c \rvert",
            r"\prod_{n=1}^{9} (s - \frac{n}{10}) = 0",
        ],
    )
    def test_what_is_nearly_or_often_true_is_false(self, latex, letters):
        error = refusal(latex, letters)
        assert error.left != error.right

    def test_a_difference_in_a_late_digit_is_shown(self, letters):
        error = refusal("s + 10^{-50} = s", letters)
        assert len(error.left) > 40

    def test_much_may_cancel(self, letters):
        assert methods(r"\sin(s) + 10^{60} - 10^{60} = \sin(s)", letters) == ["exact"]
        latex = r"(e^{s} + 10^{50}) (\cos c) - 10^{50} \cos c = e^{s} \cos c"
        assert methods(latex, letters) == ["exact"]

    def test_a_vector_may_be_zero(self, letters):
        assert methods(r"\mathbf{z} - \mathbf{z} = 0", letters) == ["every K"]
        with pytest.raises(FormulaError, match="left is a vector of 2, right is a number"):
            Derivation(r"\mathbf{z} = 1", letters)


class TestInequality:
    @pytest.mark.parametrize(
        ("latex", "method"),
        [
            ("s^2 + c^2 >= 0".replace(">=", r"\ge"), "exact"),
            (r"e^s > 0", "exact"),
            (r"e^s \ge 1 + s", "exact"),
            (r"H(p) \le \log K", "every K"),
            (r"D_{\mathrm{KL}}(p \parallel q) \ge 0", "every K"),
        ],
    )
    def test_the_method(self, latex, method, letters):
        assert methods(latex, letters) == [method]

    @pytest.mark.parametrize(
        "latex",
        [
            r"e^s > 1 + s",  # equal at zero
            r"H(p) < \log K",  # equal for the uniform distribution
            r"D_{\mathrm{KL}}(p \parallel q) > 0",  # equal for equals
            r"a_i (1 - a_i) \le \frac{6}{25}",  # false near one half only
            r"s^2 < 1000",  # false far out only
            r"s c \le \frac{s^2}{2} + \frac{49 c^2}{100}",
            r"s^3 \ge -100000",
            r"\tanh(100 + s^2) \ge 1",  # false everywhere, in the 88th digit
            r"\tanh(5000 + s^2) \ge 1",  # in the 4,344th
        ],
    )
    def test_what_is_false_somewhere_is_false(self, latex, letters):
        assert refusal(latex, letters).left

    def test_a_vector_is_neither_large_nor_small(self, letters):
        with pytest.raises(FormulaError, match="left is a vector"):
            Derivation(r"\mathbf{a} \ge 0", letters)


class TestLimit:
    @pytest.mark.parametrize(
        "latex",
        [
            r"\lim_{t \to 0^+} t \log t = 0",
            r"\lim_{t \to \infty} \frac{\log t}{t} = 0",
            r"\lim_{s \to 0} \frac{e^s - 1}{s} = 1",
            r"\lim_{c \to 0} \frac{\sigma(s + c) - \sigma(s)}{c} = \sigma(s) (1 - \sigma(s))",
        ],
    )
    def test_a_limit(self, latex, letters):
        assert methods(latex, letters) == ["sampled"]

    @pytest.mark.parametrize(
        "latex",
        [
            r"\lim_{s \to -\infty} e^s = 0",
            r"\lim_{s \to 2} s^2 = 4",
            r"\lim_{s \to 0^-} \frac{\lvert s \rvert}{s} = -1",
            r"\lim_{t \to 0^+} t \log(1 + e^{s / t}) = \max(s, 0)",
        ],
    )
    def test_a_limit_that_is_proved(self, latex, letters):
        assert methods(latex, letters) == ["exact"]

    @pytest.mark.parametrize(
        "latex",
        [r"\lim_{s \to 0} \frac{e^s - 1}{s} = 0", r"\lim_{t \to \infty} \frac{t}{t + 1} = 0"],
    )
    def test_a_wrong_limit(self, latex, letters):
        refusal(latex, letters)

    @pytest.mark.parametrize(
        "latex",
        [
            r"\lim_{t \to \infty} t = 1",
            r"\lim_{t \to \infty} \sin t = 0",
            r"\lim_{t \to \infty} \sin(2 \pi t) = 0",
            r"\lim_{t \to \infty} \cos(2 \pi t + s) = \cos s",
            r"\lim_{t \to 0^+} \sin(\frac{\pi}{t}) = 0",
            r"\lim_{s \to 0} \frac{1}{s} = 0",
        ],
    )
    def test_no_limit(self, latex, letters):
        with pytest.raises(FormulaError, match="does not settle"):
            Derivation(latex, letters)

    def test_a_slow_limit(self, letters):
        assert methods(r"\lim_{t \to \infty} \frac{1}{\log t} = 0", letters) == ["sampled"]

    def test_two_sides_have_to_agree(self, letters):
        with pytest.raises(WrongStep):
            Derivation(r"\lim_{s \to 0} \frac{\lvert s \rvert}{s} = 1", letters)


class TestPoints:
    @pytest.fixture
    def evaluator(self, letters):
        found = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
        for word in ("p", "z", "Y", "t", r"\epsilon"):
            found(read(word), {})
        return found

    @pytest.mark.parametrize("kind", ["usual", "wide", "short", "fine"])
    def test_points_lie_in_their_domains(self, kind, evaluator):
        rng = random.Random(1)
        for _ in range(50):
            point = self.point(kind, evaluator, rng)
            for (word, _), symbol in evaluator.atoms.items():
                domain = evaluator.notation.symbols[word][0]
                assert domain == "real" or point[symbol] > 0
                assert domain not in ("unit", "simplex") or point[symbol] < 1
            rows = [("p", ()), ("Y", (1,)), ("Y", (2,))]
            for word, row in rows:
                assert sum(point[evaluator.atoms[word, (*row, k)]] for k in (1, 2, 3)) == 1

    @staticmethod
    def point(kind, evaluator, rng):
        if kind in ("usual", "wide"):
            return draw(evaluator, rng, wide=kind == "wide")
        return draw_short(evaluator, rng, fine=kind == "fine")

    def test_the_same_formula_is_tried_at_the_same_points(self, letters):
        first, second = (refusal("s = c", letters.copy()).counterexample for _ in range(2))
        assert first == second


class TestJudged:
    @pytest.mark.parametrize("relation", ["=", r"\le", r"\ge", "<", ">"])
    def test_against_python(self, relation):
        by_hand = {"=": int.__eq__, r"\le": int.__le__, r"\ge": int.__ge__}
        by_hand |= {"<": int.__lt__, ">": int.__gt__}
        for gap in (-1, 0, 2):
            expected = Finding.HOLDS if by_hand[relation](gap, 0) else Finding.FAILS
            assert judged(relation, fmpq(gap)) is judged(relation, arb(gap)) is expected

    @pytest.mark.parametrize(
        ("relation", "gap", "found"),
        [
            ("=", arb(0, "1e-50"), Finding.HOLDS),
            (r"\le", arb(0, "1e-50"), Finding.HOLDS),
            ("<", arb(0, "1e-50"), Finding.CANNOT_TELL),
            ("=", arb(0, "1e-3"), Finding.CANNOT_TELL),
            ("=", arb("1e-60", "1e-70"), Finding.FAILS),
            ("<", arb("-1e-60", "1e-70"), Finding.HOLDS),
            ("=", arb("nan"), Finding.CANNOT_TELL),
        ],
    )
    def test_digits_that_vanish_are_no_difference(self, relation, gap, found):
        assert judged(relation, gap) is found


@pytest.mark.parametrize(
    ("latex", "left", "right"),
    [
        (r"\tanh(x) \le 0.999", lambda x: x.tanh(), lambda _: arb("0.999")),
        (r"\sin(x) \le 0.999999", lambda x: x.sin(), lambda _: arb("0.999999")),
        (r"(1 + x)^3 \ge 1 + 3 x", lambda x: (1 + x) ** 3, lambda x: 1 + 3 * x),
    ],
)
def test_both_sides_shown_are_those_of_the_numbers_shown(latex, left, right):
    letters = Notation()
    letters.declare("x: real")
    wrong = refusal(latex, letters)
    (x,) = map(arb, wrong.counterexample.values())
    assert float(arb(wrong.left)) == pytest.approx(float(left(x)), rel=1e-9)
    assert float(arb(wrong.right)) == pytest.approx(float(right(x)), rel=1e-9)


def test_the_weakest_method_counts():
    assert weakest({"exact", "sampled", "every K"}) == "sampled"
    assert weakest(METHODS[:2]) == "every K"
