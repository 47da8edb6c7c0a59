"""Time softmaxlab and others on the same arrays, in turns, on one core.

Run it with `python -m benchmarks.speed [--json FILE] [--quick]`.

For every function, shape and dtype: the processor's time for a call, the other library's time
relative to ours with the range of the middle half of the rounds, and its time relative to a plain
copy of the input. In every round all libraries are called once after the other, so that a busy
machine slows down all of them. At the end the peak of extra memory of a forward loss. A library
that is not installed has no row.
"""

import os
from importlib.util import find_spec

import numpy as np
import scipy.special
import scipy.stats
import softmaxlab as sl
from sklearn._loss import HalfMultinomialLoss
from sklearn.metrics import log_loss
from sklearn.utils.extmath import softmax as sklearn_softmax

from benchmarks.harness import arguments, medians, peak, ratio, take_many_turns, write

SHAPES = [(1, 10), (128, 10), (10_000, 10), (1000, 1000), (256, 50_257), (64, 128_256)]
QUICK = [(1, 10), (128, 10), (10_000, 10), (1000, 100)]
SECONDS = 0.8  # for one function, shape and dtype
ROUNDS = 7, 200  # the fewest and the most


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


def kernel_cases(z, y, p, q):
    """Return what Numba's kernels compute, in one thread.

    Each call turns the switch and turns it back, since all libraries take turns: about 2
    microseconds, which are counted.
    """
    os.environ["NUMBA_NUM_THREADS"] = "1"

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


KERNELS = ("softmax", "log_softmax", "logsumexp", "loss", "loss and gradient", "KL")
LIBRARIES = {
    "softmaxlab": our_cases,
    "softmaxlab, Numba": kernel_cases,
    "SciPy": scipy_cases,
    "scikit-learn": sklearn_cases,
    "HalfMultinomialLoss": half_cases,
    "PyTorch": torch_cases,
    "JAX, optax": jax_cases,
}
NEEDS = {"softmaxlab, Numba": "numba", "PyTorch": "torch", "JAX, optax": "jax"}


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


def compare(shape, dtype, seconds, report):
    """Return one row for each function and library."""
    rng = np.random.default_rng(0)
    z = (3 * rng.standard_normal(shape)).astype(dtype)
    found, copy = [], None
    for name, functions in cases(z, rng.integers(0, shape[1], shape[0])).items():
        times = take_many_turns(functions, seconds, *ROUNDS)
        copy = copy or medians(times)["softmaxlab"]
        about = {"function": name, "shape": list(shape), "dtype": np.dtype(dtype).name}
        for library in functions:
            figures = _figures(times, library, copy)
            found.append({**about, "library": library, **figures})
            report(line(found[-1]))
    return found


def _figures(times, library, copy):
    share = ratio(times, library, "softmaxlab", middle=0.5)
    own = medians(times)[library]
    return {
        "microseconds": float(f"{1e6 * own:.4g}"),
        "ratio": [float(f"{share[key]:.3g}") for key in ("median", "low", "high")],
        "copies": float(f"{own / copy:.3g}"),
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


def measure(shapes=SHAPES, seconds=SECONDS, report=print):
    """Return all rows of times, and the memory of a forward loss for the last shape but one."""
    dtypes = (np.float64, np.float32)
    pairs = [(shape, dtype) for shape in shapes for dtype in dtypes]
    times = [row for pair in pairs for row in compare(*pair, seconds, report)]
    memory = {np.dtype(d).name: extra_memory(shapes[-2], d) for d in dtypes}
    report("peak of extra memory, in sizes of the logits", shapes[-2], memory)
    return {"times": times, "memory": {"shape": list(shapes[-2]), **memory}}


def main():
    options = arguments(__doc__, quick="small shapes, few rounds")
    results = measure(QUICK, 0.1) if options.quick else measure()
    if options.json:
        write(options.json, results)


if __name__ == "__main__":
    main()
