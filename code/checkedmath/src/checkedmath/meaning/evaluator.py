r"""The value of a tree as a SymPy expression, at given sizes and values of the index letters."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sympy as sp

from checkedmath.errors import FormulaError, TooMuch
from checkedmath.meaning import arithmetic
from checkedmath.meaning.approach import approach
from checkedmath.meaning.arithmetic import Value, describe, is_matrix, scalar
from checkedmath.meaning.derivatives import Slopes
from checkedmath.meaning.interpreter import Case, Interpreter, Rule
from checkedmath.meaning.limits import MOST_TERMS, Budget
from checkedmath.meaning.names import Scope, check_count
from checkedmath.meaning.piecewise import (
    Corner,
    Jump,
    Largest,
    Select,
    SlopeOfSelect,
    are_exclusive,
    gap_of_step,
    indicator,
    is_jump,
    parts_there,
)
from checkedmath.notation import Definition, Notation
from checkedmath.reading.relations import denied, holds
from checkedmath.reading.tree import Node, is_name, walk

SLOPE_OF_LIMIT = "the derivative of a limit: a limit may have no slope, or another"
ELEMENTARY = {r"\exp": sp.exp, r"\tanh": sp.tanh, r"\sin": sp.sin, r"\cos": sp.cos}

#: Of how many letters at most a number is about which SymPy is asked.
MOST_ASKED_ABOUT = 60

#: Where a function is that is differentiated by its argument.
PLACE = sp.Symbol("x", real=True)
#: The values of some indices.
Found = tuple[int, ...]


def is_plainly(fact: str, x: sp.Expr) -> bool:
    """Tell whether SymPy knows a fact of a number; it is not asked where that takes too long."""
    return len(x.free_symbols) <= MOST_ASKED_ABOUT and bool(getattr(x, f"is_{fact}"))


class Requirement(NamedTuple):
    """What has to hold for values to be numbers.

    Attributes
    ----------
    relation : str
        One of `COMPARISONS`.
    left, right : sympy.Expr
        Its sides.
    where : tuple
        What holds where this has to hold, each as ``(relation, left, right)``.
    """

    relation: str
    left: sp.Expr
    right: sp.Expr
    where: tuple[tuple[str, sp.Expr, sp.Expr], ...] = ()

    @property
    def letters(self) -> set[sp.Symbol]:
        """The letters that occur."""
        sides = [self.left, self.right, *(x for each in self.where for x in each[1:])]
        return set[sp.Symbol]().union(*(x.free_symbols for x in sides))

    def map(self, change: Callable[[sp.Expr], sp.Expr]) -> Requirement:
        """Return the requirement with each number changed."""
        where = tuple((sign, change(x), change(y)) for sign, x, y in self.where)
        return Requirement(self.relation, change(self.left), change(self.right), where)


class Evaluator(Interpreter):
    """Compute values of trees.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    sizes : dict of str to int
        A number for each size.
    budget : Budget, optional
        The work that the whole formula may take.

    Attributes
    ----------
    atoms : dict
        The free numbers met so far: ``(name, indices)`` to a SymPy symbol. A symbol never bears
        the author's name.
    tiny : dict
        For each limit met, a symbol for the distance to its target, and whether it may come from
        both sides.
    limits : dict
        The values close to their targets that limits have by these symbols. Those that a case holds
        back are left out.
    requirements : dict
        What has to hold for the values to be numbers, and what to say if it does not.
    close : dict
        The same of what has to hold close to the targets of limits.
    steps : dict
        For each number that may not be zero, or a slope is missing: what is missing there, and the
        slopes in which it stands.
    """

    def __init__(
        self, notation: Notation, sizes: Mapping[str, int], budget: Budget | None = None
    ) -> None:
        super().__init__(notation)
        self.size = sizes
        self.atoms: dict[tuple[str, Found], sp.Symbol] = {}
        self.tiny: dict[sp.Symbol, bool] = {}
        self.limits: dict[sp.Symbol, Value] = {}
        self.memo: dict[tuple[object, ...], Value] = {}
        self.slopes = Slopes()
        self.requirements: dict[Requirement, str] = {}
        self.waiting: dict[Requirement, str] = {}
        self.close: dict[Requirement, str] = {}
        self.steps: dict[Requirement, list[tuple[sp.Expr, sp.Expr]]] = {}
        self.budget = budget or Budget()

    def of(self, node: Node, scope: Scope) -> Value:
        """Return the value of a part of a tree, in its scope."""
        self.budget.spend_value()
        return super().of(node, scope)

    def number(self, node: Node, scope: Scope, what: str) -> sp.Expr:
        """Return the value of a tree that has to be a number."""
        return scalar(self.of(node, scope), what)

    def require(
        self, scope: Scope, relation: str, left: sp.Expr, right: sp.Expr, otherwise: str
    ) -> None:
        """Note what has to hold for a value to be a number, in the cases that it stands in."""
        wanted = Requirement(relation, left, right, scope.where)
        if self.is_asked_for(scope, wanted):
            self.requirements.setdefault(self.settled(scope, wanted), otherwise)
        elif scope.approaching and PLACE not in wanted.letters:
            self.waiting.setdefault(wanted, otherwise)

    def is_asked_for(self, scope: Scope, wanted: Requirement) -> bool:
        """Tell whether what has to hold is known: in a limit it may wait for the target."""
        near = {x for (word, _), x in self.atoms.items() if word in scope.approaching[:1]}
        return not wanted.letters & (self.tiny.keys() | near | {PLACE})

    def settled(self, scope: Scope, wanted: Requirement) -> Requirement:
        """Return what has to hold where all that is varied has its meaning back."""
        return wanted.map(lambda x: self.meant(scope, x)) if scope.held else wanted

    def meant(self, scope: Scope, x: sp.Expr) -> sp.Expr:
        """Return a number where all that is varied has its meaning back."""
        return x.xreplace(self.meanings(scope._replace(held=frozenset()), scope.held))

    def require_positive(self, scope: Scope, value: Value, what: str) -> None:
        """Note that each entry of a value has to be positive."""
        for entry in value if is_matrix(value) else [value]:
            if not is_plainly("positive", entry):
                self.require(scope, ">", entry, sp.Integer(0), f"{what} has to be positive")

    def require_nonzero(
        self, scope: Scope, value: sp.Expr, what: str = "what is divided by"
    ) -> None:
        """Note that a value has to differ from zero."""
        if not is_plainly("nonzero", value):
            self.require(scope, r"\ne", value, sp.Integer(0), f"{what} cannot be zero")

    def require_power(self, scope: Scope, base: sp.Expr, exponent: sp.Expr) -> None:
        """Note what has to hold for a power to be a number."""
        what = "what is raised to a power that is no whole number"
        if exponent.is_integer:
            if exponent.is_negative:
                self.require_nonzero(scope, base)
        elif exponent.is_number and exponent.is_positive:  # a letter may be zero, at its end
            self.require_nonnegative(scope, base, f"{what} cannot be negative")
        else:
            self.require_positive(scope, base, what)

    def require_nonnegative(self, scope: Scope, value: sp.Expr, why: str) -> None:
        """Note that a number must not be negative."""
        if not is_plainly("nonnegative", value):
            self.require(scope, r"\ge", value, sp.Integer(0), why)

    @property
    def closed(self) -> dict[sp.Symbol, sp.Symbol]:
        """Numbers that may be zero, in the place of those whose domain has zero as an end."""
        domains = self.notation.symbols
        return {
            symbol: sp.Symbol(f"{symbol.name}e", nonnegative=True)
            for (word, _), symbol in self.atoms.items()
            if domains[word][0] in ("unit", "simplex")
        }

    # -- indices

    def range(self, letter: str, scope: Scope) -> range:
        """Return the values of an index letter."""
        return range(1, self.size[self.names.size_of_index(letter, scope)] + 1)

    def index(self, letter: str, scope: Scope) -> int:
        """Return the value of an index."""
        if letter.isdigit():
            return int(letter)
        value: Any = scope.values.get(letter)
        if isinstance(value, int) or getattr(value, "is_Integer", False):
            return int(value)
        if letter in self.size:
            return self.size[letter]
        raise FormulaError(f"the index {letter} has no value here")

    def indices(
        self, scope: Scope, word: str, letters: tuple[str, ...], sizes: tuple[str, ...]
    ) -> Found:
        """Return the values of all indices of a name, which is counted up to some sizes."""
        check_count(word, letters, sizes)
        for letter, size in zip(letters, sizes, strict=True):
            runs = scope.ranges.get(letter) if letter in scope.values else None
            if runs not in (None, size):
                raise FormulaError(
                    f"{letter} runs up to {runs}, but {word} is counted up to {size}"
                )
        return self.places(scope, word, letters, [self.size[size] for size in sizes])

    def places(self, scope: Scope, word: str, letters: tuple[str, ...], counts: list[int]) -> Found:
        """Return the values of indices, none of which may be beyond its count."""
        found = tuple(self.index(letter, scope) for letter in letters)
        for place, last in zip(found, counts, strict=True):
            if not 1 <= place <= last:
                raise FormulaError(f"{word} has no entry {place}: it is counted from 1 to {last}")
        return found

    def delta(self, one: int, other: int) -> sp.Integer:
        """Return one if two indices agree and zero if not."""
        return sp.Integer(one == other)

    # -- names

    def argument(self, value: Any) -> Value:
        """Return an argument of a function, or an index letter as a number."""
        return sp.Integer(value) if isinstance(value, int) else value

    def pick(self, scope: Scope, word: str, value: Value, letters: tuple[str, ...]) -> sp.Expr:
        """Return an entry of a vector or matrix."""
        if not is_matrix(value):
            raise FormulaError(f"{word} is a number and takes no index")
        counts = [count for count in value.shape if count > 1]
        for letter, count in zip(letters, counts, strict=False):
            runs = letter in scope.values and letter in scope.ranges
            if runs and len(self.range(letter, scope)) != count:
                raise FormulaError(f"{letter} runs up to {scope.ranges[letter]}, {word} does not")
        check_count(word, letters, counts)
        return value[self.position(value, self.places(scope, word, letters, counts))]

    @staticmethod
    def position(value: Value, found: Found) -> tuple[int, int]:
        """Return where an entry stands in a SymPy matrix."""
        if len(found) == 2:
            return found[0] - 1, found[1] - 1
        return (found[0] - 1, 0) if value.shape[1] == 1 else (0, found[0] - 1)

    def defined(self, scope: Scope, word: str, definition: Definition, found: Found) -> Value:
        """Return an entry of what has been defined, which is computed once."""
        key = word, found, scope.held, scope.where, scope.approaching
        if key not in self.memo:
            self.memo[key] = super().defined(scope, word, definition, found)
        return self.memo[key]

    def free(self, word: str, found: Found) -> sp.Expr:
        """Return a free number, or an entry of a constant vector or matrix."""
        domain = self.notation.symbols[word][0]
        if domain in ("ones", "zeros", "identity"):
            return sp.Integer({"ones": 1, "zeros": 0}.get(domain, len(set(found)) == 1))
        if (word, found) not in self.atoms:
            sign = {"real": True} if domain == "real" else {"positive": True}
            self.atoms[word, found] = sp.Symbol(f"x{len(self.atoms)}", **sign)
        return self.atoms[word, found]

    def size_as_number(self, word: str) -> sp.Integer:
        """Return a size as a number to compute with."""
        return sp.Integer(self.size[word])

    def family(self, sizes: tuple[str, ...], rule: Rule) -> sp.Matrix:
        """Return the vector or matrix of the values of a rule for indices."""
        counts = [self.size[size] for size in sizes]
        self.budget.spend_value(math.prod(counts))
        places = itertools.product(*(range(1, count + 1) for count in counts))
        columns = counts[1] if len(counts) == 2 else 1
        return sp.Matrix(counts[0], columns, [rule(found) for found in places])

    # -- arithmetic

    each = staticmethod(arithmetic.each)
    plus = staticmethod(arithmetic.add)

    def times(self, scope: Scope, left: Value, operator: str, right: Value) -> Value:
        """Return a product, a quotient or a product entry by entry."""
        if operator == "/" and not is_matrix(right) and right.free_symbols:
            self.require_nonzero(scope, right)
        return OPERATORS[operator](left, right)

    def on_pow(self, scope: Scope, base: Node, exponent: Node) -> Value:
        """Return a power."""
        if is_name(base, "e") and "e" not in scope.values:
            return sp.exp(self.number(exponent, scope, "an exponent"))
        below, above = self.of(base, scope), self.of(exponent, scope)
        if not is_matrix(below) and not is_matrix(above):
            self.require_power(scope, below, above)
        return arithmetic.power(below, above)

    def on_sqrt(self, scope: Scope, node: Node) -> sp.Expr:
        """Return a square root."""
        value = self.number(node, scope, "a root")
        self.require_nonnegative(scope, value, "what is under a root cannot be negative")
        return arithmetic.square_root(value)

    def on_abs(self, scope: Scope, node: Node) -> sp.Expr:
        """Return an absolute value."""
        return arithmetic.absolute(self.number(node, scope, "an absolute value"))

    def on_fn(self, scope: Scope, function: str, arguments: tuple[Node, ...]) -> Value:
        r"""Return the value of ``\exp``, ``\max``, ... ; elementwise, if of one argument."""
        if function == r"\det":
            return arithmetic.determinant(square(self.of(arguments[0], scope), "a determinant"))
        if function in ELEMENTARY:
            return arithmetic.each(ELEMENTARY[function], self.of(arguments[0], scope))
        if len(arguments) == 1:
            entries = self.of(arguments[0], scope)
            if not is_matrix(entries):
                raise FormulaError(f"{function} of a single number")
            return EXTREMES[function](*entries)
        return EXTREMES[function](*[self.number(node, scope, function) for node in arguments])

    def on_log(self, scope: Scope, base: Node | None, node: Node) -> Value:
        """Return a logarithm, elementwise."""
        value = self.of(node, scope)
        self.require_positive(scope, value, "the argument of a logarithm")
        result = arithmetic.each(arithmetic.logarithm, value)
        if base is None:
            return result
        below = self.number(base, scope, "the base of a logarithm")
        self.require_positive(scope, below, "the base of a logarithm")
        divisor = arithmetic.logarithm(below)
        self.require_nonzero(scope, divisor, "the logarithm of a base")
        return arithmetic.divide(result, divisor)

    # -- vectors and matrices

    def on_transpose(self, scope: Scope, node: Node) -> sp.Matrix:
        """Return a transpose."""
        value = self.of(node, scope)
        if not is_matrix(value):
            raise FormulaError("the transpose of a number")
        return value.T

    def on_matrix(self, scope: Scope, *rows: tuple[Node, ...]) -> sp.Matrix:
        """Return a matrix that is written out."""
        entries = [[self.number(node, scope, "an entry") for node in row] for row in rows]
        if len(entries) == len(entries[0]) == 1:
            raise FormulaError("a matrix with a single entry: write a number")
        return sp.Matrix(entries)

    def on_norm(self, scope: Scope, order: str, node: Node) -> sp.Expr:
        """Return a norm of a vector; the Euclidean one is that of Frobenius for a matrix."""
        value = self.of(node, scope)
        if not is_matrix(value) or (order != "2" and 1 not in value.shape):
            raise FormulaError(
                rf"\lVert x \rVert_{order} is for vectors, not for {describe(value)}"
            )
        if order == "2":
            return sp.sqrt(sum(entry**2 for entry in value))
        entries = [arithmetic.absolute(entry) for entry in value]
        return sum(entries) if order == "1" else Largest(*entries)

    # -- functions of matrices, and the derivative of a function that was defined

    def trace(self, _scope: Scope, value: Value) -> sp.Expr:
        """Return the trace of a square matrix."""
        return square(value, "a trace").trace()

    def diagonal(self, _scope: Scope, value: Value) -> sp.Matrix:
        """Return the matrix with a vector in its diagonal."""
        if not is_matrix(value) or value.shape[1] != 1:
            raise FormulaError(f"diag takes a vector, not {describe(value)}")
        return sp.diag(*value)

    def on_prime(self, scope: Scope, word: str, order: int, argument: Node) -> Value:
        """Return a derivative of a function of one number, at a number."""
        function, known = self.names.function(word, 1), len(self.tiny)
        value = self.apply(scope, function, [PLACE])
        if len(self.tiny) > known:
            raise FormulaError(SLOPE_OF_LIMIT)
        arithmetic.refuse_large(value)
        at = self.number(argument, scope, f"{word}'")
        self.apply(scope, function, [at])  # which has to be a number where its slope is taken
        for _ in range(order):
            value = self.slope(scope, value, PLACE)
        slope = self.each(lambda x: put_in(x, {PLACE: at}), value)
        self.require_slope(scope, slope)
        return slope

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
    ) -> Value:
        """Return a sum, a product, a maximum or a minimum over an index."""
        found: Sequence[int] = self.range(letter, scope)
        if low is not None:
            found = range(self.whole(low, scope), self.whole(high, scope) + 1)
        if relation:
            limit = self.index(other, scope)
            found = [value for value in found if holds(relation, value, limit)]
        if len(found) > MOST_TERMS:
            raise TooMuch(f"{operator} of {len(found)} terms")
        terms = [self.of(body, scope.binding(letter, value)) for value in found]
        return self.combine(operator, terms)

    @staticmethod
    def combine(operator: str, terms: list[Value]) -> Value:
        """Return the sum, product, maximum or minimum of some terms."""
        if operator == r"\sum":
            if any(map(is_matrix, terms)):
                return functools.reduce(arithmetic.add, terms)
            return sp.Add(*terms)  # at once: one by one takes the square of their number
        for term in terms:
            scalar(term, operator)
        if operator == r"\prod":
            return sp.Mul(*terms)
        if not terms:
            raise FormulaError(f"{operator} of nothing")
        return EXTREMES[operator](*terms)

    def whole(self, node: Node, scope: Scope) -> int:
        """Return the bound of a sum."""
        value = self.of(node, scope)
        if not getattr(value, "is_Integer", False):
            raise FormulaError("a bound of a sum is a whole number")
        return int(value)

    def on_expect(
        self, scope: Scope, operator: str, letter: str, distribution: Node, body: Node
    ) -> Value:
        """Return an expectation or a variance."""
        weights, found = self.of(distribution, scope), self.range(letter, scope)
        if not is_matrix(weights) or weights.shape != (len(found), 1):
            raise FormulaError(f"{letter} has {len(found)} values; its distribution does not")
        total = sp.Add(*weights)
        self.require(
            scope, "=", total, sp.Integer(1), "the probabilities of a distribution add up to one"
        )
        terms = [self.of(body, scope.binding(letter, value)) for value in found]
        mean = functools.reduce(
            arithmetic.add, [w * x for w, x in zip(weights, terms, strict=True)]
        )
        if operator == r"\mathbb{E}":
            return mean
        scalar(mean, "a variance")
        return sp.Add(*[w * (x - mean) ** 2 for w, x in zip(weights, terms, strict=True)])

    def on_argmax(self, scope: Scope, operator: str, letter: str, body: Node) -> sp.Matrix:
        """Return the set of the classes with the largest value, as ones among zeros."""
        sign = 1 if "max" in operator else -1
        found = self.range(letter, scope)
        terms = [
            sign * self.number(body, scope.binding(letter, value), "argmax") for value in found
        ]
        largest = Largest(*terms)
        return sp.Matrix([indicator("=", term, largest) for term in terms])

    # -- distinctions

    def on_iverson(self, scope: Scope, left: Node, relation: str, right: Node) -> sp.Expr:
        """Return an indicator."""
        if relation == r"\in":
            if right.kind != "argmax" or left.kind not in ("name", "num") or left.args[1:] > ((),):
                raise FormulaError(r"\in stands between an index and an argmax")
            return self.pick(scope, "argmax", self.of(right, scope), (left.args[0],))
        sides = (self.number(side, scope, "an indicator") for side in (left, right))
        return indicator(relation, *sides)

    def on_cases(self, scope: Scope, *rows: Case) -> sp.Expr:
        """Return the value of the case that applies; where two of them do, they have to agree."""
        parts, rest = list[sp.Expr](), scope  # rest: where no case so far applies
        for value, left, relation, right in rows:
            if relation is None:
                parts += [] if sp.S.One in parts[::2] else [sp.S.One, self.case(value, rest)]
                continue
            sides = self.case(left, rest), self.case(right, rest)
            applies = indicator(relation, *sides)
            if applies != 0:
                found = self.case(value, where(scope, applies, relation, *sides))
                self.require_agreement(scope, parts, applies, found)
                parts += [applies, found]
            rest = where(rest, applies, denied(relation), *sides)
        return Select(*parts)

    def case(self, node: Node, scope: Scope) -> sp.Expr:
        """Return a number that stands in a case."""
        return self.number(node, scope, "a case")

    def require_agreement(
        self, scope: Scope, earlier: list[sp.Expr], applies: sp.Expr, value: sp.Expr
    ) -> None:
        """Note that a case has the value of each earlier one that applies at the same place."""
        for other, its_value in zip(earlier[::2], earlier[1::2], strict=True):
            if value != its_value and not are_exclusive(other, applies):
                gap = when(other, when(applies, its_value - value))
                # Also inside a derivative: which case is meant does not rest on what is varied.
                unheld = scope._replace(held=frozenset())
                self.require(unheld, "=", gap, sp.Integer(0), TWO_CASES)

    # -- derivatives and limits. Their variable is held free, and gets its meaning back afterwards.

    def on_diff(self, scope: Scope, variables: tuple[Node, ...], body: Node) -> Value:
        """Return a partial derivative, or the vector or matrix of all; note where there is none."""
        known = len(self.tiny)
        value = super().on_diff(scope, variables, body)
        for variable in variables:
            self.refuse_captured(scope, variable, body)
        if len(self.tiny) > known:
            raise FormulaError(SLOPE_OF_LIMIT)
        self.require_slope(scope, value)
        return value

    def refuse_captured(self, scope: Scope, variable: Node, body: Node) -> None:
        """Refuse to vary, inside a function, what one of its arguments depends on.

        Whether the argument varies as well is what a reader could take two ways.
        """
        varied = symbols_of(self.variable(variable, scope.holding(variable.args[:1])))
        for node in walk(body):
            word = node.args[0] if node.kind == "name" else ""
            if word in scope.values and symbols_of(scope.values[word]) & varied:
                raise FormulaError(
                    f"the function varies {variable.args[0]}, and its argument {word} stands here"
                    f" for what depends on {variable.args[0]}: does that vary, too? Write the"
                    " function out, or give it a letter of its own"
                )

    def require_slope(self, scope: Scope, slope: Value) -> None:
        """Note what has to differ from zero for a derivative to be a number, though it cancels."""
        for entry in slope if is_matrix(slope) else [slope]:
            for part in entry.atoms(sp.Pow, sp.sign, Corner, Jump):
                gap = part.base if part.is_Pow and part.exp.is_negative else gap_of_step(part)
                if gap is not None and not gap.is_nonzero:
                    self.require_step(scope, gap, part, entry)

    def require_step(self, scope: Scope, gap: sp.Expr, step: sp.Expr, slope: sp.Expr) -> None:
        """Note that a number may not be zero where a step in a slope is missing."""
        wanted = Requirement(r"\ne", gap, sp.Integer(0), scope.where)
        if self.is_asked_for(scope, wanted):
            place = self.meant(scope, step), self.meant(scope, slope)
            self.steps.setdefault(self.settled(scope, wanted), []).append(place)

    def varied(self, body: Node, held: Scope) -> Value:
        """Return the value of what is to be differentiated, or taken to a limit."""
        value = super().varied(body, held)
        arithmetic.refuse_large(value)
        return value

    def variable(self, node: Node, held: Scope) -> Value:
        """Return the free number, vector or matrix that a derivative is taken by."""
        value = super().variable(node, held)
        for entry in value if is_matrix(value) else [value]:
            if not entry.is_Symbol:
                raise FormulaError(f"{node.args[0]} is constant and cannot be varied")
        return value

    def slope(self, _held: Scope, value: Value, by: Value) -> Value:
        """Return the derivative of a value by a number or a whole family."""
        return self.slopes.differentiate(value, by)

    def put_back(self, scope: Scope, words: Collection[str], value: Value) -> Value:
        """Put definitions in the place of names that are held no longer."""
        meant = self.meanings(scope, words)
        return self.each(lambda x: put_in(x, meant), value) if meant else value

    def meanings(self, scope: Scope, words: Collection[str]) -> dict[sp.Symbol, sp.Expr]:
        """Return what the free numbers stand for whose names have a definition."""
        return {
            symbol: self.entry_of_whole(scope, word, found)
            for (word, found), symbol in list(self.atoms.items())
            if word in words and not self.names.is_free(word, scope)
        }

    def entry_of_whole(self, scope: Scope, word: str, found: Found) -> Value:
        """Return an entry of a name, which may be defined as a whole: ``u := W a``."""
        definition = self.notation.definitions.get(word)
        if definition is None or definition.letters or not found:
            return self.entry(scope, word, found)
        whole = self.entry(scope, word, ())
        if not is_matrix(whole):
            raise FormulaError(f"{word} is declared with indices and defined as a number")
        return whole[self.position(whole, found)]

    def on_lim(self, scope: Scope, variable: Node, target: str, body: Node) -> Value:
        """Return a value close to the target, in terms of a tiny distance."""
        words = variable.args[:1]
        self.names.check_unbound(words, scope)
        held = scope.holding(words)
        at = scalar(self.variable(variable, held), "a limit")
        if scope.approaching:
            raise FormulaError("a limit within a limit: they would be taken at once")
        self.names.check_variable(words)
        self.refuse_captured(scope, variable, body)
        tiny, near = self.approach(target, self.notation.symbols[words[0]][0])
        value = self.varied(body, held._replace(approaching=(words[0], target)))

        def close(x: sp.Expr) -> sp.Expr:
            return self.put_back(scope, words, x.xreplace({at: near(tiny)}))

        self.close |= {wanted.map(close): why for wanted, why in self.waiting.items()}
        self.waiting.clear()
        if not scope.where:
            self.limits[tiny] = close(value)
        return close(value)

    def approach(
        self, target: str, domain: str
    ) -> tuple[sp.Symbol, Callable[[sp.Symbol], sp.Expr]]:
        """Return a symbol for a tiny distance, and how a number comes near its target by it."""
        where = approach(target, domain)
        two_sided = len(where.sides) == 2
        sign = {"real": True} if two_sided else {"positive": True}
        tiny = sp.Symbol(f"t{len(self.tiny)}", **sign)
        self.tiny[tiny] = two_sided
        return tiny, lambda t: where.near(t, where.sides[0])


def where(scope: Scope, applies: sp.Expr, relation: str, left: sp.Expr, right: sp.Expr) -> Scope:
    """Return the scope in which a relation holds, unless it is plain whether it does."""
    if applies.is_Integer:
        return scope
    return scope._replace(where=(*scope.where, (relation, left, right)))


def symbols_of(value: Any) -> set[sp.Symbol]:
    """Return the letters in a value; an index has none."""
    return getattr(value, "free_symbols", set())


def square(value: Value, what: str) -> sp.Matrix:
    """Return a value that has to be a square matrix."""
    if not is_matrix(value) or value.shape[0] != value.shape[1]:
        raise FormulaError(f"{what} takes a square matrix, not {describe(value)}")
    return value


def least(*terms: sp.Expr) -> sp.Expr:
    """Return the smallest of some numbers."""
    return -Largest(*[-term for term in terms])


#: What is said of cases that overlap.
TWO_CASES = "where two cases apply, their difference has to be zero"


def when(applies: sp.Expr, value: sp.Expr) -> sp.Expr:
    """Return a value where an indicator is one, and zero elsewhere."""
    return Select(applies, value, sp.S.One, sp.S.Zero)


EXTREMES = {r"\max": Largest, r"\min": least}
OPERATORS = {"": arithmetic.multiply, "/": arithmetic.divide, r"\odot": arithmetic.multiply_entries}


def put_in(slope: sp.Expr, places: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """Return a slope at places; refuse those where it steps, for the place would hide the step.

    >>> x = sp.Symbol("x", real=True)
    >>> put_in(x * sp.sign(x), {x: sp.Integer(0)})
    0
    >>> put_in(sp.sign(x), {x: sp.Integer(0)})
    Traceback (most recent call last):
    checkedmath.errors.FormulaError: there is no slope there: two slopes meet
    """
    gaps = [(part, gap_of_step(part)) for part in slope.atoms(sp.sign, Corner, Jump)]
    missing = {
        part: sp.Dummy() for part, gap in gaps if gap is not None and gap.xreplace(places) == 0
    }
    if missing:
        shown = sp.expand(slope.xreplace(missing).xreplace(places))
        if shown.free_symbols & set(missing.values()) or any(map(is_jump, missing)):
            raise FormulaError("there is no slope there: two slopes meet")
    if any(parts_there(select, places) for select in slope.atoms(SlopeOfSelect)):
        raise FormulaError("there is no slope there: two cases meet")
    return slope.xreplace(places)
