"""Check a whole book: the pages of its table of contents, in reading order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from checkedmath.cache import Cache, Record, digest
from checkedmath.checker import Checker, Event, NotRefuted, notation_of
from checkedmath.errors import CheckError, WrongStep
from checkedmath.page import Formula, Page, Problem, Refuted, Where, read_page

if TYPE_CHECKING:
    from checkedmath.notation import Notation

#: Called before each check with the number done, the number in all, and what comes next.
Progress = Callable[[int, int, str], None]

#: The files that hold a page; only Markdown is read here.
SUFFIXES = (".md", ".ipynb", ".rst")

MEND = (
    r"correct the step, or state what it assumes: a side condition, \quad (i \ne j), "
    "or the domain of a letter in a {where} block"
)
REWRITE = "write it in the dialect of checked formulas; `python -m checkedmath explain` reads it"


class BookError(CheckError):
    """A book that cannot be read at all."""


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
    _displayed: set[tuple[str, str, str]] = field(default_factory=set)

    def report(self) -> list[str]:
        """Say each problem with its file, line and remedy, in reading order."""
        pages = list(dict.fromkeys(path_of(self.root, name) for name in self.docnames))
        ordered = sorted(self.problems, key=lambda each: (pages.index(each[0]), each[1].line))
        return [problem.at(path) for path, problem in ordered]

    def displays(self, docname: str, label: str, latex: str) -> bool:
        """Tell whether a checked formula stands on a page."""
        if not self._displayed:
            self._displayed = {
                (entry.docname, entry.item.label, squeeze(entry.item.latex))
                for entry in self.formulas
            }
        return (docname, label, squeeze(latex)) in self._displayed

    def notation_after(self, docname: str) -> Notation:
        """Return what the letters mean at the end of a page."""
        return notation_of(self.events[docname])

    def state(self, docname: str, aspect: str) -> str:
        """Return a fingerprint of what a page may show of the book.

        The aspect is "ledger" for all formulas, "refuted" for the wrong formulas of the page,
        or "notation" for what letters mean on it. Times are no part of it.
        """
        if aspect == "ledger":
            return _fingerprint(self.formulas + self.refuted)
        if aspect == "refuted":
            return _fingerprint([entry for entry in self.refuted if entry.docname == docname])
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
        Told before each check how far it is.

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
        _Reading(book, Checker(cache), progress).run()
    finally:
        cache.save()
    book.seconds = time.perf_counter() - start
    return book


class Announcer:
    """Says how far a check is, once it has taken a second, and then every second."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.last = time.monotonic()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Take note that so many checks are done, and what comes next."""
        if time.monotonic() - self.last >= 1:
            self.last = time.monotonic()
            self.say(f"checkedmath: {done} of {total} checked, next {name}")


def find_root(folder: Path) -> Path:
    """Return the nearest folder, from here upward, that holds a `_toc.yml`."""
    for candidate in [folder.resolve(), *folder.resolve().parents]:
        if (candidate / "_toc.yml").is_file():
            return candidate
    raise BookError(f"{folder} holds no book: there is no _toc.yml in it or above it")


def table_of_contents(root: Path, toc: Path) -> list[str]:
    """Return the names of the pages, without suffix, in reading order."""
    try:
        contents = yaml.safe_load(toc.read_text(encoding="utf-8"))
    except OSError as error:
        raise BookError(f"{toc}: cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise BookError(f"{toc}: is no YAML: {error}") from None
    return list(dict.fromkeys(_names(contents, root)))


def _names(part: object, root: Path) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _names(each, root)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("root", "file"):
                yield _without_suffix(str(value))
            elif key == "glob":
                yield from sorted(_matches(str(value), root))
            else:
                yield from _names(value, root)


def _matches(pattern: str, root: Path) -> set[str]:
    found = [path for suffix in SUFFIXES for path in root.glob(pattern + suffix)]
    return {path.relative_to(root).with_suffix("").as_posix() for path in found}


def _without_suffix(name: str) -> str:
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def path_of(root: Path, docname: str) -> str:
    """Return the file of a page, counted from the root of the book."""
    for suffix in SUFFIXES:
        if (root / f"{docname}{suffix}").is_file():
            return docname + suffix
    return f"{docname}.md"


class _Reading:
    """One reading of a book, from its first page to its last."""

    def __init__(self, book: Book, checker: Checker, progress: Progress | None) -> None:
        self.book = book
        self.checker = checker
        self.progress = progress or (lambda done, total, name: None)
        self.labels: dict[str, str] = {}
        self.done = self.total = 0

    def run(self) -> None:
        self.pages = {docname: self.read(docname) for docname in self.book.docnames}
        self.total = sum(len(page.items) for page in self.pages.values())
        for docname, page in self.pages.items():
            self.path = path_of(self.book.root, docname)
            self.book.problems += [(self.path, problem) for problem in page.problems]
            for item in page.items:
                self.check(docname, item)
            self.book.events[docname] = list(self.checker.events)
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

    def check(self, docname: str, item: Formula | Where) -> None:
        """Check one item and note what comes of it: an entry or a problem."""
        cached = self.checker.knows(item)
        if not cached:
            self.progress(self.done, self.total, item.name)
        self.done += 1
        self.note_label(item)
        try:
            self.enter(docname, item, cached)
        except NotRefuted:
            remedy = "show a formula that is wrong, or take the block away"
            self.problem(item, "it is true: no step of it is refuted", remedy)
        except WrongStep as error:
            self.problem(item, _told(error), MEND)
        except CheckError as error:
            line = getattr(error, "line", item.line)
            self.problem(item, str(error).removeprefix(f"{item.name}: "), REWRITE, line)
        except Exception as error:  # a fault of the checker must name the formula it fell over
            reason = f"the checker failed: {type(error).__name__}: {error}"
            self.problem(item, reason, "report this formula as a fault of checkedmath")

    def enter(self, docname: str, item: Formula | Where, cached: bool) -> None:
        if isinstance(item, Where):
            record = self.checker.where(item)
            self.book.declared[docname, squeeze(item.text)] = record["declarations"]
        elif isinstance(item, Refuted):
            record = self.checker.refuted(item)
            self.book.refuted.append(Entry(docname, item, record, cached))
        else:
            record = self.checker.formula(item)
            self.book.formulas.append(Entry(docname, item, record, cached))

    def note_label(self, item: Formula | Where) -> None:
        if isinstance(item, Where) or not item.label:
            return
        if item.label in self.labels:
            place = self.labels[item.label]
            self.problem(item, f"the label is already used in {place}", "give it another label")
        self.labels.setdefault(item.label, f"{self.path}:{item.line}")

    def problem(
        self, item: Formula | Where, reason: str, remedy: str, line: int | None = None
    ) -> None:
        found = Problem(line or item.line, reason, remedy, item.name)
        self.book.problems.append((self.path, found))

    def look_up_right_formulas(self) -> None:
        items = [item for page in self.pages.values() for item in page.items]
        labels = {item.name for item in items if type(item) is Formula}
        for docname, page in self.pages.items():
            self.path = path_of(self.book.root, docname)
            for item in page.items:
                right = item.options.get("right") if isinstance(item, Refuted) else None
                if right and right not in labels:
                    reason = f"its right formula, {right}, is not in the book"
                    self.problem(item, reason, "give :right: the label of a checked formula")


def _fingerprint(entries: list[Entry]) -> str:
    """Return a fingerprint of some formulas and of how they were checked, times apart."""
    rows = []
    for entry in entries:
        record = {key: value for key, value in entry.record.items() if key != "seconds"}
        steps = [{**step, "seconds": 0} for step in record.get("steps", [])]
        rows.append([entry.docname, entry.item.name, {**record, "steps": steps}])
    return digest(repr(rows))


def _told(error: WrongStep) -> str:
    reason = f" ({error.reason})" if error.reason else ""
    return f"step {error.step}{reason}: {error.finding}"


def squeeze(text: str) -> str:
    """Return a text with its white space evened out, by which two readers of a page agree."""
    return " ".join(text.split())
