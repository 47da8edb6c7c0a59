"""Entropy, cross-entropy and KL divergence, from probabilities and from logits."""

import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from softmaxlab import (
    cross_entropy,
    entropy,
    entropy_from_logits,
    kl_divergence,
    kl_divergence_from_logits,
    softmax,
)

INF = float("inf")


@st.composite
def distributions(draw, how_many=1):
    """Draw as many distributions over the same classes; some probabilities are 0."""
    n_classes = draw(st.integers(1, 6))
    counts = arrays(np.int64, n_classes, elements=st.integers(0, 1000))
    rows = [draw(counts.filter(lambda row: row.sum() > 0)) for _ in range(how_many)]
    return [row / row.sum() for row in rows]


@st.composite
def two_logits(draw):
    n_classes = draw(st.integers(1, 6))
    row = arrays(np.float64, n_classes, elements=st.floats(-100, 100))
    return draw(row), draw(row)


def near(rng, rows=80, n_classes=5):
    """Return logits, and others that differ by anything from 1e-150 to 1e3."""
    a = rng.standard_normal((rows, n_classes)) * 10 ** rng.uniform(-2, 1.5, (rows, 1))
    a[::2] += 10 ** rng.uniform(0, 3, (len(a[::2]), 1))
    a[1::8] *= 1e-150
    scale = 10 ** rng.uniform(-12, 3, (rows, 1))
    scale[1::8] = 1e-150
    return a, a + scale * rng.standard_normal((rows, n_classes))


class TestEntropy:
    def test_closed_form(self):
        assert entropy([0.5, 0.5]) == np.log(2)
        assert entropy([0.5, 0.5], base=2) == 1
        assert entropy([0.5, 0.25, 0.25], base=2) == 1.5
        assert entropy(np.full(8, 1 / 8), base=2) == 3
        assert entropy([0.1] * 10, base=10) == pytest.approx(1, rel=2e-16)
        assert round(float(entropy([0.5, 0.5], base=10)), 3) == 0.301

    @given(distributions())
    def test_it_lies_between_zero_and_the_uniform_one(self, rows):
        (p,) = rows
        assert 0 <= entropy(p) <= np.log(len(p)) * (1 + 1e-15)

    @given(distributions(), distributions())
    def test_independent_surprises_add_up(self, first, second):
        (p,), (q,) = first, second
        joint = np.outer(p, q).ravel()
        np.testing.assert_allclose(entropy(joint), entropy(p) + entropy(q), rtol=1e-13, atol=1e-15)

    def test_scipy(self):
        p = np.random.default_rng(1).dirichlet(np.full(7, 0.3), (3, 4))
        for axis in (0, 1, 2):
            rows = np.moveaxis(p, -1, axis)
            expected = scipy.stats.entropy(rows, axis=axis)
            np.testing.assert_allclose(entropy(rows, axis), expected, rtol=1e-14)
            in_bits = scipy.stats.entropy(rows, base=2, axis=axis)
            np.testing.assert_allclose(entropy(rows, axis, base=2), in_bits, rtol=1e-14)

    def test_extremes(self):
        certain = entropy([1.0, 0.0, 0.0])
        assert certain == 0
        assert not np.signbit(certain)
        assert entropy([1.0, 1e-300]) == pytest.approx(300 * np.log(10) * 1e-300, rel=1e-13)
        assert entropy([1.0, 5e-324]) == pytest.approx(744.44 * 5e-324, rel=1e-2)
        assert entropy(np.float32([0.5, 0.5])).dtype == np.float32
        assert entropy(np.empty((0, 3))).shape == (0,)


class TestCrossEntropy:
    def test_numbers_of_the_book(self):
        truth, rows = [1, 0, 0], [[0.5, 0.2, 0.3], [0.7, 0.1, 0.2]]
        np.testing.assert_array_equal(cross_entropy(truth, rows).round(6), [0.693147, 0.356675])
        in_tens = cross_entropy(truth, rows, base=10)
        np.testing.assert_array_equal(in_tens.round(6), [0.301030, 0.154902])
        assert round(float(cross_entropy(truth, [0.5, 0.4, 0.1])), 6) == 0.693147

    @given(distributions(2))
    def test_it_is_entropy_plus_divergence(self, rows):
        p, q = rows
        expected = entropy(p) + kl_divergence(p, q)
        np.testing.assert_allclose(cross_entropy(p, q), expected, rtol=1e-12, atol=1e-14)

    @given(distributions())
    def test_with_itself_it_is_the_entropy(self, rows):
        (p,) = rows
        np.testing.assert_allclose(cross_entropy(p, p), entropy(p), rtol=1e-15)

    def test_scipy(self):
        p, q = np.random.default_rng(2).dirichlet(np.ones(5), (2, 6))
        expected = -scipy.special.xlogy(p, q).sum(axis=1)
        np.testing.assert_allclose(cross_entropy(p, q), expected, rtol=1e-14)
        np.testing.assert_allclose(cross_entropy(p.T, q.T, axis=0), expected, rtol=1e-14)

    def test_extremes(self):
        assert cross_entropy([0.5, 0.5], [1.0, 0.0]) == INF
        sure = cross_entropy([1.0, 0.0], [1.0, 0.0])
        assert sure == 0
        assert not np.signbit(sure)
        mixed = cross_entropy([[1.0, 0.0], [0.5, 0.5]], [1.0, 0.0])
        np.testing.assert_array_equal(mixed, [0.0, INF])
        assert cross_entropy(np.float32([1, 0]), np.float32([0.5, 0.5])).dtype == np.float32
        assert cross_entropy(np.float32([1, 0]), [0.5, 0.5]).dtype == np.float64


class TestKlDivergence:
    def test_closed_form(self):
        assert kl_divergence([1, 0], [0.5, 0.5], base=2) == 1
        quarter = kl_divergence([0.5, 0.25, 0.25], [0.25, 0.25, 0.5], base=2)
        assert quarter == pytest.approx(0.25, rel=1e-15)

    @given(distributions(2))
    def test_gibbs(self, rows):
        assert kl_divergence(*rows) >= 0

    @given(distributions())
    def test_nothing_from_itself(self, rows):
        (p,) = rows
        assert kl_divergence(p, p) == 0

    def test_it_is_no_metric(self):
        p, q, r = [0.5, 0.5], [0.9, 0.1], [0.99, 0.01]
        assert kl_divergence(p, q) != pytest.approx(kl_divergence(q, p), rel=0.1)
        assert kl_divergence(p, r) > kl_divergence(p, q) + kl_divergence(q, r)

    def test_scipy(self):
        p, q = np.random.default_rng(3).dirichlet(np.full(6, 0.5), (2, 50))
        expected = scipy.stats.entropy(p, q, axis=1)
        np.testing.assert_allclose(kl_divergence(p, q), expected, rtol=1e-11)

    def test_fifty_digits(self, exact):
        rng = np.random.default_rng(4)
        p = rng.dirichlet(np.ones(5), 100)
        change = np.exp(10 ** rng.uniform(-12, 1, (100, 1)) * rng.standard_normal((100, 5)))
        q = p * change / (p * change).sum(axis=1, keepdims=True)
        true = [
            exact.mp.fsum(x * exact.mp.log(x / y) - x + y for x, y in zip(r, s, strict=True))
            for r, s in zip(map(exact.row, p), map(exact.row, q), strict=True)
        ]
        assert exact.ulps(kl_divergence(p, q), true) <= 4

    def test_broadcasting(self):
        p, q = np.random.default_rng(5).dirichlet(np.ones(3), (2, 4))
        table = kl_divergence(p[:, None], q[None])
        assert table.shape == (4, 4)
        for i in range(4):
            for j in range(4):
                assert table[i, j] == kl_divergence(p[i], q[j])

    def test_extremes(self):
        assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == INF
        assert kl_divergence([1.0, 0.0], [0.5, 0.5]) == np.log(2)
        assert kl_divergence([1.0, 5e-324], [0.5, 0.5]) == pytest.approx(np.log(2), rel=1e-15)
        assert kl_divergence([0.5, 0.5], [1.0, 5e-324]) == pytest.approx(371.5, rel=1e-3)
        assert kl_divergence(np.float32([1, 0]), np.float32([0.5, 0.5])).dtype == np.float32


class TestEntropyFromLogits:
    @given(two_logits())
    def test_it_is_the_entropy_of_the_softmax(self, pair):
        z = pair[0]
        np.testing.assert_allclose(entropy_from_logits(z), entropy(softmax(z)), atol=1e-14)

    @given(two_logits(), st.floats(-100, 100))
    def test_a_common_shift_changes_nothing(self, pair, shift):
        z = pair[0]
        expected = entropy_from_logits(z)
        np.testing.assert_allclose(entropy_from_logits(z + shift), expected, rtol=1e-11)

    def test_closed_form(self):
        assert entropy_from_logits(np.zeros(16), base=2) == 4
        assert entropy_from_logits([7.0]) == 0

    def test_fifty_digits(self, exact):
        rng = np.random.default_rng(6)
        z, _ = near(rng)
        z[::3, 0] = z[::3, 1:].max(axis=1) + rng.uniform(1, 680, len(z[::3]))
        true = [exact.entropy(row) for row in z]
        assert exact.ulps(entropy_from_logits(z), true) <= 3

    def test_other_axes_and_masks(self):
        z = np.array([[0.0, 1.0], [0.0, -INF]])
        got = entropy_from_logits(z, axis=0)
        np.testing.assert_allclose(got, [np.log(2), 0], rtol=1e-15)

    def test_extremes(self):
        assert entropy_from_logits([0.0, -800.0]) == 0
        assert entropy_from_logits([1e308, -1e308]) == 0
        assert entropy_from_logits(np.zeros(2, np.float32)).dtype == np.float32


class TestKlDivergenceFromLogits:
    @given(two_logits())
    def test_it_is_the_divergence_of_the_softmaxes(self, pair):
        a, b = pair
        got = kl_divergence_from_logits(a, b)
        logs = (scipy.special.log_softmax(row) for row in pair)
        expected = softmax(a) @ np.subtract(*logs)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)

    @given(two_logits())
    def test_gibbs(self, pair):
        assert kl_divergence_from_logits(*pair) >= 0

    @given(two_logits())
    def test_nothing_from_itself(self, pair):
        assert kl_divergence_from_logits(pair[0], pair[0]) == 0

    def test_half_the_squared_distance_nearby(self):
        # For b = a + h d the divergence is h**2/2 times the variance of d.
        a, d = np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, -3.0])
        p = softmax(a)
        variance = p @ (d - p @ d) ** 2
        h = 2.0**-40
        got = kl_divergence_from_logits(a, a + h * d)
        assert got == pytest.approx(h * h / 2 * variance, rel=1e-11)

    def test_fifty_digits(self, exact):
        a, b = near(np.random.default_rng(7))
        true = [exact.divergence(x, y) for x, y in zip(a, b, strict=True)]
        assert exact.ulps(kl_divergence_from_logits(a, b), true) <= 4

    @pytest.mark.parametrize("n_classes", [2, 3, pytest.param(200, marks=pytest.mark.slow)])
    def test_fifty_digits_of_models_that_disagree(self, exact, n_classes):
        rng = np.random.default_rng(n_classes)
        a, b = rng.standard_normal((2, 30, n_classes)) * 10 ** rng.uniform(0, 2, (30, 1))
        true = [exact.divergence(x, y) for x, y in zip(a, b, strict=True)]
        assert exact.ulps(kl_divergence_from_logits(a, b), true) <= 4

    def test_fifty_digits_with_classes_masked_in_p(self, exact):
        rng = np.random.default_rng(10)
        a, b = near(rng)
        a[:, 1] = -INF
        b[:, 1] -= rng.choice([0, 5, 50, 500], len(b))
        true = [exact.divergence(x, y) for x, y in zip(a, b, strict=True)]
        assert exact.ulps(kl_divergence_from_logits(a, b), true) <= 4

    def test_single_precision_is_rounded_once(self, exact):
        a, b = (z[:8].astype(np.float32) for z in near(np.random.default_rng(8)))
        true = [exact.divergence(x, y) for x, y in zip(a, b, strict=True)]
        got = kl_divergence_from_logits(a, b)
        assert got.dtype == np.float32
        assert exact.ulps(got, true) <= 0.51

    def test_axis_base_and_broadcasting(self):
        a, b = np.random.default_rng(9).standard_normal((2, 4, 3))
        expected = kl_divergence_from_logits(a, b)
        np.testing.assert_array_equal(kl_divergence_from_logits(a.T, b.T, axis=0), expected)
        in_bits = kl_divergence_from_logits(a, b, base=2)
        np.testing.assert_allclose(in_bits, expected / np.log(2), rtol=3e-16)
        against_one = kl_divergence_from_logits(a, b[0])
        np.testing.assert_array_equal(against_one[2], kl_divergence_from_logits(a[2], b[0]))

    def test_masked_classes(self):
        a = [[0.0, -INF], [0.0, 0.0], [-INF, 0.0], [0.0, -INF]]
        b = [[0.0, 0.0], [0.0, -INF], [0.0, 0.0], [0.0, -INF]]
        np.testing.assert_allclose(
            kl_divergence_from_logits(a, b), [np.log(2), INF, np.log(2), 0], rtol=3e-16
        )
        beyond = kl_divergence_from_logits([0.0, -2000.0], [0.0, -INF])
        assert beyond == INF

    def test_extremes(self, exact):
        for a, b in [
            ([0.0, -800.0], [-800.0, 0.0]),
            ([0.0, -800.0], [0.0, -80.0]),
            ([0.0, 1e308], [1e308, 0.0]),
            ([0.0, -300.0], [0.0, -200.0]),
        ]:
            got = kl_divergence_from_logits(a, b)
            assert exact.ulps(got, exact.divergence(a, b)) <= 3


def test_a_base_below_one_turns_the_sign():
    assert entropy([0.5, 0.5], base=0.5) == -1


NARROW = [np.float16, np.float32]
try:
    from ml_dtypes import bfloat16
except ModuleNotFoundError:
    pass
else:
    NARROW.append(bfloat16)


@pytest.mark.parametrize("narrow", NARROW)
@pytest.mark.parametrize("swap", [False, True])
def test_a_divergence_from_one_distribution_has_the_dtype_of_both(narrow, swap):
    p, q = (
        np.array([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]], narrow),
        np.array([0.25, 0.5, 0.25], narrow),
    )
    pair = (q, p) if swap else (p, q)
    for function in (kl_divergence, cross_entropy):
        found = function(*pair)
        alone = [function(*((q, row) if swap else (row, q))) for row in p]
        assert found.dtype == np.asarray(alone).dtype
        np.testing.assert_array_equal(found, alone)
