"""What one adds to a loss: smoothed labels, samples and classes that do not count, weights.

The expected values are the formulas that the documentation of PyTorch gives for the parameters of
these names, in fifty digits.
"""

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab import textbook

INF = float("inf")
RNG = np.random.default_rng(7)
LOGITS = RNG.normal(size=(40, 5)) * RNG.choice([0.1, 3, 100], size=(40, 1))
LABELS = RNG.integers(5, size=40)


def smoothed(exact, y, share, n_classes):
    """Return ``(1 - e) y + e / K`` in fifty digits."""
    mp = exact.mp
    rows = np.eye(n_classes)[y] if np.ndim(y) == 0 else y
    return [(1 - mp.mpf(share)) * mp.mpf(float(v)) + mp.mpf(share) / n_classes for v in rows]


def smoothed_loss(exact, z, y, share):
    logs, target = exact.log_softmax(z), smoothed(exact, y, share, len(z))
    return -exact.mp.fsum(w * s for w, s in zip(target, logs, strict=True) if w)


@pytest.mark.usefixtures("tiny")
class TestLabelSmoothing:
    @pytest.mark.parametrize("share", [1e-9, 0.1, 0.5, 1.0])
    @pytest.mark.parametrize("soft", [False, True], ids=["indices", "distributions"])
    def test_fifty_digits(self, exact, share, soft):
        y = np.eye(5)[LABELS] if soft else LABELS
        true = [smoothed_loss(exact, z, k, share) for z, k in zip(LOGITS, y, strict=True)]
        assert exact.ulps(sl.softmax_cross_entropy(LOGITS, y, label_smoothing=share), true) <= 3

    @pytest.mark.parametrize("share", [1e-9, 0.1, 0.5, 1.0])
    def test_fifty_digits_of_the_gradient(self, exact, share):
        gradient = sl.softmax_cross_entropy_grad(LOGITS, LABELS, label_smoothing=share)
        for z, y, got in zip(LOGITS, LABELS, gradient, strict=True):
            target = smoothed(exact, y, share, 5)
            true = [a - t for a, t in zip(exact.softmax(z), target, strict=True)]
            scale = exact.mp.fsum(abs(t) for t in true)
            for one, t in zip(got, true, strict=True):
                assert abs(exact.mp.mpf(float(one)) - t) <= 6e-16 * max(scale, share)

    def test_closed_form_of_equal_logits(self):
        for share in (0.0, 0.3, 1.0):
            loss = sl.softmax_cross_entropy(np.zeros(4), 2, label_smoothing=share)
            assert loss == pytest.approx(np.log(4), rel=4e-16)

    def test_it_is_the_mixture_of_two_losses(self):
        even = np.full((40, 5), 0.2)
        mixed = 0.75 * sl.softmax_cross_entropy(LOGITS, LABELS)
        mixed += 0.25 * sl.softmax_cross_entropy(LOGITS, even)
        found = sl.softmax_cross_entropy(LOGITS, LABELS, label_smoothing=0.25)
        np.testing.assert_allclose(found, mixed, rtol=4e-15)

    def test_central_differences(self):
        def total(z):
            return sl.softmax_cross_entropy(z, LABELS[:6], label_smoothing=0.2).sum()

        z = LOGITS[:6] / 100
        gradient = sl.softmax_cross_entropy_grad(z, LABELS[:6], label_smoothing=0.2)
        np.testing.assert_allclose(gradient, sl.numerical_gradient(total, z), atol=1e-9)

    def test_the_loss_is_least_at_the_smoothed_label(self):
        target = np.array([0.925, 0.025, 0.025, 0.025])
        gradient = sl.softmax_cross_entropy_grad(np.log(target), 0, label_smoothing=0.1)
        np.testing.assert_allclose(gradient, 0, atol=1e-16)
        loss = sl.softmax_cross_entropy(np.log(target), 0, label_smoothing=0.1)
        assert loss == pytest.approx(sl.entropy(target), rel=1e-15)

    def test_masked_classes_have_no_share(self):
        where = np.array([True, False, True, True, False])
        labels, options = 2 * (LABELS % 2), {"label_smoothing": 0.2}
        place = np.array([0, -1, 1, 2])[labels]
        found = sl.softmax_cross_entropy_with_grad(LOGITS, labels, where=where, **options)
        alone = sl.softmax_cross_entropy_with_grad(LOGITS[:, where], place, **options)
        np.testing.assert_allclose(found[0], alone[0], rtol=1e-15)
        np.testing.assert_allclose(found[1][:, where], alone[1], rtol=1e-14, atol=1e-16)
        np.testing.assert_array_equal(found[1][:, ~where], 0)

    def test_extremes(self):
        def loss(z, y, share):
            return sl.softmax_cross_entropy(z, y, label_smoothing=share)

        assert loss([0.0, -1e308], 0, 0.5) == 2.5e307
        assert loss([0.0, -INF], 1, 0.5) == INF
        assert loss([0.0, -INF], 1, 1.0) == 0
        assert loss([3.0], 0, 0.3) == 0
        assert loss(np.empty((0, 3)), [], 0.1).shape == (0,)
        assert loss(np.zeros((2, 3), np.float32), [0, 1], 0.1).dtype == np.float32

    def test_nothing_is_smoothed_by_zero(self):
        for function in (sl.softmax_cross_entropy, sl.softmax_cross_entropy_grad):
            found = function(LOGITS, LABELS, label_smoothing=0)
            np.testing.assert_array_equal(found, function(LOGITS, LABELS))


class TestIgnoreIndex:
    @pytest.mark.parametrize("ignored", [-100, -1, 255, 0, 3])
    def test_samples_that_do_not_count(self, ignored):
        labels = np.where(np.arange(40) % 3, LABELS, ignored)
        counts = labels != ignored
        losses, gradient = sl.softmax_cross_entropy_with_grad(LOGITS, labels, ignore_index=ignored)
        expected = sl.softmax_cross_entropy_with_grad(LOGITS[counts], labels[counts])
        np.testing.assert_array_equal(losses[~counts], 0)
        np.testing.assert_array_equal(gradient[~counts], 0)
        np.testing.assert_allclose(losses[counts], expected[0], rtol=4e-16)
        np.testing.assert_allclose(gradient[counts], expected[1], rtol=1e-15, atol=1e-300)
        assert losses.mean(where=counts) == pytest.approx(expected[0].mean(), rel=1e-15)

    def test_the_weighted_mean(self):
        """PyTorch: the sum of ``w l`` over those that count, divided by the sum of their w."""
        labels, weights = np.array([0, -100, 2]), np.array([1.0, 5.0, 3.0])
        losses = sl.softmax_cross_entropy(
            np.diag([1.0, 2.0, 3.0]), labels, weights=weights, ignore_index=-100
        )
        first, third = (np.log(2 + np.e) - 1), np.log(2 + np.e**3) - 3
        mean = losses.sum() / weights.sum(where=labels != -100)
        assert mean == pytest.approx((first + 3 * third) / 4, rel=1e-14)

    @pytest.mark.parametrize("dtype", ["i1", "u1", "u8", ">i2", "i8"])
    def test_every_type(self, dtype):
        labels = np.array([1, 100, 0], dtype)
        losses = sl.softmax_cross_entropy(np.zeros((3, 2)), labels, ignore_index=100)
        np.testing.assert_array_equal(losses, [np.log(2), 0, np.log(2)])
        assert sl.softmax_cross_entropy(np.zeros((3, 200)), labels, ignore_index=-300).all()

    def test_an_infinite_loss_that_does_not_count(self):
        assert sl.softmax_cross_entropy([-INF, 0.0], 0, ignore_index=0) == 0

    def test_labels_that_are_distributions(self):
        with pytest.raises(ValueError, match=r"^ignore_index is for class indices"):
            sl.softmax_cross_entropy([[0.0, 1.0]], [[0.5, 0.5]], ignore_index=-1)

    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_another_axis_with_all_options(self, axis):
        z, where = RNG.normal(size=(3, 4, 5)), RNG.random((3, 4, 5)) < 0.8
        where[..., 0], labels = True, RNG.integers(-1, 5, size=(3, 4))
        options = {"label_smoothing": 0.1, "ignore_index": -1, "weights": RNG.random((3, 4))}
        last = sl.softmax_cross_entropy_with_grad(z, labels, where=where, **options)
        moved = sl.softmax_cross_entropy_with_grad(
            np.moveaxis(z, -1, axis), labels, axis, where=np.moveaxis(where, -1, axis), **options
        )
        np.testing.assert_array_equal(moved[0], last[0])
        np.testing.assert_array_equal(np.moveaxis(moved[1], axis, -1), last[1])


S = np.array([-1000.0, -40.0, -3.0, -1e-9, 0.0, 0.7, 30.0, 800.0])
Y = np.array([0.0, 1.0, 0.25, 1.0, 0.5, 0.0, 1.0, 0.125])


@pytest.mark.parametrize("factor", [0.0, 1e-20, 0.3, 1.0, 7.0, 1e20])
class TestPositiveWeight:
    def test_fifty_digits(self, exact, factor):
        mp = exact.mp
        pairs = [(mp.mpf(s), mp.mpf(y)) for s, y in zip(S.tolist(), Y.tolist(), strict=True)]
        plus, minus = ([exact.softplus(sign * s) for s, _ in pairs] for sign in (1, -1))
        true = [
            mp.mpf(factor) * y * m + (1 - y) * p
            for (_, y), p, m in zip(pairs, plus, minus, strict=True)
        ]
        assert exact.ulps(sl.sigmoid_cross_entropy(S, Y, pos_weight=factor), true) <= 3

    def test_central_differences(self, factor):
        s, y = S[2:6], Y[2:6]
        slopes = sl.sigmoid_cross_entropy_grad(s, y, pos_weight=factor)
        measured = sl.numerical_gradient(
            lambda x: sl.sigmoid_cross_entropy(x, y, pos_weight=factor).sum(), s
        )
        np.testing.assert_allclose(slopes, measured, rtol=1e-8, atol=1e-8 * max(1, factor))

    def test_textbook(self, factor):
        s, y = S[2:6], Y[2:6]
        a = textbook.sigmoid(s)
        found = sl.sigmoid_cross_entropy(s, y, pos_weight=factor)
        expected = -(factor * y * np.log(a) + (1 - y) * np.log(1 - a))
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        slopes = sl.sigmoid_cross_entropy_grad(s, y, pos_weight=factor)
        np.testing.assert_allclose(slopes, (1 - y) * a - factor * y * (1 - a), rtol=1e-14)


class TestWeights:
    def test_one_weight_for_each_column(self):
        z, y, factor = RNG.normal(size=(6, 3)), RNG.integers(2, size=(6, 3)), [1.0, 2.0, 0.5]
        for function in (sl.sigmoid_cross_entropy, sl.sigmoid_cross_entropy_grad):
            found = function(z, y, pos_weight=factor)
            for column in range(3):
                alone = function(z[:, column], y[:, column], pos_weight=factor[column])
                np.testing.assert_array_equal(found[:, column], alone)

    def test_weight_one_changes_nothing(self):
        for function in (sl.sigmoid_cross_entropy, sl.sigmoid_cross_entropy_grad):
            np.testing.assert_array_equal(function(S, Y, pos_weight=1), function(S, Y))
            np.testing.assert_array_equal(function(S, Y, weights=np.ones(8)), function(S, Y))

    def test_weights_multiply(self):
        weights = RNG.random(40)
        binary = LOGITS[:, 0], (LABELS > 2).astype(float)
        for function, arguments in (
            (sl.sigmoid_cross_entropy, binary),
            (sl.sigmoid_cross_entropy_grad, binary),
            (sl.multiclass_hinge, (LOGITS, LABELS)),
        ):
            found = function(*arguments, weights=weights)
            np.testing.assert_array_equal(found, weights * function(*arguments))
        found = sl.multiclass_hinge_grad(LOGITS, LABELS, weights=weights)
        expected = weights[:, None] * sl.multiclass_hinge_grad(LOGITS, LABELS)
        np.testing.assert_array_equal(found, expected)

    def test_extremes(self):
        assert sl.sigmoid_cross_entropy(-INF, 1, weights=0.0) == 0
        with pytest.raises(ValueError, match=r"^labels of shape \(3,\) has 1.5 at \(2,\)"):
            sl.sigmoid_cross_entropy(np.zeros(3), [1.0, 0.0, 1.5])
        far = np.append(0.0, np.full(60, -1.7e308))  # the sum of these would overflow
        found = sl.softmax_cross_entropy(far, 0, label_smoothing=0.5)
        assert found == pytest.approx(0.5 * 60 / 61 * 1.7e308, rel=1e-14)
        message = r"give one number or one for each entry of the last axis$"
        with pytest.raises(ValueError, match=message):
            sl.sigmoid_cross_entropy(np.zeros((2, 3)), np.zeros((2, 3)), pos_weight=[1.0, 2.0])
        assert sl.sigmoid_cross_entropy(-1.7e308, 1, pos_weight=3.0) == INF
        assert sl.sigmoid_cross_entropy(-INF, 1, pos_weight=0.0) == 0
        assert sl.sigmoid_cross_entropy(-INF, 1, pos_weight=2.0) == INF
        assert sl.sigmoid_cross_entropy(np.float32(1), 1, pos_weight=2.0).dtype == np.float32


@pytest.mark.usefixtures("tiny")
class TestMaskOfTheHinge:
    def test_a_masked_class_is_no_rival(self):
        where = np.array([True, False, True, True, False])
        labels = 2 * (LABELS % 2)
        place = np.array([0, -1, 1, 2])[labels]
        found = sl.multiclass_hinge(LOGITS, labels, where=where)
        np.testing.assert_allclose(found, sl.multiclass_hinge(LOGITS[:, where], place), rtol=1e-15)
        gradient = sl.multiclass_hinge_grad(LOGITS, labels, where=where)
        expected = sl.multiclass_hinge_grad(LOGITS[:, where], place)
        np.testing.assert_array_equal(gradient[:, where], expected)
        np.testing.assert_array_equal(gradient[:, ~where], 0)

    def test_the_right_class_is_masked(self):
        scores, where = [[1.0, 2.0, np.nan]], [True, False, False]
        assert sl.multiclass_hinge(scores, [1], where=where).tolist() == [INF]
        gradient = sl.multiclass_hinge_grad(scores, [1], where=where)
        assert gradient.tolist() == [[1.0, -1.0, 0.0]]
        assert sl.multiclass_hinge(scores, [0], where=where).tolist() == [0.0]
