"""The loss over a large vocabulary, without ever holding its logits.

A language model has a class for every word. The logits ``features @ weights.T`` of a batch are then
by far the largest array of a training step, and so are the probabilities and the gradient after
them. None of the three is needed as a whole. Here they are made in blocks, of some samples by some
words; what is kept between the blocks is two numbers for each sample: the largest logit so far, and
the sum of the exponentials of all others relative to it.
"""

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.checks import (
    as_indices_but,
    as_integer,
    as_mask,
    as_real_array,
    refuse_nan,
)
from softmaxlab._numerics.dask_blocks import (
    beside,
    is_dask,
    map_rows,
    part_of_rows,
    refuse_parts_of_rows,
    result_of_each_block,
    sum_over_blocks,
)
from softmaxlab._numerics.summation import largest, smallest
from softmaxlab._types import Floats, Ints, PerRow

__all__ = [
    "LossWithGradient",
    "chunked_softmax_cross_entropy",
    "chunked_softmax_cross_entropy_with_grad",
]

_ROWS = 1024  # samples in a block


class LossWithGradient(NamedTuple):
    """The loss of each sample, and the derivatives of the mean loss."""

    losses: PerRow  # of the shape of the labels, in nats
    features: Floats  # of the shape of features
    weights: Floats  # of the shape of weights


def chunked_softmax_cross_entropy(
    features: ArrayLike,
    weights: ArrayLike,
    labels: ArrayLike,
    *,
    where: ArrayLike | None = None,
    ignore_index: int | None = None,
    chunk_size: int = 512,
) -> PerRow:
    """Return the cross-entropy of each sample, the logits being ``features @ weights.T``.

    ::

        loss = (max_k z_k - z_y) + log1p(sum of exp(z_k - max) over the others),   z = W x

    Parameters
    ----------
    features : array_like of shape (..., n_features)
        What the model makes of each sample. A dask array, of shape (n_samples, n_features) in
        blocks of whole rows, gives a dask array: see `softmaxlab.large`.
    weights : array_like of shape (n_classes, n_features)
        One row for each class: each word of the vocabulary.
    labels : array_like of shape (...)
        The true classes, integers from 0.
    where : array_like of bool, optional
        False masks a class, as a logit of minus infinity does. Broadcasts to the logits, of shape
        (..., n_classes); with a dask array, one mask of shape (n_classes,) for all samples.
    ignore_index : int, optional
        The label of samples that do not count: their loss is 0. For the mean over the others,
        ``losses.mean(where=labels != ignore_index)``.
    chunk_size : int
        How many classes to look at at once. A block of logits has at most
        ``1024 * chunk_size`` numbers.

    Returns
    -------
    ndarray of shape (...)
        The losses in nats; float32 if features and weights both are, or are bfloat16, otherwise
        float64. Infinite if the true class is masked.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not what is described above, a logit is NaN or plus infinity, or a
        sample has no class left.

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
    if is_dask(features):
        blocks = _Blocks(features, weights, labels, where, ignore_index, chunk_size)
        return blocks.losses()
    batch = _Batch(features, weights, labels, where, ignore_index, chunk_size)
    losses = np.empty(batch.n, batch.features.dtype)
    for rows in _pieces(batch.n, _ROWS):
        losses[rows] = batch.log_sum(rows).losses()
    return batch.counted(losses)


def chunked_softmax_cross_entropy_with_grad(
    features: ArrayLike,
    weights: ArrayLike,
    labels: ArrayLike,
    *,
    where: ArrayLike | None = None,
    ignore_index: int | None = None,
    chunk_size: int = 512,
) -> LossWithGradient:
    """Return the losses together with the derivatives of their mean.

    ::

        d mean loss / d W = (a - y)' X / n,      d mean loss / d X = (a - y) W / n

    Parameters
    ----------
    features, weights, labels, where, ignore_index, chunk_size
        As in `chunked_softmax_cross_entropy`.

    Returns
    -------
    LossWithGradient
        ``losses``, and the derivatives with respect to ``features`` and ``weights``, of the same
        shapes as these. The mean is over the samples that count.

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
    if is_dask(features):
        blocks = _Blocks(features, weights, labels, where, ignore_index, chunk_size)
        return blocks.with_gradients()
    batch = _Batch(features, weights, labels, where, ignore_index, chunk_size)
    losses = np.empty(batch.n, batch.features.dtype)
    by_features, by_weights = np.zeros_like(batch.features), np.zeros_like(batch.weights)
    finite = _without_infinities(batch.weights)
    for rows in _pieces(batch.n, _ROWS):
        sums = batch.log_sum(rows)
        losses[rows] = sums.losses()
        for classes in _pieces(len(finite), chunk_size):
            error = batch.share(sums.error(batch.logits(rows, classes), classes), rows)
            by_features[rows] += error @ finite[classes]
            by_weights[classes] += error.T @ batch.features[rows]
    shape = batch.given.shape
    return LossWithGradient(batch.counted(losses), by_features.reshape(shape), by_weights)


class _Batch:
    """Hold the arguments of a call, the samples in one row after the other."""

    def __init__(
        self,
        features: ArrayLike,
        weights: ArrayLike,
        labels: ArrayLike,
        where: ArrayLike | None,
        ignore_index: int | None,
        chunk_size: int,
    ) -> None:
        self.chunk_size = as_integer(chunk_size, "chunk_size", least=1)
        self.given, self.weights = _of_one_dtype(features, weights)
        self.shape, n_classes = self.given.shape[:-1], len(self.weights)
        self.axes = self.shape or (1,)  # a single sample is a row of one
        self.n = prod(self.shape)
        self.features = self.given.reshape(self.n, self.given.shape[-1])
        labels, self.counts = as_indices_but(ignore_index, labels, self.shape, n_classes)
        self.labels = labels
        self.n_counted = (
            self.n if self.counts is None else max(1, int(np.count_nonzero(self.counts)))
        )
        if where is not None:
            where = as_mask(where, (*self.shape, n_classes), "logits")
            where = np.broadcast_to(where, (*self.axes, n_classes))
        self.where = where

    def logits(self, rows: slice, classes: slice) -> Floats:
        """Return a block of logits; one that overflows is refused later, and without a warning."""
        with np.errstate(over="ignore", invalid="ignore"):
            logits = self.features[rows] @ self.weights[classes].T
        if self.where is not None:
            places = np.unravel_index(np.arange(rows.start, rows.stop), self.axes)
            logits[~self.where[..., classes][places]] = -np.inf
        return logits

    def log_sum(self, rows: slice) -> "_LogSum":
        """Return the `_LogSum` of some samples over the whole vocabulary."""
        sums = _LogSum(self.labels[rows])
        with np.errstate(invalid="ignore"):
            for classes in _pieces(len(self.weights), self.chunk_size):
                sums.add(self.logits(rows, classes), classes)
        if not np.isfinite(sums.largest).all():
            self._refuse(rows, sums.largest)
        return sums

    def _refuse(self, rows: slice, top: Floats) -> NoReturn:
        """Raise, and say which number or which sample is to blame."""
        refuse_nan(self.given, "features")
        refuse_nan(self.weights, "weights")
        bad = np.flatnonzero(~np.isfinite(top))[0]
        sample = tuple(int(i) for i in np.unravel_index(rows.start + bad, self.axes))
        if top[bad] == -np.inf:
            raise ValueError(f"features and weights leave sample {sample} no class: all are -inf")
        raise ValueError(f"features and weights give sample {sample} a logit of {top[bad]}")

    def share(self, error: Floats, rows: slice) -> Floats:
        """Turn the derivatives of each loss into those of the mean over what counts, in place."""
        error /= self.n_counted
        if self.counts is not None:
            error[~self.counts[rows]] = 0
        return error

    def counted(self, losses: Floats) -> PerRow:
        """Return losses in the shape of the labels: 0 for a sample that does not count."""
        if self.counts is not None:
            losses[~self.counts] = 0
        return losses.reshape(self.shape)[()]


class _Blocks:
    """Hold the arguments of a call with features of Dask. Nothing is computed."""

    def __init__(
        self,
        features: Any,
        weights: ArrayLike,
        labels: Any,
        where: ArrayLike | None,
        ignore_index: int | None,
        chunk_size: int,
    ) -> None:
        refuse_parts_of_rows(features, "features")
        self.features, self.labels = features, beside(labels, features, "labels")
        self.ignore_index = ignore_index
        like, weights = _of_one_dtype(np.empty((0, features.shape[1]), features.dtype), weights)
        self.dtype, self.shape = like.dtype, weights.shape
        if where is not None:
            where = as_mask(where, weights.shape[:1], "a row of logits")
        self.given: dict[str, Any] = {
            "weights": weights,
            "where": where,
            "ignore_index": ignore_index,
            "chunk_size": as_integer(chunk_size, "chunk_size", least=1),
        }

    def losses(self) -> Any:
        """Return the loss of each sample."""
        return map_rows(
            _losses_of_block, self.features, self.labels, dtype=self.dtype, **self.given
        )

    def with_gradients(self) -> LossWithGradient:
        """Return the losses, and the derivatives of the mean: of sums over the blocks."""
        sums = result_of_each_block(_sums_of_block, self.features, self.labels, **self.given)
        losses = part_of_rows(sums, "losses", self.labels, self.dtype)
        by_features = part_of_rows(sums, "features", self.features, self.dtype)
        by_weights = sum_over_blocks(_weights_of_block, sums, shape=self.shape)
        n = self._n_counted()
        return LossWithGradient(
            losses, (by_features / n).astype(self.dtype), (by_weights / n).astype(self.dtype)
        )

    def _n_counted(self) -> Any:
        """Return how many samples count, at least one."""
        if self.ignore_index is None:
            return max(1, self.labels.shape[0])
        return (self.labels != self.ignore_index).sum().clip(1)


def _losses_of_block(features: Floats, labels: Ints, weights: Floats, **options: Any) -> Floats:
    """Return the losses of a block."""
    return chunked_softmax_cross_entropy(features, weights, labels, **options)


def _sums_of_block(
    features: Floats, labels: Ints, weights: Floats, ignore_index: int | None, **options: Any
) -> LossWithGradient:
    """Return the losses of a block, and the derivatives of their sum."""
    result = chunked_softmax_cross_entropy_with_grad(
        features, weights, labels, ignore_index=ignore_index, **options
    )
    n = len(labels) if ignore_index is None else np.count_nonzero(labels != ignore_index)
    return LossWithGradient(result.losses, result.features * n, result.weights * n)


def _weights_of_block(sums: LossWithGradient) -> Floats:
    """Return a block's part of the derivatives with respect to the weights."""
    return sums.weights


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
        logits -= np.maximum(m, np.finfo(m.dtype).min)  # there may be no class among these
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
        top = np.maximum(self.largest, np.finfo(float).min)
        # Whichever side has the smaller maximum brings this along as an ordinary term.
        ours = np.where(before < m, 1 + self.others, self.others) * np.exp(before - top)
        theirs = np.where(before < m, others, 1 + others) * np.exp(m - top)
        self.others = ours + theirs


def _without_infinities(weights: Floats) -> Floats:
    """Return weights with 0 for what is infinite: it masks a class, which then pulls at nothing.

    Probability 0 times infinity would be NaN.
    """
    if weights.size and max(largest(weights), -smallest(weights)) == np.inf:
        return np.where(np.isinf(weights), weights.dtype.type(0), weights)
    return weights


def _pieces(length: int, size: int) -> Iterator[slice]:
    """Yield slices of at most ``size`` that cover ``range(length)``."""
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))


def _of_one_dtype(features: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return two arrays of one dtype; refuse what does not fit together."""
    features, weights = as_real_array(features, "features"), as_real_array(weights, "weights")
    if not features.ndim or weights.ndim != 2 or features.shape[-1] != weights.shape[1]:
        raise ValueError(
            "features and weights must be rows of the same length: features have shape"
            f" {features.shape}, weights have shape {weights.shape}"
        )
    both = {features.dtype, weights.dtype}
    dtype = np.float32 if both == {np.dtype(np.float32)} else np.float64
    return np.asarray(features, dtype), np.asarray(weights, dtype)
