r"""Try a goal on a few numbers before a proof of it is looked for.

This only saves work. A goal that fails at a point has no proof, and nothing is ever claimed because
one holds at some.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import sympy as sp

from checkedmath.every_size.sums import Index, Size, Unit
from checkedmath.meaning.piecewise import Indicator, Largest, code_holds

#: For each trial: the size of everything, and how far out the numbers are.
TRIALS = ((2, 1.0), (3, 0.3), (2, 4.0), (3, 2.0))
SEED = 5
#: What a result may be below zero by rounding, next to the largest number on the way to it.
ROUNDING = 1e-9


class NoTrial(Exception):  # noqa: N818 - nothing went wrong
    """An expression that is not computed here."""


class Point:
    """Numbers for all letters, drawn when they are first asked for.

    Parameters
    ----------
    size : int
        The value of every size.
    scale : float
        How far out the numbers are.
    simplexes : set of str
        The letters whose last index runs over entries that add up to one.
    zeros : dict
        Entries that are zero, each with an index letter of its own.
    """

    def __init__(
        self, size: int, scale: float, simplexes: frozenset[str], zeros: Mapping[sp.Expr, Index]
    ) -> None:
        self.size, self.scale, self.simplexes = size, scale, simplexes
        self.random, self.largest = Random(SEED), 1.0
        self.numbers: dict[Any, float] = {}
        self.numbers |= {(str(entry.base.label), 1): 0.0 for entry in zeros}
        self.places: dict[sp.Expr, int] = dict.fromkeys(zeros.values(), 1)

    def __call__(self, x: sp.Expr, env: Mapping[sp.Expr, int]) -> float:
        """Return the value of an expression."""
        if x.is_Rational:
            found = float(x)
        elif isinstance(x, Index):
            raise NoTrial
        else:
            rule = RULES.get(x.func) or RULES.get(x.func.__name__)
            if rule is None:
                raise NoTrial
            found = rule(self, x, env)
        self.largest = max(self.largest, abs(found))
        return found

    def args(self, x: sp.Expr, env: Mapping[sp.Expr, int]) -> list[float]:
        """Return the values of all parts."""
        return [self(arg, env) for arg in x.args]

    def place(self, index: sp.Expr, env: Mapping[sp.Expr, int]) -> int:
        """Return the value of an index letter."""
        if index in env:
            return env[index]
        return self.places.setdefault(index, self.random.randint(1, self.size))

    def letter(self, x: sp.Symbol, _: Mapping[sp.Expr, int]) -> float:
        """Return the value of a free number."""
        if isinstance(x, Size):
            return self.size
        if x not in self.numbers:
            self.numbers[x] = self.draw(x)
        return self.numbers[x]

    def entry(self, x: sp.Indexed, env: Mapping[sp.Expr, int]) -> float:
        """Return the value of an entry."""
        label = str(x.base.label)
        key = (label, *(self.place(index, env) for index in x.indices))
        if key not in self.numbers and label in self.simplexes:
            drawn = [self.random.random() + 0.01 for _ in range(self.size)]
            for n, share in enumerate(drawn):
                self.numbers[*key[:-1], n + 1] = share / sum(drawn)
        if key not in self.numbers:
            self.numbers[key] = self.draw(x)
        return self.numbers[key]

    def draw(self, x: sp.Expr) -> float:
        """Return a number in the domain of a letter."""
        if isinstance(x, Unit):
            return self.random.uniform(0.01, 0.99)
        found = self.random.gauss(0, self.scale)
        return abs(found) if x.is_nonnegative else found

    def over(self, x: sp.Expr, letters: list[Index], env: Mapping[sp.Expr, int]) -> list[float]:
        """Return the values of an expression for all values of some index letters."""
        if not letters:
            return [self(x, env)]
        first, *rest = letters
        values = range(1, self.size + 1)
        return [each for n in values for each in self.over(x, rest, {**env, first: n})]

    def sum(self, x: sp.Sum, env: Mapping[sp.Expr, int]) -> float:
        """Return the value of a sum over indices."""
        return math.fsum(self.over(x.function, [letter for letter, _, _ in x.limits], env))

    def extreme(self, x: sp.Expr, env: Mapping[sp.Expr, int]) -> list[float]:
        """Return the values of which an extreme over an index is one."""
        return self.over(x.args[0].expr, list(x.args[0].variables), env)

    def power(self, x: sp.Pow, env: Mapping[sp.Expr, int]) -> float:
        """Return the value of a power."""
        base, exponent = self.args(x, env)
        found = base ** (int(x.exp) if x.exp.is_Integer else exponent)
        if isinstance(found, complex):
            raise NoTrial
        return found


#: How an expression is computed, by its outermost operation.
RULES: dict[Any, Callable[[Point, Any, Mapping[sp.Expr, int]], float]] = {
    sp.Add: lambda point, x, env: math.fsum(point.args(x, env)),
    sp.Mul: lambda point, x, env: math.prod(point.args(x, env)),
    sp.Pow: Point.power,
    sp.exp: lambda point, x, env: math.exp(*point.args(x, env)),
    sp.log: lambda point, x, env: math.log(*point.args(x, env)),
    sp.tanh: lambda point, x, env: math.tanh(*point.args(x, env)),
    sp.Abs: lambda point, x, env: abs(*point.args(x, env)),
    type(sp.E): lambda *_: math.e,
    type(sp.pi): lambda *_: math.pi,
    Largest: lambda point, x, env: max(point.args(x, env)),
    Indicator: lambda point, x, env: float(code_holds(x.args[0], *point.args(x, env)[1:])),
    sp.KroneckerDelta: lambda point, x, env: float(
        point.place(x.args[0], env) == point.place(x.args[1], env)
    ),
    sp.Symbol: Point.letter,
    Size: Point.letter,
    Unit: Point.letter,
    sp.Indexed: Point.entry,
    sp.Sum: Point.sum,
    "max": lambda point, x, env: max(point.extreme(x, env)),
    "min": lambda point, x, env: min(point.extreme(x, env)),
}


def fails(x: sp.Expr, simplexes: frozenset[str], zeros: Mapping[sp.Expr, Index]) -> bool:
    """Tell whether an expression is surely negative somewhere."""
    for size, scale in TRIALS:
        point = Point(size, scale, simplexes, zeros)
        try:
            if point(x, {}) < -ROUNDING * point.largest:
                return True
        except (NoTrial, ArithmeticError, ValueError):
            continue
    return False
