"""Measure everything that the book's page of measurements shows, and write the record of it.

Run it with `python -m benchmarks.record`: it measures accuracy, speed and memory anew and writes
`book/records/benchmarks.json`, from which the book prints its tables.
"""

import json
import os
import platform
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

RECORD = Path(__file__).parents[1] / "book" / "records" / "benchmarks.json"
PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "torch": "torch",
    "jax": "jax",
    "optax": "optax",
}


def about():
    """Return what the numbers depend on: the machine, and the versions of what is installed."""
    installed = [name for name, module in PACKAGES.items() if find_spec(module)]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in installed},
    }


def _processor():
    """Return the processor's name, if the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(path, results):
    """Write results, with the machine, as JSON that changes line by line."""
    path.write_text(json.dumps({"about": about(), **results}, indent=1) + "\n", encoding="utf-8")


def main():
    from benchmarks import accuracy, speed

    write(RECORD, {"accuracy": accuracy.measure(), **speed.measure()})


if __name__ == "__main__":
    main()
