"""The ledger of a book: what is in its table of formulas."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checkedmath.book.checked import Book
from checkedmath.steps import METHODS


@dataclass(frozen=True)
class Row:
    """A formula in the ledger."""

    label: str
    docname: str
    steps: int
    methods: tuple[str, ...]
    reasons: tuple[str, ...]


def rows(book: Book) -> list[Row]:
    """Return a row for each formula of a book, in reading order."""
    found = []
    for entry in book.formulas:
        steps = entry.record["steps"]
        methods = tuple(dict.fromkeys(step["method"] for step in steps))
        reasons = tuple(step["reason"] for step in steps if step["reason"])
        found.append(Row(entry.item.name, entry.docname, len(steps), methods, reasons))
    return found


def count_methods(book: Book) -> dict[str, int]:
    """Return the number of steps for each method, strongest first."""
    counts = Counter(step["method"] for step in book.steps())
    return {method: counts[method] for method in METHODS if counts[method]}


def summary(book: Book) -> str:
    """Say in one line how many formulas there are and how their steps were checked."""
    counts = [f"{count} {method}" for method, count in count_methods(book).items()]
    line = f"{_number(len(book.formulas), 'formula')}, {_number(len(book.steps()), 'step')}"
    line += f" ({', '.join(counts)})" if counts else ""
    return f"{line}; {_number(len(book.refuted), 'wrong formula')} refuted"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def times(book: Book) -> str:
    """Return a table of the time that each check took, the longest first."""
    entries = sorted(book.formulas, key=lambda entry: -entry.record["seconds"])
    lines = [f"{'seconds':>8}  {'steps':>5}  formula"]
    for entry in entries:
        steps, kept = len(entry.record["steps"]), "  (checked earlier)" if entry.cached else ""
        lines.append(f"{entry.record['seconds']:8.2f}  {steps:5d}  {entry.item.name}{kept}")
    return "\n".join(lines)
