"""Exponentials of scores with all their digits, from the largest score outward.

On paper, softmax and its relatives are made of ``exp(z - top)``, ``top`` being the largest score
of a row. In floating point the difference ``z - top`` is rounded, and the exponential magnifies
what is lost: at a difference of 700 a rounding error of half a unit becomes 350 units.
"""

import numpy as np

from softmaxlab._numerics.blocks import Scratch
from softmaxlab._numerics.checks import in_row, largest, smallest

_HIGHEST = 690  # exp of it, times a hundred million classes, does not overflow
_LOWEST = -700  # exp of it has all its digits
_HIGHEST_SINGLE = 60  # likewise for float32
_LOWEST_SINGLE = 1e-30  # a sum of this size owes nothing to subnormal numbers of float32
_LARGE = 1000  # the logarithm of such a sum is seven or more
_LONG, _EVERY = 256, 8  # the classes of a row that often has such a sum, and the share to ask
_SHORT = 16  # so many terms are added as they come


def outward(rows, z):
    """Return ``(top, log_rest, e, total)`` for a block of scores.

    ``top`` is the largest score of each row, ``log_rest`` the logarithm of the sum of
    ``exp(z - top)``, ``e`` is in proportion to ``exp(z)``, and ``total`` is its sum.
    """
    if rows.side_by_side:
        top = np.maximum.reduce(z, axis=0)
        e = exponentials(rows, z, top)
        first, others = _largest_and_others(rows, e)
    else:
        place = one_of_each_row(z, z.argmax(axis=0))
        top = np.asarray(z.ravel("K")[place], np.float64)
        e = exponentials(rows, z, top)
        first, others = _set_apart(e, place, sum_over_classes)
    return top, np.log1p(others / first), e, first + others


def outward_in_passing(rows, z):
    """Return what ``outward`` does, for long rows of float32 in half the time.

    Their exponentials are computed in single precision, apart from the largest, and added up in
    double: what is lost of a logarithm is less than what is lost of one exponential.
    """
    if rows.precision == np.float64:
        return outward(rows, z)
    place = one_of_each_row(z, z.argmax(axis=0))
    top = z.ravel("K")[place].astype(np.float64)
    if not (smallest(top) >= 0 and largest(top) <= _HIGHEST_SINGLE):
        return outward(rows, z)
    e = rows.scratch(Scratch.EXPONENTIALS, z, rows.precision)
    np.exp(z, out=e)
    first, others = _set_apart(e, place, sum_over_classes)
    if smallest(others) < _LOWEST_SINGLE:
        return outward(rows, z)
    return top, np.log1p(others / np.exp(top)), e, first + others


def proportions(rows, z):
    """Return numbers in proportion to the probabilities, and their sum.

    Mostly ``exp(z)`` itself serves, unless it overflows or loses digits: its sum tells.
    """
    e, total = _as_they_are(rows, z)
    if smallest(total) >= 1 and largest(total) < np.inf:
        return e, total
    e = exponentials(rows, z, np.maximum.reduce(z, axis=0))
    return e, sum_over_classes(e)


def may_have_large_sums(rows):
    """Guess from some classes of the first row whether `log_of_large_sums` is worth trying."""
    if rows.n_classes < _LONG or rows.precision != np.float64:
        return False
    with np.errstate(over="ignore"):
        some = np.exp(rows.table[:1, ::_EVERY], dtype=np.float64)
        return np.add.reduce(some, axis=None) * _EVERY >= _LARGE


def log_of_large_sums(rows, z):
    """Return the logarithms of the sums of ``exp(z)``, or None if not all sums are large.

    A large sum is taken as it comes: of its roundings the logarithm, itself some units, shows next
    to nothing. Where the sum is smaller, the largest term would have to be kept apart.
    """
    _, total = _as_they_are(rows, z)
    if smallest(total) >= _LARGE and largest(total) < np.inf:
        return np.log(total)
    return None


def _as_they_are(rows, z):
    """Return ``exp(z)`` and its sums, some of them perhaps infinite or zero."""
    e = rows.scratch(Scratch.EXPONENTIALS, z, rows.precision)
    with np.errstate(over="ignore"):
        np.exp(z, out=e, dtype=rows.precision)
        return e, np.add.reduce(e, axis=0)


def divide(e, total, out):
    """Compute ``e / total``.

    In single precision a product with the reciprocal, which is had in double, is no less exact
    than a division by the rounded total, and takes less time.
    """
    if e.dtype == np.float64:
        return np.divide(e, total, out=out)
    return np.multiply(e, (1 / total).astype(e.dtype), out=out)


def exponentials(rows, z, top):
    """Return numbers in proportion to ``exp(z)``.

    Mostly ``exp(z)`` itself serves: then no difference is taken, and nothing is rounded before
    the exponential. Where that overflows, or loses terms that matter, it is ``exp(z - top)``,
    with the rounding of the difference made good.
    """
    lowest, highest = smallest(top), largest(top)
    if not (lowest > -np.inf and highest < np.inf):
        refuse_scores(rows)
    e = rows.scratch(Scratch.EXPONENTIALS, z)
    if highest <= _HIGHEST and (lowest >= 0 or smallest(z.ravel("K")) >= _LOWEST):
        return np.exp(z, out=e, dtype=np.float64)
    _exp_of_difference(z, top, e)
    return e


def _exp_of_difference(z, top, out):
    """Compute ``exp(z - top)`` with the part of ``z - top`` that is lost in rounding.

    That part is so small that ``exp(d + lost) = exp(d) (1 + lost)``.
    """
    d, lost = difference(z, top)
    np.exp(d, out=out)
    lost *= out
    out += lost


def difference(a, b):
    """Return ``a - b`` and its rounding error: the two together are exact.

    Where the difference is infinite, the error is 0.

    References
    ----------
    D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        d = np.subtract(a, b, dtype=np.float64)
        t = d - a
        lost = (a - (d - t)) - (b + t)
    lost[~np.isfinite(d)] = 0
    return d, lost


def one_of_each_row(block, classes):
    """Return where one class of each row is in ``block.ravel("K")``; what it picks may be a view.

    An index of one axis takes a fourth of the time of an index of two, and a slice, which does for
    a single row, less still.
    """
    if len(classes) == 1:
        first = classes.item()
        return slice(first, first + 1)
    next_class, next_row = (stride // block.itemsize for stride in block.strides)
    return classes * next_class + np.arange(len(classes)) * next_row


def _set_apart(terms, place, add):
    """Return the terms of a place, one for each row, and the sum of the others."""
    entries = terms.ravel("K")
    first = entries[place].copy()
    entries[place] = 0
    others = add(terms)
    entries[place] = first
    return first, others


def _largest_and_others(rows, terms):
    """Return the largest of each row's terms and the sum of the others.

    It is a tournament: in each pair the larger goes on, and the smaller joins the sum.
    """
    n = len(terms)
    half = (n + 1) // 2
    winners = rows.scratch(Scratch.WINNERS, terms[:half])
    sums = rows.scratch(Scratch.SUMS, terms[:half])
    winners[...], sums[n - half :] = terms[:half], 0
    np.minimum(terms[: n - half], terms[half:], out=sums[: n - half])
    np.maximum(terms[: n - half], terms[half:], out=winners[: n - half])
    while half > 1:
        n, half = half, (half + 1) // 2
        ahead, behind, joined = winners[: n - half], winners[half:n], sums[: n - half]
        joined += sums[half:n]
        joined += np.minimum(ahead, behind)
        np.maximum(ahead, behind, out=ahead)
    return winners[0], sums[0]


def sum_over_classes(terms):
    """Return the sum of non-negative terms over axis 0, with few roundings of a large term.

    Where each class is one run of memory, terms are added in pairs, the sums in pairs, and so on.
    Elsewhere NumPy does likewise, but with up to 25 terms in a row; there the largest is kept out
    and added last. ``terms`` is changed in between.
    """
    if not terms.flags.f_contiguous:
        return _sum_in_pairs(terms)
    if len(terms) <= _SHORT or terms.dtype == np.float32:
        return np.add.reduce(terms, axis=0, dtype=np.float64)
    largest, others = _set_apart(terms, one_of_each_row(terms, terms.argmax(axis=0)), np.add.reduce)
    return largest + others


def _sum_in_pairs(terms):
    while len(terms) > 1:
        half = len(terms) // 2
        pairs = terms[:half] + terms[half : 2 * half]
        if len(terms) % 2:
            pairs[0] += terms[-1]
        terms = pairs
    return terms[0]


def sum_with_carry(terms):
    """Return the sum of terms over axis 0, as if it were rounded once.

    Terms are added in pairs, and what each addition loses is kept and added last. It takes three
    times as long as a plain sum; but many equal terms lose their digits all in the same direction.
    """
    lost = 0
    while len(terms) > 1:
        half = (len(terms) + 1) // 2
        a, b = terms[: len(terms) - half], terms[half:]
        pairs, errors = difference(a, -b)
        lost = lost + np.add.reduce(errors, axis=0)
        terms = np.concatenate([pairs, terms[len(terms) - half : half]])
    return terms[0] + lost


def refuse_scores(rows):
    """Say which entry or row of an array of scores cannot be used."""
    z, shape = rows.array, rows.array.shape
    bad = np.argwhere(np.isnan(z) | (z == np.inf))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        raise ValueError(f"{rows.name} of shape {shape} has {z[place]} at {place}")
    row = in_row(np.argwhere(z.max(axis=rows.axis) == -np.inf)[0])
    raise ValueError(f"{rows.name} of shape {shape} has no class left{row}: all are -inf")
