r"""Prove a step for every number of classes: sums stay sums, with their size left as a letter.

A formula becomes an expression of sums, see :mod:`checkedmath.every_size.sums`; a vector becomes a
rule that gives its entry for any index. Two sides are equal if the normal form of their difference
is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.every_size.naming import Naming
from checkedmath.every_size.sums import (
    Index,
    Meaning,
    Pair,
    Sums,
    Unit,
    Unproved,
    delta,
    depends_on_size,
    exponential,
    fresh_names,
    function_of,
    is_positive,
    logarithm,
    size,
)
from checkedmath.meaning import expansion
from checkedmath.meaning.arithmetic import Value
from checkedmath.meaning.interpreter import Case, Interpreter, Rule
from checkedmath.meaning.names import Scope, check_count
from checkedmath.meaning.piecewise import Corner, Indicator, Largest
from checkedmath.notation import Notation
from checkedmath.reading.display import Condition
from checkedmath.reading.tree import Node, is_name

MOST_OPERATIONS = 3_000
#: The letters of some indices.
Found = tuple[Index, ...]
Function = Callable[[sp.Expr], sp.Expr]
#: What is to be zero, and the index letters in it.
Difference = tuple[sp.Expr, list[Index]]
ENTRYWISE = {r"\exp": exponential, r"\tanh": sp.tanh, r"\sin": sp.sin, r"\cos": sp.cos}


def proves(
    left: Node,
    right: Node,
    letters: Iterable[str],
    notation: Notation,
    conditions: Iterable[Condition] = (),
) -> bool:
    """Tell whether two sides are equal whatever the sizes; False if that cannot be seen.

    Parameters
    ----------
    left, right : Node
        The two sides.
    letters : iterable of str
        The index letters that are free in them.
    notation : Notation
        What the letters stand for.
    conditions : iterable of Condition
        How the index letters are restricted.
    """
    naming = Naming(notation)
    prover = Prover(naming.notation())
    conditions = naming.conditions(conditions)
    try:
        env = prover.free_indices(naming.of(*letters))
        differences = prover.differences(naming.node(left), naming.node(right), env)
        return all(prover.is_zero(*each, conditions) for each in differences)
    except (FormulaError, Unproved, expansion.TooLong):
        return False


class Family(NamedTuple):
    """A vector or a matrix: the names of its sizes, None for one, and a rule for its entries."""

    rows: str | None
    columns: str | None
    entry: Callable[[Any, Any], sp.Expr]

    def map(self, function: Function) -> Family:
        """Return the family of the values of a function."""
        return Family(self.rows, self.columns, lambda i, j: function(self.entry(i, j)))


class Prover(Interpreter):
    """Values of trees in which every size is a letter.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    """

    def __init__(self, notation: Notation) -> None:
        super().__init__(notation)
        self.rules: type[Sums] = Sums
        symbols = notation.symbols.items()
        self.simplexes = frozenset(word for word, meaning in symbols if meaning[0] == "simplex")
        self.fresh = fresh_names()

    def of(self, node: Node, scope: Scope) -> Value:
        """Return the value of a part of a tree, in its scope."""
        if not hasattr(self, f"on_{node.kind}"):
            raise Unproved(f"no rule for {node.kind}")
        value = super().of(node, scope)
        if isinstance(value, sp.Expr) and value.count_ops() > MOST_OPERATIONS:
            raise Unproved("too long")
        return value

    def sums(self, scope: Scope | None = None) -> Sums:
        """Return the rules for sums in a scope.

        A distribution that is held is varied entry by entry: then its sum is one no longer.
        """
        held = scope.held if scope else frozenset()
        return self.rules(self.simplexes - held, self.fresh)

    # -- comparison

    def differences(self, left: Node, right: Node, env: dict[str, Index]) -> list[Difference]:
        """Return the differences of the entries of two sides, with their index letters."""
        one, other = self(left, env), self(right, env)
        one, other = like(one, other), like(other, one)
        letters = list(env.values())
        if not isinstance(one, Family) and not isinstance(other, Family):
            return [(one - other, letters)]
        if family(one)[:2] != family(other)[:2]:
            raise Unproved("two shapes")
        row, column = self.letters(one)
        letters += [letter for letter in (row, column) if letter is not None]
        return [(one.entry(row, column) - other.entry(row, column), letters)]

    def is_zero(
        self, difference: sp.Expr, letters: list[Index], conditions: Iterable[Condition]
    ) -> bool:
        """Tell whether a difference is zero for all indices that obey the conditions."""
        return self.sums().is_zero(difference, letters, self.pairs(letters, conditions))

    @staticmethod
    def pairs(letters: Iterable[Index], conditions: Iterable[Condition]) -> list[Pair]:
        """Return the conditions as pairs of index letters of which it is known if they agree."""
        known = {letter.name.partition(":")[0]: letter for letter in letters}
        pairs = []
        for condition in conditions:
            if condition.relation not in ("=", r"\ne") or not known.keys() >= {
                condition.left,
                condition.right,
            }:
                raise Unproved("a condition on sizes")
            agree = condition.relation == "="
            pairs.append((known[condition.left], known[condition.right], agree))
        return pairs

    # -- indices and names

    def free_indices(self, letters: Iterable[str]) -> dict[str, Index]:
        """Return what stands for the index letters that are free in a claim."""
        return {letter: Index(letter, self.notation.indices[letter]) for letter in letters}

    def letter(self, size: str) -> Index:
        """Return an index letter that nothing else uses."""
        return Index(next(self.fresh), size)

    def letters(self, value: Family) -> list[Index | None]:
        """Return letters for the indices of a family, None for an index that it has not."""
        return [None if name is None else self.letter(name) for name in value[:2]]

    def index(self, letter: str, scope: Scope) -> Index:
        """Return the letter that an index stands for; a number may be beyond some sizes."""
        if not isinstance(scope.values.get(letter), Index):
            raise Unproved("an index that is no letter")
        return scope.values[letter]

    def indices(
        self, scope: Scope, word: str, letters: tuple[str, ...], sizes: tuple[str, ...]
    ) -> Found:
        """Return the letters of all indices of a name, which is counted up to some sizes."""
        check_count(word, letters, sizes)
        found = tuple(self.index(letter, scope) for letter in letters)
        return of_sizes(found, sizes)

    def delta(self, one: Index, other: Index) -> sp.Expr:
        """Return one if two indices agree and zero if not."""
        return delta(one, other)

    def argument(self, value: Value) -> Value:
        """Return an argument of a function."""
        if isinstance(value, Index):
            raise Unproved("an index used as a number")
        return value

    def pick(self, scope: Scope, _word: str, value: Value, letters: tuple[str, ...]) -> sp.Expr:
        """Return an entry of a vector or a matrix."""
        shape = family(value)[:2]
        found = tuple(self.index(letter, scope) for letter in letters)
        places = iter(of_sizes(found, [name for name in shape if name is not None]))
        return value.entry(*(None if name is None else next(places) for name in shape))

    def family(self, sizes: tuple[str, ...], rule: Rule) -> Family:
        """Return the vector or matrix of the values of a rule for indices."""

        def entry(i: Any, j: Any) -> sp.Expr:
            return rule(tuple(letter for letter in (i, j) if letter is not None))

        return Family(sizes[0], sizes[1] if len(sizes) == 2 else None, entry)

    def free(self, word: str, found: Found) -> sp.Expr:
        """Return a free number, or an entry of a constant vector or matrix."""
        domain = self.notation.symbols[word][0]
        if domain == "identity":
            return delta(*found)
        if domain in ("ones", "zeros"):
            return sp.Integer(domain == "ones")
        sign = {"real": True} if domain == "real" else {"positive": True}
        if not found:
            return (Unit if domain == "unit" else sp.Symbol)(word, **sign)
        return sp.IndexedBase(sp.Symbol(word, **sign), **sign)[found]

    def size_as_number(self, word: str) -> sp.Expr:
        """Return a size as a number to compute with."""
        return size(word)

    # -- arithmetic

    def each(self, function: Function, value: Value) -> Value:
        """Apply a function to a number, or to each entry of a family."""
        return each(function, value)

    def plus(self, left: Value, right: Value) -> Value:
        """Return a sum of two values."""
        return pairwise(lambda x, y: x + y, left, right)

    def times(self, scope: Scope, left: Value, operator: str, right: Value) -> Value:
        """Return a product, a quotient or a product entry by entry."""
        if operator == r"\odot":
            if not isinstance(left, Family):
                raise Unproved("no families")
            return pairwise(lambda x, y: x * y, left, right)
        if operator == "/":
            divisor = self.sure(scope, number(right), or_negative=True)
            return each(lambda x: x / divisor, left)
        if isinstance(left, Family) and isinstance(right, Family):
            return self.product(scope, left, right)
        if isinstance(right, Family):
            left, right = right, left
        return each(lambda x: x * right, left)

    def sure(self, scope: Scope, x: sp.Expr, or_negative: bool = False) -> sp.Expr:
        """Return what has to be positive, unless it might cease to be at larger sizes.

        Whether it is at the sizes that are checked is found out there.
        """
        normal = self.normal(scope, x)
        signs = (normal, -normal) if or_negative else (normal,)
        if depends_on_size(normal) and not any(map(is_positive, signs)):
            raise Unproved("what might be no number at some size")
        return x

    def product(self, scope: Scope, left: Family, right: Family) -> Value:
        """Return a product of matrices; a row times a vector is a number."""
        if left.columns != right.rows:
            raise Unproved("two shapes")

        def entry(i: Any, j: Any) -> sp.Expr:
            if left.columns is None:
                return left.entry(i, None) * right.entry(None, j)
            k = self.letter(left.columns)
            return self.sum(scope, left.entry(i, k) * right.entry(k, j), k)

        if left.rows is None and right.columns is None:
            return entry(None, None)
        return Family(left.rows, right.columns, entry)

    def sum(self, scope: Scope, x: sp.Expr, letter: Index) -> sp.Expr:
        """Return the sum of an expression over a letter, in normal form."""
        return self.sums(scope).sum(self.normal(scope, x), letter)

    def normal(self, scope: Scope, x: sp.Expr, meaning: Meaning | None = None) -> sp.Expr:
        """Return the normal form of an expression, with entries replaced by their meaning."""
        return self.sums(scope).normal(x, meaning)

    def on_pow(self, scope: Scope, base: Node, exponent: Node) -> sp.Expr:
        """Return a power; the exponential of a logarithm where the exponent is no number."""
        power = number(self.of(exponent, scope))
        if is_name(base, "e") and "e" not in scope.values:
            return exponential(self.normal(scope, power))
        below = number(self.of(base, scope))
        if power.is_Integer:
            if power.is_negative:
                self.sure(scope, below, or_negative=True)
            return below**power
        if not is_positive(self.normal(scope, below)):
            raise Unproved("a power of what may be negative")
        return exponential(power * logarithm(self.normal(scope, below)))

    def on_sqrt(self, scope: Scope, node: Node) -> sp.Expr:
        """Return a square root."""
        return sp.sqrt(self.sure(scope, number(self.of(node, scope))))

    def on_abs(self, scope: Scope, node: Node) -> sp.Expr:
        """Return an absolute value."""
        return sp.Abs(number(self.of(node, scope)))

    def on_log(self, scope: Scope, base: Node | None, node: Node) -> Value:
        """Return a logarithm, elementwise."""

        def log(x: Value) -> sp.Expr:
            return logarithm(self.normal(scope, self.sure(scope, number(x))))

        result = each(log, self.of(node, scope))
        return result if base is None else self.times(scope, result, "/", log(self.of(base, scope)))

    def on_fn(self, scope: Scope, function: str, arguments: tuple[Node, ...]) -> Value:
        """Return the value of an elementary function, or the largest or smallest number."""
        if function in ENTRYWISE:
            return each(ENTRYWISE[function], self.of(arguments[0], scope))
        if function not in (r"\max", r"\min") or len(arguments) == 1:
            raise Unproved(f"no rule for {function}")
        sign = 1 if function == r"\max" else -1
        return sign * Largest(*[sign * number(self.of(node, scope)) for node in arguments])

    # -- vectors and matrices

    def on_transpose(self, scope: Scope, node: Node) -> Family:
        """Return a transpose."""
        value = family(self.of(node, scope))
        return Family(value.columns, value.rows, lambda i, j: value.entry(j, i))

    def on_norm(self, scope: Scope, order: str, node: Node) -> sp.Expr:
        """Return the Euclidean norm."""
        value = family(self.of(node, scope))
        if order != "2":
            raise Unproved("another norm")
        squares = value.map(lambda x: x**2)
        return sp.sqrt(self.total(scope, squares))

    def total(self, scope: Scope, value: Family) -> sp.Expr:
        """Return the sum of all entries."""
        row, column = self.letters(value)
        entry = self.normal(scope, value.entry(row, column))
        for letter in (row, column):
            entry = entry if letter is None else self.sums(scope).sum(entry, letter)
        return entry

    def trace(self, scope: Scope, value: Value) -> sp.Expr:
        """Return the trace of a square matrix."""
        value = family(value)
        if value.rows is None or value.rows != value.columns:
            raise Unproved("no square")
        k = self.letter(value.rows)
        return self.sum(scope, value.entry(k, k), k)

    def diagonal(self, _scope: Scope, value: Value) -> Family:
        """Return the matrix with a vector in its diagonal."""
        rows = family(value).rows
        return Family(rows, rows, lambda i, j: delta(i, j) * value.entry(i, None))

    # -- sums, products, extremes, expectations

    def on_big(
        self,
        scope: Scope,
        operator: str,
        letter: str,
        relation: str | None,
        other: str,
        low: Node | None,
        high: Node,
        body: Node,
    ) -> sp.Expr:
        """Return a sum, a product, a maximum or a minimum over an index."""
        k = self.letter(self.range(scope, letter, low, high))
        inside = self.normal(scope, number(self.of(body, scope.binding(letter, k))))
        if operator in (r"\max", r"\min"):
            if relation:
                raise Unproved("a restricted extreme")
            return sp.Function(operator[1:], real=True)(function_of(inside, k))
        if operator == r"\prod":
            if not is_positive(inside):
                raise Unproved("a product of what may be negative")
            inside = logarithm(inside)
        total = self.sums(scope).sum(inside, k)
        if relation:
            total -= inside.xreplace({k: self.exception(scope, relation, other, k)})
        return exponential(self.normal(scope, total)) if operator == r"\prod" else total

    def range(self, scope: Scope, letter: str, low: Node | None, high: Node) -> str:
        """Return the size up to which an index runs."""
        if low is None:
            return self.names.size_of_index(letter, scope)
        if low != Node("num", ("1",)) or high.kind != "name" or high.args[1]:
            raise Unproved("other bounds than one and a size")
        if high.args[0] not in self.notation.sizes:
            raise Unproved("other bounds than one and a size")
        return high.args[0]

    def exception(self, scope: Scope, relation: str, other: str, k: Index) -> Index:
        """Return the one index that a sum leaves out."""
        left_out = self.index(other, scope)
        if relation != r"\ne" or left_out.size != k.size:
            raise Unproved("another restriction")
        return left_out

    def on_expect(
        self, scope: Scope, operator: str, letter: str, distribution: Node, body: Node
    ) -> sp.Expr:
        """Return an expectation or a variance."""
        weights = family(self.of(distribution, scope))
        k = self.letter(self.names.size_of_index(letter, scope))
        if weights.rows != k.size or weights.columns is not None:
            raise Unproved("two shapes")
        weight, inside = weights.entry(k, None), number(self.of(body, scope.binding(letter, k)))
        mean = self.sum(scope, weight * inside, k)
        if operator == r"\mathbb{E}":
            return mean
        return self.sum(scope, weight * (inside - mean) ** 2, k)

    # -- distinctions

    def on_iverson(self, scope: Scope, left: Node, relation: str, right: Node) -> sp.Expr:
        """Return an indicator of two indices."""
        return self.agreement(scope, left, relation, right)

    def on_cases(self, scope: Scope, *rows: Case) -> sp.Expr:
        """Return the value of the first case that applies, if the cases compare indices."""
        result, remaining = sp.Integer(0), sp.Integer(1)
        for value, left, relation, right in rows:
            holds = (
                sp.Integer(1) if relation is None else self.agreement(scope, left, relation, right)
            )
            result += remaining * holds * number(self.of(value, scope))
            remaining *= 1 - holds
        letters = {x for x in scope.values.values() if isinstance(x, Index)}
        if not self.sums(scope).is_zero(remaining, letters):
            raise Unproved("no case may apply")
        return result

    def agreement(self, scope: Scope, left: Node, relation: str, right: Node) -> sp.Expr:
        """Return one if two indices stand in a relation, and zero if not."""
        if relation not in ("=", r"\ne") or any(
            x.kind != "name" or x.args[1] for x in (left, right)
        ):
            raise Unproved("no comparison of indices")
        same = delta(*(self.index(x.args[0], scope) for x in (left, right)))
        return same if relation == "=" else 1 - same

    # -- derivatives

    def slope(self, held: Scope, value: Value, by: Value) -> Value:
        """Return the derivative of a value by an entry or by a whole family."""
        if not isinstance(value, Family):
            return each(lambda entry: self.slope_of_number(held, value, entry), by)
        if not isinstance(by, Family):
            return value.map(lambda entry: self.slope_of_number(held, entry, by))
        if value.columns is not None or by.columns is not None:
            raise Unproved("a derivative of a matrix")

        def entry(i: Any, j: Any) -> sp.Expr:
            return self.slope_of_number(held, value.entry(i, None), by.entry(j, None))

        return Family(value.rows, by.rows, entry)

    def slope_of_number(self, held: Scope, x: sp.Expr, by: sp.Expr) -> sp.Expr:
        """Return the derivative of a number by a letter or an entry.

        Where two numbers are equal, the larger of them has no derivative, and nothing is claimed.
        """
        if x.has(sp.Lambda, sp.Abs, Indicator, Corner):
            raise Unproved("a derivative of an extreme")
        return self.normal(held, sp.diff(x, by))

    def put_back(self, scope: Scope, words: Collection[str], value: Value) -> Value:
        """Put definitions in the place of names that are held no longer."""
        meant = {word for word in words if not self.names.is_free(word, scope)}

        def meaning(atom: sp.Expr) -> sp.Expr:
            word = atom.base.label.name if isinstance(atom, sp.Indexed) else str(atom)
            found = getattr(atom, "indices", ())
            return self.entry(scope, word, found) if word in meant else atom

        return each(lambda x: self.normal(scope, x, meaning), value) if meant else value


def each(function: Function, value: Value) -> Value:
    """Apply a function to a number, or to each entry of a family."""
    return value.map(function) if isinstance(value, Family) else function(value)


def pairwise(function: Callable[[sp.Expr, sp.Expr], sp.Expr], one: Value, other: Value) -> Value:
    """Apply a function to two numbers, or to the entries of two families of one shape."""
    if not isinstance(one, Family) and not isinstance(other, Family):
        return function(one, other)
    one, other = family(one), family(other)
    if one[:2] != other[:2]:
        raise Unproved("two shapes")
    return Family(one.rows, one.columns, lambda i, j: function(one.entry(i, j), other.entry(i, j)))


def like(value: Value, other: Value) -> Value:
    """Return a value in the shape of another one, if it is zero, which fits any shape."""
    if isinstance(other, Family) and value == 0:
        return other.map(lambda _: sp.Integer(0))
    return value


def family(value: Value) -> Family:
    """Return a value that has to be a vector or a matrix."""
    if not isinstance(value, Family):
        raise Unproved("a number for a family")
    return value


def number(value: Value) -> sp.Expr:
    """Return a value that has to be a number."""
    if isinstance(value, Family):
        raise Unproved("a family for a number")
    return value


def of_sizes(found: Found, sizes: Collection[str]) -> Found:
    """Return index letters that have to run up to some sizes."""
    if [letter.size for letter in found] != list(sizes):
        raise Unproved("an index that runs up to another size")
    return found
