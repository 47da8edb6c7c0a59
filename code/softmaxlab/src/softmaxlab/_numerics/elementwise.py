"""Apply a formula to every number of an array, a few thousand at a time and in double precision."""

import numpy as np

_CHUNK = 2**15  # numbers in a chunk: what a formula needs beside them stays in the cache


def elementwise(formula, *arrays, dtype):
    """Return ``formula(*arrays)`` for arrays of one shape, rounded to ``dtype`` at the end."""
    result = np.empty(arrays[0].shape, dtype)
    flat = [array.reshape(-1) for array in arrays]
    entries = result.reshape(-1)
    for start in range(0, result.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        entries[part] = formula(*(np.asarray(a[part], np.float64) for a in flat))
    return result[()]
