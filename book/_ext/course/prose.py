"""What makes reading pleasant, added to the finished chapters so that no author has to think of it.

* Under the title of a chapter: how long it takes to read.
* The first use of a word of the glossary leads to its entry.
* A mark stays on the line of the formula it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.quizzes import Answer, Question
from course.where import has_parent
from course.widgets import Widget

CHAPTERS = "book/chapters/"
FOLDED = "tag_hide-input"
WORDS_PER_MINUTE = 200


# -- reading time


class ReadingTime(SphinxPostTransform):
    """Say under the title of a chapter how long it takes to read."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Count, and add a line."""
        title = self.document.next_node(nodes.title)
        if not self.env.docname.startswith(CHAPTERS) or title is None:
            return
        minutes = max(1, round(count_words(self.document) / WORDS_PER_MINUTE))
        text = f"About {minutes} min to read, and {count_code_lines(self.document)} lines of code"
        line = nodes.paragraph("", text, classes=["reading-time"])
        title.parent.insert(title.parent.index(title) + 1, line)


def count_words(document: nodes.document) -> int:
    """Return the number of words of prose; a formula in a sentence is none, nor is a comma."""
    blocks = [node for node in document.findall(nodes.TextElement) if is_prose(node)]
    texts = [text for block in blocks for text in block.findall(nodes.Text)]
    words = [text.split() for text in texts if not isinstance(text.parent, nodes.math)]
    return sum(bool(re.search(r"\w", word)) for found in words for word in found)


def is_prose(node: nodes.Element) -> bool:
    """Tell whether a block of text is read as words: a paragraph, a title, a term or a caption.

    The answers of a question are not: one reads as many of them as one opens.
    """
    readable = (nodes.paragraph, nodes.title, nodes.caption, nodes.term)
    return isinstance(node, readable) and not is_output(node) and not has_parent(node, (Answer,))


def is_output(node: nodes.Element | None) -> bool:
    """Tell whether a part of a page was printed by a cell."""
    while node is not None and "cell_output" not in node.get("classes", ()):
        node = node.parent
    return node is not None


def count_code_lines(document: nodes.document) -> int:
    """Return the number of lines in the open cells of a page, empty ones left out."""
    cells = [box for box in document.findall(nodes.container) if "cell" in box["classes"]]
    unfolded = [cell for cell in cells if FOLDED not in cell["classes"]]
    boxes = [box for cell in unfolded for box in cell.findall(nodes.container)]
    inputs = [box for box in boxes if "cell_input" in box["classes"]]
    blocks = [block for box in inputs for block in box.findall(nodes.literal_block)]
    return sum(bool(line.strip()) for block in blocks for line in block.astext().splitlines())


# -- glossary

# Words with a second meaning in this book. A bit is a unit of surprise, and a digit of a computer's
# number as well; only an author knows which is meant, and may write {term}`bit`.
AMBIGUOUS = {"bit"}
Place = tuple[str, str]  # a page and an anchor on it
NOT_LINKED = (nodes.admonition, nodes.reference, addnodes.pending_xref, Widget, Question)


class GlossaryLinks(SphinxPostTransform):
    """Link the first use of each word of the glossary in a chapter to its entry."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Go through the sentences in their order."""
        if not self.env.docname.startswith(CHAPTERS):
            return
        waiting = glossary(self.env)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if not is_output(paragraph) and not has_parent(paragraph, NOT_LINKED):
                for text in [
                    child for child in paragraph.children if isinstance(child, nodes.Text)
                ]:
                    paragraph.replace(text, list(self.linked(str(text), waiting)))

    def linked(self, text: str, waiting: dict[str, Place]) -> Iterator[nodes.Node]:
        """Yield the text again, with links where words are used that still wait for theirs."""
        while match := waiting and word_pattern(waiting).search(text):
            word = term_of(match[0], waiting)
            yield nodes.Text(text[: match.start()])
            yield self.link(match[0], *waiting.pop(word))
            text = text[match.end() :]
        yield nodes.Text(text)

    def link(self, word: str, docname: str, anchor: str) -> nodes.reference:
        """Return a link to an entry of the glossary."""
        page = self.app.builder.get_relative_uri(self.env.docname, docname)
        uri = f"{page}#{anchor}"
        return nodes.reference("", word, internal=True, refuri=uri, classes=["term-link"])


def glossary(env: BuildEnvironment) -> dict[str, Place]:
    """Return the place of each word of the glossary: its page and its anchor."""
    objects = cast(StandardDomain, env.get_domain("std")).objects
    terms = {name: place for (kind, name), place in objects.items() if kind == "term"}
    return {name: place for name, place in terms.items() if name not in AMBIGUOUS}


def word_pattern(terms: Collection[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words, also in the plural, and never as part of another."""
    longest_first = sorted(terms, key=len, reverse=True)
    words = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{words})(?:e?s)?(?![\w-])", re.IGNORECASE)


def term_of(found: str, terms: Collection[str]) -> str:
    """Return the word of the glossary that was found in some form."""
    forms = {f"{term}{ending}".lower(): term for term in terms for ending in ("es", "s", "")}
    return forms[found.lower()]


# -- marks beside formulas

# A browser may break a line on either side of a formula, and then begin the next one with a comma
# or a closing bracket. In HTML a formula is held together with the marks that touch it.
BEFORE = re.compile(r"[^\w\s]+$")
AFTER = re.compile(r"^[^\w\s]+")


class KeepMarks(SphinxPostTransform):
    """Put each formula of a sentence into one piece with the marks beside it."""

    default_priority = 850
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Go through the formulas in the order of the page."""
        for formula in list(self.document.findall(nodes.math)):
            before = self.taken(formula, -1, BEFORE)
            after = self.taken(formula, +1, AFTER)
            if before or after:
                piece = nodes.inline(classes=["with-marks"])
                formula.replace_self(piece)
                piece += [*before, formula, *after]

    def taken(self, formula: nodes.math, step: int, marks: re.Pattern[str]) -> list[nodes.Node]:
        """Take the marks off the text beside a formula; return them, or nothing."""
        place = formula.parent.index(formula) + step
        text = formula.parent[place] if 0 <= place < len(formula.parent) else None
        found = marks.search(text) if isinstance(text, nodes.Text) else None
        if not found:
            return []
        formula.parent[place] = nodes.Text(marks.sub("", str(text)))
        return [nodes.Text(found[0])]
