"""What checkedmath asks of python-flint, made of mpmath: for the page, where there is no FLINT.

A ball is an interval here: two numbers between which the value surely lies. It is slower than FLINT
and now and then wider, so that a verdict may need more digits; it is never narrower than the truth.
"""

import operator
from contextlib import contextmanager
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

import sympy as sp
from mpmath import libmp
from mpmath.libmp import libmpi

_WHOLE = (libmp.fninf, libmp.finf)
_ONE = (libmp.fone, libmp.fone)
#: Beyond a size of so many bits only bounds are told: of an exponential, of a sine and cosine.
_LARGEST_EXPONENT, _LARGEST_ANGLE = 30_000, 100_000


class _Context:
    """With how many bits is computed."""

    prec = 53

    @contextmanager
    def workprec(self, bits):
        """Compute with so many bits for a while."""
        before, self.prec = self.prec, bits
        try:
            yield
        finally:
            self.prec = before


ctx = _Context()


def _of_fractions(operation):
    """Return a method of `fmpq` that is an operation on fractions."""

    def method(self, *others):
        if not all(isinstance(other, (int, fmpq)) for other in others):
            return NotImplemented
        found = operation(self.value, *(getattr(other, "value", other) for other in others))
        return fmpq(found) if isinstance(found, (int, Fraction)) else found

    return method


def _compared(operation):
    """Return a method of `fmpq` that compares."""
    return lambda self, other: (
        operation(self.value, getattr(other, "value", other))
        if isinstance(other, (int, fmpq))
        else NotImplemented
    )


class fmpq:  # noqa: N801
    """A fraction."""

    def __init__(self, p, q=1):
        self.value = Fraction(getattr(p, "value", p), q)

    p = property(lambda self: self.value.numerator)
    q = property(lambda self: self.value.denominator)

    def height_bits(self):
        """Return the length of the longer of its two numbers."""
        return max(abs(self.p).bit_length(), self.q.bit_length())

    __add__ = __radd__ = _of_fractions(operator.add)
    __mul__ = __rmul__ = _of_fractions(operator.mul)
    __sub__ = _of_fractions(operator.sub)
    __rsub__ = _of_fractions(lambda x, y: y - x)
    __truediv__ = _of_fractions(operator.truediv)
    __rtruediv__ = _of_fractions(lambda x, y: y / x)
    __pow__ = _of_fractions(operator.pow)
    __neg__ = _of_fractions(operator.neg)
    __abs__ = _of_fractions(abs)
    __eq__ = _compared(operator.eq)
    __lt__ = _compared(operator.lt)
    __le__ = _compared(operator.le)
    __gt__ = _compared(operator.gt)
    __ge__ = _compared(operator.ge)

    def __hash__(self):
        return hash(self.value)

    def __str__(self):
        return str(self.value)


def _ends(x):
    """Return the two ends of a number of any kind."""
    if isinstance(x, arb):
        return x.ends
    if isinstance(x, fmpq):
        p, q = libmp.from_int(x.p), libmp.from_int(x.q)
        return libmpi.mpi_div((p, p), (q, q), ctx.prec)
    if isinstance(x, str):
        return tuple(
            libmp.from_str(x, ctx.prec, rounded)
            for rounded in (libmp.round_floor, libmp.round_ceiling)
        )
    if isinstance(x, (int, float, tuple)):
        exact = _EXACT[type(x)](x)
        return exact, exact
    return None


_EXACT = {  # the last: a whole number, and the power of two that it is multiplied by
    int: libmp.from_int,
    bool: libmp.from_int,
    float: libmp.from_float,
    tuple: lambda parts: libmp.from_man_exp(*parts),
}


def _ball(ends):
    """Return a ball with these ends."""
    made = arb.__new__(arb)
    made.ends = _WHOLE if libmp.fnan in ends else ends
    return made


def _of_balls(operation):
    """Return the methods of `arb` for an operation on intervals, from either side."""

    def method(self, other):
        ends = _ends(other)
        return NotImplemented if ends is None else _ball(operation(self.ends, ends, ctx.prec))

    def swapped(self, other):
        ends = _ends(other)
        return NotImplemented if ends is None else _ball(operation(ends, self.ends, ctx.prec))

    return method, swapped


def _surely(compare, mine, others):
    """Return a method of `arb` that compares an end of it with an end of another."""

    def method(self, other):
        ends = _ends(other)
        return NotImplemented if ends is None else bool(compare(self.ends[mine], ends[others]))

    return method


def _size(ends):
    """Return the size of the larger end, in bits."""
    return max(exponent + count for _, _, exponent, count in ends)


def _power(base, exponent, prec):
    """Return a power; of a negative base only with a whole exponent."""
    low, high = exponent
    if low == high and low[2] >= 0 and low[1]:
        return libmpi.mpi_pow_int(base, libmp.to_int(low), prec)
    return _exp(libmpi.mpi_mul(_log(base, prec + 20), exponent, prec + 20), prec)


def _log(ends, prec):
    """Return the logarithm."""
    return libmpi.mpi_log(ends, prec) if libmp.mpf_gt(ends[0], libmp.fzero) else _WHOLE


def _exp(ends, prec):
    """Return the exponential; of what is huge only a bound."""
    far = libmp.from_man_exp(1, 1 << _LARGEST_EXPONENT)
    near = libmp.from_man_exp(1, -(1 << _LARGEST_EXPONENT))
    low, high = ends
    if _size((low,)) > _LARGEST_EXPONENT or low == libmp.fninf:
        bottom = libmp.fzero if libmp.mpf_sign(low) < 0 else far
    else:
        bottom = libmp.mpf_exp(low, prec, libmp.round_floor)
    if _size((high,)) > _LARGEST_EXPONENT or high == libmp.finf:
        top = near if libmp.mpf_sign(high) < 0 else libmp.finf
    else:
        top = libmp.mpf_exp(high, prec, libmp.round_ceiling)
    return bottom, top


def _tanh(ends, prec):
    """Return the hyperbolic tangent, 1 - 2 / (exp(2 x) + 1)."""
    grown = libmpi.mpi_add(_exp(libmpi.mpi_shift(ends, 1), prec + 20), _ONE, prec + 20)
    rest = libmpi.mpi_div(libmpi.mpi_shift(_ONE, 1), grown, prec + 20)
    return libmpi.mpi_sub(_ONE, rest, prec)


def _wave(number):
    """Return the cosine (0) or the sine (1) of intervals."""

    def wave(ends, prec):
        if _size(ends) > _LARGEST_ANGLE:
            return libmp.fnone, libmp.fone
        return libmpi.mpi_cos_sin(ends, prec)[number]

    return wave


def _sqrt(ends, prec):
    """Return the root."""
    return _WHOLE if libmp.mpf_sign(ends[0]) < 0 else libmpi.mpi_sqrt(ends, prec)


def _function(operation):
    """Return a method of `arb` that is a function on intervals."""
    return lambda self: _ball(operation(self.ends, ctx.prec))


class arb:  # noqa: N801
    """A number that surely lies between two others."""

    def __init__(self, middle=0, radius=0):
        ends, more = _ends(middle), _ends(radius)
        low, high = libmpi.mpi_sub(ends, more, ctx.prec), libmpi.mpi_add(ends, more, ctx.prec)
        self.ends = _ball((low[0], high[1])).ends if radius != 0 else _ball(ends).ends

    __add__, __radd__ = _of_balls(libmpi.mpi_add)
    __sub__, __rsub__ = _of_balls(libmpi.mpi_sub)
    __mul__, __rmul__ = _of_balls(libmpi.mpi_mul)
    __truediv__, __rtruediv__ = _of_balls(libmpi.mpi_div)
    __pow__, __rpow__ = _of_balls(_power)
    __neg__ = _function(libmpi.mpi_neg)
    __abs__ = _function(libmpi.mpi_abs)
    exp, log, tanh, sqrt = map(_function, (_exp, _log, _tanh, _sqrt))
    cos, sin = _function(_wave(0)), _function(_wave(1))
    __lt__ = _surely(libmp.mpf_lt, 1, 0)
    __le__ = _surely(libmp.mpf_le, 1, 0)
    __gt__ = _surely(libmp.mpf_gt, 0, 1)
    __ge__ = _surely(libmp.mpf_ge, 0, 1)
    __hash__ = object.__hash__

    def __eq__(self, other):
        ends = _ends(other)
        return (
            NotImplemented if ends is None else self.ends[0] == self.ends[1] == ends[0] == ends[1]
        )

    def __ne__(self, other):
        return NotImplemented if _ends(other) is None else self < other or self > other

    def is_finite(self):
        """Tell whether something is known of it."""
        return not {libmp.finf, libmp.fninf} & set(self.ends)

    def __float__(self):
        return libmp.to_float(self.mid().ends[0])

    def rel_accuracy_bits(self):
        """Return to how many bits it is known."""
        width = libmpi.mpi_delta(self.ends, ctx.prec)
        return _size((self.mid().ends[0],)) - _size((width,)) if width != libmp.fzero else ctx.prec

    def contains(self, x):
        """Tell whether it may be a number."""
        return not (self < x or self > x)

    def contains_integer(self):
        """Tell whether it may be whole."""
        return libmp.mpf_le(libmp.mpf_ceil(self.ends[0], 0), self.ends[1])

    def max(self, other):
        """Return the larger of two."""
        return _ball(tuple(map(_larger, self.ends, _ends(other))))

    def union(self, other):
        """Return the ball that holds both."""
        low, high = zip(self.ends, _ends(other), strict=True)
        return _ball((min(low, key=libmp.to_rational), max(high, key=libmp.to_rational)))

    def mid(self):
        """Return its middle."""
        middle = libmpi.mpi_mid(self.ends, ctx.prec)
        return _ball((middle, middle))

    def floor(self):
        """Return the largest whole number that is not above it, as a ball."""
        return _ball(tuple(libmp.mpf_floor(end, 0) for end in self.ends))

    def unique_fmpz(self):
        """Return the whole number in it, or None if there are several or none."""
        low, high = libmp.mpf_ceil(self.ends[0], 0), libmp.mpf_floor(self.ends[1], 0)
        return libmp.to_int(low) if low == high else None

    def upper(self):
        """Return its upper end."""
        return _ball((self.ends[1], self.ends[1]))

    def str(self, digits, radius):
        """Return its middle as a text."""
        return libmp.to_str(libmpi.mpi_mid(self.ends, ctx.prec), digits)

    @staticmethod
    def pi():
        """Return the circle's number."""
        return _ball(libmpi.mpi_pi(ctx.prec))

    @staticmethod
    def const_e():
        """Return the base of the natural logarithm."""
        return arb(1).exp()


def _larger(x, y):
    """Return the larger of two numbers."""
    return x if libmp.mpf_ge(x, y) else y


class _Zero(NamedTuple):
    """A zero of a polynomial, as a complex number."""

    real: arb
    imag: int


class fmpq_poly:  # noqa: N801
    """A polynomial with fractions for coefficients, the constant first."""

    def __init__(self, coefficients=()):
        if not isinstance(coefficients, (list, tuple)):
            coefficients = getattr(coefficients, "coefficients", [coefficients])
        self.coefficients = [Fraction(getattr(c, "value", c)) for c in coefficients]
        while self.coefficients and not self.coefficients[-1]:
            self.coefficients.pop()

    def __add__(self, other):
        pairs = zip_longest(self.coefficients, fmpq_poly(other).coefficients, fillvalue=0)
        return fmpq_poly([x + y for x, y in pairs])

    def __mul__(self, other):
        theirs = fmpq_poly(other).coefficients
        found = [Fraction(0)] * (len(self.coefficients) + len(theirs))
        for m, x in enumerate(self.coefficients):
            for n, y in enumerate(theirs):
                found[m + n] += x * y
        return fmpq_poly(found)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -fmpq_poly(other)

    def __rsub__(self, other):
        return fmpq_poly(other) + -self

    def __pow__(self, exponent):
        found = fmpq_poly([1])
        for _ in range(exponent):
            found *= self
        return found

    def degree(self):
        """Return the degree, which is -1 for zero."""
        return len(self.coefficients) - 1

    def numer(self):
        """Return a polynomial with the same zeros: here the polynomial itself."""
        return self

    def __getitem__(self, power):
        return self.coefficients[power] if power <= self.degree() else Fraction(0)

    def _as_sympy(self):
        """Return it as a polynomial of SymPy."""
        terms = [sp.Rational(c.numerator, c.denominator) for c in reversed(self.coefficients)]
        return sp.Poly(terms, sp.Symbol("x"), domain="QQ")

    def factor(self):
        """Return a number, and the factors that cannot be divided further, with how often each."""
        number, factors = self._as_sympy().factor_list()
        found = [
            (fmpq_poly([Fraction(int(c.p), int(c.q)) for c in reversed(each.all_coeffs())]), times)
            for each, times in factors
        ]
        return number, found

    def complex_roots(self):
        """Return the zeros and how often each counts. The real ones are all that is asked for."""
        found = self._as_sympy().intervals(eps=sp.Rational(1, 2**ctx.prec))
        balls = [(_enclosing(*ends), times) for ends, times in found]
        return [(_Zero(ball, 0), times) for ball, times in balls]


def _enclosing(low, high):
    """Return the ball that holds two fractions of SymPy."""
    ends = [arb(fmpq(int(end.p), int(end.q))) for end in (low, high)]
    return ends[0].union(ends[1])


class arb_mat:  # noqa: N801
    """A matrix of balls."""

    def __init__(self, rows, columns=None):
        zeros = columns is not None
        self.rows = (
            [[arb(0)] * columns for _ in range(rows)]
            if zeros
            else [[*map(arb, row)] for row in rows]
        )

    def __getitem__(self, place):
        return self.rows[place[0]][place[1]]

    def __setitem__(self, place, value):
        self.rows[place[0]][place[1]] = value

    def solve(self, right):
        """Return the solution of linear equations, by elimination."""
        rows = [[*left, *rest] for left, rest in zip(self.rows, right.rows, strict=True)]
        for n in range(len(rows)):
            best = max(range(n, len(rows)), key=lambda m: _height(rows[m][n]))
            rows[n], rows[best] = rows[best], rows[n]
            if not (rows[n][n] > 0 or rows[n][n] < 0):
                raise ZeroDivisionError("the matrix may be singular")
            rows[n] = [x / rows[n][n] for x in rows[n]]
            for m in set(range(len(rows))) - {n}:
                rows[m] = [x - rows[m][n] * y for x, y in zip(rows[m], rows[n], strict=True)]
        return arb_mat([row[len(rows) :] for row in rows])


def _height(x):
    """Return how large the middle of a ball is, as something that can be compared."""
    return Fraction(*libmp.to_rational(libmp.mpf_abs(x.mid().ends[0]))) if x.is_finite() else -1
