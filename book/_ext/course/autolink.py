"""Links from code to the API page on every page that is written, and on no other.

sphinx-codeautolink puts its links only into pages that were older than their text when the build
began, and forgets between two builds what it has found on a Markdown page. A page that is written
for another reason would lose its links. And it looks up the names of all pages in every build,
for which it imports scikit-learn, SciPy and others.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available
from sphinx_codeautolink.extension import SphinxCodeAutoLink
from sphinx_codeautolink.extension.block import link_html

from course.memory import memory_of


def recall(app: Sphinx) -> None:
    """Give sphinx-codeautolink what it found on the pages that will not be read."""
    found_by(app.env).update(memory_of(app.env).links)


def remember(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep what sphinx-codeautolink has found, and leave it nothing to look up yet."""
    memory_of(env).links = dict(found_by(env))
    found_by(env).clear()


def found_by(env: BuildEnvironment) -> dict[str, list[Any]]:
    """Return what sphinx-codeautolink has found, by page; a builder without links has nothing."""
    found: dict[str, list[Any]] = getattr(env, "sphinx_codeautolink_transforms", {})
    return found


def link_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let sphinx-codeautolink know of a page that is about to be written."""
    for linker in linkers(app):
        linker.outdated_docs.add(docname)


def link_pages(app: Sphinx, exception: Exception | None) -> None:
    """Put the links into the written pages on all cores; sphinx-codeautolink would take one."""
    for linker in linkers(app):
        if exception is None and not linker.do_nothing:
            tasks = ParallelTasks(app.parallel) if parallel_available else SerialTasks()
            found = memory_of(app.env).links
            for page in linker.outdated_docs & found.keys():
                looked_up = deepcopy(found[page])  # names that lead nowhere today are dropped
                linker.filter_and_resolve(looked_up, set(), page)
                tasks.add_task(partial(put_links, app, linker, looked_up), page)
            tasks.join()
            linker.outdated_docs.clear()  # nothing is left for its own pass


def put_links(app: Sphinx, linker: SphinxCodeAutoLink, found: list[Any], page: str) -> None:
    """Put the links into one page."""
    if found:
        link_html(
            page,
            app.outdir,
            found,
            linker.inventory,
            linker.custom_blocks,
            linker.search_css_classes,
            disable_link_titles=linker.disable_link_titles,
        )


def linkers(app: Sphinx) -> Iterator[SphinxCodeAutoLink]:
    """Yield what of sphinx-codeautolink takes part in a build."""
    for listener in app.events.listeners["build-finished"]:
        owner = getattr(listener.handler, "__self__", None)
        if isinstance(owner, SphinxCodeAutoLink):
            yield owner
