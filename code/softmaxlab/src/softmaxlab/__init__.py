"""Softmax, cross-entropy and their gradients, to the last digit.

Names are the field's: ``logits`` are scores before softmax, ``labels`` are class indices or
distributions, ``p`` is true and ``q`` is a model. Classes stand on the last axis. Losses are per
sample, in nats.

The functions of this page need NumPy and SciPy only. What learns from data (`SoftmaxRegression`,
`Network`, `TemperatureScaling`, `load_digits` and so on) is imported when it is first asked for,
and needs scikit-learn.
"""

from importlib import import_module

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
from softmaxlab.information import (
    cross_entropy,
    entropy,
    entropy_from_logits,
    kl_divergence,
    kl_divergence_from_logits,
)
from softmaxlab.losses import (
    multiclass_hinge,
    multiclass_hinge_grad,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_grad,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_with_grad,
)

__all__ = [
    "check_gradient",
    "complex_step_gradient",
    "cross_entropy",
    "entropy",
    "entropy_from_logits",
    "exercises",
    "hardmax",
    "kl_divergence",
    "kl_divergence_from_logits",
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
    "softmax_cross_entropy_with_grad",
    "softmax_jacobian",
    "softmax_vjp",
]

# Name and module of what is imported when it is first asked for; most of it needs scikit-learn.
_LATER = {
    "Network": "learn.network",
    "SoftmaxObjective": "learn.regression",
    "SoftmaxRegression": "learn.regression",
    "TemperatureScaling": "learn.calibration",
    "chunked_softmax_cross_entropy": "chunked",
    "chunked_softmax_cross_entropy_with_grad": "chunked",
    "expected_calibration_error": "learn.calibration",
    "load_digits": "learn.digits",
    "load_mnist": "learn.digits",
    "reliability_curve": "learn.calibration",
}


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module 'softmaxlab' has no attribute {name!r}")
    return getattr(import_module(f"softmaxlab.{_LATER[name]}"), name)


def __dir__():
    return sorted([*globals(), *_LATER])
