"""A small book whose pages can run: what a build adds for it, and when it refuses."""

import json
import re

import pytest

pytestmark = pytest.mark.build

MADE = {"about": "Python 3", "megabytes": 67, "made_from": {"book/_static/unfold.js": "0" * 64}}


@pytest.fixture
def running_book(small_book):
    """Return a book that is set to run, before `make page-python`."""
    small_book.edit("_config.yml", '    python_in_the_page: ""', "    python_in_the_page: here")
    return small_book


def test_python_has_to_be_there(running_book):
    status, output = running_book.build()
    assert status
    assert "first run `make page-python`, there is no made.json" in output


def without_runner(page):
    """Return a page without the tags that let it run."""
    return re.sub(r"\s*<(?:link|script)\b[^>]*/_static/run/[^>]*>(?:</script>)?", "", page)


def test_pages_with_cells_get_the_runner_and_nothing_else_changes(running_book, first_build):
    files = running_book.root / "page-python" / "files"
    files.mkdir(parents=True)
    (files / "made.json").write_text(json.dumps(MADE | {"made_from": {}}), encoding="utf-8")
    (files / "some.whl.js").write_text("content", encoding="utf-8")
    status, output = running_book.build()
    assert status == 0, output
    page = running_book.page("first")
    for told in ('python="../../_static/python"', 'about="Python 3"', 'size="67"'):
        assert f"data-{told}" in page
    assert (running_book.html / "_static" / "python" / "some.whl.js").read_text() == "content"
    pages = [path.relative_to(first_build.pages) for path in first_build.pages.rglob("*.html")]
    run = {path.as_posix(): (running_book.html / path).read_text("utf-8") for path in pages}
    for path, text in run.items():
        assert without_runner(text) == (first_build.pages / path).read_text("utf-8"), path
    assert "book/chapters/first.html" in run
    assert "search.html" in {path for path, text in run.items() if without_runner(text) == text}


def test_python_of_other_packages_is_refused(running_book):
    files = running_book.root / "page-python" / "files"
    files.mkdir(parents=True)
    (files / "made.json").write_text(json.dumps(MADE), encoding="utf-8")
    status, output = running_book.build()
    assert status
    assert "made from another book/_static/unfold.js" in output
