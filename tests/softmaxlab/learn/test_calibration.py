"""Calibration: counted by hand, beside scikit-learn, and the temperature by its definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator
from softmaxlab.learn.calibration import (
    TemperatureScaling,
    expected_calibration_error,
    reliability_curve,
)
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.regression import SoftmaxRegression


def made_logits(n=500, n_classes=4, scale=1.0, seed=0):
    """Return logits and labels drawn from their softmax, the logits then multiplied."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=1.5, size=(n, n_classes))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return scale * logits, labels


def two_classes(confidence):
    """Return probabilities of class 0 and class 1; class 0 is predicted."""
    confidence = np.asarray(confidence)
    return np.column_stack([confidence, 1 - confidence])


class TestReliabilityCurve:
    def test_fifteen_bins_unless_told(self):
        p = two_classes(np.linspace(0.5, 1, 100))
        labels = np.arange(100) % 3 == 0
        by_default, of_fifteen = (
            reliability_curve(p, 1 * labels),
            reliability_curve(p, 1 * labels, 15),
        )
        np.testing.assert_array_equal(by_default.count, of_fifteen.count)
        error = expected_calibration_error(p, 1 * labels)
        assert error == expected_calibration_error(p, 1 * labels, 15)

    def test_the_lowest_two_bins_are_two(self):
        p = np.full((2, 12), 1 / 12)
        p[1] = [0.15] + [0.85 / 11] * 11
        np.testing.assert_array_equal(reliability_curve(p, [0, 0], n_bins=10).count, [1, 1])

    def test_equal_confidences_share_quantiles_in_their_order(self):
        rng = np.random.default_rng(0)
        confidence, labels = rng.choice([0.6, 0.7, 0.8], 7000), rng.integers(2, size=7000)
        in_order = np.array(sorted(range(7000), key=confidence.__getitem__))  # a stable sort
        by_hand = 1 - labels[in_order].reshape(7, 1000).mean(axis=1)
        curve = reliability_curve(two_classes(confidence), labels, 7, "quantile")
        np.testing.assert_allclose(curve.accuracy, by_hand, rtol=1e-12)

    def test_by_hand(self):
        p = two_classes([0.55, 0.61, 0.65, 0.95, 0.97])
        curve = reliability_curve(p, [0, 1, 0, 0, 0], n_bins=10)
        np.testing.assert_allclose(curve.confidence, [0.55, 0.63, 0.96])
        np.testing.assert_allclose(curve.accuracy, [1.0, 0.5, 1.0])
        np.testing.assert_array_equal(curve.count, [1, 2, 2])

    def test_bins_are_closed_above(self):
        curve = reliability_curve(two_classes([0.5, 0.75, 0.76, 1.0]), [0, 0, 0, 0], n_bins=4)
        np.testing.assert_array_equal(curve.count, [1, 1, 2])

    def test_equally_many_in_each_bin(self):
        p = two_classes(np.linspace(0.5, 1, 103))
        curve = reliability_curve(p, np.zeros(103, int), n_bins=10, strategy="quantile")
        assert set(curve.count) == {10, 11}
        assert all(np.diff(curve.confidence) > 0)

    def test_equal_confidences_do_not_empty_a_bin(self):
        p = two_classes([0.8] * 6)
        curve = reliability_curve(p, [0, 0, 0, 1, 1, 1], n_bins=2, strategy="quantile")
        np.testing.assert_array_equal(curve.count, [3, 3])

    @given(st.integers(1, 20), st.integers(0, 10**6))
    def test_agrees_with_scikit_learn(self, n_bins, seed):
        """Of two classes, scikit-learn bins the probability of one; here that is the larger."""
        rng = np.random.default_rng(seed)
        confidence, labels = rng.uniform(0.5, 1, 60), rng.integers(0, 2, 60)
        ours = reliability_curve(two_classes(confidence), labels, n_bins)
        accuracy, mean = calibration_curve(labels == 0, confidence, n_bins=n_bins)
        np.testing.assert_allclose(ours.accuracy, accuracy, rtol=1e-12)
        np.testing.assert_allclose(ours.confidence, mean, rtol=1e-12)

    @given(st.integers(1, 30), st.sampled_from(["uniform", "quantile"]))
    def test_bins_add_up_to_the_whole(self, n_bins, strategy):
        logits, labels = made_logits(n=200)
        p = special.softmax(logits, axis=1)
        curve = reliability_curve(p, labels, n_bins, strategy)
        assert curve.count.sum() == 200
        assert all(curve.count > 0)
        assert curve.count @ curve.confidence == pytest.approx(p.max(axis=1).sum(), rel=1e-13)
        assert curve.count @ curve.accuracy == pytest.approx(sum(p.argmax(axis=1) == labels))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"p": [[0.9, 0.2]]}, r"^p.* sum"),
            ({"p": [0.5, 0.5]}, r"p must be rows .* shapes \(2,\) and \(1,\)"),
            ({"p": np.empty((0, 2)), "labels": []}, "one row at least"),
            ({"labels": [0, 1]}, r"shapes \(1, 2\) and \(2,\)"),
            ({"labels": [2]}, "labels must be integers from 0 to 1"),
            ({"labels": [-1]}, "labels must be integers from 0 to 1"),
            ({"labels": [0.0]}, "labels must be integers from 0 to 1"),
            ({"n_bins": 0}, "n_bins must be at least 1, not 0"),
            ({"strategy": "equal"}, "strategy must be 'uniform' or 'quantile', not 'equal'"),
        ],
    )
    @pytest.mark.parametrize("function", [reliability_curve, expected_calibration_error])
    def test_bad_input(self, function, change, message):
        with pytest.raises(ValueError, match=message):
            function(**{"p": [[0.9, 0.1]], "labels": [0], **change})


class TestExpectedCalibrationError:
    def test_by_hand(self):
        p = two_classes([0.55, 0.61, 0.65, 0.95, 0.97])
        error = expected_calibration_error(p, [0, 1, 0, 0, 0], n_bins=10)
        assert error == pytest.approx((1 * 0.45 + 2 * 0.13 + 2 * 0.04) / 5)

    def test_always_sure_and_half_the_time_right(self):
        assert expected_calibration_error(two_classes([1.0] * 4), [0, 1, 0, 1]) == 0.5

    def test_saying_the_common_share_is_no_error(self):
        assert expected_calibration_error(two_classes([0.75] * 4), [0, 0, 0, 1]) == 0.0

    def test_one_bin_is_the_gap_of_the_means(self):
        logits, labels = made_logits()
        p = special.softmax(logits, axis=1)
        gap = abs(p.max(axis=1).mean() - np.mean(p.argmax(axis=1) == labels))
        assert expected_calibration_error(p, labels, n_bins=1) == pytest.approx(gap, rel=1e-12)

    @given(st.integers(1, 12), st.integers(2, 5))
    def test_splitting_bins_never_lowers_it(self, n_bins, parts):
        logits, labels = made_logits(n=150)
        p = special.softmax(logits, axis=1)
        coarse = expected_calibration_error(p, labels, n_bins)
        fine = expected_calibration_error(p, labels, n_bins * parts)
        assert fine >= coarse - 1e-14

    def test_takes_probabilities_of_single_precision(self):
        logits, labels = made_logits(n=2000, n_classes=10)
        p = special.softmax(logits.astype(np.float32), axis=1)
        assert (np.abs(p.sum(axis=1, dtype=np.float64) - 1) > 1e-8).any()  # not by luck
        single = expected_calibration_error(p, labels)
        double = expected_calibration_error(special.softmax(logits, axis=1), labels)
        assert single == pytest.approx(double, abs=1e-5)

    def test_honest_probabilities_have_little(self):
        logits, labels = made_logits(n=50_000)
        assert expected_calibration_error(special.softmax(logits, axis=1), labels) < 0.01
        assert expected_calibration_error(special.softmax(3 * logits, axis=1), labels) > 0.1


class TestTemperatureScaling:
    @pytest.mark.parametrize("right", [0.6, 0.75, 0.9, 0.99])
    def test_closed_form_of_two_logits(self, right):
        """One gap z for all, right with frequency f: the best T makes z / T the logit of f."""
        labels = np.repeat([0, 1], [round(right * 100), 100 - round(right * 100)])
        logits = np.tile([3.0, 0.0], (100, 1))
        scaling = TemperatureScaling().fit(logits, labels)
        assert scaling.temperature_ == pytest.approx(3.0 / special.logit(right), rel=1e-12)
        np.testing.assert_allclose(scaling.predict_proba(logits)[:, 0], right, rtol=1e-12)

    def test_its_derivative_vanishes_and_its_neighbours_are_worse(self):
        logits, labels = made_logits(scale=2.5)
        scaling = TemperatureScaling().fit(logits, labels)
        p = scaling.predict_proba(logits)
        expected, true = (p * logits).sum(axis=1), logits[np.arange(len(labels)), labels]
        assert expected.mean() == pytest.approx(true.mean(), rel=1e-12)
        for factor in (0.99, 1.01):
            other = special.log_softmax(logits / (factor * scaling.temperature_), axis=1)
            assert -other[np.arange(len(labels)), labels].mean() > scaling.loss(logits, labels)

    def test_agrees_with_a_search_of_the_loss(self):
        logits, labels = made_logits(scale=0.4)

        def loss(log_temperature):
            log_p = special.log_softmax(logits / np.exp(log_temperature), axis=1)
            return -log_p[np.arange(len(labels)), labels].mean()

        best = optimize.minimize_scalar(loss, bounds=(-5, 5), method="bounded")
        scaling = TemperatureScaling().fit(logits, labels)
        assert scaling.log_temperature_ == pytest.approx(best.x, abs=1e-4)
        assert scaling.loss(logits, labels) == pytest.approx(best.fun, rel=1e-10)
        assert scaling.loss(logits, labels) <= best.fun * (1 + 1e-15)

    def test_agrees_with_scikit_learn(self):
        pytest.importorskip("sklearn", "1.8", reason="older ones do not scale the temperature")
        (X, y), (X_test, y_test) = load_digits(test_size=0.5)
        model = SoftmaxRegression(C=10).fit(X, y)
        theirs = CalibratedClassifierCV(FrozenEstimator(model), method="temperature", cv=2)
        theirs.fit(X_test, y_test)
        beta = theirs.calibrated_classifiers_[0].calibrators[0].beta_
        ours = TemperatureScaling().fit(model.decision_function(X_test), y_test)
        assert ours.temperature_ == pytest.approx(1 / beta, rel=1e-3)

    @given(st.floats(-12, 12), st.floats(-100, 100))
    def test_scaled_and_shifted_logits(self, log_scale, shift):
        logits, labels = made_logits(n=60)
        one = TemperatureScaling().fit(logits, labels)
        other = TemperatureScaling().fit(np.exp(log_scale) * (logits + shift), labels)
        assert other.log_temperature_ - log_scale == pytest.approx(one.log_temperature_, abs=1e-9)

    def test_finds_the_scale_that_data_were_drawn_with(self):
        for scale in (0.2, 1.0, 5.0):
            logits, labels = made_logits(n=20_000, scale=scale)
            assert TemperatureScaling().fit(logits, labels).temperature_ == pytest.approx(
                scale, rel=0.03
            )

    def test_keeps_the_predictions(self):
        logits, labels = made_logits(scale=4)
        scaling = TemperatureScaling().fit(logits, labels)
        p = scaling.predict_proba(logits)
        np.testing.assert_array_equal(p.argmax(axis=1), logits.argmax(axis=1))
        np.testing.assert_allclose(np.exp(scaling.predict_log_proba(logits)), p, rtol=1e-12)
        np.testing.assert_allclose(scaling.transform(logits) * scaling.temperature_, logits)

    def test_one_wrong_by_a_hair(self):
        """Nearly no heat is wanted, but some: the root is far from the start."""
        logits = np.array([[1.0, 0.0]] * 9 + [[0.0, 1e-6]])
        scaling = TemperatureScaling().fit(logits, np.zeros(10, int))
        assert 0 < scaling.temperature_ < 0.2
        assert scaling.loss(logits, np.zeros(10, int)) < np.log(2) / 10 * 1.001

    def test_all_right_has_no_best_temperature(self):
        with pytest.raises(ValueError, match="the colder the better") as caught:
            TemperatureScaling().fit([[1.0, 0.0], [0.0, 1e-9]], [0, 1])
        assert str(caught.value) == (
            "no temperature is best, the colder the better: the logits give every label the"
            " largest score; fit on data that the classifier has not learned from"
        )

    def test_worse_than_guessing_has_no_best_temperature(self):
        with pytest.raises(ValueError, match="the hotter the better") as caught:
            TemperatureScaling().fit([[1.0, 0.0], [0.0, 1.0]], [1, 0])
        assert str(caught.value) == (
            "no temperature is best, the hotter the better: on average the logits of the labels"
            " are not above the others"
        )

    @pytest.mark.parametrize(
        ("logits", "labels", "error"),
        [
            ([[1.0, np.nan]], [0], ValueError),
            ([[1.0, -np.inf]], [0], ValueError),
            ([1.0, 0.0], [0], ValueError),
            (np.empty((0, 2)), [], ValueError),
            ([[1.0, 0.0]], [2], ValueError),
            ([[1.0, 0.0]], [0, 1], ValueError),
            ([[1.0, 0.0]], [0.0], TypeError),
        ],
    )
    def test_bad_input(self, logits, labels, error):
        with pytest.raises(error, match=r"logits|label"):
            TemperatureScaling().fit(logits, labels)

    def test_the_numbers_that_are_not_finite_are_counted(self):
        with pytest.raises(ValueError, match=r"shape \(2, 3\), 1 not finite$"):
            TemperatureScaling().fit([[1.0, 2.0, np.inf], [0.0, 0.0, 0.0]], [0, 0])

    def test_a_common_offset_costs_no_digits(self):
        logits = np.random.default_rng(0).integers(-(2**12), 2**12, size=(50, 4)) / 2**10
        labels = np.where(np.arange(50) % 5, logits.argmax(axis=1), 0)
        plain = TemperatureScaling().fit(logits, labels).temperature_
        assert TemperatureScaling().fit(logits + 2.0**30, labels).temperature_ == plain

    def test_logits_in_single_precision_cost_no_digits(self):
        logits, labels = made_logits()
        logits = logits.astype(np.float32)
        one, other = (TemperatureScaling().fit(z, labels) for z in (logits, logits.astype(float)))
        assert one.temperature_ == other.temperature_

    def test_not_fitted(self):
        message = "^this TemperatureScaling is not fitted yet: call fit first$"
        with pytest.raises(ValueError, match=message):
            TemperatureScaling().predict_proba([[1.0, 0.0]])
