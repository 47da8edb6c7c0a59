r"""The check has teeth: a true formula, with one thing changed, is refused or still true."""

from pathlib import Path

import pytest
from checkedmath import CheckError, Derivation
from checkedmath.book.checked import check_book

from tests.checkedmath.mutate import mutants
from tests.checkedmath.proved import PROVED

SECOND_BOOK = Path(__file__).parent / "second_book"

#: What is accepted: formula -> the number of its mutants, and why they are true.
SURVIVORS = {
    "Jacobian by cases": (2, "where i is j, either letter may stand for the other"),
    "gradient": (2, "the sum that is lost is one, and so is the one that takes its place"),
    "the other condition": (4, "where i is j, either letter may stand for the other"),
}


def survivors(latex, notation):
    """Return the mutants that are accepted; anything but a refusal is a crash."""
    accepted = []
    for mutant in mutants(latex, notation):
        try:
            Derivation(mutant.latex, notation.copy())
        except CheckError:
            continue
        accepted.append(mutant.latex)
    return accepted


@pytest.mark.parametrize("name", PROVED)
def test_mutants_of_what_is_proved(name, letters):
    count, _ = SURVIVORS.get(name, (0, ""))
    found = survivors(PROVED[name], letters)
    assert len(found) == count, found


def test_mutants_of_a_book():
    book = check_book(SECOND_BOOK)
    assert book.report() == []
    for entry in book.formulas:
        if ":=" not in entry.item.latex:
            notation = book.notation_after(entry.docname)
            assert survivors(entry.item.latex, notation) == [], entry.item.label


def test_there_are_many(letters):
    assert sum(len(list(mutants(latex, letters))) for latex in PROVED.values()) > 300
