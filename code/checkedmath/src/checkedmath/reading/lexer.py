r"""Cut displayed LaTeX into tokens. What the dialect lacks is refused here or in the parser."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from checkedmath.errors import FormulaError
from checkedmath.reading import relations

LONGEST_TEXT = 20_000
MOST_TOKENS = 4_000

#: A letter or a command that stands for one, as in ``\hat{\theta}``, and the same in bold.
_LETTER = r"(?:[A-Za-z]|\\[A-Za-z]+)"
_BOLD_FACE = r"\\(?:mathbf|boldsymbol|bm)"
#: The kinds of tokens, in the order in which they are tried.
TERMINALS = {
    # a bar that says on which side it stands
    "bar": r"""\\(?:left|[bB]igg?l)\s*(?:\||\\\||\\lvert|\\lVert)
        | \\(?:right|[bB]igg?r)\s*(?:\||\\\||\\rvert|\\rVert)""",
    # what a reader sees as nothing but distance, and the sizes of parentheses
    "space": r"""(?: \s | \\[,;:!\ ] | ~
        | \\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])(?!\s*(?:\||\\[|lr]))
        | \\(?:displaystyle|textstyle|limits|nolimits)(?![A-Za-z]) )+""",
    # double-struck letters with a meaning of their own; a bold one before a bracket is an indicator
    "special": r"\\mathbb\{[1IE]\} | \\mathbf\{1\}(?=\s*\[)",
    # names of more than one sign
    "word": rf"""\\(?:hat|bar|tilde|vec)
            (?: \{{\s*(?:{_LETTER}|{_BOLD_FACE}\{{[^{{}}]*\}})\s*\}} | \s+[A-Za-z](?![A-Za-z]) )
        | {_BOLD_FACE}\{{\s*(?:{_LETTER}|[01])\s*\}}
        | \\(?:mathrm|operatorname|mathcal)\{{[A-Za-z]+\}}
        | \\operatorname\*\{{[A-Za-z]+\}}""",
    "env": r"\\(?:begin|end)\{(?:cases|pmatrix|bmatrix)\}",
    "text": r"\\text\{[^{}]*\}",
    "cmd": r"\\[A-Za-z]+ | \\\\ | \\\| | \\[{}]",
    "num": r"\d+(?:\.\d+)?",
    "letter": r"[A-Za-z]",
    "sym": r":= | [-+=<>/^_{}()\[\],;&|'*]",
}
TOKEN = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TERMINALS.items()), re.VERBOSE
)
SPELLINGS = relations.SPELLINGS | {
    r"\ln": r"\log",
    r"\tfrac": r"\frac",
    r"\dfrac": r"\frac",
    r"\Vert": r"\|",
    r"\vert": "|",
    r"\times": r"\cdot",
    r"\intercal": r"\top",
    r"\mathrm{T}": r"\top",
    r"\mathrm{e}": "e",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\mathbb{I}": r"\mathbb{1}",
    r"\begin{bmatrix}": r"\begin{pmatrix}",
    r"\end{bmatrix}": r"\end{pmatrix}",
    r"\mathrm{argmax}": r"\operatorname*{argmax}",
    r"\operatorname{argmax}": r"\operatorname*{argmax}",
    r"\mathrm{argmin}": r"\operatorname*{argmin}",
    r"\operatorname{argmin}": r"\operatorname*{argmin}",
    r"\star": "*",
    r"\ast": "*",
}
BOLD = re.compile(rf"{_BOLD_FACE}\{{\s*({_LETTER})\s*\}}")


class Token(NamedTuple):
    """A piece of LaTeX, what it is, and where it begins and ends."""

    text: str
    kind: str
    position: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a formula, with an empty one at the end."""
    if len(text) > LONGEST_TEXT:
        raise FormulaError(f"a formula of {len(text)} characters: split it (limit {LONGEST_TEXT})")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise FormulaError(f"cannot read {text[position]!r}", text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match))
        position = match.end()
    if len(tokens) > MOST_TOKENS:
        raise FormulaError(f"a formula of {len(tokens)} symbols: split it (limit {MOST_TOKENS})")
    return [*tokens, Token("", "end", position, position)]


def _token(match: re.Match[str]) -> Token:
    text, kind = match.group(), str(match.lastgroup)
    if kind == "bar":
        return Token(_bar(text), "cmd", match.start(), match.end())
    if kind == "word":
        text = _plain(text)
    if kind == "special" and text.startswith(r"\mathbf"):
        text = r"\mathbb{1}"
    return Token(SPELLINGS.get(text, text), kind, match.start(), match.end())


def _bar(text: str) -> str:
    side = "l" if re.match(r"\\(?:left|[bB]igg?l)", text) else "r"
    double = text.endswith((r"\|", "Vert"))
    return rf"\{side}{'V' if double else 'v'}ert"


def _plain(text: str) -> str:
    r"""Drop bold face, for a bold letter is the family of its entries; even out ``\hat y``."""
    text = BOLD.sub(r"\1", text)
    accent = re.fullmatch(r"(\\(?:hat|bar|tilde|vec))\s*\{?\s*(\\?[A-Za-z]+)\s*\}?", text)
    return f"{accent[1]}{{{accent[2]}}}" if accent else text.replace(" ", "")


class Cursor:
    """A place in the tokens of a formula."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, tokenize(text), 0

    @property
    def token(self) -> str:
        """The text of the current token."""
        return self.tokens[self.at].text

    @property
    def kind(self) -> str:
        """The kind of the current token."""
        return self.tokens[self.at].kind

    def next(self) -> str:
        """Take the current token."""
        self.at += 1
        return self.tokens[self.at - 1].text

    def peek(self, *wanted: str) -> bool:
        """Tell whether these tokens come next."""
        ahead = [token.text for token in self.tokens[self.at : self.at + len(wanted)]]
        return ahead == list(wanted)

    def accept(self, *wanted: str) -> bool:
        """Take these tokens if they come next."""
        if self.peek(*wanted):
            self.at += len(wanted)
            return True
        return False

    def expect(self, *wanted: str) -> None:
        """Take these tokens, or refuse the formula."""
        for each in wanted:
            if not self.accept(each):
                self.fail(f"expected {each}")

    def touching(self) -> bool:
        """Tell whether nothing stands between the last token and the current one."""
        return self.tokens[self.at].position == self.tokens[self.at - 1].end

    def fail(self, why: str) -> NoReturn:
        """Refuse the formula at the current token."""
        raise FormulaError(why, self.text, self.tokens[self.at].position)
