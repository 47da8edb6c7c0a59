r"""The words beside a step: words alone, and expressions between dollars.

A reason claims nothing that nobody checks. What it says is in words, and what it names in letters:
"divide by $a_i$". It holds no relation, and no sign that a reader might take for one.
"""

from __future__ import annotations

import re
import unicodedata

from checkedmath.errors import FormulaError
from checkedmath.reading.parser import Parser

#: What may stand between words. A hyphen stands within a word, where it is no minus.
PUNCTUATION = frozenset(" ,;:.?!()'’“”„«»–")
HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
PLACE = r"beside a step stand words, and single expressions between dollars"


def read_reason(text: str) -> str:
    r"""Read the words beside a step -> what a page shows of them.

    Raises
    ------
    FormulaError
        If a relation, or mathematics outside dollars, is in it.

    Examples
    --------
    >>> read_reason("divide by $a_i$,  above and below")
    'divide by $a_i$, above and below'
    """
    parts = " ".join(text.split()).split("$")
    if len(parts) % 2 == 0:
        raise FormulaError(f"a dollar that is not closed: {PLACE}", text, text.rindex("$"))
    shown = [_expression(part) if n % 2 else _words(part) for n, part in enumerate(parts)]
    return "$".join(shown)


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
    for place, sign in enumerate(HYPHEN.sub("a", text)):
        if not (sign in PUNCTUATION or (sign.isdecimal() and sign.isascii()) or _is_letter(sign)):
            raise FormulaError(f"{sign!r} among words: {PLACE}", text, place)
    return text


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is a letter of words, and none that only mathematics has."""
    return sign.isalpha() and unicodedata.normalize("NFKC", sign) == sign
