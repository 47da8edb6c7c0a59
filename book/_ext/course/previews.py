"""A reference to a formula shows the formula, under the mouse or when it has the focus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checkedmath.sphinx import checked_formulas
from docutils import nodes
from sphinx.application import Sphinx


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
    if exception is not None or app.builder.format != "html":
        return
    formulas = {
        nodes.make_id(f"equation-{entry.item.label}"): entry.record["shown"]
        for entry in checked_formulas(app)
    }
    target = Path(app.outdir) / "_static" / "widgets"
    target.mkdir(parents=True, exist_ok=True)
    script = f"window.courseFormulas = {json.dumps(formulas, indent=1)};\n"
    (target / "formulas.js").write_text(script, encoding="utf-8")
