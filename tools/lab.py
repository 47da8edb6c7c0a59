"""Lay the readers' notebooks out for JupyterLab, where no build touches them.

    python -m tools.lab    # to lab/notebooks, with the measurements they read in lab/records

The build writes each notebook from its finished page; here are copies of them to work in. What
a reader has changed stays, also when the book has changed since: then a line says so.
"""

import sys
from pathlib import Path

import nbformat

from tools import pairs
from tools.files import write_whole

ROOT = Path(__file__).resolve().parents[1]


def lay_out(root: Path = ROOT) -> list[str]:
    """Copy what is missing or unchanged; return a line for each copy that is behind the book."""
    built, folder = root / "_build" / "html" / "notebooks", root / "lab"
    for record in sorted((root / "book" / "records").glob("*.json")):
        place(folder / "records" / record.name, record.read_text(encoding="utf-8"))
    notebooks = sorted(built.glob("*.ipynb"))
    return [line for path in notebooks for line in lay(path, folder / "notebooks" / path.name)]


def place(path: Path, text: str) -> None:
    """Write a file, in a folder that need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)


def lay(built: Path, copy: Path) -> list[str]:
    """Copy one notebook, unless the copy was changed or is the same; say if it is behind."""
    notebook = pairs.read(built)
    now = pairs.fingerprint(notebook)
    if copy.exists():
        if made_from(copy) == now:
            return []
        if pairs.has_work(copy):
            return [f"{copy.name} holds your changes and stays; the book has changed since"]
    notebook.metadata[pairs.MARK] = {"made_from": built.name, "sha256": now}
    place(copy, nbformat.writes(notebook) + "\n")
    return []


def made_from(copy: Path) -> str:
    """Return the fingerprint of what a copy was made from; nothing if it does not say so."""
    try:
        return str(pairs.read(copy).metadata.get(pairs.MARK, {}).get("sha256", ""))
    except pairs.Unreadable:
        return ""


def main() -> int:
    """Lay the notebooks out; return the exit status."""
    print(*lay_out(), sep="\n", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
