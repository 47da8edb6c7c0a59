r"""Show by algebra that an expression is zero.

An expression becomes a quotient of polynomials: exponentials turn into powers of unknowns, for
``exp(a + b) = exp(a) exp(b)``; logarithms of products into sums of logarithms of their factors.
What is left, a logarithm of a sum or a maximum, is an unknown of its own. If the numerator has no
terms, the expression is zero. If it has, nothing is known.

The work is bounded by counting it, never by a clock: the same formula always gets the same answer.
Logarithms are taken of absolute values, which is right wherever the formula is a real number at
all; that it is one is tried on numbers elsewhere.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp

from checkedmath.meaning.factoring import are_endless, factors_of
from checkedmath.meaning.limits import Budget

#: Unknowns that are positive stand for the twelfth root, so that roots and thirds are powers too.
ROOT = 12
MOST_WORK = 150_000
MOST_MONOMIALS = 2_500
LARGEST_POWER = 24
LARGEST_FACTORED = 10**12
MOST_FACTORED = 12


class TooMuchWork(Exception):  # noqa: N818
    """The expression is too large to be decided by algebra."""


#: A whole number where it is one: they are faster.
Rational = Fraction | int
#: The unknowns of a product, by their numbers, with their exponents; sorted.
Monomial = tuple[Any, ...]
Polynomial = dict[Monomial, Rational]
#: A polynomial that can be a key.
Terms = frozenset[tuple[Monomial, Rational]]


class Primitive(NamedTuple):
    """A polynomial as a number times a monomial times the rest, a frozen set of terms.

    The rest is empty if the polynomial is a single term.
    """

    number: Rational
    monomial: Monomial
    rest: Terms


class Ratio:
    """A polynomial over a product of powers of polynomials.

    A polynomial maps monomials to coefficients; a monomial is a sorted tuple of pairs of the number
    of an unknown and its exponent, which may be negative. `below` maps a polynomial, as a frozen
    set of its terms, to its power.
    """

    __slots__ = ("above", "below")

    def __init__(self, above: Polynomial, below: dict[Terms, int] | None = None) -> None:
        self.above, self.below = above, below or {}


class Algebra:
    """Unknowns, and arithmetic with quotients of polynomials in them.

    Parameters
    ----------
    meant : dict, optional
        Expressions to be put in the place of symbols.
    most_work : int
        After how many products of terms to give up.
    """

    def __init__(
        self, meant: Mapping[sp.Symbol, sp.Expr] | None = None, most_work: int = MOST_WORK
    ) -> None:
        self.meant, self.most_work = meant or {}, most_work
        self.unknowns: dict[Any, int] = {}
        self.keys: list[Any] = []
        self.positive: list[bool] = []
        self.memo: dict[sp.Expr, Ratio] = {}
        self.work = 0

    # -- polynomials

    def spend(self, work: int) -> None:
        """Count work, and give up if it is too much."""
        self.work += work
        if self.work > self.most_work:
            raise TooMuchWork

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """Return the product of two polynomials."""
        self.spend(len(left) * len(right))
        result: Polynomial = {}
        for m, a in left.items():
            for n, b in right.items():
                product = join(m, n)
                result[product] = result.get(product, 0) + a * b
        return self.tidy(result)

    @staticmethod
    def tidy(polynomial: Polynomial) -> Polynomial:
        """Drop terms that are zero."""
        if len(polynomial) > MOST_MONOMIALS:
            raise TooMuchWork
        return {m: a for m, a in polynomial.items() if a}

    def raise_polynomial(self, polynomial: Polynomial, power: int) -> Polynomial:
        """Return a power of a polynomial, with a whole exponent from zero up."""
        if len(polynomial) == 1:
            ((monomial, factor),) = polynomial.items()
            if abs(power) > 4096:
                raise TooMuchWork
            return {tuple((g, e * power) for g, e in monomial if power): factor**power}
        if power > LARGEST_POWER:
            raise TooMuchWork
        result: Polynomial = {(): 1}
        for _ in range(power):
            result = self.times(result, polynomial)
        return result

    # -- quotients

    def add(self, left: Ratio, right: Ratio) -> Ratio:
        """Return a sum, over the smallest denominator that both divide."""
        below = dict(left.below)
        for base, power in right.below.items():
            below[base] = max(power, below.get(base, 0))
        total = dict(self.widened(left, below))
        for monomial, factor in self.widened(right, below).items():
            total[monomial] = total.get(monomial, 0) + factor
        total = self.tidy(total)
        return Ratio(total, below if total else None)

    def widened(self, ratio: Ratio, below: dict[Terms, int]) -> Polynomial:
        """Return the numerator over a wider denominator."""
        above = ratio.above
        for base, power in below.items():
            missing = power - ratio.below.get(base, 0)
            if missing:
                above = self.times(above, self.raise_polynomial(dict(base), missing))
        return above

    def multiply(self, left: Ratio, right: Ratio) -> Ratio:
        """Return a product."""
        below = dict(left.below)
        for base, power in right.below.items():
            below[base] = below.get(base, 0) + power
        rest = []
        for above in (left.above, right.above):
            split = primitive(above)
            if below.get(split.rest, 0) > 0:
                below[split.rest] -= 1
                above = {split.monomial: split.number}
            rest.append(above)
        below = {base: power for base, power in below.items() if power}
        return Ratio(self.times(*rest), below)

    def invert(self, ratio: Ratio) -> Ratio:
        """Return one over a quotient."""
        if not ratio.above:
            raise TooMuchWork
        split = primitive(ratio.above)
        above = {tuple((g, -e) for g, e in split.monomial): quotient(1, split.number)}
        for each, power in ratio.below.items():
            above = self.times(above, self.raise_polynomial(dict(each), power))
        return Ratio(above, {split.rest: 1} if split.rest else {})

    def raised(self, ratio: Ratio, power: int) -> Ratio:
        """Return a whole power."""
        if power < 0:
            ratio, power = self.invert(ratio), -power
        below = {base: old * power for base, old in ratio.below.items()} if power else {}
        return Ratio(self.raise_polynomial(ratio.above, power), below)

    # -- unknowns

    def unknown(self, key: Any, positive: bool = False) -> int:
        """Return the number of an unknown."""
        if key not in self.unknowns:
            self.unknowns[key] = len(self.keys)
            self.keys.append(key)
            self.positive.append(positive)
        return self.unknowns[key]

    def opaque(self, key: Any, positive: bool = False) -> Ratio:
        """Return a quotient that is a single unknown."""
        number = self.unknown(key, positive)
        return Ratio({((number, ROOT if positive else 1),): 1})

    # -- expressions

    def __call__(self, expression: sp.Expr) -> Ratio:
        """Return an expression as a quotient."""
        if expression not in self.memo:
            self.spend(1)
            self.memo[expression] = self.read(expression)
        return self.memo[expression]

    def read(self, expression: sp.Expr) -> Ratio:
        """Return an expression as a quotient, by the kind of its outermost operation."""
        if expression.is_Rational:
            return Ratio({(): quotient(expression.p, expression.q)} if expression.p else {})
        if expression.is_Symbol:
            return self.read_symbol(expression)
        return READERS.get(expression.func, Algebra.read_other)(self, expression)

    def read_symbol(self, symbol: sp.Symbol) -> Ratio:
        """Return a symbol as an unknown, or what is meant by it."""
        if symbol in self.meant:
            return self(self.meant[symbol])
        return self.opaque(symbol, bool(symbol.is_positive))

    def read_sum(self, expression: sp.Add) -> Ratio:
        """Return a sum as a quotient."""
        return functools.reduce(self.add, [self(arg) for arg in expression.args])

    def read_product(self, expression: sp.Mul) -> Ratio:
        """Return a product as a quotient."""
        return functools.reduce(self.multiply, [self(arg) for arg in expression.args])

    def read_exponential(self, expression: sp.Expr) -> Ratio:
        """Return the exponential of a sum as a product."""
        exponents = [self(term) for term in sp.Add.make_args(expression.args[0])]
        return functools.reduce(self.multiply, map(self.exponential, exponents), Ratio({(): 1}))

    def read_other(self, expression: sp.Expr) -> Ratio:
        """Return an unknown for what is no arithmetic."""
        if expression.args and self.meant:
            expression = expression.xreplace(self.meant)
        return self.opaque(expression)

    def power(self, base: sp.Expr, exponent: sp.Expr) -> Ratio:
        """Return a power: of a whole number by itself, of others by their logarithm."""
        if exponent.is_Integer:
            return self.raised(self(base), int(exponent))
        if base.is_Rational and exponent.is_Rational:
            return self.opaque(sp.Pow(base, exponent), True)
        logarithm = self.logarithm(self(base))
        return self.exponential(self.multiply(self(exponent), logarithm))

    def exponential(self, argument: Ratio) -> Ratio:
        """Return the exponential of a sum as a product."""
        below = frozenset(argument.below.items())
        result = Ratio({(): 1})
        for monomial, factor in argument.above.items():
            result = self.multiply(result, self.exponential_of_term(monomial, factor, below))
        return result

    def exponential_of_term(
        self, monomial: Monomial, factor: Rational, below: frozenset[Any]
    ) -> Ratio:
        """Return the exponential of one term: a power of an unknown."""
        if not below and len(monomial) == 1 and monomial[0][1] == 1:
            key = self.keys[monomial[0][0]]
            if isinstance(key, tuple) and key[0] == "log":
                found = self.power_of_logarithm(key[1], Fraction(factor))
                if found is not None:
                    return found
        steps = Fraction(factor) * ROOT
        if steps.denominator != 1:
            monomial = (*monomial, Fraction(1, steps.denominator))
        number = self.unknown(("exp", monomial, below), True)
        return Ratio({((number, steps.numerator),): 1})

    def power_of_logarithm(self, inside: Any, factor: Fraction) -> Ratio | None:
        """Return exp(factor log x): a power of x, if x is surely positive."""
        if isinstance(inside, frozenset):
            polynomial = dict(inside)
            sure = all(a > 0 and self.surely_positive(m) for m, a in polynomial.items())
            if sure and factor.denominator == 1:
                return self.raised(Ratio(polynomial), int(factor))
            return None
        steps = factor * ROOT
        if isinstance(inside, int) and self.positive[inside] and steps.denominator == 1:
            return Ratio({((inside, int(steps)),): 1})
        return None

    def surely_positive(self, monomial: Monomial) -> bool:
        """Tell whether a product of unknowns is positive."""
        return all(self.positive[number] or not power % 2 for number, power in monomial)

    def logarithm(self, argument: Ratio) -> Ratio:
        """Return the logarithm of a product as a sum."""
        if not argument.above:
            raise TooMuchWork
        split = primitive(argument.above)
        result = self.logarithm_of_number(abs(Fraction(split.number)))
        for number, power in split.monomial:
            part = self.logarithm_of_unknown(number)
            result = self.add(result, self.multiply(Ratio({(): power}), part))
        powers = {split.rest: 1} if split.rest else {}
        for each, power in [*powers.items(), *((b, -p) for b, p in argument.below.items())]:
            for factor, multiplicity in self.factors(each):
                part = Ratio({((self.unknown(("log", factor)), 1),): power * multiplicity})
                result = self.add(result, part)
        return result

    def logarithm_of_number(self, number: Fraction) -> Ratio:
        """Return the logarithm of a positive number, by its prime factors."""
        if max(number.numerator, number.denominator) > LARGEST_FACTORED:
            return self.opaque(("log", number))
        total = {}
        for part, sign in ((number.numerator, 1), (number.denominator, -1)):
            for prime, power in sp.factorint(part).items():
                total[((self.unknown(("log", Fraction(int(prime)))), 1),)] = sign * power
        return Ratio(total)

    def logarithm_of_unknown(self, number: int) -> Ratio:
        """Return the logarithm of an unknown, which may be an exponential."""
        key = self.keys[number]
        scale = Fraction(1, ROOT) if self.positive[number] else 1
        if isinstance(key, tuple) and key[0] == "exp":
            _, monomial, below = key
            if monomial and isinstance(monomial[-1], Fraction):
                monomial, scale = monomial[:-1], scale * monomial[-1]
            return Ratio({monomial: scale}, dict(below))
        if isinstance(key, sp.Pow) and key.base.is_Rational and key.exp.is_Rational:
            part = self.logarithm_of_number(Fraction(key.base.p, key.base.q))
            return self.multiply(Ratio({(): scale * Fraction(key.exp.p, key.exp.q)}), part)
        return Ratio({((self.unknown(("log", number)), 1),): scale})

    def factors(self, base: Terms) -> list[tuple[Terms, int]]:
        """Return the factors of a polynomial and their multiplicity."""
        steps = self.steps(base)
        if len(base) > MOST_FACTORED or is_surely_irreducible(base, steps):
            return [(base, 1)]
        self.spend(20 * len(base))
        numbers = list(steps)
        symbols = sp.symbols(f"u:{len(numbers)}")
        terms = {}
        for monomial, factor in base:
            powers = dict(monomial)
            exponents = tuple(powers.get(number, 0) // steps[number] for number in numbers)
            terms[exponents] = sp.Rational(factor.numerator, factor.denominator)
        if are_endless(itertools.chain(*terms), (int(x.p) for x in terms.values())):
            return [(base, 1)]
        _, found = factors_of(sp.Poly(terms, *symbols), polys=True)
        return [(self.from_sympy(factor, steps), power) for factor, power in found]

    def steps(self, base: Terms) -> dict[int, int]:
        """Return, for each unknown, what all its exponents are whole multiples of, up to itself."""
        found: dict[int, int] = {}
        for monomial, _ in base:
            for number, power in monomial:
                itself = ROOT if self.positive[number] else 1
                found[number] = math.gcd(found.get(number, itself), power)
        return dict(sorted(found.items()))

    @staticmethod
    def from_sympy(factor: sp.Poly, steps: dict[int, int]) -> Terms:
        """Return a factor as the key of a primitive polynomial."""
        found: Polynomial = {}
        for powers, a in factor.terms():
            pairs = zip(steps.items(), powers, strict=True)
            monomial = tuple((number, step * e) for (number, step), e in pairs if e)
            found[monomial] = quotient(int(a.p), int(a.q))
        return primitive(found).rest


#: How to read an expression, by its outermost operation.
READERS: dict[type, Callable[[Algebra, Any], Ratio]] = {
    sp.Add: Algebra.read_sum,
    sp.Mul: Algebra.read_product,
    sp.exp: Algebra.read_exponential,
    type(sp.E): lambda algebra, _: algebra.exponential(Ratio({(): 1})),
    sp.Pow: lambda algebra, x: algebra.power(*x.args),
    sp.log: lambda algebra, x: algebra.logarithm(algebra(x.args[0])),
    sp.tanh: lambda algebra, x: algebra(x.rewrite(sp.exp)),
}


def is_surely_irreducible(base: Terms, steps: dict[int, int]) -> bool:
    """Tell whether some unknown occurs in one term only, and there without a power.

    A polynomial without a common factor that is linear in one unknown, times a single term, has no
    factors.
    """
    for number, step in steps.items():
        powers = [power for monomial, _ in base for n, power in monomial if n == number]
        if powers == [step]:
            return True
    return False


def quotient(above: Rational, below: Rational) -> Rational:
    """Return a quotient of numbers, a whole number where it is one: they are faster."""
    found = Fraction(above) / below
    return found.numerator if found.denominator == 1 else found


def join(left: Monomial, right: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for number, power in right:
        powers[number] = powers.get(number, 0) + power
    return tuple(sorted((number, power) for number, power in powers.items() if power))


def primitive(polynomial: Polynomial) -> Primitive:
    """Split a polynomial into a number, a monomial and what is left."""
    if not polynomial:
        return Primitive(0, (), frozenset())
    if len(polynomial) == 1:
        ((monomial, factor),) = polynomial.items()
        return Primitive(factor, monomial, frozenset())
    lowest = common_monomial(polynomial)
    inverse = tuple((number, -power) for number, power in lowest)
    shifted = {join(monomial, inverse): factor for monomial, factor in polynomial.items()}
    lead = shifted[min(shifted)]
    rest = frozenset((monomial, quotient(factor, lead)) for monomial, factor in shifted.items())
    return Primitive(lead, lowest, rest)


def common_monomial(polynomial: Polynomial) -> Monomial:
    """Return the largest monomial that divides every term."""
    monomials = [dict(monomial) for monomial in polynomial]
    numbers = sorted({number for monomial in monomials for number in monomial})
    lowest = [(n, min(monomial.get(n, 0) for monomial in monomials)) for n in numbers]
    return tuple((number, power) for number, power in lowest if power)


def vanishes(
    expression: sp.Expr,
    meant: Mapping[sp.Symbol, sp.Expr] | None = None,
    budget: Budget | None = None,
) -> bool:
    """Tell whether algebra shows that an expression is zero.

    Parameters
    ----------
    expression : sympy.Expr
        A real number for all values of its symbols that matter.
    meant : dict, optional
        Expressions to be put in the place of symbols.
    budget : Budget, optional
        The work that the whole formula may take; what is done here is taken from it.

    Returns
    -------
    bool
        True only if it is zero; False if it is not, or if it is too hard to tell.

    Examples
    --------
    >>> x, y = sp.symbols("x y", positive=True)
    >>> vanishes(sp.log(x * y) - sp.log(x) - sp.log(y)), vanishes(x - y)
    (True, False)
    """
    budget = budget or Budget()
    algebra = Algebra(meant, min(MOST_WORK, budget.algebra))
    try:
        return not algebra(expression).above
    except TooMuchWork:
        return False
    finally:
        budget.algebra -= algebra.work
