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
#: place in a work.
NUMBER = re.compile(
    r"""(?<![\w§])(?<!\d\.)(?<![A-Za-z]-)[-+−]?
    (?: \d[\d,]*+\.\d++(?!\.\d) (?:[eE][-+−]?\d+)?
      | \.\d+ (?:[eE][-+−]?\d+)?
      | \d+[eE][-+−]?\d+
      | \d+\s*[×·*]\s*10\s*(?:\^\{?[-−]?\d+\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)
      | \d[\d,]*(?=\s?(?:%|‰|per\s?cent\b))
    )
    (?:\s?(?:%|‰|per\s?cent\b))?""",
    re.X,
)

#: What a browser or LaTeX would set as a formula.
MATH_IN_MARKUP = re.compile(
    r"""\$\$ | \\\[ | \\\( | \\begin\{ | <math\b
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
#: Parts of a page of HTML that nobody reads as text.
UNREAD_MARKUP = re.compile(
    r"<!--.*?-->|<(script)\b(?![^>]*math)[^>]*>.*?</script>|<(style|pre|code)\b.*?</\2>",
    re.S | re.I,
)
READ_ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label)\s*=\s*("[^"]*"|'[^']*')""", re.I)
TAG = re.compile(r"<[^>]*>")
REASON = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")


def typed_numbers(text: str) -> list[str]:
    """Return the decimals, percentages and numbers in scientific notation of a text.

    Whole numbers, versions such as 1.2.3, addresses and places such as §3.4 are left alone.

    >>> typed_numbers("The loss is 0.693 nat, 5 % less; see §3.4 and https://example.org/0.5")
    ['0.693', '5 %']
    """
    return [match.group().strip() for match in NUMBER.finditer(ADDRESS.sub(" ", text))]


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
    html = UNREAD_MARKUP.sub(" ", html)
    return TAG.sub("", html) + " ; ".join(["", *READ_ATTRIBUTE.findall(html)])


def holds_displayed_math(markup: str) -> bool:
    r"""Tell whether HTML or raw LaTeX holds a formula that nobody has checked.

    >>> holds_displayed_math(r"<p>\[ x = y \]</p>"), holds_displayed_math("<code>$$</code>")
    (True, False)
    """
    return MATH_IN_MARKUP.search(UNREAD_MARKUP.sub(" ", markup)) is not None


def is_typed_expression(expression: str) -> bool:
    """Tell whether a Python expression computes nothing: a number typed in another place.

    >>> is_typed_expression('f"{0.5}"'), is_typed_expression("loss.mean()")
    (True, False)
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return False
    computes = (ast.Name, ast.BinOp, ast.Call)
    return not any(isinstance(node, computes) for node in ast.walk(tree))
