"""Drawings of matplotlib as elements of a page, whose colours follow the theme.

Matplotlib writes each figure as SVG with the fixed colours of ``softmaxlab.figures``; they are
replaced by the style sheet's variables.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from softmaxlab.figures import PALETTE

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


def inline_svg(drawing: str, alt: str, prefix: str) -> str:
    """Return the text of a drawing as an element of the page."""
    root = ET.fromstring(drawing)
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
    themed_drawing = themed(ET.tostring(root, encoding="unicode"))
    return f'<div class="course-figure-box">{themed_drawing}</div>'
