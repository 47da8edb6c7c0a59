"""What has been made of a small book beside its pages is offered on them, and only that."""

import pytest
from bs4 import BeautifulSoup

from tools import linkcheck

pytestmark = pytest.mark.build

BACK = '<html><a href="../html/book/chapters/first.html">The chapter</a></html>'


def offered(book):
    """Build a book; return what its front page offers: each link with its text, and the size."""
    status, output = book.build()
    assert status == 0, output
    assert linkcheck.problems(book.html) == []
    page = (book.html / "book" / "index.html").read_text(encoding="utf-8")
    items = BeautifulSoup(page, "html.parser").select(".offered li")
    return [(item.a["href"], item.get_text(strip=True)) for item in items]


def test_what_is_made_is_offered_until_it_is_gone(small_book):
    small_book.edit(
        "book/index.md", "It has two", "```{offered} pdf epub slides\n```\n\nIt has two"
    )
    assert offered(small_book) == []
    assert not (small_book.html / "downloads").exists()

    made = small_book.root / "_build"
    files = {
        made / "pdf" / "from-logits-to-loss.pdf": b"%" * 2_340_000,
        made / "pdf" / "book.html": b"a step on the way",
        made / "slides" / "index.html": b'<html><a href="first.html">First</a></html>',
        made / "slides" / "first.html": BACK.encode() + b" " * 100_000,
    }
    for path, content in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    pdf, slides = "../downloads/from-logits-to-loss.pdf", "../downloads/slides/index.html"
    assert offered(small_book) == [
        (pdf, "The book as a PDF, 2.3 MB"),
        (slides, "Slides of every chapter, 0.1 MB"),
    ]
    assert not (small_book.html / "downloads" / "book.html").exists()
    copy = (small_book.html / "downloads" / "slides" / "first.html").read_text("utf-8")
    assert copy.startswith(BACK.replace("../html/", "../../"))  # linkcheck has followed it

    (made / "pdf" / "from-logits-to-loss.pdf").unlink()
    assert [link for link, _ in offered(small_book)] == [slides]
    assert not (small_book.html / "book" / pdf).exists()


def test_what_nobody_makes_is_refused(small_book):
    small_book.edit("book/index.md", "It has two", "```{offered} scroll\n```\n\nIt has two")
    status, output = small_book.build()
    assert status
    assert "nobody makes this: scroll" in output
