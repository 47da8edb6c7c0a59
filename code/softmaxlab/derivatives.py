"""Derivatives of softmax and of its loss: the Jacobian, the Hessian, and their products."""

import numpy as np

from softmaxlab.activations import softmax

__all__ = ["softmax_cross_entropy_hessian", "softmax_jacobian", "softmax_vjp"]


def softmax_jacobian(logits):
    r"""Return the derivatives of every probability with respect to every logit.

    ::

        da_j/dz_i = a_j ((i == j) - a_i)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.

    Returns
    -------
    ndarray of shape (..., n_classes, n_classes)
        Symmetric; every row sums to zero.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmaxlab.activations.softmax`.

    Examples
    --------
    >>> softmax_jacobian([3.0, 1.0, -3.0]).round(6)[0]
    array([ 0.106451, -0.104537, -0.001915])
    """
    a = softmax(logits)
    jacobian = -a[..., :, None] * a[..., None, :]
    diagonal = np.arange(a.shape[-1])
    # a (1 - a) loses its digits as a approaches one; the sum over the other classes keeps them.
    jacobian[..., diagonal, diagonal] = 0
    jacobian[..., diagonal, diagonal] = -jacobian.sum(axis=-1)
    return jacobian


def softmax_cross_entropy_hessian(logits):
    """Return the second derivatives of the loss with respect to the logits.

    They do not depend on the label and are the Jacobian of softmax.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.

    Returns
    -------
    ndarray of shape (..., n_classes, n_classes)
        Symmetric and positive semidefinite, of rank ``n_classes - 1``.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmaxlab.activations.softmax`.

    Examples
    --------
    >>> softmax_cross_entropy_hessian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    return softmax_jacobian(logits)


def softmax_vjp(logits, v):
    r"""Return the product of a vector with the Jacobian of softmax, without forming it.

    ::

        a_i (v_i - sum_k a_k v_k)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    v : array_like of shape (..., n_classes)
        The vectors. The Jacobian is symmetric, so the side does not matter.

    Returns
    -------
    ndarray of shape (..., n_classes)
        The products.

    Raises
    ------
    TypeError, ValueError
        As for :func:`softmaxlab.activations.softmax`.

    Examples
    --------
    >>> softmax_vjp([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    a = softmax(logits)
    v = np.asarray(v)
    return a * (v - (a * v).sum(axis=-1, keepdims=True))
