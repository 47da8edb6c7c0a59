"""Rows of more classes than fit side by side: their own ways through the code, to the last digits.

In single precision the exponentials of such rows are computed in single precision, unless that
would cost digits of the result. The rows are made to go each way.
"""

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab._numerics import blocks, exponentials, summation

CLASSES = 100  # of fewer, single precision would lose a little more
MANY = 70_000  # in single precision, a running sum of so many numbers shows


def usual(rng):
    return rng.normal(2, 3, (4, CLASSES))


def below_zero(rng):
    return rng.normal(-40, 3, (4, CLASSES))


def far_below_zero(rng):
    return rng.normal(-900, 3, (4, CLASSES))


def above_sixty(rng):
    return rng.normal(85, 3, (4, CLASSES))


def overflowing(rng):
    return rng.normal(800, 3, (4, CLASSES))


def sure(rng):
    scores = rng.normal(-50, 3, (4, CLASSES))
    scores[:, 7] = 45
    return scores


def sure_and_far_apart(rng):
    scores = rng.uniform(-700, -600, (4, CLASSES))
    scores[:, 7] = 20
    return scores


def sure_with_crumbs_below_single_precision(rng):
    scores = rng.normal(-90, 1, (4, CLASSES))
    scores[:, 7] = 1
    return scores


FAMILIES = (
    usual,
    below_zero,
    far_below_zero,
    above_sixty,
    overflowing,
    sure,
    sure_and_far_apart,
    sure_with_crumbs_below_single_precision,
)
SIMPLE = pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
# How far results may be off, in units in the last place: one for a row, logarithms, the rest.
UNITS = {np.float32: (0.6, 1.3, 3.5), np.float64: (2.1, 3.0, 5.0)}


@SIMPLE
@pytest.mark.parametrize("dtype", UNITS)
class TestEveryDigit:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        monkeypatch.setattr(blocks, "_FEW_CLASSES", CLASSES // 2)

    @pytest.fixture
    def scores(self, family, dtype):
        return family(np.random.default_rng(1)).astype(dtype)

    def test_of_logsumexp(self, scores, dtype, exact):
        true = [exact.logsumexp(row) for row in scores]
        assert exact.ulps(sl.logsumexp(scores), true) <= UNITS[dtype][0]

    def test_of_the_loss(self, scores, dtype, exact):
        likeliest = scores.argmax(axis=1)
        for labels in (likeliest, (likeliest + 1) % CLASSES):
            true = [exact.loss(row, label) for row, label in zip(scores, labels, strict=True)]
            assert exact.ulps(sl.softmax_cross_entropy(scores, labels), true) <= UNITS[dtype][0]

    def test_of_log_softmax(self, scores, dtype, exact):
        true = [exact.log_softmax(row) for row in scores]
        assert exact.ulps(sl.log_softmax(scores), true) <= UNITS[dtype][1]

    def test_of_softmax(self, scores, dtype, exact):
        true = [exact.softmax(row) for row in scores]
        assert exact.ulps(sl.softmax(scores), true) <= UNITS[dtype][2]

    def test_of_the_gradient(self, scores, dtype, exact):
        labels = scores.argmax(axis=1)
        places = np.arange(len(scores)), labels
        losses, gradient = sl.softmax_cross_entropy_with_grad(scores, labels)
        true = [exact.softmax(row) for row in scores]
        for row, label in zip(true, labels, strict=True):
            row[label] = None
        right = [exact.mp.expm1(-exact.loss(row, k)) for row, k in zip(scores, labels, strict=True)]
        assert exact.ulps(gradient[places], right) <= UNITS[dtype][1]
        others = [p for row in true for p in row if p is not None]
        mask = np.ones(scores.shape, bool)
        mask[places] = False
        assert exact.ulps(gradient[mask], others) <= UNITS[dtype][2]
        assert losses.tolist() == sl.softmax_cross_entropy(scores, labels).tolist()


def test_crumbs_of_single_precision_are_added_in_double():
    """A running sum in single precision would stop growing, or lose its last digits."""
    scores = np.full((2, MANY), 0.1, np.float32)
    scores[1] = 0.3
    expected = (scores[:, 0] + np.log(MANY)).astype(np.float32)
    np.testing.assert_array_max_ulp(sl.logsumexp(scores), expected, maxulp=1)
    np.testing.assert_array_max_ulp(sl.softmax(scores)[:, 5], np.float32([1 / MANY] * 2), maxulp=5)


@pytest.mark.parametrize("n_rows", [1, 2, 3])
def test_few_rows_of_every_length(n_rows, monkeypatch):
    """Short rows, long ones, and one beside the others."""
    monkeypatch.setattr(summation, "_SHORT", 4)
    monkeypatch.setattr(blocks, "_FEW_CLASSES", 8)
    rng = np.random.default_rng(n_rows)
    for n_classes in range(1, 11):
        z = rng.normal(size=(n_rows, n_classes))
        for call in (sl.softmax, sl.log_softmax, sl.logsumexp):
            alone = [call(row) for row in z]
            np.testing.assert_allclose(call(z), alone, rtol=1e-15, atol=1e-15)


class TestLogarithmsOfLargeSums:
    """Where all sums of a block are large, their logarithms are taken at once."""

    LONG = 40

    @pytest.fixture(autouse=True)
    def sizes(self, monkeypatch):
        monkeypatch.setattr(blocks, "_BLOCK", 60)  # a block is a row
        monkeypatch.setattr(exponentials, "_LONG_ROW", 16)
        monkeypatch.setattr(exponentials, "_LARGE_SUM", 20)

    @pytest.mark.parametrize("n_classes", [15, 16, 19, 20, 21, 100, 100_000])
    def test_of_equal_scores(self, n_classes, exact):
        total = exact.mp.log(n_classes)
        assert exact.ulps([sl.logsumexp(np.zeros(n_classes))], [total]) <= 1

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    @pytest.mark.parametrize("shift", [-800, -20, 0, 8, 15, 800])
    def test_of_rows_of_which_one_is_elsewhere(self, dtype, shift, exact):
        scores = np.random.default_rng(2).normal(1, 2, (4, self.LONG)).astype(dtype)
        scores[2] += dtype(shift)
        true = [exact.logsumexp(row) for row in scores]
        assert exact.ulps(sl.logsumexp(scores), true) <= 1

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_of_a_row_whose_sum_is_hardly_more_than_one(self, place, exact):
        scores = np.full((3, self.LONG), 2.0)
        scores[place] = -60
        scores[place, 5] = 0
        true = [exact.mp.log(self.LONG) + 2] * 3
        true[place] = exact.mp.log1p((self.LONG - 1) * exact.mp.exp(-60))
        assert exact.ulps(sl.logsumexp(scores), true) <= 3  # of the small one

    def test_in_single_precision_is_added_in_double(self, exact):
        scores = np.full(5000, 6.8099985, np.float32)
        total = float(scores[0]) + exact.mp.log(5000)
        assert exact.ulps([sl.logsumexp(scores)], [total]) <= UNITS[np.float32][0]

    def test_of_masked_classes(self, exact):
        scores = np.random.default_rng(4).normal(3, 2, (2, self.LONG))
        where = np.arange(self.LONG) % 3 > 0
        true = [exact.logsumexp(row) for row in scores[:, where]]
        assert exact.ulps(sl.logsumexp(scores, where=where), true) <= 1

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_bad_scores_are_refused(self, bad):
        scores = np.full((2, self.LONG), 1.0)
        scores[1, 9] = bad
        with pytest.raises(ValueError, match=rf"logits of shape \(2, 40\) has {bad} at \(1, 9\)"):
            sl.logsumexp(scores)
