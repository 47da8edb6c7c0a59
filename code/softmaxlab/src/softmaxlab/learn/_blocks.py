"""Rows of data in blocks of Dask: the sums of `Rows`, block by block, wherever the blocks are."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.utils.validation import check_array
from threadpoolctl import ThreadpoolController

from softmaxlab._numerics.checks import as_indices, as_real_array, refuse_infinite
from softmaxlab._numerics.dask_blocks import (
    beside,
    for_each_block,
    is_dask,
    map_rows,
    refuse_parts_of_rows,
    sum_over_blocks,
)
from softmaxlab._types import Array, Floats, Ints
from softmaxlab.learn._checks import refuse_total, sorted_labels
from softmaxlab.learn._rows import Rows, refuse_large


class Blocks:
    """Hold rows of data in blocks, and give the sums that `Rows` gives.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features)
        The data, in blocks of whole rows. What is not persisted is read anew for each sum.
    labels, share : dask array of shape (n_samples,)
        As in `Rows`, in blocks of the same rows.
    n_classes, fit_intercept
        As in `Rows`.
    """

    def __init__(
        self, X: Any, labels: Any, share: Any, n_classes: int, fit_intercept: bool
    ) -> None:
        self._arrays = X, labels, share
        self.n_features = X.shape[1]
        self._kind = {"n_classes": n_classes, "fit_intercept": fit_intercept}

    def loss(self, params: Floats) -> float:
        """Return the sum of the losses."""
        return self.loss_and_gradient(params)[0]

    def gradient(self, params: Floats) -> Floats:
        """Return the gradient of the sum."""
        return self.loss_and_gradient(params)[1]

    def loss_and_gradient(self, params: Floats) -> tuple[float, Floats]:
        """Return both, after one pass over the blocks."""
        total = self._sum(_loss_and_gradient, (1 + params.size,), params=params)
        return float(total[0]), total[1:].reshape(params.shape)

    def hessian(self, params: Floats) -> Callable[[Floats], Floats]:
        """Return the function that multiplies the Hessian of the sum with a direction.

        The probabilities are made anew for each product: with many classes they are larger than
        the data.
        """

        def multiply(direction: Floats) -> Floats:
            return self._sum(_curved, params.shape, params=params, direction=direction)

        return multiply

    def mean_square(self) -> float:
        """Return the sum of the squared lengths of the rows, each by its share."""
        return float(self._sum(Rows.mean_square, ()))

    def _sum(self, of_rows: Callable[..., Any], shape: tuple[int, ...], **points: Floats) -> Floats:
        """Return the sum of what a function of `Rows` and of these points gives for the blocks."""
        total = sum_over_blocks(
            _on_rows, *self._arrays, shape=shape, of_rows=of_rows, **self._kind, **points
        )
        return np.array(total.compute())  # a copy that may be written to, wherever it comes from


def checked_blocks(
    X: Any, labels: Any, sample_weight: Any, n_classes: int, fit_intercept: bool
) -> tuple[Blocks, float]:
    """Return blocks of equal share, or by their weights, and the sum of the weights.

    The data are read once, to see that nothing is wrong with them. Labels and shares stay in
    memory, sixteen bytes for each row.
    """
    refuse_parts_of_rows(X, "X")
    for_each_block(_refuse_unusable, X)
    labels = map_rows(
        _as_indices, beside(labels, X, "labels"), dtype=np.intp, n_classes=n_classes
    ).persist()
    weight = weights_beside(sample_weight, X).persist()
    total = float(sum_over_blocks(np.sum, weight).compute())
    refuse_total(total, weight.shape)
    return Blocks(X, labels, (weight / total).persist(), n_classes, fit_intercept), total


def weights_beside(sample_weight: Any, X: Any) -> Any:
    """Return how much each sample counts, by default 1, in blocks of the same rows as the data."""
    if sample_weight is None:
        import dask.array as da

        return da.ones(X.shape[0], chunks=X.chunks[:1])
    return map_rows(_as_weights, beside(sample_weight, X, "sample_weight"), dtype=np.float64)


def label_weights(y: Any, sample_weight: Any) -> tuple[Array, Floats]:
    """Return the different labels, sorted, and the sum of the weights of the samples of each."""
    if is_dask(y):
        labels, weights = zip(*for_each_block(_label_weights, y, sample_weight), strict=True)
        return label_weights(np.concatenate(labels), np.concatenate(weights))
    classes = sorted_labels(y)
    totals: Any = np.bincount(np.searchsorted(classes, y), sample_weight, len(classes))
    return classes, totals


def _label_weights(y: Array, sample_weight: Floats) -> tuple[Array, Floats]:
    """Return the different labels of a block, and the sums of their weights."""
    y = check_array(y, ensure_2d=False, dtype=None, ensure_min_samples=0, input_name="y")
    return label_weights(y, sample_weight) if len(y) else (y, sample_weight)


def _as_indices(labels: Array, n_classes: int) -> Ints:
    """Return the class indices of a block."""
    return as_indices(labels, labels.shape, n_classes)


def _as_weights(sample_weight: Array) -> Floats:
    """Return the weights of a block; unlike those of a whole, all may be zero."""
    weight = as_real_array(sample_weight, "sample_weight").astype(np.float64)
    if not np.isfinite(weight).all():
        refuse_infinite(weight, "sample_weight")
    if (weight < 0).any():
        raise ValueError(f"sample_weight holds {weight.min():g}, and must not be negative")
    return weight


def _refuse_unusable(X: Array) -> None:
    """Raise if a block holds what is no number, not finite, or too large."""
    X = check_array(X, dtype=np.float64, ensure_min_samples=0, input_name="X")
    if X.size:
        refuse_large(X)


def _on_rows(
    X: Array,
    labels: Ints,
    share: Floats,
    of_rows: Callable[..., Any],
    n_classes: int,
    fit_intercept: bool,
    **points: Floats,
) -> Any:
    """Return what a function of `Rows` and of some points gives for a block.

    The numbers are in one order in memory, and the BLAS has one thread: so the bits of a product do
    not depend on where the block comes from, and who else computes at the same time.
    """
    data = np.ascontiguousarray(X, dtype=np.float64)
    rows = Rows(data, labels, share, n_classes, fit_intercept)
    with _one_thread, np.errstate(over="ignore"):
        return of_rows(rows, **points)


def _loss_and_gradient(rows: Rows, params: Floats) -> Floats:
    """Return both in one array."""
    loss, gradient = rows.loss_and_gradient(params)
    return np.append(loss, gradient)


def _curved(rows: Rows, params: Floats, direction: Floats) -> Floats:
    """Return the product of the Hessian at a point with a direction."""
    return rows.hessian(params)(direction)


class _OneThread:
    """Hold the BLAS of this process to one thread while any thread of ours is inside.

    The limit is one for the whole process: of several threads, the first sets it and the last
    lifts it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limit: Any = None
        self._libraries = ThreadpoolController()  # to find them takes longer than a small block

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = self._libraries.limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


_one_thread = _OneThread()
