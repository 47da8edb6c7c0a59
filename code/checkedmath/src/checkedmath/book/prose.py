r"""Find what may not be typed in prose: a number that should be computed, a formula in disguise."""

from __future__ import annotations

import ast
import re

#: Stands for a piece of a paragraph that is no prose: code, a computed number.
OPAQUE = "\ufffc"

#: Addresses and identifiers hold digits that are no figures.
ADDRESS = re.compile(
    r"(?:https?|mailto|ftp):\S+|doi:\S+|10\.\d{4,9}/\S+|arXiv:\d{4}\.\d{4,5}", re.I
)

#: A decimal, scientific notation or a percentage. 1.2.3 is a version, GPT-3.5 a name and §1.2 a
#: place in a work. Digits that are none of these are passed over whole, so that each is looked at
#: once.
NUMBER = re.compile(
    r"""(?<![\w§])(?<!\d\.)(?<![A-Za-z]-)
    (?: (?P<typed> [-+−]?
          (?: \d[\d,]*+\.\d++(?!\.\d) (?:[eE][-+−]?\d+)?
            | \.\d+ (?:[eE][-+−]?\d+)?
            | \d[\d,]*+[eE][-+−]?\d+
            | \d[\d,]*+\s*[×·*]\s*10\s*(?:\^\{?[-−]?\d+\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)
            | \d[\d,]*+(?=\s?(?:%|‰|per\s?cent\b))
          )
          (?:\s?(?:%|‰|per\s?cent\b))?
        )
      | [-+−]?\d[\d,]*+
    )""",
    re.X,
)

#: What a browser or LaTeX would set as a formula.
MATH_IN_MARKUP = re.compile(
    r"""\$\$ | \\\[ | \\\( | \\begin\{ | <math\b | \$[^$\n\\^_=]*+[\\^_=][^$\n]*+\$
    | class\s*=\s*["'][^"']*\b(?:math|mathjax_process|tex2jax_process)\b""",
    re.X | re.I,
)
#: Inline mathematics that is displayed all the same.
DISPLAYED_INLINE = re.compile(
    r"\\displaystyle(?![A-Za-z])"
    r"|\\begin\{(?:aligned|alignedat|align|alignat|gathered|gather|split|equation|multline|eqnarray)"
)
#: Commands that change what other commands mean, in every formula of the page.
REDEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|(?:re)?newenvironment"
    r"|[gex]?def|let|require|DeclareMathOperator|DeclarePairedDelimiter)(?![A-Za-z])"
)
#: Where a part of HTML begins that nobody reads as text, with the rest of its first tag.
UNREAD_MARKUP = re.compile(r"<(?P<name>!--|(?:script|style|pre|code)\b)(?P<head>[^>]*+)", re.I)
READ_ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label)\s*=\s*("[^"]*"|'[^']*')""", re.I)
#: A tag, or the rest of a text in which no tag ends.
TAG = re.compile(r"<[^>]*+(>?)")
#: What tells a formula in brackets from words in brackets.
SIGNS = frozenset("=<>^_\\")
REASON = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")


def typed_numbers(text: str) -> list[str]:
    """Return the decimals, percentages and numbers in scientific notation of a text.

    Whole numbers, versions such as 1.2.3, addresses and places such as §3.4 are left alone.

    >>> typed_numbers("The loss is 0.693 nat, 5 % less; see §3.4 and https://example.org/0.5")
    ['0.693', '5 %']
    """
    found = NUMBER.finditer(ADDRESS.sub(" ", text))
    return [match["typed"].strip() for match in found if match["typed"]]


def math_as_prose(latex: str) -> str:
    r"""Reduce inline mathematics to what its digits say, so that prose rules apply to it.

    >>> typed_numbers(math_as_prose(r"\sigma(2) \approx 0{.}88 = 88\%"))
    ['0.88', '88%']
    """
    latex = re.sub(r"\{([.,])\}", r"\1", latex)
    latex = re.sub(r"\\(?:times|cdot)(?![A-Za-z])", "×", latex).replace(r"\%", "%")
    return re.sub(r"\\[A-Za-z]+|\\.|[A-Za-z_]", " ", latex)


def reasons_as_prose(latex: str) -> str:
    r"""Return the words inside a displayed formula: the arguments of its \text commands."""
    return " ; ".join(part.replace("$", " ") for part in REASON.findall(latex))


def markup_as_prose(html: str) -> str:
    """Return what a reader of HTML reads: its text and its alternative texts."""
    html = _read_parts(html)
    text = TAG.sub(lambda tag: "" if tag[1] else tag[0], html)
    return text + " ; ".join(["", *READ_ATTRIBUTE.findall(html)])


def _read_parts(html: str) -> str:
    """Return HTML without comments, styles, code and scripts, but those of MathJax.

    An end that is not there is looked for once, however often its beginning occurs.
    """
    kept, done, at = [], 0, 0
    endless: set[str] = set()
    while begin := UNREAD_MARKUP.search(html, at):
        name, at = begin["name"].lower(), begin.end()
        if name in endless or (name == "script" and "math" in begin["head"].lower()):
            continue
        end = re.compile("-->" if name == "!--" else f"</{name}>", re.I)
        if found := end.search(html, begin.end("name")):
            kept.append(html[done : begin.start()])
            done = at = found.end()
        else:
            endless.add(name)
    return " ".join([*kept, html[done:]])


def holds_displayed_math(markup: str) -> bool:
    r"""Tell whether HTML or raw LaTeX holds a formula that nobody has checked.

    >>> holds_displayed_math(r"<p>\[ x = y \]</p>"), holds_displayed_math("<code>$$</code>")
    (True, False)
    """
    return MATH_IN_MARKUP.search(_read_parts(markup)) is not None


def stray_display(text: str) -> str:
    r"""Return the LaTeX by which a text opens a display outside mathematics, if it does.

    Plain escaped brackets are text.

    >>> stray_display(r"a list \[1\]"), stray_display(r"thus \[x = 1\]")
    ('', '\\[')
    """
    if r"\begin{" in text:
        return r"\begin{"
    start = text.find(r"\[")
    while start >= 0 and (end := text.find(r"\]", start + 2)) >= 0:
        if any(sign in SIGNS for sign in text[start + 2 : end]):
            return r"\["
        start = text.find(r"\[", end)
    return ""


def is_typed_expression(expression: str) -> bool:
    """Tell whether a Python expression computes nothing: a number typed in another place.

    >>> is_typed_expression('f"{0.5}"'), is_typed_expression("loss.mean()")
    (True, False)
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the kernel will say so
        return False
    computes = (ast.Name, ast.BinOp, ast.Call)
    return not any(isinstance(node, computes) for node in ast.walk(tree))
