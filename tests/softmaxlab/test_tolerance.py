"""How far from one a distribution may sum: as far as rounding takes it, wherever it is kept."""

import numpy as np
import pytest
import softmaxlab as sl
from scipy import special

PAIRS = [("float32", "float64"), ("float16", "float64"), ("float16", "float32")]


def rounded_softmax(dtype, shape=(1000, 10), seed=0):
    z = np.random.default_rng(seed).normal(size=shape).astype(dtype)
    return special.softmax(z, axis=-1).astype(dtype)


@pytest.mark.parametrize(("narrow", "wide"), PAIRS)
def test_numbers_of_a_narrow_type_in_a_wide_one(narrow, wide):
    p = rounded_softmax(narrow)
    assert np.abs(p.sum(axis=1, dtype=float) - 1).max() > {"float32": 1e-8, "float16": 1e-5}[narrow]
    kept = p.astype(wide)
    for function in (sl.entropy, lambda p: sl.cross_entropy(p, p[::-1])):
        np.testing.assert_allclose(function(kept), function(p), rtol=2 * np.finfo(narrow).eps)
    np.testing.assert_array_equal(sl.kl_divergence(kept, kept), 0)
    z = np.zeros((1000, 10))
    losses = sl.softmax_cross_entropy(z, kept)
    np.testing.assert_allclose(losses, kept.sum(axis=1, dtype=float) * np.log(10), rtol=1e-15)


@pytest.mark.usefixtures("tiny")
def test_it_does_not_depend_on_the_other_rows():
    p = rounded_softmax("float32", (40, 3)).astype(float)
    p[::2] = rounded_softmax("float64", (20, 3))
    assert sl.entropy(p).shape == (40,)
    p[6] = [0.1, 0.2, 0.7 + 1e-7]  # no numbers of float32
    with pytest.raises(ValueError, match=r"is no distribution in row \(6,\): it sums to 1.0000000"):
        sl.entropy(p)


def test_the_row_that_is_named_is_wrong():
    p = np.array([[0.5, np.float32(0.500009)], [0.1, 0.9 + 1e-7], [0.5, 0.5]])
    sl.entropy(p[0])  # farther from one, and right
    with pytest.raises(ValueError, match=r"in row \(1,\): it sums to 1.0000001"):
        sl.entropy(p)


@pytest.mark.parametrize(
    ("p", "dtype"),
    [
        ([0.1, 0.9 + 3e-8], "float64"),
        ([0.3, 0.7 + 2e-5], "float32"),
        ([np.float32(0.3), np.float32(0.70002)], "float64"),
        ([0.5, 0.506], "float16"),
        ([0.5, 0.50625], "float64"),
        ([0.5, 0.25], "float64"),
        ([np.inf, 0.0], "float64"),
        ([1e300, 0.0], "float64"),
    ],
)
def test_what_no_rounding_does_is_refused(p, dtype):
    with pytest.raises(ValueError, match=r"^p of shape \(2,\) is no distribution: it sums to"):
        sl.entropy(np.array(p, dtype))


@pytest.mark.parametrize("kept_in", ["float32", "float64"])
def test_the_sum_of_a_large_vocabulary_in_single_precision(kept_in):
    """Added one by one, a hundred thousand numbers of float32 lose a few digits of their sum."""
    e = np.full(100_000, 0.1, np.float32)
    p = e / np.add.accumulate(e)[-1]
    off = abs(p.sum(dtype=float) - 1)
    assert 1e-5 < off < 100_000 * 2.0**-24
    p = p.astype(kept_in)
    assert sl.entropy(p) == pytest.approx(np.log(100_000), rel=2e-4)


def test_half_precision_has_a_coarse_grid_for_small_probabilities():
    p = np.full(10**6, 1e-6).astype(np.float16)
    assert p.sum(dtype=float) == pytest.approx(1.0133, abs=1e-4)
    assert sl.entropy(p) == np.float16(1.0133 * -np.log(1.0133e-6))


def test_one_percent_too_much_is_refused_whatever_the_number_of_classes():
    for n_classes in (2, 1000, 50_257):
        p = np.full(n_classes, 1.01 / n_classes)
        for dtype in ("float32", "float64"):
            with pytest.raises(ValueError, match=r"it sums to 1\.0"):
                sl.entropy(p.astype(dtype))
