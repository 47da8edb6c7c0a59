"""The discipline of indices: which letters are free in a formula, and which are summed."""

import itertools
from typing import NamedTuple

from checkedmath.nodes import children


class ScopeError(Exception):
    """A letter that is free and summed at once, or a summation letter that does not occur."""


class Scope(NamedTuple):
    """The index letters of a formula."""

    free: frozenset
    summed: frozenset


def scope(node, notation):
    """Return the free and the summed index letters of a formula.

    Raises
    ------
    ScopeError
        If a letter is summed in one factor of a product and free in another, or if a sum runs over
        a letter that does not occur in it.
    """
    own = frozenset(letter for letter in _letters(node) if letter in notation.indices)
    inner = [scope(child, notation) for child in children(node)]
    free = own.union(*(each.free for each in inner))
    summed = frozenset().union(*(each.summed for each in inner))
    if node.kind == "mul":
        _refuse_both(inner)
    binder = _binder(node)
    if binder is None:
        return Scope(free, summed)
    letter, sign, exception = binder
    if letter not in free:
        raise ScopeError(f"the index {letter!r} of {sign} does not occur in what it ranges over")
    kept = {exception} & notation.indices.keys()
    return Scope((free - {letter}) | kept, summed | {letter})


def _letters(node):
    """Return the letters that stand in the node itself, not below it."""
    if node.kind == "name":
        word, subscripts = node.args
        return subscripts or (word,)
    if node.kind == "cases":
        return [letter for _, left, _, right in node.args for letter in (left, right)]
    if node.kind == "paren":
        return node.args[1]
    if node.kind == "expect":
        return (node.args[0],)  # the distribution has an entry for it
    return ()


def _binder(node):
    """Return the letter that a node binds, its sign, and the letter that it leaves out."""
    if node.kind == "big":
        return node.args[1], node.args[0], node.args[2]
    if node.kind == "argmax":
        return node.args[0], "argmax", None
    if node.kind == "expect":
        return node.args[0], "the expectation", None
    return None


def _refuse_both(factors):
    for one, other in itertools.permutations(factors, 2):
        both = one.free & other.summed
        if both:
            raise ScopeError(
                f"the index {min(both)!r} is summed inside one factor and free in another"
            )
