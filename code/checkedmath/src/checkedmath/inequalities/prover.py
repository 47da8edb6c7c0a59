r"""Prove a step by rules, for every size: inequalities, and equations with cases or limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.every_size.naming import Naming
from checkedmath.every_size.prover import Difference
from checkedmath.every_size.sums import Unproved
from checkedmath.inequalities import algebra, cases, limits, one_letter, summation
from checkedmath.inequalities.goals import Goal, Limit, Part
from checkedmath.inequalities.reader import NONNEGATIVE, NONZERO, Reader
from checkedmath.inequalities.search import Alternatives, Rules, Search
from checkedmath.meaning import expansion
from checkedmath.meaning.piecewise import Corner, Indicator
from checkedmath.notation import Given, Notation
from checkedmath.reading.display import Condition
from checkedmath.reading.tree import Node

#: What an equation or inequality may be split into cases by.
SPLITS: dict[str, Callable[[Search, sp.Expr], Iterator[cases.Cases]]] = {
    "largest entry": cases.largest_entry,
    "limit": limits.limit,
    "cases": cases.by_order,
}
#: The rules for inequalities, in the order in which they are tried.
RULES: dict[str, Callable[[Search, Goal], Alternatives]] = {
    **{name: cases.as_rule(split) for name, split in SPLITS.items()},
    "signs": algebra.signs,
    "one letter": one_letter.one_letter,
    "square": algebra.square,
    "domain": algebra.domain,
    "root": algebra.root,
    "entry": summation.entry,
    "term by term": summation.term_by_term,
    "logarithm": algebra.logarithm,
    "substitution": algebra.substitution,
    "Cauchy-Schwarz": summation.cauchy,
    "convexity": summation.convexity,
}
#: What need not be continuous where it is a number.
STEPS = (Indicator, Corner, Limit)
#: Domains to which their ends belong.
WITH_ENDS = ("unit", "simplex")
#: How many splits may follow one another in an equation.
MOST_SPLITS = 8


class Asked(NamedTuple):
    """A claim, what its index letters are, and where it is to hold."""

    relation: str
    sides: tuple[Node, Node]
    letters: tuple[str, ...]
    conditions: list[Condition]
    given: list[Given]

    def renamed(self, naming: Naming) -> Asked:
        """Return the claim with new names."""
        left, right = map(naming.node, self.sides)
        return Asked(
            self.relation,
            (left, right),
            naming.of(*self.letters),
            naming.conditions(self.conditions),
            [(naming.node(x), sign, naming.node(y)) for x, sign, y in self.given],
        )


def proof(
    relation: str,
    left: Node,
    right: Node,
    letters: Iterable[str],
    notation: Notation,
    conditions: Iterable[Condition] = (),
    given: Iterable[Given] = (),
) -> list[str] | None:
    """Return the names of the rules that prove a relation whatever the sizes; None if it is not.

    Parameters
    ----------
    relation : str
        ``=``, ``<``, ...
    left, right : Node
        The two sides.
    letters : iterable of str
        The index letters that are free in them.
    notation : Notation
        What the letters stand for.
    conditions : iterable of Condition
        How the index letters are restricted.
    given : iterable of (Node, str, Node)
        Relations of numbers, where the claim is to hold.
    """
    naming = Naming(notation)
    claim = Asked(relation, (left, right), tuple(letters), [*conditions], [*given]).renamed(naming)
    try:
        used = proof_of(claim, naming.notation())
    except (FormulaError, Unproved, expansion.TooLong):
        return None
    return [name for name in RULES if name in used]


def holds(claim: Asked, notation: Notation, at_ends: bool) -> bool:
    """Tell whether a claim is proved, and that it speaks of numbers; False if that is not seen.

    Parameters
    ----------
    claim : Asked
        The claim.
    notation : Notation
        What the letters stand for.
    at_ends : bool
        Whether this has to be so at the ends of domains too, or only inside.
    """
    naming = Naming(notation)
    claim, named = claim.renamed(naming), naming.notation()
    ends = [word for word, meaning in named.symbols.items() if meaning[0] in WITH_ENDS]
    try:
        reader = Reader(named, ends if at_ends else ())
        env = reader.free_indices(claim.letters)
        differences = reader.differences(*claim.sides, env)
        search = Search(reader.sums(), RULES)
        search.apart = reader.apart(claim.given, env)
        search.above = reader.above(claim.given, env)
        needed(search, reader)
        all_related(search, reader, claim, differences)
    except (FormulaError, Unproved, expansion.TooLong):
        return False
    return True


def is_continuous(claim: Asked, notation: Notation) -> bool:
    """Tell whether a claim holds at the ends of domains if it does inside; False if not seen."""
    reader = Reader(notation)
    try:
        differences = reader.differences(*claim.sides, reader.free_indices(claim.letters))
    except (FormulaError, Unproved, expansion.TooLong):
        return False
    return claim.relation not in ("<", ">") and not any(x.has(*STEPS) for x, _ in differences)


def proof_of(claim: Asked, notation: Notation) -> Rules:
    """Return the rules that prove a claim; raise Unproved if it is not.

    Both sides are numbers wherever no letter is at an end of its domain. A relation that is not
    strict then holds at the ends too, as far as they are numbers there, for both are continuous.
    """
    reader = Reader(notation)
    env = reader.free_indices(claim.letters)
    differences = reader.differences(*claim.sides, env)
    used = needed(Search(reader.sums(), RULES), reader)
    ends = reader.ends(list(env.values()))
    if ends and (claim.relation in ("<", ">") or any(x.has(*STEPS) for x, _ in differences)):
        reader = Reader(notation, ends)
        differences = reader.differences(*claim.sides, env)
    search = Search(reader.sums(), RULES)
    search.apart = reader.apart(claim.given, env)
    return used | all_related(search, reader, claim, differences)


def all_related(
    search: Search, reader: Reader, claim: Asked, differences: Iterable[Difference]
) -> Rules:
    """Return the rules that prove that all entries of two sides stand in a relation."""
    used: Rules = frozenset()
    for x, free in differences:
        for each in reader.sums().settled(x, free, reader.pairs(free, claim.conditions)):
            used |= related(search, claim.relation, each)
    return used


def needed(search: Search, reader: Reader) -> Rules:
    """Return the rules that prove that both sides are numbers."""
    used: Rules = frozenset()
    for x, kind, _ in reader.needs:
        found = search.prove(x, kind != NONNEGATIVE)
        if found is None and kind == NONZERO:
            found = frozenset() if search.differs(x) else search.prove(-x, True)
        elif found is None and search.exceeds(x):
            found = frozenset()
        used |= sure(found)
    for x, kind, tiny in reader.needs_near:
        sign = limits.Tending(search, tiny).sign_of_factors(x)
        if not (sign == 1 or (sign == -1 and kind == NONZERO)):
            raise Unproved("what might be no number near a limit")
        used |= {"limit"}
    for one, other in reader.agree:
        used |= sure(is_zero(search, one - other))
    return used


def related(search: Search, relation: str, gap: sp.Expr) -> Rules:
    """Return the rules that prove that left minus right has the sign of a relation."""
    if relation == "=":
        return sure(is_zero(search, gap))
    if relation == r"\ne":
        above = search.prove(gap, True)
        return sure(search.prove(-gap, True) if above is None else above)
    part: Part = (gap if relation in (r"\ge", ">") else -gap, relation in ("<", ">"))
    return sure(search.prove(*part))


def is_zero(search: Search, x: sp.Expr, left: int = MOST_SPLITS) -> Rules | None:
    """Return the rules that prove that an expression is zero, in all cases."""
    x = search.normal(search.normal(x))
    if expansion.is_zero(x):
        return frozenset()
    if not left:
        return None
    for name, split in SPLITS.items():
        for each in split(search, x):
            found = [is_zero(search, case, left - 1) for case in each]
            if None not in found:
                return frozenset({name}).union(*filter(None, found))
            return None
    return None


def sure(found: Rules | None) -> Rules:
    """Return the rules of a proof that has to exist."""
    if found is None:
        raise Unproved("no rule applies")
    return found
