"""Losses computed from logits, each with its gradient beside it. One number for each sample.

Labels are class indices (one axis fewer than the logits) or distributions (as many axes).
"""

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.blocks import Rows, elementwise
from softmaxlab._numerics.checks import (
    agreeing,
    as_array,
    as_indices,
    as_label_rows,
    as_logits,
    as_positive,
    as_real_array,
    as_scores,
    as_weights,
    check_distributions,
    refuse_improbable,
    refuse_infinite,
)
from softmaxlab._numerics.exponentials import Exponentials, divide, exponentials
from softmaxlab._numerics.memory import Scratch
from softmaxlab._numerics.summation import flat_index, sum_over_classes
from softmaxlab._types import Floats, Ints, PerRow

__all__ = [
    "multiclass_hinge",
    "multiclass_hinge_grad",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_grad",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_with_grad",
]


def softmax_cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> PerRow:
    r"""Return the cross-entropy between labels and the softmax of logits.

    ::

        (max z - z_y) + log1p(sum of exp(z_k - max z) over all others)
        sum_k y_k (max z - z_k) + log1p(...)                    if y is a distribution

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    labels : array_like of shape (...) or (..., n_classes)
        Class indices, or distributions. The number of axes tells them apart, never the dtype.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.
    weights : array_like of shape (...), optional
        What each sample's loss is multiplied with. Weight 0 gives 0, also of an infinite loss.

    Returns
    -------
    ndarray of shape (...)
        One loss for each sample, in nats, in the dtype of the logits; infinite if a class with a
        positive label is masked.

    Raises
    ------
    TypeError, ValueError
        If the logits or labels are not what is described above.

    See Also
    --------
    softmax_cross_entropy_grad : Its gradient.
    softmax_cross_entropy_with_grad : Both at once, for less than the two cost apart.

    Notes
    -----
    All terms are non-negative, so nothing cancels: a tiny loss keeps all its digits.

    Examples
    --------
    >>> softmax_cross_entropy([[1.0, 2.0, 3.0]], [2]).round(6)
    array([0.407606])
    >>> print(softmax_cross_entropy([0.0, -40.0], 0))
    4.248354255291589e-18
    """
    rows = as_logits(logits, axis, where)
    targets = _targets(labels, rows)
    losses = rows.empty_per_row()
    with np.errstate(over="ignore", invalid="ignore"):
        for part, z in rows.blocks():
            losses[part] = targets.loss(part, z, exponentials(rows, z))
    return _weighted(rows.per_row(losses), weights)


def softmax_cross_entropy_grad(
    logits: ArrayLike,
    labels: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Floats:
    r"""Return the gradient of each sample's loss with respect to its logits.

    ::

        dC/dz_i = a_i - y_i,   a = softmax(z)

    Parameters
    ----------
    logits, labels, axis, where, weights
        As for :func:`softmax_cross_entropy`.

    Returns
    -------
    ndarray of the shape of ``logits``
        Divide by the number of samples for the gradient of the mean.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax_cross_entropy`.

    See Also
    --------
    softmax_cross_entropy : The loss.
    softmax_cross_entropy_with_grad : Both at once, for less than the two cost apart.

    Notes
    -----
    The entry of the right class is ``expm1(-loss)``, not ``a - 1``, which would lose its digits
    when the model is nearly sure. Where labels are distributions, the entry of a class with more
    than half of one is minus the sum of the others.

    Examples
    --------
    >>> softmax_cross_entropy_grad([3.0, 1.0, -3.0], 0).round(6)
    array([-0.121122,  0.118943,  0.002179])
    """
    # The losses are needed in any case, for ``expm1(-loss)``.
    return softmax_cross_entropy_with_grad(logits, labels, axis, where=where, weights=weights)[1]


def softmax_cross_entropy_with_grad(
    logits: ArrayLike,
    labels: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> tuple[PerRow, Floats]:
    """Return loss and gradient, which share their exponentials, in one pass.

    Parameters
    ----------
    logits, labels, axis, where, weights
        As for :func:`softmax_cross_entropy`.

    Returns
    -------
    loss : ndarray of shape (...)
        As from :func:`softmax_cross_entropy`.
    gradient : ndarray of the shape of ``logits``
        As from :func:`softmax_cross_entropy_grad`.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax_cross_entropy`.

    See Also
    --------
    softmax_cross_entropy : The loss.
    softmax_cross_entropy_grad : The gradient alone.

    Examples
    --------
    >>> loss, gradient = softmax_cross_entropy_with_grad([3.0, 1.0, -3.0], 0)
    >>> print(loss.round(6), gradient.round(6))
    0.129109 [-0.121122  0.118943  0.002179]
    """
    rows = as_logits(logits, axis, where)
    targets = _targets(labels, rows)
    losses, gradient = rows.empty_per_row(), rows.empty_per_entry()
    with np.errstate(over="ignore", invalid="ignore"):
        for part, z in rows.blocks(rows.output_block):
            e = exponentials(rows, z)
            losses[part] = loss = targets.loss(part, z, e)
            p = divide(e.terms, e.total, out=gradient[part].T)
            targets.gradient(part, p, loss)
    losses, gradient = rows.per_row(losses), rows.per_entry(gradient)
    return _weighted(losses, weights), _weighted(gradient, weights, rows.axis)


def _targets(labels: ArrayLike, rows: Rows) -> "_Indices | _Distributions":
    """Return labels as class indices or as distributions: the number of axes tells them apart."""
    labels = as_array(labels, "labels")
    if labels.ndim == rows.array.ndim - 1:
        return _Indices(as_indices(labels, rows.batch_shape, rows.n_classes))
    return _Distributions(as_label_rows(labels, rows))


class _Indices:
    """Labels that are class indices."""

    def __init__(self, labels: Ints) -> None:
        self.labels = labels

    def loss(self, part: slice, z: Floats, e: Exponentials) -> Floats:
        """Return how far the right score is from the largest, and what all others add."""
        right = z.ravel("K")[flat_index(z, self.labels[part])]
        return (e.largest - right) + e.log1p_others

    def gradient(self, part: slice, p: Floats, loss: Floats) -> None:
        """Turn a block of probabilities into ``p - y``."""
        p.ravel("K")[flat_index(p, self.labels[part])] = np.expm1(-loss)


class _Distributions:
    """Labels that are distributions. They may sum to one but nearly, and are taken as they are."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def loss(self, part: slice, z: Floats, e: Exponentials) -> Floats:
        """Return ``sum y (max z - z)``, and what all others add."""
        y = self.rows.block(part)
        total = check_distributions(self.rows, y)
        gaps = np.subtract(e.largest, z, out=self.rows.scratch(Scratch.TERMS, z))
        gaps *= y
        expected = sum_over_classes(gaps)
        if np.isnan(expected).any():  # a masked class: infinitely far away, but with label 0
            gaps[y == 0] = 0
            expected = sum_over_classes(gaps)
        return expected + total * e.log1p_others

    def gradient(self, part: slice, p: Floats, loss: Floats) -> None:
        """Turn a block of probabilities into ``p - y``; one class with all is like an index.

        The entry of a class with most of the label is minus the sum of the others, since all sum to
        zero: it keeps its digits where p and y both are nearly one.
        """
        y = self.rows.block(part)
        total = np.add.reduce(y, axis=0, dtype=np.float64)
        p *= total
        p -= y
        most = np.flatnonzero(np.maximum.reduce(y, axis=0) > total / 2)
        labels = y[:, most]
        right = labels.argmax(axis=0)
        labels[right, np.arange(len(most))] = 0
        only = np.maximum.reduce(labels, axis=0) == 0
        shared, row = most[~only], most[only]
        p[right[~only], shared] = 0
        p[right[~only], shared] = 0 - p[:, shared].sum(axis=0, dtype=np.float64)
        p[right[only], row] = total[row] * np.expm1(-loss[row] / total[row])


def _weighted(values: PerRow, weights: ArrayLike | None, axis: int | None = None) -> PerRow:
    """Multiply losses, or gradients with the classes on an axis, with each sample's weight."""
    if weights is None:
        return values
    shape = values.shape if axis is None else values.shape[:axis] + values.shape[axis + 1 :]
    w = as_weights(weights, shape)
    if axis is not None:
        w = np.expand_dims(w, axis)
    with np.errstate(invalid="ignore"):
        return np.where(w > 0, w * values, 0).astype(values.dtype)[()]


def sigmoid_cross_entropy(logits: ArrayLike, labels: ArrayLike) -> PerRow:
    r"""Return the cross-entropy between labels and the sigmoid of each logit.

    ::

        y log(1 + exp(-s)) + (1 - y) log(1 + exp(s))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.
    labels : array_like of the shape of ``logits``
        Probabilities of *yes*, between 0 and 1, or booleans. Logits or labels may be a single
        number for all of the others; nothing else broadcasts.

    Returns
    -------
    ndarray
        One loss for each logit, in nats, in the dtype of the logits.

    Raises
    ------
    TypeError, ValueError
        If the logits hold NaN, a label is outside the unit interval, or the shapes differ.

    See Also
    --------
    sigmoid_cross_entropy_grad : Its derivative.
    softmax_cross_entropy : The same for classes that exclude each other.

    Notes
    -----
    Both logarithms share ``log1p(exp(-abs(s)))``; what remains of them is 0 or a distance. All
    terms are non-negative, so nothing cancels.

    Examples
    --------
    >>> sigmoid_cross_entropy([1000.0, -1000.0], [1.0, 1.0])
    array([   0., 1000.])
    """
    z, y = _binary(logits, labels)
    return elementwise(_sigmoid_loss, z, y, dtype=z.dtype)


def _sigmoid_loss(z: Floats, y: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        distance = np.where(z >= 0, 1 - y, y) * np.abs(z)
    distance[np.isnan(distance)] = 0  # infinitely far on the right side
    return distance + np.log1p(np.exp(-np.abs(z)))


def sigmoid_cross_entropy_grad(logits: ArrayLike, labels: ArrayLike) -> PerRow:
    r"""Return the derivative of each loss with respect to its logit.

    ::

        sigmoid(s) - y

    Parameters
    ----------
    logits, labels : array_like
        As for :func:`sigmoid_cross_entropy`.

    Returns
    -------
    ndarray
        One derivative for each logit, in the dtype of the logits.

    Raises
    ------
    TypeError, ValueError
        As for :func:`sigmoid_cross_entropy`.

    See Also
    --------
    sigmoid_cross_entropy : The loss.

    Notes
    -----
    Computed as ``(1 - y) sigmoid(s) - y sigmoid(-s)``, which keeps its digits near zero.

    Examples
    --------
    >>> print(sigmoid_cross_entropy_grad(50.0, 1.0))
    -1.9287498479639178e-22
    """
    z, y = _binary(logits, labels)
    return elementwise(_sigmoid_slope, z, y, dtype=z.dtype)


def _sigmoid_slope(z: Floats, y: Floats) -> Floats:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, (1 - y) - y * e, (1 - y) * e - y) / (1 + e)


def _binary(logits: ArrayLike, labels: ArrayLike) -> tuple[Floats, Floats]:
    z, y = as_scores(logits), as_array(labels, "labels")
    y = y.astype(np.float64) if y.dtype == bool else as_real_array(y, "labels")
    refuse_improbable(y, "labels")
    y, z = agreeing(y, z, "labels", "logits")
    return z, y


def multiclass_hinge(scores: ArrayLike, labels: ArrayLike, margin: float = 1.0) -> PerRow:
    r"""Return the hinge loss that adds up all rivals inside the margin.

    ::

        sum_{j != y} max(0, z_j - z_y + margin)

    Parameters
    ----------
    scores : array_like of shape (..., n_classes)
        Finite scores.
    labels : array_like of shape (...)
        Class indices.
    margin : float
        The lead that the right class should have; positive.

    Returns
    -------
    ndarray of shape (...)
        One loss for each sample.

    Raises
    ------
    TypeError, ValueError
        If scores, labels or margin are not what is described above.

    See Also
    --------
    multiclass_hinge_grad : Its subgradient.

    References
    ----------
    J. Weston and C. Watkins, "Support vector machines for multi-class pattern recognition",
    ESANN (1999).

    Examples
    --------
    >>> multiclass_hinge([13.0, -7.0, 11.0], 0, margin=10.0)
    np.float64(8.0)
    """
    rows, labels, margin = _hinge_arguments(scores, labels, margin)
    losses = rows.empty_per_row()
    with np.errstate(over="ignore"):
        for part, z in rows.blocks():
            losses[part] = sum_over_classes(_shortfall(z, labels[part], margin))
    return rows.per_row(losses)


def multiclass_hinge_grad(scores: ArrayLike, labels: ArrayLike, margin: float = 1.0) -> Floats:
    """Return a subgradient of each sample's hinge loss: it counts the rivals inside the margin.

    Parameters
    ----------
    scores, labels, margin
        As for :func:`multiclass_hinge`.

    Returns
    -------
    ndarray of the shape of ``scores``
        One for each rival inside the margin, and minus their number at the right class.

    Raises
    ------
    TypeError, ValueError
        As for :func:`multiclass_hinge`.

    See Also
    --------
    multiclass_hinge : The loss.

    Examples
    --------
    >>> multiclass_hinge_grad([3.2, 5.1, -1.7], 0)
    array([-1.,  1.,  0.])
    """
    rows, labels, margin = _hinge_arguments(scores, labels, margin)
    gradient = rows.empty_per_entry()
    for part, z in rows.blocks():
        inside = (_shortfall(z, labels[part], margin) > 0).astype(np.float64)
        inside[labels[part], np.arange(z.shape[1])] = -inside.sum(axis=0)
        gradient[part] = inside.T
    return rows.per_entry(gradient)


def _hinge_arguments(
    scores: ArrayLike, labels: ArrayLike, margin: float
) -> tuple[Rows, Ints, float]:
    rows = as_logits(scores, -1, name="scores")
    refuse_infinite(rows.array, "scores")
    labels = as_indices(labels, rows.batch_shape, rows.n_classes)
    return rows, labels, as_positive(margin, "margin")


def _shortfall(z: Floats, labels: Ints, margin: float) -> Floats:
    """Return by how much each rival comes too near to the right class."""
    right = labels, np.arange(len(labels))
    with np.errstate(over="ignore"):
        shortfall = np.subtract(z, z[right], dtype=np.float64) + margin
    shortfall[right] = 0
    return np.maximum(shortfall, 0, out=shortfall)
