"""Questions that are answered on the page, without code: the directive ``{question}``.

The question comes first, then each answer with what is to be said of it, and ``:right:`` names the
right one by its letter::

    ```{question}
    :right: B
    All scores are doubled. What becomes of the odds of two classes?

    They double, too
    : The odds are the exponential of a difference, and doubling comes before the exponential.

    They are squared
    : Twice the difference is the square of its exponential.
    ```

An answer is a ``details`` element that opens on what is said of it. So a question needs no script,
is answered by mouse, touch and keyboard, and is read by those who use a reader. On paper nothing
can be opened: there the letters and what is said of them stand below all answers. The published
extensions for quizzes need a script even to show a question, and forget notebooks and paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

VERDICTS = {True: "Right.", False: "No."}


class Question(nodes.General, nodes.Element):
    """A question: what is asked, and its answers."""


class Answer(nodes.General, nodes.Element):
    """An answer: what it says, and then what is said of it."""


class QuestionDirective(SphinxDirective):
    """Place a question with its answers."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"right": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the question."""
        self.assert_has_content()
        question = Question(number=self.env.new_serialno("question") + 1)
        self.set_source_info(question)
        self.state.nested_parse(self.content, self.content_offset, question)
        self.replace_answers(question)
        return [question]

    def replace_answers(self, question: Question) -> None:
        """Put answers in the place of the list in which they are written."""
        listed = [one for one in question.children if isinstance(one, nodes.definition_list)]
        entries = [entry for one in listed for entry in one.children]
        letters = ascii_uppercase[: len(entries)]
        if len(entries) < 2:
            raise self.error("a question needs at least two answers, each with a line after ': '")
        if self.options.get("right", "") not in list(letters):
            raise self.error(f":right: has to be one of the letters {', '.join(letters)}")
        for one in listed:
            question.remove(one)
        for letter, entry in zip(letters, entries, strict=True):
            is_right = letter == self.options["right"]
            question += answer_of(entry, letter, is_right)


def answer_of(entry: nodes.Node, letter: str, is_right: bool) -> Answer:
    """Return an answer from an entry of a definition list; the verdict is said in a word first."""
    term, meaning = entry.children
    first = next(meaning.findall(nodes.paragraph))
    first.insert(0, [nodes.strong("", VERDICTS[is_right]), nodes.Text(" ")])
    text = nodes.paragraph("", "", *term.children)
    return Answer("", text, *meaning.children, letter=letter, right=is_right)


def answers_of(question: nodes.Node) -> Iterator[Answer]:
    """Yield the answers of a question."""
    return (child for child in question.children if isinstance(child, Answer))


# -- in a page


def visit_question(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open the box of a question."""
    number = node["number"]
    attributes: dict[str, Any] = {
        "ids": [f"question-{number}"],
        "role": "group",
        "aria-labelledby": f"question-{number}-title",
    }
    translator.body.append(translator.starttag(node, "div", CLASS="question", **attributes))
    translator.body.append(
        f'<p class="question-title" id="question-{number}-title">Question {number}</p>\n'
    )


def depart_question(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close the box of a question, after what is said of all answers, which is for paper alone."""
    translator.body.append('<div class="question-key">\n')
    for answer in answers_of(node):
        letter = f'<span class="question-letter">{answer["letter"]}</span>'
        translator.body.append(f'<div class="question-said">{letter}')
        for part in answer.children[1:]:
            part.walkabout(translator)
        translator.body.append("</div>\n")
    translator.body.append("</div></div>\n")


def visit_answer(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write an answer that opens on what is said of it."""
    kind = "question-right" if node["right"] else "question-wrong"
    translator.body.append(
        f'<details class="question-answer {kind}"><summary>'
        f'<span class="question-letter">{node["letter"]}</span><span>'
    )
    text, *said = node.children
    for part in text.children:
        part.walkabout(translator)
    translator.body.append('</span></summary><div class="question-said">\n')
    for part in said:
        part.walkabout(translator)
    translator.body.append("</div></details>\n")
    raise nodes.SkipNode
