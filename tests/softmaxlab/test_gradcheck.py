"""The ways to measure a gradient, tested on functions whose gradient is known."""

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
        assert not report.ok
        assert report.place == (1, 0)
        assert report.given == 26
        assert report.measured == pytest.approx(27)
        assert report.error == pytest.approx(1 / 48)
        expected = "DISAGREES: worst relative error 2.1e-02 at (1, 0), given 26, measured 27"
        assert str(report) == repr(report)
        assert str(report)[: len(expected) - 2] == expected[:-2]

    def test_the_tolerance_decides(self):
        def almost(x):
            return 3 * x**2 * (1 + 1e-4)

        assert not check_gradient(cubes, almost, [1.0], tolerance=0.9e-4).ok
        assert check_gradient(cubes, almost, [1.0], tolerance=1.1e-4).ok

    @pytest.mark.parametrize("given", [1.0, 4.0])
    def test_the_error_is_relative_to_the_larger_of_both(self, given):
        report = check_gradient(lambda x: 2 * x[0], lambda x: [given], [1.0], tolerance=0.5)
        assert report.error == 0.5
        assert report.ok

    def test_nan_is_no_agreement(self):
        assert not check_gradient(cubes, lambda x: x * np.nan, [1.0, 2.0]).ok

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

        assert check_gradient(loss, gradient, z).ok
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
