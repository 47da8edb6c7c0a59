"""The buttons in the header of a chapter: its notebook, and where to run it.

One line in ``_config.yml`` turns the links to Binder, Colab and the issue tracker on:
``repository: {url: https://github.com/OWNER/NAME}``. While it is empty no page points anywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx

Button = dict[str, Any]
BRANCH = "notebooks"  # where publishing puts the readers' notebooks, and what they read


def fill_header(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Offer the chapter's notebook, and the places that run it."""
    buttons: list[Button] = context.get("header_buttons") or []
    notebook = pagename.rpartition("/")[2] + ".ipynb"
    if not buttons or not (Path(app.srcdir) / "book" / "notebooks" / notebook).exists():
        return
    offer_notebook(buttons, context["pathto"](f"notebooks/{notebook}", 1))
    repository = app.config.html_theme_options.get("repository_url")
    if repository:
        buttons.insert(0, launch_group(repository.rstrip("/"), notebook))


def offer_notebook(buttons: list[Button], url: str) -> None:
    """Put the notebook in the place of the theme's link to the page's source text."""
    notebook = button("Notebook", url, "Download this chapter as a notebook", "fas fa-download")
    notebook["label"] = "download-notebook"
    for group in buttons:
        if group.get("label") == "download-buttons":
            kept = [b for b in group["buttons"] if b.get("label") != "download-source-button"]
            group["buttons"][:] = [notebook, *kept]


def launch_group(repository: str, notebook: str) -> Button:
    """Return the menu of the places that run a notebook."""
    return {
        "type": "group",
        "tooltip": "Run this chapter elsewhere",
        "icon": "fas fa-rocket",
        "label": "launch-buttons",
        "buttons": links(repository, notebook),
    }


def links(repository: str, notebook: str) -> list[Button]:
    """Return the links of a page with a notebook, as the theme wants them."""
    slug = urlsplit(repository).path.strip("/")
    place = f"notebooks/{notebook}"
    tree = f"lab/tree/{quote(place, safe='')}"
    binder = f"https://mybinder.org/v2/gh/{slug}/{BRANCH}?urlpath={tree}"
    colab = f"https://colab.research.google.com/github/{slug}/blob/{BRANCH}/{place}"
    issue = f"{repository}/issues/new?title={quote(f'In {notebook}: ')}"
    return [
        button("Binder", binder, "Run this chapter on Binder", "fas fa-play"),
        button("Colab", colab, "Open this chapter in Colab", "fas fa-rocket"),
        button("Report a mistake", issue, "Report a mistake on this page", "fas fa-lightbulb"),
    ]


def button(text: str, url: str, tooltip: str, icon: str) -> Button:
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
