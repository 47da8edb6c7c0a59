r"""What a browser draws is what was read, sign by sign, for MathJax as a book ships it.

The LaTeX that a page shows is drawn in a headless Chromium, MathJax's MathML is read back, and the
trees are compared. Nothing is loaded from elsewhere, and no error is drawn.
"""

import random

import pytest
from checkedmath import Derivation, FormulaError, Notation, dialect
from checkedmath.reading.display import rows
from checkedmath.reading.reasons import with_citations
from checkedmath.reading.setting import shown

from tests.checkedmath import drawn
from tests.checkedmath.grammar import random_formulas
from tests.checkedmath.sphinx.small_builds import build
from tests.checkedmath.sphinx.test_extension import SECOND_BOOK

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("mathjax")]

EXAMPLES = [row.example for rows in dialect.CONSTRUCTS.values() for row in rows]


class Watch:
    """An open page, and what went wrong on it."""

    def __init__(self, browser):
        self.page, self.faults = browser.new_page(), []
        self.page.on("requestfailed", lambda request: self.faults.append(request.url))
        self.page.on("console", lambda said: self.note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def note(self, kind, text):
        if kind == "error":
            self.faults.append(text)


@pytest.fixture(scope="module")
def mathjax(browser, tmp_path_factory):
    """Open a page with the MathJax that a book ships, and no other file of it."""
    folder = tmp_path_factory.mktemp("mathjax")
    drawn.bundle(folder)
    (folder / "page.html").write_text(f'<!doctype html><script src="{drawn.SCRIPT}"></script>')
    watch = Watch(browser)
    watch.page.goto((folder / "page.html").as_uri())
    watch.page.evaluate("() => MathJax.startup.promise.then(() => true)")
    return watch


def differences(mathjax, formulas, notation):
    """Draw formulas -> what is drawn otherwise than read, and all errors."""
    found = mathjax.page.evaluate(drawn.CONVERT, formulas)
    errors = [error for each in found for error in each["errors"]]
    pairs = zip(found, formulas, strict=True)
    told = [drawn.difference(each["mathml"], latex, notation) for each, latex in pairs]
    return [*filter(None, told), *errors, *mathjax.faults]


@pytest.fixture
def dialect_letters():
    notation = Notation()
    notation.declare(dialect.LETTERS)
    for definition in dialect.DEFINITIONS:
        Derivation(definition, notation)
    for label, fact in dialect.FACTS.items():
        Derivation(fact, notation, label)
    return notation


def test_the_dialect(mathjax, dialect_letters):
    formulas = [*dialect.DEFINITIONS]
    for example in EXAMPLES:
        shown = Derivation(example, dialect_letters).shown
        formulas.append(with_citations(shown, lambda _: "(2.1)"))
    assert differences(mathjax, formulas, dialect_letters) == []


def settings(formulas):
    """Yield random formulas as equations, in rows, aligned, with reasons and conditions."""
    rng = random.Random(8)
    texts = [piece.text for piece, _ in formulas]
    for text in texts:
        other, third = rng.choice(texts), rng.choice(texts)
        yield rng.choice(
            (
                f"{text} = {other}",
                rf"{text} &\le {other} && \text{{why, for $a_i$}}",
                rf"{text} &= {other} \quad (K = 2) \\ &\quad + {third} && \text{{why}}",
                rf"\begin{{aligned}} {text} \\ = {other}, \\ > {third}. \end{{aligned}}",
                rf"\mathcal{{L}} := {text} \qquad \text{{by words}}",
            )
        )


def set_formulas(latex):
    """Yield what a page shows of formulas, but those it refuses for how they are set."""
    for each in latex:
        try:
            yield shown(rows(each))
        except FormulaError as error:
            if "TeX takes a bracket" not in str(error):  # a row may begin with one by chance
                raise


@pytest.mark.slow
def test_a_fuzz_over_the_grammar(mathjax, letters):
    formulas = list(set_formulas(settings(list(random_formulas()))))
    assert len(formulas) > 400
    assert differences(mathjax, formulas, letters) == []


@pytest.mark.parametrize(
    "latex",
    [
        "2^10 = 1024", r"t^x_i = t", r"\left( x ) = x", "x && y", r"\hat{\color} = 1",
        r"- \! \! \! \! \frac{x}{y} = x", r"\color{red} x = x", r"x = \phantom{y}",
    ],
)  # fmt: skip
def test_it_would_be_seen(latex, mathjax, dialect_letters):
    """What the checker refuses is drawn otherwise, or as an error: so this test can fail."""
    (found,) = mathjax.page.evaluate(drawn.CONVERT, [latex])
    assert drawn.difference(found["mathml"], latex, dialect_letters)


@pytest.mark.build
def test_the_small_book(browser, tmp_path):
    for file in SECOND_BOOK.iterdir():
        text = file.read_text()
        (tmp_path / file.name).write_text(text.split("```{code-cell}")[0])
    app, _, _ = build(tmp_path, mathjax_path="mathjax/tex-chtml.js", html_theme="alabaster")
    pages = tmp_path / "_build" / "html"
    drawn.bundle(pages / "_static" / "mathjax")
    watch, seen = Watch(browser), {}
    for name in ("squares", "sums"):
        watch.page.goto((pages / f"{name}.html").as_uri())
        for each in watch.page.evaluate(drawn.DISPLAYED):
            seen[each["label"]] = each
            assert each["errors"] == []
    assert watch.faults == []
    from checkedmath.sphinx import checked_formulas

    entries = checked_formulas(app)
    assert len(entries) == 4
    for entry in entries:
        mathml = seen[f"equation-{entry.item.label.replace(':', '-')}"]["mathml"]
        assert drawn.difference(mathml, entry.record["shown"], Notation()) == ""
