"""Run the chapters again when what they import has changed, and say how long each took.

Sphinx re-reads a page when its text changes. A chapter also depends on the two packages and on
the versions of the libraries, which Sphinx does not see; this room tells it.
"""

import hashlib
import os
import re
import sys
from importlib.metadata import version
from logging import WARNING, Handler, getLogger
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "sympy", "ipykernel")
# They work on the finished table of contents and on LaTeX. They are safe and do not say so.
SAFE_BUT_SILENT = {"sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")

logger = logging.getLogger(__name__)


def key_of(folder, *words):
    """Return a hash of the Python files in a folder, and of some words."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def execution_key():
    """Return a hash of all that an executed cell depends on besides its own page."""
    libraries = [f"{name}={version(name)}" for name in LIBRARIES]
    return key_of(ROOT / "code", sys.version, *libraries)


def use_all_cores(app, config):
    """Read pages in parallel; Jupyter Book's own command has no option for it."""
    for name in SAFE_BUT_SILENT & app.extensions.keys():
        app.extensions[name].parallel_read_safe = True
    if os.name == "posix" and sys.platform != "darwin":  # Sphinx forks, which macOS does badly
        app.parallel = os.cpu_count() or 1


def executed_pages(app, env, added, changed, removed):
    """Return the pages with code cells if the packages are not those of the last build."""
    key = execution_key()
    if getattr(env, "course_execution_key", key) == key:
        outdated = []
    else:
        outdated = [
            name
            for name in env.found_docs
            if "{code-cell}" in Path(env.doc2path(name)).read_text(encoding="utf-8")
        ]
    env.course_execution_key = key
    return outdated


def remember_what_ran(app, env, docnames):
    """Note the pages that this build reads."""
    app.course_pages_read = list(docnames)


def report_times(app, exception):
    """Print the seconds that each executed page took, slowest first."""
    if exception is not None:
        return
    data = app.env.nb_metadata
    times = {
        name: data[name]["exec_data"]["runtime"]
        for name in getattr(app, "course_pages_read", [])
        if data.get(name, {}).get("exec_data")
    }
    logger.info("pages executed in this build: %d", len(times))
    for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
        logger.info("  %6.1f s  %s", seconds, name)


def report_failed_cells(app, doctree):
    """Name the line of each cell that raised, and what it raised."""
    for block in doctree.findall(nodes.literal_block):
        if "traceback" not in block["classes"]:
            continue
        last_line = ANSI.sub("", block.astext()).strip().splitlines()[-1]
        logger.error(
            "a cell raised %s", last_line, location=(app.env.docname, line_of(block)), type="course"
        )


def line_of(node):
    """Return the line of the nearest ancestor that knows where it stands."""
    while node is not None and not getattr(node, "line", None):
        node = node.parent
    return node.line if node is not None else 1


class Complaints(Handler):
    """Collects the pages that something was wrong with."""

    def __init__(self):
        super().__init__(WARNING)
        self.paths = set()

    def emit(self, record):
        """Note the file of a warning, or an empty name if it belongs to none."""
        location = str(getattr(record, "location", None) or "")
        self.paths.add(re.sub(r":\d*$", "", location))


def listen(app):
    """Listen to all that Sphinx complains of."""
    app.course_complaints = Complaints()
    getLogger("sphinx").addHandler(app.course_complaints)


def forget_pages_with_complaints(app, exception):
    """Let the next build read again what was wrong; else it would not be mentioned twice."""
    getLogger("sphinx").removeHandler(app.course_complaints)
    for path in app.course_complaints.paths:
        name = app.env.path2doc(path) if path else None
        stored = Path(app.doctreedir) / (f"{name}.doctree" if name else "environment.pickle")
        stored.unlink(missing_ok=True)


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("config-inited", use_all_cores)
    app.connect("builder-inited", listen)
    app.connect("env-get-outdated", executed_pages)
    app.connect("env-before-read-docs", remember_what_ran)
    app.connect("doctree-read", report_failed_cells)
    app.connect("build-finished", report_times)
    app.connect("build-finished", forget_pages_with_complaints)
