r"""The check has teeth: each formula of the book, with one thing changed, is refused or still true.

What is accepted stands in survivors.yaml, with the reason why it is a true statement.
"""

from pathlib import Path

import pytest
import yaml
from checkedmath import CheckError, Derivation
from checkedmath.book.contents import table_of_contents

from tests.book.content.formulas import BOOK
from tests.checkedmath.mutate import mutants

SURVIVORS = Path(__file__).with_name("survivors.yaml")


def listed():
    """Return the survivors that are explained, as pairs of label and formula."""
    entries = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8"))
    return {
        (label, entry["formula"])
        for label, explained in entries.items()
        for entry in explained
        if entry["true because"]
    }


def survives(latex, notation, label):
    """Tell whether a formula is accepted; anything but a refusal by the checker is a crash."""
    try:
        Derivation(latex, notation.copy(), label)
    except CheckError:
        return False
    return True


def checked(book_formulas):
    """Return the formulas that are checked, and not definitions, which test_definitions changes."""
    return [each for each in book_formulas if ":=" not in each.latex]


@pytest.mark.slow
@pytest.mark.parametrize("page", table_of_contents(BOOK, BOOK / "_toc.yml"))
def test_every_survivor_is_explained(page, book_formulas):
    here = [each for each in checked(book_formulas) if each.page == page]
    found = {
        (label, mutant.latex)
        for _, label, latex, notation in here
        for mutant in mutants(latex, notation)
        if survives(mutant.latex, notation, label)
    }
    explained = {entry for entry in listed() if entry[0] in {each.label for each in here}}
    assert found - explained == set(), "accepted, and not explained in survivors.yaml"
    assert explained - found == set(), "in survivors.yaml, and refused or gone: take it out"


@pytest.mark.slow
def test_there_are_many_mutants_and_few_survivors(book_formulas):
    count = sum(len(list(mutants(each.latex, each.notation))) for each in checked(book_formulas))
    assert count > 1500
    assert len(listed()) < count / 30
    assert {label for label, _ in listed()} <= {each.label for each in checked(book_formulas)}
