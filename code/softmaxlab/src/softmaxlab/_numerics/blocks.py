"""Walk through an array a few rows at a time, so that the work stays in the processor's cache.

The mathematics of this package is written for one block: numbers of shape ``(n_classes, n_rows)``,
classes first, so that a sum over the classes is a sum over axis 0, and a number for each row
broadcasts without a new axis. How a block lies in memory is settled here.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from softmaxlab._numerics import memory
from softmaxlab._numerics.memory import Scratch, Workspace
from softmaxlab._types import Floats, PerRow
from softmaxlab.backend import compiled

_BLOCK = memory.LARGEST // 8  # numbers in a block
_CHUNK = 2**15  # numbers of which each has its own result: what a formula needs fits the cache
_FRESH = 2**12  # up to so many numbers, fresh memory costs nothing
_FEW_CLASSES = 64  # up to so many, each class of a block of many rows is one run of memory
_MANY_ROWS = 256


class Rows:
    """Hold an array as rows of classes.

    Parameters
    ----------
    array : ndarray of float16, float32 or float64, at least one axis
        It is never written to.
    axis : int
        The class axis, counted from 0.
    name : str
        What error messages call the array.
    dtype : dtype, optional
        That of results; by default the array's.

    Attributes
    ----------
    table : ndarray of shape (n_rows, n_classes)
        The same numbers; a view where that is possible.
    batch_shape : tuple of int
        The shape of the array without its class axis.
    class_major : bool
        Whether each class of a block is one run of memory, and not each row.
    precision : dtype
        In what to compute exponentials, unless all digits are needed: float64, but float32 for
        long rows of it, where it takes half the time.
    """

    def __init__(
        self, array: Floats, axis: int, name: str, dtype: np.dtype[Any] | None = None
    ) -> None:
        self.array, self.axis, self.name = array, axis, name
        self.dtype = array.dtype if dtype is None else dtype
        moved = array if axis == array.ndim - 1 else np.moveaxis(array, axis, -1)
        self.batch_shape = moved.shape[:-1]
        self.table = moved if moved.ndim == 2 else moved.reshape(-1, moved.shape[-1])
        self.n_rows, self.n_classes = self.table.shape
        self.class_major = self.n_classes <= _FEW_CLASSES and self.n_rows >= _MANY_ROWS
        single = array.itemsize == 4 and self.n_classes > _FEW_CLASSES
        self.precision = np.float32 if single else np.float64
        self._as_it_is = array.itemsize >= 4 and not self.class_major

    @cached_property
    def _workspace(self) -> Workspace:
        return Workspace()

    @property
    def output_block(self) -> int:
        """Return how many numbers a block holds where the result is no smaller than the array.

        In single precision they are twice as many, of as many bytes. Where the result is a number
        for each row, a call should not take as much memory as that.
        """
        return 2 * _BLOCK if self.precision == np.float32 else _BLOCK

    def blocks(self, size: int | None = None) -> Iterator[tuple[slice, Floats]]:
        """Yield each block with the slice of rows that it holds; it is not to be written to."""
        step = max(1, (size or _BLOCK) // self.n_classes)
        for start in range(0, self.n_rows, step):
            part = slice(start, start + step)
            yield part, self.block(part)

    def block(self, part: slice) -> Floats:
        """Return the block that holds a slice of rows; it is not to be written to."""
        block = self.table[part].T
        if self._as_it_is and block.flags.f_contiguous:
            return block
        single = block.dtype == np.float32 and not self.class_major
        copy = self.scratch(Scratch.BLOCK, block, np.float32 if single else np.float64)
        np.copyto(copy, block)
        return copy

    def scratch(
        self, purpose: Scratch, like: Floats, dtype: type[np.floating] = np.float64
    ) -> Floats:
        """Return memory for a block, the same memory for the same purpose."""
        if like.size <= _FRESH:
            return np.empty(like.shape, dtype, "C" if self.class_major else "F")
        n_classes, n_rows = like.shape
        numbers = self._workspace.numbers(purpose, like.size, dtype)
        if self.class_major:
            return numbers.reshape(n_classes, n_rows)
        return numbers.reshape(n_rows, n_classes).T

    def empty_per_row(self, dtype: np.dtype[np.floating] | None = None) -> Floats:
        """Return an array to be filled with one number for each row, in the caller's dtype."""
        return np.empty(self.n_rows, self.dtype if dtype is None else dtype)

    def empty_per_entry(self) -> Floats:
        """Return an array to be filled with one number for each entry."""
        return np.empty(self.table.shape, self.array.dtype)

    def per_row(self, numbers: Floats, keepdims: bool = False) -> PerRow:
        """Give one number for each row the shape that the caller expects."""
        shaped = numbers.reshape(self.batch_shape)
        return np.expand_dims(shaped, self.axis) if keepdims else shaped[()]

    def per_entry(self, table: Floats) -> Floats:
        """Give one number for each entry the shape of the caller's array."""
        if self.dtype != table.dtype:
            table = table.astype(self.dtype)
        moved = table.reshape(*self.batch_shape, self.n_classes)
        return moved if self.axis == moved.ndim - 1 else np.moveaxis(moved, -1, self.axis)


def elementwise(
    formula: Callable[..., Floats],
    *arrays: Floats,
    dtype: np.dtype[np.floating],
    kernel: str | None = None,
) -> PerRow:
    """Return ``formula(*arrays)`` for arrays of one shape, rounded to ``dtype`` at the end.

    The formula, unless there is a kernel for it, is given a few thousand numbers at a time, in
    double precision.
    """
    result = np.empty(arrays[0].shape, dtype)
    flat = [array.reshape(-1) for array in arrays]
    entries = result.reshape(-1)
    if kernel is not None and compiled(kernel, np.float64, flat, [entries]):
        return result[()]
    for start in range(0, result.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        entries[part] = formula(*(np.asarray(a[part], np.float64) for a in flat))
    return result[()]
