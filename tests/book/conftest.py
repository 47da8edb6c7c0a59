"""What the tests of the book share: the built book, a small book to break, and a browser."""

import fcntl
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tools import builds, pairs

ROOT = Path(__file__).resolve().parents[2]
SMALL = Path(__file__).parent / "builds" / "small"
SETTINGS = (
    *("_config.yml", "Makefile", "CITATION.cff"),
    *("book/_ext", "book/_static", "book/references.bib", "tools"),
)


@pytest.fixture(scope="session")
def of_this_run(tmp_path_factory, worker_id):
    """Return a folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def book(of_this_run):
    """Build the book, unless it is up to date; return the folder of its pages."""
    told = of_this_run / "book.json"
    with (of_this_run / "book.lock").open("w") as lock:  # the first process builds, for all
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(builds.build()), encoding="utf-8")
        status, output = json.loads(told.read_text(encoding="utf-8"))
    if status:  # said once for each test, so only what matters of it
        complaints = re.findall(r"^.*(?:WARNING|ERROR|\.(?:md|ipynb):\d+): .*$", output, re.M)
        pytest.fail("\n".join(["the book does not build", *complaints]), pytrace=False)
    return ROOT / "_build" / "html"


class SmallBook:
    """A book of two chapters with the settings, extensions and commands of the large one."""

    def __init__(self, root):
        self.root = root
        shutil.copytree(SMALL, root, ignore=builds.BUILT)
        builds.copy_sources(root, SETTINGS)
        pairs.write(root)

    @property
    def html(self):
        """The folder of the built pages."""
        return self.root / "_build" / "html"

    def page(self, name):
        """Return the mark-up of a built chapter."""
        return (self.html / "book" / "chapters" / f"{name}.html").read_text(encoding="utf-8")

    def line(self, path, text):
        """Return the number of the only line of a file that contains a text."""
        lines = (self.root / path).read_text(encoding="utf-8").splitlines()
        (number,) = [n for n, line in enumerate(lines, 1) if text in line]
        return number

    def edit(self, path, old, new):
        """Replace a text that occurs once in a file; return the line on which it stood."""
        number, file = self.line(path, old.split("\n")[0]), self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")
        return number

    def build(self):
        """Build with notebooks that agree; return the exit status and all that was printed."""
        pairs.write(self.root)
        return builds.build(self.root)


@pytest.fixture(scope="session")
def make_small_book(tmp_path_factory):
    """Return a function that makes a small book; it is not yet built."""
    return lambda name: SmallBook(tmp_path_factory.mktemp(name) / "small")


class FirstBuild(NamedTuple):
    """A small book after its first build; a test that edits it builds it again."""

    book: SmallBook
    output: str
    pages: Path  # a copy of what that build has written


@pytest.fixture(scope="session")
def first_build(make_small_book):
    """Return a small book that was built once for several tests."""
    book = make_small_book("one")
    status, output = book.build()
    assert status == 0, output
    return FirstBuild(book, output, shutil.copytree(book.html, book.root.with_name("pages")))


@pytest.fixture
def small_book(make_small_book):
    """Return a small book of the test's own."""
    return make_small_book("own")
