"""The plan of the house is read from its imports, and what breaks it is named."""

import ast
import shutil

import pytest

from tools import rooms

FLAT = {
    "code/softmaxlab/__init__.py": "from softmaxlab.losses import loss",
    "code/softmaxlab/losses.py": "import numpy\nfrom softmaxlab import _rows",
    "code/softmaxlab/_rows.py": "",
    "code/checkedmath/__init__.py": "",
    "book/_ext/course_toc.py": "import softmaxlab",
    "tools/__init__.py": "",
    "benchmarks/__init__.py": "",
}
ROOMS = {
    "code/softmaxlab/src/softmaxlab/__init__.py": "from softmaxlab.losses import loss",
    "code/softmaxlab/src/softmaxlab/losses.py": "from softmaxlab._numerics import blocks",
    "code/softmaxlab/src/softmaxlab/_numerics/__init__.py": "",
    "code/softmaxlab/src/softmaxlab/_numerics/blocks.py": "from . import memory",
    "code/softmaxlab/src/softmaxlab/_numerics/memory.py": "",
    "code/checkedmath/src/checkedmath/__init__.py": "def setup():\n    import checkedmath.errors",
    "code/checkedmath/src/checkedmath/errors.py": "",
    "book/_ext/course/__init__.py": "from softmaxlab import losses\nfrom checkedmath import errors",
    "tools/__init__.py": "",
    "benchmarks/__init__.py": "",
}
NUMERICS = "code/softmaxlab/src/softmaxlab/_numerics"


@pytest.fixture
def house(tmp_path):
    """Return a function that builds a house, changed in some files, and returns its folder."""

    def build(files, changed=None):
        for name, text in (files | (changed or {})).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text + "\n", encoding="utf-8")
        return tmp_path

    return build


def pairs(root):
    """Return the arrows of a house without their lines."""
    return {(arrow.user, arrow.used) for arrow in rooms.arrows(rooms.modules(root))}


def wrong(root):
    """Return what is wrong with the plan of a house."""
    known = rooms.modules(root)
    return rooms.plan_problems(known, rooms.arrows(known), root)


class TestReading:
    def test_flat(self, house):
        assert pairs(house(FLAT)) == {
            ("softmaxlab", "softmaxlab.losses"),
            ("softmaxlab.losses", "softmaxlab._rows"),
            ("course_toc", "softmaxlab"),
        }

    def test_with_rooms(self, house):
        assert pairs(house(ROOMS)) == {
            ("softmaxlab", "softmaxlab.losses"),
            ("softmaxlab.losses", "softmaxlab._numerics.blocks"),
            ("softmaxlab._numerics.blocks", "softmaxlab._numerics.memory"),
            ("checkedmath", "checkedmath.errors"),
            ("course", "softmaxlab.losses"),
            ("course", "checkedmath.errors"),
        }

    @pytest.mark.parametrize(
        ("code", "found"),
        [
            ("import a.b, c", [("a.b", False), ("c", False)]),
            ("from a import b, c", [("a.b", False), ("a.c", False)]),
            ("from . import d", [("p.q.d", False)]),
            ("from .d import e", [("p.q.d.e", False)]),
            ("from ..r import e", [("p.r.e", False)]),
            ("def f():\n    import a", [("a", True)]),
            ("async def f():\n    import a", [("a", True)]),
            ("class A:\n    import a", [("a", False)]),
            ("if TYPE_CHECKING:\n    import a", [("a", True)]),
            ("if typing.TYPE_CHECKING:\n    import a", [("a", True)]),
            ("try:\n    import a\nexcept ImportError:\n    pass", [("a", False)]),
        ],
    )
    def test_every_form_of_an_import(self, code, found):
        read = rooms.imports(ast.parse(code), "p.q")
        assert [(name, late) for name, _, late in read] == found


class TestPlan:
    @pytest.mark.parametrize("files", [FLAT, ROOMS], ids=["flat", "rooms"])
    def test_a_house_in_order(self, house, files):
        assert wrong(house(files)) == []

    def test_floors(self):
        graph = {"a": ["b", "c"], "b": ["c"], "c": [], "d": []}
        assert rooms.floors(graph) == {"a": 3, "b": 2, "c": 1, "d": 1}

    def test_a_circle_of_modules_in_one_room(self, house):
        changed = {f"{NUMERICS}/memory.py": "from softmaxlab._numerics import blocks"}
        (problem,) = wrong(house(ROOMS, changed=changed))
        assert problem.startswith("a circle: softmaxlab._numerics.")
        assert {"blocks", "memory"} == {
            name.rpartition(".")[2] for name in problem.removeprefix("a circle: ").split(" -> ")
        }

    def test_a_circle_of_rooms_whose_modules_make_none(self, house):
        changed = {f"{NUMERICS}/memory.py": "from softmaxlab import activations"}
        top = {"code/softmaxlab/src/softmaxlab/activations.py": "from softmaxlab import _numerics"}
        (problem,) = wrong(house(ROOMS, changed=changed | top))
        assert "softmaxlab.activations" in problem
        assert "softmaxlab._numerics" in problem
        assert "memory" not in problem

    @pytest.mark.parametrize(
        "late", ["def f():\n    {}", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}"]
    )
    def test_a_late_import_closes_a_circle_too(self, house, late):
        changed = {f"{NUMERICS}/memory.py": late.format("from softmaxlab._numerics import blocks")}
        assert len(wrong(house(ROOMS, changed=changed))) == 1

    @pytest.mark.parametrize(
        ("file", "code", "said"),
        [
            (
                f"{NUMERICS}/memory.py",
                "import checkedmath.errors",
                "softmaxlab imports checkedmath",
            ),
            (f"{NUMERICS}/memory.py", "\nimport course", "softmaxlab imports course"),
            (
                "code/checkedmath/src/checkedmath/errors.py",
                "from softmaxlab import losses",
                "checkedmath imports softmaxlab.losses",
            ),
            ("book/_ext/course/__init__.py", "import tools", "book imports tools"),
            ("tools/__init__.py", "import benchmarks", "tools imports benchmarks"),
        ],
    )
    def test_an_arrow_upward(self, house, file, code, said):
        problem = wrong(house(ROOMS, changed={file: code}))[-1]
        line = code.count("\n") + 1
        assert problem.startswith(f"{file}:{line}: an arrow upward: {said}")


def function(body):
    """Return a function with some lines in its body."""
    return "def f():\n" + "".join(f"    {line}\n" for line in body)


class TestLongFunctions:
    def found(self, tmp_path, text):
        path = tmp_path / "module.py"
        path.write_text(text, encoding="utf-8")
        return rooms.long_functions([path], tmp_path)

    def test_the_longest_that_may_be(self, tmp_path):
        extras = ['"""Say it.', "", 'On."""', "# why", "", "x = 0  # too"]
        assert self.found(tmp_path, function([*extras, *["x += 1"] * (rooms.LONGEST - 1)])) == []

    def test_one_line_more(self, tmp_path):
        (problem,) = self.found(tmp_path, "\n\n" + function(["x = 1"] * (rooms.LONGEST + 1)))
        assert problem == f"module.py:3: the body of f has {rooms.LONGEST + 1} lines"

    def test_a_docstring_alone(self, tmp_path):
        assert self.found(tmp_path, function(['"""Say it."""'])) == []

    def test_a_decorator_in_the_body_counts(self, tmp_path):
        inner = ["@cache", "def g():", "    pass"]
        (problem,) = self.found(tmp_path, function([*inner, *["x = 1"] * (rooms.LONGEST - 2)]))
        assert problem.endswith(f"f has {rooms.LONGEST + 1} lines")


class TestCommand:
    def test_prints_rooms_floors_and_arrows(self, house, capsys):
        assert rooms.main(["--root", str(house(ROOMS))]) == 0
        said = capsys.readouterr().out
        assert "softmaxlab: 5 modules in 3 rooms on 3 floors; arrows inside: 3 between" in said
        assert "   3  softmaxlab -> losses\n" in said
        assert "   2  checkedmath -> ~errors\n" in said
        assert said.endswith("no circle, no arrow upward, no long function\n")

    def test_fails_where_something_is_wrong(self, house, capsys):
        changed = {"tools/__init__.py": "import benchmarks\n" + function(["x = 1"] * 26)}
        assert rooms.main(["--check", "--root", str(house(ROOMS, changed=changed))]) == 1
        assert capsys.readouterr().out.splitlines() == [
            "tools/__init__.py:1: an arrow upward: tools imports benchmarks",
            "tools/__init__.py:2: the body of f has 26 lines",
        ]

    @pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz on this machine")
    def test_draws(self, house, tmp_path):
        picture = tmp_path / "rooms.svg"
        rooms.main(["--root", str(house(ROOMS)), "--draw", str(picture)])
        drawn = picture.read_text(encoding="utf-8")
        assert "softmaxlab&#45;&gt;softmaxlab.losses" in drawn
        assert "stroke-dasharray" in drawn
        assert "3 modules" in drawn

    def test_prints_all_the_same_where_it_cannot_draw(self, house, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(shutil, "which", lambda name: None)
        picture = tmp_path / "rooms.svg"
        assert rooms.main(["--root", str(house(ROOMS)), "--draw", str(picture)]) == 0
        assert "no drawing, for there is no Graphviz" in capsys.readouterr().out
        assert not picture.exists()
