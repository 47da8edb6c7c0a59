"""Figures one can touch: the directive ``{widget}``, and the scripts that a page needs.

A figure is drawn by a small script in ``_static/widgets``, named like the figure. What an author
writes into the directive stays in the page until that script takes its place, so a reader without
scripts, and the printed book, have it instead::

    ```{widget} probabilities
    :start: logits=2,1,0.1&T=1
    With these scores the first class gets more than half; see the picture above.
    ```

``:start:`` is written like the page's address, which holds the setting of the reader.
"""

import json
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

TITLES = {
    "probabilities": "From scores to probabilities",
}
EARLY = 400  # before MathJax, which then finds the page as the scripts have left it


class Widget(nodes.General, nodes.Element):
    """A figure one can touch; its children are for readers who cannot."""


class WidgetDirective(SphinxDirective):
    """Place a figure one can touch."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"start": directives.unchanged_required}

    def run(self):
        """Return the figure with its fallback."""
        self.assert_has_content()
        kind = self.arguments[0]
        if kind not in TITLES:
            raise self.error(f"no widget {kind!r}; there are {', '.join(sorted(TITLES))}")
        node = Widget(kind=kind, start=self.options.get("start", ""))
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def as_script(data):
    """Return data as a script element that nothing runs."""
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" class="widget-data">{text}</script>'


def visit_html(self, node):
    """Open the figure: its title, and what its script replaces."""
    kind = node["kind"]
    attributes = {
        "ids": [f"widget-{kind}"],
        "data-widget": kind,
        "data-start": node["start"],
        "role": "group",
        "aria-labelledby": f"widget-{kind}-title",
    }
    self.body.append(self.starttag(node, "div", CLASS="widget", **attributes))
    self.body.append(f'<p class="widget-title" id="widget-{kind}-title">{TITLES[kind]}</p>\n')
    if "data" in node:
        self.body.append(as_script(node["data"]))
    self.body.append('<div class="widget-fallback">\n')


def depart_html(self, node):
    """Close the figure."""
    self.body.append("</div></div>\n")


def as_it_is(self, node):
    """Leave what stands inside as it is."""


def load_scripts(app, pagename, templatename, context, doctree):
    """Load the scripts of the figures on this page, and no others."""
    kinds = sorted({node["kind"] for node in doctree.findall(Widget)}) if doctree else []
    for name in [*(["kit"] if kinds else []), *kinds]:
        app.add_js_file(f"widgets/{name}.js", priority=EARLY, loading_method="defer")


def setup(app):
    """Connect this room to Sphinx."""
    plain = (as_it_is, as_it_is)
    app.add_node(Widget, html=(visit_html, depart_html), latex=plain, text=plain)
    app.add_directive("widget", WidgetDirective)
    app.connect("html-page-context", load_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
