"""Figures in the page: the drawing of a cell is put into the page itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.drawings import inline_svg


class InlineFigures(SphinxPostTransform):
    """Put the SVG figures that cells have drawn into the HTML."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace each drawn image by its drawing."""
        stem = nodes.make_id(self.env.docname)
        for number, image in enumerate(list(self.document.findall(nodes.image))):
            path = Path(self.env.srcdir) / image["uri"]
            if path.suffix == ".svg" and path.exists():
                drawing = inline_svg(
                    path.read_text(encoding="utf-8"), image.get("alt", ""), f"{stem}-{number}-"
                )
                image.replace_self(nodes.raw("", drawing, format="html"))
