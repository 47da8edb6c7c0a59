"""Notations for tests."""

from checkedmath import Derivation, Notation


def notation_of(letters, definitions):
    """Return a notation with letters and definitions, as a page brings them."""
    notation = Notation()
    notation.declare(letters)
    for definition in definitions:
        Derivation(definition, notation)
    return notation
