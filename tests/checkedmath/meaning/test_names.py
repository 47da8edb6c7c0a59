r"""Names: what they mean at a place of a formula, and the same for both interpreters."""

import pytest
from checkedmath import Derivation, FormulaError
from checkedmath.every_size.prover import Prover
from checkedmath.every_size.sums import Index
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.names import Names, sizes_in
from checkedmath.reading.printer import read

SIZES = {"K": 3, "N": 2, "D": 2}


class TestScope:
    def test_a_place_further_in_leaves_the_outer_one_alone(self, letters):
        outer = Names(letters).outermost({"i": 1})
        inner = outer.binding("k", 2).holding(["a"])._replace(guarded=True)
        assert (inner.values, inner.held, inner.guarded) == ({"i": 1, "k": 2}, {"a"}, True)
        assert (outer.values, outer.held, outer.guarded) == ({"i": 1}, frozenset(), False)

    def test_a_definition_sees_nothing_but_its_arguments_and_what_is_varied(self, letters):
        scope = Names(letters).outermost({"i": 1}).holding(["z"])
        inside = scope.within(letters.definitions["a"], {"i": 2})
        assert (inside.values, inside.held) == ({"i": 2}, {"z"})
        assert inside.ranges == letters.definitions["a"].ranges


class TestMeaning:
    def test_a_name_is_free_where_it_is_varied(self, letters):
        names = Names(letters)
        outer = names.outermost({})
        assert not names.is_free("a", outer)
        assert names.is_free("a", outer.holding(["a"]))
        assert not names.is_free("L", outer.holding(["L"])), "it has no domain"

    def test_sizes_are_those_at_the_time_of_the_definition(self, letters):
        names = Names(letters)
        letters.declare("i: 1..N")
        assert names.sizes_of("a", names.outermost({})) == ("K",)

    @pytest.mark.parametrize(
        ("latex", "message"),
        [
            (r"\sigma", "is a function: write"),
            ("i", "the index i has no value here"),
            (r"\Omega", "has no meaning"),
            ("L_i", "L takes no index, not 1"),
            ("z_{ij}", r"z takes 1 index letter\(s\), not 2"),
            (r"H(p \mid q)", "other signs between its arguments"),
            (r"\sigma(s, s)", r"not defined for 2 argument\(s\)"),
            (r"\frac{\partial L}{\partial L}", "L cannot be varied: .*, above its definition"),
            (r"\sum_i \frac{\partial z_i}{\partial i}", "i is an argument or an index here"),
        ],
    )
    def test_both_interpreters_refuse_a_name_in_the_same_words(self, latex, message, letters):
        tree = read(latex, letters.functions)
        with pytest.raises(FormulaError, match=message):
            Evaluator(letters, SIZES)(tree, {"j": 1})
        with pytest.raises(FormulaError, match=message):
            Prover(letters)(tree, {"j": Index("j", "K")})


@pytest.mark.parametrize(
    ("latex", "sizes"),
    [
        (r"s + c", ""),
        (r"\sum_k z_k", "K"),
        (r"\sum_{n=1}^{3} n", "N"),
        ("z_1", "K"),
        ("L", "K"),
        ("N s", "N"),
        ("z_i", "K"),
        ("n", "N"),
        (r"\mathbf{Z}", "KN"),
        (r"\mathbf{x}^\top \mathbf{x} + H(p, q)", "DK"),
        (r"\frac{\partial C}{\partial a_1}", "K"),
        (r"\sigma(s)", ""),
    ],
)
def test_the_sizes_that_occur(latex, sizes, letters):
    assert sizes_in([read(latex, letters.functions)], letters) == set(sizes)


def test_a_size_that_occurs_in_a_definition_only(letters):
    Derivation(r"\phi(m) := m + \sum_k z_k", letters)
    Derivation(r"h := \phi(N)", letters)
    assert sizes_in([read("h")], letters) == {"K", "N"}


def test_the_argument_of_a_function_is_no_letter_of_the_page(letters):
    Derivation(r"\phi(z) := z + 1", letters)
    assert sizes_in([read(r"\phi(s)", letters.functions)], letters) == set()
