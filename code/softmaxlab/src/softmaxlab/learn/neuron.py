"""One neuron that learns one thing: why its loss decides how fast.

The neuron puts out ``a = sigmoid(w x + b)``. With the squared error its slope carries a factor
``a (1 - a)``, which is nearly zero when the neuron is surely wrong: just then it hardly learns. The
cross-entropy has no such factor.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from softmaxlab._numerics.checks import as_array, as_real_array, as_scores, refuse_improbable
from softmaxlab._types import Floats, PerRow
from softmaxlab.activations import sigmoid
from softmaxlab.learn._checks import is_finite, refuse_uncountable, refuse_unless
from softmaxlab.losses import sigmoid_cross_entropy_grad


def squared_error_grad(z: Floats | float, y: Floats | float) -> PerRow:
    """Return the derivative of ``(a - y)**2 / 2`` with respect to z, where ``a = sigmoid(z)``.

    Parameters
    ----------
    z : array_like
        Scores.
    y : array_like
        The outputs that are wanted, from 0 to 1.

    Returns
    -------
    ndarray
        One derivative for each score, in the dtype of the scores.

    Raises
    ------
    TypeError, ValueError
        If these are no numbers, an output is not between 0 and 1, or the shapes differ and neither
        is a single number.
    """
    scores, target = as_scores(z, "z"), as_array(y, "y")
    target = target.astype(np.float64) if target.dtype == bool else as_real_array(target, "y")
    refuse_improbable(target, "y")
    if target.ndim and scores.ndim and target.shape != scores.shape:
        raise ValueError(f"y has shape {target.shape}, the scores have shape {scores.shape}")
    a = sigmoid(scores.astype(np.float64))
    return ((a - target) * a * (1 - a)).astype(scores.dtype)


GRADIENTS: dict[str, Callable[..., Any]] = {
    "squared error": squared_error_grad,
    "cross-entropy": sigmoid_cross_entropy_grad,
}


def train(
    w: float, b: float, x: float, y: float, *, loss: str, step: float = 0.15, n_steps: int = 300
) -> Floats:
    """Teach one neuron by gradient descent to answer y to x, and watch its output.

    Parameters
    ----------
    w, b : float
        The weight and the bias to start from.
    x, y : float
        The input, and the output that is wanted, from 0 to 1.
    loss : {"squared error", "cross-entropy"}
        What to minimise: ``(a - y)**2 / 2`` or ``-y log a - (1 - y) log(1 - a)``.
    step : float
        The learning rate.
    n_steps : int
        Number of steps.

    Returns
    -------
    ndarray of shape (n_steps + 1,)
        The output a, before the first step and after each one.

    Raises
    ------
    ValueError
        If there is no such loss, a number is not finite, y is not between 0 and 1, or the steps
        cannot be counted.

    References
    ----------
    M. Nielsen, "Neural Networks and Deep Learning", Determination Press, 2015, chapter 3.

    Examples
    --------
    From a surely wrong start, 300 steps later:

    >>> for loss in ("squared error", "cross-entropy"):
    ...     print(f"{loss}: {train(2.0, 2.0, x=1.0, y=0.0, loss=loss)[-1]:.4f}")
    squared error: 0.2028
    cross-entropy: 0.0120
    """
    known = isinstance(loss, str) and loss in GRADIENTS
    refuse_unless(known, "loss", f"one of {', '.join(GRADIENTS)}", loss)
    for name, number in {"w": w, "b": b, "x": x, "y": y, "step": step}.items():
        refuse_unless(is_finite(number), name, "a finite number", number)
    w, b, x, y, step = map(float, (w, b, x, y, step))  # a narrower type would round each step
    refuse_unless(0 <= y <= 1, "y", "from 0 to 1", y)
    refuse_uncountable(n_steps, "n_steps", least=0)
    outputs = [sigmoid(w * x + b)]
    for _ in range(n_steps):
        slope = GRADIENTS[loss](w * x + b, y)
        w, b = w - step * slope * x, b - step * slope
        outputs.append(sigmoid(w * x + b))
    return np.array(outputs)
