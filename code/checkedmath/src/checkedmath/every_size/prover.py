r"""Prove a step for every number of classes: sums stay sums, with their size left as a letter.

A formula becomes an expression of sums, see :mod:`checkedmath.every_size.sums`; a vector becomes a
rule that gives its entry for any index. Two sides are equal if the normal form of their difference
is zero.
"""

from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import sympy as sp

from checkedmath.every_size import expansion
from checkedmath.every_size.sums import (
    Index,
    Sums,
    Unit,
    Unproved,
    delta,
    depends_on_size,
    exponential,
    function_of,
    is_positive,
    logarithm,
    size,
)
from checkedmath.reading.tree import Node, is_name

MOST_OPERATIONS = 3_000
CONSTANTS = {"e": sp.E, r"\pi": sp.pi}
ENTRYWISE = {r"\exp": exponential, r"\tanh": sp.tanh, r"\sin": sp.sin, r"\cos": sp.cos}


def proves(left, right, letters, notation, conditions=()):
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
    general = General(notation)
    env = {letter: Index(letter, notation.indices[letter]) for letter in letters}
    try:
        differences = general.differences(left, right, env)
        return all(general.is_zero(*each, conditions) for each in differences)
    except (Unproved, expansion.TooLong):
        return False


class Family(NamedTuple):
    """A vector or a matrix: the names of its sizes, None for one, and a rule for its entries."""

    rows: str | None
    columns: str | None
    entry: Callable

    def map(self, function):
        """Return the family of the values of a function."""
        return Family(self.rows, self.columns, lambda i, j: function(self.entry(i, j)))


class General:
    """Values of trees in which every size is a letter.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    """

    def __init__(self, notation):
        self.notation, self.ranges = notation, notation.indices
        symbols = notation.symbols.items()
        self.simplexes = frozenset(word for word, meaning in symbols if meaning[0] == "simplex")
        self.sums = Sums(self.simplexes)
        self.held = frozenset()

    def __call__(self, node, env):
        """Return the value of a tree; `env` gives index letters and arguments their values."""
        rule = getattr(self, f"on_{node.kind}", None)
        if rule is None:
            raise Unproved(f"no rule for {node.kind}")
        value = rule(env, *node.args)
        if isinstance(value, sp.Expr) and value.count_ops() > MOST_OPERATIONS:
            raise Unproved("too long")
        return value

    # -- comparison

    def differences(self, left, right, env):
        """Return the differences of the entries of two sides, with their index letters."""
        one, other = self(left, env), self(right, env)
        one, other = like(one, other), like(other, one)
        letters = list(env.values())
        if not isinstance(one, Family) and not isinstance(other, Family):
            return [(one - other, letters)]
        if family(one)[:2] != family(other)[:2]:
            raise Unproved("two shapes")
        row, column = (name and self.sums.letter(name) for name in one[:2])
        letters += [letter for letter in (row, column) if letter is not None]
        return [(one.entry(row, column) - other.entry(row, column), letters)]

    def is_zero(self, difference, letters, conditions):
        """Tell whether a difference is zero for all indices that obey the conditions."""
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
        return self.sums.is_zero(difference, letters, pairs)

    # -- names

    def index(self, letter, env):
        """Return the letter that an index stands for; a number may be beyond some sizes."""
        if not isinstance(env.get(letter), Index):
            raise Unproved("an index that is no letter")
        return env[letter]

    def on_num(self, env, digits):
        """Return a number that is written out."""
        return sp.Rational(digits)

    def on_name(self, env, word, letters):
        """Return an entry, or a whole vector or matrix if no index is given."""
        found = tuple(self.index(letter, env) for letter in letters)
        if word == r"\delta" and len(found) == 2 and word not in self.notation.symbols:
            return delta(*found)
        if word in env:
            return self.argument(env[word], found)
        sizes = self.sizes_of(word)
        if found or not sizes:
            return self.entry(word, found)
        return self.family_of(sizes, lambda found: self.entry(word, found))

    def family_of(self, sizes, rule):
        """Return the vector or matrix of the values of a rule for indices."""

        def entry(i, j):
            return rule(tuple(letter for letter in (i, j) if letter is not None))

        return Family(*sizes, *(None,) * (2 - len(sizes)), self.later(entry))

    def later(self, rule):
        """Return a rule that reads names, whenever it is used, as they are read now."""
        held, ranges = self.held, self.ranges

        def used(*args):
            with self.state(held, ranges):
                return rule(*args)

        return used

    @contextmanager
    def state(self, held, ranges):
        """Hold other names free, and read index letters as another place does.

        A distribution that is held is varied entry by entry: then its sum is one no longer.
        """
        before = self.held, self.ranges, self.sums.simplexes
        self.held, self.ranges = held, ranges
        self.sums.simplexes = self.simplexes - held
        try:
            yield
        finally:
            self.held, self.ranges, self.sums.simplexes = before

    @staticmethod
    def argument(value, found):
        """Return an argument of a function, or one of its entries."""
        if isinstance(value, Index) or not (found or isinstance(value, Family)):
            if found or isinstance(value, Index):
                raise Unproved("an index used as a number")
            return value
        return pick(value, found) if found else value

    def sizes_of(self, word):
        """Return up to which sizes the indices of a name run."""
        if self.is_free(word):
            return self.notation.symbols[word][1:]
        definition = self.notation.definitions.get(word)
        return tuple(definition.ranges[x] for x in definition.letters) if definition else ()

    def is_free(self, word):
        """Tell whether a name stands for free numbers here, and not for its definition."""
        defined = word in self.notation.definitions
        return word in self.notation.symbols and (word in self.held or not defined)

    def entry(self, word, found):
        """Return the number that a name with its indices stands for."""
        if tuple(letter.size for letter in found) != tuple(self.sizes_of(word)):
            raise Unproved("an index that runs up to another size")
        if self.is_free(word):
            return self.free(word, found)
        definition = self.notation.definitions.get(word)
        if definition is not None:
            return self.within(definition, dict(zip(definition.letters, found, strict=True)))
        if word in self.notation.sizes:
            return size(word)
        if word not in CONSTANTS:
            raise Unproved(f"{word} has no meaning")
        return CONSTANTS[word]

    def free(self, word, found):
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

    def within(self, definition, env):
        """Return the value of the body of a definition."""
        with self.state(self.held, definition.ranges):
            return self(definition.body, env)

    # -- arithmetic

    def on_paren(self, env, node):
        """Return what is in parentheses."""
        return self(node, env)

    def on_neg(self, env, node):
        """Return the negative."""
        return each(lambda x: -x, self(node, env))

    def on_add(self, env, *nodes):
        """Return a sum."""
        first, *others = [self(node, env) for node in nodes]
        for other in others:
            first = pairwise(lambda x, y: x + y, first, other)
        return first

    def on_mul(self, env, *parts):
        """Return a product; factors are taken from left to right."""
        result, operator = None, ""
        for part in parts:
            if isinstance(part, str):
                operator = part
                continue
            value = self(part, env)
            result = value if result is None else self.times(result, operator, value)
            operator = ""
        return result

    def times(self, left, operator, right):
        """Return a product, a quotient or a product entry by entry."""
        if operator == r"\odot":
            if not isinstance(left, Family):
                raise Unproved("no families")
            return pairwise(lambda x, y: x * y, left, right)
        if operator == "/":
            divisor = self.sure(number(right), or_negative=True)
            return each(lambda x: x / divisor, left)
        if isinstance(left, Family) and isinstance(right, Family):
            return self.product(left, right)
        if isinstance(right, Family):
            left, right = right, left
        return each(lambda x: x * right, left)

    def sure(self, x, or_negative=False):
        """Return what has to be positive, unless it might cease to be at larger sizes.

        Whether it is at the sizes that are checked is found out there.
        """
        normal = self.sums.normal(x)
        signs = (normal, -normal) if or_negative else (normal,)
        if depends_on_size(normal) and not any(map(is_positive, signs)):
            raise Unproved("what might be no number at some size")
        return x

    def product(self, left, right):
        """Return a product of matrices; a row times a vector is a number."""
        if left.columns != right.rows:
            raise Unproved("two shapes")

        def entry(i, j):
            if left.columns is None:
                return left.entry(i, None) * right.entry(None, j)
            k = self.sums.letter(left.columns)
            return self.sums.sum(self.sums.normal(left.entry(i, k) * right.entry(k, j)), k)

        if left.rows is None and right.columns is None:
            return entry(None, None)
        return Family(left.rows, right.columns, entry)

    def on_div(self, env, above, below):
        """Return a quotient."""
        return self.times(self(above, env), "/", self(below, env))

    def on_pow(self, env, base, exponent):
        """Return a power; the exponential of a logarithm where the exponent is no number."""
        power = number(self(exponent, env))
        if is_name(base, "e") and "e" not in env:
            return exponential(self.sums.normal(power))
        below = number(self(base, env))
        if power.is_Integer:
            return (self.sure(below, or_negative=True) if power.is_negative else below) ** power
        if not is_positive(self.sums.normal(below)):
            raise Unproved("a power of what may be negative")
        return exponential(power * logarithm(self.sums.normal(below)))

    def on_sqrt(self, env, node):
        """Return a square root."""
        return sp.sqrt(self.sure(number(self(node, env))))

    def on_abs(self, env, node):
        """Return an absolute value."""
        return sp.Abs(number(self(node, env)))

    def on_log(self, env, base, node):
        """Return a logarithm, elementwise."""
        result = each(self.log, self(node, env))
        return result if base is None else self.times(result, "/", self.log(self(base, env)))

    def log(self, x):
        """Return the logarithm of a number."""
        return logarithm(self.sums.normal(self.sure(number(x))))

    def on_fn(self, env, function, arguments):
        """Return the value of an elementary function."""
        if function not in ENTRYWISE:
            raise Unproved(f"no rule for {function}")
        return each(ENTRYWISE[function], self(arguments[0], env))

    # -- vectors and matrices

    def on_transpose(self, env, node):
        """Return a transpose."""
        value = family(self(node, env))
        return Family(value.columns, value.rows, lambda i, j: value.entry(j, i))

    def on_entry(self, env, node, letters):
        """Return an entry of what stands in parentheses."""
        return pick(self(node, env), tuple(self.index(letter, env) for letter in letters))

    def on_norm(self, env, order, node):
        """Return the Euclidean norm."""
        value = family(self(node, env))
        if order != "2":
            raise Unproved("another norm")
        squares = value.map(lambda x: x**2)
        return sp.sqrt(self.total(squares))

    def total(self, value):
        """Return the sum of all entries."""
        row, column = (name and self.sums.letter(name) for name in value[:2])
        entry = self.sums.normal(value.entry(row, column))
        for letter in (row, column):
            entry = entry if letter is None else self.sums.sum(entry, letter)
        return entry

    def on_call(self, env, word, arguments, separators):
        """Return the value of a function."""
        if word == r"\operatorname{tr}":
            return self.trace(family(self(arguments[0], env)))
        if word == r"\operatorname{diag}":
            vector = family(self(arguments[0], env))
            return Family(
                vector.rows, vector.rows, lambda i, j: delta(i, j) * vector.entry(i, None)
            )
        definition = self.notation.definitions.get((word, len(arguments)))
        if definition is None or definition.separators != separators:
            raise Unproved(f"no such function {word}")
        passed = [self(argument, env) for argument in arguments]
        return self.apply(definition, dict(zip(definition.parameters, passed, strict=True)))

    def trace(self, value):
        """Return the trace of a square matrix."""
        if value.rows is None or value.rows != value.columns:
            raise Unproved("no square")
        k = self.sums.letter(value.rows)
        return self.sums.sum(self.sums.normal(value.entry(k, k)), k)

    def apply(self, definition, inner):
        """Return the value of a function whose arguments are given; a vector if it has an index."""
        sizes = [definition.ranges[letter] for letter in definition.letters]
        if not sizes:
            return self.within(definition, inner)
        return self.family_of(
            sizes,
            lambda found: self.within(
                definition, inner | dict(zip(definition.letters, found, strict=True))
            ),
        )

    # -- sums, products, extremes, expectations

    def on_big(self, env, operator, letter, relation, other, low, high, body):
        """Return a sum, a product, a maximum or a minimum over an index."""
        k = self.sums.letter(self.range(letter, low, high))
        inside = self.sums.normal(number(self(body, env | {letter: k})))
        if operator in (r"\max", r"\min"):
            if relation:
                raise Unproved("a restricted extreme")
            return sp.Function(operator[1:], real=True)(function_of(inside, k))
        if operator == r"\prod":
            if not is_positive(inside):
                raise Unproved("a product of what may be negative")
            inside = logarithm(inside)
        total = self.sums.sum(inside, k)
        if relation:
            total -= inside.xreplace({k: self.exception(relation, other, k, env)})
        return exponential(self.sums.normal(total)) if operator == r"\prod" else total

    def range(self, letter, low, high):
        """Return the size up to which an index runs."""
        if low is None:
            if letter not in self.ranges:
                raise Unproved("no index")
            return self.ranges[letter]
        if low != Node("num", ("1",)) or high.kind != "name" or high.args[1]:
            raise Unproved("other bounds than one and a size")
        if high.args[0] not in self.notation.sizes:
            raise Unproved("other bounds than one and a size")
        return high.args[0]

    def exception(self, relation, other, k, env):
        """Return the one index that a sum leaves out."""
        left_out = self.index(other, env)
        if relation != r"\ne" or left_out.size != k.size:
            raise Unproved("another restriction")
        return left_out

    def on_expect(self, env, operator, letter, distribution, body):
        """Return an expectation or a variance."""
        weights = family(self(distribution, env))
        k = self.sums.letter(self.range(letter, None, None))
        if weights.rows != k.size or weights.columns is not None:
            raise Unproved("two shapes")
        weight, inside = weights.entry(k, None), number(self(body, env | {letter: k}))
        mean = self.sums.sum(self.sums.normal(weight * inside), k)
        if operator == r"\mathbb{E}":
            return mean
        return self.sums.sum(self.sums.normal(weight * (inside - mean) ** 2), k)

    # -- distinctions

    def on_iverson(self, env, left, relation, right):
        """Return an indicator of two indices."""
        return self.agreement(left, relation, right, env)

    def on_cases(self, env, *rows):
        """Return the value of the first case that applies, if the cases compare indices."""
        result, remaining = sp.Integer(0), sp.Integer(1)
        for value, left, relation, right in rows:
            holds = (
                sp.Integer(1) if relation is None else self.agreement(left, relation, right, env)
            )
            result += remaining * holds * number(self(value, env))
            remaining *= 1 - holds
        if not self.sums.is_zero(remaining, {x for x in env.values() if isinstance(x, Index)}):
            raise Unproved("no case may apply")
        return result

    def agreement(self, left, relation, right, env):
        """Return one if two indices stand in a relation, and zero if not."""
        if relation not in ("=", r"\ne") or any(
            x.kind != "name" or x.args[1] for x in (left, right)
        ):
            raise Unproved("no comparison of indices")
        same = delta(*(self.index(x.args[0], env) for x in (left, right)))
        return same if relation == "=" else 1 - same

    # -- derivatives. Their variable is held free, and gets its meaning back afterwards.

    def on_diff(self, env, variables, body):
        """Return a partial derivative, or the vector or matrix of all."""
        words = {node.args[0] for node in variables}
        if any(word in env or word not in self.notation.symbols for word in words):
            raise Unproved("no variable")
        with self.state(self.held | words, self.ranges):
            value = self(body, env)
            for node in variables:
                value = self.differentiate(value, node, env)
        return self.put_back(words, value)

    def on_grad(self, env, variable, body):
        """Return a gradient, in the shape of its variable."""
        return self.on_diff(env, (variable,), body)

    def on_hess(self, env, variable, body):
        """Return the matrix of second derivatives."""
        return self.on_diff(env, (variable, variable), body)

    def differentiate(self, value, node, env):
        """Return the derivative of a value by an entry or by a whole family."""
        by = self.on_name(env, *node.args)
        if not isinstance(value, Family):
            return each(self.later(lambda entry: self.slope(value, entry)), by)
        if not isinstance(by, Family):
            slope = self.later(lambda i, j: self.slope(value.entry(i, j), by))
            return value._replace(entry=slope)
        if value.columns is not None or by.columns is not None:
            raise Unproved("a derivative of a matrix")
        slope = self.later(lambda i, j: self.slope(value.entry(i, None), by.entry(j, None)))
        return Family(value.rows, by.rows, slope)

    def slope(self, x, by):
        """Return the derivative of a number by a letter or an entry."""
        if x.has(sp.Lambda, sp.Abs):
            raise Unproved("a derivative of an extreme")
        return self.sums.normal(sp.diff(x, by))

    def put_back(self, words, value):
        """Put definitions in the place of names that are held no longer."""
        meant = {word for word in words if not self.is_free(word)}

        def meaning(atom):
            word = atom.base.label.name if isinstance(atom, sp.Indexed) else str(atom)
            return self.entry(word, getattr(atom, "indices", ())) if word in meant else atom

        put_back = self.later(lambda x: self.sums.normal(x, meaning))
        return each(put_back, value) if meant else value


def each(function, value):
    """Apply a function to a number, or to each entry of a family."""
    return value.map(function) if isinstance(value, Family) else function(value)


def pairwise(function, one, other):
    """Apply a function to two numbers, or to the entries of two families of one shape."""
    if not isinstance(one, Family) and not isinstance(other, Family):
        return function(one, other)
    one, other = family(one), family(other)
    if one[:2] != other[:2]:
        raise Unproved("two shapes")
    return Family(*one[:2], lambda i, j: function(one.entry(i, j), other.entry(i, j)))


def like(value, other):
    """Return a value in the shape of another one, if it is zero, which fits any shape."""
    if isinstance(other, Family) and value == 0:
        return other.map(lambda entry: sp.Integer(0))
    return value


def family(value):
    """Return a value that has to be a vector or a matrix."""
    if not isinstance(value, Family):
        raise Unproved("a number for a family")
    return value


def number(value):
    """Return a value that has to be a number."""
    if isinstance(value, Family):
        raise Unproved("a family for a number")
    return value


def pick(value, found):
    """Return an entry of a vector or a matrix."""
    sizes = [name for name in family(value)[:2] if name is not None]
    if sizes != [letter.size for letter in found]:
        raise Unproved("an index that runs up to another size")
    places = iter(found)
    return value.entry(*(None if name is None else next(places) for name in value[:2]))
