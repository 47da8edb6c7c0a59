"""Say what softmax gains when one price after another is taken away, and write the record of it.

Run it with `python -m benchmarks.ladder [--quick]`; the compiled rung needs Numba, and PyTorch, to
which the page compares, PyTorch.

For each shape and dtype, on one core and in turns: NumPy's three lines row by row; on the whole
array; with results that go into an array which exists already; the same in blocks of rows;
three of the five passes in blocks, where that is enough; the compiled kernel alone, which fills an
array that it is given; and a plain copy into such an array.
And each of the five passes alone, over the whole array and over one block that stays in the cache.
Of each rung it also says how much of the time the system works, and how many pages of memory it has
to make for one call.
"""

import os
import resource
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import softmaxlab as sl

from benchmarks.harness import arguments, medians, take_many_turns, write
from benchmarks.shares import kernel_alone
from benchmarks.speed import operations_per_second, plain_softmax

RECORD = Path(__file__).parents[1] / "book" / "records" / "ladder.json"
SHAPES = [(1000, 1000), (256, 50_257)]
BLOCK = 64 * 1000  # scores: half a megabyte in double precision, and as much again for the result
SECONDS, ROUNDS = 12, (7, 60)
SHARE_OF_SYSTEM, FEWEST_CALLS = 1 / 8, 5  # of the seconds, for each rung by itself


def softmax_into(result, z):
    """Fill an array with the softmax of each row."""
    np.subtract(z, z.max(axis=-1, keepdims=True), out=result)
    np.exp(result, out=result)
    result /= result.sum(axis=-1, keepdims=True)


def softmax_if_it_can(result, z):
    """Fill an array with the softmax of each row, without the largest score where that will do."""
    np.exp(z, out=result)
    sums = result.sum(axis=-1, keepdims=True)
    if sums.min() >= 1 and sums.max() < np.inf:
        result /= sums
    else:
        softmax_into(result, z)


def rows_of_block(shape):
    """Return how many rows are a block."""
    return max(1, BLOCK // shape[1])


def rungs(z):
    """Return what is called on each rung."""
    old = np.ones_like(z)
    size = rows_of_block(z.shape)
    blocks = [slice(start, start + size) for start in range(0, len(z), size)]

    def row_by_row():
        for n, row in enumerate(z):
            old[n] = plain_softmax(row)

    def in_blocks(fill=softmax_into):
        for block in blocks:
            fill(old[block], z[block])

    found = {
        "row by row": row_by_row,
        "at once": lambda: plain_softmax(z),
        "old array": lambda: softmax_into(old, z),
        "blocks": in_blocks,
        "three passes": lambda: in_blocks(softmax_if_it_can),
        "copy": lambda: np.copyto(old, z),
    }
    if find_spec("numba"):
        found["compiled"] = kernel_alone(lambda: sl.softmax(z))
    if find_spec("torch"):
        found |= in_pytorch(z)
    return found


def in_pytorch(z):
    """Return PyTorch's softmax, with a new array for the result and into an old one."""
    import torch

    torch.set_num_threads(1)
    scores = torch.from_numpy(z)
    old = torch.ones_like(scores)
    return {
        "PyTorch": lambda: torch.softmax(scores, -1),
        "PyTorch, old array": lambda: torch.softmax(scores, -1, out=old),
    }


def of_the_system(run, scores, seconds):
    """Return how long the system works for each score, in nanoseconds, and a call's new pages."""
    run()
    calls, start = 0, time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF)
    while calls < FEWEST_CALLS or time.process_time() - start < seconds:
        run()
        calls += 1
    after = resource.getrusage(resource.RUSAGE_SELF)
    busy = 1e9 * (after.ru_stime - before.ru_stime) / calls / scores
    return {"system": round(busy, 3), "pages": round((after.ru_minflt - before.ru_minflt) / calls)}


def passes(z):
    """Return each pass over an array by itself, into arrays that exist already."""
    result, largest, sums = np.ones_like(z), z.max(axis=1, keepdims=True), np.ones((len(z), 1))
    shifted = z - largest
    return {
        "largest": lambda: np.max(z, axis=1, keepdims=True, out=largest),
        "minus": lambda: np.subtract(z, largest, out=result),
        "exp": lambda: np.exp(shifted, out=result),
        "sum": lambda: np.sum(result, axis=1, keepdims=True, out=sums),
        "divide": lambda: np.divide(result, sums, out=result),
    }


def by_pass(shape, seconds):
    """Return nanoseconds for each score of each pass, over the whole array and in the cache."""
    z = 3 * np.random.default_rng(0).standard_normal(shape)
    block = z[: rows_of_block(shape)].copy()
    found = {"shape": list(shape)}
    for name, part in (("whole", z), ("cached", block)):
        times = medians(take_many_turns(passes(part), seconds / 2, *ROUNDS))
        found[name] = {each: float(f"{1e9 * t / part.size:.3g}") for each, t in times.items()}
    print(found)
    return found


def measure(shapes=tuple(SHAPES), seconds=SECONDS):
    """Return nanoseconds of the processor for each score, and a core's operations in a second."""
    os.environ["NUMBA_NUM_THREADS"] = "1"
    rows = []
    for shape in shapes:
        for dtype in (np.float64, np.float32):
            z = (3 * np.random.default_rng(0).standard_normal(shape)).astype(dtype)
            times = medians(take_many_turns(rungs(z), seconds, *ROUNDS))
            row = {"shape": list(shape), "dtype": np.dtype(dtype).name}
            row |= {name: float(f"{1e9 * t / z.size:.4g}") for name, t in times.items()}
            row["of the system"] = {
                name: of_the_system(run, z.size, SHARE_OF_SYSTEM * seconds)
                for name, run in rungs(z).items()
            }
            print(row)
            rows.append(row)
    parts = [by_pass(shape, seconds) for shape in shapes]
    return {"nanoseconds": rows, "passes": parts, "operations": operations_per_second()}


def main():
    options = arguments(__doc__, quick="small shapes alone")
    write(options.json or RECORD, measure([(100, 100)] if options.quick else SHAPES))


if __name__ == "__main__":
    main()
