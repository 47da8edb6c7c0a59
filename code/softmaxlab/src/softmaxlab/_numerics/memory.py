"""Memory that is used again: fresh memory would cost more than the arithmetic done in it.

A buffer belongs to its borrower until it is given back, so that no two can share one. Each thread
has a stock of its own.
"""

import threading
from collections import defaultdict
from enum import Enum, auto

import numpy as np

from softmaxlab._types import Floats

LARGEST = 820_000  # bytes of a buffer that is kept: it fits the cache of one core
_UNIT = LARGEST // 8  # buffers come in multiples of so many numbers, so that one serves many calls


class _Stock(threading.local):
    """The buffers that nobody has borrowed in this thread, by size and dtype."""

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, np.dtype[np.floating]], list[Floats]] = defaultdict(list)


_stock = _Stock()


class Scratch(Enum):
    """What the memory of a block is for: blocks for different purposes are in use together."""

    BLOCK = auto()
    EXPONENTIALS = auto()
    WINNERS = auto()
    SUMS = auto()
    TERMS = auto()


class Workspace:
    """The memory that one call works in: a buffer for each purpose, given back at the end."""

    def __init__(self) -> None:
        self._lent: dict[tuple[Scratch, np.dtype[np.floating]], Floats] = {}

    def numbers(self, purpose: Scratch, size: int, dtype: type[np.floating]) -> Floats:
        """Return a flat array with anything in it, the same memory for the same purpose.

        The first block is the largest: what it was lent is enough for all.
        """
        key = purpose, np.dtype(dtype)
        if key not in self._lent:
            units = -(-size // _UNIT)
            self._lent[key] = _borrow(units * _UNIT, key[1])
        return self._lent[key][:size]

    def __del__(self) -> None:
        """Give the memory back: nobody else has held it."""
        for buffer in self._lent.values():
            _give_back(buffer)


def _borrow(size: int, dtype: np.dtype[np.floating]) -> Floats:
    """Return a flat array of so many numbers, with anything in it."""
    buffers = _stock.buffers[size, dtype]
    return buffers.pop() if buffers else np.empty(size, dtype)


def _give_back(buffer: Floats) -> None:
    """Take a buffer into the stock of this thread; nobody may hold it any longer."""
    if buffer.nbytes <= LARGEST:
        _stock.buffers[len(buffer), buffer.dtype].append(buffer)
