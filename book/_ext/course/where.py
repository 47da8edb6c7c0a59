"""Where a part of a page stands, and what it stands in; one node in the translators' terms."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator


def line_of(node: nodes.Node | None) -> int:
    """Return the line of a node, or of the nearest parent that knows where it stands."""
    while node is not None and not node.line:
        node = node.parent
    return (node.line or 1) if node is not None else 1


def has_parent(node: nodes.Node | None, kinds: tuple[type[nodes.Node], ...]) -> bool:
    """Tell whether a part of a page is something of these kinds, or stands in one."""
    while node is not None and not isinstance(node, kinds):
        node = node.parent
    return node is not None


def as_it_is(translator: SphinxTranslator, node: nodes.Node) -> None:
    """Write what stands inside a node as if the node were not there."""
