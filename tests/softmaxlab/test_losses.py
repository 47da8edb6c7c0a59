"""Softmax cross-entropy, sigmoid cross-entropy and hinge, with their gradients."""

import re

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import hinge_loss, log_loss
from softmaxlab import (
    complex_step_gradient,
    cross_entropy,
    log_softmax,
    logsumexp,
    multiclass_hinge,
    multiclass_hinge_grad,
    numerical_gradient,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_grad,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_with_grad,
)

INF = float("inf")
CAT_DOG_PIG = [0, 1, 2]
FIRST_MODEL = np.array([[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.8, 0.1, 0.1]])
SECOND_MODEL = np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.3, 0.4, 0.3]])


@st.composite
def batches(draw, low=-50.0, high=50.0):
    """Draw logits of some samples, and a class index for each."""
    rows, classes = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    z = draw(arrays(np.float64, (rows, classes), elements=st.floats(low, high)))
    return z, draw(arrays(np.int64, rows, elements=st.integers(0, classes - 1)))


def one_hot(labels, n_classes):
    return np.eye(n_classes)[labels]


def difficult(rng, rows=60, n_classes=6):
    """Return logits of all sizes, and labels of which half are the likeliest class."""
    z = rng.standard_normal((rows, n_classes)) * 10 ** rng.uniform(-2, 2, (rows, 1))
    z[::3, 0] += rng.uniform(1, 680, len(z[::3]))
    z[::2] += rng.uniform(-1e3, 1e3, (len(z[::2]), 1))
    y = rng.integers(0, n_classes, rows)
    y[: rows // 2] = z[: rows // 2].argmax(axis=1)
    return z, y


class TestSoftmaxCrossEntropy:
    def test_numbers_of_the_book(self, assert_same):
        z = np.tile([1.0, 2.0, 3.0], (3, 1))
        losses = softmax_cross_entropy(z, [2, 2, 2])
        assert round(float(losses.sum()), 7) == 1.2228179
        assert round(float(losses.mean()), 7) == 0.4076060
        assert round(float(losses.sum() / z.size), 7) == 0.1358687
        assert_same(softmax_cross_entropy(np.zeros(10), 3), np.log(10))
        assert_same(softmax_cross_entropy([50.0] * 3, 1), np.log(3))

    @pytest.mark.parametrize(
        ("p", "expected"),
        [(FIRST_MODEL, 1.3783888522474517), (SECOND_MODEL, 0.6391075640678003)],
    )
    def test_cat_dog_pig(self, p, expected):
        mean = softmax_cross_entropy(np.log(p), CAT_DOG_PIG).mean()
        assert mean == pytest.approx(expected, rel=2e-16)
        assert log_loss(CAT_DOG_PIG, p) == pytest.approx(expected, rel=2e-16)

    @pytest.mark.parametrize(
        ("z", "label", "expected"),
        [
            ([0.0, -40.0], 0, 4.248354255291589e-18),
            ([100.0, 60.0, 50.0], 0, 4.248547142e-18),
            (np.float32([10, -7, -8]), 0, 5.66302e-08),
            (np.float32([20] + [0] * 50256), 0, 1.03579972e-4),
        ],
    )
    def test_every_digit(self, exact, z, label, expected):
        loss = softmax_cross_entropy(z, label)
        assert loss == pytest.approx(expected, rel=1e-5)
        assert exact.ulps(loss, exact.loss(z, label)) <= 1

    @given(batches())
    def test_it_is_the_logarithm_of_the_right_probability(self, batch):
        z, y = batch
        expected = -log_softmax(z)[np.arange(len(y)), y]
        np.testing.assert_allclose(softmax_cross_entropy(z, y), expected, rtol=1e-15)

    @given(batches())
    def test_it_is_logsumexp_less_the_right_score(self, batch):
        z, y = batch
        expected = logsumexp(z) - z[np.arange(len(y)), y]
        np.testing.assert_allclose(softmax_cross_entropy(z, y), expected, rtol=1e-13, atol=1e-13)

    @given(batches())
    def test_an_index_is_a_one_hot_distribution(self, assert_same, batch):
        z, y = batch
        hot = one_hot(y, z.shape[1])
        assert_same(softmax_cross_entropy(z, y), softmax_cross_entropy(z, hot))
        by_index, by_row = softmax_cross_entropy_grad(z, y), softmax_cross_entropy_grad(z, hot)
        assert_same(by_index, by_row)

    @given(batches(), st.integers(0, 2**32 - 1))
    def test_a_distribution_is_a_mean_over_indices(self, batch, seed):
        z, _ = batch
        n_samples, n_classes = z.shape
        y = np.random.default_rng(seed).dirichlet(np.ones(n_classes), n_samples)
        columns = [softmax_cross_entropy(z, np.full(n_samples, k)) for k in range(n_classes)]
        expected = (y * np.transpose(columns)).sum(axis=1)
        np.testing.assert_allclose(softmax_cross_entropy(z, y), expected, rtol=1e-14)
        by_probability = cross_entropy(y, softmax(z))
        np.testing.assert_allclose(by_probability, expected, rtol=1e-13)

    def test_fifty_digits(self, exact):
        z, y = difficult(np.random.default_rng(1))
        true = [exact.loss(row, k) for row, k in zip(z, y, strict=True)]
        assert exact.ulps(softmax_cross_entropy(z, y), true) <= 3

    def test_fifty_digits_of_distributions(self, exact):
        rng = np.random.default_rng(2)
        z, _ = difficult(rng)
        y = rng.dirichlet(np.full(z.shape[1], 0.2), len(z))
        y[:5] *= 1 + 5e-9  # within the tolerance, and not to be renormalised
        true = [exact.loss(row, t) for row, t in zip(z, y, strict=True)]
        assert exact.ulps(softmax_cross_entropy(z, y), true) <= 3

    def test_single_precision_is_rounded_once(self, exact):
        z, y = difficult(np.random.default_rng(3))
        z = z.astype(np.float32)
        losses = softmax_cross_entropy(z, y)
        assert losses.dtype == np.float32
        true = [exact.loss(row, k) for row, k in zip(z, y, strict=True)]
        assert exact.ulps(losses, true) <= 0.51

    def test_scikit_learn(self):
        rng = np.random.default_rng(4)
        z, y = rng.standard_normal((50, 4)), rng.integers(0, 4, 50)
        expected = log_loss(y, scipy.special.softmax(z, axis=1), labels=range(4))
        assert softmax_cross_entropy(z, y).mean() == pytest.approx(expected, rel=1e-14)

    def test_axis(self, assert_same):
        rng = np.random.default_rng(5)
        z, y = rng.standard_normal((3, 4, 5)), rng.integers(0, 4, (3, 5))
        expected = softmax_cross_entropy(np.moveaxis(z, 1, -1), y)
        np.testing.assert_array_equal(softmax_cross_entropy(z, y, axis=1), expected)
        hot = np.moveaxis(one_hot(y, 4), -1, 1)
        assert_same(softmax_cross_entropy(z, hot, axis=1), expected)
        gradient = softmax_cross_entropy_grad(z, y, axis=1)
        assert_same(gradient, softmax_cross_entropy_grad(z, hot, axis=1))
        assert gradient.shape == z.shape

    def test_no_dtype_makes_labels_into_classes(self):
        z = np.array([0.0, 1.0])
        assert softmax_cross_entropy(z, np.array([0, 1])) == softmax_cross_entropy(z, 1)
        assert softmax_cross_entropy(z, np.array(1, np.uint8)) == softmax_cross_entropy(z, 1)


class TestSoftmaxCrossEntropyGrad:
    def test_numbers_of_the_book(self):
        gradient = softmax_cross_entropy_grad([3.0, 1.0, -3.0], 0)
        np.testing.assert_array_equal(gradient.round(6), [-0.121122, 0.118943, 0.002179])

    @given(batches())
    def test_it_is_a_less_y(self, batch):
        z, y = batch
        expected = softmax(z) - one_hot(y, z.shape[1])
        np.testing.assert_allclose(softmax_cross_entropy_grad(z, y), expected, atol=3e-16)

    @given(batches())
    def test_rows_add_up_to_zero(self, batch):
        gradient = softmax_cross_entropy_grad(*batch)
        np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-15)

    @given(batches(-5.0, 5.0))
    def test_central_differences(self, batch):
        z, y = batch
        measured = numerical_gradient(lambda x: softmax_cross_entropy(x, y).sum(), z)
        np.testing.assert_allclose(softmax_cross_entropy_grad(z, y), measured, atol=1e-8)

    @given(batches(-5.0, 5.0), st.integers(0, 2**32 - 1))
    def test_complex_step(self, batch, seed):
        z, _ = batch
        y = np.random.default_rng(seed).dirichlet(np.ones(z.shape[1]), len(z))

        def loss(x):
            return (np.log(np.exp(x).sum(axis=1)) - (y * x).sum(axis=1)).sum()

        measured = complex_step_gradient(loss, z)
        np.testing.assert_allclose(softmax_cross_entropy_grad(z, y), measured, atol=1e-14)

    def test_fifty_digits_of_the_right_class(self, exact):
        z, y = difficult(np.random.default_rng(6))
        entries = softmax_cross_entropy_grad(z, y)[np.arange(len(y)), y]
        true = [exact.mp.expm1(-exact.loss(row, k)) for row, k in zip(z, y, strict=True)]
        assert exact.ulps(entries, true) <= 3

    def test_fifty_digits_of_the_others(self, exact):
        z, y = difficult(np.random.default_rng(7))
        others = ~one_hot(y, z.shape[1]).astype(bool)
        true = np.array([exact.softmax(row) for row in z])[others]
        assert exact.ulps(softmax_cross_entropy_grad(z, y)[others], true) <= 3

    def test_labels_that_sum_to_one_but_nearly_are_taken_as_they_are(self, exact):
        z, y = [2.0, -1.0, 0.5], np.array([0.0, 1 + 8e-9, 0.0])
        true = [(1 + exact.mp.mpf(y[1] - 1)) * p for p in exact.softmax(z)]
        true[1] -= exact.mp.mpf(y[1])
        assert exact.ulps(softmax_cross_entropy_grad(z, y), true) <= 4

    @given(batches())
    def test_both_in_one_pass(self, batch):
        loss, gradient = softmax_cross_entropy_with_grad(*batch)
        np.testing.assert_array_equal(loss, softmax_cross_entropy(*batch))
        np.testing.assert_array_equal(gradient, softmax_cross_entropy_grad(*batch))

    def test_masked_classes_have_none(self):
        z = [[0.0, -INF, 1.0], [2.0, -INF, -INF]]
        gradient = softmax_cross_entropy_grad(z, [2, 0])
        np.testing.assert_array_equal(gradient[:, 1], 0)
        np.testing.assert_array_equal(gradient[1], [0, 0, 0])
        hot = [[0.25, 0.0, 0.75], [1.0, 0.0, 0.0]]
        loss, gradient = softmax_cross_entropy_with_grad(z, hot)
        assert np.isfinite(loss).all()
        np.testing.assert_array_equal(gradient[:, 1], 0)

    def test_where(self):
        z, keep = np.array([[0.0, 9.0, 1.0]]), [True, False, True]
        expected = softmax_cross_entropy_with_grad([[0.0, -INF, 1.0]], [2])
        for got, wanted in zip(
            softmax_cross_entropy_with_grad(z, [2], where=keep), expected, strict=True
        ):
            np.testing.assert_array_equal(got, wanted)
        assert softmax_cross_entropy(z, [2], where=keep) == expected[0]
        np.testing.assert_array_equal(softmax_cross_entropy_grad(z, [2], where=keep), expected[1])

    def test_a_sure_row_beside_an_unsure_one(self):
        z = np.array([[3.0, 1.0, -3.0], [0.5, 0.0, 0.0], [0.0, 2.0, 1.0]])
        y = np.array([[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
        together = softmax_cross_entropy_grad(z, y)
        alone = [softmax_cross_entropy_grad(*row) for row in zip(z, y, strict=True)]
        np.testing.assert_array_equal(together, alone)
        np.testing.assert_allclose(together, softmax(z) - y, atol=1e-15)


class TestWeights:
    @given(batches(), st.data())
    def test_they_multiply(self, batch, data):
        z, y = batch
        w = data.draw(arrays(np.float64, len(y), elements=st.floats(0, 5)))
        loss, gradient = softmax_cross_entropy_with_grad(z, y, weights=w)
        np.testing.assert_array_equal(loss, w * softmax_cross_entropy(z, y))
        np.testing.assert_array_equal(gradient, w[:, None] * softmax_cross_entropy_grad(z, y))
        np.testing.assert_array_equal(softmax_cross_entropy(z, y, weights=w), loss)
        np.testing.assert_array_equal(softmax_cross_entropy_grad(z, y, weights=w), gradient)

    def test_along_another_axis(self):
        z, w = np.arange(6.0).reshape(2, 3), [1.0, 2.0, 3.0]
        gradient = softmax_cross_entropy_grad(z, [0, 1, 0], axis=0, weights=w)
        expected = w * softmax_cross_entropy_grad(z, [0, 1, 0], axis=0)
        np.testing.assert_array_equal(gradient, expected)

    def test_the_dtype_stays(self):
        z = np.zeros((2, 3), np.float32)
        loss, gradient = softmax_cross_entropy_with_grad(z, [0, 1], weights=[1.0, 0.5])
        assert loss.dtype == gradient.dtype == np.float32

    def test_zero_silences_an_infinite_loss(self):
        z = [[0.0, -INF], [0.0, 0.0]]
        loss, gradient = softmax_cross_entropy_with_grad(z, [1, 1], weights=[0.0, 2.0])
        np.testing.assert_array_equal(loss, [0.0, 2 * np.log(2)])
        np.testing.assert_array_equal(gradient, [[0, 0], [1, -1]])


class TestSigmoidCrossEntropy:
    def test_closed_form(self):
        assert sigmoid_cross_entropy(0.0, 1.0) == np.log(2)
        assert sigmoid_cross_entropy(0.0, 0.3) == pytest.approx(np.log(2), rel=1e-15)

    @given(st.floats(-700, 700), st.booleans())
    def test_it_is_softmax_cross_entropy_of_two(self, s, y):
        expected = softmax_cross_entropy([0.0, s], int(y))
        np.testing.assert_allclose(sigmoid_cross_entropy(s, y), expected, rtol=4e-16)

    @given(st.floats(-30, 30), st.floats(0, 1))
    def test_it_is_a_cross_entropy(self, s, y):
        expected = cross_entropy([1 - y, y], [sigmoid(-s), sigmoid(s)])
        np.testing.assert_allclose(sigmoid_cross_entropy(s, y), expected, rtol=1e-14, atol=1e-15)

    def test_fifty_digits(self, exact):
        rng = np.random.default_rng(8)
        s, y = rng.uniform(-700, 700, 300), rng.choice([0.0, 0.25, 1e-17, 1.0], 300)
        weights = [exact.mp.mpf(float(w)) for w in y]
        true = [
            w * exact.softplus(-x) + (1 - w) * exact.softplus(x)
            for x, w in zip(s, weights, strict=True)
        ]
        assert exact.ulps(sigmoid_cross_entropy(s, y), true) <= 3

    def test_single_precision_is_rounded_once(self, exact):
        s = np.random.default_rng(9).uniform(-90, 90, 200).astype(np.float32)
        losses = sigmoid_cross_entropy(s, np.ones(200))
        assert losses.dtype == np.float32
        assert exact.ulps(losses, [exact.softplus(-x) for x in s]) <= 0.51

    def test_scikit_learn(self):
        rng = np.random.default_rng(10)
        s, y = rng.standard_normal(40), rng.integers(0, 2, 40)
        expected = log_loss(y, scipy.special.expit(s))
        assert sigmoid_cross_entropy(s, y).mean() == pytest.approx(expected, rel=1e-14)

    def test_extremes(self):
        np.testing.assert_array_equal(sigmoid_cross_entropy([1000.0, -1000.0], 1), [0.0, 1000.0])
        assert sigmoid_cross_entropy(-40.0, 0) == np.exp(-40.0)
        assert sigmoid_cross_entropy(1e308, 0.5) == 5e307
        assert sigmoid_cross_entropy(INF, 0.5) == INF

    def test_one_side_may_be_a_single_number(self):
        s = np.arange(6.0).reshape(2, 3)
        expected = sigmoid_cross_entropy(s, np.ones((2, 3)))
        np.testing.assert_array_equal(sigmoid_cross_entropy(s, 1), expected)
        expected = sigmoid_cross_entropy([0.5, 0.5], [0, 1])
        np.testing.assert_array_equal(sigmoid_cross_entropy(0.5, [0, 1]), expected)

    @pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((2, 3), (3,)), ((3,), (1,)), ((0,), (1,))])
    def test_nothing_else_broadcasts(self, shapes):
        for logits, labels in (shapes, shapes[::-1]):
            message = (
                f"labels have shape {labels}, the logits have shape {logits}: they must be the"
                " same, or one side a single number"
            )
            for function in (sigmoid_cross_entropy, sigmoid_cross_entropy_grad):
                with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
                    function(np.zeros(logits), np.zeros(labels))


class TestSigmoidCrossEntropyGrad:
    @given(st.floats(-700, 700), st.floats(0, 1))
    def test_it_is_sigmoid_less_y(self, s, y):
        got = sigmoid_cross_entropy_grad(s, y)
        np.testing.assert_allclose(got, sigmoid(s) - y, atol=2e-16)

    @given(st.floats(-20, 20), st.floats(0, 1))
    def test_complex_step(self, s, y):
        def loss(x):
            return np.log(1 + np.exp(x[0])) - y * x[0]

        measured = complex_step_gradient(loss, [s])[0]
        np.testing.assert_allclose(sigmoid_cross_entropy_grad(s, y), measured, atol=1e-14)

    def test_fifty_digits(self, exact):
        s = np.random.default_rng(11).uniform(-700, 700, 300)
        exp, mpf = exact.mp.exp, exact.mp.mpf
        true = [-exp(-exact.softplus(x)) for x in s]  # sigmoid(s) - 1 = -sigmoid(-s)
        assert exact.ulps(sigmoid_cross_entropy_grad(s, 1.0), true) <= 2
        true = [1 / (1 + exp(-mpf(float(x)))) for x in s]
        assert exact.ulps(sigmoid_cross_entropy_grad(s, 0.0), true) <= 2

    def test_extremes(self):
        got = sigmoid_cross_entropy_grad([-INF, INF, -1000.0], [1, 0, 1])
        np.testing.assert_array_equal(got, [-1.0, 1.0, -1.0])
        assert sigmoid_cross_entropy_grad(np.float32(2), 1).dtype == np.float32


class TestMulticlassHinge:
    def test_numbers_by_hand(self):
        np.testing.assert_allclose(
            multiclass_hinge([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]], [0, 1, 2]),
            [2.9, 0.0, 12.9],
            rtol=1e-15,
        )
        assert multiclass_hinge([13.0, -7.0, 11.0], 0, margin=10) == 8.0

    @given(batches(), st.floats(0.125, 10))
    def test_it_adds_up_the_rivals_inside_the_margin(self, batch, margin):
        z, y = batch
        for row, k, got in zip(z, y, multiclass_hinge(z, y, margin), strict=True):
            rivals = [max(0.0, s - row[k] + margin) for j, s in enumerate(row) if j != k]
            assert got == pytest.approx(sum(rivals), rel=1e-14)

    def test_scikit_learn_for_two_classes(self):
        s = np.random.default_rng(12).standard_normal(30)
        y = np.random.default_rng(13).integers(0, 2, 30)
        z = np.stack([-s / 2, s / 2], axis=1)
        expected = hinge_loss(2 * y - 1, s)
        assert multiclass_hinge(z, y).mean() == pytest.approx(expected, rel=1e-14)

    @given(batches(-3.0, 3.0))
    def test_the_gradient_counts_rivals(self, batch):
        z, y = batch
        gradient = multiclass_hinge_grad(z, y)
        for row, k, got in zip(z, y, gradient, strict=True):
            inside = [j for j, s in enumerate(row) if j != k and (s - row[k]) + 1 > 0]
            expected = np.zeros(len(row))
            expected[inside] = 1
            expected[k] = -len(inside)
            np.testing.assert_array_equal(got, expected)

    def test_central_differences_away_from_the_corners(self):
        z = np.array([[0.3, 1.1, -2.0, 0.9], [5.0, 0.1, 0.2, 4.4]])
        measured = numerical_gradient(lambda x: multiclass_hinge(x, [0, 3]).sum(), z)
        np.testing.assert_allclose(multiclass_hinge_grad(z, [0, 3]), measured, atol=1e-9)

    def test_extremes(self):
        assert multiclass_hinge([1.7e308, -1.7e308], 0) == 0
        assert multiclass_hinge([1.7e308, -1.7e308], 1) == INF
        assert multiclass_hinge([3.0], 0) == 0
        assert multiclass_hinge(np.zeros((2, 3), np.float32), [0, 1]).dtype == np.float32
        assert multiclass_hinge_grad(np.zeros((2, 3), np.float32), [0, 1]).dtype == np.float32
        assert multiclass_hinge(np.empty((0, 3)), np.empty(0, int)).shape == (0,)
