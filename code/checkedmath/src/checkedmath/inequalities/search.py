r"""The search for a proof: the rules are tried in turn, each on what the others leave over.

A goal is a polynomial in letters, exponentials, logarithms and sums. A rule names other goals, and
if all of these hold, the goal does. Work is counted, never clocked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sympy as sp

from checkedmath.every_size.sums import Index, Size, Sums, Unproved
from checkedmath.inequalities.enclosures import sign_of_number
from checkedmath.inequalities.goals import Goal, Letters, Part, factored, goal_of, is_entry, opened
from checkedmath.inequalities.trial import fails
from checkedmath.meaning import expansion
from checkedmath.meaning.piecewise import Indicator

#: How many rules may follow one another, and how many operations all goals of a claim may have.
DEPTHS, MOST_WORK = (1, 2, 3, 4, 6), 1_500
MOST_OPERATIONS = 1_500
#: The names of the rules that a proof uses.
Rules = frozenset[str]
#: What a rule answers: lists of goals, each of which is enough.
Alternatives = Iterator[list[Part]]
NOTHING: Rules = frozenset()


class Replayed:
    """What a rule yields, each computed when it is first asked for, and kept."""

    def __init__(self, found: Alternatives) -> None:
        self.found, self.kept, self.running = found, list[list[Part]](), False

    def __iter__(self) -> Alternatives:
        yield from self.kept
        while (parts := self.more()) is not None:
            yield parts

    def more(self) -> list[Part] | None:
        """Return what comes next; nothing while that is being computed."""
        if self.running:
            return None
        self.running = True
        parts = next(self.found, None)
        self.running = False
        if parts is not None:
            self.kept.append(parts)
        return parts


class Search:
    """A search for proofs that expressions are positive, or not negative.

    Parameters
    ----------
    sums : Sums
        The rules for sums, which know the distributions.
    rules : dict of str to callable
        The rules by their names, in the order in which they are tried.
    """

    def __init__(
        self, sums: Sums, rules: dict[str, Callable[[Search, Goal], Alternatives]]
    ) -> None:
        self.sums, self.rules = sums, rules
        self.new = Letters()
        self.work = MOST_WORK
        self.known: dict[Part, tuple[int, Rules | None]] = {}
        self.normals: dict[sp.Expr, sp.Expr] = {}
        self.tried: dict[tuple[str, sp.Expr, bool], Replayed] = {}
        self.zeros: dict[sp.Expr, Index] = {}
        self.apart: list[sp.Expr] = []
        self.above: list[sp.Expr] = []

    def all_of(self, parts: Iterable[Part], depth: int) -> Rules | None:
        """Return the rules that prove all of some goals; None if one is not proved."""
        used = NOTHING
        for x, strict in parts:
            found = self.one(x, strict, depth)
            if found is None:
                return None
            used |= found
        return used

    def prove(self, x: sp.Expr, strict: bool) -> Rules | None:
        """Return the rules that prove that an expression is positive, or not negative.

        Short proofs are looked for first.
        """
        found = (self.one(x, strict, depth) for depth in DEPTHS)
        return next((rules for rules in found if rules is not None), None)

    def one(self, x: sp.Expr, strict: bool, depth: int) -> Rules | None:
        """Return the rules of a proof in which so many may follow one another."""
        try:
            self.work -= 0 if x in self.normals else int(x.count_ops())
            x = self.normal(x)
            if (x, strict) not in self.known or self.known[x, strict][0] < depth:
                self.known[x, strict] = depth, None  # a proof does not rest on itself
                self.known[x, strict] = depth, self.product(x, strict, depth)
            return self.known[x, strict][1]
        except (Unproved, expansion.TooLong):
            return None

    def product(self, x: sp.Expr, strict: bool, depth: int) -> Rules | None:
        """Return the rules that prove it factor by factor."""
        sign = sign_of_number(x)
        if sign is not None:
            return NOTHING if sign >= strict else None
        operations = int(x.count_ops())
        self.work -= operations
        if operations > MOST_OPERATIONS or self.work < 0 or self.fails(x):
            return None
        number, factors, meaning = factored(x)
        if number == 0:
            return None if strict else NOTHING
        sign, used = int(sp.sign(number)), {"signs"} if len(factors) > 1 else set()
        for factor, power in factors:
            found = self.factor(goal_of(factor, meaning, strict or power < 0), power, depth)
            if found is None:
                return None
            sign, used = sign * found[0], used | found[1]
        return frozenset(used) if sign > 0 else None

    def factor(self, goal: Goal, power: int, depth: int) -> tuple[int, Rules] | None:
        """Return the sign of a power of a factor, and the rules that prove it."""
        if power % 2 == 0 and not goal.strict:
            return 1, frozenset({"signs"})
        for sign in (1, -1):
            turned = goal._replace(x=sign * goal.x, poly=sign * goal.poly)
            found = None if self.fails(turned.x) else self.polynomial(turned, depth)
            if found is not None:
                return sign**power, found
        return None

    def polynomial(self, goal: Goal, depth: int) -> Rules | None:
        """Return the rules that prove it for a polynomial that has no factors."""
        if depth <= 0:
            return None
        key = goal.x, goal.strict
        for name, rule in self.rules.items():
            tried = self.tried.setdefault((name, *key), Replayed(rule(self, goal)))
            for parts in tried:
                found = None if key in parts else self.all_of(parts, depth - 1)
                if found is not None:
                    return found | {name}
        return None

    def differs(self, gap: sp.Expr) -> bool:
        """Tell whether a condition says that a number is not zero."""
        return any(expansion.is_zero(gap - sign * x) for x in self.apart for sign in (1, -1))

    def exceeds(self, gap: sp.Expr) -> bool:
        """Tell whether a number is positive because it is at least what a condition says is."""
        return any(self.prove(gap - x, False) is not None for x in self.above)

    # -- letters

    def normal(self, x: sp.Expr) -> sp.Expr:
        """Return the normal form of an expression."""
        if x not in self.normals:
            self.normals[x] = self.sums.normal(x, lambda y: 0 * y if y in self.zeros else y)
        return self.normals[x]

    def fails(self, x: sp.Expr) -> bool:
        """Tell whether an expression is negative somewhere, so that no proof need be looked for."""
        return fails(x, self.sums.simplexes, self.zeros)

    def less(self, name: str) -> sp.IndexedBase:
        """Return new entries that are not negative, and of which one is zero."""
        label = sp.Symbol(f"_t{len(self.zeros)}", nonnegative=True)
        entries = sp.IndexedBase(label, nonnegative=True)
        index = Index(f"_m{len(self.zeros)}", name)
        self.zeros[entries[index]] = index
        return entries

    def places(self, x: sp.Expr, name: str) -> list[Index]:
        """Return the index letters for which something is known: free ones, and those of zeros."""
        free = {each for each in x.free_symbols if isinstance(each, Index)}
        bases = x.atoms(sp.IndexedBase)
        free |= {index for entry, index in self.zeros.items() if entry.base in bases}
        return sorted((each for each in free if each.size == name), key=sp.default_sort_key)

    def letter(self, x: sp.Expr, strict: bool) -> int:
        """Return 1 or -1 if what a letter stands for surely has that sign, else 0."""
        number = sign_of_number(x)
        if number is not None:
            return number
        if isinstance(x, (sp.Abs, sp.KroneckerDelta, Indicator)):
            return 0 if strict else 1
        return int(bool(has_sign(x, strict)))

    def is_share(self, x: sp.Expr) -> bool:
        """Tell whether an expression is an entry of a distribution, so between zero and one."""
        return isinstance(x, sp.Indexed) and str(x.base.label) in self.sums.simplexes

    def body(self, x: sp.Sum) -> sp.Expr:
        """Return what a sum adds up, for any one value of its letter."""
        return opened(x, self.new.index(x.limits[0][0].size, x))


def has_sign(x: sp.Expr, strict: bool) -> Any:
    """Tell whether a letter, an entry or an exponential is positive by its domain."""
    if isinstance(x, sp.exp):
        return True
    if isinstance(x, Size) or is_entry(x):
        return x.is_positive if strict else x.is_nonnegative
    return False
