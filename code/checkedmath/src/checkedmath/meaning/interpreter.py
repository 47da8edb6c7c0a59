r"""How a tree gets its value, as far as that does not depend on what values are.

Two interpreters go through the same trees: `meaning.evaluator` computes at given sizes, and
`every_size.prover` with sizes that are letters. What a name means, what a derivative holds free and
what a function is passed must be the same for both, so it stands here.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.meaning.arithmetic import Value
from checkedmath.meaning.limits import LONGEST_NUMBER
from checkedmath.meaning.names import CONSTANTS, Names, Scope
from checkedmath.notation import Definition, Notation
from checkedmath.reading.tree import Node

#: A rule that gives the entry of a family for its indices.
Rule = Callable[[tuple[Any, ...]], Value]

#: One case: a value, and the relation under which it applies.
Case = tuple[Node, Node, str | None, Node]


class Interpreter(ABC):
    """Values of trees.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    """

    def __init__(self, notation: Notation) -> None:
        self.notation, self.names = notation, Names(notation)

    def __call__(self, node: Node, env: Mapping[str, Any]) -> Value:
        """Return the value of a tree; `env` gives its free index letters their values."""
        return self.of(node, self.names.outermost(env))

    def of(self, node: Node, scope: Scope) -> Value:
        """Return the value of a part of a tree, in its scope."""
        return getattr(self, f"on_{node.kind}")(scope, *node.args)

    # -- names

    def on_num(self, _scope: Scope, digits: str) -> Value:
        """Return a number that is written out."""
        if len(digits) > LONGEST_NUMBER:
            raise FormulaError(f"a number of {len(digits)} digits")
        return sp.Rational(digits)

    def on_name(self, scope: Scope, word: str, letters: tuple[str, ...]) -> Value:
        """Return an entry, or a whole vector or matrix if no index is given."""
        if self.names.is_delta(word, letters):
            return self.delta(*(self.index(letter, scope) for letter in letters))
        if word in scope.values:
            value = scope.values[word]
            return self.pick(scope, word, value, letters) if letters else self.argument(value)
        sizes = self.names.sizes_of(word, scope)
        if letters or not sizes:
            return self.entry(scope, word, self.indices(scope, word, letters, sizes))
        return self.family(sizes, lambda found: self.entry(scope, word, found))

    def entry(self, scope: Scope, word: str, found: tuple[Any, ...]) -> Value:
        """Return the number that a name with its indices stands for."""
        if self.names.is_free(word, scope):
            return self.free(word, found)
        definition = self.notation.definitions.get(word)
        if definition is not None:
            return self.defined(scope, word, definition, found)
        return self.size_as_number(word) if word in self.notation.sizes else CONSTANTS[word]

    def defined(
        self, scope: Scope, word: str, definition: Definition, found: tuple[Any, ...]
    ) -> Value:
        """Return an entry of what has been defined."""
        if len(found) != len(definition.letters):
            raise FormulaError(f"{word} is declared with other indices than it is defined with")
        values = dict(zip(definition.letters, found, strict=True))
        return self.of(definition.body, scope.within(definition, values))

    def on_entry(self, scope: Scope, node: Node, letters: tuple[str, ...]) -> Value:
        """Return an entry of what stands in parentheses."""
        return self.pick(scope, "this parenthesis", self.of(node, scope), letters)

    # -- arithmetic

    def on_paren(self, scope: Scope, node: Node) -> Value:
        """Return what is in parentheses."""
        return self.of(node, scope)

    def on_neg(self, scope: Scope, node: Node) -> Value:
        """Return the negative."""
        return self.each(lambda x: -x, self.of(node, scope))

    def on_add(self, scope: Scope, *nodes: Node) -> Value:
        """Return a sum."""
        return functools.reduce(self.plus, [self.of(node, scope) for node in nodes])

    def on_mul(self, scope: Scope, *parts: Node | str) -> Value:
        """Return a product; factors are taken from left to right."""
        result, operator = None, ""
        for part in parts:
            if isinstance(part, str):
                operator = part
                continue
            value = self.of(part, scope)
            result = value if result is None else self.times(scope, result, operator, value)
            operator = ""
        return result

    def on_div(self, scope: Scope, above: Node, below: Node) -> Value:
        """Return a quotient."""
        return self.times(scope, self.of(above, scope), "/", self.of(below, scope))

    # -- functions that were defined

    def on_call(
        self, scope: Scope, word: str, arguments: tuple[Node, ...], separators: tuple[str, ...]
    ) -> Value:
        """Return the value of a function."""
        if word in OF_MATRICES:
            if len(arguments) != 1:
                raise FormulaError(f"{word} takes one argument, not {len(arguments)}")
            return OF_MATRICES[word](self, scope, self.of(arguments[0], scope))
        definition = self.names.called(word, len(arguments), separators)
        passed = [self.of(argument, scope) for argument in arguments]
        return self.apply(scope, definition, passed)

    def apply(self, scope: Scope, definition: Definition, passed: Sequence[Value]) -> Value:
        """Return the value of a function at some arguments; a vector if it has an index."""
        arguments = dict(zip(definition.parameters, passed, strict=True))

        def entry(found: tuple[Any, ...]) -> Value:
            values = arguments | dict(zip(definition.letters, found, strict=True))
            return self.of(definition.body, scope.within(definition, values))

        sizes = tuple(definition.ranges[letter] for letter in definition.letters)
        return self.family(sizes, entry) if sizes else entry(())

    # -- derivatives. Their variable is held free, and gets its meaning back afterwards.

    def on_diff(self, scope: Scope, variables: tuple[Node, ...], body: Node) -> Value:
        """Return a partial derivative, or the vector or matrix of all."""
        words = [node.args[0] for node in variables]
        self.names.check_unbound(words, scope)
        self.names.check_variable(words)
        held = scope.holding(words)
        value = self.varied(body, held)
        for node in variables:
            value = self.slope(held, value, self.variable(node, held))
        return self.put_back(scope, words, value)

    def on_grad(self, scope: Scope, variable: Node, body: Node) -> Value:
        """Return a gradient, in the shape of its variable."""
        return self.on_diff(scope, (variable,), body)

    def on_hess(self, scope: Scope, variable: Node, body: Node) -> Value:
        """Return the matrix of second derivatives."""
        return self.on_diff(scope, (variable, variable), body)

    def varied(self, body: Node, held: Scope) -> Value:
        """Return the value of what is to be differentiated."""
        return self.of(body, held)

    def variable(self, node: Node, held: Scope) -> Value:
        """Return the free number, vector or matrix that a derivative is taken by."""
        return self.on_name(held, *node.args)

    # -- what depends on the kind of values

    @abstractmethod
    def index(self, letter: str, scope: Scope) -> Any:
        """Return the value of an index."""

    @abstractmethod
    def indices(
        self, scope: Scope, word: str, letters: tuple[str, ...], sizes: tuple[str, ...]
    ) -> tuple[Any, ...]:
        """Return the values of all indices of a name, which is counted up to some sizes."""

    @abstractmethod
    def delta(self, one: Any, other: Any) -> Value:
        """Return one if two indices agree and zero if not."""

    @abstractmethod
    def argument(self, value: Any) -> Value:
        """Return an argument of a function, or an index letter as a number."""

    @abstractmethod
    def pick(self, scope: Scope, word: str, value: Value, letters: tuple[str, ...]) -> Value:
        """Return an entry of a vector or a matrix."""

    @abstractmethod
    def family(self, sizes: tuple[str, ...], rule: Rule) -> Value:
        """Return the vector or matrix of the values of a rule for indices."""

    @abstractmethod
    def free(self, word: str, found: tuple[Any, ...]) -> Value:
        """Return a free number, or an entry of a constant vector or matrix."""

    @abstractmethod
    def size_as_number(self, word: str) -> Value:
        """Return a size as a number to compute with."""

    @abstractmethod
    def each(self, function: Callable[[Any], Any], value: Value) -> Value:
        """Apply a function to a number, or to each entry of a family."""

    @abstractmethod
    def plus(self, left: Value, right: Value) -> Value:
        """Return a sum of two values."""

    @abstractmethod
    def times(self, scope: Scope, left: Value, operator: str, right: Value) -> Value:
        """Return a product, a quotient or a product entry by entry."""

    @abstractmethod
    def trace(self, scope: Scope, value: Value) -> Value:
        """Return the trace of a square matrix."""

    @abstractmethod
    def diagonal(self, scope: Scope, value: Value) -> Value:
        """Return the matrix with a vector in its diagonal."""

    @abstractmethod
    def slope(self, held: Scope, value: Value, by: Value) -> Value:
        """Return the derivative of a value by a number or a whole family."""

    @abstractmethod
    def put_back(self, scope: Scope, words: Collection[str], value: Value) -> Value:
        """Put definitions in the place of names that are held no longer."""


#: Functions of one matrix that every formula may use.
OF_MATRICES: dict[str, Callable[[Any, Scope, Value], Value]] = {
    r"\operatorname{tr}": lambda interpreter, scope, value: interpreter.trace(scope, value),
    r"\operatorname{diag}": lambda interpreter, scope, value: interpreter.diagonal(scope, value),
}
