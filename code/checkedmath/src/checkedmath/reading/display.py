r"""Split a displayed formula into rows: the formula, the reason and the side condition of each.

How the author has set them, in which lines and aligned where, is kept, so that it can be shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.reading import relations
from checkedmath.reading.lexer import LONGEST_TEXT

_QUAD = r"\\q?quad(?![A-Za-z])"
REASON = re.compile(rf"(?P<apart>&\s*&|{_QUAD})\s*\\text\{{(?P<reason>.*)\}}[\s.,]*$", re.S)
CONDITION = re.compile(rf"(?P<quad>{_QUAD})\s*(?P<inside>\(.*\)|[^()]*?)[\s,.]*$", re.S)
#: A letter, with one index or two: what a condition is about.
LETTER = r"(?:[A-Za-z]|\\[A-Za-z]+)(?:_(?:[A-Za-z0-9]|\{\s*[A-Za-z0-9]\s*[A-Za-z0-9]?\s*\}))?"
#: What a letter is compared with: a whole number, a decimal or a fraction of whole numbers.
NUMBER = r"-?(?:\d+(?:\.\d+)?|\\[td]?frac\{\s*\d+\s*\}\{\s*\d+\s*\})"
PIECE = re.compile(
    rf"\s*(?P<left>{LETTER})\s*(?P<relation>{relations.pattern(relations.COMPARISONS)})"
    rf"\s*(?P<right>{LETTER}|{NUMBER})\s*",
    re.ASCII,
)
ENVIRONMENT = re.compile(r"\\begin\{(aligned|split)\}(?P<inside>.*)\\end\{\1\}[\s.,]*", re.S)
#: A table within a row, one that holds no other.
INNER = re.compile(r"\\begin\{(cases|pmatrix|bmatrix)\}(?:(?!\\begin\{).)*?\\end\{\1\}", re.S)
#: Those that the dialect lacks part the sides of a row too, and are then refused by their name.
RELATION = relations.pattern(relations.CHAINED, r"\approx", r"\equiv", r"\propto")
ALIGNED = re.compile(rf"\s*(?:{RELATION}|[-+]|\\cdot|\\times)")
INDENT = re.compile(rf"(\s*&?\s*)({_QUAD})\s*(?=[-+]|\\cdot|\\times)")
CONTINUES = re.compile(r"\s*(?:\+|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
STOPS_SHORT = re.compile(rf"(?:[-+/]|\\cdot|\\times|{RELATION})\s*$")
RELATION_AT_END = re.compile(rf"{RELATION}\s*$")
#: The end of a row, with a distance to the next one.
BREAK = re.compile(r"\\\\(?:\[\s*\d+(?:\.\d+)?\s*(?:mm|cm|pt|ex|em)\s*\])?", re.ASCII)
STOP = re.compile(r"\s*([.,;]?)\s*$")


class Condition(NamedTuple):
    r"""A restriction of an index or a size, ``i \ne j``, ``K = 2``, or of numbers, ``x \ne 0``."""

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


class Line(NamedTuple):
    """A line of a row, as the author has set it.

    Attributes
    ----------
    start : int
        Where its text begins in that of its row.
    mark : int or None
        Where it is aligned with the others.
    indent, stop, apart, quad : str
        What stands before its text, behind it, before its reason, and before its conditions.
    reason : str
        Its reason.
    conditions : tuple of Condition
        Its conditions.
    """

    start: int
    mark: int | None
    indent: str
    stop: str
    apart: str
    reason: str
    quad: str
    conditions: tuple[Condition, ...]

    def moved(self, distance: int) -> Line:
        """Return the line for a text that begins earlier by so much."""
        mark = None if self.mark is None else self.mark + distance
        return self._replace(start=self.start + distance, mark=mark)


class Row(NamedTuple):
    """One row of a displayed formula: an expression with its relations, in one line or more."""

    text: str
    lines: tuple[Line, ...]

    @property
    def reason(self) -> str:
        """The reasons of its lines."""
        return "; ".join(line.reason for line in self.lines if line.reason)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of its lines."""
        return tuple(each for line in self.lines for each in line.conditions)


def rows(latex: str) -> list[Row]:
    r"""Return the rows of a displayed formula.

    >>> row = rows(r"a &= b && \text{why} \\ &= c \quad (i \ne j)")[1]
    >>> row.text, [str(condition) for condition in row.conditions]
    ('= c', ['i \\ne j'])
    """
    if len(latex) > LONGEST_TEXT:
        raise FormulaError(f"a formula of {len(latex)} characters: split it (limit {LONGEST_TEXT})")
    if "\0" in latex:
        raise FormulaError("a character that cannot be read", latex, latex.index("\0"))
    latex, tables = _without_tables(_inside(latex.strip()))
    return _joined([row for row in (_row(line, tables) for line in BREAK.split(latex)) if row.text])


def _inside(latex: str) -> str:
    """Return what stands inside the environment that parts a formula into rows."""
    around = ENVIRONMENT.fullmatch(latex)
    inside = around["inside"] if around else latex
    if stray := re.search(r"\\(?:begin|end)\{(?:aligned|split)\}", inside):
        raise FormulaError(f"{stray[0]} stands around the whole formula", inside, stray.start())
    return inside


def _joined(found: list[Row]) -> list[Row]:
    """Join the rows of one long expression: a row may begin with a plus, or end with one."""
    joined: list[Row] = []
    for row in found:
        minus = row.text.startswith("-") and not re.search(RELATION, row.text)
        broken = joined and STOPS_SHORT.search(joined[-1].text)
        if joined and (minus or broken or CONTINUES.match(row.text)):
            last = joined.pop()
            moved = [line.moved(len(last.text) + 1) for line in row.lines]
            row = Row(f"{last.text} {row.text}", (*last.lines, *moved))
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
    apart = reason = quad = indent = ""
    conditions: tuple[Condition, ...] = ()
    if match := INDENT.match(line):
        indent, line = match[2], match[1] + line[match.end() :]
    if match := REASON.search(line):
        apart, reason, line = (
            match["apart"],
            " ".join(match["reason"].split()),
            line[: match.start()],
        )
    if match := CONDITION.search(line):
        conditions, line = _conditions(match["inside"], line), line[: match.start()]
        quad = match["quad"]
    before, mark, after = (_with_tables(part, tables) for part in _columns(line))
    text, stop = _stopped(before + after)
    if not text.strip() and (reason or conditions):
        raise FormulaError("a reason or a condition without a formula beside it", line, 0)
    lead = len(text) - len(text.lstrip())
    at = max(len(before) - lead, 0) if mark else None
    apart = "&&" if "&" in apart else apart
    return Row(text.strip(), (Line(0, at, indent, stop, apart, reason, quad, conditions),))


def _stopped(text: str) -> tuple[str, str]:
    """Part a text from the sign of punctuation that ends it."""
    stop = STOP.search(text)
    return (text[: stop.start()], stop[1]) if stop else (text, "")


def _columns(line: str) -> tuple[str, str, str]:
    """Part a row at the sign that aligns rows; one that parts two formulas is refused."""
    before, mark, after = line.strip().rstrip("& \t\n").partition("&")
    aligns = not before.strip() or ALIGNED.match(after) or RELATION_AT_END.search(before)
    if "&" in after or (after and not aligns):
        raise FormulaError("a row has one &, beside its relation", line, len(line) - len(after))
    return before, mark, after


def _conditions(inside: str, line: str) -> tuple[Condition, ...]:
    inside = inside.strip().removeprefix("(").removesuffix(")")
    texts = inside.split(",")
    pieces = [piece for piece in map(PIECE.fullmatch, texts) if piece]
    if len(pieces) < len(texts):
        raise FormulaError(
            r"after \quad stands a condition, as \quad (i \ne j) or \quad (x > \frac{3}{2}): a"
            r" letter and another one, or a number; or a reason, as \quad \text{chain rule}",
            line,
            line.rfind("quad") + 4,
        )
    return tuple(_condition(**piece.groupdict()) for piece in pieces)


def _condition(left: str, relation: str, right: str) -> Condition:
    return Condition(left, relations.SPELLINGS.get(relation, relation), right)
