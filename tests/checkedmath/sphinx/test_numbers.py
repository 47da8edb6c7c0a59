"""A page shows the number of a formula that a reason cites, and links to it beside."""

import pytest
from bs4 import BeautifulSoup
from checkedmath.sphinx import checked_formulas, numbered

from tests.checkedmath.sphinx.small_builds import build, write_book

LETTERS = "```{where}\nx: real\ns, t: positive\n```\n"
ONE = f"# One\n\n{LETTERS}\n$$ x = x $$ (eq:x)\n\n$$ \\log t \\le t - 1 $$ (eq:fact)\n"
TWO = "# Two\n\n$$ \\log s \\le s - 1 && \\text{by \\eqref{eq:fact}, for $s$} $$ (eq:two)\n"
PAGES = {"one": ONE, "two": TWO, "three": "# Three\n\n```{ledger}\n```\n"}
SHOWN = r"\log s \le s - 1 && \text{by (2), for $s$}"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = write_book(tmp_path_factory.mktemp("book"), **PAGES)
    app, _, warnings = build(folder, nitpicky=True)
    assert warnings == ""
    return app, folder / "_build" / "html"


def soup(html, name):
    return BeautifulSoup((html / f"{name}.html").read_text(), "html.parser")


def test_the_formula_shows_the_number(book):
    shown = soup(book[1], "two").select_one("#equation-eq-two").get_text()
    assert SHOWN in shown
    assert "eqref" not in soup(book[1], "two").get_text()


def test_the_mark_links_to_it(book):
    (step,) = soup(book[1], "two").select(".checkedmath-says ol > li")
    assert step.get_text() == "by (2), for \\(s\\): proved for every size"
    assert step.select_one("a")["href"] == "one.html#equation-eq-fact"


def test_the_ledger_links_to_it(book):
    row = soup(book[1], "three").select_one("tr#ledger-eq-two")
    *_, how, reasons = row.select("td")
    assert how.get_text() == "proved for every size; as (2)"
    assert reasons.get_text() == "by (2), for \\(s\\)"
    for cell in (how, reasons):
        assert cell.select_one("a")["href"] == "one.html#equation-eq-fact"


def test_for_other_extensions(book):
    app, _ = book
    *_, entry = checked_formulas(app)
    assert numbered(app, entry.record["shown"]).endswith(rf"{SHOWN} \end{{aligned}}")
    assert numbered(app, "x = x") == "x = x"


# sphinx-external-toc counts chapters by a method that docutils is about to drop.
@pytest.mark.filterwarnings("ignore:nodes.Node.traverse:PendingDeprecationWarning")
def test_numbers_of_chapters(tmp_path):
    write_book(tmp_path, index="# Index\n", **PAGES)
    toc = tmp_path / "_toc.yml"
    toc.write_text(toc.read_text().replace("chapters:", "options:\n  numbered: true\nchapters:"))
    build(tmp_path, numfig=True, math_numfig=True)
    html = tmp_path / "_build" / "html"
    assert "by (1.2), for" in soup(html, "two").select_one("#equation-eq-two").get_text()
    (step,) = soup(html, "two").select(".checkedmath-says ol > li")
    assert step.get_text().startswith("by (1.2), for")


@pytest.mark.filterwarnings("ignore:codecs.open:DeprecationWarning")
@pytest.mark.parametrize(
    ("builder", "file", "shown"),
    [
        ("text", "two.txt", "by (2)"),
        ("singlehtml", "one.html", "by (2), for $s$"),
        ("latex", "*.tex", r"by \eqref{equation:one:eq:fact}, for $s$"),
    ],
)
def test_other_builders(builder, file, shown, tmp_path):
    write_book(tmp_path, **PAGES)
    _, _, warnings = build(tmp_path, builder)
    assert warnings == ""
    (written,) = (tmp_path / "_build" / builder).glob(file)
    assert shown in " ".join(written.read_text().split())
