"""Let exercises and their solutions live beside the other extensions.

sphinx-exercise wraps the body of every exercise and solution in a section without a title and
with the same id on all of them. Such a section is no section: it breaks extensions that follow the
titles, and an id must be unique on its page.
"""

from docutils import nodes

WRAPPERS = {"exercise-content", "solution-content"}


def unwrap_bodies(app, doctree):
    """Turn the untitled sections into plain containers."""
    for section in list(doctree.findall(nodes.section)):
        if WRAPPERS & set(section["ids"]):
            section.parent.replace(section, nodes.container("", *section.children))


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("doctree-read", unwrap_bodies, priority=100)
