"""Numbers of the machine at many points: they are those of the balls."""

import math
import random

import pytest
import sympy as sp
from checkedmath.deciding.balls import OPERATIONS, is_number, value
from checkedmath.deciding.grids import ON_NUMBERS, OnGrid
from checkedmath.deciding.intervals import OverBox
from checkedmath.meaning.piecewise import SlopeOfSelect
from flint import arb

from tests.checkedmath.expressions import EXPRESSIONS, X, Y


@pytest.mark.parametrize(
    "expression", [x for x in EXPRESSIONS if not x.has(SlopeOfSelect)], ids=str
)
def test_numbers_are_those_of_balls(expression):
    draw = random.Random(5)
    grid = {s: [draw.uniform(-3, 9) for _ in range(200)] for s in (X, Y)}
    (found,) = OnGrid(expression).run(grid)
    met = 0
    for x, y, here in zip(grid[X], grid[Y], found, strict=True):
        there = value(expression, {X: sp.Rational(x), Y: sp.Rational(y)})
        assert is_number(there) == math.isfinite(here)
        if is_number(there):
            met += 1
            assert here == pytest.approx(float(arb(there)), rel=1e-9, abs=1e-9)
    assert met > 50


@pytest.mark.parametrize(
    "expression",
    [1 / X, sp.log(X), X**-2, sp.sign(X), sp.log(X - 1), sp.sqrt(X - 1), sp.sin(1 / X)],
)
def test_what_is_no_number_is_none(expression):
    (found,) = OnGrid(expression).run({X: [0.0, 2.0]})
    assert math.isnan(found[0])
    assert math.isfinite(found[1])


@pytest.mark.parametrize("expression", [sp.exp(X), sp.Integer(10) ** X, X**X])
def test_what_is_too_large_for_the_machine_is_none(expression):
    (found,) = OnGrid(expression).run({X: [1e6, 2.0]})
    assert math.isnan(found[0])
    assert math.isfinite(found[1])


def test_every_operation_with_numbers_is_one_at_points_but_a_slope_that_is_seldom():
    assert OPERATIONS.keys() - ON_NUMBERS.keys() == {SlopeOfSelect}


@pytest.mark.parametrize("number", [sp.I, sp.zoo, sp.nan, sp.oo])
def test_what_is_not_real_is_no_number(number):
    assert all(math.isnan(x) for x in OnGrid(X * number).run({X: [1.0, 2.0]})[0])
    assert OverBox(X * number).run({X: (1.0, 2.0)}) == [None]
