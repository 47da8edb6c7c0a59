"""Say in one number how good predictions are: the mean over all samples, weighted if need be."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.checks import as_indices, as_real_array, refuse_nan
from softmaxlab._numerics.dask_blocks import (
    beside,
    is_dask,
    map_rows,
    refuse_parts_of_rows,
    sum_over_blocks,
)
from softmaxlab._numerics.summation import compensated_sum
from softmaxlab._types import Floats
from softmaxlab.learn._blocks import weights_beside
from softmaxlab.learn._checks import (
    as_predictions,
    as_sample_weight,
    is_flag,
    refuse_total,
    refuse_uncountable,
    refuse_unless,
)
from softmaxlab.losses import softmax_cross_entropy


def brier_score(
    p: ArrayLike,
    labels: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    scale_by_half: bool | Literal["auto"] = "auto",
) -> float:
    """Return the mean squared distance of probabilities from what came true.

    ::

        mean over samples of sum_k (p_k - y_k)**2,   y_k = 1 for the true class, else 0

    Parameters
    ----------
    p : array_like of shape (n_samples, n_classes)
        Predicted probabilities.
    labels : array_like of shape (n_samples,)
        The true classes, integers from 0.
    sample_weight : array_like of shape (n_samples,), optional
        How much each sample counts, by default 1.
    scale_by_half : bool or "auto"
        Whether to halve it, so that it lies between 0 and 1, and not between 0 and 2. By default
        only two classes are halved, as is customary: then it is the mean of ``(p_1 - y_1)**2``.

    Returns
    -------
    float
        0 for one who is always sure and right; the larger, the worse.

    Raises
    ------
    TypeError, ValueError
        If the rows of ``p`` are no distributions, the labels no classes, or the weights negative.

    Notes
    -----
    Names and meanings are those of ``sklearn.metrics.brier_score_loss``. The terms are added up
    from the smallest to the largest: the order of the samples changes no digit.

    References
    ----------
    G. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review
    78, 1950.

    Examples
    --------
    >>> round(brier_score([[0.9, 0.1], [0.3, 0.7]], [0, 0]), 3)  # (.01 + .49) / 2
    0.25
    >>> round(brier_score([[0.6, 0.3, 0.1]], [0]), 3)  # .16 + .09 + .01
    0.26
    """
    refuse_unless(
        is_flag(scale_by_half) or (isinstance(scale_by_half, str) and scale_by_half == "auto"),
        "scale_by_half",
        "True, False or 'auto'",
        scale_by_half,
    )
    distances, n_classes = _of_samples(_squared_distances, "p", p, labels)
    score = _mean(distances, sample_weight)
    halved = n_classes == 2 if isinstance(scale_by_half, str) else scale_by_half
    return score / 2 if halved else score


def top_k_accuracy(
    scores: ArrayLike, labels: ArrayLike, k: int = 2, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return how often the true class is among the k with the largest scores.

    Parameters
    ----------
    scores : array_like of shape (n_samples, n_classes)
        Logits or probabilities: only their order counts. Minus infinity is a score.
    labels : array_like of shape (n_samples,)
        The true classes, integers from 0.
    k : int
        How many classes may be named, from 1 to n_classes.
    sample_weight : array_like of shape (n_samples,), optional
        How much each sample counts, by default 1.

    Returns
    -------
    float
        From 0 to 1; with ``k = 1`` the accuracy.

    Raises
    ------
    TypeError, ValueError
        If the scores are not numbers, the labels no classes, k is not among the numbers of
        classes, or the weights are negative.

    Notes
    -----
    Names and meanings are those of ``sklearn.metrics.top_k_accuracy_score``. Of equal scores, the
    class with the larger number comes first there, and so here; ``argmax`` takes the first.

    Examples
    --------
    >>> scores = [[0.5, 0.2, 0.3], [0.4, 0.1, 0.5], [0.2, 0.7, 0.1]]
    >>> [round(top_k_accuracy(scores, [0, 0, 2], k), 3) for k in (1, 2, 3)]
    [0.333, 0.667, 1.0]
    """
    found, _ = _of_samples(_found, "scores", scores, labels, k=k)
    return _mean(found, sample_weight)


def perplexity(
    logits: ArrayLike, labels: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the number of equally likely classes that would surprise as much: exp(mean loss).

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores before softmax.
    labels : array_like of shape (...)
        The true classes, integers from 0: of a language model the next tokens.
    sample_weight : array_like of shape (...), optional
        How much each sample counts, by default 1; 0 for what is not to count, as padding.

    Returns
    -------
    float
        From 1, for one who is always sure and right; ``n_classes`` for one who knows nothing.
        Infinite if a true class has probability 0, or if it is beyond float64.

    Raises
    ------
    TypeError, ValueError
        If the logits or labels are not what `softmax_cross_entropy` takes, there are none of them,
        or the weights are negative.

    Notes
    -----
    It is computed from logits and not from probabilities, of which small ones would be rounded to
    zero. The exponential makes an absolute error of the mean loss a relative one: a mean loss of
    10 nats, whose last digit is ``2e-15``, leaves a perplexity of 14 digits.

    Examples
    --------
    >>> perplexity([[0.0, 0.0, 0.0, 0.0]], [3])
    4.0
    >>> round(perplexity([[2.0, 0.0], [0.0, 1.0]], [0, 1]), 6)
    1.246195
    """
    losses, _ = _of_samples(_losses, "logits", logits, labels)
    if not is_dask(logits):
        sample_weight = _flat(sample_weight, np.shape(labels))
    with np.errstate(over="ignore"):
        return float(np.exp(_mean(losses, sample_weight)))


def _of_samples(
    function: Callable[..., Floats], name: str, rows: Any, labels: Any, **given: Any
) -> tuple[Any, int]:
    """Return what a function gives for each sample, and the number of classes.

    Of rows in blocks of Dask, it is an array of Dask.
    """
    if is_dask(rows):
        refuse_parts_of_rows(rows, name)
        labels = beside(labels, rows, "labels")
    values = map_rows(function, rows, labels, dtype=np.float64, **given)
    return values, np.shape(rows)[1]


def _squared_distances(p: ArrayLike, labels: ArrayLike) -> Floats:
    """Return the squared distance of each distribution from what came true."""
    p, labels = as_predictions(p, labels)
    distance = p.astype(np.float64)
    distance[np.arange(len(labels)), labels] -= 1
    return compensated_sum((distance * distance).T)


def _found(scores: ArrayLike, labels: ArrayLike, k: int) -> Floats:
    """Return 1 for each sample whose class is among the k with the largest scores, else 0."""
    array = as_real_array(scores, "scores")
    if array.ndim != 2 or not array.size:
        raise ValueError(
            "scores must be rows of numbers, one row at least, of shape (n_samples, n_classes), "
            f"not {array.shape}"
        )
    refuse_nan(array, "scores")
    places = as_indices(labels, array.shape[:1], array.shape[1])
    refuse_uncountable(k, "k")
    refuse_unless(k <= array.shape[1], "k", f"at most {array.shape[1]}, the number of classes", k)
    true = array[np.arange(len(places)), places][:, np.newaxis]
    later = np.arange(array.shape[1]) > places[:, np.newaxis]
    before = ((array > true) | ((array == true) & later)).sum(axis=1)
    return (before < k).astype(np.float64)


def _losses(logits: ArrayLike, labels: ArrayLike) -> Floats:
    """Return the loss of each sample, in one row."""
    z = as_real_array(logits, "logits")
    if z.ndim < 2 or not z.size:
        raise ValueError(
            "logits must be rows of scores, one row at least, of shape (..., n_classes), "
            f"not {z.shape}"
        )
    indices = as_indices(labels, z.shape[:-1], z.shape[-1])
    return softmax_cross_entropy(z.reshape(-1, z.shape[-1]).astype(np.float64), indices)


def _flat(sample_weight: Any, shape: tuple[int, ...]) -> Any:
    """Return weights of the shape of the labels in one row."""
    if sample_weight is None or np.ndim(sample_weight) == 0:
        return sample_weight
    weight = as_real_array(sample_weight, "sample_weight")
    if weight.shape != shape:
        raise ValueError(f"sample_weight has shape {weight.shape}, the samples have shape {shape}")
    return weight.reshape(-1)


def _mean(values: Floats, sample_weight: ArrayLike | None) -> float:
    """Return the weighted mean, the same to the last bit for every order of the samples.

    Of blocks it is the mean of what each adds up to: their order may change the last bits.
    """
    if is_dask(values):
        weight = weights_beside(sample_weight, values)
        total, weights = sum_over_blocks(_sums, values, weight, shape=(2,)).compute()
        refuse_total(weights, weight.shape)
        return float(total / weights)
    if sample_weight is None:
        return float(np.sort(values).sum() / len(values))
    total, weights = _sums(values, as_sample_weight(sample_weight, len(values)))
    return float(total / weights)


def _sums(values: Floats, weight: Floats) -> tuple[float, float]:
    """Return the weighted sum, and the sum of the weights."""
    counts = weight > 0  # nothing times an infinite loss is nothing
    products = values[counts] * weight[counts]
    return np.sort(products).sum(), np.sort(weight[counts]).sum()
