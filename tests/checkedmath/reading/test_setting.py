r"""What is shown is what was read, in the author's setting, and reads the same again."""

import pytest
from checkedmath import Derivation, FormulaError, Notation
from checkedmath.reading.display import rows
from checkedmath.reading.setting import shown

LETTERS = "K: 2 3\ni, j, k: 1..K\nx, y: real\nt: positive\nz: real K\n"


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x=x", "x=x"),
        ("x  =\n x .", "x = x."),
        ("x = x, % y".partition(" %")[0], "x = x,"),
        (r"\frac{ x}{y}  = \tfrac{x}{y}", r"\frac{ x}{y} = \tfrac{x}{y}"),
        (r"x\,\, y = y ~ x", r"x \, y = y ~ x"),
        (r"\left( x\right) = \bigl [ x\bigr ]", r"\left( x\right) = \bigl [ x\bigr ]"),
        (r"x &= y", r"\begin{aligned} x &= y \end{aligned}"),
        (r"x = y && \text{why}", r"\begin{aligned} x = y && \text{why} \end{aligned}"),
        (r"x = y \quad \text{why}", r"x = y \quad \text{why}"),
        (r"z_i = y, \qquad i\neq j.", r"z_i = y, \qquad (i \ne j)"),
        (
            r"\begin{split} x &= y \\[2mm] &\quad + y \\ =& 2 y \quad (K=2) \end{split}",
            "\\begin{aligned} x &= y \\\\\n&\\quad + y \\\\\n= &2 y \\quad (K = 2) \\end{aligned}",
        ),
        (
            r"x = \begin{cases} x & i = j \\ y & \text{ otherwise} \end{cases}",
            r"x = \begin{cases} x & i = j \\ y & \text{ otherwise} \end{cases}",
        ),
    ],
)
def test_the_setting(latex, expected):
    assert shown(rows(latex)) == expected
    assert shown(rows(expected)) == expected


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"x &= \left( x \\ &+ y - y \right)", r"inside braces or sized parentheses"),
        (r"x &= \frac{x \\ + y}{2}", r"inside braces"),
        (r"\left( x ) = x", r"what opens with \\left closes with \\right"),
        (r"( x \right) = x", r"what opens with \\left closes with \\right"),
        (r"\bigl( x \right) = x", r"what opens with \\left closes with \\right"),
        (r"\left| x \rvert = x", r"what opens with \\left closes with \\right"),
        (r"\begin{aligned} x = x", "stands around the whole formula"),
        (r"x = \begin{aligned} x \end{aligned}", "stands around the whole formula"),
        (r"\begin{aligned} x = x \end{split}", "stands around the whole formula"),
        (r"x = x \\ [ x ] = x", "for a distance"),
        (r"x = x \\[ = 2 y ]", "for a distance"),
        (r"x &= x \\[-3mm] y &= y", "for a distance"),
    ],
)
def test_what_tex_would_draw_as_an_error_is_refused(latex, message):
    letters = Notation()
    letters.declare(LETTERS)
    with pytest.raises(FormulaError, match=message):
        Derivation(latex, letters)


def test_a_derivation_shows_itself_as_it_was_read():
    letters = Notation()
    letters.declare(LETTERS)
    derivation = Derivation("x  =  x && \\text{why}", letters)
    assert derivation.shown == r"\begin{aligned} x = x && \text{why} \end{aligned}"
    assert derivation.record()["shown"] == derivation.shown
    assert derivation._repr_latex_() == f"$$\n{derivation.shown}\n$$"
