r"""Read the displayed formulas of a book and check every step.

`Derivation` checks one formula, `Notation` says what its letters stand for. As a Sphinx extension
(`extensions: [checkedmath]`) a wrong step stops the build of a book.

>>> from checkedmath import Derivation, Notation
>>> letters = Notation()
>>> for line in ("K: 2 3 4", "k: 1..K", "p: simplex K"):
...     letters.declare(line)
>>> Derivation(r"-\sum_k p_k \log p_k \le \log K", letters).steps[0].method
'every K'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from checkedmath.errors import CheckError, FormulaError, WrongStep
from checkedmath.steps import Step

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from checkedmath.derivation import Derivation
    from checkedmath.notation import Notation

__all__ = ["CheckError", "Derivation", "FormulaError", "Notation", "Step", "WrongStep", "setup"]

__version__ = "0.1.0"

_ROOMS = {"Derivation": "derivation", "Notation": "notation"}


def __getattr__(name: str) -> Any:
    """Import SymPy only for those who check something: an unchanged book does not."""
    if name in _ROOMS:
        return getattr(import_module(f"checkedmath.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'checkedmath' has no attribute {name!r}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the Sphinx extension, so that `extensions = ["checkedmath"]` works."""
    from checkedmath.sphinx.extension import setup as setup_extension

    return setup_extension(app) | {"version": __version__}
