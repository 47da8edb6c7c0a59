"""One sum over blocks by Dask, joblib and, where it is installed, Ray: speed-up and memory.

Run it in the environment of `make large` with `python -m benchmarks.large [--json FILE]`.

The sum is the loss and gradient of softmax regression, of which a fit computes one after the other.
All read the same blocks from the same files of NumPy, in processes of one thread each. The speed-up
is the time of one worker over that of several, on the clock, in turns; it depends on what else the
machine does. Starting the workers does not count. What a network between machines costs is not
measured.
"""

import contextlib
import resource
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import softmaxlab
from distributed import Client, LocalCluster
from softmaxlab.learn._rows import Rows
from softmaxlab.learn.regression import SoftmaxObjective
from threadpoolctl import threadpool_limits

from benchmarks.harness import arguments, medians, ratio, write

FILES, ROWS, FEATURES, CLASSES = 12, 25_000, 200, 10  # 480 MB
WORKERS = 1, 2, 4
PARAMS = np.random.default_rng(1).normal(size=(CLASSES, FEATURES + 1)) / 10


def write_files(folder):
    """Write the data and return the paths."""
    rng = np.random.default_rng(0)
    paths = [folder / f"{i}.npy" for i in range(FILES)]
    for path in paths:
        np.save(path, rng.normal(size=(ROWS, FEATURES)))
    return paths


def labels_of(n):
    return np.resize(np.arange(CLASSES), n)


# The sum of one file, as joblib and Ray compute it ------------------------------------------------


def sum_of_file(path):
    """Return the file's part of the loss and of its gradient, and the memory of this process."""
    X = np.load(path)
    rows = Rows(X, labels_of(ROWS), np.full(ROWS, 1 / (FILES * ROWS)), CLASSES, True)
    with threadpool_limits(1, user_api="blas"):
        loss, gradient = rows.loss_and_gradient(PARAMS)
    return np.append(loss, gradient), peak()


def peak():
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def added(results):
    """Return the sum, and the peak of the hungriest process."""
    sums, peaks = zip(*results, strict=True)
    return np.sum(sums, axis=0), max(peaks)


# Each contender opens its workers and yields a function that computes the sum once ----------------


@contextlib.contextmanager
def by_dask(paths, n_workers):
    with (
        LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        X = softmaxlab.large.from_npy(paths, block_rows=ROWS)
        objective = SoftmaxObjective(X, labels_of(len(X)), CLASSES, C=np.inf)

        def run():
            loss, gradient = objective.loss_and_gradient(PARAMS)
            return np.append(loss, gradient), max(client.run(peak).values())

        yield run


@contextlib.contextmanager
def by_joblib(paths, n_workers):
    with joblib.Parallel(n_jobs=n_workers, pre_dispatch="all") as parallel:
        call = joblib.delayed(sum_of_file)
        yield lambda: added(parallel(call(path) for path in paths))


@contextlib.contextmanager
def by_ray(paths, n_workers):
    import ray

    ray.init(num_cpus=n_workers, include_dashboard=False, log_to_driver=False)
    call = ray.remote(sum_of_file)
    yield lambda: added(ray.get([call.remote(path) for path in paths]))
    ray.shutdown()


CONTENDERS: dict[str, Callable[..., Any]] = {"dask": by_dask, "joblib": by_joblib}
if find_spec("ray"):
    CONTENDERS["ray"] = by_ray


# What is measured ---------------------------------------------------------------------------------


def measure_rounds(contender, paths, rounds):
    """Return the seconds by number of workers, the largest peak of memory, and the last sum."""
    seconds = {str(n): [] for n in WORKERS}
    peaks = []
    for _ in range(rounds):
        for n_workers in WORKERS:
            with contender(paths, n_workers) as run:
                run()  # imports, and the files come to the system's cache
                start = time.perf_counter()
                total, memory = run()
                seconds[str(n_workers)].append(time.perf_counter() - start)
            peaks.append(memory)
    return seconds, max(peaks), total


def row(name, paths, rounds):
    """Return the row of one contender, and its sum."""
    seconds, memory, total = measure_rounds(CONTENDERS[name], paths, rounds)
    return {
        "by": name,
        "seconds": {n: float(f"{median:.3g}") for n, median in medians(seconds).items()},
        "speed-up": {n: speed_up(seconds, n) for n in seconds},
        "peak of a worker, MB": round(memory / 1e6),
    }, total


def speed_up(seconds, n_workers):
    """Return the median of the rounds, the least and the largest."""
    share = ratio(seconds, "1", n_workers)
    return [float(f"{share[key]:.3g}") for key in ("median", "low", "high")]


def measure(rounds):
    """Return the rows of all contenders; their sums must agree."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_files(Path(folder))
        size = sum(path.stat().st_size for path in paths) / 1e6
        rows, sums = zip(*(row(name, paths, rounds) for name in CONTENDERS), strict=True)
    for total in sums:
        np.testing.assert_allclose(total, sums[0], rtol=1e-10, atol=1e-12)
    return {"data, MB": round(size), "rows": list(rows)}


def main():
    options = arguments(__doc__, repeats="rounds to time")
    found = measure(options.repeats)
    for line in found["rows"]:
        print(line)
    if options.json:
        write(options.json, found)


if __name__ == "__main__":
    main()
