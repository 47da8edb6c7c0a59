"""What has been made of the book beside its pages, offered where a reader looks for it.

``make pdf``, ``make epub``, ``make figures`` and ``make slides`` write into the folder of the
build. The next build copies what it finds there into ``downloads``, and ``{offered} pdf epub``
becomes a list of links to it. Where nothing has been made nothing is said.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

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

    @property
    def place(self) -> str:
        """Where it is opened, below the downloads: pages keep their folder."""
        return f"{self.folder}/{self.opened}" if self.opened == "index.html" else self.opened

    def files(self, app: Sphinx) -> dict[str, Path]:
        """Return its files by their places below the downloads; none if it has not been made."""
        opened = Path(app.outdir).parent / self.folder / self.opened
        if not opened.is_file():
            return {}
        if self.place == self.opened:
            return {self.place: opened}
        return {
            file.relative_to(opened.parents[1]).as_posix(): file for file in files_in(opened.parent)
        }

    def size(self, app: Sphinx) -> str:
        """Return how large it is, with all that belongs to it."""
        return f"{sum(file.stat().st_size for file in self.files(app).values()) / MEGABYTE:.1f} MB"


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
    app = builder.app
    items = "".join(
        f'<li><p><a href="{up}{FOLDER}/{one.place}">{one.text}</a>, {one.size(app)}</p></li>\n'
        for one in map(OFFERS.__getitem__, node["names"])
        if builder.name == "html" and one.files(app)
    )
    if items:
        translator.body.append(f'<ul class="simple offered">\n{items}</ul>\n')
    raise nodes.SkipNode


def pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with offers, if there are others than the last time."""
    offered = [f"{o.opened} {o.size(app)}" for o in OFFERS.values() if o.files(app)]
    memory = memory_of(env)
    if memory.offered == offered:
        return []
    memory.offered = offered
    return sorted(name for name in env.found_docs if "offers" in env.metadata[name])


def content_beside(pages: Path, file: Path) -> bytes:
    """Return the content of a file whose links to the pages hold from below the downloads."""
    content = file.read_bytes()
    if file.suffix != ".html":
        return content
    return content.replace(f'href="../{pages.name}/'.encode(), b'href="../../')


def copy_offers(app: Sphinx, exception: Exception | None) -> None:
    """Put what there is beside the pages, and remove what there is no more."""
    if not (pages := page_folder(app, exception)):
        return
    copies = {
        pages / FOLDER / place: file
        for offer in OFFERS.values()
        for place, file in offer.files(app).items()
    }
    for copy, file in copies.items():
        renew(copy, content_beside(pages, file))
    for path in list(files_in(pages / FOLDER)):
        if path not in copies:
            path.unlink()
    if not copies:
        shutil.rmtree(pages / FOLDER, ignore_errors=True)
