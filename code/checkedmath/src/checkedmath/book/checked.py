"""Check a whole book, in reading order, and keep what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checkedmath.book.cache import Cache, Record, digest
from checkedmath.book.citations import Citations
from checkedmath.book.contents import path_of, table_of_contents
from checkedmath.book.page import Formula, Page, Problem, RefutedBlock, Where, read_page
from checkedmath.book.progress import Progress
from checkedmath.book.schedule import Event, Place, Schedule, notation_of, outcomes

if TYPE_CHECKING:
    from checkedmath.notation import Notation


@dataclass(frozen=True)
class Entry:
    """A formula of the book and the record of its check; `cached` if it was checked earlier."""

    docname: str
    item: Formula
    record: Record
    cached: bool


@dataclass
class Book:
    """A book that was checked.

    Attributes
    ----------
    formulas, refuted : list of Entry
        The formulas that hold and those that the book shows as wrong, in reading order.
    declared : dict
        The rows of each {where} block, by page and text.
    problems : list of (path, Problem)
        What stops the build.
    unread : list of str
        Pages of the table of contents that are no Markdown.
    """

    root: Path
    docnames: list[str] = field(default_factory=list)
    formulas: list[Entry] = field(default_factory=list)
    refuted: list[Entry] = field(default_factory=list)
    declared: dict[tuple[str, str], list[list[str]]] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    seconds: float = 0.0
    _shown: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def report(self) -> list[str]:
        """Say each problem with its file, line and remedy, in reading order."""
        pages = {path_of(self.root, name): n for n, name in enumerate(self.docnames)}
        ordered = sorted(self.problems, key=lambda each: (pages[each[0]], each[1].line))
        return [problem.at(path) for path, problem in ordered]

    def shown_for(self, docname: str, label: str, latex: str) -> str:
        """Return what is shown in the place of a checked formula, or an empty text for others."""
        if not self._shown:
            self._shown = {
                (entry.docname, entry.item.label, squeeze(entry.item.latex)): entry.record["shown"]
                for entry in self.formulas
            }
        return self._shown.get((docname, label, squeeze(latex)), "")

    def notation_after(self, docname: str) -> Notation:
        """Return what the letters mean at the end of a page."""
        return notation_of(self.events[docname])

    def state(self, docname: str, aspect: str) -> str:
        """Return a fingerprint of what a page may show of the book.

        The aspect is "ledger" for all formulas, "formulas" for those of the page, "refuted" for
        its wrong formulas, or "notation" for what letters mean on it. Times are no part of it.
        """
        if aspect == "ledger":
            return _fingerprint(self.formulas + self.refuted)
        if aspect in ("formulas", "refuted"):
            entries = self.refuted if aspect == "refuted" else self.formulas
            return _fingerprint([entry for entry in entries if entry.docname == docname])
        return digest(repr([event.item for event in self.events.get(docname, [])]))

    def steps(self) -> list[Record]:
        """Return the steps of all formulas."""
        return [step for entry in self.formulas for step in entry.record["steps"]]


def check_book(
    root: Path,
    toc: Path | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Book:
    """Check every formula of a book, in the order of its table of contents.

    Parameters
    ----------
    root : Path
        The folder that the table of contents counts from.
    toc : Path, optional
        The table of contents; `_toc.yml` in `root` unless given.
    cache : Cache, optional
        Where the outcome of earlier checks is kept.
    progress : callable, optional
        Told after each check how far it is.

    Returns
    -------
    Book
        With its problems, all of them; it is sound if there are none.

    Raises
    ------
    BookError
        If there is no table of contents, or it cannot be read.
    """
    start = time.perf_counter()
    book = Book(root, table_of_contents(root, toc or root / "_toc.yml"))
    cache = cache or Cache(None)
    try:
        _Reading(book, cache, progress).run()
    finally:
        cache.save()
    book.seconds = time.perf_counter() - start
    return book


class _Reading:
    """One reading of a book, from its first page to its last."""

    def __init__(self, book: Book, cache: Cache, progress: Progress | None) -> None:
        self.book = book
        self.progress = progress or (lambda done, total, name: None)
        self.pages = {docname: self.read(docname) for docname in book.docnames}
        items = [item for page in self.pages.values() for item in page.items]
        self.schedule = Schedule(cache, Citations(items))
        self.labels: dict[str, str] = {}

    def run(self) -> None:
        places = list(self.visit())
        self.check([place for place in places if place.outcome is None])
        for place in places:
            self.note_label(place)
            self.enter(place)
        self.look_up_right_formulas()

    def read(self, docname: str) -> Page:
        path = self.book.root / path_of(self.book.root, docname)
        if path.suffix != ".md":
            self.book.unread.append(docname)
            return Page()
        try:
            return read_page(path.read_text(encoding="utf-8"))
        except OSError:
            remedy = "correct _toc.yml, or write the page"
            return Page(problems=[Problem(1, "no such page", remedy)])
        except UnicodeDecodeError:
            return Page(problems=[Problem(1, "not a text in UTF-8", "save the page as UTF-8")])

    def visit(self) -> Iterator[Place]:
        """Go through the book in order; what the notation depends on is checked on the way."""
        for docname, page in self.pages.items():
            for problem in page.problems:
                self.refuse(docname, problem)
            for item in page.items:
                yield self.schedule.visit(docname, item)
            self.book.events[docname] = list(self.schedule.events)

    def check(self, places: list[Place]) -> None:
        """Check the rest, of which nothing else depends."""
        for done, (place, outcome) in enumerate(zip(places, outcomes(places), strict=True), 1):
            self.schedule.settle(place, outcome)
            self.progress(done, len(places), place.item.name)

    def enter(self, place: Place) -> None:
        """Note what came of a place: an entry of the book or a problem."""
        item, outcome = place.item, place.outcome
        assert outcome is not None, "it is still to be checked"
        if isinstance(outcome, Problem):
            self.refuse(place.docname, outcome)
        elif isinstance(item, Where):
            self.book.declared[place.docname, squeeze(item.text)] = outcome["declarations"]
        else:
            entry = Entry(place.docname, item, outcome, place.cached)
            (self.book.refuted if isinstance(item, RefutedBlock) else self.book.formulas).append(
                entry
            )

    def refuse(self, docname: str, problem: Problem) -> None:
        self.book.problems.append((path_of(self.book.root, docname), problem))

    def note_label(self, place: Place) -> None:
        item = place.item
        if isinstance(item, Where) or not item.label:
            return
        if item.label in self.labels:
            reason = f"the label is already used in {self.labels[item.label]}"
            problem = Problem(item.line, reason, "give it another label", item.label, item.latex)
            self.refuse(place.docname, problem)
        where = f"{path_of(self.book.root, place.docname)}:{item.line}"
        self.labels.setdefault(item.label, where)

    def look_up_right_formulas(self) -> None:
        items = [(name, item) for name, page in self.pages.items() for item in page.items]
        labels = {item.name for _, item in items if type(item) is Formula}
        for docname, item in items:
            if not isinstance(item, RefutedBlock):
                continue
            right = item.options.get("right", "")
            if right and right not in labels:
                reason = f"its right formula, {right}, is not in the book"
                remedy = "give :right: the label of a checked formula"
                self.refuse(docname, Problem(item.line, reason, remedy, item.name, item.latex))


def _fingerprint(entries: list[Entry]) -> str:
    """Return a fingerprint of some formulas and of how they were checked, times apart."""
    rows = []
    for entry in entries:
        record = {key: value for key, value in entry.record.items() if key != "seconds"}
        steps = [{**step, "seconds": 0} for step in record.get("steps", [])]
        rows.append([entry.docname, entry.item.name, {**record, "steps": steps}])
    return digest(repr(rows))


def squeeze(text: str) -> str:
    """Return a text with its white space evened out, by which two readers of a page agree."""
    return " ".join(text.split())
