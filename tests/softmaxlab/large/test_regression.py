"""`SoftmaxRegression` on arrays of Dask: the same weights as on the whole, block by block."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from softmaxlab.learn.regression import SoftmaxObjective, SoftmaxRegression

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")


def unreadable(shape=(100, 4)):
    """Return an array whose blocks cannot be computed."""

    def fail(block):
        raise AssertionError("nothing should be computed")

    return da.zeros(shape, chunks=(50, 4)).map_blocks(fail, dtype=float, meta=np.empty((0, 0)))


class TestFit:
    @pytest.mark.parametrize("solver", ["newton-cg", "lbfgs"])
    def test_optimum_of_scikit_learn(self, data, blocks, solver):
        X, y = data
        ours = SoftmaxRegression(solver=solver).fit(blocks(X), y)
        theirs = LogisticRegression(tol=1e-10, max_iter=10_000).fit(X, y)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=0, atol=1e-6)
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)

    def test_steps_of_the_whole(self, data, blocks):
        X, y = data
        model = SoftmaxRegression(solver="gradient-descent", max_iter=5)
        with pytest.warns(ConvergenceWarning):
            steps = [model.fit(part, y).loss_curve_ for part in (X, blocks(X))]
        np.testing.assert_allclose(*steps, rtol=1e-14)

    @pytest.mark.parametrize("n_classes", [2, 3])
    @pytest.mark.parametrize("kind", ["weights", "balanced", "dict", "no intercept", "strings"])
    def test_weights_of_the_whole(self, made, blocks, n_classes, kind):
        X, y = made(n_classes=n_classes)
        weight = np.arange(len(y)) % 4 * 1.0 if kind == "weights" else None
        options = {"balanced": "balanced", "dict": {0: 3.0}}
        model = SoftmaxRegression(
            class_weight=options.get(kind), fit_intercept=kind != "no intercept", tol=1e-10
        )
        y = np.array(["one", "two", "three"])[y] if kind == "strings" else y
        whole = model.fit(X, y, weight)
        expected = whole.coef_, whole.intercept_, whole.class_weight_
        model.fit(blocks(X, 90), blocks(y, 70), None if weight is None else blocks(weight, 203))
        assert model.classes_.tolist() == sorted(set(y.tolist()))
        for got, want in zip(
            (model.coef_, model.intercept_, model.class_weight_), expected, strict=True
        ):
            np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-9)

    def test_bits_do_not_depend_on_the_threads(self, data, blocks):
        X, y = data
        weights = set()
        for n in (1, 2, 3):
            with dask.config.set(scheduler="threads", num_workers=n):
                weights.add(SoftmaxRegression().fit(blocks(X, 17), y).coef_.tobytes())
        assert len(weights) == 1

    @pytest.mark.parametrize("dtype", [np.float32, np.int8])
    def test_computes_in_double_precision(self, data, blocks, dtype):
        X, y = (data[0] * 8).astype(dtype), data[1]
        whole = SoftmaxRegression().fit(X, y)
        model = SoftmaxRegression().fit(blocks(X), y)
        assert model.coef_.dtype == np.float64
        np.testing.assert_allclose(model.coef_, whole.coef_, atol=1e-9)

    def test_blocks_without_rows(self, data):
        X, y = data
        parts = [X[:50], X[:0], X[50:]]
        model = SoftmaxRegression().fit(da.concatenate([da.from_array(part) for part in parts]), y)
        np.testing.assert_allclose(model.coef_, SoftmaxRegression().fit(X, y).coef_, atol=1e-9)

    def test_starts_from_the_last_weights(self, data, blocks):
        X, y = data
        model = SoftmaxRegression(warm_start=True).fit(blocks(X), y)
        assert model.n_iter_ > 0
        assert model.fit(blocks(X), y).n_iter_ == 0

    def test_tells_of_each_step(self, data, blocks, capsys):
        X, y = data
        model = SoftmaxRegression(verbose=True).fit(blocks(X), y)
        told = capsys.readouterr().out.splitlines()
        assert told[0] == "newton-cg, step 0: loss 1.09861"
        assert len(told) == model.n_iter_ + 1

    def test_a_class_without_weight(self, data, blocks):
        X, y = data
        model = SoftmaxRegression(class_weight={1: 0})
        with pytest.warns(ConvergenceWarning, match=r"no sample of \[1\] has any weight"):
            model.fit(blocks(X), y)


class TestBadBlocks:
    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (np.nan, r"^block 2, rows 80 to 119: Input X contains NaN"),
            (np.inf, r"^block 2, rows 80 to 119: Input X contains infinity"),
            (1e200, r"^block 2, rows 80 to 119: X of shape \(40, 4\) holds numbers as large"),
        ],
    )
    def test_features(self, data, blocks, value, message):
        X, y = data[0].copy(), data[1]
        X[99, 1] = value
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression().fit(blocks(X), y)

    def test_labels(self, data, blocks):
        X, y = data
        with pytest.raises(ValueError, match=r"^block 1, rows 40 to 79: Input y contains NaN"):
            SoftmaxRegression().fit(blocks(X), np.where(np.arange(len(y)) == 41, np.nan, y))
        model = SoftmaxRegression().fit(X, y)
        with pytest.raises(ValueError, match=r"^block 5, rows 200 to 202: y holds 7, which is not"):
            model.loss(blocks(X), np.where(np.arange(len(y)) == 201, 7, y))

    def test_class_indices(self, data, blocks):
        X, y = data
        y = np.where(np.arange(len(y)) == 99, 3, y)
        with pytest.raises(ValueError, match=r"^block 2, rows 80 to 119: labels .* 3 at \(19,\)"):
            SoftmaxObjective(blocks(X), y, n_classes=3)

    def test_weights(self, data, blocks):
        X, y = data
        weight = np.where(np.arange(len(y)) == 50, -1.0, 1.0)
        with pytest.raises(ValueError, match=r"^block 1, rows 40 to 79: sample_weight holds -1"):
            SoftmaxRegression().fit(blocks(X), y, weight)
        with pytest.raises(ValueError, match=r"is zero everywhere|leaves no sample any weight"):
            SoftmaxRegression().fit(blocks(X), y, 0 * weight)

    def test_width(self, data):
        X, y = data
        parts = [dask.delayed(X[:100]), dask.delayed(X[100:, :3])]
        shapes = [(100, 4), (103, 4)]
        wrong = [da.from_delayed(p, s, float) for p, s in zip(parts, shapes, strict=True)]
        message = (
            r"^block 1, rows 100 to 202: it has shape \(103, 3\), its Dask array says \(103, 4\)"
        )
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression().fit(da.concatenate(wrong), y)


class TestWhatIsNoRows:
    def test_blocks_side_by_side(self, data):
        X, y = data
        with pytest.raises(ValueError, match=r"2 blocks side by side.*X\.rechunk\(\{1: -1\}\)"):
            SoftmaxRegression().fit(da.from_array(X, (50, 2)), y)

    def test_blocks_of_unknown_size(self, data, blocks):
        X, y = blocks(data[0]), data[1]
        with pytest.raises(ValueError, match=r"unknown size.*X\.compute_chunk_sizes\(\)"):
            SoftmaxRegression().fit(X[X[:, 0] > 0], y)

    def test_other_axes(self, data):
        with pytest.raises(
            ValueError, match=r"^X must be rows of numbers, and not of shape \(203,\)"
        ):
            SoftmaxRegression().fit(da.from_array(data[0][:, 0]), data[1])

    def test_labels_of_another_number(self, data, blocks):
        with pytest.raises(ValueError, match=r"^y has shape \(202,\), the data have 203 rows"):
            SoftmaxRegression().fit(blocks(data[0]), data[1][:-1])

    def test_another_number_of_features(self, data, blocks):
        model = SoftmaxRegression().fit(*data)
        with pytest.raises(
            ValueError, match="X has 3 features, but SoftmaxRegression is expecting 4"
        ):
            model.predict(blocks(data[0][:, :3]))


class TestPredictions:
    METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function")

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_those_of_the_whole(self, made, blocks, method, n_classes):
        X, y = made(n_classes=n_classes)
        predict = getattr(SoftmaxRegression().fit(X, y), method)
        got, expected = predict(blocks(X)), predict(X)
        assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(got.compute(), expected, rtol=1e-12)

    @pytest.mark.parametrize("method", METHODS)
    def test_nothing_is_computed_before_it_is_asked_for(self, data, method):
        later = getattr(SoftmaxRegression().fit(*data), method)(unreadable())
        with pytest.raises(AssertionError, match="nothing should be computed"):
            later.compute()

    def test_weights_are_those_of_the_call(self, data, blocks):
        X, y = data
        model = SoftmaxRegression().fit(X, y)
        later, expected = model.predict_proba(blocks(X)), model.predict_proba(X)
        model.fit(X[::-1], y)
        np.testing.assert_allclose(later.compute(), expected, rtol=1e-12)

    def test_unfitted(self, data, blocks):
        with pytest.raises(NotFittedError):
            SoftmaxRegression().predict(blocks(data[0]))

    def test_score_loss_and_gradient(self, data, blocks):
        X, y = data
        model, weight = SoftmaxRegression().fit(X, y), np.arange(len(y)) % 3
        assert model.score(blocks(X), y) == model.score(X, y)
        assert model.score(blocks(X), blocks(y), weight) == pytest.approx(model.score(X, y, weight))
        assert model.loss(blocks(X), y, weight) == pytest.approx(
            model.loss(X, y, weight), rel=1e-14
        )
        expected = model.gradient(X, y, weight)
        np.testing.assert_allclose(model.gradient(blocks(X), y, weight), expected, atol=1e-15)

    def test_weights_that_make_no_sense_are_named(self, data, blocks):
        X, y = data
        for weight, message in (
            (np.where(np.arange(203) == 50, np.inf, 1.0), "sample_weight .* inf"),
            (np.where(np.arange(203) == 50, -1.0, 1.0), "sample_weight holds -1, and must not"),
        ):
            with pytest.raises(ValueError, match=rf"^block 1, rows 40 to 79: {message}"):
                SoftmaxRegression().fit(blocks(X), y, blocks(weight))
        with pytest.raises(TypeError, match=r"^block \d, rows \d+ to \d+: sample_weight must be"):
            SoftmaxRegression().fit(blocks(X), y, blocks(np.full(203, 1j)))
        with pytest.raises(ValueError, match=r"^sample_weight has shape \(202,\)"):
            SoftmaxRegression().fit(blocks(X), y, np.ones(202))

    def test_classes_are_balanced_by_weight(self, data, blocks):
        X, y = data
        weight = 1.0 + (np.arange(203) % 5) * (y == 1)
        options = {"class_weight": "balanced", "tol": 1e-10}
        whole = SoftmaxRegression(**options).fit(X, y, weight)
        parts = SoftmaxRegression(**options).fit(blocks(X), blocks(y), blocks(weight))
        np.testing.assert_allclose(parts.coef_, whole.coef_, rtol=1e-7, atol=1e-9)

    def test_an_objective_names_what_does_not_fit(self, data, blocks):
        X, y = data
        with pytest.raises(ValueError, match=r"^X of shape \(203, 4\) has 2 blocks side by side"):
            SoftmaxObjective(da.from_array(X, (50, 2)), y, 3)
        with pytest.raises(ValueError, match=r"^labels has shape \(202,\)"):
            SoftmaxObjective(blocks(X), y[:-1], 3)
        with pytest.raises(ValueError, match=r"^sample_weight of shape \(203,\) is zero everywhe"):
            SoftmaxObjective(blocks(X), y, 3, sample_weight=np.zeros(203))

    def test_a_score_is_of_the_fitted_width_and_of_weights(self, data, blocks):
        X, y = data
        model = SoftmaxRegression().fit(X, y)
        with pytest.raises(ValueError, match="X has 3 features, but SoftmaxRegression is expect"):
            model.score(blocks(X[:, :3]), y)
        assert model.n_features_in_ == 4
        with pytest.raises(ValueError, match=r"^sample_weight of shape \(203,\) is zero everywhe"):
            model.score(blocks(X), y, np.zeros(203))
