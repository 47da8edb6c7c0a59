"""Check the items of a book: each in the notation of its place, and nothing twice."""

from __future__ import annotations

import logging
import math
import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from checkedmath.book.cache import Cache, Record, checker_fingerprint, digest
from checkedmath.book.citations import Citations
from checkedmath.book.inline import foreign_command
from checkedmath.book.page import Formula, Problem, RefutedBlock, Where
from checkedmath.errors import CheckError, FormulaError, WrongStep
from checkedmath.reading.reasons import citations

if TYPE_CHECKING:
    from checkedmath.notation import Notation

logger = logging.getLogger(__name__)

#: Other processes are started only for what this one has not done after some seconds.
PATIENCE = 2.0
MOST_PROCESSES = 8

#: What a page shows of a false step.
FINDINGS = ("step", "message", "relation", "counterexample", "left", "right")

MEND = (
    r"correct the step, or state what it assumes: a side condition, \quad (i \ne j), "
    "or the domain of a letter in a {where} block"
)
DECLARE = (
    "write names, a colon, and what they are: `K: 2 3` for a size, `i: 1..K` for an index, "
    "`z: real K` for numbers; a size is declared before it is used"
)
REWRITE = "write it in the dialect of checked formulas; `python -m checkedmath explain` reads it"


class Event(NamedTuple):
    """What a page adds to the notation: letters, or a formula that defines a name or is cited."""

    docname: str
    item: Where | Formula
    record: Record


@dataclass
class Place:
    """An item at its place in the book, and what came of its check: a record or a problem.

    An outcome of None is still to come, in the given notation.
    """

    docname: str
    item: Where | Formula
    key: str
    outcome: Record | Problem | None
    cached: bool = False
    notation: Notation | None = None


def notation_of(events: list[Event]) -> Notation:
    """Return the notation that some events add up to, without checking anything again."""
    from checkedmath.notation import Notation

    notation = Notation()
    for event in events:
        _replay(event, notation)
    return notation


def _replay(event: Event, notation: Notation) -> None:
    from checkedmath.derivation import Derivation

    notation.open_page(event.docname)
    if isinstance(event.item, Where):
        notation.declare(event.item.text)
    else:
        Derivation.from_record(event.record, notation)


class Schedule:
    """Goes through a book and knows what letters mean at each place.

    The key of a check is made of the item, of the chain of all that shaped the notation before it,
    and of the keys of the formulas that it cites. The notation itself, and SymPy with it, is made
    only when something must be checked: an unchanged book never gets that far.
    """

    def __init__(self, cache: Cache, citations: Citations) -> None:
        self.cache, self.citations = cache, citations
        self.chain = checker_fingerprint()
        self.events: list[Event] = []
        self.seen: set[str] = set()
        self.shown: dict[str, str] = {}
        self.docname = ""
        self._notation: Notation | None = None
        self._replayed = 0

    def visit(self, docname: str, item: Where | Formula) -> Place:
        """Look an item up; check it now if the places after it depend on it, else later."""
        if docname != self.docname:
            self.docname, self.chain = docname, digest(self.chain, "page", docname)
        key = self._key(item)
        record = self.cache.get(key)
        place = Place(docname, item, key, record, cached=record is not None)
        awaited = _shapes_notation(item) or self._is_cited(item)
        if record is None:
            place.outcome = self.citations.problem(item, self.shown, self.seen)
        if place.outcome is None:
            place.notation = self._notation_for(item)
            if awaited:
                self.settle(place, attempt(item, place.notation))
        if awaited and isinstance(place.outcome, dict):
            self._take_in(item, key, place.outcome)
        self.seen.add(item.name)
        return place

    def _take_in(self, item: Where | Formula, key: str, record: Record) -> None:
        """Note what the places after an item depend on."""
        self.events.append(Event(self.docname, item, record))
        if _shapes_notation(item):
            self.chain = key
        if self._is_cited(item):
            self.shown[item.name] = key

    def settle(self, place: Place, outcome: Record | Problem) -> None:
        """Note the outcome of a check; what was refused is checked again next time."""
        place.outcome, place.notation = outcome, None
        if isinstance(outcome, dict):
            self.cache.put(place.key, outcome)

    def notation(self) -> Notation:
        """Return the notation at this point."""
        if self._notation is None:
            self._notation = notation_of([])
        for event in self.events[self._replayed :]:
            _replay(event, self._notation)
        self._replayed = len(self.events)
        return self._notation

    def _is_cited(self, item: Where | Formula) -> bool:
        return type(item) is Formula and item.label in self.citations.cited

    def _notation_for(self, item: Where | Formula) -> Notation:
        """Return the notation at this point, with those facts alone that an item cites."""
        notation = self.notation().copy()
        notation.open_page(self.docname)
        cited = citations(item.latex) if isinstance(item, Formula) else ()
        notation.facts = {label: notation.facts[label] for label in cited}
        return notation

    def _key(self, item: Where | Formula) -> str:
        if isinstance(item, Where):
            return digest(self.chain, "where", item.text)
        options = repr(sorted(item.options.items())) if isinstance(item, RefutedBlock) else ""
        cited = [self.shown.get(label, "") for label in citations(item.latex)]
        return digest(self.chain, type(item).__name__, item.name, item.latex, options, *cited)


def _shapes_notation(item: Where | Formula) -> bool:
    return isinstance(item, Where) or (type(item) is Formula and ":=" in item.latex)


def outcomes(places: list[Place]) -> Iterator[Record | Problem]:
    """Check places that do not depend on each other, in several processes if it takes long."""
    left = deque(places)
    yield from here(left, PATIENCE)
    if len(left) > 1:
        yield from elsewhere(left)
    yield from here(left, math.inf)


def here(left: deque[Place], seconds: float) -> Iterator[Record | Problem]:
    """Check places in this process and take them away, for some seconds at most."""
    start = time.monotonic()
    while left and time.monotonic() - start < seconds:
        yield _attempt_at(left.popleft())


def elsewhere(left: deque[Place]) -> Iterator[Record | Problem]:
    """Check places in other processes and take them away, as far as such processes are to be had.

    They are spawned, so that they share no threads or locks with this one. Where there is no place
    for shared locks, as without a writable ``/dev/shm``, there are none.
    """
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, len(left))
    try:
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            for outcome in pool.map(_attempt_at, list(left)):
                left.popleft()
                yield outcome
    except (BrokenProcessPool, ImportError, OSError) as error:
        logger.warning("checkedmath: no help from other processes, it takes longer: %s", error)


def _attempt_at(place: Place) -> Record | Problem:
    assert place.notation is not None, "it has its outcome already"
    return attempt(place.item, place.notation)


def attempt(item: Where | Formula, notation: Notation) -> Record | Problem:
    """Check an item -> its record, or the problem that it is."""
    line, remedy = item.line, REWRITE
    formula = item.text if isinstance(item, Where) else item.latex
    try:
        return _check(item, notation)
    except WrongStep as error:
        given = f" ({error.reason})" if error.reason else ""
        reason, remedy = f"step {error.step}{given}: {error.finding}", MEND
    except _NotRefutedError:
        reason = "it is true: no step of it is refuted"
        remedy = "show a formula that is wrong, or take the block away"
    except _DeclarationError as error:
        line, reason = line + error.offset, str(error)
        formula, remedy = error.text, DECLARE
    except CheckError as error:
        reason = str(error).removeprefix(f"{item.name}: ")
        remedy = getattr(error, "remedy", "") or REWRITE
    except Exception as error:  # a fault of the checker must name the formula it fell over
        reason = f"the checker failed: {type(error).__name__}: {error}"
        remedy = "report this formula as a fault of checkedmath"
    return Problem(line, reason, remedy, item.name, formula)


class _NotRefutedError(CheckError):
    """A formula shown as wrong that is true."""


class _DeclarationError(CheckError):
    """A line of a {where} block that cannot be read; `offset` counts the lines before it."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        super().__init__(message)
        self.text, self.offset = text, offset


def _check(item: Where | Formula, notation: Notation) -> Record:
    from checkedmath.derivation import Derivation

    if isinstance(item, Where):
        return _declare(item, notation)
    if isinstance(item, RefutedBlock):
        return _refute(item, notation)
    return Derivation(item.latex, notation, item.name).record()


def _declare(item: Where, notation: Notation) -> Record:
    """Take in a {where} block line by line -> the rows that the reader of the page sees."""
    from checkedmath.notation import read_declarations

    declared = []
    for offset, line in enumerate(item.text.splitlines()):
        try:
            for declaration in read_declarations(line):
                notation.take_in(declaration)
                declared.append(declaration.row)
        except FormulaError as error:
            raise _DeclarationError(str(error), line, offset) from None
    return {"declarations": declared}


def _refute(item: RefutedBlock, notation: Notation) -> Record:
    """Refute a formula -> the counter-example, or the rule that it breaks, and what is shown."""
    from checkedmath.derivation import Derivation
    from checkedmath.reading.display import rows
    from checkedmath.reading.setting import shown

    try:
        Derivation(item.latex, notation, item.name)
    except WrongStep as error:
        found = {name: getattr(error, name) for name in FINDINGS}
        return {**found, "shown": shown(rows(item.latex))}
    except FormulaError as error:
        if item.options.get("because") != "unreadable" or foreign_command(item.latex):
            raise
        message = str(error).removeprefix(f"{item.name}: ")
        return {"step": 0, "message": message, "shown": item.latex}
    raise _NotRefutedError
