"""Sums over the classes of a block, with few roundings or as if there were one.

The error-free difference of two numbers, and what is made of it. The terms of a block stand on
axis 0, one column for each row of the caller's array.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.memory import Scratch
from softmaxlab._types import Array, Floats, Ints

Index: TypeAlias = Ints | slice  # of one entry of each row, in a flat block

_SHORT = 16  # so many terms are added as they come


def smallest(numbers: Array) -> Any:
    """Return the smallest of some numbers, or NaN if there is one among them.

    For a few numbers it takes a third of the time of ``min()``.
    """
    return numbers.item(numbers.argmin())


def largest(numbers: Array) -> Any:
    """Return the largest of some numbers, or NaN if there is one among them."""
    return numbers.item(numbers.argmax())


def two_diff(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return ``a - b`` and its rounding error: the two together are exact (TwoDiff).

    Where the difference is infinite, the error is 0.

    References
    ----------
    D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.subtract(a, b, dtype=np.float64)
        t = difference - a
        error = (a - (difference - t)) - (b + t)
    error[~np.isfinite(difference)] = 0
    return difference, error


def flat_index(block: Floats, classes: Ints) -> Index:
    """Return where one class of each row is in ``block.ravel("K")``; what it picks may be a view.

    An index of one axis takes a fourth of the time of an index of two, and a slice, which does for
    a single row, less still.
    """
    if len(classes) == 1:
        first = classes.item()
        return slice(first, first + 1)
    next_class, next_row = (stride // block.itemsize for stride in block.strides)
    return classes * next_class + np.arange(len(classes)) * next_row


def sum_over_classes(terms: Floats) -> Floats:
    """Return the sum of non-negative terms over axis 0, with few roundings of a large term.

    Where each class is one run of memory, terms are added in pairs, the sums in pairs, and so on.
    Elsewhere NumPy does likewise, but with up to 25 terms in a row; there the largest is kept out
    and added last. ``terms`` is changed in between.
    """
    if not terms.flags.f_contiguous:
        return pairwise_sum(terms)
    if len(terms) <= _SHORT or terms.dtype == np.float32:
        return np.add.reduce(terms, axis=0, dtype=np.float64)
    first, others = set_apart(terms, flat_index(terms, terms.argmax(axis=0)), np.add.reduce)
    return first + others


def pairwise_sum(terms: Floats) -> Floats:
    """Return the sum of terms over axis 0: of pairs, of pairs of pairs, and so on."""
    while len(terms) > 1:
        half = len(terms) // 2
        pairs = terms[:half] + terms[half : 2 * half]
        if len(terms) % 2:
            pairs[0] += terms[-1]
        terms = pairs
    return terms[0]


def compensated_sum(terms: Floats) -> Floats:
    """Return the sum of terms over axis 0, as if it were rounded once.

    Terms are added in pairs, and what each addition loses is kept and added last. It takes three
    times as long as a plain sum; but many equal terms lose their digits all in the same direction.
    """
    lost = 0
    while len(terms) > 1:
        half = (len(terms) + 1) // 2
        a, b = terms[: len(terms) - half], terms[half:]
        pairs, errors = two_diff(a, -b)
        lost = lost + np.add.reduce(errors, axis=0)
        terms = np.concatenate([pairs, terms[len(terms) - half : half]])
    return terms[0] + lost


def set_apart(
    terms: Floats, index: Index, add: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Return one term of each row, those of a flat index, and the sum of the others."""
    entries = terms.ravel("K")
    first = entries[index].copy()
    entries[index] = 0
    others = add(terms)
    entries[index] = first
    return first, others


def largest_and_others(rows: Rows, terms: Floats) -> tuple[Floats, Floats]:
    """Return the largest of each row's terms and the sum of the others, class by class.

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
