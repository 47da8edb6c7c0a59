"""What the build of a book shows and refuses.

The names here are for other extensions: the formulas of the checked book, and nodes that show some
of it.
"""

from __future__ import annotations

from checkedmath.sphinx.directives import checked_math, with_math
from checkedmath.sphinx.domain import checked_formulas, note_shown, record_of, verdict_of
from checkedmath.sphinx.numbers import numbered

__all__ = [
    "checked_formulas",
    "checked_math",
    "note_shown",
    "numbered",
    "record_of",
    "verdict_of",
    "with_math",
]
