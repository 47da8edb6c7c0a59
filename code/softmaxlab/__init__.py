"""Softmax, cross-entropy and their gradients, to the last digit.

Names are the field's: ``logits`` are scores before softmax, ``labels`` are class indices or
distributions, ``p`` is true and ``q`` is a model. Classes stand on the last axis. Losses are per
sample, in nats.
"""

from softmaxlab import exercises
from softmaxlab.activations import (
    hardmax,
    log_sigmoid,
    log_softmax,
    logsumexp,
    sigmoid,
    softmax,
)
from softmaxlab.derivatives import softmax_cross_entropy_hessian, softmax_jacobian, softmax_vjp
from softmaxlab.gradcheck import check_gradient, complex_step_gradient, numerical_gradient
from softmaxlab.information import cross_entropy, entropy, kl_divergence
from softmaxlab.losses import (
    multiclass_hinge,
    multiclass_hinge_grad,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_grad,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)

__all__ = [
    "check_gradient",
    "complex_step_gradient",
    "cross_entropy",
    "entropy",
    "exercises",
    "hardmax",
    "kl_divergence",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "multiclass_hinge",
    "multiclass_hinge_grad",
    "numerical_gradient",
    "sigmoid",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_grad",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_hessian",
    "softmax_jacobian",
    "softmax_vjp",
]
