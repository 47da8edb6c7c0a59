"""The mark of a formula says what is known of it, leads to the ledger, and takes no room."""

import re

import pytest
from bs4 import BeautifulSoup
from checkedmath.sphinx import checked_formulas, verdict_of

from tests.checkedmath import drawn
from tests.checkedmath.sphinx.small_builds import build, write_book

LETTERS = "```{where}\nK: 2 3\nk: 1..K\nx, y: real\nz: real K\n```\n"
FORMULAS = {
    "s": (r"s := x + y", "definition", "definition"),
    "all": (r"\sum_k z_k = 2 \sum_k z_k - \sum_k z_k", "proved for every size", "proved"),
    "some": (r"z_1 + z_2 = \sum_k z_k \quad (K = 2)", "proved at K = 2", "proved-at"),
    "none": (r"(x + y)^2 = x^2 + 2 x y + y^2", "proved for every size", "proved"),
    "computed": (r"(\sin x)^2 + (\cos x)^2 = 1", "computed", "computed"),
    "steps": (
        r"x + y &= s && \text{a name for $x + y$} \\ &\le s + 1 - \sin x && \text{a sine}",
        "searched",
        "searched",
    ),
}
ONE = f"# One\n\n{LETTERS}\n" + "\n\n".join(
    f"$$ {latex} $$ (eq:{name})" for name, (latex, _, _) in FORMULAS.items()
)
TWO = "# Two\n\n```{ledger}\n```\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = write_book(tmp_path_factory.mktemp("book"), one=ONE + "\n", two=TWO)
    app, _, warnings = build(folder, mathjax_path="mathjax/tex-chtml.js", html_theme="alabaster")
    assert warnings == ""
    html = folder / "_build" / "html"
    drawn.bundle(html / "_static" / "mathjax")
    return app, html


def soup(html, name):
    return BeautifulSoup((html / f"{name}.html").read_text(), "html.parser")


@pytest.mark.parametrize("name", FORMULAS)
def test_a_mark(name, pages):
    _, html = pages
    _, verdict, kind = FORMULAS[name]
    frame = soup(html, "one").select_one(f"#equation-eq-{name}").parent
    mark = frame.select_one("a.checkedmath-mark")
    assert mark["aria-label"] == f"{verdict}: see the ledger"
    assert f"checkedmath-{kind}" in mark["class"]
    assert mark["href"] == f"two.html#ledger-eq-{name}"
    says = frame.select_one(f"#{mark['aria-describedby']}[role=tooltip]")
    assert says.select_one("p").get_text() == verdict.capitalize().replace("k =", "K =")
    row = soup(html, "two").select_one(f"tr#ledger-eq-{name}")
    assert verdict in row.get_text()


def test_a_mark_says_each_step(pages):
    frame = soup(pages[1], "one").select_one("#equation-eq-steps").parent
    steps = [step.get_text() for step in frame.select("ol > li")]
    assert steps == ["a name for \\(x + y\\): proved for every size", "a sine: searched"]


def test_verdicts_for_other_extensions(pages):
    found = [verdict_of(entry.record["steps"][0]) for entry in checked_formulas(pages[0])]
    assert found[:5] == [verdict for _, verdict, _ in FORMULAS.values()][:5]


def test_without_a_ledger_a_mark_leads_to_its_formula(tmp_path):
    build(write_book(tmp_path, one=f"# One\n\n{LETTERS}\n$$ x = x $$ (eq:x)\n"))
    mark = soup(tmp_path / "_build/html", "one").select_one("a.checkedmath-mark")
    assert mark["href"] == "#equation-eq-x"
    assert mark["aria-label"] == "proved for every size"


def test_a_mark_follows_the_verdict(tmp_path):
    for formula, verdict in (("s := 2 x", "computed"), ("s := x", "proved for every size")):
        if verdict == "computed":
            formula = r"s := \sqrt{x^2}"
        one = f"# One\n\n{LETTERS}\n$$ {formula} $$ (eq:s)\n"
        two = "# Two\n\n$$ \\lvert s \\rvert = \\max(s, -s) $$ (eq:two)\n"
        write_book(tmp_path, one=one, two=two)
        app, _, _ = build(tmp_path)
        expected = verdict_of(checked_formulas(app)[1].record["steps"][0])
        mark = soup(tmp_path / "_build/html", "two").select_one("a.checkedmath-mark")
        assert mark["aria-label"] == expected


@pytest.mark.filterwarnings("ignore:codecs.open:DeprecationWarning")  # of Sphinx, on Python 3.14
@pytest.mark.parametrize("builder", ["text", "singlehtml", "gettext"])
def test_other_builders_have_no_marks(builder, tmp_path):
    write_book(tmp_path, one=f"# One\n\n{LETTERS}\n$$ x = x $$ (eq:x)\n")
    build(tmp_path, builder)
    written = [path for path in (tmp_path / "_build" / builder).glob("*.*") if path.is_file()]
    assert written
    for path in written:
        text = path.read_text(errors="ignore")
        assert not re.search("checkedmath-mark|proved for every size", text)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_mark_takes_no_room(width, browser, pages):
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto((pages[1] / "one.html").as_uri())
    page.evaluate("() => MathJax.startup.promise.then(() => true)")
    places = """() => [...document.querySelectorAll('div.math')].map(one => {
      const {width, height, top} = one.getBoundingClientRect();
      return [width, height, top].map(Math.round);
    })"""
    before = page.evaluate(places)
    assert len(before) == len(FORMULAS)
    page.add_style_tag(content=".checkedmath-mark, .checkedmath-says { display: none !important }")
    assert page.evaluate(places) == before
    page.close()


@pytest.mark.browser
def test_it_is_said_to_who_points_or_has_the_focus(browser, pages):
    page = browser.new_page(java_script_enabled=False)
    page.goto((pages[1] / "one.html").as_uri())
    mark, says = (
        page.locator(f"#equation-eq-steps ~ .checkedmath-{part}") for part in ("mark", "says")
    )
    assert not says.is_visible()
    mark.hover()
    assert says.is_visible()
    page.mouse.move(0, 0)
    assert not says.is_visible()
    while not says.is_visible():
        page.keyboard.press("Tab")
    assert "searched" in says.inner_text()
    mark.click()
    assert page.url.endswith("two.html#ledger-eq-steps")
    page.close()
