"""The Sphinx extension: it checks the book before it is read, and what is displayed after.

1. At the start of a build every page is read and every formula checked, or taken from the cache.
2. When a page has been read, its document is compared with what was checked.
3. When the document is ready to be written, what came from other pages is compared too.

All problems are gathered, and stop the build together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from checkedmath.book.cache import Cache, Record
from checkedmath.book.checked import check_book
from checkedmath.book.contents import BookError, path_of
from checkedmath.book.ledger import summary
from checkedmath.book.page import Problem
from checkedmath.book.progress import Announcer
from checkedmath.sphinx.directives import (
    LedgerDirective,
    RefutedDirective,
    WhereDirective,
    note_shown,
)
from checkedmath.sphinx.second_look import (
    inspect_formulas,
    inspect_numbers,
    is_computed,
    is_displayed,
)

#: MyST-NB counts the lines of the n-th cell of a notebook from n times this.
CELL = 10_000

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives and the checks to a Sphinx application."""
    app.add_directive("where", WhereDirective)
    app.add_directive("refuted", RefutedDirective)
    app.add_directive("ledger", LedgerDirective)
    app.connect("builder-inited", check_formulas)
    app.connect("env-get-outdated", pages_to_read_again)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("doctree-read", inspect_page)
    app.connect("env-updated", stop_if_refused)
    app.connect("doctree-resolved", inspect_resolved_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}


def record_of(app: Sphinx, label: str) -> Record:
    """Return the record of a checked formula, for other extensions.

    Parameters
    ----------
    app : Sphinx
        The application, once its builder is there.
    label : str
        The label of the formula on its page.

    Returns
    -------
    dict
        With `label`, `latex` and `steps`; each step has `relation`, `reason`, `condition`,
        `left`, `right` and `method`.

    Raises
    ------
    KeyError
        If no checked formula has this label.
    """
    for entry in app.checkedmath.formulas:
        if entry.item.label == label:
            return entry.record
    raise KeyError(f"no checked formula has the label {label!r}")


def check_formulas(app: Sphinx) -> None:
    """Read all pages and check all formulas; keep the outcome as `app.checkedmath`."""
    for name in ("checkedmath_shown", "checkedmath_problems"):
        if not hasattr(app.env, name):
            setattr(app.env, name, {})
    root = Path(app.srcdir)
    toc = root / getattr(app.config, "external_toc_path", "_toc.yml")
    cache = Cache(Path(app.doctreedir).parent / ".checkedmath")
    try:
        book = check_book(root, toc, cache, Announcer(logger.info))
    except BookError as error:
        raise ExtensionError(str(error)) from None
    _stop(book.report())
    app.checkedmath = book
    logger.info("checkedmath: %s", summary(book))


def _stop(report: list[str]) -> None:
    if report:
        raise ExtensionError("\n".join(["formulas or numbers are refused:", *report]))


# -- what a page shows of the book


def pages_to_read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages that show something of the book that is no longer so."""
    return [
        docname
        for docname, shown in env.checkedmath_shown.items()
        if any(app.checkedmath.state(docname, aspect) != old for aspect, old in shown.items())
    ]


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what was noted of a page that is read again or gone."""
    env.checkedmath_shown.pop(docname, None)
    env.checkedmath_problems.pop(docname, None)


def merge_pages(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Take over what another process noted of the pages it read."""
    for docname in docnames:
        for mine, theirs in (
            (env.checkedmath_shown, other.checkedmath_shown),
            (env.checkedmath_problems, other.checkedmath_problems),
        ):
            if docname in theirs:
                mine[docname] = theirs[docname]


# -- the second look


def inspect_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page displays that was not checked, and numbers that were typed elsewhere."""
    docname = app.env.docname
    if any(is_computed(node) for node in doctree.findall(is_displayed)):
        note_shown(app.env, docname, "notation")
    found = [*inspect_formulas(doctree, docname, app.checkedmath), *inspect_numbers(doctree)]
    if found:
        app.env.checkedmath_problems[docname] = _report(app, docname, found)


def stop_if_refused(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Stop the build for what was noted while pages were read."""
    _stop([line for lines in env.checkedmath_problems.values() for line in lines])
    return []


def inspect_resolved_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Stop the build if a page displays a formula that came from another page unchecked."""
    _stop(_report(app, docname, inspect_formulas(doctree, docname, app.checkedmath)))


def _report(app: Sphinx, docname: str, problems: Iterator[Problem] | list[Problem]) -> list[str]:
    path = path_of(Path(app.srcdir), docname)
    ordered = sorted(problems, key=lambda found: found.line)
    if path.endswith(".ipynb"):
        return [
            _in_notebook(problem).at(f"{path}, cell {problem.line // CELL}") for problem in ordered
        ]
    return [problem.at(path) for problem in ordered]


def _in_notebook(problem: Problem) -> Problem:
    return replace(problem, line=max(problem.line % CELL - 1, 1))
