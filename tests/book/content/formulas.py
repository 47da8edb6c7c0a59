"""The displayed formulas of the book, each with the notation that it meets on its page."""

from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from checkedmath import Derivation, Notation
from checkedmath.book.contents import path_of, table_of_contents
from checkedmath.book.page import Formula, Where, read_page
from checkedmath.derivation import read_chains
from checkedmath.steps import Step

BOOK = Path(__file__).parents[3]


class BookFormula(NamedTuple):
    """A displayed formula of the book, with the notation that it meets."""

    page: str
    label: str
    latex: str
    notation: Notation


def displayed_formulas():
    """Yield all formulas that the book shows as right, in reading order."""
    notation = Notation()
    for docname in table_of_contents(BOOK, BOOK / "_toc.yml"):
        notation.open_page(docname)
        page = read_page((BOOK / path_of(BOOK, docname)).read_text(encoding="utf-8"))
        for item in page.items:
            if isinstance(item, Where):
                notation.declare(item.text)
            elif type(item) is Formula:
                yield BookFormula(docname, item.label, item.latex, notation.copy())
                take_as_checked(item.label, item.latex, notation)


def take_as_checked(label, latex, notation):
    """Take a formula into a notation: its definitions, and its steps as proved, unchecked."""
    relations = [each for chain in read_chains(latex, notation) for each in chain.relations]
    steps = [asdict(Step(relation, "", "", "", "", "every K")) for relation in relations]
    record = {"label": label, "latex": latex, "shown": latex, "steps": steps, "seconds": 0.0}
    Derivation.from_record(record, notation)
