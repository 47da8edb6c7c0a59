r"""What stands on a page is what was read: tricks by which one would differ from the other.

Each is refused, or the page shows what was checked. Those with a name of their own were found by a
tester from outside; the others come from TeX's and MathJax's side.
"""

import re

import pytest
from sphinx.errors import ExtensionError

from tests.checkedmath.sphinx.small_builds import build, notebook, output, refusals, write_book

LETTERS = """```{where}
K: 2 3
i, k: 1..K
x, y, s, m: real — numbers
t: positive
z: real K
p: simplex K
```
"""
PAGE = "# One\n\n{}\n{}\n"
#: The body of a page, and a part of the refusal.
REFUSED = {
    "words after a formula": (
        r"$$ x - x = 0 \quad \text{and therefore} \quad x + 1 = x \quad \text{(by the definition)}"
        " $$ (eq:a)",
        "among words",
    ),
    "a second claim between texts": (
        r"$$ 1 = 1 \quad \text{}= 2 = 3 - y + 17\text{} $$ (eq:a)",
        "among words",
    ),
    "a row between texts": (
        r"$$ x &= x \\ & \quad \text{} 1 = 2 \text{} $$ (eq:a)",
        "without a formula beside it",
    ),
    "a row of its own": (
        r"$$ x &= x \\ && \text{$1 = 2$} $$ (eq:a)",
        "without a formula beside it",
    ),
    "a claim in dollars": (r"$$ x &= x && \text{$1 = 2$} $$ (eq:a)", "a claim, 1 = 2, inside"),
    "a redefinition": (
        r"$$ x = x \quad \text{}\def\sum{\prod}\text{} $$ (eq:a)",
        "among words",
    ),
    "a power of two digits": ("$$ 2^10 = 1024 $$ (eq:a)", "TeX takes one digit"),
    "a power on both sides": ("$$ x^12 = x^{12} $$ (eq:a)", "TeX takes one digit"),
    "a power that is a decimal": (r"$$ t^0.5 = \sqrt{t} $$ (eq:a)", "TeX takes one digit"),
    "a base of two digits": (r"$$ \log_10 100 = 2 $$ (eq:a)", "TeX takes one digit"),
    "a bound of two digits": (r"$$ \sum_{n=1}^12 n = 78 $$ (eq:a)", "TeX takes one digit"),
    "a hidden definition": (
        "<div hidden>\n\n$$ x := 2 $$ (eq:a)\n\n</div>\n\n$$ x^2 = 4 $$ (eq:b)",
        "leaves <div> open",
    ),
    "a definition in a block without display": (
        ":::{tip}\n:class: d-none\n\n$$ m := 2 $$ (eq:a)\n:::",
        "a formula in a block of the class d-none",
    ),
    "letters in a block without display": (
        "::::{tip}\n:class: sd-d-none\n\n:::{where}\nu: real\n:::\n::::",
        "a {where} block in a block of the class sd-d-none",
    ),
    "a definition with an attribute": (
        "{.d-none}\n$$ m := 2 $$ (eq:a)",
        "a displayed formula inside the text",
    ),
    "a definition for one builder": (
        ":::{only} latex\n\n$$ m := 2 $$ (eq:a)\n:::",
        r"a formula in \{only\} latex",
    ),
    "an operator of another meaning": (
        r"$$ \mathrm{log}(x) := 7 x $$ (eq:a)",
        "drawn as an operator",
    ),
    "an operator by its other name": (
        r"$$ \operatorname{exp}(x) := x $$ (eq:a)",
        "drawn as an operator",
    ),
    "mathematics in entities": (
        '<div class="&#109;ath notranslate">&#92;[ 1 = 2 &#92;]</div>',
        "raw markup that holds a formula",
    ),
    "a style": (
        "<style>#t mjx-c.mjx-c2212 {visibility: hidden}</style>\n\n$$ -(-m) = m $$ (eq:a)",
        "raw markup with <style>",
    ),
    "distances that go back": (
        r"$$ - \! \! \! \! \! \frac{x}{t} = 0 - \frac{x}{t} $$ (eq:a)",
        "cannot read",
    ),
    "Bengali digits": ("$$ x = ৪ x - 3 x $$ (eq:a)", "cannot read '৪'"),
    "Arabic digits": ("$$ x + ٥ = x + 5 $$ (eq:a)", "cannot read '٥'"),
    "angles": (r"$$ 0 \left< 1 \right> 0 $$ (eq:a)", "unexpected|expected"),
    "a centred sentence": (r"<center>$\sum_k p_k = 2$</center>", "raw markup|mathematics in"),
    "a distance in a matrix": (
        r"$$ \begin{pmatrix} 1 \\[2em] \end{pmatrix} = \begin{pmatrix} 1 \\ 2 e m \end{pmatrix} $$"
        " (eq:a)",
        "for a distance",
    ),
    "a half-open parenthesis": (r"$$ \left( x ) = x $$ (eq:a)", r"closes with \\right"),
    "a size of nothing": (r"$$ x \left + y = x + y $$ (eq:a)", "unexpected|expected"),
    "limits of nothing": (r"$$ x \limits = x $$ (eq:a)", "unexpected|expected"),
    "a size of a relation": (r"$$ x \big= x $$ (eq:a)", "unexpected|expected"),
    "a distance that is a row": (r"$$ x = 2 y - y \\[ = 2 y ] $$ (eq:a)", "for a distance"),
    "an environment without end": (r"$$ \begin{aligned} x = x $$ (eq:a)", "around the whole"),
    "a form feed": ("$$ x =\x0c x $$ (eq:a)", "cannot read"),
    "a separator of files": ("$$ x =\x1c x $$ (eq:a)", "cannot read"),
    "bold that is not shipped": (r"$$ \bm{z} = \mathbf{z} $$ (eq:a)", r"write \\mathbf"),
    "bold that is loaded": (r"$$ \boldsymbol{z} = \mathbf{z} $$ (eq:a)", r"write \\mathbf"),
    "bold in a sentence": (r"The letter $\boldsymbol{x}$.", r"\\boldsymbol, a command that inline"),
    "colour in a sentence": (r"The letter $\color{red}{x}$.", r"\\color, a command that inline"),
    "a link in a sentence": (r"So $\href{javascript:alert(1)}{x}$.", r"\\href, a command that"),
    "a link beside a step": (
        r"$$ x = x \quad \text{$\href{javascript:alert(1)}{x}$} $$ (eq:a)",
        "cannot read|expected",
    ),
    # from TeX's and MathJax's side
    "an exponent with an index": ("$$ t^x_i = t^{x_i} $$ (eq:a)", "TeX takes one sign"),
    "the place of an environment": (
        r"$$ \begin{aligned} [t] x &= t x \end{aligned} $$ (eq:a)",
        "TeX takes a bracket",
    ),
    "rows laid on one another": (r"$$ x &= x \\[-9mm] &= x $$ (eq:a)", "for a distance"),
    "a name that no one draws": (r"$$ \hat{\color} = \hat{\color} $$ (eq:a)", "expected a name"),
    "an accent that defines": (r"$$ \hat{\def} = \hat{\def} $$ (eq:a)", "expected a name"),
    "two squares of a nabla": (r"$$ \nabla^2_z^2 x = 0 $$ (eq:a)", "TeX takes one sign"),
    "a row that ends in a fraction": (r"$$ x &= \frac{x + \\ x}{2} $$ (eq:a)", "inside braces"),
    "a stroke through a word": ("$$ x = x \\quad \\text{not\u0338 so} $$ (eq:a)", "among words"),
    "mathematics as letters of words": (
        "$$ x = x \\quad \\text{so 𝑥 is 𝟐} $$ (eq:a)",
        "among words",
    ),
    "a space without break": ("$$ x =\u00a0x $$ (eq:a)", "cannot read"),
    "brackets of TeX beside a step": (
        r"$$ x = x \quad \text{\(1 = 2\)} $$ (eq:a)",
        "among words",
    ),
    "small letters in script": (r"$$ \mathcal{log}(x) := 7 x $$ (eq:a)", "expected|unexpected"),
    "a tag": (r"$$ x = x \tag{1} $$ (eq:a)", "unexpected|expected"),
    "a rule": (r"$$ x = x \rule{9em}{9em} $$ (eq:a)", "unexpected|expected"),
    "one above another": (r"$$ x \over y = \frac{x}{y} $$ (eq:a)", "unexpected|expected"),
    "a character by its number": (r"$$ \unicode{x3D} = x $$ (eq:a)", "unexpected|expected"),
    "an environment in a sentence": (
        r"So $\begin{array}{c} x \end{array}$.",
        r"\\begin\{array\}, a command that",
    ),
    "a tag that enlarges": ("So <big>$x = 2$</big> holds.", "mathematics in a sentence with <big>"),
}


@pytest.mark.parametrize("trick", REFUSED)
def test_a_trick_is_refused(trick, tmp_path):
    text, message = REFUSED[trick]
    found = refusals(write_book(tmp_path, one=PAGE.format(LETTERS, text)))
    assert re.search(message.replace("{where}", r"\{where\}"), found[0]), found


#: The body of a page, and what the page shows.
SHOWN = {
    "a reason on one row": (
        r"$$ x = x && \text{why} $$ (eq:a)",
        r"\begin{aligned} x = x &amp;&amp; \text{why} \end{aligned}",
    ),
    "aligned on one row": ("$$ x &= x $$ (eq:a)", r"\begin{aligned} x &amp;= x \end{aligned}"),
    "two names with one look": (
        "$$ \\operatorname{u}(x) := x $$ (eq:a)\n\n$$ \\mathrm{u}(2) = 2 $$ (eq:b)",
        r"\operatorname{u}(x) := x",
    ),
    "white space": ("$$\n x\n  =   x\n$$ (eq:a)", "x = x"),
    "a wrong formula": (
        "```{refuted}\n:label: wrong:a\n\nx   = 2 x\n```",
        "x = 2 x",
    ),
    "a distance between rows": (
        r"$$ x &= x \\[9cm] &= x $$ (eq:a)",
        "\\begin{aligned} x &amp;= x \\\\\n&amp;= x \\end{aligned}",
    ),
}


@pytest.mark.parametrize("trick", SHOWN)
def test_the_page_shows_what_was_read(trick, tmp_path):
    text, shown = SHOWN[trick]
    build(write_book(tmp_path, one=PAGE.format(LETTERS, text)))
    page = (tmp_path / "_build/html/one.html").read_text()
    assert shown in page


def test_settings_that_redefine_are_refused(tmp_path):
    write_book(tmp_path, one=PAGE.format(LETTERS, "$$ x = x $$ (eq:a)"))
    tex = {"macros": {"sum": r"\prod", "own": "x"}, "environments": {"cases": ["", ""]}}
    with pytest.raises(ExtensionError, match=r"gives \\sum, cases another meaning"):
        build(tmp_path, mathjax3_config={"tex": tex})


def test_an_output_is_shown_as_it_was_read(tmp_path):
    cell = r"\displaystyle x   = x"
    write_book(
        tmp_path, one=PAGE.format(LETTERS, ""), two_ipynb=notebook(output(text_latex=f"${cell}$"))
    )
    build(tmp_path)
    assert r"\displaystyle x = x" in (tmp_path / "_build/html/two.html").read_text()


def test_an_output_that_styles_mathematics_is_refused(tmp_path):
    cells = [output(text_html="<style>mjx-c { display: none }</style><b>1</b>")]
    write_book(tmp_path, one=PAGE.format(LETTERS, ""), two_ipynb=notebook(*cells))
    (found,) = refusals(tmp_path)
    assert "a style that changes how formulas are drawn" in found
