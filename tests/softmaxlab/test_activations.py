"""softmax, its logarithm, log-sum-exp, sigmoid, hardmax."""

import numpy as np
import pytest
import scipy.special
import sklearn.utils.extmath
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from softmaxlab import hardmax, log_sigmoid, log_softmax, logsumexp, sigmoid, softmax

INF = float("inf")
SHAPES = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=6)
LOGITS = arrays(np.float64, SHAPES, elements=st.floats(-1e3, 1e3))


def difficult(rng, n_classes=7, rows=40):
    """Return scores with offsets, ties, classes that dominate and classes that are masked."""
    z = rng.standard_normal((rows, n_classes)) * 10 ** rng.uniform(-3, 2.5, (rows, 1))
    z[::4] += 10 ** rng.uniform(0, 4, (len(z[::4]), 1))
    z[1::4, 0] += rng.uniform(1, 680, len(z[1::4]))
    z[2::8, 1:3] = z[2::8, :1]
    z[3::8, -1] = -INF
    # Scores below zero whose exponentials add up to about one are apart: see test_cancellation.
    return z + np.maximum(0, 2 - z.max(axis=1, keepdims=True))


class TestLogsumexp:
    def test_closed_form(self):
        assert logsumexp([0.0, 0.0]) == np.log(2)
        assert logsumexp([7.5]) == 7.5
        np.testing.assert_allclose(logsumexp(np.log([1.0, 2.0, 3.0])), np.log(6), rtol=2e-16)

    @given(LOGITS, st.floats(-1e3, 1e3))
    def test_a_common_shift_comes_out(self, z, shift):
        expected = logsumexp(z) + shift
        np.testing.assert_allclose(logsumexp(z + shift), expected, rtol=1e-13, atol=1e-12)

    @given(LOGITS)
    def test_it_is_the_soft_maximum(self, z):
        result, top = logsumexp(z), z.max(axis=-1)
        slack = 4 * np.spacing(np.abs(top) + 1)
        assert (result >= top).all()
        assert (result <= top + np.log(z.shape[-1]) + slack).all()

    def test_fifty_digits(self, exact):
        z = difficult(np.random.default_rng(1))
        assert exact.ulps(logsumexp(z), [exact.logsumexp(row) for row in z]) <= 2

    def test_scipy(self):
        z = np.random.default_rng(2).standard_normal((4, 5, 6))
        for axis in (0, 1, 2, -1, -3):
            np.testing.assert_allclose(
                logsumexp(z, axis), scipy.special.logsumexp(z, axis=axis), rtol=1e-15, atol=1e-15
            )

    def test_extremes(self):
        assert logsumexp([1000.0, 1000.0]) == 1000 + np.log(2)
        assert logsumexp([-1000.0, -1000.0]) == -1000 + np.log(2)
        assert logsumexp([-1e308, 1e308]) == 1e308
        assert logsumexp([-INF, -3.0]) == -3.0
        assert logsumexp([1e-320, -INF]) == 1e-320

    def test_a_small_term_beside_a_large_one(self):
        assert logsumexp([0.0, -40.0]) == np.exp(-40.0)
        assert logsumexp([0.0, -700.0]) == np.exp(-700.0)

    def test_cancellation_leaves_an_absolute_error(self, exact):
        z = np.log([0.5, 0.5])  # not quite log 1/2, so that the truth is not quite 0
        assert abs(logsumexp(z) - float(exact.logsumexp(z))) <= np.spacing(np.log(2))

    def test_a_vocabulary_in_single_precision(self):
        z = np.zeros(50257, np.float32)
        z[0] = 20
        assert logsumexp(z) - 20 == pytest.approx(1.03579972e-4, abs=1e-6)
        assert logsumexp(z).dtype == np.float32


class TestSoftmax:
    def test_numbers_of_the_book(self):
        p = softmax([1, 1, 2, 4, 6, 8])
        expected = [7.874945e-4, 7.874945e-4, 0.00214063, 0.01581725, 0.11687455, 0.86359258]
        np.testing.assert_allclose(p, expected, rtol=2e-6)
        np.testing.assert_array_equal(softmax([3, 1, -3]).round(6), [0.878878, 0.118943, 0.002179])
        row = softmax([1.0, 2.0, 3.0])
        np.testing.assert_array_equal(row.round(8), [0.09003057, 0.24472847, 0.66524096])

    def test_closed_form(self):
        np.testing.assert_allclose(
            softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625], rtol=4e-16
        )
        np.testing.assert_array_equal(softmax(np.full(4, 3.0)), [0.25] * 4)
        np.testing.assert_array_equal(softmax([5.0]), [1.0])

    @given(LOGITS)
    def test_rows_are_distributions(self, z):
        p = softmax(z)
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)

    @given(LOGITS, st.floats(-1e3, 1e3))
    def test_a_common_shift_changes_nothing(self, z, shift):
        np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-12, atol=1e-300)

    @given(arrays(np.float64, st.integers(1, 6), elements=st.floats(-300, 300)))
    def test_ratios_are_exponentials_of_differences(self, z):
        p = softmax(z)
        np.testing.assert_allclose(p / p.max(), np.exp(z - z.max()), rtol=1e-12)

    @given(LOGITS, st.randoms(use_true_random=False))
    def test_classes_may_change_places(self, z, random):
        order = random.sample(range(z.shape[-1]), z.shape[-1])
        np.testing.assert_allclose(softmax(z[..., order]), softmax(z)[..., order], rtol=1e-15)

    @pytest.mark.parametrize("shift", [0, 1e3, -1e3, 690, -690, -0.1])
    def test_fifty_digits(self, exact, shift):
        z = difficult(np.random.default_rng(3)) + shift
        assert exact.ulps(softmax(z), [exact.softmax(row) for row in z]) <= 3

    def test_scipy_and_scikit_learn(self):
        z = np.random.default_rng(4).standard_normal((3, 4, 5)) * 10
        for axis in (0, 1, 2, -1):
            expected = scipy.special.softmax(z, axis=axis)
            np.testing.assert_allclose(softmax(z, axis), expected, rtol=1e-14)
        flat = z.reshape(12, 5)
        np.testing.assert_allclose(softmax(flat), sklearn.utils.extmath.softmax(flat), rtol=1e-14)

    def test_extremes(self, exact):
        stable = softmax([123.0, 456.0, 789.0])
        assert exact.ulps(stable, exact.softmax([123.0, 456.0, 789.0])) <= 3
        np.testing.assert_array_equal(softmax([-1e308, 1e308]), [0.0, 1.0])
        np.testing.assert_array_equal(softmax([1e308, 1e308]), [0.5, 0.5])
        np.testing.assert_array_equal(softmax([-INF, 2.0, -INF]), [0.0, 1.0, 0.0])

    @pytest.mark.parametrize("top", [-691.0, -1e-9, 0.0, 689.9, 690.1, 709.0])
    def test_both_ways_meet(self, exact, top):
        z = np.array([top, top - 0.3, top - 30.7, top - 650.3])
        assert exact.ulps(softmax(z), exact.softmax(z)) <= 3

    @pytest.mark.parametrize("dtype", [np.float16, np.float32])
    def test_narrow_floats_are_rounded_once(self, exact, dtype):
        z = difficult(np.random.default_rng(5)).astype(dtype)
        p = softmax(z)
        assert p.dtype == dtype
        assert exact.ulps(p, [exact.softmax(row) for row in z]) <= 0.51


class TestLogSoftmax:
    @given(LOGITS)
    def test_it_is_the_logarithm(self, z):
        np.testing.assert_allclose(np.exp(log_softmax(z)), softmax(z), rtol=1e-12, atol=1e-300)

    @given(LOGITS)
    def test_it_is_the_score_less_logsumexp(self, z):
        expected = z - logsumexp(z)[..., None]
        np.testing.assert_allclose(log_softmax(z), expected, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("shift", [0, 1e3, -1e3])
    def test_fifty_digits(self, exact, shift):
        z = difficult(np.random.default_rng(6)) + shift
        assert exact.ulps(log_softmax(z), [exact.log_softmax(row) for row in z]) <= 3

    def test_scipy(self):
        z = np.random.default_rng(7).standard_normal((3, 4, 5))
        for axis in (0, 1, 2, -2):
            expected = scipy.special.log_softmax(z, axis=axis)
            np.testing.assert_allclose(log_softmax(z, axis), expected, rtol=1e-14)

    def test_extremes(self):
        result = log_softmax([123.0, 456.0, 789.0])
        np.testing.assert_array_equal(result, [-666.0, -333.0, -np.exp(-333.0)])
        assert log_softmax([0.0, -745.0])[0] == -np.exp(-745.0)
        np.testing.assert_array_equal(log_softmax([1e308, -1e308]), [0.0, -INF])
        np.testing.assert_array_equal(log_softmax([0.0, -INF]), [0.0, -INF])

    @pytest.mark.parametrize("classes", [2, 100])
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_a_difference_that_overflows_is_minus_infinity_without_a_warning(self, dtype, classes):
        z = np.full(classes, np.finfo(dtype).min)
        z[0] = np.finfo(dtype).max
        assert log_softmax(z).tolist() == [0.0] + [-np.inf] * (classes - 1)


class TestWhere:
    @given(LOGITS, st.data())
    def test_a_mask_is_minus_infinity(self, z, data):
        keep = data.draw(arrays(bool, z.shape))
        keep[..., 0] = True
        masked = np.where(keep, z, -INF)
        for function in (logsumexp, softmax, log_softmax):
            np.testing.assert_array_equal(function(z, where=keep), function(masked))

    def test_along_another_axis(self):
        z, keep = np.arange(6.0).reshape(2, 3), np.array([[True], [False]])
        np.testing.assert_array_equal(softmax(z, axis=0, where=keep), [[1.0] * 3, [0.0] * 3])

    def test_the_dtype_stays(self):
        assert softmax(np.zeros(2, np.float32), where=[True, False]).dtype == np.float32


class TestSigmoid:
    def test_numbers_of_the_book(self):
        assert round(float(sigmoid(2.0)), 6) == 0.880797
        assert round(float(sigmoid([3.0, 1.0, -3.0]).sum()), 6) == 1.731059

    def test_where_it_becomes_one(self):
        assert sigmoid(36.7) < 1
        assert sigmoid(36.74) == 1
        # Rounded once: half of the last place below one is 2**-25.
        assert sigmoid(np.float32(17.32)) < 1
        assert sigmoid(np.float32(17.33)) == 1

    @given(st.floats(-700, 700))
    def test_it_is_softmax_of_two(self, s):
        np.testing.assert_allclose(sigmoid(s), softmax([0.0, s])[1], rtol=1e-15)

    @given(st.floats(-1e300, 1e300))
    def test_both_sides_add_up_to_one(self, s):
        assert sigmoid(s) + sigmoid(-s) == pytest.approx(1, rel=3e-16)

    def test_fifty_digits(self, exact):
        s = np.random.default_rng(8).uniform(-700, 60, 300)
        true = [1 / (1 + exact.mp.exp(-exact.mp.mpf(float(x)))) for x in s]
        assert exact.ulps(sigmoid(s), true) <= 2
        assert exact.ulps(log_sigmoid(s), [-exact.softplus(-x) for x in s]) <= 2

    def test_scipy(self):
        s = np.linspace(-50, 50, 10_001).reshape(73, 137)  # more than one chunk
        np.testing.assert_allclose(sigmoid(s), scipy.special.expit(s), rtol=1e-15)
        np.testing.assert_allclose(log_sigmoid(s), scipy.special.log_expit(s), rtol=1e-15)

    def test_extremes(self):
        np.testing.assert_array_equal(sigmoid([-INF, -1e308, 0.0, 1e308, INF]), [0, 0, 0.5, 1, 1])
        np.testing.assert_array_equal(log_sigmoid([-INF, -1e308, 1e308, INF]), [-INF, -1e308, 0, 0])
        assert sigmoid(-745.0) == np.exp(-745.0)
        assert log_sigmoid(40.0) == -np.exp(-40.0)
        assert sigmoid(np.float32(1)).dtype == np.float32
        assert sigmoid(np.empty((0, 3))).shape == (0, 3)


class TestHardmax:
    @given(LOGITS)
    def test_a_one_at_the_argmax(self, z):
        one_hot = hardmax(z)
        assert set(np.unique(one_hot)) <= {0.0, 1.0}
        np.testing.assert_array_equal(one_hot.sum(axis=-1), 1)
        np.testing.assert_array_equal(one_hot.argmax(axis=-1), z.argmax(axis=-1))

    def test_the_first_of_several(self):
        np.testing.assert_array_equal(hardmax([2.0, 7.0, 7.0]), [0, 1, 0])

    def test_axis_and_dtype(self):
        z = np.array([[1, 5], [3, 2]], np.float32)
        result = hardmax(z, axis=0)
        np.testing.assert_array_equal(result, [[0, 1], [1, 0]])
        assert result.dtype == np.float32

    def test_softmax_grows_into_it(self):
        z = np.array([1.0, 1.1, -2.0])
        np.testing.assert_allclose(softmax(z * 1e4), hardmax(z), atol=1e-300)
