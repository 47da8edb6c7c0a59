r"""The value of a tree as a SymPy expression, at given sizes and values of the index letters."""

import functools
import itertools

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.meaning import arithmetic
from checkedmath.meaning.arithmetic import describe, is_matrix, scalar
from checkedmath.meaning.derivatives import Slopes
from checkedmath.meaning.limits import Budget
from checkedmath.meaning.piecewise import Largest, Select, indicator
from checkedmath.reading.parser import MATRIX_FUNCTIONS
from checkedmath.reading.relations import holds
from checkedmath.reading.tree import is_name

MOST_TERMS = 1_000
LONGEST_NUMBER = 30
ELEMENTARY = {r"\exp": sp.exp, r"\tanh": sp.tanh, r"\sin": sp.sin, r"\cos": sp.cos}
CONSTANTS = {"e": sp.E, r"\pi": sp.pi}


class Sizes(dict):
    """Sizes that remember which of them were asked for, so that only those are varied."""

    def __init__(self, sizes):
        super().__init__(sizes)
        self.used = {}

    def __getitem__(self, name):
        self.used[name] = super().__getitem__(name)
        return self.used[name]


class Evaluator:
    """Compute values of trees.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    sizes : Sizes
        A number for each size.

    Attributes
    ----------
    atoms : dict
        The free numbers met so far: ``(name, indices)`` to a SymPy symbol. A symbol never bears
        the author's name.
    tiny : dict
        For each limit met, a symbol for the distance to its target, and whether it may come from
        both sides.
    requirements : dict
        What has to hold for the values to be numbers, as ``(relation, left, right)``, and what to
        say if it does not. Values that a derivative or a case holds back make none.
    """

    def __init__(self, notation, sizes, budget=None):
        self.notation, self.size = notation, sizes
        self.ranges = notation.indices
        self.atoms, self.tiny, self.memo = {}, {}, {}
        self.slopes = Slopes()
        self.held, self.guarded, self.approaching = frozenset(), False, False
        self.requirements = {}
        self.budget = budget or Budget()

    def __call__(self, node, env):
        """Return the value of a tree; `env` gives index letters and arguments their values."""
        self.budget.spend_value()
        return getattr(self, f"on_{node.kind}")(env, *node.args)

    def number(self, node, env, what):
        """Return the value of a tree that has to be a number."""
        return scalar(self(node, env), what)

    def require(self, relation, left, right, otherwise):
        """Note what has to hold for a value to be a number."""
        if not self.held and not self.tiny and not self.guarded:
            self.requirements.setdefault((relation, left, right), otherwise)

    def require_positive(self, value, what):
        """Note that each entry of a value has to be positive."""
        for entry in value if is_matrix(value) else [value]:
            if not entry.is_positive:
                self.require(">", entry, sp.Integer(0), f"{what} has to be positive")

    # -- indices

    def range(self, letter):
        """Return the values of an index letter."""
        if letter not in self.ranges:
            known = " ".join(self.ranges) or "none"
            raise FormulaError(f"{letter} is not an index (the indices are {known})")
        return range(1, self.size[self.ranges[letter]] + 1)

    def index(self, letter, env):
        """Return the value of an index."""
        if letter.isdigit():
            return int(letter)
        if getattr(env.get(letter), "is_Integer", isinstance(env.get(letter), int)):
            return int(env[letter])
        if letter in self.size:
            return self.size[letter]
        raise FormulaError(f"the index {letter} has no value here")

    def indices(self, word, letters, sizes, env):
        """Return the values of all indices of a name, which is counted up to some sizes."""
        if len(letters) != len(sizes):
            wanted = "no index" if not sizes else f"{len(sizes)} index letter(s)"
            raise FormulaError(f"{word} takes {wanted}, not {len(letters)}")
        found = tuple(self.index(letter, env) for letter in letters)
        for letter, value, size in zip(letters, found, sizes, strict=True):
            runs = self.ranges.get(letter) if letter in env else None
            if runs is not None and isinstance(size, str) and runs != size:
                raise FormulaError(
                    f"{letter} runs up to {runs}, but {word} is counted up to {size}"
                )
            last = self.size[size] if isinstance(size, str) else size
            if not 1 <= value <= last:
                raise FormulaError(f"{word} has no entry {value}: it is counted from 1 to {last}")
        return found

    # -- names

    def on_num(self, env, digits):
        """Return a number that is written out."""
        if len(digits) > LONGEST_NUMBER:
            raise FormulaError(f"a number of {len(digits)} digits")
        return sp.Rational(digits)

    def on_name(self, env, word, letters):
        """Return an entry, or a whole vector or matrix if no index is given."""
        if word == r"\delta" and len(letters) == 2 and word not in self.notation.symbols:
            return sp.Integer(self.index(letters[0], env) == self.index(letters[1], env))
        if word in env:
            return self.argument(word, letters, env)
        sizes = self.sizes_of(word)
        if letters or not sizes:
            return self.entry(word, self.indices(word, letters, sizes, env))
        return self.family(word, sizes)

    def argument(self, word, letters, env):
        """Return an index letter as a number, or an argument of a function."""
        value = env[word]
        if isinstance(value, int):
            value = sp.Integer(value)
        if not letters:
            return value
        return self.pick(word, value, letters, env)

    def pick(self, word, value, letters, env):
        """Return an entry of a vector or matrix."""
        if not is_matrix(value):
            raise FormulaError(f"{word} is a number and takes no index")
        shape = [size for size in value.shape if size > 1]
        for letter, size in zip(letters, shape, strict=False):
            if letter in env and letter in self.ranges and len(self.range(letter)) != size:
                raise FormulaError(f"{letter} runs up to {self.ranges[letter]}, {word} does not")
        return value[self.position(word, value, self.indices(word, letters, shape, env))]

    @staticmethod
    def position(word, value, found):
        """Return where an entry stands in a SymPy matrix."""
        if len(found) == 2:
            return found[0] - 1, found[1] - 1
        return (found[0] - 1, 0) if value.shape[1] == 1 else (0, found[0] - 1)

    def sizes_of(self, word):
        """Return up to which sizes the indices of a name run."""
        if self.is_free(word):
            return self.notation.symbols[word][1:]
        definition = self.notation.definitions.get(word)
        if definition is not None:
            return tuple(definition.ranges[letter] for letter in definition.letters)
        if word in self.size or word in CONSTANTS:
            return ()
        if word in self.notation.functions:
            raise FormulaError(f"{word} is a function: write {word}(...)")
        if word in self.ranges:
            raise FormulaError(f"the index {word} has no value here")
        raise FormulaError(f"{word!r} has no meaning: it is neither declared nor defined")

    def check_key(self, key):
        """Refuse a name or a function, listed as in the definitions, that has no meaning."""
        if isinstance(key, str):
            if key != r"\delta":
                self.sizes_of(key)
        elif key[0] not in MATRIX_FUNCTIONS:
            self.function(*key)

    def is_free(self, word):
        """Tell whether a name stands for free numbers here, and not for its definition."""
        defined = word in self.notation.definitions
        return word in self.notation.symbols and (word in self.held or not defined)

    def entry(self, word, found):
        """Return the number that a name with its indices stands for."""
        if self.is_free(word):
            return self.free(word, found)
        definition = self.notation.definitions.get(word)
        if definition is None:
            return sp.Integer(self.size[word]) if word in self.size else CONSTANTS[word]
        key = word, found, self.held, self.guarded
        if key not in self.memo:
            inner = dict(zip(definition.letters, found, strict=True))
            self.memo[key] = self.within(definition, inner)
        return self.memo[key]

    def within(self, definition, env):
        """Return the value of the body of a definition."""
        before, self.ranges = self.ranges, definition.ranges
        try:
            return self(definition.body, env)
        finally:
            self.ranges = before

    def free(self, word, found):
        """Return a free number, or an entry of a constant vector or matrix."""
        domain = self.notation.symbols[word][0]
        if domain in ("ones", "zeros", "identity"):
            return sp.Integer({"ones": 1, "zeros": 0}.get(domain, len(set(found)) == 1))
        if (word, found) not in self.atoms:
            sign = {"real": True} if domain == "real" else {"positive": True}
            self.atoms[word, found] = sp.Symbol(f"x{len(self.atoms)}", **sign)
        return self.atoms[word, found]

    def family(self, word, sizes):
        """Return all entries of a name as a vector or a matrix."""
        counts = [self.size[size] for size in sizes]
        if len(counts) == 1:
            counts.append(1)
            return sp.Matrix(*counts, lambda row, _: self.entry(word, (int(row) + 1,)))
        return sp.Matrix(*counts, lambda i, j: self.entry(word, (int(i) + 1, int(j) + 1)))

    # -- arithmetic

    def on_neg(self, env, node):
        """Return the negative."""
        return -self(node, env)

    def on_add(self, env, *nodes):
        """Return a sum."""
        return functools.reduce(arithmetic.add, [self(node, env) for node in nodes])

    def on_mul(self, env, *parts):
        """Return a product; factors are taken from left to right."""
        result, operator = None, ""
        for part in parts:
            if isinstance(part, str):
                operator = part
                continue
            value = self(part, env)
            result = value if result is None else OPERATORS[operator](result, value)
            operator = ""
        return result

    def on_div(self, env, above, below):
        """Return a quotient."""
        return arithmetic.divide(self(above, env), self(below, env))

    def on_pow(self, env, base, exponent):
        """Return a power."""
        if is_name(base, "e") and "e" not in env:
            return sp.exp(self.number(exponent, env, "an exponent"))
        below, above = self(base, env), self(exponent, env)
        if not is_matrix(below) and not is_matrix(above) and not above.is_integer:
            self.require_positive(below, "what is raised to a power that is no whole number")
        return arithmetic.power(below, above)

    def on_paren(self, env, node):
        """Return what is in parentheses."""
        return self(node, env)

    def on_sqrt(self, env, node):
        """Return a square root."""
        value = self.number(node, env, "a root")
        if not value.is_nonnegative:
            self.require(r"\ge", value, sp.Integer(0), "what is under a root cannot be negative")
        return arithmetic.square_root(value)

    def on_abs(self, env, node):
        """Return an absolute value."""
        return sp.Abs(self.number(node, env, "an absolute value"))

    def on_fn(self, env, function, arguments):
        r"""Return the value of ``\exp``, ``\max``, ... ; elementwise, if of one argument."""
        if function == r"\det":
            return arithmetic.determinant(self.square(arguments[0], env, "a determinant"))
        if function in ELEMENTARY:
            return arithmetic.each(ELEMENTARY[function], self(arguments[0], env))
        if len(arguments) == 1:
            entries = self(arguments[0], env)
            if not is_matrix(entries):
                raise FormulaError(f"{function} of a single number")
            return EXTREMES[function](*entries)
        return EXTREMES[function](*[self.number(node, env, function) for node in arguments])

    def on_log(self, env, base, node):
        """Return a logarithm, elementwise."""
        value = self(node, env)
        self.require_positive(value, "the argument of a logarithm")
        result = arithmetic.each(arithmetic.logarithm, value)
        if base is None:
            return result
        below = self.number(base, env, "the base of a logarithm")
        self.require_positive(below, "the base of a logarithm")
        return arithmetic.divide(result, arithmetic.logarithm(below))

    # -- vectors and matrices

    def on_transpose(self, env, node):
        """Return a transpose."""
        value = self(node, env)
        if not is_matrix(value):
            raise FormulaError("the transpose of a number")
        return value.T

    def on_entry(self, env, node, letters):
        """Return an entry of what stands in parentheses."""
        return self.pick("this parenthesis", self(node, env), letters, env)

    def on_matrix(self, env, *rows):
        """Return a matrix that is written out."""
        entries = [[self.number(node, env, "an entry") for node in row] for row in rows]
        if len(entries) == len(entries[0]) == 1:
            raise FormulaError("a matrix with a single entry: write a number")
        return sp.Matrix(entries)

    def on_norm(self, env, order, node):
        """Return a norm of a vector; the Euclidean one is that of Frobenius for a matrix."""
        value = self(node, env)
        if not is_matrix(value) or (order != "2" and 1 not in value.shape):
            raise FormulaError(
                rf"\lVert x \rVert_{order} is for vectors, not for {describe(value)}"
            )
        if order == "2":
            return sp.sqrt(sum(entry**2 for entry in value))
        entries = [sp.Abs(entry) for entry in value]
        return sum(entries) if order == "1" else Largest(*entries)

    def square(self, node, env, what):
        """Return the value of a tree that has to be a square matrix."""
        value = self(node, env)
        if not is_matrix(value) or value.shape[0] != value.shape[1]:
            raise FormulaError(f"{what} takes a square matrix, not {describe(value)}")
        return value

    # -- functions that were defined

    def on_call(self, env, word, arguments, separators):
        """Return the value of a function."""
        if word == r"\operatorname{tr}":
            return self.square(arguments[0], env, "a trace").trace()
        if word == r"\operatorname{diag}":
            value = self(arguments[0], env)
            if not is_matrix(value) or value.shape[1] != 1:
                raise FormulaError(f"diag takes a vector, not {describe(value)}")
            return sp.diag(*value)
        definition = self.function(word, len(arguments))
        if len(arguments) == 1 and (word in self.notation.symbols or word in self.size):
            raise FormulaError(
                rf"{word} is a number and a function: write {word} \cdot (...), or rename one"
            )
        if definition.separators != separators:
            said = " ".join((word, *definition.separators))
            raise FormulaError(f"{word} was defined with other signs between its arguments: {said}")
        passed = [self(argument, env) for argument in arguments]
        return self.apply(definition, dict(zip(definition.parameters, passed, strict=True)))

    def function(self, word, count):
        """Return the definition of a function."""
        if (word, count) not in self.notation.definitions:
            raise FormulaError(f"{word} is not defined for {count} argument(s)")
        return self.notation.definitions[word, count]

    def apply(self, definition, inner):
        """Return the value of a function whose arguments are given; a vector if it has an index."""
        ranges = [range(1, self.size[definition.ranges[x]] + 1) for x in definition.letters]
        entries = [
            self.within(definition, inner | dict(zip(definition.letters, found, strict=True)))
            for found in itertools.product(*ranges)
        ]
        if not ranges:
            return entries[0]
        rows = len(ranges[0])
        return sp.Matrix(rows, len(entries) // rows, entries)

    def on_prime(self, env, word, order, argument):
        """Return a derivative of a function of one number, at a number."""
        definition = self.function(word, 1)
        place = sp.Symbol("x", real=True)
        value = self.apply(definition, {definition.parameters[0]: place})
        arithmetic.refuse_large(value)
        at = self.number(argument, env, f"{word}'")
        return arithmetic.each(lambda x: sp.diff(x, place, order).xreplace({place: at}), value)

    # -- sums, products, extremes, expectations

    def on_big(self, env, operator, letter, relation, other, low, high, body):
        """Return a sum, a product, a maximum or a minimum over an index."""
        found = self.range(letter)
        if low is not None:
            found = range(self.whole(low, env), self.whole(high, env) + 1)
        if relation:
            limit = self.index(other, env)
            found = [value for value in found if holds(relation, value, limit)]
        if len(found) > MOST_TERMS:
            raise FormulaError(f"{operator} of {len(found)} terms")
        terms = [self(body, env | {letter: value}) for value in found]
        return self.combine(operator, terms)

    @staticmethod
    def combine(operator, terms):
        """Return the sum, product, maximum or minimum of some terms."""
        if operator == r"\sum":
            return functools.reduce(arithmetic.add, terms) if terms else sp.Integer(0)
        for term in terms:
            scalar(term, operator)
        if operator == r"\prod":
            return sp.Mul(*terms)
        if not terms:
            raise FormulaError(f"{operator} of nothing")
        return EXTREMES[operator](*terms)

    def whole(self, node, env):
        """Return the bound of a sum."""
        value = self(node, env)
        if not getattr(value, "is_Integer", False):
            raise FormulaError("a bound of a sum is a whole number")
        return int(value)

    def on_expect(self, env, operator, letter, distribution, body):
        """Return an expectation or a variance."""
        weights, found = self(distribution, env), self.range(letter)
        if not is_matrix(weights) or weights.shape != (len(found), 1):
            raise FormulaError(f"{letter} has {len(found)} values; its distribution does not")
        total = sp.Add(*weights)
        self.require("=", total, sp.Integer(1), "the probabilities of a distribution add up to one")
        terms = [self(body, env | {letter: value}) for value in found]
        mean = functools.reduce(
            arithmetic.add, [w * x for w, x in zip(weights, terms, strict=True)]
        )
        if operator == r"\mathbb{E}":
            return mean
        scalar(mean, "a variance")
        return sp.Add(*[w * (x - mean) ** 2 for w, x in zip(weights, terms, strict=True)])

    def on_argmax(self, env, operator, letter, body):
        """Return the set of the classes with the largest value, as ones among zeros."""
        sign = 1 if "max" in operator else -1
        found = self.range(letter)
        terms = [sign * self.number(body, env | {letter: value}, "argmax") for value in found]
        largest = Largest(*terms)
        return sp.Matrix([indicator("=", term, largest) for term in terms])

    # -- distinctions

    def on_iverson(self, env, left, relation, right):
        """Return an indicator."""
        if relation == r"\in":
            if right.kind != "argmax" or left.kind not in ("name", "num") or left.args[1:] > ((),):
                raise FormulaError(r"\in stands between an index and an argmax")
            return self.pick("argmax", self(right, env), (left.args[0],), env)
        sides = (self.number(side, env, "an indicator") for side in (left, right))
        return indicator(relation, *sides)

    def on_cases(self, env, *rows):
        """Return the value of the first case that applies."""
        before, self.guarded = self.guarded, True
        try:
            return Select(*self.case_parts(env, rows))
        finally:
            self.guarded = before

    def case_parts(self, env, rows):
        """Return the indicators of cases and their values, up to the first that surely applies."""
        parts = []
        for value, left, relation, right in rows:
            applies = sp.Integer(1)
            if relation is not None:
                sides = (self.number(side, env, "a case") for side in (left, right))
                applies = indicator(relation, *sides)
            if applies == 0:
                continue
            parts += [applies, self.number(value, env, "a case")]
            if applies == 1:
                break
        return parts

    # -- derivatives and limits. Their variable is held free, and gets its meaning back afterwards.

    def holding(self, words, body, env, work):
        """Return `work` of the value of a tree in which some defined names stand for themselves."""
        for word in words:
            if word not in self.notation.symbols:
                raise FormulaError(
                    f"{word} cannot be varied: declare its domain, as `{word}: real`"
                )
        before, self.held = self.held, self.held | set(words)
        try:
            value = self(body, env)
            arithmetic.refuse_large(value)
            result = work(value)
        finally:
            self.held = before
        return self.put_back(words, result)

    def put_back(self, words, value):
        """Put definitions in the place of names that are held no longer."""
        meant = {
            symbol: self.entry(word, found)
            for (word, found), symbol in list(self.atoms.items())
            if word in words and not self.is_free(word)
        }
        return value.xreplace(meant) if meant else value

    def variable(self, node, env):
        """Return the free number, vector or matrix that a derivative is taken by."""
        word, letters = node.args
        if word in env:
            raise FormulaError(f"{word} is an argument here and cannot be varied")
        before, self.held = self.held, self.held | {word}
        try:
            value = self.on_name(env, word, letters)
        finally:
            self.held = before
        for entry in value if is_matrix(value) else [value]:
            if not entry.is_Symbol:
                raise FormulaError(f"{word} is constant and cannot be varied")
        return value

    def on_diff(self, env, variables, body):
        """Return a partial derivative, or the matrix of all."""

        def work(value):
            for node in variables:
                value = self.slopes.differentiate(value, self.variable(node, env))
            return value

        words = [node.args[0] for node in variables]
        if any(word in env for word in words):
            raise FormulaError(f"{words[0]} is an argument or an index here and cannot be varied")
        return self.holding(words, body, env, work)

    def on_grad(self, env, variable, body):
        """Return a gradient, in the shape of its variable."""
        return self.on_diff(env, (variable,), body)

    def on_hess(self, env, variable, body):
        """Return the matrix of second derivatives."""
        return self.on_diff(env, (variable, variable), body)

    def on_lim(self, env, variable, target, body):
        """Return a value close to the target, in terms of a tiny distance."""
        at = self.variable(variable, env)
        scalar(at, "a limit")
        if self.approaching:
            raise FormulaError("a limit within a limit: they would be taken at once")
        self.approaching = True
        try:
            tiny, near = self.approach(target, self.notation.symbols[variable.args[0]][0])
            return self.holding(
                [variable.args[0]], body, env, lambda value: value.xreplace({at: near(tiny)})
            )
        finally:
            self.approaching = False

    def approach(self, target, domain):
        """Return a symbol for a tiny distance, and how a number comes near its target by it."""
        number, _, side = target.partition("^")
        two_sided = not side and "infty" not in target and not (domain != "real" and number == "0")
        sign = {"real": True} if two_sided else {"positive": True}
        tiny = sp.Symbol(f"t{len(self.tiny)}", **sign)
        self.tiny[tiny] = two_sided
        if "infty" in target:
            return tiny, lambda t: (-1 if target.startswith("-") else 1) / t
        limit, direction = sp.Rational(number), -1 if side == "-" else 1
        return tiny, lambda t: limit + direction * t


def least(*terms):
    """Return the smallest of some numbers."""
    return -Largest(*[-term for term in terms])


EXTREMES = {r"\max": Largest, r"\min": least}
OPERATORS = {"": arithmetic.multiply, "/": arithmetic.divide, r"\odot": arithmetic.multiply_entries}
