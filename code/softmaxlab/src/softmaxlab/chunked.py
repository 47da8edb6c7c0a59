"""The loss over a large vocabulary, without ever holding its logits.

A language model has a class for every word. The logits ``features @ weights.T`` of a batch are then
by far the largest array of a training step, and so are the probabilities and the gradient after
them. None of the three is needed as a whole. Here they are made in blocks, of some samples by some
words; what is kept between the blocks is two numbers for each sample: the largest logit so far, and
the sum of the exponentials of all others relative to it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.checks import as_indices, as_integer, as_real_array
from softmaxlab._types import Floats, Ints

__all__ = [
    "LossWithGradient",
    "chunked_softmax_cross_entropy",
    "chunked_softmax_cross_entropy_with_grad",
]

_ROWS = 1024  # samples in a block


class LossWithGradient(NamedTuple):
    """The loss of each sample, and the derivatives of the mean loss."""

    losses: Floats  # of shape (n_samples,), in nats
    features: Floats  # of the shape of features
    weights: Floats  # of the shape of weights


def chunked_softmax_cross_entropy(
    features: ArrayLike, weights: ArrayLike, labels: ArrayLike, *, chunk_size: int = 512
) -> Floats:
    """Return the cross-entropy of each sample, the logits being ``features @ weights.T``.

    ::

        loss = (max_k z_k - z_y) + log1p(sum of exp(z_k - max) over the others),   z = W x

    Parameters
    ----------
    features : array_like of shape (n_samples, n_features)
        What the model makes of each sample.
    weights : array_like of shape (n_classes, n_features)
        One row for each class: each word of the vocabulary.
    labels : array_like of shape (n_samples,)
        The true classes, integers from 0.
    chunk_size : int
        How many classes to look at at once. A block of logits has at most
        ``1024 * chunk_size`` numbers.

    Returns
    -------
    ndarray of shape (n_samples,)
        The losses in nats; float32 if features and weights both are, otherwise float64.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not what is described above, or a logit is not finite.

    See Also
    --------
    chunked_softmax_cross_entropy_with_grad : The loss and its derivatives.
    softmaxlab.losses.softmax_cross_entropy : The loss of logits that are there.

    Notes
    -----
    The logarithm of the sum is found *online*. Two parts of the vocabulary, with largest logits
    ``m >= m'`` and sums ``r`` and ``r'`` over their others, together have the largest logit ``m``
    and the sum ``r + (1 + r') exp(m' - m)``. All terms are positive and none is large, and the
    largest is never in the sum: a tiny loss keeps its digits.

    References
    ----------
    M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867.

    Examples
    --------
    >>> features, weights = np.array([[1.0]]), np.array([[3.0], [1.0], [-3.0]])
    >>> chunked_softmax_cross_entropy(features, weights, [0], chunk_size=2).round(6)
    array([0.129109])
    """
    features, weights, labels = _checked(features, weights, labels, chunk_size)
    losses = np.empty(len(features), dtype=features.dtype)
    for rows in _pieces(len(features), _ROWS):
        losses[rows] = _log_sum(features[rows], weights, labels[rows], chunk_size).losses()
    return losses


def chunked_softmax_cross_entropy_with_grad(
    features: ArrayLike, weights: ArrayLike, labels: ArrayLike, *, chunk_size: int = 512
) -> LossWithGradient:
    """Return the losses together with the derivatives of their mean.

    ::

        d mean loss / d W = (a - y)' X / n,      d mean loss / d X = (a - y) W / n

    Parameters
    ----------
    features, weights, labels, chunk_size
        As in `chunked_softmax_cross_entropy`.

    Returns
    -------
    LossWithGradient
        ``losses``, and the derivatives with respect to ``features`` and ``weights``, of the same
        shapes as these.

    Raises
    ------
    TypeError, ValueError
        As in `chunked_softmax_cross_entropy`.

    See Also
    --------
    chunked_softmax_cross_entropy : The loss alone, for half the work.

    Notes
    -----
    The blocks of logits are computed twice: once for the sums, and again for the probabilities.
    This is one matrix product more than with all logits in memory, and still no slower: a block
    stays in the processor's cache, where the whole would be sent to memory and back at every step.

    Examples
    --------
    >>> features, weights = np.array([[1.0]]), np.array([[3.0], [1.0], [-3.0]])
    >>> result = chunked_softmax_cross_entropy_with_grad(features, weights, [0], chunk_size=2)
    >>> result.weights.round(6).tolist()
    [[-0.121122], [0.118943], [0.002179]]
    """
    features, weights, labels = _checked(features, weights, labels, chunk_size)
    result = LossWithGradient(
        np.empty(len(features), features.dtype), np.zeros_like(features), np.zeros_like(weights)
    )
    for rows in _pieces(len(features), _ROWS):
        sums = _log_sum(features[rows], weights, labels[rows], chunk_size)
        result.losses[rows] = sums.losses()
        for classes in _pieces(len(weights), chunk_size):
            error = sums.error(_logits(features[rows], weights[classes]), classes)
            error /= len(features)
            result.features[rows] += error @ weights[classes]
            result.weights[classes] += error.T @ features[rows]
    return result


class _LogSum:
    """Go through the classes once; know the largest logit, the others' sum, and the true logit."""

    def __init__(self, labels: Ints) -> None:
        n = len(labels)
        self.labels = labels
        self.largest, self.others = np.full(n, -np.inf), np.zeros(n)
        self.true = np.empty(n)

    def add(self, logits: Floats, classes: slice) -> None:
        """Take in the logits of some more classes, of shape (n_samples, n_classes); overwrite them.

        The true logit is read here and not computed apart: it must be the same number, to the last
        digit, as the one among all others.
        """
        rows, places = self._own(classes)
        self.true[rows] = logits[rows, places]
        place = logits.argmax(axis=1)[:, np.newaxis]
        m = np.take_along_axis(logits, place, axis=1)
        if not np.isfinite(m).all():
            raise ValueError("features and weights give a logit that is not a finite number")
        logits -= m
        np.exp(logits, out=logits)
        np.put_along_axis(logits, place, 0, axis=1)
        self._merge(m[:, 0].astype(np.float64), logits.sum(axis=1, dtype=np.float64))

    def losses(self) -> Floats:
        """Return the losses, when all classes have been taken in."""
        return (self.largest - self.true) + np.log1p(self.others)

    def error(self, logits: Floats, classes: slice) -> Floats:
        """Turn the logits of some classes into probabilities minus labels, in place."""
        logits -= self.largest[:, np.newaxis].astype(logits.dtype)
        np.exp(logits, out=logits)
        logits /= (1 + self.others)[:, np.newaxis].astype(logits.dtype)
        rows, places = self._own(classes)
        logits[rows, places] = np.expm1(-self.losses()[rows])  # a - 1 would lose its digits near 0
        return logits

    def _own(self, classes: slice) -> tuple[Ints, Ints]:
        """Return the samples whose true class is among these, and where it is."""
        rows = np.flatnonzero((self.labels >= classes.start) & (self.labels < classes.stop))
        return rows, self.labels[rows] - classes.start

    def _merge(self, m: Floats, others: Floats) -> None:
        """Add the classes with largest logit ``m``, and ``others`` as the sum of the rest."""
        before = self.largest
        self.largest = np.maximum(before, m)
        # Whichever side has the smaller maximum brings this along as an ordinary term.
        ours = np.where(before < m, 1 + self.others, self.others) * np.exp(before - self.largest)
        theirs = np.where(before < m, others, 1 + others) * np.exp(m - self.largest)
        self.others = ours + theirs


def _log_sum(features: Floats, weights: Floats, labels: Ints, chunk_size: int) -> _LogSum:
    """Return the `_LogSum` of some samples over the whole vocabulary."""
    sums = _LogSum(labels)
    for classes in _pieces(len(weights), chunk_size):
        sums.add(_logits(features, weights[classes]), classes)
    return sums


def _logits(features: Floats, weights: Floats) -> Floats:
    """Return a block of logits; one that overflows is refused later, by an error and no warning."""
    with np.errstate(over="ignore", invalid="ignore"):
        return features @ weights.T


def _pieces(length: int, size: int) -> Iterator[slice]:
    """Yield slices of at most ``size`` that cover ``range(length)``."""
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))


def _checked(
    features: ArrayLike, weights: ArrayLike, labels: ArrayLike, chunk_size: int
) -> tuple[Floats, Floats, Ints]:
    """Return arrays of one dtype; refuse what does not fit together."""
    as_integer(chunk_size, "chunk_size", least=1)
    features, weights = as_real_array(features, "features"), as_real_array(weights, "weights")
    if features.ndim != 2 or weights.ndim != 2 or features.shape[1] != weights.shape[1]:
        raise ValueError(
            "features and weights must be rows of the same length: features have shape"
            f" {features.shape}, weights have shape {weights.shape}"
        )
    labels = as_indices(labels, features.shape[:1], len(weights))
    both = {features.dtype, weights.dtype}
    dtype = np.float32 if both == {np.dtype(np.float32)} else np.float64
    return np.asarray(features, dtype), np.asarray(weights, dtype), labels
