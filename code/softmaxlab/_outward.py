"""Exponentials of scores with all their digits, from the largest score outward.

On paper, softmax and its relatives are made of ``exp(z - top)``, ``top`` being the largest score
of a row. In floating point the difference ``z - top`` is rounded, and the exponential magnifies
what is lost: at a difference of 700 a rounding error of half a unit becomes 350 units.
"""

import numpy as np

# exp of it, times a hundred million classes, does not overflow.
_HIGHEST = {np.float64: 690, np.float32: 60}
_LOWEST = -700  # exp of it has all its digits
_SHORT = 16  # so many terms are added as they come


def outward(rows, z):
    """Return ``(top, log_rest, e, total)`` for a block of scores.

    ``top`` is the largest score of each row, ``log_rest`` the logarithm of the sum of
    ``exp(z - top)``, ``e`` is in proportion to ``exp(z)``, and ``total`` is its sum.
    """
    if rows.side_by_side:
        top = np.maximum.reduce(z, axis=0)
        e = exponentials(rows, z, top)
        largest, others = _largest_and_others(rows, e)
    else:
        place = z.argmax(axis=0), np.arange(z.shape[1])
        top = z[place].astype(np.float64, copy=False)
        e = exponentials(rows, z, top)
        largest = e[place]
        e[place] = 0
        others = sum_over_classes(e)
        e[place] = largest
    return top, np.log1p(others / largest), e, largest + others


def outward_in_passing(rows, z):
    """Return what ``outward`` does, for long rows of float32 in half the time.

    Then ``e`` is of float32, and ``settle`` must be asked about ``log_rest``.
    """
    quick = _exponentials_as_they_are(rows, z) if rows.precision == np.float32 else None
    if quick is None:
        return outward(rows, z)
    top = np.maximum.reduce(z, axis=0).astype(np.float64)
    return top, np.log(quick[1]) - top, *quick


def settle(rows, z, e, log_rest, beside):
    """Return ``log_rest`` with all digits that show in ``beside + log_rest``.

    Exponentials in single precision are right to three units in the last place. So is their sum
    and, if it is not small, the logarithm of the sum. Where the result is below one, its logarithm
    is computed again in double precision.
    """
    if e.dtype == np.float32:
        shows = np.flatnonzero(beside + log_rest < 1)
        log_rest[shows] = outward(rows, z[:, shows])[1] if len(shows) else ()
    return log_rest


def proportions(rows, z):
    """Return numbers in proportion to the probabilities, and their sum."""
    quick = _exponentials_as_they_are(rows, z)
    if quick is not None:
        return quick
    e = exponentials(rows, z, np.maximum.reduce(z, axis=0))
    return e, sum_over_classes(e)


def _exponentials_as_they_are(rows, z):
    """Return ``exp(z)`` and its sum, or None if that overflows or loses digits."""
    if not np.maximum.reduce(z, axis=None) <= _HIGHEST[rows.precision]:
        return None
    e = rows.scratch("exponentials", z, rows.precision)
    np.exp(z, out=e, dtype=rows.precision)
    total = sum_over_classes(e)
    return (e, total) if np.minimum.reduce(total) >= 1 else None


def exponentials(rows, z, top):
    """Return numbers in proportion to ``exp(z)``.

    Mostly ``exp(z)`` itself serves: then no difference is taken, and nothing is rounded before
    the exponential. Where that overflows, or loses terms that matter, it is ``exp(z - top)``,
    with the rounding of the difference made good.
    """
    lowest, highest = np.minimum.reduce(top), np.maximum.reduce(top)
    if not (lowest > -np.inf and highest < np.inf):
        refuse_scores(rows)
    e = rows.scratch("exponentials", z)
    if highest <= _HIGHEST[np.float64] and (lowest >= 0 or z.min() >= _LOWEST):
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


def _largest_and_others(rows, terms):
    """Return the largest of each row's terms and the sum of the others.

    It is a tournament: in each pair the larger goes on, and the smaller joins the sum.
    """
    largest, sums = rows.scratch("largest", terms), rows.scratch("sums", terms)
    largest[...], sums[...] = terms, 0
    n = len(terms)
    while n > 1:
        half = (n + 1) // 2
        winners, losers, joined = largest[: n - half], largest[half:n], sums[: n - half]
        joined += sums[half:n]
        joined += np.minimum(winners, losers)
        np.maximum(winners, losers, out=winners)
        n = half
    return largest[0], sums[0]


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
