"""Which files of the book's packages a piece of code depends on.

The code is read, not run. A package's names are followed to the modules that they come from, also
those that it imports only when they are asked for. Where reading cannot tell (a module named by a
variable, a name that nothing defines) the answer is the whole package, or all of them: a file too
many costs a run, a file too few would leave an old result on a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from course.sources import ANY, Import, Source, Use, read_source

NO_DATA = {".pyc", ".pyi", ".typed", ".md", ".toml"}
INIT = "__init__.py"


@dataclass(frozen=True)
class Packages:
    """The packages and modules of the book, in one folder.

    Parameters
    ----------
    folder : Path
        Whatever is imported from elsewhere is not followed.
    """

    folder: Path

    def files_of(self, code: str) -> set[Path]:
        """Return the files that code depends on."""
        try:
            source = read_source(code)
        except SyntaxError:  # a magic command of IPython
            return self.everything()
        walk = Walk(self)
        walk.follow(source.at_once | source.later)
        walk.beyond_imports(source, self.folder)
        return walk.files

    def everything(self) -> set[Path]:
        """Return all files that code can import or read."""
        return set(contents(self.folder))

    def file_of(self, module: str) -> Path | None:
        """Return the file of a module, or None if it is none of the book's."""
        top, *parts = module.split(".")
        file = top_file(top)
        if file is None or not file.is_relative_to(self.folder):
            return None
        for part in parts:
            folder = file.parent / part
            places = [folder / INIT, folder.with_suffix(".py")] if file.name == INIT else []
            found = [place for place in places if place.is_file()]
            if not found:
                return None
            file = found[0]
        return file


class Walk:
    """Follows imports from module to module.

    Attributes
    ----------
    files : set of Path
        What has been reached.
    """

    def __init__(self, packages: Packages) -> None:
        self.packages = packages
        self.files: set[Path] = set()
        self.followed: set[Import] = set()

    def follow(self, imports: Iterable[Import]) -> None:
        """Reach what is imported, and what that imports."""
        for one in set(imports) - self.followed:
            self.followed.add(one)
            if self.packages.file_of(one.module.partition(".")[0]):
                self.reach_module(one.module)
                self.reach_name(one)

    def reach_module(self, module: str) -> None:
        """Reach a module and the packages around it; whatever is no module is a name in one."""
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            name = ".".join(parts[:length])
            file = self.packages.file_of(name)
            if file is None:
                self.follow([Import(".".join(parts[: length - 1]), ANY)])
                return
            self.load(name, file)

    def load(self, module: str, file: Path) -> None:
        """Reach one file; of a package, what its functions import waits for their call."""
        if file in self.files:
            return
        self.files.add(file)
        source = source_of(module, file)
        self.follow(source.at_once)
        if file.name != INIT:
            self.follow(source.later)
        self.beyond_imports(source, file.parent)

    def reach_name(self, wanted: Import) -> None:
        """Reach what a package gives under a name; a module is reached as a whole already."""
        file = self.packages.file_of(wanted.module)
        if file is None or file.name != INIT:
            return
        source = source_of(wanted.module, file)
        inner = f"{wanted.module}.{wanted.name}"
        if wanted.name == ANY:
            self.reach_all(wanted.module, file.parent)
        elif self.packages.file_of(inner):
            self.reach_module(inner)
            self.follow(uses_of(inner, wanted.uses))
        elif wanted.name in source.functions:
            self.follow(source.later)
            if source.by_table:
                self.reach_later(wanted.module, wanted.argument, source)
        elif wanted.name not in source.bound:
            self.follow(source.when_asked)
            self.reach_later(wanted.module, wanted.name, source)

    def reach_later(self, package: str, name: str, source: Source) -> None:
        """Reach what a package imports when asked for a name; all of it, if that is unknown."""
        modules = [f"{package}.{target}" for target in source.table.get(name, ())]
        found = [module for module in modules if self.packages.file_of(module)]
        self.follow(Import(module, ANY) for module in found or [package])

    def reach_all(self, package: str, folder: Path) -> None:
        """Reach every module of a package, and the data in it."""
        for file in contents(folder):
            if file.suffix == ".py":
                inner = file.relative_to(folder).with_suffix("").parts
                names = [name for name in inner if name != "__init__"]
                module = ".".join([package, *names])
                self.load(module, file)
                self.follow(source_of(module, file).later)
            self.files.add(file)

    def beyond_imports(self, source: Source, folder: Path) -> None:
        """Reach what code may import or read without an import that names it."""
        if source.dynamic:
            self.files |= self.packages.everything()
        elif source.reads_files:
            self.files |= {file for file in contents(folder) if file.suffix != ".py"}


def uses_of(module: str, uses: frozenset[Use] | None) -> list[Import]:
    """Return what is taken from a module that has a name; anything, where that is not known."""
    if uses is None:
        return [Import(module, ANY)]
    return [Import(module, use.attribute, use.argument) for use in uses]


@cache
def top_file(name: str) -> Path | None:
    """Return the file of a module or package that stands in none."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).resolve() if spec and spec.has_location and spec.origin else None


@cache
def source_of(module: str, file: Path) -> Source:
    """Read a module, once in a build."""
    package = module if file.name == INIT else module.rpartition(".")[0]
    return read_source(file.read_text(encoding="utf-8"), package, is_init=file.name == INIT)


def contents(folder: Path) -> list[Path]:
    """Return the modules and the data in a folder."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in NO_DATA
        and not any(part.endswith((".egg-info", "__pycache__")) for part in path.parts)
    ]
