"""Hand arrays to the kernels: in a type and in the order that they take, and in threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import pairwise

import numpy as np
from numba import config
from numpy.typing import DTypeLike

from softmaxlab._types import Array, Floats
from softmaxlab.fast import kernels

PER_THREAD = 2**15  # numbers that are worth the way to another thread
CHUNK = 2**13  # numbers that are copied together

TAKEN = frozenset(map(np.dtype, (np.float32, np.float64, np.int64)))  # types of numbers

Kernel = Callable[..., bool]  # of inputs and results


def compute(
    name: str, precision: DTypeLike, inputs: list[Array], results: list[Floats], *options: float
) -> bool:
    """Let a kernel fill arrays, in several threads if there is work for them.

    Parameters
    ----------
    name : str
        The kernel.
    precision : float32 or float64
        In what it is to compute. Where float32 would cost digits of a row, it is float64 for all.
        Rows of few classes a kernel computes in float64, also where they are float32.
    inputs, results : list of ndarray
        Of as many rows each. Class indices are int64.
    *options : float
        What the kernel is given before its arrays.

    Returns
    -------
    bool
        False if the numbers are none to compute with: NumPy's code says what is wrong.
    """
    kernel, arrays = partial(getattr(kernels, name), *options), inputs + results
    if all([a.dtype in TAKEN and a.flags.carray for a in arrays]):
        done = _by_rows(kernel, arrays)
    else:
        done = _by_rows(partial(_on_copies, kernel, len(inputs), precision), arrays)
    if done or precision != np.float32:
        return done
    return _by_rows(partial(_on_copies, kernel, len(inputs), np.float64), arrays)


def _by_rows(run: Kernel, arrays: list[Array]) -> bool:
    """Run on all rows, or on a part of them in each of several threads, of which one is ours.

    Numba's own loops over threads would end the whole process if two threads came to them at once,
    on a system that has neither OpenMP nor TBB; and each kernel would be compiled a second time.
    """
    n_rows, n_threads = len(arrays[0]), arrays[0].size // PER_THREAD
    if n_threads > 1:
        n_threads = min(n_threads, n_rows, config.NUMBA_NUM_THREADS)
    if n_threads < 2:
        return run(*arrays)
    ends = [n_rows * i // n_threads for i in range(n_threads + 1)]
    parts = [[array[start:end] for array in arrays] for start, end in pairwise(ends)]
    others = [_threads().submit(run, *part) for part in parts[1:]]
    done = run(*parts[0])
    return all([done, *[other.result() for other in others]])


def _on_copies(kernel: Kernel, n_inputs: int, precision: DTypeLike, *arrays: Array) -> bool:
    """Run a kernel on copies of a few rows at a time."""
    table = arrays[0]
    step = max(1, CHUNK * len(table) // max(1, table.size))
    for start in range(0, len(table), step):
        part = [array[start : start + step] for array in arrays]
        given = [_copy(array, precision) for array in part[:n_inputs]]
        found = [np.empty(a.shape, np.promote_types(a.dtype, precision)) for a in part[n_inputs:]]
        if not kernel(*given, *found):
            return False
        with np.errstate(over="ignore"):
            for array, numbers in zip(part[n_inputs:], found, strict=True):
                array[...] = numbers
    return True


def _copy(array: Array, precision: DTypeLike) -> Array:
    return array.astype(np.int64 if array.dtype.kind == "i" else precision, "C")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(config.NUMBA_NUM_THREADS, "softmaxlab")


if hasattr(os, "register_at_fork"):
    # A child has none of its parent's threads, and would wait for them.
    os.register_at_fork(after_in_child=_threads.cache_clear)
