"""Intervals over boxes: the value at each point of a box lies in that over the box."""

import math
import random

import pytest
import sympy as sp
from checkedmath.deciding.balls import OPERATIONS, is_number, value
from checkedmath.deciding.intervals import ON_INTERVALS, OverBox
from checkedmath.meaning.piecewise import Largest, indicator
from flint import arb

from tests.checkedmath.expressions import EXPRESSIONS, X, Y


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_values_at_points_lie_in_that_over_the_box(expression):
    draw = random.Random(3)
    program = OverBox(expression)
    met = 0
    for _ in range(300):
        box = {
            s: tuple(sorted(draw.choice((-3.0, -1.0, 0.0, 1.0, 2.5, 9.0)) for _ in "ab"))
            for s in (X, Y)
        }
        point = {
            s: sp.Rational(low + draw.random() * (high - low)) for s, (low, high) in box.items()
        }
        here, (over,) = value(expression, point), program.run(box)
        if is_number(here):
            met += 1
            assert over is not None
            assert over[0] - 1e-9 <= float(arb(here)) <= over[1] + 1e-9
    assert met > 50


@pytest.mark.parametrize(
    ("expression", "over"),
    [
        (X**2, (0, 4)),
        (X**3, (-1, 8)),
        (sp.Abs(X), (0, 2)),
        (1 / (1 + X**2), (1 / 5, 1)),
        (sp.cos(X), (math.cos(2), 1)),
        (Largest(X, sp.Integer(1)), (1, 2)),
        (indicator("<", X, sp.Integer(3)), (1, 1)),
        (indicator("<", X, sp.Integer(-1)), (0, 0)),
        (indicator("<", X, sp.Integer(1)), (0, 1)),
        (sp.log(X), (-math.inf, math.log(2))),
        (sp.Abs(X) * sp.log(X + 1), (-math.inf, 2 * math.log(3))),
        (sp.exp(1000 * X), (0, math.inf)),
        (1 / X, (-math.inf, math.inf)),
    ],
    ids=str,
)
def test_they_are_narrow(expression, over):
    assert OverBox(expression).run({X: (-1.0, 2.0)}) == [pytest.approx(over)]


@pytest.mark.parametrize(
    "expression", [sp.log(X), sp.sqrt(X) + X, 1 / (X - X.func("x9", real=True))]
)
def test_where_there_is_surely_no_number_is_none(expression):
    box = {s: (-2.0, -2.0) for s in expression.free_symbols}
    assert OverBox(expression).run(box) == [None]


def test_every_operation_with_numbers_is_one_with_intervals():
    assert ON_INTERVALS.keys() == OPERATIONS.keys()
