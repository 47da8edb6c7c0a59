"""From scores to probabilities: softmax and its relatives, computed from the largest score outward.

Scores are called logits. A logit of minus infinity is a masked class: its probability is zero.
NaN, plus infinity and rows with nothing but masked classes raise ``ValueError``.
"""

import numpy as np
from scipy import special

from softmaxlab._validation import as_logits, as_real_array

__all__ = ["hardmax", "log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax"]


def _outward(z):
    """Return ``(shifted, argmax, rest)``: scores minus the largest, its place, the others' sum."""
    place = z.argmax(axis=-1, keepdims=True)
    shifted = z - np.take_along_axis(z, place, axis=-1)
    others = np.exp(shifted)
    np.put_along_axis(others, place, 0, axis=-1)
    return shifted, place, others.sum(axis=-1, keepdims=True)


def logsumexp(logits, axis=-1):
    r"""Return the logarithm of the sum of the exponentials.

    ::

        max z + log1p(sum of exp(z_k - max z) over the others)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of shape (...)
        In the dtype of the logits; integers give float64.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real, hold NaN or plus infinity, or have no class to offer.

    Notes
    -----
    The largest term is exactly one. It stays out of the sum and goes into ``log1p``, so that small
    terms are not rounded away beside it.

    References
    ----------
    P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
    softmax functions", IMA J. Numer. Anal. 41 (2021).

    Examples
    --------
    >>> logsumexp([1000.0, 1000.0])
    np.float64(1000.6931471805599)
    """
    z = as_logits(logits, axis)
    _, _, rest = _outward(z)
    return (z.max(axis=-1, keepdims=True) + np.log1p(rest))[..., 0][()]


def softmax(logits, axis=-1):
    r"""Return the probabilities that belong to scores.

    ::

        a_i = exp(z_i) / sum_k exp(z_k)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        Probabilities; each row sums to one up to rounding.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real, hold NaN or plus infinity, or have no class to offer.

    Notes
    -----
    The largest score is subtracted first, which changes nothing on paper and prevents overflow.

    References
    ----------
    J. S. Bridle, "Probabilistic interpretation of feedforward classification network
    outputs", in Neurocomputing (1990).

    Examples
    --------
    >>> softmax([3.0, 1.0, -3.0]).round(6)
    array([0.878878, 0.118943, 0.002179])
    """
    z = as_logits(logits, axis)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    exponentials /= exponentials.sum(axis=-1, keepdims=True)
    return np.moveaxis(exponentials, -1, axis)


def log_softmax(logits, axis=-1):
    r"""Return the logarithms of the softmax probabilities, without computing these.

    ::

        log a_i = (z_i - max z) - log1p(sum of exp(z_k - max z) over the others)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        Log-probabilities in nats; minus infinity for masked classes.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax`.

    Examples
    --------
    >>> log_softmax([123.0, 456.0, 789.0])
    array([-6.66000000e+002, -3.33000000e+002, -2.39848787e-145])
    """
    z = as_logits(logits, axis)
    shifted, _, rest = _outward(z)
    return np.moveaxis(shifted - np.log1p(rest), -1, axis)


def sigmoid(logits):
    r"""Return the probability of *yes* that belongs to one score.

    ::

        sigmoid(s) = 1 / (1 + exp(-s))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.

    Returns
    -------
    ndarray of the shape of ``logits``
        Probabilities.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real numbers or hold NaN.

    Examples
    --------
    >>> sigmoid(2.0).round(6)
    np.float64(0.880797)
    """
    return special.expit(_without_nan(logits))


def log_sigmoid(logits):
    r"""Return the logarithm of the sigmoid, without computing the sigmoid.

    ::

        log sigmoid(s) = -log(1 + exp(-s))

    Parameters
    ----------
    logits : array_like
        Scores, in nats; infinities are allowed.

    Returns
    -------
    ndarray of the shape of ``logits``
        Log-probabilities in nats.

    Raises
    ------
    TypeError, ValueError
        If the logits are not real numbers or hold NaN.

    Examples
    --------
    >>> log_sigmoid([-1000.0, 0.0])
    array([-1.00000000e+03, -6.93147181e-01])
    """
    return special.log_expit(_without_nan(logits))


def _without_nan(logits):
    z = as_real_array(logits, "logits")
    if np.isnan(z).any():
        raise ValueError(f"logits of shape {z.shape} hold NaN")
    return z


def hardmax(logits, axis=-1):
    """Return a one at the largest score and zeros elsewhere.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        One-hot rows. Of several largest scores the first gets the one, as with ``argmax``.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmax`.

    Examples
    --------
    >>> hardmax([3.0, 1.0, -3.0])
    array([1., 0., 0.])
    """
    z = as_logits(logits, axis)
    ones = np.zeros_like(z)
    np.put_along_axis(ones, z.argmax(axis=-1, keepdims=True), 1, axis=-1)
    return np.moveaxis(ones, -1, axis)
