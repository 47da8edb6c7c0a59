"""Time one softmax at many sizes, each in a process of its own, and write the record of it.

Run it with `python -m benchmarks.sizes [--quick]`; Numba and PyTorch are measured if they are
there.

Where a new array comes from depends on what a program did before, so every program and every size
gets a new process. It takes the median time of a call on one core, in double precision; how much of
it the system works; and how many pages of memory the system has to make for one call.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import softmaxlab as sl

from benchmarks.harness import arguments, medians, take_many_turns, write
from benchmarks.ladder import in_pytorch, of_the_system, softmax_into
from benchmarks.shares import kernel_alone
from benchmarks.speed import plain_softmax

RECORD = Path(__file__).parents[1] / "book" / "records" / "sizes.json"
TENS = [(1, 10), (128, 10), (10_000, 10)]
THOUSANDS = [(2**power, 1000) for power in range(14)]
SHAPES = [*TENS, *THOUSANDS, (256, 50_257)]
SECONDS, ROUNDS = 0.6, (7, 100)


def with_one_new_array(z):
    """Return softmax of each row in a new array, and use no other."""
    e = z - z.max(axis=-1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=-1, keepdims=True)
    return e


def compiled(z):
    sl.use("numba")
    return lambda: sl.softmax(z)


def into_old_array(z):
    old = np.ones_like(z)
    return lambda: softmax_into(old, z)


PROGRAMS = {
    "three lines": lambda z: lambda: plain_softmax(z),
    "one new array": lambda z: lambda: with_one_new_array(z),
    "old array": into_old_array,
    "softmaxlab": lambda z: lambda: sl.softmax(z),
}
IF_THERE = {
    "numba": {
        "softmaxlab, Numba": compiled,
        "compiled, old array": lambda z: kernel_alone(lambda: sl.softmax(z)),
    },
    "torch": {
        "PyTorch": lambda z: in_pytorch(z)["PyTorch"],
        "PyTorch, old array": lambda z: in_pytorch(z)["PyTorch, old array"],
    },
}


def programs():
    """Return the names of all programs that can run here, and how each is made for an array."""
    found = [made for package, made in IF_THERE.items() if find_spec(package)]
    return PROGRAMS | {name: make for some in found for name, make in some.items()}


def one(name, shape, seconds):
    """Return what a call takes, in nanoseconds for each score."""
    z = 3 * np.random.default_rng(0).standard_normal(shape)
    run = programs()[name](z)
    (time,) = medians(take_many_turns({name: run}, seconds, *ROUNDS)).values()
    row = {
        "program": name,
        "shape": list(shape),
        "nanoseconds": float(f"{1e9 * time / z.size:.4g}"),
    }
    return row | of_the_system(run, z.size, seconds / 2)


def alone(function, *given):
    """Return the result of a function in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(function, *given).result()


def measure(shapes=tuple(SHAPES), seconds=SECONDS, call=alone):
    """Return a row for each program and shape."""
    os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    rows = []
    for shape in shapes:
        for name in programs():
            rows.append(call(one, name, shape, seconds))
            print(rows[-1])
    return {"rows": rows}


def main():
    options = arguments(__doc__, quick="small shapes alone")
    write(options.json or RECORD, measure([(100, 100)] if options.quick else SHAPES))


if __name__ == "__main__":
    main()
