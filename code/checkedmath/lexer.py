r"""Cut displayed LaTeX into tokens. What is not in the dialect is refused here or in the parser."""

import re
from typing import NamedTuple

from checkedmath.errors import FormulaError

LONGEST_TEXT = 20_000
MOST_TOKENS = 4_000

TOKEN = re.compile(
    r"""(?P<space>(?:\s|\\[,;:!\ ]|~|\\(?:left|right|big|Big|bigl|bigr|Bigl|Bigr)(?![A-Za-z])
                  |\\q?quad(?![A-Za-z])|\\(?:displaystyle|textstyle|limits|nolimits)(?![A-Za-z]))+)
    |(?P<word>\\(?:mathbf|boldsymbol|bar|hat|tilde|mathrm|operatorname|mathcal)\{[A-Za-z]+\}
             |\\operatorname\*\{[A-Za-z]+\})
    |(?P<special>\\mathbb\{[1E]\})
    |(?P<env>\\(?:begin|end)\{cases\})
    |(?P<cmd>\\[A-Za-z]+|\\\\|\\\||\\[{}])
    |(?P<num>\d+(?:\.\d+)?)
    |(?P<letter>[A-Za-z]'?)
    |(?P<sym>:=|[-+=<>/^_{}()\[\],&|])""",
    re.X,
)
SPELLINGS = {
    r"\ln": r"\log",
    r"\tfrac": r"\frac",
    r"\dfrac": r"\frac",
    r"\leq": r"\le",
    r"\geq": r"\ge",
    r"\neq": r"\ne",
    r"\Vert": r"\|",
    r"\times": r"\cdot",
}


class Token(NamedTuple):
    """A piece of LaTeX, what it is, and where it begins."""

    text: str
    kind: str
    position: int


def tokenize(text):
    """Return the tokens of a formula, with an empty one at the end."""
    if len(text) > LONGEST_TEXT:
        raise FormulaError(f"a formula of {len(text)} characters: split it (limit {LONGEST_TEXT})")
    tokens, position = [], 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise FormulaError(f"cannot read {text[position]!r}", text, position)
        if match.lastgroup != "space":
            word = SPELLINGS.get(match.group(), match.group())
            tokens.append(Token(word, match.lastgroup, position))
        position = match.end()
    if len(tokens) > MOST_TOKENS:
        raise FormulaError(f"a formula of {len(tokens)} symbols: split it (limit {MOST_TOKENS})")
    return [*tokens, Token("", "end", position)]
