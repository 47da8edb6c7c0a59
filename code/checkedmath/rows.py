r"""Split a displayed formula into rows: the formula, the reason and the side condition of each."""

import re
from typing import NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.lexer import LONGEST_TEXT

REASON = re.compile(r"(?:&&|\\q?quad(?![A-Za-z]))\s*\\text\{(?P<reason>.*)\}\s*$", re.S)
CONDITION = re.compile(r",?\s*\\q?quad(?![A-Za-z])\s*(?P<inside>\(.*\)|[^()]*)[\s,.]*$", re.S)
PIECE = re.compile(
    r"\s*(?P<left>[A-Za-z]|\\ell)\s*(?P<relation>=|\\neq?|\\leq?|\\geq?|<|>|\\lt|\\gt)"
    r"(?![A-Za-z])\s*(?P<right>[A-Za-z]|\\ell|\d+)\s*"
)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:aligned|split)\}")
#: A table within a row, one that holds no other.
INNER = re.compile(r"\\begin\{(cases|pmatrix|bmatrix)\}(?:(?!\\begin\{).)*?\\end\{\1\}", re.S)
BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?")
SAME = {r"\neq": r"\ne", r"\leq": r"\le", r"\geq": r"\ge", r"\lt": "<", r"\gt": ">"}


class Condition(NamedTuple):
    r"""A restriction of an index or a size: ``i \ne j``, ``K = 2``."""

    left: str
    relation: str
    right: str

    def holds(self, values):
        """Tell whether it holds for these values of the letters."""
        left = values[self.left]
        right = int(self.right) if self.right.isdigit() else values[self.right]
        return {
            "=": left == right,
            r"\ne": left != right,
            r"\le": left <= right,
            r"\ge": left >= right,
            "<": left < right,
            ">": left > right,
        }[self.relation]

    def letters(self):
        """Return the letters it restricts."""
        return [side for side in (self.left, self.right) if not side.isdigit()]

    def __str__(self):
        return f"{self.left} {self.relation} {self.right}"


class Row(NamedTuple):
    """One row of a displayed formula."""

    text: str
    reason: str
    conditions: tuple


def rows(latex):
    r"""Return the rows of a displayed formula.

    >>> rows(r"a &= b && \text{why} \\ &= c \quad (i \ne j)")[1]
    Row(text='= c', reason='', conditions=(Condition(left='i', relation='\\ne', right='j'),))
    """
    if len(latex) > LONGEST_TEXT:
        raise FormulaError(f"a formula of {len(latex)} characters: split it (limit {LONGEST_TEXT})")
    if "\0" in latex:
        raise FormulaError("a character that cannot be read", latex, latex.index("\0"))
    latex = ENVIRONMENT.sub("", latex).strip().rstrip(".,").strip()
    latex, tables = _without_tables(latex)
    found = [_row(line, tables) for line in BREAK.split(latex) if line.strip()]
    return [row for row in found if row.text]


def _without_tables(latex):
    """Put a mark in the place of each table, whose rows are no rows of the formula."""
    tables = []

    def keep(match):
        tables.append(match.group())
        return f"\0{len(tables) - 1}\0"

    count = 1
    while count:
        latex, count = INNER.subn(keep, latex)
    return latex, tables


def _with_tables(text, tables):
    while "\0" in text:
        text = re.sub(r"\0(\d+)\0", lambda match: tables[int(match[1])], text)
    return text


def _row(line, tables):
    reason, conditions = "", ()
    match = REASON.search(line)
    if match:
        reason, line = match["reason"].strip(), line[: match.start()]
    match = CONDITION.search(line)
    if match:
        conditions, line = _conditions(match["inside"], line), line[: match.start()]
    return Row(_with_tables(line.replace("&", ""), tables).strip(), reason, conditions)


def _conditions(inside, line):
    inside = inside.strip().removeprefix("(").removesuffix(")")
    pieces = [PIECE.fullmatch(piece) for piece in inside.split(",")]
    if not all(pieces):
        raise FormulaError(
            r"after \quad stands a condition on indices or sizes, as \quad (i \ne j), or a reason,"
            r" as \quad \text{chain rule}",
            line,
            line.rfind("quad") + 4,
        )
    return tuple(
        Condition(piece["left"], SAME.get(piece["relation"], piece["relation"]), piece["right"])
        for piece in pieces
    )
