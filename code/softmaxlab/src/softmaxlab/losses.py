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
    as_indices_but,
    as_label_rows,
    as_logits,
    as_mask,
    as_positive,
    as_real_array,
    as_scores,
    as_share,
    as_weights,
    check_distributions,
    dtype_of_result,
    refuse_improbable,
    refuse_infinite,
    refuse_negative,
)
from softmaxlab._numerics.exponentials import Exponentials, divide, exponentials
from softmaxlab._numerics.memory import Scratch
from softmaxlab._numerics.summation import (
    compensated_sum,
    flat_index,
    smallest,
    sum_over_classes,
)
from softmaxlab._types import Floats, Ints, PerRow
from softmaxlab.backend import compiled

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
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> PerRow:
    r"""Return the cross-entropy between labels and the softmax of logits.

    ::

        (max z - z_y) + log1p(sum of exp(z_k - max z) over all others)
        sum_k y_k (max z - z_k) + log1p(...)                    if y is a distribution

    With label smoothing e, y becomes ``(1 - e) y + e / n_classes``.

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
    label_smoothing : float
        The share of each label, from 0 to 1, that is spread evenly over all classes which are not
        masked.
    ignore_index : int, optional
        A label of samples that do not count: they have weight 0. Only for class indices.

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

    The mean over the samples that count is ``losses.mean(where=labels != ignore_index)``; with
    weights, ``losses.sum() / weights.sum(where=labels != ignore_index)``.

    References
    ----------
    C. Szegedy and others, "Rethinking the inception architecture for computer vision", CVPR
    (2016), section 7, for label smoothing.

    Examples
    --------
    >>> softmax_cross_entropy([[1.0, 2.0, 3.0]], [2]).round(6)
    array([0.407606])
    >>> print(softmax_cross_entropy([0.0, -40.0], 0))
    4.248354255291589e-18
    >>> labels = np.array([2, -1])
    >>> losses = softmax_cross_entropy(np.zeros((2, 3)), labels, ignore_index=-1)
    >>> print(losses.round(6), losses.mean(where=labels != -1).round(6))
    [1.098612 0.      ] 1.098612
    """
    rows = as_logits(logits, axis, where)
    targets, weights = _targets(labels, rows, weights, label_smoothing, ignore_index)
    losses = rows.empty_per_row(_before(weights, rows.dtype))
    if not _compiled("loss", rows, targets, losses):
        with np.errstate(over="ignore", invalid="ignore"):
            for part, z in rows.blocks():
                losses[part] = targets.loss(part, z, exponentials(rows, z))
    return _weighted(rows.per_row(losses), weights, rows.dtype)


def softmax_cross_entropy_grad(
    logits: ArrayLike,
    labels: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> Floats:
    r"""Return the gradient of each sample's loss with respect to its logits.

    ::

        dC/dz_i = a_i - y_i,   a = softmax(z)

    With label smoothing e, y becomes ``(1 - e) y + e / n_classes``.

    Parameters
    ----------
    logits, labels, axis, where, weights, label_smoothing, ignore_index
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
    than half of one is minus the sum of the others. Elsewhere, and with label smoothing, an entry
    is a difference, which has the digits that a and y leave it.

    Examples
    --------
    >>> softmax_cross_entropy_grad([3.0, 1.0, -3.0], 0).round(6)
    array([-0.121122,  0.118943,  0.002179])
    """
    # The losses are needed in any case, for ``expm1(-loss)``.
    return softmax_cross_entropy_with_grad(
        logits,
        labels,
        axis,
        where=where,
        weights=weights,
        label_smoothing=label_smoothing,
        ignore_index=ignore_index,
    )[1]


def softmax_cross_entropy_with_grad(
    logits: ArrayLike,
    labels: ArrayLike,
    axis: int = -1,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> tuple[PerRow, Floats]:
    """Return loss and gradient, which share their exponentials, in one pass.

    Parameters
    ----------
    logits, labels, axis, where, weights, label_smoothing, ignore_index
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
    targets, weights = _targets(labels, rows, weights, label_smoothing, ignore_index)
    dtype = rows.dtype
    losses, gradient = rows.empty_per_row(_before(weights, dtype)), rows.empty_per_entry()
    if not _compiled("loss_with_grad", rows, targets, losses, gradient):
        with np.errstate(over="ignore", invalid="ignore"):
            for part, z in rows.blocks(rows.output_block):
                e = exponentials(rows, z)
                losses[part] = loss = targets.loss(part, z, e)
                p = divide(e.terms, e.total, out=gradient[part].T)
                targets.gradient(part, p, loss)
    losses, gradient = rows.per_row(losses), rows.per_entry(gradient)
    return _weighted(losses, weights, dtype), _weighted(gradient, weights, dtype, rows.axis)


def _targets(
    labels: ArrayLike,
    rows: Rows,
    weights: ArrayLike | None,
    label_smoothing: float,
    ignore_index: int | None,
) -> tuple["_Indices | _Distributions | _Smoothed", ArrayLike | None]:
    """Return labels as indices or distributions, and weights, of which what is ignored has none.

    The number of axes tells labels apart.
    """
    share = as_share(label_smoothing, "label_smoothing")
    labels = as_array(labels, "labels")
    targets: _Indices | _Distributions
    if labels.ndim == rows.array.ndim - 1:
        shape = rows.batch_shape
        indices, counts = as_indices_but(ignore_index, labels, shape, rows.n_classes)
        targets = _Indices(indices)
        if counts is not None:
            given = 1.0 if weights is None else as_weights(weights, shape)
            weights = given * counts.reshape(shape)
    else:
        targets = _Distributions(as_label_rows(labels, rows))
        if ignore_index is not None:
            raise ValueError("ignore_index is for class indices, the labels are distributions")
    return (_Smoothed(targets, share, rows) if share else targets), weights


def _compiled(
    name: str, rows: Rows, targets: "_Indices | _Distributions | _Smoothed", *results: Floats
) -> bool:
    """Let a kernel fill the results, if the labels are class indices, and say whether it did."""
    if not isinstance(targets, _Indices):
        return False
    return compiled(name, rows.precision, [rows.table, targets.labels], [*results])


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
        if not len(most):
            return
        labels = y[:, most]
        right, only = labels.argmax(axis=0), np.add.reduce(labels > 0, axis=0) == 1
        if only.any():
            row = most[only]
            p[right[only], row] = total[row] * np.expm1(-loss[row] / total[row])
        if not only.all():
            row, place = most[~only], right[~only]
            p[place, row] = 0
            p[place, row] = 0 - p[:, row].sum(axis=0, dtype=np.float64)


class _Smoothed:
    """Labels of which a share is spread over all classes that are not masked."""

    def __init__(self, labels: _Indices | _Distributions, share: float, rows: Rows) -> None:
        self.labels, self.share, self.rows = labels, share, rows

    def loss(self, part: slice, z: Floats, e: Exponentials) -> Floats:
        """Return ``(1 - share) loss + share mean(max z - z)``, and what all others add."""
        self.there = z > -np.inf
        self.n_there = np.count_nonzero(self.there, axis=0)
        self.unsmoothed = self.labels.loss(part, z, e)
        gaps = np.subtract(e.largest, z, out=self.rows.scratch(Scratch.TERMS, z))
        gaps[~self.there] = 0
        scale = 2.0 ** len(z).bit_length()  # so that their sum does not overflow
        gaps /= scale
        even = compensated_sum(gaps) / (self.n_there / scale) + e.log1p_others
        return self._mixed(self.unsmoothed, even)

    def gradient(self, part: slice, p: Floats, _: Floats) -> None:
        """Turn a block of probabilities into ``p - y``, from the loss without smoothing."""
        even = p - self.there / self.n_there
        self.labels.gradient(part, p, self.unsmoothed)
        p[...] = self._mixed(p, even)

    def _mixed(self, ours: Floats, even: Floats) -> Floats:
        return self.share * even + ((1 - self.share) * ours if self.share < 1 else 0)


def _before(weights: ArrayLike | None, dtype: np.dtype[np.floating]) -> np.dtype[np.floating]:
    """Return the dtype of losses before they are weighted: they are rounded once, after that."""
    return dtype if weights is None else np.dtype(np.float64)


def _weighted(
    values: PerRow,
    weights: ArrayLike | None,
    dtype: np.dtype[np.floating],
    axis: int | None = None,
) -> PerRow:
    """Multiply losses, or gradients with the classes on an axis, with each sample's weight."""
    if weights is None:
        return values
    shape = values.shape if axis is None else values.shape[:axis] + values.shape[axis + 1 :]
    w = as_weights(weights, shape)
    if axis is not None:
        w = np.expand_dims(w, axis)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(w > 0, w * values, 0).astype(dtype)[()]


def sigmoid_cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    pos_weight: ArrayLike | None = None,
) -> PerRow:
    r"""Return the cross-entropy between labels and the sigmoid of each logit.

    ::

        w (p y log(1 + exp(-s)) + (1 - y) log(1 + exp(s)))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.
    labels : array_like of the shape of ``logits``
        Probabilities of *yes*, between 0 and 1, or booleans. Logits or labels may be a single
        number for all of the others; nothing else broadcasts.
    weights : array_like of the shape of the result, optional
        What each loss is multiplied with: w, not negative. Weight 0 gives 0, also of an infinite
        loss.
    pos_weight : array_like, optional
        What *yes* is multiplied with: p, not negative. One number, or one for each entry of the
        last axis.

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
    z, *labels_and_factor = _binary(logits, labels, pos_weight)
    dtype = dtype_of_result(logits, z)
    kernel = "sigmoid_loss" if pos_weight is None else None
    before = _before(weights, dtype)
    losses = elementwise(_sigmoid_loss, z, *labels_and_factor, dtype=before, kernel=kernel)
    return _weighted(losses, weights, dtype)


def _sigmoid_loss(z: Floats, y: Floats, pos_weight: Floats | None = None) -> Floats:
    yes, no = y if pos_weight is None else pos_weight * y, 1 - y
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.where(z >= 0, no, yes) * np.abs(z)
    distance[np.isnan(distance)] = 0  # infinitely far on the right side
    both = np.log1p(np.exp(-np.abs(z)))
    return distance + (both if pos_weight is None else (yes + no) * both)


def sigmoid_cross_entropy_grad(
    logits: ArrayLike,
    labels: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    pos_weight: ArrayLike | None = None,
) -> PerRow:
    r"""Return the derivative of each loss with respect to its logit.

    ::

        w ((1 - y) sigmoid(s) - p y sigmoid(-s)),   without weights: sigmoid(s) - y

    Parameters
    ----------
    logits, labels, weights, pos_weight : array_like
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
    z, *labels_and_factor = _binary(logits, labels, pos_weight)
    dtype = dtype_of_result(logits, z)
    slopes = elementwise(_sigmoid_slope, z, *labels_and_factor, dtype=_before(weights, dtype))
    return _weighted(slopes, weights, dtype)


def _sigmoid_slope(z: Floats, y: Floats, pos_weight: Floats | None = None) -> Floats:
    yes, no = y if pos_weight is None else pos_weight * y, 1 - y
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, no - yes * e, no * e - yes) / (1 + e)


def _binary(
    logits: ArrayLike, labels: ArrayLike, pos_weight: ArrayLike | None
) -> tuple[Floats, ...]:
    """Return scores, labels and, if given, the weight of *yes*, all of one shape."""
    z, y = as_scores(logits), as_array(labels, "labels")
    y = y.astype(z.dtype) if y.dtype == bool else as_real_array(y, "labels")
    refuse_improbable(y, "labels")
    y, z = agreeing(y, z, "labels", "logits")
    if pos_weight is None:
        return z, y
    factor = as_real_array(pos_weight, "pos_weight")
    if factor.shape not in ((), z.shape[-1:]):
        raise ValueError(
            f"pos_weight has shape {factor.shape}, the logits have shape {z.shape}: give one number"
            " or one for each entry of the last axis"
        )
    refuse_negative(factor, "pos_weight")
    return z, y, np.broadcast_to(factor, z.shape)


def multiclass_hinge(
    scores: ArrayLike,
    labels: ArrayLike,
    margin: float = 1.0,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> PerRow:
    r"""Return the hinge loss that adds up all rivals inside the margin.

    ::

        sum_{j != y} max(0, z_j - z_y + margin)

    Parameters
    ----------
    scores : array_like of shape (..., n_classes)
        Finite scores, except where they are masked.
    labels : array_like of shape (...)
        Class indices.
    margin : float
        The lead that the right class should have; positive.
    where : array_like of bool, optional
        False masks a class: it is no rival. Broadcasts to the scores.
    weights : array_like of shape (...), optional
        What each sample's loss is multiplied with. Weight 0 gives 0, also of an infinite loss.

    Returns
    -------
    ndarray of shape (...)
        One loss for each sample; infinite if the right class is masked and another is not.

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
    rows, labels, margin = _hinge_arguments(scores, labels, margin, where)
    losses = rows.empty_per_row(_before(weights, rows.dtype))
    with np.errstate(over="ignore", invalid="ignore"):
        for part, z in rows.blocks():
            losses[part] = sum_over_classes(_shortfall(z, labels[part], margin))
    return _weighted(rows.per_row(losses), weights, rows.dtype)


def multiclass_hinge_grad(
    scores: ArrayLike,
    labels: ArrayLike,
    margin: float = 1.0,
    *,
    where: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Floats:
    """Return a subgradient of each sample's hinge loss: it counts the rivals inside the margin.

    Parameters
    ----------
    scores, labels, margin, where, weights
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
    rows, labels, margin = _hinge_arguments(scores, labels, margin, where)
    gradient = rows.empty_per_entry()
    with np.errstate(over="ignore", invalid="ignore"):
        for part, z in rows.blocks():
            inside = (_shortfall(z, labels[part], margin) > 0).astype(np.float64)
            inside[labels[part], np.arange(z.shape[1])] = -inside.sum(axis=0)
            gradient[part] = inside.T
    return _weighted(rows.per_entry(gradient), weights, rows.dtype, rows.axis)


def _hinge_arguments(
    scores: ArrayLike, labels: ArrayLike, margin: float, where: ArrayLike | None
) -> tuple[Rows, Ints, float]:
    rows = as_logits(scores, -1, where, name="scores")
    finite = rows.array
    if where is not None:
        finite = np.where(as_mask(where, finite.shape, "scores"), finite, 0)
    refuse_infinite(finite, "scores")
    labels = as_indices(labels, rows.batch_shape, rows.n_classes)
    return rows, labels, as_positive(margin, "margin")


def _shortfall(z: Floats, labels: Ints, margin: float) -> Floats:
    """Return by how much each rival comes too near to the right class."""
    right = labels, np.arange(len(labels))
    own = z[right]
    shortfall = np.subtract(z, own, dtype=np.float64)
    shortfall += margin
    shortfall[right] = 0
    if smallest(own) == -np.inf:  # a masked class is no rival of another
        shortfall[z == -np.inf] = 0
    return np.maximum(shortfall, 0, out=shortfall)
