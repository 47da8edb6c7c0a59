"""A reference to a formula shows the formula, under the mouse or when it has the focus."""

from __future__ import annotations

import json
from typing import Any

from checkedmath.sphinx import checked_formulas
from docutils import nodes
from sphinx.application import Sphinx

from course.written import page_folder, renew


def load_previews(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the script that shows formulas on the pages that refer to one."""
    if "#equation-" in context.get("body", ""):
        app.add_js_file("widgets/previews.js", loading_method="defer")


def write_formulas(app: Sphinx, exception: Exception | None) -> None:
    """Write all formulas of the book into one script, which is loaded when the first is asked for.

    A script, because a page opened from the disk may load no data otherwise.
    """
    if pages := page_folder(app, exception):
        formulas = {
            nodes.make_id(f"equation-{entry.item.label}"): entry.record["shown"]
            for entry in checked_formulas(app)
        }
        script = f"window.courseFormulas = {json.dumps(formulas, indent=1)};\n"
        renew(pages / "_static" / "widgets" / "formulas.js", script.encode())
