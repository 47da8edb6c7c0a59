"""How the parts of a page are marked that the checker has made or has seen."""

from __future__ import annotations

from docutils import nodes

#: The class of every text that the checker writes, apart from what an author writes.
COMPUTED = "checkedmath-computed"
#: Set on a displayed formula that was checked, so that a later look knows it.
CHECKED = "checkedmath"


def row_id(label: str) -> str:
    """Return the identifier of the row of a formula in the ledger."""
    return nodes.make_id(f"ledger-{label}")
