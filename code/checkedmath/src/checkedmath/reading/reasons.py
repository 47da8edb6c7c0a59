r"""The words beside a step: words alone, and expressions between dollars.

A reason claims nothing that nobody checks. What it says is in words, and what it names in letters:
"divide by $a_i$". It holds no relation, and no sign that a reader might take for one. It may cite
a formula, by its label: then the step is checked to be a case of that formula.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from checkedmath.errors import FormulaError
from checkedmath.reading.parser import Parser

#: What may stand between words. A hyphen stands within a word, where it is no minus.
PUNCTUATION = frozenset(" ,;:.?!()'’“”„«»–")
HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
#: A formula that is cited, by its label.
CITATION = re.compile(r"\\eqref\{([^{}\\$\s]+)\}")
#: Words that take a step back, if a reason begins with them. Others nobody reads.
DENIAL = re.compile(
    r"\W*(?:(?:it|this|is|are|does|do|holds)\s+)*(?:not|never|false|wrong|untrue|incorrect)\b", re.I
)
PLACE = r"beside a step stand words, and single expressions between dollars"


def read_reason(text: str) -> str:
    r"""Read the words beside a step -> what a page shows of them.

    Raises
    ------
    FormulaError
        If a relation, or mathematics outside dollars, is in it; if it begins by denying the step.

    Examples
    --------
    >>> read_reason("divide by $a_i$,  above and below")
    'divide by $a_i$, above and below'
    """
    parts = " ".join(text.split()).split("$")
    if len(CITATION.findall(text)) > 1:
        raise FormulaError("a reason cites one formula: part the step", text, 0)
    if len(parts) % 2 == 0:
        raise FormulaError(f"a dollar that is not closed: {PLACE}", text, text.rindex("$"))
    shown = [_expression(part) if n % 2 else _words(part) for n, part in enumerate(parts)]
    if DENIAL.match(text):
        raise FormulaError("words that deny the step beside them: say why it holds", text, 0)
    return "$".join(shown)


def cited(text: str) -> str:
    r"""Return the label of the formula that a reason cites, or nothing.

    >>> cited(r"by \eqref{eq:bound}")
    'eq:bound'
    """
    found = CITATION.search(text)
    return found[1] if found else ""


def citations(latex: str) -> list[str]:
    """Return the labels of the formulas that a displayed formula cites."""
    return CITATION.findall(latex)


def with_citations(text: str, name: Callable[[str], str]) -> str:
    r"""Return a text with the names of formulas in the place of their labels.

    >>> with_citations(r"by \eqref{eq:bound}", lambda label: f"({label})")
    'by (eq:bound)'
    """
    return CITATION.sub(lambda found: name(found[1]), text)


def _expression(latex: str) -> str:
    """Read what stands between dollars."""
    sides, relations = Parser(latex).chain()
    if relations:
        raise FormulaError(
            f"a claim, {latex}, inside a reason: display it as a formula of its own,"
            " or say it in words",
            latex,
            0,
        )
    return sides[0].text


def _words(text: str) -> str:
    """Read what stands outside dollars."""
    words = CITATION.sub(lambda cited: "a" * len(cited[0]), text)
    for place, sign in enumerate(HYPHEN.sub("a", words)):
        if not (sign in PUNCTUATION or (sign.isdecimal() and sign.isascii()) or _is_letter(sign)):
            raise FormulaError(f"{sign!r} among words: {PLACE}", text, place)
    return text


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is a letter of words, and none that only mathematics has."""
    return sign.isalpha() and unicodedata.normalize("NFKC", sign) == sign
