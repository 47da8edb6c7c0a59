r"""Write a tree as LaTeX again, so that reading what was written gives the same tree."""

from checkedmath.reading.parser import Parser

__all__ = ["read", "to_latex"]


def read(text, functions=()):
    """Read one expression without relations -> its tree."""
    sides, relations = Parser(text, functions).chain()
    if relations:
        Parser(text).fail("one expression, without a relation")
    return sides[0].node


def to_latex(node):
    r"""Return the LaTeX of a tree.

    >>> print(to_latex(read(r"\sum_k p_k\log \frac{ p_k }{q_k}")))
    \sum_{k} p_k \log(\frac{p_k}{q_k})
    """
    return WRITERS[node.kind](*node.args)


def _num(digits):
    return digits


def _name(word, letters):
    if not letters:
        return word
    joined = letters[0] if len(letters) == 1 else f"{{{' '.join(letters)}}}"
    if word.endswith("^*"):
        return f"{_name(word[:-2], letters)}^*"
    if word.endswith("}") and "_{" in word:
        return f"{word[:-1]}, {' '.join(letters)}}}"
    return f"{word}_{joined}"


def _add(*terms):
    text = to_latex(terms[0])
    for term in terms[1:]:
        minus = term.kind == "neg"
        text += f" - {to_latex(term.args[0])}" if minus else f" + {to_latex(term)}"
    return text


def _neg(term):
    return f"-{to_latex(term)}"


def _mul(*parts):
    texts = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        number = texts and texts[-1] not in ("/", r"\odot") and _begins_with_digit(part)
        texts += [r"\cdot"] if number else []
        texts.append(to_latex(part))
    return " ".join(texts)


def _begins_with_digit(node):
    return to_latex(node)[0].isdigit()


def _div(above, below):
    return rf"\frac{{{to_latex(above)}}}{{{to_latex(below)}}}"


def _pow(base, exponent):
    return f"{to_latex(base)}^{{{to_latex(exponent)}}}"


def _transpose(base):
    return rf"{to_latex(base)}^\top"


def _entry(node, letters):
    return f"{to_latex(node)}_{{{' '.join(letters)}}}"


def _sqrt(node):
    return rf"\sqrt{{{to_latex(node)}}}"


def _abs(node):
    return rf"\lvert {to_latex(node)} \rvert"


def _norm(order, node):
    index = "" if order == "2" else f"_{{{order}}}"
    return rf"\lVert {to_latex(node)} \rVert{index}"


def _fn(function, arguments):
    return f"{function}({', '.join(map(to_latex, arguments))})"


def _log(base, node):
    index = "" if base is None else f"_{{{to_latex(base)}}}"
    return rf"\log{index}({to_latex(node)})"


def _paren(node):
    return f"({to_latex(node)})"


def _call(word, arguments, separators):
    inside = to_latex(arguments[0])
    for sign, argument in zip(separators, arguments[1:], strict=True):
        inside += (
            f"{sign} {to_latex(argument)}" if sign in ",;" else f" {sign} {to_latex(argument)}"
        )
    return f"{word}({inside})"


def _prime(word, order, argument):
    primes = "'" * order
    return f"{word}{primes}({to_latex(argument)})"


def _big(operator, letter, relation, other, low, high, body):
    if low is not None:
        return rf"{operator}_{{{letter}={to_latex(low)}}}^{{{to_latex(high)}}} {to_latex(body)}"
    restriction = f" {relation} {other}" if relation else ""
    return rf"{operator}_{{{letter}{restriction}}} {to_latex(body)}"


def _expect(operator, letter, distribution, body):
    return rf"{operator}_{{{letter} \sim {to_latex(distribution)}}}[{to_latex(body)}]"


def _argmax(operator, letter, body):
    return f"{operator}_{letter} {to_latex(body)}"


def _diff(variables, body):
    power = "^2" if len(variables) == 2 else ""
    below = r" \partial ".join(map(to_latex, variables))
    return rf"\frac{{\partial{power} {to_latex(body)}}}{{\partial {below}}}"


def _grad(variable, body):
    return rf"\nabla_{{{to_latex(variable)}}} {to_latex(body)}"


def _hess(variable, body):
    return rf"\nabla^2_{{{to_latex(variable)}}} {to_latex(body)}"


def _lim(variable, target, body):
    return rf"\lim_{{{to_latex(variable)} \to {target}}} {to_latex(body)}"


def _iverson(left, relation, right):
    return rf"\mathbb{{1}}[{to_latex(left)} {relation} {to_latex(right)}]"


def _cases(*rows):
    return rf"\begin{{cases}} {_rows(map(_case, rows))} \end{{cases}}"


def _case(row):
    value, left, relation, right = row
    if relation is None:
        return rf"{to_latex(value)} & \text{{otherwise}}"
    return f"{to_latex(value)} & {to_latex(left)} {relation} {to_latex(right)}"


def _matrix(*rows):
    lines = (" & ".join(map(to_latex, row)) for row in rows)
    return rf"\begin{{pmatrix}} {_rows(lines)} \end{{pmatrix}}"


def _rows(lines):
    return r" \\ ".join(lines)


WRITERS = {
    "num": _num, "name": _name, "add": _add, "neg": _neg, "mul": _mul, "div": _div, "pow": _pow,
    "transpose": _transpose, "entry": _entry, "sqrt": _sqrt, "abs": _abs, "norm": _norm,
    "fn": _fn, "log": _log, "paren": _paren, "call": _call, "prime": _prime, "big": _big,
    "expect": _expect, "argmax": _argmax, "diff": _diff, "grad": _grad, "hess": _hess,
    "lim": _lim, "iverson": _iverson, "cases": _cases, "matrix": _matrix,
}  # fmt: skip
