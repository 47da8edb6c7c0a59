"""From scores to probabilities: softmax and its relatives, computed from the largest score outward.

Scores are called logits. A logit of minus infinity is a masked class: its probability is zero.
NaN, plus infinity and rows with nothing but masked classes raise ``ValueError``.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.blocks import Rows, elementwise
from softmaxlab._numerics.checks import (
    as_factors,
    as_flag,
    as_logits,
    as_mask,
    as_real_array,
    as_scores,
    dtype_of_result,
    refuse_scores,
)
from softmaxlab._numerics.exponentials import (
    divide,
    exponentials,
    log_of_large_sums,
    log_of_weighted_sum,
    may_have_large_sums,
    unnormalised_softmax,
)
from softmaxlab._numerics.summation import smallest
from softmaxlab._types import Floats, PerRow
from softmaxlab.backend import compiled

_ONLY_EXP = -700  # from here down the sigmoid is exp(s), and exp(-s) may overflow

__all__ = ["hardmax", "log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax"]


def logsumexp(
    logits: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    b: ArrayLike | None = None,
    keepdims: bool = False,
) -> PerRow:
    r"""Return the logarithm of the sum of the exponentials.

    ::

        max z + log1p(sum of exp(z_k - max z) over the others)
        log(sum_k b_k exp(z_k))                                 with weights b

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.
    b : array_like, optional
        What each exponential is multiplied with: 0, which masks the class, or from 1e-150 to 1e150.
        Broadcasts to the logits.
    keepdims : bool
        Whether the class axis stays, with one entry.

    Returns
    -------
    ndarray of shape (...)
        In the dtype of the logits; integers give float64.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real, hold NaN or plus infinity, or have no class to offer; or if b is
        not what is described above.

    Notes
    -----
    The largest term is exactly one. It stays out of the sum and goes into ``log1p``, so that small
    terms are not rounded away beside it. Long rows whose sum is large need no such care, and are
    done in one pass less.

    With weights, it is the class with the largest product that stays out of the sum. The names are
    those of SciPy, which also takes negative weights.

    Where the sum of the exponentials is nearly one, its logarithm is a small difference of the
    largest score and of what the others add. It then is off by up to two units in the last place
    of that score, which are more of its own.

    References
    ----------
    P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
    softmax functions", IMA J. Numer. Anal. 41 (2021).

    Examples
    --------
    >>> logsumexp([1000.0, 1000.0])
    np.float64(1000.6931471805599)
    >>> logsumexp([[0.0, 0.0, 5.0]], b=[1.0, 3.0, 0.0], keepdims=True)
    array([[1.38629436]])
    """
    as_flag(keepdims, "keepdims")
    if b is not None:
        return _weighted_logsumexp(logits, axis, where, b, keepdims)
    rows = as_logits(logits, axis, where)
    result = rows.empty_per_row()
    if not compiled("logsumexp", rows.precision, [rows.table], [result]):
        _fill_with_logsumexp(rows, result)
    return rows.per_row(result, keepdims)


def _fill_with_logsumexp(rows: Rows, result: Floats) -> None:
    large = may_have_large_sums(rows)
    for part, z in rows.blocks():
        numbers = log_of_large_sums(rows, z) if large else None
        large = numbers is not None
        result[part] = _log_of_sums(rows, z) if numbers is None else numbers


def _log_of_sums(rows: Rows, z: Floats) -> Floats:
    e = exponentials(rows, z)
    return e.largest + e.log1p_others


def _weighted_logsumexp(
    logits: ArrayLike, axis: int, where: ArrayLike | None, b: ArrayLike, keepdims: bool
) -> PerRow:
    """Return the logarithm of a weighted sum. A class that weighs nothing is masked."""
    array = as_real_array(logits, "logits")
    factors = as_factors(b, array.shape)
    counts = factors > 0 if where is None else (factors > 0) & as_mask(where, array.shape, "logits")
    rows = as_logits(array, axis, counts)
    weights, result = Rows(factors, rows.axis, "b"), rows.empty_per_row()
    for part, z in rows.blocks():
        result[part] = log_of_weighted_sum(rows, z, weights.block(part))
    return rows.per_row(result, keepdims)


def softmax(logits: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None) -> Floats:
    r"""Return the probabilities that belong to scores.

    ::

        a_i = exp(z_i) / sum_k exp(z_k)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        Probabilities; each row sums to one up to rounding.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real, hold NaN or plus infinity, or have no class to offer.

    See Also
    --------
    log_softmax : The logarithms of the probabilities, to the last digit.
    softmaxlab.derivatives.softmax_jacobian : Their derivatives.

    Notes
    -----
    The largest score is subtracted where it is needed. This changes nothing on paper and prevents
    overflow.

    References
    ----------
    J. S. Bridle, "Probabilistic interpretation of feedforward classification network
    outputs", in Neurocomputing (1990).

    Examples
    --------
    >>> softmax([3.0, 1.0, -3.0]).round(6)
    array([0.878878, 0.118943, 0.002179])
    """
    rows = as_logits(logits, axis, where)
    result = rows.empty_per_entry()
    if compiled("softmax", rows.precision, [rows.table], [result]):
        return rows.per_entry(result)
    for part, z in rows.blocks(rows.output_block):
        terms, total = unnormalised_softmax(rows, z)
        divide(terms, total, out=result[part].T)
    return rows.per_entry(result)


def log_softmax(logits: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None) -> Floats:
    r"""Return the logarithms of the softmax probabilities, without computing these.

    ::

        log a_i = (z_i - max z) - log1p(sum of exp(z_k - max z) over the others)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        Log-probabilities in nats; minus infinity for masked classes.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax`.

    See Also
    --------
    softmax : The probabilities themselves.
    softmaxlab.losses.softmax_cross_entropy : The loss, if that is what the logarithms are for.

    Examples
    --------
    >>> log_softmax([123.0, 456.0, 789.0])
    array([-6.66000000e+002, -3.33000000e+002, -2.39848787e-145])
    """
    rows = as_logits(logits, axis, where)
    result = rows.empty_per_entry()
    if compiled("log_softmax", rows.precision, [rows.table], [result]):
        return rows.per_entry(result)
    for part, z in rows.blocks(rows.output_block):
        e = exponentials(rows, z)
        dtype = e.terms.dtype
        with np.errstate(over="ignore"):
            shifted = np.subtract(z, np.asarray(e.largest, dtype), out=e.terms)
            np.subtract(shifted, np.asarray(e.log1p_others, dtype), out=result[part].T)
    return rows.per_entry(result)


def sigmoid(logits: ArrayLike) -> PerRow:
    r"""Return the probability of *yes* that belongs to one score.

    ::

        sigmoid(s) = 1 / (1 + exp(-s))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.

    Returns
    -------
    ndarray of the shape of ``logits``
        Probabilities.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real numbers or hold NaN.

    See Also
    --------
    log_sigmoid : Its logarithm, to the last digit.

    Examples
    --------
    >>> sigmoid(2.0).round(6)
    np.float64(0.880797)
    """
    return _of_each(_sigmoid, logits)


def _sigmoid(z: Floats) -> Floats:
    if smallest(z) < _ONLY_EXP:
        return np.where(z < _ONLY_EXP, np.exp(np.minimum(z, 0)), _sigmoid(np.maximum(z, _ONLY_EXP)))
    e = np.exp(-z)
    e += 1
    return np.divide(1, e, out=e)


def log_sigmoid(logits: ArrayLike) -> PerRow:
    r"""Return the logarithm of the sigmoid, without computing the sigmoid.

    ::

        log sigmoid(s) = -log(1 + exp(-s))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.

    Returns
    -------
    ndarray of the shape of ``logits``
        Log-probabilities in nats.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real numbers or hold NaN.

    See Also
    --------
    softmaxlab.losses.sigmoid_cross_entropy : The loss, if that is what the logarithm is for.

    Examples
    --------
    >>> log_sigmoid([-1000.0, 0.0])
    array([-1.00000000e+03, -6.93147181e-01])
    """
    return _of_each(_log_sigmoid, logits)


def _log_sigmoid(z: Floats) -> Floats:
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


def _of_each(formula: Callable[[Floats], Floats], logits: ArrayLike) -> PerRow:
    z = as_scores(logits)
    return elementwise(formula, z, dtype=dtype_of_result(logits, z))


def hardmax(logits: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None) -> Floats:
    """Return a one at the largest score and zeros elsewhere.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        One-hot rows. Of several largest scores the first gets the one, as with ``argmax``.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax`.

    Examples
    --------
    >>> hardmax([3.0, 1.0, -3.0])
    array([1., 0., 0.])
    """
    rows = as_logits(logits, axis, where)
    if not np.isfinite(rows.table.max(axis=1)).all():
        refuse_scores(rows)
    ones = np.zeros_like(rows.table)
    ones[np.arange(rows.n_rows), rows.table.argmax(axis=1)] = 1
    return rows.per_entry(ones)
