r"""The rule for limits: a letter that tends to zero from above, in an expression of sums.

A limit of a sum, a product or a continuous function is that of the limits of its parts, as far as
these exist. Exponentials that grow are first taken out of logarithms. SymPy's own limits are not
asked.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from checkedmath.every_size.sums import Unproved
from checkedmath.inequalities.cases import Cases
from checkedmath.inequalities.goals import Limit, factored
from checkedmath.inequalities.search import Search
from checkedmath.meaning import expansion
from checkedmath.meaning.piecewise import Indicator, Largest, code_holds, indicator

SHALLOW = 3


def limit(search: Search, x: sp.Expr) -> Iterator[Cases]:
    """Put what a limit is in its place."""
    found = sorted(x.atoms(Limit), key=sp.default_sort_key)
    for part in found[:1]:
        body, tiny = part.args
        if not part.free_symbols <= x.free_symbols:
            continue
        try:
            value = Tending(search, tiny).limit(search.normal(body))
        except (Unproved, expansion.TooLong):
            continue
        yield [x.xreplace({part: value})]


class Tending:
    """Limits as one letter tends to zero from above.

    Parameters
    ----------
    search : Search
        Which proves what signs are needed.
    tiny : sympy.Symbol
        The letter.
    """

    def __init__(self, search: Search, tiny: sp.Symbol) -> None:
        self.search, self.tiny = search, tiny

    def limit(self, x: sp.Expr) -> sp.Expr:
        """Return the limit of an expression; raise Unproved if it is not sure to exist."""
        try:
            return self.of(x)
        except Unproved:
            return self.of(expansion.multiplied_out(self.without_growth(x)))

    def of(self, x: sp.Expr) -> sp.Expr:
        """Return the limit of an expression, from those of its parts."""
        if not x.has(self.tiny):
            return x
        if x == self.tiny:
            return sp.Integer(0)
        rule = RULES.get(x.func)
        if rule is None:
            raise Unproved("no rule for its limit")
        return rule(self, x)

    def same(self, x: sp.Expr) -> sp.Expr:
        """Return what comes of the limits of all parts."""
        return x.func(*[self.of(arg) for arg in x.args])

    def sum(self, x: sp.Sum) -> sp.Expr:
        """Return the limit of a sum over an index, term by term."""
        if len(x.limits) > 1:
            raise Unproved("a double sum")
        k = self.search.new.index(x.limits[0][0].size, x)
        term = self.search.normal(self.of(x.function.xreplace({x.limits[0][0]: k})))
        return self.search.sums.sum(term, k)

    def indicator(self, x: Indicator) -> sp.Expr:
        """Return the limit of an indicator, which has to keep its value."""
        code, left, right = x.args
        sign = self.sign_near(left - right)
        if sign is None:
            raise Unproved("a step")
        return sp.Integer(code_holds(code, sign, 0))

    def sign_near(self, x: sp.Expr) -> int | None:
        """Return the sign that a number has near the limit, 1 or -1; None if it is not known."""
        values = [x]
        with contextlib.suppress(Unproved, expansion.TooLong):
            values.append(self.limit(self.search.normal(x)))
        signs = itertools.product((1, -1), values)
        return next((sign for sign, value in signs if self.is_positive(sign * value)), None)

    def sign_of_factors(self, x: sp.Expr) -> int | None:
        """Return the sign near the limit, 1 or -1, of a number that may tend to zero."""
        number, factors, meaning = factored(x)
        sign = int(sp.sign(number))
        for factor, power in factors:
            found = self.sign_near(factor.xreplace(meaning))
            if found is None:
                return None
            sign *= found**power
        return sign or None

    def power(self, x: sp.Pow) -> sp.Expr:
        """Return the limit of a power, which must not be divided by zero."""
        base = self.of(x.base)
        signs = (base, -base) if x.exp.is_Integer else (base,)
        whole = x.exp.is_Integer and x.exp > 0
        if x.exp.has(self.tiny) or not (whole or any(map(self.is_positive, signs))):
            raise Unproved("a power of what tends to zero")
        return base**x.exp

    def logarithm(self, x: sp.log) -> sp.Expr:
        """Return the limit of a logarithm."""
        inner = self.of(x.args[0])
        if not self.is_positive(inner):
            raise Unproved("a logarithm of what tends to zero")
        return sp.log(inner)

    def exponential(self, x: sp.exp) -> sp.Expr:
        """Return the limit of an exponential, which may vanish."""
        pole = self.pole(x.args[0])
        if pole is None:
            return sp.exp(self.of(x.args[0]))
        if self.search.one(-pole, True, SHALLOW) is not None:
            return sp.Integer(0)
        if self.search.one(-pole, False, SHALLOW) is not None:
            return indicator("=", pole, sp.Integer(0))
        raise Unproved("an exponential that grows")

    def pole(self, x: sp.Expr) -> sp.Expr | None:
        """Return c if an expression is c over a power of the letter; None if it is not."""
        scale, power = x.as_independent(self.tiny, as_Add=False)
        base, exponent = power.as_base_exp()
        return scale if base == self.tiny and exponent.is_negative else None

    def is_positive(self, x: sp.Expr) -> bool:
        """Tell whether a limit is surely positive."""
        return self.search.one(x, True, SHALLOW) is not None

    def without_growth(self, x: sp.Expr) -> sp.Expr:
        """Return an expression with exponentials that grow taken out of its logarithms."""
        if isinstance(x, sp.log) or (x.is_Pow and x.exp.is_Integer and x.exp < 0):
            for growing in sorted(x.args[0].atoms(sp.exp), key=sp.default_sort_key):
                pole = self.pole(growing.args[0])
                if pole is not None and self.search.one(pole, False, SHALLOW) is not None:
                    rest = self.search.normal(sp.expand(x.args[0] / growing))
                    if x.is_Pow:
                        return sp.exp(x.exp * growing.args[0]) * self.without_growth(rest**x.exp)
                    return growing.args[0] + self.without_growth(sp.log(rest))
        if isinstance(x, sp.Sum) or not x.args:
            return x
        return x.func(*map(self.without_growth, x.args))


#: The limit by the outermost operation.
RULES: dict[type, Callable[[Tending, Any], sp.Expr]] = {
    sp.Add: Tending.same,
    sp.Mul: Tending.same,
    sp.Abs: Tending.same,
    Largest: Tending.same,
    Indicator: Tending.indicator,
    sp.Pow: Tending.power,
    sp.Sum: Tending.sum,
    sp.exp: Tending.exponential,
    sp.log: Tending.logarithm,
}
