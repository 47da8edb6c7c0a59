"""Formulas that are cited, by their numbers: Sphinx knows these only when pages are written."""

from __future__ import annotations

from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.transforms.post_transforms import SphinxPostTransform

from checkedmath.reading.reasons import CITATION, with_citations


def equation(label: str) -> addnodes.pending_xref:
    """Return a link to an equation, with its number as text, for Sphinx to resolve."""
    return addnodes.pending_xref(
        "",
        nodes.literal(label, label),
        refdomain="math",
        reftype="eq",
        reftarget=label,
        refwarn=True,
    )


def link(app: Sphinx, docname: str, label: str) -> nodes.Node:
    """Return a link to an equation from a page that Sphinx has resolved already."""
    math, text = domain(app), nodes.Text(f"({label})")
    wanted = equation(label)
    return math.resolve_xref(app.env, docname, app.builder, "eq", label, wanted, wanted) or text


def domain(app: Sphinx) -> MathDomain:
    """Return what Sphinx knows of equations."""
    return cast(MathDomain, app.env.get_domain("math"))


def numbered(app: Sphinx, latex: str) -> str:
    """Return LaTeX with the numbers of formulas in the place of their labels.

    Parameters
    ----------
    app : Sphinx
        The application, when pages are written.
    latex : str
        A formula as its record shows it.

    Returns
    -------
    str
        The same where no reason cites a formula. For LaTeX itself, which numbers formulas anew, the
        labels are those that Sphinx gives them there.
    """
    return with_citations(latex, lambda label: number(app, label))


def number(app: Sphinx, label: str) -> str:
    """Return the number of an equation, as the pages show it."""
    found = domain(app).equations.get(label)
    if found and app.builder.name == "latex":
        return rf"\eqref{{equation:{found[0]}:{label}}}"
    return link(app, found[0] if found else "", label).astext()


class CitedNumbers(SphinxPostTransform):
    """Put numbers in the place of labels, in the formulas of a page, before others write it."""

    default_priority = 20

    def run(self, **_: object) -> None:
        """Change the formulas that cite others."""
        for shown in self.document.findall(nodes.math_block):
            if CITATION.search(shown.astext()):
                shown[:] = [nodes.Text(numbered(self.app, shown.astext()))]
