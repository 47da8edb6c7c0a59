"""Every build gives the same bytes: cold or after edits, in any home, and after damage."""

import importlib
import os
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from tools import reproduce
from tools.builds import ROOT, executed

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("the same bytes")]

IPYTHON = """
c.InteractiveShell.ast_node_interactivity = "all"
c.InlineBackend.figure_formats = ["svg", "png"]
c.InteractiveShellApp.exec_lines = ["import builtins; builtins.sum = None"]
"""
HOME = {
    ".config/matplotlib/matplotlibrc": """
        text.usetex: True
        savefig.dpi: 30
        font.size: 30
        lines.linewidth: 9
        figure.facecolor: red
        """,
    ".ipython/profile_default/ipython_config.py": IPYTHON,
    ".ipython/profile_default/ipython_kernel_config.py": IPYTHON,
    ".ipython/profile_default/startup/00.py": "import builtins; builtins.print = None",
    ".startup.py": "import builtins; builtins.len = None",
    ".local/share/jupyter/kernels/python3/kernel.json": """
        {"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}
        """,
}
CHAPTERS = "book/chapters"


def hostile_home(folder):
    """Make a home whose settings would change every figure and cell; return its environment."""
    for name, text in HOME.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return {
        "HOME": str(folder),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "MPLBACKEND": "TkAgg",
        "PYTHONSTARTUP": str(folder / ".startup.py"),
        "JUPYTER_PATH": str(folder / ".local/share/jupyter"),
    }


@pytest.fixture(scope="module")
def small(make_small_book):
    """A small book that is built; every test leaves it as it was."""
    book = make_small_book("one")
    status, output = book.build()
    assert status == 0, output
    return book


@pytest.fixture(scope="module")
def cold(small):
    """The bytes of the build from nothing."""
    return reproduce.files(small.html)


def rebuild(book):
    """Build again; return what was executed."""
    status, output = book.build()
    assert status == 0, output
    return executed(output)


def differing(files, book):
    """Return the names of the files of a book that are not these."""
    now = reproduce.files(book.html)
    return sorted(name for name in files.keys() | now.keys() if files.get(name) != now.get(name))


def test_in_another_folder_and_a_hostile_home(make_small_book, tmp_path, monkeypatch, cold):
    for name, value in hostile_home(tmp_path).items():
        monkeypatch.setenv(name, value)
    book = make_small_book("another-and-longer-name")
    rebuild(book)
    assert "book/chapters/first.html" in cold
    assert differing(cold, book) == []


def test_after_an_edit_of_what_other_pages_show(small, cold):
    title, label = ("# Second", "# Last"), ("(eq:second)", "(eq:last)")
    for path, (old, new) in (("second", title), ("second", label)):
        small.edit(f"{CHAPTERS}/{path}.md", old, new)
    small.edit(f"{CHAPTERS}/first.md", "{eq}`eq:second`", "{eq}`eq:last`")
    rebuild(small)
    assert "Last" in small.page("first")  # in the list of chapters
    assert "Last" in (small.html / "book" / "bibliography.html").read_text(encoding="utf-8")
    for path, (old, new) in (("second", title), ("second", label)):
        small.edit(f"{CHAPTERS}/{path}.md", new, old)
    small.edit(f"{CHAPTERS}/first.md", "{eq}`eq:last`", "{eq}`eq:second`")
    rebuild(small)
    assert differing(cold, small) == []


def rename(book, old, new):
    """Rename a chapter, with its notebook and all that leads to it."""
    for folder, ending in (("chapters", "md"), ("notebooks", "ipynb")):
        (book.root / "book" / folder / f"{old}.{ending}").rename(
            book.root / "book" / folder / f"{new}.{ending}"
        )
    book.edit("_toc.yml", f"chapters/{old}", f"chapters/{new}")
    book.edit(f"{CHAPTERS}/first.md", f"({old}.md)", f"({new}.md)")


def test_a_renamed_chapter_leaves_nothing_behind(small, cold):
    rename(small, "second", "third")
    rebuild(small)
    names = {name for name in reproduce.files(small.html) if "second" in name}
    assert names == set()
    assert "third.html" in small.page("first")
    rename(small, "third", "second")
    rebuild(small)
    assert differing(cold, small) == []


CUT, GARBAGE = b"", b"\x80garbage"
DAMAGE = {
    "pages and all beside them": {
        ".doctrees/book/chapters/second.doctree": GARBAGE,
        "html/book/chapters/first.html": CUT,
        "html/_static/mathjax/tex-chtml.js": CUT,
        "html/_static/course.css": GARBAGE,
        "html/_static/styles/sphinx-book-theme.css": CUT,
        "html/_static/exercise.css": CUT,
        "html/notebooks/first.ipynb": CUT,
        "html/searchindex.js": GARBAGE,
    },
    "a page alone": {"html/book/chapters/second.html": GARBAGE},
    "the outputs of a page": {"jupyter_execute/book/chapters/first.ipynb": CUT},
    "notes of the build": {".written.json": GARBAGE, ".doctrees/environment.pickle": CUT},
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_repaired(small, cold, damage):
    for name, content in damage.items():
        path = small.root / "_build" / name
        assert path.exists()
        path.write_bytes(content)
    rebuild(small)
    assert differing(cold, small) == []


def test_files_of_another_user_are_named_with_a_remedy(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    written = importlib.import_module("course.written")
    app = SimpleNamespace(outdir=tmp_path / "html", doctreedir=tmp_path / ".doctrees")
    app.doctreedir.mkdir()
    theirs = app.doctreedir / "environment.pickle"
    theirs.touch()
    written.refuse_foreign_files(app, None)
    # A test may run as a user to whom nothing is forbidden.
    monkeypatch.setattr(written.os, "access", lambda path, mode: path != theirs)
    with pytest.raises(ExtensionError) as refused:
        written.refuse_foreign_files(app, None)
    assert str(refused.value).startswith(f"{theirs} cannot be written: it was built by another")
    assert f"sudo rm -r {tmp_path}" in str(refused.value)
