r"""Read both sides of a claim, with every size a letter, and note what makes them numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

import sympy as sp

from checkedmath.every_size.prover import Family, Found, Prover, each, family, number
from checkedmath.every_size.sums import Index, Sums, Unproved, function_of
from checkedmath.inequalities.goals import Limit
from checkedmath.meaning import expansion
from checkedmath.meaning.approach import approach
from checkedmath.meaning.arithmetic import Value
from checkedmath.meaning.interpreter import Case
from checkedmath.meaning.names import Scope
from checkedmath.meaning.piecewise import Indicator, indicator
from checkedmath.notation import Notation
from checkedmath.reading.relations import COMPARISONS
from checkedmath.reading.tree import Node

#: What stands for the index letters that are free in a claim.
Env = dict[str, Index]
#: What must not be zero, or be positive, or not be negative, for a claim to speak of numbers.
NONZERO, POSITIVE, NONNEGATIVE = "nonzero", "positive", "nonnegative"


class Need(NamedTuple):
    """What has to be so, and whether it is only where a case or a restricted sum asks for it."""

    x: sp.Expr
    kind: str
    guarded: bool


class CasedSums(Sums):
    """The rules for sums, and indicators that compare with zero."""

    def built(self, function: Callable[..., sp.Expr], parts: list[sp.Expr]) -> sp.Expr:
        """Return the normal form of a function of what is in normal form."""
        if function is not Indicator:
            return super().built(function, parts)
        code, left, right = parts
        gap = expansion.multiplied_out(left - right)
        if COMPARISONS[int(code)] in ("=", r"\ne") and gap.could_extract_minus_sign():
            gap = -gap
        return Indicator(code, gap, sp.Integer(0))


class Reader(Prover):
    """Values of trees, with extremes, indicators and limits left as they are.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    with_ends : set of str, optional
        Distributions and numbers up to one that may be zero; all others are positive.

    Attributes
    ----------
    words : set of str
        The free letters that occur.
    needs : list of Need
        What has to be positive and the like for the values to be numbers.
    needs_near : list of (sympy.Expr, str, sympy.Symbol)
        The same where a letter is positive and near enough to zero.
    agree : list of (sympy.Expr, sympy.Expr)
        Limits from both sides, which have to agree.
    """

    def __init__(self, notation: Notation, with_ends: Collection[str] = ()) -> None:
        super().__init__(notation)
        self.rules, self.with_ends = CasedSums, frozenset(with_ends)
        self.words: set[str] = set()
        self.needs: list[Need] = []
        self.needs_near: list[tuple[sp.Expr, str, sp.Symbol]] = []
        self.agree: list[tuple[sp.Expr, sp.Expr]] = []
        self.approaching: dict[sp.Symbol, list[Need]] = {}

    def free(self, word: str, found: Found) -> sp.Expr:
        """Return a free number, or an entry of a constant vector or matrix."""
        self.words.add(word)
        if word not in self.with_ends:
            return super().free(word, found)
        letter = sp.Symbol(word, nonnegative=True)
        return sp.IndexedBase(letter, nonnegative=True)[found] if found else letter

    def ends(self, free: Collection[Index]) -> set[str]:
        """Return the letters of domains with ends at which both sides may be numbers.

        Where a logarithm is taken of all entries of a distribution, none of them is zero.
        """
        inside: set[str] = set()
        for x, kind, guarded in self.needs:
            for factor in sp.Mul.make_args(x):
                base = factor.as_base_exp()[0]
                everywhere = isinstance(base, sp.Indexed) and not set(base.indices) & set(free)
                if everywhere and not guarded and kind != NONNEGATIVE:
                    inside.add(str(base.base.label))
        domains = self.notation.symbols
        return {word for word in self.words - inside if domains[word][0] in ("unit", "simplex")}

    def apart(self, given: Iterable[tuple[Node, str, Node]], env: Env) -> list[sp.Expr]:
        """Return what conditions say is not zero; other conditions are of no use here."""
        sides = [(self(x, env), self(y, env)) for x, sign, y in given if sign in ("<", ">", r"\ne")]
        return [self.sums().normal(number(x) - number(y)) for x, y in sides]

    def above(self, given: Iterable[tuple[Node, str, Node]], env: Env) -> list[sp.Expr]:
        """Return what conditions say is positive."""
        sides = [(x, y) if sign == ">" else (y, x) for x, sign, y in given if sign in ("<", ">")]
        return [self.sums().normal(number(self(x, env)) - number(self(y, env))) for x, y in sides]

    def sure(self, scope: Scope, x: sp.Expr, or_negative: bool = False) -> sp.Expr:
        """Note that something has to be positive."""
        self.need(scope, x, NONZERO if or_negative else POSITIVE)
        return x

    def need(self, scope: Scope, x: sp.Expr, kind: str) -> None:
        """Note what has to hold; of what approaches a limit, near its target."""
        need = Need(self.normal(scope, x), kind, scope.guarded)
        near = self.approaching.keys() & need.x.free_symbols
        (self.approaching[near.pop()] if near else self.needs).append(need)

    def on_cases(self, scope: Scope, *rows: Case) -> sp.Expr:
        """Return the value of the first case that applies."""
        return super().on_cases(scope._replace(guarded=True), *rows)

    def on_big(
        self, scope: Scope, operator: str, letter: str, relation: str | None, *parts: Any
    ) -> sp.Expr:
        """Return a sum, a product, a maximum or a minimum over an index, or over some of it."""
        guarded = scope.guarded or relation is not None
        return super().on_big(scope._replace(guarded=guarded), operator, letter, relation, *parts)

    def on_sqrt(self, scope: Scope, node: Node) -> sp.Expr:
        """Return a square root."""
        x = number(self.of(node, scope))
        self.need(scope, x, NONNEGATIVE)
        return sp.sqrt(x)

    def on_norm(self, scope: Scope, order: str, node: Node) -> sp.Expr:
        """Return a norm of a vector."""
        if order == "2":
            return super().on_norm(scope, order, node)
        value = family(self.of(node, scope)).map(sp.Abs)
        return self.total(scope, value) if order == "1" else self.extreme(scope, "max", value)

    def on_fn(self, scope: Scope, function: str, arguments: tuple[Node, ...]) -> Value:
        """Return the value of an elementary function, or the largest or smallest entry."""
        if function == r"\tanh":
            return each(lambda x: sp.tanh(x).rewrite(sp.exp), self.of(arguments[0], scope))
        if function in (r"\max", r"\min") and len(arguments) == 1:
            return self.extreme(scope, function[1:], family(self.of(arguments[0], scope)))
        return super().on_fn(scope, function, arguments)

    def extreme(self, scope: Scope, name: str, value: Any) -> sp.Expr:
        """Return the largest or smallest entry of a vector."""
        row, column = self.letters(value)
        k = column if row is None else row
        if k is None or None not in (row, column):
            raise Unproved("an extreme of a matrix")
        inside = self.normal(scope, value.entry(row, column))
        return sp.Function(name, real=True)(function_of(inside, k))

    def agreement(self, scope: Scope, left: Node, relation: str, right: Node) -> sp.Expr:
        """Return one if two indices or numbers stand in a relation, and zero if not."""
        if all(is_index(x, scope) for x in (left, right)):
            return super().agreement(scope, left, relation, right)
        sides = (self.normal(scope, number(self.of(x, scope))) for x in (left, right))
        return indicator(relation, *sides)

    def slope_of_number(self, held: Scope, x: sp.Expr, by: sp.Expr) -> sp.Expr:
        """Return the derivative of a number by a letter or an entry."""
        if x.has(Limit):
            raise Unproved("a derivative of a limit")
        for power in x.atoms(sp.Pow):
            if not power.exp.is_Integer and power.base.has(by):
                self.need(held, power.base, POSITIVE)  # a root has no slope at zero
        return super().slope_of_number(held, x, by)

    def on_lim(self, scope: Scope, variable: Node, target: str, body: Node) -> Value:
        """Return a limit, as the letter for a distance tends to zero."""
        words = variable.args[:1]
        self.names.check_unbound(words, scope)
        self.names.check_variable(words)
        held = scope.holding(words)._replace(approaching=(words[0], target))
        at = number(self.variable(variable, held))
        if scope.approaching or not at.is_Symbol:
            raise Unproved("a limit within a limit")
        self.approaching[at] = []
        value = self.varied(body, held)
        needs = self.approaching.pop(at)
        tiny = sp.Symbol(next(self.fresh), positive=True)

        def put(x: sp.Expr, near: sp.Expr) -> sp.Expr:
            return self.normal(scope, x, lambda y: near if y == at else y)

        def approached(x: sp.Expr, near: sp.Expr) -> sp.Expr:
            return Limit(put(x, near), tiny)

        where = approach(target, self.notation.symbols[words[0]][0])
        first, *others = [where.near(tiny, side) for side in where.sides]
        if others and isinstance(value, Family):
            raise Unproved("a limit of a family from two sides")
        self.needs_near += [
            (put(x, near), kind, tiny) for near in (first, *others) for x, kind, _ in needs
        ]
        self.agree += [(approached(value, first), approached(value, other)) for other in others]
        return self.put_back(scope, words, each(lambda x: approached(x, first), value))


def is_index(node: Node, scope: Scope) -> bool:
    """Tell whether a node is a plain index letter."""
    return node.kind == "name" and isinstance(scope.values.get(node.args[0]), Index)
