"""A build runs what has changed, and nothing else."""

import os

import pytest
import zmq

from tools.builds import executed

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("a small book")]

FIRST, SECOND = "book/chapters/first", "book/chapters/second"


@pytest.fixture
def small(first_build):
    """A small book that is up to date; every test leaves it so."""
    return first_build.book


def rebuild(book):
    """Build again and return what was executed."""
    status, output = book.build()
    assert status == 0, output
    return executed(output)


def test_a_first_build_executes_all(first_build):
    assert executed(first_build.output) == {FIRST, SECOND}


def test_nothing_edited_executes_nothing(small):
    before = small.page("first")
    assert rebuild(small) == set()
    assert small.page("first") == before


def test_an_edited_chapter_alone_is_executed(small):
    small.edit("book/chapters/second.md", "twice = 2 * factor()", "twice = 200 * factor()")
    assert rebuild(small) == {SECOND}
    assert "500.0" in small.page("second")


def test_an_edited_function_executes_the_chapters(small):
    assert "2.500" in small.page("first")
    small.edit("code/tiny.py", "return 2.5", "return 7.5")
    assert rebuild(small) == {FIRST, SECOND}
    assert "7.500" in small.page("first")
    assert "2.500" not in small.page("first")


def test_a_module_that_no_page_imports_executes_nothing(small):
    (small.root / "code" / "unused.py").write_text("# nobody asks for it\n", encoding="utf-8")
    assert rebuild(small) == set()


def test_a_text_of_an_old_date_is_seen(small):
    page = small.root / "book" / "chapters" / "second.md"
    small.edit("book/chapters/second.md", "Twice that", "Two times that")
    os.utime(page, (0, 0))
    assert rebuild(small) == {SECOND}
    assert "Two times that" in small.page("second")


def test_an_edited_extension_builds_the_book_anew(small):
    small.edit("book/_ext/course/where.py", "def line_of", "# one more comment\ndef line_of")
    assert rebuild(small) == {FIRST, SECOND}
    assert rebuild(small) == set()


@pytest.mark.skipif(not zmq.IPC_PATH_MAX_LEN, reason="this machine has no such files")
def test_kernels_take_no_port(small_book):
    """Two that start at once cannot find each other's port taken."""
    page = "book/chapters/second.md"
    small_book.edit(page, "from tiny import factor", "from ipykernel import get_connection_info")
    small_book.edit(page, "2 * factor()", "get_connection_info(unpack=True)['transport']")
    status, output = small_book.build()
    assert status == 0, output
    assert ">ipc</span>" in small_book.page("second")
