"""Measure everything that the book's page of measurements shows, and write the record of it.

Run it with `python -m benchmarks.record`: it measures accuracy, speed and memory anew and writes
`book/records/benchmarks.json`, from which the book prints its tables.
"""

from pathlib import Path

from benchmarks import accuracy, speed
from benchmarks.harness import write

RECORD = Path(__file__).parents[1] / "book" / "records" / "benchmarks.json"


def main():
    exact = {"accuracy": accuracy.measure(), "options": accuracy.measure_options()}
    write(RECORD, {**exact, **speed.measure()})


if __name__ == "__main__":
    main()
