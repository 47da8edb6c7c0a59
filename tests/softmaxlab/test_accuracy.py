"""The worst error over scores made to be difficult, against fifty digits; the same in every run.

The scores are those of `benchmarks/accuracy.py`, fewer of them: what the book's table says of this
package must stay true.
"""

import json

import numpy as np
import pytest

from benchmarks import accuracy
from benchmarks.record import RECORD

ROWS = 25
ELSEWHERE = (accuracy.vocabulary, accuracy.log_probabilities, accuracy.a_million_classes)
FAMILIES = [family for family in accuracy.FAMILIES if family not in ELSEWHERE]
DTYPES = ("float64", "float32", "float16")
LIMIT = 3.0
CANCELLING = (accuracy.common_offset, accuracy.log_probabilities)
SOFTMAX = 5.0  # the rounding of the division comes on top; other libraries lose hundreds of units


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def digits():
    with accuracy.mpmath.workdps(accuracy.DIGITS):
        yield


def worst(family, dtype, rows=ROWS):
    """Return the worst error of each function."""
    errors = accuracy.errors_of(family, dtype, {"softmaxlab": accuracy.ours()}, rows)
    return {name: by_library["softmaxlab"] for name, by_library in errors}


def assert_exact(units):
    assert units.pop("softmax") <= SOFTMAX
    assert max(units.values()) <= LIMIT, units


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_every_function_within_three_units(family, dtype):
    assert_exact(worst(family, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "family",
    [*FAMILIES, accuracy.log_probabilities],
    ids=lambda f: f.__name__,
)
def test_every_option_within_three_units(family, dtype):
    errors = accuracy.errors_of(family, dtype, {"softmaxlab": accuracy.options()}, ROWS)
    for name, by_library in errors:
        cancels = name == "logsumexp with b" and family in CANCELLING
        assert cancels or by_library["softmaxlab"] <= LIMIT, (name, by_library)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("family", CANCELLING, ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", ["logsumexp", "logsumexp with b"])
def test_a_logarithm_that_is_a_small_difference(name, family, dtype):
    """It is exact in units of the largest score, which are more of its own."""
    z, y, _ = accuracy.drawn(family, np.dtype(dtype))
    got = (accuracy.ours() | accuracy.options())[name](z, y)
    of_scores, of_results = (np.spacing(np.abs(a)) for a in (z.max(axis=1), got))
    true = accuracy.truths(name, z, y, None)
    off = [float(abs(float(ours) - exact)) for ours, exact in zip(got, true, strict=True)]
    assert (off <= 2 * np.maximum(of_scores, of_results).astype(float)).all()


def test_two_classes_of_which_the_divergence_loses_most():
    assert_exact(worst(accuracy.two_classes, "float64", accuracy.ROWS))


@pytest.mark.parametrize("dtype", DTYPES)
def test_log_probabilities(dtype):
    """The logarithm of a sum that is nearly one is lost in the scores already; all else is not."""
    units = worst(accuracy.log_probabilities, dtype)
    del units["logsumexp"]
    assert_exact(units)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_vocabulary_of_many_equal_scores(dtype):
    assert_exact(worst(accuracy.vocabulary, dtype, rows=2))


@pytest.mark.parametrize(
    ("got", "true", "units"),
    [
        (1.0, "1", 0),
        (np.nextafter(1, 2), "1", 1),
        (0.0, "1e-20", np.inf),
        (np.nan, "1", np.inf),
        (np.inf, "inf", 0),
        (np.inf, "1e300", np.inf),
        (np.float16(np.inf), "65520", 0),
        (np.float16(np.inf), "65519", np.inf),
        (np.float32(1) + np.float32(2**-23), "1", 1),
    ],
)
def test_the_measure_itself(got, true, units):
    assert accuracy.error(got, accuracy.mpmath.mpf(true)) == units


def test_an_error_is_written_down_no_smaller_than_it_is():
    assert accuracy.rounded_up(3.0047) == 3.01
    assert accuracy.rounded_up(3.0) == 3.0
    assert accuracy.rounded_up(np.inf) == np.inf


def test_what_the_book_shows_is_within_the_same_limits():
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    assert list(recorded["accuracy"]) == list(DTYPES)
    for functions in recorded["accuracy"].values():
        assert set(functions) == set(accuracy.ours())
        for name, families in functions.items():
            assert set(families) == {family.__name__ for family in accuracy.FAMILIES}
            lost = {"log_probabilities"} if name == "logsumexp" else set()
            limit = SOFTMAX if name == "softmax" else LIMIT
            for family in families.keys() - lost:
                assert families[family]["softmaxlab"] <= limit, (name, family)
    for functions in recorded["options"].values():
        assert set(functions) == set(accuracy.options())
        for name, families in functions.items():
            assert set(families) == {family.__name__ for family in accuracy.FAMILIES}
            cancels = {f.__name__ for f in CANCELLING} if name == "logsumexp with b" else set()
            for family in families.keys() - cancels:
                assert families[family]["softmaxlab"] <= LIMIT, (name, family)
    assert recorded["memory"]["float64"]["softmaxlab"] <= 0.01
    assert recorded["memory"]["float32"]["softmaxlab"] <= 0.01
