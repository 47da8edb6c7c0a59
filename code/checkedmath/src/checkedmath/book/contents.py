"""The table of contents: which pages a book has, and in what order they are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checkedmath.book.plain_yaml import YamlFault, read_yaml
from checkedmath.errors import CheckError

#: The files that hold a page; only Markdown is read here.
SUFFIXES = (".md", ".ipynb", ".rst")


class BookError(CheckError):
    """A book that cannot be read at all."""


def find_root(folder: Path) -> Path:
    """Return the nearest folder, from here upward, that holds a `_toc.yml`."""
    for candidate in [folder.resolve(), *folder.resolve().parents]:
        if (candidate / "_toc.yml").is_file():
            return candidate
    raise BookError(f"{folder} holds no book: there is no _toc.yml in it or above it")


def table_of_contents(root: Path, toc: Path) -> list[str]:
    """Return the names of the pages, without suffix, in reading order."""
    try:
        contents = read_yaml(toc.read_text(encoding="utf-8"))
    except OSError as error:
        raise BookError(f"{toc}: cannot be read: {error.strerror}") from None
    except YamlFault as error:
        raise BookError(f"{toc}:{error.line + 1}: is no YAML: {error}") from None
    return list(dict.fromkeys(_names(contents, root)))


def _names(part: object, root: Path) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _names(each, root)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("root", "file"):
                yield _without_suffix(str(value))
            elif key == "glob":
                yield from sorted(_matches(str(value), root))
            else:
                yield from _names(value, root)


def _matches(pattern: str, root: Path) -> set[str]:
    found = [path for suffix in SUFFIXES for path in root.glob(pattern + suffix)]
    return {path.relative_to(root).with_suffix("").as_posix() for path in found}


def _without_suffix(name: str) -> str:
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def path_of(root: Path, docname: str) -> str:
    """Return the file of a page, counted from the root of the book."""
    for suffix in SUFFIXES:
        if (root / f"{docname}{suffix}").is_file():
            return docname + suffix
    return f"{docname}.md"
