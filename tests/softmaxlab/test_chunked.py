"""The loss in blocks: the same numbers as in one piece, in a fraction of the memory."""

import tracemalloc

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from softmaxlab import chunked as vocabulary
from softmaxlab.chunked import (
    chunked_softmax_cross_entropy,
    chunked_softmax_cross_entropy_with_grad,
)
from softmaxlab.losses import softmax_cross_entropy, softmax_cross_entropy_grad


def made_data(n=7, n_features=4, n_classes=23, seed=0, scale=1.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    features = rng.normal(scale=scale, size=(n, n_features)).astype(dtype)
    weights = rng.normal(size=(n_classes, n_features)).astype(dtype)
    return features, weights, rng.integers(n_classes, size=n)


def in_one_piece(features, weights, labels):
    """Return the losses and derivatives with all logits in memory."""
    logits = features @ weights.T
    error = softmax_cross_entropy_grad(logits, labels) / len(labels)
    return softmax_cross_entropy(logits, labels), error @ weights, error.T @ features


@pytest.fixture
def small_blocks(monkeypatch):
    """Let already a few samples make several blocks."""
    monkeypatch.setattr(vocabulary, "_ROWS", 3)


class TestLosses:
    def test_equal_logits_cost_log_of_the_vocabulary(self):
        losses = chunked_softmax_cross_entropy(np.zeros((2, 3)), np.ones((1000, 3)), [0, 999])
        np.testing.assert_allclose(losses, np.log(1000), rtol=1e-15)

    @pytest.mark.usefixtures("small_blocks")
    @pytest.mark.parametrize("chunk_size", [1, 2, 5, 22, 23, 24, 1000])
    @pytest.mark.parametrize("scale", [0.0, 1.0, 30.0])
    def test_the_same_as_in_one_piece(self, chunk_size, scale):
        data = made_data(scale=scale)
        losses = chunked_softmax_cross_entropy(*data, chunk_size=chunk_size)
        np.testing.assert_allclose(losses, in_one_piece(*data)[0], rtol=1e-13)

    @given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 10**6), st.floats(-40, 40))
    def test_the_same_as_scipy(self, n_classes, chunk_size, seed, largest):
        features, weights, labels = made_data(n_classes=n_classes, seed=seed)
        weights[seed % n_classes] *= largest
        logits = features @ weights.T
        expected = -special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
        losses = chunked_softmax_cross_entropy(features, weights, labels, chunk_size=chunk_size)
        np.testing.assert_allclose(losses, expected, rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("chunk_size", [1, 2, 3])
    @pytest.mark.parametrize("order", [[0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0]])
    @pytest.mark.parametrize("logits", [(0, -40, -41), (0, -700, -701), (100, 60, 50), (5, 5, -60)])
    def test_tiny_losses_keep_every_digit(self, logits, order, chunk_size):
        weights = np.array(logits, dtype=float)[order][:, np.newaxis]
        label = order.index(0)
        with mpmath.workdps(400):
            z = [mpmath.mpf(value) for value in logits]
            exact = mpmath.log1p(sum(mpmath.exp(value - z[0]) for value in z[1:]))
        loss = chunked_softmax_cross_entropy([[1.0]], weights, [label], chunk_size=chunk_size)
        assert loss[0] == pytest.approx(float(exact), rel=4e-16)

    def test_one_score_of_20_among_a_vocabulary_of_zeros(self):
        weights = np.zeros((50_257, 1), dtype=np.float32)
        weights[7] = 20
        losses = chunked_softmax_cross_entropy(np.ones((1, 1), np.float32), weights, [7])
        assert losses.dtype == np.float32
        assert losses[0] == pytest.approx(np.log1p(50_256 * np.exp(-20.0)), rel=1e-7)

    def test_huge_logits_do_not_overflow(self):
        losses = chunked_softmax_cross_entropy([[1e4]], [[1.0], [-1.0], [0.5]], [1], chunk_size=1)
        assert losses[0] == 2e4

    def test_a_logit_that_overflows_is_refused_without_a_warning(self):
        message = r"^features and weights give sample \(0,\) a logit of (inf|nan)$"
        for largest in (1e300, -1e300):
            with pytest.raises(ValueError, match=message):
                chunked_softmax_cross_entropy([[1e300, 1e300]], [[1e300, largest]], [0])

    @pytest.mark.usefixtures("tiny")
    def test_the_sample_is_named_in_whichever_block_it_is(self):
        features = np.ones((8, 1))
        features[7] = 1e300  # the second of the third block
        message = r"^features and weights give sample \(7,\) a logit of inf$"
        with pytest.raises(ValueError, match=message):
            chunked_softmax_cross_entropy(features, [[1e300], [1.0]], [0] * 8)

    def test_a_large_vocabulary_in_single_precision_is_summed_in_double(self):
        features, weights, labels = np.ones((1, 1), np.float32), np.zeros((2**24 + 64, 1)), [0]
        weights = weights.astype(np.float32)
        sums = vocabulary._LogSum(np.array(labels))
        sums.add(features @ weights.T, slice(0, len(weights)))
        assert sums.others[0] == 2**24 + 63

    def test_one_class(self):
        assert chunked_softmax_cross_entropy([[3.0]], [[2.0]], [0]).tolist() == [0.0]

    def test_no_samples(self):
        assert chunked_softmax_cross_entropy(
            np.empty((0, 2)), np.ones((3, 2)), np.empty(0, int)
        ).shape == (0,)


class TestGradients:
    @pytest.mark.usefixtures("small_blocks")
    @pytest.mark.parametrize("chunk_size", [1, 5, 23, 1000])
    def test_the_same_as_in_one_piece(self, chunk_size):
        data = made_data()
        result = chunked_softmax_cross_entropy_with_grad(*data, chunk_size=chunk_size)
        for ours, whole in zip(result, in_one_piece(*data), strict=True):
            np.testing.assert_allclose(ours, whole, rtol=1e-12, atol=1e-16)

    @pytest.mark.usefixtures("small_blocks")
    def test_by_differences_of_the_mean_loss(self):
        features, weights, labels = made_data(n_classes=6)
        result = chunked_softmax_cross_entropy_with_grad(features, weights, labels, chunk_size=4)
        for array, gradient in ((features, result.features), (weights, result.weights)):
            slopes = np.empty_like(array)
            for place in np.ndindex(array.shape):
                ends = []
                for step in (1e-6, -2e-6, 1e-6):
                    array[place] += step
                    ends.append(chunked_softmax_cross_entropy(features, weights, labels).mean())
                slopes[place] = (ends[0] - ends[1]) / 2e-6
            np.testing.assert_allclose(gradient, slopes, atol=1e-9)

    def test_losses_are_those_of_the_other_function(self):
        data = made_data()
        result = chunked_softmax_cross_entropy_with_grad(*data, chunk_size=5)
        np.testing.assert_array_equal(
            result.losses, chunked_softmax_cross_entropy(*data, chunk_size=5)
        )

    def test_error_of_a_nearly_sure_model_keeps_its_digits(self):
        result = chunked_softmax_cross_entropy_with_grad([[1.0]], [[0.0], [-40.0]], [0])
        np.testing.assert_allclose(
            result.weights[:, 0], np.exp(-40) * np.array([-1, 1]), rtol=4e-16
        )

    def test_a_common_shift_of_all_weights_has_no_slope(self):
        result = chunked_softmax_cross_entropy_with_grad(*made_data(), chunk_size=5)
        np.testing.assert_allclose(result.weights.sum(axis=0), 0, atol=1e-15)

    def test_float32_stays_float32(self):
        data = made_data(n=50, n_features=16, n_classes=3000, dtype=np.float32)
        result = chunked_softmax_cross_entropy_with_grad(*data, chunk_size=512)
        exact = in_one_piece(*(a.astype(np.float64) for a in data[:2]), data[2])
        for ours, whole in zip(result, exact, strict=True):
            assert ours.dtype == np.float32
            np.testing.assert_allclose(ours, whole, atol=3e-6 * np.abs(whole).max())


class TestMemory:
    def test_the_logits_are_never_there(self):
        data = made_data(n=512, n_features=8, n_classes=20_000, dtype=np.float32)
        logits = 512 * 20_000 * 4
        peaks = []
        for function in (chunked_softmax_cross_entropy, chunked_softmax_cross_entropy_with_grad):
            tracemalloc.start()
            function(*data, chunk_size=500)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        outputs = data[0].nbytes + data[1].nbytes
        assert peaks[0] < logits / 15
        assert peaks[1] - outputs < logits / 15

    def test_nothing_given_is_changed(self):
        data = made_data()
        before = [array.copy() for array in data]
        chunked_softmax_cross_entropy_with_grad(*data, chunk_size=5)
        for array, kept in zip(data, before, strict=True):
            np.testing.assert_array_equal(array, kept)

    def test_any_layout(self):
        features, weights, labels = made_data()
        same = np.asfortranarray(features), weights[::-1].copy()[::-1], labels.astype(np.uint8)
        plain = chunked_softmax_cross_entropy_with_grad(features, weights, labels, chunk_size=5)
        other = chunked_softmax_cross_entropy_with_grad(*same, chunk_size=5)
        for a, b in zip(plain, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-17)


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            (
                {"features": 1.0},
                ValueError,
                r"rows of the same length: features have shape \(\)",
            ),
            ({"weights": [[1.0, 2.0]]}, ValueError, r"same length: .*weights have shape \(1, 2\)"),
            (
                {"labels": [0, 1]},
                ValueError,
                r"labels have shape \(2,\), the samples have .*\(1,\)",
            ),
            ({"labels": [[0]]}, ValueError, r"labels have shape \(1, 1\), the samples have"),
            ({"labels": [3]}, ValueError, r"have 3 at \(0,\): there are 3 classes"),
            ({"labels": [-1]}, ValueError, r"have -1 at \(0,\): there are 3 classes"),
            ({"labels": [0.0]}, TypeError, "must be integers, got dtype float64"),
            ({"labels": [False]}, TypeError, "must be integers, got dtype bool"),
            ({"chunk_size": 0}, ValueError, "chunk_size must be at least 1, got 0"),
            ({"chunk_size": 2.0}, TypeError, "chunk_size must be one integer, got 2.0"),
            ({"chunk_size": True}, TypeError, "chunk_size must be one integer, got True"),
            ({"features": [[1j]]}, TypeError, "features must be real numbers, got dtype complex"),
            ({"weights": np.ma.ones((3, 1))}, TypeError, "weights is a masked array"),
            (
                {"features": [[np.nan]]},
                ValueError,
                r"features of shape \(1, 1\) has nan at \(0, 0\)",
            ),
            ({"features": [[np.inf]]}, ValueError, r"sample \(0,\) a logit of inf"),
            ({"weights": [[1.0], [np.nan], [1.0]]}, ValueError, r"weights .* has nan at \(1, 0\)"),
            ({"features": [[1e300]], "weights": [[1e10]] * 3}, ValueError, "a logit of inf"),
            (
                {"weights": [[-np.inf]] * 3},
                ValueError,
                r"leave sample \(0,\) no class: all are -inf",
            ),
            ({"where": [[False]]}, ValueError, r"leave sample \(0,\) no class: all are -inf"),
        ],
    )
    @pytest.mark.parametrize(
        "function", [chunked_softmax_cross_entropy, chunked_softmax_cross_entropy_with_grad]
    )
    def test_refused(self, function, change, error, message):
        good = {"features": [[1.0]], "weights": [[3.0], [1.0], [-3.0]], "labels": [0]}
        with pytest.raises(error, match=message):
            function(**{**good, **change})


@pytest.mark.parametrize(
    ("of_features", "of_weights"),
    [(np.float16, np.float16), (np.float32, np.float64), (np.float64, np.float32), (int, int)],
)
def test_other_dtypes_than_single_precision_are_taken_as_double(of_features, of_weights):
    features = np.arange(-6, 6).reshape(4, 3).astype(of_features)
    weights = np.arange(60).reshape(20, 3)[::-1].astype(of_weights) // 7
    labels = [0, 5, 9, 19]
    results = chunked_softmax_cross_entropy_with_grad(features, weights, labels, chunk_size=6)
    doubles = (array.astype(float) for array in (features, weights))
    wanted = chunked_softmax_cross_entropy_with_grad(*doubles, labels, chunk_size=6)
    for ours, expected in zip(results, wanted, strict=True):
        assert ours.dtype == np.float64
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("chunk_size", [1, 2, 5, 100])
class TestMasks:
    """A masked class has probability zero; the rest is as if it were not there."""

    def test_minus_infinity_among_the_weights(self, chunk_size):
        features, weights, labels = made_data(n_classes=9)
        features[:, 0] = abs(features[:, 0])  # so that each logit is minus infinity
        labels, rest = labels % 3, np.r_[:3, 5:9]
        masked = weights.copy()
        masked[3:5] = 0
        masked[3:5, 0] = -np.inf
        got = chunked_softmax_cross_entropy_with_grad(
            features, masked, labels, chunk_size=chunk_size
        )
        losses, by_features, by_weights = in_one_piece(features, weights[rest], labels)
        np.testing.assert_allclose(got.losses, losses, rtol=1e-13)
        np.testing.assert_allclose(got.features, by_features, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(got.weights[rest], by_weights, rtol=1e-12, atol=1e-15)
        np.testing.assert_array_equal(got.weights[3:5], 0)

    @pytest.mark.parametrize("shape", [(7, 9), (9,), (7, 1)])
    def test_where(self, chunk_size, shape):
        features, weights, labels = made_data(n_classes=9)
        where = np.random.default_rng(1).random(shape) < 0.6
        where = where | True if shape == (7, 1) else where
        where[..., 0] = True
        got = chunked_softmax_cross_entropy_with_grad(
            features, weights, labels, where=where, chunk_size=chunk_size
        )
        logits = features @ weights.T
        np.testing.assert_allclose(
            got.losses, softmax_cross_entropy(logits, labels, where=where), rtol=1e-13
        )
        error = softmax_cross_entropy_grad(logits, labels, where=where) / 7
        np.testing.assert_allclose(got.features, error @ weights, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(got.weights, error.T @ features, rtol=1e-12, atol=1e-15)

    def test_a_true_class_that_is_masked(self, chunk_size):
        got = chunked_softmax_cross_entropy_with_grad(
            [[1.0]], [[0.0], [-np.inf], [0.0]], [1], chunk_size=chunk_size
        )
        assert got.losses.tolist() == [np.inf]
        np.testing.assert_array_equal(got.weights, [[0.5], [-1.0], [0.5]])
        np.testing.assert_array_equal(got.features, [[0.0]])


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("shape", [(), (2, 3), (5, 1), (2, 0), (2, 2, 2)])
def test_leading_axes(shape):
    rng = np.random.default_rng(0)
    features, weights = rng.normal(size=(*shape, 4)), rng.normal(size=(9, 4))
    labels, where = rng.integers(9, size=shape), rng.random((*shape, 9)) < 0.7
    where[..., 0] = True
    got = chunked_softmax_cross_entropy_with_grad(
        features, weights, labels, where=where, chunk_size=4
    )
    flat = features.reshape(-1, 4) if features.size else np.empty((0, 4))
    one_axis = chunked_softmax_cross_entropy_with_grad(
        flat, weights, labels.ravel(), where=where.reshape(len(flat), 9), chunk_size=4
    )
    assert np.shape(got.losses) == shape
    assert got.features.shape == features.shape
    np.testing.assert_array_equal(np.ravel(got.losses), one_axis.losses)
    np.testing.assert_array_equal(got.features.reshape(flat.shape), one_axis.features)
    np.testing.assert_array_equal(got.weights, one_axis.weights)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("ignored", [-100, -1, 255, 0, 5])
def test_samples_that_do_not_count(ignored):
    features, weights, labels = made_data(n=11, n_classes=7)
    labels[::3] = ignored
    counts = labels != ignored
    got = chunked_softmax_cross_entropy_with_grad(
        features, weights, labels, ignore_index=ignored, chunk_size=3
    )
    rest = chunked_softmax_cross_entropy_with_grad(features[counts], weights, labels[counts])
    np.testing.assert_array_equal(got.losses[~counts], 0)
    np.testing.assert_allclose(got.losses[counts], rest.losses, rtol=1e-13)
    assert got.losses.mean(where=counts) == pytest.approx(rest.losses.mean(), rel=1e-14)
    np.testing.assert_array_equal(got.features[~counts], 0)
    np.testing.assert_allclose(got.features[counts], rest.features, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(got.weights, rest.weights, rtol=1e-12, atol=1e-16)


def test_one_sample_counts():
    features, weights, _ = made_data(n=5, n_classes=7)
    labels = np.array([-1, -1, 3, -1, -1])
    got = chunked_softmax_cross_entropy_with_grad(features, weights, labels, ignore_index=-1)
    alone = chunked_softmax_cross_entropy_with_grad(features[2:3], weights, labels[2:3])
    np.testing.assert_allclose(got.features[2:3], alone.features, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(got.weights, alone.weights, rtol=1e-13, atol=1e-16)


def test_a_mask_that_does_not_fit_is_named():
    features, weights, labels = made_data(n=5, n_classes=7)
    message = r"^where of shape \(3,\) does not broadcast to logits of shape \(5, 7\)$"
    with pytest.raises(ValueError, match=message):
        chunked_softmax_cross_entropy_with_grad(features, weights, labels, where=np.ones(3, bool))


def test_no_sample_counts():
    got = chunked_softmax_cross_entropy_with_grad([[1.0]], [[1.0], [2.0]], [-1], ignore_index=-1)
    assert [part.any() for part in got] == [False] * 3
