"""A book is checked in reading order, all its problems at once, and nothing twice."""

import pytest
from checkedmath import derivation
from checkedmath.book.contents import (
    Announcer,
    BookError,
    check_book,
    find_root,
    table_of_contents,
)
from checkedmath.book.schedule import notation_of
from checkedmath.meaning import evaluator

from tests.checkedmath.books import BOOK, LETTERS, write_book


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


def test_notation_is_restored_without_a_check(tmp_path):
    book = check_book(write_book(tmp_path, **BOOK))
    assert notation_of(book.events["two"]).definitions == book.notation_after("two").definitions
    assert set(book.notation_after("one").definitions) == {"s"}
