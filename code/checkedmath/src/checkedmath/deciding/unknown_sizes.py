r"""Sizes at which something in a formula is zero, with the sizes as unknowns of equations.

`(K - 13)^2 + (N - 17)^2 > 0` fails at 13 and 17, `\log \log K \le 2` beyond e to the e squared.
What is counted by a size has no value here, and what stands around it has. Nothing is decided: the
sizes that are found are tried like all others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import sympy as sp
from flint import fmpq

from checkedmath.deciding.balls import Number, is_number, program, value
from checkedmath.deciding.sampling import fill
from checkedmath.deciding.special import EVEN, LONGEST_EQUATION, PutIn, critical, rests, roots
from checkedmath.errors import FormulaError
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.limits import Budget
from checkedmath.notation import Notation
from checkedmath.reading.tree import Node, walk

#: The share of the work that a formula may take; how many equations are solved; and how large a
#: number may be that suggests a size.
SHARE, MOST_EQUATIONS, LARGEST = 0.2, 32, fmpq(10) ** 100
#: What all other letters are at once.
PLACES = EVEN[:2]


class Known(dict[str, int]):
    """The sizes that have a value."""

    def __missing__(self, size: str) -> int:
        raise FormulaError(f"the size {size} has no value here")


class Unknowns(Evaluator):
    """Compute values of trees in which some sizes are unknown numbers.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    sizes : dict of str to int
        The sizes that are known.
    unknown : iterable of str
        Those that are not.
    """

    def __init__(
        self, notation: Notation, sizes: Mapping[str, int], unknown: Iterable[str]
    ) -> None:
        unknown = list(unknown)
        known = {size: count for size, count in sizes.items() if size not in unknown}
        super().__init__(notation, Known(known), Budget(SHARE))
        self.unknown = {x: sp.Symbol(f"n{n}", positive=True) for n, x in enumerate(unknown)}

    def size_as_number(self, word: str) -> sp.Expr:
        """Return a size as a number to compute with, which may be unknown."""
        return self.unknown.get(word) or super().size_as_number(word)

    def parts(self, nodes: Sequence[Node]) -> list[sp.Expr]:
        """Return the numbers that trees and their parts are, and how two that follow differ."""
        wholes = [self.part(node) for node in nodes]
        gaps = [x - y for x, y in itertools.pairwise(wholes) if x is not None and y is not None]
        inner = [self.part(part) for node in nodes for part in walk(node)]
        return list(dict.fromkeys([*gaps, *(x for x in inner if x is not None)]))

    def constants(self, nodes: Iterable[Node]) -> list[Fraction]:
        """Return the numbers that are written in trees, and those made of such numbers alone."""
        written = (part for node in nodes for part in walk(node) if has_digits(part))
        found = dict.fromkeys(map(self.part, written))
        alone = (x for x in found if x is not None and not x.free_symbols)
        return [as_fraction(x) for x in alone if is_near(value(x, {}))]

    def are_exponents(self, nodes: Sequence[Node]) -> bool:
        """Tell whether something in trees is raised to a power that rests on the sizes."""
        unknown = set(self.unknown.values())
        powers = itertools.chain.from_iterable(x.atoms(sp.Pow) for x in self.parts(nodes))
        return any(power.exp.free_symbols & unknown for power in powers)

    def part(self, node: Node) -> sp.Expr | None:
        """Return the number that a tree is, or None if it is none."""
        try:
            found = self(node, {})
        except FormulaError:
            return None
        return found if isinstance(found, sp.Expr) else None


def has_digits(node: Node) -> bool:
    """Tell whether a number is written in a tree, so that more than the letter e is meant."""
    return any(part.kind == "num" for part in walk(node))


def is_near(x: Number) -> bool:
    """Tell whether a value is a number, and neither huge nor tiny."""
    return is_number(x) and (x == 0 or 1 / LARGEST < abs(x) < LARGEST)  # inside a float's range


def as_fraction(x: sp.Expr) -> Fraction:
    """Return a number, or what is very near."""
    return Fraction(x.p, x.q) if x.is_Rational else Fraction(float(value(x, {})))


def sizes_of_zeros(
    nodes: Sequence[Node], evaluator: Unknowns, named: Mapping[str, Sequence[int]]
) -> list[dict[str, int]]:
    """Return sizes close to those at which something in some trees is zero, bends or breaks.

    Parameters
    ----------
    nodes : sequence of Node
        The sides of a formula, and of its conditions.
    evaluator : Unknowns
        To which the sizes are unknown.
    named : dict of str to sequence of int
        The sizes to vary, and the values that are named.

    Returns
    -------
    list of dict of str to int
        One size with a new value, or two that belong together.
    """
    found = [
        {**others, size: count}
        for equation in equations(nodes, evaluator)
        for size, symbol in evaluator.unknown.items()
        if equation.has(symbol)
        for root in roots(equation, symbol)
        for others, count in counts(root, evaluator, named)
    ]
    alone = [sizes for sizes in found if len(sizes) == 1]
    pairs = [x | y for x, y in itertools.combinations(alone, 2) if x.keys() != y.keys()]
    together = [sizes for sizes in found if len(sizes) > 1]
    return [sizes for sizes in [*alone, *together, *pairs] if are_new(sizes, named)]


def equations(nodes: Sequence[Node], evaluator: Unknowns) -> list[sp.Expr]:
    """Return what may be zero at some sizes, with something in the place of every other letter."""
    sizes, found = set(evaluator.unknown.values()), dict[sp.Expr, None]()
    for part in evaluator.parts(nodes):
        for meant in places(part, evaluator):
            for each in critical((part.xreplace(meant), sp.Integer(0))):
                known = (
                    bool(each.free_symbols) and each.free_symbols <= sizes
                )  # no distance of a limit
                if known and program(each).size <= LONGEST_EQUATION:
                    found[each] = None
    return list(found)[:MOST_EQUATIONS]


def places(part: sp.Expr, evaluator: Unknowns) -> Iterator[PutIn]:
    """Yield what the other letters are: all alike, or where a part has no slope along one."""
    alike = [fill(evaluator, lambda: 1, numbers.__getitem__) for numbers in PLACES]
    yield from alike
    for meant in rests((part, sp.Integer(0)), evaluator):
        yield {**alike[0], **{letter: x.xreplace(alike[0]) for letter, x in meant.items()}}


def counts(
    root: sp.Expr, evaluator: Unknowns, named: Mapping[str, Sequence[int]]
) -> Iterator[tuple[dict[str, int], int]]:
    """Yield whole numbers close to a root: the sizes that it rests on, and the number."""
    occurring = [size for size, symbol in evaluator.unknown.items() if root.has(symbol)]
    for chosen in itertools.product(*(named[size] for size in occurring)):
        others = dict(zip(occurring, chosen, strict=True))
        place = {evaluator.unknown[size]: sp.Integer(count) for size, count in others.items()}
        found = value(root.xreplace(place), {})
        if is_near(found) and abs(found) > 1:
            near = float(found)
            for count in dict.fromkeys((math.floor(near), math.ceil(near), math.floor(near) + 1)):
                yield others, count


def are_new(sizes: Mapping[str, int], named: Mapping[str, Sequence[int]]) -> bool:
    """Tell whether sizes are meant by those that are named, and are not all among these."""
    meant = all(count >= min(named[size]) for size, count in sizes.items())
    return meant and any(count not in named[size] for size, count in sizes.items())
