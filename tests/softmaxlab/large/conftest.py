"""Small data in blocks, and one thread to compute them, unless a test wants more."""

from importlib.util import find_spec

import numpy as np
import pytest

# These tests are for the environment of `make large`; no other has Dask.
collect_ignore_glob = [] if find_spec("dask") else ["test_*.py"]


@pytest.fixture(autouse=True)
def _one_thread():
    import dask

    with dask.config.set(scheduler="synchronous"):
        yield


def made_data(n=203, n_features=4, n_classes=3, seed=0):
    """Return random rows and labels in which every class occurs."""
    rng = np.random.default_rng(seed)
    labels = np.resize(np.arange(n_classes), n)
    return rng.normal(size=(n, n_features)) + labels[:, None] / 2, labels


@pytest.fixture(scope="session")
def data():
    return made_data()


@pytest.fixture(scope="session")
def made():
    return made_data


@pytest.fixture(scope="session")
def blocks():
    """Cut an array into blocks of 40 rows."""
    import dask.array as da

    return lambda array, rows=40: da.from_array(array, (rows, *array.shape[1:]))
