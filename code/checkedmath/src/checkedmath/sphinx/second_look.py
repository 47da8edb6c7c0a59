"""The second look: what Sphinx displays is compared with what was read and checked.

The reader of pages sees the source; this sees the outcome, whatever made it: a substitution,
another extension, reStructuredText, a Jupyter notebook or the output of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from checkedmath.book.checked import Book
from checkedmath.book.inline import foreign_command
from checkedmath.book.markup import fault_of_output
from checkedmath.book.page import COMPUTE, DOLLARS, PLAINLY, Formula, Problem
from checkedmath.book.prose import DISPLAYED_INLINE, OPAQUE, math_as_prose, typed_numbers
from checkedmath.book.schedule import attempt
from checkedmath.sphinx.marks import CHECKED, COMPUTED

#: Parts of a page that are no prose of its author.
NO_PROSE = (
    nodes.literal,
    nodes.literal_block,
    nodes.doctest_block,
    nodes.math_block,
    nodes.raw,
    nodes.docinfo,
    nodes.citation,
    nodes.footnote_reference,
    nodes.Invisible,
    nodes.system_message,
    addnodes.desc,
    addnodes.index,
    addnodes.toctree,
    addnodes.versionmodified,
)
OPENLY = "put it where every reader sees it; a fold, a dropdown, is open to all"
#: Classes by which themes and Bootstrap take something off a page, or make it invisible.
HIDES = re.compile(
    r"(?:sd-)?d(?:-\w+)?-none|.*\b(?:hidden|invisible|collapsed?)\b.*|(?:sd-)?opacity-\d+|sr-only"
    r"|(?:sd-)?text-(?:white|transparent)|hide|none"
)
DISPLAYSTYLE = r"\displaystyle"
DERIVATION = "show it as a checkedmath.Derivation, in letters that the page declares"

#: Where an output shows its dollars as they are, or was looked at already.
VERBATIM = (nodes.literal_block, nodes.literal, nodes.inline, nodes.math_block, nodes.raw)
#: What MyST-NB marks the outputs of cells with, and what is pasted or evaluated from them.
CELL_PARTS = {"mime_bundle", "cell_code_output", "cell_code_source"}
#: Classes of what a cell, or the checker, has computed.
FOUND_OUT = {"output", "cell_output", "cell_input", "pasted-text", COMPUTED}


def inspect_formulas(doctree: nodes.document, docname: str, book: Book) -> Iterator[Problem]:
    """Yield the formulas that may not stand; put what was read in the place of the others."""
    for node in displayed(doctree):
        if CHECKED not in node:
            yield from _inspect(node, _docname(node, docname), book)
            node[CHECKED] = True
    for box in doctree.findall(nodes.admonition):
        if "checkedmath-where" in box["classes"] and (place := hidden_in(box)):
            reason = f"a {{where}} block in {place}, which a reader may never see"
            yield Problem(line_of(box), reason, OPENLY)
    for named in doctree.findall(nodes.math):
        foreign = "" if CHECKED in named else foreign_command(named.astext())
        if foreign and not _looks_displayed(named):
            reason = f"{foreign}, a command that inline mathematics does not have"
            yield Problem(line_of(named), reason, PLAINLY)
    for raw in doctree.findall(nodes.raw):
        if fault := fault_of_output(raw.astext()):
            yield Problem(line_of(raw), fault, DOLLARS)
    for text in doctree.findall(nodes.Text):
        if "$$" in text and is_computed(text) and not isinstance(text.parent, VERBATIM):
            yield Problem(line_of(text), "a formula in the Markdown of a cell", DERIVATION)


def displayed(doctree: nodes.document) -> Iterator[nodes.Element]:
    """Yield the displayed formulas of a page, and the inline ones that look like it."""
    for node in doctree.findall(nodes.Element):
        if isinstance(node, nodes.math_block) or _looks_displayed(node):
            yield node


def hidden_in(node: nodes.Node) -> str:
    """Return what hides a part of a page from its reader, if something does; a fold does not."""
    around: nodes.Node | None = node
    while around is not None:
        if isinstance(around, addnodes.only):
            return f"{{only}} {around['expr']}"
        if isinstance(around, nodes.Element):
            classes: list[str] = around.get("classes", [])
            hiding = [name for name in classes if HIDES.fullmatch(name)]
            if hiding:
                return f"a block of the class {hiding[0]}"
        around = around.parent
    return ""


def _looks_displayed(node: nodes.Element) -> bool:
    return isinstance(node, nodes.math) and DISPLAYED_INLINE.search(node.astext()) is not None


def _inspect(node: nodes.Element, docname: str, book: Book) -> Iterator[Problem]:
    """Yield why a displayed formula cannot stand, if it cannot."""
    latex, label, line = node.astext(), node.get("label") or "", line_of(node)
    if shown := book.shown_for(docname, label, latex):
        show(node, shown)
        if place := hidden_in(node):
            yield Problem(
                line, f"a formula in {place}, which a reader may never see", OPENLY, label
            )
        return
    shown = " ".join(latex.split())[:60]
    if docname not in book.events:
        reason = f"a formula on a page that is not in the table of contents: {shown}"
        yield Problem(
            line, reason, "add the page to _toc.yml, which gives the reading order", label
        )
    elif not is_computed(node):
        reason = f"a displayed formula that was not read from a Markdown page: {shown}"
        yield Problem(line, reason, DOLLARS, label)
    elif fault := _fault_of_output(node, docname, book):
        reason = f"a cell displays an unchecked formula: {shown}: {fault}"
        yield Problem(line, reason, DERIVATION, label)


def _fault_of_output(node: nodes.Element, docname: str, book: Book) -> str:
    """Check what a cell displays, in the letters of its page -> what is wrong, or nothing."""
    latex = node.astext().strip()
    size = DISPLAYSTYLE if latex.startswith(DISPLAYSTYLE) else ""
    formula = Formula("the output of a cell", latex.removeprefix(size), 1)
    outcome = attempt(formula, book.notation_after(docname))
    if isinstance(outcome, Problem):
        return outcome.reason
    show(node, f"{size} {outcome['shown']}".strip())
    return ""


def show(node: nodes.Element, latex: str) -> None:
    """Put LaTeX in the place of that of a formula."""
    node.rawsource = latex
    node[:] = [nodes.Text(latex)]


def inspect_numbers(doctree: nodes.document) -> Iterator[Problem]:
    """Yield the typed numbers that reach the reader in another way than from the page's text."""
    for node, text in prose(doctree):
        for number in typed_numbers(text):
            yield Problem(line_of(node), f"a number typed by hand: {number}", COMPUTE)


def prose(node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
    """Yield the pieces of prose of a page: paragraphs, titles, captions, alternative texts."""
    if isinstance(node, NO_PROSE):
        return
    if isinstance(node, nodes.image):
        yield node, node.get("alt", "")
    elif _is_marked(node):
        yield from ((caption, words(caption)) for caption in node.findall(nodes.caption))
    elif isinstance(node, nodes.TextElement):
        yield node, words(node)
    else:
        for child in node.children:
            yield from prose(child)


def words(node: nodes.Node) -> str:
    """Return what a piece of prose says, without its code and what was computed for it."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return OPAQUE if _is_marked(node) else math_as_prose(node.astext())
    if isinstance(node, NO_PROSE) or _is_marked(node):
        return OPAQUE
    return "".join(words(child) for child in node.children)


def is_computed(node: nodes.Node | None) -> bool:
    """Tell whether a part of a page is the output of a cell."""
    while node is not None:
        if _is_marked(node):
            return True
        node = node.parent
    return False


def _is_marked(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Element):
        return False
    return node.get("nb_element") in CELL_PARTS or not FOUND_OUT.isdisjoint(node.get("classes", ()))


def line_of(node: nodes.Node | None) -> int:
    """Return the line of a part of a page, or of the nearest part around it that has one."""
    while node is not None:
        if node.line:
            return node.line
        node = node.parent
    return 1


def _docname(node: nodes.Node, docname: str) -> str:
    """Return the page of a node; for LaTeX, Sphinx makes one document of all pages."""
    while node.parent is not None:
        if isinstance(node, addnodes.start_of_file):
            return node["docname"]
        node = node.parent
    return docname
