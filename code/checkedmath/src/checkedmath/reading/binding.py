r"""The discipline of index letters.

A letter has one meaning at a time: where it is free, or bound by a sum, no sum inside may take it
again. So no letter is both free and summed in one product. A sum has its letter in what it sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from checkedmath.errors import CheckError
from checkedmath.reading.tree import Node, children

BINDERS = ("big", "expect", "argmax")


class ScopeError(CheckError):
    """A letter that is used against the rules."""


class UnusedLetterError(ScopeError):
    """A letter that is bound and does not occur: the formula cannot mean what it says."""


def letters_at(node: Node) -> tuple[str, ...]:
    """Return the index letters and numbers that stand at a node itself: below it, or under it."""
    if node.kind in ("name", "entry"):
        return node.args[1]
    if node.kind == "big":
        return tuple(filter(None, (node.args[1], node.args[3])))
    return node.args[1:2] if node.kind in BINDERS else ()


def key_at(node: Node) -> str | tuple[str, int] | None:
    """Return the name that stands at a node itself, as definitions list it, or None."""
    if node.kind == "name":
        return node.args[0]
    if node.kind == "call":
        return node.args[0], len(node.args[1])
    return (node.args[0], 1) if node.kind == "prime" else None


def free_letters(node: Node, indices: AbstractSet[str], partners: bool = True) -> set[str]:
    r"""Return the index letters that are free in a tree, where `indices` are those declared.

    The partner j of ``\sum_{i \ne j} x_{ij}``, which stands in what is summed as well, is one of
    them, unless partners are not asked for.
    """
    below = [free_letters(child, indices, partners) for child in children(node)]
    free: set[str] = set().union(*below)
    if node.kind == "name":
        word, letters = node.args
        free |= set(letters or (word,)) & indices
    elif node.kind == "entry":
        free |= set(node.args[1]) & indices
    elif node.kind in BINDERS:
        body_letter = {node.args[1]} & indices
        other = set(filter(None, node.args[3:4])) if node.kind == "big" else set()
        free -= body_letter
        paired = other & free_letters(node.args[-1], indices)
        free = free - other if paired and not partners else free | (other & indices)
    return free


def check_letters(node: Node, indices: AbstractSet[str], outside: AbstractSet[str]) -> None:
    """Refuse a tree that gives a letter a second meaning, or sums over one that does not occur.

    Parameters
    ----------
    node : Node
        The tree.
    indices : set of str
        The declared index letters.
    outside : set of str
        Letters that have a meaning already: at first, the free ones.
    """
    if node.kind in BINDERS:
        operator, letter, body = node.args[0], node.args[1], node.args[-1]
        if letter in outside:
            bound = "summed" if operator == r"\sum" else f"bound by {operator}"
            raise ScopeError(
                f"the index {letter!r} is {bound} here, but has a meaning outside already:"
                " rename the one inside, or is it one too many?"
            )
        check_letters(body, indices, outside | {letter})
        if letter not in free_letters(body, indices | {letter}):
            raise UnusedLetterError(
                f"the index {letter!r} of {operator} does not occur behind it: write the number of"
                " terms as a factor, or is a letter missing?"
            )
        inner: Iterable[Node] = [child for child in children(node) if child is not body]
    else:
        inner = children(node)
    for child in inner:
        check_letters(child, indices, outside)
