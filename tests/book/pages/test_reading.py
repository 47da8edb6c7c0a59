"""What makes reading pleasant: times, glossary, formulas under references, print."""

import importlib
import json
import os
import re
from copy import copy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[3]
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))
REFERENCE = "article a[href*='#equation-']:not(.headerlink)"


@pytest.fixture(scope="module")
def soup(book):
    """Return a function that reads a page, once."""
    pages = {}

    def read(path):
        if path not in pages:
            text = (book / path).read_text(encoding="utf-8")
            pages[path] = BeautifulSoup(text, "html.parser")
        return pages[path]

    return read


@pytest.mark.build
@pytest.mark.parametrize("name", CHAPTERS)
class TestReadingTime:
    def test_stands_under_the_title(self, soup, name):
        line = soup(f"book/chapters/{name}.html").select_one("h1 + .reading-time")
        assert re.fullmatch(r"About \d+ min to read, and \d+ lines of code", line.get_text())

    def test_counts_words_and_lines(self, soup, name):
        article = copy(soup(f"book/chapters/{name}.html").select_one("article"))
        minutes, lines = map(int, re.findall(r"\d+", article.select_one(".reading-time").text))
        unfolded = ".cell:not(.tag_hide-input) .cell_input pre"
        code = "\n".join(block.get_text() for block in article.select(unfolded))
        assert lines == len([line for line in code.splitlines() if line.strip()])
        aside = ".math, pre, .cell_output, .headerlink, svg, summary, .checkedmath-says"
        for element in article.select(f"{aside}, .question-said"):
            element.decompose()
        blocks = article.select("p, h1, h2, h3, figcaption")
        words = [word for p in blocks for word in p.get_text().split() if re.search(r"\w", word)]
        assert minutes == pytest.approx(len(words) / 200, abs=1)


@pytest.mark.build
class TestGlossary:
    @pytest.fixture
    def room(self, monkeypatch):
        """Import the extension as Sphinx does."""
        monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
        return importlib.import_module("course.prose")

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("the cross-entropy of p", "cross-entropy"),
            ("a log-softmax of a softmax", "softmax"),
            ("a Loss", "Loss"),
            ("two losses", "losses"),
            ("lossless", None),
            ("both Sigmoids.", "Sigmoids"),
            ("the fused loss", "fused loss"),
        ],
    )
    def test_finds_whole_words_in_the_plural_too(self, room, text, found):
        terms = {"entropy", "cross-entropy", "softmax", "loss", "fused loss", "sigmoid"}
        match = room.word_pattern(terms).search(text)
        assert (match and match[0]) == found
        assert match is None or room.term_of(match[0], terms) in terms

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_each_word_is_linked_once_to_its_entry(self, soup, name):
        entries = {term["id"] for term in soup("book/appendix/notation.html").select("dt[id]")}
        links = soup(f"book/chapters/{name}.html").select("a.term-link")
        targets = [link["href"].removeprefix("../appendix/notation.html#") for link in links]
        assert len(targets) > 2
        assert set(targets) <= entries
        assert len(targets) == len(set(targets))
        assert not any(link.find_parents(["h1", "h2", "h3", "pre", "a", "code"]) for link in links)

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_it_is_the_first_use(self, soup, name):
        article = soup(f"book/chapters/{name}.html").select_one("article")
        for link in article.select("a.term-link"):
            before = link.find_parent("p").get_text().split(link.get_text())[0]
            word = re.escape(link.get_text())
            assert not re.search(rf"(?<![\w-]){word}(?![\w-])", before)

    def test_a_word_with_two_meanings_is_left_alone(self, soup):
        assert soup("book/appendix/notation.html").select("#term-bit")
        for name in CHAPTERS:
            page = soup(f"book/chapters/{name}.html")
            assert not page.select("a.term-link[href$='#term-bit']")


@pytest.mark.build
def test_every_reference_has_its_formula(book):
    script = (book / "_static" / "widgets" / "formulas.js").read_text(encoding="utf-8")
    formulas = json.loads(script.removeprefix("window.courseFormulas = ").rstrip(";\n"))
    references = set()
    for page in (book / "book").rglob("*.html"):
        found = re.findall(r'href="[^"]*#(equation-[^"]+)"', page.read_text(encoding="utf-8"))
        references.update(found)
    assert len(references) > 50
    assert references <= formulas.keys()
    assert formulas["equation-eq-softmax"] == r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}"


@pytest.mark.build
def test_every_source_and_term_is_explained(book):
    script = (book / "_static" / "widgets" / "words.js").read_text(encoding="utf-8")
    words = json.loads(script.removeprefix("window.courseWords = ").rstrip(";\n"))
    references = set()
    for page in (book / "book").rglob("*.html"):
        found = re.findall(r'href="([^"]*#(?:source|term)-[^"]+)"', page.read_text("utf-8"))
        places = (f"{page}{link}" if link[0] == "#" else str(page.parent / link) for link in found)
        references.update(Path(os.path.relpath(place, book)).as_posix() for place in places)
    assert len(references) > 100
    assert references <= words.keys()
    assert words["book/appendix/notation.html#term-bit"].startswith("<p><strong>bit</strong></p>")
    assert not any("<a" in said and 'href="http' not in said for said in words.values())


@pytest.mark.build
@pytest.mark.browser
class TestPreviews:
    PAGE = "book/chapters/gradient.html"

    @staticmethod
    def shown(page):
        """Return the formula that is shown, once it is typeset."""
        box = page.locator(".formula-preview")
        box.locator("mjx-container").wait_for()
        page.wait_for_function("document.querySelector('[aria-describedby=formula-preview]')")
        return box

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_show_the_formula_of_another_page_to_the_keyboard(self, visit, scheme):
        with visit(self.PAGE, color_scheme=scheme) as page:
            link = page.locator("article a[href='softmax.html#equation-eq-softmax']").first
            link.focus()
            box = self.shown(page)
            assert link.get_attribute("aria-describedby") == box.get_attribute("id")
            drawn = box.locator("mjx-assistive-mml").text_content()
            assert re.sub(r"\s", "", drawn).startswith("ai")
            found = Axe().run(page, ".formula-preview", {"preload": False})
            assert found.violations_count == 0, found.generate_report()
            page.keyboard.press("Escape")
            assert box.count() == 0
            assert link.get_attribute("aria-describedby") is None

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize(
        ("anchor", "said"),
        [
            ("fig-zero-steps", "Fig. 6.1 Above, the ten probabilities"),
            ("source-bishop2006pattern", "Bishop. Pattern Recognition"),
            ("term-", "gradient"),
        ],
    )
    def test_show_figures_sources_and_terms(self, visit, anchor, said, scheme):
        device = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
        with visit(self.PAGE, **device) as page:
            link = page.locator(f"article a[href*='#{anchor}']:not(.headerlink)")
            link = link.filter(has_text="gradient").first if anchor == "term-" else link.first
            link.focus()
            box = page.locator(".formula-preview")
            page.wait_for_function("document.querySelector('[aria-describedby=formula-preview]')")
            assert said in box.inner_text()
            assert box.locator("svg").count() == (anchor.startswith("fig"))
            found = Axe().run(page, ".formula-preview", {"preload": False})
            assert found.violations_count == 0, found.generate_report()
            edges = box.evaluate("box => box.getBoundingClientRect().toJSON()")
            assert 0 <= edges["left"] < edges["right"] <= 360
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.keyboard.press("Escape")
            assert box.count() == 0

    def test_stay_while_the_mouse_is_on_them(self, visit):
        with visit(self.PAGE) as page:
            link = page.locator(REFERENCE).first
            link.hover()
            box = self.shown(page)
            box.hover()
            page.wait_for_timeout(500)
            assert box.is_visible()
            page.mouse.move(0, 0)
            box.wait_for(state="detached")

    def test_fit_on_a_phone(self, visit):
        with visit(self.PAGE, viewport={"width": 360, "height": 740}) as page:
            for link in page.locator(REFERENCE).all():
                link.focus()
                edges = self.shown(page).evaluate("box => box.getBoundingClientRect().toJSON()")
                assert edges["left"] >= 0
                assert edges["right"] <= 360
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
                page.keyboard.press("Escape")

    def test_are_no_weight_until_asked_for(self, visit):
        with visit(self.PAGE) as page:
            assert page.evaluate("window.courseFormulas") is None
            page.locator(REFERENCE).first.focus()
            self.shown(page)
            assert page.evaluate("Object.keys(courseFormulas).length") > 50


@pytest.mark.build
@pytest.mark.browser
class TestPrint:
    def test_is_dark_on_white_without_the_screen_s_furniture(self, visit):
        with visit("book/chapters/gradient.html", color_scheme="dark") as page:
            page.emulate_media(media="print", color_scheme="dark")
            colours = page.evaluate(
                "['body', 'article p', 'pre'].map(name => "
                "getComputedStyle(document.querySelector(name)).color)"
            )
            for colour in colours:
                assert max(map(int, re.findall(r"\d+", colour)[:3])) < 120
            for furniture in (
                ".bd-sidebar-primary",
                ".bd-header-article",
                ".prev-next-footer",
                ".widget-controls",
                ".headerlink",
            ):
                assert not page.locator(furniture).first.is_visible(), furniture

    def test_unfolds_what_is_folded(self, visit):
        with visit("book/chapters/gradient.html") as page:
            page.emulate_media(media="print")
            for block in page.locator("details pre").all():
                assert block.evaluate("block => block.checkVisibility()")
            assert page.locator(".widget-lines > li:visible").count() == 7
