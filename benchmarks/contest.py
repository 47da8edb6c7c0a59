"""Time several ways of doing the same thing, taking turns, and print what came out as a table.

What is measured is the processor's time, with one BLAS thread: unlike the clock on the wall it
hardly depends on what else the machine is doing.
"""

import argparse
import json
import platform
import statistics
import time
from importlib.metadata import version

from threadpoolctl import threadpool_limits

PACKAGES = ("numpy", "scipy", "scikit-learn")


def take_turns(contenders, repeats):
    """Run every contender once per round, so that a slow minute of the machine hits all alike.

    Returns the seconds of each by name, and what each returned last.
    """
    seconds, results = {name: [] for name in contenders}, {}
    with threadpool_limits(1, user_api="blas"):
        for _ in range(repeats):
            for name, run in contenders.items():
                start = time.process_time()
                results[name] = run()
                seconds[name].append(time.process_time() - start)
    return seconds, results


def ratio(seconds, ours, theirs):
    """Return the median of the rounds' ratios, and the smallest and the largest of them."""
    ratios = [a / b for a, b in zip(seconds[ours], seconds[theirs], strict=True)]
    return {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}


def medians(seconds):
    """Return the median time of each contender."""
    return {name: statistics.median(values) for name, values in seconds.items()}


def arguments(description, **flags):
    """Read the command line: where to write the numbers, and how often to repeat."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", metavar="PATH", help="write all numbers to this file, too")
    parser.add_argument("--repeats", type=int, default=5, help="rounds to time (default: 5)")
    for name, meaning in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=meaning)
    return parser.parse_args()


def report(title, rows, path=None):
    """Print rows, dicts with the same keys, as a table; write them with the machine to a file."""
    print(f"\n{title}\n")
    _print_table([{key: _short(value) for key, value in row.items()} for row in rows])
    machine = _machine()
    about = ", ".join(f"{key} {value}" for key, value in machine.items())
    print(
        f"\nSeconds of processor time, one BLAS thread; medians, ratios with their range. {about}"
    )
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"title": title, "machine": machine, "rows": rows}, file, indent=1)
            file.write("\n")


def _short(value):
    """Return a cell's text."""
    if isinstance(value, dict):
        return f"{value['median']:.2f} ({value['low']:.2f}-{value['high']:.2f})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _print_table(rows):
    """Print aligned columns; text to the left, numbers to the right."""
    for row in [{key: key for key in rows[0]}, *rows]:
        cells = []
        for key, cell in row.items():
            width = max(len(key), *(len(other[key]) for other in rows))
            cells.append(cell.ljust(width) if key == next(iter(row)) else cell.rjust(width))
        print("  ".join(cells))


def _machine():
    """Return what the numbers depend on."""
    return {
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }
