"""Losses, calibration errors and scores of arrays of Dask, beside those of the whole."""

import numpy as np
import pytest
import softmaxlab as sl

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

EPS = np.finfo(float).eps


def made_predictions(n=203, n_classes=3, seed=2):
    """Return logits, their probabilities, labels and weights."""
    rng = np.random.default_rng(seed)
    logits = 2 * rng.normal(size=(n, n_classes))
    return logits, sl.softmax(logits), rng.integers(n_classes, size=n), rng.integers(4, size=n)


class TestChunked:
    WEIGHTS = np.random.default_rng(3).normal(size=(7, 4))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("options", [{}, {"ignore_index": 2}, {"where": np.arange(7) != 5}])
    def test_those_of_the_whole(self, data, blocks, dtype, options):
        features, labels, weights = data[0].astype(dtype), data[1], self.WEIGHTS.astype(dtype)
        close = {"rtol": 100 * np.finfo(dtype).eps, "atol": np.finfo(dtype).eps}
        whole = sl.chunked_softmax_cross_entropy_with_grad(features, weights, labels, **options)
        losses = sl.chunked_softmax_cross_entropy(blocks(features), weights, labels, **options)
        assert losses.dtype == dtype
        np.testing.assert_allclose(losses.compute(), whole.losses, **close)
        later = sl.chunked_softmax_cross_entropy_with_grad(
            blocks(features), weights, blocks(labels, 60), **options
        )
        for got, expected in zip(later, whole, strict=True):
            assert (got.shape, got.dtype) == (expected.shape, dtype)
            assert got.compute().dtype == dtype
            np.testing.assert_allclose(got.compute(), expected, **close)

    def test_mean_loss_is_one_more_sum(self, data, blocks):
        losses = sl.chunked_softmax_cross_entropy(blocks(data[0]), self.WEIGHTS, data[1])
        whole = sl.chunked_softmax_cross_entropy(data[0], self.WEIGHTS, data[1])
        assert losses.mean().compute() == pytest.approx(whole.mean(), rel=8 * EPS)

    def test_nothing_is_computed_before_it_is_asked_for(self):
        def fail(block):
            raise AssertionError("nothing should be computed")

        unreadable = da.zeros((100, 4), chunks=(50, 4)).map_blocks(fail, meta=np.empty((0, 0)))
        later = sl.chunked_softmax_cross_entropy_with_grad(
            unreadable, self.WEIGHTS, np.zeros(100, int)
        )
        with_labels = sl.chunked_softmax_cross_entropy(
            da.zeros((100, 4), chunks=(50, 4)), self.WEIGHTS, unreadable[:, 0].astype(int)
        )
        for part in (*later, with_labels):
            with pytest.raises(AssertionError, match="nothing should be computed"):
                part.compute()

    def test_one_pass_gives_all_three(self, data, blocks):
        read = []

        def count(block):
            read.append(len(block))
            return block

        features = blocks(data[0]).map_blocks(count, meta=np.empty((0, 0)))
        dask.compute(*sl.chunked_softmax_cross_entropy_with_grad(features, self.WEIGHTS, data[1]))
        assert len(read) == features.numblocks[0]

    def test_a_bad_block_is_named(self, data, blocks):
        features = data[0].copy()
        features[90] = np.nan
        losses = sl.chunked_softmax_cross_entropy(blocks(features), self.WEIGHTS, data[1])
        with pytest.raises(ValueError, match=r"^block 2, rows 80 to 119: features"):
            losses.compute()

    @pytest.mark.parametrize("counted", [0, 1, 2])
    def test_the_mean_is_over_those_that_count(self, data, blocks, counted):
        labels = np.where(np.arange(203) < counted, 1, 6)
        whole = sl.chunked_softmax_cross_entropy_with_grad(
            data[0], self.WEIGHTS, labels, ignore_index=6
        )
        later = sl.chunked_softmax_cross_entropy_with_grad(
            blocks(data[0]), self.WEIGHTS, labels, ignore_index=6
        )
        for got, expected in zip(later, whole, strict=True):
            np.testing.assert_allclose(got.compute(), expected, atol=8 * EPS)

    def test_a_single_sample(self, data, blocks):
        whole = sl.chunked_softmax_cross_entropy_with_grad(data[0][:1], self.WEIGHTS, [5])
        later = sl.chunked_softmax_cross_entropy_with_grad(blocks(data[0][:1]), self.WEIGHTS, [5])
        for got, expected in zip(later, whole, strict=True):
            np.testing.assert_allclose(got.compute(), expected, atol=8 * EPS)

    def test_a_class_at_a_time(self, data, blocks):
        losses = sl.chunked_softmax_cross_entropy(
            blocks(data[0]), self.WEIGHTS, data[1], chunk_size=1
        )
        whole = sl.chunked_softmax_cross_entropy(data[0], self.WEIGHTS, data[1])
        np.testing.assert_allclose(losses.compute(), whole, rtol=16 * EPS)
        with pytest.raises(ValueError, match=r"^chunk_size must be at least 1, got 0$"):
            sl.chunked_softmax_cross_entropy(blocks(data[0]), self.WEIGHTS, data[1], chunk_size=0)

    def test_what_does_not_fit_is_named(self, data, blocks):
        features, labels = data
        with pytest.raises(ValueError, match=r"^features of shape \(203, 4\) has 2 blocks"):
            sl.chunked_softmax_cross_entropy(da.from_array(features, (50, 2)), self.WEIGHTS, labels)
        with pytest.raises(ValueError, match=r"^labels has shape \(202,\)"):
            sl.chunked_softmax_cross_entropy(blocks(features), self.WEIGHTS, labels[:-1])
        with pytest.raises(ValueError, match=r"^labels is ragged"):
            sl.chunked_softmax_cross_entropy(blocks(features), self.WEIGHTS, [[1], [2, 0]])
        message = r"^where of shape \(3,\) does not broadcast to a row of logits of shape \(7,\)"
        with pytest.raises(ValueError, match=message):
            sl.chunked_softmax_cross_entropy(
                blocks(features), self.WEIGHTS, labels, where=np.ones(3, bool)
            )

    def test_a_mask_for_each_sample_is_refused(self, data, blocks):
        with pytest.raises(ValueError, match="where"):
            sl.chunked_softmax_cross_entropy(
                blocks(data[0]), self.WEIGHTS, data[1], where=np.ones((203, 7), bool)
            )


class TestCalibration:
    ERRORS = (
        sl.expected_calibration_error,
        sl.maximum_calibration_error,
        sl.classwise_calibration_error,
    )

    @pytest.mark.parametrize("error", ERRORS)
    @pytest.mark.parametrize("weighted", [False, True])
    def test_errors_of_the_whole(self, blocks, error, weighted):
        _, p, labels, weight = made_predictions()
        whole = error(p, labels, sample_weight=weight if weighted else None)
        got = error(blocks(p), labels, sample_weight=blocks(weight) if weighted else None)
        assert got == pytest.approx(whole, rel=0, abs=8 * EPS)

    def test_counts_and_accuracy_do_not_depend_on_the_blocks(self, blocks):
        _, p, labels, _ = made_predictions()
        whole = sl.reliability_curve(p, labels)
        for rows in (1, 7, 203):
            curve = sl.reliability_curve(blocks(p, rows), labels)
            assert curve.count.dtype == whole.count.dtype
            assert curve.count.tolist() == whole.count.tolist()
            assert curve.accuracy.tolist() == whole.accuracy.tolist()
            np.testing.assert_allclose(curve.confidence, whole.confidence, rtol=16 * EPS)

    def test_weighted_counts(self, blocks):
        _, p, labels, weight = made_predictions()
        curve = sl.reliability_curve(blocks(p), labels, sample_weight=weight / 7)
        whole = sl.reliability_curve(p, labels, sample_weight=weight / 7)
        np.testing.assert_allclose(curve.count, whole.count, rtol=16 * EPS)

    @pytest.mark.parametrize("error", ERRORS)
    def test_blocks_without_rows(self, error):
        _, p, labels, _ = made_predictions()
        parts = da.from_array(p, ((50, 0, 153), (3,)))
        assert error(parts, labels) == pytest.approx(error(p, labels), abs=8 * EPS)

    @pytest.mark.parametrize("error", ERRORS)
    def test_always_wrong(self, blocks, error):
        _, p, _, _ = made_predictions()
        wrong = p.argmin(axis=1)
        assert error(blocks(p), wrong) == pytest.approx(error(p, wrong), abs=8 * EPS)

    @pytest.mark.parametrize("error", ERRORS)
    def test_what_does_not_fit_is_named(self, blocks, error):
        _, p, labels, _ = made_predictions()
        with pytest.raises(ValueError, match=r"^p of shape \(203, 3\) has 2 blocks side by side"):
            error(da.from_array(p, (50, 2)), labels)
        with pytest.raises(ValueError, match=r"^labels has shape \(202,\)"):
            error(blocks(p), labels[:-1])
        with pytest.raises(ValueError, match=r"^block 1, rows 40 to 79: p"):
            error(blocks(np.where(np.arange(203)[:, None] == 41, 2.0, p)), labels)

    def test_bins_of_equal_number_are_refused(self, blocks):
        _, p, labels, _ = made_predictions()
        message = r"needs all confidences in order: .* use 'uniform', or hand over p\.compute\(\)$"
        with pytest.raises(ValueError, match=message):
            sl.reliability_curve(blocks(p), labels, strategy="quantile")
        with pytest.raises(ValueError, match="strategy must be 'uniform' or 'quantile'"):
            sl.reliability_curve(blocks(p), labels, strategy="even")

    def test_a_bad_block_is_named(self, blocks):
        _, p, labels, _ = made_predictions()
        with pytest.raises(ValueError, match=r"^block 1, rows 40 to 79: p"):
            sl.reliability_curve(blocks(np.where(np.arange(203)[:, None] == 41, 2.0, p)), labels)

    def test_weights_of_zero(self, blocks):
        _, p, labels, weight = made_predictions()
        with pytest.raises(ValueError, match=r"sample_weight of shape \(203,\) is zero everywhere"):
            sl.reliability_curve(blocks(p), labels, sample_weight=0 * weight)


class TestScores:
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("score", [sl.brier_score, sl.top_k_accuracy, sl.perplexity])
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_those_of_the_whole(self, blocks, score, weighted, n_classes):
        logits, p, labels, weight = made_predictions(n_classes=n_classes)
        rows, weight = p if score is sl.brier_score else logits, weight if weighted else None
        whole = score(rows, labels, sample_weight=weight)
        assert score(blocks(rows), labels, sample_weight=weight) == pytest.approx(
            whole, rel=8 * EPS
        )

    @pytest.mark.parametrize(
        ("score", "name"),
        [(sl.brier_score, "p"), (sl.top_k_accuracy, "scores"), (sl.perplexity, "logits")],
    )
    def test_what_does_not_fit_is_named(self, blocks, score, name):
        _, p, labels, weight = made_predictions()
        message = rf"^{name} of shape \(203, 3\) has 2 blocks side by side"
        with pytest.raises(ValueError, match=message):
            score(da.from_array(p, (50, 2)), labels)
        with pytest.raises(ValueError, match=r"^labels has shape \(202,\)"):
            score(blocks(p), labels[:-1])
        with pytest.raises(
            ValueError, match=r"^sample_weight of shape \(203,\) is zero everywhere"
        ):
            score(blocks(p), labels, sample_weight=0 * weight)
        assert score(blocks(p), blocks(labels), sample_weight=blocks(weight)) == pytest.approx(
            score(p, labels, sample_weight=weight), rel=16 * EPS
        )

    def test_a_bad_block_is_named(self, blocks):
        logits, p, labels, _ = made_predictions()
        with pytest.raises(ValueError, match=r"^block 2, rows 80 to 119: labels"):
            sl.brier_score(blocks(p), np.where(np.arange(203) == 99, 3, labels))
        with pytest.raises(ValueError, match=r"k must be at most 3"):
            sl.top_k_accuracy(blocks(logits), labels, k=4)
