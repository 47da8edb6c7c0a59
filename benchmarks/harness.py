"""What all benchmarks share: taking turns, medians, the peak of memory, the machine, the output.

Time is the processor's: unlike the clock on the wall, it hardly depends on what else the machine is
doing. Only where several threads share the work it is the clock's. All contenders are called once
after the other in every round, so that a slow minute of the machine hits them alike.
"""

import argparse
import contextlib
import json
import os
import platform
import threading
import time
import tracemalloc
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "torch",
    "jax",
    "optax",
    "dask",
    "distributed",
    "joblib",
    "ray",
)
ONCE = 1e-3  # seconds; what is quicker is called several times in a turn

Contenders = Mapping[str, Callable[[], Any]]
Seconds = dict[str, list[float]]  # of each contender, one number for each round


# Time ---------------------------------------------------------------------------------------------


def take_turns(contenders: Contenders, rounds: int) -> tuple[Seconds, dict[str, Any]]:
    """Call every contender once in each round.

    Returns
    -------
    seconds : dict
        The times of each, by name.
    results : dict
        What each returned last.
    """
    seconds: Seconds = {name: [] for name in contenders}
    results = {}
    with threadpool_limits(1):
        for _ in range(rounds):
            for name, run in contenders.items():
                start = time.process_time()
                results[name] = run()
                seconds[name].append(time.process_time() - start)
    return seconds, results


def take_many_turns(
    contenders: Contenders, budget: float, fewest: int, most: int, threads: int = 1
) -> Seconds:
    """Call quick contenders as often as a number of seconds allows; return the times of a call.

    In a turn a contender is called several times, after as many calls that do not count: threads
    of the contender before, which keep a core busy for a while, would count otherwise.
    """
    clock = time.process_time if threads == 1 else time.perf_counter
    with threadpool_limits(threads):
        once = {n: min(_timed(run, 1, clock) for _ in range(2)) for n, run in contenders.items()}
        calls = {name: max(1, int(ONCE / seconds)) for name, seconds in once.items()}
        rounds = int(budget / sum(2 * calls[name] * once[name] for name in contenders))
        seconds: Seconds = {name: [] for name in contenders}
        for _ in range(min(max(rounds, fewest), most)):
            for name, run in contenders.items():
                seconds[name].append(_timed(run, calls[name], clock))
    return seconds


def _timed(run: Callable[[], Any], calls: int, clock: Callable[[], float]) -> float:
    """Return the seconds of a call, after as many that do not count."""
    for _ in range(calls):
        run()
    start = clock()
    for _ in range(calls):
        run()
    return (clock() - start) / calls


def medians(seconds: Seconds) -> dict[str, float]:
    """Return the median time of each contender."""
    return {name: float(np.median(values)) for name, values in seconds.items()}


def ratio(seconds: Seconds, ours: str, theirs: str, middle: float = 1.0) -> dict[str, float]:
    """Return the median of the rounds' ratios, and the range of a middle part of them, or all."""
    ratios = np.divide(seconds[ours], seconds[theirs])
    ends = (0.5 - middle / 2, 0.5, 0.5 + middle / 2)
    low, median, high = map(float, np.quantile(ratios, ends))
    return {"median": median, "low": low, "high": high}


# Memory -------------------------------------------------------------------------------------------


def peak(run: Callable[[], Any]) -> int:
    """Return the most bytes in use at once, in a thread of its own: nothing is there before."""
    bytes_ = []

    def measured() -> None:
        tracemalloc.start()
        run()
        bytes_.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    worker = threading.Thread(target=measured)
    worker.start()
    worker.join()
    return bytes_[0]


# The machine, and what is written -----------------------------------------------------------------


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: the machine, and the versions of what is installed."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _processor() -> str:
    """Return the processor's name, if the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(path: Path, results: Mapping[str, Any]) -> None:
    """Write results, with the machine, as JSON that changes line by line."""
    text = json.dumps({"about": machine(), **results}, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def arguments(doc: str, repeats: str | None = None, **flags: str) -> argparse.Namespace:
    """Read the command line: where to write the numbers, how often to repeat, what to leave out.

    Parameters
    ----------
    doc : str
        The benchmark's own docstring; its first line is shown.
    repeats : str, optional
        What is repeated; without it there is no such option.
    **flags : str
        More options, and what they mean.
    """
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument("--json", metavar="PATH", type=Path, help="write all numbers here, too")
    if repeats:
        parser.add_argument("--repeats", type=int, default=5, help=f"{repeats} (default: 5)")
    for name, meaning in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=meaning)
    return parser.parse_args()


def report(title: str, rows: list[dict[str, Any]], path: Path | None = None) -> None:
    """Print rows, dicts with the same keys, as a table; write them to a file, if there is one."""
    print(f"\n{title}\n")
    _print_table([{key: _short(value) for key, value in row.items()} for row in rows])
    known = machine()
    versions = known.pop("versions")
    about = ", ".join(f"{key} {value}" for key, value in (known | versions).items())
    print(f"\nSeconds of processor time, one thread; medians, ratios with their range. {about}")
    if path:
        write(path, {"title": title, "rows": rows})


def _short(value: Any) -> str:
    """Return a cell's text."""
    if isinstance(value, dict):
        return f"{value['median']:.2f} ({value['low']:.2f}-{value['high']:.2f})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _print_table(rows: list[dict[str, str]]) -> None:
    """Print aligned columns; text to the left, numbers to the right."""
    for row in [{key: key for key in rows[0]}, *rows]:
        cells = []
        for key, cell in row.items():
            width = max(len(key), *(len(other[key]) for other in rows))
            cells.append(cell.ljust(width) if key == next(iter(row)) else cell.rjust(width))
        print("  ".join(cells))
