"""The last touch to a page: one pass over its mark-up, before it is written.

It repairs what the theme and the extensions do to those who use a reader (each repair answers a
rule that axe-core finds broken), and draws the icons into the page. The theme would have them drawn
by a script with two thousand icons, of which a page shows a dozen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.theming import Theme
from sphinx_design.icons import get_octicon

from course.ebook import EBookBuilder, finisher
from course.exercises import carry_answers
from course.offline import SCRIPT as MATHJAX
from course.written import files_in, page_folder

ICON_SCRIPT = "scripts/fontawesome.js"
# The theme's name of an icon: what it is drawn as.
DRAWINGS = {
    "fa-angle-left": "chevron-left",
    "fa-angle-right": "chevron-right",
    "fa-arrow-up": "arrow-up",
    "fa-bars": "three-bars",
    "fa-circle-half-stroke": "device-desktop",  # as light or dark as the system
    "fa-download": "download",
    "fa-expand": "screen-full",
    "fa-file": "file",
    "fa-file-pdf": "file",
    "fa-lightbulb": "light-bulb",
    "fa-list": "list-unordered",
    "fa-magnifying-glass": "search",
    "fa-moon": "moon",
    "fa-play": "play",
    "fa-rocket": "rocket",
    "fa-sun": "sun",
}
NO_ICONS = {"fa-solid", "fa-lg"}  # a style and a size
# What no repair changes is most of a page: drawings, and code with a mark for each word.
UNCHANGED = re.compile(r"<svg\b(?:(?!<svg\b).)*?</svg>|(?<=<pre>)(?:(?!<pre\b).)*?(?=</pre>)", re.S)
SET_ASIDE = re.compile(r"<!--set aside (\d+)-->")
READ = "div.solution pre"  # and this a repair reads


class FinishedPages(BuiltinTemplateLoader):
    """Sphinx's templates, whose pages are finished before they are written."""

    finish: Callable[[str], str]

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        """Choose how pages are finished; those of the web know the book's own static files."""
        super().init(builder, theme, dirs)
        own = files_in(Path(builder.srcdir) / "book" / "_static")
        names = frozenset({path.name for path in own} | {MATHJAX})
        is_ebook = builder.name == EBookBuilder.name
        self.finish = finisher(builder) if is_ebook else partial(finished, own_files=names)

    def render(  # type: ignore[override]  # as that of the class above
        self, template: str, context: dict[str, Any]
    ) -> str:
        """Return a rendered template; a whole page is finished, a part of one is left alone."""
        rendered = super().render(template, context)
        is_page = rendered.lstrip()[:15].lower() == "<!doctype html>"
        return self.finish(rendered) if is_page else rendered


def finished(page: str, own_files: Collection[str] = ()) -> str:
    """Return a page with every repair made and every icon drawn."""
    aside: list[str] = []
    soup = BeautifulSoup(UNCHANGED.sub(partial(set_aside, aside), page), "html.parser")
    for code in soup.select(READ):
        code.replace_with(BeautifulSoup(put_back(aside, str(code)), "html.parser"))
    drop_late_sums(soup, own_files)
    for repair in REPAIRS:
        repair(soup)
    return put_back(aside, str(soup))


def set_aside(aside: list[str], part: re.Match[str]) -> str:
    """Keep a part of a page; return the mark that takes its place."""
    aside.append(part[0])
    return f"<!--set aside {len(aside) - 1}-->"


def put_back(aside: list[str], page: str) -> str:
    """Return a page with what was set aside in the place of its marks."""
    return SET_ASIDE.sub(lambda mark: aside[int(mark[1])], page)


def name_the_sidebar(soup: BeautifulSoup) -> None:
    """Let the list of chapters be a landmark with a name."""
    for element in soup.select("#pst-primary-sidebar"):
        element["role"], element["aria-label"] = "navigation", "Chapters"


def drop_labels_that_hide_text(soup: BeautifulSoup) -> None:
    """Remove aria-labels that differ from the text they stand on."""
    hidden = ".search-button-field, .theme-switch-button, summary[aria-label]"
    for element in soup.select(hidden):
        element.attrs.pop("aria-label", None)


def drop_wrong_roles(soup: BeautifulSoup) -> None:
    """Remove list roles from what is no list."""
    for element in soup.select("[role=doc-biblioentry], .citation-list[role=list]"):
        del element["role"]


def empty_headers_are_cells(soup: BeautifulSoup) -> None:
    """Make a table's empty corner a plain cell."""
    for element in soup.select("th"):
        if not element.get_text(strip=True):
            element.name = "td"


def scrolling_boxes_take_the_keyboard(soup: BeautifulSoup) -> None:
    """Let a keyboard reach whatever can be scrolled."""
    for element in soup.select(
        "div.highlight pre, div.math, div.output, .course-figure-box,"
        " .pst-scrollable-table-container"
    ):
        element["tabindex"] = "0"


def notebooks_are_saved(soup: BeautifulSoup) -> None:
    """Let the browser save a notebook, where the theme would have it show one in a new tab."""
    for link in soup.select("a.btn-download-notebook"):
        link["download"] = ""
        link.attrs.pop("target", None)


def draw_icons(soup: BeautifulSoup) -> None:
    """Put drawings in the place of the theme's icons, and drop the script that would draw them."""
    for icon in soup.select("i[class*=fa-], span[class*=fa-]"):
        icon.replace_with(drawing(icon))
    for script in soup.select(f'script[src*="{ICON_SCRIPT}"]'):
        script.decompose()


def drawing(icon: Tag) -> Tag:
    """Return the drawing of an icon, with its classes, its title and data.

    Raises
    ------
    ValueError
        If nobody has said how an icon is drawn.
    """
    classes = list(icon.get_attribute_list("class"))
    names = {name for name in classes if name.startswith("fa-")} - NO_ICONS
    if len(names) != 1 or not names <= DRAWINGS.keys():
        raise ValueError(f"no drawing for the icon {icon}: name one in course.finish.DRAWINGS")
    title = str(icon["title"]) if "title" in icon.attrs else None  # it names the button around it
    markup = get_octicon(DRAWINGS[names.pop()], classes=classes, aria_label=title)
    svg = BeautifulSoup(markup, "html.parser").find_all("svg")[0]
    svg.attrs |= {name: value for name, value in icon.attrs.items() if name.startswith("data-")}
    return svg


REPAIRS = (
    name_the_sidebar,
    drop_labels_that_hide_text,
    drop_wrong_roles,
    empty_headers_are_cells,
    scrolling_boxes_take_the_keyboard,
    notebooks_are_saved,
    carry_answers,
    draw_icons,
)


def drop_late_sums(soup: BeautifulSoup, own_files: Collection[str]) -> None:
    """Leave checksums in addresses only where every build has them.

    Extensions copy their files when the pages are written: the first build finds nothing to sum.
    """
    for element in soup.select('link[href*="?v="], script[src*="?v="]'):
        name = "href" if element.name == "link" else "src"
        address = str(element[name]).partition("?v=")[0]
        if address.rpartition("/")[2] not in own_files:
            element[name] = address


def drop_icon_script(app: Sphinx, exception: Exception | None) -> None:
    """Remove the script that no page asks for."""
    if pages := page_folder(app, exception):
        for name in (ICON_SCRIPT, f"{ICON_SCRIPT}.map", f"{ICON_SCRIPT}.LICENSE.txt"):
            (pages / "_static" / name).unlink(missing_ok=True)
