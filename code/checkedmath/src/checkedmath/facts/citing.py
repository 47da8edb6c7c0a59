"""Check that a step is an earlier fact with letters put in, and so as sure as that is.

A letter of the fact becomes a name that is defined as what stands for it. So all that has to hold
are claims in one notation: that it is in the domain of the letter, that the conditions of the fact
are met, and that the sides are those of the step.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cached_property

from checkedmath.errors import FormulaError
from checkedmath.every_size.naming import Naming
from checkedmath.facts.matching import PLACES, Found, Matcher, is_free
from checkedmath.inequalities.prover import Asked, holds, is_continuous
from checkedmath.meaning.names import sizes_in
from checkedmath.notation import Definition, Fact, Notation
from checkedmath.reading.binding import free_letters, key_at
from checkedmath.reading.display import Condition
from checkedmath.reading.printer import to_latex
from checkedmath.reading.relations import RELATIONS
from checkedmath.reading.tree import Node, walk

#: How many ways to put letters in are tried.
MOST_TRIED = 12
#: What each relation says beside itself.
WEAKER = {"=": (r"\le", r"\ge"), "<": (r"\le", r"\ne"), ">": (r"\ge", r"\ne")}
#: Relations that numbers close by are in too.
OPEN = ("<", ">", r"\ne")
#: How one difference has to be to another one that a condition is about.
AS_FAR = {"<": r"\le", r"\le": r"\le", ">": r"\ge", r"\ge": r"\ge", "=": "=", r"\ne": "="}
#: What the names of a fact end with where they meet those of the step; no author can write it.
MARK = "@"
ZERO, ONE = Node("num", ("0",)), Node("num", ("1",))
CITE = "cite a formula of which this step is a case with other letters, or leave the citation out"


def says(relation: str, claimed: str) -> bool:
    """Tell whether a relation of two numbers says another one."""
    return claimed == relation or claimed in WEAKER.get(relation, ())


def turned(relation: str) -> str:
    """Return the relation of the same two numbers in the other order."""
    return relation if relation in ("=", r"\ne") else RELATIONS[relation].opposite


def how_shown(step: Asked, label: str, notation: Notation) -> tuple[str, str]:
    """Return how the fact is shown of which a step is a case, and at which sizes of the step.

    Parameters
    ----------
    step : Asked
        The step, with the conditions under which it stands.
    label : str
        That of the formula that is cited.
    notation : Notation
        What the letters of the step stand for, and the facts before it.

    Raises
    ------
    FormulaError
        If there is no such fact, or the step is no case of it; with what is missing.
    """
    if label not in notation.facts:
        raise FormulaError(f"{label} is no formula that was shown before", remedy=CITE)
    if not notation.facts[label]:
        raise FormulaError(
            f"{label} is a definition, which is put in without being named", remedy=CITE
        )
    missing = ""
    found = (case for fact in notation.facts[label] for case in cases(fact, step, notation))
    for case in itertools.islice(found, MOST_TRIED):
        fault = case.fault()
        if not fault:
            return case.said_here
        missing = missing or fault
    missing = missing or "its sides, or its relation, have another form"
    raise FormulaError(
        f"the step that cites {label} is not that formula with letters put in: {missing}",
        remedy=CITE,
    )


def cases(fact: Fact, step: Asked, notation: Notation) -> Iterator[Case]:
    """Yield the ways in which a step may be a case of a fact."""
    back = fact._replace(left=fact.right, right=fact.left, relation=turned(fact.relation))
    for each in (fact, back):
        if not says(each.relation, step.relation):
            continue
        seen: set[str] = set()
        matcher = Matcher(fact.notation, notation, list(step.letters))
        for found in matcher.candidates(each, step.sides):
            case = Case(each, found, step, notation)
            if case.is_complete and repr(found) not in seen:
                seen.add(repr(found))
                yield case


class Case:
    """A fact with letters put in, beside a step.

    Parameters
    ----------
    fact : Fact
        The fact.
    found : Found
        What stands for its letters.
    step : Asked
        The step.
    here : Notation
        What the letters of the step stand for.
    """

    def __init__(self, fact: Fact, found: Found, step: Asked, here: Notation) -> None:
        self.fact, self.found, self.step, self.here = fact, found, step, here
        given = [tree for left, _, right in fact.given for tree in (left, right)]
        self.trees = [fact.left, fact.right, *given]

    # -- what is put in

    @property
    def is_complete(self) -> bool:
        """Whether something stands for each letter and each index of the fact."""
        known, indices = self.fact.notation, self.fact.notation.indices.keys()
        letters = {word for word in names_in(self.trees, known) if is_free(word, known)}
        free = {letter for tree in self.trees for letter in free_letters(tree, indices)}
        free |= {x for each in self.fact.conditions for x in each.letters()} & indices
        return letters <= self.found.letters.keys() and free <= self.found.indices.keys()

    @property
    def sizes(self) -> dict[str, str]:
        """The sizes of the fact that occur, each with that of the step; of the same name if any."""
        known = self.fact.notation
        met = {letter for each in self.fact.conditions for letter in each.letters()}
        met = sizes_in(self.trees, known) | (met & known.sizes.keys())
        return {size: self.found.sizes.get(size, size) for size in met}

    @cached_property
    def words(self) -> dict[str, str]:
        """New names for those of the fact, beside those of the step."""
        known = self.fact.notation
        heads = [key if isinstance(key, str) else key[0] for key in known.definitions]
        names = [*known.symbols, *known.indices, *known.sizes, *heads]
        return {name: name + MARK for name in names} | self.sizes

    @cached_property
    def notation(self) -> Notation:
        """The letters of both; those of the fact are defined in those of the step."""
        fact, here = Naming(self.fact.notation, self.words).notation(), self.here
        both = Notation(
            fact.sizes | here.sizes,
            here.indices | fact.indices | {x + at: x for x in here.sizes for at in PLACES},
            here.symbols | fact.symbols,
            here.definitions | fact.definitions,
        )
        for word, (letters, body) in self.found.letters.items():
            ranges = here.indices | dict(zip(letters, fact.symbols[word + MARK][1:], strict=True))
            both.definitions[word + MARK] = Definition(
                (), letters, body, ranges, (), frozenset(), frozenset(), self.step.letters
            )
        return both

    @property
    def naming(self) -> Naming:
        """The names of the fact's sides and conditions here, its free index letters too."""
        return Naming(self.fact.notation, self.words | self.found.indices)

    # -- what has to hold

    @cached_property
    def at_ends(self) -> bool:
        """Whether all has to be shown at the ends of domains too, for it does not follow there.

        It does if both sides are continuous, and what the step supposes of numbers holds inside as
        well, close by.
        """
        inside = all(sign in OPEN for _, sign, _ in self.step.given)
        return not (inside and is_continuous(self.step, self.here))

    def proves(self, relation: str, left: Node, right: Node, letters: tuple[str, ...] = ()) -> bool:
        """Tell whether a relation is proved where the step stands, for more index letters."""
        free = (*self.step.letters, *letters)
        pairs = [
            each
            for each in self.step.conditions
            if each.relation in ("=", r"\ne") and {each.left, each.right} <= {*free}
        ]
        claim = Asked(relation, (left, right), free, pairs, self.step.given)
        return holds(claim, self.notation, self.at_ends)

    def follows(
        self, relation: str, left: Node, right: Node, letters: tuple[str, ...] = ()
    ) -> bool:
        """Tell whether a relation is proved, or is a condition of the step."""
        turns = [(y, turned(sign), x) for x, sign, y in self.step.given]
        return self.proves(relation, left, right, letters) or any(
            says(sign, relation) and self.proves(AS_FAR[sign], less(left, right), less(x, y))
            for x, sign, y in [*self.step.given, *turns]
        )

    def fault(self) -> str:
        """Say what keeps the step from being this case; nothing if it is."""
        return next(filter(None, self.faults()), "")

    def faults(self) -> Iterator[str]:
        """Yield for each of what has to hold why it does not, or nothing."""
        yield from (f"its size {x} has other values" for x in self.sizes if not self.fits(x))
        for one, other in self.found.indices.items():
            size = self.sizes.get(self.fact.notation.indices.get(one, ""))
            if size != self.here.indices[other]:
                yield f"its index {one} has other values than {other}"
        for word in self.found.letters:
            if not self.is_in_domain(word):
                domain, body = self.fact.notation.symbols[word][0], self.found.letters[word].body
                yield f"{to_latex(body)}, which stands for {word}, is not shown to be {domain}"
        for each, here in zip(
            self.fact.conditions, self.naming.conditions(self.fact.conditions), strict=True
        ):
            if not self.is_given(here):
                yield f"its condition {each} is none of this formula"
        for left, sign, right in self.fact.given:
            if not self.follows(sign, self.naming.node(left), self.naming.node(right)):
                said = f"{to_latex(left)} {sign} {to_latex(right)}"
                yield f"its condition {said} is neither shown nor one of this formula"
        if not self.says_the_step():
            one, other = to_latex(self.fact.left), to_latex(self.fact.right)
            yield f"{one} {self.fact.relation} {other} is not shown to become what it says"

    def says_the_step(self) -> bool:
        """Tell whether left minus right is that of the step, or each side is one of its."""
        theirs = [self.naming.node(side) for side in (self.fact.left, self.fact.right)]
        return self.proves("=", less(*theirs), less(*self.step.sides)) or all(
            self.proves("=", one, other) for one, other in zip(theirs, self.step.sides, strict=True)
        )

    def fits(self, size: str) -> bool:
        """Tell whether the fact speaks of all values that a size has in the step."""
        known, here = self.fact.notation, self.sizes[size]
        named, ours = known.sizes[size], self.here.sizes.get(here, ())
        if size in known.only:
            return here in self.here.only and {*ours} <= {*named}
        return bool(ours) and min(ours) >= min(named)

    def is_in_domain(self, word: str) -> bool:
        """Tell whether what stands for a letter of the fact is in its domain."""
        domain, *sizes = self.notation.symbols[word + MARK]
        if domain != "simplex" and self.is_declared(self.found.letters[word].body, domain):
            return True
        letters = tuple(size + at for size, at in zip(sizes, PLACES, strict=False))
        entry = Node("name", (word + MARK, letters))
        within = all(self.follows(*bound, letters) for bound in bounds(domain, entry))
        if domain != "simplex" or not within:
            return within
        total = Node("big", (r"\sum", letters[-1], None, None, None, None, entry))
        return self.proves("=", total, ONE, letters[:-1])

    def is_declared(self, node: Node, domain: str) -> bool:
        """Tell whether a tree is a letter of the step, or an entry of one, of a domain."""
        word = node.args[0] if node.kind == "name" else ""
        return is_free(word, self.here) and self.here.symbols[word][0] == domain

    def is_given(self, condition: Condition) -> bool:
        """Tell whether a condition on indices or sizes is one of the step, or says nothing."""
        left, relation, right = condition
        back = Condition(right, turned(relation), left)
        return (relation == "=" and left == right) or not {condition, back}.isdisjoint(
            self.step.conditions
        )

    @property
    def said_here(self) -> tuple[str, str]:
        """The method of the fact, and its sizes by their names in the step."""
        parts = [each.partition(" = ") for each in self.fact.sizes.split("; ")]
        here = [f"{self.sizes[size]} = {values}" for size, _, values in parts if size in self.sizes]
        return self.fact.method, "; ".join(here)


def less(one: Node, other: Node) -> Node:
    """Return the tree of a difference."""
    return Node("add", (one, Node("neg", (other,))))


def bounds(domain: str, x: Node) -> list[tuple[str, Node, Node]]:
    """Return the relations that put a number into a domain."""
    low = {"positive": [(">", x, ZERO)], "unit": [(r"\ge", x, ZERO), (r"\le", x, ONE)]}
    return low.get(domain, [(r"\ge", x, ZERO)] if domain == "simplex" else [])


def names_in(trees: list[Node], notation: Notation) -> set[str]:
    """Return the names in some trees, and those that their definitions depend on."""
    keys = {key for tree in trees for key in map(key_at, walk(tree)) if key is not None}
    inner = [notation.definitions[key].depends for key in keys if key in notation.definitions]
    return {key for key in keys.union(*inner) if isinstance(key, str)}
