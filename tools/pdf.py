"""Print the book: its pages joined into one, paginated by a browser, with an outline.

    python -m tools.pdf          # after `make book`

The pages are those of Jupyter Book's html builder, so the print has the same numbers, formulas and
figures as the screen. Its builder for a single page gives one id to several headings and loses its
style sheets where the book has folders; its builder for LaTeX needs TeX and knows no SVG.
"""

import asyncio
import os
import posixpath
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "pdf" / "from-logits-to-loss.pdf"
FRONT = "book/index.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NEEDED = 'script[src*="/widgets/"]:not([src*="previews"]), script[src*="/mathjax/"]'
SCALE = 0.8  # of the screen's letters, which are larger than those of a printed book
FOOTER = (
    '<div style="font-size: 8px; width: 100%; text-align: center; color: #555">'
    '<span class="pageNumber"></span></div>'
)
LIMIT = 900  # seconds for each step; a thousand formulas take their time
PAPER = {
    "format": "A4",
    "scale": SCALE,
    "margin": {"top": "14mm", "bottom": "16mm", "left": "18mm", "right": "18mm"},
    "print_background": True,
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": FOOTER,
    "outline": True,
    "tagged": True,
}
ALL_MATHEMATICS_DRAWN = """async () => {
  await document.fonts.ready;
  await MathJax.startup.promise;
}"""


def browser_path():
    """Return where a browser is, or say what is missing."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(
            "printing needs Chromium: install Debian's package `chromium`,"
            " or name a browser in the environment variable CHROMIUM"
        )
    return found


def warn_of_missing_letters():
    """Say so if this machine has no Chinese letters, in which some errors are quoted."""
    if shutil.which("fc-list"):
        found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=True).stdout
        if not found:
            print(
                "warning: Chinese quotations are printed as boxes:"
                " install Debian's package `fonts-noto-cjk`",
                file=sys.stderr,
            )


def read(html, page):
    """Return a built page."""
    return BeautifulSoup((html / page).read_text(encoding="utf-8"), "html.parser")


def path_from(page, link):
    """Return the path that a link on a page leads to, from the top of the book."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def contents(front):
    """Return the book's parts, in order: the title of each, and the paths of its pages."""
    parts = []
    for item in front.select(".bd-docs-nav p.caption, .bd-docs-nav p.caption + ul a"):
        if item.name == "p":
            parts.append((item.get_text(strip=True), []))
        else:
            parts[-1][1].append(path_from(FRONT, item["href"]))
    return parts


def anchor(page, name=""):
    """Return the id, in the one page, of a page or of a place on it."""
    return f"{page.removesuffix('.html')}/{name}".rstrip("/")


def rename_ids(article, page):
    """Make the ids of a page unlike those of all others. Those in drawings are so already."""
    for element in article.find_all(id=True):
        if not element.find_parent("svg") and element.name != "svg":
            element["id"] = anchor(page, element["id"])
    for name in ("aria-labelledby", "aria-describedby"):
        for element in article.select(f"[{name}]"):
            element[name] = anchor(page, element[name])


def redirect_links(article, page, pages, html):
    """Lead links between pages to their places in the one page."""
    for link in article.select("a[href]"):
        parts = urlsplit(link["href"])
        target = path_from(page, parts.path) if parts.path else page
        if parts.scheme:
            continue
        if target in pages:
            link["href"] = "#" + anchor(target, parts.fragment)
        else:
            del link["href"]  # the index and the search are for the screen
    for image in article.select("img[src]"):
        image["src"] = f"{html}/{path_from(page, image['src'])}"


def lower_headings(article):
    """Put every heading one level down, below the title of its part."""
    for level in range(5, 0, -1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"


def chapter(html, page, pages, place):
    """Return the text of one page, ready to stand among the others."""
    article = read(html, page).select_one("article.bd-article")
    rename_ids(article, page)
    redirect_links(article, page, pages, place)
    for folded in article.select("details"):
        folded["open"] = ""
    if page != FRONT:
        lower_headings(article)
    article.name, article["id"] = "section", anchor(page)
    article["class"] = ["printed-page", *article["class"]]
    return str(article)


def head(html, pages, place):
    """Return the head of the one page: the style, the figures' scripts, and MathJax after them."""
    soups = {page: read(html, page) for page in pages}
    front = soups[FRONT]
    styles = [path_from(FRONT, link["href"]) for link in front.select("link[rel=stylesheet]")]
    scripts = dict.fromkeys(  # without the checksum, which one page may have and another not
        path_from(page, urlsplit(script["src"]).path)
        for page in soups
        for script in soups[page].select(NEEDED)
    )
    settings = [str(s) for s in front.select("script:not([src])") if "window.MathJax" in s.text]
    return "\n".join(
        [
            f'<head><meta charset="utf-8"><title>{front.title.get_text()}</title>',
            *(f'<link rel="stylesheet" href="{place}/{path}">' for path in styles),
            *settings,
            *(
                f'<script defer src="{place}/{path}"></script>'
                for path in sorted(scripts, key=lambda path: "/mathjax/" in path)
            ),
            "</head>",
        ]
    )


def one_page(html, place):
    """Return the whole book as one page.

    Parameters
    ----------
    html : Path
        The folder of the built pages.
    place : str
        The same folder, as seen from where the page will be stored.
    """
    parts = contents(read(html, FRONT))
    pages = [FRONT, *(page for _, members in parts for page in members)]
    body = [chapter(html, FRONT, pages, place)]
    for title, members in parts:
        body.append(f'<h1 class="printed-part">{title}</h1>')
        body += [chapter(html, page, pages, place) for page in members]
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light">{head(html, pages, place)}'
        f'<body><main class="printed-book">{"".join(body)}</main></body></html>'
    )


async def step(words, task):
    """Say what is waited for, and wait; give up after a while."""
    print(f"{words} ...", flush=True)
    try:
        return await asyncio.wait_for(task, LIMIT)
    except TimeoutError:
        sys.exit(
            f"printing gives up: {words} took longer than {LIMIT} seconds. Close other programs"
            " and try again; LIMIT in tools/pdf.py allows it more time"
        )


async def print_page(source, target, executable):
    """Print a page, once all its mathematics is drawn."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"]
        )
        page = await browser.new_page(color_scheme="light", offline=True)
        page.set_default_timeout(0)  # `step` has the limit
        await step("loading the book as one page", page.goto(source.as_uri()))
        formulas = await page.locator(".math").count()
        await step(f"drawing {formulas} formulas", page.evaluate(ALL_MATHEMATICS_DRAWN))
        await step("printing", page.pdf(path=target, **PAPER))
        await browser.close()


def print_book():
    """Join the pages of the built book and print them."""
    executable = browser_path()
    warn_of_missing_letters()
    source = TARGET.parent / "book.html"
    source.parent.mkdir(parents=True, exist_ok=True)
    place = Path(os.path.relpath(HTML, TARGET.parent)).as_posix()
    source.write_text(one_page(HTML, place), encoding="utf-8")
    asyncio.run(print_page(source, TARGET, executable))


if __name__ == "__main__":
    print_book()
    print(f"Printed {TARGET.relative_to(ROOT)}")
