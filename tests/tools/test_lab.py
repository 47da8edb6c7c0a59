"""Copies for JupyterLab: made where missing, renewed where untouched, kept where changed."""

import nbformat
import pytest

from tools import lab, pairs


def notebook(*sources):
    """Return a notebook of cells with code, as the build would write it."""
    cells = [nbformat.v4.new_code_cell(text, id=f"first-{n}") for n, text in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def root(tmp_path):
    """A folder with one built notebook and one record."""
    records = tmp_path / "book" / "records"
    records.mkdir(parents=True)
    (records / "times.json").write_text("{}", encoding="utf-8")
    (tmp_path / "_build" / "html" / "notebooks").mkdir(parents=True)
    build(tmp_path, "one = 1")
    return tmp_path


def build(root, *sources):
    """Write the built notebook anew."""
    path = root / "_build" / "html" / "notebooks" / "first.ipynb"
    nbformat.write(notebook(*sources), path)


def copy_of(root):
    """Return the path of the copy."""
    return root / "lab" / "notebooks" / "first.ipynb"


def sources(root):
    """Return the code in the copy."""
    return [cell.source for cell in pairs.read(copy_of(root)).cells]


def edit(root, text):
    """Write into the copy, as Jupyter would."""
    changed = pairs.read(copy_of(root))
    changed.cells[0].source = text
    nbformat.write(changed, copy_of(root))


def test_copies_have_what_they_read_beside_them(root):
    assert lab.lay_out(root) == []
    assert sources(root) == ["one = 1"]
    assert (copy_of(root).parent / "../records/times.json").read_text("utf-8") == "{}"


def test_a_copy_that_was_only_run_keeps_its_outputs_until_the_book_changes(root):
    lab.lay_out(root)
    ran = pairs.read(copy_of(root))
    ran.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    nbformat.write(ran, copy_of(root))
    lab.lay_out(root)
    assert pairs.read(copy_of(root)).cells[0].outputs
    build(root, "two = 2")
    assert lab.lay_out(root) == []
    assert sources(root) == ["two = 2"]


def test_what_a_reader_has_written_stays(root):
    lab.lay_out(root)
    edit(root, "mine = 3")
    assert lab.lay_out(root) == []
    build(root, "two = 2")
    (line,) = lab.lay_out(root)
    assert line == "first.ipynb holds your changes and stays; the book has changed since"
    assert sources(root) == ["mine = 3"]


def test_a_damaged_copy_stays_too(root):
    lab.lay_out(root)
    copy_of(root).write_text("{ half of", encoding="utf-8")
    assert len(lab.lay_out(root)) == 1
    assert copy_of(root).read_text("utf-8") == "{ half of"
