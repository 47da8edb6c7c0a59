"""A small mark beside each formula: what is known of it, and where the ledger says so.

The mark is a link and needs no script. What it says under the mouse, or when it has the focus,
stands beside it in the page.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from checkedmath.book.ledger import kind_of, steps_of, weakest_of
from checkedmath.sphinx.directives import with_math
from checkedmath.sphinx.domain import domain_of, record_of
from checkedmath.sphinx.marks import COMPUTED, row_id
from checkedmath.sphinx.numbers import link
from checkedmath.steps import Step

#: The name of each verdict in the style.
CLASSES = {
    "definition": "definition",
    "proved for every size": "proved",
    "proved at the sizes named": "proved-at",
    "computed": "computed",
    "searched": "searched",
}
#: Builders that write a page for each document.
BUILDERS = ("html", "dirhtml")


class Framed(nodes.General, nodes.Element):
    """A formula with its mark."""


class Verdict(nodes.General, nodes.Element):
    """The mark of a formula; its children are what it says."""


def add_nodes(app: Sphinx) -> None:
    """Tell Sphinx how the mark is written."""
    app.add_node(Framed, html=(visit_framed, depart_framed))
    app.add_node(Verdict, html=(visit_verdict, depart_verdict))


def add_verdicts(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a mark behind each checked formula of a page."""
    if app.builder.name not in BUILDERS:
        return
    domain = domain_of(app.env)
    ledger = app.builder.get_relative_uri(docname, domain.ledger) if domain.ledger else ""
    labels = {entry.item.label for entry in domain.book.formulas if entry.docname == docname}
    for shown in list(doctree.findall(nodes.math_block)):
        label = shown.get("label")
        if label in labels:
            verdict = mark(label, ledger, steps_of(record_of(app, label)))
            for cited in list(verdict.findall(addnodes.pending_xref)):
                cited.replace_self(link(app, docname, cited["reftarget"]))
            framed = Framed()
            shown.replace_self(framed)
            framed += [shown, verdict]


def mark(label: str, ledger: str, steps: list[Step]) -> Verdict:
    """Return the mark of a formula, with what it says of each step."""
    weakest = weakest_of(steps)
    verdict = weakest.verdict
    made = Verdict(
        "", classes=[COMPUTED], label=label, verdict=verdict, kind=CLASSES[kind_of(weakest)]
    )
    made["uri"] = f"{ledger}#{row_id(label)}" if ledger else ""
    said = [nodes.Text(verdict[0].upper() + verdict[1:])]
    made += nodes.paragraph("", "", *said)
    if len(steps) > 1 or steps[0].reason:
        made += nodes.enumerated_list("", *map(_step, steps), enumtype="arabic")
    return made


def _step(step: Step) -> nodes.list_item:
    reason = [*with_math(step.reason), nodes.Text(": ")] if step.reason else []
    return nodes.list_item("", nodes.paragraph("", "", *reason, nodes.Text(step.verdict)))


def visit_framed(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open what holds a formula and its mark together."""
    translator.body.append('<div class="checkedmath-formula">')


def depart_framed(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close what holds a formula and its mark together."""
    translator.body.append("</div>\n")


def visit_verdict(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open the mark: a link to the ledger, or to the formula itself where there is none."""
    says = nodes.make_id(f"verdict-{node['label']}")
    link = {
        "href": node["uri"] or "#" + nodes.make_id(f"equation-{node['label']}"),
        "aria-label": f"{node['verdict']}: see the ledger" if node["uri"] else node["verdict"],
        "aria-describedby": says,
    }
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in link.items())
    translator.body.append(
        f'<a class="checkedmath-mark checkedmath-{node["kind"]}" {attributes}></a>'
        f'<div class="checkedmath-says" id="{says}" role="tooltip">'
    )


def depart_verdict(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close the mark."""
    translator.body.append("</div>\n")
