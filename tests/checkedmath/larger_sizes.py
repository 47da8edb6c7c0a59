r"""Hold the steps of a formula at sizes beyond those at which formulas are checked."""

import random

from checkedmath.deciding.claims import claims
from checkedmath.deciding.judging import Finding, judge
from checkedmath.deciding.sampling import draw
from checkedmath.derivation import read_chains
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.binding import free_letters

#: Sizes beyond those at which the formulas are checked, in turn.
BEYOND = (5, 4)


def steps_of(latex, notation):
    """Yield the two sides of each equation of a formula, its free letters and its conditions."""
    for chain in read_chains(latex, notation):
        nodes = [side.node for side in chain.sides]
        letters = sorted(free_letters(nodes[0], set(notation.indices)))
        for relation, left, right in zip(chain.relations, nodes, nodes[1:], strict=False):
            if relation == "=":
                yield left, right, letters, chain.conditions


def is_true_beyond(left, right, letters, conditions, notation):
    """Tell whether a step holds at sizes that were never checked, at random points."""
    sizes = dict(zip(notation.sizes, BEYOND * 4, strict=False))
    evaluator, rng = Evaluator(notation, sizes), random.Random(7)
    held = []
    for _ in range(2):
        env = {x: rng.randint(1, sizes[notation.indices[x]]) for x in letters}
        if not all(condition.holds(sizes | env) for condition in conditions):
            continue
        values = evaluator(left, dict(env)), evaluator(right, dict(env))
        for claim in claims("=", *values):
            held.append(judge(claim, draw(evaluator, rng)) is Finding.HOLDS)
    return all(held)
