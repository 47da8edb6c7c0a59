"""The key of a page covers what the page imports: no file too few, and few too many."""

import importlib
import textwrap

import pytest

from tools import builds

ROOMS = builds.ROOT / "book" / "_ext"
CODE = builds.ROOT / "code"

PACKAGE = {
    "fruit/__init__.py": """
        from importlib import import_module
        from typing import TYPE_CHECKING

        from fruit.apple import core

        if TYPE_CHECKING:
            from fruit.types import Pip

        _LATER = {"peel": "banana", "lost": "nowhere"}
        BY_MODULE = {"cherry": ("stone", "stalk")}


        def __getattr__(name):
            return getattr(import_module(f"fruit.{_LATER[name]}"), name)


        def serve():
            from fruit.kitchen import knife
        """,
    "fruit/apple.py": "from .seed import grow",
    "fruit/seed.py": "def grow():\n    from fruit import soil",
    "fruit/soil.py": "",
    "fruit/banana.py": "",
    "fruit/cherry.py": "",
    "fruit/kitchen.py": "",
    "fruit/types.py": "",
    "fruit/bowl/__init__.py": """
        from importlib import import_module

        TABLE = {"plum": "purple", "lemon": "yellow"}


        def pick(name):
            return import_module(f"fruit.bowl.{TABLE[name]}")
        """,
    "fruit/bowl/purple.py": "",
    "fruit/bowl/yellow.py": "",
    "spoon.py": "import fruit.seed",
    "table.json": "{}",
    "README.md": "",
}
ALWAYS = {"__init__", "apple", "seed", "soil"}
BOWL = ALWAYS | {"bowl/__init__"}
EVERY_FRUIT = BOWL | {"banana", "cherry", "kitchen", "types", "bowl/purple", "bowl/yellow"}


@pytest.fixture
def room(monkeypatch):
    """Return a function that imports a room of the extension."""
    monkeypatch.syspath_prepend(ROOMS)
    return lambda name: importlib.import_module(f"course.{name}")


@pytest.fixture
def packages(room, tmp_path, monkeypatch):
    """The packages above."""
    for name, code in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    imports = room("imports")
    imports.top_file.cache_clear()
    yield imports.Packages(tmp_path.resolve())
    imports.top_file.cache_clear()


def fruit(packages, files):
    """Return the modules of the package in short."""
    folder = packages.folder / "fruit"
    inside = [file for file in files if file.is_relative_to(folder)]
    return {file.relative_to(folder).with_suffix("").as_posix() for file in inside}


class TestNames:
    @pytest.mark.parametrize(
        ("code", "found"),
        [
            ("import numpy", set()),
            ("import no_such_module", set()),
            ("from fruit import core", ALWAYS),
            ("from fruit.apple import core", ALWAYS),
            ("from fruit import seed", ALWAYS),
            ("from fruit import peel", ALWAYS | {"banana"}),
            ("from fruit import stone", ALWAYS | {"cherry"}),
            ("def f():\n    from fruit import stalk as s", ALWAYS | {"cherry"}),
            ("from fruit import serve", ALWAYS | {"kitchen"}),
        ],
    )
    def test_lead_to_their_modules(self, packages, code, found):
        assert fruit(packages, packages.files_of(code)) == found

    @pytest.mark.parametrize(
        "code",
        [
            "import fruit",
            "import fruit as f",
            "import fruit.apple",
            "import spoon",
            "from fruit import *",
            "from fruit import lost",
            "from fruit import no_such_name",
            "from fruit.no_such_module import name",
        ],
    )
    def test_that_cannot_be_told_lead_to_the_whole_package(self, packages, code):
        assert fruit(packages, packages.files_of(code)) == EVERY_FRUIT

    @pytest.mark.parametrize(
        "code",
        [
            "%matplotlib inline",
            "import importlib\\nimportlib.import_module(name)".replace("\\n", "\n"),
            "__import__('fru' + 'it')",
            "exec(text)",
        ],
    )
    def test_that_are_made_at_run_time_lead_to_everything(self, packages, code):
        files = packages.files_of(code)
        assert fruit(packages, files) == EVERY_FRUIT
        assert {"spoon.py", "table.json"} <= {file.name for file in files}
        assert "README.md" not in {file.name for file in files}


class TestTablesOfPackages:
    @pytest.mark.parametrize(
        ("code", "found"),
        [
            ("bowl.pick('plum')", BOWL | {"bowl/purple"}),
            ("bowl.pick('plum'); bowl.pick('lemon')", BOWL | {"bowl/purple", "bowl/yellow"}),
            ("bowl.TABLE", BOWL),
            ("", BOWL),
            ("bowl.pick('pear')", EVERY_FRUIT - {"banana", "cherry", "kitchen", "types"}),
            ("bowl.pick(name)", EVERY_FRUIT - {"banana", "cherry", "kitchen", "types"}),
            ("f(bowl)", EVERY_FRUIT - {"banana", "cherry", "kitchen", "types"}),
        ],
    )
    def test_are_read_where_they_are_asked_with_a_text(self, packages, code, found):
        files = packages.files_of(f"from fruit import bowl\n{code}")
        assert fruit(packages, files) == found

    def test_code_that_reads_files_depends_on_the_data(self, packages):
        files = packages.files_of("from importlib.resources import files")
        assert {file.name for file in files} == {"table.json"}


PAGE = """\
# A page

```{{code-cell}} python
{first}
```

Text with {{eval}}`{expression}`.

````{{code-cell}} python
---
tags: [hide-input]
---
{second}
````
"""


class TestCells:
    def page(self, room, **parts):
        """Return the cells of a page."""
        text = PAGE.format(**{"first": "", "second": "", "expression": "1"} | parts)
        return room("cells").Cells(text, "page.md")

    def test_are_read_together_with_what_the_text_evaluates(self, room, packages):
        cells = self.page(room, first="from fruit import bowl", expression="bowl.pick('lemon')")
        assert fruit(packages, cells.dependencies(packages)) == BOWL | {"bowl/yellow"}

    def test_are_read_together_with_what_a_figure_asks_for(self, room, packages):
        figure = "```{widget} network\n:data: bowl.pick('lemon')\nA figure.\n```\n"
        text = PAGE.format(first="from fruit import bowl", second="", expression="1")
        cells = room("cells").Cells(f"{text}\n{figure}", "page.md")
        assert fruit(packages, cells.dependencies(packages)) == BOWL | {"bowl/yellow"}

    def test_with_options_are_found(self, room, packages):
        cells = self.page(room, second="from fruit import peel")
        assert fruit(packages, cells.dependencies(packages)) == ALWAYS | {"banana"}

    @pytest.mark.parametrize(
        ("text", "path"),
        [
            ("```{code-cell} python\nno end\n", "page.md"),
            ("  ```{code-cell} python\n  1\n  ```\n", "page.md"),
            ("```{code-cell} python\n:load: file.py\n```\n", "page.md"),
            ("{}", "page.ipynb"),
        ],
    )
    def test_that_are_not_found_depend_on_everything(self, room, packages, text, path):
        cells = room("cells").Cells(text, path)
        assert cells.any
        assert cells.dependencies(packages) == packages.everything()

    def test_page_without_cells_depends_on_nothing(self, room, packages):
        cells = room("cells").Cells("# A page\n", "page.md")
        assert not cells.any
        assert cells.dependencies(packages) == set()


class TestBook:
    """In the book itself an edit runs the pages that it concerns, and no others."""

    @pytest.fixture
    def dependencies(self, room):
        """Return a function from a page to the files of `code` that it depends on, in short."""

        def find(path):
            text = (builds.ROOT / path).read_text(encoding="utf-8")
            files = (
                room("cells")
                .Cells(text, path)
                .dependencies(room("imports").Packages(CODE.resolve()))
            )
            return {file.relative_to(builds.ROOT.resolve()).as_posix() for file in files}

        return find

    def exercises(self, files):
        """Return the modules of exercises among some files."""
        machinery = {"__init__", "laws", "comparing", "functions"}
        names = {file.split("/")[-1].removesuffix(".py") for file in files if "exercises/" in file}
        return names - machinery

    def test_a_chapter_depends_on_its_own_exercises(self, dependencies):
        assert self.exercises(dependencies("book/chapters/entropy.md")) == {"entropy"}
        assert self.exercises(dependencies("book/chapters/large-vocabulary.md")) == set()

    def test_a_chapter_that_checks_formulas_depends_on_the_checker_and_not_on_its_extension(
        self, dependencies
    ):
        files = dependencies("book/chapters/gradient.md")
        checker = "code/checkedmath/src/checkedmath"
        assert f"{checker}/derivation.py" in files
        assert not [file for file in files if file.startswith(f"{checker}/sphinx/")]
        assert not [file for file in dependencies("book/chapters/entropy.md") if checker in file]

    def test_what_needs_more_is_followed(self, dependencies):
        package = "code/softmaxlab/src/softmaxlab"
        files = dependencies("book/chapters/everything.md")
        assert {f"{package}/learn/calibration.py", f"{package}/learn/digits.py"} <= files
        assert f"{package}/learn/network.py" not in dependencies("book/chapters/softmax.md")

    def test_a_page_of_measurements_depends_on_the_records(self, dependencies):
        assert "book/records/frameworks.json" in dependencies("book/chapters/every-digit.md")
