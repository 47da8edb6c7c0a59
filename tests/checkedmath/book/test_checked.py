"""A book is checked in reading order, all its problems at once, and nothing twice."""

import json
import subprocess
import sys

import pytest
from checkedmath import derivation
from checkedmath.book.cache import Cache
from checkedmath.book.checked import check_book
from checkedmath.meaning import evaluator

from tests.checkedmath.book.small_books import BOOK, LETTERS, write_book


def refusals(folder):
    """Return the first line of each refusal."""
    return [problem.splitlines()[0] for problem in check_book(folder).report()]


class TestReadingOrder:
    def test_letters_and_definitions_hold_on_later_pages(self, tmp_path):
        write_book(
            tmp_path,
            zebra=f"{LETTERS}\n$$ s := x + y $$ (eq:s)\n",
            apple="$$ s^2 = x^2 + 2 x y + y^2 $$ (eq:square)\n",
        )
        book = check_book(tmp_path)
        assert book.report() == []
        assert [entry.item.label for entry in book.formulas] == ["eq:s", "eq:square"]

    def test_not_on_earlier_ones(self, tmp_path):
        write_book(tmp_path, one="$$ x = x $$ (eq:x)\n", two=LETTERS)
        (found,) = refusals(tmp_path)
        assert found.startswith("one.md:1: eq:x: 'x' has no meaning")

    def test_a_letter_may_be_declared_anew(self, tmp_path):
        anew = "```{where}\nx: positive — above zero\n```\n\n$$ \\lvert x \\rvert = x $$ (eq:abs)\n"
        write_book(tmp_path, one=f"{LETTERS}\n$$ x = x $$ (eq:x)\n", two=anew)
        book = check_book(tmp_path)
        assert book.report() == []
        assert book.notation_after("one").symbols["x"] == ("real",)
        assert book.notation_after("two").symbols["x"] == ("positive",)

    def test_a_notebook_is_named_and_not_read(self, tmp_path):
        write_book(tmp_path, one=LETTERS, two="")
        (tmp_path / "two.md").rename(tmp_path / "two.ipynb")
        book = check_book(tmp_path)
        assert book.unread == ["two"]
        assert book.report() == []


class TestRefusals:
    def test_a_wrong_sign(self, tmp_path):
        page = f"# Title\n\n{LETTERS}\n$$\n(x + y)^2 = x^2 - 2 x y + y^2\n$$ (eq:square)\n"
        (report,) = check_book(write_book(tmp_path, one=page)).report()
        assert report.startswith("one.md:7: eq:square: step 1: ")
        for part in ("x = ", "y = ", "left is", "right is", "remedy: correct the step"):
            assert part in report

    def test_the_step_and_its_reason_are_named(self, tmp_path):
        lines = "x &= x && \\text{plain} \\\\ &= 2 x && \\text{doubling}"
        page = f"{LETTERS}\n$$\n\\begin{{aligned}}\n{lines}\n\\end{{aligned}}\n$$ (eq:x)\n"
        write_book(tmp_path, one=page)
        assert refusals(tmp_path)[0].startswith("one.md:5: eq:x: step 2 (doubling): ")

    def test_all_at_once_in_reading_order(self, tmp_path):
        write_book(
            tmp_path,
            one=f"{LETTERS}\n$$ x = 2 x $$ (eq:a)\n\nAbout 0.5.\n\n$$ x = x $$\n",
            two="$$ q = q $$ (eq:b)\n\n```{math}\nx = 3 x\n```\n\n$$ x = x $$ (eq:a)\n",
        )
        starts = (
            "one.md:5: eq:a: step 1: the page says left = right, but at x = ",
            "one.md:7: a number typed by hand: 0.5",
            "one.md:9: a displayed formula without a label",
            "two.md:1: eq:b: 'q' has no meaning",
            "two.md:3: a formula displayed by {math}",
            "two.md:7: eq:a: the label is already used in one.md:5",
        )
        found = refusals(tmp_path)
        assert len(found) == len(starts)
        for line, start in zip(found, starts, strict=True):
            assert line.startswith(start)

    def test_a_formula_without_a_label_is_checked_all_the_same(self, tmp_path):
        write_book(tmp_path, one=f"{LETTERS}\n$$ x = 2 x $$\n")
        assert len(refusals(tmp_path)) == 2

    def test_what_cannot_be_read(self, tmp_path):
        write_book(tmp_path, one=f"{LETTERS}\n$$ x = \\begin{{x}} $$ (eq:x)\n")
        (report,) = check_book(tmp_path).report()
        assert report.startswith("one.md:5: eq:x: ")
        assert "⟨here⟩" in report
        assert "python -m checkedmath explain" in report

    def test_a_bad_declaration_has_its_own_line(self, tmp_path):
        write_book(tmp_path, one="```{where}\nx: real — good\ny: purple — bad\n```\n")
        assert refusals(tmp_path)[0].startswith("one.md:3: {where}: y: purple: write a domain")

    def test_a_definition_that_fails_leaves_nothing_behind(self, tmp_path):
        write_book(
            tmp_path, one=f"{LETTERS}\n$$\ns := x \\\\ s = 2 x\n$$ (eq:s)\n\n$$ s = s $$ (eq:t)\n"
        )
        assert [line[:14] for line in refusals(tmp_path)] == ["one.md:5: eq:s", "one.md:9: eq:t"]

    def test_a_page_that_is_not_there(self, tmp_path):
        write_book(tmp_path, one=LETTERS, two="")
        (tmp_path / "two.md").unlink()
        assert refusals(tmp_path) == ["two.md:1: no such page"]

    def test_a_page_in_another_encoding(self, tmp_path):
        write_book(tmp_path, one="")
        (tmp_path / "one.md").write_bytes("é".encode("latin-1"))
        assert refusals(tmp_path) == ["one.md:1: not a text in UTF-8"]

    def test_a_fault_of_the_checker_names_the_formula(self, tmp_path, monkeypatch):
        def fall(*args):
            raise ZeroDivisionError("by chance")

        monkeypatch.setattr(derivation, "Derivation", fall)
        write_book(tmp_path, one=f"{LETTERS}\n$$ x = x $$ (eq:x)\n")
        assert refusals(tmp_path) == [
            "one.md:5: eq:x: the checker failed: ZeroDivisionError: by chance"
        ]

    @pytest.mark.parametrize("fault", [AttributeError, IndexError, TypeError, ValueError])
    def test_nor_is_one_deep_inside_taken_for_the_authors(self, tmp_path, monkeypatch, fault):
        def fall(*arguments):
            raise fault("by chance")

        monkeypatch.setattr(evaluator.Evaluator, "on_paren", fall)
        write_book(tmp_path, one=f"{LETTERS}\n$$ (x) = x $$ (eq:x)\n")
        (problem,) = check_book(tmp_path).report()
        assert f"the checker failed: {fault.__name__}: by chance" in str(problem)
        assert "report this formula as a fault of checkedmath" in str(problem)


def refuted(body, *options):
    lines = "\n".join([":label: wrong:x", *options])
    return f"{LETTERS}\n$$ x = x $$ (eq:x)\n\n```{{refuted}}\n{lines}\n\n{body}\n```\n"


class TestRefuted:
    def test_the_counter_example_is_kept(self, tmp_path):
        book = check_book(write_book(tmp_path, one=refuted("x = 2 x", ":right: eq:x")))
        assert book.report() == []
        record = book.refuted[0].record
        assert record["counterexample"].keys() == {"x"}
        assert float(record["right"]) == pytest.approx(2 * float(record["left"]))

    def test_it_defines_nothing(self, tmp_path):
        write_book(tmp_path, one=refuted("x = 2 x") + "\n$$ x = x $$ (eq:y)\n")
        assert refusals(tmp_path) == []

    @pytest.mark.parametrize("body", ["x + x = 2 x", "s := x"])
    def test_a_true_one_stops_the_build(self, tmp_path, body):
        write_book(tmp_path, one=refuted(body))
        assert refusals(tmp_path) == ["one.md:7: wrong:x: it is true: no step of it is refuted"]

    def test_an_unreadable_one_must_say_so(self, tmp_path):
        write_book(tmp_path, one=refuted("x = q"))
        assert refusals(tmp_path)[0].startswith("one.md:7: wrong:x: 'q' has no meaning")
        write_book(tmp_path, one=refuted("x = q", ":because: unreadable"))
        assert refusals(tmp_path) == []

    def test_broken_index_discipline_is_a_refutation(self, tmp_path):
        letters = "```{where}\nK: 2 3\nj, k: 1..K\nz: real K\n```\n"
        block = "```{refuted}\n:label: wrong:sum\n\nz_j = \\sum_k z_k\n```\n"
        book = check_book(write_book(tmp_path, one=letters + "\n" + block))
        assert book.report() == []

    def test_the_right_formula_must_be_in_the_book(self, tmp_path):
        write_book(tmp_path, one=refuted("x = 2 x", ":right: eq:none"))
        assert refusals(tmp_path) == [
            "one.md:7: wrong:x: its right formula, eq:none, is not in the book"
        ]


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
            "import sys, pathlib\nfrom checkedmath.book.cache import Cache\n"
            "from checkedmath.book.checked import check_book\n"
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
