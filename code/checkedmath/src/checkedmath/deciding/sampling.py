"""Points at which a claim is tried: random ones in the declared domains, and easy ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import sympy as sp

from checkedmath.meaning.evaluator import Evaluator

#: How far a wide point reaches beyond a usual one.
REACH = (1, 10, 100)
#: A distribution: its name, and all its indices but the last.
Row = tuple[str, tuple[int, ...]]


def simplex_rows(evaluator: Evaluator) -> Iterator[tuple[Row, list[sp.Symbol]]]:
    """Yield the key and the entries of each distribution that was met, all of them."""
    symbols = evaluator.notation.symbols
    seen = dict.fromkeys(
        (word, found[:-1]) for word, found in evaluator.atoms if symbols[word][0] == "simplex"
    )
    for word, row in seen:
        count = evaluator.size[symbols[word][-1]]
        yield (word, row), [evaluator.free(word, (*row, n)) for n in range(1, count + 1)]


def fill(
    evaluator: Evaluator, weight: Callable[[], int], number: Callable[[str], sp.Rational]
) -> dict[sp.Symbol, Any]:
    """Return a point, by a rule for the weights of distributions and one for other numbers.

    Parameters
    ----------
    evaluator : Evaluator
        Which knows the free numbers.
    weight : callable
        Returns the weight of an entry of a distribution.
    number : callable
        Returns a number of a domain: real, positive or unit.
    """
    point: dict[sp.Symbol, Any] = {}
    for _, entries in simplex_rows(evaluator):
        weights = [weight() for _ in entries]
        point |= {s: sp.Rational(w, sum(weights)) for s, w in zip(entries, weights, strict=True)}
    for (word, _), symbol in evaluator.atoms.items():
        if symbol not in point:
            point[symbol] = number(evaluator.notation.symbols[word][0])
    return point


def draw(evaluator: Evaluator, random: Random, wide: bool = False) -> dict[sp.Symbol, Any]:
    """Return a random point; a wide one reaches far out, and close to where a domain ends."""

    def number(domain: str) -> sp.Rational:
        if domain == "unit":
            return sp.Rational(random.randint(1, 10**6 - 1), 10**6)
        scale = random.choice(REACH) if wide else 1
        if domain == "positive":
            return sp.Rational(random.randint(1, 3 * 10**6) * scale, 10**6)
        return sp.Rational(random.randint(-2 * 10**6, 2 * 10**6) * scale, 10**6)

    return fill(evaluator, lambda: random.randint(1, 10**4) ** (3 if wide else 1), number)


def draw_short(evaluator: Evaluator, random: Random, fine: bool) -> dict[sp.Symbol, Any]:
    """Return a random point of numbers that a reader can compute with."""
    parts = random.choice((2, 4)) if fine else 1

    def number(domain: str) -> sp.Rational:
        if domain == "unit":
            below = random.randint(2, 5)
            return sp.Rational(random.randint(1, below - 1), below)
        low = 1 if domain == "positive" else -2 * parts
        return sp.Rational(random.randint(low, 3 * parts), parts)

    return fill(evaluator, lambda: random.randint(1, 4), number)
