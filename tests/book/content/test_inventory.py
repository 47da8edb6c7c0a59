"""Every promised number is found in the built page, in what an executed cell has put there."""

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup

from tests.book.content.inventory import ERRATA, ROWS

# {eval} in the prose, what is printed below a cell, and what the checker found by itself.
EXECUTED = ".output, .cell_output, .checkedmath-refuted"


@cache
def soup_of(path):
    """Return a built page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def section(soup, anchor):
    """Return the section that an anchor names."""
    (place,) = soup.find_all(id=anchor)
    return place if place.name == "section" else place.find_parent("section")


def executed(part):
    """Return all that cells have written in a part of a page."""
    return "\n".join(element.get_text() for element in part.select(EXECUTED))


def holds(text, number):
    """Tell whether a number stands in a text by itself, not as a part of a longer one."""
    return re.search(rf"(?<![\w.,-]){re.escape(number)}(?![\w]|[.,]\d)", text) is not None


@pytest.mark.build
@pytest.mark.parametrize(("topic", "page", "anchor", "numbers"), ROWS, ids=[row[0] for row in ROWS])
def test_topic_is_shown_with_its_numbers(book, topic, page, anchor, numbers):
    shown = executed(section(soup_of(book / f"{page}.html"), anchor))
    assert numbers, "a topic without a number"
    assert [number for number in numbers.split() if not holds(shown, number)] == []


@pytest.mark.build
@pytest.mark.parametrize(("number", "name"), list(enumerate(ERRATA, start=1)))
def test_erratum_has_its_entry(book, number, name):
    entry = section(soup_of(book / "book" / "appendix" / "errata.html"), f"err-{name}")
    assert entry.find(["h2", "h3"]).get_text().startswith(f"{number}. ")
    assert entry.find("blockquote"), "the claim is quoted"


class TestHolds:
    @pytest.mark.parametrize("text", ["0.25", "[0.25, 1]", "(0.25)", "is 0.25.", "0.25\n"])
    def test_finds_a_number(self, text):
        assert holds(text, "0.25")

    @pytest.mark.parametrize("text", ["", "0.250", "10.25", "-0.25", "0.25e-3", "x0.25", "1,0.25"])
    def test_finds_no_other_number(self, text):
        assert not holds(text, "0.25")


class TestExecuted:
    PAGE = BeautifulSoup(
        """
        <section id="here"><p>typed 1.5, evaluated <span class="output text_plain">2.5</span></p>
          <div class="cell"><div class="cell_input"><pre>3.5</pre></div>
            <div class="cell_output"><pre>4.5</pre></div></div></section>
        <section><span id="there"></span><p><span class="output text_plain">5.5</span></p></section>
        """,
        "html.parser",
    )

    def test_is_what_cells_have_written(self):
        shown = executed(section(self.PAGE, "here"))
        assert [n for n in ("1.5", "2.5", "3.5", "4.5", "5.5") if holds(shown, n)] == ["2.5", "4.5"]

    def test_of_an_entry_is_that_of_its_section(self):
        assert holds(executed(section(self.PAGE, "there")), "5.5")
