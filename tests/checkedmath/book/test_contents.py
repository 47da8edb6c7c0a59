"""A book is checked in reading order, all its problems at once, and nothing twice."""

import json
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest
from checkedmath import derivation
from checkedmath.book.cache import sources
from checkedmath.book.contents import (
    Announcer,
    BookError,
    Cache,
    check_book,
    find_root,
    table_of_contents,
)
from checkedmath.book.ledger import count_methods, rows, summary, times
from checkedmath.book.schedule import notation_of
from checkedmath.meaning import evaluator
from checkedmath.steps import METHODS

LETTERS = "```{where}\nx, y: real — numbers\n```\n"


def write_book(folder, **pages):
    """Write a book whose pages stand in the table of contents in the order given."""
    names = list(pages)
    chapters = "".join(f"  - file: {name}\n" for name in names[1:])
    toc = f"format: jb-book\nroot: {names[0]}\n" + (f"chapters:\n{chapters}" if chapters else "")
    (folder / "_toc.yml").write_text(toc)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    return folder


def refusals(folder):
    """Return the first line of each refusal."""
    return [problem.splitlines()[0] for problem in check_book(folder).report()]


class TestTableOfContents:
    @pytest.mark.parametrize(
        ("toc", "names"),
        [
            ("root: a", ["a"]),
            ("root: a\nchapters:\n- file: b\n  sections:\n  - file: c\n- file: d", list("abcd")),
            ("root: a\nparts:\n- caption: P\n  chapters:\n  - file: b.md\n- chapters:", ["a", "b"]),
            ("root: a\nchapters:\n- url: https://example.org\n- file: b/c", ["a", "b/c"]),
            ("format: jb-article\nroot: a\nsections:\n- file: b", ["a", "b"]),
            ("root: a\nsubtrees:\n- entries:\n  - file: b", ["a", "b"]),
        ],
    )
    def test_order(self, tmp_path, toc, names):
        (tmp_path / "_toc.yml").write_text(toc)
        assert table_of_contents(tmp_path, tmp_path / "_toc.yml") == names

    def test_glob(self, tmp_path):
        (tmp_path / "_toc.yml").write_text("root: a\nchapters:\n- glob: part/*\n")
        (tmp_path / "part").mkdir()
        for name in ("z.md", "b.ipynb", "picture.png"):
            (tmp_path / "part" / name).write_text("")
        assert table_of_contents(tmp_path, tmp_path / "_toc.yml") == ["a", "part/b", "part/z"]

    def test_unreadable(self, tmp_path):
        with pytest.raises(BookError, match="cannot be read"):
            table_of_contents(tmp_path, tmp_path / "_toc.yml")
        (tmp_path / "_toc.yml").write_text("root: [")
        with pytest.raises(BookError, match="is no YAML"):
            table_of_contents(tmp_path, tmp_path / "_toc.yml")

    def test_found_above_the_pages(self, tmp_path):
        (tmp_path / "_toc.yml").write_text("root: a")
        (tmp_path / "book" / "part").mkdir(parents=True)
        assert find_root(tmp_path / "book" / "part") == tmp_path.resolve()

    def test_missing(self, tmp_path):
        with pytest.raises(BookError, match=r"no _toc\.yml"):
            find_root(tmp_path)


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


BOOK = {
    "one": f"{LETTERS}\n$$ s := x + y $$ (eq:s)\n\n$$ x = x $$ (eq:x)\n",
    "two": "$$ s - y = x $$ (eq:two)\n\n```{refuted}\n:label: wrong:s\n\ns = x\n```\n",
}


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


def test_progress_counts_what_is_checked(tmp_path):
    told = []
    check_book(write_book(tmp_path, **BOOK), progress=lambda *args: told.append(args))
    assert told == [(1, 3, "eq:x"), (2, 3, "eq:two"), (3, 3, "wrong:s")]


def test_the_announcer_speaks_once_a_second(monkeypatch):
    now = 0.0
    monkeypatch.setattr("checkedmath.book.contents.time.monotonic", lambda: now)
    said = []
    announce = Announcer(said.append)
    for done, now in enumerate((0.2, 0.9, 1.1, 1.5, 2.2), 1):  # noqa: B007
        announce(done, 5, f"eq:{done}")
    assert said == [
        "checkedmath: 3 of 5 checked, last eq:3",
        "checkedmath: 5 of 5 checked, last eq:5",
    ]


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


class TestSlowFormulas:
    """What takes long is checked by several processes."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch):
        monkeypatch.setattr("checkedmath.book.schedule.PATIENCE", 0.0)

    @pytest.fixture
    def folder(self, tmp_path):
        formulas = [f"$$ x + {n} = {n} + x $$ (eq:{n})\n" for n in range(12)]
        formulas[5] = "$$ x + 5 = 6 + x $$ (eq:5)\n"
        formulas[7] = "$$ x + 7 = q $$ (eq:7)\n"
        return write_book(tmp_path, one=LETTERS + "\n" + "\n".join(formulas))

    def test_the_order_is_kept_and_problems_come_back(self, folder):
        book = check_book(folder)
        expected = [f"eq:{n}" for n in range(12) if n not in (5, 7)]
        assert [entry.item.label for entry in book.formulas] == expected
        first, second = book.report()
        assert first.startswith("one.md:15: eq:5: step 1: the page says left = right, but at x")
        assert second.startswith("one.md:19: eq:7: 'q' has no meaning")

    def test_without_other_processes_it_takes_longer_and_no_more(self, folder, monkeypatch):
        with monkeypatch.context() as patient:
            patient.setattr("checkedmath.book.schedule.PATIENCE", float("inf"))
            expected = check_book(folder).report()
        monkeypatch.setattr("checkedmath.book.schedule.ProcessPoolExecutor", BrokenPool)
        assert check_book(folder).report() == expected


class BrokenPool:
    """A pool whose processes end after three checks."""

    def __init__(self, *args):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def map(self, function, places):
        yield from map(function, places[:3])
        raise BrokenProcessPool


class TestLedger:
    @pytest.fixture
    def book(self, tmp_path):
        steps = "s &= x + y && \\text{the \\emph{definition}} \\\\ &\\le e^x + y"
        last = f"\n$$\n\\begin{{aligned}}\n{steps}\n\\end{{aligned}}\n$$ (eq:last)\n"
        return check_book(write_book(tmp_path, **BOOK | {"two": BOOK["two"] + last}))

    def test_a_row_for_each_formula(self, book):
        assert book.report() == []
        assert [(row.label, row.docname, row.steps) for row in rows(book)] == [
            ("eq:s", "one", 1),
            ("eq:x", "one", 1),
            ("eq:two", "two", 1),
            ("eq:last", "two", 2),
        ]
        assert rows(book)[0].methods == ("definition",)
        assert rows(book)[3].methods == tuple(dict.fromkeys(methods_of(book, "eq:last")))

    def test_counts_add_up(self, book):
        counts = count_methods(book)
        assert sum(counts.values()) == 5
        assert counts["definition"] == 1
        assert counts.keys() == {step["method"] for step in book.steps()}
        assert list(counts) == [method for method in METHODS if method in counts]
        assert summary(book).startswith("4 formulas, 5 steps (1 definition, ")
        assert summary(book).endswith("; 1 wrong formula refuted")

    def test_times_has_a_line_for_each(self, book):
        lines = times(book).splitlines()
        assert len(lines) == 5
        seconds = [float(line.split()[0]) for line in lines[1:]]
        assert seconds == sorted(seconds, reverse=True)


def methods_of(book, label):
    (entry,) = [entry for entry in book.formulas if entry.item.label == label]
    return [step["method"] for step in entry.record["steps"]]


def test_notation_is_restored_without_a_check(tmp_path):
    book = check_book(write_book(tmp_path, **BOOK))
    assert notation_of(book.events["two"]).definitions == book.notation_after("two").definitions
    assert set(book.notation_after("one").definitions) == {"s"}
