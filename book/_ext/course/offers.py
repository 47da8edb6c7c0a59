"""What has been made of the book beside its pages, offered where a reader looks for it.

``make pdf``, ``make epub``, ``make figures`` and ``make slides`` write into the folder of the
build. The next build copies what it finds there into ``downloads``, and ``{offered} pdf epub``
becomes a list of links to it. Where nothing has been made nothing is said.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.memory import memory_of
from course.written import files_in, page_folder, renew

FOLDER = "downloads"
MEGABYTE = 1e6


class Offer(NamedTuple):
    """Something that a command makes of the book: what it is called, its folder, what to open."""

    text: str
    folder: str
    opened: str

    def path(self, app: Sphinx) -> Path:
        """Return where it is, if it has been made."""
        return Path(app.outdir).parent / self.folder / self.opened

    def size(self, app: Sphinx) -> str:
        """Return how large it is, with all that belongs to it."""
        path = self.path(app)
        files = files_in(path.parent) if path.suffix == ".html" else [path]
        return f"{sum(file.stat().st_size for file in files) / MEGABYTE:.1f} MB"


OFFERS = {
    "pdf": Offer("The book as a PDF", "pdf", "from-logits-to-loss.pdf"),
    "epub": Offer("The book for an e-reader (EPUB)", "epub", "from-logits-to-loss.epub"),
    "figures": Offer("All figures, as SVG and PDF", "figures", "from-logits-to-loss-figures.zip"),
    "slides": Offer("Slides of every chapter", "slides", "index.html"),
}


class Offered(nodes.General, nodes.Element):
    """The place of some offers."""


class OfferedDirective(SphinxDirective):
    """Place what has been made; the argument names what is to be offered here."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the place, and note that the page has one."""
        names = self.arguments[0].split()
        if unknown := set(names) - OFFERS.keys():
            raise self.error(f"nobody makes this: {', '.join(sorted(unknown))}")
        self.env.metadata[self.env.docname]["offers"] = " ".join(names)
        return [Offered("", names=names)]


def visit_offered(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write links to what there is."""
    builder = translator.builder
    up = builder.get_relative_uri(translator.docnames[0], "genindex").removesuffix("genindex.html")
    found = [OFFERS[name] for name in node["names"] if OFFERS[name].path(builder.app).is_file()]
    items = "".join(
        f'<li><p><a href="{up}{FOLDER}/{place_of(one)}">{one.text}</a>,'
        f" {one.size(builder.app)}</p></li>\n"
        for one in found
        if builder.name == "html"
    )
    if items:
        translator.body.append(f'<ul class="simple offered">\n{items}</ul>\n')
    raise nodes.SkipNode


def place_of(offer: Offer) -> str:
    """Return where an offer lies among the downloads: a folder if it is more than one file."""
    return f"{offer.folder}/{offer.opened}" if offer.opened == "index.html" else offer.opened


def pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with offers, if there are others than the last time."""
    made = [one for one in OFFERS.values() if one.path(app).is_file()]
    offered = [f"{one.opened} {one.size(app)}" for one in made]
    memory = memory_of(env)
    if memory.offered == offered:
        return []
    memory.offered = offered
    return sorted(name for name in env.found_docs if "offers" in env.metadata[name])


def copy_offers(app: Sphinx, exception: Exception | None) -> None:
    """Put what there is beside the pages, and remove what there is no more."""
    if not (pages := page_folder(app, exception)):
        return
    kept = set(copied(app, pages / FOLDER))
    for path in list(files_in(pages / FOLDER)):
        if path not in kept:
            path.unlink()
    if not kept:
        shutil.rmtree(pages / FOLDER, ignore_errors=True)


def copied(app: Sphinx, target: Path) -> set[Path]:
    """Copy what there is; return the copies."""
    copies: dict[Path, Any] = {}
    for offer in OFFERS.values():
        path = offer.path(app)
        if path.is_file():
            whole = offer.opened == "index.html"
            files = list(files_in(path.parent)) if whole else [path]
            start = path.parent.parent if whole else path.parent
            copies |= {target / file.relative_to(start): file for file in files}
    for copy, file in copies.items():
        renew(copy, file.read_bytes())
    return set(copies)
