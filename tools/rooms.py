"""Draw which room of the house imports which, and fail where the plan is broken.

    python -m tools.rooms                    # print rooms, floors and arrows, then what is wrong
    python -m tools.rooms --check            # only what is wrong; part of `make lint`
    python -m tools.rooms --draw rooms.svg   # draw them too (needs Graphviz)
    python -m tools.rooms --root ../another  # another checkout, also one of the flat layout

A *room* is a folder inside a package; a module that stands directly in its package is a room of its
own. An *arrow* goes from who imports to what is imported. The *floor* of a room is one above the
highest room that it imports. An arrow is dashed if each of its imports stands inside a function or
under ``if TYPE_CHECKING``. That makes a start quicker, and no house simpler: a dashed arrow counts
like any other. What is imported by a string is not seen.

Exit status 1: a circle of modules or of rooms (the arrow that closes it goes up, whatever the
floors), an arrow against the order of the parts, or a function whose body has more than 25 lines,
without its docstring, blank lines and comments.
"""

import argparse
import ast
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 25  # lines of a function's body
PARTS = ("softmaxlab", "checkedmath", "book", "tools", "benchmarks")
MAY_IMPORT = {
    "softmaxlab": (),
    "checkedmath": (),
    "book": ("softmaxlab", "checkedmath"),
    "tools": ("softmaxlab", "checkedmath"),
    "benchmarks": ("softmaxlab", "checkedmath", "tools"),
}

LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)  # what is inside runs when called

Graph = dict[str, list[str]]  # who imports whom


class Module(NamedTuple):
    """A file of Python and the part of the house that it belongs to."""

    path: Path
    part: str


class Arrow(NamedTuple):
    """One import: who, what, on which line, and whether not at the start."""

    user: str
    used: str
    line: int
    late: bool


# Reading the files --------------------------------------------------------------------------------


def modules(root: Path) -> dict[str, Module]:
    """Return all modules of a checkout by their full names."""
    found = {}
    for part, base, folder in folders(root):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(path, part)
    return found


def folders(root: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield each part, the folder from which its names are counted, and the folder to read."""
    for package in sorted(path for path in (root / "code").iterdir() if path.is_dir()):
        source = package / "src"
        yield (package.name, *((source, source) if source.is_dir() else (root / "code", package)))
    yield "book", root / "book" / "_ext", root / "book" / "_ext"
    yield "tools", root, root / "tools"
    yield "benchmarks", root, root / "benchmarks"


def imports(node: ast.AST, package: str, late: bool = False) -> Iterator[tuple[str, int, bool]]:
    """Yield what is imported below a node: the full name, the line, and whether not at the start.

    Of ``from a.b import c`` the name is ``a.b.c``, for c may be a module.
    """
    late = late or isinstance(node, LATER) or is_for_types(node)
    if isinstance(node, ast.Import):
        yield from ((alias.name, node.lineno, late) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: 1 - node.level or None] if node.level else []
        start = ".".join(filter(None, [*above, node.module]))
        yield from ((f"{start}.{alias.name}", node.lineno, late) for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from imports(child, package, late)


def is_for_types(node: ast.AST) -> bool:
    """Tell whether a node is ``if TYPE_CHECKING``."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def arrows(known: dict[str, Module]) -> list[Arrow]:
    """Return every import of a module of the house by another."""
    found = []
    for user, module in known.items():
        is_package = module.path.name == "__init__.py"
        package = user if is_package else user.rpartition(".")[0]
        tree = ast.parse(module.path.read_text(encoding="utf-8"))
        for name, line, late in imports(tree, package):
            used = known_part(name, known)
            if used not in (None, user):
                found.append(Arrow(user, used, line, late))
    return found


def known_part(name: str, known: dict[str, Module]) -> str | None:
    """Return the module that a dotted name leads to: the longest beginning that is one."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def room_of(module: str) -> str:
    """Return the room that a module stands in."""
    return ".".join(module.split(".")[:2])


# What the arrows come to --------------------------------------------------------------------------


def graph_of(names: list[str], found: list[Arrow]) -> Graph:
    """Return who imports whom among some names, in alphabetical order."""
    graph: dict[str, set[str]] = {name: set() for name in names}
    for arrow in found:
        if arrow.user in graph and arrow.used in graph and arrow.user != arrow.used:
            graph[arrow.user].add(arrow.used)
    return {name: sorted(graph[name]) for name in sorted(graph)}


def between_rooms(found: list[Arrow]) -> list[Arrow]:
    """Return the arrows that leave a room, from room to room."""
    named = (arrow._replace(user=room_of(arrow.user), used=room_of(arrow.used)) for arrow in found)
    return [arrow for arrow in named if arrow.user != arrow.used]


def without_circles(graph: Graph) -> tuple[Graph, list[list[str]]]:
    """Return a graph without the arrows that close circles, and these circles, arrow by arrow."""
    rest, circles = {name: list(used) for name, used in graph.items()}, []
    while True:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]  # it names what is imported first
            circles.append(circle)
            rest[circle[-2]].remove(circle[-1])
        else:
            return rest, circles


def floors(graph: Graph) -> dict[str, int]:
    """Return the floor of every name; what imports nothing of the house is on floor 1."""
    rest, _ = without_circles(graph)
    floor: dict[str, int] = {}
    for name in TopologicalSorter(rest).static_order():
        floor[name] = 1 + max((floor[used] for used in rest[name]), default=0)
    return floor


def plan_problems(known: dict[str, Module], found: list[Arrow], root: Path) -> list[str]:
    """Return one line for each circle and for each arrow against the order of the parts."""
    rooms = sorted({room_of(name) for name in known})
    circles = without_circles(graph_of(list(known), found))[1]
    circles += without_circles(graph_of(rooms, between_rooms(found)))[1]
    lines = list(dict.fromkeys(f"a circle: {' -> '.join(circle)}" for circle in circles))
    for arrow in found:
        user, used = known[arrow.user].part, known[arrow.used].part
        if user != used and used not in MAY_IMPORT[user]:
            path = known[arrow.user].path.relative_to(root).as_posix()
            lines.append(f"{path}:{arrow.line}: an arrow upward: {user} imports {arrow.used}")
    return lines


# How long functions are ---------------------------------------------------------------------------


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """Return the lines of a function's body without docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    first = min([body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))])
    inside = (line.strip() for line in lines[first - 1 : body[-1].end_lineno])
    return sum(bool(line) and not line.startswith("#") for line in inside)


def long_functions(paths: list[Path], root: Path) -> list[str]:
    """Return one line for every function whose body is too long."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = body_lines(node, text.splitlines())
                if count > LONGEST:
                    where = f"{path.relative_to(root).as_posix()}:{node.lineno}"
                    found.append(f"{where}: the body of {node.name} has {count} lines")
    return found


# Showing it ---------------------------------------------------------------------------------------


def rooms_of(part: str, known: dict[str, Module], found: list[Arrow]) -> Graph:
    """Return the rooms of a part and the arrows among them."""
    names = sorted({room_of(name) for name, module in known.items() if module.part == part})
    return graph_of(names, between_rooms(found))


def report(known: dict[str, Module], found: list[Arrow]) -> Iterator[str]:
    """Yield the lines that describe each part: its floors from the top, its rooms, their arrows."""
    solid = solid_pairs(found)
    for part in PARTS:
        names = [name for name in known if known[name].part == part]
        rooms, inside = rooms_of(part, known, found), graph_of(names, found)
        level = floors(rooms)
        yield (
            f"\n{part}: {len(names)} modules in {len(rooms)} rooms on "
            f"{max(level.values(), default=0)} floors; arrows inside: {count(inside)} between "
            f"modules, {count(rooms)} between rooms"
        )
        for room in sorted(rooms, key=lambda name: (-level[name], name)):
            used = [("" if (room, one) in solid else "~") + short(one) for one in rooms[room]]
            yield f"{level[room]:4}  {short(room)}" + (f" -> {' '.join(used)}" if used else "")
    yield "\nfrom part to part:"
    for pair, number in between_parts(known, found).items():
        yield f"      {' -> '.join(pair)}: {number} arrows"


def between_parts(known: dict[str, Module], found: list[Arrow]) -> dict[tuple[str, str], int]:
    """Return the numbers of arrows that lead from one part to another."""
    pairs = Counter((known[arrow.user].part, known[arrow.used].part) for arrow in found)
    return {pair: pairs[pair] for pair in sorted(pairs) if pair[0] != pair[1]}


def count(graph: Graph) -> int:
    """Return the number of arrows."""
    return sum(map(len, graph.values()))


def short(room: str) -> str:
    """Return the name of a room without its package."""
    return room.rpartition(".")[2]


def solid_pairs(found: list[Arrow]) -> set[tuple[str, str]]:
    """Return the pairs of rooms of which one imports the other at the start."""
    return {(arrow.user, arrow.used) for arrow in between_rooms(found) if not arrow.late}


def drawing(known: dict[str, Module], found: list[Arrow]) -> str:
    """Return the rooms and arrows in Graphviz's language.

    Each part has a frame; all arrows from part to part are drawn as one, from frame to frame.
    """
    graphs = {part: rooms_of(part, known, found) for part in PARTS}
    lines = ['compound=true ranksep=0.35 fontname="sans-serif" edge [fontname="sans-serif"]']
    lines += ['node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"]']
    for part, graph in graphs.items():
        lines.append(f'subgraph "cluster {part}" {{ label="{part}" bgcolor=gray95 color=gray70')
        lines += [*boxes(graph, known), "}", *inner_arrows(graph, solid_pairs(found))]
    for (user, used), number in between_parts(known, found).items():
        low, high = (list(floors(graphs[part])) for part in (user, used))  # from the ground up
        lines.append(
            f'"{low[0]}" -> "{high[-1]}" [ltail="cluster {user}" lhead="cluster {used}" '
            f'label="{number}" color=gray40 penwidth=2]'
        )
    return "digraph rooms {\n" + "\n".join(lines) + "\n}\n"


def boxes(graph: Graph, known: dict[str, Module]) -> Iterator[str]:
    """Yield rooms in Graphviz's language, with the numbers of their modules.

    Rooms without any arrow stand on top of each other: side by side they would fill the page.
    """
    sizes, busy = Counter(map(room_of, known)), {one for used in graph.values() for one in used}
    alone = [room for room in graph if not graph[room] and room not in busy]
    for room in graph:
        size = f"\\n{sizes[room]} modules" if sizes[room] > 1 else ""
        yield f'"{room}" [label="{short(room)}{size}"]'
    for above, below in pairwise(alone):
        yield f'"{above}" -> "{below}" [style=invis]'


def inner_arrows(graph: Graph, solid: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the arrows between rooms of one part in Graphviz's language."""
    for user, names in graph.items():
        for used in names:
            yield f'"{user}" -> "{used}"' + ("" if (user, used) in solid else " [style=dashed]")


def draw(path: Path, graph: str) -> None:
    """Write a drawing as SVG, where there is Graphviz."""
    if shutil.which("dot") is None:
        print("no drawing, for there is no Graphviz (its command `dot`); the lists say the same")
    else:
        subprocess.run(["dot", "-Tsvg", "-o", path], input=graph, text=True, check=True)


def main(arguments: list[str]) -> int:
    """Print and draw what is asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="tools.rooms", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to look at")
    parser.add_argument("--check", action="store_true", help="print only what is wrong")
    parser.add_argument("--draw", type=Path, metavar="SVG", help="write a drawing to this file")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    known = modules(root)
    found = arrows(known)
    if not options.check:
        print(*report(known, found), sep="\n")
        print("\n~ in front of a room: imported inside a function or for types alone\n")
    if options.draw:
        draw(options.draw, drawing(known, found))
    wrong = plan_problems(known, found, root)
    wrong += long_functions([module.path for module in known.values()], root)
    print("\n".join(wrong) or "no circle, no arrow upward, no long function")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
