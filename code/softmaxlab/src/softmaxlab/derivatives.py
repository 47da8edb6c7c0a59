"""Derivatives of softmax and of its loss: the Jacobian, the Hessian, and their products."""

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.checks import (
    as_logits,
    as_real_array,
    dtype_of_result,
    refuse_infinite,
)
from softmaxlab._numerics.exponentials import exponentials_in_double
from softmaxlab._numerics.summation import largest, smallest, sum_over_classes
from softmaxlab._types import Floats
from softmaxlab.activations import softmax

__all__ = ["softmax_cross_entropy_hessian", "softmax_jacobian", "softmax_vjp"]

_HALF_OF_ALL = 2.0**1022  # up to here, the sum of two numbers of float64 does not overflow


def softmax_jacobian(
    logits: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None
) -> Floats:
    r"""Return the derivatives of every probability with respect to every logit.

    ::

        da_j/dz_i = a_j ((i == j) - a_i)

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of shape (..., n_classes, n_classes)
        Symmetric; every row sums to zero. Its last two axes are the classes.

    Raises
    ------
    TypeError, ValueError
        As for ``softmax``.

    See Also
    --------
    softmax_vjp : Its product with a vector, without the matrix.

    Notes
    -----
    On the diagonal, ``a (1 - a)`` would lose its digits as a approaches one. The sum of ``a_i a_j``
    over the other classes keeps them.

    Examples
    --------
    >>> softmax_jacobian([3.0, 1.0, -3.0]).round(6)[0]
    array([ 0.106451, -0.104537, -0.001915])
    """
    z = as_real_array(logits, "logits")
    a = np.moveaxis(softmax(z, axis, where=where), axis, -1)
    jacobian = -a[..., :, None] * a[..., None, :]
    diagonal = np.arange(a.shape[-1])
    jacobian[..., diagonal, diagonal] = 0
    jacobian[..., diagonal, diagonal] = 0 - jacobian.sum(axis=-1)
    return jacobian.astype(dtype_of_result(logits, z), copy=False)


def softmax_cross_entropy_hessian(
    logits: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None
) -> Floats:
    """Return the second derivatives of the loss with respect to the logits.

    They do not depend on the label and are the Jacobian of softmax.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of shape (..., n_classes, n_classes)
        Symmetric and positive semidefinite, of rank ``n_classes - 1``.

    Raises
    ------
    TypeError, ValueError
        As for ``softmax``.

    Examples
    --------
    >>> softmax_cross_entropy_hessian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    return softmax_jacobian(logits, axis, where=where)


def softmax_vjp(
    logits: ArrayLike, v: ArrayLike, axis: int = -1, *, where: ArrayLike | None = None
) -> Floats:
    r"""Return the product of a vector with the Jacobian of softmax, without forming it.

    ::

        a_i (v_i - sum_k a_k v_k)

    The Jacobian is symmetric and is the Hessian of the loss: so this is the vector-Jacobian
    product, the Jacobian-vector product and the Hessian-vector product in one.

    Parameters
    ----------
    logits : array_like of shape (..., n_classes)
        Scores, in nats.
    v : array_like of shape (..., n_classes)
        The vectors.
    axis : int
        The class axis.
    where : array_like of bool, optional
        False masks a class, as a score of minus infinity does. Broadcasts to the logits.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        The products.

    Raises
    ------
    TypeError, ValueError
        As for ``softmax``, or if ``v`` has another shape or is not finite.

    See Also
    --------
    softmax_jacobian : The matrix itself.

    Notes
    -----
    The vector is first taken relative to its entry of the likeliest class, which changes nothing on
    paper. That entry of the product then is a sum over the other classes, and keeps its digits
    where the model is nearly sure.

    Examples
    --------
    >>> softmax_vjp([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    rows = as_logits(logits, axis, where)
    v = as_real_array(v, "v")
    if v.shape != rows.array.shape:
        raise ValueError(f"v has shape {v.shape}, the logits have shape {rows.array.shape}")
    refuse_infinite(v, "v")
    if v.size and max(largest(v), -smallest(v)) > _HALF_OF_ALL:
        # A difference of two entries may overflow; the product, half as large as they, does not.
        return 4 * softmax_vjp(logits, v / 4, axis, where=where)
    vectors = Rows(v, rows.axis, "v")
    products = rows.empty_per_entry()
    for part, z in rows.blocks():
        e = exponentials_in_double(rows, z)
        a = np.divide(e.terms, e.total, out=e.terms)
        block = vectors.block(part)
        likeliest = a.argmax(axis=0), np.arange(a.shape[1])
        lead = np.subtract(block, block[likeliest], dtype=np.float64)
        mean = sum_over_classes(a * lead)
        products[part] = (a * (lead - mean)).T
    return rows.per_entry(products)
