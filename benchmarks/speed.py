"""Time softmaxlab and others on the same arrays, in turns, on one core and on all.

Run it with `python -m benchmarks.speed [--json FILE] [--quick]`.

For every function, shape and dtype: the time for a call, of the processor on one core and of the
clock on all; the other library's time relative to ours, as NumPy computes it and as the compiled
kernels do, with the range of the middle half of the rounds; and its time relative to a plain copy
of the input. In every round all libraries are called once after the other, so that a busy machine
slows down all of them. At the end the peak of extra memory of a forward loss. A library that is not
installed has no row. How many operations a core does in a second is measured, too.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec

import numpy as np
import scipy.special
import scipy.stats
import softmaxlab as sl
from sklearn._loss import HalfBinomialLoss, HalfMultinomialLoss
from sklearn.metrics import log_loss
from sklearn.utils.extmath import softmax as sklearn_softmax

from benchmarks.harness import arguments, medians, peak, ratio, take_many_turns, write

SHAPES = [(1, 10), (128, 10), (10_000, 10), (1000, 1000), (256, 50_257), (64, 128_256)]
QUICK = [(1, 10), (128, 10), (10_000, 10), (1000, 100)]
SECONDS = 0.8  # for one function, shape and dtype
ROUNDS = 5, 200  # the fewest and the most


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
        "sigmoid loss": lambda: sl.sigmoid_cross_entropy(z, p),
    }


def kernel_cases(z, y, p, q):
    """Return what Numba's kernels compute.

    Each call turns the switch and turns it back, since all libraries take turns: about 2
    microseconds, which are counted.
    """

    def by_kernel(function):
        def run():
            sl.use("numba")
            result = function()
            sl.use("numpy")
            return result

        return run

    return {
        name: by_kernel(function)
        for name, function in our_cases(z, y, p, q).items()
        if name in KERNELS
    }


def plain_softmax(z):
    """Return softmax of each row, as everybody writes it."""
    shifted = z - z.max(axis=-1, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=-1, keepdims=True)


def plain_cases(z, y, p, q):
    """Return what lines of NumPy do, each over the whole array."""

    def logsumexp():
        top = z.max(axis=-1, keepdims=True)
        return top[:, 0] + np.log(np.exp(z - top).sum(axis=-1))

    return {"softmax": lambda: plain_softmax(z), "logsumexp": logsumexp}


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


def half_cases(z, y, p, q, threads):
    """Return what scikit-learn's own solvers use: compiled, and not public."""
    labels, half = y.astype(z.dtype), HalfMultinomialLoss(n_classes=z.shape[1])
    scores, targets = z.ravel(), p.ravel()
    return {
        "loss": lambda: half.loss(labels, z, n_threads=threads),
        "loss and gradient": lambda: half.loss_gradient(labels, z, n_threads=threads),
        "sigmoid loss": lambda: HalfBinomialLoss().loss(targets, scores, n_threads=threads),
    }


def torch_cases(z, y, p, q, threads):
    """Return what PyTorch does; the gradient is ``loss.backward()``."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)
    data, labels, targets = torch.tensor(z), torch.tensor(y), torch.tensor(p)
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
        "sigmoid loss": lambda: functional.binary_cross_entropy_with_logits(
            data, targets, reduction="none"
        ),
    }


def jax_cases(z, y, p, q):
    """Return what JAX does, and optax for the losses, compiled."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    data, labels, targets = map(jax.numpy.asarray, (z, y, p))
    loss = optax.losses.softmax_cross_entropy_with_integer_labels
    functions = {
        "softmax": jax.jit(lambda x: jax.nn.softmax(x, axis=1)),
        "log_softmax": jax.jit(lambda x: jax.nn.log_softmax(x, axis=1)),
        "logsumexp": jax.jit(lambda x: jax.nn.logsumexp(x, axis=1)),
        "loss": jax.jit(lambda x: loss(x, labels)),
        "loss and gradient": jax.jit(jax.value_and_grad(lambda x: loss(x, labels).sum())),
        "sigmoid loss": jax.jit(lambda x: optax.losses.sigmoid_binary_cross_entropy(x, targets)),
    }

    def ready(function):
        return lambda: jax.block_until_ready(function(data))

    return {name: ready(function) for name, function in functions.items()}


OURS, COMPILED = "softmaxlab", "softmaxlab, Numba"
KERNELS = ("softmax", "log_softmax", "logsumexp", "loss", "loss and gradient", "KL", "sigmoid loss")
LIBRARIES: dict[str, Callable] = {
    OURS: our_cases,
    COMPILED: kernel_cases,
    "plain NumPy": plain_cases,
    "SciPy": scipy_cases,
    "scikit-learn": sklearn_cases,
    "HalfMultinomialLoss": half_cases,
    "PyTorch": torch_cases,
    "JAX, optax": jax_cases,
}
NEEDS = {COMPILED: "numba", "PyTorch": "torch", "JAX, optax": "jax"}
TOLD = (half_cases, torch_cases)  # how many threads to use; the others are told by the environment


def cases(z, y, threads):
    """Return ``{function: {library: callable}}`` for logits and class indices; ours come first."""
    p, q = sl.softmax(z), sl.softmax(z[:, ::-1])
    table = {}
    for library, make in LIBRARIES.items():
        if find_spec(NEEDS.get(library, "numpy")):
            told = (threads,) if make in TOLD else ()
            for name, function in make(z, y, p, q, *told).items():
                table.setdefault(name, {})[library] = function
    return table


# Time ---------------------------------------------------------------------------------------------


def compare(shape, dtype, seconds, threads):
    """Return one row for each function and library."""
    rng = np.random.default_rng(0)
    z = (3 * rng.standard_normal(shape)).astype(dtype)
    found, copy = [], None
    for name, functions in cases(z, rng.integers(0, shape[1], shape[0]), threads).items():
        times = take_many_turns(functions, seconds, *ROUNDS, threads)
        copy = copy or medians(times)[OURS]
        about = {"function": name, "shape": list(shape), "dtype": np.dtype(dtype).name}
        for library in functions:
            figures = _figures(times, library, copy)
            found.append({**about, "threads": threads, "library": library, **figures})
            print(line(found[-1]))
    return found


def _figures(times, library, copy):
    own = medians(times)[library]
    return {
        "microseconds": float(f"{1e6 * own:.4g}"),
        "ratio": _share(times, library, OURS),
        **({"to kernel": _share(times, library, COMPILED)} if COMPILED in times else {}),
        "copies": float(f"{own / copy:.3g}"),
    }


def _share(times, library, ours):
    share = ratio(times, library, ours, middle=0.5)
    return [float(f"{share[key]:.3g}") for key in ("median", "low", "high")]


def line(row):
    middle, low, high = row["ratio"]
    shape = "x".join(map(str, row["shape"]))
    return (
        f"{row['function']:18} {shape:11} {row['dtype']:8} {row['threads']} {row['library']:20}"
        f" {row['microseconds']:10.1f} us  ratio {middle:6.2f} ({low:.2f} to {high:.2f})"
        f"  {row['copies']:6.2f} copies"
    )


def of_all_shapes(shapes, seconds, threads):
    """Return the rows of all shapes, computed by some threads. A process has one number of them."""
    os.environ["NUMBA_NUM_THREADS"] = str(threads)
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    pairs = [(shape, dtype) for shape in shapes for dtype in (np.float64, np.float32)]
    return [row for pair in pairs for row in compare(*pair, seconds, threads)]


# What keeps a core as busy as anything can -------------------------------------------------------


def operations_per_second():
    """Return how many operations a core does in a second in a product of matrices."""
    found = {}
    for dtype in (np.float64, np.float32):
        square = np.ones((1500, 1500), dtype)
        times = take_many_turns({"product": lambda x=square: x @ x}, 3, 7, 50)["product"]
        found[np.dtype(dtype).name] = float(f"{2 * len(square) ** 3 / min(times):.3g}")
    return found


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


def measure(shapes=SHAPES, seconds=SECONDS):
    """Return all rows of times, and the memory of a forward loss for the last shape but one."""
    times = []
    for threads in sorted({1, os.cpu_count()}):
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, fresh) as process:
            times += process.submit(of_all_shapes, shapes, seconds, threads).result()
    memory = {np.dtype(d).name: extra_memory(shapes[-2], d) for d in (np.float64, np.float32)}
    print("peak of extra memory, in sizes of the logits", shapes[-2], memory)
    memory = {"shape": list(shapes[-2]), **memory}
    return {"times": times, "operations": operations_per_second(), "memory": memory}


def main():
    options = arguments(__doc__, quick="small shapes, few rounds")
    results = measure(QUICK, 0.1) if options.quick else measure()
    if options.json:
        write(options.json, results)


if __name__ == "__main__":
    main()
