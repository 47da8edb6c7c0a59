"""What a chain of steps has shown, as facts that reasons may cite."""

from __future__ import annotations

import itertools
from dataclasses import replace

from checkedmath.notation import Fact, Given, Notation
from checkedmath.reading.display import Condition
from checkedmath.reading.tree import Node
from checkedmath.steps import Step, weakest

#: Relations that may follow one another, with the strictest that they say together.
TOGETHER = (("=", r"\le", "<"), ("=", r"\ge", ">"))


def facts_of(
    sides: list[Node],
    steps: list[Step],
    conditions: tuple[tuple[Condition, ...], tuple[Given, ...]],
    notation: Notation,
) -> list[Fact]:
    """Return what each step of a chain has shown, and the chain from its first side to its last.

    Parameters
    ----------
    sides : list of Node
        The sides.
    steps : list of Step
        The steps between them.
    conditions
        Those on indices and sizes, and those on numbers.
    notation : Notation
        What the letters stand for after the chain.
    """
    known = replace(notation.copy(), facts={})
    facts = [
        Fact(step.relation, left, right, *conditions, step.method, step.sizes, known)
        for step, (left, right) in zip(steps, itertools.pairwise(sides), strict=True)
        if step.relation != ":="
    ]
    relation = together([fact.relation for fact in facts])
    if len(steps) > 1 and relation and len({fact.sizes for fact in facts}) == 1:
        method = weakest(fact.method for fact in facts)
        facts.append(
            facts[0]._replace(relation=relation, left=sides[0], right=sides[-1], method=method)
        )
    return facts


def together(relations: list[str]) -> str:
    r"""Return what relations in a row say of the first and the last side, or nothing.

    >>> together(["=", r"\le", "="]), together(["<", ">"])
    ('\\le', '')
    """
    for order in TOGETHER:
        if relations and {*relations} <= {*order}:
            return max(relations, key=order.index)
    return ""
