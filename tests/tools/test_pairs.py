"""A notebook agrees with its chapter, a disagreement is named, and what was typed is never lost."""

import subprocess
from pathlib import Path

import nbformat
import pytest

from tools import pairs

ROOT = Path(__file__).parents[2]
CHAPTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

(first)=
# First

Some words.

```{code-cell} python
number = 2.5
number
```

In words, {eval}`f"{number:.3f}"`.

```{code-cell} python
---
tags: [hide-input]
---
print(number)
print(2 * number)
```

After {ref}`first` comes [the second](second.md).
"""
SECOND = CHAPTER.replace("first", "second").replace("First", "Second")
OURS = "<<<<<<< HEAD\n"
CONFLICT = OURS + "Some words.\n=======\nOther words.\n>>>>>>> another\n"


@pytest.fixture
def root(tmp_path):
    """A folder with two chapters and their notebooks."""
    folder = tmp_path / "book" / "chapters"
    folder.mkdir(parents=True)
    (folder / "first.md").write_text(CHAPTER, encoding="utf-8")
    (folder / "second.md").write_text(SECOND, encoding="utf-8")
    assert pairs.write(tmp_path) == ["wrote first.ipynb", "wrote second.ipynb"]
    return tmp_path


@pytest.fixture
def first(root):
    """The notebook of the first chapter."""
    return root / "book" / "notebooks" / "first.ipynb"


def edit(root, old, new):
    """Replace a text in the first chapter."""
    chapter = root / "book" / "chapters" / "first.md"
    text = chapter.read_text(encoding="utf-8")
    assert text.count(old) == 1
    chapter.write_text(text.replace(old, new), encoding="utf-8")


def line_of(text):
    """Return the number of the line in the first chapter that is this text."""
    return CHAPTER.splitlines().index(text) + 1


def change(path, how):
    """Change a notebook as Jupyter would save it."""
    notebook = nbformat.read(path, as_version=4)
    how(notebook)
    nbformat.write(notebook, path)


def type_in(path, words):
    """Write words below what stands in the first cell of a notebook."""

    def how(notebook):
        notebook.cells[0].source += f"\n{words}"

    change(path, how)


def run_in_place(notebook):
    """Leave a notebook as Jupyter does when a reader has run every cell, and added none."""
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = number
        cell.outputs.append(nbformat.v4.new_output("stream", text="printed"))
        cell.metadata["execution"] = {"iopub.status.idle": "2026-01-01T00:00:00Z"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    notebook.cells.append(nbformat.v4.new_code_cell(id="below-the-last"))


class TestProblems:
    def test_none(self, root):
        assert pairs.problems(root) == []
        assert pairs.problems(root, outputs=True) == []

    @pytest.mark.parametrize(
        "line",
        [
            "# First",  # in the first cell, after another line
            'In words, {eval}`f"{number:.3f}"`.',  # alone between two code cells
            "number = 2.5",  # within a code cell
            "print(number)",  # first in a code cell with options
            "After {ref}`first` comes [the second](second.md).",  # the last
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
        line = line_of("After {ref}`first` comes [the second](second.md).")
        assert problem.startswith(f"book/chapters/first.md:{line + 7}: ")

    def test_cell_that_only_the_notebook_has(self, root, first):
        more = nbformat.v4.new_markdown_cell("one more", id="more")
        change(first, lambda notebook: notebook.cells.append(more))
        (problem,) = pairs.problems(root)
        assert "first.ipynb differs" in problem

    def test_words_that_became_code(self, root, first):
        def how(notebook):
            old = notebook.cells[0]
            notebook.cells[0] = nbformat.v4.new_code_cell(old.source, id=old.id)

        change(first, how)
        (problem,) = pairs.problems(root)
        assert "first.ipynb differs" in problem

    def test_a_notebook_that_was_run_is_no_difference(self, root, first):
        change(first, run_in_place)
        assert pairs.problems(root) == []

    def test_a_notebook_that_was_run_stays_out_of_git(self, root, first):
        change(first, run_in_place)
        (problem,) = pairs.problems(root, outputs=True)
        assert problem.startswith("book/notebooks/first.ipynb:1: has been run or saved by Jupyter")

    def test_missing_notebook(self, root, first):
        first.unlink()
        assert pairs.problems(root) == [
            "book/chapters/first.md:1: has no notebook; run `make notebooks`"
        ]

    def test_stray_notebook(self, root):
        (root / "book" / "chapters" / "first.md").unlink()
        assert pairs.problems(root) == ["book/notebooks/first.ipynb:1: has no chapter; remove it"]


BROKEN_HEADERS = {
    "tags: [hide-input]": "tags: [hide-input\nalt: one: two",
    "tags: [hide-input]\n": "alt: Two bars: one is longer.\n",
    "tags: [hide-input]\n---\n": "alt: *nothing*\n---\n",
    "  display_name: Python 3\n": "  display_name: Python: 3\n",
    "  language: python\n": "\tlanguage: python\n",
}


@pytest.mark.parametrize("header", BROKEN_HEADERS)
class TestBrokenHeaders:
    def test_are_named_with_file_and_line(self, root, header):
        line = line_of(header.partition("\n")[0])
        edit(root, header, BROKEN_HEADERS[header])
        (problem,) = pairs.problems(root)
        file, found, why = problem.split(":", 2)
        assert file == "book/chapters/first.md"
        assert int(found) - line in (0, 1)  # a list that does not end is seen on the next line
        assert "no YAML" in why
        assert "`alt: |`" in why

    def test_get_into_no_notebook(self, root, first, header):
        before = first.read_bytes()
        edit(root, header, BROKEN_HEADERS[header])
        with pytest.raises(ValueError, match=r"first\.md:\d+: this header is no YAML"):
            pairs.write(root)
        assert first.read_bytes() == before


class TestUnfinishedMerges:
    def test_in_the_words_of_a_chapter(self, root):
        edit(root, "Some words.\n", CONFLICT)
        line = line_of("Some words.")
        found = pairs.problems(root)
        assert [problem.partition(": ")[0] for problem in found[:2]] == [
            f"book/chapters/first.md:{line}",
            f"book/chapters/first.md:{line + 4}",
        ]
        assert "an unfinished merge" in found[0]

    def test_on_a_page_that_is_no_chapter(self, root):
        (root / "book" / "index.md").write_text(f"# Title\n\n{CONFLICT}", encoding="utf-8")
        assert [problem.partition(": ")[0] for problem in pairs.problems(root)] == [
            "book/index.md:3",
            "book/index.md:7",
        ]

    def test_get_into_no_notebook(self, root, first):
        before = first.read_bytes()
        edit(root, "Some words.\n", CONFLICT)
        with pytest.raises(ValueError, match=r"book/chapters/first\.md:\d+: an unfinished merge"):
            pairs.write(root)
        assert first.read_bytes() == before

    def test_a_title_underlined_by_seven_signs_is_none(self, root):
        edit(root, "# First\n", "First =\n=======\n")
        pairs.write(root)
        assert pairs.problems(root) == []


NO_NOTEBOOKS = {
    "": "1: not a notebook, or a part of one",
    "{}": "1: not a notebook",
    "[1]": "1: not a notebook",
    '{\n "cells": [': "2: not a notebook, or a part of one",
    "\x00\x00": "1: not a notebook, or a part of one",
    f'{{\n "cells": [\n{CONFLICT}': "3: an unfinished merge",
}


class TestDamagedNotebooks:
    @pytest.mark.parametrize("text", NO_NOTEBOOKS)
    def test_are_named(self, root, first, text):
        first.write_text(text, encoding="utf-8")
        (problem,) = pairs.problems(root)
        assert problem.startswith(f"book/notebooks/first.ipynb:{NO_NOTEBOOKS[text]}")
        assert problem.endswith("; run `make notebooks`")

    @pytest.mark.parametrize("text", NO_NOTEBOOKS)
    def test_are_made_anew(self, root, first, text):
        whole = first.read_bytes()
        first.write_text(text, encoding="utf-8")
        assert pairs.write(root)[-1] == "wrote first.ipynb"
        assert first.read_bytes() == whole
        kept = first.with_suffix(".edited-1.ipynb")
        assert kept.read_text(encoding="utf-8") == text if text else not kept.exists()

    def test_bytes_that_are_no_text(self, root, first):
        first.write_bytes(b"\xff\xfe\x00")
        (problem,) = pairs.problems(root)
        assert problem.startswith("book/notebooks/first.ipynb:1: not a notebook")
        pairs.write(root)
        assert first.with_suffix(".edited-1.ipynb").read_bytes() == b"\xff\xfe\x00"
        assert pairs.problems(root) == []


class TestWrite:
    def test_nothing_to_do(self, root):
        assert pairs.write(root) == []

    def test_an_edited_chapter_gets_a_new_notebook(self, root):
        edit(root, "# First", "# The first")
        assert pairs.write(root) == ["wrote first.ipynb"]
        assert pairs.problems(root) == []

    def test_the_same_chapter_gives_the_same_bytes(self, root, first):
        before = first.read_bytes()
        first.unlink()
        pairs.write(root)
        assert first.read_bytes() == before

    def test_notebooks_are_valid_and_without_outputs(self, root):
        for file in (root / "book" / "notebooks").iterdir():
            notebook = nbformat.read(file, as_version=4)
            nbformat.validate(notebook)
            assert not any(cell.get("outputs") for cell in notebook.cells)

    def test_a_notebook_that_was_run_is_cleaned(self, root, first):
        before = first.read_bytes()
        change(first, run_in_place)
        assert pairs.write(root) == ["wrote first.ipynb"]
        assert first.read_bytes() == before

    def test_an_edit_by_hand_is_kept(self, root, first):
        type_in(first, "by hand")
        assert pairs.write(root) == [
            "first.ipynb had been edited; the edit is kept in book/notebooks/first.edited-1.ipynb",
            "wrote first.ipynb",
        ]
        kept = nbformat.read(first.with_suffix(".edited-1.ipynb"), as_version=4)
        assert kept.cells[0].source.endswith("by hand")
        assert pairs.problems(root) == []

    def test_every_edit_is_kept(self, root, first):
        words = ["the first time", "the second time", "the third time"]
        for some in words:
            type_in(first, some)
            pairs.write(root)
        kept = [first.with_suffix(f".edited-{number}.ipynb") for number in (1, 2, 3)]
        for file, some in zip(kept, words, strict=True):
            assert some in file.read_text(encoding="utf-8")

    def test_an_edit_is_kept_when_the_chapter_was_edited_too(self, root, first):
        type_in(first, "by hand")
        edit(root, "# First", "# The first")
        pairs.write(root)
        assert "by hand" in first.with_suffix(".edited-1.ipynb").read_text(encoding="utf-8")
        assert "The first" in first.read_text(encoding="utf-8")

    def test_kept_edits_are_named_until_they_are_removed(self, root, first):
        assert pairs.kept_files(root) == []
        type_in(first, "by hand")
        pairs.write(root)
        (line,) = pairs.kept_files(root)
        assert line.startswith("book/notebooks/first.edited-1.ipynb is kept")
        assert pairs.problems(root) == []


def test_git_ignores_kept_edits():
    name = "book/notebooks/softmax.edited-1.ipynb"
    command = ["git", "check-ignore", "--quiet", "--no-index", name]
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode == 128:
        pytest.skip("not in a git repository")
    assert done.returncode == 0


def test_the_pairs_of_the_book_agree():
    assert pairs.problems(outputs=True) == []
