"""What the book refuses, and says again until it is mended.

Jupyter Book leaves a page that is missing from the table of contents out without a word, shows
pictures that say nothing to a reader who cannot see them, and prints what a cell raises without
its line.
"""

from __future__ import annotations

import re
from copy import copy
from logging import WARNING, Handler, LogRecord, getLogger
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.logging import SphinxWarningLogRecord, WarningLogRecordTranslator

from course.where import line_of

ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: How NumPy writes a single number, with its type, which is nothing for a sentence.
NUMBER_WITH_TYPE = re.compile(r"np\.\w+\(.*\)")

logger = logging.getLogger(__name__)


def refuse_forgotten_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Name every text under ``book/`` that the table of contents does not lead to."""
    for path in sorted((Path(app.srcdir) / "book").rglob("*.md")):
        if env.path2doc(path) not in env.found_docs:
            logger.warning(
                "this page is missing from _toc.yml", location=f"{path}:1", type="course"
            )


def require_alt_text(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse a picture without a text alternative."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "a figure needs alt text that says what is to be seen (image: alt: ...)",
                location=(app.env.docname, line_of(image)),
                type="course",
                subtype="alt",
            )


def report_failed_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Name the line of each cell that raised, and what it raised."""
    for block in doctree.findall(nodes.literal_block):
        if "traceback" not in block["classes"]:
            continue
        last_line = ANSI.sub("", block.astext()).strip().splitlines()[-1]
        logger.error(
            "a cell raised %s", last_line, location=(app.env.docname, line_of(block)), type="course"
        )


def refuse_types_in_sentences(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse a number in a sentence that is printed as NumPy writes it, with its type."""
    for shown in doctree.findall(nodes.inline):
        if "output" in shown["classes"] and NUMBER_WITH_TYPE.fullmatch(shown.astext()):
            logger.error(
                'a sentence shows %s: format the number, as in {eval}`f"{x:.2f}"`',
                shown.astext(),
                location=(app.env.docname, line_of(shown)),
                type="course",
            )


def forget_what_is_read_anew(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget all pages that will be read before the first is: a label that moved is no duplicate.

    Sphinx does so itself where it reads in several processes, and else page by page.
    """
    for name in docnames:
        app.emit("env-purge-doc", env, name)
        env.clear_doc(name)


class Complaints(Handler):
    """Collects the pages that something was wrong with, so that the next build reads them again.

    Sphinx keeps a page that it has read, and would not mention twice what it had to say of it.
    """

    def __init__(self) -> None:
        super().__init__(WARNING)
        self.paths: set[str] = set()

    def emit(self, record: LogRecord) -> None:
        """Note the file of a warning, or an empty name if it belongs to none."""
        own = cast("SphinxWarningLogRecord", copy(record))  # other handlers translate theirs
        self.translator.filter(own)
        self.paths.add(re.sub(r":\d*$", "", getattr(own, "location", None) or ""))
        # Whose label was used twice has lost it, once the other page is mended.
        self.paths.update(re.findall(r"other instance in (\S+)", record.getMessage()))

    def listen(self, app: Sphinx) -> None:
        """Listen to all that Sphinx complains of."""
        # A complaint may name a page and a line, or a node of the page.
        self.translator = WarningLogRecordTranslator(app)
        getLogger("sphinx").addHandler(self)

    def forget_pages(self, app: Sphinx, exception: Exception | None) -> None:
        """Drop what Sphinx keeps of the pages; a complaint of no page drops all."""
        getLogger("sphinx").removeHandler(self)
        for path in self.paths:
            name = app.env.path2doc(path) if path else None
            stored = Path(app.doctreedir) / (f"{name}.doctree" if name else "environment.pickle")
            stored.unlink(missing_ok=True)
