"""Entropy, cross-entropy and KL divergence of distributions: ``p`` is true, ``q`` is the model.

The unit is the nat; ``base=2`` gives bits. A row that is no distribution raises ``ValueError``:
nothing is clipped or renormalised. An outcome with ``p = 0`` adds nothing.
"""

import numpy as np
from scipy import special

from softmaxlab._validation import as_distribution

__all__ = ["cross_entropy", "entropy", "kl_divergence"]


def _in_base(nats, base):
    if base is None:
        return nats
    if not base > 0 or base == 1:
        raise ValueError(f"base must be positive and not 1, got {base}")
    if base == 2:
        return nats / np.log(2)
    return nats / np.log(base)


def _pair(p, q, axis):
    p, q = as_distribution(p, axis, "p"), as_distribution(q, axis, "q")
    if p.shape[-1] != q.shape[-1]:
        raise ValueError(f"p has {p.shape[-1]} classes and q has {q.shape[-1]}")
    return p, q


def entropy(p, axis=-1, base=None):
    r"""Return the average surprise of a distribution.

    ::

        H(p) = -sum_k p_k log p_k

    Parameters
    ----------
    p : array_like of shape (..., n_classes)
        Distributions.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Entropies.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution.

    References
    ----------
    C. E. Shannon, "A mathematical theory of communication", Bell Syst. Tech. J. 27 (1948).

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    """
    return _in_base(special.entr(as_distribution(p, axis, "p")).sum(axis=-1), base)


def cross_entropy(p, q, axis=-1, base=None):
    r"""Return the average surprise of one who believes ``q`` while ``p`` is true.

    ::

        H(p, q) = -sum_k p_k log q_k

    Parameters
    ----------
    p, q : array_like of shape (..., n_classes)
        The true distributions and the model's.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Infinite where ``q`` is zero and ``p`` is not.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution or the numbers of classes differ.

    Examples
    --------
    >>> cross_entropy([1, 0, 0], [0.5, 0.4, 0.1]).round(6)
    np.float64(0.693147)
    """
    p, q = _pair(p, q, axis)
    return _in_base(-special.xlogy(p, q).sum(axis=-1), base)


def kl_divergence(p, q, axis=-1, base=None):
    r"""Return what believing ``q`` costs beyond what is unavoidable.

    ::

        KL(p || q) = sum_k p_k log(p_k / q_k)

    Parameters
    ----------
    p, q : array_like of shape (..., n_classes)
        The true distributions and the model's.
    axis : int
        The class axis.
    base : float, optional
        Base of the logarithm; by default nats.

    Returns
    -------
    ndarray of shape (...)
        Never negative; infinite where ``q`` is zero and ``p`` is not.

    Raises
    ------
    TypeError, ValueError
        If a row is no distribution or the numbers of classes differ.

    Notes
    -----
    Since both rows sum to one, ``q - p`` may be added to each term. SciPy's ``kl_div`` computes the
    sum of both, which is never negative, so that nothing cancels.

    References
    ----------
    S. Kullback and R. A. Leibler, "On information and sufficiency", Ann. Math. Stat. 22
    (1951).

    Examples
    --------
    >>> kl_divergence([0.5, 0.25, 0.25], [0.25, 0.25, 0.5], base=2).round(12)
    np.float64(0.25)
    """
    p, q = _pair(p, q, axis)
    return _in_base(special.kl_div(p, q).sum(axis=-1), base)
