"""A mark stays on the line of the formula it belongs to.

A browser may break a line on either side of a formula, and then begin the next one with a comma or
a closing bracket. In HTML a formula is held together with the marks that touch it.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

BEFORE = re.compile(r"[^\w\s]+$")
AFTER = re.compile(r"^[^\w\s]+")


class KeepMarks(SphinxPostTransform):
    """Put each formula of a sentence into one piece with the marks beside it."""

    default_priority = 850
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the formulas in the order of the page."""
        for formula in list(self.document.findall(nodes.math)):
            before = self.taken(formula, -1, BEFORE)
            after = self.taken(formula, +1, AFTER)
            if before or after:
                piece = nodes.inline(classes=["with-marks"])
                formula.replace_self(piece)
                piece += [*before, formula, *after]

    def taken(self, formula, step, marks):
        """Take the marks off the text beside a formula; return them, or nothing."""
        place = formula.parent.index(formula) + step
        text = formula.parent[place] if 0 <= place < len(formula.parent) else None
        found = marks.search(text) if isinstance(text, nodes.Text) else None
        if not found:
            return []
        formula.parent[place] = nodes.Text(marks.sub("", text))
        return [nodes.Text(found[0])]


def setup(app):
    """Connect this room to Sphinx."""
    app.add_post_transform(KeepMarks)
