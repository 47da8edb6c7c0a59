"""Print how long the book takes to build: cold, unchanged, one chapter edited, package edited.

    python -m tools.times

It works on a copy, so that the edits are nobody's.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import builds

CHAPTER = "book/chapters/softmax.md"
MODULE = "code/softmaxlab/src/softmaxlab/activations.py"


def nothing(root):
    """Change nothing."""


def edit_chapter(root):
    """Add a sentence to one chapter."""
    with (root / CHAPTER).open("a", encoding="utf-8") as file:
        file.write("\nOne more sentence.\n")
    subprocess.run([sys.executable, "-m", "tools.pairs", "write"], cwd=root, check=True)


def edit_package(root):
    """Add a comment to one module of the package."""
    with (root / MODULE).open("a", encoding="utf-8") as file:
        file.write("\n# One more comment.\n")


STAGES = {
    "cold": nothing,
    "nothing changed": nothing,
    "one chapter edited": edit_chapter,
    "package edited": edit_package,
}


def measure(root, edit):
    """Return the seconds of a build after an edit, and the number of pages it executed."""
    edit(root)
    start = time.perf_counter()
    status, output = builds.build(root)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{output}\nthe book does not build")
    return seconds, len(builds.executed(output))


def main():
    """Build four times and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "book"
        builds.copy_sources(root)
        print(f"{'build':20} {'seconds':>8} {'pages executed':>15}")
        for name, edit in STAGES.items():
            seconds, pages = measure(root, edit)
            print(f"{name:20} {seconds:8.1f} {pages:15}", flush=True)


if __name__ == "__main__":
    main()
