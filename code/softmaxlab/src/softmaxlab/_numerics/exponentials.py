"""Exponentials of scores with all their digits, from the largest score outward.

On paper, softmax and its relatives are made of ``exp(z - max z)``. In floating point this
difference is rounded, and the exponential magnifies what is lost: at a difference of 700 a
rounding error of half a unit becomes 350 units.
"""

from typing import NamedTuple

import numpy as np

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.checks import refuse_scores
from softmaxlab._numerics.memory import Scratch
from softmaxlab._numerics.summation import (
    flat_index,
    largest,
    largest_and_others,
    set_apart,
    smallest,
    sum_over_classes,
    two_diff,
)
from softmaxlab._types import Floats

_HIGHEST = 690  # exp of it, times a hundred million classes, does not overflow
_LOWEST = -700  # exp of it has all its digits
_HIGHEST_SINGLE = 60  # likewise for float32
_LOWEST_SINGLE = 1e-30  # a sum of this size owes nothing to subnormal numbers of float32
_LARGE_SUM = 1000  # the logarithm of such a sum is seven or more
_LONG_ROW, _EVERY = 256, 8  # a row that often has such a sum, and the share of classes to ask


class Exponentials(NamedTuple):
    """What softmax and its relatives are made of, for a block of scores z."""

    largest: Floats  # max z, the largest score of each row
    log1p_others: Floats  # log1p of the sum of exp(z - max z) over all classes but the largest
    terms: Floats  # in proportion to exp(z); the block may be written to
    total: Floats  # the sum of each row's terms


def exponentials(rows: Rows, z: Floats) -> Exponentials:
    """Return the exponentials of a block, for long rows of float32 in half the time.

    These are computed in single precision, apart from the largest, and added up in double: what is
    lost of a logarithm is less than what is lost of one exponential.
    """
    e = _exponentials_in_single(rows, z) if rows.precision == np.float32 else None
    return exponentials_in_double(rows, z) if e is None else e


def exponentials_in_double(rows: Rows, z: Floats) -> Exponentials:
    """Return the exponentials of a block of scores, all of them in double precision.

    The largest term is kept out of the sum of the others, so that ``log1p`` can add it.
    """
    if rows.class_major:
        top = np.maximum.reduce(z, axis=0)
        terms = exp_of_scores(rows, z, top)
        first, others = largest_and_others(rows, terms)
    else:
        index = flat_index(z, z.argmax(axis=0))
        top = np.asarray(z.ravel("K")[index], np.float64)
        terms = exp_of_scores(rows, z, top)
        first, others = set_apart(terms, index, sum_over_classes)
    return Exponentials(top, np.log1p(others / first), terms, first + others)


def _exponentials_in_single(rows: Rows, z: Floats) -> Exponentials | None:
    """Return the exponentials in single precision, or None where this would cost digits."""
    index = flat_index(z, z.argmax(axis=0))
    top = z.ravel("K")[index].astype(np.float64)
    if not (smallest(top) >= 0 and largest(top) <= _HIGHEST_SINGLE):
        return None
    terms = rows.scratch(Scratch.EXPONENTIALS, z, rows.precision)
    np.exp(z, out=terms)
    first, others = set_apart(terms, index, sum_over_classes)
    if smallest(others) < _LOWEST_SINGLE:
        return None
    return Exponentials(top, np.log1p(others / np.exp(top)), terms, first + others)


def unnormalised_softmax(rows: Rows, z: Floats) -> tuple[Floats, Floats]:
    """Return numbers in proportion to the probabilities, and their sum.

    Mostly ``exp(z)`` itself serves, unless it overflows or loses digits: its sum tells.
    """
    terms, total = _exp_and_sum(rows, z)
    if smallest(total) >= 1 and largest(total) < np.inf:
        return terms, total
    terms = exp_of_scores(rows, z, np.maximum.reduce(z, axis=0))
    return terms, sum_over_classes(terms)


def may_have_large_sums(rows: Rows) -> bool:
    """Guess from some classes of the first row whether `log_of_large_sums` is worth trying."""
    if rows.n_classes < _LONG_ROW or rows.precision != np.float64:
        return False
    with np.errstate(over="ignore"):
        some = np.exp(rows.table[:1, ::_EVERY], dtype=np.float64)
        return np.add.reduce(some, axis=None) * _EVERY >= _LARGE_SUM


def log_of_large_sums(rows: Rows, z: Floats) -> Floats | None:
    """Return the logarithms of the sums of ``exp(z)``, or None if not all sums are large.

    A large sum is taken as it comes: of its roundings the logarithm, itself some units, shows next
    to nothing. Where the sum is smaller, the largest term would have to be kept apart.
    """
    _, total = _exp_and_sum(rows, z)
    if smallest(total) >= _LARGE_SUM and largest(total) < np.inf:
        return np.log(total)
    return None


def _exp_and_sum(rows: Rows, z: Floats) -> tuple[Floats, Floats]:
    """Return ``exp(z)`` and its sums, some of them perhaps infinite or zero."""
    terms = rows.scratch(Scratch.EXPONENTIALS, z, rows.precision)
    with np.errstate(over="ignore"):
        np.exp(z, out=terms, dtype=rows.precision)
        return terms, np.add.reduce(terms, axis=0)


def divide(terms: Floats, total: Floats, out: Floats) -> Floats:
    """Compute ``terms / total``.

    In single precision a product with the reciprocal, which is had in double, is no less exact
    than a division by the rounded total, and takes less time.
    """
    if terms.dtype == np.float64:
        return np.divide(terms, total, out=out)
    return np.multiply(terms, (1 / total).astype(terms.dtype), out=out)


def exp_of_scores(rows: Rows, z: Floats, top: Floats) -> Floats:
    """Return numbers in proportion to ``exp(z)``, ``top`` being the largest score of each row.

    Mostly ``exp(z)`` itself serves: then no difference is taken, and nothing is rounded before
    the exponential. Where that overflows, or loses terms that matter, it is ``exp(z - top)``,
    with the rounding of the difference made good.
    """
    lowest, highest = smallest(top), largest(top)
    if not (lowest > -np.inf and highest < np.inf):
        refuse_scores(rows)
    terms = rows.scratch(Scratch.EXPONENTIALS, z)
    if highest <= _HIGHEST and (lowest >= 0 or smallest(z.ravel("K")) >= _LOWEST):
        return np.exp(z, out=terms, dtype=np.float64)
    return _exp_of_difference(z, top, terms)


def log_of_weighted_sum(rows: Rows, z: Floats, b: Floats) -> Floats:
    """Return the logarithm of the sum of ``b exp(z)``; a class with b = 0 is masked in z.

    The class with the largest product is kept apart, and has a logarithm of its own where its
    weight is nearly one: there a tiny rest would be rounded away.
    """
    with np.errstate(divide="ignore"):
        place = (z + np.log(b)).argmax(axis=0), np.arange(z.shape[1])
    top, weight = np.asarray(z[place], np.float64), np.asarray(b[place], np.float64)
    if not np.isfinite(top).all():
        refuse_scores(rows)
    terms = _exp_of_difference(z, top, rows.scratch(Scratch.EXPONENTIALS, z))
    terms *= b / weight
    terms[place] = 0
    others = sum_over_classes(terms)
    near_one = (others < 0.5) & (weight > 0.5) & (weight < 2)
    apart = np.log(weight) + np.log1p(others)
    return top + np.where(near_one, apart, np.log(weight * (1 + others)))


def _exp_of_difference(z: Floats, top: Floats, out: Floats) -> Floats:
    """Compute ``exp(z - top)`` with the part of ``z - top`` that is lost in rounding.

    That part is so small that ``exp(d + error) = exp(d) (1 + error)``.
    """
    difference, error = two_diff(z, top)
    np.exp(difference, out=out)
    error *= out
    out += error
    return out
