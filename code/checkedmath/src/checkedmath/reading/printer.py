r"""Write a tree as LaTeX again, so that reading what was written gives the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from checkedmath.reading.parser import Parser
from checkedmath.reading.tree import Node

__all__ = ["read", "to_latex"]


def read(text: str, functions: Iterable[str] = ()) -> Node:
    """Read one expression without relations -> its tree."""
    sides, relations = Parser(text, functions).chain()
    if relations:
        Parser(text).fail("one expression, without a relation")
    return sides[0].node


def to_latex(node: Node) -> str:
    r"""Return the LaTeX of a tree.

    >>> print(to_latex(read(r"\sum_k p_k\log \frac{ p_k }{q_k}")))
    \sum_{k} p_k \log(\frac{p_k}{q_k})
    """
    return WRITERS[node.kind](*node.args)


def _num(digits: str) -> str:
    return digits


def _name(word: str, letters: tuple[str, ...]) -> str:
    if not letters:
        return word
    joined = letters[0] if len(letters) == 1 else f"{{{' '.join(letters)}}}"
    if word.endswith("^*"):
        return f"{_name(word[:-2], letters)}^*"
    if word.endswith("}") and "_{" in word:
        return f"{word[:-1]}, {' '.join(letters)}}}"
    return f"{word}_{joined}"


def _add(*terms: Node) -> str:
    text = to_latex(terms[0])
    for term in terms[1:]:
        minus = term.kind == "neg"
        text += f" - {to_latex(term.args[0])}" if minus else f" + {to_latex(term)}"
    return text


def _neg(term: Node) -> str:
    return f"-{to_latex(term)}"


def _mul(*parts: Node | str) -> str:
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        number = texts and texts[-1] not in ("/", r"\odot") and _begins_with_digit(part)
        texts += [r"\cdot"] if number else []
        texts.append(to_latex(part))
    return " ".join(texts)


def _begins_with_digit(node: Node) -> bool:
    return to_latex(node)[0].isdigit()


def _div(above: Node, below: Node) -> str:
    return rf"\frac{{{to_latex(above)}}}{{{to_latex(below)}}}"


def _pow(base: Node, exponent: Node) -> str:
    return f"{to_latex(base)}^{{{to_latex(exponent)}}}"


def _transpose(base: Node) -> str:
    return rf"{to_latex(base)}^\top"


def _entry(node: Node, letters: tuple[str, ...]) -> str:
    return f"{to_latex(node)}_{{{' '.join(letters)}}}"


def _sqrt(node: Node) -> str:
    return rf"\sqrt{{{to_latex(node)}}}"


def _abs(node: Node) -> str:
    return rf"\lvert {to_latex(node)} \rvert"


def _norm(order: str, node: Node) -> str:
    index = "" if order == "2" else f"_{{{order}}}"
    return rf"\lVert {to_latex(node)} \rVert{index}"


def _fn(function: str, arguments: tuple[Node, ...]) -> str:
    return f"{function}({', '.join(map(to_latex, arguments))})"


def _log(base: Node | None, node: Node) -> str:
    index = "" if base is None else f"_{{{to_latex(base)}}}"
    return rf"\log{index}({to_latex(node)})"


def _paren(node: Node) -> str:
    return f"({to_latex(node)})"


def _call(word: str, arguments: tuple[Node, ...], separators: tuple[str, ...]) -> str:
    inside = to_latex(arguments[0])
    for sign, argument in zip(separators, arguments[1:], strict=True):
        inside += (
            f"{sign} {to_latex(argument)}" if sign in ",;" else f" {sign} {to_latex(argument)}"
        )
    return f"{word}({inside})"


def _prime(word: str, order: int, argument: Node) -> str:
    primes = "'" * order
    return f"{word}{primes}({to_latex(argument)})"


def _big(
    operator: str,
    letter: str,
    relation: str | None,
    other: str | None,
    low: Node | None,
    high: Node,
    body: Node,
) -> str:
    if low is not None:
        return rf"{operator}_{{{letter}={to_latex(low)}}}^{{{to_latex(high)}}} {to_latex(body)}"
    restriction = f" {relation} {other}" if relation else ""
    return rf"{operator}_{{{letter}{restriction}}} {to_latex(body)}"


def _expect(operator: str, letter: str, distribution: Node, body: Node) -> str:
    return rf"{operator}_{{{letter} \sim {to_latex(distribution)}}}[{to_latex(body)}]"


def _argmax(operator: str, letter: str, body: Node) -> str:
    return f"{operator}_{letter} {to_latex(body)}"


def _diff(variables: tuple[Node, ...], body: Node) -> str:
    power = "^2" if len(variables) == 2 else ""
    below = r" \partial ".join(map(to_latex, variables))
    return rf"\frac{{\partial{power} {to_latex(body)}}}{{\partial {below}}}"


def _grad(variable: Node, body: Node) -> str:
    return rf"\nabla_{{{to_latex(variable)}}} {to_latex(body)}"


def _hess(variable: Node, body: Node) -> str:
    return rf"\nabla^2_{{{to_latex(variable)}}} {to_latex(body)}"


def _lim(variable: Node, target: str, body: Node) -> str:
    return rf"\lim_{{{to_latex(variable)} \to {target}}} {to_latex(body)}"


def _iverson(left: Node, relation: str, right: Node) -> str:
    return rf"\mathbb{{1}}[{to_latex(left)} {relation} {to_latex(right)}]"


def _cases(*rows: tuple[Any, ...]) -> str:
    return rf"\begin{{cases}} {_rows(map(_case, rows))} \end{{cases}}"


def _case(row: tuple[Any, ...]) -> str:
    value, left, relation, right = row
    if relation is None:
        return rf"{to_latex(value)} & \text{{otherwise}}"
    return f"{to_latex(value)} & {to_latex(left)} {relation} {to_latex(right)}"


def _matrix(*rows: tuple[Node, ...]) -> str:
    lines = (" & ".join(map(to_latex, row)) for row in rows)
    return rf"\begin{{pmatrix}} {_rows(lines)} \end{{pmatrix}}"


def _rows(lines: Iterable[str]) -> str:
    return r" \\ ".join(lines)


WRITERS: dict[str, Callable[..., str]] = {
    "num": _num, "name": _name, "add": _add, "neg": _neg, "mul": _mul, "div": _div, "pow": _pow,
    "transpose": _transpose, "entry": _entry, "sqrt": _sqrt, "abs": _abs, "norm": _norm,
    "fn": _fn, "log": _log, "paren": _paren, "call": _call, "prime": _prime, "big": _big,
    "expect": _expect, "argmax": _argmax, "diff": _diff, "grad": _grad, "hess": _hess,
    "lim": _lim, "iverson": _iverson, "cases": _cases, "matrix": _matrix,
}  # fmt: skip
