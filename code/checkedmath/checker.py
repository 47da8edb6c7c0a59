"""Check the items of a book one after another, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from checkedmath.cache import Cache, Record, checker_fingerprint, digest
from checkedmath.errors import FormulaError, WrongStep
from checkedmath.page import Formula, Refuted, Where

if TYPE_CHECKING:
    from checkedmath.notation import Notation


class Event(NamedTuple):
    """What a page adds to the notation: a {where} block, or a formula that defines a name."""

    item: Where | Formula
    record: Record


class NotRefuted(Exception):  # noqa: N818
    """A formula shown as wrong that the checker does not refute."""


def notation_of(events: list[Event]) -> Notation:
    """Return the notation that some events add up to, without checking anything again."""
    from checkedmath.notation import Notation

    notation = Notation()
    for event in events:
        _replay(event, notation)
    return notation


def _replay(event: Event, notation: Notation) -> None:
    from checkedmath.derivation import Derivation

    if isinstance(event.item, Where):
        notation.declare(event.item.text)
    else:
        Derivation.from_record(event.record, notation)


class Checker:
    """The state of a book at one point of its reading: what letters mean there.

    The key of a check is made of the item and of the chain of all that shaped the notation
    before it. The notation itself, and SymPy with it, is made only when something must be
    checked: an unchanged book never gets that far.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.chain = checker_fingerprint()
        self.events: list[Event] = []
        self._notation: Notation | None = None
        self._replayed = 0

    def notation(self) -> Notation:
        """Return the notation at this point."""
        if self._notation is None:
            self._notation = notation_of([])
        for event in self.events[self._replayed :]:
            _replay(event, self._notation)
        self._replayed = len(self.events)
        return self._notation

    def knows(self, item: Where | Formula) -> bool:
        """Tell whether an item need not be checked now."""
        return self.cache.get(self._key(item)) is not None

    def where(self, item: Where) -> Record:
        """Declare what letters mean -> the declarations, as the reader of the page sees them."""
        record = self._once(item, lambda: self._declare(item))
        self._advance(item, record)
        return record

    def formula(self, item: Formula) -> Record:
        """Check a formula -> its record."""
        record = self._once(item, lambda: self._derive(item))
        if any(step["method"] == "definition" for step in record["steps"]):
            self._advance(item, record)
        return record

    def refuted(self, item: Refuted) -> Record:
        """Refute a formula -> the counter-example; NotRefuted if it is true or unreadable."""
        return self._once(item, lambda: self._refute(item))

    def _key(self, item: Where | Formula) -> str:
        if isinstance(item, Where):
            return digest(self.chain, "where", item.text)
        options = repr(sorted(item.options.items())) if isinstance(item, Refuted) else ""
        return digest(self.chain, type(item).__name__, item.name, item.latex, options)

    def _once(self, item: Where | Formula, check: Callable[[], Record]) -> Record:
        key = self._key(item)
        record = self.cache.get(key)
        if record is None:
            record = check()
            self.cache.put(key, record)
        return record

    def _advance(self, item: Where | Formula, record: Record) -> None:
        self.chain = self._key(item)
        self.events.append(Event(item, record))

    # Each check works on a copy of the notation: one that fails halfway leaves nothing behind.

    def _declare(self, item: Where) -> Record:
        trial, declared = self.notation().copy(), []
        for offset, line in enumerate(item.text.splitlines()):
            try:
                trial.declare(line)
            except FormulaError as error:
                error.line = item.line + offset
                raise
            declared += [list(row) for row in trial.read_declarations(line)]
        return {"declarations": declared}

    def _derive(self, item: Formula) -> Record:
        from checkedmath.derivation import Derivation

        return Derivation(item.latex, self.notation().copy(), item.name).record()

    def _refute(self, item: Refuted) -> Record:
        from checkedmath.derivation import Derivation

        try:
            Derivation(item.latex, self.notation().copy(), item.name)
        except WrongStep as error:
            return wrong_step(error)
        except FormulaError as error:
            if item.options.get("because") != "unreadable":
                raise
            return {"step": 0, "message": str(error).removeprefix(f"{item.name}: ")}
        raise NotRefuted


def wrong_step(error: WrongStep) -> Record:
    """Return what refutes a formula, as plain data for the page that shows it."""
    return {
        "step": error.step,
        "message": error.message,
        "relation": error.relation,
        "counterexample": error.counterexample,
        "left": error.left,
        "right": error.right,
    }
