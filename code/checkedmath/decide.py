"""Decide whether two values are equal: by algebra, and by forty digits at random points."""

import functools

import mpmath
import sympy as sp

DIGITS = 40
MOST_OPERATIONS = 4_000
#: The steps between the numbers that are drawn: fine ones, and ones to be checked by hand.
FINE, COARSE = (10**6, 10**5), (4, 5)
RANGES = {"real": (-2, 2), "positive": (0, 3), "unit": (0, 1)}


@functools.lru_cache(None)
def opaque(expression):
    """Return a letter that stands for an expression which is not looked into."""
    return sp.Dummy(real=True)


def exact_zero(expression):
    """Tell whether an expression is zero by algebra alone; False if that cannot be seen.

    Exponentials become powers of letters, logarithms of products are taken apart, and what is left
    is a rational function.
    """
    if expression == 0:
        return True
    too_long = expression.count_ops() > MOST_OPERATIONS
    if too_long or expression.has(sp.Max, sp.Min, sp.Abs, sp.Piecewise):
        return False
    units = {}

    def monomial(exponent):
        product = sp.Integer(1)
        for term, count in sp.expand(exponent).as_coefficients_dict().items():
            if not count.is_Integer:
                term, count = count * term, 1
            product *= units.setdefault(term, sp.Dummy(positive=True)) ** count
        return product

    def apart(argument):
        back = {unit: term for term, unit in units.items()}
        coefficient, factors = sp.factor(sp.together(argument)).as_coeff_mul()
        powers = [factor.as_base_exp() for factor in factors]
        constant = sp.log(coefficient) if coefficient != 1 else 0
        return constant + sum(power * back.get(base, opaque(base)) for base, power in powers)

    expression = expression.replace(sp.exp, monomial).replace(sp.log, apart)
    return sp.cancel(sp.together(expression.replace(sp.exp, monomial))) == 0


@functools.lru_cache(4096)
def _compiled(expression, symbols):
    return sp.lambdify(symbols, expression, "mpmath", cse=True)


def number(expression, point):
    """Return the value of an expression at a point, with more than forty digits."""
    symbols = tuple(sorted(expression.free_symbols, key=str))
    with mpmath.workdps(DIGITS + 15):
        values = [mpmath.mpf(point[s].p) / point[s].q for s in symbols]
        try:
            return mpmath.mpmathify(_compiled(expression, symbols)(*values))
        except (ZeroDivisionError, OverflowError):
            return mpmath.nan


def holds(relation, left, right):
    """Tell whether a relation holds between two numbers, up to the last digits."""
    for value in (left, right):
        if isinstance(value, mpmath.mpc) or not mpmath.isfinite(value):
            return False  # the logarithm of a negative number, or one divided by zero
    slack = mpmath.mpf(10) ** -DIGITS * (1 + abs(left))
    return {
        "=": abs(left - right) <= slack,
        r"\ge": left >= right - slack,
        r"\le": left <= right + slack,
        ">": left > right,
        "<": left < right,
    }[relation]


def random_point(evaluator, rng, coarse=False):
    """Return a random number in the declared domain for every letter that was met."""
    step, weight = COARSE if coarse else FINE
    point, weights = {}, {}
    for (name, indices), symbol in evaluator.atoms.items():
        domain, *sizes = evaluator.notation.symbols[name]
        if domain != "simplex":
            low, high = RANGES[domain]
            first = low * step + (domain != "real")
            last = high * step - (domain == "unit")
            point[symbol] = sp.Rational(rng.randint(first, last), step)
            continue
        row = name, indices[:-1]
        if row not in weights:
            powers = (1,) if coarse else (1, 3)  # the third power makes some entries very small
            n = evaluator.sizes[sizes[-1]]
            weights[row] = [rng.randint(1, weight) ** rng.choice(powers) for _ in range(n)]
        point[symbol] = sp.Rational(weights[row][indices[-1] - 1], sum(weights[row]))
    return point


def last_entries(evaluator):
    """Return, for each distribution, its last entry as one minus the others."""
    found = {}
    for (name, indices), symbol in list(evaluator.atoms.items()):
        domain, *sizes = evaluator.notation.symbols[name]
        if domain == "simplex" and indices[-1] == evaluator.sizes[sizes[-1]]:
            others = [evaluator.atom(name, (*indices[:-1], k)) for k in range(1, indices[-1])]
            found[symbol] = 1 - sp.Add(*others)
    return found
