"""The slides have the figures and formulas of their chapters, and need nothing else."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools import drawn, pdf, slides

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("slides")]

CHAPTER = "book/chapters/gradient.html"


@pytest.fixture(scope="module")
def deck(book):
    """Return the slides of a chapter, and the chapter."""
    made = slides.chapter(pdf.read(book, CHAPTER), "The book", CHAPTER)
    return made, pdf.read(book, CHAPTER).select_one("article")


def test_every_chapter_has_slides(book):
    chapters = list((Path(__file__).parents[3] / "book" / "chapters").glob("*.md"))
    assert len(slides.chapters_of(pdf.read(book, pdf.FRONT))) == len(chapters)


def test_every_figure_and_every_numbered_formula_has_one(deck):
    made, article = deck
    drawings = {svg["aria-label"] for svg in article.select("figure[id] svg.course-figure")}
    assert drawings == {svg["aria-label"] for svg in made.select("svg")}
    numbers = {n.get_text().strip("#") for n in article.select(".checkedmath-formula .eqno")}
    lines = {line.get_text() for line in made.select(".shown + p")}
    assert {number for number in numbers if not any(number in line for line in lines)} == set()
    assert len(made.select("section")) == 1 + len(drawings) + len(numbers)


def test_the_first_slide_leads_back_and_no_other_leads_away(deck):
    links = [link.extract()["href"] for link in deck[0].select("section:first-child a")]
    assert links == [f"../html/{CHAPTER}", "index.html"]
    assert deck[0].select("a[href], img, script, link") == []
    assert all(heading.get_text() for heading in deck[0].select("h1, h2"))


@pytest.mark.browser
def test_a_set_of_slides_goes_by_keys_and_prints_one_to_a_sheet(deck, browser, tmp_path):
    wanted = sorted({formula[1:] for formula in drawn.formulas_in(deck[0])})
    # Another test's browser keeps a loop running in this thread, so it gets one of its own.
    with ThreadPoolExecutor(1) as apart:
        svgs = apart.submit(asyncio.run, drawn.drawn(wanted, pdf.browser_path())).result()
    soup = BeautifulSoup(str(deck[0]), "html.parser")
    body = drawn.with_drawings(soup, dict(zip(wanted, svgs, strict=True)))
    file, keys = tmp_path / "slides.html", slides.KEYS.read_text(encoding="utf-8")
    file.write_text(slides.page("Slides", body, keys), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.keyboard.press("ArrowRight")
    assert page.evaluate("scrollY") == 720
    page.keyboard.press("End")
    assert page.evaluate("scrollY") == 720 * (len(soup.select("section")) - 1)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    printed = page.pdf(prefer_css_page_size=True)
    context.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(soup.select("section"))
