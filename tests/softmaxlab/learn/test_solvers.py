"""The three solvers on parabolas, whose minimum is known, and at the edges."""

import numpy as np
import pytest
from softmaxlab.gradcheck import check_gradient
from softmaxlab.learn.solvers import (
    SOLVERS,
    _Bowl,
    _line_search,
    _newton_direction,
    gradient_descent,
    lbfgs,
    newton_cg,
)
from threadpoolctl import threadpool_info, threadpool_limits


class Function:
    """A function with the two halves of ``loss_and_gradient`` written apart."""

    def loss_and_gradient(self, params):
        return self.loss(params), self.gradient(params)


class Parabola(Function):
    """``(x - bottom)' A (x - bottom) / 2`` with a matrix A that has the eigenvalues asked for."""

    def __init__(self, eigenvalues, seed=0):
        rng = np.random.default_rng(seed)
        n = len(eigenvalues)
        basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
        self.matrix = basis * eigenvalues @ basis.T
        self.bottom = rng.normal(size=n)
        self.largest = max(eigenvalues)

    def loss(self, params):
        return float((params - self.bottom) @ self.matrix @ (params - self.bottom) / 2)

    def gradient(self, params):
        return self.matrix @ (params - self.bottom)

    def hessian(self, params):
        return lambda direction: self.matrix @ direction

    def curvature_bound(self):
        return self.largest


class Path:
    """Record a descent."""

    def __init__(self):
        self.params, self.losses = [], []

    def __call__(self, params, loss):
        self.params.append(params.copy())
        self.losses.append(loss)


def descend(solver, objective, start, tol=1e-10, max_iter=2000):
    path = Path()
    arrived = solver(objective, start, tol=tol, max_iter=max_iter, record=path)
    return arrived, path


class TestEverySolver:
    @pytest.mark.parametrize("name", SOLVERS)
    def test_finds_the_bottom(self, name):
        hill = Parabola([0.1, 1.0, 3.0, 7.0])
        arrived, path = descend(SOLVERS[name], hill, np.zeros(4))
        assert arrived
        np.testing.assert_allclose(path.params[-1], hill.bottom, rtol=1e-8)

    @pytest.mark.parametrize("name", SOLVERS)
    def test_records_the_start_and_every_step_downhill(self, name):
        hill, start = Parabola([0.5, 1.0, 2.0]), np.array([3.0, -2.0, 1.0])
        _, path = descend(SOLVERS[name], hill, start)
        np.testing.assert_array_equal(path.params[0], start)
        assert path.losses == [hill.loss(params) for params in path.params]
        assert all(np.diff(path.losses) < 0)

    @pytest.mark.parametrize("name", SOLVERS)
    def test_at_the_bottom_it_stays(self, name):
        hill = Parabola([1.0, 2.0])
        arrived, path = descend(SOLVERS[name], hill, hill.bottom)
        assert arrived
        assert len(path.losses) == 1

    @pytest.mark.parametrize("name", SOLVERS)
    def test_says_that_it_did_not_arrive(self, name):
        hill = Parabola([0.001, 1.0, 2.0])
        arrived, path = descend(SOLVERS[name], hill, np.zeros(3), max_iter=1)
        assert not arrived
        assert len(path.losses) == 2

    @pytest.mark.parametrize("name", SOLVERS)
    def test_keeps_the_shape_and_the_start(self, name):
        class Matrix(Parabola):
            def loss(self, params):
                return super().loss(params.ravel())

            def gradient(self, params):
                return super().gradient(params.ravel()).reshape(2, 2)

            def hessian(self, params):
                return lambda direction: (self.matrix @ direction.ravel()).reshape(2, 2)

        start = np.zeros((2, 2))
        _, path = descend(SOLVERS[name], Matrix([1.0, 2.0, 3.0, 4.0]), start)
        assert {params.shape for params in path.params} == {(2, 2)}
        np.testing.assert_array_equal(start, 0)

    @pytest.mark.parametrize("name", SOLVERS)
    def test_a_gradient_as_large_as_the_tolerance_is_small_enough(self, name):
        hill = Parabola([1.0])
        hill.matrix, hill.bottom = np.eye(1), np.zeros(1)
        arrived, path = descend(SOLVERS[name], hill, np.array([0.5]), tol=0.5)
        assert arrived
        assert len(path.losses) == 1


class TestGradientDescent:
    def test_each_step_lowers_the_loss_by_what_theory_promises(self):
        hill = Parabola([0.2, 1.0, 5.0])
        _, path = descend(gradient_descent, hill, np.array([4.0, 4.0, 4.0]), max_iter=50)
        squares = [np.vdot(g, g) for g in map(hill.gradient, path.params[:-1])]
        assert all(-np.diff(path.losses) >= np.array(squares) / (2 * hill.largest) * (1 - 1e-9))


class TestNewtonCG:
    def test_a_flat_direction_is_left_alone(self):
        hill = Parabola([0.0, 1.0, 2.0])
        arrived, path = descend(newton_cg, hill, np.zeros(3))
        assert arrived
        assert path.losses[-1] == pytest.approx(0, abs=1e-18)

    def test_a_slope_without_curvature_is_walked_down(self):
        class Kink(Function):  # straight far away, where the Hessian is 0, and round at the bottom
            def loss(self, params):
                return float(
                    np.sqrt(params @ params) if abs(params[0]) > 1 else 0.5 + params @ params / 2
                )

            def gradient(self, params):
                return np.sign(params) if abs(params[0]) > 1 else params

            def hessian(self, params):
                return lambda direction: direction * (abs(params[0]) <= 1)

        arrived, path = descend(newton_cg, Kink(), np.array([3.5]))
        assert arrived
        assert path.params[-1] == pytest.approx(0)

    def test_an_overlong_newton_step_is_halved(self):
        class Root(
            Function
        ):  # sqrt(1 + x^2): beyond |x| = 1 the plain Newton step, -x - x^3, diverges
            def loss(self, params):
                return float(np.sqrt(1 + params[0] ** 2))

            def gradient(self, params):
                return params / np.sqrt(1 + params**2)

            def hessian(self, params):
                return lambda direction: direction * (1 + params**2) ** -1.5

        arrived, path = descend(newton_cg, Root(), np.array([5.0]))
        assert arrived
        assert all(np.diff(path.losses) <= 0)
        assert len(path.losses) < 15

    def test_the_error_falls_faster_than_linearly(self):
        class Quartic(Function):
            def loss(self, params):
                return float(np.cosh(params).sum())

            def gradient(self, params):
                return np.sinh(params)

            def hessian(self, params):
                return lambda direction: np.cosh(params) * direction

        _, path = descend(newton_cg, Quartic(), np.array([2.0, 1.0, 0.3]), tol=1e-14)
        errors = [np.abs(params).max() for params in path.params]
        assert errors[-1] / errors[-2] < 1e-3 * errors[1] / errors[0]

    def test_a_tolerance_below_rounding_ends_with_false(self):
        class Noisy(Parabola):
            def gradient(self, params):
                return super().gradient(params) + 1e-9

        arrived, path = descend(
            newton_cg, Noisy([1.0, 2.0]), np.zeros(2), tol=1e-30, max_iter=10**6
        )
        assert arrived is False
        assert len(path.losses) < 50

    @pytest.mark.parametrize(("square", "products"), [(1 / 17, 1), (1 / 16, 1), (1 / 15, 2)])
    def test_conjugate_gradients_stop_at_a_quarter_of_the_gradient(self, square, products):
        """With two curvatures, one product leaves the square of their relative difference."""
        ratio = (1 + square**0.5) / (1 - square**0.5)
        curvatures, seen = np.array([3.0, 3.0 * ratio]), []
        direction = _newton_direction(
            lambda search: seen.append(search) or curvatures * search, np.ones(2)
        )
        assert len(seen) == products
        residual = curvatures * direction + 1
        assert residual @ residual <= 2 / 16

    @pytest.mark.parametrize("exponent", [-500, 500, 1000])
    def test_numbers_whose_squares_are_beyond_float64_cost_no_digits(self, exponent):
        curvatures, gradient = np.array([1.0, 3.0, 4.0]), np.array([0.3, -0.2, 0.1])
        plain = _newton_direction(lambda search: curvatures * search, gradient)
        large = _newton_direction(lambda search: curvatures * search, 2.0**exponent * gradient)
        if exponent > 0:  # the larger the gradient, the less exact the solution has to be
            plain = _newton_direction(lambda search: curvatures * search, 2.0**9 * gradient) / 2**9
        else:
            plain = -gradient / curvatures
        np.testing.assert_allclose(large, 2.0**exponent * plain, rtol=1e-14)

    def test_it_never_ends_higher_than_it_began(self):
        class Wall(Function):  # its slope says "left", and left is a wall
            def loss(self, params):
                return 1.0 if params[0] == 0 else 1e300

            def gradient(self, params):
                return np.ones(1) if params[0] == 0 else np.full(1, 1e-3)

            def hessian(self, params):
                return lambda direction: direction

        arrived, path = descend(newton_cg, Wall(), np.zeros(1))
        assert not arrived
        assert path.losses == [1.0]

    def test_a_curvature_of_the_size_of_rounding_counts_as_flat(self):
        eps = np.finfo(float).eps
        assert _newton_direction(lambda search: eps * search, np.ones(1)) == -1
        assert _newton_direction(lambda search: 2 * eps * search, np.ones(1)) == -0.5 / eps


class Rise:
    """A loss that is looked up by the length of the step from 0; it notes which were asked for."""

    def __init__(self, losses):
        self.losses, self.lengths = losses, []

    def loss_and_gradient(self, params):
        self.lengths.append(float(params[0]))
        return self.losses(params[0]), np.ones(1)


class TestLineSearch:
    def search(self, losses, loss=0.0, slope=-1.0):
        rise = Rise(losses)
        self.end = _line_search(rise, np.zeros(1), loss, np.array([slope]), np.ones(1))
        return rise.lengths

    def test_it_halves_until_the_loss_falls(self):
        assert self.search(lambda length: 1 - 2 * (length < 0.2)) == [1, 0.5, 0.25, 0.125]
        assert self.end == (0.125, -1, 1)

    def test_it_asks_for_a_ten_thousandth_of_what_the_slope_promises(self):
        assert self.search(lambda length: -1.1e-4 * length) == [1]
        assert self.search(lambda length: -0.9e-4 if length == 1 else -0.6e-4) == [1, 0.5]

    def test_it_takes_a_rise_of_four_roundings_of_the_loss(self):
        last_digit = np.spacing(1024.0)
        for digits, lengths in ((4, [1]), (5, [1, 0.5])):
            losses = {1: 1024 + digits * last_digit, 0.5: 1024}
            assert self.search(losses.get, loss=1024.0, slope=-1e-30) == lengths

    def test_it_ends_below_the_rounding_unit_where_it_began(self):
        assert self.search(lambda length: 1.0)[-1] == 2.0**-53
        assert self.end == (0, 0, -1)


class TestTheBowlOfTheExamples:
    def test_its_derivatives(self):
        bowl, x = _Bowl(), np.array([3.0, -2.0])
        assert check_gradient(
            lambda x: bowl.loss_and_gradient(x)[0], lambda x: bowl.loss_and_gradient(x)[1], x
        ).ok
        np.testing.assert_array_equal(bowl.hessian(x)(x), bowl.loss_and_gradient(x)[1])
        assert bowl.loss_and_gradient(x)[0] == (3**2 + 10 * 2**2) / 2


class TestLBFGS:
    def test_it_uses_one_thread_of_blas_and_leaves_the_others_alone(self):
        seen = []

        class Looking(Parabola):
            def loss_and_gradient(self, params):
                seen.append({(one["user_api"], one["num_threads"]) for one in threadpool_info()})
                return super().loss_and_gradient(params)

        with threadpool_limits(2):
            if {one["num_threads"] for one in threadpool_info()} != {2}:
                pytest.skip("this machine has no second thread to spare")
            descend(lbfgs, Looking([1.0, 2.0]), np.ones(2))
        assert seen[-1] <= {("blas", 1), ("openmp", 2)}

    def test_agrees_with_the_linear_system(self):
        hill = Parabola(np.geomspace(0.01, 10, 20))
        _, path = descend(lbfgs, hill, np.ones(20))
        np.testing.assert_allclose(path.params[-1], hill.bottom, atol=1e-7)
