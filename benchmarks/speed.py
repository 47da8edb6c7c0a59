"""Time softmaxlab and others on the same arrays, in turns, on one core.

Run it with `python -m benchmarks.speed [--json FILE] [--quick]`.

For every function, shape and dtype: the processor's time for a call, the other library's time
relative to ours with the range of the middle half of the rounds, and our time relative to a plain
copy of the input. In every round all libraries are called once after the other, so that a busy
machine slows down all of them. At the end the peak of extra memory of a forward loss. A library
that is not installed has no row.
"""

import argparse
import os
import threading
import time
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import scipy.special
import scipy.stats
import softmaxlab as sl
from sklearn._loss import HalfMultinomialLoss
from sklearn.metrics import log_loss
from sklearn.utils.extmath import softmax as sklearn_softmax
from threadpoolctl import threadpool_limits

from benchmarks.record import write

SHAPES = [(1, 10), (128, 10), (10_000, 10), (1000, 1000), (256, 50_257), (64, 128_256)]
QUICK = [(1, 10), (128, 10), (10_000, 10), (1000, 100)]
SECONDS = 0.8  # for one function, shape and dtype
FEWEST_ROUNDS = 7


# What is compared ---------------------------------------------------------------------------------


def our_cases(z, y, p, q):
    return {
        "copy": z.copy,
        "softmax": lambda: sl.softmax(z),
        "log_softmax": lambda: sl.log_softmax(z),
        "logsumexp": lambda: sl.logsumexp(z),
        "loss": lambda: sl.softmax_cross_entropy(z, y),
        "loss and gradient": lambda: sl.softmax_cross_entropy_with_grad(z, y),
        "entropy": lambda: sl.entropy(p),
        "KL": lambda: sl.kl_divergence(p, q),
        "sigmoid": lambda: sl.sigmoid(z),
        "log_sigmoid": lambda: sl.log_sigmoid(z),
    }


def scipy_cases(z, y, p, q):
    rows = np.arange(len(y))
    return {
        "softmax": lambda: scipy.special.softmax(z, axis=1),
        "log_softmax": lambda: scipy.special.log_softmax(z, axis=1),
        "logsumexp": lambda: scipy.special.logsumexp(z, axis=1),
        "loss": lambda: -scipy.special.log_softmax(z, axis=1)[rows, y],
        "entropy": lambda: scipy.stats.entropy(p, axis=1),
        "KL": lambda: scipy.stats.entropy(p, q, axis=1),
        "sigmoid": lambda: scipy.special.expit(z),
        "log_sigmoid": lambda: scipy.special.log_expit(z),
    }


def sklearn_cases(z, y, p, q):
    classes = np.arange(z.shape[1])
    return {
        "softmax": lambda: sklearn_softmax(z),
        "loss": lambda: log_loss(y, sklearn_softmax(z), labels=classes),
    }


def half_cases(z, y, p, q):
    """Return what scikit-learn's own solvers use: compiled, and not public."""
    labels, half = y.astype(z.dtype), HalfMultinomialLoss(n_classes=z.shape[1])
    return {
        "loss": lambda: half.loss(labels, z),
        "loss and gradient": lambda: half.loss_gradient(labels, z),
    }


def torch_cases(z, y, p, q):
    """Return what PyTorch does; the gradient is ``loss.backward()``."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    data, labels = torch.tensor(z), torch.tensor(y)
    leaf = torch.tensor(z, requires_grad=True)

    def both():
        leaf.grad = None
        functional.cross_entropy(leaf, labels, reduction="sum").backward()

    return {
        "softmax": lambda: torch.softmax(data, 1),
        "log_softmax": lambda: torch.log_softmax(data, 1),
        "logsumexp": lambda: torch.logsumexp(data, 1),
        "loss": lambda: functional.cross_entropy(data, labels, reduction="none"),
        "loss and gradient": both,
    }


def jax_cases(z, y, p, q):
    """Return what JAX does, and optax for the losses, compiled."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    data, labels = jax.numpy.asarray(z), jax.numpy.asarray(y)
    loss = optax.losses.softmax_cross_entropy_with_integer_labels
    functions = {
        "softmax": jax.jit(lambda x: jax.nn.softmax(x, axis=1)),
        "log_softmax": jax.jit(lambda x: jax.nn.log_softmax(x, axis=1)),
        "logsumexp": jax.jit(lambda x: jax.nn.logsumexp(x, axis=1)),
        "loss": jax.jit(lambda x: loss(x, labels)),
        "loss and gradient": jax.jit(jax.value_and_grad(lambda x: loss(x, labels).sum())),
    }

    def ready(function):
        return lambda: jax.block_until_ready(function(data))

    return {name: ready(function) for name, function in functions.items()}


LIBRARIES = {
    "softmaxlab": our_cases,
    "SciPy": scipy_cases,
    "scikit-learn": sklearn_cases,
    "HalfMultinomialLoss": half_cases,
    "PyTorch": torch_cases,
    "JAX, optax": jax_cases,
}
NEEDS = {"PyTorch": "torch", "JAX, optax": "jax"}


def cases(z, y):
    """Return ``{function: {library: callable}}`` for logits and class indices; ours come first."""
    p, q = sl.softmax(z), sl.softmax(z[:, ::-1])
    table = {}
    for library, make in LIBRARIES.items():
        if find_spec(NEEDS.get(library, "numpy")):
            for name, function in make(z, y, p, q).items():
                table.setdefault(name, {})[library] = function
    return table


# Time ---------------------------------------------------------------------------------------------


def timed(function, repeats):
    """Return the seconds of a call, after as many that do not count.

    Threads of the library before, which keep a core busy for a while, would count otherwise.
    """
    for _ in range(repeats):
        function()
    start = time.process_time()
    for _ in range(repeats):
        function()
    return (time.process_time() - start) / repeats


def rounds(functions, seconds):
    """Return the times of all functions, an array of shape (n_rounds, n_functions)."""
    once = [min(timed(function, 1) for _ in range(2)) for function in functions]
    repeats = [max(1, int(1e-3 / t)) for t in once]
    n_rounds = int(seconds / sum(2 * n * t for n, t in zip(repeats, once, strict=True)))
    pairs = list(zip(functions, repeats, strict=True))
    return np.array(
        [[timed(*pair) for pair in pairs] for _ in range(min(max(n_rounds, FEWEST_ROUNDS), 200))]
    )


def compare(shape, dtype, seconds, report):
    """Return one row for each function and library."""
    rng = np.random.default_rng(0)
    z = (3 * rng.standard_normal(shape)).astype(dtype)
    found, copy = [], None
    for name, functions in cases(z, rng.integers(0, shape[1], shape[0])).items():
        times = rounds(list(functions.values()), seconds)
        ours = float(np.median(times[:, 0]))
        copy = copy or ours
        about = {"function": name, "shape": list(shape), "dtype": np.dtype(dtype).name}
        for library, theirs in zip(functions, times.T, strict=True):
            found.append({**about, "library": library, **_figures(theirs, times[:, 0], copy)})
            report(line(found[-1]))
    return found


def _figures(theirs, ours, copy):
    low, middle, high = np.quantile(theirs / ours, [0.25, 0.5, 0.75])
    return {
        "microseconds": float(f"{1e6 * np.median(theirs):.4g}"),
        "ratio": [float(f"{r:.3g}") for r in (middle, low, high)],
        "copies": float(f"{np.median(ours) / copy:.3g}"),
    }


def line(row):
    middle, low, high = row["ratio"]
    shape = "x".join(map(str, row["shape"]))
    return (
        f"{row['function']:18} {shape:11} {row['dtype']:8} {row['library']:20}"
        f" {row['microseconds']:10.1f} us  ratio {middle:6.2f} ({low:.2f} to {high:.2f})"
        f"  {row['copies']:6.2f} copies"
    )


# Memory -------------------------------------------------------------------------------------------


def extra_memory(shape, dtype):
    """Return the peak of memory that a forward loss takes, relative to the memory of the logits."""
    z, y = np.zeros(shape, dtype), np.zeros(shape[0], int)
    rows = np.arange(len(y))
    functions = {
        "softmaxlab": lambda: sl.softmax_cross_entropy(z, y),
        "SciPy, log_softmax": lambda: -scipy.special.log_softmax(z, axis=1)[rows, y],
        "SciPy, logsumexp": lambda: scipy.special.logsumexp(z, axis=1) - z[rows, y],
    }
    return {name: float(f"{peak(f) / z.nbytes:.3g}") for name, f in functions.items()}


def peak(function):
    """Return the most bytes in use at once, in a thread of its own: nothing is there before."""
    bytes_ = []

    def run():
        tracemalloc.start()
        function()
        bytes_.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    return bytes_[0]


def measure(shapes=SHAPES, seconds=SECONDS, report=print):
    """Return all rows of times, and the memory of a forward loss for the last shape but one."""
    dtypes = (np.float64, np.float32)
    with threadpool_limits(1):
        times = [
            row
            for shape in shapes
            for dtype in dtypes
            for row in compare(shape, dtype, seconds, report)
        ]
    memory = {np.dtype(d).name: extra_memory(shapes[-2], d) for d in dtypes}
    report("peak of extra memory, in sizes of the logits", shapes[-2], memory)
    return {"times": times, "memory": {"shape": list(shapes[-2]), **memory}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the results to this file")
    parser.add_argument("--quick", action="store_true", help="small shapes, few rounds")
    arguments = parser.parse_args()
    results = measure(QUICK, 0.1) if arguments.quick else measure()
    if arguments.json:
        write(arguments.json, results)


if __name__ == "__main__":
    main()
