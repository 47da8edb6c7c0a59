"""What a build knows of the checked book, and of the pages that show some of it."""

from __future__ import annotations

from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from checkedmath.book.cache import Record
from checkedmath.book.checked import Book, Entry
from checkedmath.steps import Step


class CheckedMathDomain(Domain):
    """Keeps what pages show of the checked book, and what is refused on them.

    The book itself is no part of the data, which Sphinx keeps from build to build: it is checked
    anew at the start of each, out of a cache of its own.
    """

    name = "checkedmath"
    label = "checked formulas"
    data_version = 2
    initial_data = {"shown": {}, "refused": {}, "ledgers": {}}  # noqa: RUF012 - Sphinx copies it
    _book: Book | None = None

    @property
    def book(self) -> Book:
        """The book as it was checked at the start of the build."""
        if self._book is None:
            raise ExtensionError("the book is checked at `builder-inited`: ask for it later")
        return self._book

    @book.setter
    def book(self, book: Book) -> None:
        self._book = book

    @property
    def shown(self) -> dict[str, dict[str, str]]:
        """For each page the aspects of the book that it shows, as they were then."""
        return cast("dict[str, dict[str, str]]", self.data["shown"])

    @property
    def refused(self) -> dict[str, list[str]]:
        """For each page what may not stand on it, as it is told."""
        return cast("dict[str, list[str]]", self.data["refused"])

    @property
    def ledger(self) -> str:
        """The page that shows the ledger, the first by its name, or an empty text."""
        return min(self.data["ledgers"], default="")

    def note_ledger(self, docname: str) -> None:
        """Note that a page shows the ledger; others may show as much of the book in other ways."""
        self.data["ledgers"][docname] = True

    def note_shown(self, docname: str, aspect: str) -> None:
        """Note that a page shows an aspect of the book, as it is now."""
        self.shown.setdefault(docname, {})[aspect] = self.book.state(docname, aspect)

    def outdated(self) -> list[str]:
        """Return the pages that show something of the book that is no longer so."""
        return [
            docname
            for docname, shown in self.shown.items()
            if any(self.book.state(docname, aspect) != old for aspect, old in shown.items())
        ]

    def clear_doc(self, docname: str) -> None:
        """Drop what was noted of a page that is read again or gone."""
        for table in self.initial_data:
            self.data[table].pop(docname, None)

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process noted of the pages it read."""
        for table in self.initial_data:
            theirs = otherdata[table]
            self.data[table] |= {name: theirs[name] for name in docnames if name in theirs}

    def resolve_any_xref(self, *_: object) -> list[tuple[str, Any]]:
        """Find nothing: formulas are referred to by Sphinx's own `eq`."""
        return []


def domain_of(env: BuildEnvironment) -> CheckedMathDomain:
    """Return the domain of an environment."""
    return cast(CheckedMathDomain, env.get_domain(CheckedMathDomain.name))


def checked_formulas(app: Sphinx) -> list[Entry]:
    """Return all checked formulas of the book, in reading order, for other extensions.

    Parameters
    ----------
    app : Sphinx
        The application, after its event ``builder-inited``.

    Returns
    -------
    list of Entry
        Each with `docname`, its page; `item`, with `label` and `latex`; and `record`, as
        `record_of` returns it.
    """
    return domain_of(app.env).book.formulas


def record_of(app: Sphinx, label: str) -> Record:
    """Return the record of a checked formula, for other extensions.

    Parameters
    ----------
    app : Sphinx
        The application, after its event ``builder-inited``.
    label : str
        The label of the formula on its page.

    Returns
    -------
    dict
        With `label`, `latex` and `steps`; each step has `relation`, `reason`, `condition`,
        `left`, `right` and `method`.

    Raises
    ------
    KeyError
        If no checked formula has this label.
    """
    for entry in checked_formulas(app):
        if entry.item.label == label:
            return entry.record
    raise KeyError(f"no checked formula has the label {label!r}")


def note_shown(env: BuildEnvironment, docname: str, aspect: str) -> None:
    """Note that a page shows an aspect of the book, so that it is read again when that changes.

    Parameters
    ----------
    env : BuildEnvironment
        The environment that reads the page.
    docname : str
        The page.
    aspect : str
        "ledger" for all formulas and how they were checked, "formulas" for those of the page,
        "refuted" for its wrong formulas, "notation" for what letters mean on it.
    """
    domain_of(env).note_shown(docname, aspect)


def verdict_of(step: dict[str, Any]) -> str:
    """Return what a reader is told of a step, for other extensions.

    Parameters
    ----------
    step : dict
        One of the `steps` of a record.

    Returns
    -------
    str
        "definition", "proved for every size", "proved at K = 2, 3", "computed" or "searched".
    """
    return Step(**step).verdict
