r"""Inequalities in one letter: the sign of a derivative between its zeros, level by level.

Where the derivative keeps its sign a function is monotone, so its own signs follow from its values
at a few places. Differentiating ends at a rational function, whose zeros are counted exactly. A
zero that cannot be written down lies between two rational numbers that come ever closer, and values
are enclosed by intervals: nothing is rounded.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import sympy as sp
from mpmath import iv

from checkedmath.every_size.sums import Size, Unit
from checkedmath.inequalities.algebra import letters_of
from checkedmath.inequalities.enclosures import (
    NoNumber,
    enclose,
    sign_in_box,
    sign_of_number,
)
from checkedmath.inequalities.goals import Goal, refuse_large_powers
from checkedmath.inequalities.search import Alternatives, Search
from checkedmath.meaning import expansion
from checkedmath.meaning.factoring import factors_of

#: How often one differentiates, how large a function may be, how many functions are looked at.
DEEPEST, MOST_OPERATIONS, MOST_FUNCTIONS = 6, 150, 60
#: How often an interval with a zero is halved, and how far one looks for a change of sign.
HALVINGS, PROBES = 60, 12
BITS = 128
WIDTH = sp.Rational(1, 2**16)
#: The widest interval around zero in which a number is looked at more closely.
WIDEST = 1


class Unclear(Exception):  # noqa: N818 - nothing went wrong
    """A sign that could not be found."""


class Place:
    """A zero of a function: a number that is known exactly, or one between two rationals."""

    def __init__(self, low: sp.Expr, high: sp.Expr, rising: int = 0, of: sp.Expr = 0) -> None:
        self.low, self.high, self.rising, self.of = low, high, rising, of

    @property
    def exact(self) -> bool:
        """Whether the number itself is known."""
        return bool(self.low == self.high)

    def box(self) -> Any:
        """Return an interval with the zero in it."""
        low, high = enclose(self.low, {}), enclose(self.high, {})
        return iv.mpf([low.a, high.b])


class Signs(NamedTuple):
    """The zeros of a function, in order, and its signs before, between and after them."""

    places: list[Place]
    between: list[int]


class OneLetter:
    """The signs of functions of one letter on an open interval.

    Parameters
    ----------
    letter : sympy.Symbol
        The letter.
    low, high : sympy.Expr
        The ends of the interval: rational or infinite.
    """

    def __init__(self, letter: sp.Symbol, low: sp.Expr, high: sp.Expr) -> None:
        self.letter, self.low, self.high = letter, low, high
        self.left = MOST_FUNCTIONS

    def proves(self, f: sp.Expr, strict: bool) -> bool:
        """Tell whether a function is positive, or not negative, all over the interval."""
        try:
            found = self.signs(f, DEEPEST)
        except (Unclear, NoNumber, expansion.TooLong, NotImplementedError, sp.PolynomialError):
            return False
        return all(sign > 0 for sign in found.between) and not (strict and found.places)

    def signs(self, f: sp.Expr, depth: int) -> Signs:
        """Return the signs of a function, factor by factor."""
        self.left -= 1
        if depth < 0 or self.left < 0 or f.count_ops() > MOST_OPERATIONS:
            raise Unclear
        frozen = expansion.Frozen()
        above, below = sp.fraction(sp.together(frozen(f)))
        refuse_large_powers(above, below)
        signs = Signs([], [1])
        for each, is_below in ((above, False), (below, True)):
            number, factors = factors_of(each)
            signs = Signs(signs.places, [int(sp.sign(number)) * sign for sign in signs.between])
            for factor, power in factors:
                found = self.base(frozen.thaw(factor), depth)
                if is_below and found.places:
                    raise Unclear
                signs = self.multiplied(signs, found, power)
        return signs

    def base(self, f: sp.Expr, depth: int) -> Signs:
        """Return the signs of a function that has no factors."""
        if not f.has(self.letter):
            sign = sign_of_number(f)
            if not sign:
                raise Unclear
            return Signs([], [sign])
        if isinstance(f, sp.exp):
            return Signs([], [1])
        if f.is_polynomial(self.letter):
            poly = sp.Poly(f, self.letter)
            if poly.domain in (sp.QQ, sp.ZZ):
                return self.polynomial(poly)
        return self.by_derivative(f, depth)

    def multiplied(self, one: Signs, other: Signs, power: int) -> Signs:
        """Return the signs of a product with a power."""
        marked = [(place, which) for which in (0, 1) for place in (one, other)[which].places]
        in_order = functools.cmp_to_key(self.order)
        marked.sort(key=lambda pair: in_order(pair[0]))
        at, places = [0, 0], list[Place]()
        between = [one.between[0] * other.between[0] ** power]
        for n, (place, which) in enumerate(marked):
            at[which] += 1
            sign = one.between[at[0]] * other.between[at[1]] ** power
            if n + 1 < len(marked) and self.order(place, marked[n + 1][0]) == 0:
                continue
            places.append(place)
            between.append(sign)
        return Signs(places, between)

    # -- polynomials

    def polynomial(self, poly: sp.Poly) -> Signs:
        """Return the signs of a polynomial without factors, whose zeros are counted exactly."""
        f = poly.as_expr()
        if poly.degree() == 1:
            a, b = poly.all_coeffs()
            places = [Place(zero := -b / a, zero)] if self.low < -b / a < self.high else []
        else:
            found = (self.irrational(poly, *ends) for ends, _ in poly.intervals(eps=WIDTH))
            places = [place for place in found if place is not None]
        first = self.sign_at(f, self.inside(places))
        if first not in (1, -1):
            raise Unclear
        return Signs(places, [first * (-1) ** n for n in range(len(places) + 1)])

    def irrational(self, poly: sp.Poly, low: sp.Rational, high: sp.Rational) -> Place | None:
        """Return the place of a zero that is no fraction, if it lies in the interval."""
        for _ in range(HALVINGS):
            if not any(low <= end <= high for end in (self.low, self.high)):
                break
            low, high = poly.refine_root(low, high, steps=1)
        else:
            raise Unclear
        if not self.low < low < self.high:
            return None
        return Place(low, high, int(sp.sign(poly.eval(high))), poly.as_expr())

    def inside(self, places: list[Place]) -> sp.Expr:
        """Return a number in the interval that lies before some places."""
        end = places[0].low if places else self.high
        if self.low.is_infinite and end.is_infinite:
            return sp.Integer(0)
        if self.low.is_infinite:
            return end - 1
        return self.low + 1 if end.is_infinite else (self.low + end) / 2

    # -- functions whose derivative is simpler

    def by_derivative(self, f: sp.Expr, depth: int) -> Signs:
        """Return the signs of a function from those of its derivative."""
        self.check_smooth(f, depth)
        for simpler in self.simpler(f, depth):
            try:
                return self.integrated(
                    simpler, self.signs(sp.diff(simpler, self.letter), depth - 1)
                )
            except Unclear:
                continue
        raise Unclear

    def check_smooth(self, f: sp.Expr, depth: int) -> None:
        """Refuse what might not be a differentiable function all over the interval."""
        for x in sorted(f.atoms(sp.log, sp.Pow), key=sp.default_sort_key):
            inner = x.args[0]
            if not inner.has(self.letter) or (x.is_Pow and x.exp.is_Integer and x.exp > 0):
                continue
            found = self.signs(inner, depth - 1)
            whole = x.is_Pow and x.exp.is_Integer
            if found.places or (found.between[0] < 0 and not whole):
                raise Unclear
        known = (sp.log, sp.exp, sp.Pow, sp.Add, sp.Mul, type(sp.E), type(sp.pi))
        for x in sp.preorder_traversal(f):
            if not (x.is_Rational or x == self.letter or isinstance(x, known)):
                raise Unclear

    def simpler(self, f: sp.Expr, depth: int) -> Iterator[sp.Expr]:
        """Yield functions with the same signs, whose derivatives may be simpler."""
        yield f
        frozen = expansion.Frozen()
        flat = sp.expand(frozen(f))
        for letter, x in frozen.letters.items():
            powers = sp.Poly(flat, letter).all_coeffs()
            if isinstance(x, sp.exp):
                yield sp.expand(frozen.thaw(sp.expand(flat / letter ** (len(powers) - 1))))
            if isinstance(x, sp.log) and len(powers) == 2:
                scale = frozen.thaw(powers[0])
                found = self.signs(scale, depth - 1)
                if not found.places and scale.has(self.letter):
                    rest = frozen.thaw(powers[1])
                    yield found.between[0] * (x + sp.cancel(rest / scale))

    def integrated(self, f: sp.Expr, slope: Signs) -> Signs:
        """Return the signs of a function from those of its derivative."""
        ends = [Place(self.low, self.low), *slope.places, Place(self.high, self.high)]
        values = [self.sign_at_place(f, place) for place in ends]
        places: list[Place] = []
        between: list[int] = []
        for n, direction in enumerate(slope.between):
            zero, before, after = self.monotone(f, direction, ends[n : n + 2], values[n : n + 2])
            if not n:
                between.append(before)
            elif values[n] == 0:
                places.append(ends[n])
                between.append(before)
            if zero is not None:
                places.append(zero)
                between.append(after)
        return Signs(places, between)

    def monotone(
        self, f: sp.Expr, direction: int, ends: list[Place], values: list[int | None]
    ) -> tuple[Place | None, int, int]:
        """Return the zero of a monotone function, and its signs before and behind it."""
        first, last = (None if value is None else direction * value for value in values)
        if first is not None and first >= 0:
            return None, direction, direction
        if last is not None and last <= 0:
            return None, -direction, -direction
        low = self.probe(f, ends[0].high, ends[1].low, -direction)
        high = self.probe(f, ends[1].low, ends[0].high, direction)
        return self.crossing(f, low, high, direction), -direction, direction

    def probe(self, f: sp.Expr, end: sp.Expr, other: sp.Expr, sign: int) -> sp.Expr:
        """Return a number near an end of an interval at which a function has a sign."""
        for x in approaching(end, other):
            if self.sign_at(f, x) == sign:
                return x
        raise Unclear

    def crossing(self, f: sp.Expr, low: sp.Expr, high: sp.Expr, rising: int) -> Place:
        """Return the place of the only zero between two numbers."""
        for x in solutions(f, self.letter):
            if self.sign_at(f, x) == 0 and is_between(low, x, high):
                return Place(x, x)
        place = Place(low, high, rising, f)
        while sign_of_number(place.high - place.low - WIDTH) == 1:
            self.refine(place)
        return place

    # -- values

    def sign_at(self, f: sp.Expr, x: sp.Expr) -> int | None:
        """Return the sign of a function at a number where it is continuous; None if unknown."""
        if x.is_infinite:
            return None
        try:
            found = enclose(f, {self.letter: enclose(x, {})})
        except (NoNumber, ValueError, ZeroDivisionError, OverflowError):
            return None
        if not found.a <= 0 <= found.b:
            return 1 if found.a > 0 else -1
        if found.delta > WIDEST:
            return None  # the number itself may have millions of digits
        return sign_of_number(f.xreplace({self.letter: x}))

    def sign_at_place(self, f: sp.Expr, place: Place) -> int | None:
        """Return the sign of a function at a place; at an end it may be unknown."""
        for _ in range(HALVINGS):
            if place.exact:
                break
            found = sign_in_box(f, {self.letter: place.box()}, BITS)
            if found:
                return found
            self.refine(place)
        sign = self.sign_at(f, place.low) if place.exact else None
        if sign is None and not (place.exact and place.low in (self.low, self.high)):
            raise Unclear
        return sign

    def refine(self, place: Place) -> None:
        """Halve the interval in which a zero is known to be."""
        middle = (place.low + place.high) / 2
        sign = self.sign_at(place.of, middle)
        if sign is None:
            raise Unclear
        if sign == 0:
            place.low = place.high = middle
        elif sign == place.rising:
            place.high = middle
        else:
            place.low = middle

    def order(self, one: Place, other: Place) -> int:
        """Return -1, 0 or 1 as a place is before, at or behind another one."""
        for _ in range(HALVINGS):
            if one.exact and other.exact:
                sign = sign_of_number(one.low - other.low)
                if sign is None:
                    break
                return sign
            for sign, (before, behind) in ((-1, (one, other)), (1, (other, one))):
                if sign_of_number(behind.low - before.high) == 1:
                    return sign
            for place in (one, other):
                if not place.exact:
                    self.refine(place)
        raise Unclear


def approaching(end: sp.Expr, other: sp.Expr) -> Iterator[sp.Expr]:
    """Yield numbers of an interval, beginning with an end, that then come from within to it."""
    if not end.is_infinite:
        yield end
    for n in range(PROBES):
        if end.is_infinite:
            start = sp.Integer(0) if other.is_infinite else other
            yield start + sp.sign(end) * sp.Integer(4) ** n / 4
        elif other.is_infinite:
            yield end + sp.sign(other) / sp.Integer(4) ** n
        else:
            yield end + (other - end) / sp.Integer(4) ** (n + 1)


def solutions(f: sp.Expr, letter: sp.Symbol) -> Iterator[sp.Expr]:
    """Yield the number at which a function with a single exponential or logarithm is zero."""
    frozen = expansion.Frozen()
    flat = sp.expand(frozen(f))
    found = [each for each, x in frozen.letters.items() if x.has(letter) and flat.has(each)]
    if len(found) != 1 or sp.degree(flat, found[0]) != 1:
        return
    (name,), x = found, frozen.letters[found[0]]
    value = frozen.thaw(-flat.xreplace({name: sp.Integer(0)}) / sp.diff(flat, name))
    inverse = {sp.exp: sp.log, sp.log: sp.exp}.get(x.func)
    if inverse is not None and sp.degree(x.args[0], letter) == 1:
        slope, start = sp.Poly(x.args[0], letter).all_coeffs()
        if inverse is sp.exp or sign_of_number(value) == 1:
            yield (inverse(value) - start) / slope


def is_between(low: sp.Expr, x: sp.Expr, high: sp.Expr) -> bool:
    """Tell whether a number lies strictly between two others."""
    return sign_of_number(x - low) == 1 and sign_of_number(high - x) == 1


# -- the rule


def one_letter(search: Search, goal: Goal) -> Alternatives:
    """Find the sign of a function of one letter from that of its derivative."""
    x = goal.x
    for part in sorted(x.atoms(sp.Sum), key=sp.default_sort_key):
        x = x.xreplace({part: search.new.number(x, **sign_of_sum(search, part))})
    found = list(set(letters_of(x)))
    if len(found) != 1 or x.has(sp.Sum, sp.Lambda):
        return
    if is_proved(search, x, found[0], goal.strict):
        yield []


def sign_of_sum(search: Search, x: sp.Sum) -> dict[str, bool]:
    """Return what is known of a sum when it is taken as a letter."""
    return {"positive": True} if search.one(x, True, 2) is not None else {"real": True}


def is_proved(search: Search, x: sp.Expr, letter: sp.Expr, strict: bool) -> bool:
    """Tell whether a function of one letter has the wanted sign all over its domain."""
    name = sp.Symbol("x", positive=True) if letter.is_nonnegative else sp.Symbol("x", real=True)
    f = x.xreplace({letter: name})
    if f.free_symbols != {name}:
        return False
    low, high = domain_of(search, letter)
    signs = OneLetter(name, low, high)
    has_ends = isinstance(letter, Size) or (letter.is_nonnegative and not letter.is_positive)
    for end in (low, high) if has_ends else ():
        sign = None if end.is_infinite else signs.sign_at(f, end)
        if end.is_finite and (sign is None or sign < strict):
            return False
    return signs.proves(f, strict)


def domain_of(search: Search, letter: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return the ends of the domain of a letter."""
    if isinstance(letter, Size):
        return sp.Integer(2), sp.oo
    if isinstance(letter, Unit) or search.is_share(letter):
        return sp.Integer(0), sp.Integer(1)
    return (sp.Integer(0) if letter.is_nonnegative else -sp.oo), sp.oo
