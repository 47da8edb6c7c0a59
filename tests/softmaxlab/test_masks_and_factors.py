"""A masked class is a class less, wherever there is a class axis; and weights of exponentials."""

import mpmath
import numpy as np
import pytest
import softmaxlab as sl
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

INF = float("inf")
WHERE = np.array([True, False, True, True, False])
LEFT = np.flatnonzero(WHERE)


def scores(seed=0, shape=(30, 5)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) * rng.choice([0.1, 3, 100], size=(*shape[:-1], 1))


def with_nan(z):
    """Put NaN where it does not count."""
    return np.where(WHERE, z, np.nan)


@pytest.mark.usefixtures("tiny")
class TestWhere:
    @pytest.mark.parametrize("function", [sl.entropy_from_logits, sl.logsumexp])
    def test_one_number_for_each_row(self, function):
        z = scores()
        found = function(with_nan(z), where=WHERE)
        np.testing.assert_allclose(found, function(z[:, WHERE]), rtol=1e-14, atol=1e-300)
        np.testing.assert_array_equal(found, function(np.where(WHERE, z, -INF)))

    @pytest.mark.parametrize("function", [sl.softmax, sl.hardmax])
    def test_one_number_for_each_entry(self, function):
        z = scores()
        found = function(with_nan(z), where=WHERE)
        np.testing.assert_allclose(found[:, WHERE], function(z[:, WHERE]), rtol=1e-14)
        np.testing.assert_array_equal(found[:, ~WHERE], 0)

    def test_divergence(self):
        p, q = scores(1), scores(2)
        found = sl.kl_divergence_from_logits(with_nan(p), with_nan(q), where=WHERE)
        alone = sl.kl_divergence_from_logits(p[:, WHERE], q[:, WHERE])
        np.testing.assert_allclose(found, alone, rtol=1e-14)
        one = sl.kl_divergence_from_logits(with_nan(p[0]), with_nan(q), where=WHERE)
        np.testing.assert_allclose(
            one, sl.kl_divergence_from_logits(p[0][WHERE], q[:, WHERE]), rtol=1e-14
        )

    @pytest.mark.parametrize("function", [sl.softmax_jacobian, sl.softmax_cross_entropy_hessian])
    def test_matrices(self, function):
        z = scores()
        found = function(with_nan(z), where=WHERE)
        among = found[:, LEFT[:, None], LEFT]
        np.testing.assert_allclose(among, function(z[:, WHERE]), rtol=1e-13, atol=1e-300)
        np.testing.assert_array_equal(found[:, ~WHERE], 0)
        np.testing.assert_array_equal(found[:, :, ~WHERE], 0)

    def test_products(self):
        z, v = scores(), scores(3)
        found = sl.softmax_vjp(with_nan(z), v, where=WHERE)
        alone = sl.softmax_vjp(z[:, WHERE], v[:, WHERE])
        np.testing.assert_allclose(found[:, WHERE], alone, rtol=1e-12, atol=1e-300)
        np.testing.assert_array_equal(found[:, ~WHERE], 0)
        large = sl.softmax_vjp([0.0, 0.0, np.nan], [1e308, -1e308, 5.0], where=[True, True, False])
        np.testing.assert_array_equal(large, [5e307, -5e307, 0])

    @pytest.mark.parametrize(
        "function",
        [
            sl.hardmax,
            sl.entropy_from_logits,
            sl.softmax_jacobian,
            lambda z, **options: sl.softmax_vjp(z, np.ones((2, 3)), **options),
            lambda z, **options: sl.kl_divergence_from_logits(z, np.zeros((2, 3)), **options),
        ],
    )
    def test_no_class_left(self, function):
        with pytest.raises(ValueError, match=r"no class left in row \(1,\): all are -inf$"):
            function(np.zeros((2, 3)), where=[[True], [False]])


@pytest.mark.parametrize(
    "v", [(1e308, -1e308), (1.7e308, 1.7e308), (-1.7e308, 1.7e308), (9e307, 1)]
)
def test_vectors_as_large_as_float64_holds(v):
    with mpmath.workdps(50):
        half = (mpmath.mpf(v[0]) - mpmath.mpf(v[1])) / 4
    np.testing.assert_array_equal(sl.softmax_vjp([0.0, 0.0], v), [float(half), float(-half)])


def exact_log_sum(exact, z, b):
    """Return fifty digits of the logarithm of a weighted sum."""
    terms = [exact.mp.mpf(float(w)) * exact.mp.exp(float(s)) for s, w in zip(z, b, strict=True)]
    with exact.mp.workdps(400):
        return exact.mp.log(exact.mp.fsum(terms))


@pytest.mark.usefixtures("tiny")
class TestFactors:
    def test_closed_form(self):
        assert sl.logsumexp([0.0, 0.0], b=[1.0, 3.0]) == np.log(4)
        assert sl.logsumexp([5.0, 7.0], b=[0.0, 1.0]) == 7
        assert sl.logsumexp([[np.nan, 7.0]], b=[0.0, 1.0]).tolist() == [7.0]

    @pytest.mark.parametrize("shape", [(30, 5), (5,), (30, 1), ()])
    def test_scipy(self, shape):
        z, b = scores(), np.random.default_rng(4).random(shape) * 10 + 0.1
        expected = special.logsumexp(z, axis=-1, b=b)
        np.testing.assert_allclose(sl.logsumexp(z, b=b), expected, rtol=1e-13, atol=1e-14)

    def test_whole_numbers_are_repeats(self):
        z, times = np.array([0.3, -2.0, 1.0]), [3, 1, 2]
        found = sl.logsumexp(z, b=times)
        assert found == pytest.approx(sl.logsumexp(np.repeat(z, times)), rel=1e-15)

    @pytest.mark.parametrize("size", [2, 5, 30])
    @pytest.mark.parametrize("exponent", [0, 3, 140])
    @pytest.mark.parametrize("level", [1.0, 30.0, 700.0])
    def test_fifty_digits(self, exact, size, exponent, level):
        """Where the logarithm is nearly zero, digits are lost in the scores already."""
        rng = np.random.default_rng(size)
        z = rng.uniform(-level, level, (20, size))
        b = 10.0 ** rng.uniform(-exponent, exponent, (20, size))
        true = [exact_log_sum(exact, *row) for row in zip(z, b, strict=True)]
        for got, t in zip(sl.logsumexp(z, b=b), true, strict=True):
            error = abs(exact.mp.mpf(float(got)) - t)
            largest = max(abs(t), np.abs(z).max(), np.abs(np.log(b)).max())
            assert error <= 3 * np.spacing(float(largest))

    def test_a_tiny_share_keeps_its_digits(self, exact):
        for z, b in (
            ([0.0, -100.0], [1.0, 5.0]),
            ([0.0, 0.0], [1.0, 1e-30]),
            ([0, 300], [1, 1e-150]),
        ):
            assert exact.ulps(sl.logsumexp(z, b=b), exact_log_sum(exact, z, b)) <= 1

    @given(arrays(float, 4, elements=st.floats(-1e3, 1e3)), st.floats(-100, 100))
    def test_a_common_factor_is_a_shift(self, z, log_factor):
        found = sl.logsumexp(z, b=np.exp(log_factor))
        assert found == pytest.approx(sl.logsumexp(z) + log_factor, rel=1e-13, abs=1e-12)

    def test_ones_change_nothing_but_the_last_digits(self):
        z = scores()
        np.testing.assert_allclose(sl.logsumexp(z, b=1), sl.logsumexp(z), rtol=4e-15)

    def test_extremes(self):
        assert sl.logsumexp([1.7e308, -1.7e308], b=[1e-150, 1e150]) == 1.7e308
        assert sl.logsumexp(np.float32([1, 2]), b=[1.0, 2.0]).dtype == np.float32
        assert sl.logsumexp(np.empty((0, 3)), b=2).shape == (0,)
        with pytest.raises(ValueError, match=r"no class left: all are -inf$"):
            sl.logsumexp([1.0, 2.0], b=[0.0, 0.0])
        with pytest.raises(ValueError, match=r"^logits of shape \(2,\) has inf at \(1,\)$"):
            sl.logsumexp([1.0, INF], b=[1.0, 1.0])
        with pytest.raises(ValueError, match=r"^logits of shape \(2,\) has nan at \(1,\)$"):
            sl.logsumexp([1.0, np.nan], b=[1.0, 1.0])

    def test_what_weighs_nothing_or_is_masked_may_be_no_number(self):
        z, b = np.array([1.0, np.nan, np.nan, 2.0]), [1.0, 0.0, 1.0, 3.0]
        found = sl.logsumexp(z, b=b, where=[True, True, False, True])
        assert found == pytest.approx(np.log(np.e + 3 * np.e**2), rel=1e-15)

    def test_what_does_not_fit_is_named(self):
        with pytest.raises(ValueError, match=r"^where of shape \(4,\) does not .* to logits"):
            sl.logsumexp(np.zeros((2, 3)), b=np.ones((2, 3)), where=np.ones(4, bool))
        message = (
            r"^b of shape \(2,\) has 1e\+200 at \(1,\): it must be 0, or from 1e-150 to 1e150$"
        )
        with pytest.raises(ValueError, match=message):
            sl.logsumexp(np.zeros(2), b=[1.0, 1e200])

    @pytest.mark.parametrize("axis", [0, 1, 2, -1])
    @pytest.mark.parametrize("b", [None, 2.0])
    def test_axes_that_stay(self, axis, b):
        z = scores(shape=(2, 3, 4))
        where = z < 2 * z.max(axis=axis, keepdims=True) + 1e3
        found = sl.logsumexp(z, axis, b=b, where=where, keepdims=True)
        np.testing.assert_array_equal(
            found, np.expand_dims(sl.logsumexp(z, axis, b=b, where=where), axis)
        )
        assert sl.logsumexp([1.0, 2.0], keepdims=True).shape == (1,)
