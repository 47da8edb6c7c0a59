"""Print how long a reader waits for the book, and what each build has done.

    python -m tools.times

It clones what is committed here, and calls ``make book`` in the clone with an empty home and empty
caches: *cold*, which sets up the environment too (this needs make, git and the package index, or
what pip is told to use for one); *build*, with nothing built; then with nothing changed, and after
edits of one chapter, of one comment where checkedmath talks to Sphinx, and of one exercise.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools import builds

CHAPTER = "book/chapters/softmax.md"
SPHINX = "code/checkedmath/src/checkedmath/sphinx/extension.py"
EXERCISE = "code/softmaxlab/src/softmaxlab/exercises/softmax.py"
FEW = 3  # pages are named, more are counted


def nothing(clone: Path) -> None:
    """Change nothing."""


def remove_build(clone: Path) -> None:
    """Remove all that was built; the environment stays."""
    shutil.rmtree(clone / "_build")


def append(clone: Path, name: str, text: str) -> None:
    """Write something at the end of a file."""
    with (clone / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


def edit_chapter(clone: Path) -> None:
    """Add a sentence to one chapter, and to its notebook."""
    append(clone, CHAPTER, "One more sentence.")
    make(clone, "notebooks")


def edit_comment(clone: Path) -> None:
    """Add a comment to what shows formulas and does not check them."""
    append(clone, SPHINX, "# One more comment.")


def edit_exercise(clone: Path) -> None:
    """Add a comment to the exercises of one chapter."""
    append(clone, EXERCISE, "# One more comment.")


STAGES: dict[str, Callable[[Path], None]] = {
    "cold": nothing,
    "build": remove_build,
    "nothing changed": nothing,
    "one chapter": edit_chapter,
    "comment in checkedmath/sphinx": edit_comment,
    "one exercise": edit_exercise,
}


def environment(home: Path) -> dict[str, str]:
    """Return this environment with another home, and without what leads around it."""
    around = ("XDG_", "VIRTUAL_ENV", "PYTHON", "MAKE", "MFLAGS")
    mine = {name: value for name, value in os.environ.items() if not name.startswith(around)}
    return {name: v for name, v in mine.items() if not name.endswith("CACHE_DIR")} | {
        "HOME": str(home)
    }


def make(clone: Path, target: str) -> str:
    """Make a target in the clone and return what was printed; stop if that fails."""
    home = clone.with_name("home")
    home.mkdir(exist_ok=True)
    python = getattr(sys, "_base_executable", sys.executable)  # this one may be of an environment
    done = subprocess.run(
        ["make", target, f"PYTHON={python}"],
        cwd=clone,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n`make {target}` failed in a fresh clone")
    return builds.COLOUR.sub("", done.stdout)


def checked(clone: Path) -> set[str]:
    """Return the keys under which the outcomes of formulas are kept."""
    kept = clone / "_build" / ".checkedmath"
    return set(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else set()


def measure(clone: Path, edit: Callable[[Path], None]) -> tuple[float, int, set[str]]:
    """Return the seconds of a build after an edit, the formulas it checked, the pages it ran."""
    edit(clone)
    before = checked(clone)
    start = time.perf_counter()
    output = make(clone, "book")
    seconds = time.perf_counter() - start
    return seconds, len(checked(clone) - before), builds.executed(output)


def line(name: str, seconds: float, formulas: int, pages: set[str]) -> str:
    """Return one line of the table."""
    names = ", ".join(sorted(pages)) if len(pages) <= FEW else ""
    return f"{name:30} {seconds:8.1f} {formulas:9} {len(pages):6}  {names}".rstrip()


def main() -> None:
    """Build once for each stage and print a table."""
    print(f"{'build':30} {'seconds':>8} {'formulas':>9} {'pages':>6}  executed")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", builds.ROOT, clone], check=True)
        for name, edit in STAGES.items():
            print(line(name, *measure(clone, edit)), flush=True)
    print(f"The load of this machine's {os.cpu_count()} cores is now {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
