"""Figures in the page follow the theme.

Matplotlib writes each figure as SVG with the fixed colours of ``softmaxlab.figures``. In HTML the
drawing is put into the page itself, with those colours replaced by the style sheet's variables.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from docutils import nodes
from softmaxlab.figures import PALETTE
from sphinx.transforms.post_transforms import SphinxPostTransform

SVG = "http://www.w3.org/2000/svg"
STYLE = f"{{{SVG}}}style"
GROUP = f"{{{SVG}}}g"
XLINK = "{http://www.w3.org/1999/xlink}href"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def themed(text: str) -> str:
    """Replace the fixed colours of the figures by the style sheet's variables."""
    for name, colour in PALETTE.items():
        text = re.sub(re.escape(colour), f"var(--figure-{name}, {colour})", text, flags=re.I)
    return text


def without_bare_groups(root: ET.Element) -> None:
    """Drop the ids that nothing refers to, and the groups that then say nothing."""
    text = ET.tostring(root, encoding="unicode")
    wanted = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    for element in root.iter():
        if element.get("id") not in wanted:
            element.attrib.pop("id", None)
    unwrap(root)


def unwrap(element: ET.Element) -> None:
    """Put the children of each group without attributes in its place."""
    for child in list(element):
        unwrap(child)
        if child.tag == GROUP and not child.attrib:
            place = list(element).index(child)
            element[place : place + 1] = list(child)


def with_prefix(root: ET.Element, prefix: str) -> None:
    """Make the ids of one drawing unlike those of every other on the page."""
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", prefix + element.attrib["id"])
        for name, value in element.attrib.items():
            if name in ("href", XLINK) and value.startswith("#"):
                element.set(name, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}"))


def inline_svg(path: Path, alt: str, prefix: str) -> str:
    """Return the drawing as an element of the page."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    for child in [c for c in root if c.tag.endswith("metadata") or c.find(STYLE) is not None]:
        root.remove(child)
    # What the drawing's style sheet said of every element of the page.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    without_bare_groups(root)
    with_prefix(root, prefix)
    width = float(root.attrib.pop("width").removesuffix("pt")) * 4 / 3  # points to pixels
    root.attrib.pop("height")
    root.set("style", f"--width: {width:.0f}px")
    root.set("class", "course-figure")
    root.set("role", "img")
    root.set("aria-label", alt)
    drawing = themed(ET.tostring(root, encoding="unicode"))
    return f'<div class="course-figure-box">{drawing}</div>'


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
                drawing = inline_svg(path, image.get("alt", ""), f"{stem}-{number}-")
                image.replace_self(nodes.raw("", drawing, format="html"))
