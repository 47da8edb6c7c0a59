"""A reason cites what stands before it in the book, and is checked again when that changes."""

import pytest
from checkedmath.book.cache import Cache
from checkedmath.book.checked import check_book
from checkedmath.book.ledger import rows

from tests.checkedmath.book.small_books import write_book

LETTERS = "```{where}\nx, y: real — numbers\ns, t: positive — numbers\n```\n"
FACT = "$$ \\log t \\le t - 1 $$ (eq:fact)\n"
OTHER = "$$ x \\le x + t $$ (eq:other)\n"
CITES = "$$ \\log s \\le s - 1 && \\text{by \\eqref{eq:fact}} $$ (eq:cites)\n"
CITES_IT = "$$ \\log e^x \\le e^x - 1 && \\text{by \\eqref{eq:cites}} $$ (eq:again)\n"
REMEDY = "    remedy: cite a formula that was shown before this one, or say it in words alone"


def report(folder, *parts, **pages):
    """Check a book of one page, or of some -> each problem, as lines."""
    write_book(folder, **(pages or {"one": "\n".join([LETTERS, *parts])}))
    return [problem.splitlines() for problem in check_book(folder).report()]


def test_on_the_same_page_and_on_a_later_one(tmp_path):
    assert report(tmp_path, FACT, CITES, CITES_IT) == []
    assert report(tmp_path, one=f"{LETTERS}\n{FACT}", two=CITES, three=CITES_IT) == []
    assert [(row.label, row.facts) for row in rows(check_book(tmp_path))] == [
        ("eq:fact", ()),
        ("eq:cites", ("eq:fact",)),
        ("eq:again", ("eq:cites",)),
    ]
    assert rows(check_book(tmp_path))[1].how == r"proved for every size; as \eqref{eq:fact}"


def test_one_that_does_not_give_the_step(tmp_path):
    (found,) = report(tmp_path, FACT, CITES.replace("s - 1", "s"))
    assert found[0] == (
        "one.md:8: eq:cites: the step that cites eq:fact is not that formula with letters put in:"
        r" \log(t) \le t - 1 is not shown to become what it says"
    )
    assert found[-1].startswith("    remedy: cite a formula of which this step is a case")


#: The text of a page, and what is said of the formula in its line 8, or the line given.
CANNOT = {
    "unknown": ([OTHER, CITES], 8, "cites eq:fact, which is the label of no formula in the book"),
    "later": ([OTHER, CITES, FACT], 8, "cites eq:fact, which does not stand before it"),
    "itself": ([OTHER, CITES_IT.replace("again", "cites")], 8, "which does not stand before it"),
    "wrong": (
        ["```{refuted}\n:label: eq:fact\n\nx = 2 x\n```\n", CITES],
        12,
        "cites eq:fact, which is shown as wrong",
    ),
    "refused": ([FACT.replace("- 1", "- 2"), CITES], 8, "cites eq:fact, which is refused itself"),
    "definition": (
        ["$$ r := x + y $$ (eq:fact)\n", CITES],
        8,
        "eq:fact is a definition, which is put in without being named",
    ),
}


@pytest.mark.parametrize("name", CANNOT)
def test_what_cannot_be_cited(name, tmp_path):
    parts, line, said = CANNOT[name]
    found = next(each for each in report(tmp_path, *parts) if "eq:cites" in each[0])
    assert found[0].startswith(f"one.md:{line}: eq:cites: ")
    assert found[0].endswith(said)
    assert found[-1] == REMEDY or name == "definition"


def test_a_page_that_is_read_later_is_later(tmp_path):
    (found,) = report(tmp_path, one=f"{LETTERS}\n{CITES}", two=FACT)
    assert found[0].endswith("cites eq:fact, which does not stand before it")


def test_the_letters_of_a_fact_may_mean_something_else_later(tmp_path):
    anew = "```{where}\nt: real — any number\n```\n"
    assert report(tmp_path, FACT, anew, CITES) == []
    (found,) = report(tmp_path, FACT, anew, CITES.replace("log s", "log e^t").replace("s -", "t -"))
    assert "step 1" in found[0]


class TestCache:
    """What cites a formula is checked again when that changes, and else not."""

    @pytest.fixture
    def folder(self, tmp_path):
        return write_book(tmp_path, one="\n".join([LETTERS, FACT, OTHER]), two=CITES + CITES_IT)

    @staticmethod
    def cached(folder):
        book = check_book(folder, cache=Cache(folder / "_build" / ".checkedmath"))
        return [entry.item.label for entry in book.formulas if entry.cached], len(book.problems)

    def test_nothing_is_checked_twice(self, folder):
        assert self.cached(folder) == ([], 0)
        assert self.cached(folder) == (["eq:fact", "eq:other", "eq:cites", "eq:again"], 0)

    def test_a_change_of_the_fact(self, folder):
        self.cached(folder)
        page = folder / "one.md"
        page.write_text(page.read_text().replace("\\le t - 1", "\\le (t - 1)"))
        assert self.cached(folder) == (["eq:other"], 0)

    def test_a_fact_that_is_gone(self, folder):
        self.cached(folder)
        page = folder / "one.md"
        page.write_text(page.read_text().replace("(eq:fact)", "(eq:gone)"))
        assert self.cached(folder) == (["eq:other"], 2)

    def test_a_change_of_another(self, folder):
        self.cached(folder)
        page = folder / "one.md"
        page.write_text(page.read_text().replace("x + t", "x + 2 t"))
        assert self.cached(folder) == (["eq:fact", "eq:cites", "eq:again"], 0)

    def test_a_change_of_what_cites(self, folder):
        self.cached(folder)
        page = folder / "two.md"
        page.write_text(page.read_text().replace("s - 1", "s + 0 - 1"))
        assert self.cached(folder) == (["eq:fact", "eq:other"], 0)


def test_in_several_processes(tmp_path, monkeypatch):
    monkeypatch.setattr("checkedmath.book.schedule.PATIENCE", 0.0)
    citing = [CITES.replace("eq:cites", f"eq:{n}") for n in range(4)]
    assert report(tmp_path, FACT, *citing) == []
