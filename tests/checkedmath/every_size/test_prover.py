r"""A proof for every size: what is proved is true at sizes that nobody checked."""

import itertools

import pytest
from checkedmath import Derivation, FormulaError
from checkedmath.every_size.prover import proves
from checkedmath.reading.printer import read, to_latex

from tests.checkedmath.grammar import random_formulas
from tests.checkedmath.larger_sizes import is_true_beyond, steps_of
from tests.checkedmath.mutate import Changes
from tests.checkedmath.proved import PROVED


def proved(latex, notation):
    return [
        proves(*sides, notation, conditions) for *sides, conditions in steps_of(latex, notation)
    ]


#: False for some size, and true at all those that are checked.
TRUE_WHERE_CHECKED_ONLY = {
    "a factor that vanishes": r"(K - 2) (K - 3) (K - 4) z_i = 0",
    "such a factor in a sum": r"\sum_i (K - 2) (K - 3) (K - 4) z_i = 0",
    "such a factor in an exponent": r"e^{(K - 2) (K - 3) (K - 4) z_i} = 1",
    "two such factors": r"(K - 2) (K - 3) (K - 4) (N - 2) (N - 3) z_i = 0",
    "another size": r"(N - 2) (N - 3) z_i = 0",
    "a polynomial in the size": r"K^3 + 26 K = 9 K^2 + 24",
    "a logarithm of what turns negative": r"\log((5 - K)^2) = 2 \log(5 - K)",
    "a root of what turns negative": r"\sqrt{(5 - K)^2} = 5 - K",
    "a product of what turns negative": (r"\log(t (5 - K)) = \log t + \frac{1}{2} \log((5 - K)^2)"),
    "a division by what becomes zero": r"\frac{K - 5}{K - 5} = 1",
    "that by a power": r"(K - 5) (K - 5)^{-1} = 1",
    "that inside a sum": r"\sum_k \frac{K - 5}{K - 5} z_k = \sum_k z_k",
    "a root of what turns negative, squared": r"(\sqrt{4 - K})^2 = 4 - K",
    "a logarithm that cancels": r"\log(5 - K) - \log(5 - K) = 0",
    "a distribution that is varied": (
        r"(K - 2) (K - 3) (K - 4) \frac{\partial}{\partial p_i} \left( \sum_k p_k \right) = 0"
    ),
    "a distribution that is varied, in a product of matrices": (
        r"(K - 2) (K - 3) (K - 4) \frac{\partial}{\partial p_i}"
        r" \left( \mathbf{O} \mathbf{p} \right) = 0"
    ),
    "the same by a gradient": (
        r"(K - 2) (K - 3) (K - 4) \nabla_{\mathbf{p}} \left( \sum_k p_k \right) = 0"
    ),
    "an absolute value": r"\lvert 5 - K \rvert = 5 - K",
    "a sum of that": r"\sum_k z_k \sum_j (K - 2) (K - 3) (K - 4) z_j = 0",
}
FALSE = {
    "squares": r"(\sum_k z_k)^2 = \sum_k z_k^2",
    "a delta too few": r"\frac{\partial a_j}{\partial z_i} = -a_i a_j",
    "another index": r"\sum_k p_k z_k = \sum_k p_k v_k",
    "entropies": r"H(p, q) = H(q, p)",
    "a constant counted once": r"\sum_k (z_k + c) = \sum_k z_k + c",
    "no distribution": r"\sum_k z_k = 1",
    "columns for rows": r"\sum_n Y_{nk} = 1",
    "a product of sums": r"\sum_k p_k z_k = \sum_k p_k \sum_j z_j",
    "a transpose": r"\mathbf{U}^\top \mathbf{z} = \mathbf{x}",
    "the maximum moves": r"\max_k (z_k + c) = \max_k z_k",
    "a maximum of a mean": r"\max_k z_k = \frac{1}{K} \sum_k z_k",
}


@pytest.mark.parametrize("latex", PROVED.values(), ids=PROVED)
def test_proves(latex, letters):
    assert all(proved(latex, letters))
    assert all(is_true_beyond(*step, letters) for step in steps_of(latex, letters))
    assert {step.method for step in Derivation(latex, letters).steps} == {"every K"}


@pytest.mark.parametrize("latex", TRUE_WHERE_CHECKED_ONLY.values(), ids=TRUE_WHERE_CHECKED_ONLY)
def test_never_claims_what_holds_only_at_the_sizes_that_were_checked(latex, letters):
    assert not any(proved(latex, letters))
    letters.only.update(letters.sizes)  # no other size is claimed, so none is tried
    methods = {step.method for step in Derivation(latex, letters).steps}
    assert methods <= {"exact", "numeric"}


@pytest.mark.parametrize("latex", FALSE.values(), ids=FALSE)
def test_never_proves_what_is_false(latex, letters):
    assert not any(proved(latex, letters))


def test_sizes_are_kept_apart(letters):
    letters.declare("M: 2 3\nm: 1..M\no: real M\nV: real M K")
    assert proved(r"\mathbf{V}^\top \mathbf{o} = \mathbf{V}^\top \mathbf{o}", letters) == [True]
    for latex in (
        r"\mathbf{V} \mathbf{o} = \mathbf{V} \mathbf{o}",
        r"\mathbf{V} \mathbf{z} = \mathbf{V}^\top \mathbf{z}",
        r"\sum_m o_m + \delta_{im} = \sum_m o_m + \delta_{im}",
    ):
        assert not any(proved(latex, letters))


def test_a_step_without_sizes_is_exact(letters):
    steps = Derivation(r"\sigma(s) = 1 - \sigma(-s)", letters).steps
    assert [step.method for step in steps] == ["exact"]


def test_a_numbered_entry_is_not_for_every_size(letters):
    assert proved(r"\sum_{k \ne i} z_k = \sum_k z_k - z_i", letters) == [True]
    assert proved(r"\sum_k z_k - z_3 = \sum_k z_k - z_3", letters) == [False]


def test_a_name_that_is_defined_is_put_back_after_a_derivative(letters):
    with pytest.raises(FormulaError):
        Derivation(r"\frac{\partial C}{\partial L} = 1", letters)
    assert proved(r"\frac{\partial C}{\partial a_j} = -\frac{y_j}{a_j}", letters) == [True]
    assert proved(r"\frac{\partial C}{\partial a_j} = -\frac{y_j}{e^{z_j}} e^L", letters) == [True]


@pytest.mark.slow
def test_random_formulas_and_their_mutants(letters):
    """Whatever is claimed of them is true at sizes that were never checked, and none crashes."""
    claimed = 0
    for piece, scope in itertools.islice(random_formulas(), 0, None, 10):
        whole = read(piece.text, letters.functions)
        for _, changed in itertools.islice(Changes([whole], letters).tree(whole), 8):
            if proves(whole, changed, scope, letters):
                claimed += 1
                assert is_true_beyond(whole, changed, scope, (), letters), to_latex(changed)
    assert claimed > 20
