"""The directives {where}, {refuted} and {ledger}, made of the nodes that every builder knows."""

from __future__ import annotations

import re
from typing import ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.util.docutils import SphinxDirective

from checkedmath.book.cache import Record
from checkedmath.book.checked import Book, Entry, squeeze
from checkedmath.book.ledger import Row, rows, summary
from checkedmath.reading.reasons import CITATION
from checkedmath.sphinx.domain import domain_of
from checkedmath.sphinx.marks import CHECKED, COMPUTED, row_id
from checkedmath.sphinx.numbers import equation

#: A domain in words: one number, and more than one.
DOMAINS = {
    "real": ("a real number", "real numbers"),
    "positive": ("a positive number", "positive numbers"),
    "unit": ("a number between 0 and 1", "numbers between 0 and 1"),
}


def in_words(meaning: list[str]) -> str:
    r"""Say in words, with mathematics between dollars, what a declaration means.

    >>> print(in_words(["real", "N", "K"]))
    $N \times K$ real numbers
    >>> in_words(["simplex", "K"]), in_words(["1..K"]), in_words(["2", "3"])
    ('a distribution over $K$', 'from 1 to $K$', 'a whole number')
    >>> in_words(["3", "4"]), in_words(["only", "2", "3"])
    ('from 3 on', 'only 2, 3')
    """
    kind, sizes = meaning[0], meaning[1:]
    if kind == "simplex":
        many = f"${sizes[0]}$ distributions" if len(sizes) > 1 else "a distribution"
        return f"{many} over ${sizes[-1]}$"
    if kind in DOMAINS:
        one, many = DOMAINS[kind]
        shape = r" \times ".join(sizes)
        return f"${shape}$ {many}" if sizes else one
    if kind.startswith("1.."):
        return f"from 1 to ${kind[3:]}$"
    if kind == "only":
        return f"only {', '.join(sizes)}"
    return "a whole number" if kind == "2" else f"from {kind} on"


class BookDirective(SphinxDirective):
    """A directive that shows something of the checked book."""

    @property
    def book(self) -> Book:
        """The book as it was checked at the start of the build."""
        return domain_of(self.env).book

    def shows(self, aspect: str) -> None:
        """Note what the page shows, so that it is read again when that changes."""
        domain_of(self.env).note_shown(self.env.docname, aspect)

    def inline(self, text: str) -> list[nodes.Node]:
        """Read the Markdown of one line."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]


class WhereDirective(BookDirective):
    """Shows what letters mean, as a list of definitions under the title "Where"."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the block."""
        declared = self.book.declared.get((self.env.docname, squeeze("\n".join(self.content))))
        if declared is None:
            raise self.error("a {where} block on a page that is not in the table of contents")
        items = nodes.definition_list(classes=["simple"])
        items += [self.item(*row) for row in declared]
        box = nodes.admonition("", classes=["checkedmath-where"])
        box += [nodes.title("", "Where"), items]
        self.set_source_info(box)
        return [box]

    def item(self, names: str, meaning: str, comment: str) -> nodes.definition_list_item:
        """Return one entry of the list; its comment may hold Markdown."""
        words = in_words(meaning.split()) + (" each" if "," in names else "")
        text = nodes.paragraph()
        text += self.inline(f"{comment} ({words})" if comment else words)
        term = nodes.term("", "", _math(names))
        return nodes.definition_list_item("", term, nodes.definition("", text))


class RefutedDirective(BookDirective):
    """Shows a wrong formula, says that it is wrong, and gives the counter-example."""

    has_content = True
    option_spec: ClassVar = {
        "label": directives.unchanged_required,
        "right": directives.unchanged_required,
        "source": directives.unchanged_required,
        "because": lambda value: directives.choice(value, ("unreadable",)),
    }

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the block."""
        entry = self.entry()
        self.shows("refuted")
        latex = entry.record["shown"]
        box = nodes.admonition("", classes=["error", "checkedmath-refuted"])
        box += nodes.title("", "Wrong")
        shown = nodes.math_block(latex, latex, nowrap=False, number=None)
        shown[CHECKED] = True  # that it is wrong is what was checked
        box += [shown, *self.explanation(entry)]
        self.set_source_info(box)
        self.set_source_info(shown)
        self.note_target(box, entry.item.label)
        return [box]

    def entry(self) -> Entry:
        """Return what the checker found out about the formula of this block."""
        for entry in self.book.refuted:
            place = entry.docname, entry.item.label
            if place == (self.env.docname, self.options.get("label")):
                return entry
        raise self.error("a {refuted} block on a page that is not in the table of contents")

    def explanation(self, entry: Entry) -> list[nodes.Node]:
        """Say why it is wrong, where it is from, and where the right formula is."""
        said: list[nodes.Node] = [refutation(entry.record)]
        if "source" in self.options:
            said.append(nodes.paragraph("", "Seen in: ", *self.inline(self.options["source"])))
        if "right" in self.options:
            link = equation(self.options["right"])
            said.append(nodes.paragraph("", "Right: ", link))
        return said

    def note_target(self, box: nodes.admonition, label: str) -> None:
        """Let the page and others point to the box by its label."""
        identifier = nodes.make_id(label)
        box["ids"].append(identifier)
        standard = cast(StandardDomain, self.env.get_domain("std"))
        standard.note_hyperlink_target(label, self.env.docname, identifier, "the wrong formula")


def refutation(record: Record) -> nodes.paragraph:
    """Say what refutes a formula: a counter-example, or the rule that it breaks."""
    step = f" in step {record['step']}" if record["step"] > 1 else ""
    if record["message"]:
        message = record["message"]
        stop = "" if message.endswith("?") else "."
        return nodes.paragraph("", f"The fault{step}: {message}{stop}", classes=[COMPUTED])
    said = nodes.paragraph("", f"Counter-example{step}: for ", classes=[COMPUTED])
    for letter, value in record["counterexample"].items():
        said += [_math(f"{letter} = {value}"), nodes.Text(", ")]
    said += [nodes.Text("the left side is "), _value(record["left"])]
    said += [nodes.Text(" and the right side is "), _value(record["right"])]
    said += nodes.Text(".")
    return said


def _math(latex: str) -> nodes.math:
    return nodes.math(latex, latex)


def _value(text: str) -> nodes.Node:
    """Write a number as LaTeX does, 1.5e-7 as a power of ten; other values are words."""
    match = re.fullmatch(r"([+-]?[\d.]+)(?:e([+-]?\d+))?", text)
    if not match:
        return nodes.Text(text)
    digits, power = match.groups()
    return _math(rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits)


class LedgerDirective(BookDirective):
    """Shows the table of every formula of the book."""

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the block."""
        self.shows("ledger")
        domain_of(self.env).note_ledger(self.env.docname)
        line = nodes.paragraph("", summary(self.book) + ".", classes=[COMPUTED])
        return [line, self.table()]

    def table(self) -> nodes.table:
        """Return the table; the first cell of a row heads it."""
        titles = ("Formula", "Page", "Steps", "How it is checked", "Reasons")
        group = nodes.tgroup(cols=len(titles))
        group += nodes.colspec(colwidth=12, stub=1)
        group += [nodes.colspec(colwidth=width) for width in (20, 8, 20, 40)]
        head = [nodes.paragraph("", title) for title in titles]
        group += nodes.thead("", _row(head))
        group += nodes.tbody("", *[self.row(row) for row in rows(self.book)])
        return nodes.table("", group, classes=["checkedmath-ledger"])

    def row(self, row: Row) -> nodes.row:
        """Return the row of one formula, which the marks beside formulas point to."""
        found = _row(self.cells(row))
        found["ids"].append(row_id(row.label))
        return found

    def cells(self, row: Row) -> list[nodes.paragraph]:
        """Return the cells of one formula."""
        return [
            nodes.paragraph("", "", equation(row.label)),
            nodes.paragraph("", "", self.page_link(row.docname)),
            nodes.paragraph("", str(row.steps)),
            nodes.paragraph("", "", *with_math(row.how)),
            nodes.paragraph("", "", *with_math("; ".join(row.reasons))),
        ]

    def page_link(self, docname: str) -> addnodes.pending_xref:
        """Return a link to a page, with its title as text."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", docname),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )


def _row(cells: list[nodes.paragraph]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", cell) for cell in cells])


def checked_math(latex: str) -> nodes.math:
    r"""Return a formula inside a text that stands as large as a displayed one.

    For LaTeX that comes from a record, whose steps are checked: the second look lets it pass.

    >>> checked_math("x^2").astext()
    '\\displaystyle x^2'
    """
    return nodes.math(latex, rf"\displaystyle {latex}", **{CHECKED: True})


def with_math(text: str) -> list[nodes.Node]:
    r"""Return a reason as nodes: what stands between dollars as mathematics, citations as links.

    >>> [type(node).__name__ for node in with_math(r"by $x > 0$ and \eqref{eq:x}")]
    ['Text', 'math', 'Text', 'pending_xref']
    """
    made: list[nodes.Node] = []
    for place, part in enumerate(re.split(r"\$([^$]*)\$", text)):
        made += [_math(part)] if place % 2 else _words(part)
    return made


def _words(text: str) -> list[nodes.Node]:
    parts = enumerate(CITATION.split(text))
    return [equation(part) if place % 2 else nodes.Text(part) for place, part in parts if part]
