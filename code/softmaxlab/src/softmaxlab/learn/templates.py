"""A classifier without an optimiser: the class whose average is nearest wins."""

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._types import Floats


def template_weights(X: ArrayLike, labels: ArrayLike) -> tuple[Floats, Floats]:
    r"""Return weights and biases whose scores rank the classes by the distance to their averages.

    ::

        z_i = m_i . x - |m_i|^2 / 2,   m_i the average of class i

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Samples, one row for each.
    labels : array_like of int, shape (n_samples,)
        The class of each sample; every class from 0 to the largest must occur.

    Returns
    -------
    weights : ndarray of shape (n_classes, n_features)
        The averages, less what all classes have in common.
    biases : ndarray of shape (n_classes,)
        Likewise; so the scores of every sample add up to zero.

    Raises
    ------
    ValueError
        If a class does not occur.

    Examples
    --------
    >>> weights, biases = template_weights([[0.0, 1.0], [0.0, 3.0], [2.0, 0.0]], [0, 0, 1])
    >>> weights.tolist(), biases.tolist()
    ([[-1.0, 1.0], [1.0, -1.0]], [0.0, 0.0])
    """
    X, labels = np.asarray(X, float), np.asarray(labels)
    counts = np.bincount(labels)
    if not counts.all():
        raise ValueError(f"labels have no sample of class {counts.argmin()}: it has no average")
    averages = np.stack([X[labels == k].mean(axis=0) for k in range(len(counts))])
    biases = -(averages**2).sum(axis=1) / 2
    return averages - averages.mean(axis=0), biases - biases.mean()
