"""Read a formula: a chain of expressions and relations. What is ambiguous is refused."""

import re
from typing import NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.lexer import tokenize
from checkedmath.nodes import Node

DEEPEST = 60
RELATIONS = {"=", ":=", r"\ge", r"\le", "<", ">"}
GREEK = set(
    re.findall(
        r"\\[A-Za-z]+",
        r"""\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \kappa \lambda \mu \nu
        \xi \pi \rho \sigma \tau \phi \varphi \chi \psi \omega \ell \Phi \Psi \Omega \Sigma \Lambda
        \Theta \Delta \Gamma""",
    )
)
FUNCTIONS = {r"\log", r"\exp", r"\max", r"\min", r"\tanh", r"\sin", r"\cos", r"\det"}
BIG = {r"\sum", r"\prod", r"\max", r"\min"}
SEPARATORS = (",", r"\|", r"\parallel", r"\mid", "|", ";")
ENDS = RELATIONS | {
    "+", "-", "}", ")", "]", ",", "&", r"\\", r"\rvert", r"\rVert", r"\|", r"\parallel", r"\mid",
    "|", r"\end{cases}", r"\ne", r"\sim", "",
}  # fmt: skip
ARGMAX = r"\operatorname*{argmax}"


class Side(NamedTuple):
    """One expression of a chain: its tree and its text."""

    node: Node
    text: str


class Parser:
    """Read one formula.

    Parameters
    ----------
    text : str
        LaTeX without the surrounding dollars.
    functions : set of str
        Names that have been defined as functions: ``f(x)`` is then a call, else a product.
    """

    def __init__(self, text, functions=()):
        self.text, self.functions = text, set(functions)
        self.tokens, self.at, self.depth = tokenize(text), 0, 0

    # -- tokens

    @property
    def token(self):
        """The text of the current token."""
        return self.tokens[self.at].text

    def next(self):
        """Take the current token."""
        self.at += 1
        return self.tokens[self.at - 1].text

    def peek(self, *wanted):
        """Tell whether these tokens come next."""
        ahead = [token.text for token in self.tokens[self.at : self.at + len(wanted)]]
        return ahead == list(wanted)

    def accept(self, *wanted):
        """Take these tokens if they come next."""
        if self.peek(*wanted):
            self.at += len(wanted)
            return True
        return False

    def expect(self, *wanted):
        """Take these tokens, or refuse the formula."""
        for each in wanted:
            if not self.accept(each):
                self.fail(f"expected {each!r}")

    def fail(self, why):
        """Refuse the formula at the current token."""
        raise FormulaError(why, self.text, self.tokens[self.at].position)

    # -- grammar, from the outside in

    def chain(self):
        r"""Read ``a = b \le c`` -> the sides and the relations between them."""
        sides, relations = [self.side()], []
        while self.token in RELATIONS:
            relations.append(self.next())
            sides.append(self.side())
        if self.token:
            self.fail("unexpected text")
        return sides, relations

    def side(self):
        """Read one side of a relation, and keep its text."""
        start = self.tokens[self.at].position
        node = self.expression()
        return Side(node, self.text[start : self.tokens[self.at].position].strip())

    def expression(self):
        """Read a sum of products."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nested more than {DEEPEST} deep")
        terms = [self.signed()]
        while self.token in ("+", "-"):
            if self.token == "+":
                self.next()
            terms.append(self.signed())
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def signed(self):
        """Read a product with at most one minus sign before it."""
        return Node("neg", (self.product(),)) if self.accept("-") else self.product()

    def product(self):
        """Read factors side by side; a sum or a limit takes all that follows."""
        parts, closed = [], False
        while self.token not in ENDS:
            if closed:
                self.fail("ambiguous: put the argument before this factor in parentheses")
            if parts and self.accept(r"\cdot"):
                if self.token in ENDS:
                    self.fail("missing factor")
            elif parts and self.accept(r"\odot"):
                parts.append(r"\odot")
            elif parts and self.accept("/"):
                parts += ["/", self.unit()[0]]
                if self.token not in ENDS:
                    self.fail(r"ambiguous after '/': use \frac")
                break
            part, closed = self.unit()
            parts.append(part)
        if not parts or isinstance(parts[-1], str):
            self.fail("missing expression")
        return parts[0] if len(parts) == 1 else Node("mul", tuple(parts))

    def unit(self):
        """Read one factor -> the node, and whether it has taken everything to its right."""
        if self.token in BIG and self.peek(self.token, "_"):
            return self.big(), True
        if self.peek(ARGMAX, "_"):
            return self.argmax(), True
        if self.peek(r"\lim", "_"):
            return self.limit(), True
        if self.accept(r"\nabla"):
            return self.nabla(), True
        if self.accept(r"\frac", "{", r"\partial", "}", "{", r"\partial"):
            by = self.name()
            self.expect("}")
            return Node("diff", ((by,), self.product())), True
        if self.token in FUNCTIONS and not self.peek(self.token, "("):
            return self.bare_function()
        return self.atom(), False

    def bare_function(self):
        r"""Read ``\log x``: the argument is one atom, or a call, or a sum to the end."""
        function = self.next()
        if self.peek("^"):
            self.fail(rf"ambiguous: write ({function} x)^2 or {function} (x^2)")
        if self.token in BIG or self.token in (r"\lim", ARGMAX):
            return Node("fn", (function, (self.unit()[0],))), True
        if self.token in self.functions:
            call = Node("mul", (self.name(), self.parenthesis()))
            return Node("fn", (function, (call,))), False
        closed = self.token not in (r"\frac", "{")
        return Node("fn", (function, (self.atom(),))), closed

    def big(self):
        r"""Read ``\sum_k x``, ``\sum_{j \ne i} x``, ``\sum_{n=1}^{N} x``."""
        operator = self.next()
        self.expect("_")
        exception = low = high = None
        if not self.accept("{"):
            letter = self.index()
        else:
            letter = self.index()
            if self.accept(r"\ne"):
                exception = self.index()
                self.expect("}")
            elif self.accept("="):
                low = self.expression()
                self.expect("}", "^")
                high = self.braced(self.expression)
            else:
                self.expect("}")
        return Node("big", (operator, letter, exception, low, high, self.product()))

    def index(self):
        """Read an index letter or a number."""
        if self.tokens[self.at].kind not in ("letter", "num"):
            self.fail("expected an index")
        return self.next()

    def argmax(self):
        """Read an argmax: one-hot, or a set that holds a single class."""
        self.expect(ARGMAX, "_")
        letter = self.braced(self.index)
        return Node("argmax", (letter, self.product()))

    def limit(self):
        """Read a limit."""
        self.expect(r"\lim", "_", "{")
        variable = self.name()
        self.expect(r"\to")
        if self.accept(r"\infty"):
            target = "oo"
        else:
            if self.tokens[self.at].kind != "num":
                self.fail(r"a limit goes to a number or to \infty")
            target = self.next()
            if self.accept("^", "+") or self.accept("^", "{", "+", "}"):
                target += "+"
        self.expect("}")
        return Node("lim", (variable, target, self.product()))

    def nabla(self):
        """Read a gradient or, with a square, a Hessian."""
        second = self.accept("^", "2")
        self.expect("_")
        variable = self.braced(self.name)
        second = self.accept("^", "2") or second
        return Node("hess" if second else "grad", (variable, self.product()))

    def braced(self, rule):
        """Read something with or without braces around it."""
        if self.accept("{"):
            result = rule()
            self.expect("}")
            return result
        return rule()

    def atom(self):
        """Read a base with its powers and transposes."""
        base = self.base()
        while self.accept("^"):
            if self.accept(r"\top") or self.accept("{", r"\top", "}"):
                base = Node("transpose", (base,))
            elif self.token == "{":
                base = Node("pow", (base, self.braced(self.expression)))
            else:
                base = Node("pow", (base, self.single()))
        return base

    def single(self):
        """Read a number or a name."""
        if self.tokens[self.at].kind == "num":
            return Node("num", (self.next(),))
        return self.name()

    def base(self):
        """Read what powers stand on."""
        if self.accept(r"\frac", "{", r"\partial"):
            return self.derivative()
        if self.accept(r"\frac"):
            self.expect("{")
            above = self.expression()
            self.expect("}", "{")
            below = self.expression()
            self.expect("}")
            return Node("div", (above, below))
        if self.accept(r"\sqrt"):
            self.expect("{")
            inside = self.expression()
            self.expect("}")
            return Node("sqrt", (inside,))
        return self.bracket() or self.single()

    def bracket(self):
        """Read what has an opening sign of its own, or return None."""
        for opening, closing, kind in (
            (r"\lvert", r"\rvert", "abs"),
            (r"\lVert", r"\rVert", "norm"),
        ):
            if self.accept(opening):
                inside = self.expression()
                self.expect(closing)
                return Node(kind, (inside,))
        if self.accept(r"\mathbb{1}"):
            return self.iverson()
        if self.accept(r"\mathbb{E}"):
            return self.expectation()
        if self.accept(r"\begin{cases}"):
            return self.cases()
        if self.token in FUNCTIONS:
            return Node("fn", (self.next(), self.arguments()))
        if self.token == "(":
            return self.parenthesis()
        if self.accept("{"):
            inside = self.expression()
            self.expect("}")
            return Node("paren", ((inside,), ()))
        return None

    def iverson(self):
        """Read ``[a = b]`` after the double-struck one."""
        self.expect("[")
        left = self.expression()
        if self.token not in ("=", r"\ne", r"\le", r"\ge", "<", ">"):
            self.fail("expected a relation")
        relation = self.next()
        right = self.expression()
        self.expect("]")
        return Node("iverson", (left, relation, right))

    def expectation(self):
        r"""Read ``_{k \sim p}[x]`` after the double-struck E."""
        self.expect("_", "{")
        letter = self.index()
        self.expect(r"\sim")
        distribution = self.name()
        self.expect("}", "[")
        inside = self.expression()
        self.expect("]")
        return Node("expect", (letter, distribution, inside))

    def parenthesis(self):
        """Read a parenthesis with what is inside and the subscripts behind it."""
        return Node("paren", (self.arguments(), self.subscripts()))

    def arguments(self):
        """Read ``(a, b)``; a bar between arguments is read as a comma."""
        self.expect("(")
        arguments = [self.expression()]
        while any(self.accept(separator) for separator in SEPARATORS):
            arguments.append(self.expression())
        self.expect(")")
        return tuple(arguments)

    def derivative(self):
        r"""Read the rest of ``\frac{\partial f}{\partial x \partial y}``."""
        order = 2 if self.accept("^", "2") else 1
        if self.token == "}":
            self.fail("missing function")
        body = self.product()
        self.expect("}", "{")
        variables = []
        while self.accept(r"\partial"):
            variables.append(self.name())
            if self.accept("^", "2"):
                variables.append(variables[-1])
        self.expect("}")
        if len(variables) != order:
            self.fail(f"derivative of order {order} by {len(variables)} variable(s)")
        return Node("diff", (tuple(variables), body))

    def cases(self):
        """Read the rows of a case distinction on two indices."""
        rows = []
        while not self.accept(r"\end{cases}"):
            value = self.expression()
            self.expect("&")
            left, relation, right = self.index(), self.next(), self.index()
            if relation not in ("=", r"\ne"):
                self.fail(r"a case reads i = j or i \ne j")
            rows.append((value, left, relation, right))
            self.accept(",")
            if not self.accept(r"\\") and self.token != r"\end{cases}":
                self.fail("expected the next case")
        return Node("cases", tuple(rows))

    def subscripts(self):
        """Read the indices behind an underscore."""
        if not self.accept("_"):
            return ()
        if not self.accept("{"):
            return (self.next(),)
        letters = []
        while not self.accept("}"):
            if not self.token:
                self.fail("expected '}'")
            if not self.accept(","):
                letters.append(self.next())
        return tuple(letters)

    def name(self):
        """Read a name; a bold letter is the vector of its entries."""
        if self.tokens[self.at].kind not in ("letter", "word") and self.token not in GREEK:
            self.fail("expected a name")
        word = re.sub(r"\\(?:mathbf|boldsymbol)\{(.+)\}", r"\1", self.next())
        subscripts = self.subscripts()
        if subscripts and subscripts[0].startswith("\\") and subscripts[0] not in GREEK:
            return Node("name", (f"{word}_{subscripts[0]}", ()))
        return Node("name", (word, subscripts))
