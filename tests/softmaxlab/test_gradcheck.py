"""The ways to measure a gradient, tested on functions whose gradient is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from softmaxlab import (
    check_gradient,
    complex_step_gradient,
    numerical_gradient,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)

POINTS = arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=st.floats(-3, 3))


def cubes(x):
    return (x**3).sum()


class TestNumericalGradient:
    @given(POINTS)
    def test_closed_form(self, x):
        np.testing.assert_allclose(numerical_gradient(cubes, x), 3 * x**2, atol=1e-8)

    def test_a_straight_line_is_measured_exactly(self):
        got = numerical_gradient(lambda x: 2 * x[0] - 8 * x[1], [1.0, 1.0], step=2.0**-10)
        np.testing.assert_array_equal(got, [2.0, -8.0])

    def test_the_error_is_the_square_of_the_step(self):
        for step in (0.5, 0.25, 0.125):
            got = numerical_gradient(cubes, [1.0], step=step)[0]
            assert got == 3 + step**2

    def test_the_step_is_the_cube_root_of_the_rounding_unit(self):
        seen = []
        numerical_gradient(lambda x: seen.append(x[0]) or 0.0, [0.5])
        np.testing.assert_allclose(np.subtract(seen, 0.5), [6.0554545e-6, -6.0554545e-6])

    def test_the_step_grows_with_the_point(self):
        assert numerical_gradient(cubes, [1e12])[0] == pytest.approx(3e24, rel=1e-9)

    def test_the_argument_is_left_alone_and_may_be_changed_by_f(self):
        x = np.array([1.0, 2.0])

        def destructive(y):
            y *= y
            return y.sum()

        np.testing.assert_allclose(numerical_gradient(destructive, x), [2, 4], rtol=1e-9)
        np.testing.assert_array_equal(x, [1, 2])

    def test_a_single_number(self):
        got = numerical_gradient(lambda x: x**2, 3.0)
        assert got.shape == ()
        assert got == pytest.approx(6)

    def test_integers(self):
        np.testing.assert_allclose(numerical_gradient(cubes, [1, 2]), [3, 12], rtol=1e-9)


class TestComplexStepGradient:
    @given(POINTS)
    def test_closed_form(self, x):
        np.testing.assert_allclose(
            complex_step_gradient(cubes, x), 3 * x**2, rtol=1e-15, atol=1e-59
        )

    def test_any_step_will_do(self):
        for step in (1e-8, 1e-30, 1e-200):
            got = complex_step_gradient(lambda x: np.exp(x).sum(), [0.0, 1.0], step=step)
            np.testing.assert_allclose(got, [1, np.e], rtol=1e-15)

    def test_the_loss_of_the_book(self):
        z = np.array([3.0, 1.0, -3.0])
        got = complex_step_gradient(lambda x: np.log(np.exp(x).sum()) - x[0], z)
        np.testing.assert_allclose(got, softmax_cross_entropy_grad(z, 0), atol=1e-16)

    def test_arrays_with_one_number_will_do(self):
        got = complex_step_gradient(lambda x: np.array([x[0] ** 2]), [3.0])
        np.testing.assert_array_equal(got, [6.0])


class TestCheckGradient:
    def test_a_right_gradient(self):
        report = check_gradient(cubes, lambda x: 3 * x**2, [[1.0, 2.0], [3.0, 4.0]])
        assert report.ok
        assert report.error < 1e-8
        assert str(report).startswith("agrees: worst relative error ")

    def test_a_wrong_entry_is_named(self):
        def wrong(x):
            gradient = 3 * x**2
            gradient[1, 0] = 26
            return gradient

        report = check_gradient(cubes, wrong, [[1.0, 2.0], [3.0, 4.0]])
        assert (report.ok, report.verdict, report.place) == (False, "disagrees", (1, 0))
        assert report.given == 26
        assert report.measured == pytest.approx(27)
        assert report.error == pytest.approx(1 / 27)
        assert report.bound == pytest.approx(27e-6, rel=1e-3)
        assert str(report) == repr(report)
        assert str(report) == (
            "DISAGREES: worst relative error 3.7e-02 at (1, 0),"
            " given 26, measured 27, bound 2.7e-05"
        )

    def test_the_tolerance_decides(self):
        def almost(x):
            return 3 * x**2 * (1 + 1e-4)

        assert not check_gradient(cubes, almost, [1.0], tolerance=0.9e-4).ok
        assert check_gradient(cubes, almost, [1.0], tolerance=1.1e-4).ok

    @pytest.mark.parametrize("given", [1.0, 4.0])
    def test_the_error_is_relative_to_the_larger_of_both(self, given):
        report = check_gradient(lambda x: 2 * x[0], lambda x: [given], [1.0], tolerance=0.5)
        assert report.error == pytest.approx(0.5)
        assert report.ok

    @pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
    def test_what_is_not_finite_is_no_agreement(self, number):
        report = check_gradient(cubes, lambda x: x * number, [1.0, 2.0])
        assert (report.verdict, report.error) == ("disagrees", np.inf)

    @pytest.mark.parametrize("constant", [5.0, 0.0])
    def test_a_gradient_of_zero(self, constant):
        report = check_gradient(lambda x: constant, lambda x: 0 * x, [1.0, 2.0])
        assert report.ok
        assert report.error == 0

    @pytest.mark.parametrize("size", [1e-3, 1, 1e6])
    def test_at_a_minimum_only_rounding_is_measured(self, size):
        target = np.array([0.6, 0.3, 0.1])
        z = np.log(target)

        def loss(z):
            return size * softmax_cross_entropy(z, target)

        def gradient(z):
            return size * softmax_cross_entropy_grad(z, target)

        report = check_gradient(loss, gradient, z)
        assert report.ok
        assert report.error < 1e-6
        assert not check_gradient(loss, lambda z: gradient(z) + 1e-6 * size, z).ok

    def test_small_gradients_are_still_told_apart(self):
        x = np.array([1.0, 2.0])
        report = check_gradient(lambda x: 1e-6 * cubes(x) + 1, lambda x: 6e-6 * x**2, x)
        assert not report.ok

    def test_nothing_to_compare(self):
        with pytest.raises(ValueError, match=r"x of shape \(0,\) has no entries to compare"):
            check_gradient(cubes, lambda x: x, [])

    def test_a_gradient_that_changes_its_argument(self):
        def destructive(x):
            x *= 2
            return x

        assert check_gradient(lambda x: (x**2).sum(), destructive, [1.0, 2.0]).ok

    def test_the_loss(self):
        y = [2, 0]
        report = check_gradient(
            lambda z: softmax_cross_entropy(z, y).sum(),
            lambda z: softmax_cross_entropy_grad(z, y),
            np.random.default_rng(1).standard_normal((2, 3)),
        )
        assert report.ok

    def test_a_small_wrong_entry_beside_a_large_one(self):
        def f(x):
            return 1e6 * x[0] + x[1] ** 2

        assert check_gradient(f, lambda x: [1e6, 2 * x[1]], [1.0, 1.0]).ok
        report = check_gradient(f, lambda x: [1e6, 2.002 * x[1]], [1.0, 1.0])
        assert (report.verdict, report.place) == ("disagrees", (1,))

    def test_noise_is_no_agreement(self):
        def f(x):
            return 1e15 + x[0] + x[1]

        report = check_gradient(f, lambda x: [1.0, 30.0], [1.0, 1.0])
        assert (report.verdict, report.place) == ("disagrees", (1,))
        assert report.error == pytest.approx(29 / 30, rel=0.05)
        for slope in (1.0, 1.1):
            report = check_gradient(f, lambda x, slope=slope: [slope, slope], [1.0, 1.0])
            assert (report.ok, report.verdict) == (False, "cannot tell")
            assert str(report).startswith("CANNOT TELL: worst relative error ")
            assert "The rounding of f hides this entry: leave out of f what" in str(report)

    def test_zero_where_nothing_moves_is_right_and_anything_else_is_wrong(self):
        assert check_gradient(lambda x: x[0], lambda x: [1.0, 0.0], [1.0, 1.0]).ok
        report = check_gradient(lambda x: x[0], lambda x: [1.0, 1e-9], [1.0, 1.0])
        assert (report.verdict, report.place) == ("disagrees", (1,))

    @pytest.mark.parametrize(
        ("height", "steepness", "verdict"),
        [(1e11, 1, "agrees"), (2e11, 0.8, "agrees"), (4e11, 1, "cannot tell")],
    )
    def test_a_minimum_in_the_noise(self, height, steepness, verdict):
        report = check_gradient(
            lambda x: height + steepness * (x**2).sum(), lambda x: 2 * steepness * x, [0.0]
        )
        assert report.verdict == verdict

    def test_nowhere_but_at_the_point(self):
        report = check_gradient(lambda x: 0.0 if x[0] == 1 else np.nan, np.ones_like, [1.0])
        assert report.verdict == "cannot tell"

    def test_what_is_no_function_is_named(self):
        with pytest.raises(TypeError, match=r"^f must be a function, got 3$"):
            check_gradient(3, np.ones_like, [1.0])

    def test_a_corner_is_no_slope(self):
        for slope in (0.0, 1.0):
            report = check_gradient(
                lambda x: np.maximum(x, 0).sum(), lambda x, slope=slope: [slope], [0.0]
            )
            assert report.verdict == "disagrees"

    def test_near_the_end_of_the_domain(self):
        for log in (lambda x: np.log(x[0]), lambda x: math.log(x[0])):
            assert check_gradient(log, lambda x: 1 / x, [1e-6]).ok
            assert check_gradient(log, lambda x: 2 / x, [1e-6]).verdict == "disagrees"
        nowhere = check_gradient(lambda x: np.log(x[0]), lambda x: 1 / x, [1e-6], step=1.0)
        assert (nowhere.verdict, nowhere.error) == ("cannot tell", np.inf)

    def test_the_step_that_is_given(self):
        seen = []
        check_gradient(lambda x: seen.append(x[0]) or x[0], np.ones_like, [0.0], step=0.25)
        assert (min(seen), max(seen)) == (-0.25, 0.25)
        assert check_gradient(cubes, lambda x: 3 * x**2, [1.0], step=1e-3).ok
        assert check_gradient(cubes, lambda x: 3 * x**2, [1.0], step=1e-14).verdict == "cannot tell"


def random_function(rng, size):
    """Return a smooth function of numbers of about one, and its gradient."""
    waves, hills, slope = (rng.normal(size=shape) for shape in ((4, size), (3, size), size))
    return (
        lambda x: np.sin(waves @ x).sum() + np.exp(hills @ x / 2).sum() + slope @ x + x @ x / 2,
        lambda x: waves.T @ np.cos(waves @ x) + hills.T @ np.exp(hills @ x / 2) / 2 + slope + x,
    )


class TestScales:
    """Right gradients pass and wrong ones do not, at every scale of function and argument."""

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    @pytest.mark.parametrize("unit", [1e-8, 1e-3, 1.0, 1e8])
    @pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
    def test_an_error_of_a_thousandth_in_one_entry(self, size, unit, dtype):
        rng = np.random.default_rng(7)
        verdicts = []
        for _ in range(6):
            height, slope = random_function(rng, 3)
            x, factor = unit * rng.normal(size=3), np.ones(3)
            factor[rng.integers(3)] += rng.choice([-1e-3, 1e-3])

            def f(x, height=height):
                return dtype(size * height(x / unit))

            def right(x, slope=slope):
                return size * slope(x / unit) / unit

            def wrong(x, right=right, factor=factor):
                return right(x) * factor

            verdicts.append(
                (check_gradient(f, right, x).verdict, check_gradient(f, wrong, x).verdict)
            )
        assert ("agrees", "disagrees") in verdicts
        seen = set(verdicts) - {("agrees", "disagrees")}
        rounding = {("cannot tell", "disagrees"), ("cannot tell", "cannot tell")}
        assert seen <= (rounding if dtype is np.float32 else set())

    def test_single_precision_inside(self):
        z = np.random.default_rng(3).normal(size=(3, 4))
        labels = [0, 2, 1]

        def loss(z):
            return softmax_cross_entropy(z.astype(np.float32), labels).sum(dtype=float)

        assert check_gradient(loss, lambda z: softmax_cross_entropy_grad(z, labels), z).ok


class TestBadInput:
    # fmt: off
    ROWS = (
        ("f is none", lambda: numerical_gradient(3.0, [1.0]), TypeError,
         "f must be a function, got 3.0"),
        ("an array of gradients", lambda: check_gradient(cubes, np.ones(1), [1.0]), TypeError,
         "gradient must be a function, got array([1.])"),
        ("no return", lambda: check_gradient(lambda x: None, np.ones_like, [1.0]), TypeError,
         "f must return one number, got None: is there a `return`?"),
        ("words", lambda: numerical_gradient(lambda x: "7", [1.0]), TypeError,
         "f must return one number, got '7'"),
        ("complex", lambda: numerical_gradient(lambda x: x[0] + 1j, [1.0]), TypeError,
         "f must return a real number, got (1.00000"),
        ("nan at the point", lambda: check_gradient(lambda x: np.nan, np.ones_like, [1.0]),
         ValueError, "f is nan at x: a gradient cannot be measured there"),
        ("inf beside the point", lambda: numerical_gradient(lambda x: np.inf, [1.0], step=0.5),
         ValueError,
         "f is inf with 1.5 for the entry 1.0 of x at (0,): pass another step"),
        ("a step too short", lambda: numerical_gradient(cubes, [1.0], step=1e-20), ValueError,
         "step 1e-20 does not move the entry 1.0 of x at (0,)"),
        ("nan of a complex step",
         lambda: complex_step_gradient(lambda x: complex(np.nan), [1.0]), ValueError,
         "f is (nan+0j) where the entry 1.0 of x at (0,) is nudged"),
        ("no function of a complex step", lambda: complex_step_gradient(3.0, [1.0]), TypeError,
         "f must be a function, got 3.0"),
        ("step of a check", lambda: check_gradient(cubes, np.ones_like, [1.0], step=-1), ValueError,
         "step must be positive and finite, got -1"),
    )
    # fmt: on

    @pytest.mark.parametrize(("call", "error", "message"), [row[1:] for row in ROWS])
    def test_it_is_named(self, call, error, message):
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value).startswith(message)
