r"""Slopes that are missing somewhere: where they cancel, a statement holds but for that place."""

import pytest
from checkedmath import CheckError, Derivation, FormulaError, Notation

WHERE = "K: 2 3\ni, k: 1..K\nz: real K\nx, y: real\nt, T: positive\np: simplex K"
FALSE = (
    r"\lVert z \rVert \frac{\partial}{\partial z_i} \lVert z \rVert = z_i",
    r"\lVert z \rVert \nabla_z \lVert z \rVert = z",
    r"\sqrt{x^2 + y^2} \frac{\partial}{\partial x} \sqrt{x^2 + y^2} = x",
    r"\sum_i (\frac{\partial}{\partial z_i} \lVert z \rVert)^2 = 1",
    r"\lVert \nabla_z \lVert z \rVert \rVert = 1",
    r"x \frac{\partial}{\partial x} \lvert x \rvert = \lvert x \rvert",
    r"x^2 \frac{\partial}{\partial x} \lvert x \rvert = x \lvert x \rvert",
    r"(x - 3) \frac{\partial}{\partial x} \max(x, 3) = \max(x - 3, 0)",
    r"(x - y) \frac{\partial}{\partial x} \lvert x - y \rvert = \lvert x - y \rvert",
    r"\sum_i z_i \frac{\partial}{\partial z_i} \lVert z \rVert_1 = \lVert z \rVert_1",
    r"x \frac{\partial}{\partial x} \log x^2 = 2",
    r"x^2 \frac{\partial}{\partial x} \frac{1}{x} = -1",
    r"x^2 \frac{\partial^2}{\partial x^2} \lvert x \rvert = 0",
)
TRUE = (
    r"x \frac{\partial}{\partial x} \lvert x \rvert = \lvert x \rvert \quad (x \ne 0)",
    r"(x - y) \frac{\partial}{\partial x} \max(x, y) = \max(x - y, 0) \quad (x \ne y)",
    r"\frac{\partial}{\partial x} (x \lvert x \rvert) = 2 \lvert x \rvert",
    r"t \frac{\partial}{\partial t} \lvert t \rvert = t",
    r"t \frac{\partial}{\partial t} \log t = 1",
    r"\frac{\partial}{\partial x} \frac{1}{x} = -\frac{1}{x^2}",
    r"\sqrt{1 + x^2} \frac{\partial}{\partial x} \sqrt{1 + x^2} = x",
    r"p_i \frac{\partial}{\partial p_i} \sum_k p_k \log p_k = p_i \log p_i + p_i",
    r"\lim_{T \to \infty} \frac{\partial}{\partial x} \frac{x}{T} = 0",
    r"\frac{\partial^2}{\partial x^2} \lvert x \rvert^3 = 6 \lvert x \rvert",
    r"\frac{\partial^2}{\partial x^2} \lvert x \rvert = 0 \quad (x \ne 0)",
    r"\frac{\partial^2}{\partial x^2} (x \lvert x \rvert) = 2 \quad (x > 0)",
    r"\frac{\partial^2}{\partial x \partial y} \lvert x - y \rvert^3 = -6 \lvert x - y \rvert",
)
#: Second derivatives that are none, or others, at a corner or on one side of it.
FALSE_AT_A_CORNER = (
    r"x \frac{\partial^2}{\partial x^2} (x \lvert x \rvert) = 2 \lvert x \rvert",
    r"\frac{\partial^2}{\partial x^2} \lvert x \rvert = 0",
    r"\frac{\partial^2}{\partial x^2} \lvert x \rvert^3 = 6 x",
    r"\frac{\partial^2}{\partial x^2} (x \lvert x \rvert)"
    r" = 2 \cdot \mathbb{1}[x > 0] - 2 \cdot \mathbb{1}[x < 0]",
    r"\frac{\partial^2}{\partial x^2} \lvert \sin x \rvert = -\lvert \sin x \rvert",
)
OF_LIMITS = (
    r"\frac{\partial}{\partial x} (\lim_{T \to \infty} \frac{x}{1 + T x^2}) = \mathbb{1}[x = 0]",
    r"\frac{\partial}{\partial x} (\lim_{T \to \infty} \frac{e^{T x}}{1 + e^{T x}}) = 0",
    r"\frac{\partial}{\partial x} (\lim_{T \to 0^+} T \log(e^{x / T} + e^{y / T})) = 1",
)


@pytest.fixture
def letters():
    notation = Notation()
    notation.declare(WHERE)
    return notation


@pytest.mark.parametrize("latex", FALSE)
def test_a_slope_that_cancels_where_it_is_missing_is_refused(latex, letters):
    missing = r"(may be no slope: .*|cannot be zero|has to be positive), but at .* it is 0"
    with pytest.raises(FormulaError, match=missing):
        Derivation(latex, letters)


def test_a_long_slope_is_looked_at_like_a_short_one(letters):
    terms = " + ".join(f"{n} y^{{{n}}}" for n in range(2, 120))
    with pytest.raises(FormulaError, match="may be no slope"):
        Derivation(
            rf"x \frac{{\partial}}{{\partial x}} (\lvert x \rvert ({terms}))"
            rf" = \lvert x \rvert ({terms})",
            letters,
        )


@pytest.mark.parametrize("size", [5, 6])
def test_what_a_comparison_takes_leaves_enough_to_look_for_missing_slopes(size):
    letters = Notation()
    letters.declare(f"K: only {size}\nk, j: 1..K\nx: real\nW, V: real K K")
    factor = r"\sum_k \sum_j W_{kj}^2 V_{jk}^2"
    with pytest.raises(FormulaError, match=r"may be no slope: .* but at .*x = 0"):
        Derivation(
            rf"x \frac{{\partial}}{{\partial x}} (\lvert x \rvert {factor})"
            rf" = \lvert x \rvert {factor}",
            letters,
        )


@pytest.mark.parametrize("latex", TRUE)
def test_a_slope_that_is_never_missing_where_it_counts_is_accepted(latex, letters):
    assert Derivation(latex, letters).steps


@pytest.mark.parametrize("latex", FALSE_AT_A_CORNER)
def test_a_second_derivative_that_is_another_at_a_corner_is_refused(latex, letters):
    with pytest.raises(CheckError) as caught:
        Derivation(latex, letters)
    assert "Dirac" not in str(caught.value)


@pytest.mark.parametrize("latex", OF_LIMITS)
def test_the_derivative_of_a_limit_is_refused(latex, letters):
    with pytest.raises(FormulaError, match="the derivative of a limit"):
        Derivation(latex, letters)


#: What defines names, and slopes at places where slopes meet, which the place would hide.
AT_PLACES = [
    ((r"f(x) := \lvert \lvert x \rvert + x \rvert - \lvert x \rvert",), "f'(0) = 0"),
    ((r"f(x) := \lvert x \rvert",), "f'(0) = 0"),
    ((r"f(x) := \lvert x \rvert",), "f'(1 - 1) = 0"),
    ((r"f(x) := \lvert x \rvert",), r"f'(0) \ge 0"),
    ((r"f(x) := \lvert x \rvert",), r"\sum_k f'(k - 1) = K - 1"),
    ((r"f(x) := \lvert x \rvert", "h(x) := f'(x - 1)"), "h(1) = 0"),
    ((r"f(x) := e^{-\lvert x - y \rvert}",), "f'(y) = 0"),
    ((r"f(x) := \sum_k \lvert x - k \rvert",), "f'(1) = 1 - K"),
    ((r"f(x) := \lVert x z \rVert_1",), "f'(0) = 0"),
    ((r"f(x) := \max(x, 2 - x)",), "f'(1) = 0"),
    ((r"f(x) := \max(\sin x, \cos x)",), r"f'(\pi / 4) = 0"),
    ((r"f(x) := \lvert x \rvert + x",), "f'(0) = 1"),
    ((r"f(x) := x \lvert x \rvert",), "f''(0) = 0"),
    ((r"f(x) := \min_k (x - k)^2",), "f'(1.5) = 0"),
    ((r"f(x) := \sqrt{x^2}",), "f'(0) = 0"),
    ((r"f(x)_i := \lvert x z_i \rvert",), "f'(0) = 0 z"),
    ((r"f(x) := \mathbb{1}[x > 0]",), "f'(0) = 0"),
    ((r"f(x) := \mathbb{1}[x > 0] - \mathbb{1}[x < 0]",), "f'(x) = 0"),
    ((r"f(x) := \mathbb{1}[x > 0] + \mathbb{1}[x \le 0]",), "f'(x) = 0"),
    ((r"f(x) := x \mathbb{1}[x = 0]",), "f'(0) = 1"),
    ((r"f(x) := x^2 \mathbb{1}[x \ne 0]",), "f'(0) = 0"),
    ((r"f(x) := \begin{cases} x & x = 0 \\ 0 & x \ne 0 \end{cases}",), "f'(0) = 1"),
    ((r"f(x) := \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}",), "f'(0) = 0"),
    ((r"f(x) := \mathbb{1}[x > 0] \mathbb{1}[x < 0]",), "f'(x) = 0"),
    (("x := 0",), r"\frac{\partial}{\partial x} \lvert x \rvert = 0"),
    (("x := y - y",), r"\frac{\partial}{\partial x} \lvert x \rvert \ge 0"),
    (("x := 0",), r"\frac{\partial^2}{\partial x^2} (x \lvert x \rvert) = 0"),
    (("z_k := 0",), r"\frac{\partial}{\partial z_1} \lvert z_1 \rvert = 0"),
    (("z_k := 0",), r"\nabla_z \lVert z \rVert_1 = 0 z"),
    (
        (r"f(x) := \frac{\partial}{\partial y} \lvert y - x \rvert", "y := 1"),
        "f(1) = 0",
    ),
]


@pytest.mark.parametrize(("definitions", "slope"), AT_PLACES)
def test_a_slope_at_a_place_where_slopes_meet_is_refused(definitions, slope, letters):
    for each in definitions:
        Derivation(each, letters)
    with pytest.raises(CheckError):
        Derivation(slope, letters)


@pytest.mark.parametrize(
    ("definition", "slope"),
    [
        (r"f(x) := x \lvert x \rvert", "f'(0) = 0"),
        (r"f(x) := \lvert x \rvert", "f'(2) = 1"),
        (r"f(x) := \mathbb{1}[x^2 + 1 > 0]", "f'(0) = 0"),
        (r"f(x) := \begin{cases} x^2 & x > 0 \\ 0 & x \le 0 \end{cases}", "f'(0) = 0"),
        (r"f(x) := \max(x, 2 - x)", "f'(0) = -1"),
        (r"f(x) := \lvert x \rvert^3", "f''(0) = 0"),
        (r"f(x) := e^{-\lvert x - y \rvert}", "f'(y + 1) = -e^{-1}"),
        ("x := 0", r"\frac{\partial}{\partial x} (x \lvert x \rvert) = 0"),
        ("z_k := 0", r"\nabla_z \lVert z \rVert^2 = 0 z"),
        ("y := x^2", r"\frac{\partial}{\partial y} \lvert y + 1 \rvert = 1"),
    ],
)
def test_a_slope_beside_such_a_place_is_read(definition, slope, letters):
    Derivation(definition, letters)
    assert len(Derivation(slope, letters).steps) == 1


def test_the_prime_of_a_limit_is_refused(letters):
    Derivation(r"m(y) := \lim_{x \to \infty} e^{-x y^2}", letters)
    with pytest.raises(FormulaError, match="the derivative of a limit"):
        Derivation("m'(1) = 0", letters)
