"""Names that depend on nothing but the order of declarations, so that they decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checkedmath.notation import Definition, Key, Notation
from checkedmath.reading.display import Condition
from checkedmath.reading.tree import Node


class Naming:
    """New names for all declared letters.

    Whatever sorts by names, as SymPy does, then sorts alike whatever an author's letters are.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    words : dict, optional
        The new names; such as tell only the order of declarations unless given.
    """

    def __init__(self, notation: Notation, words: Mapping[str, str] | None = None) -> None:
        self.old = notation
        self.words = by_order(notation) if words is None else words

    def word(self, word: str) -> str:
        """Return the new name of a letter."""
        return self.words.get(word, word)

    def of(self, *words: str) -> tuple[str, ...]:
        """Return the new names of some letters."""
        return tuple(map(self.word, words))

    def node(self, node: Node) -> Node:
        """Return a tree with new names."""
        return Node(node.kind, self._args(node.args))

    def _args(self, args: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(
            self.node(arg)
            if isinstance(arg, Node)
            else self._args(arg)
            if isinstance(arg, tuple)
            else self.word(arg)
            if isinstance(arg, str)
            else arg
            for arg in args
        )

    def conditions(self, conditions: Iterable[Condition]) -> list[Condition]:
        """Return conditions with new names."""
        return [
            each._replace(left=self.word(each.left), right=self.word(each.right))
            for each in conditions
        ]

    def notation(self) -> Notation:
        """Return what the new names stand for."""
        old, word = self.old, self.word
        return Notation(
            {word(name): sizes for name, sizes in old.sizes.items()},
            {word(name): word(size) for name, size in old.indices.items()},
            {word(name): (kind, *self.of(*sizes)) for name, (kind, *sizes) in old.symbols.items()},
            {self._key(key): self._definition(each) for key, each in old.definitions.items()},
        )

    def _key(self, key: Key) -> Key:
        return self.word(key) if isinstance(key, str) else (self.word(key[0]), key[1])

    def _definition(self, old: Definition) -> Definition:
        return Definition(
            self.of(*old.parameters),
            self.of(*old.letters),
            self.node(old.body),
            {self.word(name): self.word(size) for name, size in old.ranges.items()},
            old.separators,
            frozenset(map(self._key, old.depends)),
            frozenset(map(self._key, old.rests)),
            self.of(*old.sees),
        )


def by_order(notation: Notation) -> dict[str, str]:
    """Return names for all declared letters that tell only in what order they were declared."""
    tables: dict[str, Iterable[str]] = {
        "x": notation.symbols,
        "n": notation.sizes,
        "i": notation.indices,
    }
    return {
        word: f"{head}{place:03d}"
        for head, words in tables.items()
        for place, word in enumerate(words)
    }
