"""Trees in one form: without what changes nothing, and with definitions in the place of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkedmath.notation import Notation
from checkedmath.reading.binding import key_at
from checkedmath.reading.tree import Node


def plain(node: Node) -> Node:
    r"""Return a tree without parentheses around it, and in one of two spellings.

    >>> from checkedmath.reading.printer import read, to_latex
    >>> to_latex(plain(read(r"(\exp(x))"))), to_latex(plain(read("x / y")))
    ('e^{x}', '\\frac{x}{y}')
    """
    if node.kind == "paren":
        return plain(node.args[0])
    if node.kind == "fn" and node.args[0] == r"\exp":
        return Node("pow", (Node("name", ("e", ())), node.args[1][0]))
    if node.kind == "mul" and node.args[1:2] == ("/",) and len(node.args) == 3:
        return Node("div", (node.args[0], node.args[2]))
    return node


def difference(left: Node, right: Node) -> Node:
    r"""Return the sum of all terms of the left side, and of those of the right one with a minus.

    >>> from checkedmath.reading.printer import read, to_latex
    >>> to_latex(difference(read("x - (y + 2)"), read("-t + 0")))
    'x - y - 2 + t'
    """
    return Node("add", (*signed(left, False), *signed(right, True)))


def signed(node: Node, minus: bool) -> Iterator[Node]:
    """Yield the terms of a sum, with their signs or against them."""
    node = plain(node)
    if node.kind == "add":
        for term in node.args:
            yield from signed(term, minus)
    elif node.kind == "neg":
        yield from signed(node.args[0], not minus)
    elif node != Node("num", ("0",)):
        yield Node("neg", (node,)) if minus else node


def unfolded(node: Node, notation: Notation) -> Node | None:
    """Return what the name at a tree is defined as, or None if no tree says it."""
    key = key_at(node)
    definition = notation.definitions.get(key) if key is not None else None
    if definition is None or node.kind == "prime":
        return None
    letters = node.args[1] if node.kind == "name" else ()
    if len(letters) != len(definition.letters):
        return None
    arguments = node.args[1] if node.kind == "call" else ()
    return put_in(
        definition.body,
        dict(zip(definition.parameters, arguments, strict=True)),
        dict(zip(definition.letters, letters, strict=True)),
    )


def put_in(node: Node, arguments: Mapping[str, Node], letters: Mapping[str, str]) -> Node:
    """Return a tree with others in the place of names, and other index letters."""
    if node.kind == "name" and node.args[0] in arguments:
        word, found = node.args
        return entry(arguments[word], tuple(letters.get(each, each) for each in found))
    return Node(node.kind, _args(node.args, arguments, letters))


def entry(node: Node, letters: tuple[str, ...]) -> Node:
    """Return an entry of a vector or a matrix; the tree itself if no index is given."""
    if not letters:
        return node
    if node.kind == "name" and not node.args[1]:
        return Node("name", (node.args[0], letters))
    return Node("entry", (node, letters))


def _args(
    args: tuple[object, ...], arguments: Mapping[str, Node], letters: Mapping[str, str]
) -> tuple[object, ...]:
    return tuple(
        put_in(arg, arguments, letters)
        if isinstance(arg, Node)
        else _args(arg, arguments, letters)
        if isinstance(arg, tuple)
        else letters.get(arg, arg)
        if isinstance(arg, str)
        else arg
        for arg in args
    )
