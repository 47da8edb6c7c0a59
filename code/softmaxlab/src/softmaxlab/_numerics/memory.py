"""Memory that is used again: fresh memory would cost more than the arithmetic done in it.

A buffer belongs to its borrower until it is given back, so that no two can share one. Each thread
has a stock of its own.
"""

import threading
from enum import Enum, auto

import numpy as np

LARGEST = 820_000  # bytes of a buffer that is kept: it fits the cache of one core
_UNIT = LARGEST // 8  # buffers come in multiples of so many numbers, so that one serves many calls

_stock = threading.local()


class Scratch(Enum):
    """What the memory of a block is for: blocks for different purposes are in use together."""

    BLOCK = auto()
    EXPONENTIALS = auto()
    WINNERS = auto()
    SUMS = auto()
    TERMS = auto()


class Workspace:
    """The memory that one call works in: a buffer for each purpose, given back at the end."""

    def __init__(self):
        self._lent = {}

    def numbers(self, purpose, size, dtype):
        """Return a flat array with anything in it, the same memory for the same purpose."""
        key = purpose, np.dtype(dtype)
        buffer = self._lent.get(key)
        if buffer is None or len(buffer) < size:
            buffer = self._lent[key] = _borrow(-(-size // _UNIT) * _UNIT, key[1])
        return buffer[:size]

    def __del__(self):
        """Give the memory back: nobody else has held it."""
        for buffer in self._lent.values():
            _give_back(buffer)


def _borrow(size, dtype):
    """Return a flat array of so many numbers, with anything in it."""
    buffers = _buffers(size, dtype)
    return buffers.pop() if buffers else np.empty(size, dtype)


def _give_back(buffer):
    """Take a buffer into the stock of this thread; nobody may hold it any longer."""
    if buffer.nbytes <= LARGEST:
        _buffers(len(buffer), buffer.dtype).append(buffer)


def _buffers(size, dtype):
    return vars(_stock).setdefault((size, dtype), [])
