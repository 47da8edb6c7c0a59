"""Let the book be built as one page, from which it is printed.

Sphinx looks for the handlers of a node by the builder's name first. As soon as one extension has
handlers for ``singlehtml``, those that others have registered for ``html`` are not found.
"""


def share_html_handlers(app, config):
    """Let the one-page builder use every handler of the many-page one."""
    handlers = app.registry.translation_handlers
    if "singlehtml" in handlers:
        handlers["singlehtml"] = {**handlers["html"], **handlers["singlehtml"]}


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("config-inited", share_html_handlers, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
