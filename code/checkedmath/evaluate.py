"""Give a formula its value: a SymPy expression, at given sizes and for given index letters."""

import functools
import itertools
from contextlib import contextmanager

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.nodes import Node

MOST_WORK = 200_000
LARGEST_POWER = 1_000
LONGEST_SUM = 1_000
FUNCTIONS = {
    r"\log": sp.log,
    r"\exp": sp.exp,
    r"\tanh": sp.tanh,
    r"\sin": sp.sin,
    r"\cos": sp.cos,
    r"\max": sp.Max,
    r"\min": sp.Min,
}
RELATIONS = {"=": sp.Eq, r"\ne": sp.Ne, r"\le": sp.Le, r"\ge": sp.Ge, "<": sp.Lt, ">": sp.Gt}
CONSTANTS = {"e": sp.E, r"\pi": sp.pi}
FAR = sp.Integer(10) ** 60


class Sizes(dict):
    """Sizes that remember which of them were asked for: only those need to be varied."""

    def __init__(self, sizes):
        super().__init__(sizes)
        self.used = set()

    def __getitem__(self, name):
        """Return a size and note that it was used."""
        self.used.add(name)
        return super().__getitem__(name)


class Evaluator:
    """Values of formulas at one choice of sizes.

    Parameters
    ----------
    notation : Notation
        What the letters stand for.
    sizes : dict of str to int
        The sizes.

    Attributes
    ----------
    atoms : dict
        The entries of declared letters that were met, ``(name, indices)``, and their symbols. The
        symbols have names of their own: no text of an author ever becomes code.
    limit : bool
        Whether a limit was taken, by a number that is only nearly there.
    """

    def __init__(self, notation, sizes):
        self.notation, self.sizes = notation, Sizes(sizes)
        self.ranges = notation.indices
        self.atoms, self.memo = {}, {}
        self.held = frozenset()
        self.limit, self.work = False, 0

    def __call__(self, node, env):
        """Return the value of a node; ``env`` has the index letters and the arguments."""
        self.work += 1
        if self.work > MOST_WORK:
            raise FormulaError("this takes too long to evaluate: use smaller sizes or split it")
        return getattr(self, "on_" + node.kind)(env, *node.args)

    # -- letters and their entries

    def range(self, letter):
        """Return the values that an index letter takes."""
        if letter not in self.ranges:
            known = ", ".join(self.ranges) or "none"
            raise FormulaError(f"{letter!r} is not an index letter (there are: {known})")
        return range(1, self.sizes[self.ranges[letter]] + 1)

    def index(self, letter, env):
        """Return the number that an index stands for."""
        if letter.isdigit():
            return int(letter)
        if isinstance(env.get(letter), int):
            return env[letter]
        if letter in self.sizes:
            return self.sizes[letter]
        raise FormulaError(f"the index {letter!r} is never bound")

    def is_primitive(self, name):
        """Tell whether a name is a letter by itself here, and not what a definition makes of it."""
        symbols, definitions = self.notation.symbols, self.notation.definitions
        return name in symbols and (name in self.held or name not in definitions)

    def atom(self, name, indices):
        """Return the symbol of one entry of a declared letter."""
        if (name, indices) not in self.atoms:
            domain, *sizes = self.notation.symbols[name]
            if len(indices) != len(sizes):
                raise FormulaError(f"{name} takes {len(sizes)} indices, not {len(indices)}")
            for index, size in zip(indices, sizes, strict=True):
                if not 1 <= index <= self.sizes[size]:
                    raise FormulaError(f"{name} has no entry {index}: {size} is {self.sizes[size]}")
            positive = None if domain == "real" else True
            symbol = sp.Symbol(f"v{len(self.atoms)}", real=True, positive=positive)
            self.atoms[name, indices] = symbol
        return self.atoms[name, indices]

    def entry(self, name, indices, env):
        """Return the value of a name with its indices."""
        if name in env:
            value = env[name]
            if not indices:
                return sp.sympify(value) if isinstance(value, int) else value
            return value[tuple(i - 1 for i in indices) + (0,) * (2 - len(indices))]
        if self.is_primitive(name):
            return self.atom(name, indices)
        if name in self.notation.definitions:
            return self.defined(name, indices)
        if not indices and name in self.sizes:
            return sp.Integer(self.sizes[name])
        if not indices and name in CONSTANTS:
            return CONSTANTS[name]
        raise FormulaError(f"{name!r} has no meaning: it is neither declared nor defined")

    def defined(self, name, indices):
        """Return the value of a defined name."""
        definition = self.notation.definitions[name]
        if len(definition.letters) != len(indices):
            raise FormulaError(
                f"{name} takes {len(definition.letters)} indices, not {len(indices)}"
            )
        key = name, indices, self.held
        if key not in self.memo:
            values = dict(zip(definition.letters, indices, strict=True))
            with self.inside(definition):
                self.memo[key] = self(definition.body, values)
        return self.memo[key]

    @contextmanager
    def inside(self, definition):
        """Read index letters as they were when a definition was made."""
        before, self.ranges = self.ranges, definition.ranges
        try:
            yield
        finally:
            self.ranges = before

    def sizes_of(self, name, env):
        """Return the sizes of a family that is named without its indices."""
        if name in env:
            return ()
        if self.is_primitive(name):
            return self.notation.symbols[name][1:]
        definition = self.notation.definitions.get(name)
        return tuple(definition.ranges[i] for i in definition.letters) if definition else ()

    def on_name(self, env, name, subscripts):
        """Evaluate a name; without its indices a family is a vector or a matrix."""
        if name == r"\delta" and len(subscripts) == 2 and name not in self.notation.symbols:
            return sp.Integer(self.index(subscripts[0], env) == self.index(subscripts[1], env))
        if subscripts:
            return self.entry(name, tuple(self.index(s, env) for s in subscripts), env)
        sizes = self.sizes_of(name, env)
        if not sizes:
            return self.entry(name, (), env)
        places = list(itertools.product(*[range(1, self.sizes[s] + 1) for s in sizes]))
        n_rows = self.sizes[sizes[0]]
        values = [self.entry(name, place, env) for place in places]
        return sp.Matrix(n_rows, len(places) // n_rows, values)

    # -- arithmetic

    def on_num(self, env, digits):
        """Evaluate a number, exactly."""
        if len(digits) > 40:
            raise FormulaError(f"a number of {len(digits)} digits")
        return sp.Rational(digits)

    def on_neg(self, env, x):
        """Evaluate a negative."""
        return -self(x, env)

    def on_add(self, env, *terms):
        """Evaluate a sum."""
        return functools.reduce(lambda a, b: a + b, [self(x, env) for x in terms])

    def on_div(self, env, above, below):
        """Evaluate a fraction."""
        return self(above, env) / self(below, env)

    def on_pow(self, env, base, exponent):
        """Evaluate a power; e to the x is the exponential."""
        power = self(exponent, env)
        if base == Node("name", ("e", ())):
            return sp.exp(power)
        if getattr(power, "is_number", False) and abs(power) > LARGEST_POWER:
            raise FormulaError(f"a power of {sp.N(power, 3)} (limit {LARGEST_POWER})")
        return self(base, env) ** power

    def on_transpose(self, env, x):
        """Evaluate a transpose."""
        return self(x, env).T

    def on_sqrt(self, env, x):
        """Evaluate a square root."""
        return sp.sqrt(self(x, env))

    def on_abs(self, env, x):
        """Evaluate a magnitude."""
        return sp.Abs(self(x, env))

    def on_norm(self, env, x):
        """Evaluate the Euclidean norm of a vector."""
        return sp.sqrt(sum(t * t for t in self(x, env)))

    def on_mul(self, env, *parts):
        """Evaluate a product; a function's name and the parenthesis behind it are a call."""
        result, operator, left = None, "", list(parts)
        while left:
            part = left.pop(0)
            if isinstance(part, str):
                operator = part
                continue
            call = self.call_of(part, left)
            value = self.call(part.args[0], left.pop(0), env) if call else self(part, env)
            result = value if result is None else _times(result, operator, value)
            operator = ""
        is_number = isinstance(result, sp.MatrixBase) and result.shape == (1, 1)
        return result[0] if is_number else result

    def call_of(self, part, rest):
        """Tell whether a name and what stands behind it are a function and its arguments."""
        if part.kind != "name" or part.args[1] or not rest or not isinstance(rest[0], Node):
            return False
        known = part.args[0] in self.notation.functions or part.args[0] == r"\operatorname{diag}"
        return rest[0].kind == "paren" and known

    def call(self, name, parenthesis, env):
        """Evaluate a call; without a subscript a function with an index is a vector."""
        arguments, subscripts = parenthesis.args
        if name == r"\operatorname{diag}":
            return sp.diag(*self(arguments[0], env))
        definition = self.notation.definitions.get((name, len(arguments)))
        if definition is None:
            raise FormulaError(f"{name} is not defined for {len(arguments)} arguments")
        values = [self(a, env) for a in arguments]
        inner = dict(zip(definition.parameters, values, strict=True))
        with self.inside(definition):
            if not definition.letters:
                return self(definition.body, inner)
            if subscripts:
                places = [tuple(self.index(s, env) for s in subscripts)]
            else:
                places = list(itertools.product(*[self.range(i) for i in definition.letters]))
            entries = [
                self(definition.body, {**inner, **dict(zip(definition.letters, p, strict=True))})
                for p in places
            ]
        return entries[0] if subscripts else sp.Matrix(entries)

    def on_paren(self, env, arguments, subscripts):
        """Evaluate a parenthesis; subscripts behind it pick an entry."""
        if len(arguments) != 1:
            raise FormulaError("a list in parentheses must stand behind a function")
        value = self(arguments[0], env)
        if not subscripts:
            return value
        places = [self.index(s, env) - 1 for s in subscripts]
        return value[tuple(places) + (0,) * (2 - len(places))]

    # -- functions

    def on_fn(self, env, function, arguments):
        """Evaluate an elementary function, on each entry of a vector."""
        values = [self(a, env) for a in arguments]
        if function == r"\det":
            return values[0].det()
        f = FUNCTIONS[function]
        if isinstance(values[0], sp.MatrixBase):
            return f(*values[0]) if function in (r"\max", r"\min") else values[0].applyfunc(f)
        return f(*values)

    def on_iverson(self, env, left, relation, right):
        """Evaluate an indicator."""
        claim = RELATIONS[relation](self(left, env), self(right, env))
        return sp.Piecewise((1, claim), (0, True))

    def on_cases(self, env, *rows):
        """Evaluate a distinction of two cases."""
        for value, left, relation, right in rows:
            if (self.index(left, env) == self.index(right, env)) == (relation == "="):
                return self(value, env)
        raise FormulaError("no case applies")

    def on_big(self, env, operator, letter, exception, low, high, body):
        """Evaluate a sum, product, maximum or minimum over an index."""
        if letter in env:
            raise FormulaError(
                f"the index {letter!r} already has a meaning outside this {operator}: rename it"
            )
        values = self.range(letter) if low is None else self.bounds(low, high, env)
        but = None if exception is None else self.index(exception, env)
        terms = [self(body, {**env, letter: v}) for v in values if v != but]
        if operator == r"\sum":
            return functools.reduce(lambda a, b: a + b, terms) if terms else sp.Integer(0)
        return {r"\prod": sp.Mul, r"\max": sp.Max, r"\min": sp.Min}[operator](*terms)

    def bounds(self, low, high, env):
        """Return the range of a sum with explicit bounds."""
        first, last = self(low, env), self(high, env)
        if not (first.is_Integer and last.is_Integer) or last - first > LONGEST_SUM:
            raise FormulaError(f"a sum from {first} to {last}: the bounds must be small integers")
        return range(int(first), int(last) + 1)

    def on_expect(self, env, letter, distribution, body):
        """Evaluate an expectation over a distribution."""
        weighted = Node("mul", (Node("name", (distribution.args[0], (letter,))), body))
        return self.on_big(env, r"\sum", letter, None, None, None, weighted)

    def on_argmax(self, env, letter, body):
        """Evaluate an argmax as a one-hot vector."""
        values = [self(body, {**env, letter: v}) for v in self.range(letter)]
        largest = sp.Max(*values)
        return sp.Matrix([sp.Piecewise((1, sp.Eq(v, largest)), (0, True)) for v in values])

    # -- calculus: a variable is held free, then its meaning is put back

    def holding(self, name, body, env, work):
        """Evaluate ``work(body)`` with a name held as a free letter."""
        if name not in self.notation.symbols:
            raise FormulaError(f"cannot vary {name!r}: it has no declared domain")
        before, self.held = self.held, self.held | {name}
        try:
            result = work(self(body, env))
        finally:
            self.held = before
        if name in self.notation.definitions and name not in self.held:
            entries = [(key, symbol) for key, symbol in self.atoms.items() if key[0] == name]
            result = result.xreplace({s: self.entry(name, key[1], env) for key, s in entries})
        return result

    def variable(self, node, env):
        """Return the symbol, vector or matrix that something is differentiated by."""
        name, subscripts = node.args
        if subscripts:
            return self.atom(name, tuple(self.index(s, env) for s in subscripts))
        before, self.held = self.held, self.held | {name}
        try:
            return self.on_name(env, name, ())
        finally:
            self.held = before

    def on_diff(self, env, variables, body):
        """Evaluate a derivative by one entry or by a family, once or twice."""
        names = {v.args[0] for v in variables}
        if len(names) > 1:
            raise FormulaError("a mixed derivative by two families: differentiate twice")

        def work(value):
            for variable in variables:
                value = _derivative(value, self.variable(variable, env))
            return value

        return self.holding(names.pop(), body, env, work)

    def on_grad(self, env, variable, body):
        """Evaluate a gradient."""
        return self.on_diff(env, (variable,), body)

    def on_hess(self, env, variable, body):
        """Evaluate a Hessian."""
        return self.holding(
            variable.args[0],
            body,
            env,
            lambda value: sp.hessian(value, list(self.variable(variable, env))),
        )

    def on_lim(self, env, variable, target, body):
        """Evaluate a limit very near its target; the comparison is then a numerical one."""
        self.limit = True
        at = FAR if target == "oo" else sp.Rational(target.rstrip("+")) + 1 / FAR
        symbol = self.variable(variable, env)
        return self.holding(variable.args[0], body, env, lambda value: value.xreplace({symbol: at}))


def _times(left, operator, right):
    if operator == "/":
        return left / right
    if operator == r"\odot":
        return left.multiply_elementwise(right)
    return left * right


def _derivative(value, by):
    derived = _plain_derivative(value, by)
    # SymPy writes the slope of a maximum as a step function; an indicator is what the page writes.
    return derived.replace(sp.Heaviside, lambda x, *_: sp.Piecewise((1, x > 0), (0, True)))


def _plain_derivative(value, by):
    if not isinstance(by, sp.MatrixBase):
        return value.diff(by) if isinstance(value, sp.MatrixBase) else sp.diff(value, by)
    if isinstance(value, sp.MatrixBase):
        return value.jacobian(by)
    return by.applyfunc(lambda entry: sp.diff(value, entry))
