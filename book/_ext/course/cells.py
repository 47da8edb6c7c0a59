"""The code cells of a page, and the files of the book's packages that they depend on."""

from __future__ import annotations

import re
from pathlib import Path

from course.imports import Packages

CELL = re.compile(
    r"^(?P<fence>`{3,}|~{3,}|:{3,})\{code-cell\}.*\n"
    r"(?P<options>(?:---\n(?:.*\n)*?---\n|(?::.*\n)*))"
    r"(?P<code>(?:.*\n)*?)(?P=fence)[`~:]*[ ]*$",
    re.MULTILINE,
)
EXPRESSION = re.compile(r"\{eval\}(?P<ticks>`+)(?P<code>.+?)(?P=ticks)", re.DOTALL)
DATA = re.compile(r"^:data: (?P<code>.+)$", re.MULTILINE)
FROM_A_FILE = re.compile(r"^:?load:", re.MULTILINE)


class Cells:
    """The code of a page.

    Parameters
    ----------
    text : str
        The text of the page.
    path : str
        Its file. What is not Markdown is not looked into: it may depend on everything.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.found = [(cell["options"], cell["code"]) for cell in CELL.finditer(text)]
        self.readable = path.endswith(".md")

    @property
    def any(self) -> bool:
        """Whether the page has cells at all."""
        return not self.readable or "{code-cell}" in self.text

    def dependencies(self, packages: Packages) -> set[Path]:
        """Return the files that the page depends on; all of them where that cannot be known."""
        if not self.are_all_found():
            return packages.everything()
        files = packages.files_of("\n".join([*self.codes(), *self.expressions()]))
        return files | self.records(packages.folder.parent / "book" / "records")

    def are_all_found(self) -> bool:
        """Tell whether every cell was found, with its code."""
        opened = self.text.count("{code-cell}")
        loaded = any(FROM_A_FILE.search(options) for options, _ in self.found)
        return self.readable and opened == len(self.found) and not loaded

    def codes(self) -> list[str]:
        """Return the code of the cells."""
        return [code for _, code in self.found]

    def expressions(self) -> list[str]:
        """Return what the text and its figures evaluate, each a line of code."""
        patterns = (EXPRESSION, DATA)
        return [f"({one['code']})" for pattern in patterns for one in pattern.finditer(self.text)]

    def records(self, folder: Path) -> set[Path]:
        """Return the measurements, if the code mentions their folder."""
        mentioned = any(folder.name in code for code in self.codes())
        return set(folder.glob("*.json")) if mentioned else set()
