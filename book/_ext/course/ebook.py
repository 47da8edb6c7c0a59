"""The book for e-readers: Sphinx's own builder for EPUB, with pages that need no script.

``make epub`` has every formula drawn as SVG first, by MathJax in a browser; here a page gets the
drawings in the place of its formulas, and loses what an e-reader cannot do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.builders import Builder
from sphinx.builders.epub3 import Epub3Builder

from course.citing import read_citation

SETTING = "ebook_formulas"  # the file with the drawings, by kind and LaTeX
# The other extensions copy their styles when the file is packed already.
STYLES = {"pygments.css", "epub.css", "checkedmath.css", "course.css", "ebook.css"}
# A page in the list of contents, of which nothing else is said.
ENTRY = re.compile(r'href="([^"]+\.xhtml)" media-type="application/xhtml\+xml"(?= */>)')
FORMULA = re.compile(r"\\[(\[](.*)\\[)\]]", re.DOTALL)
# Code that draws is folded on a page, the verdicts and marks of formulas need a mouse or a style,
# and the controls of a figure need a script.
LEFT_OUT = (
    "script, .headerlink, details.hide, .reading-time, .offered, .checkedmath-mark,"
    " .checkedmath-says, .widget [hidden], .question-answer .question-said"
)
# A parser of HTML writes names in small letters, and SVG tells the two apart.
NAMES = {
    "viewbox=": "viewBox=",
    "clippath": "clipPath",
    "preserveaspectratio": "preserveAspectRatio",
}


class EBookBuilder(Epub3Builder):
    """Sphinx's builder, which also packs the book's letters and says which pages have drawings."""

    media_types = Epub3Builder.media_types | {".woff2": "font/woff2"}

    def init(self) -> None:
        """Set what concerns no other builder.

        The standard wants a version. And Sphinx's other scopes of the contents lose the folder of a
        front page that lies in one.
        """
        super().init()
        self.config.version = str(read_citation(Path(self.srcdir))["version"])
        self.config.epub_tocscope = "includehidden"

    def build_content(self) -> None:
        """Write the list of contents, where the standard wants drawings in a page declared."""
        super().build_content()
        listing = Path(self.outdir) / "content.opf"
        text = ENTRY.sub(self.declared, listing.read_text(encoding="utf-8"))
        listing.write_text(text, encoding="utf-8")

    def declared(self, entry: re.Match[str]) -> str:
        """Return the entry of a page, with its drawings declared if it has some."""
        page = (Path(self.outdir) / entry[1]).read_text(encoding="utf-8")
        return f'{entry[0]} properties="svg"' if "<svg" in page else entry[0]


def finisher(builder: Builder) -> Callable[[str], str]:
    """Return the function that makes a page one of an e-book."""
    name = Path(builder.srcdir) / builder.config[SETTING]
    drawings = json.loads(name.read_text(encoding="utf-8"))
    return lambda page: ebook_page(page, drawings)


def ebook_page(page: str, drawings: dict[str, str]) -> str:
    """Return a page for an e-reader, as XML."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select(LEFT_OUT):
        element.decompose()
    for link in soup.select("link[rel=stylesheet]"):
        if str(link["href"]).rpartition("/")[2] not in STYLES:
            link.decompose()
    for element in soup.select("[tabindex], [aria-describedby], [aria-live]"):
        for name in ("tabindex", "aria-describedby", "aria-live"):
            element.attrs.pop(name, None)
    for folded in soup.select("details:not(.question-answer)"):
        folded["open"] = "open"
    for drawing in soup.select("svg"):
        drawing["xmlns"] = "http://www.w3.org/2000/svg"
    for paragraph in soup.select("p:has(> ul)"):  # which HTML mends, and XML does not
        paragraph.name = "div"
    shown = draw_formulas(soup, drawings)
    for small, right in NAMES.items():
        shown = shown.replace(small, right)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + shown


def draw_formulas(soup: BeautifulSoup, drawings: dict[str, str]) -> str:
    """Return the mark-up of a page with drawings in the place of its formulas."""
    placed = []
    for element in soup.select("span.math, div.math"):
        found = FORMULA.search(element.get_text())
        assert found, element
        placed.append(drawings[f"{element.name} {found[1]}"])
        for number in element.select(".eqno"):
            element.insert_before(number)
        element.string = f"[[formula {len(placed) - 1}]]"
    return re.sub(r"\[\[formula (\d+)\]\]", lambda mark: placed[int(mark[1])], str(soup))
