"""Losses computed from logits, each with its gradient beside it. One number for each sample.

Labels are class indices (one axis fewer than the logits) or distributions (as many axes).
"""

import numpy as np

from softmaxlab._validation import as_indices, as_logits, as_real_array, as_targets
from softmaxlab.activations import _outward, _without_nan, log_sigmoid, sigmoid

__all__ = [
    "multiclass_hinge",
    "multiclass_hinge_grad",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_grad",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
]


def _gather(values, indices):
    return np.take_along_axis(values, indices[..., None], axis=-1)[..., 0]


def _loss(z, indices, targets):
    shifted, _, rest = _outward(z)
    gap = -_gather(shifted, indices) if targets is None else _expected_gap(targets, shifted)
    return (gap + np.log1p(rest[..., 0]))[()]


def _expected_gap(targets, shifted):
    """Return the mean distance to the largest score; a masked class with target zero adds none."""
    return -np.where(targets > 0, targets * shifted, 0).sum(axis=-1)


def softmax_cross_entropy(logits, labels, axis=-1):
    r"""Return the cross-entropy between labels and the softmax of logits.

    ::

        (max z - z_y) + log1p(sum of exp(z_k - max z) over the others)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    labels : array_like of shape (...) or (..., n_classes)
        Class indices, or distributions.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of shape (...)
        One loss for each sample, in nats; infinite if the right class is masked.

    Raises
    ------
    TypeError, ValueError
        If the logits or labels are not what is described above.

    Notes
    -----
    Both terms are non-negative, so nothing cancels: a tiny loss keeps all its digits.

    Examples
    --------
    >>> softmax_cross_entropy([[1.0, 2.0, 3.0]], [2]).round(6)
    array([0.407606])
    >>> print(softmax_cross_entropy([0.0, -40.0], 0))
    4.248354255291589e-18
    """
    z = as_logits(logits, axis)
    return _loss(z, *as_targets(labels, z, axis))


def softmax_cross_entropy_grad(logits, labels, axis=-1):
    r"""Return the gradient of each sample's loss with respect to its logits.

    ::

        dC/dz_i = a_i - y_i

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    labels : array_like of shape (...) or (..., n_classes)
        Class indices, or distributions.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of the shape of ``logits``
        Divide by the number of samples for the gradient of the mean.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax_cross_entropy`.

    Notes
    -----
    With class indices the entry of the right class is ``expm1(-loss)``, not ``a - 1``, which would
    lose its digits when the model is nearly sure.

    Examples
    --------
    >>> softmax_cross_entropy_grad([3.0, 1.0, -3.0], 0).round(6)
    array([-0.121122,  0.118943,  0.002179])
    """
    z = as_logits(logits, axis)
    indices, targets = as_targets(labels, z, axis)
    gradient = np.exp(z - z.max(axis=-1, keepdims=True))
    gradient /= gradient.sum(axis=-1, keepdims=True)
    if targets is None:
        right = np.expm1(-_loss(z, indices, None))
        np.put_along_axis(gradient, indices[..., None], right[..., None], axis=-1)
    else:
        gradient -= targets
    return np.moveaxis(gradient, -1, axis)


def _binary(logits, labels):
    z, y = _without_nan(logits), as_real_array(labels, "labels")
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError("labels of a sigmoid must lie between 0 and 1")
    return z, y


def sigmoid_cross_entropy(logits, labels):
    r"""Return the cross-entropy between labels and the sigmoid of each logit.

    ::

        -y log sigmoid(s) - (1 - y) log sigmoid(-s)

    Parameters
    ----------
    logits : array_like
        Scores, in nats.
    labels : array_like that broadcasts with ``logits``
        Probabilities of *yes*, between 0 and 1.

    Returns
    -------
    ndarray
        One loss for each logit, in nats.

    Raises
    ------
    TypeError, ValueError
        If the logits hold NaN or a label is outside the unit interval.

    Examples
    --------
    >>> sigmoid_cross_entropy([1000.0, -1000.0], [1.0, 1.0])
    array([   0., 1000.])
    """
    z, y = _binary(logits, labels)
    yes = np.where(y > 0, -y * log_sigmoid(z), 0)
    no = np.where(y < 1, -(1 - y) * log_sigmoid(-z), 0)
    return (yes + no)[()]


def sigmoid_cross_entropy_grad(logits, labels):
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
        One derivative for each logit.

    Raises
    ------
    TypeError, ValueError
        As for :func:`sigmoid_cross_entropy`.

    Notes
    -----
    Computed as ``(1 - y) sigmoid(s) - y sigmoid(-s)``, which keeps its digits near zero.

    Examples
    --------
    >>> print(sigmoid_cross_entropy_grad(50.0, 1.0))
    -1.928749847963918e-22
    """
    z, y = _binary(logits, labels)
    return (1 - y) * sigmoid(z) - y * sigmoid(-z)


def _shortfall(scores, labels, margin):
    z = as_logits(scores, -1, "scores")
    indices = as_indices(labels, z.shape[:-1], z.shape[-1])
    shortfall = np.maximum(0, z - _gather(z, indices)[..., None] + margin)
    np.put_along_axis(shortfall, indices[..., None], 0, axis=-1)
    return shortfall, indices


def multiclass_hinge(scores, labels, margin=1.0):
    r"""Return the hinge loss that adds up all rivals inside the margin.

    ::

        sum over j != y of max(0, z_j - z_y + margin)

    Parameters
    ----------
    scores : array_like of shape (..., n_classes)
        Scores.
    labels : array_like of shape (...)
        Class indices.
    margin : float
        The lead that the right class should have.

    Returns
    -------
    ndarray of shape (...)
        One loss for each sample.

    Raises
    ------
    TypeError, ValueError
        If scores or labels are not what is described above.

    References
    ----------
    J. Weston and C. Watkins, "Support vector machines for multi-class pattern recognition",
    ESANN (1999).

    Examples
    --------
    >>> multiclass_hinge([13.0, -7.0, 11.0], 0, margin=10.0)
    np.float64(8.0)
    """
    return _shortfall(scores, labels, margin)[0].sum(axis=-1)


def multiclass_hinge_grad(scores, labels, margin=1.0):
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

    Examples
    --------
    >>> multiclass_hinge_grad([3.2, 5.1, -1.7], 0)
    array([-1.,  1.,  0.])
    """
    shortfall, indices = _shortfall(scores, labels, margin)
    gradient = (shortfall > 0).astype(shortfall.dtype)
    np.put_along_axis(gradient, indices[..., None], -gradient.sum(-1, keepdims=True), axis=-1)
    return gradient
