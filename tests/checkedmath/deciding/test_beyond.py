"""Sizes that a page does not name: `K: 2 3` means every size from two on."""

from fractions import Fraction

import pytest
from checkedmath import Derivation, FormulaError, Notation, WrongStep
from checkedmath.deciding.beyond import LARGER, larger_sizes, suggested_sizes
from checkedmath.deciding.unknown_sizes import Unknowns, sizes_of_zeros
from checkedmath.derivation import ChainCheck
from checkedmath.errors import TooMuch
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.limits import MOST_CASES
from checkedmath.reading.printer import read

WHERE = (
    "K: {}\nN: 2 3\ni, j, k: 1..K\nz: real K\np, q: simplex K\nW: real K K\nx, y: real\nt: positive"
)
#: True at two and three, and no further.
AT_TWO_AND_THREE = (
    "(K - 2) (K - 3) = 0",
    r"\sum_k z_k = \sum_k z_k + (K - 2) (K - 3)",
    r"\log \sum_k e^{z_k} \le \max_k z_k + \log 3",
    r"\sum_k p_k^2 \ge \frac{1}{3}",
    r"-\sum_k p_k \log p_k \le 1.1",
    r"2^K \le K + 5",
)


#: True at three and five, where an even number of entries is needed, or at no size.
BETWEEN_OR_NOT = {
    r"\sum_k (z_k^2 - 2)^2 + (\sum_k z_k)^2 > 0": False,
    r"\sum_k (z_k^2 - 1)^2 + (\sum_k z_k - 1)^2 + x^2 > -\frac{1}{10}": True,
    r"\sum_k (z_k^2 - 1)^2 + \frac{1}{1000} > 0": True,
}
#: False at one size, where one entry or two lead, and the others are alike and not zero.
WITH_LEADERS = (
    r"\max_k p_k - \sum_k p_k^2 \le \frac{K - 1}{4 K} - \frac{1}{500} + (K - 13)^2",
    r"\max_k z_k - \frac{\sum_k e^{z_k} z_k}{\sum_j e^{z_j}} \le \frac{6}{5} + (K - 12)^2",
    r"(p_1 + p_2) \sum_k p_k^3 - p_1 p_2 \le \frac{47}{100} (p_1 + p_2) + (K - 9)^2",
    r"(\max_k \lvert z_k \rvert) \sum_k \lvert z_k \rvert"
    r" \le (\frac{1 + \sqrt{K}}{2} - \frac{1}{100} + (K - 7)^2) \sum_k z_k^2",
)
#: True at every size up to some, and then no more; or at few sizes between alone.
FURTHER_OUT = (
    r"\sum_{k=1}^{K} k^2 \le 5 K^2",
    r"-\sum_k p_k \log p_k \le 3",
    r"\lVert z \rVert_1 \le 5 \lVert z \rVert",
    "K^3 \\le 2^K + 100",
    "(K - 17)^2 > 0",
    r"p_i \le 5 \sum_k p_k^2",
    r"p_i \le 2 \sum_k p_k^2 \quad (i > 1)",
    r"\sum_k p_k q_k \le 2 \sum_k p_k^2",
)

#: True unless two sizes are in some relation, or one is quite large.
IN_PAIRS = (
    r"N \le K + 7",
    r"(N - K - 5)^2 > 0",
    r"(N - 3)^2 + (K - 4)^2 > 0",
    r"\max(N, K) \le \min(N, K) + 9",
    r"\frac{K}{N} \le 5",
    r"K N \le 130",
    r"\sum_k z_k^2 + (N - 4)^2 + (K - 3)^2 > 0",
    r"(\sum_{k=1}^{K} k - N - 1)^2 > 0",
    r"(N - 2 K - 1)^2 + x^2 > 0",
    r"\lvert N - K \rvert \le 8 + x^2",
    r"2^{K - N} \le 500",
)
QUITE_LARGE = (
    r"\log K \le 4",
    r"K^{10} \ge 2^K",
    r"\log K \le 4 + x^2",
    r"\sqrt{K} \le 7 + e^{-K}",
    r"(K - 50)^2 > 0",
    r"K^2 - 127 K \le 0",
    r"\log_2 K \le 9",
    r"K \log K \le 700",
    r"K e^{-K / 100} \le 36",
    r"\frac{K}{K + 1} \le 0.99",
    r"-\sum_k p_k \log p_k \le 4",
    r"\lVert z \rVert_1 \le 9 \lVert z \rVert",
    r"\sum_k p_k^2 \ge \frac{1}{64}",
)


def letters(sizes):
    notation = Notation()
    notation.declare(WHERE.format(sizes))
    return notation


#: With what is no number at some place of a larger size, and at which this is found.
NO_NUMBERS = {
    r"\frac{1}{(\sum_k p_k \log p_k + 1.2)^2} > 0": 4,
    r"\frac{\sum_k p_k^2 - 0.28}{\sum_k p_k^2 - 0.28} = 1": 8,
    r"\frac{1}{(\sum_k \tanh z_k - 3.5)^2} > 0": 5,
    r"\frac{1}{(K - 5)^2 + \sum_k (z_k^2 - 2)^2} > 0": 5,
    r"\frac{(K - 31)^2 + \sum_k z_k^2}{(K - 31)^2 + \sum_k z_k^2} = 1": 31,
    r"\frac{(K - 31)^2 + \sum_k (z_k - 2)^2}{(K - 31)^2 + \sum_k (z_k - 2)^2} = 1": 31,
    r"\frac{(K - 31)^2 + \log K + \sum_k p_k \log p_k}"
    r"{(K - 31)^2 + \log K + \sum_k p_k \log p_k} = 1": 31,
    r"\frac{9 \sum_k p_k^2 - 1}{9 \sum_k p_k^2 - 1} = 1": 9,
    r"0 \cdot \log(4 + \sum_k p_k \log p_k) = 0": 55,
}
STILL_NUMBERS = (
    r"\frac{1}{\sum_k p_k^2} \le K",
    r"\sqrt{K - \sum_k p_k} = \sqrt{K - 1}",
    r"\frac{25 \sum_k p_k^2 + 1}{25 \sum_k p_k^2 + 1} = 1",
    r"\log \sum_k e^{z_k} - \log \sum_k e^{z_k} = 0",
    r"\frac{1}{1 + \log K} = \frac{1}{1 + \log K}",
)

#: Sums within sums, which at many classes take more than a share of the work.
FREE_ENERGY = (
    r"\sum_k p_k z_k - \sum_k p_k \log p_k = \log \sum_k e^{z_k}"
    r" - \sum_k p_k \log \frac{p_k \sum_j e^{z_j}}{e^{z_k}}"
)
#: True but at sizes that their own numbers suggest, or at few between those that are tried.
NEAR_THEIR_NUMBERS = {
    r"\sum_k \mathbb{1}[p_k > \frac{1}{9}] \le 7": "8",
    r"\sum_k \mathbb{1}[p_k > 0.11] \le 7": "8",
    r"\sum_k z_k^2 + (K - 9)^2 > 0": "9",
    r"x^2 + (K - 23)^2 > 0": "23",
    r"\max_k z_k + (K - 31) (K - 32) \ge \max_k z_k + \mathbb{1}[K = 32]": "32",
    r"\sum_{j, k} W_{jk}^2 + (K - 17)^2 > 0": "17",
    r"x^2 + \mathbb{1}[\lvert K^2 - 68 \rvert > 10] > 0": "8",
    r"\sum_k z_k^2 + (K^2 - 121)^2 > 0": "11",
    r"x^2 + (N - 23)^2 > 0": "23",
    r"\sum_k p_k (1 - p_k) \le 0.99": "101",
    rf"{FREE_ENERGY} + \mathbb{{1}}[K = 36]": "36",
    rf"{FREE_ENERGY} + \mathbb{{1}}[K > 100]": "101",
    rf"{FREE_ENERGY} + \mathbb{{1}}[-\sum_k p_k \log p_k > 3.5]": "34",
    r"\sum_k p_k^2 \ge 0.01": "101",
    r"\max_k p_k \ge 0.002": "501",
    r"-\sum_k p_k \log p_k \le 5": "149",
    r"\log \sum_k e^{z_k} \le \max_k z_k + 4.5": "91",
    r"\lVert z \rVert_1 \le 10 \lVert z \rVert": "101",
    r"\sqrt{\sum_k p_k^2} \ge 0.05": "401",
    r"-\sum_k p_k \log_2 p_k \le 8": "257",
    r"-\sum_k p_k \log p_k \le 6": "404",
    r"\max_k p_k \ge \frac{1}{900}": "901",
    r"\log(1 + K) \le 7": "1096",
    r"\log K \le 10 + x^2": "22027",
    r"\log_{10} K \le 5": "100001",
    r"\log_2 K \le 20": "1048577",
    r"\sqrt{K} \le 300 + x^2": "90001",
    r"\frac{1}{K} \ge 0.000001": "1000001",
    r"\frac{1}{\sqrt{K}} \ge 0.001": "1000001",
    r"\sum_k p_k^2 \ge 0.1^3": "1001",
    r"-\sum_k p_k \log_2 p_k \le 10": "1025",
    r"(\sum_j \sum_k W_{jk})^2 \le 150 \sum_j \sum_k W_{jk}^2": "13",
}
#: True but where something in them is zero, or at all sizes beyond.
WHERE_SOMETHING_IS_ZERO = {
    "(K^2 - 2209)^2 + x^2 > 0": {"K": "47"},
    r"\lvert 2 K - 1234 \rvert + \lvert x \rvert > 0": {"K": "617"},
    "K^2 - 150 K + 5600 + x^2 > 0": {"K": "80"},
    "K^2 - 1401 K + 490700 > 0": {"K": "701"},
    "(K - 113)^2 + (N - 217)^2 > 0": {"K": "113", "N": "217"},
    r"\sum_k z_k^2 + (K - 13)^2 + (N - 17)^2 > 0": {"K": "13", "N": "17"},
    "(K - N - 40)^2 + x^2 > 0": {"K": "42", "N": "2"},
    r"\lvert K - 3 N - 25 \rvert + x^2 > 0": {"K": "31", "N": "2"},
    r"\sum_k z_k^2 + (K^2 - 1369)^2 > 0": {"K": "37"},
    r"\log(\log K) \le 2": {"K": "1619"},
    r"\log K \le 30": {"K": "10686474581525"},
    r"K \log K \le 7000": {},
    r"x \le 100 + \frac{x^2}{K}": {"K": "401", "x": "401/2"},
    r"x \le 10000 + \frac{x^2}{K}": {"K": "40001"},
    r"x^2 + y^2 - 2 x K - 2 y N + 1000 \ge 0": {"K": "32", "N": "2"},
    r"\mathbb{1}[\sqrt{K} + 3 = 34] + x^2 \le x^2": {"K": "961"},
}


@pytest.mark.parametrize("latex", WHERE_SOMETHING_IS_ZERO)
def test_what_fails_where_a_part_is_zero_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert WHERE_SOMETHING_IS_ZERO[latex].items() <= caught.value.counterexample.items()


@pytest.mark.slow
@pytest.mark.parametrize("latex", NEAR_THEIR_NUMBERS)
def test_what_fails_at_sizes_that_its_numbers_suggest_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert NEAR_THEIR_NUMBERS[latex] in caught.value.counterexample.values()


def test_the_sizes_that_numbers_suggest():
    found = suggested_sizes([Fraction(9), Fraction(40), Fraction(11, 100), Fraction(1)])
    assert found[:3] == [10, 9, 8]
    assert {39, 40, 41} <= set(found)


def unknowns(*sides):
    named = {"K": (2, 3), "N": (2, 3)}
    return Unknowns([*map(read, sides)], letters("2 3"), {"K": 2, "N": 2}, named)


def test_numbers_made_of_numbers_are_among_them():
    found = unknowns(r"0.1^3 + \sum_k z_k", "2 N + 7 x").constants
    assert {Fraction(1, 1000), Fraction(2), Fraction(7)} <= set(found)


def test_the_letter_e_alone_is_no_written_number():
    assert unknowns(r"\sum_k e^{z_k}", r"e^{-x} \log t").constants == []


def test_letters_that_rest_on_others_where_there_is_no_slope():
    notation = letters("2 3")
    left = r"\frac{\log K - t x + \frac{N t^2}{8} + t y}{t}"
    right = r"\frac{\log K}{t} + \frac{N t}{8} - (x - y)"
    latex = f"{left} = {right}"
    assert Derivation(latex, notation).steps


@pytest.mark.parametrize(
    "latex",
    [
        "K + e^{e^{e^{9}}} > 0",
        "x^2 + K > -e^{e^{e^{6}}}",
        r"x + 10^{400} K \ge x",
        r"\lim_{x \to 0} \frac{\sin(K x)}{x} = K",
        r"\begin{cases} K & x > 0 \\ N & x \le 0 \end{cases} \ge 1",
        r"\det(\mathbf{W}) + K = K + \det(\mathbf{W})",
        r"K^K \ge K^2",
        r"-40 \le t^K",
        r"\sin(17) \le 1 + t^{K}",
    ],
)
def test_no_size_is_suggested_by_what_is_no_size(latex):
    assert Derivation(latex, letters("2 3")).steps


def test_sizes_at_which_parts_are_zero():
    left = r"\sum_k z_k^2 + \lvert K - 3 N - 25 \rvert + (N - 17)^2"
    found = sizes_of_zeros(unknowns(left, "0"))
    assert {"N": 17} in found
    assert {"K": 31, "N": 2} in found
    assert {"K": 34, "N": 3} in found
    assert not [sizes for sizes in found if sizes.get("N", 2) < 2]


@pytest.mark.parametrize("latex", AT_TWO_AND_THREE)
def test_what_holds_at_the_named_sizes_alone_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert int(caught.value.counterexample["K"]) > 3


@pytest.mark.slow
@pytest.mark.parametrize(("latex", "holds"), BETWEEN_OR_NOT.items())
def test_valleys_are_sought_at_small_sizes_that_are_not_named(latex, holds):
    if holds:
        assert Derivation(latex, letters("3 5")).steps
        return
    with pytest.raises(FormulaError, match="cannot be told: close to K = 4, ") as caught:
        Derivation(latex, letters("3 5"))
    assert caught.value.remedy.endswith(", or write `K: only 3 5` if no other sizes are meant")


@pytest.mark.slow
def test_an_exact_place_is_shown_where_there_is_one():
    with pytest.raises(WrongStep, match="both sides are 0") as caught:
        Derivation(r"\sum_k (z_k^2 - 1)^2 + (\sum_k z_k)^2 > 0", letters("3 5"))
    assert int(caught.value.counterexample["K"]) in (4, 6, 8)


@pytest.mark.parametrize("latex", WITH_LEADERS)
def test_valleys_are_sought_where_all_but_a_few_entries_are_alike(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert f"(K - {caught.value.counterexample['K']})^2" in latex


@pytest.mark.parametrize("latex", FURTHER_OUT)
def test_what_fails_at_larger_sizes_alone_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert int(caught.value.counterexample["K"]) > 5


@pytest.mark.parametrize("latex", IN_PAIRS)
def test_what_fails_at_pairs_of_sizes_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert {"K", "N"} <= caught.value.counterexample.keys()


@pytest.mark.parametrize("latex", QUITE_LARGE)
def test_what_fails_at_quite_large_sizes_is_refuted(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters("2 3"))
    assert int(caught.value.counterexample["K"]) >= 50


@pytest.mark.parametrize("latex", AT_TWO_AND_THREE)
def test_unless_the_page_says_that_only_these_are_meant(latex):
    assert Derivation(latex, letters("only 2 3")).steps


def test_sizes_between_those_named_are_tried():
    with pytest.raises(WrongStep) as caught:
        Derivation(r"\det(-\mathbf{W}) = \det(\mathbf{W})", letters("2 4"))
    assert caught.value.counterexample["K"] == "3"


def test_what_makes_no_sense_at_other_sizes_is_refused():
    formula = r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \mathbf{z} = \mathbf{z}"
    with pytest.raises(FormulaError, match=r"at K = 3 a 2 by 2 matrix times") as caught:
        Derivation(formula, letters("2"))
    assert caught.value.remedy == "write `K: only 2` if no other sizes are meant"
    assert Derivation(formula, letters("only 2")).steps


@pytest.mark.slow
@pytest.mark.parametrize(("latex", "size"), NO_NUMBERS.items())
def test_values_that_are_no_numbers_at_larger_sizes_are_refused(latex, size):
    with pytest.raises(FormulaError, match=f" at K = {size}, .* it is ") as caught:
        Derivation(latex, letters("2 3"))
    assert caught.value.remedy == "write `K: only 2 3` if no other sizes are meant"
    assert Derivation(latex, letters("only 2 3")).steps


@pytest.mark.parametrize("latex", STILL_NUMBERS)
def test_values_that_are_numbers_at_every_size_are_accepted(latex):
    assert Derivation(latex, letters("2 3")).steps[0].method == "every K"


def test_a_size_beyond_all_counting_is_no_fault_of_the_formula():
    notation = letters("2 3")
    notation.declare("o: ones K")
    formula = r"x + 66 + \sum_i \sum_{j < i} o_i o_j = x + 66 + \frac{K (K - 1)}{2}"
    assert Derivation(formula, notation).steps[0].method == "exact"


def test_a_condition_on_a_size_goes_before():
    assert Derivation(r"z_1 + z_2 = \sum_k z_k \quad (K = 2)", letters("2 3")).steps


def test_larger_sizes_are_not_named():
    for sizes in larger_sizes({"K": (2, 4), "N": (3,)}, {"K": 2, "N": 3, "D": 2}):
        assert sizes["D"] == 2
        assert sizes["K"] not in (2, 4) or sizes["N"] != 3
        assert {sizes["K"], sizes["N"]} <= {2, *LARGER}


def test_sizes_of_which_few_are_left_go_with_others():
    every = tuple(range(2, 10))
    tried = list(larger_sizes({"K": every, "N": (2,)}, {"K": 2, "N": 2}))
    assert {"K": 12, "N": 3} in tried
    assert {"K": 40, "N": 4} in tried


def test_a_size_that_is_declared_anew_is_no_longer_the_only_one():
    notation = letters("only 2")
    notation.declare("K: 2")
    assert not notation.only
    with pytest.raises(FormulaError, match="only"):
        notation.declare("K: only")


def test_one_class_against_many_refutes_at_sizes_that_are_not_named():
    notation = Notation()
    notation.declare("K: 2 3\nk: 1..K\np: simplex K")
    with pytest.raises(WrongStep) as caught:
        Derivation(r"\max_k p_k \le 2 \sum_k p_k^2", notation)
    assert int(caught.value.counterexample["K"]) >= 10


def test_many_free_indices_at_a_large_size_are_not_gone_through(monkeypatch):
    notation = letters("2 3")
    notation.declare("l: 1..K")
    latex = r"\delta_{ij} \delta_{jk} \delta_{kl} \le 1 + x^2 + K \quad (i \ne 2)"
    asked = []
    kept = ChainCheck.index_choices
    monkeypatch.setattr(
        ChainCheck, "index_choices", lambda self, sizes: asked.append(sizes) or kept(self, sizes)
    )
    assert Derivation(latex, notation).steps
    assert all(sizes["K"] ** 4 <= MOST_CASES for sizes in asked)


def test_a_table_without_letters_is_not_made_at_a_large_size():
    notation = letters("2 3")
    notation.declare("O: ones K K")
    budget = Evaluator(notation, {"K": 1000, "N": 2}).budget
    assert Derivation(r"\operatorname{tr}(O O) \ge K", notation).steps
    with pytest.raises(TooMuch):
        Evaluator(notation, {"K": 1000, "N": 2}, budget)(read("O"), {})
