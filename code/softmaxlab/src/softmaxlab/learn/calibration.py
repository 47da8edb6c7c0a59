"""Find out whether probabilities are honest: what is called p sure should be right p of the time.

`reliability_curve` looks, the calibration errors put it into one number, and `TemperatureScaling`
mends it with one parameter.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from softmaxlab._numerics.checks import as_array, first_true
from softmaxlab._numerics.dask_blocks import (
    beside,
    is_dask,
    refuse_parts_of_rows,
    sum_over_blocks,
)
from softmaxlab._types import Array, Floats, Ints
from softmaxlab.activations import log_softmax, softmax
from softmaxlab.learn._blocks import weights_beside
from softmaxlab.learn._checks import (
    as_places,
    as_predictions,
    as_sample_weight,
    refuse_masked_or_complex,
    refuse_total,
    refuse_uncountable,
    refuse_unless,
    sorted_labels,
    validated,
)
from softmaxlab.losses import softmax_cross_entropy, softmax_cross_entropy_grad

Strategy: TypeAlias = Literal["uniform", "quantile"]

_FARTHEST = 680  # natural logarithm of the hottest temperature tried; float64 ends at 709


class ReliabilityCurve(NamedTuple):
    """Confidence and accuracy, bin by bin; bins without samples are left out."""

    confidence: Floats  # mean probability of the predicted class in each bin
    accuracy: Floats  # share of right predictions in each bin
    # Samples in each bin, or the sum of their weights. The name hides tuple.count.
    count: Ints | Floats  # type: ignore[assignment]


def reliability_curve(
    p: ArrayLike,
    labels: ArrayLike,
    n_bins: int = 15,
    strategy: Strategy = "uniform",
    *,
    sample_weight: ArrayLike | None = None,
) -> ReliabilityCurve:
    """Compare how sure a classifier says it is with how often it is right.

    The samples are sorted into bins by their confidence, the probability of the predicted class.

    Parameters
    ----------
    p : array_like or dask array of shape (n_samples, n_classes)
        Predicted probabilities. Those of Dask are in blocks of whole rows, and add up block by
        block: see `softmaxlab.large`.
    labels : array_like or dask array of shape (n_samples,)
        The true classes, integers from 0.
    n_bins : int
        Number of bins.
    strategy : {"uniform", "quantile"}
        ``"uniform"``: bins of equal width from 0 to 1, closed above: ``((m - 1) / n, m / n]``.
        ``"quantile"``: bins with equally many samples, up to one, or with equal weight. Equal
        confidences share a bin, the one of the first of them; so some bins may stay empty. It
        needs all confidences in order, so that it is not for arrays of Dask.
    sample_weight : array_like of shape (n_samples,), optional
        How much each sample counts, by default 1; a weight of 2 is the sample twice.

    Returns
    -------
    ReliabilityCurve
        ``confidence``, ``accuracy`` and ``count``, one entry per bin that is not empty. With
        weights, ``count`` is their sum.

    Raises
    ------
    TypeError, ValueError
        If the rows of ``p`` are no distributions, the labels no classes, the weights negative, the
        bins not to be counted, or there is no such strategy.

    Notes
    -----
    The order of the samples does not matter. Bins and counts are the same to the last bit, and so
    is the accuracy without weights, which is a ratio of whole numbers; the confidence, and all
    with weights, is a sum that is rounded in another order.

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
    if is_dask(p):
        sums = _sums_over_blocks(_sums_of_predicted, p, labels, sample_weight, n_bins, strategy)
        return _means(sums[0])
    p, labels = as_predictions(p, labels)
    right = p.argmax(axis=1) == labels
    return _curve(p.max(axis=1), right, sample_weight, n_bins, strategy)


def expected_calibration_error(
    p: ArrayLike,
    labels: ArrayLike,
    n_bins: int = 15,
    strategy: Strategy = "uniform",
    *,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the mean gap between confidence and accuracy over the bins.

    ::

        ECE = sum over bins (count / n_samples) * |accuracy - confidence|

    Parameters
    ----------
    p, labels, n_bins, strategy, sample_weight
        As in `reliability_curve`.

    Returns
    -------
    float
        From 0 to 1; 0 is what an honest classifier tends to.

    Raises
    ------
    TypeError, ValueError
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
    return _mean_gap(reliability_curve(p, labels, n_bins, strategy, sample_weight=sample_weight))


def maximum_calibration_error(
    p: ArrayLike,
    labels: ArrayLike,
    n_bins: int = 15,
    strategy: Strategy = "uniform",
    *,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the largest gap between confidence and accuracy over the bins.

    ::

        MCE = max over bins |accuracy - confidence|

    Parameters
    ----------
    p, labels, n_bins, strategy, sample_weight
        As in `reliability_curve`.

    Returns
    -------
    float
        From 0 to 1, and never below the expected calibration error of the same bins.

    Raises
    ------
    TypeError, ValueError
        As in `reliability_curve`.

    Notes
    -----
    A bin with a single sample counts as much as any other: bins of equal number say more here.

    References
    ----------
    M. Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI 2015.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]]
    >>> round(maximum_calibration_error(p, [0, 0, 1, 0], n_bins=2, strategy="quantile"), 3)
    0.15
    """
    curve = reliability_curve(p, labels, n_bins, strategy, sample_weight=sample_weight)
    return float(_gaps(curve).max())


def classwise_calibration_error(
    p: ArrayLike,
    labels: ArrayLike,
    n_bins: int = 15,
    strategy: Strategy = "uniform",
    *,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the calibration error of every class, not of the predicted one alone, in the mean.

    For each class k the samples are binned by its own probability, and that is compared with how
    often k is the true class::

        (1 / n_classes) sum_k sum over bins (count / n_samples) * |share of k - mean p_k|

    Parameters
    ----------
    p, labels, n_bins, strategy, sample_weight
        As in `reliability_curve`, but the bins are those of each class's probability.

    Returns
    -------
    float
        From 0 to 1; 0 is what a classifier tends to that is honest about every class.

    Raises
    ------
    TypeError, ValueError
        As in `reliability_curve`.

    References
    ----------
    M. Kull, M. Perello Nieto, M. Kängsepp, T. Silva Filho, H. Song and P. Flach, "Beyond
    temperature scaling: obtaining well-calibrated multi-class probabilities with Dirichlet
    calibration", NeurIPS 2019.

    Examples
    --------
    Class 0 is promised too much by as much as class 1 too little:

    >>> round(classwise_calibration_error([[0.75, 0.25]] * 2, [0, 1]), 3)
    0.25
    """
    if is_dask(p):
        sums = _sums_over_blocks(_sums_of_classes, p, labels, sample_weight, n_bins, strategy)
        return float(np.mean([_mean_gap(_means(of_class)) for of_class in sums]))
    p, labels = as_predictions(p, labels)
    errors = [
        _mean_gap(_curve(p[:, k], labels == k, sample_weight, n_bins, strategy))
        for k in range(p.shape[1])
    ]
    return float(np.mean(errors))


class TemperatureScaling(ClassifierMixin, BaseEstimator):
    """Divide all logits by one number, the temperature, that makes held-out data most likely.

    Above 1 it takes confidence away, below 1 it adds some; the predicted classes stay. It is fitted
    on data that the classifier has not learned from: on its own training data it looks too good.

    It is a scikit-learn classifier whose features are the logits of another one: rows with a logit
    for each class, or, of two classes, one number for each sample, the second's logit against the
    first's, as ``decision_function`` gives it.

    Attributes
    ----------
    temperature_ : float
        The temperature that was found.
    log_temperature_ : float
        Its natural logarithm.
    classes_ : ndarray of shape (n_classes,)
        The labels, in the order of the columns of logits.
    n_features_in_ : int
        Number of columns that ``fit`` saw.
    feature_names_in_ : ndarray of shape (n_features,)
        Their names, if X was a data frame.

    Notes
    -----
    The mean loss is convex in ``beta = 1 / T``. Its derivative is the loss's own gradient, against
    the direction in which the temperature moves the logits::

        d loss / d beta = mean of sum_k (a_k - y_k) z_k,   a = softmax(beta z)

    It rises with ``beta``: from the mean logit minus the true one to the largest minus the true
    one. Between, it has one root, which is bracketed in ``log T``, where temperatures of any size
    are near, and found by Brent's method: there is no step size, and no second minimum. The order
    of the samples changes the temperature by rounding alone.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks",
    ICML 2017.

    Examples
    --------
    A model that says 0.9 and is right three times in four; its honest logit is log 3:

    >>> logits, labels = np.full((4, 2), [np.log(9), 0.0]), [0, 0, 0, 1]
    >>> scaling = TemperatureScaling().fit(logits, labels)
    >>> round(scaling.temperature_, 12), scaling.predict_proba(logits[:1]).round(12)
    (2.0, array([[0.75, 0.25]]))
    """

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Find the temperature with the smallest mean cross-entropy.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits of held-out data.
        y : array_like of shape (n_samples,)
            Their true classes: integers from 0, the numbers of the columns; or other labels, one
            for each column, in whose sorted order the columns stand.
        sample_weight : array_like of shape (n_samples,), optional
            How much each sample counts; not negative, not all zero.

        Returns
        -------
        TemperatureScaling
            The object itself.

        Raises
        ------
        TypeError, ValueError
            If the logits, labels or weights are not what is described above, or if no temperature
            is best: all true classes have the largest logit already, so that the colder the
            better; or on average the true logit is not above the mean of the logits, so that the
            hotter the better; or the logits of each sample are equal.
        """
        shape = as_array(y, "y").shape
        if len(shape) > 1 and shape[1:] != (1,):
            raise ValueError(f"labels y of shape {shape} must be one label for each row of X")
        X, y = validated(self, X=_column(X), y=y, dtype=_FLOATS)
        logits = _two_columns(X).astype(np.float64, copy=False)
        self.classes_, labels = _columns_of_labels(y, logits)
        weight = as_sample_weight(sample_weight, len(y))
        counts = weight > 0
        self.log_temperature_, self.temperature_ = _best_temperature(
            logits[counts], labels[counts], weight[counts] / weight.sum()
        )
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return the logits divided by the temperature; of two classes, their difference.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), or (n_samples,) of two classes
            Scores of the same order, nearer together if the temperature is above 1.
        """
        scores = self._scaled(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> Array:
        """Return the most probable label of each row, which no temperature changes.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits.

        Returns
        -------
        ndarray of shape (n_samples,)
            Labels.
        """
        places = self._scaled(X).argmax(axis=1)
        return self.classes_[places]

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities of these logits at the fitted temperature.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Probabilities in the order of ``classes_``, in the dtype of the logits.
        """
        return softmax(self._scaled(X), axis=1)

    def predict_log_proba(self, X: Any) -> Floats:
        """Return the logarithms of the probabilities.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Log-probabilities in nats.
        """
        return log_softmax(self._scaled(X), axis=1)

    def loss(self, X: Any, y: Any) -> float:
        """Return the mean cross-entropy at the fitted temperature.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_classes), or (n_samples,) of two classes
            Logits.
        y : array_like of shape (n_samples,)
            The true classes, as ``fit`` takes them.

        Returns
        -------
        float
            In nats.
        """
        logits = self._scaled(X)
        refuse_masked_or_complex(y=y)
        labels = as_places(np.asarray(y), self.classes_)
        return float(softmax_cross_entropy(logits, labels).mean())

    def _scaled(self, X: Any) -> Floats:
        """Return the logits of all classes, divided by the temperature."""
        check_is_fitted(self)
        X = validated(self, X=_column(X), dtype=_FLOATS, ensure_all_finite=False, reset=False)
        with np.errstate(over="ignore"):
            scaled = _two_columns(X) / self.temperature_
        place = first_true(~(scaled < np.inf))  # minus infinity is a class that is masked
        if place is not None:
            raise ValueError(
                f"X of shape {X.shape} contains NaN, inf, or what a temperature of "
                f"{self.temperature_:g} makes so: in row {place[0]}, {X[place[0]]}"
            )
        return scaled


_BEYOND = "no temperature is best that float64 holds: the logits of some samples are too large"
_FLOATS = (np.float64, np.float32, np.float16)


def _column(X: Any) -> Any:
    """Return one score for each sample as a column, and all else as it is."""
    array = as_array(X, "X")
    return array[:, np.newaxis] if array.ndim == 1 else X


def _two_columns(X: Floats) -> Floats:
    """Return a column, the second class's logits against the first's, as logits of both."""
    return np.hstack([np.zeros_like(X), X]) if X.shape[1] == 1 else X


def _columns_of_labels(y: Array, logits: Floats) -> tuple[Array, Ints]:
    """Return the label of each column, and the column of each label."""
    classes, n_classes = sorted_labels(y), logits.shape[1]
    if y.dtype.kind in "iu" and classes[0] >= 0 and classes[-1] < n_classes:
        classes = np.arange(n_classes)  # numbers of columns, of which some may be missing
    if len(classes) != n_classes:
        raise ValueError(
            f"labels y of shape {y.shape} hold {len(classes)} different ones, {classes}: the "
            f"logits have {n_classes} columns, one for each, or with integers from 0 for names"
        )
    return classes, np.searchsorted(classes, y)


def _best_temperature(logits: Floats, labels: Ints, share: Floats) -> tuple[float, float]:
    """Return the temperature at which the mean loss is smallest, first its logarithm.

    It is found from margins, the logits minus the true one, so that every term of the slope has its
    right sign, however small; divided by a power of two, they are about 1 in the mean.
    """
    margins = np.ldexp(logits, -1)  # halves: the difference of two large ones might overflow
    margins -= np.take_along_axis(margins, labels[:, np.newaxis], axis=1)
    _refuse_without_best(margins, share)
    exponent = _exponent_of_mean(np.abs(margins))
    slope = partial(
        _slope, margins=np.ldexp(margins, -exponent, out=margins), labels=labels, share=share
    )
    root = optimize.brentq(slope, *_bracket(slope), xtol=1e-14, rtol=1e-14)
    with np.errstate(over="ignore"):
        temperature = float(np.ldexp(np.exp(root), exponent + 1))
    if not 0 < temperature < np.inf:
        raise ValueError(_BEYOND)
    return float(root + (exponent + 1) * np.log(2)), temperature


def _exponent_of_mean(sizes: Floats) -> int:
    """Return the exponent of two of the mean of numbers whose sum might overflow."""
    largest = np.frexp(sizes.max())[1]
    return int(largest + np.frexp(np.ldexp(sizes, -largest).mean())[1])


def _slope(log_temperature: float, margins: Floats, labels: Ints, share: Floats) -> float:
    """Return the derivative of the mean loss with respect to 1 / T; it falls as T rises."""
    gradient = softmax_cross_entropy_grad(margins * np.exp(-log_temperature), labels)
    return float(share @ np.einsum("ik,ik->i", gradient, margins))


def _refuse_without_best(margins: Floats, share: Floats) -> None:
    """Raise if the slope has the same sign at all temperatures."""
    if not margins.any():
        raise ValueError(
            "no temperature is best, all are as good: the logits of each sample are equal"
        )
    if margins.max() <= 0:
        raise ValueError(
            "no temperature is best, the colder the better: the logits give every label the "
            "largest score; fit on data that the classifier has not learned from"
        )
    if share @ (margins / margins.shape[1]).sum(axis=1) >= 0:  # a sum alone might overflow
        raise ValueError(
            "no temperature is best, the hotter the better: on average the logits of the labels "
            "are not above the others"
        )


def _bracket(slope: Callable[[float], float]) -> tuple[int, int]:
    """Return two log T, one apart, between which the slope changes its sign."""
    too_cold = slope(0) > 0
    step = 1 if too_cold else -1
    for log_temperature in range(step, step * _FARTHEST, step):
        if (slope(log_temperature) > 0) != too_cold:
            return log_temperature - step, log_temperature
    raise ValueError(_BEYOND)


def _curve(
    confidence: Floats,
    right: NDArray[np.bool],
    sample_weight: ArrayLike | None,
    n_bins: int,
    strategy: str,
) -> ReliabilityCurve:
    """Return the means of each bin; ``right`` says of what the confidence speaks came true."""
    confidence = confidence.astype(np.float64)
    weight = None if sample_weight is None else as_sample_weight(sample_weight, len(right))
    place = _bins(confidence, weight, n_bins, strategy)
    return _means(_bin_sums(place, confidence, right, weight, n_bins))


def _bin_sums(
    place: Ints, confidence: Floats, right: NDArray[np.bool], weight: Floats | None, n_bins: int
) -> list[Array]:
    """Return of each bin the weight, and the sums of the confidence and of what is right."""
    count = np.bincount(place, weight, minlength=n_bins)
    factor = 1 if weight is None else weight
    sums = [np.bincount(place, factor * each, minlength=n_bins) for each in (confidence, right)]
    return [count, *sums]


def _means(sums: Sequence[Array]) -> ReliabilityCurve:
    """Return the means of the bins that are not empty, from the sums."""
    count, *others = sums
    full = count > 0
    mean_confidence, accuracy = (total[full] / count[full] for total in others)
    return ReliabilityCurve(mean_confidence, accuracy, count[full])


def _sums_over_blocks(
    of_block: Callable[..., Any], p: Any, labels: Any, weight: Any, n_bins: int, strategy: str
) -> list[list[Array]]:
    """Return the sums in the bins of each kind of event, those of all blocks together."""
    _check_bins(n_bins, strategy)
    if strategy != "uniform":
        raise ValueError(
            f"strategy {strategy!r} needs all confidences in order: with arrays of Dask use "
            "'uniform', or hand over p.compute()"
        )
    refuse_parts_of_rows(p, "p")
    n_events = 1 if of_block is _sums_of_predicted else p.shape[1]
    arrays = p, beside(labels, p, "labels"), weights_beside(weight, p)
    sums = sum_over_blocks(of_block, *arrays, shape=(n_events, 3, n_bins), n_bins=n_bins).compute()
    refuse_total(sums[0, 0].sum(), p.shape[:1])
    counts = sums[:, 0].astype(np.intp) if weight is None else sums[:, 0]
    return [[count, *others] for count, others in zip(counts, sums[:, 1:], strict=True)]


def _sums_of_predicted(p: Floats, labels: Ints, weight: Floats, n_bins: int) -> list[Any]:
    """Return the sums in the bins of the predicted class's probability, for a block."""
    if not len(p):
        return [np.zeros((3, n_bins))]
    p, labels = as_predictions(p, labels)
    return [_uniform_sums(p.max(axis=1), p.argmax(axis=1) == labels, weight, n_bins)]


def _sums_of_classes(p: Floats, labels: Ints, weight: Floats, n_bins: int) -> list[Any]:
    """Return the sums in the bins of each class's probability, for a block."""
    if not len(p):
        return [np.zeros((3, n_bins))] * p.shape[1]
    p, labels = as_predictions(p, labels)
    return [_uniform_sums(p[:, k], labels == k, weight, n_bins) for k in range(p.shape[1])]


def _uniform_sums(
    confidence: Floats, right: NDArray[np.bool], weight: Floats, n_bins: int
) -> list[Array]:
    """Return the sums in bins of equal width."""
    confidence = confidence.astype(np.float64)
    return _bin_sums(_uniform_bins(confidence, n_bins), confidence, right, weight, n_bins)


def _gaps(curve: ReliabilityCurve) -> Floats:
    """Return the distance of confidence and accuracy in each bin."""
    return np.abs(curve.accuracy - curve.confidence)


def _mean_gap(curve: ReliabilityCurve) -> float:
    """Return the mean of the gaps over the samples."""
    return float(curve.count @ _gaps(curve) / curve.count.sum())


def _bins(confidence: Floats, weight: Floats | None, n_bins: int, strategy: str) -> Ints:
    """Return the bin of each sample, from 0."""
    _check_bins(n_bins, strategy)
    if strategy == "uniform":
        return _uniform_bins(confidence, n_bins)
    return _quantile_bins(
        confidence, np.ones(len(confidence)) if weight is None else weight, n_bins
    )


def _check_bins(n_bins: int, strategy: str) -> None:
    """Raise unless there is such a strategy, and the bins can be counted."""
    refuse_uncountable(n_bins, "n_bins")
    refuse_unless(
        isinstance(strategy, str) and strategy in ("uniform", "quantile"),
        "strategy",
        "'uniform' or 'quantile'",
        strategy,
    )


def _uniform_bins(confidence: Floats, n_bins: int) -> Ints:
    """Return bins of equal width, closed above."""
    return np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], confidence)


def _quantile_bins(confidence: Floats, weight: Floats, n_bins: int) -> Ints:
    """Return bins of equal weight, the same for equal confidences: that of the first of them."""
    order = np.lexsort(
        (weight, confidence)
    )  # by weight, too, lest sums depend on the samples' order
    ordered, total = confidence[order], np.cumsum(weight[order])
    below = np.concatenate([[0.0], total[:-1]])
    below[1:][ordered[1:] == ordered[:-1]] = 0
    place = np.empty(len(order), dtype=int)
    place[order] = np.maximum.accumulate(below) * n_bins // total[-1]
    return np.minimum(place, n_bins - 1)  # samples without weight may come after all weight
