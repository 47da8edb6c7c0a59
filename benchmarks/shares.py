"""Say where the time of our own calls goes, and write the record of it.

Run it with `python -m benchmarks.shares [--quick]`; Numba's kernels are measured if it is there.

For every function with a kernel, shape and dtype, on one core and in turns: the whole call, as
NumPy computes it and as the kernel does; the kernel alone, on the arrays that the call hands to it;
NumPy's exponentials of as many numbers, in pieces that fit into the cache; and a plain copy.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import softmaxlab as sl

from benchmarks.harness import arguments, medians, take_many_turns, write
from benchmarks.speed import KERNELS, QUICK, ROUNDS, SECONDS, SHAPES, kernel_cases, our_cases

RECORD = Path(__file__).parents[1] / "book" / "records" / "shares.json"
PIECE = 2**13  # numbers of which exponentials are taken together


def exponentials_of(z):
    """Return a call that takes the exponentials of all numbers, and keeps none."""
    pieces = [z.ravel()[start : start + PIECE] for start in range(0, z.size, PIECE)]
    scratch = np.empty(PIECE, z.dtype)

    def run():
        for piece in pieces:
            np.exp(piece, out=scratch[: len(piece)])

    return run


def kernel_alone(function):
    """Return a call of just the kernel that a function runs, on the arrays that it hands over."""
    from softmaxlab import fast

    handed_over, compute = [], fast.compute

    def note(*given):
        handed_over.append(given)
        return compute(*given)

    fast.compute = note
    sl.use("numba")
    function()
    sl.use("numpy")
    fast.compute = compute
    return lambda: [compute(*given) for given in handed_over]


def parts(shape, dtype, seconds):
    """Return one row for each function."""
    rng = np.random.default_rng(0)
    z = (3 * rng.standard_normal(shape)).astype(dtype)
    given = z, rng.integers(0, shape[1], shape[0]), sl.softmax(z), sl.softmax(z[:, ::-1])
    whole = our_cases(*given)
    compiled = kernel_cases(*given) if find_spec("numba") else {}
    for name in KERNELS:
        contenders = {"NumPy": whole[name], "exponentials": exponentials_of(z), "copy": z.copy}
        if compiled:
            contenders |= {"compiled": compiled[name], "kernel": kernel_alone(whole[name])}
        times = medians(take_many_turns(contenders, seconds, *ROUNDS))
        row = {"function": name, "shape": list(shape), "dtype": np.dtype(dtype).name}
        yield row | {part: float(f"{1e6 * time:.4g}") for part, time in times.items()}


def measure(shapes=tuple(SHAPES), seconds=SECONDS):
    """Return the rows of all shapes, in microseconds of the processor on one core."""
    os.environ["NUMBA_NUM_THREADS"] = "1"
    rows = []
    for shape in shapes:
        for dtype in (np.float64, np.float32):
            for row in parts(shape, dtype, seconds):
                print(row)
                rows.append(row)
    return {"microseconds": rows}


def main():
    options = arguments(__doc__, quick="small shapes alone")
    write(options.json or RECORD, measure(QUICK if options.quick else SHAPES))


if __name__ == "__main__":
    main()
