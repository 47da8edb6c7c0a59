"""Make the book for e-readers: one EPUB file, by Sphinx's own builder.

    python -m tools.epub         # after `make book`

The pages are read from what `make book` has left, so no cell runs again. MathJax draws the formulas
in a browser, since few e-readers show them well otherwise: see course.ebook.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

from tools import builds, drawn
from tools.pdf import HTML, ROOT

BUILD = ROOT / "_build"
TARGET = BUILD / "epub" / "from-logits-to-loss.epub"
FORMULAS = TARGET.with_name("formulas.json")


def draw_formulas(pages):
    """Return the drawings of all formulas of the built book, by their element and LaTeX."""
    formulas = set()
    for path in pages.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        formulas |= {formula[1:] for formula in drawn.formulas_in(soup)}
    drawings = drawn.drawings(formulas)
    kinds = {True: "div", False: "span"}
    return {f"{kinds[display]} {latex}": svg for (latex, display), svg in drawings.items()}


def build(work):
    """Let Sphinx build the book in a folder of its own, from the pages that are already read."""
    for name in (".doctrees", "jupyter_execute"):
        shutil.copytree(BUILD / name, work / "_build" / name)
    _, exported = builds.recipe((ROOT / "Makefile").read_text(encoding="utf-8"), "book")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ".", "-W", "-n", "--keep-going", "--path-output", work]
    command += ["--builder", "custom", "--custom-builder", "epub"]
    subprocess.run(command, cwd=ROOT, env=os.environ | exported, check=True)
    return work / "_build" / "epub" / TARGET.name


def make():
    """Draw the formulas, build, and put the one file where the next build of the book finds it."""
    FORMULAS.parent.mkdir(parents=True, exist_ok=True)
    drawings = draw_formulas(HTML / "book")
    FORMULAS.write_text(json.dumps(drawings), encoding="utf-8")
    work = BUILD / "epub" / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copyfile(build(work), TARGET)
    shutil.rmtree(work)


if __name__ == "__main__":
    if not (HTML / "book").exists():
        sys.exit("no pages: build the book first, with `make book`")
    make()
    print(f"Made {TARGET.relative_to(ROOT)}, {TARGET.stat().st_size / 1e6:.1f} MB")
