r"""Sizes at which something in a formula is zero, with the sizes as unknowns of equations.

`(K - 13)^2 + (N - 17)^2 > 0` fails at 13 and 17, `\log(\log K) \le 2` beyond e to the e squared.
What is counted by a size has no value here, and what stands around it has. Nothing is decided: the
sizes that are found are tried like all others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from checkedmath.deciding.balls import Number, is_number, program, value
from checkedmath.deciding.special import LONGEST_EQUATION, PutIn, all_even, critical, rests, roots
from checkedmath.errors import FormulaError
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.limits import Budget
from checkedmath.notation import Notation
from checkedmath.reading.tree import Node, walk

#: The share of the work that a formula may take; how many equations are solved; and how large a
#: number may be that suggests a size.
SHARE, MOST_EQUATIONS, LARGEST = 0.2, 32, fmpq(10) ** 100
SMALLEST = 1 / LARGEST
#: How many values of each of three sizes are put together.
MOST_OF_THREE = 2
#: How many numbers all other letters are at once, in turn.
MOST_PLACES = 2


class Known(dict[str, int]):
    """The sizes that have a value."""

    def __missing__(self, size: str) -> int:
        raise FormulaError(f"the size {size} has no value here")


class Unknowns(Evaluator):
    """The numbers that some trees and their parts are, with sizes as unknowns.

    Parameters
    ----------
    nodes : sequence of Node
        The sides of a formula, and of its conditions.
    notation : Notation
        What the letters stand for.
    fixed : dict of str to int
        A value for every size.
    named : dict of str to sequence of int
        The sizes that are unknown, and the values that are named.

    Attributes
    ----------
    unknown : dict of str to sympy.Symbol
        What stands for each of them.
    written : dict of Node to sympy.Expr
        The number that each part of a tree is, if it is one.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        notation: Notation,
        fixed: Mapping[str, int],
        named: Mapping[str, Sequence[int]],
    ) -> None:
        known = {size: count for size, count in fixed.items() if size not in named}
        super().__init__(notation, Known(known), Budget(SHARE))
        self.nodes, self.named = nodes, named
        self.unknown = {x: sp.Symbol(f"n{n}", positive=True) for n, x in enumerate(named)}
        parts = dict.fromkeys(part for node in nodes for part in walk(node))
        values = ((part, self.part(part)) for part in parts)
        self.written = {part: x for part, x in values if x is not None}

    @property
    def chosen(self) -> dict[str, int]:
        """Which entry each free index means: none has a meaning here."""
        return {}

    def size_as_number(self, word: str) -> sp.Expr:
        """Return a size as a number to compute with, which may be unknown."""
        return self.unknown.get(word) or super().size_as_number(word)

    def part(self, node: Node) -> sp.Expr | None:
        """Return the number that a tree is, or None if it is none."""
        try:
            found = self(node, self.chosen)
        except FormulaError:
            return None
        return found if isinstance(found, sp.Expr) else None

    @property
    def gaps(self) -> list[sp.Expr]:
        """How two sides that follow each other differ."""
        wholes = [self.written.get(node) for node in self.nodes]
        return [x - y for x, y in itertools.pairwise(wholes) if x is not None and y is not None]

    @property
    def numbers(self) -> list[sp.Expr]:
        """How two sides that follow each other differ, and what all parts are."""
        return list(dict.fromkeys([*self.gaps, *self.written.values()]))

    @property
    def constants(self) -> list[Fraction]:
        """The numbers that are written out, and those made of such numbers alone."""
        found = dict.fromkeys(x for part, x in self.written.items() if has_digits(part))
        alone = (x for x in found if not x.free_symbols)
        return [as_fraction(x) for x in alone if is_near(value(x, {}))]

    @property
    def are_exponents(self) -> bool:
        """Whether something is raised to a power that rests on the sizes."""
        unknown = set(self.unknown.values())
        powers = itertools.chain.from_iterable(x.atoms(sp.Pow) for x in self.written.values())
        return any(power.exp.free_symbols & unknown for power in powers)


def has_digits(node: Node) -> bool:
    """Tell whether a number is written in a tree, so that more than the letter e is meant."""
    return any(part.kind == "num" for part in walk(node))


def is_near(x: Number) -> bool:
    """Tell whether a value is a number, and neither huge nor tiny."""
    return is_number(x) and (x == 0 or SMALLEST < abs(x) < LARGEST)  # inside a float's range


def as_fraction(x: sp.Expr) -> Fraction:
    """Return a number, or what is very near."""
    return Fraction(x.p, x.q) if x.is_Rational else Fraction(float(arb(value(x, {}))))


def sizes_of_zeros(unknowns: Unknowns) -> list[dict[str, int]]:
    """Return sizes close to those at which something is zero, bends or breaks.

    Each has one size with a new value, or several that belong together.
    """
    found = [
        {**others, size: count}
        for equation in equations(unknowns)
        for size, symbol in unknowns.unknown.items()
        if equation.has(symbol)
        for root in roots(equation, symbol)
        for others, count in counts(root, unknowns)
    ]
    alone = [sizes for sizes in found if len(sizes) == 1]
    pairs = [x | y for x, y in itertools.combinations(alone, 2) if x.keys() != y.keys()]
    together = [sizes for sizes in found if len(sizes) > 1]
    all_found = [*alone, *together, *triples(alone), *pairs]
    return [sizes for sizes in all_found if are_new(sizes, unknowns.named)]


def triples(alone: Iterable[dict[str, int]]) -> list[dict[str, int]]:
    """Return three sizes at once, from the first values of each, if they are three."""
    values = dict[str, dict[int, None]]()
    for size, count in itertools.chain.from_iterable(sizes.items() for sizes in alone):
        values.setdefault(size, {})[count] = None
    few = [list(each)[:MOST_OF_THREE] for each in values.values()]
    chosen = itertools.product(*few) if len(values) == 3 else ()
    return [dict(zip(values, counts, strict=True)) for counts in chosen]


def equations(unknowns: Unknowns) -> list[sp.Expr]:
    """Return what may be zero at some sizes, with something in the place of every other letter."""
    sizes, found = set(unknowns.unknown.values()), dict[sp.Expr, None]()
    for number in unknowns.numbers:
        for meant in places(number, unknowns):
            for each in critical((number.xreplace(meant), sp.Integer(0))):
                letters = each.free_symbols  # the distance to the target of a limit is no size
                if letters and letters <= sizes and program(each).size <= LONGEST_EQUATION:
                    found[each] = None
    return list(found)[:MOST_EQUATIONS]


def places(number: sp.Expr, unknowns: Unknowns) -> Iterator[PutIn]:
    """Yield what the other letters are: all alike, or where a number has no slope along one."""
    alike = list(itertools.islice(all_even(unknowns), MOST_PLACES))
    yield from alike
    for meant in rests((number, sp.Integer(0)), unknowns):
        yield {**alike[0], **{letter: x.xreplace(alike[0]) for letter, x in meant.items()}}


def counts(root: sp.Expr, unknowns: Unknowns) -> Iterator[tuple[dict[str, int], int]]:
    """Yield whole numbers close to a root: the sizes that it rests on, and the number."""
    occurring = [size for size, symbol in unknowns.unknown.items() if root.has(symbol)]
    for chosen in itertools.product(*(unknowns.named[size] for size in occurring)):
        others = dict(zip(occurring, chosen, strict=True))
        place = {unknowns.unknown[size]: sp.Integer(count) for size, count in others.items()}
        found = value(root.xreplace(place), {})
        if is_near(found) and abs(found) > 1:
            below = math.floor(float(arb(found)))
            yield from ((others, count) for count in (below, below + 1))


def are_new(sizes: Mapping[str, int], named: Mapping[str, Sequence[int]]) -> bool:
    """Tell whether sizes are meant by those that are named, and are not all among these."""
    meant = all(count >= min(named[size]) for size, count in sizes.items())
    return meant and any(count not in named[size] for size, count in sizes.items())
