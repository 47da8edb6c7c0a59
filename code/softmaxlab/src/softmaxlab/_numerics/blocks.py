"""Walk through an array a few rows at a time, so that the work stays in the processor's cache.

The mathematics of this package is written for one block: numbers of shape ``(n_classes, n_rows)``,
classes first, so that a sum over the classes is a sum over axis 0, and a number for each row
broadcasts without a new axis. How a block lies in memory is settled here.
"""

from enum import Enum, auto

import numpy as np

from softmaxlab._numerics import memory

_BLOCK = memory.LARGEST // 8  # numbers in a block
_SMALL = 2**12  # up to so many numbers, fresh memory costs nothing
_FEW = 64  # up to so many classes, each class of a block of many rows is one run of memory
_MANY = 256


class Scratch(Enum):
    """What the memory of a block is for: blocks for different purposes are in use together."""

    BLOCK = auto()
    EXPONENTIALS = auto()
    WINNERS = auto()
    SUMS = auto()
    TERMS = auto()


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

    Attributes
    ----------
    table : ndarray of shape (n_rows, n_classes)
        The same numbers; a view where that is possible.
    batch_shape : tuple of int
        The shape of the array without its class axis.
    side_by_side : bool
        Whether each class of a block is one run of memory, and not each row.
    precision : dtype
        In what to compute exponentials, unless all digits are needed: float64, but float32 for
        long rows of it, where it takes half the time.
    """

    def __init__(self, array, axis, name):
        self.array, self.axis, self.name = array, axis, name
        moved = array if axis == array.ndim - 1 else np.moveaxis(array, axis, -1)
        self.batch_shape = moved.shape[:-1]
        self.table = moved.reshape(-1, moved.shape[-1])
        self.n_rows, self.n_classes = self.table.shape
        self.side_by_side = self.n_classes <= _FEW and self.n_rows >= _MANY
        single = array.itemsize == 4 and self.n_classes > _FEW
        self.precision = np.float32 if single else np.float64
        self._as_it_is = array.itemsize >= 4 and not self.side_by_side
        self._lent = {}

    @property
    def wide(self):
        """Return how many numbers a block holds where the result is no smaller than the array.

        In single precision they are twice as many, of as many bytes. Where the result is a number
        for each row, a call should not take as much memory as that.
        """
        return 2 * _BLOCK if self.precision == np.float32 else _BLOCK

    def blocks(self, size=_BLOCK):
        """Yield each block with the slice of rows that it holds; it is not to be written to."""
        step = max(1, size // self.n_classes)
        for start in range(0, self.n_rows, step):
            part = slice(start, start + step)
            yield part, self._load(self.table[part].T)

    def block(self, part):
        """Return the block that holds a slice of rows; it is not to be written to."""
        return self._load(self.table[part].T)

    def _load(self, block):
        if self._as_it_is and block.flags.f_contiguous:
            return block
        single = block.dtype == np.float32 and not self.side_by_side
        copy = self.scratch(Scratch.BLOCK, block, np.float32 if single else np.float64)
        np.copyto(copy, block)
        return copy

    def scratch(self, purpose, like, dtype=np.float64):
        """Return memory for a block, the same memory for the same purpose."""
        if like.size <= _SMALL:
            return np.empty(like.shape, dtype, "C" if self.side_by_side else "F")
        n_classes, n_rows = like.shape
        numbers = self._borrow(purpose, like.size, np.dtype(dtype))
        if self.side_by_side:
            return numbers.reshape(n_classes, n_rows)
        return numbers.reshape(n_rows, n_classes).T

    def _borrow(self, purpose, size, dtype):
        buffer = self._lent.get((purpose, dtype))
        if buffer is None or len(buffer) < size:
            blocks = -(-size // _BLOCK)  # few sizes, so that one buffer serves many calls
            buffer = self._lent[purpose, dtype] = memory.borrow(blocks * _BLOCK, dtype)
        return buffer[:size]

    def __del__(self):
        """Give the memory back: nobody else has held it."""
        for buffer in self._lent.values():
            memory.give_back(buffer)

    def new_numbers(self):
        """Return an array to be filled with one number for each row."""
        return np.empty(self.n_rows, self.array.dtype)

    def new_table(self):
        """Return an array to be filled with one number for each entry."""
        return np.empty(self.table.shape, self.array.dtype)

    def per_row(self, numbers):
        """Give one number for each row the shape that the caller expects."""
        return numbers.reshape(self.batch_shape)[()]

    def per_entry(self, table):
        """Give one number for each entry the shape of the caller's array."""
        moved = table.reshape(*self.batch_shape, self.n_classes)
        return moved if self.axis == moved.ndim - 1 else np.moveaxis(moved, -1, self.axis)
