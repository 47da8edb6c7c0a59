"""Every notebook runs alone, from top to bottom, and says what the book says.

Each is executed in a kernel of its own, in an empty folder, with nothing but installed packages
and the book's records beside it.
"""

import os
import re
from itertools import groupby
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tools.builds import recipe

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = sorted((ROOT / "book" / "notebooks").glob("*.ipynb"))
ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]+(?=>)")  # where an object lies in memory
SETTINGS = recipe((ROOT / "Makefile").read_text(encoding="utf-8"), "book")[1]

pytestmark = pytest.mark.build


def execute(notebook, folder):
    """Run all cells of a notebook in a fresh kernel that sees none of this repository's folders."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    # Threads that wait for one another while other tests run take minutes for seconds of work.
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment |= SETTINGS | one_thread | {"IPYTHONDIR": str(folder / "profile")}
    empty = folder / "notebooks"
    empty.mkdir()
    (folder / "records").symlink_to(ROOT / "book" / "records")
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=str(empty), env=environment)
    assert list(empty.iterdir()) == [], "it leaves files behind"


def outputs(cell):
    """Return what a cell has shown: printed text in one piece, and each result in every form."""
    shown = []
    for name, group in groupby(cell.outputs, lambda output: output.get("name")):
        if name:
            shown.append((name, "".join(output.text for output in group)))
        else:
            shown += [(output.output_type, without_addresses(output.data)) for output in group]
    return shown


def without_addresses(data):
    """Return a result in every form, byte for byte but for what differs in every run."""
    return {form: ADDRESS.sub("", text) for form, text in data.items()}


def code_cells(notebook):
    """Return the cells that run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_alone_and_says_what_the_book_says(book, path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.outputs for cell in code_cells(notebook)), "it is kept without outputs"
    execute(notebook, tmp_path)
    built = book.parent / "jupyter_execute" / "book" / "chapters" / path.name
    theirs = code_cells(nbformat.read(built, as_version=4))
    for ours, other in zip(code_cells(notebook), theirs, strict=True):
        assert ours.source == other.source
        assert outputs(ours) == outputs(other)


def test_there_is_one_for_each_chapter():
    chapters = (ROOT / "book" / "chapters").glob("*.md")
    assert {path.stem for path in NOTEBOOKS} == {path.stem for path in chapters}


class TestOutputs:
    @staticmethod
    def cell(*outputs):
        """Return a cell that has shown something."""
        return nbformat.v4.new_code_cell(outputs=list(outputs))

    def test_one_other_digit_is_seen(self):
        ours, other = (
            self.cell(nbformat.v4.new_output("execute_result", {"text/plain": text}))
            for text in ("0.878878", "0.878879")
        )
        assert outputs(ours) != outputs(other)

    def test_printed_text_is_one_piece(self):
        pieces = [nbformat.v4.new_output("stream", text=text) for text in ("a", "b")]
        whole = nbformat.v4.new_output("stream", text="ab")
        assert outputs(self.cell(*pieces)) == outputs(self.cell(whole)) == [("stdout", "ab")]

    def test_an_address_alone_is_forgiven(self):
        ours, other = (
            self.cell(nbformat.v4.new_output("execute_result", {"text/plain": text}))
            for text in ("<A at 0x7f01>", "<B at 0x7f02>")
        )
        assert outputs(ours) != outputs(other)
        ours.outputs[0].data["text/plain"] = "<B at 0x7f03>"
        assert outputs(ours) == outputs(other)
