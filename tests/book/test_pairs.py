"""A notebook agrees with its chapter, and a disagreement is named with its line."""

import shutil
from pathlib import Path

import nbformat
import pytest

from tools import builds, pairs

CHAPTERS = Path(__file__).parent / "builds" / "small" / "book" / "chapters"


@pytest.fixture
def root(tmp_path):
    """A folder with two chapters and their notebooks."""
    shutil.copytree(CHAPTERS, tmp_path / "book" / "chapters")
    assert pairs.write(tmp_path) == ["wrote first.ipynb", "wrote second.ipynb"]
    return tmp_path


def edit(root, old, new):
    """Replace a text in the first chapter."""
    chapter = root / "book" / "chapters" / "first.md"
    text = chapter.read_text(encoding="utf-8")
    assert text.count(old) == 1
    chapter.write_text(text.replace(old, new), encoding="utf-8")


def line_of(text):
    """Return the number of the line in the first chapter that is this text."""
    return (CHAPTERS / "first.md").read_text(encoding="utf-8").splitlines().index(text) + 1


class TestProblems:
    def test_none(self, root):
        assert pairs.problems(root) == []

    @pytest.mark.parametrize(
        "line",
        [
            "# First",  # in the first cell, after two other lines
            'In words, {eval}`f"{number:.3f}"`.',  # alone between two code cells
            "number = factor()",  # within a code cell
            "plt.plot([0, number])",  # first in a code cell with options
            "After {ref}`first` comes [the second](second.md), with {eq}`eq:second`.",  # the last
        ],
    )
    def test_edited_line(self, root, line):
        edit(root, f"\n{line}\n", f"\n{line} # edited\n")
        assert pairs.problems(root) == [
            f"book/chapters/first.md:{line_of(line)}: first.ipynb differs; run `make notebooks`"
        ]

    def test_cells_that_begin_alike(self, root):
        cell = "```{code-cell} python\nx = 1\ny = 2\n```\n"
        edit(root, "After {ref}", f"{cell}\n{cell}\nAfter {{ref}}")
        pairs.write(root)
        edit(root, f"{cell}\nAfter", f"{cell.replace('y = 2', 'y = 3')}\nAfter")
        (problem,) = pairs.problems(root)
        line = line_of("After {ref}`first` comes [the second](second.md), with {eq}`eq:second`.")
        assert problem.startswith(f"book/chapters/first.md:{line + 7}: ")

    def test_cell_that_only_the_notebook_has(self, root):
        file = root / "book" / "notebooks" / "first.ipynb"
        notebook = nbformat.read(file, as_version=4)
        notebook.cells.append(nbformat.v4.new_markdown_cell("one more", id="more"))
        nbformat.write(notebook, file)
        (problem,) = pairs.problems(root)
        assert "first.ipynb differs" in problem

    def test_outputs_in_the_notebook(self, root):
        file = root / "book" / "notebooks" / "first.ipynb"
        notebook = nbformat.read(file, as_version=4)
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.outputs.append(nbformat.v4.new_output("stream", text="printed"))
        nbformat.write(notebook, file)
        (problem,) = pairs.problems(root)
        assert "first.ipynb differs" in problem

    def test_missing_notebook(self, root):
        (root / "book" / "notebooks" / "first.ipynb").unlink()
        assert pairs.problems(root) == [
            "book/chapters/first.md:1: has no notebook; run `make notebooks`"
        ]

    def test_stray_notebook(self, root):
        (root / "book" / "chapters" / "first.md").unlink()
        assert pairs.problems(root) == ["book/notebooks/first.ipynb:1: has no chapter; remove it"]


class TestWrite:
    def test_nothing_to_do(self, root):
        assert pairs.write(root) == []

    def test_an_edited_chapter_gets_a_new_notebook(self, root):
        edit(root, "# First", "# The first")
        assert pairs.write(root) == ["wrote first.ipynb"]
        assert pairs.problems(root) == []

    def test_the_same_chapter_gives_the_same_bytes(self, root):
        file = root / "book" / "notebooks" / "first.ipynb"
        before = file.read_bytes()
        file.unlink()
        pairs.write(root)
        assert file.read_bytes() == before

    def test_notebooks_are_valid_and_without_outputs(self, root):
        for file in (root / "book" / "notebooks").iterdir():
            notebook = nbformat.read(file, as_version=4)
            nbformat.validate(notebook)
            assert not any(cell.get("outputs") for cell in notebook.cells)

    def test_an_edit_by_hand_is_kept(self, root):
        file = root / "book" / "notebooks" / "first.ipynb"
        notebook = nbformat.read(file, as_version=4)
        notebook.cells[0].source += "\nby hand"
        nbformat.write(notebook, file)
        assert pairs.write(root) == [
            "first.ipynb had been edited; the edit is kept in first.edited.ipynb",
            "wrote first.ipynb",
        ]
        kept = nbformat.read(file.with_suffix(".edited.ipynb"), as_version=4)
        assert kept.cells[0].source.endswith("by hand")
        assert pairs.problems(root) == []


def test_the_pairs_of_the_book_agree():
    assert pairs.problems() == []


@pytest.mark.build
def test_a_build_stops_at_a_disagreement(small_book):
    line = small_book.edit("book/chapters/second.md", "# Second", "# The second")
    status, output = builds.build(small_book.root)
    assert status == 1
    assert f"book/chapters/second.md:{line}: second.ipynb differs" in output
    assert "Sphinx" not in output
