"""The digits: their form, their split, and MNIST's path on data made here."""

from urllib.error import URLError

import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets
from softmaxlab.learn import digits as datasets


class TestLoadDigits:
    def test_form(self):
        for X, y in datasets.load_digits():
            assert X.shape == (len(y), 64)
            assert X.dtype == np.float64
            assert y.dtype == np.intp
            assert X.min() == 0.0
            assert X.max() == 1.0

    def test_every_digit_is_there_once_and_with_its_label(self):
        (X_train, y_train), (X_test, y_test) = datasets.load_digits()
        pixels, labels = sklearn_datasets.load_digits(return_X_y=True)
        ours = np.column_stack([np.vstack([X_train, X_test]) * 16, np.hstack([y_train, y_test])])
        theirs = np.column_stack([pixels, labels])
        np.testing.assert_array_equal(ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)])

    def test_classes_keep_their_shares(self):
        (_, y_train), (_, y_test) = datasets.load_digits()
        shares = [np.bincount(y) / len(y) for y in (y_train, y_test)]
        np.testing.assert_allclose(*shares, atol=0.002)

    def test_same_seed_same_split(self):
        first, again, other = (datasets.load_digits(seed=seed) for seed in (0, 0, 1))
        np.testing.assert_array_equal(first[1][0], again[1][0])
        assert not np.array_equal(first[1][0], other[1][0])

    def test_the_split_unless_told_otherwise(self):
        by_default, told = datasets.load_digits(), datasets.load_digits(test_size=0.25, seed=0)
        np.testing.assert_array_equal(by_default[1][0], told[1][0])

    def test_test_size(self):
        (_, y_train), (_, y_test) = datasets.load_digits(test_size=0.5)
        assert (len(y_train), len(y_test)) == (898, 899)


class TestLoadMnist:
    @pytest.fixture
    def openml(self, monkeypatch):
        """Stand in for OpenML: 70,000 rows of few pixels, labels as text, as it delivers them."""
        asked = {}

        def fetch_openml(name, **options):
            asked.update(options, name=name)
            rows = np.arange(70_000)
            pixels = np.column_stack([rows % 256, np.full(70_000, 255)])
            return pixels, (rows % 10).astype(str).astype(object)

        monkeypatch.setattr(sklearn_datasets, "fetch_openml", fetch_openml)
        return asked

    def test_form_and_customary_split(self, openml):
        (X_train, y_train), (X_test, y_test) = datasets.load_mnist(data_home="here")
        assert X_train.shape == (60_000, 2)
        assert X_test.shape == (10_000, 2)
        assert y_train.dtype == y_test.dtype == np.intp
        np.testing.assert_array_equal(X_test[0], [60_000 % 256 / 255, 1.0])
        np.testing.assert_array_equal(y_test, np.arange(60_000, 70_000) % 10)

    def test_asks_for_the_pinned_version_and_no_pandas(self, openml):
        datasets.load_mnist(data_home="here")
        assert openml == {
            "name": "mnist_784",
            "version": 1,
            "data_home": "here",
            "return_X_y": True,
            "as_frame": False,
            "parser": "liac-arff",
        }

    @pytest.mark.parametrize("reason", [URLError("no route to host"), TimeoutError("too slow")])
    def test_offline_says_what_to_do(self, monkeypatch, reason):
        def fetch_openml(name, **options):
            raise reason

        monkeypatch.setattr(sklearn_datasets, "fetch_openml", fetch_openml)
        with pytest.raises(ConnectionError, match=r"load_digits\(\)") as caught:
            datasets.load_mnist()
        assert caught.value.__cause__ is reason
        assert str(reason) in str(caught.value)
        assert str(caught.value).endswith(
            "). Connect once, or give data_home the folder of an earlier download, or use"
            " load_digits(), whose 1,797 digits come with scikit-learn and need no network."
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test_size": 0}, "test_size must be a number between 0 and 1, not 0 of type int"),
        ({"test_size": 1.0}, "test_size must be a number between 0 and 1, not 1.0 of type float"),
        ({"test_size": 1.5}, "test_size must be a number between 0 and 1, not 1.5 of type float"),
        ({"test_size": 100}, "test_size must be a number between 0 and 1, not 100 of type int"),
        (
            {"test_size": np.nan},
            "test_size must be a number between 0 and 1, not nan of type",
        ),
        ({"test_size": "0.5"}, "test_size must be a number between 0 and 1, not '0.5' of type"),
        ({"seed": None}, "seed must be an integer, 0 or more, not None of type NoneType"),
        ({"seed": -1}, "seed must be an integer, 0 or more, not -1 of type int"),
        ({"seed": 1.5}, "seed must be an integer, 0 or more, not 1.5 of type float"),
    ],
)
def test_what_cannot_split_the_digits(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        datasets.load_digits(**options)
