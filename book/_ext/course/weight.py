"""A page carries no more than it shows, and asks early for what it will need.

The theme brings two thousand icons and shows a dozen: only those stay in its script. MathJax asks
for its fonts when it has laid out every formula, and then lays them out again: a page with formulas
asks for the fonts at once.
"""

import json
import re
from importlib.util import find_spec
from pathlib import Path

from course import offline

SCRIPT = "scripts/fontawesome.js"
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
# A name, the width and height of its drawing, its older names, its code point, its outlines.
ICON = re.compile(r'"?([a-z0-9-]+)"?:\[\d+,\d+,\[([^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?')
FONTS = ("Zero", "Main-Regular", "Math-Italic", *(f"Size{size}-Regular" for size in (1, 2, 3, 4)))
# The page uses the answer through MathJax's own rules, which ask for the same addresses.
ASK = """for (const name of {fonts})
  new FontFace("early", `url("{folder}/MathJax_${{name}}.woff")`).load().catch(() => {{}});"""


def icons_of_theme():
    """Return the theme's script of icons, whole."""
    theme = Path(find_spec("pydata_sphinx_theme").origin).parent
    script = theme / "theme" / "pydata_sphinx_theme" / "static" / SCRIPT
    return script.read_text(encoding="utf-8")


def only_icons(script, names):
    """Return the script with no other icons than these, under new names or old."""

    def kept(icon):
        own = {icon[1], *re.findall(r'"([a-z0-9-]+)"', icon[2])}
        return icon[0] if own & names else ""

    return ICON.sub(kept, script)


def drop_icons(app, exception):
    """Leave in the script the icons that some page or another script names."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    target = out / "_static" / SCRIPT
    named = [*out.rglob("*.html"), *(p for p in out.rglob("*.js") if p != target)]
    names = {name for path in named for name in NAME.findall(path.read_text(encoding="utf-8"))}
    target.write_text(only_icons(icons_of_theme(), names), encoding="utf-8")


def ask_early(app, pagename, templatename, context, doctree):
    """Ask for the fonts of formulas while the page is still being read."""
    if app.env.domains["math"].has_equations(pagename):
        folder = context["pathto"](f"_static/mathjax/{offline.FONTS}", 1)
        body = ASK.format(fonts=json.dumps(FONTS), folder=folder)
        app.add_js_file(None, body=body, priority=0)


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("html-page-context", ask_early)
    app.connect("build-finished", drop_icons)
