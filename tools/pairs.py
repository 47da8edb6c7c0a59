"""Write or check the notebooks that belong to the chapters.

The text in ``book/chapters`` is the truth; a notebook is made from it and never edited.
Jupytext's own ``--sync`` goes by file times and could overwrite an edit, and its ``--test`` does
not see a pair that disagrees, so this compares the cells themselves.

    python -m tools.pairs write      # make the notebooks anew
    python -m tools.pairs check      # fail if one differs from its chapter
"""

import hashlib
import json
import sys
from itertools import zip_longest
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parents[1]
MARK = "from_logits_to_loss"  # the notebook's metadata that says what it was made from


def chapters(root):
    """Return the pairs ``(chapter, notebook)``, in the order of their names."""
    folder = root / "book" / "notebooks"
    texts = sorted((root / "book" / "chapters").glob("*.md"))
    return [(text, folder / f"{text.stem}.ipynb") for text in texts]


def fingerprint(notebook):
    """Return a hash of what an author writes in a notebook: the cells, not their outputs."""
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def notebook_of(chapter):
    """Return the notebook that a chapter stands for, as text."""
    notebook = jupytext.read(chapter)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{chapter.stem}-{number}"[-64:]  # the same on every run
    notebook.metadata.pop("jupytext", None)
    notebook.metadata[MARK] = {"made_from": chapter.name, "sha256": fingerprint(notebook)}
    return nbformat.writes(notebook, version=4) + "\n"


def edited_by_hand(path):
    """Tell whether the cells of a notebook are no longer those it was made with."""
    notebook = nbformat.read(path, as_version=4)
    return notebook.metadata.get(MARK, {}).get("sha256") != fingerprint(notebook)


def write(root=ROOT):
    """Write every notebook that is missing or differs; return what was done, a line each.

    An edit made in a notebook is never lost: it is kept beside the new one.
    """
    done = []
    for chapter, notebook in chapters(root):
        text = notebook_of(chapter)
        if notebook.exists() and notebook.read_text(encoding="utf-8") == text:
            continue
        if notebook.exists() and edited_by_hand(notebook):
            kept = notebook.with_suffix(".edited.ipynb")
            notebook.replace(kept)
            done.append(f"{notebook.name} had been edited; the edit is kept in {kept.name}")
        notebook.parent.mkdir(exist_ok=True)
        notebook.write_text(text, encoding="utf-8")
        done.append(f"wrote {notebook.name}")
    return done


def first_difference(chapter, notebook):
    """Return the line of the chapter from which on its notebook differs."""
    ours = [cell.source for cell in jupytext.read(chapter).cells]
    theirs = [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
    lines, start = chapter.read_text(encoding="utf-8").split("\n"), 0
    for mine, other in zip_longest(ours, theirs, fillvalue=""):
        pairs = list(zip_longest(mine.split("\n"), other.split("\n")))
        if mine and pairs[0][0] in lines[start:]:
            start = lines.index(pairs[0][0], start) + 1
        if mine != other:
            return start + [a == b for a, b in pairs].index(False)
    return 1


def problems(root=ROOT):
    """Return one line for every pair that disagrees."""
    found = []
    for chapter, notebook in chapters(root):
        where = chapter.relative_to(root).as_posix()
        if not notebook.exists():
            found.append(f"{where}:1: has no notebook; run `make notebooks`")
        elif notebook.read_text(encoding="utf-8") != notebook_of(chapter):
            line = first_difference(chapter, notebook)
            found.append(f"{where}:{line}: {notebook.name} differs; run `make notebooks`")
    known = {notebook for _, notebook in chapters(root)}
    for notebook in sorted((root / "book" / "notebooks").glob("*.ipynb")):
        if notebook not in known and not notebook.name.endswith(".edited.ipynb"):
            found.append(f"{notebook.relative_to(root).as_posix()}:1: has no chapter; remove it")
    return found


def main(arguments):
    """Run one of the two commands; return the exit status."""
    if arguments == ["write"]:
        print("\n".join(write()) or "the notebooks are up to date")
        return 0
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) or f"{len(chapters(ROOT))} pairs agree")
        return bool(found)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
