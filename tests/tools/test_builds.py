"""What the tests build with is what ``make book`` builds with."""

import pytest

from tools import builds

MAKEFILE = """\
NAME := x
export DATE ?= 12
export LEVEL := 1

book: $(READY)  ## build
\t@$(BIN)/python -m check
\t$(BIN)/build . -W
\t@echo done

test: $(READY)
\t$(BIN)/test
"""


class TestRecipe:
    def test_is_read_from_the_makefile(self, monkeypatch):
        monkeypatch.delenv("DATE", raising=False)
        commands, exported = builds.recipe(MAKEFILE, "book")
        assert commands == ["$(BIN)/python -m check", "$(BIN)/build . -W"]
        assert exported == {"DATE": "12", "LEVEL": "1"}

    def test_of_the_book_makes_every_warning_an_error(self):
        text = (builds.ROOT / "Makefile").read_text(encoding="utf-8")
        commands, exported = builds.recipe(text, "book")
        assert commands == [
            "$(BIN)/python -m tools.pairs check",
            "$(BIN)/jupyter-book build . -W -n --keep-going",
        ]
        assert exported.keys() >= {"SOURCE_DATE_EPOCH", "JUPYTER_PLATFORM_DIRS"}


class TestBuild:
    @pytest.fixture
    def root(self, tmp_path):
        """A folder with a Makefile and nothing to build."""
        (tmp_path / "check.py").write_text(
            "import os; print(os.environ['DATE'], os.environ['LEVEL'])"
        )
        (tmp_path / "Makefile").write_text(
            "export DATE ?= 12\nexport LEVEL := 1\n"
            "book:\n\t$(BIN)/python check.py\n\t$(BIN)/python -m nothing\n"
        )
        return tmp_path

    def test_stops_at_the_first_command_that_fails(self, root, monkeypatch):
        monkeypatch.delenv("DATE", raising=False)
        status, output = builds.build(root)
        assert status == 1
        assert output.startswith("12 1\n")
        assert "No module named nothing" in output

    def test_takes_from_the_reader_what_the_makefile_would_take(self, root, monkeypatch):
        monkeypatch.setenv("DATE", "34")
        monkeypatch.setenv("LEVEL", "5")
        assert builds.build(root)[1].startswith("34 1\n")


class TestExecuted:
    def test_names_the_pages(self):
        output = "pages executed in this build: 2\n     2.8 s  book/a\n     1.1 s  book/b\nend\n"
        assert builds.executed(output) == {"book/a", "book/b"}

    def test_none(self):
        assert builds.executed("pages executed in this build: 0\nend\n") == set()
