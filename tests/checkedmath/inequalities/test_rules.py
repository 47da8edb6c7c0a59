"""Each rule proves what it should, and nothing that is false."""

import pytest
from checkedmath import Derivation
from checkedmath.derivation import read_chains
from checkedmath.inequalities.prover import RULES, proof
from checkedmath.inequalities.search import Search
from checkedmath.inequalities.wording import WORDING
from checkedmath.reading.binding import free_letters
from checkedmath.reading.printer import read

from tests.checkedmath.inequalities.claims import (
    DEFINITIONS,
    FALSE,
    LETTERS,
    TRUE,
    WITHOUT_A_HYPOTHESIS,
)
from tests.checkedmath.notations import notation_of


@pytest.fixture(scope="module")
def notation():
    return notation_of(LETTERS, DEFINITIONS)


def proofs(latex, notation):
    """Return what proves each step of a formula, None for one that is not proved."""
    found = []
    for chain in read_chains(latex, notation):
        nodes = [side.node for side in chain.sides]
        free = set().union(*(free_letters(node, set(notation.indices)) for node in nodes))
        letters = [letter for letter in notation.indices if letter in free]
        for relation, left, right in zip(chain.relations, nodes, nodes[1:], strict=False):
            found.append(proof(relation, left, right, letters, notation, chain.conditions))
    return found


def pairs(table):
    return [(rule, latex) for rule, statements in table.items() for latex in statements]


@pytest.mark.parametrize(("rule", "latex"), pairs(TRUE))
def test_a_rule_proves(rule, latex, notation):
    found = proofs(latex, notation)
    assert None not in found
    assert rule in {name for rules in found for name in rules}


@pytest.mark.parametrize(("rule", "latex"), pairs(FALSE))
def test_nothing_false_is_proved(rule, latex, notation):
    assert None in proofs(latex, notation), rule


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "latex"), pairs(FALSE))
def test_the_rules_themselves_prove_nothing_false(rule, latex, notation, monkeypatch):
    monkeypatch.setattr(Search, "fails", lambda *_: False)  # numbers stop most of it before
    assert None in proofs(latex, notation), rule


@pytest.mark.parametrize(("latex", "weaker"), WITHOUT_A_HYPOTHESIS)
def test_a_proof_needs_every_hypothesis(latex, weaker, notation, monkeypatch):
    assert None not in proofs(latex, notation)
    weak = notation.copy()
    weak.declare(weaker)
    assert None in proofs(latex, weak)
    monkeypatch.setattr(Search, "fails", lambda *_: False)
    assert None in proofs(latex, weak)


def test_each_rule_has_true_and_false_statements():
    assert TRUE.keys() == FALSE.keys() == RULES.keys()
    assert all(len(statements) >= 8 for statements in FALSE.values())


def test_each_rule_is_described():
    assert list(WORDING) == list(RULES)


class TestConditions:
    """A condition on numbers helps where it is needed, and nowhere else."""

    @pytest.mark.parametrize(
        "latex",
        [
            r"\frac{\partial}{\partial x} \max(0, x) = \mathbb{1}[x > 0] \quad (x \ne 0)",
            r"\mathbb{1}[z_i > 0] + \mathbb{1}[z_i < 0] = 1 \quad (z_i \ne 0)",
            r"\mathbb{1}[x > y] + \mathbb{1}[y > x] = 1 \quad (y \ne x)",
        ],
    )
    def test_it_helps(self, latex, notation):
        assert {step.verdict for step in Derivation(latex, notation.copy()).steps} == {
            "proved for every size"
        }

    @pytest.mark.parametrize(
        ("latex", "given"),
        [
            (r"\mathbb{1}[x > 0] + \mathbb{1}[x < 0] = 1", "y"),
            (r"\mathbb{1}[z_i > 0] + \mathbb{1}[z_i < 0] = 1", "z_j"),
            (r"\mathbb{1}[x > y] + \mathbb{1}[y > x] = 1", "x + y"),
            (r"\mathbb{1}[x > 0] = 1", "x"),
            (r"\frac{\partial}{\partial x} \max(0, x) = \mathbb{1}[x > 1]", "x"),
        ],
    )
    def test_it_does_not_help(self, latex, given, notation):
        (chain,) = read_chains(latex, notation)
        left, right = (side.node for side in chain.sides)
        known = [(read(given), r"\ne", read("0"))]
        assert proof("=", left, right, ["i", "j"], notation, (), known) is None
