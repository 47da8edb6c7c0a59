"""Make slides of every chapter: its figures and displayed formulas, one on each.

    python -m tools.slides       # after `make book`

A chapter becomes one file that needs nothing else: it opens in a browser without a network, goes by
the arrow keys, and prints one slide to a sheet.
"""

import base64
import html
import re
import sys
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup

from tools import drawn
from tools.pdf import FRONT, HTML, ROOT, contents, read

TARGET = ROOT / "_build" / "slides"
STATIC = ROOT / "book" / "_static"
LOOK = Path(__file__).with_name("slides.css")
KEYS = Path(__file__).with_name("slides.js")
LICENCE = "CC BY 4.0: name the source and say what you changed."
PAGES = "../html/"  # from the slides to the pages; a book that offers them puts in its own way
LEAD = 220  # letters of a paragraph that leads to a formula; a longer one is no line of a slide
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><main>{slides}</main><script>{script}</script></body></html>
"""


class Slide(NamedTuple):
    """A heading, what is shown, and a line about it; all of them mark-up."""

    heading: str
    shown: str
    line: str


def slides_of(soup):
    """Yield the slides of a chapter, in the order of its page."""
    article = soup.select_one("article")
    for element in article.select(".checkedmath-formula, figure[id]:has(svg.course-figure)"):
        if element.find_parent(class_=["admonition", "widget", "question"]):
            continue
        make = figure_slide if element.name == "figure" else formula_slide
        yield make(element, heading_of(element))


def heading_of(element):
    """Return the heading of the section in which an element stands."""
    return without_links(element.find_previous(["h1", "h2", "h3"]))


def figure_slide(figure, heading):
    """Return the slide of a figure, with its number and its caption."""
    number = figure.select_one(".caption-number").get_text(strip=True)
    caption = without_links(figure.select_one(".caption-text"))
    drawing = figure.select_one("svg.course-figure")
    return Slide(heading, themed(drawing), f"<b>{number}</b> {caption}")


def formula_slide(box, heading):
    """Return the slide of a formula, with its number and the sentence that leads to it."""
    formula, before = box.select_one("div.math"), box.find_previous_sibling()
    number = formula.select_one(".eqno").extract().get_text().strip("#")
    leads = before is not None and before.name == "p" and len(before.get_text()) <= LEAD
    lead = without_links(before) if leads else ""
    return Slide(heading, str(formula), f"{lead} <b>{number}</b>")


def themed(drawing):
    """Return a drawing without its fixed width; its colours follow the reader's."""
    drawing.attrs = {name: drawing[name] for name in ("viewbox", "role", "aria-label")}
    return str(drawing)


def without_links(element):
    """Return the content of an element as it is read, without links and marks."""
    copy = BeautifulSoup(str(element), "html.parser")
    for extra in copy.select(".headerlink, .section-number"):
        extra.decompose()
    for link in copy.select("a"):
        link.unwrap()
    return next(copy.children).decode_contents().strip()


def opening(soup, book, path):
    """Return the first slide: the chapter's title, its question, where it is from, ways back."""
    title = without_links(soup.select_one("article h1"))
    question = soup.find("meta", attrs={"name": "description"})["content"]
    back = f'<a href="{PAGES}{path}">The chapter</a> · <a href="index.html">all slides</a>'
    return (
        f"<section><h1>{title}</h1><p>{html.escape(question)}</p>"
        f'<p class="licence">{html.escape(book)}. {LICENCE} {back}</p></section>'
    )


def section(slide):
    """Return the mark-up of a slide."""
    return (
        f"<section><h2>{slide.heading}</h2>"
        f'<div class="shown">{slide.shown}</div><p>{slide.line}</p></section>'
    )


def style():
    """Return the style of the slides: the book's colours, light and dark, its letters, the look."""
    course = (STATIC / "course.css").read_text(encoding="utf-8")
    light, dark = (
        re.search(rf"^{re.escape(rule)} {{\n(.*?)^}}", course, re.M | re.S)[1]
        for rule in (":root", 'html[data-theme="dark"]')
    )
    colours = (
        f":root {{{light}}} @media screen and (prefers-color-scheme: dark) {{:root {{{dark}}}}}"
    )
    return colours + letters() + LOOK.read_text(encoding="utf-8")


def letters():
    """Return the rules for the book's letters, which are part of the file."""
    rules = ""
    for weight in (400, 600):
        font = STATIC / "fonts" / f"source-serif-4-latin-{weight}-normal.woff2"
        data = base64.b64encode(font.read_bytes()).decode()
        rules += (
            f'@font-face {{font-family: "Source Serif 4"; font-weight: {weight};'
            f' src: url("data:font/woff2;base64,{data}")}}'
        )
    return rules


def chapter(soup, book, path):
    """Return the slides of a chapter as one soup, with formulas yet to be drawn."""
    slides = [opening(soup, book, path), *map(section, slides_of(soup))]
    return BeautifulSoup("".join(slides), "html.parser")


def page(title, body, script=""):
    """Return a whole file."""
    return PAGE.format(title=title, style=style(), slides=body, script=script)


def index(chapters, book):
    """Return the list of chapters."""
    items = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in chapters)
    heading = f"<h1>Slides</h1><p>{html.escape(book)}. {LICENCE}</p>"
    keys = "<p>The arrow keys go from slide to slide; printing gives a PDF.</p>"
    back = f'<p><a href="{PAGES}{FRONT}">The book</a></p>'
    return page(f"Slides: {book}", f'<div class="list">{heading}{keys}<ol>{items}</ol>{back}</div>')


def chapters_of(front):
    """Return the paths of the chapters, in the order of the book."""
    pages = [page for _, members in contents(front) for page in members]
    return [page for page in pages if "/chapters/" in page]


def make(pages):
    """Return the files of the slides, by name; `pages` is the folder of the built book."""
    front = read(pages, FRONT)
    book = front.select_one("article h1").find(string=True).strip()
    paths = {Path(path).name: path for path in chapters_of(front)}
    soups = {name: read(pages, path) for name, path in paths.items()}
    titles = {name: without_links(soup.select_one("article h1")) for name, soup in soups.items()}
    decks = {name: chapter(soup, book, paths[name]) for name, soup in soups.items()}
    wanted = {f[1:] for deck in decks.values() for f in drawn.formulas_in(deck)}
    known = drawn.drawings(wanted)
    script = KEYS.read_text(encoding="utf-8")
    for name, deck in decks.items():
        slides = drawn.with_drawings(deck, known)
        decks[name] = page(f"{titles[name]}: slides", slides, script)
    return decks | {"index.html": index(titles.items(), book)}


if __name__ == "__main__":
    if not (HTML / FRONT).exists():
        sys.exit("no pages: build the book first, with `make book`")
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in (files := make(HTML)).items():
        (TARGET / name).write_text(content, encoding="utf-8")
    print(f"Made {len(files) - 1} sets of slides; open {(TARGET / 'index.html').relative_to(ROOT)}")
