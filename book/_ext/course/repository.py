"""Links to Binder, Colab and the issue tracker, once ``_config.yml`` names a repository.

One line turns them on: ``repository: {url: https://github.com/OWNER/NAME}``. While it is empty no
page points anywhere.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit


def links(repository, notebook):
    """Return the header buttons for a page with a notebook, as the theme wants them."""
    slug = urlsplit(repository).path.strip("/")
    place = f"book/notebooks/{notebook}"
    binder = f"https://mybinder.org/v2/gh/{slug}/main?urlpath=lab/tree/{quote(place, safe='')}"
    colab = f"https://colab.research.google.com/github/{slug}/blob/main/{place}"
    issue = f"{repository}/issues/new?title={quote(f'In {notebook}: ')}"
    return [
        button("Binder", binder, "Run this chapter on Binder", "fas fa-play"),
        button("Colab", colab, "Open this chapter in Colab", "fas fa-rocket"),
        button("Report a mistake", issue, "Report a mistake on this page", "fas fa-lightbulb"),
    ]


def button(text, url, tooltip, icon):
    """Return one link."""
    label = "launch-" + text.lower().replace(" ", "-")
    return {
        "type": "link",
        "text": text,
        "url": url,
        "tooltip": tooltip,
        "icon": icon,
        "label": label,
    }


def add_links(app, pagename, templatename, context, doctree):
    """Put the links into the header of every chapter."""
    repository = app.config.html_theme_options.get("repository_url")
    notebook = pagename.rpartition("/")[2] + ".ipynb"
    exists = (Path(app.srcdir) / "book" / "notebooks" / notebook).exists()
    if repository and exists and "header_buttons" in context:
        group = {
            "type": "group",
            "tooltip": "Run this chapter elsewhere",
            "icon": "fas fa-rocket",
            "label": "launch-buttons",
            "buttons": links(repository.rstrip("/"), notebook),
        }
        context["header_buttons"].insert(0, group)


def setup(app):
    """Connect this room to Sphinx."""
    app.connect("html-page-context", add_links, priority=900)
