r"""Formulas whose parts do not fit: each is refused in words, or happens to make sense.

What the checker did not foresee would be told as a fault of its own, which no author can mend.
"""

import pytest
from checkedmath import CheckError, Derivation
from checkedmath.reading.printer import WRITERS, read, to_latex
from checkedmath.reading.relations import CHAINED
from checkedmath.reading.tree import walk

from tests.checkedmath.grammar import Grammar
from tests.checkedmath.notations import notation_of
from tests.checkedmath.shapes import DEFINITIONS, LETTERS, Shapes

#: How many formulas of each kind are in a part, and the parts: the later ones are for `make fuzz`.
COUNT = 100
PARTS = [0, 1, *(pytest.param(part, marks=pytest.mark.long) for part in range(2, 10))]


@pytest.fixture(scope="module")
def odd_letters():
    return notation_of(LETTERS, DEFINITIONS)


def seeds_of(part):
    return range(COUNT * part, COUNT * (part + 1))


def wrong_formulas(part):
    """Yield sides and relations of random formulas whose parts fit by chance only."""
    for seed in seeds_of(part):
        shapes = Shapes(seed)
        left, right = (shapes.tree(shapes.pick(1, 2, 3)) for _ in "lr")
        yield left, shapes.pick(*CHAINED, "=", "=", "="), shapes.pick(left, right)


def spoilt_formulas(part, functions):
    """Yield sides and relations of formulas that would be right but for some of their leaves."""
    for seed in seeds_of(part):
        shapes, grammar = Shapes(seed), Grammar(seed)
        scope = grammar.pick((), (), ("i",), ("i", "n"))
        tree = read(grammar.expression(grammar.pick(1, 2, 3), scope).text, functions)
        left = shapes.spoilt(tree, shapes.pick(0.1, 0.3))
        yield left, shapes.pick("=", "=", r"\le", "<"), shapes.pick(left, tree)


def verdict(latex, notation):
    """Return what is said of a formula, or nothing if it is accepted."""
    try:
        Derivation(latex, notation.copy(), "eq:odd")
    except CheckError as error:
        return str(error)
    except Exception as error:
        raise AssertionError(f"the checker failed at {latex}") from error
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wrong", "spoilt"])
@pytest.mark.parametrize("part", PARTS)
def test_no_formula_is_a_riddle_to_the_checker(kind, part, odd_letters):
    functions = odd_letters.functions
    formulas = wrong_formulas(part) if kind == "wrong" else spoilt_formulas(part, functions)
    said = [
        verdict(f"{to_latex(left)} {relation} {to_latex(right)}", odd_letters)
        for left, relation, right in formulas
    ]
    refused = [words for words in said if words]
    assert all(words.startswith("eq:odd") for words in refused)
    assert COUNT / 3 < len(refused) < COUNT


def test_the_formulas_hold_everything_that_can_be_written():
    kinds = {
        node.kind
        for part in (0, 1)
        for left, _, right in wrong_formulas(part)
        for node in (*walk(left), *walk(right))
    }
    assert kinds == WRITERS.keys()


REFUSED = {
    r"\lim_{m \to 0} m = 0": "m cannot be varied: declare its domain",
    r"\lim_{R \to 0} s = 0": "a limit takes a number, not a vector of 2",
    r"\lim_{O \to 0} s = 0": "O is constant and cannot be varied",
    r"\operatorname{tr}(O, O) = K": "takes one argument, not 2",
    r"\operatorname{diag}(z, z) = O": "takes one argument, not 2",
    r"\max(\sqrt{-t}, 1) = 1": "the root of what is never positive is not a number",
    r"\max(\log(-t), 1) = 1": "the logarithm of what is never positive is not a number",
    r"\log(-2) = 1": "the logarithm of -2 is not a number",
    r"O^{-1} = O": "a 2 by 2 matrix has no such power",
    r"g'(s) = 1": "v is a number and takes no index",
    r"\sigma'(z) = 1": r"\\sigma' takes a number, not a vector of 2",
    r"h(z)_{1 1} = 1": "left is a vector of 2, right is a number",
    r"\frac{\partial W}{\partial W} = 1": "the derivative of a 2 by 2 matrix by a 2 by 2 matrix",
    r"\mathbb{E}_{k \sim W}[z_k] = 1": "its distribution does not",
    r"\begin{cases} z & s > 0 \\ 1 & \text{otherwise} \end{cases} = z": "a case takes a number",
}


@pytest.mark.parametrize("latex", REFUSED)
def test_what_is_said(latex, odd_letters):
    with pytest.raises(CheckError, match=REFUSED[latex]):
        Derivation(latex, odd_letters.copy())


@pytest.mark.slow
def test_a_power_of_a_large_matrix(odd_letters):
    """It is multiplied out; SymPy's own power would simplify every entry, for minutes."""
    slope = r"(z_1 u (\frac{\partial a}{\partial z}))"
    assert Derivation(f"{slope}^3 = {slope} {slope} {slope}", odd_letters.copy()).steps
