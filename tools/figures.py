"""Put every figure of the book into one archive, as SVG and as PDF, for slides and handouts.

    python -m tools.figures      # after `make book`

The drawings are those of the pages, in the colours for light paper. A figure is named by its label,
and ``figures.csv`` says of each its number, its page and its caption.
"""

import asyncio
import csv
import io
import re
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup

from tools.pdf import HTML, ROOT, browser_path

TARGET = ROOT / "_build" / "figures" / "from-logits-to-loss-figures.zip"
THEMED = re.compile(r"var\(--figure-[\w-]+, (#[0-9a-fA-F]+)\)")
POINTS = 4 / 3  # pixels to a point
# The archive has the same bytes whenever it is made.
DATE = (2026, 1, 1, 0, 0, 0)


class Figure(NamedTuple):
    """A drawing of the book.

    Attributes
    ----------
    name : str
        Its label, without what makes an id of it.
    number, caption, page : str
        What the reader sees, and where.
    svg : str
        The drawing, for itself.
    width, height : float
        Its size in pixels.
    """

    name: str
    number: str
    caption: str
    page: str
    svg: str
    width: float
    height: float


def figures_of(page, name):
    """Yield the drawings of a built page.

    Parameters
    ----------
    page : str
        The mark-up of the page.
    name : str
        Its path in the book.
    """
    for box in BeautifulSoup(page, "html.parser").select("figure[id]:has(svg.course-figure)"):
        number = box.select_one(".caption-number").get_text(strip=True)
        caption = box.select_one(".caption-text").get_text(" ", strip=True).rstrip("# ")
        drawing = box.select_one("svg.course-figure")
        width, height = (float(side) for side in str(drawing["viewbox"]).split()[2:])
        yield Figure(box["id"], number, caption, name, alone(drawing), width, height)


def alone(drawing):
    """Return a drawing that stands for itself: with its size, and in fixed colours."""
    width, height = str(drawing["viewbox"]).split()[2:]
    drawing.attrs = {
        "xmlns": "http://www.w3.org/2000/svg",
        "xmlns:xlink": "http://www.w3.org/1999/xlink",
        "width": f"{width}pt",
        "height": f"{height}pt",
        "viewBox": drawing["viewbox"],
        "role": "img",
        "aria-label": drawing["aria-label"],
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }
    text = THEMED.sub(r"\1", str(drawing))
    # A parser of HTML writes these names in small letters, and SVG tells the two apart.
    return re.sub(r"<(/?)clippath\b", r"<\1clipPath", text)


async def printed(figures, executable):
    """Return each drawing as a PDF page of its own size."""
    from playwright.async_api import async_playwright

    pages = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"]
        )
        page = await browser.new_page(offline=True)
        for figure in figures:
            sides = {"width": figure.width * POINTS, "height": figure.height * POINTS}
            style = "*{margin:0} svg{display:block}"
            await page.set_content(f"<!DOCTYPE html><style>{style}</style>{figure.svg}")
            paper = {side: f"{length + 1:.2f}px" for side, length in sides.items()}
            pages.append(await page.pdf(print_background=True, page_ranges="1", **paper))
        await browser.close()
    return pages


def listing(figures):
    """Return what is known of the figures, as a table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name", "number", "page", "caption"])
    writer.writerows([one.name, one.number, one.page, one.caption] for one in figures)
    return text.getvalue()


def write(target, figures, pages):
    """Write the archive."""
    target.parent.mkdir(parents=True, exist_ok=True)
    files = {"figures.csv": listing(figures)}
    for figure, page in zip(figures, pages, strict=True):
        files[f"svg/{figure.name}.svg"] = figure.svg
        files[f"pdf/{figure.name}.pdf"] = page
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)


def collect(html):
    """Return the drawings of all pages of a built book."""
    return [
        figure
        for path in sorted((html / "book").rglob("*.html"))
        for figure in figures_of(
            path.read_text(encoding="utf-8"), path.relative_to(html).as_posix()
        )
    ]


if __name__ == "__main__":
    found = collect(HTML)
    if not found:
        sys.exit("no figures: build the book first, with `make book`")
    write(TARGET, found, asyncio.run(printed(found, browser_path())))
    print(f"Put {len(found)} figures into {Path(TARGET).relative_to(ROOT)}")
