"""The picture of the whole subject, ``{overview}``: each of its parts leads to a chapter.

Every part is drawn from the same three scores, by ``softmaxlab``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from docutils import nodes
from numpy.typing import NDArray
from softmaxlab import softmax
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

Floats = NDArray[np.floating[Any]]

WIDTH, HEIGHT = 120, 72
SCORES = np.array([3.0, 1.0, -3.0])
RIGHT = 0  # the class that is the right one
PROBABILITIES = softmax(SCORES)
COLOURS = ("blue", "orange", "green")


def bars(values: Floats, unit: float, zero: float) -> str:
    """Draw a bar for each of three numbers; `unit` is the height of one."""
    drawn = ""
    for place, (value, colour) in enumerate(zip(values, COLOURS, strict=True)):
        height = max(abs(value) * unit, 0.8)
        top = zero - height if value > 0 else zero
        drawn += (
            f'<rect x="{16 + 32 * place}" y="{top:.1f}" width="24" height="{height:.1f}"'
            f' class="fill-{colour}"/>'
        )
    return f'{drawn}<path d="M8 {zero}H112" class="stroke-muted"/>'


def curve(
    function: Callable[[float], float],
    start: float,
    end: float,
    dots: Iterable[tuple[float, str]],
) -> str:
    """Draw a function from the left to the right, as high as it is there, and dots on it."""
    xs = np.linspace(start, end, 40)
    heights = [function(x) for x in xs]
    low, high = min(heights), max(heights)

    def place(x: float) -> tuple[float, float]:
        return (
            8 + (x - start) / (end - start) * (WIDTH - 16),
            HEIGHT - 8 - (function(x) - low) / (high - low) * (HEIGHT - 16),
        )

    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, xs))
    drawn = f'<polyline points="{line}" class="fill-none stroke-muted"/>'
    for value, colour in dots:
        x, y = place(value)
        drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="fill-{colour}"/>'
    return drawn


def arrows(values: Floats) -> str:
    """Draw three arrows in proportion to the numbers, up for those above zero."""
    zero, unit = HEIGHT / 2, (HEIGHT / 2 - 6) / np.abs(values).max()
    drawn = f'<path d="M8 {zero:.0f}H112" class="stroke-muted"/>'
    for place, (value, colour) in enumerate(zip(values, COLOURS, strict=True)):
        x, end, head = 28 + 32 * place, zero - value * unit, math.copysign(5, value)
        drawn += f'<path d="M{x} {zero:.0f}V{end:.1f}" class="stroke-{colour}"/>'
        if abs(value) * unit > abs(head):
            tip = f"M{x - 4} {end + head:.1f}L{x} {end:.1f}L{x + 4} {end + head:.1f}"
            drawn += f'<path d="{tip}" class="fill-none stroke-{colour}"/>'
    return drawn


PARTS = (
    ("scores", "Scores", "what a model says for each class", bars(SCORES, 10, 38)),
    (
        "softmax",
        "Softmax",
        "turns scores into positive shares of one",
        curve(np.exp, -3.4, 3.2, zip(SCORES, COLOURS, strict=True)),
    ),
    ("entropy", "Probabilities", "and the surprise they stand for", bars(PROBABILITIES, 62, 66)),
    (
        "cross-entropy-loss",
        "Loss",
        "the surprise at the right class",
        curve(lambda a: -np.log(a), 0.03, 1, [(PROBABILITIES[RIGHT], COLOURS[RIGHT])]),
    ),
    (
        "gradient",
        "Gradient",
        "each score takes a step against it",
        arrows(np.eye(3)[RIGHT] - PROBABILITIES),
    ),
)


class Overview(nodes.General, nodes.Element):
    """The picture; its children are links, one for each part, in order."""


class OverviewDirective(SphinxDirective):
    """Place the picture of the whole."""

    def run(self) -> list[nodes.Node]:
        """Return links that Sphinx resolves, or complains of."""
        node = Overview()
        for label, title, text, _ in PARTS:
            link = addnodes.pending_xref(
                "",
                nodes.inline("", f"{title}: {text}", classes=["std", "std-ref"]),
                refdomain="std",
                reftype="ref",
                reftarget=label,
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            node += nodes.paragraph("", "", link)
        self.set_source_info(node)
        return [node]


def visit_overview(translator: HTML5Translator, node: nodes.Element) -> None:
    """Draw the picture as a list of links."""
    links = list(node.findall(nodes.reference))
    translator.body.append('<ol class="overview" aria-label="The whole subject in five steps">\n')
    for link, (_, title, text, drawing) in zip(links, PARTS, strict=True):
        uri = link.get("refuri") or f"#{link['refid']}"
        translator.body.append(
            f'<li><a href="{uri}">'
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{drawing}</svg>'
            f"<strong>{title}</strong> <span>{text}</span></a></li>\n"
        )
    translator.body.append("</ol>\n")
    raise nodes.SkipNode
