"""Calibration: counted by hand, beside scikit-learn, and the temperature by its definition."""

import numpy as np
import pytest
import sklearn
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.fixes import parse_version
from softmaxlab.learn.calibration import (
    TemperatureScaling,
    classwise_calibration_error,
    expected_calibration_error,
    maximum_calibration_error,
    reliability_curve,
)
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.regression import SoftmaxRegression

STATISTICS = [
    reliability_curve,
    expected_calibration_error,
    maximum_calibration_error,
    classwise_calibration_error,
]
INTEGERS = [*np.typecodes["AllInteger"], ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", "<i2", "<u8"]


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

    @pytest.mark.parametrize("n_bins", [1, 2, 7, 50])
    def test_equal_confidences_share_the_bin_of_their_quantile(self, n_bins):
        """NumPy's quantiles of the kind that are numbers of the data; bins are closed above."""
        rng = np.random.default_rng(0)
        confidence, labels = rng.choice([0.55, 0.6, 0.7, 0.8], 7000), rng.integers(2, size=7000)
        edges = np.quantile(confidence, np.arange(1, n_bins) / n_bins, method="inverted_cdf")
        place = np.searchsorted(edges, confidence)
        curve = reliability_curve(two_classes(confidence), labels, n_bins, "quantile")
        by_hand = [1 - labels[place == one].mean() for one in np.unique(place)]
        np.testing.assert_allclose(curve.accuracy, by_hand, rtol=1e-12)
        np.testing.assert_array_equal(curve.count, np.unique(place, return_counts=True)[1])

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

    def test_the_middle_one_of_three_is_in_the_first_of_two_bins(self):
        curve = reliability_curve(two_classes([0.6, 0.7, 0.8]), [0] * 3, 2, "quantile")
        np.testing.assert_array_equal(curve.count, [2, 1])

    @pytest.mark.parametrize("last", [0.0, 1e-17])
    def test_a_weight_that_is_lost_in_the_sum_makes_no_bin_of_its_own(self, last):
        p, weight = two_classes([0.6, 0.7, 0.8]), [1.0, 1.0, last]
        curve = reliability_curve(p, [0] * 3, 2, "quantile", sample_weight=weight)
        np.testing.assert_array_equal(curve.count, [1.0, 1.0])

    def test_equal_confidences_are_one_bin(self):
        p = two_classes([0.8] * 6)
        curve = reliability_curve(p, [0, 0, 0, 1, 1, 1], n_bins=2, strategy="quantile")
        np.testing.assert_array_equal(curve.count, [6])
        assert curve.accuracy == 0.5

    def test_bins_of_equal_number_by_hand_with_ties(self):
        p = two_classes([0.9, 0.6, 0.7, 0.7, 0.7, 0.8])  # ranks 5, 0, 1, 1, 1, 4 of 6, in thirds
        curve = reliability_curve(p, [0, 1, 0, 1, 0, 0], n_bins=3, strategy="quantile")
        np.testing.assert_array_equal(curve.count, [4, 2])
        np.testing.assert_array_equal(curve.accuracy, [0.5, 1.0])
        np.testing.assert_allclose(curve.confidence, [0.675, 0.85])

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
            (
                {"p": [[0.9, 0.2]]},
                r"^p of shape \(1, 2\) is no distribution in row \(0,\): it sums",
            ),
            ({"p": [[1.5, -0.5]]}, r"^p of shape \(1, 2\) has -0.5 at \(0, 1\): no probability"),
            ({"p": [[np.nan, 0.5]]}, r"^p of shape \(1, 2\) has nan at \(0, 0\): no probability"),
            ({"p": [0.5, 0.5]}, r"^p must be rows of probabilities, .* not \(2,\)$"),
            ({"p": np.empty((0, 2)), "labels": []}, r"one row at least, .* not \(0, 2\)$"),
            ({"p": np.empty((1, 0))}, r"one row at least, .* not \(1, 0\)$"),
            ({"p": [[1.0], [0.5, 0.5]]}, "^p is ragged"),
            ({"labels": [0, 1]}, r"^labels have shape \(2,\), the samples have shape \(1,\)$"),
            ({"labels": [[1, 0]]}, r"^labels have shape \(1, 2\), the samples have shape \(1,\)$"),
            ({"labels": [2]}, r"^labels of shape \(1,\) have 2 at \(0,\): there are 2 classes"),
            ({"labels": [-1]}, r"^labels of shape \(1,\) have -1 at \(0,\): there are 2 classes"),
            ({"n_bins": 0}, "^n_bins must be an integer, 1 or more, not 0 of type int$"),
            ({"n_bins": 10.0}, "^n_bins must be an integer, 1 or more, not 10.0 of type float$"),
            ({"n_bins": "auto"}, "^n_bins must be an integer, 1 or more, not 'auto' of type str$"),
            ({"n_bins": True}, "^n_bins must be an integer, 1 or more, not True of type bool$"),
            ({"strategy": "equal"}, "^strategy must be 'uniform' or 'quantile', not 'equal' of ty"),
            ({"strategy": ["uniform"]}, r"^strategy must be .*, not \['uniform'\] of type list$"),
            ({"sample_weight": [-1.0]}, "sample_weight"),
            ({"sample_weight": [0.0]}, "sample_weight"),
            ({"sample_weight": [np.inf]}, "sample_weight"),
            ({"sample_weight": [1.0, 1.0]}, "sample_weight"),
            ({"sample_weight": ["one"]}, "sample_weight"),
        ],
    )
    @pytest.mark.parametrize("function", STATISTICS)
    def test_bad_input(self, function, change, message):
        with pytest.raises(ValueError, match=message):
            function(**{"p": [[0.9, 0.1]], "labels": [0], **change})

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"labels": [0.0]},
                "^labels that are class indices must be integers, got dtype float64",
            ),
            (
                {"labels": [False]},
                "^labels that are class indices must be integers, got dtype bool",
            ),
            ({"labels": ["0"]}, "^labels that are class indices must be integers, got dtype <U1"),
            ({"labels": np.ma.masked_array([0], [True])}, "^labels is a masked array: its mask"),
            ({"p": np.ma.masked_array([[0.9, 0.1]], False)}, "^p is a masked array: its mask"),
            ({"p": [[0.9 + 0j, 0.1]]}, "^p must be real numbers, got dtype complex128"),
            ({"p": np.array([[0.9, 0.1]], object)}, "^p must be real numbers, got dtype object"),
            ({"p": [[True, False]]}, "^p must be real numbers, got dtype bool"),
            ({"sample_weight": np.ma.masked_array([1.0])}, "^sample_weight is a masked array"),
        ],
    )
    @pytest.mark.parametrize("function", STATISTICS)
    def test_other_kinds_of_arrays(self, function, change, message):
        with pytest.raises(TypeError, match=message):
            function(**{"p": [[0.9, 0.1]], "labels": [0], **change})


@pytest.mark.parametrize("function", STATISTICS)
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
class TestEveryStatistic:
    """What holds for all functions of probabilities and labels."""

    def ties(self, n=400):
        """Return probabilities of many equal rows, in quarters, and random labels."""
        rng = np.random.default_rng(3)
        p = rng.multinomial(4, [0.5, 0.3, 0.2], n) / 4
        return p, rng.integers(0, 3, n), rng.integers(0, 4, n)

    @given(st.integers(0, 10**6), st.integers(1, 12), st.booleans(), st.booleans())
    def test_the_order_of_samples_does_not_matter(
        self, function, strategy, seed, n_bins, weighted, tied
    ):
        rng = np.random.default_rng(seed)
        logits, labels = made_logits(n=120)
        p, weight = special.softmax(logits, axis=1), rng.uniform(0, 2, 120)
        if tied:
            p, labels, weight = self.ties(120)
        weight = weight if weighted else None
        order = rng.permutation(120)
        one = function(p, labels, n_bins, strategy, sample_weight=weight)
        shuffled = None if weight is None else weight[order]
        other = function(p[order], labels[order], n_bins, strategy, sample_weight=shuffled)
        if isinstance(one, tuple):
            if not weighted:
                np.testing.assert_array_equal(one.count, other.count)
                np.testing.assert_array_equal(one.accuracy, other.accuracy)
            assert len(one.count) == len(other.count)
        np.testing.assert_allclose(np.ravel(one), np.ravel(other), rtol=1e-12, atol=1e-15)

    def test_a_whole_weight_is_a_number_of_copies(self, function, strategy):
        p, labels, weight = self.ties()
        weighted = function(p, labels, 6, strategy, sample_weight=weight)
        copied = function(p.repeat(weight, 0), labels.repeat(weight), 6, strategy)
        np.testing.assert_allclose(np.ravel(weighted), np.ravel(copied), rtol=1e-12, atol=1e-15)

    def test_equal_weights_are_none(self, function, strategy):
        p, labels, _ = self.ties()
        plain = function(p, labels, 7, strategy)
        for weight in (1, np.ones(400), [2.0] * 400, 1e-300, 1e297):
            weighted = function(p, labels, 7, strategy, sample_weight=weight)
            if isinstance(plain, tuple):
                factor = np.ravel(weight)[0]
                weighted = weighted._replace(count=weighted.count / factor)
            np.testing.assert_allclose(np.ravel(weighted), np.ravel(plain), rtol=1e-12, atol=1e-15)

    @pytest.mark.parametrize("dtype", INTEGERS)
    def test_labels_of_every_integer_type(self, function, strategy, dtype):
        p, labels, _ = self.ties()
        one = function(p, labels, 5, strategy)
        np.testing.assert_array_equal(function(p, labels.astype(dtype), 5, strategy), one)

    @pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", ">f8"])
    def test_probabilities_of_every_type(self, function, strategy, dtype):
        p, labels, _ = self.ties()  # quarters, which every type holds
        one = function(p, labels, 5, strategy)
        np.testing.assert_array_equal(function(p.astype(dtype), labels, 5, strategy), one)
        np.testing.assert_array_equal(function(p.tolist(), labels.tolist(), 5, strategy), one)

    def test_whole_numbers_are_probabilities(self, function, strategy):
        one = function(np.eye(2), [0, 0], 5, strategy)
        np.testing.assert_array_equal(function(np.eye(2, dtype="i1"), [0, 0], 5, strategy), one)


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


class TestMaximumCalibrationError:
    def test_by_hand(self):
        p = two_classes([0.55, 0.61, 0.65, 0.95, 0.97])
        error = maximum_calibration_error(p, [0, 1, 0, 0, 0], n_bins=10)
        assert error == pytest.approx(0.45, rel=1e-14)

    def test_a_sample_without_weight_does_not_count(self):
        p = two_classes([0.55, 0.61, 0.65, 0.95, 0.97])
        error = maximum_calibration_error(
            p, [0, 1, 0, 0, 0], n_bins=10, sample_weight=[0, 1, 1, 1, 1]
        )
        assert error == pytest.approx(0.13, rel=1e-14)

    @given(st.integers(1, 20), st.sampled_from(["uniform", "quantile"]), st.integers(0, 99))
    def test_is_the_largest_gap_and_not_below_the_mean_one(self, n_bins, strategy, seed):
        logits, labels = made_logits(n=80, seed=seed)
        p = special.softmax(logits, axis=1)
        curve = reliability_curve(p, labels, n_bins, strategy)
        error = maximum_calibration_error(p, labels, n_bins, strategy)
        assert error == max(abs(curve.accuracy - curve.confidence))
        assert error >= expected_calibration_error(p, labels, n_bins, strategy) * (1 - 1e-14)

    def test_agrees_with_scikit_learns_curve(self):
        rng = np.random.default_rng(1)
        confidence, labels = rng.uniform(0.5, 1, 200), rng.integers(0, 2, 200)
        accuracy, mean = calibration_curve(labels == 0, confidence, n_bins=15)
        error = maximum_calibration_error(two_classes(confidence), labels)
        assert error == pytest.approx(np.abs(accuracy - mean).max(), rel=1e-12)


class TestClasswiseCalibrationError:
    def test_fifteen_bins_unless_told(self):
        logits, labels = made_logits()
        p = special.softmax(logits, axis=1)
        found = classwise_calibration_error(p, labels)
        assert found == classwise_calibration_error(p, labels, n_bins=15)
        assert found != classwise_calibration_error(p, labels, n_bins=16)

    def test_by_hand(self):
        p = [[0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.2, 0.8, 0.0], [0.6, 0.2, 0.2]]
        # in halves: class 0 (.2, .2 | .6, .6), 1 (.3, .3, .2 | .8), 2 (.1, .5, 0, .2); labels:
        labels = [0, 2, 1, 1]
        gaps = [(2 * 0.2 + 2 * 0.1) / 4, (3 * (1 / 3 - 0.8 / 3) + 1 * 0.2) / 4, 0.25 - 0.2]
        error = classwise_calibration_error(p, labels, n_bins=2)
        assert error == pytest.approx(np.mean(gaps), rel=1e-13)

    def test_sees_what_the_error_of_the_predicted_class_does_not(self):
        p, labels = [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]], [0, 1]
        assert expected_calibration_error(p, labels) == 0
        assert classwise_calibration_error(p, labels) == pytest.approx((0 + 0.5 + 0.5) / 3)

    def test_of_two_classes_both_are_wrong_by_the_same(self):
        rng = np.random.default_rng(2)
        confidence, labels = rng.uniform(0, 1, 300), rng.integers(0, 2, 300)
        accuracy, mean = calibration_curve(labels == 0, confidence, n_bins=10)
        count = np.histogram(confidence, 10, (0, 1))[0]
        by_scikit_learn = count @ np.abs(accuracy - mean) / 300
        error = classwise_calibration_error(two_classes(confidence), labels, n_bins=10)
        assert error == pytest.approx(by_scikit_learn, rel=1e-12)

    def test_honest_probabilities_have_little(self):
        logits, labels = made_logits(n=50_000)
        assert classwise_calibration_error(special.softmax(logits, axis=1), labels) < 0.01
        assert classwise_calibration_error(special.softmax(3 * logits, axis=1), labels) > 0.05

    def test_always_wrong_and_always_right(self):
        assert classwise_calibration_error(np.eye(3)[[1, 2, 0]], [0, 1, 2]) == pytest.approx(2 / 3)
        assert classwise_calibration_error(np.eye(3), [0, 1, 2]) == 0


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
        np.testing.assert_allclose(scaling.decision_function(logits) * scaling.temperature_, logits)
        np.testing.assert_array_equal(scaling.predict(logits), logits.argmax(axis=1))

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

    def test_guessing_has_no_best_temperature(self):
        with pytest.raises(ValueError, match="the hotter the better"):
            TemperatureScaling().fit([[1.0, -1.0], [1.0, -1.0]], [0, 1])

    def test_worse_than_guessing_has_no_best_temperature(self):
        with pytest.raises(ValueError, match="the hotter the better") as caught:
            TemperatureScaling().fit([[1.0, 0.0], [0.0, 1.0]], [1, 0])
        assert str(caught.value) == (
            "no temperature is best, the hotter the better: on average the logits of the labels"
            " are not above the others"
        )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"X": [[1.0, np.nan], [0, 1]]}, "X contains NaN"),
            ({"X": [[1.0, -np.inf], [0, 1]]}, "X contains infinity"),
            ({"X": np.empty((0, 2)), "y": []}, "0 sample"),
            ({"X": np.empty((2, 0))}, "0 feature"),
            ({"X": [[1.0], [0.0, 1.0]]}, "^X is ragged"),
            ({"X": np.eye(2) + 0j}, "^Complex data not supported: X has dtype complex128"),
            ({"X": np.array([["a", "b"]] * 2)}, "could not convert string to float"),
            ({"y": [0, 2]}, None),  # two labels for two columns
            (
                {"y": [2, 2]},
                r"^labels y of shape \(2,\) hold 1 different ones, \[2\]: the logits h",
            ),
            ({"y": [-1, -1]}, r"^labels y of shape \(2,\) hold 1 different ones, \[-1\]"),
            ({"y": ["a", "a"]}, r"^labels y .* hold 1 different ones, \['a'\]: .* have 2 columns"),
            ({"X": np.eye(3), "y": [0, 1, 3]}, None),
            (
                {"X": np.eye(3), "y": [0, 3, 3]},
                r"hold 2 different ones, \[0 3\]: .* have 3 columns",
            ),
            ({"y": np.eye(2)}, r"^labels y of shape \(2, 2\) must be one label for each row of X"),
            ({"y": [0, 1, 1]}, "inconsistent numbers of samples"),
            ({"y": [0.5, 0.25]}, r"^y of shape \(2,\): Unknown label type: continuous"),
            ({"y": [np.nan, 0.0]}, "y contains NaN"),
            ({"sample_weight": [1.0, -1.0]}, "sample_weight"),
            ({"sample_weight": [0.0, 0.0]}, "sample_weight"),
        ],
    )
    def test_bad_input(self, change, message):
        given = {"X": np.eye(2), "y": [0, 1], **change}
        message = message or "^no temperature is best, the colder the better"
        with pytest.raises(ValueError, match=message):
            TemperatureScaling().fit(**given)

    @pytest.mark.parametrize("name", ["X", "y", "sample_weight"])
    def test_masked_arrays(self, name):
        given = {"X": np.eye(2), "y": np.array([0, 1]), "sample_weight": np.ones(2)}
        with pytest.raises(
            TypeError, match=f"^{name} is a masked array: its mask would be ignored"
        ):
            TemperatureScaling().fit(**given | {name: np.ma.masked_array(given[name])})

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "loss"])
    def test_what_cannot_be_scaled(self, method):
        logits, labels = made_logits()
        scaling = TemperatureScaling().fit(logits, labels)

        def call(X):
            return getattr(scaling, method)(X, *([labels] if method == "loss" else []))

        for wrong in (np.nan, np.inf):
            X = logits.copy()
            X[7, 1] = wrong
            with pytest.raises(
                ValueError, match=r"^X of shape \(500, 4\) contains NaN, inf.*row 7"
            ):
                call(X)
        with pytest.raises(TypeError, match=r"^X is a masked array"):
            call(np.ma.masked_array(logits))
        if method == "loss":
            with pytest.raises(TypeError, match=r"^y is a masked array"):
                scaling.loss(logits, np.ma.masked_array(labels))
        with pytest.raises(
            ValueError, match="X has 3 features, but TemperatureScaling is expecting"
        ):
            call(logits[:, :3])
        with pytest.raises(
            ValueError, match="X has 1 features, but TemperatureScaling is expecting"
        ):
            call(logits[0])

    def test_what_a_cold_temperature_makes_infinite(self):
        scaling = TemperatureScaling().fit([[1e-10, 0.0]] * 9 + [[0.0, 1e-11]], [0] * 10)
        with pytest.raises(ValueError, match=r"what a temperature of .* makes so: in row 0"):
            scaling.predict_proba([[1e308, 0.0]])

    def test_the_row_that_a_cold_temperature_makes_infinite_is_shown(self):
        scaling = TemperatureScaling().fit([[2.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [0, 1, 1])
        scaling.temperature_ = 1e-308
        with pytest.raises(ValueError, match=r"in row 0, \[-2\.  2\.\]$"):
            scaling.predict_proba([[-2.0, 2.0], [3.0, 4.0]])

    def test_logits_that_are_objects(self):
        logits = np.array([[2.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
        as_objects = TemperatureScaling().fit(logits.astype(object), [0, 1, 1])
        scaling = TemperatureScaling().fit(logits, [0, 1, 1])
        assert as_objects.temperature_ == scaling.temperature_
        np.testing.assert_array_equal(
            scaling.predict_proba(logits.astype(object)), scaling.predict_proba(logits)
        )

    def test_a_masked_class_has_no_probability(self):
        logits, labels = made_logits()
        logits[3, 2] = -np.inf
        p = TemperatureScaling().fit(logits[4:], labels[4:]).predict_proba(logits)
        assert p[3, 2] == 0
        np.testing.assert_allclose(p.sum(axis=1), 1)

    def test_logits_that_are_equal_have_no_best_temperature(self):
        message = "^no temperature is best, all are as good: the logits of each sample are equal$"
        with pytest.raises(ValueError, match=message):
            TemperatureScaling().fit([[1.0] * 3, [2.0] * 3, [-5.0] * 3], [0, 1, 2])

    @pytest.mark.parametrize("scale", [1e-300, 1e-60, 1e-45, 1e45, 1e60, 1e305])
    def test_logits_of_any_size(self, scale):
        logits, labels = made_logits()
        plain = TemperatureScaling().fit(logits, labels)
        scaled = TemperatureScaling().fit(scale * logits, labels)
        assert scaled.temperature_ / scale == pytest.approx(plain.temperature_, rel=1e-12)
        assert scaled.log_temperature_ == pytest.approx(np.log(scaled.temperature_), rel=1e-14)
        np.testing.assert_allclose(
            scaled.predict_proba(scale * logits), plain.predict_proba(logits), rtol=1e-10
        )

    def test_logits_at_both_ends_of_float64(self):
        logits = np.array([[1.7, -1.7]] * 9 + [[-1.7, 1.7]])
        scaling = TemperatureScaling().fit(1e308 * logits, [0] * 10)
        assert scaling.temperature_ == pytest.approx(3.4 / np.log(9) * 1e308, rel=1e-12)
        np.testing.assert_allclose(scaling.predict_proba(1e308 * logits)[0], [0.9, 0.1])
        with pytest.raises(ValueError, match=r"^no temperature is best that float64 holds: "):
            TemperatureScaling().fit(1e308 * logits[:, [1, 0]], [1] * 5 + [0] * 3 + [1, 0])

    def test_a_few_logits_of_another_size_do_not_hide_the_root(self):
        """A sure and right sample says nothing, however large its logits are."""
        logits = np.array([[1e60, 0.0], *[[1.0, 0.0]] * 4])
        assert TemperatureScaling().fit(logits, [0, 0, 0, 0, 1]).temperature_ == pytest.approx(
            1 / np.log(3), rel=1e-12
        )

    def test_logits_of_too_many_sizes(self):
        logits = np.array([[1e308, 0.0], *[[1e-308, 0.0]] * 4])
        with pytest.raises(ValueError, match=r"^no temperature is best that float64 holds: "):
            TemperatureScaling().fit(logits, [0, 0, 0, 0, 1])

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
        for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
            with pytest.raises(
                NotFittedError, match=r"^This TemperatureScaling instance is not fit"
            ):
                getattr(TemperatureScaling(), method)([[1.0, 0.0]])


class TestAsAnEstimator:
    """What scikit-learn expects of a classifier, whose features here are logits."""

    NO_LOGITS = "its features must be logits of a classifier that knows something of the labels"
    OTHER_DATA = (
        "check_estimators_overwrite_params",
        "check_dont_overwrite_parameters",
        "check_estimators_fit_returns_self",
        "check_readonly_memmap_input",
        "check_n_features_in_after_fitting",
        "check_estimators_dtypes",
        "check_sample_weights_not_an_array",
        "check_sample_weights_shape",
        "check_sample_weights_not_overwritten",
        "check_dtype_object",
        "check_estimators_nan_inf",
        "check_f_contiguous_array_estimator",
        "check_classifier_data_not_an_array",
        "check_classifiers_one_label",
        "check_classifiers_classes",
        "check_classifiers_train",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_fit2d_1feature",
        "check_dict_unchanged",
        "check_fit2d_predict1d",
    )

    @pytest.mark.slow
    def test_scikit_learns_own_checks(self):
        expected = dict.fromkeys(self.OTHER_DATA, self.NO_LOGITS)
        results = check_estimator(
            TemperatureScaling(), expected_failed_checks=expected, on_skip=None
        )
        assert sum(result["status"] == "passed" for result in results) > 30

    @pytest.mark.parametrize("labels", [["b", "a", "d", "c"], [3, -1, 7, 5], [0.5, 0.0, 2.5, 1.0]])
    def test_labels_of_every_kind_stand_for_the_columns_in_sorted_order(self, labels):
        labels = np.array([round(10 * one) for one in labels] if labels[0] == 0.5 else labels)
        logits, places = made_logits()
        names = np.sort(labels)[places]
        scaling = TemperatureScaling().fit(logits, names)
        plain = TemperatureScaling().fit(logits, places)
        assert scaling.temperature_ == plain.temperature_
        np.testing.assert_array_equal(scaling.classes_, np.sort(labels))
        np.testing.assert_array_equal(scaling.predict(logits), np.sort(labels)[logits.argmax(1)])
        assert scaling.score(logits, names) == plain.score(logits, places) > 0.5
        assert scaling.loss(logits, names) == plain.loss(logits, places)
        with pytest.raises(ValueError, match=r"y holds .*, which is not in classes_"):
            scaling.loss(logits, np.full(500, "z" if labels.dtype.kind == "U" else 99))

    def test_numbers_of_columns_may_be_missing(self):
        logits, labels = made_logits()
        seen = labels < 3
        scaling = TemperatureScaling().fit(logits[seen], labels[seen])
        np.testing.assert_array_equal(scaling.classes_, [0, 1, 2, 3])
        assert scaling.predict_proba(logits).shape == (500, 4)

    @pytest.mark.parametrize("dtype", [*INTEGERS, "?", "f4", object])
    def test_labels_of_every_type(self, dtype):
        logits, labels = made_logits(n=300, n_classes=2)
        plain = TemperatureScaling().fit(logits, labels)
        given = labels.astype(dtype)
        given = np.array(["no", "yes"], dtype=object)[labels] if dtype is object else given
        other = TemperatureScaling().fit(logits, given)
        assert other.temperature_ == plain.temperature_
        np.testing.assert_array_equal(
            other.predict(logits), np.unique(given)[plain.predict(logits)]
        )

    def test_labels_as_a_column_are_warned_of(self):
        logits, labels = made_logits()
        with pytest.warns(DataConversionWarning):
            scaling = TemperatureScaling().fit(logits, labels[:, None])
        assert scaling.temperature_ == TemperatureScaling().fit(logits, labels).temperature_

    def test_scores_of_two_classes_are_logits_against_the_first(self):
        logits, labels = made_logits(n_classes=2)
        scores = logits[:, 1] - logits[:, 0]
        rows = TemperatureScaling().fit(logits, labels)
        for X in (scores, scores[:, None], scores.tolist()):
            one = TemperatureScaling().fit(X, labels)
            assert one.temperature_ == pytest.approx(rows.temperature_, rel=1e-12)
            np.testing.assert_allclose(one.predict_proba(X), rows.predict_proba(logits), rtol=1e-11)
            np.testing.assert_allclose(
                one.decision_function(X), scores / rows.temperature_, rtol=1e-11
            )
            np.testing.assert_array_equal(one.predict(X), rows.predict(logits))
        assert rows.decision_function(logits).shape == (500,)

    def test_the_scores_of_the_packages_own_classifier_fit(self):
        rng = np.random.default_rng(0)
        y = np.resize(["no", "yes"], 200)
        X = rng.normal(size=(200, 3)) + (y == "yes")[:, None]
        model = SoftmaxRegression().fit(X[:100], y[:100])
        scaling = TemperatureScaling().fit(model.decision_function(X[100:]), y[100:])
        p = scaling.predict_proba(model.decision_function(X))
        np.testing.assert_array_equal(scaling.classes_[p.argmax(axis=1)], model.predict(X))

    def test_the_dtype_of_logits_is_kept(self):
        logits, labels = made_logits()
        for dtype in (np.float16, np.float32, np.float64):
            scaling = TemperatureScaling().fit(logits.astype(dtype), labels)
            assert scaling.predict_proba(logits.astype(dtype)).dtype == dtype
            assert scaling.predict_log_proba(logits.astype(dtype)).dtype == dtype
        whole = np.round(4 * logits)
        one, other = (TemperatureScaling().fit(z, labels) for z in (whole, whole.astype("i1")))
        assert one.temperature_ == other.temperature_
        assert other.predict_proba(whole.astype("i1")).dtype == np.float64

    def test_weights_are_numbers_of_copies(self):
        logits, labels = made_logits()
        copies = np.random.default_rng(0).integers(0, 4, 500)
        weighted = TemperatureScaling().fit(logits, labels, sample_weight=copies)
        copied = TemperatureScaling().fit(logits.repeat(copies, 0), labels.repeat(copies))
        assert weighted.temperature_ == pytest.approx(copied.temperature_, rel=1e-12)

    def test_a_sample_without_weight_does_not_save_a_fit(self):
        with pytest.raises(ValueError, match="the colder the better"):
            TemperatureScaling().fit([[1.0, 0.0], [1.0, 0.0]], [0, 1], sample_weight=[1, 0])

    @pytest.mark.skipif(
        parse_version(sklearn.__version__) < parse_version("1.8"),
        reason="scikit-learn fits a temperature from 1.8 on",
    )
    @pytest.mark.filterwarnings("ignore:Since FrozenEstimator does not appear to accept sample_w")
    def test_agrees_with_scikit_learn_with_weights(self):
        (X, y), (X_test, y_test) = load_digits(test_size=0.5)
        model = SoftmaxRegression(C=10).fit(X, y)
        weight = np.random.default_rng(0).uniform(0, 1, len(y_test))
        theirs = CalibratedClassifierCV(FrozenEstimator(model), method="temperature", cv=2)
        theirs.fit(X_test, y_test, sample_weight=weight)
        ours = TemperatureScaling().fit(model.decision_function(X_test), y_test, weight)
        p = ours.predict_proba(model.decision_function(X_test))
        np.testing.assert_allclose(p, theirs.predict_proba(X_test), atol=1e-4)

    @given(st.permutations(range(60)))
    def test_the_order_of_samples_changes_rounding_alone(self, order):
        logits, labels = made_logits(n=60)
        weight = np.linspace(0.1, 1, 60)
        one = TemperatureScaling().fit(logits, labels, weight)
        other = TemperatureScaling().fit(logits[order], labels[order], weight[order])
        assert other.temperature_ == pytest.approx(one.temperature_, rel=1e-12)

    def test_in_a_pipeline_and_as_a_clone(self):
        (X, y), (X_test, y_test) = load_digits(test_size=0.5)
        model = SoftmaxRegression(C=10).fit(X, y)
        whole = make_pipeline(FunctionTransformer(model.decision_function), TemperatureScaling())
        p = clone(whole).fit(X_test, y_test).predict_proba(X_test)
        logits = model.decision_function(X_test)
        plain = clone(TemperatureScaling().fit(logits, y_test)).fit(logits, y_test)
        np.testing.assert_array_equal(p, plain.predict_proba(logits))
        assert TemperatureScaling().get_params() == {}
        assert cross_val_score(whole, X_test, y_test, cv=3, scoring="neg_log_loss").min() > -0.3
        assert is_classifier(TemperatureScaling())

    def test_the_names_of_a_data_frames_columns_are_kept(self):
        pd = pytest.importorskip("pandas")
        logits, labels = made_logits()
        frame = pd.DataFrame(logits, columns=list("abcd"))
        scaling = TemperatureScaling().fit(frame, labels)
        assert scaling.feature_names_in_.tolist() == list("abcd")
