"""Pages that run: the scripts for it, and the files of the Python that they load when asked.

``python_in_the_page`` in ``_config.yml`` says where these files are. While it is empty, no page has
a button for it and none asks for anything. ``here`` stands for the folder that ``make page-python``
fills, of which the book gets a copy; everything else is the address of such a copy elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util import logging

from course.written import digest, page_folder, renew

SETTING = "python_in_the_page"
HERE = "here"
COPY = "_static/python"
MADE = "made.json"
FIRST = f"{SETTING} is set: first run `make page-python`"

logger = logging.getLogger(__name__)


def files_of(app: Sphinx) -> Path:
    """Return the folder that ``make page-python`` fills."""
    return Path(app.srcdir) / "page-python" / "files"


def what_is_made(app: Sphinx) -> dict[str, Any]:
    """Return what that command says of its files."""
    made: dict[str, Any] = json.loads((files_of(app) / MADE).read_text(encoding="utf-8"))
    return made


def look_for_python(app: Sphinx) -> None:
    """Refuse to build pages that would find no Python, or that of other packages."""
    if not app.config[SETTING]:
        return
    if not (files_of(app) / MADE).is_file():
        raise ConfigError(f"{FIRST}, there is no {MADE} in {files_of(app)}")
    for name, sha256 in what_is_made(app)["made_from"].items():
        path = Path(app.srcdir) / name
        if not path.is_file() or digest(path.read_bytes()) != sha256:
            logger.warning("%s again: it was made from another %s", FIRST, name, type="course")
            return


def load_runner(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load what can run a page, where there is something to run."""
    address = app.config[SETTING]
    if not address or 'class="cell_input' not in context.get("body", ""):
        return
    made = what_is_made(app)
    told = {
        "data-python": context["pathto"](COPY, 1) if address == HERE else address,
        "data-about": made["about"],
        "data-size": str(made["megabytes"]),
    }
    app.add_css_file("run/page.css")
    app.add_js_file("run/worker.js", loading_method="defer")
    app.add_js_file("run/page.js", loading_method="defer", **told)


def copy_python(app: Sphinx, exception: Exception | None) -> None:
    """Put the files beside the pages, if that is where they are looked for."""
    pages = page_folder(app, exception)
    if pages and app.config[SETTING] == HERE:
        for path in files_of(app).glob("*.js"):
            renew(pages / COPY / path.name, path.read_bytes())
