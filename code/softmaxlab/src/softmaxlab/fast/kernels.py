"""The loops that Numba compiles: a row is read, checked and finished while the cache holds it.

Every kernel takes C-contiguous arrays of float32 or float64, one row for each sample, and writes to
its last arguments. It returns whether the result can be had of all rows; if not, they are given
once more in double precision, and NumPy's code says what is wrong.

A score that is NaN or plus infinity, or a row with nothing but minus infinity, needs no check of
its own: the exponentials of such a row sum to NaN.

No kernel is compiled with all of `fastmath`, which would forget NaN, infinity and the rounding
errors that are made good here. Polynomials alone may `contract`: round a product and a sum once
instead of twice. Plain sums alone may be taken in any order (`reassoc`), and so by vectors.

All of it is in one file, because Numba's cache looks at the time of a kernel's own file alone:
after a change elsewhere the machine code of before would stay in use.
"""

from functools import partial
from math import factorial, log
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numba import njit, types
from numba.extending import overload

Floats: TypeAlias = Any  # what a kernel is given, Numba finds out
Ints: TypeAlias = Any

BLOCK = 2048  # numbers that are worked on together: what they need fits the first cache
FEW_CLASSES = 64  # a row of so many is short
CLASSES_ADDED = 8  # so many numbers of a short row are added up as they come
ADDED = 512  # and of a long one, in parts
SUMMED = 64  # numbers of a part; the processor decides how many of them a vector holds
LANES = 8  # numbers that a vector holds

kernel = njit(cache=True, nogil=True, error_model="numpy")
inner = partial(njit, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
step = inner()
polynomial = inner(fastmath={"contract"})
in_any_order = inner(fastmath={"reassoc", "nsz"})


# Exponentials and logarithms ----------------------------------------------------------------------

LOG_2 = log(2)
BEYOND_LOG_2 = 2.3190468138462996e-17  # what rounding takes from it


def parts_of_log_2(real: Any) -> Any:
    """Return log 2 in two numbers; the last digits of the first are zero: ``k * high`` is exact."""
    unit = 2.0 ** (np.finfo(real).nexp - np.finfo(real).nmant)
    high = real(LOG_2 // unit * unit)
    return high, real(LOG_2 - float(high) + BEYOND_LOG_2)


def ways_to_an_exponent(real: Any, integer: Any) -> Any:
    """Return how far a sum is shifted to make a power of two of it, what is added, and a factor.

    The sum of k and a number of that size has k in its last digits. What else is added keeps the
    exponent positive for the smallest results, and the factor takes it away again.
    """
    digits, above = np.finfo(real).nmant, np.finfo(real).nmant + 12
    bias = np.finfo(real).maxexp - 1
    return integer(digits), real(1.5 * 2**digits + bias + above), real(2.0**-above)


def make_exp_of_difference(real: Any, integer: Any, degree: int, lowest: float) -> Any:
    """Return a function that computes ``exp(z - top)``, where no z is above top.

    With ``z - top = k log 2 + r`` it is ``2**k`` times the Taylor polynomial of r. What rounding
    takes from the difference is added to r; what it takes from ``1 + r``, to the rest of the sum.

    Parameters
    ----------
    real, integer : type
        The type of the numbers, and integers of as many bits.
    degree : int
        That of the polynomial: enough for r up to ``log(2) / 2``.
    lowest : float
        From here down the exponential is zero.
    """
    high, low = parts_of_log_2(real)
    shift, to_integer, back = ways_to_an_exponent(real, integer)
    per_log_2, one, nothing, lowest = real(1 / LOG_2), real(1), real(0), real(lowest)
    coefficients = tuple(real(1 / factorial(k)) for k in range(degree, 1, -1))

    @polynomial
    def exp_of_difference(z, top):
        d = z - top
        t = d - z
        lost = (z - (d - t)) - (top + t)
        lost = nothing if d < lowest else lost
        d = lowest if d < lowest else d
        shifted = d * per_log_2 + to_integer
        k = shifted - to_integer
        r = d - k * high
        lost -= k * low
        x = r + lost
        series = nothing
        for c in coefficients:
            series = series * x + c
        head = one + r
        tail = ((one - head) + r) + lost
        power = integer(real(shifted).view(integer) << shift).view(real)
        return (head + (series * x * x + tail)) * power * back

    return exp_of_difference


exp_in_double = make_exp_of_difference(np.float64, np.int64, 13, -746.0)
exp_in_single = make_exp_of_difference(np.float32, np.int32, 7, -104.0)


def exp_of_difference(z: Floats, top: Floats) -> Any:
    """Return ``exp(z - top)`` in the type of z, where no z is above top."""


@overload(exp_of_difference, strict=False)  # annotations differ
def _exp_of_difference(z: Any, top: Any) -> Any:
    if z == types.float32:
        return lambda z, top: exp_in_single(z, top)
    return lambda z, top: exp_in_double(z, top)


SHIFT, TO_INTEGER, BACK = ways_to_an_exponent(np.float64, np.int64)
TAYLOR = tuple(1 / factorial(k) for k in range(9, -1, -1))


@polynomial
def exp_for_single(z: float, top: float) -> float:
    """Return ``exp(z - top)``, where no z is above top, with ten digits: enough for float32.

    It takes half the time of what has all the digits of float64.
    """
    d = z - top
    d = -746.0 if d < -746.0 else d
    shifted = d * (1 / LOG_2) + TO_INTEGER
    r = d - (shifted - TO_INTEGER) * LOG_2
    series = 0.0
    for c in TAYLOR:
        series = series * r + c
    power = np.int64(np.float64(shifted).view(np.int64) << SHIFT).view(np.float64)
    return series * power * BACK


def exp_for(like: Floats, z: Floats, top: Floats) -> Any:
    """Return ``exp(z - top)`` in double precision, with digits enough for the type of `like`."""


@overload(exp_for, strict=False)
def _exp_for(like: Any, z: Any, top: Any) -> Any:
    if like == types.float32:
        return lambda like, z, top: exp_for_single(z, top)
    return lambda like, z, top: exp_in_double(z, top)


ODD = tuple(2 / k for k in range(23, 1, -2))
ROOT_HALF = np.float64(0.5**0.5).view(np.int64)
ONE = np.float64(1).view(np.int64)
MANTISSA = np.int64(2**52 - 1)
LOG_2_HIGH = LOG_2 // 2.0**-40 * 2.0**-40
LOG_2_LOW = LOG_2 - LOG_2_HIGH + BEYOND_LOG_2
OF_TANGENT = tuple(1 / k for k in range(31, 1, -4)), tuple(1 / k for k in range(33, 1, -4))
LARGEST = np.finfo(np.float64).max


@polynomial
def log_of_sum(u: float, small: float) -> float:
    """Return ``log(u + small)``, where u is positive and `small` changes its last digits.

    ``u = 2**k (1 + f)`` with ``1 + f`` between the roots of one half and of two, and
    ``log(1 + f) = 2 (q + q**3/3 + q**5/5 + ...)`` with ``q = f / (2 + f)``, in an order in which
    f itself is added last.
    """
    bits = np.float64(u).view(np.int64) + (ONE - ROOT_HALF)
    k = np.float64((bits >> 52) - 1023)
    f = np.int64((bits & MANTISSA) + ROOT_HALF).view(np.float64) - 1.0
    q = f / (2.0 + f)
    square = q * q
    series = 0.0
    for c in ODD:
        series = series * square + c
    half = 0.5 * f * f
    low = k * LOG_2_LOW + small / u
    return k * LOG_2_HIGH + (f - (half - (q * (half + series * square) + low)))


@step
def log1p(s: float) -> float:
    """Return ``log(1 + s)``, where s is not negative."""
    u = 1.0 + s
    return log_of_sum(u, s - (u - 1.0) if s < 1.0 else 1.0 - (u - s))


OF_QUOTIENT = tuple(2 / k for k in range(21, 0, -2))


@polynomial
def log1p_for_single(s: float) -> float:
    """Return ``log(1 + s)`` for s from 0 to 1, with ten digits: see `log_of_sum`."""
    q = s / (2.0 + s)
    square = q * q
    series = 0.0
    for c in OF_QUOTIENT:
        series = series * square + c
    return q * series


def log1p_for(like: Floats, s: Floats) -> Any:
    """Return ``log(1 + s)`` for s from 0 to 1, with digits enough for the type of `like`."""


@overload(log1p_for, strict=False)
def _log1p_for(like: Any, s: Any) -> Any:
    if like == types.float32:
        return lambda like, s: log1p_for_single(s)
    return lambda like, s: log1p(s)


# Rows ---------------------------------------------------------------------------------------------


class Work(NamedTuple):
    """Memory for a block of rows: numbers for each entry, and then numbers for each row."""

    by_class: Floats  # exponentials of short rows: one class of all rows, the next of all rows, ...
    terms: Floats  # those of long rows, where a result has no room for them
    tops: Floats  # the largest score of an entry's row
    largest: Floats  # the largest score
    others: Floats  # the sum of exp(z - largest) over all classes but the largest


@step
def work_for(z: Floats) -> Any:
    """Return memory for blocks of an array."""
    size = min(BLOCK, z.size)
    terms, tops, rows = np.empty(size, z.dtype), np.empty(size, z.dtype), np.empty((2, size))
    return Work(np.empty(size), terms, tops, rows[0], rows[1])


@step
def rows_in_block(z: Floats) -> int:
    """Return how many rows are worked on together; if there are many, they fill vectors."""
    n_rows = BLOCK // z.shape[1]
    return n_rows // LANES * LANES or max(1, n_rows)


@step
def are_short(z: Floats) -> bool:
    """Return whether rows are so short that a loop over the classes of one would hardly pay.

    They are computed class by class, for many rows at once, and in double precision.
    """
    return z.shape[1] <= FEW_CLASSES


@step
def exponentials(z: Floats, terms: Floats, work: Any) -> bool:
    """Write the largest score of each row to `work`, with what all other classes add.

    ``exp(z - largest)`` is written class by class to `work` if rows are short, and else to `terms`:
    one after the other for all rows, or, if it has the room of a block only, each block of a long
    row in the place of the one before.

    Returns
    -------
    bool
        Whether all sums have their digits.
    """
    if are_short(z):
        exponentials_of_short_rows(z, work)
    elif len(z) > 1:
        exponentials_of_rows(z, terms, work)
    else:
        work.largest[0] = top = largest_of(z[0])
        work.others[0] = exponentials_of_long_row(z[0], top, terms)
    return all_at_least(work.others[: len(z)], least_sum(z))


@step
def all_at_least(numbers: Floats, least: float) -> bool:
    """Return whether no number is less, or NaN."""
    wrong = 0
    for i in range(len(numbers)):
        wrong += not numbers[i] >= least
    return wrong == 0


@step
def least_sum(z: Floats) -> float:
    """Return the smallest sum of exponentials whose digits do not depend on subnormal numbers."""
    return 0.0 if z.itemsize == 8 or are_short(z) else 1e-30


@step
def divide(terms: Floats, work: Any) -> None:
    """Divide exponentials by their sums; those of short rows are taken from `work`."""
    if are_short(terms):
        divide_by_class(terms, table_by_class(terms, work.by_class), work.others)
        return
    for i in range(len(terms)):
        total, real, e = 1.0 + work.others[i], terms.dtype.type, terms[i]
        divisor, reciprocal = real(total), real(1.0 / total)
        for j in range(len(e)):
            e[j] = quotient(e[j], divisor, reciprocal)


@polynomial
def quotient(a: Floats, divisor: Floats, reciprocal: Floats) -> Any:
    """Return ``a / divisor``, in a fraction of the time of a division, and rounded as well.

    What the product of a and the reciprocal leaves of a is exact, where it is rounded once.
    """
    q = a * reciprocal
    return q + (a - q * divisor) * reciprocal


# Short rows ---------------------------------------------------------------------------------------


@step
def table_by_class(z: Floats, by_class: Floats) -> Floats:
    """Return memory for the exponentials of short rows as a table, in which a class has a row."""
    return by_class[: z.size].reshape(z.shape[1], z.shape[0])


@step
def exponentials_of_short_rows(z: Floats, work: Any) -> None:
    """Write the exponentials of short rows class by class, and what all but the largest add."""
    n_rows, n_classes = z.shape
    e = table_by_class(z, work.by_class)
    top, others = work.largest[:n_rows], work.others[:n_rows]
    ones, part = np.empty(n_rows), np.empty(n_rows)
    for i in range(n_rows):
        top[i], others[i], ones[i], part[i] = z[i, 0], 0.0, -1.0, 0.0
    for k in range(n_classes):
        for i in range(n_rows):
            e[k, i] = z[i, k]
        for i in range(n_rows):
            top[i] = e[k, i] if e[k, i] > top[i] else top[i]
    for k in range(n_classes):
        exponentials_of_class(z[0, 0], e[k], top, part, ones)
        if k % CLASSES_ADDED == CLASSES_ADDED - 1:
            add(part, others)
    add(part, others)
    add(ones, others)


@step
def add(numbers: Floats, total: Floats) -> None:
    """Add numbers to others, and begin anew."""
    for i in range(len(numbers)):
        total[i] += numbers[i]
        numbers[i] = 0.0


@step
def exponentials_of_class(like: Floats, z: Floats, top: Floats, part: Floats, ones: Floats) -> None:
    """Replace scores by exponentials. Add up what is below one, and count the ones.

    If these were added, they would take the digits of small terms.
    """
    for i in range(len(z)):
        e = exp_for(like, z[i], top[i])
        z[i] = e
        part[i] += e if e != 1.0 else 0.0
        ones[i] += 1.0 if e == 1.0 else 0.0


@step
def divide_by_class(a: Floats, e: Floats, others: Floats) -> None:
    """Write the exponentials of short rows, divided by their sums."""
    n_rows, n_classes = a.shape
    totals, reciprocals = np.empty(n_rows), np.empty(n_rows)
    for i in range(n_rows):
        totals[i] = 1.0 + others[i]
        reciprocals[i] = 1.0 / totals[i]
    for k in range(n_classes):
        for i in range(n_rows):
            e[k, i] = quotient(e[k, i], totals[i], reciprocals[i])
        for i in range(n_rows):
            a[i, k] = e[k, i]


# Longer rows --------------------------------------------------------------------------------------


def make_largest_of(real: Any, integer: Any) -> Any:
    """Return a function that finds the largest of some scores, or a NaN if one of them is positive.

    They are compared as integers, in the same order: LLVM makes vectors of a comparison of numbers
    only if it may forget NaN.
    """
    sign, digits = integer(8 * real().itemsize - 1), integer(np.iinfo(integer).max)

    @step
    def largest(x):
        bits = x.view(integer)
        top = integer(-digits - 1)
        for j in range(len(bits)):
            ordered = integer(bits[j] ^ (integer(bits[j] >> sign) & digits))
            top = ordered if ordered > top else top
        return integer(top ^ (integer(top >> sign) & digits)).view(real)

    return largest


largest_in_double = make_largest_of(np.float64, np.int64)
largest_in_single = make_largest_of(np.float32, np.int32)


def largest_of(x: Floats) -> Any:
    """Return the largest of some scores."""


@overload(largest_of, strict=False)  # annotations differ
def _largest_of(x: Any) -> Any:
    if x.dtype == types.float32:
        return lambda x: largest_in_single(x)
    return lambda x: largest_in_double(x)


@in_any_order
def few_fractions_and_ones(terms: Floats) -> tuple[float, float]:
    """Return the sum of a few terms, but for the ones, and the number of these."""
    total, ones = 0.0, 0.0
    for j in range(len(terms)):
        e = np.float64(terms[j])
        total += e if e != 1.0 else 0.0
        ones += 1.0 if e == 1.0 else 0.0
    return total, ones


@step
def fractions_and_ones(terms: Floats) -> tuple[float, float]:
    """Return the sum of all terms below one, and the number of ones."""
    total, lost, ones = 0.0, 0.0, 0.0
    few = SUMMED if terms.itemsize == 8 else ADDED  # doubles have digits to spare for singles
    for start in range(0, len(terms), few):
        more, ones_here = few_fractions_and_ones(terms[start : start + few])
        total, lost = with_more(total, lost, more)
        ones += ones_here
    return total + lost, ones


@step
def with_more(total: float, lost: float, more: float) -> tuple[float, float]:
    """Return a total with more, and all that rounding has taken from it: see Neumaier (1974)."""
    after = total + more
    return after, lost + ((total - after) + more if total > more else (more - after) + total)


@step
def sum_but_one(terms: Floats) -> float:
    """Return the sum of exponentials without the largest, which is one.

    Ones are counted and not added: they would take the digits of small terms.
    """
    total, ones = fractions_and_ones(terms)
    return total + (ones - 1.0)


@step
def exponentials_of_rows(z: Floats, terms: Floats, work: Any) -> None:
    """Write the exponentials of several rows, and what all classes but the largest add."""
    n_rows, n_classes = z.shape
    for i in range(n_rows):
        work.largest[i] = top = largest_of(z[i])
        tops = work.tops[i * n_classes : (i + 1) * n_classes]
        for j in range(n_classes):
            tops[j] = top
    scores = z.reshape(-1)
    for i in range(len(scores)):
        terms[i] = exp_of_difference(scores[i], work.tops[i])
    for i in range(n_rows):
        work.others[i] = sum_but_one(terms[i * n_classes : (i + 1) * n_classes])


@step
def exponentials_of_long_row(x: Floats, top: Any, terms: Floats) -> float:
    """Return what all other classes add. What rounding takes of each block's sum is added last."""
    total, lost, ones = 0.0, 0.0, 0.0
    for start in range(0, len(x), ADDED):
        part = x[start : start + ADDED]
        place = start % len(terms)
        e = terms[place : place + len(part)]
        for j in range(len(part)):
            e[j] = exp_of_difference(part[j], top)
        more, ones_here = fractions_and_ones(e)
        ones += ones_here
        total, lost = with_more(total, lost, more)
    return (total + lost) + (ones - 1.0)


# Kernels ------------------------------------------------------------------------------------------


@kernel
def logsumexp(z: Floats, result: Floats) -> bool:
    """Write the logarithm of the sum of the exponentials of each row."""
    work, n_together = work_for(z), rows_in_block(z)
    for start in range(0, len(z), n_together):
        block, out = z[start : start + n_together], result[start : start + n_together]
        if not exponentials(block, work.terms, work):
            return False
        for i in range(len(block)):
            out[i] = work.largest[i] + log1p(work.others[i])
    return True


@kernel
def softmax(z: Floats, result: Floats) -> bool:
    """Write the probabilities of each row."""
    work, n_together = work_for(z), rows_in_block(z)
    for start in range(0, len(z), n_together):
        block, a = z[start : start + n_together], result[start : start + n_together]
        if not exponentials(block, a.reshape(-1), work):
            return False
        divide(a, work)
    return True


@kernel
def log_softmax(z: Floats, result: Floats) -> bool:
    """Write the logarithms of the probabilities of each row."""
    work, n_together = work_for(z), rows_in_block(z)
    for start in range(0, len(z), n_together):
        block, out = z[start : start + n_together], result[start : start + n_together]
        if not exponentials(block, out.reshape(-1), work):
            return False
        subtract_logarithms(block, work, out)
    return True


@step
def subtract_logarithms(z: Floats, work: Any, result: Floats) -> None:
    """Write scores less the logarithm of their sum: of long rows in the precision of the scores."""
    n_rows, n_classes = z.shape
    top, rest = work.largest, np.empty(n_rows)
    for i in range(n_rows):
        rest[i] = log1p(work.others[i])
    if are_short(z):
        for k in range(n_classes):
            for i in range(n_rows):
                result[i, k] = (z[i, k] - top[i]) - rest[i]
        return
    for i in range(n_rows):
        top_of_row, rest_of_row = z.dtype.type(top[i]), z.dtype.type(rest[i])
        for k in range(n_classes):
            result[i, k] = (z[i, k] - top_of_row) - rest_of_row


@kernel
def loss(z: Floats, labels: Ints, result: Floats) -> bool:
    """Write the cross-entropy of each row with the label of its right class."""
    work, n_together = work_for(z), rows_in_block(z)
    for start in range(0, len(z), n_together):
        block, y = z[start : start + n_together], labels[start : start + n_together]
        if not exponentials(block, work.terms, work):
            return False
        write_losses(block, y, work, result[start : start + n_together])
    return True


@step
def write_losses(z: Floats, labels: Ints, work: Any, result: Floats) -> None:
    """Write how far the right score is from the largest, and what all others add."""
    right = np.empty(len(z))
    for i in range(len(z)):
        right[i] = z[i, labels[i]]
    for i in range(len(z)):
        result[i] = (work.largest[i] - right[i]) + log1p(work.others[i])


@kernel
def loss_with_grad(z: Floats, labels: Ints, losses: Floats, gradient: Floats) -> bool:
    """Write the cross-entropy of each row, and its derivatives with respect to the scores."""
    work, n_together = work_for(z), rows_in_block(z)
    for start in range(0, len(z), n_together):
        block, y = z[start : start + n_together], labels[start : start + n_together]
        g = gradient[start : start + n_together]
        if not exponentials(block, g.reshape(-1), work):
            return False
        write_losses(block, y, work, losses[start : start + n_together])
        slopes = slopes_of(y, g, work)
        divide(g, work)
        for i in range(len(block)):
            g[i, y[i]] = slopes[i]
    return True


@step
def slopes_of(labels: Ints, terms: Floats, work: Any) -> Floats:
    """Return the derivatives with respect to the right scores: minus what all others have."""
    slopes = np.empty(len(labels))
    if are_short(terms):
        e = table_by_class(terms, work.by_class)
        for i in range(len(labels)):
            slopes[i] = e[labels[i], i]
    else:
        for i in range(len(labels)):
            slopes[i] = terms[i, labels[i]]
    for i in range(len(labels)):
        others, right = work.others[i], slopes[i]
        # ``a - 1`` of the likeliest class would lose its digits.
        minus = others if right == 1.0 else 1.0 + others - right
        slopes[i] = -minus / (1.0 + others)
    return slopes


@in_any_order
def total_and_negatives(p: Floats) -> tuple[float, int]:
    """Return the sum of some numbers, and how many of them are negative."""
    total, negatives = 0.0, 0
    for j in range(len(p)):
        total += p[j]
        negatives += p[j] < 0.0
    return total, negatives


@step
def is_distribution(p: Floats, tolerance: float) -> bool:
    """Return whether numbers are probabilities that sum to one. A NaN makes the sum NaN."""
    total, negatives = total_and_negatives(p)
    return negatives == 0 and abs(total - 1.0) <= tolerance


@polynomial
def log_below_tangent(t: float) -> float:
    """Return ``t - log(1 + t)`` for t from -1/2 to 1: see `softmaxlab._numerics.series`.

    Even and odd terms are summed apart: LLVM makes vectors only of short loops over coefficients.
    """
    w = t / (2.0 + t)
    square = w * w
    even, odd = 0.0, 0.0
    for c in OF_TANGENT[0]:
        even = even * (square * square) + c
    for c in OF_TANGENT[1]:
        odd = odd * (square * square) + c
    return t * w - 2.0 * w * square * (even + square * odd)


@polynomial
def log_of_ratio(ratio: float) -> float:
    """Return the logarithm of a number that may be zero, or too small to have all its digits."""
    small = ratio < 2.0**-900
    log = log_of_sum(ratio * 2.0**64 if small else ratio, 0.0)
    return -np.inf if ratio == 0.0 else log - 64 * LOG_2 if small else log


@step
def divergences(p: Floats, q: Floats, near: Floats, terms: Floats) -> None:
    """Write ``p log(p/q) - p + q``, which is never negative, to `terms`.

    In three loops, of each of which LLVM makes vectors; of one it would not.
    """
    for j in range(len(p)):
        x, y = np.float64(p[j]), np.float64(q[j])
        near[j] = x * log_below_tangent((y - x) / x)
    for j in range(len(p)):
        x, y = np.float64(p[j]), np.float64(q[j])
        terms[j] = (y - x) - x * log_of_ratio(min(y / x, LARGEST))
    for j in range(len(p)):
        x, y = np.float64(p[j]), np.float64(q[j])
        series, far = near[j], terms[j]  # both are read, so that no branch is needed
        far = y if x == 0.0 else far
        terms[j] = series if abs((y - x) / x - 0.25) < 0.75 else far


@in_any_order
def plain_sum(terms: Floats) -> float:
    """Return the sum of a few numbers."""
    total = 0.0
    for j in range(len(terms)):
        total += terms[j]
    return total


@step
def divergence(p: Floats, q: Floats, near: Floats, terms: Floats) -> float:
    """Return the sum over all classes. What rounding takes of each block's sum is added last."""
    total, lost = 0.0, 0.0
    for start in range(0, len(p), ADDED):
        part = p[start : start + ADDED]
        divergences(part, q[start : start + ADDED], near, terms)
        for few in range(0, len(part), SUMMED):
            more = plain_sum(terms[few : min(few + SUMMED, len(part))])
            total, lost = with_more(total, lost, more)
    return total + lost if total < np.inf else total


@kernel
def kl_divergence(
    p_tolerance: float, q_tolerance: float, unit: float, p: Floats, q: Floats, result: Floats
) -> bool:
    """Write the divergence of each distribution from its model, in a unit of so many nats."""
    near, terms = np.empty(ADDED), np.empty(ADDED)
    for i in range(len(p)):
        if not (is_distribution(p[i], p_tolerance) and is_distribution(q[i], q_tolerance)):
            return False
        result[i] = divergence(p[i], q[i], near, terms) / unit
    return True


@kernel
def sigmoid_loss(z: Floats, labels: Floats, result: Floats) -> bool:
    """Write the cross-entropy of each score with its label, a probability of *yes*."""
    logs = np.empty(min(ADDED, len(z)))
    for start in range(0, len(z), ADDED):
        scores, y = z[start : start + ADDED], labels[start : start + ADDED]
        write_softplus(scores, logs)
        add_distances(scores, y, logs, result[start : start + ADDED])
    return True


@step
def write_softplus(z: Floats, logs: Floats) -> None:
    """Write ``log(1 + exp(-abs(s)))``. In two loops LLVM keeps more of it in registers."""
    for i in range(len(z)):
        logs[i] = exp_for(z[i], -abs(np.float64(z[i])), 0.0)
    for i in range(len(z)):
        logs[i] = log1p_for(z[i], logs[i])


@step
def add_distances(z: Floats, labels: Floats, logs: Floats, result: Floats) -> None:
    """Write logarithms plus how far scores are on the wrong side, weighted with the labels."""
    for i in range(len(z)):
        s, y = np.float64(z[i]), np.float64(labels[i])
        on_the_wrong_side = 1.0 - y if s >= 0.0 else y
        # infinitely far, but not on the wrong side
        distance = on_the_wrong_side * abs(s) if on_the_wrong_side > 0.0 else 0.0
        result[i] = distance + logs[i]
