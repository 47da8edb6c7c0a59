r"""Relations: each is known in one place, and every room means the same by it."""

import itertools
import re

import pytest
from checkedmath import Derivation, FormulaError, WrongStep
from checkedmath.reading.display import rows
from checkedmath.reading.lexer import tokenize
from checkedmath.reading.parser import Parser, leading_relation
from checkedmath.reading.relations import CHAINED, COMPARISONS, RELATIONS, SPELLINGS, holds, pattern

PYTHON = {
    "=": lambda left, right: left == right,
    r"\ne": lambda left, right: left != right,
    r"\le": lambda left, right: left <= right,
    r"\ge": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
}


@pytest.mark.parametrize("sign", COMPARISONS)
def test_it_holds_as_python_has_it(sign):
    for left, right in itertools.product(range(3), repeat=2):
        assert holds(sign, left, right) == PYTHON[sign](left, right)
        assert holds(sign, left, right) != holds(denied(sign), left, right)


def denied(sign):
    """Return the relation that is true where another is false."""
    return {"=": r"\ne", r"\ne": "=", r"\le": ">", r"\ge": "<", "<": r"\ge", ">": r"\le"}[sign]


@pytest.mark.parametrize(("sign", "equal"), [*zip(COMPARISONS, [1, 0, 1, 1, 0, 0], strict=True)])
def test_what_differs_by_rounding_only_is_equal(sign, equal):
    assert [bool(holds(sign, x, 1, rounding=0.5)) for x in (0.6, 1, 1.4)] == [bool(equal)] * 3


@pytest.mark.parametrize("sign", COMPARISONS)
def test_the_opposite_of_the_opposite(sign):
    assert RELATIONS[RELATIONS[sign].opposite].opposite == sign


@pytest.mark.parametrize(("spelling", "sign"), SPELLINGS.items())
def test_every_spelling_is_read_alike(spelling, sign):
    assert tokenize(f"{spelling} x")[0].text == sign
    assert rows(rf"z_i = z_i \quad (i {spelling} j)")[0].conditions[0].relation == sign


@pytest.mark.parametrize("sign", CHAINED)
def test_a_row_that_begins_with_a_relation(sign):
    read = Parser(f"{sign} x = y").row()
    assert (read.first, [side.text for side in read.sides]) == (sign, ["x", "y"])
    assert leading_relation(f"  {sign} x") == sign


def test_a_row_that_begins_with_none():
    assert leading_relation("x = y") == leading_relation(r"\lvert x \rvert") == ""
    assert Parser("x = y").row().first == ""


def test_a_word_that_begins_like_a_relation_is_none():
    found = re.compile(pattern(CHAINED))
    assert not found.match(r"\left")
    assert found.match(r"\le t")


@pytest.mark.parametrize(
    ("claim", "true"), [("<", 0), (r"\le", 1), ("=", 1), (r"\ge", 1), (">", 0)]
)
def test_a_chain_and_an_indicator_agree(claim, true, letters):
    indicator = rf"\mathbb{{1}}[s {claim} s] = {true}"
    assert Derivation(indicator, letters).steps
    if true:
        assert Derivation(f"s {claim} s", letters).steps
    else:
        with pytest.raises(WrongStep):
            Derivation(f"s {claim} s", letters)


def test_a_fault_in_a_row_is_shown_with_its_relation(letters):
    with pytest.raises(FormulaError, match=r"at = \(c⟨here⟩"):
        Derivation(r"s &= c \\ &= (c", letters)
