"""The printed book has every formula, figure and link of the pages it is made from."""

import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from tools import pdf

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("a printed book")]


def words(text):
    """Return a text with single spaces, and the letters that a print joins taken apart."""
    for joined, apart in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("\u200b", "")):
        text = text.replace(joined, apart)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def articles(book):
    """Return the text part of every page, by path and in the order of the book."""
    front = pdf.read(book, pdf.FRONT)
    pages = [pdf.FRONT, *(page for _, members in pdf.contents(front) for page in members)]
    return {page: pdf.read(book, page).select_one("article.bd-article") for page in pages}


@pytest.fixture(scope="module")
def one_page(book):
    """Return all pages joined into one."""
    return BeautifulSoup(pdf.one_page(book, "html"), "html.parser")


class TestOnePage:
    def test_has_every_page_of_the_book(self, book, articles):
        written = {path.relative_to(book).as_posix() for path in (book / "book").rglob("*.html")}
        assert articles.keys() == written

    @pytest.mark.parametrize(
        "selector", ["div.math", "span.math", "svg", "figcaption", "table", "pre", ".widget"]
    )
    def test_has_all_of_a_kind_in_order(self, articles, one_page, selector):
        ours = [e.get_text() for article in articles.values() for e in article.select(selector)]
        assert [element.get_text() for element in one_page.select(selector)] == ours
        assert len(ours) > 5

    def test_has_no_id_twice(self, one_page):
        ids = Counter(element["id"] for element in one_page.find_all(id=True))
        assert [name for name, times in ids.items() if times > 1] == []

    def test_links_lead_to_a_place(self, one_page):
        ids = {element["id"] for element in one_page.find_all(id=True)}
        links = [link["href"] for link in one_page.select("a[href]")]
        inside = [link for link in links if not re.match(r"https?:", link)]
        assert [link for link in inside if not link.startswith("#") or link[1:] not in ids] == []
        assert len(inside) > 500

    def test_labels_lead_to_a_place(self, one_page):
        ids = {element["id"] for element in one_page.find_all(id=True)}
        for name in ("aria-labelledby", "aria-describedby"):
            labels = {element[name] for element in one_page.select(f"[{name}]")}
            assert labels <= ids
            assert len(labels) > 5
        others = "[aria-controls], [for], [headers]"
        assert one_page.select(others) == [], "these refer to ids as well: see rename_ids"

    def test_a_part_is_above_its_chapters(self, one_page):
        titles = [title.get_text() for title in one_page.select("h1")]
        assert titles[0].startswith("From Logits to Loss")
        assert titles[1:] == [title for title, _ in pdf.contents(pdf.read(pdf.HTML, pdf.FRONT))]


class TestHead:
    PAGE = (
        "<head><title>T</title></head><script>window.MathJax = {{}}</script>"
        '<script src="{up}_static/mathjax/tex.js{sum}"></script>'
        '<script src="{up}_static/widgets/kit.js"></script>'
    )

    def test_asks_for_mathjax_once_and_last(self, tmp_path):
        pages = {pdf.FRONT: ("../", ""), "book/chapters/a.html": ("../../", "?v=1")}
        for name, (up, checksum) in pages.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(self.PAGE.format(up=up, sum=checksum), encoding="utf-8")
        soup = BeautifulSoup(pdf.head(tmp_path, list(pages), "html"), "html.parser")
        addresses = [script["src"] for script in soup.select("script[src]")]
        assert addresses == ["html/_static/widgets/kit.js", "html/_static/mathjax/tex.js"]


NEVER = """<p class="math">x</p>
<script>window.MathJax = {startup: {promise: new Promise(() => {})}}</script>"""
PRINT = (
    "import asyncio, pathlib; page = pathlib.Path({page!r});"
    " asyncio.run(pdf.print_page(page, page.with_suffix('.pdf'), pdf.browser_path()))"
)


@pytest.mark.browser
def test_gives_up_and_says_what_it_has_waited_for(tmp_path):
    if not any(map(shutil.which, pdf.BROWSERS)):
        pytest.skip("no chromium on this machine: nothing is printed")
    page = tmp_path / "page.html"
    page.write_text(NEVER, encoding="utf-8")
    code = f"from tools import pdf; pdf.LIMIT = 5; {PRINT.format(page=str(page))}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=pdf.ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "drawing 1 formulas ..." in done.stdout
    assert "printing gives up: drawing 1 formulas took longer than 5 seconds" in done.stderr


@pytest.fixture(scope="module")
def printed(book):
    """Print the book as `make pdf` does; return where the file is."""
    if not any(map(shutil.which, pdf.BROWSERS)):
        pytest.skip("no chromium on this machine: the book is not printed")
    # In a process of its own: the browser of the other tests occupies this one's event loop.
    subprocess.run([sys.executable, "-m", "tools.pdf"], cwd=pdf.ROOT, check=True)
    return pdf.TARGET


@pytest.fixture(scope="module")
def text(printed):
    """Return what can be read in the print."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext (Debian: poppler-utils) on this machine: the print is not read")
    command = ["pdftotext", printed, "-"]
    return words(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def sheets(content):
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.mark.browser
class TestPrint:
    def test_is_a_book(self, printed):
        content = printed.read_bytes()
        assert content.startswith(b"%PDF-")
        assert sheets(content) > 100

    def test_wastes_no_paper(self, printed, text):
        """The rules for print keep it as close as when 178,000 words stood on 480 sheets."""
        assert len(text.split()) / sheets(printed.read_bytes()) > 371

    def test_has_an_outline_of_all_headings(self, printed, articles):
        titles = sum(len(article.select("h1, h2, h3, h4, h5")) for article in articles.values())
        parts = len(pdf.contents(pdf.read(pdf.HTML, pdf.FRONT)))
        entries = re.findall(rb"/Title\s*[(<]", printed.read_bytes())
        assert len(entries) >= titles + parts

    def test_has_every_number_of_a_formula(self, text, articles):
        numbers = [e for a in articles.values() for e in a.select(".eqno")]
        missing = {number.get_text().strip("#") for number in numbers} - set(text.split())
        assert missing == set()
        assert len(numbers) > 100

    def test_has_every_caption(self, text, articles):
        captions = [e for a in articles.values() for e in a.select("figcaption .caption-number")]
        missing = [c.get_text() for c in captions if words(c.get_text()) not in text]
        assert missing == []
        assert len(captions) > 30

    def test_draws_every_formula(self, text):
        assert "\\(" not in text
        assert "\\[" not in text
        assert "Math input error" not in text
