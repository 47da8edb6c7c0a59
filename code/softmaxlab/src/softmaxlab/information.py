"""Entropy, cross-entropy and KL divergence of distributions: ``p`` is true, ``q`` is the model.

The unit is the nat; ``base=2`` gives bits. A row that is no distribution raises ``ValueError``:
nothing is clipped or renormalised. An outcome with ``p = 0`` adds nothing.

A row is a distribution if no number is negative and they sum to one as nearly as rounding lets
them: within ``1e-8`` in float64, ``1e-5`` in float32, ``4e-3`` in float16 and bfloat16, and
within one rounding more for each class, of single precision in these two. What counts is not what
the numbers are kept in but what they are: a row of float64 with nothing but numbers of float32 has
the tolerance of float32.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.checks import (
    as_logits,
    as_number,
    as_pair,
    check_distributions,
    tolerance,
)
from softmaxlab._numerics.divergence import divergence, divergence_from_logits
from softmaxlab._numerics.exponentials import exponentials_in_double
from softmaxlab._numerics.memory import Scratch
from softmaxlab._numerics.summation import compensated_sum, sum_over_classes
from softmaxlab._types import Floats, PerRow
from softmaxlab.backend import compiled

__all__ = [
    "cross_entropy",
    "entropy",
    "entropy_from_logits",
    "kl_divergence",
    "kl_divergence_from_logits",
]

_Formula: TypeAlias = Callable[[Floats, Floats], Floats]  # of a block of p and one of q

_TINY = np.finfo(float).smallest_subnormal
_WIDEST_GAP = 2000.0  # exp(-2000) is zero, so that a gap of this size counts for nothing
_PAIR_BLOCK = 16_000  # comparing takes many intermediate results, which would not fit the cache


def entropy(p: ArrayLike, axis: int = -1, base: float | None = None) -> PerRow:
    r"""Return the average surprise of a distribution.

    ::

        H(p) = -sum_k p_k log p_k

    Parameters
    ----------
    p : array_like of shape (..., n_classes)
        Distributions.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Entropies.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution, in the precision of its numbers.

    See Also
    --------
    entropy_from_logits : Keeps the digits of a tiny entropy.

    References
    ----------
    C. E. Shannon, "A mathematical theory of communication", Bell Syst. Tech. J. 27 (1948).

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    """
    rows = as_logits(p, axis, name="p")
    result, unit = rows.empty_per_row(), _unit(base)
    for part, block in rows.blocks():
        check_distributions(rows, block)
        # The smallest positive number stands in for 0: times 0, its logarithm is 0.
        terms = np.maximum(block, _TINY, out=rows.scratch(Scratch.TERMS, block), dtype=np.float64)
        np.log(terms, out=terms)
        terms *= block
        result[part] = (0 - sum_over_classes(terms)) / unit
    return rows.per_row(result)


def cross_entropy(p: ArrayLike, q: ArrayLike, axis: int = -1, base: float | None = None) -> PerRow:
    r"""Return the average surprise of one who believes ``q`` while ``p`` is true.

    ::

        H(p, q) = -sum_k p_k log q_k

    Parameters
    ----------
    p, q : array_like of shape (..., n_classes)
        The true distributions and the model's; their other axes broadcast.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Infinite where ``q`` is zero and ``p`` is not.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution or the numbers of classes differ.

    See Also
    --------
    softmaxlab.losses.softmax_cross_entropy : The same from logits.

    Examples
    --------
    >>> cross_entropy([1, 0, 0], [0.5, 0.4, 0.1]).round(6)
    np.float64(0.693147)
    """
    return _compare_distributions(_expected_surprise, *as_pair(p, q, axis), _unit(base))


def kl_divergence(p: ArrayLike, q: ArrayLike, axis: int = -1, base: float | None = None) -> PerRow:
    r"""Return what believing ``q`` costs beyond what is unavoidable.

    ::

        KL(p || q) = sum_k p_k log(p_k / q_k)

    Parameters
    ----------
    p, q : array_like of shape (..., n_classes)
        The true distributions and the model's; their other axes broadcast.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Never negative; infinite where ``q`` is zero and ``p`` is not.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution or the numbers of classes differ.

    See Also
    --------
    kl_divergence_from_logits : Keeps the digits where distributions are nearly the same.

    Notes
    -----
    Since both rows sum to one, ``q_k - p_k`` may be added to each term. No term is then negative,
    and nothing cancels between them; inside a term, ``t - log(1 + t)`` with ``t = (q - p) / p`` is
    taken from its series where t is small.

    If the sums differ from one by rounding, the result differs from the formula above by the
    difference of the two sums.

    References
    ----------
    S. Kullback and R. A. Leibler, "On information and sufficiency", Ann. Math. Stat. 22 (1951).

    Examples
    --------
    >>> kl_divergence([0.5, 0.25, 0.25], [0.25, 0.25, 0.5], base=2).round(12)
    np.float64(0.25)
    """
    p_rows, q_rows = as_pair(p, q, axis)
    unit = _unit(base)
    result = _empty(p_rows, q_rows)
    # A sum that is off by nearly all that is allowed is left to NumPy.
    allowed = [0.999 * tolerance(rows.dtype.itemsize, rows.n_classes) for rows in (p_rows, q_rows)]
    tables = [p_rows.table, q_rows.table]
    if compiled("kl_divergence", np.float64, tables, [result], *allowed, unit):
        return p_rows.per_row(result)
    return _compare_distributions(divergence, p_rows, q_rows, unit)


def entropy_from_logits(
    logits: ArrayLike,
    axis: int = -1,
    base: float | None = None,
    *,
    where: ArrayLike | None = None,
) -> PerRow:
    r"""Return the entropy of the softmax of logits.

    ::

        log1p(rest) + sum_k a_k (max z - z_k),   a = softmax(z)

    where rest is the sum of ``exp(z_k - max z)`` over all classes but the largest.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of shape (...)
        Entropies.

    Raises
    ------
    TypeError, ValueError
        As for ``softmax``.

    Notes
    -----
    No term is negative, so nothing cancels: a tiny entropy keeps all its digits. From the
    probabilities it could not be had, because the largest has been rounded to one.

    Examples
    --------
    >>> print(entropy_from_logits([0.0, -40.0]))
    1.7418252446695514e-16
    """
    rows = as_logits(logits, axis, where)
    result, unit = rows.empty_per_row(), _unit(base)
    for part, z in rows.blocks():
        e = exponentials_in_double(rows, z)
        with np.errstate(over="ignore"):
            gaps = np.subtract(e.largest, z, out=rows.scratch(Scratch.TERMS, z))
        terms = np.multiply(e.terms, np.minimum(gaps, _WIDEST_GAP, out=gaps), out=gaps)
        result[part] = (e.log1p_others + compensated_sum(terms) / e.total) / unit
    return rows.per_row(result)


def kl_divergence_from_logits(
    p_logits: ArrayLike,
    q_logits: ArrayLike,
    axis: int = -1,
    base: float | None = None,
    *,
    where: ArrayLike | None = None,
) -> PerRow:
    r"""Return the KL divergence between the softmax of logits and the softmax of others.

    ::

        sum_k p_k (exp(r_k) - 1 - r_k),   r_k = log(q_k / p_k)

    Parameters
    ----------
    p_logits, q_logits : array_like of shape (..., n_classes)
        Scores of the true distributions and of the model's, in nats; their other axes broadcast.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.
    where : array_like of bool, optional
        False masks a class in both, as a score of minus infinity does. Broadcasts to each of them.

    Returns
    -------
    ndarray of shape (...)
        Never negative; infinite where a class is masked in ``q_logits`` only.

    Raises
    ------
    TypeError, ValueError
        As for ``softmax``, or if the numbers of classes differ.

    Notes
    -----
    The sum of ``p_k (exp(r_k) - 1)`` is zero; with it, no term is negative and nothing cancels. The
    log-ratios ``r`` are taken from the differences of the logits, not from those of logarithms of
    probabilities, so that they are exact however small they are.

    Examples
    --------
    >>> print(kl_divergence_from_logits([0.0, 1e-10], [0.0, 0.0]))
    1.2500000000000001e-21
    """
    p_rows, q_rows = as_pair(p_logits, q_logits, axis, where, ("p_logits", "q_logits"))
    formula = partial(divergence_from_logits, p_rows, q_rows)
    return _compare(formula, p_rows, q_rows, _unit(base))


def _unit(base: float | None) -> float:
    """Return how many nats the unit is."""
    if base is None:
        return 1.0
    value = as_number(base, "base")
    if not 0 < value < np.inf or value == 1:
        raise ValueError(f"base must be positive, finite and not 1, got {base}")
    return np.log(value)


def _compare_distributions(formula: _Formula, p_rows: Rows, q_rows: Rows, unit: float) -> PerRow:
    """Apply a formula to each block of two arrays, whose rows must be distributions."""

    def checked(p: Floats, q: Floats) -> Floats:
        check_distributions(p_rows, p)
        check_distributions(q_rows, q)
        return formula(p, q)

    return _compare(checked, p_rows, q_rows, unit)


def _compare(formula: _Formula, p_rows: Rows, q_rows: Rows, unit: float) -> PerRow:
    """Apply a formula to each block of p and of q."""
    result = _empty(p_rows, q_rows)
    for part, p in p_rows.blocks(_PAIR_BLOCK):
        with np.errstate(over="ignore"):  # in half precision infinity is not far
            result[part] = formula(p, q_rows.block(part)) / unit
    return p_rows.per_row(result)


def _empty(p_rows: Rows, q_rows: Rows) -> Floats:
    """Return an array to be filled with one number for each pair of rows."""
    return np.empty(p_rows.n_rows, np.result_type(p_rows.dtype, q_rows.dtype))


def _expected_surprise(p: Floats, q: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.log(q, dtype=np.float64)
        terms *= p
    total = sum_over_classes(terms)
    if np.isnan(total).any():  # 0 log 0
        terms[p == 0] = 0
        total = sum_over_classes(terms)
    return 0 - total
