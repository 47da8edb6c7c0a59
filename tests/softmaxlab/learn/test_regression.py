"""Softmax regression: its objective by differences, its weights beside scikit-learn's."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn import datasets as sklearn_datasets
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.regression import SoftmaxObjective, SoftmaxRegression
from softmaxlab.learn.solvers import SOLVERS


def made_data(n=40, n_features=3, n_classes=3, seed=0):
    """Return random rows and labels in which every class occurs."""
    rng = np.random.default_rng(seed)
    labels = np.resize(np.arange(n_classes), n)
    return rng.normal(size=(n, n_features)) + labels[:, None] / 2, labels


def objectives():
    """Return objectives of every kind, each with a point to look at it."""
    rng = np.random.default_rng(1)
    for n_classes in (1, 2, 3, 5):
        X, labels = made_data(n_classes=n_classes)
        for kind in ("plain", "sparse", "weighted", "no intercept", "no penalty"):
            objective = SoftmaxObjective(
                sparse.csr_array(X) if kind == "sparse" else X,
                labels,
                n_classes,
                C=np.inf if kind == "no penalty" else 0.7,
                sample_weight=rng.uniform(0, 3, len(X)) if kind == "weighted" else None,
                fit_intercept=kind != "no intercept",
            )
            params = rng.normal(size=objective.shape)
            yield pytest.param(objective, params, id=f"{n_classes} classes, {kind}")


def central_differences(f, x, step=1e-5):
    """Differentiate f at x, entry by entry: independent of the package under test."""
    slopes = []
    for i in range(x.size):
        nudge = np.zeros(x.size)
        nudge[i] = step
        nudge = nudge.reshape(x.shape)
        slopes.append((f(x + nudge) - f(x - nudge)) / (2 * step))
    return np.array(slopes)


def full_hessian(objective, params):
    multiply = objective.hessian(params)
    units = np.eye(params.size).reshape(-1, *params.shape)
    return np.array([multiply(unit).ravel() for unit in units])


class TestSoftmaxObjective:
    @pytest.mark.parametrize("n_classes", [1, 2, 3, 10])
    def test_zero_weights_cost_log_of_the_number_of_classes(self, n_classes):
        X, labels = made_data(n_classes=n_classes)
        objective = SoftmaxObjective(X, labels, n_classes)
        assert objective.loss(np.zeros(objective.shape)) == pytest.approx(
            np.log(n_classes), rel=1e-15
        )

    def test_by_hand(self):
        objective = SoftmaxObjective(np.array([[2.0]]), np.array([1]), n_classes=2, C=0.5)
        params = np.array([[1.0, -1.0]])  # the second class's weight and intercept: logit 1
        assert objective.loss(params) == pytest.approx(np.log1p(np.exp(-1)) + 1.0)
        sigmoid = 1 / (1 + np.exp(-1))
        np.testing.assert_allclose(
            objective.gradient(params), [[2 * (sigmoid - 1) + 2, sigmoid - 1]]
        )

    @pytest.mark.parametrize(("objective", "params"), list(objectives()))
    def test_gradient_by_differences(self, objective, params):
        slopes = central_differences(objective.loss, params)
        np.testing.assert_allclose(objective.gradient(params).ravel(), slopes, atol=2e-10)

    @pytest.mark.parametrize(("objective", "params"), list(objectives()))
    def test_both_at_once_are_each_alone(self, objective, params):
        loss, gradient = objective.loss_and_gradient(params)
        assert loss == objective.loss(params)
        np.testing.assert_array_equal(gradient, objective.gradient(params))

    @pytest.mark.parametrize(("objective", "params"), list(objectives()))
    def test_hessian_by_differences_of_the_gradient(self, objective, params):
        curvature = central_differences(lambda x: objective.gradient(x).ravel(), params)
        np.testing.assert_allclose(full_hessian(objective, params), curvature, atol=2e-10)

    @pytest.mark.parametrize(("objective", "params"), list(objectives()))
    def test_hessian_is_symmetric_positive_and_bounded(self, objective, params):
        hessian = full_hessian(objective, params)
        np.testing.assert_allclose(hessian, hessian.T, atol=1e-14)
        eigenvalues = np.linalg.eigvalsh(hessian)
        assert eigenvalues[0] > -1e-14
        assert eigenvalues[-1] <= objective.curvature_bound()

    @pytest.mark.parametrize(("n_classes", "largest"), [(2, 0.25), (3, 0.5), (4, 0.5)])
    @pytest.mark.parametrize("intercept", [True, False])
    def test_the_bound_of_the_curvature_by_hand(self, n_classes, largest, intercept):
        X = np.array([[1.0, 2.0], [3.0, 0.0]])  # the mean square length of a row is 7
        objective = SoftmaxObjective(X, np.array([0, 1]), n_classes, 0.1, fit_intercept=intercept)
        assert objective.curvature_bound() == largest * (7 + intercept) + 1 / (0.1 * 2)

    @given(st.lists(st.integers(0, 4), min_size=12, max_size=12).filter(any), st.integers(2, 4))
    def test_a_weight_is_a_number_of_copies(self, counts, n_classes):
        X, labels = made_data(n=12, n_classes=n_classes)
        weighted = SoftmaxObjective(X, labels, n_classes, sample_weight=np.array(counts, float))
        copied = SoftmaxObjective(np.repeat(X, counts, 0), np.repeat(labels, counts), n_classes)
        params = np.cos(np.arange(np.prod(weighted.shape))).reshape(weighted.shape)
        assert weighted.loss(params) == pytest.approx(copied.loss(params), rel=1e-13)
        np.testing.assert_allclose(
            weighted.gradient(params), copied.gradient(params), rtol=1e-12, atol=1e-15
        )

    @given(st.floats(-50, 50))
    def test_the_same_for_all_intercepts_changes_nothing(self, shift):
        X, labels = made_data()
        objective = SoftmaxObjective(X, labels, 3)
        params = np.cos(np.arange(12.0)).reshape(3, 4)
        shifted = params + np.array([0, 0, 0, shift])
        assert objective.loss(shifted) == pytest.approx(objective.loss(params), rel=1e-13)
        assert objective.gradient(shifted)[:, -1].sum() == pytest.approx(0, abs=1e-15)

    def test_two_classes_are_two_rows_with_half_the_weights(self):
        X, labels = made_data(n_classes=2)
        one_row = SoftmaxObjective(X, labels, 2, C=np.inf)
        params = np.array([[0.3, -1.2, 0.5, 0.1]])
        logits = np.vstack([-params, params]) / 2 @ np.column_stack([X, np.ones(len(X))]).T
        by_hand = np.log(np.exp(logits).sum(axis=0)) - logits[labels, np.arange(len(X))]
        assert one_row.loss(params) == pytest.approx(by_hand.mean(), rel=1e-14)


def real_data():
    for name in ("iris", "wine", "breast_cancer"):
        X, y = getattr(sklearn_datasets, f"load_{name}")(return_X_y=True)
        yield pytest.param(StandardScaler().fit_transform(X), y, id=name)
    yield pytest.param(*load_digits()[0], id="digits")


def scikit(X, y, sample_weight=None, **options):
    return LogisticRegression(solver="newton-cg", tol=1e-13, max_iter=500, **options).fit(
        X, y, sample_weight
    )


def assert_same_model(ours, theirs, X):
    def distance(a, b):
        return np.abs(a - b).max() / np.abs(b).max()

    assert ours.coef_.shape == theirs.coef_.shape
    assert distance(ours.coef_, theirs.coef_) < 1e-6
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


class TestAgainstScikitLearn:
    @pytest.mark.parametrize(("X", "y"), list(real_data()))
    def test_same_weights_loss_and_predictions(self, X, y):
        ours, theirs = SoftmaxRegression(tol=1e-12).fit(X, y), scikit(X, y)
        assert_same_model(ours, theirs, X)
        objective = SoftmaxObjective(X, y, len(ours.classes_))
        at_theirs = objective.loss(np.column_stack([theirs.coef_, theirs.intercept_]))
        assert ours.loss_curve_[-1] == pytest.approx(at_theirs, rel=1e-8)
        np.testing.assert_allclose(
            ours.decision_function(X), theirs.decision_function(X), rtol=1e-6, atol=1e-6
        )

    @pytest.mark.parametrize("solver", ["lbfgs", "gradient-descent"])
    def test_the_other_solvers_find_the_same_minimum(self, solver):
        X, y = made_data(n=200)
        ours = SoftmaxRegression(C=0.1, solver=solver, max_iter=10_000).fit(X, y)
        assert_same_model(ours, scikit(X, y, C=0.1), X)

    @pytest.mark.parametrize("C", [1e-4, 0.3, 100.0])
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_every_strength_of_the_penalty(self, C, n_classes):
        X, y = made_data(n=90, n_classes=n_classes)
        assert_same_model(SoftmaxRegression(C=C, tol=1e-12).fit(X, y), scikit(X, y, C=C), X)

    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_no_intercept(self, n_classes):
        X, y = made_data(n=90, n_classes=n_classes)
        ours = SoftmaxRegression(fit_intercept=False, tol=1e-12).fit(X, y)
        assert_same_model(ours, scikit(X, y, fit_intercept=False), X)
        np.testing.assert_array_equal(ours.intercept_, 0)

    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_sample_weights(self, n_classes):
        X, y = made_data(n=90, n_classes=n_classes)
        weight = np.random.default_rng(0).uniform(0, 2, 90)
        ours = SoftmaxRegression(tol=1e-12).fit(X, y, weight)
        assert_same_model(ours, scikit(X, y, weight), X)

    @pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
    @pytest.mark.parametrize("solver", SOLVERS)
    def test_sparse_is_dense(self, form, solver):
        X, y = made_data(n=90)
        X[X < 0.5] = 0
        model = SoftmaxRegression(C=0.1, solver=solver, max_iter=10_000)
        dense, thin = clone(model).fit(X, y), clone(model).fit(form(X), y)
        np.testing.assert_allclose(thin.coef_, dense.coef_, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(thin.predict_proba(form(X)), dense.predict_proba(X), atol=1e-8)

    def test_labels_may_be_words(self):
        X, y = made_data(n=90)
        words = np.array(["pig", "cat", "dog"])[y]
        ours, theirs = SoftmaxRegression(tol=1e-12).fit(X, words), scikit(X, words)
        assert ours.classes_.tolist() == ["cat", "dog", "pig"]
        assert_same_model(ours, theirs, X)
        assert ours.loss(X, words) == ours.loss_curve_[-1]


class TestSoftmaxRegression:
    @pytest.mark.slow
    def test_scikit_learns_own_checks(self):
        check_estimator(SoftmaxRegression(), on_skip=None)

    @pytest.mark.slow
    def test_scikit_learns_own_checks_of_lbfgs(self):
        with warnings.catch_warnings():  # on unscaled noise it may not get down to 1e-8
            warnings.simplefilter("ignore", ConvergenceWarning)
            check_estimator(SoftmaxRegression(solver="lbfgs"), on_skip=None)

    def test_gradient_vanishes_and_the_curve_ends_at_the_loss(self):
        X, y = made_data()
        model = SoftmaxRegression().fit(X, y)
        assert np.abs(model.gradient(X, y)).max() <= 1e-8
        assert model.gradient(X, y).shape == (3, 4)
        assert model.loss_curve_[0] == pytest.approx(np.log(3), rel=1e-15)
        assert model.loss_curve_[-1] == model.loss(X, y)
        assert len(model.loss_curve_) == model.n_iter_ + 1
        assert all(np.diff(model.loss_curve_) < 0)

    def test_one_class_is_certain(self):
        model = SoftmaxRegression().fit([[1.0], [2.0]], ["only", "only"])
        np.testing.assert_array_equal(model.predict_proba([[5.0], [-3.0]]), [[1.0], [1.0]])
        np.testing.assert_array_equal(model.predict([[5.0]]), ["only"])
        assert model.loss_curve_.tolist() == [0.0]

    def test_two_classes_have_one_score(self):
        X, y = made_data(n_classes=2)
        model = SoftmaxRegression().fit(X, y)
        score, p = model.decision_function(X), model.predict_proba(X)
        assert score.shape == (40,)
        np.testing.assert_allclose(score, np.log(p[:, 1] / p[:, 0]), rtol=1e-12)
        np.testing.assert_array_equal(model.predict(X), score > 0)

    def test_log_probabilities_do_not_overflow(self):
        X, y = made_data()
        log_p = SoftmaxRegression().fit(X, y).predict_log_proba(1e6 * X)
        assert np.isfinite(log_p).all()
        assert log_p.min() < -1e4

    @pytest.mark.parametrize("intercept", [True, False])
    @pytest.mark.parametrize("form", [np.asarray, sparse.csr_array, sparse.csc_array])
    def test_loss_and_gradient_of_other_data_than_the_fitted(self, form, intercept):
        X, y = made_data()
        model = SoftmaxRegression(fit_intercept=intercept).fit(X, y)
        other, weight = form(np.round(4 * X[:9])), np.arange(9.0)
        objective = SoftmaxObjective(other, y[:9], 3, 1.0, weight, intercept)
        params = np.column_stack([model.coef_, model.intercept_])[:, : 3 + intercept]
        assert model.loss(other, y[:9], weight) == pytest.approx(objective.loss(params), rel=1e-15)
        np.testing.assert_allclose(
            model.gradient(other, y[:9], weight), objective.gradient(params), rtol=1e-13
        )
        assert model.loss_curve_[-1] == model.loss(X, y)

    def test_loss_refuses_another_number_of_features(self):
        X, y = made_data()
        model = SoftmaxRegression().fit(X, y)
        with pytest.raises(ValueError, match="X has 2 features, but SoftmaxRegression"):
            model.loss(X[:, :2], y)

    def test_loss_of_integers_and_words_for_numbers(self):
        X, y = made_data()
        model = SoftmaxRegression().fit(X, y)
        rows = np.round(X).astype(int)
        assert model.loss(rows, y) == model.loss(rows.astype(float), y)
        assert model.loss(rows.astype(str).astype(object), y) == model.loss(rows, y)

    def test_the_warning_points_at_the_call_of_fit(self):
        with pytest.warns(ConvergenceWarning) as caught:
            SoftmaxRegression(max_iter=1).fit(*made_data())
        assert caught[0].filename == __file__

    def test_the_warning_tells_the_last_loss(self):
        X, y = made_data()
        with pytest.warns(ConvergenceWarning) as caught:
            model = SoftmaxRegression(max_iter=2).fit(X, y)
        assert f"at loss {model.loss_curve_[-1]:.6g}; its last weights are kept" in str(
            caught[0].message
        )
        assert len({f"{loss:.6g}" for loss in model.loss_curve_}) == 3

    def test_warm_start_is_there_already(self):
        X, y = made_data()
        model = SoftmaxRegression(warm_start=True).fit(X, y)
        first = model.coef_.copy()
        assert model.fit(X, y).n_iter_ == 0
        np.testing.assert_array_equal(model.coef_, first)
        assert model.set_params(C=1.1).fit(X, y).n_iter_ < clone(model).fit(X, y).n_iter_

    def test_warm_start_without_intercepts(self):
        X, y = made_data()
        model = SoftmaxRegression(fit_intercept=False, warm_start=True).fit(X, y)
        assert model.fit(X, y).n_iter_ == 0

    def test_warm_start_refuses_other_classes(self):
        X, y = made_data()
        model = SoftmaxRegression(warm_start=True).fit(X, y)
        with pytest.raises(
            ValueError,
            match=r"^warm_start needs the same features, intercepts and classes as the last fit: ",
        ):
            model.fit(X, y + 1)
        model.fit(X, y)  # the refusal did not spoil the model

    @pytest.mark.parametrize("solver", SOLVERS)
    def test_too_few_steps_warn(self, solver):
        X, y = made_data()
        with pytest.warns(ConvergenceWarning, match=f"{solver} stopped before .* after 1 steps"):
            SoftmaxRegression(solver=solver, max_iter=1).fit(X, y)

    @pytest.mark.parametrize("solver", SOLVERS)
    def test_an_interrupt_keeps_the_weights_so_far(self, solver, monkeypatch):
        X, y = made_data()
        compute, calls = SoftmaxObjective.loss_and_gradient, []

        def interrupted(self, params):
            calls.append(params)
            if len(calls) == 6:
                raise KeyboardInterrupt
            return compute(self, params)

        monkeypatch.setattr(SoftmaxObjective, "loss_and_gradient", interrupted)
        model = SoftmaxRegression(C=100, solver=solver)
        with pytest.warns(ConvergenceWarning, match=f"^{solver} was interrupted, "):
            model.fit(X, y)
        monkeypatch.undo()
        assert model.n_iter_ >= 1
        assert model.loss(X, y) == model.loss_curve_[-1] < np.log(3)
        assert model.predict(X).shape == y.shape

    def test_an_interrupt_before_the_start_is_an_interrupt(self, monkeypatch):
        def interrupted(self, params):
            raise KeyboardInterrupt

        monkeypatch.setattr(SoftmaxObjective, "loss_and_gradient", interrupted)
        with pytest.raises(KeyboardInterrupt):
            SoftmaxRegression().fit(*made_data())

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"C": 0}, "C must be a positive number, not 0"),
            ({"C": np.nan}, "C must be a positive number, not nan"),
            ({"C": "1"}, "C must be a positive number, not '1'"),
            ({"tol": -1.0}, "tol must be a number, not negative, not -1.0"),
            ({"max_iter": 0}, "max_iter must be an int > 0, not 0"),
            ({"max_iter": 1.5}, "max_iter must be an int > 0, not 1.5"),
            ({"solver": "sag"}, "solver must be one of newton-cg, lbfgs, gradient-descent"),
        ],
    )
    def test_bad_parameters(self, options, message):
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression(**options).fit(*made_data())

    def test_bad_weights_and_labels(self):
        X, y = made_data()
        model = SoftmaxRegression()
        with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
            model.fit(X, y, -np.ones(len(y)))
        with pytest.raises(NotFittedError):
            SoftmaxRegression().loss(X, y)
        model.fit(X, y)
        with pytest.raises(ValueError, match=r"y holds 5, which is not in classes_ \[0 1 2\]"):
            model.loss(X, y + 5)


def test_a_tolerance_of_zero_is_allowed():
    with pytest.warns(ConvergenceWarning):
        SoftmaxRegression(tol=0.0, max_iter=2).fit([[0.0], [1.0], [2.0]], [0, 1, 1])


def test_single_precision_is_taken_as_double():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(60, 3)).astype(np.float32)
    y = rng.integers(0, 3, 60)
    weight = rng.uniform(0.1, 1, 60).astype(np.float32)
    single = SoftmaxRegression().fit(X, y, sample_weight=weight)
    double = SoftmaxRegression().fit(X.astype(float), y, sample_weight=weight.astype(float))
    assert single.coef_.dtype == np.float64
    np.testing.assert_array_equal(single.coef_, double.coef_)
    scores = double.decision_function(X.astype(float))
    np.testing.assert_array_equal(single.decision_function(X), scores)
    assert single.loss(X, y, weight) == double.loss(X.astype(float), y, weight.astype(float))
