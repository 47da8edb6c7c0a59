"""A classifier without an optimiser: the class whose average is nearest wins."""

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.checks import as_array, as_indices
from softmaxlab._types import Floats
from softmaxlab.learn._checks import as_features


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
    TypeError, ValueError
        If these are not finite numbers and integers of such shapes, or a class does not occur.

    Examples
    --------
    >>> weights, biases = template_weights([[0.0, 1.0], [0.0, 3.0], [2.0, 0.0]], [0, 0, 1])
    >>> weights.tolist(), biases.tolist()
    ([[-1.0, 1.0], [1.0, -1.0]], [0.0, 0.0])
    """
    X = as_array(X, "X")
    if X.ndim != 2 or not len(X):
        raise ValueError(f"X must have shape (n_samples, n_features), not {X.shape}")
    X = as_features(X, X.shape[1])
    places = as_indices(labels, X.shape[:1], np.iinfo(np.intp).max)
    classes = np.unique(places)
    missing = np.flatnonzero(classes != np.arange(len(classes)))
    if len(missing):
        raise ValueError(f"labels have no sample of class {missing[0]}: it has no average")
    averages = np.stack([X[places == k].mean(axis=0) for k in classes])
    biases = -(averages**2).sum(axis=1) / 2
    return averages - averages.mean(axis=0), biases - biases.mean()
