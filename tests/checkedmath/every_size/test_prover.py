r"""A proof for every size: what is proved is true at sizes that nobody checked."""

import itertools
import random

import pytest
from checkedmath import Derivation, FormulaError
from checkedmath.deciding.claims import claim_holds, claims, draw
from checkedmath.deciding.multiprecision import WORKING_DIGITS
from checkedmath.derivation import read_chains
from checkedmath.every_size.prover import proves
from checkedmath.meaning.evaluator import Evaluator, Sizes
from checkedmath.reading.binding import free_letters
from checkedmath.reading.printer import read, to_latex

from tests.checkedmath.grammar import random_formulas
from tests.checkedmath.mutate import Changes

#: Sizes beyond those at which the formulas of the book are checked, in turn.
BEYOND = (5, 4)


def steps_of(latex, notation):
    """Yield the two sides of each equation of a formula, its free letters and its conditions."""
    for chain in read_chains(latex, notation):
        nodes = [side.node for side in chain.sides]
        letters = sorted(free_letters(nodes[0], set(notation.indices)))
        for relation, left, right in zip(chain.relations, nodes, nodes[1:], strict=False):
            if relation == "=":
                yield left, right, letters, chain.conditions


def proved(latex, notation):
    return [
        proves(*sides, notation, conditions) for *sides, conditions in steps_of(latex, notation)
    ]


def is_true_beyond(left, right, letters, conditions, notation):
    """Tell whether a step holds at sizes that were never checked, at random points."""
    sizes = dict(zip(notation.sizes, BEYOND * 4, strict=False))
    evaluator, rng = Evaluator(notation, Sizes(sizes)), random.Random(7)
    held = []
    for _ in range(2):
        env = {x: rng.randint(1, sizes[notation.indices[x]]) for x in letters}
        if not all(condition.holds(sizes | env) for condition in conditions):
            continue
        values = evaluator(left, dict(env)), evaluator(right, dict(env))
        for claim in claims("=", *values):
            held.append(claim_holds(claim, draw(evaluator, rng), WORKING_DIGITS))
    return all(held)


def test_what_is_proved_in_the_book_is_true_at_larger_sizes(book_formulas):
    tried = 0
    for _, label, latex, notation in book_formulas:
        for left, right, letters, conditions in steps_of(latex, notation):
            if proves(left, right, letters, notation, conditions):
                tried += 1
                assert is_true_beyond(left, right, letters, conditions, notation), label
    assert tried > 50


TRUE = {
    "sums to one": r"\sum_i a_i = 1",
    "Jacobian by cases": (
        r"\frac{\partial a_j}{\partial z_i} = \begin{cases} a_i (1 - a_i) & i = j \\"
        r" -a_j a_i & \text{otherwise} \end{cases} = a_j (\delta_{ij} - a_i)"
    ),
    "Jacobian as a matrix": (
        r"\frac{\partial \mathbf{a}}{\partial \mathbf{z}}"
        r" = \operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top"
    ),
    "gradient": (
        r"\frac{\partial C}{\partial z_i} = \sum_j \frac{\partial C}{\partial a_j}"
        r" \frac{\partial a_j}{\partial z_i}"
        r" = -\frac{y_i}{a_i} a_i (1 - a_i) + \sum_{j \ne i} \frac{y_j}{a_j} a_j a_i"
        r" = -y_i + a_i \sum_j y_j = a_i - y_i"
    ),
    "gradient as a vector": r"\nabla_{\mathbf{z}} C = \mathbf{a} - \mathbf{y}",
    "Hessian": (
        r"\nabla^2_{\mathbf{z}} C = \operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top"
    ),
    "variance": (
        r"\mathbf{v}^\top (\operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top) \mathbf{v}"
        r" = \sum_i a_i (v_i - \sum_k a_k v_k)^2"
    ),
    "entropies": r"H(p, q) = H(p) + D_{\mathrm{KL}}(p \parallel q)",
    "stable": r"L = \max_k z_k + \log \sum_k e^{z_k - \max_i z_i}",
    "likelihood": (r"-\log \prod_n \prod_k A_{nk}^{Y_{nk}} = -\sum_n \sum_k Y_{nk} \log A_{nk}"),
    "order of a double sum": r"\sum_n \sum_k Y_{nk} z_k = \sum_k z_k \sum_n Y_{nk}",
    "a condition": r"\frac{\partial a_j}{\partial z_i} = -a_i a_j \quad (i \ne j)",
    "the other condition": r"\frac{\partial a_j}{\partial z_i} = a_i (1 - a_j) \quad (i = j)",
    "explicit bounds": r"\sum_{k=1}^{K} z_k = \sum_k z_k",
    "trace": r"\operatorname{tr}(\mathbf{a} \mathbf{a}^\top) = \lVert \mathbf{a} \rVert^2",
    "matrix times vector": r"(\mathbf{U} \mathbf{x})_i = \sum_d U_{id} x_d",
    "a division by one less than a size": r"\frac{(K - 1) z_i}{K - 1} = z_i",
    "a slope by a distribution": r"\frac{\partial}{\partial p_i} H(p, q) = -\log q_i",
    "a slope of a sum that is one": r"\frac{\partial}{\partial p_i} \left( \sum_k p_k \right) = 1",
    "expectation": r"\mathbb{E}_{k \sim p}[z_k + c] = \sum_k p_k z_k + c",
}
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


@pytest.mark.parametrize("latex", TRUE.values(), ids=TRUE)
def test_proves(latex, letters):
    assert all(proved(latex, letters))
    assert {step.method for step in Derivation(latex, letters).steps} == {"every K"}


@pytest.mark.parametrize("latex", TRUE_WHERE_CHECKED_ONLY.values(), ids=TRUE_WHERE_CHECKED_ONLY)
def test_never_claims_what_holds_only_at_the_sizes_that_were_checked(latex, letters):
    assert not any(proved(latex, letters))
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
