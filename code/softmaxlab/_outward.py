"""Exponentials of scores with all their digits, from the largest score outward.

On paper, softmax and its relatives are made of ``exp(z - top)``, ``top`` being the largest score
of a row. In floating point the difference ``z - top`` is rounded, and the exponential magnifies
what is lost: at a difference of 700 a rounding error of half a unit becomes 350 units.
"""

import numpy as np

_HIGHEST = 690  # exp of it, times a hundred million classes, does not overflow
_LOWEST = -700  # exp of it has all its digits
_SHORT = 16  # so many terms are added as they come


def exponentials(rows, z, top):
    """Return numbers in proportion to ``exp(z)``, and the largest of each row.

    Mostly ``exp(z)`` itself serves: then no difference is taken, and nothing is rounded before
    the exponential. Where that overflows, or loses terms that matter, it is ``exp(z - top)``,
    with the rounding of the difference made good.
    """
    lowest, highest = np.minimum.reduce(top), np.maximum.reduce(top)
    if not (lowest > -np.inf and highest < np.inf):
        refuse_scores(rows)
    e = rows.scratch("exponentials", z)
    if highest <= _HIGHEST and (lowest >= 0 or z.min() >= _LOWEST):
        np.exp(z, out=e, dtype=np.float64)
        return e, np.exp(top, dtype=np.float64)
    _exp_of_difference(z, top, e)
    return e, np.ones_like(top)


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


def outward(rows, z):
    """Return ``(top, rest, e, total)`` for a block of scores.

    ``top`` is the largest score of each row, ``rest`` the sum of ``exp(z - top)`` over the other
    classes, ``e`` is in proportion to ``exp(z)`` and ``total`` is its sum.
    """
    place = z.argmax(axis=0), np.arange(z.shape[1])
    top = z[place].astype(np.float64, copy=False)
    e, largest = exponentials(rows, z, top)
    e[place] = 0
    others = sum_over_classes(e)
    e[place] = largest
    return top, others / largest, e, others + largest


def sum_over_classes(terms):
    """Return the sum of non-negative terms over axis 0, with few roundings of a large term.

    Where each class is one run of memory, terms are added in pairs, the sums in pairs, and so on.
    Elsewhere NumPy does likewise, but with up to 25 terms in a row; there the largest is kept out
    and added last. ``terms`` is changed in between.
    """
    if not terms.flags.f_contiguous:
        return _sum_in_pairs(terms)
    if len(terms) <= _SHORT:
        return np.add.reduce(terms, axis=0)
    place = terms.argmax(axis=0), np.arange(terms.shape[1])
    largest = terms[place]
    terms[place] = 0
    total = largest + np.add.reduce(terms, axis=0)
    terms[place] = largest
    return total


def _sum_in_pairs(terms):
    while len(terms) > 1:
        half = len(terms) // 2
        pairs = terms[:half] + terms[half : 2 * half]
        if len(terms) % 2:
            pairs[0] += terms[-1]
        terms = pairs
    return terms[0]


def refuse_scores(rows):
    """Say which entry or row of an array of scores cannot be used."""
    z, shape = rows.array, rows.array.shape
    bad = np.argwhere(np.isnan(z) | (z == np.inf))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        raise ValueError(f"{rows.name} of shape {shape} has {z[place]} at {place}")
    row = tuple(int(i) for i in np.argwhere(z.max(axis=rows.axis) == -np.inf)[0])
    raise ValueError(f"{rows.name} of shape {shape} has no class left in row {row}: all are -inf")
