r"""Split a displayed formula into rows: the formula, the reason and the side condition of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.reading import relations
from checkedmath.reading.lexer import LONGEST_TEXT

REASON = re.compile(r"(?:&\s*&|\\q?quad(?![A-Za-z]))\s*\\text\{(?P<reason>.*)\}\s*$", re.S)
CONDITION = re.compile(r",?\s*\\q?quad(?![A-Za-z])\s*(?P<inside>\(.*\)|[^()]*)[\s,.]*$", re.S)
PIECE = re.compile(
    rf"\s*(?P<left>[A-Za-z]|\\ell)\s*(?P<relation>{relations.pattern(relations.COMPARISONS)})"
    r"\s*(?P<right>[A-Za-z]|\\ell|\d+)\s*"
)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:aligned|split)\}")
#: A table within a row, one that holds no other.
INNER = re.compile(r"\\begin\{(cases|pmatrix|bmatrix)\}(?:(?!\\begin\{).)*?\\end\{\1\}", re.S)
#: Those that the dialect lacks part the sides of a row too, and are then refused by their name.
RELATION = relations.pattern(relations.CHAINED, r"\approx", r"\equiv", r"\propto")
ALIGNED = re.compile(rf"\s*(?:{RELATION}|[-+]|\\cdot|\\times)")
INDENT = re.compile(r"\s*&?\s*\\q?quad(?![A-Za-z])\s*(?=[-+]|\\cdot|\\times)")
CONTINUES = re.compile(r"\s*(?:\+|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
STOPS_SHORT = re.compile(rf"(?:[-+/]|\\cdot|\\times|{RELATION})\s*$")
RELATION_AT_END = re.compile(rf"{RELATION}\s*$")
BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?")


class Condition(NamedTuple):
    r"""A restriction of an index or a size: ``i \ne j``, ``K = 2``."""

    left: str
    relation: str
    right: str

    def holds(self, values: Mapping[str, int]) -> bool:
        """Tell whether it holds for these values of the letters."""
        left = values[self.left]
        right = int(self.right) if self.right.isdigit() else values[self.right]
        return relations.holds(self.relation, left, right)

    def letters(self) -> list[str]:
        """Return the letters it restricts."""
        return [side for side in (self.left, self.right) if not side.isdigit()]

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


class Row(NamedTuple):
    """One row of a displayed formula."""

    text: str
    reason: str
    conditions: tuple[Condition, ...]


def rows(latex: str) -> list[Row]:
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
    return _joined([row for row in found if row.text])


def _joined(found: list[Row]) -> list[Row]:
    """Join the rows of one long expression: a row may begin with a plus, or end with one."""
    joined: list[Row] = []
    for row in found:
        minus = row.text.startswith("-") and not re.search(RELATION, row.text)
        broken = joined and STOPS_SHORT.search(joined[-1].text)
        if joined and (minus or broken or CONTINUES.match(row.text)):
            last = joined.pop()
            reason = "; ".join(filter(None, (last.reason, row.reason)))
            row = Row(f"{last.text} {row.text}", reason, last.conditions + row.conditions)
        joined.append(row)
    return joined


def _without_tables(latex: str) -> tuple[str, list[str]]:
    """Put a mark in the place of each table, whose rows are no rows of the formula."""
    tables: list[str] = []

    def keep(match: re.Match[str]) -> str:
        tables.append(match.group())
        return f"\0{len(tables) - 1}\0"

    count = 1
    while count:
        latex, count = INNER.subn(keep, latex)
    return latex, tables


def _with_tables(text: str, tables: list[str]) -> str:
    while "\0" in text:
        text = re.sub(r"\0(\d+)\0", lambda match: tables[int(match[1])], text)
    return text


def _row(line: str, tables: list[str]) -> Row:
    reason = ""
    conditions: tuple[Condition, ...] = ()
    line = INDENT.sub("", line, count=1) if INDENT.match(line) else line
    match = REASON.search(line)
    if match:
        reason, line = match["reason"].strip(), line[: match.start()]
    match = CONDITION.search(line)
    if match:
        conditions, line = _conditions(match["inside"], line), line[: match.start()]
    text = _with_tables(_without_columns(line), tables).strip().rstrip(".,;").strip()
    return Row(text, reason, conditions)


def _without_columns(line: str) -> str:
    """Drop the sign that aligns rows; one that parts two formulas is refused."""
    before, _, after = line.strip().rstrip("& \t\n").partition("&")
    aligns = not before.strip() or ALIGNED.match(after) or RELATION_AT_END.search(before)
    if "&" in after or (after and not aligns):
        raise FormulaError("a row has one &, beside its relation", line, len(line) - len(after))
    return before + after


def _conditions(inside: str, line: str) -> tuple[Condition, ...]:
    inside = inside.strip().removeprefix("(").removesuffix(")")
    texts = inside.split(",")
    pieces = [piece for piece in map(PIECE.fullmatch, texts) if piece]
    if len(pieces) < len(texts):
        raise FormulaError(
            r"after \quad stands a condition on indices or sizes, as \quad (i \ne j), or a reason,"
            r" as \quad \text{chain rule}",
            line,
            line.rfind("quad") + 4,
        )
    return tuple(_condition(**piece.groupdict()) for piece in pieces)


def _condition(left: str, relation: str, right: str) -> Condition:
    return Condition(left, relations.SPELLINGS.get(relation, relation), right)
