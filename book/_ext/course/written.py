"""What a build writes: it is as a build from nothing would write it.

At its end a build notes every file that it leaves. Whatever is no longer so when the next begins
(cut, edited, half written by a build that was stopped) is removed, and made again. Pages that show
something of other pages are written again when that has changed, and what no page of the book
belongs to any more is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from course.memory import memory_of

NOTE = ".written.json"
EXECUTED = "jupyter_execute"  # the cells of each page with their outputs
TEXTS = "texts"  # what the search shows of each page
# Folders of which every file belongs to a page, a picture, a notebook or a record of the book.
OWNED = ("book", "_sources", "_images", "notebooks", "records", TEXTS)
# What pages show of each other, by the domain of Sphinx that keeps it.
SHOWN = {
    "std": ("labels", "anonlabels", "objects"),
    "math": ("objects",),
    "py": ("objects",),
}


def page_folder(app: Sphinx, exception: Exception | None) -> Path | None:
    """Return where the pages are if the build has succeeded and has written pages for the web."""
    return Path(app.outdir) if exception is None and app.builder.name == "html" else None


def renew(target: Path, content: bytes) -> None:
    """Write a file in one stroke, never half of it, unless it has this content."""
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(target)


def digest(content: bytes) -> str:
    """Return a fingerprint of some bytes."""
    return hashlib.sha256(content).hexdigest()


# -- files that are not as they were left


class Damage:
    """Finds and removes what is not as the last build left it."""

    def __init__(self) -> None:
        self.beyond_pages = False

    def remove(self, app: Sphinx) -> None:
        """Remove every file that has changed; Sphinx makes a missing page again by itself."""
        folder = Path(app.doctreedir).parent
        for name, known in read_note(folder).items():
            path = folder / name
            if path.is_file() and digest(path.read_bytes()) == known:
                continue
            path.unlink(missing_ok=True)
            if name.startswith(EXECUTED):  # it comes when its page is read
                page = Path(name).relative_to(EXECUTED).with_suffix(".doctree")
                (Path(app.doctreedir) / page).unlink(missing_ok=True)
            else:
                self.beyond_pages |= path.suffix != ".doctree" and not is_page(app, path)

    def note(self, app: Sphinx, exception: Exception | None) -> None:
        """Note what this build leaves."""
        if exception is None:
            folder = Path(app.doctreedir).parent
            files = [
                *files_in(Path(app.outdir)),
                *Path(app.doctreedir).rglob("*.doctree"),
                *(folder / EXECUTED).rglob("*.ipynb"),
            ]
            left = {
                path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files
            }
            renew(folder / NOTE, json.dumps(left, indent=0, sort_keys=True).encode())

    def pages_to_write(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return all pages if a file is missing that only goes with all of them."""
        return sorted(env.found_docs) if self.beyond_pages else []


def read_note(folder: Path) -> dict[str, str]:
    """Return what the last build has left; nothing if that cannot be read."""
    try:
        left = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return left if isinstance(left, dict) else {}


def is_page(app: Sphinx, path: Path) -> bool:
    """Tell whether a file is a page of the book, which can be written without the others."""
    book = Path(app.outdir) / "book"
    return path.suffix == ".html" and path.is_relative_to(book)


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder, however deep."""
    return (path for path in folder.rglob("*") if path.is_file())


def refuse_foreign_files(app: Sphinx, config: object) -> None:
    """Stop with a remedy if an earlier build by somebody else has left files in the way."""
    for folder in (Path(app.outdir), Path(app.doctreedir)):
        for path in [folder, *folder.rglob("*")]:
            if path.exists() and not os.access(path, os.W_OK):
                raise ExtensionError(
                    f"{path} cannot be written: it was built by another user. Remove the folder"
                    f" {folder.parent} (for instance `sudo rm -r {folder.parent}`) and build again"
                )


# -- pages that show what others say


def pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all pages if what they show of each other, or their style, has changed."""
    memory, common = memory_of(env), common_parts(env)
    if memory.common == common:
        return []
    memory.common = common
    return sorted(env.found_docs)


def common_parts(env: BuildEnvironment) -> str:
    """Return a fingerprint of titles, numbers, labels, citations, and the static files."""
    shown = [env.domaindata[domain].get(name) for domain in SHOWN for name in SHOWN[domain]]
    numbers = [env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers]
    titles = {name: title.astext() for name, title in env.titles.items()}
    references = env.domaindata["cite"]["citation_refs"]
    cited = sorted({target.key for reference in references for target in reference.targets})
    files = [*files_in(Path(env.srcdir) / "book" / "_static"), *env.config.bibtex_bibfiles]
    contents = [digest(Path(env.srcdir, file).read_bytes()) for file in sorted(map(str, files))]
    return digest(repr([*map(ordered, [*shown, *numbers, titles]), cited, contents]).encode())


def ordered(value: Any) -> str:
    """Return a value in words that do not depend on the order in which pages were read."""
    if isinstance(value, dict):
        return repr(sorted((repr(key), ordered(item)) for key, item in value.items()))
    return repr(value)


# -- what belongs to no page


def remove_leftovers(app: Sphinx, exception: Exception | None) -> None:
    """Remove pages, texts, pictures and notebooks of chapters that are gone or renamed."""
    if pages := page_folder(app, exception):
        kept = set(belonging(app))
        for folder in OWNED:
            for path in sorted((pages / folder).rglob("*"), reverse=True):
                if path.is_dir():
                    remove_if_empty(path)
                elif path not in kept:
                    path.unlink()


def belonging(app: Sphinx) -> Iterator[Path]:
    """Yield the files that belong to a page of the book."""
    pages, root = Path(app.outdir), Path(app.srcdir)
    for name in app.env.found_docs:
        yield pages / f"{name}.html"
        yield pages / TEXTS / f"{name}.js"
        yield pages / "_sources" / app.env.doc2path(name, base=False)
    for _, name in app.env.images.values():
        yield pages / "_images" / name
    for folder, kind in (("notebooks", "*.ipynb"), ("records", "*.json")):
        yield from (pages / folder / path.name for path in (root / "book" / folder).glob(kind))


def remove_if_empty(folder: Path) -> None:
    """Remove a folder in which nothing is left."""
    if not any(folder.iterdir()):
        folder.rmdir()
