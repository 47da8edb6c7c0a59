r"""A letter that a reader sees with one meaning and the checker would read with another is refused.

The arguments of functions, the partners of sums, the letters of limits, boxes that say two things
of one letter, and pages that define a name twice. Beside each refusal stands what is accepted, and
means what it says.
"""

import pytest
from checkedmath import Derivation, FormulaError, Notation, WrongStep

from tests.checkedmath.notations import notation_of

LETTERS = """\
K, N: 2 3
i, j, k: 1..K
n: 1..N
s, x, y, w, t: real
T, r: positive
z, v: real K
p, q: simplex K
X, Y: real N
"""


@pytest.fixture
def page():
    letters = notation_of(LETTERS, ())

    def read(*formulas):
        return [Derivation(latex, letters) for latex in formulas][-1]

    return read


HIDDEN = [
    (r"m := \frac{1}{1 + e^{-s}}", r"\ell(s) := -\log m"),
    ("m := x^2", "f(x) := m + x"),
    ("m := x^2", "h := m + 1", "f(x) := 2 h"),
    (r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}", r"C(z) := -\sum_k q_k \log a_k"),
    (r"R_n := Y_n - w X_n", r"J(w) := \sum_n R_n^2"),
    (r"b := \frac{\log 2}{T} + \frac{T r}{8}", "R(T) := b"),
    (r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}", "S(z)_i := a_i"),
    ("g(y) := x + y", "f(x) := g(1)"),
    ("g(y) := x + y", "f(x) := g'(x)"),
    ("f(y) := x + y", "x := y^2"),
    ("h := x", "f(y) := h + y", "x := y^2"),
    ("f(y) := x + y", "x := w", "w := y"),
]


@pytest.mark.parametrize("formulas", HIDDEN, ids=" and ".join)
def test_an_argument_that_stands_in_another_definition_is_refused(formulas, page):
    page(*formulas[:-1])
    with pytest.raises(FormulaError, match="would not be the argument there") as caught:
        page(formulas[-1])
    assert "a function of" in caught.value.remedy


@pytest.mark.parametrize(
    ("formulas", "false"),
    [
        ((r"m(s) := \frac{1}{1 + e^{-s}}", r"\ell(s) := -\log m(s)"), r"\ell(-s) = \ell(s)"),
        (("m(x) := x^2", "f(x) := m(x) + x"), "f'(x) = 1"),
        (("m := w^2", "f(x) := m + x"), "f(w) = m"),
        ((r"J(w) := \sum_n (Y_n - w X_n)^2",), "J(w + 1) = J(w)"),
    ],
)
def test_a_function_that_shows_its_argument_is_judged_by_it(formulas, false, page):
    page(*formulas)
    with pytest.raises(WrongStep):
        page(false)


def test_what_such_a_function_is_worth(page):
    page(
        r"m(s) := \frac{1}{1 + e^{-s}}", r"\ell(s) := -\log m(s)", "u(x) := x^2", "f(x) := u(x) + x"
    )
    for true in (r"\ell(0) = \log 2", r"\ell'(s) = m(s) - 1", "f'(x) = 2 x + 1", "f(2) = 6"):
        assert page(true).steps[0].verdict == "proved for every size"


def test_a_size_is_no_argument(page):
    page(r"b := \sum_k k")
    with pytest.raises(FormulaError, match="K is a size and cannot be an argument"):
        page("R(K) := b")


PAIRS = [
    r"\sum_{i \ne j} p_i p_j \le \frac{1}{4}",
    r"\sum_{i \ne j} p_i p_j < \frac{1}{3}",
    r"\sum_{i \ne j} p_i (1 - p_j) \le 1",
    r"\sum_{i \le j} \delta_{ij} = 1",
    r"\sum_{i < j} p_i p_j \le \frac{1}{4}",
    r"\sum_{i \ne j} p_i p_j = 1 - \sum_k p_k^2",
    r"\sum_{i < j} (z_i - z_j)^2 = K \sum_k z_k^2 - (\sum_k z_k)^2",
    r"\max_{i \ne j} (z_i - z_j) \ge 0",
    r"\prod_{i \ne j} e^{z_i - z_j} > 0",
    r"\sum_k p_k = 1 \ge \sum_{i \ne j} p_i p_j",
]


@pytest.mark.parametrize("latex", PAIRS)
def test_a_sum_that_looks_like_one_over_pairs_is_refused(latex, page):
    with pytest.raises((FormulaError, WrongStep), match=r"ambiguous: j stands only|free here"):
        page(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_j \sum_{i \ne j} p_i p_j = 1 - \sum_k p_k^2",
        r"\sum_i \sum_{j > i} (z_i - z_j)^2 = K \sum_k z_k^2 - (\sum_k z_k)^2",
        r"\sum_{i \ne j} p_i = 1 - p_j",
        r"\sum_{i \ne j} p_i \le 1 \quad (j \ge 1)",
        r"1 + \sum_{i \ne j} p_i = 2 - p_j",
        r"\sum_{i \ne 1} p_i = 1 - p_1",
        r"\sum_{i < j} p_i \ge 0",
    ],
)
def test_a_sum_whose_partner_stands_elsewhere_or_is_summed_is_read(latex, page):
    assert len(page(latex).steps) == 1


def test_a_definition_by_such_a_sum_has_its_partner_on_the_left(page):
    page(r"h_j := \sum_{i \ne j} p_i p_j")
    assert page(r"h_j = p_j (1 - p_j)").steps[0].verdict == "proved for every size"


@pytest.mark.parametrize(
    "latex",
    [
        r"\lim_{x \to 0} x + x^2 = x^2",
        r"\lim_{x \to 0} 2 x^2 - x = 0",
        r"-\lim_{x \to 0} x + x^2 = x^2",
        r"s \lim_{x \to 0} x + s + x = s",
    ],
)
def test_a_limit_that_may_end_before_the_next_term_is_refused(latex, page):
    with pytest.raises(FormulaError, match="does the limit end before this term"):
        page(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\lim_{x \to 0} (x + x^2) = 0",
        r"(\lim_{x \to 0} x) + x^2 = x^2",
        r"\lim_{x \to 0} x^2 + 1 = 1",
        r"\lim_{x \to 0} x^2 + \lim_{x \to 1} x^2 = 1",
        r"y + \lim_{x \to 0} x^2 = y",
    ],
)
def test_a_limit_whose_end_is_plain_is_read(latex, page):
    assert page(latex).steps[0].verdict == "proved for every size"


@pytest.mark.parametrize("meaning", ["1..K", "real K", "simplex K", "identity K", "positive N K"])
@pytest.mark.parametrize("box", ["K, N: 2 3\nK: {}", "K, N: 2 3\x00K: {}"])
def test_a_size_is_not_declared_by_means_of_itself(box, meaning):
    letters = Notation()
    *before, last = box.format(meaning).split("\x00")
    for each in before:
        letters.declare(each)
    with pytest.raises(FormulaError, match=r"by means of itself|declared twice"):
        letters.declare(last)


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("x: real\nx: positive", "x is declared twice in one box$"),
        ("x, x: real", "x is declared twice in one box$"),
        ("K: 2 3\nK: only 2", "K is declared twice in one box$"),
        ("K: 2 3\ni: 1..K\ni: 2 3", "i is declared twice in one box$"),
        ("x: real\n\\mathbf{x}: positive", "first as x, which is the same letter"),
        ("\\mathbf{z}: positive\nz: real", r"first as \\mathbf{z}, which is the same letter"),
    ],
)
def test_a_box_says_one_thing_of_a_letter(box, said):
    with pytest.raises(FormulaError, match=said):
        Notation().declare(box)


@pytest.mark.parametrize(
    ("formulas", "again", "latex", "said"),
    [
        ([r"m := \sqrt{r}"], "r: real", "m = 1", "'m' .* ended where r was given a new one"),
        (["f(x) := r x"], "r: real", "f(1) = 1", "'f' .* ended where r was given a new one"),
        ([], "K: real", "z_1 = z_1", "'z' .* ended where K was given a new one"),
        ([], "", r"\phi = 1", r"'\\phi' has no meaning: it is neither declared nor defined"),
    ],
)
def test_a_name_whose_meaning_has_ended_says_by_what(formulas, again, latex, said):
    letters = notation_of(LETTERS, formulas)
    letters.declare(again)
    with pytest.raises(FormulaError, match=said):
        Derivation(latex, letters)


def test_a_name_that_is_given_a_meaning_anew_has_one():
    letters = Notation()
    letters.declare("x: positive")
    Derivation(r"m := \sqrt{x}", letters)
    letters.declare("x: real")
    Derivation("m := x^2", letters)
    assert Derivation(r"m \ge 0", letters).steps
    letters.declare("x: positive\nm: real")
    assert Derivation(r"m^2 \ge 0", letters).steps
    assert not letters.ended


@pytest.mark.parametrize(
    "latex",
    [
        r"f(x) := x^2 \quad (x > 0)",
        r"c_{ik} := 1 \quad (i = k)",
        r"u_i := 2 z_i \quad (i \ne 1)",
        r"m := 5 \quad (K = 2)",
    ],
)
def test_a_definition_takes_no_condition(latex, page):
    with pytest.raises(FormulaError, match="a definition holds everywhere") as caught:
        page(latex)
    assert "cases" in caught.value.remedy


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ((r"P(i) := \sum_j p_i q_j", r"P(j) := \sum_i p_i q_j"), "P has another definition"),
        (("P(i \\mid j) := p_i", "P(j \\mid i) := p_j"), "P has another definition"),
        (("f(x) := x^2", "f(y) := y^3"), "f has another definition"),
        (("u_i := z_i", "u_j := z_j^2"), "u has another definition"),
        (("L := x^2", "L(x) := x^3"), "L is a number and a function on this page"),
        (("g(x) := x^2", "g := 5"), "g is a number and a function on this page"),
        (("f'(x) := 3 x",), "f' is the slope of f"),
        (("f(x) := x^2", "h(f) := f(2)"), "f is a function and cannot be an argument"),
        (("f(f) := 2",), "f is a function and cannot be an argument"),
    ],
)
def test_a_name_has_one_meaning_on_a_page(formulas, said, page):
    for each in formulas[:-1]:
        page(each)
    with pytest.raises(FormulaError, match=said):
        page(formulas[-1])


@pytest.mark.parametrize(
    "latex",
    [
        r"f(k) := z_k \sum_k z_k",
        r"f(k) := z_k - \max_k z_k",
        r"f(k) := \mathbb{E}_{k \sim p}[z_k]",
        r"f(n) := \sum_{n=1}^{3} n",
        r"f(i)_j := \sum_i z_i z_j",
    ],
)
def test_an_argument_is_not_bound_inside_as_well(latex, page):
    with pytest.raises(WrongStep, match="has a meaning outside already"):
        page(latex)


def test_on_a_later_page_a_name_may_be_defined_otherwise():
    letters = notation_of(LETTERS, ("f(x) := x^2", "u_i := z_i", "L := x^2", "g(x) := 2 x"))
    letters.open_page("two")
    for latex in ("f(y) := y^3", "u_j := z_j^2", "L(x) := x^3", "g := 5"):
        Derivation(latex, letters)
    for latex in ("f(2) = 8", "u_1 = z_1^2", "L(2) = 8", "g = 5"):
        assert Derivation(latex, letters).steps


def test_the_same_definition_twice_is_one(page):
    page("f(x) := x^2")
    assert page("f(x) := x^2").steps[0].verdict == "definition"


def test_a_largest_one_of_the_others_needs_no_partner_elsewhere(page):
    assert len(page(r"\max_{j \ne i} z_j \le \max_j z_j").steps) == 1
