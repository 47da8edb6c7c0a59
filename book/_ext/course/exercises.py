"""Mend what sphinx-exercise does to the pages.

It wraps the body of every exercise and solution in a section without a title and with the same id
on all of them. Such a section is no section: it breaks extensions that follow the titles, and an id
must be unique on its page.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

WRAPPERS = {"exercise-content", "solution-content"}


def unwrap_bodies(app: Sphinx, doctree: nodes.document) -> None:
    """Turn the untitled sections into plain containers."""
    for section in list(doctree.findall(nodes.section)):
        if WRAPPERS & set(section["ids"]) and section.parent is not None:
            section.parent.replace(section, nodes.container("", *section.children))
