"""Write or check the notebooks that belong to the chapters.

The text in ``book/chapters`` is the truth; a notebook is made from it and never edited.
Jupytext's own ``--sync`` goes by file times and could overwrite an edit, and its ``--test`` does
not see a pair that disagrees, so this compares the cells themselves.

    python -m tools.pairs write      # make the notebooks anew
    python -m tools.pairs check      # fail if the cells of one differ from its chapter
    python -m tools.pairs lint       # fail at outputs too: no notebook goes into git with them

What readers download is not these: the build writes that from its finished pages, with outputs.

A reader may run a notebook where it lies: its outputs, and empty cells, are no difference to a
build. What a reader writes into a cell is kept by ``write`` beside the new notebook, each time in a
file of its own, which git ignores and ``check`` goes on to name.
"""

import hashlib
import json
import re
import sys
import warnings
from collections.abc import Iterator
from itertools import count, zip_longest
from pathlib import Path

import jupytext
import nbformat
import yaml
from jupytext.myst import MystMetadataParsingError
from nbformat import NotebookNode

from tools.files import write_whole

ROOT = Path(__file__).resolve().parents[1]
MARK = "from_logits_to_loss"  # the notebook's metadata that says what it was made from
CELL_LINE = re.compile(r"cell \d+ at line (\d+)")
MERGE_MARKER = re.compile(r"(<{7}|\|{7}|>{7})( |$)")  # seven = alone underline a title, too


class Unreadable(Exception):  # noqa: N818  it is a state of a file, and leads to its repair
    """A file is no notebook; the message is ``line: why``."""


def chapters(root: Path) -> list[tuple[Path, Path]]:
    """Return the pairs ``(chapter, notebook)``, in the order of their names."""
    folder = root / "book" / "notebooks"
    texts = sorted((root / "book" / "chapters").glob("*.md"))
    return [(text, folder / f"{text.stem}.ipynb") for text in texts]


def merge_markers(text: str) -> Iterator[int]:
    """Yield the lines on which a merge that git could not finish has left its marks."""
    lines = text.splitlines()
    return (number for number, line in enumerate(lines, 1) if MERGE_MARKER.match(line))


def unmerged(root: Path) -> list[str]:
    """Return one line for every mark of an unfinished merge in the pages of the book."""
    return [
        f"{page.relative_to(root).as_posix()}:{line}: an unfinished merge; "
        "choose what is to stay, and remove git's marks"
        for page in sorted((root / "book").rglob("*.md"))
        for line in merge_markers(page.read_text(encoding="utf-8"))
    ]


def sources(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Return what an author writes in a notebook: the cells with their kinds, without outputs.

    Jupyter adds an empty cell below when the last one is run; empty cells say nothing.
    """
    return [(cell.cell_type, cell.source) for cell in notebook.cells if cell.source.strip()]


def fingerprint(notebook: NotebookNode) -> str:
    """Return a hash of what an author writes in a notebook."""
    return hashlib.sha256(json.dumps(sources(notebook)).encode()).hexdigest()


def read_chapter(chapter: Path) -> NotebookNode:
    """Read a chapter.

    Raises
    ------
    ValueError
        If the header of the page or of a cell is no YAML; the message is ``file:line: why``.
    """
    try:
        return jupytext.read(chapter)
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        cell = CELL_LINE.search(str(error))
        cause = error if isinstance(error, yaml.YAMLError) else error.__context__
        mark = getattr(cause, "problem_mark", None)
        # Above the header of a cell stand its fence and ---, above that of a page --- alone.
        line = (int(cell[1]) + 2 if cell else 2) + (mark.line if mark else 0)
        what = getattr(cause, "problem", None) or error
        raise ValueError(
            f"book/chapters/{chapter.name}:{line}: this header is no YAML: {what}; "
            "text with a colon stands in quotes, or below a bar: `alt: |`"
        ) from None


def notebook_of(chapter: Path) -> str:
    """Return the notebook that a chapter stands for, as text."""
    notebook = read_chapter(chapter)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{chapter.stem}-{number}"[-64:]  # the same on every run
    notebook.metadata.pop("jupytext", None)
    notebook.metadata[MARK] = {"made_from": chapter.name, "sha256": fingerprint(notebook)}
    return nbformat.writes(notebook, version=4) + "\n"


def text_of(path: Path) -> str:
    """Return the text of a file, whatever is in it."""
    return path.read_text(encoding="utf-8", errors="replace")


def read(path: Path) -> NotebookNode:
    """Read a notebook.

    Raises
    ------
    Unreadable
        If the file is empty, cut off, damaged, or full of marks of a merge.
    """
    text = text_of(path)
    for line in merge_markers(text):
        raise Unreadable(f"{line}: an unfinished merge")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without a name of their own
            nbformat.validate(json.loads(text))
            return nbformat.reads(text, as_version=4)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{error.lineno}: not a notebook, or a part of one: {error.msg}") from None
    except (AttributeError, nbformat.ValidationError):
        raise Unreadable("1: not a notebook") from None


def has_work(path: Path) -> bool:
    """Tell whether a notebook holds anything that was not made from a chapter."""
    try:
        notebook = read(path)
    except Unreadable:
        return bool(text_of(path).strip())
    return notebook.metadata.get(MARK, {}).get("sha256") != fingerprint(notebook)


def keep(path: Path) -> Path:
    """Move a notebook out of the way, to a name that no file has; return where it is."""
    names = (path.with_suffix(f".edited-{number}.ipynb") for number in count(1))
    kept = next(name for name in names if not name.exists())
    path.rename(kept)
    return kept


def kept_files(root: Path) -> list[str]:
    """Return a line for each notebook that was kept because somebody had written in it."""
    return [
        f"{path.relative_to(root).as_posix()} is kept, because it was edited (git ignores it): "
        "take what you need into the chapter, then remove it"
        for path in sorted((root / "book" / "notebooks").glob("*.edited*.ipynb"))
    ]


def write(root: Path = ROOT) -> list[str]:
    """Write every notebook that is missing or differs; return what was done, a line each.

    An edit made in a notebook is never lost: it is kept beside the new one, the next one beside
    the first.

    Raises
    ------
    ValueError
        If git's marks of a merge stand in a page, or a header is no YAML; the message has a line
        for each.
    """
    if problems := unmerged(root):
        raise ValueError("\n".join(problems))
    return [line for pair in chapters(root) for line in write_one(*pair, root)]


def write_one(chapter: Path, notebook: Path, root: Path) -> list[str]:
    """Write one notebook if it is missing or differs; return what was done, a line each."""
    text, done = notebook_of(chapter), []
    if notebook.exists() and text_of(notebook) == text:
        return []
    if notebook.exists() and has_work(notebook):
        kept = keep(notebook).relative_to(root).as_posix()
        done.append(f"{notebook.name} had been edited; the edit is kept in {kept}")
    notebook.parent.mkdir(exist_ok=True)
    write_whole(notebook, text)
    return [*done, f"wrote {notebook.name}"]


def first_difference(chapter: Path, notebook: NotebookNode) -> int:
    """Return the line of the chapter from which on its notebook differs."""
    ours = [source for _, source in sources(jupytext.read(chapter))]
    theirs = [source for _, source in sources(notebook)]
    lines, start = chapter.read_text(encoding="utf-8").split("\n"), 0
    for mine, other in zip_longest(ours, theirs, fillvalue=""):
        pairs = list(zip_longest(mine.split("\n"), other.split("\n")))
        if mine and pairs[0][0] in lines[start:]:
            start = lines.index(pairs[0][0], start) + 1
        if mine != other:
            return start + [a == b for a, b in pairs].index(False)
    return 1


def problem(chapter: Path, path: Path, root: Path, outputs: bool) -> str | None:
    """Say in what a pair disagrees, or None; `outputs` tells whether they are a difference."""
    where, name = (file.relative_to(root).as_posix() for file in (chapter, path))
    if not path.exists():
        return f"{where}:1: has no notebook; run `make notebooks`"
    try:
        notebook = read(path)
    except Unreadable as why:
        return f"{name}:{why}; run `make notebooks`"
    try:
        wanted = notebook_of(chapter)
    except ValueError as error:
        return str(error)
    if sources(notebook) != sources(nbformat.reads(wanted, as_version=4)):
        line = first_difference(chapter, notebook)
        return f"{where}:{line}: {path.name} differs; run `make notebooks`"
    if outputs and text_of(path) != wanted:
        return f"{name}:1: has been run or saved by Jupyter; `make notebooks` makes it clean"
    return None


def problems(root: Path = ROOT, outputs: bool = False) -> list[str]:
    """Return one line for every page with marks of a merge and for every pair that disagrees."""
    pairs = chapters(root)
    found = unmerged(root)
    found += filter(None, (problem(*pair, root, outputs) for pair in pairs))
    known = {notebook for _, notebook in pairs}
    for notebook in sorted((root / "book" / "notebooks").glob("*.ipynb")):
        if notebook not in known and ".edited" not in notebook.name:
            found.append(f"{notebook.relative_to(root).as_posix()}:1: has no chapter; remove it")
    return found


def main(arguments: list[str]) -> int:
    """Run one of the commands; return the exit status."""
    if arguments == ["write"]:
        try:
            print("\n".join(write()) or "the notebooks are up to date")
        except ValueError as error:
            print(error)
            return 1
        return 0
    if arguments in (["check"], ["lint"]):
        found = problems(outputs=arguments == ["lint"])
        print("\n".join(found) or f"{len(chapters(ROOT))} pairs agree", *kept_files(ROOT), sep="\n")
        return int(bool(found))
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
