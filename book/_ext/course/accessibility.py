"""Repair, in the finished pages, what the theme and the extensions do to those who use a reader.

Each line answers a rule that axe-core finds broken in the mark-up as it comes.
"""

import time
from pathlib import Path

from bs4 import BeautifulSoup


def name_the_sidebar(soup):
    """Let the list of chapters be a landmark with a name."""
    for element in soup.select("#pst-primary-sidebar"):
        element["role"], element["aria-label"] = "navigation", "Chapters"


def drop_labels_that_hide_text(soup):
    """Remove aria-labels that differ from the text they stand on."""
    hidden = ".search-button-field, .theme-switch-button, summary[aria-label]"
    for element in soup.select(hidden):
        element.attrs.pop("aria-label", None)


def drop_wrong_roles(soup):
    """Remove list roles from what is no list."""
    for element in soup.select("[role=doc-biblioentry], .citation-list[role=list]"):
        del element["role"]


def empty_headers_are_cells(soup):
    """Make a table's empty corner a plain cell."""
    for element in soup.select("th"):
        if not element.get_text(strip=True):
            element.name = "td"


def scrolling_boxes_take_the_keyboard(soup):
    """Let a keyboard reach whatever can be scrolled."""
    for element in soup.select(
        "div.highlight pre, div.math, div.output, .course-figure-box,"
        " .pst-scrollable-table-container"
    ):
        element["tabindex"] = "0"


REPAIRS = (
    name_the_sidebar,
    drop_labels_that_hide_text,
    drop_wrong_roles,
    empty_headers_are_cells,
    scrolling_boxes_take_the_keyboard,
)


def repair_page(path):
    """Apply every repair to one page."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for repair in REPAIRS:
        repair(soup)
    path.write_text(str(soup), encoding="utf-8")


def note_the_start(app):
    """Remember when the build began: only pages written since then need repair."""
    app.course_started = time.time() - 1


def repair_pages(app, exception):
    """Repair every page that this build has written."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        if "_static" not in path.parts and path.stat().st_mtime >= app.course_started:
            repair_page(path)


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("builder-inited", note_the_start)
    app.connect("build-finished", repair_pages, priority=900)
