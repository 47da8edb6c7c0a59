"""What this book takes from checkedmath's Sphinx extension: the one place that imports it."""

from __future__ import annotations

from typing import Any

from checkedmath.sphinx.directives import note_shown, with_math
from checkedmath.sphinx.extension import record_of
from sphinx.application import Sphinx

__all__ = ["checked_formulas", "note_shown", "record_of", "with_math"]


def checked_formulas(app: Sphinx) -> list[Any]:
    """Return the entries of all checked formulas, in the order of the book."""
    return app.checkedmath.formulas  # type: ignore[attr-defined,no-any-return]
