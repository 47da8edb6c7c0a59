"""Read the displayed formulas of a book and check every step.

``Derivation`` checks one formula, ``Notation`` says what its letters stand for. As a Sphinx
extension (``extensions: [checkedmath]``) a wrong step stops the build of a book.
"""

from checkedmath.errors import CheckError, FormulaError, WrongStep

__all__ = ["CheckError", "Derivation", "FormulaError", "Notation", "Step", "WrongStep"]

_LAZY = {"Derivation": "derivation", "Step": "derivation", "Notation": "notation"}


def __getattr__(name):
    """Import SymPy only for those who check something: an unchanged book does not."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(f"checkedmath.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'checkedmath' has no attribute {name!r}")


def setup(app):
    """Set up the Sphinx extension."""
    from checkedmath.sphinx_ext import setup

    return setup(app)
