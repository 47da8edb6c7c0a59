"""One neuron: the published end points, and the two slopes by differences."""

from fractions import Fraction

import numpy as np
import pytest
from softmaxlab.learn import neuron

LOSSES = {
    "squared error": lambda a, y: (a - y) ** 2 / 2,
    "cross-entropy": lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
}


class TestTrain:
    @pytest.mark.parametrize(
        ("start", "loss", "end"),
        [
            ((0.6, 0.9), "squared error", 0.0940),
            ((2.0, 2.0), "squared error", 0.2028),
            ((0.6, 0.9), "cross-entropy", 0.0116),
            ((2.0, 2.0), "cross-entropy", 0.0120),
        ],
    )
    def test_where_it_ends(self, start, loss, end):
        outputs = neuron.train(*start, x=1.0, y=0.0, loss=loss)
        assert outputs.shape == (301,)
        assert outputs[0] == pytest.approx(1 / (1 + np.exp(-sum(start))))
        assert outputs[-1].round(4) == end

    @pytest.mark.parametrize("loss", neuron.GRADIENTS)
    def test_an_input_of_zero_teaches_the_bias_only(self, loss):
        outputs = neuron.train(5.0, 1.0, x=0.0, y=0.0, loss=loss)
        np.testing.assert_array_equal(outputs, neuron.train(-3.0, 1.0, x=0.0, y=0.0, loss=loss))
        assert outputs[-1] < outputs[0]

    @pytest.mark.parametrize("loss", neuron.GRADIENTS)
    def test_what_is_right_already_stays(self, loss):
        a = 1 / (1 + np.exp(-0.7))
        np.testing.assert_allclose(neuron.train(0.5, 0.2, x=1.0, y=a, loss=loss), a, rtol=1e-14)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"loss": "hinge"},
                "loss must be one of squared error, cross-entropy, not 'hinge'",
            ),
            ({"loss": ["squared error"]}, r"loss must be .*, not \['squared error'\] of type list"),
            ({"w": np.nan}, "w must be a finite number, not nan of type float"),
            ({"b": np.inf}, "b must be a finite number, not inf of type float"),
            ({"x": "1"}, "x must be a finite number, not '1' of type str"),
            ({"x": [1.0]}, r"x must be a finite number, not \[1.0\] of type list"),
            ({"y": np.nan}, "y must be a finite number, not nan of type float"),
            ({"y": 1.5}, "y must be from 0 to 1, not 1.5 of type float"),
            ({"y": -0.5}, "y must be from 0 to 1, not -0.5 of type float"),
            ({"step": None}, "step must be a finite number, not None of type NoneType"),
            ({"n_steps": 2.5}, "n_steps must be an integer, 0 or more, not 2.5 of type float"),
            ({"n_steps": -1}, "n_steps must be an integer, 0 or more, not -1 of type int"),
        ],
    )
    def test_bad_input(self, change, message):
        given = {"w": 1.0, "b": 1.0, "x": 1.0, "y": 0.0, "loss": "squared error", **change}
        with pytest.raises(ValueError, match=f"^{message}"):
            neuron.train(**given)

    @pytest.mark.parametrize("type_", [np.float16, np.float32, np.longdouble, Fraction, np.uint8])
    @pytest.mark.parametrize("loss", neuron.GRADIENTS)
    def test_numbers_of_every_type_are_taken_as_float64(self, loss, type_):
        given = {"w": 1, "b": 2, "x": 2, "y": 1, "step": 3}
        outputs = neuron.train(**{k: type_(v) for k, v in given.items()}, loss=loss, n_steps=5)
        np.testing.assert_array_equal(outputs, neuron.train(**given, loss=loss, n_steps=5))

    def test_an_integer_beyond_float64(self):
        with pytest.raises(ValueError, match=r"^w must be a finite number, not 1000"):
            neuron.train(10**400, 1, x=1, y=0, loss="cross-entropy")

    def test_no_steps_and_numbers_of_numpy(self):
        given = {"x": np.float32(1), "y": np.int8(0), "loss": "cross-entropy", "step": 1}
        outputs = neuron.train(0, 0, n_steps=np.uint8(0), **given)
        np.testing.assert_array_equal(outputs, [0.5])


class TestGradients:
    @pytest.mark.parametrize("loss", LOSSES)
    @pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
    def test_by_differences(self, loss, y):
        z, h = np.linspace(-4, 4, 9), 1e-6
        up, down = (LOSSES[loss](1 / (1 + np.exp(-moved)), y) for moved in (z + h, z - h))
        np.testing.assert_allclose(neuron.GRADIENTS[loss](z, y), (up - down) / (2 * h), atol=1e-9)

    def test_saturation(self):
        """Surely wrong: the squared error hardly pulls, the cross-entropy with full force."""
        assert neuron.squared_error_grad(20.0, 0.0) < 1e-8
        assert neuron.GRADIENTS["cross-entropy"](20.0, 0.0) > 0.99

    @pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8"])
    def test_in_the_dtype_of_the_scores_and_rounded_once(self, dtype):
        z = np.linspace(-8, 8, 9).astype(dtype)
        slopes = neuron.squared_error_grad(z, 1)
        assert slopes.dtype == z.dtype.newbyteorder("=")
        expected = neuron.squared_error_grad(z.astype(float), 1)
        np.testing.assert_array_equal(slopes, expected.astype(slopes.dtype))

    def test_scores_that_are_none_are_named(self):
        with pytest.raises(TypeError, match=r"^z must be real numbers, got dtype bool"):
            neuron.squared_error_grad(True, 1)

    @pytest.mark.parametrize("dtype", ["?", "i1", "u1", ">i2", "u8", "f2", ">f8"])
    def test_outputs_of_every_type(self, dtype):
        z, y = np.linspace(-2, 2, 4), np.array([0, 1, 1, 0])
        np.testing.assert_array_equal(
            neuron.squared_error_grad(z, y.astype(dtype)), neuron.squared_error_grad(z, y * 1.0)
        )

    @pytest.mark.parametrize(
        ("y", "error", "message"),
        [
            (np.ma.masked_array([0.0, 1.0]), TypeError, "y is a masked array"),
            ([0j, 1], TypeError, "y must be real numbers, got dtype complex128"),
            (["a", "b"], TypeError, "y must be real numbers, got dtype <U1"),
            ([0.0, 1.5], ValueError, r"y of shape \(2,\) has 1.5 at \(1,\): no probability"),
            ([0.0, np.nan], ValueError, r"y of shape \(2,\) has nan at \(1,\): no probability"),
            ([[0.0], [1.0]], ValueError, r"y has shape \(2, 1\), the scores have shape \(2,\)"),
        ],
    )
    def test_bad_outputs(self, y, error, message):
        with pytest.raises(error, match=f"^{message}"):
            neuron.squared_error_grad([1.0, 2.0], y)
