"""A page as a row of pieces: texts, and the code between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from docutils import nodes
from sphinx_exercise.nodes import solution_node

from course.notebooks.markdown import Writer, caption, stacked
from course.notebooks.stubs import stub


@dataclass
class Text:
    """Markdown."""

    source: str


class Title(Text):
    """The title of the page or of a section; it begins a cell."""


@dataclass
class Code:
    """A cell that was executed, by its place in the executed notebook.

    Attributes
    ----------
    index : int
        The place.
    alts : list of str
        What is to be seen in its pictures.
    """

    index: int
    alts: list[str]


@dataclass
class Stub:
    """Code for the reader to complete."""

    source: str


Piece = Text | Code | Stub


def pieces(writer: Writer, node: nodes.Node, level: int = 0) -> Iterator[Piece]:
    """Yield what stands in a page or a section, in order."""
    for child in node.children:
        if isinstance(child, nodes.section):
            yield from pieces(writer, child, level + 1)
        elif isinstance(child, nodes.title):
            yield Title(f"{'#' * level} {writer.words(child)}")
        elif is_cell(child):
            alts = [image.get("alt", "") for image in child.findall(nodes.image)]
            yield Code(child["cell_index"], alts)
            yield Text(captions(writer, child))
        else:
            if isinstance(child, solution_node) and (source := stub(code_in(child))):
                yield Stub(source)
            yield Text(writer.block(child))


def is_cell(node: nodes.Node) -> TypeGuard[nodes.container]:
    """Tell whether a part of a page is a cell that was executed."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def code_in(node: nodes.Element) -> list[str]:
    """Return the code of the cells inside of a solution."""
    boxes = node.findall(nodes.container)
    return [box.astext() for box in boxes if box.get("nb_element") == "cell_code_source"]


def captions(writer: Writer, node: nodes.Element) -> str:
    """Return what stands under the figures of a cell."""
    return stacked(
        caption(writer, figure, text)
        for figure in node.findall(nodes.figure)
        for text in figure.findall(nodes.caption)
    )
