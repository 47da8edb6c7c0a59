"""Labels of several kinds in one batch."""

import numpy as np
import pytest
import softmaxlab as sl


def test_a_sure_row_beside_an_unsure_one():
    z = np.array([[3.0, 1.0, -3.0], [0.5, 0.0, 0.0], [0.0, 2.0, 1.0]])
    y = np.array([[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
    together = sl.softmax_cross_entropy_grad(z, y)
    alone = [sl.softmax_cross_entropy_grad(*row) for row in zip(z, y, strict=True)]
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_allclose(together, sl.softmax(z) - y, atol=1e-15)


def assert_gradient(exact, got, z, y, units):
    """Compare with ``a sum(y) - y``, the labels as they are; below 1e-300 no digits are asked for.

    The digits are a few hundred, since differences as small as 1e-300 are taken of ones.
    """
    with exact.mp.workdps(400):
        total, p = exact.mp.fsum(exact.row(y)), exact.softmax(z)
        true = [total * a - label for a, label in zip(p, exact.row(y), strict=True)]
        allowed = units * 2.0**-52 * exact.mp.fsum(abs(g) for g in true) + 1e-300
        errors = [abs(exact.mp.mpf(float(one)) - g) for one, g in zip(got, true, strict=True)]
        assert max(errors) <= allowed


@pytest.mark.parametrize("beside", [1e-16, 1e-17, 1e-100, 1e-9, 1e-3, 0.1, 0.0])
@pytest.mark.parametrize("other", [-1e8, -1000.0, -700.0, -40.0, -20.0, -3.0, 0.0, 50.0])
def test_a_little_of_the_label_on_a_far_class(exact, beside, other):
    """The labels may sum to one after rounding, and still not be those of one class."""
    rest = 1.0 - beside
    for z, y in (([0.0, other], [rest, beside]), ([other, 0.0, -2e8], [beside, rest, 0.0])):
        assert_gradient(exact, sl.softmax_cross_entropy_grad(z, y), z, y, units=2)


def test_a_little_of_the_label_on_a_masked_class():
    inf = float("inf")
    gradient = sl.softmax_cross_entropy_grad([[0.0, -inf], [0.0, -inf]], [[1.0, 0.0], [1.0, 1e-16]])
    np.testing.assert_array_equal(gradient, [[0.0, 0.0], [1e-16, -1e-16]])
    losses = sl.softmax_cross_entropy([[0.0, -inf], [0.0, -inf]], [[1.0, 0.0], [1.0, 1e-16]])
    np.testing.assert_array_equal(losses, [0.0, inf])


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("n_classes", [2, 3, 4, 9])
def test_rows_with_one_class_with_most_with_none_and_with_masks(exact, n_classes):
    rng = np.random.default_rng(n_classes)
    z = rng.normal(size=(40, n_classes)) * rng.choice([1, 30, 1e4], size=(40, 1))
    y = rng.dirichlet(np.full(n_classes, 0.1), size=40)
    y[::3] = np.eye(n_classes)[rng.integers(n_classes, size=14)]
    z[::4, 0], y[::4] = -np.inf, np.eye(n_classes)[1]
    for got, scores, label in zip(sl.softmax_cross_entropy_grad(z, y), z, y, strict=True):
        assert_gradient(exact, got, scores, label, units=10)


def test_labels_of_different_lengths():
    for labels in ([[1], [2, 0]], [[0.5, 0.5, 0.0], [1.0]]):
        with pytest.raises(ValueError, match=r"^labels is ragged: its rows differ in length$"):
            sl.softmax_cross_entropy(np.zeros((2, 3)), labels)
