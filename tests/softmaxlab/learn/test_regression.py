"""Softmax regression: its objective by differences, its weights beside scikit-learn's."""

import warnings
from fractions import Fraction

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

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ({"n_classes": 2.0}, "n_classes must be an integer, 1 or more, not 2.0 of type float"),
            ({"n_classes": True}, "n_classes must be an integer, 1 or more, not True of type bool"),
            ({"C": 1j}, "C must be a positive number, not 1j of type complex"),
            ({"C": 0}, "C must be a positive number, not 0 of type int"),
            ({"fit_intercept": "no"}, "fit_intercept must be True or False, not 'no' of type str"),
        ],
    )
    def test_parameters_are_checked(self, bad, message):
        given = {"X": [[1.0], [2.0]], "labels": [0, 1], "n_classes": 2, **bad}
        with pytest.raises(ValueError, match=f"^{message}$"):
            SoftmaxObjective(**given)

    @pytest.mark.parametrize("type_", [np.float16, np.longdouble, Fraction, np.uint8, int])
    def test_a_penalty_of_every_type_is_that_of_float64(self, type_):
        X, labels = made_data()
        cost = SoftmaxObjective(X, labels, 3, C=type_(3)).loss(np.ones((3, 4)))
        assert type(cost) is float
        assert cost == SoftmaxObjective(X, labels, 3, C=3.0).loss(np.ones((3, 4)))

    @pytest.mark.parametrize("C", [np.float16(2), np.longdouble(2), Fraction(2), np.uint8(2)])
    def test_a_model_without_intercepts_and_a_penalty_of_every_type(self, C):
        X, labels = made_data()
        fitted = SoftmaxRegression(C=C, fit_intercept=False).fit(X, labels)
        expected = SoftmaxRegression(C=2.0, fit_intercept=False).fit(X, labels)
        np.testing.assert_array_equal(fitted.coef_, expected.coef_)

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

    def test_a_penalty_beyond_float64_is_cut(self):
        X, y = made_data()
        objective = SoftmaxObjective(X, y, 3, C=5e-324, sample_weight=np.full(len(y), 1e-3))
        assert objective.penalty == 1e30

    def test_it_is_silent_unless_told(self, capsys):
        SoftmaxRegression().fit(*made_data())
        assert capsys.readouterr().out == ""
        SoftmaxRegression(verbose=True).fit(*made_data())
        assert "step 1: loss " in capsys.readouterr().out

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
    @pytest.mark.filterwarnings("ignore:.* has no minimum to find:")  # a class without weight
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
            ({"verbose": "yes"}, "verbose must be True or False, not 'yes' of type str"),
            ({"C": 0}, "C must be a positive number, not 0 of type int"),
            ({"C": True}, "C must be a positive number, not True of type bool"),
            ({"C": np.array([1.0])}, "C must be a positive number, not array"),
            ({"C": np.nan}, "C must be a positive number, not nan"),
            ({"C": "1"}, "C must be a positive number, not '1'"),
            ({"tol": -1.0}, "tol must be a number, not negative, not -1.0"),
            ({"max_iter": 0}, "max_iter must be an int > 0, not 0"),
            ({"max_iter": 1.5}, "max_iter must be an int > 0, not 1.5"),
            ({"solver": "sag"}, "solver must be one of newton-cg, lbfgs, gradient-descent"),
            ({"solver": ["lbfgs"]}, r"solver must be one of .*, not \['lbfgs'\] of type list"),
            ({"tol": None}, "tol must be a number, not negative, not None of type NoneType"),
            (
                {"fit_intercept": "False"},
                "fit_intercept must be True or False, not 'False' of type",
            ),
            ({"fit_intercept": 1}, "fit_intercept must be True or False, not 1 of type int"),
            ({"warm_start": "no"}, "warm_start must be True or False, not 'no' of type str"),
            ({"class_weight": "even"}, "class_weight must be None, 'balanced', or a dict of"),
            ({"class_weight": [1, 1, 1]}, r"class_weight must be .* not \[1, 1, 1\] of type list"),
            ({"class_weight": {0: -1.0}}, r"class_weight must be .* not \{0: -1.0\} of type dict"),
            ({"class_weight": {0: np.nan}}, "class_weight must be"),
            ({"class_weight": {0: np.inf}}, "class_weight must be"),
            ({"class_weight": {0: "2"}}, "class_weight must be"),
            ({"class_weight": {0: 0, 1: 0, 2: 0}}, "class_weight .* leaves no sample any weight"),
        ],
    )
    def test_bad_parameters(self, options, message):
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression(**options).fit(*made_data())

    def test_flags_and_numbers_of_numpy(self):
        X, y = made_data()
        options = {"C": np.float32(0.5), "fit_intercept": np.False_, "max_iter": np.int8(50)}
        model = SoftmaxRegression(**options).fit(X, y)
        plain = SoftmaxRegression(0.5, fit_intercept=False, max_iter=50).fit(X, y)
        np.testing.assert_array_equal(model.coef_, plain.coef_)

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


class TestClassWeight:
    def test_closed_form_of_one_feature_that_says_nothing(self):
        """Without features the best logits are those of the classes' shares of the weight."""
        y = np.repeat([0, 1, 2], [5, 3, 2])
        weights = {0: 1.0, 1: 4.0, 2: 0.5}
        model = SoftmaxRegression(class_weight=weights, tol=1e-12).fit(np.zeros((10, 1)), y)
        np.testing.assert_allclose(model.predict_proba([[0.0]])[0] * 18, [5, 12, 1], rtol=1e-9)
        np.testing.assert_array_equal(model.class_weight_, [1, 4, 0.5])

    def test_balanced_classes_have_the_same_weight_in_sum(self):
        y = np.repeat(["a", "b", "c"], [5, 3, 2])
        model = SoftmaxRegression(class_weight="balanced", tol=1e-12).fit(np.zeros((10, 1)), y)
        np.testing.assert_allclose(model.class_weight_ * [5, 3, 2], 10 / 3, rtol=1e-15)
        np.testing.assert_allclose(model.predict_proba([[0.0]]), 1 / 3, rtol=1e-9)

    @pytest.mark.parametrize("solver", SOLVERS)
    def test_a_weight_of_a_class_is_one_of_its_samples(self, solver):
        X, y = made_data(n=50)
        model = SoftmaxRegression(0.1, solver=solver, tol=1e-7, max_iter=5000)
        by_class = clone(model).set_params(class_weight={1: 3.0, 2: 0.25}).fit(X, y)
        by_sample = clone(model).fit(X, y, np.array([1.0, 3.0, 0.25])[y])
        np.testing.assert_array_equal(by_class.coef_, by_sample.coef_)
        np.testing.assert_array_equal(by_class.loss_curve_, by_sample.loss_curve_)

    def test_a_whole_weight_is_a_number_of_copies(self):
        X, y = made_data(n=50)
        weighted = SoftmaxRegression(class_weight={0: 3}, tol=1e-12).fit(X, y)
        copies = np.where(y == 0, 3, 1)
        copied = SoftmaxRegression(tol=1e-12).fit(X.repeat(copies, 0), y.repeat(copies))
        np.testing.assert_allclose(weighted.coef_, copied.coef_, rtol=1e-9, atol=1e-11)

    @pytest.mark.parametrize("n_classes", [2, 3])
    @pytest.mark.parametrize("class_weight", ["balanced", {0: 0.3, 1: 7}])
    @pytest.mark.parametrize("weighted", [False, True])
    def test_agrees_with_scikit_learn(self, n_classes, class_weight, weighted):
        rng = np.random.default_rng(5)
        y = np.minimum(rng.geometric(0.5, 120) - 1, n_classes - 1)
        X = rng.normal(size=(120, 3)) + y[:, None] / 2
        weight = rng.uniform(0, 2, 120) if weighted else None
        ours = SoftmaxRegression(class_weight=class_weight, tol=1e-12).fit(X, y, weight)
        assert_same_model(ours, scikit(X, y, weight, class_weight=class_weight), X)

    def test_the_loss_of_the_data_is_that_of_the_fit(self):
        X, y = made_data()
        weight = np.linspace(0, 1, 40)
        model = SoftmaxRegression(class_weight={0: 5.0}).fit(X, y, weight)
        assert model.loss(X, y, weight) == model.loss_curve_[-1]
        assert np.abs(model.gradient(X, y, weight)).max() <= 1e-8
        assert model.loss(X, y) != pytest.approx(model.loss_curve_[-1], rel=1e-3)

    def test_a_class_without_weight_has_no_best_intercept(self):
        X, y = made_data()
        message = r"^newton-cg has no minimum to find: no sample of \['b'\] has any weight, after"
        labels = np.array(["a", "b", "c"])[y]
        with pytest.warns(ConvergenceWarning, match=message):
            SoftmaxRegression(class_weight={"b": 0.0}).fit(X, labels)
        with pytest.warns(ConvergenceWarning, match=message):
            SoftmaxRegression().fit(X, labels, 1.0 * (labels != "b"))
        with pytest.warns(ConvergenceWarning, match="no minimum"):
            SoftmaxRegression(np.inf, fit_intercept=False, class_weight={1: 0}).fit(X, y)

    def test_without_intercepts_the_penalty_holds_a_class_without_weight(self):
        X, y = made_data()
        model = SoftmaxRegression(fit_intercept=False, class_weight={1: 0.0}, tol=1e-12).fit(X, y)
        assert_same_model(model, scikit(X, y, fit_intercept=False, class_weight={1: 0.0}), X)


class TestExtremes:
    @pytest.mark.parametrize("solver", SOLVERS)
    @pytest.mark.parametrize("scale", [1e-300, 1e-100, 1e20, 1e50, 1e100, 1e145])
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_features_of_any_size_never_end_above_the_start(self, solver, scale, n_classes):
        X, y = made_data(n=60, n_classes=n_classes)
        model = SoftmaxRegression(solver=solver, max_iter=60)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(scale * X, y)
        assert model.loss_curve_[0] == pytest.approx(np.log(n_classes), rel=1e-15)
        assert all(model.loss_curve_ <= model.loss_curve_[0])
        assert np.isfinite(model.coef_).all()

    @pytest.mark.parametrize("scale", [1e50, 1e100, 1e145])
    def test_newton_finds_the_minimum_of_large_features(self, scale):
        X, y = made_data(n=60)
        best = SoftmaxRegression(np.inf, fit_intercept=False).fit(X, y)
        with pytest.warns(ConvergenceWarning, match="stopped before the gradient was below"):
            large = SoftmaxRegression(fit_intercept=False).fit(scale * X, y)
        assert large.loss_curve_[-1] == pytest.approx(best.loss_curve_[-1], rel=1e-9)
        # What is added to all classes changes no loss; here rounding decides it.
        found, best = (coef - coef.mean(axis=0) for coef in (scale * large.coef_, best.coef_))
        np.testing.assert_allclose(found, best, rtol=1e-3, atol=1e-3)

    @pytest.mark.parametrize("solver", SOLVERS)
    @pytest.mark.parametrize("large", [1e151, 1e160, 1.7e308])
    @pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
    def test_features_whose_squares_overflow_are_refused_by_name(self, solver, large, form):
        X, y = made_data()
        X[3, 1] = -large
        message = rf"^X of shape \(40, 3\) holds numbers as large as {large:g}, and their squares"
        message += " are beyond float64; scale the features$"
        with pytest.raises(ValueError, match=message.replace("+", r"\+")):
            SoftmaxRegression(solver=solver).fit(form(X), y)

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba"])
    @pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
    def test_scores_beyond_float64_are_refused_by_name(self, method, form):
        X, y = made_data(n=60)
        model = SoftmaxRegression(C=1e3).fit(0.1 * X, y)
        assert np.abs(model.coef_[:2]).sum(axis=1).min() > 2
        message = r"^X of shape \(2, 3\) holds numbers as large as 1.7e\+308: the logits are"
        with pytest.raises(ValueError, match=message):
            getattr(model, method)(form(1.7e308 * np.sign(model.coef_[:2])))

    @pytest.mark.parametrize("total", [1e-320, 1e-300, 1e-100])
    def test_tiny_weights_leave_the_penalty_alone(self, total):
        """Weights of nothing against the penalty: the coefficients vanish, the intercepts not."""
        X = np.random.default_rng(0).normal(size=(60, 3))
        y = np.repeat([0, 1], [20, 40])
        model = SoftmaxRegression().fit(X, y, np.full(60, total))
        assert np.abs(model.coef_).max() < 1e-29
        np.testing.assert_allclose(model.intercept_, np.log(2), rtol=1e-7)

    def test_huge_weights_leave_the_data_alone(self):
        X, y = made_data(n=60)
        model = SoftmaxRegression(tol=1e-12).fit(X, y, np.full(60, 1e298))
        best = SoftmaxRegression(np.inf, tol=1e-12).fit(X, y)
        np.testing.assert_allclose(model.coef_, best.coef_, rtol=1e-8, atol=1e-9)

    def test_a_scale_of_two_of_all_weights_changes_no_digit_without_penalty(self):
        X, y = made_data(n=60)
        weight = np.random.default_rng(0).uniform(0.1, 1, 60)
        one, other = (
            SoftmaxRegression(np.inf).fit(X, y, scale * weight) for scale in (1, 2.0**-1000)
        )
        np.testing.assert_array_equal(one.coef_, other.coef_)


INTEGERS = [*np.typecodes["AllInteger"], ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", "<i2", "<u8"]


class TestKinds:
    @pytest.mark.parametrize("dtype", INTEGERS)
    @pytest.mark.parametrize("n_classes", [2, 3, 70])
    def test_labels_of_every_integer_type(self, dtype, n_classes):
        X, y = made_data(n=300, n_classes=n_classes)
        plain = SoftmaxRegression(0.01, tol=1e-4).fit(X, y)
        model = SoftmaxRegression(0.01, tol=1e-4).fit(X, y.astype(dtype))
        np.testing.assert_array_equal(model.coef_, plain.coef_)
        np.testing.assert_array_equal(model.predict(X), plain.predict(X))
        assert model.loss(X, y.astype(dtype)) == plain.loss(X, y)
        objective = SoftmaxObjective(X, y.astype(dtype), n_classes)
        params = np.cos(np.arange(np.prod(objective.shape))).reshape(objective.shape)
        there = SoftmaxObjective(X, y, n_classes)
        assert objective.loss(params) == there.loss(params)
        np.testing.assert_array_equal(objective.gradient(params), there.gradient(params))

    @pytest.mark.parametrize("dtype", ["?", "f2", "f4", ">f4", ">f8", "i1", "u8", object])
    def test_features_and_weights_of_every_kind_are_computed_with_in_double(self, dtype):
        X, y = made_data()
        X, weight = np.abs(np.round(X)).astype(dtype), (np.arange(40) % 2).astype(dtype)
        model = SoftmaxRegression().fit(X, y, weight)
        plain = SoftmaxRegression().fit(X.astype(float), y, weight.astype(float))
        np.testing.assert_array_equal(model.coef_, plain.coef_)
        np.testing.assert_array_equal(model.predict_proba(X), plain.predict_proba(X.astype(float)))

    @pytest.mark.parametrize("name", ["X", "y", "sample_weight"])
    @pytest.mark.parametrize("method", ["fit", "loss", "gradient"])
    def test_masks_and_complex_numbers_are_refused_by_name(self, method, name):
        X, y = made_data()
        given = {"X": X, "y": y, "sample_weight": np.ones(40)}
        model = SoftmaxRegression().fit(X, y)
        masked = np.ma.masked_array(given[name], mask=False)
        with pytest.raises(TypeError, match=f"^{name} is a masked array: its mask would be"):
            getattr(model, method)(**given | {name: masked})
        with pytest.raises(ValueError, match=f"^Complex data not supported: {name} has dtype com"):
            getattr(model, method)(**given | {name: given[name] + 0j})

    def test_masks_are_refused_where_there_is_something_to_predict(self):
        X, y = made_data()
        model = SoftmaxRegression().fit(X, y)
        with pytest.raises(TypeError, match=r"^X is a masked array"):
            model.predict(np.ma.masked_array(X))
        with pytest.raises(TypeError, match=r"^X is a masked array"):
            SoftmaxObjective(np.ma.masked_array(X), y, 3)

    @pytest.mark.parametrize("labels", [["a", 1], [None, "a"]])
    def test_labels_that_cannot_be_sorted(self, labels):
        with pytest.raises((TypeError, ValueError), match=r"^y of shape \(2,\): "):
            SoftmaxRegression().fit([[0.0], [1.0]], np.array(labels, dtype=object))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"X": np.zeros((3, 2, 1))}, "X|dim 3"),
            ({"X": [[0.0], [np.nan], [1.0]]}, "X contains NaN"),
            ({"X": [[0.0], [np.inf], [1.0]]}, "X contains infinity"),
            ({"labels": [0, 1, 3]}, r"labels of shape \(3,\) have 3 at \(2,\)"),
            ({"labels": [0, 1]}, r"labels have shape \(2,\), the samples have shape \(3,\)"),
            ({"sample_weight": [1.0, 1.0]}, r"sample_weight.shape == \(2,\)"),
            ({"sample_weight": [1.0, -1.0, 1.0]}, "Negative values in data passed to `sample_we"),
            ({"sample_weight": [1.0, np.nan, 1.0]}, "sample_weight contains NaN"),
            ({"sample_weight": [0.0, 0.0, 0.0]}, "sample_weight"),
            (
                {"sample_weight": [0.0, 1e308, 1e308]},
                r"sample_weight of shape \(3,\) adds up to inf",
            ),
            ({"sample_weight": [0.0, 1e308, 0.0]}, "sample_weight .* adds up to 1e[+]308"),
        ],
    )
    def test_an_objective_refuses_by_name(self, change, message):
        given = {"X": [[0.0], [1.0], [2.0]], "labels": [0, 1, 2], "n_classes": 3}
        with pytest.raises(ValueError, match=message):
            SoftmaxObjective(**given | change)


class TestOrder:
    @given(st.permutations(range(40)), st.sampled_from(["plain", "weighted", "sparse"]))
    def test_the_order_of_samples_changes_rounding_alone(self, order, kind):
        """Sums are rounded in another order; the minimum is the same to the square of ``tol``."""
        X, y = made_data()
        weight = np.linspace(0.1, 2, 40)
        form = sparse.csr_array if kind == "sparse" else np.asarray
        one, other = (
            SoftmaxRegression(0.3, class_weight="balanced").fit(
                form(X[rows]), y[rows], weight[rows] if kind == "weighted" else None
            )
            for rows in (np.arange(40), np.array(order))
        )
        np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-7, atol=1e-7)
        assert one.loss_curve_[-1] == pytest.approx(other.loss_curve_[-1], rel=1e-13)
        assert one.class_weight_ == pytest.approx(other.class_weight_, rel=1e-13)
