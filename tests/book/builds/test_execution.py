"""A build runs what has changed, and nothing else."""

import os
import sys

import psutil
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


LEAVES_SOMETHING = """
import os
from pathlib import Path

import numpy as np

parent = Path(f"/proc/{os.getppid()}/cmdline").read_text()
twice = ("forked" if "forkserver.py" in parent else "started") + " with "
twice += getattr(np, "left_behind", "nothing")
np.left_behind = "something"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
def test_kernels_share_their_imports_and_nothing_else(small_book):
    for name, old in (("first", "number = factor()"), ("second", "twice = 2 * factor()")):
        small_book.edit(f"book/chapters/{name}.md", old, old + LEAVES_SOMETHING)
    small_book.edit("book/chapters/first.md", 'f"{number:.3f}"', "twice")
    status, output = small_book.build()
    assert status == 0, output
    assert "forked with nothing" in small_book.page("first")
    assert "forked with nothing" in small_book.page("second")
    assert processes("forkserver.py", str(small_book.root)) == []


def processes(*words):
    """Return the commands of the processes that contain these words."""
    found = psutil.process_iter(["cmdline"])
    commands = [" ".join(process.info["cmdline"] or []) for process in found]
    return [command for command in commands if all(word in command for word in words)]
