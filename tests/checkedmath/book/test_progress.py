"""Progress is told once a second."""

from checkedmath.book.checked import check_book
from checkedmath.book.progress import Announcer

from tests.checkedmath.book.small_books import BOOK, write_book


def test_progress_counts_what_is_checked(tmp_path):
    told = []
    check_book(write_book(tmp_path, **BOOK), progress=lambda *args: told.append(args))
    assert told == [(1, 3, "eq:x"), (2, 3, "eq:two"), (3, 3, "wrong:s")]


def test_the_announcer_speaks_once_a_second(monkeypatch):
    now = 0.0
    monkeypatch.setattr("checkedmath.book.progress.time.monotonic", lambda: now)
    said = []
    announce = Announcer(said.append)
    for done, now in enumerate((0.2, 0.9, 1.1, 1.5, 2.2), 1):  # noqa: B007
        announce(done, 5, f"eq:{done}")
    assert said == [
        "checkedmath: 3 of 5 checked, last eq:3",
        "checkedmath: 5 of 5 checked, last eq:5",
    ]
