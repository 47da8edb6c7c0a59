"""Links from code to the API page on every page that is written.

sphinx-codeautolink puts its links only into pages that were older than their text when the build
began, and forgets between two builds what it has found on a Markdown page. A page that is written
for another reason would lose its links.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_codeautolink.extension import SphinxCodeAutoLink

from course.memory import memory_of


def recall(app: Sphinx) -> None:
    """Give sphinx-codeautolink what it found on the pages that will not be read."""
    found_by(app.env).update(deepcopy(memory_of(app.env).links))


def remember(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep what sphinx-codeautolink has found, before it drops names that lead nowhere today."""
    memory_of(env).links = deepcopy(found_by(env))


def found_by(env: BuildEnvironment) -> dict[str, list[Any]]:
    """Return what sphinx-codeautolink has found, by page; a builder without links has nothing."""
    found: dict[str, list[Any]] = getattr(env, "sphinx_codeautolink_transforms", {})
    return found


def link_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let sphinx-codeautolink know of a page that is about to be written."""
    for listener in app.events.listeners["build-finished"]:
        owner = getattr(listener.handler, "__self__", None)
        if isinstance(owner, SphinxCodeAutoLink):
            owner.outdated_docs.add(docname)
