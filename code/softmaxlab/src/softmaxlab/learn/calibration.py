"""Find out whether probabilities are honest: what is called p sure should be right p of the time.

`reliability_curve` looks, `expected_calibration_error` puts it into one number, and
`TemperatureScaling` mends it with one parameter.
"""

from typing import Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from softmaxlab._numerics.checks import (
    as_indices,
    as_real_array,
    as_rows,
    refuse_other_than_distributions,
)
from softmaxlab._types import Floats, Ints
from softmaxlab.activations import log_softmax, softmax
from softmaxlab.losses import softmax_cross_entropy, softmax_cross_entropy_grad

Strategy: TypeAlias = Literal["uniform", "quantile"]

_FARTHEST = 100  # natural logarithm of the hottest temperature that is tried


class ReliabilityCurve(NamedTuple):
    """Confidence and accuracy, bin by bin; bins without samples are left out."""

    confidence: Floats  # mean probability of the predicted class in each bin
    accuracy: Floats  # share of right predictions in each bin
    count: Ints  # type: ignore[assignment]  # samples in each bin; the name hides tuple.count


def reliability_curve(
    p: ArrayLike, labels: ArrayLike, n_bins: int = 15, strategy: Strategy = "uniform"
) -> ReliabilityCurve:
    """Compare how sure a classifier says it is with how often it is right.

    The samples are sorted into bins by their confidence, the probability of the predicted class.

    Parameters
    ----------
    p : array_like of shape (n_samples, n_classes)
        Predicted probabilities.
    labels : array_like of shape (n_samples,)
        The true classes, integers from 0.
    n_bins : int
        Number of bins.
    strategy : {"uniform", "quantile"}
        ``"uniform"``: bins of equal width from 0 to 1, closed above: ``((m - 1) / n, m / n]``.
        ``"quantile"``: bins with equally many samples, up to one; ties are not split by
        confidence, but in the order of the samples.

    Returns
    -------
    ReliabilityCurve
        ``confidence``, ``accuracy`` and ``count``, one entry per bin that is not empty.

    Raises
    ------
    ValueError
        If the rows of ``p`` are no distributions, the labels no classes, or there is no such
        strategy.

    References
    ----------
    A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised learning",
    ICML 2005.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]]
    >>> curve = reliability_curve(p, [0, 0, 1, 0], n_bins=2, strategy="quantile")
    >>> curve.confidence.round(2), curve.accuracy, curve.count
    (array([0.65, 0.85]), array([0.5, 1. ]), array([2, 2]))
    """
    confidence, right = _confidence_and_success(p, labels)
    place = _bins(confidence, n_bins, strategy)
    count = np.bincount(place, minlength=n_bins)
    sums = [np.bincount(place, weights, minlength=n_bins) for weights in (confidence, right)]
    full = count > 0
    mean_confidence, accuracy = (total[full] / count[full] for total in sums)
    return ReliabilityCurve(mean_confidence, accuracy, count[full])


def expected_calibration_error(
    p: ArrayLike, labels: ArrayLike, n_bins: int = 15, strategy: Strategy = "uniform"
) -> float:
    """Return the mean gap between confidence and accuracy over the bins.

    ::

        ECE = sum over bins (count / n_samples) * |accuracy - confidence|

    Parameters
    ----------
    p, labels, n_bins, strategy
        As in `reliability_curve`.

    Returns
    -------
    float
        From 0 to 1; 0 is what an honest classifier tends to.

    Raises
    ------
    ValueError
        As in `reliability_curve`.

    Notes
    -----
    It is an estimate with traps. More bins give a larger number; with few samples even an honest
    classifier is far from 0, because within a bin the gap's noise is counted by its size; and a
    classifier that always says the share of the commonest class has an error of 0.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks",
    ICML 2017.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]]
    >>> round(expected_calibration_error(p, [0, 0, 1, 0], n_bins=2), 3)
    0.0
    >>> round(expected_calibration_error(p, [0, 0, 1, 0], n_bins=2, strategy="quantile"), 3)
    0.15
    """
    curve = reliability_curve(p, labels, n_bins, strategy)
    gaps = np.abs(curve.accuracy - curve.confidence)
    return float(curve.count @ gaps / curve.count.sum())


class TemperatureScaling:
    """Divide all logits by one number, the temperature, that makes held-out data most likely.

    Above 1 it takes confidence away, below 1 it adds some; the predicted classes stay. It is fitted
    on data that the classifier has not learned from: on its own training data it looks too good.

    Attributes
    ----------
    temperature_ : float
        The temperature that was found.
    log_temperature_ : float
        Its natural logarithm.

    Notes
    -----
    The mean loss is convex in ``beta = 1 / T``. Its derivative is the loss's own gradient, against
    the direction in which the temperature moves the logits::

        d loss / d beta = mean of sum_k (a_k - y_k) z_k,   a = softmax(beta z)

    It rises with ``beta``: from the mean logit minus the true one to the largest minus the true
    one. Between, it has one root, which is bracketed in ``log T``, where temperatures of any size
    are near, and found by Brent's method: there is no step size, and no second minimum.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks",
    ICML 2017.

    Examples
    --------
    A model that says 0.9 and is right three times in four; its honest logit is log 3:

    >>> logits, labels = np.full((4, 2), [np.log(9), 0.0]), [0, 0, 0, 1]
    >>> scaling = TemperatureScaling().fit(logits, labels)
    >>> round(scaling.temperature_, 12), scaling.predict_proba([np.log(9), 0.0]).round(12)
    (2.0, array([0.75, 0.25]))
    """

    def fit(self, logits: ArrayLike, labels: ArrayLike) -> Self:
        """Find the temperature with the smallest mean cross-entropy.

        Parameters
        ----------
        logits : array_like of shape (n_samples, n_classes)
            Scores of held-out data.
        labels : array_like of shape (n_samples,)
            Their true classes, integers from 0.

        Returns
        -------
        TemperatureScaling
            The object itself.

        Raises
        ------
        TypeError, ValueError
            If logits or labels are not what is described above, or if no temperature is best: all
            true classes have the largest logit already, so that the colder the better; or on
            average the true logit is not above the mean of the logits, so that the hotter the
            better.
        """
        logits = np.asarray(logits, dtype=np.float64)
        if logits.ndim != 2 or not len(logits) or not np.isfinite(logits).all():
            raise ValueError(
                f"logits must be rows of finite numbers, one row at least; shape {logits.shape}, "
                f"{np.count_nonzero(~np.isfinite(logits))} not finite"
            )
        labels = as_indices(labels, logits.shape[:1], logits.shape[1])
        margins = logits - np.take_along_axis(logits, labels[:, np.newaxis], axis=1)
        cold, hot = _bracket(margins, labels)
        self.log_temperature_ = float(
            optimize.brentq(_slope, cold, hot, args=(margins, labels), xtol=1e-14, rtol=1e-14)
        )
        self.temperature_ = float(np.exp(self.log_temperature_))
        return self

    def transform(self, logits: ArrayLike) -> Floats:
        """Return the logits divided by the temperature.

        Parameters
        ----------
        logits : array_like of shape (..., n_classes)
            Scores.

        Returns
        -------
        ndarray of the shape of ``logits``
            Scores of the same order, nearer together if the temperature is above 1.
        """
        return np.asarray(logits) / self._fitted()

    def predict_proba(self, logits: ArrayLike) -> Floats:
        """Return the probabilities of these logits at the fitted temperature.

        Parameters
        ----------
        logits : array_like of shape (..., n_classes)
            Scores.

        Returns
        -------
        ndarray of the shape of ``logits``
            Probabilities; the classes are on the last axis.
        """
        return softmax(self.transform(logits), axis=-1)

    def predict_log_proba(self, logits: ArrayLike) -> Floats:
        """Return the logarithms of the probabilities.

        Parameters
        ----------
        logits : array_like of shape (..., n_classes)
            Scores.

        Returns
        -------
        ndarray of the shape of ``logits``
            Log-probabilities in nats.
        """
        return log_softmax(self.transform(logits), axis=-1)

    def loss(self, logits: ArrayLike, labels: ArrayLike) -> float:
        """Return the mean cross-entropy at the fitted temperature.

        Parameters
        ----------
        logits : array_like of shape (n_samples, n_classes)
            Scores.
        labels : array_like of shape (n_samples,)
            The true classes, integers from 0.

        Returns
        -------
        float
            In nats.
        """
        return float(softmax_cross_entropy(self.transform(logits), labels).mean())

    def _fitted(self) -> float:
        """Return the temperature, or say that it is not there yet."""
        if not hasattr(self, "temperature_"):
            raise ValueError("this TemperatureScaling is not fitted yet: call fit first")
        return self.temperature_


def _slope(log_temperature: float, margins: Floats, labels: Ints) -> float:
    """Return the derivative of the mean loss with respect to 1 / T; it falls as T rises.

    Margins are the logits minus the true one, so that every term has its right sign, however small.
    """
    gradient = softmax_cross_entropy_grad(margins * np.exp(-log_temperature), labels)
    return float(np.vdot(gradient, margins) / len(margins))


def _bracket(margins: Floats, labels: Ints) -> tuple[int, int]:
    """Return a log T that is too cold and one that is too hot, or say why there is none."""
    ways = range(_FARTHEST)
    cold = next((-t for t in ways if _slope(-t, margins, labels) > 0), None)
    hot = next((t for t in ways if _slope(t, margins, labels) < 0), None)
    if cold is None:
        raise ValueError(
            "no temperature is best, the colder the better: the logits give every label the "
            "largest score; fit on data that the classifier has not learned from"
        )
    if hot is None:
        raise ValueError(
            "no temperature is best, the hotter the better: on average the logits of the labels "
            "are not above the others"
        )
    return cold, hot


def _confidence_and_success(p: ArrayLike, labels: ArrayLike) -> tuple[Floats, NDArray[np.bool]]:
    """Return each sample's largest probability, and whether that class is the true one."""
    p, labels = np.asarray(p), np.asarray(labels)
    if p.ndim != 2 or labels.shape != p.shape[:1] or not len(p):
        raise ValueError(
            f"p must be rows of probabilities and labels one class per row, one row at least; "
            f"shapes {p.shape} and {labels.shape}"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= p.shape[1]:
        raise ValueError(f"labels must be integers from 0 to {p.shape[1] - 1}")
    refuse_other_than_distributions(as_rows(as_real_array(p, "p"), 1, "p"))
    return p.max(axis=1).astype(np.float64), p.argmax(axis=1) == labels


def _bins(confidence: Floats, n_bins: int, strategy: str) -> Ints:
    """Return the bin of each sample, from 0."""
    if n_bins < 1:
        raise ValueError(f"n_bins must be at least 1, not {n_bins}")
    if strategy == "uniform":
        return np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], confidence)
    if strategy == "quantile":
        rank = np.empty(len(confidence), dtype=int)
        rank[np.argsort(confidence, kind="stable")] = np.arange(len(confidence))
        return rank * n_bins // len(confidence)
    raise ValueError(f"strategy must be 'uniform' or 'quantile', not {strategy!r}")
