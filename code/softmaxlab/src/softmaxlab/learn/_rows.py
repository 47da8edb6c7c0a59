"""The part of softmax regression's objective that comes from data: all but the penalty."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_array

from softmaxlab._numerics.checks import as_indices
from softmaxlab._types import Floats, Ints
from softmaxlab.activations import softmax
from softmaxlab.learn._checks import as_sample_weight, refuse_masked_or_complex
from softmaxlab.losses import (
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_with_grad,
)

_LARGEST_FEATURE = 1e150  # the sum of many squares of smaller ones is within float64


class Rows:
    """Hold rows of data in memory, and give the sum of their losses, each by its share.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n_samples, n_features)
        The data, in double precision.
    labels : ndarray of shape (n_samples,)
        Class indices.
    share : ndarray of shape (n_samples,)
        What each loss is multiplied with.
    n_classes : int
        Number of classes.
    fit_intercept : bool
        Whether the parameters have a column of intercepts.

    Notes
    -----
    Everything is kept with the classes along the first axis: sums over ten classes are then ten
    additions of long rows, and not thousands of sums of ten numbers.
    """

    def __init__(
        self, X: Any, labels: Ints, share: Floats, n_classes: int, fit_intercept: bool
    ) -> None:
        self.X, self.labels, self.share = X, labels, share
        self.n_features = X.shape[1]
        self.n_classes, self.fit_intercept = n_classes, bool(fit_intercept)

    def loss(self, params: Floats) -> float:
        """Return the sum of the losses."""
        losses = softmax_cross_entropy(self._logits(params), self.labels, axis=0)
        return float(self.share @ losses)

    def gradient(self, params: Floats) -> Floats:
        """Return the gradient of the sum."""
        error = softmax_cross_entropy_grad(self._logits(params), self.labels, axis=0)
        return self._to_params(error * self.share)

    def loss_and_gradient(self, params: Floats) -> tuple[float, Floats]:
        """Return both, with the logits computed once."""
        logits = self._logits(params)
        losses, error = softmax_cross_entropy_with_grad(logits, self.labels, axis=0)
        return float(self.share @ losses), self._to_params(error * self.share)

    def hessian(self, params: Floats) -> Callable[[Floats], Floats]:
        """Return the function that multiplies the Hessian of the sum with a direction."""
        a = softmax(self._logits(params), axis=0)
        a_share = a * self.share

        def multiply(direction: Floats) -> Floats:
            change = self._logits(direction)
            change -= (a * change).sum(axis=0)
            change *= a_share
            return self._to_params(change)

        return multiply

    def mean_square(self) -> float:
        """Return the sum of the squared lengths of the rows, each by its share."""
        squares = self.X.multiply(self.X) if hasattr(self.X, "multiply") else self.X * self.X
        return float(self.share @ np.ravel(squares.sum(axis=1)))

    def _logits(self, params: Floats) -> Floats:
        """Return the logits, of shape (n_classes, n_samples)."""
        logits = params[:, : self.n_features] @ self.X.T
        if self.fit_intercept:
            logits += params[:, self.n_features :]
        return np.vstack([np.zeros_like(logits), logits]) if self.n_classes == 2 else logits

    def _to_params(self, error: Floats) -> Floats:
        """Pull derivatives in the logits back to the parameters."""
        if self.n_classes == 2:
            error = error[1:]  # the first class has no parameters
        gradient = np.empty((len(error), self.n_features + self.fit_intercept))
        gradient[:, : self.n_features] = error @ self.X
        if self.fit_intercept:
            gradient[:, self.n_features] = error.sum(axis=1)
        return gradient


def checked_rows(
    X: Any,
    labels: ArrayLike,
    sample_weight: ArrayLike | None,
    n_classes: int,
    fit_intercept: bool,
) -> tuple[Rows, float]:
    """Return rows of equal share, or by their weights, and the sum of the weights."""
    refuse_masked_or_complex(X=X)
    X = check_array(X, accept_sparse="csr", dtype=np.float64, input_name="X")
    refuse_large(X)
    labels = as_indices(labels, X.shape[:1], n_classes)
    weight = as_sample_weight(sample_weight, len(labels))
    total = weight.sum()
    return Rows(X, labels, weight / total, n_classes, fit_intercept), total


def refuse_large(X: Any) -> None:
    """Raise if the squares of features, or their sums, would overflow."""
    largest = abs(X).max()
    if largest > _LARGEST_FEATURE:
        raise ValueError(
            f"X of shape {X.shape} holds numbers as large as {largest:g}, and their squares are "
            "beyond float64; scale the features"
        )
