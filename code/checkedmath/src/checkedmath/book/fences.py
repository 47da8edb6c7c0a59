"""Take a directive of a MyST page apart, and know which parts of it are text for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it.token import Token

from checkedmath.book.plain_yaml import YamlFault, read_yaml


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


#: Directives whose body is code, data or a list of files.
LITERAL = words(
    "autosummary bibliography code code-block code-cell contents digraph doctest eval glue graph "
    "graphviz highlight index inheritance-diagram ledger literalinclude mermaid parsed-literal "
    "sourcecode tableofcontents testcleanup testcode testoutput testsetup toctree"
)
#: Directives whose argument is a name, a path or a version, and not a title.
NAMED = LITERAL | words(
    "deprecated download figure figure-md iframe image only raw raw-cell refuted solution "
    "solution-start versionadded versionchanged versionremoved video"
)


class Directive(NamedTuple):
    """A directive, taken apart. `line` is that of its fence; the body keeps its line numbers.

    `fault` says why the options cannot be read, if they cannot.
    """

    name: str
    argument: str
    options: dict[str, str]
    body: str
    line: int
    fault: str = ""


def is_literal(name: str) -> bool:
    """Tell whether the body of a directive is no text for a reader."""
    return name in LITERAL or name.startswith("auto")


def is_title(name: str) -> bool:
    """Tell whether the argument of a directive is text for a reader."""
    in_domain = ":" in name and not name.startswith("prf:")
    return name not in NAMED and not in_domain


def take_apart(token: Token, line: int) -> Directive:
    """Part a directive into name, argument, options and body; options leave empty lines."""
    name, _, argument = token.info.strip().partition("}")
    rows, fault = token.content.split("\n"), ""
    if rows[0].startswith("---"):
        options, length, fault = _yaml_options(rows)
    else:
        options, length = _colon_options(rows)
    body = "\n".join([""] * length + rows[length:])
    return Directive(name[1:].lower(), argument.strip(), options, body, line, fault)


def _colon_options(rows: list[str]) -> tuple[dict[str, str], int]:
    """Read options written as `:name: value` lines -> (options, number of lines)."""
    options: dict[str, list[str]] = {}
    name, length = "", len(rows)
    for number, row in enumerate(rows):
        match = re.match(r"\s*:([\w-]+):(?:\s+(.*)|)$", row)
        if match:
            name, options[match[1]] = match[1], [(match[2] or "").strip()]
        elif name and row.lstrip().startswith(":") and not row.lstrip().startswith(":::"):
            options[name].append(row.lstrip()[1:].strip())
        else:
            length = number
            break
    return {name: " ".join(parts) for name, parts in options.items()}, length


def _yaml_options(rows: list[str]) -> tuple[dict[str, str], int, str]:
    """Read options written as YAML between lines of --- -> (options, number of lines, fault)."""
    end = next((n for n, row in enumerate(rows[1:], 1) if row.startswith("---")), len(rows))
    try:
        return dict(_flatten(read_yaml("\n".join(rows[1:end])))), end + 1, ""
    except YamlFault as error:
        return {}, end + 1, str(error)


def _flatten(data: object) -> Iterator[tuple[str, str]]:
    """Yield the texts of nested options, so that a caption is found at any depth."""
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, dict):
                yield from _flatten(value)
            else:
                yield str(name), str(value)
