"""What single precision in the input must not cost: the work is done in double."""

import numpy as np
import pytest
import softmaxlab as sl

X = np.float32


def test_a_shortfall_that_single_precision_would_swallow():
    loss = sl.multiclass_hinge(np.array([2e-8, 1.0], X), 1)
    assert loss.dtype == X
    assert loss == X(2e-8)


def test_scores_as_far_apart_as_float64_allows():
    assert sl.multiclass_hinge([1.7e308, -1.7e308], 1) == np.inf
    np.testing.assert_array_equal(sl.multiclass_hinge_grad([1.7e308, -1.7e308], 1), [1, -1])


def test_the_surprise_of_a_model_is_rounded_once(exact):
    rng = np.random.default_rng(0)
    q = rng.dirichlet(np.ones(4), 200).astype(X)
    got = sl.cross_entropy(np.eye(4, dtype=X)[[0] * 200], q)
    true = [-exact.mp.log(exact.mp.mpf(float(row[0]))) for row in q]
    assert got.dtype == X
    assert exact.ulps(got, true) <= 0.501


def test_entropy_is_rounded_once(exact):
    p = np.random.default_rng(1).dirichlet(np.ones(4), 200).astype(X)
    true = [-exact.mp.fsum(a * exact.mp.log(a) for a in exact.row(row)) for row in p]
    assert exact.ulps(sl.entropy(p), true) <= 0.501


def test_a_divergence_of_neighbours_keeps_its_digits(exact):
    p = np.array([[0.5, 0.5], [0.25, 0.75]], X)
    q = p + np.array([1, -1], X) * X(2**-22)
    true = [
        exact.mp.fsum(a * exact.mp.log(a / b) for a, b in zip(*map(exact.row, rows), strict=True))
        for rows in zip(p, q, strict=True)
    ]
    assert exact.ulps(sl.kl_divergence(p, q), true) <= 0.501


def test_a_divergence_of_strangers_is_rounded_once(exact):
    p, q = np.random.default_rng(2).dirichlet(np.ones(4), (2, 100)).astype(X)
    true = [
        exact.mp.fsum(a * exact.mp.log(a / b) + b - a for a, b in zip(*rows, strict=True))
        for rows in zip(map(exact.row, p), map(exact.row, q), strict=True)
    ]
    got = sl.kl_divergence(p, q)
    assert exact.ulps(got, true) <= 0.501


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_loss_beyond_the_largest_number_is_infinite_without_a_warning(dtype):
    scores = np.array([np.finfo(dtype).max, np.finfo(dtype).min])
    assert sl.softmax_cross_entropy(scores, 1) == np.inf
    loss, gradient = sl.softmax_cross_entropy_with_grad(scores, 1)
    assert loss == np.inf
    np.testing.assert_array_equal(gradient, [1, -1])
    assert sl.kl_divergence_from_logits(scores, -scores) == np.inf


@pytest.mark.parametrize("wide", [0, 1])
def test_the_wider_of_two_dtypes_is_that_of_the_result(wide):
    pair = [np.array([0.25, 0.75], X)] * 2
    pair[wide] = pair[wide].astype(np.float64)
    for measure in (sl.kl_divergence, sl.cross_entropy, sl.kl_divergence_from_logits):
        assert measure(*pair).dtype == np.float64


@pytest.mark.parametrize("n_rows", [20, 300])
def test_short_rows_are_rounded_once(n_rows, exact):
    """In single precision the exponentials of long rows alone are computed."""
    scores = np.random.default_rng(3).normal(2, 3, (n_rows, 4)).astype(X)
    for function in (sl.logsumexp, sl.softmax, sl.log_softmax):
        true = [getattr(exact, function.__name__)(row) for row in scores[:20]]
        assert exact.ulps(function(scores)[:20], true) <= 0.501


@pytest.mark.parametrize(
    "function", [sl.sigmoid_cross_entropy, sl.sigmoid_cross_entropy_grad, sl.multiclass_hinge]
)
def test_weighted_losses_are_rounded_once(function):
    rng = np.random.default_rng(0)
    if function is sl.multiclass_hinge:
        scores, labels = rng.normal(size=(2000, 4)).astype(np.float32), rng.integers(4, size=2000)
    else:
        scores, labels = rng.normal(size=2000).astype(np.float32), rng.random(2000)
        labels = labels.astype(np.float32)
    weights = rng.random(2000)
    found = function(scores, labels, weights=weights)
    assert found.dtype == np.float32
    in_double = function(scores.astype(float), labels, weights=weights)
    np.testing.assert_array_equal(found, in_double.astype(np.float32))


def test_weighted_losses_beside_gradients_are_rounded_once():
    rng = np.random.default_rng(0)
    scores, labels = rng.normal(size=(2000, 7), scale=5), rng.integers(7, size=2000)
    weights = 3 * rng.random(2000)
    found, _ = sl.softmax_cross_entropy_with_grad(
        scores.astype(np.float32), labels, weights=weights
    )
    alone = sl.softmax_cross_entropy(scores.astype(np.float32), labels, weights=weights)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, alone)


@pytest.mark.parametrize("function", [sl.softmax_cross_entropy, sl.multiclass_hinge])
def test_a_weighted_loss_beyond_float64_is_infinite_without_a_word(function):
    assert function([[0.0, 1000.0]], [0], weights=[1e308]) == np.inf
