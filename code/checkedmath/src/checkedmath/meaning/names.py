"""What a name means at one place of a formula, whatever its value is computed with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.notation import Definition, Notation
from checkedmath.reading.binding import key_at, letters_at
from checkedmath.reading.parser import MATRIX_FUNCTIONS
from checkedmath.reading.tree import Node, walk

CONSTANTS = {"e": sp.E, r"\pi": sp.pi}


class Scope(NamedTuple):
    """What letters mean at one place of a formula; a place further in has a scope of its own.

    Attributes
    ----------
    values : dict
        What index letters and the arguments of functions stand for.
    ranges : dict of str to str
        The index letters, with the size they run up to.
    held : frozenset of str
        Names that stand for free numbers although they are defined: they are varied.
    guarded : bool
        Whether a case decides if a value is computed at all.
    where : tuple
        What holds in the cases that this stands in, each as ``(relation, left, right)``.
    approaching : tuple of str
        What comes near its target, and the target, if this is inside a limit.
    outermost : dict
        What the free index letters of the whole formula stand for.
    """

    values: Mapping[str, Any]
    ranges: Mapping[str, str]
    held: frozenset[str] = frozenset()
    guarded: bool = False
    where: tuple[tuple[str, Any, Any], ...] = ()
    approaching: tuple[str, ...] = ()
    outermost: Mapping[str, Any] = {}

    def binding(self, letter: str, value: Any) -> Scope:
        """Return the scope in which a letter has a value."""
        return self._replace(values={**self.values, letter: value})

    def holding(self, words: Iterable[str]) -> Scope:
        """Return the scope in which some names are varied."""
        return self._replace(held=self.held.union(words))

    def within(self, definition: Definition, values: Mapping[str, Any]) -> Scope:
        """Return the scope of the body of a definition, which sees nothing of its surroundings.

        What is varied there is varied in it too. What stands for a letter of a fact sees the free
        index letters of the formula.
        """
        seen = {letter: self.outermost[letter] for letter in definition.sees}
        return self._replace(values={**seen, **values}, ranges=definition.ranges)


class Names:
    """What a notation says about names.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    """

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def outermost(self, values: Mapping[str, Any]) -> Scope:
        """Return the scope of a whole formula whose free index letters have values."""
        return Scope(values, self.notation.indices, outermost=values)

    def is_free(self, word: str, scope: Scope) -> bool:
        """Tell whether a name stands for free numbers here, and not for its definition."""
        defined = word in self.notation.definitions
        return word in self.notation.symbols and (word in scope.held or not defined)

    def is_delta(self, word: str, letters: Collection[str]) -> bool:
        """Tell whether a name with its indices is Kronecker's delta."""
        return word == r"\delta" and len(letters) == 2 and word not in self.notation.symbols

    def sizes_of(self, word: str, scope: Scope) -> tuple[str, ...]:
        """Return up to which sizes the indices of a name run."""
        if self.is_free(word, scope):
            return tuple(self.notation.symbols[word][1:])
        definition = self.notation.definitions.get(word)
        if definition is not None:
            return tuple(definition.ranges[letter] for letter in definition.letters)
        if word in self.notation.sizes or word in CONSTANTS:
            return ()
        if word in self.notation.functions:
            raise FormulaError(f"{word} is a function: write {word}(...)")
        if word in scope.ranges:
            raise FormulaError(f"the index {word} has no value here")
        if word in (r"\operatorname{tr}", r"\operatorname{diag}"):
            raise FormulaError(f"{word} takes what is in parentheses: write {word}(...)")
        raise FormulaError(self.without_meaning(word))

    def without_meaning(self, word: str) -> str:
        """Say that a name has no meaning, or has none any more."""
        by = self.notation.ended.get(word)
        if by is None:
            return f"'{word}' has no meaning: it is neither declared nor defined"
        return f"'{word}' has no meaning any more: it ended where {by} was given a new one"

    def size_of_index(self, letter: str, scope: Scope) -> str:
        """Return the name of the size up to which an index letter runs."""
        if letter not in scope.ranges:
            known = " ".join(scope.ranges) or "none"
            raise FormulaError(f"{letter} is not an index (the indices are {known})")
        return scope.ranges[letter]

    def function(self, word: str, count: int) -> Definition:
        """Return the definition of a function of so many arguments."""
        if (word, count) not in self.notation.definitions:
            if word in self.notation.ended:
                raise FormulaError(self.without_meaning(word))
            raise FormulaError(f"{word} is not defined for {count} argument(s)")
        return self.notation.definitions[word, count]

    def called(self, word: str, count: int, separators: tuple[str, ...]) -> Definition:
        """Return the definition of a function that is called with some signs in between."""
        definition = self.function(word, count)
        if count == 1 and (word in self.notation.symbols or word in self.notation.sizes):
            raise FormulaError(
                rf"{word} is a number and a function: write {word} \cdot (...), or rename one"
            )
        if definition.separators != separators:
            said = " ".join((word, *definition.separators))
            raise FormulaError(f"{word} was defined with other signs between its arguments: {said}")
        return definition

    def check_key(self, key: str | tuple[str, int]) -> None:
        """Refuse a name or a function, listed as in the definitions, that has no meaning."""
        if isinstance(key, str):
            if key != r"\delta":
                self.sizes_of(key, self.outermost({}))
        elif key[0] not in MATRIX_FUNCTIONS:
            self.function(*key)

    def check_unbound(self, words: Iterable[str], scope: Scope) -> None:
        """Refuse to vary what is an argument or an index."""
        for word in words:
            if word in scope.values:
                raise FormulaError(f"{word} is an argument or an index here and cannot be varied")

    def check_variable(self, words: Iterable[str]) -> None:
        """Refuse to vary what has no domain."""
        for word in words:
            if word not in self.notation.symbols:
                place = ", above its definition" if word in self.notation.definitions else ""
                raise FormulaError(
                    f"{word} cannot be varied: declare its domain, as `{word}: real`{place}"
                )


def sizes_in(nodes: Iterable[Node], notation: Notation) -> set[str]:
    """Return the sizes that values of trees may depend on, through definitions too."""
    found: set[str] = set()
    known: set[object] = set()
    waiting = [(node, notation.indices, frozenset[str]()) for node in nodes]
    while waiting:
        tree, ranges, arguments = waiting.pop()
        for node in walk(tree):
            found.update(ranges.get(letter, letter) for letter in letters_at(node))
            key = key_at(node)
            if key is None or key in arguments or key in known:
                continue
            known.add(key)
            if isinstance(key, str):
                found.update((ranges.get(key, key), *notation.symbols.get(key, ())[1:]))
            definition = notation.definitions.get(key)
            if definition is not None:
                found.update(definition.ranges[letter] for letter in definition.letters)
                inner = frozenset(definition.parameters)
                waiting.append((definition.body, definition.ranges, inner))
    return found & notation.sizes.keys()


def check_count(word: str, letters: Collection[str], sizes: Collection[object]) -> None:
    """Refuse a name with more or fewer indices than it has."""
    if len(letters) != len(sizes):
        wanted = "no index" if not sizes else f"{len(sizes)} index letter(s)"
        raise FormulaError(f"{word} takes {wanted}, not {len(letters)}")
