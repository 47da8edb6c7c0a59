"""Sizes that no equation gives, found by trying them all with few digits."""

import pytest
from checkedmath import Derivation, WrongStep
from checkedmath.deciding.swept_sizes import sweep, swept_sizes, turning_points
from checkedmath.deciding.unknown_sizes import Unknowns
from checkedmath.reading.printer import read

from tests.checkedmath.notations import notation_of

WHERE = "K: {}\nN: {}\nx: real\no: ones K\nE: identity K"
FALSE = {
    r"\cos(K) + 0.99997 > 0": {"K": "355"},
    r"\sin(K) < 0.9999": {"K": "33"},
    r"(N^2 - 14 K^2 - 1)^2 > 0": {"K": "4", "N": "15"},
    r"(N K - 391)^2 > 0": {"K": "17", "N": "23"},
    r"\lvert N - \sqrt{2} K \rvert > \frac{0.3535}{K}": {"K": "12", "N": "17"},
    r"\cos(K) + x^2 + 0.99997 > 0": {"K": "355"},
    # far beyond the pairs that are all tried: one size is told by the other
    r"(N^2 - 29 K^2 + 1)^2 > 0": {"K": "13", "N": "70"},
    r"(N^2 - 13 K^2 - 1)^2 + x^2 > 0": {"K": "180", "N": "649"},
    r"(N K - 10403)^2 > 0": {"K": "103", "N": "101"},
}
THREE = {
    "(K^2 + N^2 - M^2)^2 > 0": {"K": "3", "N": "4", "M": "5"},
    "(K - 5)^2 + (N - 6)^2 + (M - 7)^2 > 0": {"K": "5", "N": "6", "M": "7"},
    "(K N - 77)^2 + (M - 9)^2 + x^2 > 0": {"M": "9"},
    # beyond those that are all tried: each is told by itself
    "(K - 31)^2 + (N - 17)^2 + (M - 40)^2 > 0": {"K": "31", "N": "17", "M": "40"},
    "(K - 113)^2 + (N - 217)^2 + (M - 1040)^2 + x^2 > 0": {"M": "1040", "N": "217"},
}


def letters(named="2 3"):
    return notation_of(WHERE.format(named, named), ())


@pytest.mark.parametrize("latex", FALSE)
def test_the_size_is_found(latex):
    named = "4 5" if "sqrt" in latex else "2 3"
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters(named))
    assert FALSE[latex].items() <= caught.value.counterexample.items()


@pytest.mark.parametrize("latex", THREE)
def test_three_sizes_are_found(latex):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, notation_of(f"M: 2 3\n{WHERE.format('2 3', '2 3')}", ()))
    assert THREE[latex].items() <= caught.value.counterexample.items()


@pytest.mark.parametrize(
    "latex", [r"\cos(K) + 1 > 0", r"\lvert N - \sqrt{2} K \rvert > 0", r"(N^2 - K^3 - 2)^2 > 0"]
)
def test_what_comes_close_and_holds_is_accepted(latex):
    assert Derivation(latex, letters()).steps


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([3, 2, 1, 2, 3], {1, 3}),  # the first of the largest, and the smallest
        ([-3, -2, -1, -2, -3], {1, 3}),  # the first of the smallest
        ([1, 1, 1, 1], {1}),
        ([1, 2, 3, 4], {1}),  # the largest is at the end, where larger ones may follow
        ([2, 1, -1, -2], {1, 2, 3}),  # the first of each sign
        ([], set()),
    ],
)
def test_turning_points(values, found):
    numbers = {(n,): float(x) for n, x in enumerate(values, 1)}
    assert {sizes[0] for sizes in turning_points(numbers)} == found


def unknowns(latex):
    return Unknowns([read(latex), read("0")], letters(), {"K": 2, "N": 2}, {"K": (2, 3)})


@pytest.mark.parametrize(
    ("latex", "known"),
    [(r"\log(K - 5)", range(6, 1101)), ("10^{K^3}", range(2, 7)), ("K^2", range(2, 1101))],
)
def test_no_size_is_swept_at_which_there_is_no_number_of_the_machine(latex, known):
    plain = unknowns(latex)
    (gap,) = plain.gaps
    assert list(sweep(gap, ["K"], plain)) == [(n,) for n in known]


def test_long_formulas_are_left_out():
    assert swept_sizes(unknowns(" + ".join(rf"\cos({n} K)" for n in range(2, 400)))) == []


@pytest.mark.parametrize(("share", "size"), [("1}{9", "10"), ("2}{23", "13")])
def test_a_determinant_of_numbers_may_be_large(share, size):
    latex = rf"\det(\mathbf{{E}} - \frac{{{share}}} \mathbf{{o}} \mathbf{{o}}^\top) \ge 0"
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters())
    assert caught.value.counterexample["K"] == size
