"""Labels of several kinds in one batch."""

import numpy as np
import softmaxlab as sl


def test_a_sure_row_beside_an_unsure_one():
    z = np.array([[3.0, 1.0, -3.0], [0.5, 0.0, 0.0], [0.0, 2.0, 1.0]])
    y = np.array([[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
    together = sl.softmax_cross_entropy_grad(z, y)
    alone = [sl.softmax_cross_entropy_grad(*row) for row in zip(z, y, strict=True)]
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_allclose(together, sl.softmax(z) - y, atol=1e-15)
