r"""Cut displayed LaTeX into tokens. What the dialect lacks is refused here or in the parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from checkedmath.errors import FormulaError
from checkedmath.reading import relations

LONGEST_TEXT = 20_000
MOST_TOKENS = 4_000

GREEK_NAMES = """
alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi
varphi chi psi omega ell Phi Psi Omega Sigma Lambda Theta Delta Gamma
"""
GREEK = {"\\" + name for name in GREEK_NAMES.split()}
#: What TeX and readers know as one operator, so that no upright name may be spelt like it.
OPERATOR_NAMES = """
Pr Var arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det diag dim exp gcd hom inf
ker lg lim liminf limsup ln log max min mod sec sin sinh sup tan tanh tr
"""
OPERATORS = set(OPERATOR_NAMES.split())
#: All that TeX and the reader part in the same way: no other digits, letters or spaces.
READABLE = re.compile(r"[\t\n -~]*")

#: A letter or a command that stands for one, as in ``\hat{\theta}``, and the same in bold.
_LETTER = rf"(?:[A-Za-z]|\\(?:{'|'.join(GREEK_NAMES.split())})(?![A-Za-z]))"
_SIZE = r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])\s*"
#: The kinds of tokens, in the order in which they are tried.
TERMINALS = {
    # a bar that says on which side it stands
    "bar": r"""\\(?:left|[bB]igg?l)\s*(?:\||\\\||\\lvert|\\lVert)
        | \\(?:right|[bB]igg?r)\s*(?:\||\\\||\\rvert|\\rVert)""",
    # parentheses that are larger
    "bracket": rf"{_SIZE}(?:[()\[\]]|\\[{{}}]|\\[lr]brace(?![A-Za-z]))",
    # what a reader sees as nothing but distance; one that goes back might lay signs on others
    "space": r"(?: \s | \\[,;:\ ] | ~ )+",
    # double-struck letters with a meaning of their own; a bold one before a bracket is an indicator
    "special": r"\\mathbb\{[1IE]\} | \\mathbf\{1\}(?=\s*\[)",
    # names of more than one sign
    "word": rf"""\\(?:hat|bar|tilde|vec)
            (?: \{{\s*(?:{_LETTER}|\\mathbf\{{\s*{_LETTER}\s*\}})\s*\}} | \s+[A-Za-z](?![A-Za-z]) )
        | \\mathbf\{{\s*(?:{_LETTER}|[01])\s*\}}
        | \\(?:mathrm|operatorname)\{{[A-Za-z]+\}} | \\mathcal\{{[A-Z]+\}}
        | \\operatorname\*\{{[A-Za-z]+\}}""",
    "env": r"\\(?:begin|end)\{(?:cases|pmatrix|bmatrix)\}",
    "text": r"\\text\{[^{}]*\}",
    # a large operator, and where its bounds stand
    "big": r"\\(?:sum|prod|max|min)(?![A-Za-z])\s*\\(?:no)?limits(?![A-Za-z])",
    "cmd": r"\\[A-Za-z]+ | \\\\ | \\\| | \\[{}]",
    "num": r"[0-9]+(?:\.[0-9]+)?",
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
BOLD = re.compile(rf"\\mathbf\{{\s*({_LETTER})\s*\}}")
#: An upright name: however it is spelt, it looks the same, so it is the same.
UPRIGHT = re.compile(r"\\operatorname\{([A-Za-z]+)\}")
SIZE = re.compile(_SIZE)
LEFT, RIGHT = r"\left", r"\right"
DISTANCE = re.compile(r"\\[,;:\ ]|~")
CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}


class Token(NamedTuple):
    """A piece of LaTeX: what it says, its kind, where it begins and ends, how it is written."""

    text: str
    kind: str
    position: int
    end: int
    written: str = ""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a formula, with an empty one at the end."""
    if len(text) > LONGEST_TEXT:
        raise FormulaError(f"a formula of {len(text)} characters: split it (limit {LONGEST_TEXT})")
    check_characters(text)
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


def check_characters(text: str) -> None:
    """Refuse letters, digits and spaces that TeX, or a reader, takes for others."""
    readable = READABLE.match(text)
    end = readable.end() if readable else 0
    if end < len(text):
        raise FormulaError(f"cannot read {text[end]!r}", text, end)


def _token(match: re.Match[str]) -> Token:
    text, kind = match.group(), str(match.lastgroup)
    written = " ".join(text.split())
    says = SAYS.get(kind)
    text = says(text) if says else text
    kind = "cmd" if kind in ("bar", "big") else kind
    return Token(SPELLINGS.get(text, text), kind, match.start(), match.end(), written)


def _bar(text: str) -> str:
    side = "l" if re.match(r"\\(?:left|[bB]igg?l)", text) else "r"
    double = text.endswith((r"\|", "Vert"))
    return rf"\{side}{'V' if double else 'v'}ert"


def _plain(text: str) -> str:
    r"""Drop bold face, for a bold letter is the family of its entries; even out ``\hat y``."""
    text = BOLD.sub(r"\1", text)
    accent = re.fullmatch(r"(\\(?:hat|bar|tilde|vec))\s*\{?\s*(\\?[A-Za-z]+)\s*\}?", text)
    return f"{accent[1]}{{{accent[2]}}}" if accent else UPRIGHT.sub(_upright, text)


def _upright(match: re.Match[str]) -> str:
    return match[0] if match[1] in OPERATORS else rf"\mathrm{{{match[1]}}}"


#: What a token says, by its kind, if that is not how it is written.
SAYS: dict[str, Callable[[str], str]] = {
    "bar": _bar,
    "big": lambda text: re.sub(r"\s*\\(?:no)?limits", "", text),
    "bracket": lambda text: SIZE.sub("", text),
    "special": lambda text: r"\mathbb{1}" if text.startswith(r"\mathbf") else text,
    "word": _plain,
}


def shut_places(text: str, tokens: list[Token]) -> list[tuple[int, int]]:
    r"""Return where no row may end: within braces, tables, and from ``\left`` to ``\right``.

    What opens with ``\left`` closes with ``\right``, for TeX draws an error otherwise.
    """
    shut, waiting = [], list[Token]()
    for token in tokens:
        if token.text in CLOSING or token.text.startswith(r"\begin"):
            waiting.append(token)
        elif waiting and token.text in (
            CLOSING.get(waiting[-1].text),
            waiting[-1].text.replace("begin", "end"),
        ):
            opening = waiting.pop()
            left, right = opening.written.startswith(LEFT), token.written.startswith(RIGHT)
            if left != right:
                raise FormulaError(
                    r"what opens with \left closes with \right", text, token.position
                )
            if left or opening.text not in ("(", "["):
                shut.append((opening.position, token.position))
    return shut


class Cursor:
    """A place in the tokens of a formula."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, tokenize(text), 0
        self.shut = shut_places(text, self.tokens)

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

    def printed(self, begin: int, end: int) -> str:
        r"""Return the LaTeX of some tokens, which is all that a page shows of them.

        Distances are kept as they were chosen, white space is evened out.
        """
        text = ""
        for n in range(begin, end):
            token = self.tokens[n]
            if n > begin:
                text += self.distance(n)
            text += token.written
        return text

    def distance(self, n: int) -> str:
        """Return what stands before a token: nothing, a space, or a command for a distance."""
        between = self.text[self.tokens[n - 1].end : self.tokens[n].position]
        command = DISTANCE.search(between)
        if command:
            return f" {command[0]} "
        return " " if between else ""

    def fail(self, why: str) -> NoReturn:
        """Refuse the formula at the current token."""
        raise FormulaError(why, self.text, self.tokens[self.at].position)
