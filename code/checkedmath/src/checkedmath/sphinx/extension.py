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

from checkedmath.book.cache import Cache, digest
from checkedmath.book.checked import check_book
from checkedmath.book.contents import BookError, path_of
from checkedmath.book.inline import ENVIRONMENTS, KNOWN
from checkedmath.book.ledger import summary
from checkedmath.book.page import Problem
from checkedmath.book.progress import Announcer
from checkedmath.sphinx import verdicts
from checkedmath.sphinx.directives import (
    LedgerDirective,
    RefutedDirective,
    WhereDirective,
)
from checkedmath.sphinx.domain import CheckedMathDomain, domain_of
from checkedmath.sphinx.numbers import CitedNumbers
from checkedmath.sphinx.second_look import (
    displayed,
    inspect_formulas,
    inspect_numbers,
    is_computed,
)

#: Environments of formulas, and those that Sphinx or the checker puts around them.
DRAWN_ENVIRONMENTS = ENVIRONMENTS | {"aligned", "split", "equation"}
#: MyST-NB counts the lines of the n-th cell of a notebook from n times this.
CELL = 10_000

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the domain, the directives, the style and the checks to a Sphinx application."""
    app.add_domain(CheckedMathDomain)
    app.add_directive("where", WhereDirective)
    app.add_directive("refuted", RefutedDirective)
    app.add_directive("ledger", LedgerDirective)
    verdicts.add_nodes(app)
    app.add_css_file("checkedmath.css")
    app.connect("builder-inited", add_style)
    app.connect("builder-inited", refuse_macros)
    app.connect("builder-inited", check_formulas)
    app.connect("env-get-outdated", pages_to_read_again)
    app.connect("doctree-read", inspect_page)
    app.connect("env-updated", stop_if_refused)
    app.connect("doctree-resolved", inspect_resolved_page)
    app.add_post_transform(CitedNumbers)
    app.connect("doctree-resolved", verdicts.add_verdicts)
    version = env_version(Path(__file__).parent)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": version}


def env_version(room: Path) -> int:
    """Return a number that changes with the text of this room.

    Pages that were read by its directives are then read again. The checks of formulas do not depend
    on it.
    """
    texts = (module.read_text(encoding="utf-8") for module in sorted(room.glob("*.py")))
    return int(digest(*texts)[:12], 16)


def add_style(app: Sphinx) -> None:
    """Let the style be copied; now, when the settings are noted that would be built again for."""
    app.config.html_static_path.append(str(Path(__file__).with_name("static")))


def refuse_macros(app: Sphinx) -> None:
    """Refuse settings that let MathJax draw a command of formulas as something else."""
    tex = (getattr(app.config, "mathjax3_config", None) or {}).get("tex", {})
    changed = ["\\" + name for name in sorted(KNOWN & set(tex.get("macros", {})))]
    changed += sorted(DRAWN_ENVIRONMENTS & set(tex.get("environments", {})))
    if changed:
        names = ", ".join(changed)
        raise ExtensionError(
            f"mathjax3_config gives {names} another meaning, so that pages would show other"
            " formulas than those that are checked: give your macros names of their own"
        )


def check_formulas(app: Sphinx) -> None:
    """Read all pages and check all formulas; keep the outcome in the domain."""
    root = Path(app.srcdir)
    toc = root / getattr(app.config, "external_toc_path", "_toc.yml")
    cache = Cache(Path(app.doctreedir).parent / ".checkedmath")
    try:
        book = check_book(root, toc, cache, Announcer(logger.info))
    except BookError as error:
        raise ExtensionError(str(error)) from None
    _stop(book.report())
    domain_of(app.env).book = book
    logger.info("checkedmath: %s", summary(book))


def _stop(report: list[str]) -> None:
    if report:
        raise ExtensionError("\n".join(["formulas or numbers are refused:", *report]))


def pages_to_read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages that show something of the book that is no longer so."""
    return domain_of(env).outdated()


# -- the second look


def inspect_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page displays that was not checked, and numbers that were typed elsewhere."""
    docname, domain = app.env.docname, domain_of(app.env)
    shown = list(displayed(doctree))
    if any(is_computed(node) for node in shown):
        domain.note_shown(docname, "notation")
    if shown:
        domain.note_shown(docname, "formulas")
    found = [*inspect_formulas(doctree, docname, domain.book), *inspect_numbers(doctree)]
    if found:
        domain.refused[docname] = _report(app, docname, found)


def stop_if_refused(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Stop the build for what was noted while pages were read."""
    _stop([line for lines in domain_of(env).refused.values() for line in lines])
    return []


def inspect_resolved_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Stop the build if a page displays a formula that came from another page unchecked."""
    _stop(_report(app, docname, inspect_formulas(doctree, docname, domain_of(app.env).book)))


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
