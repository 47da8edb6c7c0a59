"""What a piece of Python code says about its imports; it is read, not run."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field, replace

ANY = "*"
# Calls that import a module, or run code, that need not be named where they stand.
DYNAMIC = {"import_module", "__import__", "exec", "run_module", "run_path", "module_from_spec"}
# Modules and names by which code finds the files that lie beside it.
READS_FILES = {"importlib.resources", "importlib.resources.files", "pkgutil", "__file__"}


@dataclass(frozen=True)
class Use:
    """An attribute of a name, and the text that it is called with first, if there is one."""

    attribute: str
    argument: str


@dataclass(frozen=True)
class Import:
    """A module that is imported, and what is taken from it.

    Attributes
    ----------
    module, name : str
        The name is ``*`` where anything may be taken.
    argument : str
        The text that the name, a function, is called with, if that is known.
    uses : frozenset of Use, optional
        All that the code does with the name, if that is known.
    """

    module: str
    name: str
    argument: str = ""
    uses: frozenset[Use] | None = None


@dataclass
class Source:
    """What a piece of code says about its imports.

    Attributes
    ----------
    at_once, later, when_asked : set of Import
        What is imported when the code is run, what its functions import when called, and what of
        that comes from asking for a name that is not there.
    functions, bound : set of str
        The functions and classes, and all names, that are defined at its top.
    table : dict
        What may be the modules of names that are imported when they are asked for.
    by_table : bool
        Whether a function that is called imports modules of its own package from a table.
    dynamic, reads_files : bool
        Whether it imports any module that it does not name, or may read files beside it.
    """

    at_once: set[Import] = field(default_factory=set)
    later: set[Import] = field(default_factory=set)
    when_asked: set[Import] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    table: dict[str, set[str]] = field(default_factory=dict)
    by_table: bool = False
    dynamic: bool = False
    reads_files: bool = False


def read_source(code: str, package: str = "", is_init: bool = False) -> Source:
    """Read a piece of code.

    Parameters
    ----------
    code : str
        Python code.
    package : str
        The package it belongs to, from which its relative imports start. What belongs to none is
        seen as a whole: nobody else uses its names.
    is_init : bool
        Whether it is the package itself.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    reader = Reader(package, is_init)
    reader.visit(ast.parse(code))
    source = reader.source
    if not package:
        source.at_once = set(map(reader.with_uses, source.at_once))
    if reader.used[""] & source.functions:  # its own functions are called while it is imported
        source.at_once |= source.later
    if reader.used["__getattr__"] & source.functions:
        source.when_asked |= source.later
    return source


class Reader(ast.NodeVisitor):
    """Collects the imports of a piece of code."""

    def __init__(self, package: str, is_init: bool) -> None:
        self.package, self.is_init = package, is_init
        self.source = Source()
        self.inside: list[str] = []  # the functions around the place that is read
        self.names: dict[Import, str] = {}
        self.uses: dict[str, set[Use]] = {}
        self.used_otherwise: set[str] = set()
        self.used: dict[str, set[str]] = defaultdict(set)  # by function; outside of all: ""

    def with_uses(self, one: Import) -> Import:
        """Return an import with all that is done with its name, where that is known."""
        name = self.names.get(one, "")
        is_known = name and name not in self.used_otherwise
        return replace(one, uses=frozenset(self.uses.get(name, ()))) if is_known else one

    @property
    def function(self) -> str:
        """The outermost function around the place that is read."""
        return self.inside[0] if self.inside else ""

    # -- what is imported

    def add(self, module: str, name: str) -> None:
        """Note an import."""
        imports = self.source.later if self.inside else self.source.at_once
        imports.add(Import(module, name))
        if self.function == "__getattr__":
            self.source.when_asked.add(Import(module, name))
        self.source.reads_files |= bool({module, f"{module}.{name}"} & READS_FILES)

    def visit_Import(self, node: ast.Import) -> None:
        """Note modules; code that has a package may take anything from it."""
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self.add(alias.name, ANY)
            if alias.asname is None:
                self.add(top, ANY)
            self.bind(alias.asname or top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note a module and what is taken from it."""
        parts = self.package.split(".")
        start = parts[: len(parts) - node.level + 1] if node.level else []
        module = ".".join([*start, *filter(None, [node.module])])
        for alias in node.names:
            self.add(module, alias.name)
            self.names[Import(module, alias.name)] = alias.asname or alias.name
            self.bind(alias.asname or alias.name)

    def visit_If(self, node: ast.If) -> None:
        """Leave out what only a checker of types imports."""
        is_typing = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for part in node.orelse if is_typing else ast.iter_child_nodes(node):
            self.visit(part)

    # -- what is defined

    def bind(self, name: str) -> None:
        """Note a name that is defined, unless only a function knows it."""
        if not self.inside:
            self.source.bound.add(name)

    def define(self, name: str) -> None:
        """Note a function or class, unless only a function knows it."""
        if not self.inside:
            self.source.functions.add(name)
        self.bind(name)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read a function: its decorators and defaults at once, its body when it is called."""
        self.define(node.name)
        for part in [*node.decorator_list, node.args]:
            self.visit(part)
        self.inside.append(node.name)
        for statement in node.body:
            self.visit(statement)
        self.inside.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Read a class; its methods are functions."""
        self.define(node.name)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Note a table of names and modules, whichever of them comes first."""
        if not self.inside:
            for key, value in zip(node.keys, node.values, strict=True):
                for name, module in entries(key, value):
                    self.source.table.setdefault(name, set()).add(module)
        self.generic_visit(node)

    # -- what is used

    def visit_Name(self, node: ast.Name) -> None:
        """Note a name that is set, or used otherwise than for an attribute."""
        self.used_otherwise.add(node.id)
        if isinstance(node.ctx, ast.Store):
            self.bind(node.id)
        else:
            self.used[self.function].add(node.id)
        self.source.reads_files |= node.id in READS_FILES

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note an attribute."""
        self.use(node, "")

    def use(self, node: ast.Attribute, argument: str) -> None:
        """Note an attribute, and the text that it is called with."""
        if isinstance(node.value, ast.Name):
            self.uses.setdefault(node.value.id, set()).add(Use(node.attr, argument))
        else:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """Note what is called, with which text, and whether that may import a module."""
        first = node.args[0] if node.args else None
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in DYNAMIC:
            own = self.is_init and bool(self.inside) and start_of(first) == f"{self.package}."
            self.source.by_table |= own and self.function != "__getattr__"
            self.source.dynamic |= not own
        if isinstance(node.func, ast.Attribute):
            self.use(node.func, text_of(first))
        else:
            self.visit(node.func)
        for part in [*node.args, *node.keywords]:
            self.visit(part)


def entries(key: ast.expr | None, value: ast.expr) -> list[tuple[str, str]]:
    """Return the names and modules of an entry of a table, of the form a: b or b: (a, ...)."""
    first = text_of(key)
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return [(name, first) for name in map(text_of, value.elts) if name and first]
    second = text_of(value)
    return [(first, second)] if first and second else []


def start_of(node: ast.expr | None) -> str:
    """Return the text that a formatted text begins with."""
    return text_of(node.values[0]) if isinstance(node, ast.JoinedStr) and node.values else ""


def text_of(node: ast.expr | None) -> str:
    """Return a text that is written as such, or an empty one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
