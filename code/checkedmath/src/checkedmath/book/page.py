r"""Read one MyST page: its displayed formulas, its blocks, and what may not stand on it.

The reader follows directives of every kind to any depth, so that a formula inside an
admonition, a tab or an exercise is collected like any other. What it cannot follow it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from checkedmath.book import markdown
from checkedmath.book.fences import Directive, is_literal, is_title, take_apart, words
from checkedmath.book.inline import foreign_command
from checkedmath.book.markup import HOLDS_FORMULA, fault_of_block, fault_of_tag, is_plain
from checkedmath.book.prose import (
    DISPLAYED_INLINE,
    OPAQUE,
    REDEFINES,
    is_typed_expression,
    markup_as_prose,
    math_as_prose,
    reasons_as_prose,
    stray_display,
    typed_numbers,
)

#: Options of a directive that a reader sees.
PROSE_OPTIONS = {"alt", "caption", "footer", "header", "img-alt", "source", "text", "title"}
#: Roles whose text is a name, a target or code.
LITERAL_ROLES = words(
    "attr class cite code command data doc download envvar eq eval exc external file func guilabel "
    "kbd literal meth mod numref obj option pep program ref rfc samp term"
)
#: Directives within directives; each is read again with all that it holds.
DEEPEST = 20
#: Characters; how far a source is searched for a number that may be put together from pieces.
REACH = 10_000

#: Characters of a formula in a report.
LONGEST_SHOWN = 200

DOLLARS = "write it as $$ ... $$ (label), on lines of its own with an empty line around"
PASTED = ("{glue:md}, whose numbers cannot be told from typed ones", "paste it with {glue}")
MARKDOWN = "write it in Markdown; styles and scripts belong to the settings of the book"
WITHOUT = "take the tag away, or the formula out of the sentence"
PLAINLY = "write it without, or display it and let it be checked"
UNTANGLE = "part the page, or close what is opened again and again from this line on"
COMPUTE = "compute it in a cell and write {eval}`name`; versions and quoted figures go in backticks"


@dataclass(frozen=True)
class Formula:
    """A displayed formula: its label, its LaTeX and the line it starts on."""

    label: str
    latex: str
    line: int

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.label or f"formula in line {self.line}"


@dataclass(frozen=True)
class Where:
    """The body of a {where} block, which declares what letters mean."""

    text: str
    line: int
    name = "{where}"


@dataclass(frozen=True)
class RefutedBlock(Formula):
    """A wrong formula that the page shows as wrong."""

    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something that may not stand on a page, and what to do about it."""

    line: int
    reason: str
    remedy: str
    label: str = ""
    formula: str = ""

    def at(self, path: str) -> str:
        """Say the problem in full: `file:line: label: reason`, below it formula and remedy."""
        label = f"{self.label}: " if self.label else ""
        lines = [f"{path}:{self.line}: {label}{self.reason}"]
        if self.formula:
            lines.append(f"    formula: {shortened(self.formula)}")
        return "\n".join([*lines, f"    remedy: {self.remedy}"])


def shortened(latex: str) -> str:
    """Return a formula in one line, cut off where it is long."""
    line = " ".join(latex.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


@dataclass
class Page:
    """What was read: formulas and blocks in reading order, and the problems found on the way."""

    items: list[Formula | Where | RefutedBlock] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_page(text: str) -> Page:
    r"""Read the text of a page.

    >>> page = read_page("# Title\n\n$$\nx = x\n$$ (eq:same)\n\nAbout 0.5.\n")
    >>> page.items
    [Formula(label='eq:same', latex='x = x', line=3)]
    >>> [(problem.line, problem.reason) for problem in page.problems]
    [(7, 'a number typed by hand: 0.5')]
    """
    reader = _Reader(Page(), markdown.Calls(len(text)))
    try:
        reader.blocks(text, 1)
    except markdown.OutOfCalls as error:
        reason = "the page takes too much work to read, and is read no farther"
        reader.refuse(error.line, reason, UNTANGLE)
    reader.page.problems.sort(key=lambda problem: problem.line)
    return reader.page


class _Reader:
    """Walks over the tokens of a page and fills in a Page; `on_<type>` reads one kind of token."""

    def __init__(self, page: Page, calls: markdown.Calls) -> None:
        self.page = page
        self.calls = calls
        self.depth = 0

    def blocks(self, text: str, line: int) -> None:
        """Read Markdown whose first line is the given line of the page."""
        for token, at in markdown.blocks(text, line, self.calls):
            read = getattr(self, f"on_{token.type}", None)
            if read:
                read(token, at)

    def refuse(
        self, line: int, reason: str, remedy: str, label: str = "", formula: str = ""
    ) -> None:
        self.page.problems.append(Problem(line, reason, remedy, label, formula))

    # -- displayed formulas

    def on_math_block_label(self, token: Token, line: int) -> None:
        if re.search(r"\n\s*\n", token.content.strip()):
            # Sphinx would set its parts as formulas of their own, not as the one that is read.
            reason = "an empty line inside a formula"
            self.refuse(line, reason, "remove it", token.info, token.content)
        self.page.items.append(Formula(token.info, token.content.strip(), line))
        self.numbers(reasons_as_prose(token.content), line, token.content)

    def on_math_block(self, token: Token, line: int) -> None:
        if not token.content.strip():
            self.refuse(line, "an empty formula", "remove the dollars")
            return
        reason = "a displayed formula without a label"
        self.refuse(line, reason, "write $$ ... $$ (eq:name)", formula=token.content)
        self.on_math_block_label(token, line)

    def on_amsmath(self, token: Token, line: int) -> None:
        environment = token.meta["environment"]
        remedy = rf"{DOLLARS}, with \begin{{aligned}} for several lines"
        reason = rf"a formula displayed by \begin{{{environment}}}"
        self.refuse(line, reason, remedy, formula=token.content)

    # -- markup

    def on_html_block(self, token: Token, line: int) -> None:
        self.markup(token.content, line)
        self.numbers(markup_as_prose(token.content), line, token.content)

    def markup(self, text: str, line: int) -> None:
        if fault := fault_of_block(text):
            self.refuse(line, fault, DOLLARS if fault == HOLDS_FORMULA else MARKDOWN)

    # -- directives

    def on_fence(self, token: Token, line: int) -> None:
        if re.match(r"\s*\{[^{}\s]+\}", token.info):
            self.directive(take_apart(token, line))

    def on_colon_fence(self, token: Token, line: int) -> None:
        if re.match(r"\s*\{[^{}\s]+\}", token.info):
            self.directive(take_apart(token, line))
        else:
            self.inside(token.content, line + 1)

    def directive(self, found: Directive) -> None:
        """Read a directive: its title and captions as prose, its body by its kind."""
        if found.fault:
            reason = f"options of {{{found.name}}} that cannot be read: {found.fault}"
            self.refuse(found.line, reason, "write one `name: value` a line, texts in quotes")
        if is_title(found.name):
            self.prose(found.argument, found.line)
        for name, text in found.options.items():
            if name in PROSE_OPTIONS:
                self.prose(text, found.line)
        special = getattr(self, "in_" + re.sub(r"\W", "_", found.name), None)
        if special:
            special(found)
        elif not is_literal(found.name):
            # A card parts its header, body and footer by lines of ^^^ and +++.
            body = re.sub(r"^(?:\^{3,}|\+{3,}).*$", "", found.body, flags=re.M)
            self.inside(body, found.line + 1)

    def inside(self, text: str, line: int) -> None:
        """Read what stands inside a directive."""
        if self.depth == DEEPEST:
            reason = f"more than {DEEPEST} directives, one inside the other"
            self.refuse(line - 1, reason, "close them, or nest fewer")
            return
        self.depth += 1
        self.blocks(text, line)
        self.depth -= 1

    def in_where(self, found: Directive) -> None:
        if found.argument:
            self.refuse(found.line, "a declaration beside {where}", "write it on a line of its own")
        self.page.items.append(Where(found.body, found.line + 1))
        for offset, text in enumerate(found.body.splitlines(), 1):
            self.prose(text.partition("—")[2], found.line + offset)

    def in_refuted(self, found: Directive) -> None:
        latex, label = found.body.strip(), found.options.get("label", "")
        if found.argument:
            self.refuse(found.line, "a formula beside {refuted}", "write it on a line of its own")
        if not label:
            reason = "a {refuted} block without a label"
            self.refuse(found.line, reason, "add :label: wrong:name", formula=latex)
        if not latex:
            self.refuse(found.line, "an empty {refuted} block", "write the wrong formula in it")
        elif "$$" in latex:
            reason = "dollars in a {refuted} block"
            self.refuse(found.line, reason, "write LaTeX alone", label, latex)
        else:
            self.page.items.append(RefutedBlock(label, latex, found.line, found.options))
        self.numbers(reasons_as_prose(latex), found.line, found.body)

    def in_math(self, found: Directive) -> None:
        reason = f"a formula displayed by {{{found.name}}}"
        self.refuse(found.line, reason, DOLLARS, formula=found.body)

    in_glue_math = in_math

    def in_glue_md(self, found: Directive) -> None:
        self.refuse(found.line, *PASTED)

    def in_raw(self, found: Directive) -> None:
        self.markup(found.body, found.line)
        self.numbers(markup_as_prose(found.body), found.line, found.body)

    in_raw_cell = in_raw

    def in_include(self, found: Directive) -> None:
        if not found.options.keys() & {"literal", "code", "number-lines"}:
            remedy = "write the text on the page itself; {literalinclude} shows code"
            self.refuse(found.line, "an {include}, which is not read", remedy)

    def in_eval_rst(self, found: Directive) -> None:
        shown = re.search(r"^[^\S\n]*\.\.[^\S\n]+(math|include|raw) ?::", found.body, re.M | re.I)
        if shown:
            line = found.line + 1 + found.body[: shown.start(1)].count("\n")
            self.refuse(line, f"'.. {shown[1]}::' inside {{eval-rst}}", f"in Markdown, {DOLLARS}")

    # -- prose

    def prose(self, text: str, line: int) -> None:
        """Read one line of Markdown that stands outside the text: a title, a caption."""
        self.on_inline(markdown.one_line(text, line, self.calls), line)

    def on_inline(self, token: Token, line: int) -> None:
        if token.children is None:
            reason = f"a paragraph of more than {markdown.LONGEST_PARAGRAPH} characters"
            self.refuse(line, reason, "part it by empty lines")
            return
        pieces = list(self.pieces(token.children, token.content, line))
        self.numbers("".join(pieces), line, token.content)
        self.tags(token, line)
        # An escaped bracket is text to MyST, but a formula to Jupyter and to many browsers.
        text = "".join(c.markup or c.content for c in token.children if "text" in c.type)
        if stray := stray_display(text):
            at = line + _line_of(stray[:2], token.content)
            self.refuse(at, "LaTeX of a displayed formula inside the text", DOLLARS)

    def pieces(self, children: list[Token], source: str, line: int) -> Iterator[str]:
        """Yield what the parts of a paragraph say, and refuse formulas displayed within it."""
        for child in children:
            read = getattr(self, f"say_{child.type}", None)
            if read:
                yield read(child, line + _line_of(child.content, source))
            elif child.type == "image":
                yield from [OPAQUE, *self.pieces(child.children or [], source, line)]
            for attribute in ("title", "aria-label"):
                self.numbers(str(child.attrs.get(attribute, "")), line, source)

    def tags(self, token: Token, line: int) -> None:
        """Refuse tags that change how the mathematics of a paragraph is seen."""
        children = token.children or []
        if not any(child.type.startswith("math_inline") for child in children):
            return
        for child in children:
            if child.type == "html_inline" and not is_plain(child.content):
                at = line + _line_of(child.content, token.content)
                self.refuse(at, f"mathematics in a sentence with {child.content}", WITHOUT)

    def say_text(self, child: Token, line: int) -> str:
        if "$$" in child.content:
            self.refuse(line, "dollars that open no formula", f"for a formula, {DOLLARS}")
        return child.content

    def say_text_special(self, child: Token, line: int) -> str:
        return child.content

    def say_softbreak(self, child: Token, line: int) -> str:
        return "\n"

    say_hardbreak = say_softbreak

    def say_code_inline(self, child: Token, line: int) -> str:
        return OPAQUE

    def say_math_inline(self, child: Token, line: int) -> str:
        shown = DISPLAYED_INLINE.search(child.content)
        if shown:
            reason = f"inline mathematics displayed by {shown[0]}"
            self.refuse(line, reason, DOLLARS, formula=child.content)
        changed = REDEFINES.search(child.content)
        if changed:
            reason = f"{changed[0]}, which changes what formulas look like"
            remedy = "write formulas out, with the commands of the dialect"
            self.refuse(line, reason, remedy, formula=child.content)
        elif not shown and (foreign := foreign_command(child.content)):
            reason = f"{foreign}, a command that inline mathematics does not have"
            self.refuse(line, reason, PLAINLY, formula=child.content)
        return math_as_prose(child.content)

    def say_math_inline_double(self, child: Token, line: int) -> str:
        self.refuse(line, "a displayed formula inside the text", DOLLARS, formula=child.content)
        return math_as_prose(child.content)

    def say_html_inline(self, child: Token, line: int) -> str:
        if fault := fault_of_tag(child.content):
            self.refuse(line, fault, DOLLARS if fault == HOLDS_FORMULA else MARKDOWN)
        return markup_as_prose(child.content)

    def say_myst_role(self, child: Token, line: int) -> str:
        name, text = child.meta["name"].lower(), child.content
        if name == "math":
            return self.say_math_inline(child, line)
        if name == "eval" and typed_numbers(text) and is_typed_expression(text):
            self.refuse(line, f"{{eval}} of a number typed by hand: {text}", COMPUTE)
        if name == "glue:md":
            self.refuse(line, *PASTED)
        if name in LITERAL_ROLES or ":" in name:
            return _title(text)
        return text

    def numbers(self, text: str, line: int, source: str) -> None:
        """Refuse the numbers typed in a text; `source` starts at `line` and tells how far down."""
        found = typed_numbers(text)
        for number, offset in zip(found, _lines_of(found, source), strict=True):
            self.refuse(line + offset, f"a number typed by hand: {number}", COMPUTE)


def _title(text: str) -> str:
    """Return the title in `title <target>`; a target alone is no text for a reader."""
    title, begin, target = text.removesuffix(">").rpartition("<")
    titled = text.endswith(">") and begin and ">" not in target
    return title.rstrip() if titled else OPAQUE


def _line_of(needle: str, source: str) -> int:
    """Return how many lines into a source a piece of it begins; 0 if it is not there."""
    return source[: max(source.find(needle), 0)].count("\n") if needle else 0


def _lines_of(needles: list[str], source: str) -> Iterator[int]:
    """Yield the same for pieces that mostly stand in this order."""
    line = start = 0
    for needle in needles:
        place = source.find(needle, start, start + REACH)
        if place < 0:
            yield _line_of(needle, source[:REACH])
            continue
        line += source.count("\n", start, place)
        start = place
        yield line
