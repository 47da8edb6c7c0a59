"""Workers in processes of their own: little memory, any number of them, and one that dies."""

import os
import signal
import time

import numpy as np
import pytest
import softmaxlab
from sklearn.linear_model import LogisticRegression
from softmaxlab.learn.regression import SoftmaxRegression

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")

LIMIT = 350 * 2**20  # bytes of memory of each worker; Python and the libraries take over 200 MB
COPIES = 36  # of a set of 21 MB


@pytest.fixture(scope="module")
def cluster():
    """Two workers on this machine; their number changes from test to test."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=LIMIT, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield cluster, client


def scale(cluster, client, n):
    """Wait until there are so many workers."""
    cluster.scale(n)
    while len(client.nthreads()) != n:
        time.sleep(0.1)


@pytest.fixture
def client(cluster):
    """Let two workers compute, and not this process."""
    scale(*cluster, 2)
    with dask.config.set(scheduler=None):
        yield cluster[1]


def peaks(client):
    """Return the most memory that each worker has had, in bytes."""

    def peak():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    return list(client.run(peak).values())


def test_data_larger_than_the_memory_of_all_workers(client, made, tmp_path):
    X, y = made(n=65_536, n_features=40)
    paths = []
    for i in range(COPIES):
        paths.append(tmp_path / f"X-{i}.npy")
        np.save(paths[-1], np.roll(X, i, axis=0))
    labels = np.concatenate([np.roll(y, i) for i in range(COPIES)]).astype(np.int8)
    data = softmaxlab.large.from_npy(paths)
    workers = client.nthreads()
    assert data.nbytes > len(workers) * LIMIT
    model = SoftmaxRegression(tol=1e-9).fit(data, labels)
    theirs = LogisticRegression(tol=1e-10, max_iter=1000).fit(X, y, np.full(len(y), COPIES))
    np.testing.assert_allclose(model.coef_, theirs.coef_, rtol=0, atol=1e-6)
    np.testing.assert_allclose(
        model.intercept_ - model.intercept_.mean(),
        theirs.intercept_ - theirs.intercept_.mean(),
        rtol=0,
        atol=1e-6,
    )
    assert max(peaks(client)) < LIMIT
    assert client.nthreads() == workers  # and nobody has died


def test_bits_do_not_depend_on_the_number_of_workers(cluster, client, data, blocks):
    X, y = blocks(data[0], 17), data[1]
    with dask.config.set(scheduler="synchronous"):
        weights = [SoftmaxRegression().fit(X, y).coef_]
    for n in (1, 2, 3):
        scale(*cluster, n)
        weights.append(SoftmaxRegression().fit(X, y).coef_)
    assert len({found.tobytes() for found in weights}) == 1


def test_a_worker_that_dies_costs_no_bit(client, data, blocks, tmp_path):
    def dies_once(block, block_info):
        """Kill the process that reads block 3 for the twelfth time, the fit being under way."""
        if block_info[0]["chunk-location"][0] == 3 and not (tmp_path / "dead").exists():
            n = len(list(tmp_path.iterdir()))
            (tmp_path / f"read-{n}").touch()
            if n == 12:
                (tmp_path / "dead").touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return block

    X, y = blocks(data[0], 17), data[1]
    expected = SoftmaxRegression().fit(X, y)
    fragile = X.map_blocks(dies_once, dtype=float, meta=np.empty((0, 0)))
    model = SoftmaxRegression().fit(fragile, y)
    assert (tmp_path / "dead").exists()
    assert model.coef_.tobytes() == expected.coef_.tobytes()
    assert model.loss_curve_.tobytes() == expected.loss_curve_.tobytes()


def test_a_bad_block_is_named_by_a_worker(client, data, blocks):
    X = data[0].copy()
    X[99, 1] = np.nan
    with pytest.raises(ValueError, match=r"^block 2, rows 80 to 119: Input X contains NaN"):
        SoftmaxRegression().fit(blocks(X), data[1])


def test_losses_and_errors(client, data, blocks):
    X, y = data
    model = SoftmaxRegression().fit(X, y)
    assert model.score(blocks(X), y) == model.score(X, y)
    assert isinstance(model.predict_proba(blocks(X)), da.Array)
