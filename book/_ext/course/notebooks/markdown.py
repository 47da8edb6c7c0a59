"""Parts of a page, as Markdown that Jupyter shows without any extension."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node

from course.quizzes import Question, answers_of
from course.where import line_of
from course.widgets import TITLES, Lines, Widget

# What Markdown would take for more than a character.
SPECIAL = re.compile(
    r"[\\`*$~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!])|&(?=#?\w+;)|\[(?=[^\]]*\][(\[:])"
)
AT_A_START = re.compile(r"^(#{1,6} |[-+>] |\d+(?=[.)] ))")
LANGUAGES = {"ipython3": "python", "myst-ansi": "text", "none": "text"}
BUILT = '<abbr title="as of the build">{}</abbr>'

logger = logging.getLogger(__name__)


@dataclass
class Page:
    """What the parts of a page need to know of it.

    Attributes
    ----------
    docname : str
        Its name.
    numbers : dict
        For each kind of thing (figure, displaymath, exercise), the numbers by their id.
    names : dict
        How a thing is called with its number: "Fig. %s".
    address : str
        Where the page can be read by everybody; empty if the book has no address.
    folder : Path
        The folder from which its pictures are named.
    """

    docname: str
    numbers: dict[str, dict[str, tuple[int, ...]]]
    names: dict[str, str]
    address: str
    folder: Path

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return the number of a formula, or "Fig. 2.1"; nothing if the thing has no number."""
        known = self.numbers.get(kind, {})
        found = (known[name] for name in node["ids"] if name in known)
        number = ".".join(map(str, next(found, ())))
        return self.names.get(kind, "%s") % number if number else ""

    def link(self, target: str) -> str:
        """Return the address of what a link of the page leads to; empty if there is none."""
        return urljoin(self.address, target) if self.address else ""


@dataclass
class Writer:
    """Writes the parts of a page.

    Attributes
    ----------
    page : Page
        The page.
    inside : list of str
        What is around the part that is written: quote, list, table.
    """

    page: Page
    inside: list[str] = field(default_factory=list)

    def words(self, node: nodes.Node) -> str:
        """Return what stands inside of a node, as a part of a line."""
        return "".join(self.written(WORDS, child) for child in node.children)

    def block(self, node: nodes.Node) -> str:
        """Return a paragraph, a list, a box: what stands for itself."""
        return self.written(BLOCKS, node)

    def blocks(self, node: nodes.Node) -> str:
        """Return all blocks inside of a node."""
        return stacked(self.block(child) for child in node.children)

    def written(self, table: Table, node: nodes.Node) -> str:
        """Return a node as its writer writes it.

        A kind of node that has no writer is an error of the build: it is named, with its line.
        """
        if isinstance(node, NOTHING):
            return ""
        if type(node) in table:
            return table[type(node)](self, node)
        logger.error(
            "a reader's notebook cannot show a %s: say how in course.notebooks.markdown",
            type(node).__name__,
            location=(self.page.docname, line_of(node)),
            type="course",
        )
        return ""

    @contextmanager
    def within(self, place: str) -> Iterator[None]:
        """Write what is inside of a quote, a list or a table."""
        self.inside.append(place)
        yield
        self.inside.pop()


Table = dict[type[nodes.Node], Callable[[Writer, Any], str]]
NOTHING = (nodes.Invisible, nodes.target, nodes.colspec, addnodes.index, Lines)


def stacked(texts: Iterator[str]) -> str:
    """Return blocks one below the other, with an empty line between."""
    return "\n\n".join(text for text in texts if text)


# -- parts of a line


def plain(writer: Writer, node: nodes.Node) -> str:
    """Return a text, in which Markdown takes nothing for more than a character."""
    text = SPECIAL.sub(r"\\\g<0>", re.sub(r"\s+", " ", node.astext()))
    return text.replace("|", r"\|") if "table" in writer.inside else text


def emphasised(writer: Writer, node: nodes.Node) -> str:
    """Return a stressed part of a line."""
    return f"*{writer.words(node)}*"


def strong(writer: Writer, node: nodes.Node) -> str:
    """Return a part of a line in bold letters."""
    return f"**{writer.words(node)}**"


def code(writer: Writer, node: nodes.Node) -> str:
    """Return a piece of code in a sentence, between more backticks than it holds."""
    text = node.astext()
    longest = max(map(len, re.findall("`+", text)), default=0)
    ticks, space = "`" * (longest + 1), " " if "`" in text else ""
    shown = f"{ticks}{space}{text}{space}{ticks}"
    return shown.replace("|", r"\|") if "table" in writer.inside else shown


def formula(writer: Writer, node: nodes.Node) -> str:
    """Return a formula in a sentence."""
    return f"${latex(writer, node)}$"


def latex(writer: Writer, node: nodes.Node) -> str:
    """Return the LaTeX of a formula in one line; a bar would end the cell of a table."""
    text = " ".join(node.astext().split())
    if "table" in writer.inside:
        text = text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return text


def span(writer: Writer, node: nodes.Element) -> str:
    """Return a part of a line; a number that the text has asked for bears a mark."""
    inner = writer.words(node)
    return BUILT.format(inner) if "output" in node["classes"] else inner


def link(writer: Writer, node: nodes.Element) -> str:
    """Return a link, or its text alone where it has no address; a title is set apart."""
    text, kinds = writer.words(node), classes_in(node)
    address = address_of(writer.page, node) if "std-term" not in kinds else ""
    if address:
        return f"[{text}]({address})"
    is_title = kinds & {"std-ref", "doc"} and not node.get("refid")
    return f"*{text}*" if is_title else text


def address_of(page: Page, node: nodes.Element) -> str:
    """Return the address that a link leads to; nothing for a place in this page."""
    target = node.get("refuri", "")
    if not node.get("internal"):
        return str(target)
    return page.link(target) if target and not target.startswith("#") else ""


def classes_in(node: nodes.Element) -> set[str]:
    """Return the classes of what stands inside of a node."""
    inner = (child for child in node.children if isinstance(child, nodes.Element))
    return {name for child in inner for name in child["classes"]}


def picture(writer: Writer, node: nodes.Element) -> str:
    """Return a picture from a file, with its text."""
    content = (writer.page.folder / node["uri"]).read_bytes()
    return embedded(content, str(guess_type(node["uri"])[0]), node.get("alt", ""))


def embedded(content: bytes, kind: str, alt: str) -> str:
    """Return a picture that is a part of the text; it is drawn for dark ink on white."""
    data = base64.b64encode(content).decode()
    text = html.escape(alt)
    return f'<img alt="{text}" style="background-color: white" src="data:{kind};base64,{data}">'


def note_number(writer: Writer, node: nodes.Node) -> str:
    """Return the number of a footnote in a sentence."""
    return f"<sup>{node.astext()}</sup>"


def raised(writer: Writer, node: nodes.Node) -> str:
    """Return a part of a line above it."""
    return f"<sup>{writer.words(node)}</sup>"


def lowered(writer: Writer, node: nodes.Node) -> str:
    """Return a part of a line below it."""
    return f"<sub>{writer.words(node)}</sub>"


WORDS: Table = {
    nodes.Text: plain,
    nodes.emphasis: emphasised,
    nodes.strong: strong,
    nodes.literal: code,
    nodes.math: formula,
    nodes.inline: span,
    nodes.reference: link,
    addnodes.number_reference: link,
    nodes.image: picture,
    nodes.footnote_reference: note_number,
    nodes.superscript: raised,
    nodes.subscript: lowered,
}


# -- blocks


def paragraph(writer: Writer, node: nodes.Node) -> str:
    """Return a paragraph."""
    return AT_A_START.sub(escaped_start, writer.words(node).strip())


def escaped_start(found: re.Match[str]) -> str:
    """Return what would begin a title, a list or a quote, so that it does not."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def displayed(writer: Writer, node: nodes.Element) -> str:
    """Return a displayed formula with its number; in a quote or a list it takes one line."""
    text = node.astext().strip()
    if "\\\\" in text and not text.startswith("\\begin"):
        text = f"\\begin{{split}}\n{text}\n\\end{{split}}"  # as Sphinx does in its pages
    number = writer.page.number("displaymath", node)
    tag = f" \\tag{{{number}}}" if number else ""
    if writer.inside:
        return f"$${' '.join(text.split())}{tag}$$"
    return f"$$\n{text}{tag}\n$$"


def figure(writer: Writer, node: nodes.Element) -> str:
    """Return a picture over its caption."""
    image, *rest = node.children
    below = (f"{caption(writer, node, child)}" for child in rest)
    return stacked(iter([writer.block(image), *below]))


def caption(writer: Writer, figure: nodes.Element, node: nodes.Node) -> str:
    """Return what stands under a picture, after its number."""
    return f"**{writer.page.number('figure', figure)}** {writer.words(node).strip()}"


def listing(writer: Writer, node: nodes.Element) -> str:
    """Return code, or what code has printed, as it is."""
    language = node.get("language", "text")
    longest = max(map(len, re.findall("^`{3,}", node.astext(), re.M)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{LANGUAGES.get(language, language)}\n{node.astext().rstrip()}\n{fence}"


def inner(writer: Writer, node: nodes.Element) -> str:
    """Return what stands inside; a dropdown is folded."""
    if node.get("design_component") == "dropdown":
        title, *rest = node.children
        return folded(title.astext(), stacked(map(writer.block, rest)))
    return writer.blocks(node)


def box(writer: Writer, node: nodes.Element) -> str:
    """Return a box as a quote under its title; what letters mean is a table."""
    if "checkedmath-where" in node["classes"]:
        return meanings(writer, node)
    title, *rest = node.children
    return quoted(writer, f"**{writer.words(title)}**", rest)


def quoted(writer: Writer, title: str, rest: list[nodes.Node]) -> str:
    """Return a quote under a title."""
    with writer.within("quote"):
        text = stacked(iter([title, *map(writer.block, rest)]))
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def exercise(writer: Writer, node: nodes.Element) -> str:
    """Return an exercise as a quote under its number and title."""
    title, *rest = node.children
    number = writer.page.number("exercise", node)
    return quoted(writer, f"**{number}{writer.words(title)}**", rest)


def solution(writer: Writer, node: nodes.Element) -> str:
    """Return a solution, folded."""
    title, *rest = node.children
    return folded(title.astext(), stacked(map(writer.block, rest)))


def folded(title: str, text: str) -> str:
    """Return a text of which only the title is seen until it is asked for."""
    return (
        f"<details>\n<summary><b>{html.escape(title, quote=False)}</b></summary>"
        f"\n\n{text}\n\n</details>"
    )


def widget(writer: Writer, node: nodes.Element) -> str:
    """Return what a figure one can touch is about, and where it is."""
    here = writer.page.link(f"#widget-{node['kind']}")
    title = TITLES[node["kind"]]
    where = f"[on the page]({here})" if here else "on the page of this chapter"
    return quoted(writer, f"**{title}**: a figure to touch, {where}.", node.children)


def question(writer: Writer, node: nodes.Element) -> str:
    """Return a question over the list of its answers; what is said of them is folded."""
    asked = map(writer.block, node.children[: -len(list(answers_of(node)))])
    with writer.within("list"):
        answers = {one["letter"]: [*map(writer.block, one.children)] for one in answers_of(node)}
    offered = "\n".join(f"- **{letter}** {text}" for letter, (text, *_) in answers.items())
    said = "\n".join(f"- **{letter}** {' '.join(rest)}" for letter, (_, *rest) in answers.items())
    title = f"**Question {node['number']}**"
    return stacked(iter([title, *asked, offered, folded("What to say of each answer", said)]))


def bullets(writer: Writer, node: nodes.Element) -> str:
    """Return a list with dots."""
    return "\n".join(item(writer, child, "- ") for child in node.children)


def numbered(writer: Writer, node: nodes.Element) -> str:
    """Return a list with numbers."""
    start = node.get("start", 1)
    rows = enumerate(node.children, start)
    return "\n".join(item(writer, child, f"{number}. ") for number, child in rows)


def item(writer: Writer, node: nodes.Node, mark: str) -> str:
    """Return an entry of a list."""
    with writer.within("list"):
        lines = writer.blocks(node).split("\n")
    return mark + "\n".join([lines[0], *(" " * len(mark) * bool(x) + x for x in lines[1:])])


def definitions(writer: Writer, node: nodes.Element) -> str:
    """Return terms in bold letters, each with what it means."""
    return stacked(
        f"**{writer.words(term)}**: {writer.blocks(meaning)}"
        for term, meaning in (entry.children for entry in node.children)
    )


def meanings(writer: Writer, node: nodes.Element) -> str:
    """Return what letters mean, as a table under the title of the box."""
    title, listed = node.children
    with writer.within("table"):
        rows = [
            [writer.words(term), cell(writer, meaning)]
            for term, meaning in (entry.children for entry in listed.children)
        ]
    return grid([writer.words(title), ""], rows)


def table(writer: Writer, node: nodes.Element) -> str:
    """Return a table."""
    with writer.within("table"):
        rows = [[cell(writer, entry) for entry in row.children] for row in node.findall(nodes.row)]
    return grid(rows[0], rows[1:])


def cell(writer: Writer, node: nodes.Node) -> str:
    """Return a cell of a table, its paragraphs in one line."""
    return "<br>".join(writer.block(child) for child in node.children)


def grid(head: list[str], rows: list[list[str]]) -> str:
    """Return a table; its first row is the head."""
    lines = [head, [":--"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def quote(writer: Writer, node: nodes.Element) -> str:
    """Return what is quoted from elsewhere."""
    return quoted(writer, "", node.children)


def rule(writer: Writer, node: nodes.Node) -> str:
    """Return a line across the page."""
    return "---"


def footnote(writer: Writer, node: nodes.Element) -> str:
    """Return a footnote under its number."""
    label, *rest = node.children
    return f"<sup>{label.astext()}</sup> {stacked(map(writer.block, rest))}"


BLOCKS: Table = {
    nodes.paragraph: paragraph,
    nodes.math_block: displayed,
    nodes.image: picture,
    nodes.figure: figure,
    nodes.literal_block: listing,
    nodes.container: inner,
    nodes.admonition: box,
    exercise_enumerable_node: exercise,
    solution_node: solution,
    Widget: widget,
    Question: question,
    nodes.bullet_list: bullets,
    nodes.enumerated_list: numbered,
    nodes.definition_list: definitions,
    nodes.table: table,
    nodes.block_quote: quote,
    nodes.transition: rule,
    nodes.footnote: footnote,
}
