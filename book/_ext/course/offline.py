"""Everything a page needs lies beside it: MathJax and the notebooks are copied into the book."""

import shutil
from importlib.util import find_spec
from pathlib import Path

SCRIPT = "tex-chtml.js"
FONTS = "output/chtml/fonts/woff-v2"
# A summary is fetched from the page that was found, which a browser refuses to do from a disk.
SUMMARIES = 'DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";'


def mathjax_source():
    """Return the folder of the MathJax that sphinx-mathjax-offline has installed."""
    spec = find_spec("sphinx-mathjax-offline")
    return Path(spec.origin).parent / "static" / "mathjax"


def copy_mathjax(app, exception):
    """Copy the one script and its fonts, not all of MathJax."""
    if exception is not None or app.builder.format != "html":
        return
    source, target = mathjax_source(), Path(app.outdir) / "_static" / "mathjax"
    (target / FONTS).mkdir(parents=True, exist_ok=True)
    for path in [source / SCRIPT, *(source / FONTS).iterdir()]:
        place = target / path.relative_to(source)
        if not place.exists():
            shutil.copyfile(path, place)


def copy_notebooks(app, exception):
    """Put the notebooks where the download buttons point."""
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "notebooks"
    target.mkdir(exist_ok=True)
    for path in (Path(app.srcdir) / "book" / "notebooks").glob("*.ipynb"):
        shutil.copyfile(path, target / path.name)


def notebook_button(app, pagename, templatename, context, doctree):
    """Offer the chapter's notebook, and drop the theme's link to the page's source text."""
    buttons = context.get("header_buttons")
    name = pagename.rpartition("/")[2] + ".ipynb"
    if not buttons or not (Path(app.srcdir) / "book" / "notebooks" / name).exists():
        return
    link = {
        "type": "link",
        "url": context["pathto"](f"notebooks/{name}", 1),
        "text": "Notebook",
        "tooltip": "Download this chapter as a notebook",
        "icon": "fas fa-download",
        "label": "download-notebook",
    }
    for button in buttons:
        if button.get("label") == "download-buttons":
            button["buttons"][:] = [
                link,
                *(b for b in button["buttons"] if b.get("label") != "download-source-button"),
            ]


def search_from_disk(app, pagename, templatename, context, doctree):
    """Let the search do without summaries where it cannot have them."""
    if pagename == "search":
        app.add_js_file(None, body=SUMMARIES)


def setup(app):
    """Connect this room to Sphinx."""
    app.config.mathjax_path = f"mathjax/{SCRIPT}"
    app.connect("html-page-context", notebook_button, priority=900)
    app.connect("html-page-context", search_from_disk)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", copy_notebooks)
