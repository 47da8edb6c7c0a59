"""Mend what sphinx-exercise does to the pages, and give each exercise what a reader completes.

It wraps the body of every exercise and solution in a section without a title and with the same id
on all of them. Such a section is no section: it breaks extensions that follow the titles, and an id
must be unique on its page.

Where a solution is checked, its exercise carries the code to complete: a page that runs makes a
cell of it.
"""

from __future__ import annotations

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

from course.notebooks.stubs import stub

WRAPPERS = {"exercise-content", "solution-content"}


def unwrap_bodies(app: Sphinx, doctree: nodes.document) -> None:
    """Turn the untitled sections into plain containers."""
    for section in list(doctree.findall(nodes.section)):
        if WRAPPERS & set(section["ids"]) and section.parent is not None:
            section.parent.replace(section, nodes.container("", *section.children))


def carry_answers(soup: BeautifulSoup) -> None:
    """Let every exercise whose solution is checked carry the code to complete."""
    for solution in soup.select("div.solution:has(.cell_input)"):
        sources = [code.get_text() for code in solution.select(".cell_input pre")]
        exercise = solution.find_previous_sibling("div", class_="exercise")
        if exercise and (answer := stub(sources)):
            exercise["data-answer"] = answer
