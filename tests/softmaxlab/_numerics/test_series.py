"""Differences that cancel near zero, and what rounding takes from a square."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from softmaxlab._numerics.series import exp_beyond_tangent, log_below_tangent, square_error

RNG = np.random.default_rng(0)
OF_EVERY_SIZE = RNG.choice([-1, 1], 300) * 10 ** RNG.uniform(-100, 0.2, 300)


def units(got, true):
    """Return how far a number is from the truth, in units in its last place."""
    return float(abs(mpmath.mpf(float(got)) - true) / mpmath.mpf(float(np.spacing(abs(got)))))


@pytest.mark.parametrize("x", OF_EVERY_SIZE[:40])
def test_a_square_and_what_it_lost_are_exact(x):
    lost = square_error(np.array([x]))[0]
    assert Fraction(x * x) + Fraction(lost) == Fraction(x) ** 2


def test_exp_beyond_its_tangent_is_rounded_hardly_more_than_once():
    lost = OF_EVERY_SIZE * RNG.uniform(-1, 1, 300) * 2.0**-54
    result = exp_beyond_tangent(OF_EVERY_SIZE, lost)
    with mpmath.workdps(260):
        whole = [
            mpmath.mpf(float(x)) + mpmath.mpf(float(y))
            for x, y in zip(OF_EVERY_SIZE, lost, strict=True)
        ]
        off = [units(r, mpmath.expm1(x) - x) for r, x in zip(result, whole, strict=True)]
    assert max(off) < 0.75
    small = np.abs(OF_EVERY_SIZE) < 0.01
    assert max(np.array(off)[small]) < 0.51


@pytest.mark.parametrize("x", [-745.0, -30.0, -1.5, 2.5, 30.0, 700.0])
def test_exp_far_from_its_tangent(x):
    lost = x * 2.0**-54
    result = exp_beyond_tangent(np.array([x]), np.array([lost]))[0]
    with mpmath.workdps(60):
        whole = mpmath.mpf(x) + mpmath.mpf(lost)
        assert units(result, mpmath.expm1(whole) - whole) < 1.5


def test_log_below_its_tangent():
    t = OF_EVERY_SIZE[(OF_EVERY_SIZE > -0.5) & (OF_EVERY_SIZE < 1)]
    with mpmath.workdps(260):
        truth = [mpmath.mpf(float(x)) - mpmath.log1p(mpmath.mpf(float(x))) for x in t]
        off = [units(r, true) for r, true in zip(log_below_tangent(t), truth, strict=True)]
    assert max(off) < 2.5
