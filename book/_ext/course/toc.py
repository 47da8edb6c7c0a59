"""Refuse a page that lies in the book's folder and is missing from its table of contents.

Jupyter Book leaves such a page out without a word: a chapter could be written and never appear.
"""

from pathlib import Path

from sphinx.util import logging

logger = logging.getLogger(__name__)


def refuse_forgotten_pages(app, env, docnames):
    """Name every text under ``book/`` that the table of contents does not lead to."""
    root = Path(app.srcdir)
    for path in sorted((root / "book").rglob("*.md")):
        if env.path2doc(path) not in env.found_docs:
            logger.warning(
                "this page is missing from _toc.yml", location=f"{path}:1", type="course"
            )


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("env-before-read-docs", refuse_forgotten_pages)
