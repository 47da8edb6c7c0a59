"""Build small books in this process, and read what is refused."""

import io
import json

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

SETTINGS = {
    "extensions": ["sphinx_external_toc", "myst_nb", "sphinx_design", "checkedmath"],
    "exclude_patterns": ["_build"],
    "myst_enable_extensions": [
        "amsmath",
        "attrs_block",
        "colon_fence",
        "dollarmath",
        "substitution",
    ],
    "myst_substitutions": {"formula": "$$ x = 5 x $$", "number": "about 0.5"},
    "nb_execution_mode": "off",
    "nb_render_markdown_format": "myst",
    "html_theme": "basic",
    "suppress_warnings": ["config.cache"],
}
LETTERS = "```{where}\nx, y: real — numbers\n```\n"


def write_book(folder, **pages):
    """Write a book; a page's name ends in its suffix, `two_ipynb`, if it is no Markdown."""
    files = {
        (f"{name}.md" if "_" not in name else name.replace("_", ".")): text
        for name, text in pages.items()
    }
    names = [file.partition(".")[0] for file in files if not file.startswith("outside")]
    chapters = "".join(f"\n- file: {name}" for name in names[1:])
    toc = f"format: jb-book\nroot: {names[0]}" + (f"\nchapters:{chapters}" if chapters else "")
    (folder / "_toc.yml").write_text(toc)
    for file, text in files.items():
        (folder / file).write_text(text)
    return folder


def build(folder, builder="html", **settings):
    """Build a book in this process -> the application, its output, its warnings."""
    status, warnings = io.StringIO(), io.StringIO()
    out = folder / "_build" / builder
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            folder,
            None,
            out,
            folder / "_build" / ".doctrees",
            builder,
            SETTINGS | settings,
            status=status,
            warning=warnings,
        )
        app.build()
    return app, status.getvalue(), warnings.getvalue()


def refusals(folder, **settings):
    """Build a book that is refused -> the first line of each refusal."""
    with pytest.raises(ExtensionError) as caught:
        build(folder, **settings)
    first, *lines = str(caught.value).splitlines()
    assert first == "formulas or numbers are refused:"
    found = [line for line in lines if not line.startswith("    ")]
    assert len([line for line in lines if line.startswith("    remedy: ")]) == len(found)
    return found


def starts(lines, *expected):
    """Assert that lines start as expected, one by one."""
    assert len(lines) == len(expected), lines
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start)


def output(**data):
    """Return a cell with one output; the names of its types have _ for /."""
    data = {mime.replace("_", "/"): text for mime, text in data.items()}
    shown = {"output_type": "display_data", "metadata": {}, "data": data}
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": 1,
        "source": "1",
        "outputs": [shown],
    }


def text_cell(source):
    """Return a cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells):
    """Return a notebook, as text, with a title and these cells."""
    title = text_cell("# Notebook")
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python"},
        "language_info": {"name": "python"},
    }
    return json.dumps(
        {"cells": [title, *cells], "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    )
