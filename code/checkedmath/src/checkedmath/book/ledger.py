"""The ledger of a book: what is in its table of formulas."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checkedmath.book.cache import Record
from checkedmath.book.checked import Book
from checkedmath.inequalities.wording import WORDING
from checkedmath.steps import VERDICTS, Step


@dataclass(frozen=True)
class Row:
    """A formula in the ledger, with what is said of its steps, each thing once."""

    label: str
    docname: str
    steps: int
    verdicts: tuple[str, ...]
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def how(self) -> str:
        """What is known of its steps, and the rules and facts that prove them, as a text."""
        rules = [f"rules: {', '.join(self.rules)}"] if self.rules else []
        facts = [rf"as \eqref{{{label}}}" for label in self.facts]
        return "; ".join([*self.verdicts, *rules, *facts])


def steps_of(record: Record) -> list[Step]:
    """Return the steps of a formula from its record."""
    return [Step(**step) for step in record["steps"]]


def weakest_of(steps: list[Step]) -> Step:
    """Return the step of which least is known; a definition counts only if there is no other."""
    return max(steps, key=lambda step: list(VERDICTS.values()).index(kind_of(step)))


def rows(book: Book) -> list[Row]:
    """Return a row for each formula of a book, in reading order."""
    found = []
    for entry in book.formulas:
        steps = steps_of(entry.record)
        verdicts = tuple(dict.fromkeys(step.verdict for step in steps))
        reasons = tuple(step.reason for step in steps if step.reason)
        used = {rule for step in steps for rule in step.rules}
        rules = tuple(rule for rule in WORDING if rule in used)
        facts = tuple(dict.fromkeys(step.fact for step in steps if step.fact))
        row = Row(entry.item.name, entry.docname, len(steps), verdicts, reasons, rules, facts)
        found.append(row)
    return found


def count_verdicts(book: Book) -> dict[str, int]:
    """Return the number of steps for each verdict, strongest first."""
    counts = Counter(kind_of(step) for entry in book.formulas for step in steps_of(entry.record))
    return {verdict: counts[verdict] for verdict in VERDICTS.values() if counts[verdict]}


def kind_of(step: Step) -> str:
    """Return the verdict on a step without its sizes."""
    return step.verdict if step.method != "exact" or not step.sizes else VERDICTS["exact"]


def summary(book: Book) -> str:
    """Say in one line how many formulas there are and what is known of their steps."""
    counts = [f"{count} {verdict}" for verdict, count in count_verdicts(book).items()]
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
