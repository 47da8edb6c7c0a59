"""Each formula in about three plain lines, as a textbook writes it.

Arguments are arrays with the classes on the last axis: one row, or any number of rows. Labels are
class indices or distributions; units are nats.

There is no care for overflow, for the last digits or for wrong arguments. That is the work of the
functions of the same names in ``softmaxlab``; on ordinary numbers they give the same, to rounding.
"""

import numpy as np

from softmaxlab._types import Array, Function

__all__ = [
    "chunked_softmax_cross_entropy",
    "chunked_softmax_cross_entropy_with_grad",
    "complex_step_gradient",
    "cross_entropy",
    "entropy",
    "entropy_from_logits",
    "hardmax",
    "kl_divergence",
    "kl_divergence_from_logits",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "multiclass_hinge",
    "multiclass_hinge_grad",
    "numerical_gradient",
    "one_hot",
    "sigmoid",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_grad",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_hessian",
    "softmax_cross_entropy_with_grad",
    "softmax_jacobian",
    "softmax_vjp",
]


def logsumexp(logits: Array) -> Array:
    """Return ``log sum_k exp(z_k)``."""
    return np.log(np.exp(logits).sum(axis=-1))


def softmax(logits: Array) -> Array:
    """Return ``a_i = exp(z_i) / sum_k exp(z_k)``."""
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(logits: Array) -> Array:
    """Return ``log a_i``."""
    return np.log(softmax(logits))


def sigmoid(logits: Array) -> Array:
    """Return ``1 / (1 + exp(-s))`` of each score."""
    return 1 / (1 + np.exp(-logits))


def log_sigmoid(logits: Array) -> Array:
    """Return ``-log(1 + exp(-s))`` of each score."""
    return -np.log(1 + np.exp(-logits))


def hardmax(logits: Array) -> Array:
    """Return a one at the largest score and zeros elsewhere."""
    return one_hot(logits.argmax(axis=-1), logits)


def one_hot(labels: Array, like: Array) -> Array:
    """Return labels as distributions, of the shape of ``like``; what is one already stays."""
    labels = np.asarray(labels)
    return labels if labels.ndim == like.ndim else np.eye(like.shape[-1])[labels]


def entropy(p: Array) -> Array:
    """Return ``H(p) = -sum_k p_k log p_k``."""
    return -(p * np.log(p)).sum(axis=-1)


def cross_entropy(p: Array, q: Array) -> Array:
    """Return ``H(p, q) = -sum_k p_k log q_k``."""
    return -(p * np.log(q)).sum(axis=-1)


def kl_divergence(p: Array, q: Array) -> Array:
    """Return ``KL(p || q) = sum_k p_k log(p_k / q_k)``."""
    return (p * np.log(p / q)).sum(axis=-1)


def entropy_from_logits(logits: Array) -> Array:
    """Return the entropy of the softmax of logits."""
    return entropy(softmax(logits))


def kl_divergence_from_logits(p_logits: Array, q_logits: Array) -> Array:
    """Return the KL divergence between the softmax of logits and the softmax of others."""
    return kl_divergence(softmax(p_logits), softmax(q_logits))


def softmax_cross_entropy(logits: Array, labels: Array) -> Array:
    """Return ``-sum_k y_k log a_k``, where ``a = softmax(z)``."""
    y = one_hot(labels, logits)
    return cross_entropy(y, softmax(logits))


def softmax_cross_entropy_grad(logits: Array, labels: Array) -> Array:
    """Return ``a - y``, where ``a = softmax(z)``."""
    y = one_hot(labels, logits)
    return softmax(logits) - y


def softmax_cross_entropy_with_grad(logits: Array, labels: Array) -> tuple[Array, Array]:
    """Return the loss and its gradient."""
    return softmax_cross_entropy(logits, labels), softmax_cross_entropy_grad(logits, labels)


def softmax_cross_entropy_hessian(logits: Array) -> Array:
    """Return the second derivatives of the loss: the Jacobian of softmax."""
    return softmax_jacobian(logits)


def softmax_jacobian(logits: Array) -> Array:
    """Return ``da_j/dz_i = a_j ((i == j) - a_i)``, where ``a = softmax(z)``."""
    a = softmax(logits)
    identity = np.eye(a.shape[-1])
    return a[..., :, np.newaxis] * (identity - a[..., np.newaxis, :])


def softmax_vjp(logits: Array, v: Array) -> Array:
    """Return ``a_i (v_i - sum_k a_k v_k)``, where ``a = softmax(z)``."""
    a = softmax(logits)
    mean = (a * v).sum(axis=-1, keepdims=True)
    return a * (v - mean)


def sigmoid_cross_entropy(logits: Array, labels: Array) -> Array:
    """Return ``-y log a - (1 - y) log(1 - a)``, where ``a = sigmoid(s)``, of each score."""
    a = sigmoid(logits)
    return -labels * np.log(a) - (1 - labels) * np.log(1 - a)


def sigmoid_cross_entropy_grad(logits: Array, labels: Array) -> Array:
    """Return ``sigmoid(s) - y`` of each score."""
    return sigmoid(logits) - labels


def multiclass_hinge(scores: Array, labels: Array, margin: float = 1.0) -> Array:
    """Return ``sum_{j != y} max(0, z_j - z_y + margin)``."""
    y = one_hot(labels, scores)
    right = (y * scores).sum(axis=-1, keepdims=True)
    return ((1 - y) * np.maximum(0, scores - right + margin)).sum(axis=-1)


def multiclass_hinge_grad(scores: Array, labels: Array, margin: float = 1.0) -> Array:
    """Return one for each rival inside the margin, and minus their number at the right class."""
    y = one_hot(labels, scores)
    right = (y * scores).sum(axis=-1, keepdims=True)
    inside = (1 - y) * (scores - right + margin > 0)
    return inside - y * inside.sum(axis=-1, keepdims=True)


def chunked_softmax_cross_entropy(features: Array, weights: Array, labels: Array) -> Array:
    """Return the loss of each sample, where ``z = W x``."""
    return softmax_cross_entropy(features @ weights.T, labels)


def chunked_softmax_cross_entropy_with_grad(
    features: Array, weights: Array, labels: Array
) -> tuple[Array, Array, Array]:
    """Return the losses, and the derivatives of their mean by features and by weights."""
    losses, error = softmax_cross_entropy_with_grad(features @ weights.T, labels)
    error = error / len(features)
    return losses, error @ weights, error.T @ features


def numerical_gradient(f: Function, x: Array, step: float = 1e-6) -> Array:
    """Return ``(f(x + h) - f(x - h)) / 2h`` for a nudge h of each entry of x."""
    nudges = step * np.eye(x.size).reshape(-1, *x.shape)
    slopes = [(f(x + nudge) - f(x - nudge)) / (2 * step) for nudge in nudges]
    return np.reshape(slopes, x.shape)


def complex_step_gradient(f: Function, x: Array, step: float = 1e-30) -> Array:
    """Return the imaginary part of ``f(x + ih) / h`` for a nudge h of each entry of x."""
    nudges = 1j * step * np.eye(x.size).reshape(-1, *x.shape)
    slopes = [f(x + nudge).imag / step for nudge in nudges]
    return np.reshape(slopes, x.shape)
