"""Figures one can touch: the directive ``{widget}``, and the scripts that a page needs.

A figure is drawn by a small script in ``_static/widgets``, named like the figure. It stands below
what an author writes into the directive, which is all that readers without scripts and of the
printed book have::

    ```{widget} probabilities
    :start: logits=2,1,0.1&T=1
    Move the scores. The bars show the probabilities.
    ```

``:start:`` is written like the page's address, which holds the setting of the reader.
The figure ``derivation`` needs ``:formula:`` in its place, the label of a checked formula.
``:data:`` is an expression that the page's own kernel evaluates where the figure stands; its script
gets the value as JSON.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from checkedmath.sphinx import checked_math, note_shown, record_of, verdict_of, with_math
from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.eval import retrieve_eval_data
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

TITLES = {
    "backward": "Errors running backward",
    "border": "Where the border lies",
    "cut": "What is left to draw from",
    "derivation": "The derivation, a line at a time",
    "digit": "One digit, from its pixels to a step",
    "distributions": "Two distributions",
    "floats": "Where numbers break",
    "network": "Draw a digit",
    "newton": "Tangent, parabola and Newton's step",
    "one-step": "One step of learning",
    "probabilities": "From scores to probabilities",
    "query": "Turn the query",
    "rival": "One rival, two losses",
    "support": "Which points hold the border?",
    "tangent": "The tangent at an announcement",
    "temperature": "Turning the temperature",
    "twice": "Softmax twice",
}
EARLY = 400  # before MathJax, which then finds the page as the scripts have left it


class Widget(nodes.General, nodes.Element):
    """A figure one can touch; its children say what it is about."""


class Lines(nodes.General, nodes.Element):
    """The lines of a derivation. In print the formula itself is enough."""


class WidgetDirective(SphinxDirective):
    """Place a figure one can touch."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "start": directives.unchanged_required,
        "formula": directives.unchanged_required,
        "data": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure with what is said about it."""
        self.assert_has_content()
        kind = self.arguments[0]
        if kind not in TITLES:
            raise self.error(f"no widget {kind!r}; there are {', '.join(sorted(TITLES))}")
        if (kind == "derivation") != ("formula" in self.options):
            raise self.error(":formula: belongs to the widget derivation, which needs it")
        node = Widget(kind=kind, start=self.options.get("start", ""))
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        if kind == "derivation":
            node += self.lines(self.options["formula"])
        if "data" in self.options:
            node["data"] = self.evaluated(self.options["data"])
        return [node]

    def evaluated(self, expression: str) -> Any:
        """Return the value of an expression in the kernel of this page.

        It comes as a text, since IPython shortens a list of more than a thousand entries.
        """
        try:
            (output,) = retrieve_eval_data(
                self.state.document, f"__import__('json').dumps({expression})"
            )
        except RetrievalError as reason:
            raise self.error(f":data: has no value: {reason}") from None
        return json.loads(ast.literal_eval(output.data["text/plain"]))

    def lines(self, label: str) -> Lines:
        """Return the lines of a checked formula, from the checker's own record."""
        note_shown(self.env, self.env.docname, "ledger")
        try:
            record = record_of(self.env.app, label)
        except KeyError as unknown:
            raise self.error(unknown.args[0]) from None
        return Lines("", *derivation_lines(record["steps"]))


def derivation_lines(steps: list[dict[str, Any]]) -> Iterator[nodes.list_item]:
    """Yield the left side of the first step, then each step with its reason and method."""
    yield nodes.list_item("", nodes.paragraph("", "", checked_math(steps[0]["left"])))
    for step in steps:
        condition = f" \\quad ({step['condition']})" if step["condition"] else ""
        latex = f"{{}} {step['relation']} {step['right']}{condition}"
        reason = [*with_math(step["reason"]), nodes.Text("; ")] if step["reason"] else []
        said = nodes.paragraph("", "", *reason, nodes.Text(verdict_of(step)))
        yield nodes.list_item("", nodes.paragraph("", "", checked_math(latex)), said)


def as_script(data: Any) -> str:
    """Return data as a script element that nothing runs."""
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" class="widget-data">{text}</script>'


def visit_html(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open the figure: its title, and what is said about it."""
    kind = node["kind"]
    attributes = {
        "ids": [f"widget-{kind}"],
        "data-widget": kind,
        "data-start": node["start"],
        "role": "group",
        "aria-labelledby": f"widget-{kind}-title",
    }
    translator.body.append(translator.starttag(node, "div", CLASS="widget", **attributes))
    translator.body.append(f'<p class="widget-title" id="widget-{kind}-title">{TITLES[kind]}</p>\n')
    if "data" in node:
        translator.body.append(as_script(node["data"]))
    translator.body.append('<div class="widget-about">\n')


def depart_html(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close the figure."""
    translator.body.append("</div></div>\n")


def visit_lines(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open the list of a derivation's lines."""
    translator.body.append('<ol class="widget-lines" tabindex="0" aria-live="polite">\n')


def depart_lines(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close the list."""
    translator.body.append("</ol>\n")


def skip(translator: HTML5Translator, node: nodes.Element) -> None:
    """Leave it out."""
    raise nodes.SkipNode


def load_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the scripts of the figures on this page, and no others."""
    kinds = sorted({node["kind"] for node in doctree.findall(Widget)}) if doctree else []
    for name in [*(["kit"] if kinds else []), *kinds]:
        app.add_js_file(f"widgets/{name}.js", priority=EARLY, loading_method="defer")
