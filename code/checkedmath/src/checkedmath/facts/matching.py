"""Find what stands for the letters of a fact in a step: by the form of both, side by side.

Nothing rests on what is found here: whether the fact with these letters is the step is then proved.
So definitions are put in without regard to index letters that meet by chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.facts.unfolding import difference, entry, plain, unfolded
from checkedmath.meaning.names import Names
from checkedmath.notation import CONSTANTS, Fact, Notation
from checkedmath.reading.binding import BINDERS, free_letters, key_at
from checkedmath.reading.tree import Node

#: How many pairs of parts are compared, and of how many terms all orders are tried.
MOST_PAIRS, MOST_ORDERED = 3_000, 4
#: Index letters of a whole vector or matrix, which no author can write.
PLACES = ("@1", "@2")
#: Index letters of the fact that are bound at a place, each with that of the step.
Bound = Mapping[str, str]


class PutIn(NamedTuple):
    """What stands for a letter of a fact, as a formula in the step's letters for its indices."""

    letters: tuple[str, ...]
    body: Node


class Found(NamedTuple):
    """What stands for the letters of a fact, for its free index letters, and for its sizes."""

    letters: dict[str, PutIn]
    indices: dict[str, str]
    sizes: dict[str, str]


class Matcher:
    """Compares the sides of a fact with those of a step.

    Parameters
    ----------
    fact, step : Notation
        What the letters of both stand for.
    free : list of str
        The free index letters of the step.
    """

    def __init__(self, fact: Notation, step: Notation, free: list[str]) -> None:
        self.fact, self.step, self.free = fact, step, free
        self.work = MOST_PAIRS

    def candidates(self, fact: Fact, sides: tuple[Node, Node]) -> Iterator[Found]:
        """Yield what may stand for the letters: by both sides, one, or all terms."""
        nothing = Found({}, {}, {})
        for found in self.of(fact.left, sides[0], nothing, {}):
            yield from self.of(fact.right, sides[1], found, {})
            yield found
        yield from self.of(fact.right, sides[1], nothing, {})
        yield from self.terms(difference(fact.left, fact.right), difference(*sides), nothing, {})

    def of(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what may stand for the letters of a part of the fact in a part of the step."""
        self.work -= 1
        if self.work < 0:
            return
        one, other = plain(one), plain(other)
        if self.is_letter(one):
            yield from self.letter(one, other, found, bound)
            return
        if one.kind == other.kind:
            rule = RULES.get(one.kind, Matcher.alike)
            yield from rule(self, one, other, found, bound)
        meant, met = unfolded(one, self.fact), unfolded(other, self.step)
        if meant is not None or met is not None:
            yield from self.of(meant or one, met or other, found, bound)

    def is_letter(self, node: Node) -> bool:
        """Tell whether a part of the fact is a letter that stands for any number or vector."""
        return node.kind == "name" and is_free(node.args[0], self.fact)

    # -- letters

    def letter(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if a part of the step stands for a letter of the fact."""
        word, letters = one.args
        if not letters and len(self.fact.symbols[word]) > 1:
            yield self.whole(word, other, found)
            return
        for paired in self.paired(letters, other, found, bound):
            own = tuple(bound.get(each) or paired.indices[each] for each in letters)
            stray = free_letters(other, self.step.indices.keys()) - {*own, *self.free}
            if word in paired.letters:
                yield paired
            elif not stray and len(set(own)) == len(own):
                yield paired._replace(letters={**paired.letters, word: PutIn(own, other)})

    def paired(
        self, letters: tuple[str, ...], other: Node, found: Found, bound: Bound
    ) -> Iterator[Found]:
        """Yield what is found with index letters of the step for those of an entry."""
        if any(each.isdigit() for each in letters):
            return
        new = [each for each in letters if each not in bound and each not in found.indices]
        seen = free_letters(other, self.step.indices.keys())
        known = [each for each in self.free if each in seen] or self.free
        for chosen in itertools.product(known, repeat=len(new)):
            agreed = self.indices(tuple(new), chosen, found, bound)
            if agreed:
                yield agreed

    def whole(self, word: str, other: Node, found: Found) -> Found:
        """Return what is found if a part of the step stands for a vector or a matrix."""
        if word in found.letters:
            return found
        sizes = self.fact.symbols[word][1:]
        letters = PLACES[: len(sizes)]
        met = self.sizes_of(other)
        known = dict(zip(sizes, met, strict=True)) if len(met) == len(sizes) else {}
        put = PutIn(letters, entry(other, letters))
        return Found({**found.letters, word: put}, found.indices, {**known, **found.sizes})

    def sizes_of(self, node: Node) -> tuple[str, ...]:
        """Return up to which sizes the indices of a part of the step run, if it is a name."""
        names = Names(self.step)
        try:
            return names.sizes_of(node.args[0], names.outermost({})) if node.kind == "name" else ()
        except FormulaError:
            return ()

    def as_they_are(self, node: Node, found: Found) -> Found:
        """Return what is found if what a name of the fact depends on stands for itself."""
        definition = self.fact.definitions.get(key_at(node) or "")
        for key in sorted(definition.depends, key=repr) if definition else ():
            if isinstance(key, str) and is_free(key, self.fact):
                letters = PLACES[: len(self.fact.symbols[key]) - 1]
                itself = PutIn(letters, Node("name", (key, letters)))
                found = found._replace(letters={key: itself, **found.letters})
        return found

    # -- index letters and sizes

    def index(self, one: str, other: str, found: Found, bound: Bound) -> Found | None:
        """Return what is found if two index letters or numbers agree, or None."""
        if one.isdigit() or other.isdigit():
            return found if one == other else None
        if one in bound or other in bound.values():
            return found if bound.get(one) == other else None
        if one in found.indices:
            return found if found.indices[one] == other else None
        if other not in self.free:
            return None
        found = found._replace(indices={**found.indices, one: other})
        return self.size(self.fact.indices.get(one), self.step.indices.get(other), found)

    def indices(
        self, ones: tuple[str, ...], others: tuple[str, ...], found: Found, bound: Bound
    ) -> Found | None:
        """Return what is found if the indices of two names agree, or None."""
        agreed: Found | None = found if len(ones) == len(others) else None
        for one, other in zip(ones, others, strict=False):
            agreed = agreed and self.index(one, other, agreed, bound)
        return agreed

    @staticmethod
    def size(one: str | None, other: str | None, found: Found) -> Found | None:
        """Return what is found if two sizes agree, or None; one that is not known may be any."""
        if one is None or other is None:
            return found
        if found.sizes.get(one, other) != other:
            return None
        return found._replace(sizes={**found.sizes, one: other})

    # -- rules

    def alike(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if all parts agree, one by one."""
        yield from self.all(one.args, other.args, self.as_they_are(one, found), bound)

    def all(
        self, ones: tuple[Any, ...], others: tuple[Any, ...], found: Found, bound: Bound
    ) -> Iterator[Found]:
        """Yield what is found if all parts of two lists agree."""
        if len(ones) != len(others):
            return
        if not ones:
            yield found
            return
        for each in self.part(ones[0], others[0], found, bound):
            yield from self.all(ones[1:], others[1:], each, bound)

    def part(self, one: Any, other: Any, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if two parts, words or lists agree."""
        if isinstance(one, Node) and isinstance(other, Node):
            yield from self.of(one, other, found, bound)
        elif type(one) is tuple and type(other) is tuple:
            yield from self.all(one, other, found, bound)
        elif one == other:
            yield found

    def name(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if two names agree: those of a size, of an index, or the same."""
        (word, letters), (met, others) = one.args, other.args
        agreed: Found | None = self.as_they_are(one, found)
        if word in self.fact.sizes:
            agreed = self.size(word, met, found)
        elif word in bound or word in self.fact.indices:
            agreed = self.index(word, met, found, bound)
        elif word != met and word not in self.fact.symbols:
            return
        agreed = agreed and self.indices(letters, others, agreed, bound)
        if agreed:
            yield agreed

    def entry(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if two entries of what is in parentheses agree."""
        agreed = self.indices(one.args[1], other.args[1], found, bound)
        if agreed:
            yield from self.of(one.args[0], other.args[0], agreed, bound)

    def terms(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if terms or factors agree, in any order."""
        ordered = len(other.args) > MOST_ORDERED or any(isinstance(x, str) for x in other.args)
        orders = [other.args] if ordered else itertools.permutations(other.args)
        for args in orders:
            yield from self.all(one.args, args, found, bound)

    def binder(self, one: Node, other: Node, found: Found, bound: Bound) -> Iterator[Found]:
        """Yield what is found if two sums or the like agree, each with its own letter."""
        (operator, letter, *parts, body), (met, bound_to, *others, inside) = one.args, other.args
        sizes = self.fact.indices.get(letter), self.step.indices.get(bound_to)
        agreed = self.size(*sizes, found) if operator == met else None
        if agreed and one.kind == "big" and parts[1] and others[1]:
            agreed = self.index(parts.pop(1), others.pop(1), agreed, bound)
        if agreed:
            for each in self.all(tuple(parts), tuple(others), agreed, bound):
                yield from self.of(body, inside, each, {**bound, letter: bound_to})


#: How parts of a kind are compared, if not part by part.
RULES: dict[str, Callable[[Matcher, Node, Node, Found, Bound], Iterator[Found]]] = {
    "name": Matcher.name,
    "entry": Matcher.entry,
    "add": Matcher.terms,
    "mul": Matcher.terms,
    **dict.fromkeys(BINDERS, Matcher.binder),
}


def is_free(word: str, notation: Notation) -> bool:
    """Tell whether a name stands for any number, vector or matrix of its domain."""
    known = notation.symbols.get(word)
    return known is not None and known[0] not in CONSTANTS and word not in notation.definitions
