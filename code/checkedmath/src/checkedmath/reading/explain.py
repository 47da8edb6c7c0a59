"""Show in words how a formula is read, and what its letters need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from checkedmath.reading.display import rows
from checkedmath.reading.parser import Parser
from checkedmath.reading.printer import to_latex
from checkedmath.reading.relations import RELATIONS
from checkedmath.reading.tree import Node, children

KIND_WORDS = {
    "add": "the sum of",
    "neg": "minus",
    "div": "the quotient of",
    "pow": "the power of",
    "transpose": "the transpose of",
    "sqrt": "the square root of",
    "abs": "the absolute value of",
    "norm": "the norm of",
}
OPERATOR_WORDS = {r"\sum": "sum", r"\prod": "product", r"\max": "largest", r"\min": "smallest"}
FUNCTION_WORDS = {
    r"\exp": "e to the power of",
    r"\max": "the largest of",
    r"\min": "the smallest of",
    r"\det": "the determinant of",
}
CONSTANTS = {"e", r"\pi"}


def explain(latex: str) -> str:
    r"""Return how a formula is read, as an indented tree, and then its letters.

    Parameters
    ----------
    latex : str
        The formula, without dollars.

    Raises
    ------
    FormulaError
        If it cannot be read.

    Examples
    --------
    >>> print(explain(r"\sum_i a_i = 1"))
    the sum over i of
      a_i
    equals
      1
    <BLANKLINE>
    i  an index: declare `i: 1..K`
    a  with 1 index: declare `a: real K`, or define `a_i := ...` before
    """
    lines: list[str] = []
    nodes: list[Node] = []
    for row in rows(latex):
        for relation, node in _sides(row.text):
            if relation:
                lines.append(RELATIONS[relation].words)
            depth = 1 if relation else 0
            lines += [f"{'  ' * level}{text}" for level, text in _tree(node, depth)]
            nodes.append(node)
        lines += [f"  (because: {row.reason})"] if row.reason else []
        lines += [f"  (if {condition})" for condition in row.conditions]
    return "\n".join([*lines, "", *_needs(nodes)])


def _sides(text: str) -> Iterator[tuple[str, Node]]:
    """Yield the expressions of a row, each with the relation before it."""
    first, sides, relations = Parser(text).row()
    for relation, side in zip([first, *relations], sides, strict=True):
        yield relation, side.node


def _tree(node: Node, depth: int) -> Iterator[tuple[int, str]]:
    """Yield the lines of a tree with their depth."""
    while node.kind == "paren":
        node = node.args[0]
    yield depth, _headline(node)
    for part in _parts(node):
        if isinstance(part, str):
            yield depth, part
        else:
            yield from _tree(part, depth + 1)


def _headline(node: Node) -> str:
    """Return what a node is, without its parts."""
    say = SAY.get(node.kind)
    return say(*node.args) if say else KIND_WORDS.get(node.kind, f"{node.kind} of")


def _parts(node: Node) -> Iterator[Node | str]:
    """Yield what a headline leaves to be said, in order."""
    if node.kind == "mul":
        yield from (_between(part) if isinstance(part, str) else part for part in node.args)
    elif node.kind == "cases":
        for value, left, relation, right in node.args:
            yield value
            condition = f"if {to_latex(left)} {relation} {to_latex(right)}" if relation else "else"
            yield f"  {condition}"
    elif node.kind in ("diff", "grad", "hess", "lim", "expect"):
        yield node.args[-1]
    elif node.kind != "name":
        yield from children(node)


def _between(sign: str) -> str:
    return "divided by" if sign == "/" else "times, entry by entry,"


def _say_num(digits: str) -> str:
    return digits


def _say_name(word: str, subscripts: tuple[str, ...]) -> str:
    if not subscripts:
        return word
    return (
        f"{word}_{subscripts[0]}" if len(subscripts) == 1 else f"{word}_{{{' '.join(subscripts)}}}"
    )


def _say_mul(*parts: Node | str) -> str:
    return "the value, or the product, of" if _is_call(parts) else "the product of"


def _is_call(parts: tuple[Node | str, ...]) -> bool:
    """Tell whether f (x) stands here, which is a value if f has been defined as a function."""
    nodes = [part for part in parts[:2] if isinstance(part, Node)]
    return [node.kind for node in nodes] == ["name", "paren"] and not nodes[0].args[1]


def _say_entry(node: Node, subscripts: tuple[str, ...]) -> str:
    return f"entry {', '.join(subscripts)} of the parenthesis"


def _say_call(word: str, *rest: object) -> str:
    return f"the value of {word} at"


def _say_prime(word: str, order: int, argument: Node) -> str:
    derivative = "derivative" if order == 1 else f"derivative of order {order}"
    return f"the {derivative} of {word} at"


def _say_matrix(*rows: tuple[Node, ...]) -> str:
    return f"the {len(rows)} by {len(rows[0])} matrix of"


def _say_fn(function: str, *rest: object) -> str:
    return FUNCTION_WORDS.get(function, f"{function[1:]} of")


def _say_log(base: Node | None, argument: Node) -> str:
    if base is None:
        return "the natural logarithm of"
    return f"the logarithm to the base {to_latex(base)} of"


def _say_big(
    operator: str, letter: str, relation: str | None, other: str, low: Node | None, *rest: object
) -> str:
    but = f" {RELATIONS[relation].restriction} {other}" if relation else ""
    limits = ", from the first to the second, of the third" if low else " of"
    return f"the {OPERATOR_WORDS[operator]} over {letter}{but}{limits}"


def _say_expect(operator: str, letter: str, distribution: Node, inside: Node) -> str:
    what = "expectation" if operator == r"\mathbb{E}" else "variance"
    return f"the {what}, for {letter} drawn from {to_latex(distribution)}, of"


def _say_argmax(operator: str, letter: str, inside: Node) -> str:
    extreme = "largest" if "max" in operator else "smallest"
    return f"the classes {letter} with the {extreme}"


def _say_diff(variables: tuple[Node, ...], inside: Node) -> str:
    return f"the derivative by {' and by '.join(_say_name(*each.args) for each in variables)} of"


def _say_grad(variable: Node, inside: Node) -> str:
    return f"the gradient by {_say_name(*variable.args)} of"


def _say_hess(variable: Node, inside: Node) -> str:
    return f"the Hessian by {_say_name(*variable.args)} of"


def _say_lim(variable: Node, target: str, inside: Node) -> str:
    goal = target.replace(r"\infty", "infinity")
    goal = goal.replace("^+", " from above").replace("^-", " from below")
    return f"the limit, as {_say_name(*variable.args)} goes to {goal}, of"


def _say_iverson(left: Node, relation: str, right: Node) -> str:
    return f"1 if the first {relation} the second, else 0:"


def _say_cases(*rows: tuple[Any, ...]) -> str:
    return "one of these cases"


SAY: dict[str, Callable[..., str]] = {
    "num": _say_num,
    "name": _say_name,
    "mul": _say_mul,
    "entry": _say_entry,
    "call": _say_call,
    "prime": _say_prime,
    "matrix": _say_matrix,
    "fn": _say_fn,
    "log": _say_log,
    "big": _say_big,
    "expect": _say_expect,
    "argmax": _say_argmax,
    "diff": _say_diff,
    "grad": _say_grad,
    "hess": _say_hess,
    "lim": _say_lim,
    "iverson": _say_iverson,
    "cases": _say_cases,
}


def _needs(nodes: list[Node]) -> list[str]:
    """Say what each letter has to be declared as."""
    names: dict[str, tuple[str, ...]] = {}
    for word, subscripts in (pair for node in nodes for pair in _names(node)):
        names[word] = max(names.get(word, ()), subscripts, key=len)
    indices = dict.fromkeys(letter for node in nodes for letter in _indices(node))
    called = {word for node in nodes for word in _called(node)}
    lines = [f"{letter}  an index: declare `{letter}: 1..K`" for letter in indices]
    for word, subscripts in names.items():
        if word not in {*indices, *CONSTANTS, r"\delta"}:
            lines.append(f"{word}  {_need(word, subscripts, word in called)}")
    return lines


def _need(word: str, subscripts: tuple[str, ...], called: bool) -> str:
    if called:
        return f"a function: define `{word}(...) := ...` before, else it is a factor"
    if not subscripts:
        return f"a number: declare `{word}: real`; or a family: declare `{word}: real K`"
    sizes = " ".join(["K", "N"][: len(subscripts)])
    below = subscripts[0] if len(subscripts) == 1 else f"{{{' '.join(subscripts)}}}"
    indices = "1 index" if len(subscripts) == 1 else f"{len(subscripts)} indices"
    return (
        f"with {indices}: declare `{word}: real {sizes}`, or define `{word}_{below} := ...` before"
    )


def _called(node: Node) -> Iterator[str]:
    if node.kind == "mul" and _is_call(node.args):
        yield node.args[0].args[0]
    for child in children(node):
        yield from _called(child)


def _names(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    if node.kind == "name":
        yield node.args
    for child in children(node):
        yield from _names(child)


def _indices(node: Node) -> Iterator[str]:
    """Yield the letters that stand in subscripts, or under a sum."""
    if node.kind in ("name", "entry"):
        yield from (letter for letter in node.args[1] if not letter.isdigit())
    elif node.kind == "big":
        yield from (letter for letter in (node.args[1], node.args[3]) if letter)
    elif node.kind in ("expect", "argmax"):
        yield node.args[1]
    elif node.kind == "cases":
        yield from _compared_letters(node)
    for child in children(node):
        yield from _indices(child)


def _compared_letters(node: Node) -> Iterator[str]:
    """Yield the letters that cases compare with one another, as in i = j."""
    for _, left, relation, right in node.args:
        if relation and left.kind == right.kind == "name":
            yield from (side.args[0] for side in (left, right) if not side.args[1])
