"""Which formulas of a book its reasons cite, and why one cannot be cited."""

from __future__ import annotations

from collections.abc import Container, Iterable

from checkedmath.book.page import Formula, Problem, RefutedBlock, Where
from checkedmath.reading.reasons import citations

CITE = "cite a formula that was shown before this one, or say it in words alone"


class Citations:
    """The citations of a book.

    Parameters
    ----------
    items : iterable of Formula or Where
        All that stands on its pages, in reading order.

    Attributes
    ----------
    cited : set of str
        The labels that are cited somewhere.
    """

    def __init__(self, items: Iterable[Where | Formula]) -> None:
        formulas = [item for item in items if isinstance(item, Formula)]
        self.labelled = {item.label: item for item in reversed(formulas)}
        self.cited = {label for item in formulas for label in citations(item.latex)}

    def problem(
        self, item: Where | Formula, shown: Container[str], seen: Container[str]
    ) -> Problem | None:
        """Return the problem that a formula cites what was not shown before it, if it does."""
        if isinstance(item, Where):
            return None
        for label in citations(item.latex):
            if label not in shown:
                reason = f"it cites {label}, which {self.fault(label, seen)}"
                return Problem(item.line, reason, CITE, item.name, item.latex)
        return None

    def fault(self, label: str, seen: Container[str]) -> str:
        """Say what a label is of that was not shown before."""
        if label not in self.labelled:
            return "is the label of no formula in the book"
        if isinstance(self.labelled[label], RefutedBlock):
            return "is shown as wrong"
        return "is refused itself" if label in seen else "does not stand before it"
