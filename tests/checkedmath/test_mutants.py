r"""The check has teeth: each formula of the book, with one thing changed, is refused or still true.

What is accepted stands in survivors.yaml, with the reason why it is a true statement.
"""

from pathlib import Path

import yaml
from checkedmath import CheckError, Derivation
from checkedmath.mutate import mutants

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


def test_every_survivor_is_explained(book_formulas):
    found, tried = set(), 0
    for label, latex, notation in book_formulas:
        if ":=" in latex:
            continue
        for mutant in mutants(latex, notation):
            tried += 1
            if survives(mutant.latex, notation, label):
                found.add((label, mutant.latex))
    assert tried > 1000
    assert found - listed() == set(), "accepted, and not explained in survivors.yaml"
    assert listed() - found == set(), "in survivors.yaml, and refused or gone: take it out"
