"""What a chain has shown: each step, and what its relations say of the first and last side."""

import pytest
from checkedmath import Notation, Step
from checkedmath.facts.keeping import facts_of, together
from checkedmath.reading.printer import read


def facts(*steps):
    """Return what a chain has shown, of steps of which each is a relation, a method and sizes."""
    sides = [read("abcdfg"[n]) for n in range(len(steps) + 1)]
    made = [
        Step(relation, "", "", "", "", method, sizes=sizes) for relation, method, sizes in steps
    ]
    return [
        (f"{fact.left.args[0]} {fact.relation} {fact.right.args[0]}", fact.method, fact.sizes)
        for fact in facts_of(sides, made, ((), ()), Notation())
    ]


@pytest.mark.parametrize(
    ("relations", "said"),
    [("= =", "="), (r"= \le =", r"\le"), (r"\ge > =", ">"), (r"\le <", "<"), (r"\le \ge", "")],
)
def test_relations_in_a_row(relations, said):
    assert together(relations.split()) == said


def test_each_step_and_the_whole():
    found = facts(("=", "every K", ""), (r"\le", "numeric", ""))
    assert found == [
        ("a = b", "every K", ""),
        (r"b \le c", "numeric", ""),
        (r"a \le c", "numeric", ""),
    ]


def test_the_whole_is_as_sure_as_its_weakest_step():
    for steps in (
        [("=", "sampled", ""), ("=", "every K", "")],
        [("=", "exact", ""), ("=", "sampled", "")],
    ):
        assert facts(*steps)[-1] == ("a = c", "sampled", "")


def test_a_definition_is_none_but_what_follows_is_said_of_its_name():
    assert facts((":=", "definition", "")) == []
    found = facts((":=", "definition", ""), (r"\le", "exact", ""))
    assert found == [(r"b \le c", "exact", ""), (r"a \le c", "exact", "")]


def test_steps_that_say_nothing_together():
    assert len(facts((r"\le", "exact", ""), (r"\ge", "exact", ""))) == 2


def test_steps_at_different_sizes_are_no_whole():
    assert len(facts(("=", "exact", "K = 2, 3"), ("=", "exact", "K = 2"))) == 2
    assert facts(("=", "exact", "K = 2"), ("=", "exact", "K = 2"))[-1] == (
        "a = c",
        "exact",
        "K = 2",
    )
