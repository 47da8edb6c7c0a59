r"""What a formula is where all entries are alike, or all but the first, with sizes as unknowns.

At the uniform distribution `\sum_k \sqrt{p_k}` is the root of K. That is a number which rests on
K, and the formula `\sum_k \sqrt{p_k} \le K / 10 + 2.49` fails where it does so most, at 25.
Nothing is decided: the sizes at which such a number is largest or smallest are tried like others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sympy as sp

from checkedmath.deciding.unknown_sizes import Unknowns
from checkedmath.errors import FormulaError
from checkedmath.meaning import arithmetic
from checkedmath.meaning.arithmetic import Value, is_matrix, scalar
from checkedmath.meaning.evaluator import EXTREMES, Found
from checkedmath.meaning.interpreter import Rule
from checkedmath.meaning.names import Scope, check_count
from checkedmath.meaning.piecewise import Largest
from checkedmath.reading.tree import Node

#: The index of the first entry, and that of any other.
FIRST, OTHER = 1, 2


class Entries(NamedTuple):
    """What the first entry of each vector is, and all others, by its domain.

    Attributes
    ----------
    first, other : dict of str to sympy.Rational
        Numbers of a domain: real, positive or unit.
    share : sympy.Rational or None
        The first entry of a distribution; the others share the rest. None: all have the same.
    """

    first: Mapping[str, sp.Rational]
    other: Mapping[str, sp.Rational]
    share: sp.Rational | None = None


ZERO = {"real": sp.Integer(0), "positive": sp.Integer(1), "unit": sp.S.Half}
ONE = {"real": sp.Integer(1), "positive": sp.Integer(2), "unit": sp.Rational(3, 4)}
THREE = {"real": sp.Integer(3), "positive": sp.Integer(8), "unit": sp.Rational(9, 10)}
#: What is looked at: all alike, and with a first entry that leads, a little or far.
KINDS = (
    Entries(ZERO, ZERO),
    Entries(ONE, ONE),
    Entries(ONE, ZERO, sp.S.Half),
    Entries(THREE, ZERO, sp.Rational(9, 10)),
)


class Alike(Unknowns):
    """The numbers that some trees and their parts are where entries are alike.

    Parameters
    ----------
    plain : Unknowns
        What they are with all their letters.
    entries : Entries
        What the entries are.
    """

    def __init__(self, plain: Unknowns, entries: Entries) -> None:
        self.entries = entries
        #: The size that counts the entries of all vectors that stand as wholes.
        self.counted = ""
        super().__init__(plain.nodes, plain.notation, plain.size, plain.named)

    @property
    def chosen(self) -> dict[str, int]:
        """Which entry each free index means: the first of them the first, all others another."""
        return {letter: OTHER if n else FIRST for n, letter in enumerate(self.notation.indices)}

    def index(self, letter: str, scope: Scope) -> int:
        """Return the value of an index, of which there are two."""
        return min(super().index(letter, scope), OTHER)

    def indices(
        self, scope: Scope, word: str, letters: tuple[str, ...], sizes: tuple[str, ...]
    ) -> Found:
        """Return the values of all indices of a name."""
        check_count(word, letters, sizes)
        return tuple(self.index(letter, scope) for letter in letters)

    def delta(self, one: int, other: int) -> sp.Integer:
        """Return one if two indices agree and zero if not."""
        if one == other == OTHER:
            raise FormulaError("two of the other entries may be the same one, or two")
        return sp.Integer(one == other)

    def argument(self, value: Value | int) -> Value:
        """Return an argument of a function; an index has no number here."""
        if isinstance(value, int):
            raise FormulaError("an index as a number")
        return value

    def free(self, word: str, found: Found) -> sp.Expr:
        """Return an entry, or a number that is counted by nothing."""
        domain, *sizes = self.notation.symbols[word]
        if not sizes:
            return super().free(word, found)
        if domain == "identity":
            return self.delta(*found)
        if domain == "simplex":
            return self.share(found[-1], self.size_as_number(sizes[-1]))
        if domain in ("ones", "zeros"):
            return sp.Integer(domain == "ones")
        return (self.entries.first if set(found) == {FIRST} else self.entries.other)[domain]

    def share(self, place: int, count: sp.Expr) -> sp.Expr:
        """Return an entry of a distribution."""
        share = self.entries.share
        if share is None:
            return 1 / count
        return share if place == FIRST else (1 - share) / (count - 1)

    # -- vectors as wholes: the first entry, and any other

    def family(self, sizes: tuple[str, ...], rule: Rule) -> sp.Matrix:
        """Return the first entry of a vector, and any other."""
        if len(sizes) > 1 or self.counted not in ("", *sizes):
            raise FormulaError("a matrix, or vectors of two lengths")
        self.counted = sizes[0]
        return sp.Matrix([rule((FIRST,)), rule((OTHER,))])

    def times(self, scope: Scope, left: Value, operator: str, right: Value) -> Value:
        """Return a product, but of vectors only that entry by entry."""
        if is_matrix(left) and is_matrix(right) and operator != r"\odot":
            raise FormulaError("a product of vectors")
        return super().times(scope, left, operator, right)

    def on_transpose(self, _scope: Scope, _node: Node) -> sp.Matrix:
        """Refuse what makes rows."""
        raise FormulaError("a row")

    def diagonal(self, _scope: Scope, _value: Value) -> sp.Matrix:
        """Refuse what makes matrices."""
        raise FormulaError("a matrix")

    def on_norm(self, scope: Scope, order: str, node: Node) -> sp.Expr:
        """Return a norm of a vector."""
        value = self.of(node, scope)
        if not is_matrix(value):
            raise FormulaError("the norm of a number")
        first, other = map(arithmetic.absolute, value)
        others = self.size_as_number(self.counted) - 1
        if order == "2":
            return sp.sqrt(first**2 + others * other**2)
        return first + others * other if order == "1" else Largest(first, other)

    # -- sums, products, extremes

    def on_big(
        self,
        scope: Scope,
        operator: str,
        letter: str,
        relation: str | None,
        other: str,
        low: Node | None,
        _high: Node,
        body: Node,
    ) -> Value:
        """Return a sum, a product, a maximum or a minimum over an index."""
        if low is not None:
            raise FormulaError("a sum between bounds")
        count = self.size_as_number(self.names.size_of_index(letter, scope))
        times = {FIRST: sp.Integer(1), OTHER: count - 1}
        if relation:
            self.leave_out(times, relation, self.index(other, scope))
        met = {place: self.of(body, scope.binding(letter, place)) for place in times}
        terms = {place: scalar(value, operator) for place, value in met.items()}
        if operator == r"\sum":
            return sp.Add(*[times[place] * term for place, term in terms.items()])
        if operator == r"\prod":
            return sp.Mul(*[term ** times[place] for place, term in terms.items()])
        return EXTREMES[operator](*terms.values())

    @staticmethod
    def leave_out(times: dict[int, sp.Expr], relation: str, place: int) -> None:
        """Count one entry less of those that an index may be."""
        if relation != r"\ne":
            raise FormulaError("a sum over what comes before or after")
        times[place] -= 1
        if times[place] == 0:
            del times[place]
