"""What takes long is checked by several processes, and the notation is replayed."""

from concurrent.futures.process import BrokenProcessPool

import pytest
from checkedmath.book.checked import check_book
from checkedmath.book.schedule import notation_of

from tests.checkedmath.book.small_books import BOOK, LETTERS, write_book


class TestSlowFormulas:
    """What takes long is checked by several processes."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch):
        monkeypatch.setattr("checkedmath.book.schedule.PATIENCE", 0.0)

    @pytest.fixture
    def folder(self, tmp_path):
        formulas = [f"$$ x + {n} = {n} + x $$ (eq:{n})\n" for n in range(12)]
        formulas[5] = "$$ x + 5 = 6 + x $$ (eq:5)\n"
        formulas[7] = "$$ x + 7 = q $$ (eq:7)\n"
        return write_book(tmp_path, one=LETTERS + "\n" + "\n".join(formulas))

    def test_the_order_is_kept_and_problems_come_back(self, folder):
        book = check_book(folder)
        expected = [f"eq:{n}" for n in range(12) if n not in (5, 7)]
        assert [entry.item.label for entry in book.formulas] == expected
        first, second = book.report()
        assert first.startswith("one.md:15: eq:5: step 1: the page says left = right, but at x")
        assert second.startswith("one.md:19: eq:7: 'q' has no meaning")

    @pytest.mark.parametrize("fault", ["broken", "no locks", "no semaphores"])
    def test_without_other_processes_it_takes_longer_and_no_more(
        self, folder, monkeypatch, caplog, fault
    ):
        with monkeypatch.context() as patient:
            patient.setattr("checkedmath.book.schedule.PATIENCE", float("inf"))
            expected = check_book(folder).report()
        assert not caplog.messages
        pool, reason = POOLS[fault]
        monkeypatch.setattr("checkedmath.book.schedule.ProcessPoolExecutor", pool)
        assert check_book(folder).report() == expected
        (message,) = caplog.messages
        assert message == f"checkedmath: no help from other processes, it takes longer: {reason}"


class BrokenPool:
    """A pool whose processes end after three checks."""

    def __init__(self, *args):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def map(self, function, places):
        yield from map(function, places[:3])
        raise BrokenProcessPool("a process ended")


def without_locks(*args):
    """Fail as a pool does where nothing can be written to /dev/shm."""
    raise PermissionError(13, "Permission denied")


def without_semaphores(*args):
    """Fail as a pool does on a platform that has no semaphores."""
    raise ImportError("no functioning sem_open")


POOLS = {
    "broken": (BrokenPool, "a process ended"),
    "no locks": (without_locks, "[Errno 13] Permission denied"),
    "no semaphores": (without_semaphores, "no functioning sem_open"),
}


def test_notation_is_restored_without_a_check(tmp_path):
    book = check_book(write_book(tmp_path, **BOOK))
    assert notation_of(book.events["two"]).definitions == book.notation_after("two").definitions
    assert set(book.notation_after("one").definitions) == {"s"}
