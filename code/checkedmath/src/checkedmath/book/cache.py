"""Keep what was checked, by its content, so that an unchanged book costs no time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def digest(*parts: str) -> str:
    """Return a fingerprint of some texts, in which it matters where one ends."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def sources(package: Path) -> list[str]:
    """Return the names and the texts of all modules of a package that a check may depend on.

    That is all but the room `sphinx`, which shows what was checked.
    """
    shows = package / "sphinx"
    modules = [module for module in sorted(package.rglob("*.py")) if shows not in module.parents]
    names = [module.relative_to(package).as_posix() for module in modules]
    return [*names, *(module.read_text(encoding="utf-8") for module in modules)]


@lru_cache(maxsize=1)
def checker_fingerprint() -> str:
    """Return a fingerprint of all that decides a check: this package, its libraries, Python."""
    return digest(
        *sources(Path(__file__).parents[1]), version("sympy"), version("python-flint"), sys.version
    )


class Cache:
    """Records of earlier checks in one JSON file; an entry that does not add up is no entry.

    Parameters
    ----------
    path : Path or None
        The file. None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.stored = _load(path) if path else {}
        self.used: dict[str, Any] = {}

    def get(self, key: str) -> Record | None:
        """Return the record kept under a key, or None if there is none that can be trusted."""
        entry = self.stored.get(key)
        if not isinstance(entry, dict) or entry.get("sum") != _sum(key, entry.get("record")):
            return None
        self.used[key] = entry
        return entry["record"]

    def put(self, key: str, record: Record) -> None:
        """Keep a record under a key."""
        self.used[key] = {"sum": _sum(key, record), "record": record}

    def save(self) -> None:
        """Write what was used since, and only that, in one stroke: never half a file.

        A place that cannot be written costs time at the next check, and no more.
        """
        if self.path is None or self.used == self.stored:
            return
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self.path.parent, delete=False, encoding="utf-8"
            ) as file:
                json.dump(self.used, file)
            os.replace(file.name, self.path)


def _sum(key: str, record: object) -> str:
    return digest(key, json.dumps(record, sort_keys=True))


def _load(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}
