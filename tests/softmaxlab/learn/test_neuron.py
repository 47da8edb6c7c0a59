"""One neuron: the published end points, and the two slopes by differences."""

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

    def test_unknown_loss(self):
        with pytest.raises(ValueError, match="loss must be one of squared error, cross-entropy"):
            neuron.train(1.0, 1.0, x=1.0, y=0.0, loss="hinge")


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
