"""Everything a page needs lies beside it: MathJax, its fonts, and what the notebooks read."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course.written import page_folder, renew

SCRIPT = "tex-chtml.js"
FONT_FOLDER = "output/chtml/fonts/woff-v2"
FONTS = ("Zero", "Main-Regular", "Math-Italic", *(f"Size{size}-Regular" for size in (1, 2, 3, 4)))
# MathJax asks for its fonts when it has laid out every formula, and then lays them out again: a
# page with formulas asks at once. MathJax's own rules, which ask for the same addresses, use them.
ASK = """for (const name of {fonts})
  new FontFace("early", `url("{folder}/MathJax_${{name}}.woff")`).load().catch(() => {{}});"""


def mathjax_source() -> Path:
    """Return the folder of the MathJax that sphinx-mathjax-offline has installed."""
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package sphinx-mathjax-offline is missing: install it")
    return Path(spec.origin).parent / "static" / "mathjax"


def copy_mathjax(app: Sphinx) -> None:
    """Copy the one script and its fonts, not all of MathJax.

    Pages name the script with a sum of its bytes, so it is there before the first is written.
    """
    if app.builder.name == "html":
        source = mathjax_source()
        for path in [source / SCRIPT, *(source / FONT_FOLDER).iterdir()]:
            target = Path(app.outdir) / "_static" / "mathjax" / path.relative_to(source)
            renew(target, path.read_bytes())


def copy_records(app: Sphinx, exception: Exception | None) -> None:
    """Put the measurements where the notebooks look for them."""
    if pages := page_folder(app, exception):
        for path in (Path(app.srcdir) / "book" / "records").glob("*.json"):
            renew(pages / "records" / path.name, path.read_bytes())


def ask_for_fonts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Ask for the fonts of formulas while the page is still being read."""
    if app.env.domains["math"].has_equations(pagename):
        folder = context["pathto"](f"_static/mathjax/{FONT_FOLDER}", 1)
        body = ASK.format(fonts=json.dumps(FONTS), folder=folder)
        app.add_js_file(None, body=body, priority=0)
