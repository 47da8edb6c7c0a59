"""The statements that the checker is measured by: what is read from files, and what it says.

`false.json` and `true.json` were written from the dialect alone, `tried.json`
holds false statements that the checker once accepted, `further.json` others that were written, and
committed, before they were judged; `ties.json` holds those that fail where two numbers are equal,
`structures.json` those that fail at larger sizes, or for simple distributions and tables,
`regions.json` those that fail in a small region of a few numbers, and `captured.json` those that
call a function with what it varies itself.
Each has its letters with it.
"""

import json
from pathlib import Path

from checkedmath import Derivation, Notation
from checkedmath.errors import CheckError, FormulaError, WrongStep
from checkedmath.steps import weakest

FOLDER = Path(__file__).parent / "statements"


def read(name):
    """Return the statements of a file, by their names."""
    statements = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {each["id"]: each for each in statements}


def check(statement):
    """Return the derivation of a statement; raise as it does."""
    notation = Notation()
    notation.declare(statement["where"])
    for definition in statement.get("given", ()):
        Derivation(definition, notation)
    return Derivation(statement["latex"], notation)


def verdict(statement):
    """Return how a statement is accepted, or that it is refuted, or cannot be told."""
    try:
        return weakest(step.method for step in check(statement).steps)
    except WrongStep as wrong:
        return "refuted" if wrong.counterexample or wrong.left else "refused"
    except FormulaError:
        return "refused"


def finding(statement):
    """Return what is said of a statement that is not accepted."""
    try:
        check(statement)
    except CheckError as error:
        return str(error)
    return ""
