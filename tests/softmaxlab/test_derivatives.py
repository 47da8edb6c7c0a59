"""The Jacobian of softmax, the Hessian of the loss, and their products."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from softmaxlab import (
    complex_step_gradient,
    numerical_gradient,
    softmax,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_hessian,
    softmax_jacobian,
    softmax_vjp,
)

LOGITS = arrays(np.float64, st.integers(1, 6), elements=st.floats(-30, 30))


def analytic_softmax(z):
    return np.exp(z) / np.exp(z).sum()


class TestSoftmaxJacobian:
    def test_numbers_of_the_book(self):
        jacobian = softmax_jacobian([3.0, 1.0, -3.0])
        assert round(float(jacobian[0, 0]), 6) == 0.106451
        assert round(float(jacobian[0, 1]), 6) == -0.104537

    @given(LOGITS)
    def test_closed_form(self, z):
        a = softmax(z)
        expected = np.diag(a) - np.outer(a, a)
        np.testing.assert_allclose(softmax_jacobian(z), expected, atol=3e-16)

    @given(LOGITS)
    def test_it_is_symmetric_and_its_rows_add_up_to_zero(self, z):
        jacobian = softmax_jacobian(z)
        np.testing.assert_array_equal(jacobian, jacobian.T)
        np.testing.assert_allclose(jacobian.sum(axis=0), 0, atol=1e-16)

    @given(LOGITS)
    def test_complex_step(self, z):
        rows = [
            complex_step_gradient(lambda x, j=j: analytic_softmax(x)[j], z) for j in range(z.size)
        ]
        np.testing.assert_allclose(softmax_jacobian(z), rows, atol=1e-15)

    def test_the_diagonal_keeps_its_digits(self, exact):
        z = np.array([0.0, -40.0, -50.5])
        a = exact.softmax(z)
        diagonal = np.diagonal(softmax_jacobian(z))
        assert exact.ulps(diagonal, [p * (1 - p) for p in a]) <= 6

    def test_batches_and_axes(self):
        z = np.random.default_rng(1).standard_normal((2, 3, 4))
        jacobian = softmax_jacobian(z, axis=1)
        assert jacobian.shape == (2, 4, 3, 3)
        np.testing.assert_allclose(jacobian[1, 2], softmax_jacobian(z[1, :, 2]), rtol=1e-15)

    def test_extremes(self):
        np.testing.assert_array_equal(softmax_jacobian([5.0]), [[0.0]])
        np.testing.assert_array_equal(softmax_jacobian([0.0, -np.inf]), np.zeros((2, 2)))
        assert softmax_jacobian(np.zeros(2, np.float32)).dtype == np.float32
        assert softmax_jacobian(np.empty((0, 3))).shape == (0, 3, 3)


class TestSoftmaxCrossEntropyHessian:
    @given(LOGITS)
    def test_it_is_the_derivative_of_the_gradient(self, z):
        z = z / 10
        rows = [
            numerical_gradient(lambda x, i=i: softmax_cross_entropy_grad(x, 0)[i], z)
            for i in range(z.size)
        ]
        np.testing.assert_allclose(softmax_cross_entropy_hessian(z), rows, atol=1e-9)

    @given(LOGITS)
    def test_the_loss_is_convex(self, z):
        eigenvalues = np.linalg.eigvalsh(softmax_cross_entropy_hessian(z))
        assert eigenvalues.min() >= -1e-15
        assert eigenvalues.max() <= 0.5 + 1e-15

    def test_axis(self):
        z = np.random.default_rng(2).standard_normal((3, 2))
        expected = softmax_cross_entropy_hessian(z.T)
        np.testing.assert_array_equal(softmax_cross_entropy_hessian(z, axis=0), expected)


class TestSoftmaxVjp:
    @given(LOGITS, st.integers(0, 2**32 - 1))
    def test_it_is_the_product_with_the_jacobian(self, z, seed):
        v = np.random.default_rng(seed).standard_normal(z.shape)
        np.testing.assert_allclose(softmax_vjp(z, v), v @ softmax_jacobian(z), atol=2e-15)

    @given(LOGITS)
    def test_it_chains_the_loss_to_a_less_y(self, z):
        a = softmax(z)
        upstream = np.zeros_like(z)
        upstream[0] = -1 / max(a[0], 1e-30)
        expected = softmax_cross_entropy_grad(z, 0) * min(1, a[0] / 1e-30)
        np.testing.assert_allclose(softmax_vjp(z, upstream), expected, atol=2e-15)

    def test_a_nearly_sure_model_keeps_its_digits(self):
        both = np.exp(-40) * np.array([1, -1])
        np.testing.assert_allclose(softmax_vjp([40.0, 0.0], [1.0, 0.0]), both, rtol=1e-15)
        np.testing.assert_allclose(softmax_vjp([40.0, 0.0], [0.0, 1.0]), -both, rtol=1e-15)

    def test_batches_and_axes(self):
        rng = np.random.default_rng(3)
        z, v = rng.standard_normal((2, 2, 3, 4))
        got = softmax_vjp(z, v, axis=1)
        assert got.shape == z.shape
        np.testing.assert_allclose(got[1, :, 2], softmax_vjp(z[1, :, 2], v[1, :, 2]), rtol=1e-13)

    @pytest.mark.parametrize("v", [[-1.7e308, 4e307], [4e307, -1.7e308], [1.7e308, -1.7e308]])
    def test_differences_that_overflow(self, v):
        z, v = np.zeros((2, 3)), np.repeat(np.array(v)[:, np.newaxis], 3, axis=1)
        expected = (v[0] - v.mean(axis=0)) / 2
        np.testing.assert_allclose(softmax_vjp(z, v, axis=0), [expected, -expected], rtol=1e-15)

    def test_integers_and_single_precision(self):
        assert softmax_vjp([0, 0], [1, 0])[0] == pytest.approx(0.25)
        assert softmax_vjp(np.zeros(2, np.float32), [1, 0]).dtype == np.float32

    def test_a_vector_in_single_precision_costs_no_digits(self):
        z, v = np.array([1.0, 0.0, -1.0]), np.array([1, 1e-9, -1e-9], np.float32)
        np.testing.assert_array_equal(softmax_vjp(z, v), softmax_vjp(z, v.astype(float)))
