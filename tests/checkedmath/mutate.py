r"""Change one thing in a formula, to see whether the check has teeth.

A mistake of the kind that authors make is put into a formula, one at a time: a sign, an index, a
sum or a logarithm that is lost, a fraction upside down. A checker that accepts the result has to
explain itself, by showing that what came out is true.
"""

from collections.abc import Iterator
from typing import NamedTuple

from checkedmath.reading.display import rows
from checkedmath.reading.parser import Parser
from checkedmath.reading.printer import to_latex
from checkedmath.reading.relations import CHAINED, RELATIONS
from checkedmath.reading.tree import Node, is_name, walk

OPPOSITE = {sign: relation.opposite for sign, relation in RELATIONS.items() if relation.opposite}
FLIPPED = {sign: other for sign, other in OPPOSITE.items() if {sign, other} <= {*CHAINED}}
EXCHANGED = {r"\sum": r"\prod", r"\prod": r"\sum", r"\max": r"\min", r"\min": r"\max"}


class Mutant(NamedTuple):
    """A changed formula, and what was changed."""

    change: str
    latex: str


class Line(NamedTuple):
    """One row of a formula: what it begins with, its sides, and what stands behind them."""

    first: str
    sides: tuple
    relations: tuple
    reason: str
    conditions: tuple

    def __str__(self):
        text = f"{self.first} {to_latex(self.sides[0])}"
        for relation, side in zip(self.relations, self.sides[1:], strict=True):
            text += f" {relation} {to_latex(side)}"
        if self.conditions:
            text += rf" \quad ({', '.join(map(str, self.conditions))})"
        return text + (rf" && \text{{{self.reason}}}" if self.reason else "")


def mutants(latex, notation) -> Iterator[Mutant]:
    r"""Yield every formula that differs from a given one by a single change.

    Parameters
    ----------
    latex : str
        A displayed formula. Of a definition only the right side is changed.
    notation : Notation
        What its letters stand for: an index becomes another one of the same range.

    Examples
    --------
    >>> from checkedmath import Notation
    >>> letters = Notation()
    >>> letters.declare("s, t: real")
    >>> [mutant.latex for mutant in mutants("s \\le -t", letters)]
    ['s \\ge -t', 't \\le -t', 's \\le t', 's \\le -s']
    """
    lines = [_read(row, notation.functions) for row in rows(latex)]
    change = Changes([side for line in lines for side in line.sides], notation)
    seen = {_write(lines)}
    for n, line in enumerate(lines):
        for name, changed in change.line(line):
            text = _write([*lines[:n], changed, *lines[n + 1 :]])
            if text not in seen:
                seen.add(text)
                yield Mutant(name, text)


def _read(row, functions):
    read = Parser(row.text, functions).row()
    nodes = tuple(side.node for side in read.sides)
    return Line(read.first, nodes, tuple(read.relations), row.reason, row.conditions)


def _write(lines):
    return r" \\ ".join(map(str, lines)).strip()


class Changes:
    """All single changes of a formula.

    Parameters
    ----------
    trees : list of Node
        The formula, from which other letters are taken.
    notation : Notation
        What its letters stand for.
    """

    def __init__(self, trees, notation):
        self.notation = notation
        nodes = [node for tree in trees for node in walk(tree)]
        self.words = list(dict.fromkeys(node.args[0] for node in nodes if node.kind == "name"))
        self.letters = [x for x in dict.fromkeys(_letters(nodes)) if x in notation.indices]

    def line(self, line):
        """Yield the changes of a row."""
        for n, relation in enumerate((line.first, *line.relations)):
            if relation in FLIPPED:
                yield f"{relation} flipped", _with_relation(line, n)
        for n, condition in enumerate(line.conditions):
            kept = line.conditions[:n], line.conditions[n + 1 :]
            yield "condition dropped", line._replace(conditions=kept[0] + kept[1])
            opposite = condition._replace(relation=OPPOSITE[condition.relation])
            yield "condition reversed", line._replace(conditions=(*kept[0], opposite, *kept[1]))
        for n, side in enumerate(line.sides):
            if n == 0 and line.relations[:1] == (":=",):
                continue
            for name, changed in self.tree(side):
                yield name, line._replace(sides=(*line.sides[:n], changed, *line.sides[n + 1 :]))

    def tree(self, node):
        """Yield the changes of a tree: of the node itself, and of each node below it."""
        for rule in RULES:
            for name, changed in rule(self, node):
                yield name, changed
        for name, args in self.below(node.args):
            yield name, Node(node.kind, args)

    def below(self, args):
        """Yield the changes of the arguments of a node."""
        for n, arg in enumerate(args):
            found = ()
            if isinstance(arg, Node):
                found = self.tree(arg)
            elif isinstance(arg, tuple):
                found = self.below(arg)
            for name, changed in found:
                yield name, (*args[:n], changed, *args[n + 1 :])

    # -- the rules

    def signs(self, node):
        """Change the sign of a term."""
        if node.kind == "neg":
            yield "sign dropped", node.args[0]
        if node.kind == "add":
            for n, term in enumerate(node.args):
                other = term.args[0] if term.kind == "neg" else Node("neg", (term,))
                if other.kind != "add":
                    yield "sign changed", _with_arg(node, n, other)

    def lost(self, node):
        """Lose a term or a factor."""
        if node.kind == "add":
            for n in range(len(node.args)):
                rest = node.args[:n] + node.args[n + 1 :]
                yield "term lost", rest[0] if len(rest) == 1 else Node("add", rest)
        if node.kind == "mul" and not any(isinstance(part, str) for part in node.args):
            for n in range(len(node.args)):
                rest = node.args[:n] + node.args[n + 1 :]
                yield "factor lost", rest[0] if len(rest) == 1 else Node("mul", rest)

    def indices(self, node):
        """Put another index in the place of one."""
        if node.kind not in ("name", "entry"):
            return
        head, letters = node.args
        for n, letter in enumerate(letters):
            for other in self.letters:
                if self.notation.indices.get(letter) == self.notation.indices[other] != letter:
                    changed = (*letters[:n], other, *letters[n + 1 :])
                    yield "index changed", Node(node.kind, (head, changed))

    def names(self, node):
        """Put another name of the same kind in the place of one."""
        if node.kind != "name" or node.args[0] not in self.notation.symbols:
            return
        word, letters = node.args
        for other in self.words:
            if self.shape(other) == self.shape(word):
                yield "name changed", Node("name", (other, letters))

    def shape(self, word):
        """Return the sizes of a name."""
        if word in self.notation.symbols:
            return self.notation.symbols[word][1:]
        definition = self.notation.definitions.get(word)
        return definition and tuple(definition.ranges[x] for x in definition.letters)

    def operators(self, node):
        """Lose a sum, a product, a maximum, or what it leaves out; exchange one for another."""
        if node.kind == "big":
            operator, letter, relation, _, low, high, body = node.args
            yield f"{operator} lost", _in_parentheses(body)
            yield f"{operator} exchanged", _with_arg(node, 0, EXCHANGED[operator])
            if relation:
                whole = Node("big", (operator, letter, None, None, low, high, body))
                yield "exception lost", whole
        if node.kind == "fn" and node.args[0] in EXCHANGED:
            yield f"{node.args[0]} exchanged", _with_arg(node, 0, EXCHANGED[node.args[0]])

    def functions(self, node):
        """Lose a function, a square, a transpose, a root."""
        if node.kind == "log":
            yield "logarithm lost", _in_parentheses(node.args[1])
        if node.kind in ("sqrt", "abs"):
            yield f"{node.kind} lost", _in_parentheses(node.args[0])
        if node.kind == "fn" and len(node.args[1]) == 1:
            yield "function lost", _in_parentheses(node.args[1][0])
        if node.kind == "transpose":
            yield "transpose lost", node.args[0]
        if node.kind == "pow" and is_name(node.args[0], "e"):
            yield "exponential lost", _in_parentheses(node.args[1])
        elif node.kind == "pow":
            yield "power lost", node.args[0]

    def squares(self, node):
        """Take the square of a sum for a sum of squares, and the other way round."""
        two = Node("num", ("2",))
        if node.kind == "pow" and node.args[1] == two and node.args[0].kind == "paren":
            inside = node.args[0].args[0]
            if inside.kind == "big":
                squared = Node("pow", (_in_parentheses(inside.args[-1]), two))
                yield "sum of squares", _with_arg(inside, len(inside.args) - 1, squared)
        if node.kind == "big" and node.args[-1].kind == "pow" and node.args[-1].args[1] == two:
            plain = _with_arg(node, len(node.args) - 1, node.args[-1].args[0])
            yield "square of a sum", Node("pow", (Node("paren", (plain,)), two))

    def turned(self, node):
        """Turn something round: a fraction, arguments, cases, an indicator."""
        if node.kind == "div":
            yield "fraction upside down", Node("div", node.args[::-1])
        if node.kind == "call" and len(node.args[1]) == 2:
            yield "arguments exchanged", _with_arg(node, 1, node.args[1][::-1])
        if node.kind == "cases" and len(node.args) == 2:
            (one, *if_one), (two, *if_two) = node.args
            yield "cases exchanged", Node("cases", ((two, *if_one), (one, *if_two)))
        if node.kind == "iverson" and node.args[1] in OPPOSITE:
            yield "indicator reversed", _with_arg(node, 1, OPPOSITE[node.args[1]])

    def numbers(self, node):
        """Change a number by one; take a Kronecker delta for one."""
        if node.kind == "num" and node.args[0].isdigit():
            yield "number changed", Node("num", (str(int(node.args[0]) + 1),))
        if node.kind == "name" and node.args[0] == r"\delta" and len(node.args[1]) == 2:
            yield "delta lost", Node("num", ("1",))


RULES = (
    Changes.signs,
    Changes.lost,
    Changes.indices,
    Changes.names,
    Changes.operators,
    Changes.functions,
    Changes.squares,
    Changes.turned,
    Changes.numbers,
)


def _letters(nodes):
    for node in nodes:
        if node.kind in ("name", "entry"):
            yield from node.args[1]
        if node.kind in ("big", "expect", "argmax"):
            yield node.args[1]


def _with_relation(line, n):
    if n == 0:
        return line._replace(first=FLIPPED[line.first])
    relations = list(line.relations)
    relations[n - 1] = FLIPPED[relations[n - 1]]
    return line._replace(relations=tuple(relations))


def _with_arg(node, n, arg):
    return Node(node.kind, (*node.args[:n], arg, *node.args[n + 1 :]))


def _in_parentheses(node):
    return node if node.kind in ("name", "num", "paren", "call") else Node("paren", (node,))
