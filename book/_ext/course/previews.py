"""What a reference leads to is shown under the mouse, or when the reference has the focus.

Formulas and words (sources of the bibliography, terms of the glossary) come from two scripts, each
loaded when the first is asked for. Scripts, because a page opened from the disk may load no data
otherwise. A figure is taken from the page itself, where the text speaks of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from checkedmath.sphinx import checked_formulas, numbered
from docutils import nodes
from sphinx.application import Sphinx

from course.written import page_folder, renew

SHOWN = re.compile(r'href="[^"]*#(?:equation|fig|source|term)-')
Place = tuple[str, str]  # a page and an anchor on it


def load_previews(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the script on the pages that refer to something it can show."""
    if SHOWN.search(context.get("body", "")):
        app.add_js_file("widgets/previews.js", loading_method="defer")


def write_formulas(app: Sphinx, exception: Exception | None) -> None:
    """Write all formulas of the book into one script."""
    if pages := page_folder(app, exception):
        formulas = {
            nodes.make_id(f"equation-{entry.item.label}"): numbered(app, entry.record["shown"])
            for entry in checked_formulas(app)
        }
        write_script(pages, "formulas.js", "courseFormulas", formulas)


def write_words(app: Sphinx, exception: Exception | None) -> None:
    """Write all sources and terms of the book into one script, by the address of each."""
    if pages := page_folder(app, exception):
        soups: dict[str, BeautifulSoup] = {}
        words = {}
        for page, anchor in sorted(places(app)):
            name = f"{page}.html"
            if name not in soups:
                soups[name] = BeautifulSoup((pages / name).read_text("utf-8"), "html.parser")
            words[f"{name}#{anchor}"] = explanation(soups[name], anchor)
        write_script(pages, "words.js", "courseWords", words)


def places(app: Sphinx) -> Iterator[Place]:
    """Yield where each source and each term is explained."""
    domains = app.env.domaindata
    for (kind, _), place in domains["std"]["objects"].items():
        if kind == "term":
            yield place
    for citation in domains["cite"]["citations"]:
        yield citation.bibliography_key.docname, citation.citation_id


def explanation(soup: BeautifulSoup, anchor: str) -> str:
    """Return what is said at an anchor of a page, without links that only this page can follow."""
    start = soup.find(id=anchor)
    assert isinstance(start, Tag), anchor
    said = start.find_next("dd") if start.name == "dt" else start
    copy = BeautifulSoup(str(said), "html.parser")
    for extra in copy.select(".headerlink, .label, .backrefs"):
        extra.decompose()
    for link in copy.select("a:not([href^=http])"):
        link.unwrap()
    words = "".join(str(paragraph) for paragraph in copy.select("p"))
    return f"<p><strong>{term_of(start)}</strong></p>{words}" if start.name == "dt" else words


def term_of(entry: Tag) -> str:
    """Return the word that an entry of the glossary explains."""
    return "".join(entry.find_all(string=True, recursive=False)).strip()


def write_script(pages: Path, name: str, variable: str, content: dict[str, str]) -> None:
    """Write a script that gives a variable its content."""
    script = f"window.{variable} = {json.dumps(content, indent=1)};\n"
    renew(pages / "_static" / "widgets" / name, script.encode())
