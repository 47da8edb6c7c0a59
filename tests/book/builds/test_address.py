"""A book that names the address at which it is published, and one that does not."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from pybtex.database import parse_string

from tools import builds

pytestmark = pytest.mark.build

ADDRESS = "https://example.org/a/book/"
FIRST = "book/chapters/first.html"
TOLD = re.compile(
    r'\s*<(?:meta [^>]*property="og:[^>]*|link [^>]*rel="canonical"[^>]*)>'
    r"|(?<=Version 0\.1\.0\.) <a [^>]*>[^<]*</a>"
)


@pytest.fixture(scope="module")
def published(make_small_book):
    """Return a small book with an address, built once."""
    book = make_small_book("published")
    book.edit("_config.yml", '  baseurl: ""', f"  baseurl: {ADDRESS}")
    book.edit(
        "book/index.md", "It has two", "(cite-this)=\n## Cite\n\n```{cite-this}\n```\n\nIt has two"
    )
    status, output = book.build()
    assert status == 0, output
    return book


def head(pages, path):
    """Return what the head of a page tells: its meta elements and its links, by name."""
    soup = BeautifulSoup((pages / path).read_text("utf-8"), "html.parser")
    metas = {m.get("name") or m.get("property"): m["content"] for m in soup.select("meta[content]")}
    links = {rel: link["href"] for link in soup.select("link[rel]") for rel in link["rel"]}
    return metas, links


def only_with_an_address(pages):
    """Return the files that a book has only if it has an address."""
    return [name for name in ("404.html", "_static/card.png") if (pages / name).exists()]


class TestWithout:
    def test_no_page_names_an_address(self, first_build):
        for path in (first_build.pages / "book").rglob("*.html"):
            page = path.read_text("utf-8")
            assert "og:" not in page
            assert "canonical" not in page

    def test_nothing_more_is_written(self, first_build):
        assert only_with_an_address(first_build.pages) == []

    def test_a_page_is_described_by_its_first_paragraph(self, first_build):
        metas, links = head(first_build.pages, FIRST)
        assert metas["description"] == "Softmax has no natural zero [Shannon, 1948]:"
        assert links["icon"] == "../../_static/favicon.svg"

    def test_the_licences_are_at_the_foot_of_every_page(self, first_build):
        for path in (first_build.pages / "book").rglob("*.html"):
            page = path.read_text("utf-8")
            assert 'rel="license">CC BY 4.0</a>. Code: BSD-3-Clause.' in page, path


class TestWith:
    def test_a_page_says_how_to_be_shown(self, published):
        metas, links = head(published.html, FIRST)
        assert links["canonical"] == metas["og:url"] == ADDRESS + FIRST
        assert metas["og:title"] == "First"
        assert metas["og:description"] == metas["description"]
        picture = urlsplit(metas["og:image"]).path.removeprefix("/a/book/")
        assert (published.html / picture).read_bytes().startswith(b"\x89PNG")

    def test_nothing_else_on_a_page_changes(self, published, first_build):
        ours, plain = (p / FIRST for p in (published.html, first_build.pages))
        footer = ' <a href="../index.html#cite-this">Cite this book</a>'
        told = TOLD.sub("", ours.read_text("utf-8")).replace(footer, "")
        assert only_with_an_address(published.html) != []
        assert told == plain.read_text("utf-8")

    def test_a_lost_reader_finds_the_way_from_any_depth(self, published):
        soup = BeautifulSoup((published.html / "404.html").read_text("utf-8"), "html.parser")
        lost = ADDRESS + "some/where/deep.html"
        addresses = {one["href"] for one in soup.select("[href]")}
        addresses |= {one["src"] for one in soup.select("[src]")}
        leading = {urljoin(lost, a) for a in addresses if not a.startswith("#")}
        ours = {a.removeprefix(ADDRESS).partition("?")[0] for a in leading if ADDRESS in a}
        assert {"book/index.html", FIRST, "search.html", "_static/course.css"} <= ours
        assert [a for a in ours if not (published.html / a.partition("#")[0]).is_file()] == []
        outside = leading - {a for a in leading if a.startswith(ADDRESS)}
        assert outside == {"https://creativecommons.org/licenses/by/4.0/"}

    def test_the_citation_is_that_of_the_file(self, published):
        cited = yaml.safe_load((builds.ROOT / "CITATION.cff").read_text("utf-8"))
        page = (published.html / "book" / "index.html").read_text("utf-8")
        soup = BeautifulSoup(page, "html.parser")
        block = unescape(soup.select_one("section[id^=cite] pre").get_text())
        (entry,) = parse_string(block, "bibtex").entries.values()
        assert entry.fields["title"].strip("{}") == cited["title"]
        assert entry.fields["year"] == str(cited["date-released"].year)
        assert entry.fields["url"] == ADDRESS
        assert [str(p).strip("{}") for p in entry.persons["author"]] == [
            one["name"] for one in cited["authors"]
        ]
        sentence = soup.select_one("section[id^=cite] > p").get_text()
        assert cited["title"] in sentence
        assert sentence.endswith(f"Version {cited['version']}. {ADDRESS}")

    def test_what_told_of_an_address_goes_with_it(self, published):
        published.edit("_config.yml", f"  baseurl: {ADDRESS}", '  baseurl: ""')
        status, output = published.build()
        assert status == 0, output
        assert only_with_an_address(published.html) == []
