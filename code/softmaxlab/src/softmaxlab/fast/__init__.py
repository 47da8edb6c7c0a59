"""Hand arrays to the kernels: in the type and the order that they take, and in threads."""

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
    if _by_rows(partial(_run, kernel, precision, len(inputs)), arrays):
        return True
    in_double = partial(_on_copies, kernel, np.float64, len(inputs))
    return precision == np.float32 and _by_rows(in_double, arrays)


def _by_rows(run: Callable[[list[Array]], bool], arrays: list[Array]) -> bool:
    """Run on all rows, or on a part of them in each of several threads.

    Numba's own loops over threads would end the whole process if two threads came to them at once,
    on a system that has neither OpenMP nor TBB; and each kernel would be compiled a second time.
    """
    n_rows = len(arrays[0])
    n_threads = min(config.NUMBA_NUM_THREADS, n_rows, arrays[0].size // PER_THREAD)
    if n_threads < 2:
        return run(arrays)
    ends = [n_rows * i // n_threads for i in range(n_threads + 1)]
    parts = [[array[start:end] for array in arrays] for start, end in pairwise(ends)]
    return all(list(_threads().map(run, parts)))


def _run(kernel: Kernel, precision: DTypeLike, n_inputs: int, arrays: list[Array]) -> bool:
    """Run a kernel on arrays as they are, or on copies."""
    if all([a.flags.carray and a.dtype in (precision, np.int64) for a in arrays]):
        return kernel(*arrays)
    return _on_copies(kernel, precision, n_inputs, arrays)


def _on_copies(kernel: Kernel, precision: DTypeLike, n_inputs: int, arrays: list[Array]) -> bool:
    """Run a kernel on copies of a few rows at a time. A number for each row is always a double."""
    table = arrays[0]
    step = max(1, CHUNK * len(table) // max(1, table.size))
    for start in range(0, len(table), step):
        part = [array[start : start + step] for array in arrays]
        given = [_copy(array, precision) for array in part[:n_inputs]]
        found = [np.empty(a.shape, precision if a.ndim == 2 else None) for a in part[n_inputs:]]
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
