"""What was checked is not checked again, unless it or the checker has changed."""

import json
import subprocess
import sys

import pytest
from checkedmath.book.cache import sources
from checkedmath.book.contents import Cache, check_book

from tests.checkedmath.books import BOOK, write_book


class TestCache:
    @pytest.fixture
    def folder(self, tmp_path):
        return write_book(tmp_path, **BOOK)

    @staticmethod
    def check(folder):
        return check_book(folder, cache=Cache(folder / "_build" / ".checkedmath"))

    def cached(self, folder):
        book = self.check(folder)
        assert book.report() == []
        return [entry.item.label for entry in book.formulas + book.refuted if entry.cached]

    def test_nothing_is_checked_twice(self, folder):
        assert self.cached(folder) == []
        assert self.cached(folder) == ["eq:s", "eq:x", "eq:two", "wrong:s"]

    def test_the_outcome_is_the_same(self, folder):
        cold, warm = self.check(folder), self.check(folder)
        assert [e.record for e in cold.formulas] == [e.record for e in warm.formulas]
        assert cold.declared == warm.declared
        for aspect in ("ledger", "refuted", "notation"):
            assert cold.state("two", aspect) == warm.state("two", aspect)

    def test_an_unchanged_book_needs_no_sympy(self, folder):
        self.check(folder)
        code = (
            "import sys, pathlib; from checkedmath.book.contents import Cache, check_book\n"
            f"folder = pathlib.Path({str(folder)!r})\n"
            "book = check_book(folder, cache=Cache(folder / '_build' / '.checkedmath'))\n"
            "print(len(book.formulas), 'sympy' in sys.modules)"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert shown.stdout.split() == ["3", "False"], shown.stderr

    def test_a_changed_formula_is_checked_alone(self, folder):
        self.check(folder)
        write_book(folder, **BOOK | {"one": BOOK["one"].replace("x = x", "x = x + 0")})
        assert self.cached(folder) == ["eq:s", "eq:two", "wrong:s"]

    def test_a_changed_definition_touches_all_after_it(self, folder):
        self.check(folder)
        write_book(folder, **BOOK | {"one": BOOK["one"].replace("s := x + y", "s := y + x")})
        assert self.cached(folder) == []

    def test_a_step_that_became_wrong_is_found(self, folder):
        self.check(folder)
        write_book(folder, **BOOK | {"one": BOOK["one"].replace("s := x + y", "s := x - y")})
        (report,) = self.check(folder).report()
        assert report.startswith("two.md:1: eq:two: step 1")

    def test_a_refused_formula_is_refused_again(self, folder):
        write_book(folder, **BOOK | {"two": "$$ s = x $$ (eq:two)\n"})
        assert self.check(folder).report() == self.check(folder).report() != []

    @pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"a": 1}', "\x00\xff"])
    def test_a_broken_file_is_no_file(self, folder, content):
        (folder / "_build").mkdir()
        (folder / "_build" / ".checkedmath").write_text(content, encoding="latin-1")
        assert self.cached(folder) == []
        assert len(self.cached(folder)) == 4

    def test_a_tampered_entry_is_checked_again(self, folder):
        self.check(folder)
        path = folder / "_build" / ".checkedmath"
        stored = json.loads(path.read_text())
        for entry in stored.values():
            for step in entry["record"].get("steps", []):
                step["method"] = "every K"
        path.write_text(json.dumps(stored))
        assert self.cached(folder) == ["wrong:s"]

    def test_an_entry_under_another_key_is_no_entry(self, folder):
        self.check(folder)
        path = folder / "_build" / ".checkedmath"
        stored = json.loads(path.read_text())
        keys = list(stored)
        path.write_text(json.dumps(dict(zip(keys, [stored[k] for k in keys[::-1]], strict=True))))
        assert len(self.cached(folder)) < 4

    def test_only_what_is_used_is_kept(self, folder):
        self.check(folder)
        write_book(folder, one="nothing")
        self.check(folder)
        assert json.loads((folder / "_build" / ".checkedmath").read_text()) == {}

    def test_a_place_that_cannot_be_written_is_no_error(self, folder):
        (folder / "_build").write_text("a file where the folder should be")
        assert self.cached(folder) == []

    def test_another_checker_checks_again(self, folder, monkeypatch):
        self.check(folder)
        monkeypatch.setattr("checkedmath.book.schedule.checker_fingerprint", lambda: "another")
        assert self.cached(folder) == []


class TestFingerprint:
    @pytest.fixture
    def package(self, tmp_path):
        (tmp_path / "room" / "inner").mkdir(parents=True)
        (tmp_path / "room" / "inner" / "deep.py").write_text("x = 1")
        (tmp_path / "top.py").write_text("x = 1")
        return tmp_path

    @pytest.mark.parametrize("module", ["top.py", "room/inner/deep.py"])
    def test_it_sees_a_change_in_every_room(self, package, module):
        before = sources(package)
        (package / module).write_text("x = 2")
        assert sources(package) != before

    def test_what_only_shows_is_no_part_of_it(self, package):
        before = sources(package)
        (package / "sphinx").mkdir()
        (package / "sphinx" / "directives.py").write_text("x = 2")
        assert sources(package) == before

    def test_it_sees_a_module_that_moves(self, package):
        before = sources(package)
        (package / "room" / "inner" / "deep.py").rename(package / "room" / "deep.py")
        assert sources(package) != before
