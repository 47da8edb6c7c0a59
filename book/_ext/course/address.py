"""What a published page says of itself to search engines, to other sites, and to who is lost.

Every page has a description, its first paragraph. One line in ``_config.yml`` names the address at
which the book is published, ``html: {baseurl: https://example.org/book/}``, and adds the rest: the
canonical address (by Sphinx itself), Open Graph with a picture, and a page for addresses that lead
nowhere. While it is empty, no page names any address.
"""

from __future__ import annotations

import io
import textwrap
from html import escape
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from docutils import nodes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from softmaxlab.figures import PALETTE
from sphinx.application import Sphinx

from course.written import page_folder, renew

LENGTH = 300  # letters; what reads a description shows about half of them
LOST = "404"
CARD = "_static/card.png"
CARD_SIZE = (1200, 630)  # pixels, as most sites show it
LOST_TEXT = """<h1>There is no page here</h1>
<p>The address leads nowhere: a letter may be missing, or the page has another name now.
<a href="{prefix}{front}">Begin at the front page</a>, choose a chapter from the list,
or <a href="{prefix}search.html">search the book</a>.</p>"""


def prepare(app: Sphinx) -> None:
    """Add the page for the lost if there is an address; its links begin with the address's path."""
    if address := app.config.html_baseurl:
        app.setup_extension("notfound.extension")
        app.config.notfound_urls_prefix = prefix_of(address)


def prefix_of(address: str) -> str:
    """Return the path of an address, with a slash at both ends."""
    path = urlsplit(address).path.strip("/")
    return f"/{path}/" if path else "/"


def write_lost_page(app: Sphinx, config: Any) -> None:
    """Say what stands on the page for the lost."""
    if address := config.html_baseurl:
        front = f"{config.root_doc}.html"
        body = LOST_TEXT.format(prefix=prefix_of(address), front=front)
        config.notfound_context = {"title": "There is no page here", "body": body}


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Put into the head of a page what it is about, and how other sites should show it."""
    address = app.config.html_baseurl
    if doctree:
        description = first_paragraph(doctree)
        context["metatags"] += tag("name", "description", description)
        if address:
            told = open_graph(app, pagename, description, context["pageurl"])
            context["metatags"] += "".join(tag("property", *one) for one in told.items())
    elif address and pagename == LOST:
        context["content_root"] = prefix_of(address)
        context["pageurl"] = None


def open_graph(app: Sphinx, pagename: str, description: str, url: str) -> dict[str, str]:
    """Return what Open Graph says of a page."""
    root = app.config.html_baseurl.rstrip("/")
    width, height = map(str, CARD_SIZE)
    return {
        "og:title": app.env.titles[pagename].astext(),
        "og:type": "book" if pagename == app.config.root_doc else "article",
        "og:url": url,
        "og:site_name": app.config.project,
        "og:description": description,
        "og:image": f"{root}/{CARD}",
        "og:image:width": width,
        "og:image:height": height,
        "og:image:alt": f"{app.config.project}: the loss falls as the probability rises",
    }


def tag(kind: str, name: str, content: str) -> str:
    """Return one element of a page's head."""
    return f'<meta {kind}="{name}" content="{escape(content)}" />\n'


def first_paragraph(doctree: nodes.document) -> str:
    """Return the first paragraph that stands in a section by itself, shortened between words."""
    for paragraph in doctree.findall(nodes.paragraph):
        own = isinstance(paragraph.parent, nodes.section)
        if own and "reading-time" not in paragraph["classes"]:
            return textwrap.shorten(paragraph.astext(), LENGTH, placeholder=" …")
    return ""


def write_card(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture that other sites show; without an address remove it and the lost page."""
    if not (pages := page_folder(app, exception)):
        return
    if app.config.html_baseurl:
        renew(pages / CARD, card(app.config.project))
    else:
        for name in (CARD, f"{LOST}.html"):
            (pages / name).unlink(missing_ok=True)


def card(title: str) -> bytes:
    """Return the picture: the title, and the curve of the loss with a point on it."""
    figure = Figure(figsize=(CARD_SIZE[0] / 100, CARD_SIZE[1] / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.07, 0.76, title, size=54, family="serif", color=PALETTE["ink"])
    figure.text(0.07, 0.67, "Every formula checked", size=26, color=PALETTE["muted"])
    axes = figure.add_axes((0.07, 0.1, 0.86, 0.5))
    axes.set(xlim=(0, 1.02), ylim=(-0.1, 3.2), xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(False)
    probabilities = np.linspace(0.02, 1, 400)
    axes.plot(probabilities, -np.log(probabilities), color=PALETTE["blue"], lw=6)
    axes.plot(0.57, -np.log(0.57), "o", color=PALETTE["orange"], ms=22)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()
