r"""Split a displayed formula into rows: the formula, the reason and the side condition of each."""

import re
from typing import NamedTuple

REASON = re.compile(r"(?:&&|\\q?quad)\s*\\text\{(?P<reason>.*)\}\s*$", re.S)
CONDITION = re.compile(
    r",?\s*\\q?quad\s*\(?\s*(?P<left>[A-Za-z])\s*(?P<relation>=|\\neq?)\s*(?P<right>[A-Za-z])"
    r"\s*\)?[\s,.]*$"
)
CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.S)
BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?")


class Condition(NamedTuple):
    r"""A restriction of two index letters: ``i = j`` or ``i \ne j``."""

    left: str
    relation: str
    right: str

    def holds(self, values):
        """Tell whether it holds for these values of the letters."""
        return (values[self.left] == values[self.right]) == (self.relation == "=")

    def __str__(self):
        return f"{self.left} {self.relation} {self.right}"


class Row(NamedTuple):
    """One row of a displayed formula."""

    text: str
    reason: str
    condition: Condition | None


def rows(latex):
    """Return the rows of a displayed formula."""
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|split)\}", "", latex).strip()
    latex = latex.rstrip(".,").strip()
    kept = []

    def keep(match):
        kept.append(match.group())
        return f"\0{len(kept) - 1}\0"

    lines = BREAK.split(CASES.sub(keep, latex))
    found = [_row(line, kept) for line in lines]
    return [row for row in found if row.text]


def _row(line, kept):
    reason, condition = "", None
    match = REASON.search(line)
    if match:
        reason, line = match["reason"].strip(), line[: match.start()]
    match = CONDITION.search(line)
    if match:
        relation = "=" if match["relation"] == "=" else r"\ne"
        condition = Condition(match["left"], relation, match["right"])
        line = line[: match.start()]
    text = re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], line.replace("&", ""))
    return Row(text.strip(), reason, condition)
