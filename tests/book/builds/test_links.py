"""Every local link of the built book leads somewhere, and nothing is loaded from outside."""

import pytest

from tools import linkcheck

PAGE = "<html><body><h1 id='top'>A page</h1>{}</body></html>"
FAULTS = {
    "<a href='none.html'>x</a>": "leads to no file: none.html",
    "<a href='.'>x</a>": "leads to no file: .",
    "<img src='none.png'>": "leads to no file: none.png",
    "<img srcset='other.html 1x, none.png 2x'>": "leads to no file: none.png",
    "<a href='#nowhere'>x</a>": "leads to no place on its page: #nowhere",
    "<a href='other.html#nowhere'>x</a>": "leads to no place on its page: other.html#nowhere",
    "<p id='top'>x</p>": "id used more than once: top",
    "<img src='https://example.org/a.png'>": "loads from outside: https://example.org/a.png",
    "<script src='//example.org/a.js'></script>": "loads from outside: //example.org/a.js",
    "<link rel='stylesheet' href='http://example.org/a.css'>": (
        "loads from outside: http://example.org/a.css"
    ),
    "<style>@import 'https://example.org/a.css';</style>": (
        "loads from outside: https://example.org/a.css"
    ),
    "<p style='background: url(https://example.org/a.png)'>x</p>": (
        "loads from outside: https://example.org/a.png"
    ),
}
FINE = (
    "<a href='other.html'>x</a>",
    "<a href='other.html#top'>x</a>",
    "<a href='other.html?highlight=x#top'>x</a>",
    "<a href='#top'>x</a>",
    "<a href='https://example.org'>x</a>",
    "<a href='mailto:a@example.org'>x</a>",
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<p id='caf%C3%A9'>x</p><p id='café'><a href='#caf%C3%A9'>x</a></p>",
)


@pytest.fixture
def pages(tmp_path):
    """Return a function that writes two pages and says what is wrong with them."""

    def check(body):
        (tmp_path / "index.html").write_text(PAGE.format(body), encoding="utf-8")
        (tmp_path / "other.html").write_text(PAGE.format(""), encoding="utf-8")
        return linkcheck.problems(tmp_path)

    return check


@pytest.mark.build
def test_book_has_no_problem(book):
    assert linkcheck.problems(book) == []


class TestProblems:
    @pytest.mark.parametrize(("body", "said"), FAULTS.items())
    def test_are_found(self, pages, body, said):
        assert pages(body) == [f"index.html: {said}"]

    @pytest.mark.parametrize("body", FINE)
    def test_are_not_invented(self, pages, body):
        assert pages(body) == []

    def test_of_style_sheets_are_found(self, pages, tmp_path):
        (tmp_path / "a.css").write_text("p { background: url('//example.org/a.png') }")
        assert pages("") == ["a.css: loads from outside: //example.org/a.png"]
