"""Derivatives. SymPy's own spend most of their time on questions that do not come up here."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from checkedmath.errors import FormulaError
from checkedmath.meaning.arithmetic import Value, describe, each, is_matrix
from checkedmath.meaning.piecewise import Flip


class Slope:
    """The derivative by one symbol; parts that occur often are differentiated once.

    Parameters
    ----------
    symbol : sympy.Symbol
        What to differentiate by.

    Examples
    --------
    >>> x = sp.Symbol("x", positive=True)
    >>> Slope(x)(sp.log(x) + x**3)
    3*x**2 + 1/x
    """

    def __init__(self, symbol: sp.Symbol) -> None:
        self.symbol, self.memo = symbol, {symbol: sp.S.One}

    def __call__(self, x: sp.Expr) -> sp.Expr:
        """Return the derivative of an expression."""
        if x not in self.memo:
            self.memo[x] = self.of(x) if x.args else sp.S.Zero
        return self.memo[x]

    def of(self, x: sp.Expr) -> sp.Expr:
        """Return the derivative of an expression by the rule for its outermost operation."""
        inner = [self(arg) for arg in x.args]
        if not any(inner):
            return sp.S.Zero
        if x.is_Pow and inner[1]:  # the exponent varies too
            return by_sympy(x, self.symbol)
        rule = RULES.get(x.func)
        return rule(x, inner) if rule else by_sympy(x, self.symbol)


def by_sympy(x: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    """Return SymPy's own derivative, without its distributions for the slope of a sign."""
    found = sp.diff(x, symbol)
    if not found.has(sp.DiracDelta):
        return found
    return found.xreplace(
        {part: Flip(part.args[0], sp.Integer(0)) for part in found.atoms(sp.DiracDelta)}
    )


def of_product(x: sp.Mul, inner: list[sp.Expr]) -> sp.Expr:
    """Return the derivative of a product from those of its factors."""
    changed = [n for n, slope in enumerate(inner) if slope]
    return sp.Add(*[sp.Mul(*x.args[:n], inner[n], *x.args[n + 1 :]) for n in changed])


def of_power(x: sp.Pow, inner: list[sp.Expr]) -> sp.Expr:
    """Return the derivative of a power whose exponent does not vary."""
    base, exponent = x.args
    return exponent * base ** (exponent - 1) * inner[0]


#: The derivative by the outermost operation, from those of its arguments.
RULES: dict[type, Callable[[sp.Expr, list[sp.Expr]], sp.Expr]] = {
    sp.Add: lambda _, inner: sp.Add(*inner),
    sp.Mul: of_product,
    sp.Pow: of_power,
    sp.exp: lambda x, inner: x * inner[0],
    sp.log: lambda x, inner: inner[0] / x.args[0],
    sp.Abs: lambda x, inner: sp.sign(x.args[0]) * inner[0],
    sp.sign: lambda x, inner: Flip(x.args[0], sp.Integer(0)) * inner[0],
}


class Slopes(dict[sp.Symbol, Slope]):
    """The derivatives by each symbol, kept for as long as they may be asked for again."""

    def __missing__(self, symbol: sp.Symbol) -> Slope:
        self[symbol] = Slope(symbol)
        return self[symbol]

    def differentiate(self, value: Value, by: Value) -> Value:
        """Return the derivative of a value by a number, a vector or a matrix."""
        if not is_matrix(by):
            return each(self[by], value)
        if not is_matrix(value):
            return by.applyfunc(lambda symbol: self[symbol](value))
        if value.shape[1] != 1 or by.shape[1] != 1:
            raise FormulaError(f"the derivative of {describe(value)} by {describe(by)}")
        return sp.Matrix([[self[symbol](entry) for symbol in by] for entry in value])
