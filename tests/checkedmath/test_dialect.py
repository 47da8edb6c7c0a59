"""The table of the dialect: what it shows is accepted, what it refuses is refused."""

from pathlib import Path

import pytest
from checkedmath import CheckError, Derivation, Notation, dialect
from checkedmath.inequalities.wording import WORDING
from checkedmath.reading.printer import to_latex

CONSTRUCTS = [row.example for rows in dialect.CONSTRUCTS.values() for row in rows]


@pytest.fixture(scope="module")
def _letters():
    notation = Notation()
    notation.declare(dialect.LETTERS)
    for definition in dialect.DEFINITIONS:
        Derivation(definition, notation)
    for label, fact in dialect.FACTS.items():
        Derivation(fact, notation, label)
    return notation


@pytest.fixture
def letters(_letters):
    return _letters.copy()


@pytest.mark.parametrize("example", CONSTRUCTS)
def test_an_example_is_accepted(example, letters):
    assert Derivation(example, letters).steps


@pytest.mark.parametrize("refusal", dialect.REFUSALS, ids=lambda refusal: refusal.text)
def test_a_refusal_is_refused_with_a_message(refusal, letters):
    with pytest.raises(CheckError) as caught:
        Derivation(refusal.text, letters, "eq:it")
    assert str(caught.value).startswith("eq:it")
    assert len(str(caught.value)) > len("eq:it: ") + 10


@pytest.mark.parametrize(("rule", "wording"), WORDING.items(), ids=WORDING)
def test_a_rule_proves_its_example(rule, wording, letters):
    steps = Derivation(wording.example, letters).steps
    assert {step.verdict for step in steps} == {"proved for every size"}
    assert rule in {name for step in steps for name in step.rules}


def test_the_page_is_the_table():
    page = Path(__file__).parents[2] / "code" / "checkedmath" / "DIALECT.md"
    assert page.read_text(encoding="utf-8") == dialect.as_markdown(), (
        "write it with: python -m checkedmath.dialect > code/checkedmath/DIALECT.md"
    )


def test_every_kind_of_node_is_shown(letters):
    from checkedmath.derivation import read_chains
    from checkedmath.reading.printer import WRITERS
    from checkedmath.reading.tree import walk

    kinds = set()
    for example in CONSTRUCTS:
        for chain in read_chains(example, letters):
            for side in chain.sides:
                assert to_latex(side.node)
                kinds |= {node.kind for node in walk(side.node)}
    assert kinds == set(WRITERS)
