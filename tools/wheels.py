"""Build what would be published, and test it alone, where there is no source.

    python -m tools.wheels    # exit 1 if a build or a test fails

Wheels and sdists come to ``dist/``. Each wheel is installed into an empty environment with what it
asks for and nothing else, and imported there; then both, with their extras and what their tests
need, and these run against the installed packages. The versions are those of requirements.txt.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import environment

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
ALONE = ROOT / "_build" / "wheels"
LOCK = ROOT / "requirements.txt"
EXTRAS = {"softmaxlab": "exercises,figures,learn", "checkedmath": "sphinx"}
TEST_TOOLS = (
    "beautifulsoup4",
    "pytest",
    "pytest-xdist",
    "hypothesis",
    "myst-nb",
    "sphinx-design",
    "sphinx-external-toc",
    "sphinx-mathjax-offline",
)
PARALLEL = ("-n", "auto", "--dist", "loadgroup")
QUICK = "not build and not browser and not slow and not long"
WHERE = "import {0}; print({0}.__name__, {0}.__version__, 'from', {0}.__path__[0])"


def build(folder):
    """Build sdists, and wheels from these; return the path of each package's wheel."""
    for package in EXTRAS:
        command = [sys.executable, "-m", "build", "--quiet", "--no-isolation", "--outdir", folder]
        subprocess.run([*command, ROOT / "code" / package], check=True)
    return {package: next(folder.glob(f"{package}-*.whl")) for package in EXTRAS}


def install(*requirements):
    """Make an empty environment with the requirements; return its interpreter."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "-p", sys.executable, ALONE], check=True)
    python = environment.python_in(ALONE)
    command = [*uv, "pip", "install", "--quiet", "--python", python, "--constraint", LOCK]
    subprocess.run([*command, *requirements], check=True, env=environment.for_uv({}, os.environ))
    return python


def run(*command):
    """Run a command outside the source tree's reach; stop if it fails."""
    if subprocess.run(command, cwd=ROOT / "tests", check=False).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def main():
    """Build the packages, import each alone, and run their tests."""
    shutil.rmtree(DIST, ignore_errors=True)
    wheels = build(DIST)
    for package, wheel in wheels.items():
        run(install(wheel), "-c", WHERE.format(package))
    full = [f"{package}[{EXTRAS[package]}] @ {wheel.as_uri()}" for package, wheel in wheels.items()]
    python = install(*full, *TEST_TOOLS)
    folders = [ROOT / "tests" / package for package in EXTRAS]
    run(python, "-m", "pytest", "-q", *PARALLEL, "-m", QUICK, *folders)


if __name__ == "__main__":
    main()
