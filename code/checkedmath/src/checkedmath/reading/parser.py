r"""Read a formula into a tree. Never a guess: what a reader could take two ways is refused.

From the outside in: a chain of sides; a side is a sum of products; a product is factors side by
side; a factor is an atom with its powers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from checkedmath.errors import FormulaError
from checkedmath.reading.binding import free_letters
from checkedmath.reading.lexer import GREEK, OPERATORS, Cursor
from checkedmath.reading.relations import CHAINED, COMPARISONS
from checkedmath.reading.tree import Node, children

DEEPEST = 60
ELEMENTARY = {r"\exp", r"\tanh", r"\sin", r"\cos"}
FUNCTIONS = ELEMENTARY | {r"\max", r"\min", r"\log", r"\det"}
BIG = {r"\sum", r"\prod", r"\max", r"\min"}
#: Operators of which it does not matter whether a factor without their letter stands within.
LINEAR = {r"\sum", r"\lim"}
#: Letters that a reader takes for functions wherever parentheses follow them.
USUAL_FUNCTIONS = {*"fghFGH", r"\phi", r"\varphi", r"\psi", r"\Phi", r"\Psi"}
EXPECTATIONS = {r"\mathbb{E}", r"\operatorname{Var}"}
#: Functions of matrices that every formula may use.
MATRIX_FUNCTIONS = {r"\operatorname{diag}", r"\operatorname{tr}"}
ARGMAX = {r"\operatorname*{argmax}", r"\operatorname*{argmin}"}
SEPARATORS = {
    ",": ",",
    ";": ";",
    "|": r"\mid",
    r"\mid": r"\mid",
    r"\|": r"\parallel",
    r"\parallel": r"\parallel",
}
ENDS = {*CHAINED, *COMPARISONS, *SEPARATORS, "+", "-", "}", ")", "]", "&", r"\\", r"\}", ""} | {
    r"\rvert", r"\rVert", r"\end{cases}", r"\end{pmatrix}", r"\sim", r"\in",
}  # fmt: skip
HINTS = {
    r"\text": r"words stand at the end of a row, as && \text{reason}",
    r"\mathbf": r"write \mathbf{z}, with braces",
    r"\mathrm": r"write \mathrm{KL}, with braces",
    r"\boldsymbol": r"write \mathbf{z} for a bold letter",
    r"\bm": r"write \mathbf{z} for a bold letter",
    "|": r"a bar may open or close: write \lvert x \rvert",
    r"\|": r"a double bar may open or close: write \lVert x \rVert",
    r"\quad": r"after \quad stands a condition on indices, as \quad (i \ne j), at the end of a row",
    r"\int": "integrals are not in the dialect",
    r"\ldots": "say with a sum what the dots stand for",
    r"\dots": "say with a sum what the dots stand for",
    r"\cdots": "say with a sum what the dots stand for",
    r"\approx": r"about equal cannot be checked: write =, \le or \ge",
    r"\propto": r"write the constant of proportionality, and =",
    r"\equiv": "write = or :=",
    r"\implies": "write each formula in a display of its own",
    r"\pm": "write two formulas",
    r"\sum": r"say over which index: \sum_k",
    r"\prod": r"say over which index: \prod_k",
    r"\partial": r"write \frac{\partial C}{\partial z_i}",
    r"\mathrm{d}": r"write \partial for a derivative",
    ",": "two formulas on a row: put each on a row of its own",
}


#: An upright name that is drawn as an operator is.
WRITTEN_OUT = re.compile(rf"\\(?:mathrm|operatorname\*?)\{{({'|'.join(sorted(OPERATORS))})\}}")

T = TypeVar("T")


class Side(NamedTuple):
    """One side of a relation: its tree, and the text that a page shows of it."""

    node: Node
    text: str


class ReadRow(NamedTuple):
    """A row: the relation that it begins with, or none, its sides, and the relations between."""

    first: str
    sides: list[Side]
    relations: list[str]


def leading_relation(text: str) -> str:
    """Return the relation that a row begins with, or an empty text."""
    first = Cursor(text).token
    return first if first in CHAINED else ""


def open_limit(term: Node) -> str | None:
    """Return the letter of the limit that a term ends with, if what it is of has no parentheses."""
    while term.kind in ("neg", "mul"):
        term = term.args[-1]
    return term.args[0].args[0] if term.kind == "lim" else None


def is_met(variable: str, node: Node) -> bool:
    """Tell whether a name stands in a tree, but for limits that have it as their own letter."""
    if node.kind == "name":
        return node.args[0] == variable
    if node.kind == "lim" and node.args[0].args[0] == variable:
        return False
    return any(is_met(variable, child) for child in children(node))


class Applied(NamedTuple):
    """Where a name stands before parentheses, and whether it has indices there."""

    at: int
    indexed: bool


class Parser(Cursor):
    r"""Read one formula.

    Parameters
    ----------
    text : str
        LaTeX without the dollars around it.
    functions : set of str
        Names that have been defined as functions: ``f(x)`` is then a call, else a product.

    Examples
    --------
    >>> sides, relations = Parser(r"\log x \le x - 1").chain()
    >>> [side.text for side in sides], relations
    (['\\log x', 'x - 1'], ['\\le'])
    """

    def __init__(self, text: str, functions: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.functions, self.depth = MATRIX_FUNCTIONS | set(functions), 0
        #: What takes all that follows here: the operators, each with its letters.
        self.open: list[tuple[str, set[str]]] = []
        #: Names that stand by themselves, and those that look like functions.
        self.alone: set[str] = set()
        self.applied: dict[str, Applied] = {}

    # -- sides, sums, products

    def row(self) -> ReadRow:
        r"""Read a row of a displayed formula, as ``\le b = c``."""
        first = self.next() if self.token in CHAINED else ""
        return ReadRow(first, *self.chain())

    def chain(self) -> tuple[list[Side], list[str]]:
        r"""Read ``a = b \le c`` -> the sides and the relations between them."""
        sides, relations = [self.side()], []
        while self.token in CHAINED:
            relations.append(self.next())
            sides.append(self.side())
        if self.token:
            self.fail(self.hint("unexpected"))
        return sides, relations

    def side(self) -> Side:
        """Read one side of a relation, and keep its text."""
        start = self.at
        node = self.expression()
        return Side(node, self.printed(start, self.at))

    def hint(self, otherwise: str) -> str:
        """Say what to write instead of the current token."""
        token = r"\text" if self.kind == "text" else self.token
        return HINTS.get(token, f"{otherwise} {token}" if token else otherwise.partition(",")[0])

    def expression(self) -> Node:
        """Read what has an end of its own, so that no operator before it takes a part of it."""
        return self.apart(self.terms)

    def terms(self) -> Node:
        """Read a sum of products."""
        terms = [self.signed()]
        while self.token in ("+", "-"):
            if self.token == "+":
                self.next()
            terms.append(self.signed())
            self.check_limits(terms)
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def check_limits(self, terms: list[Node]) -> None:
        """Refuse a term behind a limit, if the letter of the limit stands in it."""
        for variable in filter(None, map(open_limit, terms[:-1])):
            if is_met(variable, terms[-1]):
                self.fail(
                    "ambiguous: does the limit end before this term? Put parentheses around what"
                    " it is of"
                )

    def signed(self) -> Node:
        """Read a product with at most one minus sign before it."""
        return Node("neg", (self.product(),)) if self.accept("-") else self.product()

    def product(self) -> Node:
        """Read factors side by side; a sum or a limit takes all that follows."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nested more than {DEEPEST} deep")
        parts: list[Node | str] = []
        closed, last = False, self.at
        while self.token not in ENDS:
            if closed:
                self.fail("ambiguous: put what stands before this factor in parentheses")
            last = self.at
            closed = self.factor(parts)
        if not parts:
            self.fail(self.hint("an expression is missing before"))
        self.check_end(parts, last)
        self.depth -= 1
        return (
            parts[0] if isinstance(parts[0], Node) and not parts[1:] else Node("mul", tuple(parts))
        )

    def check_end(self, parts: list[Node | str], last: int) -> None:
        """Refuse a last factor that would have another meaning outside of what takes it."""
        for operator, letters in reversed(self.open if parts[1:] else []):
            if isinstance(parts[-1], Node) and free_letters(parts[-1], letters):
                return
            if operator not in LINEAR:
                self.at = last
                self.fail(
                    f"ambiguous: does {operator} end before this factor? Put parentheses around"
                    " what it takes, or this factor first"
                )

    def taking(self, operator: str, letters: Iterable[str], rule: Callable[[], T]) -> T:
        """Read what an operator takes: all that follows, up to the next plus or minus."""
        self.open.append((operator, set(letters)))
        taken = rule()
        self.open.pop()
        return taken

    def apart(self, rule: Callable[[], T]) -> T:
        """Read what lies between two signs: nothing that is open outside reaches into it."""
        outside, self.open = self.open, []
        found = rule()
        self.open = outside
        return found

    def factor(self, parts: list[Node | str]) -> bool:
        """Read the next factor of a product -> whether nothing may follow it."""
        dot = bool(parts) and self.accept(r"\cdot")
        if parts and not dot:
            if self.accept(r"\odot"):
                parts.append(r"\odot")
            elif self.accept("/"):
                return self.divisor(parts)
            elif self.kind == "num":
                self.fail(r"ambiguous: write \cdot before a number")
        part, closed = self.unit()
        parts.append(part)
        return closed

    def divisor(self, parts: list[Node | str]) -> bool:
        """Read what stands behind a slash: one factor, the last one."""
        parts += ["/", self.taking("/", (), self.unit)[0]]
        if self.token not in ENDS:
            self.fail(r"ambiguous after '/': use \frac")
        return True

    def unit(self) -> tuple[Node, bool]:
        """Read one factor -> the node, and whether it has taken everything to its right."""
        if self.token in BIG and self.peek(self.token, "_"):
            return self.big(), True
        if self.token in ARGMAX:
            return self.argmax(), True
        if self.token == r"\lim":
            return self.limit(), True
        if self.token == r"\nabla":
            return self.nabla(), True
        if self.accept(r"\frac", "{", r"\partial"):
            return self.derivative()
        if self.token in FUNCTIONS - {r"\max", r"\min"}:
            return self.function()
        return self.atom(), False

    # -- operators that take what follows them

    def big(self) -> Node:
        r"""Read ``\sum_k x``, ``\sum_{j \ne i} x``, ``\sum_{n=1}^{N} x``, ``\sum_{i, j} x``."""
        operator = self.next()
        self.expect("_")
        if not self.accept("{"):
            letters = [self.script(self.index)]
        else:
            letters = [self.index()]
            if self.accept("="):
                return self.restricted(operator, letters[0], None, None, *self.bounds())
            if self.token in COMPARISONS:
                restriction = (self.next(), self.index())
                self.expect("}")
                return self.restricted(operator, letters[0], *restriction, None, None)
            letters += self.more_indices()
        body = self.taking(operator, letters, self.product)
        for letter in reversed(letters):
            body = Node("big", (operator, letter, None, None, None, None, body))
        return body

    def restricted(self, operator: str, letter: str, *limits: Node | str | None) -> Node:
        """Read what stands behind an operator over some of the values of a letter."""
        return Node(
            "big", (operator, letter, *limits, self.taking(operator, [letter], self.product))
        )

    def bounds(self) -> tuple[Node, Node]:
        r"""Read ``1}^{N}`` -> the two bounds."""
        low = self.expression()
        self.expect("}", "^")
        return low, self.script(self.expression, self.single)

    def more_indices(self) -> list[str]:
        """Read the other letters of a double sum."""
        letters = []
        while not self.accept("}"):
            self.accept(",")
            letters.append(self.index())
        return letters

    def index(self) -> str:
        """Read an index letter or a number."""
        whole = self.kind == "num" and self.token.isdigit()
        if self.kind != "letter" and self.token not in GREEK and not whole:
            self.fail("an index is a letter or a whole number")
        return self.next()

    def argmax(self) -> Node:
        """Read an argmax: the set of the classes with the largest value."""
        operator = self.next()
        self.expect("_")
        letter = self.script(self.index)
        return Node("argmax", (operator, letter, self.taking(operator, [letter], self.product)))

    def limit(self) -> Node:
        """Read a limit."""
        self.expect(r"\lim", "_", "{")
        variable = self.name()
        self.expect(r"\to")
        target = self.target()
        self.expect("}")
        body = self.taking(r"\lim", variable.args[:1], self.product)
        return Node("lim", (variable, target, body))

    def target(self) -> str:
        r"""Read where a limit goes: ``\infty``, ``-\infty``, ``0``, ``0^+``, ``0^-``."""
        sign = "-" if self.accept("-") else ""
        if self.accept(r"\infty"):
            return sign + r"\infty"
        if self.kind != "num":
            self.fail(r"a limit goes to a number or to \infty, not to")
        number = sign + self.next()
        for side in "+-":
            if self.accept("^", side) or self.accept("^", "{", side, "}"):
                return number + "^" + side
        return number

    def nabla(self) -> Node:
        """Read a gradient or, with a square, a Hessian."""
        self.expect(r"\nabla")
        second = self.squared()
        if self.token != "_":
            self.fail(r"say with respect to what: \nabla_{\mathbf{z}}")
        self.next()
        variable = self.script(self.name, above=not second)
        second = second or self.squared()
        return Node("hess" if second else "grad", (variable, self.operand()))

    def operand(self) -> Node:
        """Read what a derivative in front of it applies to: one factor."""
        if self.token in ENDS:
            self.fail("what is to be differentiated?")
        return self.taking("the derivative", (), self.unit)[0]

    def derivative(self) -> tuple[Node, bool]:
        r"""Read ``f}{\partial x}`` or ``}{\partial x} f``, behind ``\frac{\partial``."""
        two = self.squared()
        body = None if self.token == "}" else self.apart(self.product)
        self.expect("}", "{")
        variables = self.variables()
        if len(variables) != 1 + two:
            self.fail(f"a derivative of order {1 + two} by {len(variables)} variable(s)")
        if body is None:
            return Node("diff", (variables, self.operand())), True
        return Node("diff", (variables, body)), False

    def variables(self) -> tuple[Node, ...]:
        r"""Read ``\partial x \partial y}``; a square repeats its variable."""
        found = []
        while self.accept(r"\partial"):
            found.append(self.name())
            if not found[-1].args[0].endswith("^*") and self.squared():
                found.append(found[-1])
        self.expect("}")
        return tuple(found)

    def function(self) -> tuple[Node, bool]:
        r"""Read ``\log x``, ``\log_2 x``, ``\exp(x)`` -> the node, and whether it is closed."""
        function = self.next()
        base = None
        if function == r"\log" and self.accept("_"):
            base = self.script(self.expression, self.single, above=True)
        if self.token == "^":
            self.fail(rf"ambiguous: write ({function} x)^2 or {function} (x^2)")
        if self.token in ("(", "["):
            argument, closed = self.enclosed(), False
            if self.token in ("^", "_"):
                self.fail(rf"ambiguous: write ({function}(x))^2 or {function}(x^2)")
        else:
            argument, closed = self.bare_argument(function), True
        if function == r"\log":
            return Node("log", (base, argument)), closed
        return Node("fn", (function, (argument,))), closed

    def bare_argument(self, function: str) -> Node:
        r"""Read the argument of ``\log x``: one atom, or a sum with all it takes."""
        if self.token in BIG and self.peek(self.token, "_"):
            return self.taking(function, (), self.big)
        if self.token in ENDS or self.token in FUNCTIONS - {r"\max", r"\min"}:
            self.fail("put the argument of the function in parentheses")
        return self.atom()

    # -- atoms

    def script(
        self, rule: Callable[[], T], bare: Callable[[], T] | None = None, *, above: bool = False
    ) -> T:
        r"""Read what stands below or above a sign: in braces, or one token, as TeX takes it.

        `above` tells that something may stand above the sign as well, as in ``\nabla_x^2``.
        """
        if self.accept("{"):
            result = rule()
            self.expect("}")
            return result
        if len(self.token) > 1 and self.kind == "num":
            self.fail(r"TeX takes one digit: put braces around, as in ^{10}")
        if self.kind not in ("num", "letter", "word") and self.token not in GREEK:
            self.fail(self.hint("expected a name or a digit, not"))
        at = self.at
        result = (bare or rule)()
        if self.at > at + 1 or self.token in ("_", "'") or (self.token == "^" and not above):
            self.at = at + 1
            self.fail("TeX takes one sign: put braces around what stands above or below")
        return result

    def squared(self) -> bool:
        """Take a square, if one comes next."""
        return self.accept("^", "2") or self.accept("^", "{", "2", "}")

    def atom(self) -> Node:
        """Read a base with its power or transpose."""
        base = self.base()
        starred = base.kind == "name" and base.args[0].endswith("^*")
        if not starred and self.accept("^"):
            base = self.raised(base)
        if self.token == "^":
            self.fail("two signs above one another: put the first with its base in parentheses")
        return base

    def raised(self, base: Node) -> Node:
        """Read what stands above a base."""
        if self.accept(r"\top") or self.accept("{", r"\top", "}"):
            return Node("transpose", (base,))
        if self.token != "{":
            return Node("pow", (base, self.script(self.single, above=True)))
        exponent = self.script(self.expression)
        if exponent.kind == "paren" and exponent.args[0].kind in ("name", "num"):
            self.fail("ambiguous: a power, or an upper index? write x^n or x_n")
        return Node("pow", (base, exponent))

    def single(self) -> Node:
        """Read a number or a name."""
        return Node("num", (self.next(),)) if self.kind == "num" else self.name()

    def base(self) -> Node:
        """Read what powers stand on."""
        if self.kind == "num":
            return self.single()
        for opening, rule in (
            (r"\frac", self.fraction),
            (r"\sqrt", self.root),
            (r"\lvert", self.absolute),
            (r"\lVert", self.norm),
            (r"\mathbb{1}", self.iverson),
            (r"\begin{cases}", self.cases),
            (r"\begin{pmatrix}", self.matrix),
        ):
            if self.accept(opening):
                return rule()
        if self.token in EXPECTATIONS and self.peek(self.token, "_"):
            return self.expectation()
        if self.token in (r"\max", r"\min"):
            return Node("fn", (self.next(), self.arguments()[0]))
        if self.token in ("(", "["):
            return self.with_subscripts(Node("paren", (self.enclosed(),)))
        if self.accept("{"):
            self.fail("braces that group nothing: write parentheses")
        return self.name_or_call()

    def fraction(self) -> Node:
        r"""Read ``{a}{b}``."""
        parts = []
        for _ in range(2):
            self.expect("{")
            parts.append(self.expression())
            self.expect("}")
        if all(self.looks_like_d(part) for part in parts):
            self.fail(r"ambiguous: write \frac{\partial C}{\partial z} for a derivative")
        return Node("div", tuple(parts))

    @staticmethod
    def looks_like_d(node: Node) -> bool:
        """Tell whether a product begins with a letter d, as in dC/dz."""
        first = node.args[0] if node.kind == "mul" else node
        return first == Node("name", ("d", ())) or first == Node("name", (r"\mathrm{d}", ()))

    def root(self) -> Node:
        """Read what is under a root."""
        if self.token == "[":
            self.fail(r"write other roots as powers, x^{1/3}")
        return Node("sqrt", (self.inside("{", "}"),))

    def inside(self, opening: str, closing: str) -> Node:
        """Read an expression between two signs."""
        self.expect(opening)
        node = self.expression()
        self.expect(closing)
        return node

    def absolute(self) -> Node:
        """Read an absolute value."""
        node = self.expression()
        self.expect(r"\rvert")
        return Node("abs", (node,))

    def norm(self) -> Node:
        r"""Read a norm; ``_1`` is the sum of absolute values, nothing or ``_2`` the Euclidean."""
        node = self.expression()
        self.expect(r"\rVert")
        order = "2"
        if self.accept("_"):
            braced = self.accept("{")
            order = self.next()
            if order not in ("1", "2", r"\infty"):
                self.fail(r"a norm is _1, _2 or _\infty")
            if braced:
                self.expect("}")
        return Node("norm", (order, node))

    def enclosed(self) -> Node:
        """Read one expression in parentheses or brackets."""
        return self.inside("(", ")") if self.token == "(" else self.inside("[", "]")

    def with_subscripts(self, node: Node) -> Node:
        """Read the subscripts behind a parenthesis."""
        label, letters = self.subscripts()
        if label:
            self.fail("an index is a letter or a whole number")
        return Node("entry", (node, letters)) if letters else node

    def iverson(self) -> Node:
        """Read ``[a = b]`` after the double-struck one."""
        self.expect("[")
        left = self.expression()
        if self.token not in (*COMPARISONS, r"\in"):
            self.fail("an indicator holds a relation, as [i = j]")
        relation = self.next()
        right = self.expression()
        self.expect("]")
        return Node("iverson", (left, relation, right))

    def expectation(self) -> Node:
        r"""Read ``\mathbb{E}_{k \sim p}[x]``, an expectation or a variance."""
        operator = self.next()
        self.expect("_", "{")
        letter = self.index()
        self.expect(r"\sim")
        distribution = self.name_or_call()
        self.expect("}")
        return Node("expect", (operator, letter, distribution, self.inside("[", "]")))

    def cases(self) -> Node:
        r"""Read the rows of a case distinction; the last may be ``\text{otherwise}``."""
        rows = []
        while not self.accept(r"\end{cases}"):
            value = self.expression()
            self.accept(",")
            self.expect("&")
            rows.append((value, *self.case_condition()))
            self.accept(",")
            if not self.end_of_row() and self.token != r"\end{cases}":
                self.fail("expected the next case")
        if not rows or any(row[2] is None for row in rows[:-1]):
            self.fail("only the last case is 'otherwise'")
        return Node("cases", tuple(rows))

    def case_condition(self) -> tuple[Node | None, str | None, Node | None]:
        r"""Read ``i = j``, ``x > 0`` or ``\text{otherwise}``."""
        word = re.sub(r"\\text\{\s*|\s*\}", "", self.next()) if self.kind == "text" else ""
        if word in ("otherwise", "else"):
            return None, None, None
        if word not in ("", "if", "for", "when"):
            self.fail(r"a case reads i = j, \text{if } i = j or \text{otherwise}")
        left = self.expression()
        if self.token not in COMPARISONS:
            self.fail("a case is a relation, as i = j")
        return left, self.next(), self.expression()

    def matrix(self) -> Node:
        """Read the rows of a matrix that is written out."""
        rows, row = [], [self.expression()]
        while not self.accept(r"\end{pmatrix}"):
            if self.accept("&"):
                row.append(self.expression())
            elif self.end_of_row():
                rows.append(tuple(row))
                row = [] if self.token == r"\end{pmatrix}" else [self.expression()]
            else:
                self.fail(self.hint("unexpected"))
        rows += [tuple(row)] if row else []
        if len({len(row) for row in rows}) != 1:
            self.fail("the rows of this matrix are not equally long")
        return self.with_subscripts(Node("matrix", tuple(rows)))

    def end_of_row(self) -> bool:
        """Take the end of a row of a table, if it comes next."""
        ends = self.accept(r"\\")
        if ends and self.token == "[":
            self.fail(r"TeX takes a bracket behind \\ for a distance: write a parenthesis")
        return ends

    # -- names

    def looks_applied(self, word: str) -> bool:
        """Tell whether a name before parentheses looks like a function: f(x + y), t(x)."""
        return word in USUAL_FUNCTIONS or self.tokens[self.at + 2].text in (")", "]")

    def name_or_call(self) -> Node:
        """Read a name; one that is a function with its arguments."""
        word, letters = self.bare_name()
        primes = 0
        while word in self.functions and self.accept("'"):
            primes += 1
        if word not in self.functions and (letters or not self.several_arguments()):
            if self.token not in ("(", "["):
                self.alone.add(word)
            elif self.looks_applied(word):
                self.applied.setdefault(word, Applied(self.at, bool(letters)))
            return Node("name", (word, letters))
        if letters or (self.token not in ("(", "[") and not primes):
            return Node("name", (word, letters))
        arguments, separators = self.arguments()
        if primes:
            if len(arguments) != 1:
                self.fail("a prime is for functions of one argument")
            return Node("prime", (word, primes, arguments[0]))
        return self.with_subscripts(Node("call", (word, arguments, separators)))

    def several_arguments(self) -> bool:
        """Tell whether a list in parentheses comes next: what stands before it is a function."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 or token.text in CHAINED:
                return False
            if depth == 1 and token.text in SEPARATORS:
                return True
        return False

    def arguments(self) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        r"""Read ``(a, b)`` or ``\{a, b\}`` -> the arguments, and the signs between them."""
        closing = {"(": ")", "[": "]", r"\{": r"\}"}.get(self.token)
        if not closing:
            self.fail("expected (")
        self.next()
        arguments, separators = [self.expression()], []
        while self.token in SEPARATORS:
            separators.append(SEPARATORS[self.next()])
            arguments.append(self.expression())
        self.expect(closing)
        return tuple(arguments), tuple(separators)

    def name(self) -> Node:
        """Read a name; a bold letter is the vector of its entries."""
        word, letters = self.bare_name()
        self.alone.add(word)
        return Node("name", (word, letters))

    def bare_name(self) -> tuple[str, tuple[str, ...]]:
        """Read a name -> its word and its subscripts."""
        if self.kind not in ("letter", "word") and self.token not in GREEK:
            self.fail(self.hint("expected a name, not"))
        word = self.next()
        if word not in MATRIX_FUNCTIONS and (operator := WRITTEN_OUT.fullmatch(word)):
            self.at -= 1
            self.fail(f"{operator[1]} is drawn as an operator: write it as one, or rename it")
        while word not in self.functions and self.accept("'"):
            word += "'"
        label, letters = self.subscripts()
        if label:
            word += f"_{{{label}}}"
        if self.accept("^", "*") or self.accept("^", "{", "*", "}"):
            word += "^*"
            letters = letters or self.subscripts()[1]
        return word, letters

    def subscripts(self) -> tuple[str, tuple[str, ...]]:
        r"""Read what stands behind an underscore -> a label, as ``\mathrm{KL}``, and indices."""
        if not self.accept("_"):
            return "", ()
        if self.kind == "word":
            return self.next(), ()
        if not self.accept("{"):
            if len(self.token) > 1 and self.kind == "num":
                self.fail("TeX takes one digit: put braces around, as in a_{12}")
            letter = self.index()
            if self.kind in ("letter", "num") and self.touching():
                self.fail("ambiguous: write a_{ij} for two indices, or leave a space")
            return "", (letter,)
        label = self.next() if self.kind == "word" else ""
        letters: list[str] = []
        while not self.accept("}"):
            self.accept(",")
            found = self.index()
            letters += found if found.isdigit() else [found]  # an index has one digit
        return label, tuple(letters)


def read_name(text: str) -> str:
    r"""Read a name that stands alone -> its word.

    >>> read_name(r"\mathbf{z}"), read_name(r"D_\mathrm{KL}")
    ('z', 'D_{\\mathrm{KL}}')
    """
    parser = Parser(text)
    word, letters = parser.bare_name()
    if letters or parser.token:
        raise FormulaError(f"{text} is not a plain name", text, 0)
    return word
