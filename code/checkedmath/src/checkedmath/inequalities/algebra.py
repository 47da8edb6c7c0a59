r"""Rules for polynomials: signs of terms, squares, letters between bounds, logarithms and roots."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import sympy as sp

from checkedmath.every_size.sums import Size, Unit
from checkedmath.inequalities.goals import Goal, Limit, Part, factored, is_entry
from checkedmath.inequalities.search import Alternatives, Search, has_sign

#: How deep the sign of a part is looked for.
SHALLOW = 2
#: How many letters are tried as multiples of one another.
MOST_LETTERS = 4
#: A sign, whether zero is excluded, and what that rests on.
Sign = tuple[int, bool, list[Part]]


def signs(search: Search, goal: Goal) -> Alternatives:
    """Take the signs of all terms: that which is wanted, and one is not zero if need be."""
    needed: list[Part] = []
    positive = False
    for powers, number in goal.terms():
        sign, strict = int(sp.sign(number)), True
        for letter, power in powers.items():
            of_letter, nonzero, parts = sign_of(search, goal.meaning[letter], power % 2 == 0)
            sign, strict = sign * of_letter**power, strict and nonzero
            needed += parts
        if sign <= 0:
            return
        positive |= strict
    if positive or not goal.strict:
        yield needed


def sign_of(search: Search, x: sp.Expr, even: bool) -> Sign:
    """Return the sign of a letter; of an even power of it, where it may be unknown."""
    for strict in (True, False):
        sign = search.letter(x, strict)
        if sign:
            return sign, strict, []
    for part, sign in witnesses(search, x):
        for strict in (True, False):
            if search.one(part, strict, SHALLOW) is not None:
                return sign, strict, [(part, strict)]
    return (1, False, []) if even else (0, False, [])


def witnesses(search: Search, x: sp.Expr) -> Iterator[tuple[sp.Expr, int]]:
    """Yield what has to be positive for a letter to have a sign, and that sign."""
    if isinstance(x, sp.Sum):
        body = search.body(x)
        yield from ((body, 1), (-body, -1))
    elif isinstance(x, sp.log):
        yield from ((x.args[0] - 1, 1), (1 - x.args[0], -1))
    elif isinstance(x, sp.Pow):
        yield x.base, 1


def square(_: Search, goal: Goal) -> Alternatives:
    r"""Complete a square: :math:`a y^2 + b y + c` with positive :math:`a` and `4 a c - b^2`."""
    for letter in goal.poly.gens:
        powers = sp.Poly(goal.poly.as_expr(), letter).all_coeffs()
        if len(powers) == 3:
            a, b, c = powers
            yield [(goal.thaw(a), True), goal.part(sp.expand(4 * a * c - b**2))]


def domain(search: Search, goal: Goal) -> Alternatives:
    r"""Put :math:`2 + r` for a size, :math:`1 / (1 + r)` for what is between zero and one."""
    found = {x for letter in goal.poly.gens for x in letters_of(goal.meaning[letter])}
    bounded = [
        x for x in found if isinstance(x, (Size, Unit)) or (search.is_share(x) and x.is_positive)
    ]
    if bounded:
        replaced = goal.x
        for x in sorted(bounded, key=sp.default_sort_key):
            replaced = put(search, replaced, x, within_bounds(search, replaced, x))
        yield [(replaced, goal.strict)]


def within_bounds(search: Search, x: sp.Expr, letter: sp.Expr) -> sp.Expr:
    """Return a bounded letter of an expression in terms of one that only has a sign."""
    if isinstance(letter, Size):
        return 2 + search.new.more(x, strict=False)
    return 1 / (1 + search.new.more(x, strict=True))


def put(search: Search, x: sp.Expr, old: sp.Expr, new: sp.Expr) -> sp.Expr:
    """Return an expression with a letter replaced where it is a number, not a size of a sum."""
    return search.sums.normal(x, lambda each: new if each == old else each)


def letters_of(x: sp.Expr) -> Iterator[sp.Expr]:
    """Yield the free letters and entries, but none that only a sum or a limit holds."""
    if is_entry(x):
        yield x
    elif not isinstance(x, (sp.Sum, sp.Lambda, Limit)):
        for arg in x.args:
            yield from letters_of(arg)


def logarithm(_: Search, goal: Goal) -> Alternatives:
    r"""Take exponentials, which grow: of :math:`\log A + r \ge \log B`, :math:`A e^r \ge B`."""
    logs = goal.letters(sp.log)
    total, scale = sp.Integer(0), None
    for letter in logs:
        powers = sp.Poly(goal.poly.as_expr(), letter).all_coeffs()
        if len(powers) != 2 or powers[0].has(*logs):
            return
        scale = scale or powers[0]
        ratio = sp.cancel(powers[0] / scale)
        if not ratio.is_Rational:
            return
        total += ratio * letter
    if scale is None:
        return
    for sign in (1, -1):
        yield from exponentiated(goal, sign * scale, sign * total)


def exponentiated(goal: Goal, scale: sp.Expr, total: sp.Expr) -> Alternatives:
    """Yield the goal divided by a positive number, with both sides in the exponential."""
    counts = total.as_coefficients_dict()
    common = math.lcm(*(int(count.q) for count in counts.values()))
    rest = goal.poly.as_expr().xreplace(dict.fromkeys(counts, 0))
    sides = [sp.Integer(1), sp.Integer(1)]
    for letter, count in counts.items():
        sides[int(bool(count < 0))] *= goal.meaning[letter].args[0] ** abs(count * common)
    exponent = goal.thaw(sp.expand(common * rest / scale))
    if exponent.has(sp.log, sp.exp):
        return  # powers of powers only grow
    left = sides[0] * sp.exp(exponent)
    parts = [goal.part(left - sides[1])]
    if goal.thaw(scale) != 1:
        parts.insert(0, (goal.thaw(scale), True))
    yield parts


def root(_: Search, goal: Goal) -> Alternatives:
    r"""Take squares, which grow: of :math:`a \ge b \sqrt{x}`, :math:`a^2 \ge b^2 x`."""
    for letter in goal.letters(sp.Pow):
        x = goal.meaning[letter]
        powers = sp.Poly(goal.poly.as_expr(), letter).all_coeffs()
        if x.exp == sp.Rational(1, 2) and len(powers) == 2:
            with_root, rest = map(goal.thaw, powers)
            square_of = with_root**2 * x.base
            yield [(rest, False), (rest**2 - square_of, goal.strict)]
            yield [(with_root, False), (square_of - rest**2, goal.strict)]


def substitution(search: Search, goal: Goal) -> Alternatives:
    r"""Put a multiple of another letter, or that and more, if the other one then drops out."""
    found = sorted({y for g in goal.poly.gens for y in letters_of(goal.meaning[g])}, key=str)
    for x, y in itertools.permutations(found[:MOST_LETTERS], 2):
        for new in [] if search.is_share(x) else multiples(search, goal, x, y):
            replaced = put(search, goal.x, x, new)
            _, factors, meaning = factored(replaced)
            left = (factor.xreplace(meaning) for factor, power in factors if power % 2)
            if not any(y in set(letters_of(each)) for each in left if not has_sign(each, True)):
                yield [(replaced, goal.strict)]


def multiples(search: Search, goal: Goal, x: sp.Expr, y: sp.Expr) -> Iterator[sp.Expr]:
    """Yield what a letter may be, by another one: a multiple of it, or so much more."""
    if x.is_positive and y.is_positive:
        yield search.new.more(goal.x, strict=True) * y
        yield search.new.more(goal.x, strict=True) / y
    elif x.is_nonnegative is None and y.is_nonnegative is None:
        yield search.new.number(goal.x) + y
        yield search.new.number(goal.x) - y
