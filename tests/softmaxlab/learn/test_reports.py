"""Faults reported of other libraries, tried on what learns: each with its source and right value.

The inputs are translations of the reports, not copies. What holds of a whole kind of input is
tested beside each module; here stand the single cases.
"""

import copy
import pickle

import joblib
import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from softmaxlab.learn.calibration import (
    TemperatureScaling,
    expected_calibration_error,
    maximum_calibration_error,
    reliability_curve,
)
from softmaxlab.learn.network import Network
from softmaxlab.learn.regression import SoftmaxRegression


def data(n=60, n_features=4):
    """Return random features, and labels of three classes that depend on them a little."""
    rng = np.random.default_rng(0)
    y = np.resize([0, 1, 2], n)
    return rng.normal(size=(n, n_features)) + np.eye(3, n_features)[y], y


class TestNarrowLabels:
    """PaddlePaddle/Paddle #30590, tensorflow/models #6641: an index overflows the labels' type."""

    @pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "u8", ">i2", ">u8"])
    @pytest.mark.parametrize("n", [255, 256, 300, 12_000])
    def test_a_temperature(self, dtype, n):
        """By hand: one gap of 2, right in two of three, so that 2 / T = log 2."""
        logits = np.tile([2.0, 0.0], (n // 3 * 3, 1))
        labels = np.resize([0, 0, 1], len(logits)).astype(dtype)
        temperature = TemperatureScaling().fit(logits, labels).temperature_
        assert temperature == pytest.approx(2.8853900817779268, rel=1e-13)

    @pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "u8", ">i2", ">u8"])
    @pytest.mark.parametrize("n", [255, 256, 300, 12_000])
    def test_the_loss_and_the_training_of_a_network(self, dtype, n):
        """The same as with int64, whose indices are right."""
        X, y = data(n)
        network, twin = Network((4, 5, 3)), Network((4, 5, 3))
        assert network.loss(X, y.astype(dtype)) == network.loss(X, y)
        network.fit(X, y.astype(dtype), epochs=1, batch_size=600)
        np.testing.assert_array_equal(
            network.parameters, twin.fit(X, y, epochs=1, batch_size=600).parameters
        )


@pytest.mark.parametrize("way", ["pickle", "deepcopy", "copy", "joblib"])
def test_a_copied_network_learns(way, tmp_path):
    """pydata/xarray #1058, sncosmo/sncosmo #208: copies of views are arrays of their own.

    Right is what the original learns from the same data with the same random numbers.
    """
    X, y = data()
    network = Network((4, 5, 3))
    joblib.dump(network, tmp_path / "network")
    copied = {
        "pickle": lambda: pickle.loads(pickle.dumps(network)),
        "deepcopy": lambda: copy.deepcopy(network),
        "copy": lambda: copy.copy(network),
        "joblib": lambda: joblib.load(tmp_path / "network"),
    }[way]()
    before = copied.loss(X, y)
    copied.fit(X, y, epochs=20)
    assert copied.loss(X, y) < before == network.loss(X, y)
    np.testing.assert_array_equal(copied.parameters, network.fit(X, y, epochs=20).parameters)


@pytest.mark.parametrize("order", ["sorted", "reversed", "alternating"])
def test_ties_in_bins_of_equal_number(order):
    """lorenzofamiglini/CalFram #4, scikit-learn/scikit-learn #13087: ties split by their order.

    By hand: one confidence, 0.75, and 300 of 400 right; no gap, in whatever order.
    """
    labels = {
        "sorted": np.repeat([0, 1], [300, 100]),
        "reversed": np.repeat([1, 0], [100, 300]),
        "alternating": np.resize([0, 0, 1, 0], 400),
    }[order]
    p = np.tile([0.75, 0.25], (400, 1))
    assert expected_calibration_error(p, labels, strategy="quantile") == 0
    assert maximum_calibration_error(p, labels, strategy="quantile") == 0


class TestErrorsOfCalibration:
    def test_equal_logits(self):
        """autogluon/autogluon #4397. By hand: the loss is log 3 at every temperature."""
        with pytest.raises(ValueError, match="equal"):
            TemperatureScaling().fit(np.ones((6, 3)), [0, 1, 2, 0, 1, 2])

    def test_one_hot_labels(self):
        """scikit-learn/scikit-learn #31068: the argument and its shape are to be named."""
        with pytest.raises(ValueError, match=r"labels y of shape \(4, 2\)"):
            TemperatureScaling().fit(np.eye(4)[:, :2], np.eye(2)[[0, 1, 0, 1]])

    @pytest.mark.parametrize("function", [reliability_curve, expected_calibration_error])
    def test_a_number_of_bins_that_is_none(self, function):
        """scikit-learn/scikit-learn #26198: parameters are checked by name, kind and value."""
        with pytest.raises(ValueError, match=r"n_bins .*, not 10\.0 of type float"):
            function([[0.9, 0.1]], [0], n_bins=10.0)

    def test_masked_arrays(self):
        """scipy/scipy #6160, jax-ml/jax #13795: a mask that is dropped in silence."""
        masked = np.ma.masked_array([[0.9, 0.1], [0.2, 0.8]], [[False, False], [True, True]])
        with pytest.raises(TypeError, match="masked"):
            TemperatureScaling().fit(masked, [0, 1])
        with pytest.raises(TypeError, match="masked"):
            reliability_curve(masked, [0, 1])

    def test_a_label_out_of_range(self):
        """tensorflow/tensorflow #15962: the value and its place are to be named."""
        with pytest.raises(ValueError, match=r"labels of shape \(2,\) have 7 at \(1,\)"):
            reliability_curve([[0.9, 0.1], [0.2, 0.8]], [0, 7])

    @pytest.mark.parametrize("scale", [1e-60, 1e-45, 1e45, 1e60])
    def test_logits_of_every_size(self, scale):
        """A general question: the temperature of scaled logits is the scaled temperature."""
        logits = scale * np.tile([2.0, 0.0], (3, 1))
        temperature = TemperatureScaling().fit(logits, [0, 0, 1]).temperature_
        assert temperature / scale == pytest.approx(2.8853900817779268, rel=1e-13)


class TestTheClassifier:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"fit_intercept": "False"},
                "fit_intercept must be True or False, not 'False' of type",
            ),
            ({"solver": ["lbfgs"]}, r"solver must be one of .*, not \['lbfgs'\] of type list"),
        ],
    )
    def test_parameters(self, options, message):
        """scikit-learn/scikit-learn #26198; LogisticRegression 1.9.1 refuses these, run here."""
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression(**options).fit(*data())

    def test_features_whose_squares_overflow(self):
        """scikit-learn/scikit-learn #29504: overflow in fit; the argument to be named is X."""
        X, y = data()
        with pytest.raises(ValueError, match=r"^X of shape \(60, 4\) holds numbers as large as"):
            SoftmaxRegression().fit(1e160 * X, y)

    def test_large_features_do_not_end_above_the_start(self):
        """scikit-learn/scikit-learn #29504. The start is ln 3, the loss of weights of zero."""
        X, y = data()
        with pytest.warns(ConvergenceWarning):
            model = SoftmaxRegression().fit(1e100 * X, y)
        assert model.loss_curve_[-1] < 0.9 * np.log(3)

    def test_a_class_of_weight_zero(self):
        """scikit-learn/scikit-learn #34139. By hand: its intercept has no finite optimum."""
        X, y = data()
        with pytest.warns(ConvergenceWarning, match=r"no minimum to find: no sample of \[2\] has"):
            SoftmaxRegression().fit(X, y, 1.0 * (y < 2))

    def test_tiny_and_huge_weights(self):
        """A general question: in the limits there is the penalty alone, or the data alone."""
        X, y = data()
        assert np.abs(SoftmaxRegression().fit(X, y, [1e-300] * 60).coef_).max() < 1e-29
        free = SoftmaxRegression(np.inf).fit(X, y)
        heavy = SoftmaxRegression().fit(X, y, [1e298] * 60)
        np.testing.assert_allclose(heavy.coef_, free.coef_, rtol=1e-5, atol=1e-6)
        with pytest.raises(ValueError, match=r"sample_weight .* adds up to inf"):
            SoftmaxRegression().fit(X, y, [1e308] * 60)


class TestTheNetwork:
    def test_no_samples(self):
        """A general question: an empty training set is to be named."""
        with pytest.raises(ValueError, match=r"^X of shape \(0, 4\) has no samples$"):
            Network((4, 3)).fit(np.empty((0, 4)), np.empty(0, int))

    def test_features_that_overflow(self):
        """scikit-learn/scikit-learn #29504, for the network: it trained on, with warnings only."""
        X, y = data()
        with pytest.raises(ValueError, match=r"X of shape \(60, 4\) holds numbers as large as"):
            Network((4, 5, 3)).fit(1e200 * X, y)
