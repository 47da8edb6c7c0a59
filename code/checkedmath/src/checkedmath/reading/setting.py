r"""Set a displayed formula: write out what was read, so that a page shows that and nothing else.

Every sign is one that the reader took as a part of the tree. Of what has no meaning only this is
kept as the author chose it: which of two spellings, how large a fraction or a bracket is, distances
that part signs, and where rows end and are aligned.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkedmath.errors import FormulaError
from checkedmath.reading.display import Line, Row
from checkedmath.reading.lexer import Cursor
from checkedmath.reading.reasons import read_reason

_BREAK = " \\\\\n"


def shown(found: list[Row]) -> str:
    r"""Return the LaTeX of a displayed formula, from the rows that were read.

    >>> from checkedmath.reading.display import rows
    >>> print(shown(rows(r"x &= y && \text{why}")))
    \begin{aligned} x &= y && \text{why} \end{aligned}
    """
    lines = [line for row in found for line in row.lines]
    texts = [text for row in found for text in _lines(row)]
    if len(lines) == 1 and lines[0].mark is None and lines[0].apart != "&&":
        return texts[0]
    for text in texts:
        if text.startswith("["):
            reason = "TeX takes a bracket where a row begins for a distance: write a parenthesis"
            raise FormulaError(reason, text, 0)
    return rf"\begin{{aligned}} {_BREAK.join(texts)} \end{{aligned}}"


def _lines(row: Row) -> Iterator[str]:
    """Yield the lines of a row, each with what stands beside it."""
    cursor = Cursor(row.text)
    ends = [*(line.start for line in row.lines[1:]), len(row.text)]
    for line, end in zip(row.lines, ends, strict=True):
        mark = line.start if line.mark is None else line.mark
        refuse_within(cursor, {line.start, mark} - {0})
        before = _printed(cursor, line.start, mark)
        after = _printed(cursor, mark, end)
        sign = "" if line.mark is None else "&"
        indent = f"{line.indent} " if line.indent else ""
        yield f"{before} {sign}{indent}{after}".strip() + line.stop + _beside(line)


def refuse_within(cursor: Cursor, places: set[int]) -> None:
    """Refuse a row that ends, or is aligned, where TeX does not let it."""
    for place in places:
        if any(begin < place <= end for begin, end in cursor.shut):
            remedy = r"take other parentheses than \left and \right, or break it elsewhere"
            reason = f"a row is broken or aligned inside braces or sized parentheses: {remedy}"
            raise FormulaError(reason, cursor.text, place)


def _printed(cursor: Cursor, begin: int, end: int) -> str:
    """Print the tokens that begin between two places of the text."""
    within = [n for n, token in enumerate(cursor.tokens[:-1]) if begin <= token.position < end]
    return cursor.printed(within[0], within[-1] + 1) if within else ""


def _beside(line: Line) -> str:
    """Print the conditions and the reason of a line."""
    conditions = ", ".join(map(str, line.conditions))
    said = rf" {line.quad} ({conditions})" if line.conditions else ""
    if line.reason:
        said += rf" {line.apart} \text{{{read_reason(line.reason)}}}"
    return said
