"""What a claim compares is looked at in both orders, and where it ties."""

import itertools
import random

import pytest
import sympy as sp
from checkedmath import Derivation, Notation, WrongStep
from checkedmath.deciding.crossings import crossings, lines
from checkedmath.deciding.judging import Claim
from checkedmath.deciding.ties import ties_of
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import indicator
from checkedmath.reading.printer import read
from flint import arb

#: Two numbers that are equal somewhere, of which no letter is solved for.
EQUAL_SOMEWHERE = [
    ("s^5 - s", "1"),
    ("s^7 + s", "c"),
    (r"e^s", "s + 3"),
    (r"\cos s", "2 s"),
    (r"t^t", "3"),
    (r"\tanh s + s", "1"),
    (r"\epsilon^5 + \epsilon", "1"),
    (r"p_1^3 + p_2", r"\frac{1}{2}"),
    (r"t \log t", r"\frac{1}{3}"),
    (r"s^4 - 2 s^3 - s^2 + 2 s", "-1"),
    (r"\sum_k p_k^3", r"\frac{1}{2}"),
]
#: Statements that fail only where two numbers are equal, or only on one side.
FALSE = [
    r"\mathbb{1}[LEFT = RIGHT] = 0",
    r"\mathbb{1}[LEFT > RIGHT] = \mathbb{1}[LEFT \ge RIGHT]",
    r"\mathbb{1}[LEFT < RIGHT] + \mathbb{1}[LEFT > RIGHT] = 1",
    r"\begin{cases} 3 & LEFT = RIGHT \\ 2 & \text{otherwise} \end{cases} = 2",
]
TRUE = [
    r"\mathbb{1}[LEFT > RIGHT] + \mathbb{1}[LEFT < RIGHT] + \mathbb{1}[LEFT = RIGHT] = 1",
    r"\min(LEFT, RIGHT) = \begin{cases} LEFT & LEFT < RIGHT \\ RIGHT & \text{otherwise}\end{cases}",
    r"(LEFT - (RIGHT)) \cdot \mathbb{1}[LEFT = RIGHT] = 0",
]


def filled(pattern, pair):
    """Return a statement about two numbers."""
    first, second = pair
    return pattern.replace("LEFT", first).replace("RIGHT", second)


@pytest.mark.parametrize(
    ("pattern", "pair"), list(zip(itertools.cycle(FALSE), EQUAL_SOMEWHERE, strict=False))
)
def test_what_fails_at_a_tie_is_refuted(pattern, pair, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(filled(pattern, pair), letters)
    assert caught.value.counterexample


@pytest.mark.parametrize(
    ("pattern", "pair"), list(zip(itertools.cycle(TRUE), EQUAL_SOMEWHERE, strict=False))
)
def test_what_holds_at_ties_too_is_accepted(pattern, pair, letters):
    assert Derivation(filled(pattern, pair), letters).steps


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathbb{1}[(s^3 - 3 s - 1)^2 + (c^3 - 3 c - 1)^2 = 0] = 0",
        r"\mathbb{1}[e^{s - 3} = s - 2] = 0 \quad (s > 0)",
        r"\mathbb{1}[\sin s + \cos s = \sqrt{2}] \cdot \mathbb{1}[s \ne 0] = 0",
        r"\max(s^2 + e^s - \sin(s c), -1) = s^2 + e^s - \sin(s c)",
    ],
)
def test_what_is_seen_in_one_outcome_only_is_not_called_computed(latex, letters):
    try:
        method = Derivation(latex, letters).steps[0].method
    except WrongStep:
        return
    assert method == "sampled"


@pytest.mark.parametrize(
    ("latex", "relation"),
    [
        (r"\frac{\partial}{\partial s} \lvert s^3 - 3 s - 1 \rvert", "s > 2"),
        (r"\frac{\partial}{\partial s} \max(s^3 - 3 s, 1)", "s > 2"),
    ],
)
def test_a_slope_is_missing_at_a_corner_and_only_there(latex, relation, letters):
    inside = r"\mathbb{1}[s^3 - 3 s > 1]"
    wanted = inside if "max" in latex else rf"(2 \cdot {inside} - 1)"
    claim = rf"{latex} = (3 s^2 - 3) {wanted}"
    with pytest.raises(WrongStep, match="left is undefined"):
        Derivation(claim, letters)
    assert Derivation(rf"{claim} \quad ({relation})", letters).steps


def gap_of(latex, where):
    """Return the value of a formula, and the evaluator that knows its letters."""
    notation = Notation()
    notation.declare(where)
    evaluator = Evaluator(notation, {"K": 3})
    return evaluator(read(latex), {}), evaluator


@pytest.mark.parametrize(
    ("latex", "where", "places"),
    [
        (
            "x^3 - 3 x - 1",
            "x: real",
            [-1.5320888862379562, -0.3472963553338607, 1.8793852415718169],
        ),
        ("x^3 - 3 x - 1", "x: positive", [1.8793852415718169]),
        ("(x^2 - 2)^2", "x: real", [-(2**0.5), 2**0.5]),
        (r"\cos x - x", "x: real", [0.7390851332151607]),
        ("(x - 50) (x - 50.1)", "x: positive", [50.0, 50.1]),
        (r"(e^{x - 50} - 1) (x - 50.1)", "x: positive", [50.0, 50.1]),
        ("x^3 + x - 1", "x: unit", [0.6823278038280193]),
        ("x^2 + 1", "x: real", []),
    ],
)
def test_the_zeros_on_a_line_are_enclosed(latex, where, places):
    gap, evaluator = gap_of(latex, where)
    (line,) = lines(gap, evaluator, random.Random(1))
    found, touches = crossings(gap, line)
    assert not touches
    assert [float(arb(x)) for x in found] == pytest.approx(places)
    assert all(x.rel_accuracy_bits() > 200 for x in found if isinstance(x, arb))


def test_ties_are_those_of_what_is_compared_and_know_whether_it_steps():
    x, y = sp.symbols("x y", real=True)
    (bend,) = ties_of(Claim("=", abs(x - y), y))
    (step,) = ties_of(Claim("=", indicator(">", x, y), y))
    assert (bend.gap, bend.steps) == (x - y, False)
    assert (step.gap, step.steps) == (x - y, True)
