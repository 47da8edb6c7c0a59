"""Random trees with no regard for what fits: vectors for numbers, functions without arguments."""

import random

from checkedmath.reading.relations import COMPARISONS
from checkedmath.reading.tree import Node, replace_below

LETTERS = """
K: 2
N: 3
i, j, k, l: 1..K
n: 1..N
s, c: real
t, u: positive
\\epsilon: unit
z, v: real K
p, q: simplex K
x: real N
W: real K K
Z: real N K
O: ones K K
E: identity K
a: positive K
"""
DEFINITIONS = (
    r"a_i := e^{z_i}",
    r"L := \log \sum_k e^{z_k}",
    "m := s",
    "R := z",
    r"\sigma(s) := \frac{1}{1 + e^{-s}}",
    r"H(p) := -\sum_k p_k \log p_k",
    r"H(p, q) := -\sum_k p_k \log q_k",
    r"g(v)_i := 2 v_i",
    r"h(s)_{in} := s W_{i1} x_n",
)
NAMES = (
    *("s", "c", "t", r"\epsilon", "z", "v", "p", "x", "W", "Z", "O", "E", "a", "L", "m", "R", "K"),
    *("s", "c", "t", "z", "v", "p", "W", "Z", "O", "E", "a", "L", "N", "e", r"\pi", "i", "h", "Q"),
)
VARIABLES = ("s", "t", "z", "p", "W", "Z", "O", "E", "a", "L", "m", "R", "K", "i", "n", "e", "Q")
FUNCTIONS = (r"\sigma", "H", "g", "h", r"\operatorname{tr}", r"\operatorname{diag}", r"\sigma", "s")
INDICES = ("1", "1", "2", "2", "3", "i", "k", "n", "K", "s")
BOUND = ("i", "j", "k", "n")
SIGNS = (",", r"\mid", r"\parallel", ";")


class Shapes:
    """Makes random trees of every kind of node."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *options):
        return self.random.choice(options)

    def tree(self, depth):
        """Make a tree that is so deep."""
        kind = self.pick(*KINDS) if depth else self.pick("name", "name", "num")
        return Node(kind, getattr(self, kind)(depth - 1))

    def trees(self, depth, low, high):
        """Make some trees."""
        return tuple(self.tree(depth) for _ in range(self.random.randint(low, high)))

    def atom(self, depth):
        """Make a tree that takes a power, or an index."""
        return self.pick(Node("name", self.name(0)), Node("paren", self.paren(depth)))

    def body(self, depth, letter):
        """Make what is summed, with its letter somewhere in it."""
        word = self.pick("z", "z", "p", "x", "a", "g", "s", letter)
        entry = Node("name", (word, () if word == letter else (letter,)))
        return Node("mul", (self.atom(depth), entry))

    def letters(self):
        return tuple(self.pick(*INDICES) for _ in range(self.random.randint(0, 2)))

    def variable(self):
        return Node("name", (self.pick(*VARIABLES), self.pick((), (), self.letters())))

    def spoilt(self, node, share):
        """Return a tree in which some share of the leaves is replaced by trees of any shape."""
        if node.kind in ("name", "num") and self.random.random() < share:
            return self.atom(0)
        if node.kind in HEADED:
            *head, body = node.args
            return Node(node.kind, (*head, self.spoilt(body, share)))
        return Node(node.kind, replace_below(node.args, lambda each: self.spoilt(each, share)))

    # -- the arguments of each kind of node

    def num(self, _depth):
        return (self.pick("0", "1", "2", "3", "0.5"),)

    def name(self, _depth):
        return self.pick(*NAMES), self.pick((), (), self.letters())

    def add(self, depth):
        return self.trees(depth, 2, 3)

    def neg(self, depth):
        return (Node("paren", self.paren(depth)),)

    def mul(self, depth):
        return (self.atom(depth), *self.pick((), (r"\odot",), ("/",)), self.atom(depth))

    def div(self, depth):
        return self.trees(depth, 2, 2)

    def pow(self, depth):
        return self.atom(depth), self.tree(depth)

    def transpose(self, depth):
        return (self.atom(depth),)

    def entry(self, depth):
        return Node("paren", self.paren(depth)), self.letters() or ("i",)

    def sqrt(self, depth):
        return (self.tree(depth),)

    abs = paren = sqrt

    def norm(self, depth):
        return self.pick("1", "2", r"\infty"), self.tree(depth)

    def fn(self, depth):
        function = self.pick(r"\exp", r"\tanh", r"\sin", r"\cos", r"\max", r"\min", r"\det")
        return function, self.trees(depth, 1, 2 if function in (r"\max", r"\min") else 1)

    def log(self, depth):
        return self.pick(None, None, self.tree(depth)), self.tree(depth)

    def call(self, depth):
        arguments = self.trees(depth, 1, 3)
        return self.pick(*FUNCTIONS), arguments, (self.pick(*SIGNS),) * (len(arguments) - 1)

    def prime(self, depth):
        return self.pick(*FUNCTIONS), self.pick(1, 2), self.tree(depth)

    def big(self, depth):
        bounds = self.pick(
            (None,) * 4,
            (self.pick(r"\ne", r"\le", "<"), self.pick(*INDICES), None, None),
            (None, None, *self.trees(depth, 2, 2)),
        )
        operator = self.pick(r"\sum", r"\prod", r"\max", r"\min")
        letter = self.pick(*BOUND)
        return operator, letter, *bounds, self.body(depth, letter)

    def expect(self, depth):
        distribution = Node("name", (self.pick("p", "z", "s", "W", "a", "x", "Q"), ()))
        operator, letter = self.pick(r"\mathbb{E}", r"\operatorname{Var}"), self.pick(*BOUND)
        return operator, letter, distribution, self.body(depth, letter)

    def argmax(self, depth):
        operator = self.pick(r"\operatorname*{argmax}", r"\operatorname*{argmin}")
        letter = self.pick(*BOUND)
        return operator, letter, self.body(depth, letter)

    def diff(self, depth):
        variables = tuple(self.variable() for _ in range(self.pick(1, 1, 2)))
        return variables, Node("paren", self.paren(depth))

    def grad(self, depth):
        return self.variable(), Node("paren", self.paren(depth))

    hess = grad

    def lim(self, depth):
        target = self.pick("0", "0^+", "1", r"\infty", r"-\infty")
        return self.variable(), target, Node("paren", self.paren(depth))

    def iverson(self, depth):
        relation = self.pick(*COMPARISONS, r"\in")
        return self.tree(depth), relation, self.tree(depth)

    def cases(self, depth):
        rows = [(self.tree(depth), self.tree(depth), self.pick(*COMPARISONS), self.tree(depth))]
        rows += [(self.tree(depth), None, None, None)] * self.pick(0, 1, 1)
        return tuple(rows)

    def matrix(self, depth):
        columns = self.pick(1, 2, 3)
        return tuple(self.trees(depth, columns, columns) for _ in range(self.pick(1, 2, 3)))


#: Nodes whose heads are names, which nothing else can take the place of.
HEADED = ("diff", "grad", "hess", "lim", "expect")
KINDS = (
    *("add", "neg", "mul", "mul", "div", "pow", "pow", "transpose", "entry", "sqrt", "abs", "norm"),
    *("fn", "log", "paren", "call", "call", "prime", "big", "big", "expect", "argmax", "diff"),
    *("diff", "grad", "hess", "lim", "iverson", "cases", "matrix"),
)
