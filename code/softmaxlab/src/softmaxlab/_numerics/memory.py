"""Memory that is used again: fresh memory would cost more than the arithmetic done in it.

A buffer belongs to its borrower until it is given back, so that no two can share one. Each thread
has a stock of its own.
"""

import threading

import numpy as np

LARGEST = 820_000  # bytes of a buffer that is kept: it fits the cache of one core

_stock = threading.local()


def borrow(size, dtype):
    """Return a flat array of so many numbers, with anything in it."""
    buffers = _buffers(size, dtype)
    return buffers.pop() if buffers else np.empty(size, dtype)


def give_back(buffer):
    """Take a buffer into the stock of this thread; nobody may hold it any longer."""
    if buffer.nbytes <= LARGEST:
        _buffers(len(buffer), buffer.dtype).append(buffer)


def _buffers(size, dtype):
    return vars(_stock).setdefault((size, dtype), [])
