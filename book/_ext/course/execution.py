"""Run a chapter again when something that its cells depend on has changed, and only then.

Sphinx reads a page again when its file is newer. A chapter depends on more: on its own text,
however old its file claims to be, on what it imports from the packages of this book, and on the
versions of the libraries. All that goes into a key of the page.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import sphinx.builders
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from course.cells import Cells
from course.imports import Packages
from course.memory import memory_of

HERE = Path(__file__).resolve().parent
LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "sympy", "ipykernel")
# They work on the finished table of contents and on LaTeX. They are safe and do not say so.
SAFE_BUT_SILENT = {"sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"}

logger = logging.getLogger(__name__)


def use_all_cores(app: Sphinx, config: object) -> None:
    """Read pages in parallel; Jupyter Book's own command has no option for it."""
    for name in SAFE_BUT_SILENT & app.extensions.keys():
        app.extensions[name].parallel_read_safe = True
    if os.name == "posix" and sys.platform != "darwin":  # Sphinx forks, which macOS does badly
        app.parallel = os.cpu_count() or 1
        # Sphinx would hand out a third of the book at once: the last third, to one core alone.
        sphinx.builders.make_chunks = few_at_once  # type: ignore[attr-defined,assignment]


def few_at_once(pages: Sequence[str], cores: int, most: int = 2) -> list[Sequence[str]]:
    """Return pages in small batches, to be given to whichever core is free."""
    return [pages[first : first + most] for first in range(0, len(pages), most)]


def stop_collecting(app: Sphinx, config: object) -> None:
    """Keep everything for the minutes of a build: to look for garbage takes a fifth of its time."""
    gc.disable()


def collect_again(app: Sphinx, exception: Exception | None) -> None:
    """Look for garbage again, for whoever goes on after a build."""
    gc.enable()


def key_of(root: Path, files: Iterable[Path], *words: str) -> str:
    """Return a fingerprint of files under a folder, by name and content, and of some words."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


class Keys:
    """Finds the pages to run again, by the keys of now and of the last build."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}
        self.everything = ""

    def outdated(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Return the pages whose key is another than when they were read last."""
        known = memory_of(env).keys
        self.everything = everything_of(env)
        if memory_of(env).everything == self.everything:
            self.now = known
        else:
            self.now = page_keys(env)
        return [name for name, key in self.now.items() if known.get(name) != key]

    def remember(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Keep the keys. What changes while pages are read is seen in the next build."""
        memory_of(env).keys = self.now
        memory_of(env).everything = self.everything


def everything_of(env: BuildEnvironment) -> str:
    """Return a key of all pages together, and of whatever any page may depend on.

    It is found much faster than the keys of the pages, for which code has to be understood.
    """
    root = Path(env.srcdir).resolve()
    code = Packages(root / "code").everything()
    records = (root / "book" / "records").glob("*.json")
    pages = (Path(env.doc2path(name)).resolve() for name in env.found_docs)
    return key_of(root, {*code, *records, *pages}, *surroundings())


def surroundings() -> list[str]:
    """Return the versions of Python and of the libraries that cells use."""
    return [sys.version, *(f"{name}={version(name)}" for name in LIBRARIES)]


def page_keys(env: BuildEnvironment) -> dict[str, str]:
    """Return the key of every page."""
    root = Path(env.srcdir).resolve()
    packages = Packages(root / "code")
    keys = {}
    for name in sorted(env.found_docs):
        text = Path(env.doc2path(name)).read_text(encoding="utf-8")
        cells = Cells(text, env.doc2path(name, base=False))
        files = cells.dependencies(packages)
        words = [text, *surroundings()] if cells.any else [text]
        keys[name] = key_of(root, files, *words)
    return keys


class Times:
    """Reports the seconds that each executed page took."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def note(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Note the pages that this build reads."""
        self.read = list(docnames)

    def report(self, app: Sphinx, exception: Exception | None) -> None:
        """Print the pages, slowest first."""
        if exception is not None:
            return
        data = app.env.nb_metadata  # type: ignore[attr-defined]
        runs = {name: data.get(name, {}).get("exec_data") for name in self.read}
        times = {name: run["runtime"] for name, run in runs.items() if run}
        logger.info("pages executed in this build: %d", len(times))
        for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
            logger.info("  %6.1f s  %s", seconds, name)
