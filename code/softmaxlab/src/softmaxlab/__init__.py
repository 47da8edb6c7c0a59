"""Softmax, cross-entropy and their gradients, to the last digit.

Names are the field's: ``logits`` are scores before softmax, ``labels`` are class indices or
distributions, ``p`` is true and ``q`` is a model. Classes stand on the last axis. Losses are per
sample, in nats.

Results have the dtype of the scores: float64, float32, float16, or bfloat16 where the package
ml_dtypes brings it. Integers give float64.

`softmaxlab.textbook` has the same formulas in plain lines. `softmaxlab.use("numba")` lets compiled
kernels compute, where there are some.

What is imported with the package needs NumPy alone. Four rooms are opened when they are first
asked for, and may need more: `softmaxlab.learn` (`SoftmaxRegression`, `Network`,
`TemperatureScaling`, `load_digits` and so on, which can be had from here, too) needs scikit-learn,
`softmaxlab.exercises` needs SciPy, `softmaxlab.figures` needs matplotlib, and what is computed by
`softmaxlab.large` needs Dask.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from softmaxlab import textbook
from softmaxlab.activations import (
    hardmax,
    log_sigmoid,
    log_softmax,
    logsumexp,
    sigmoid,
    softmax,
)
from softmaxlab.backend import use
from softmaxlab.chunked import (
    LossWithGradient,
    chunked_softmax_cross_entropy,
    chunked_softmax_cross_entropy_with_grad,
)
from softmaxlab.derivatives import softmax_cross_entropy_hessian, softmax_jacobian, softmax_vjp
from softmaxlab.gradcheck import (
    GradientReport,
    check_gradient,
    complex_step_gradient,
    numerical_gradient,
)
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
    "GradientReport",
    "LossWithGradient",
    "check_gradient",
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
    "textbook",
    "use",
]

__version__ = "0.1.0"

# What is imported when it is first asked for: rooms, and names with the module that they are in.
_ROOMS = ("exercises", "figures", "large", "learn")
_LATER = {
    "Network": "learn.network",
    "SoftmaxObjective": "learn.regression",
    "SoftmaxRegression": "learn.regression",
    "TemperatureScaling": "learn.calibration",
    "brier_score": "learn.scores",
    "classwise_calibration_error": "learn.calibration",
    "expected_calibration_error": "learn.calibration",
    "load_digits": "learn.digits",
    "load_mnist": "learn.digits",
    "load_sentences": "learn.sentences",
    "maximum_calibration_error": "learn.calibration",
    "perplexity": "learn.scores",
    "reliability_curve": "learn.calibration",
    "template_weights": "learn.templates",
    "top_k_accuracy": "learn.scores",
}

if TYPE_CHECKING:
    from softmaxlab import exercises as exercises
    from softmaxlab import figures as figures
    from softmaxlab import large as large
    from softmaxlab import learn as learn
    from softmaxlab.learn.calibration import TemperatureScaling as TemperatureScaling
    from softmaxlab.learn.calibration import (
        classwise_calibration_error as classwise_calibration_error,
    )
    from softmaxlab.learn.calibration import (
        expected_calibration_error as expected_calibration_error,
    )
    from softmaxlab.learn.calibration import (
        maximum_calibration_error as maximum_calibration_error,
    )
    from softmaxlab.learn.calibration import reliability_curve as reliability_curve
    from softmaxlab.learn.digits import load_digits as load_digits
    from softmaxlab.learn.digits import load_mnist as load_mnist
    from softmaxlab.learn.network import Network as Network
    from softmaxlab.learn.regression import SoftmaxObjective as SoftmaxObjective
    from softmaxlab.learn.regression import SoftmaxRegression as SoftmaxRegression
    from softmaxlab.learn.scores import brier_score as brier_score
    from softmaxlab.learn.scores import perplexity as perplexity
    from softmaxlab.learn.scores import top_k_accuracy as top_k_accuracy
    from softmaxlab.learn.sentences import load_sentences as load_sentences
    from softmaxlab.learn.templates import template_weights as template_weights


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"softmaxlab.{name}")
    if name in _LATER:
        return getattr(import_module(f"softmaxlab.{_LATER[name]}"), name)
    raise AttributeError(f"module 'softmaxlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS, *_LATER})
