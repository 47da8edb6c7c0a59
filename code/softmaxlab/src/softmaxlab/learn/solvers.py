"""Three ways down the same hill: gradient descent, Newton's method, L-BFGS.

Each takes an objective with ``loss_and_gradient(params)`` and, as it needs them,
``hessian(params)`` and ``curvature_bound()`` (see `softmaxlab.learn.regression.SoftmaxObjective`),
a starting point, and ``record(params, loss)``, which it calls at the start and after every step.
Each stops when no entry of the gradient is larger than ``tol``, and returns whether it got there.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from scipy import optimize
from threadpoolctl import threadpool_limits

from softmaxlab._types import Floats

Record: TypeAlias = Callable[[Floats, float], None]

_EPS = np.finfo(np.float64).eps


class Objective(Protocol):
    """What is to be minimised: a number and its gradient."""

    def loss_and_gradient(self, params: Floats, /) -> tuple[float, Floats]:
        """Return both at a point.

        Parameters
        ----------
        params : ndarray
            The point.

        Returns
        -------
        loss, gradient : float, ndarray
            The gradient is of the shape of the point.
        """
        ...


class Bounded(Objective, Protocol):
    """An objective that knows how strongly it can be curved."""

    def curvature_bound(self) -> float:
        """Return a number that no eigenvalue of the Hessian exceeds.

        Returns
        -------
        float
            The bound.
        """
        ...


class Curved(Objective, Protocol):
    """An objective that has a Hessian to multiply with."""

    def hessian(self, params: Floats, /) -> Callable[[Floats], Floats]:
        """Return the function that multiplies the Hessian at a point with a direction.

        Parameters
        ----------
        params : ndarray
            The point.

        Returns
        -------
        callable
            Takes and returns an array of the shape of the point.
        """
        ...


def gradient_descent(
    objective: Bounded, params: Floats, *, tol: float, max_iter: int, record: Record
) -> bool:
    """Walk against the gradient, with the one step size that is always safe.

    If no curvature exceeds ``L``, a step of ``1 / L`` lowers the loss by at least
    ``|gradient|**2 / (2 L)``: no step size has to be chosen, and none can be too long. What it
    cannot do is go faster along the flat directions, and there it spends its time.

    Parameters
    ----------
    objective : object
        Has ``loss_and_gradient`` and ``curvature_bound``.
    params : ndarray
        Where to start.
    tol : float
        Stop when the largest entry of the gradient is not above this.
    max_iter : int
        Stop after so many steps in any case.
    record : callable
        Called as ``record(params, loss)`` at the start and after each step.

    Returns
    -------
    bool
        Whether the gradient came down to ``tol``.

    References
    ----------
    Y. Nesterov, "Lectures on Convex Optimization", Springer, 2018, section 1.2.

    Examples
    --------
    >>> path = []
    >>> gradient_descent(
    ...     _Bowl(), np.array([1.0, 1.0]), tol=1e-6, max_iter=500,
    ...     record=lambda params, loss: path.append(loss),
    ... )
    True
    >>> len(path) - 1
    132
    """
    step = 1 / objective.curvature_bound()
    for iteration in range(max_iter + 1):
        loss, gradient = objective.loss_and_gradient(params)
        record(params, loss)
        if _largest(gradient) <= tol or iteration == max_iter:
            break
        params = params - step * gradient
    return bool(_largest(gradient) <= tol)


def newton_cg(
    objective: Curved, params: Floats, *, tol: float, max_iter: int, record: Record
) -> bool:
    """Walk to the bottom of the local parabola, again and again: truncated Newton.

    The step solves ``hessian @ step = -gradient``, but the Hessian is never formed: conjugate
    gradients need only its product with a vector, which costs as much as a gradient. The system is
    solved roughly far from the minimum and ever more exactly near it, so that the error falls
    faster than linearly and no work is wasted on steps that do not deserve it.

    Parameters
    ----------
    objective : object
        Has ``loss_and_gradient`` and ``hessian``; the latter returns a function that multiplies.
    params, tol, max_iter, record
        As in `gradient_descent`.

    Returns
    -------
    bool
        Whether the gradient came down to ``tol``. It does not if ``tol`` is below the rounding
        error of the gradient: the walk ends where neither loss nor gradient improves any more.

    References
    ----------
    J. Nocedal and S. Wright, "Numerical Optimization", 2nd edition, Springer, 2006, section 7.1.

    Examples
    --------
    >>> path = []
    >>> newton_cg(
    ...     _Bowl(), np.array([1.0, 1.0]), tol=1e-6, max_iter=500,
    ...     record=lambda params, loss: path.append(loss),
    ... )
    True
    >>> len(path) - 1
    2
    """
    loss, gradient = objective.loss_and_gradient(params)
    record(params, loss)
    for _ in range(max_iter):
        if _largest(gradient) <= tol:
            break
        direction = _newton_direction(objective.hessian(params), gradient)
        before = loss, _largest(gradient)
        trial, loss, gradient = _line_search(objective, params, loss, gradient, direction)
        if loss >= before[0] and _largest(gradient) >= before[1]:
            break  # rounding error is all that is left to descend
        params = trial
        record(params, loss)
    return bool(_largest(gradient) <= tol)


def lbfgs(
    objective: Objective, params: Floats, *, tol: float, max_iter: int, record: Record
) -> bool:
    """Let SciPy's L-BFGS walk: curvature is guessed from the last ten gradients.

    Parameters
    ----------
    objective : object
        Has ``loss_and_gradient``.
    params, tol, max_iter, record
        As in `gradient_descent`.

    Returns
    -------
    bool
        Whether the gradient came down to ``tol``.

    References
    ----------
    D. Liu and J. Nocedal, "On the limited memory BFGS method for large scale optimization",
    Mathematical Programming 45, 1989.

    Examples
    --------
    >>> path = []
    >>> lbfgs(
    ...     _Bowl(), np.array([1.0, 1.0]), tol=1e-6, max_iter=500,
    ...     record=lambda params, loss: path.append(loss),
    ... )
    True
    >>> len(path) - 1
    5
    """
    shape = params.shape

    def loss_and_gradient(flat: Floats) -> tuple[float, Floats]:
        loss, gradient = objective.loss_and_gradient(flat.reshape(shape))
        return loss, gradient.ravel()

    def after_step(intermediate_result: Any) -> None:
        record(intermediate_result.x.reshape(shape).copy(), intermediate_result.fun)

    record(params, objective.loss_and_gradient(params)[0])
    options = {"gtol": tol, "ftol": 0, "maxiter": max_iter, "maxfun": 50 * max_iter, "maxls": 50}
    # SciPy and NumPy each bring a BLAS with threads of its own. L-BFGS calls them in turn, and
    # each set spins while the other works: on two cores the digits took 25 times as long.
    with threadpool_limits(1, user_api="blas"):
        result = optimize.minimize(
            loss_and_gradient,
            params.ravel(),
            jac=True,
            method="L-BFGS-B",
            callback=after_step,
            options=options,
        )
    return bool(_largest(result.jac) <= tol)


SOLVERS: dict[str, Callable[..., bool]] = {
    "newton-cg": newton_cg,
    "lbfgs": lbfgs,
    "gradient-descent": gradient_descent,
}


def _largest(gradient: Floats) -> float:
    """Return the largest absolute entry."""
    return np.abs(gradient).max()


def _newton_direction(hessian: Callable[[Floats], Floats], gradient: Floats) -> Floats:
    """Solve ``hessian(direction) = -gradient`` by conjugate gradients, until it is good enough."""
    # Divided by a power of two, which changes no digit: squares of large numbers would overflow.
    exponent = np.frexp(_largest(gradient))[1]
    direction = np.zeros_like(gradient)
    residual = -np.ldexp(gradient, -exponent)
    search = residual
    square: Any = np.vdot(residual, residual)
    # |residual| <= min(1/4, |gradient|**.5) |gradient|
    enough = min(1 / 16, np.ldexp(square**0.5, exponent)) * square
    for _ in range(gradient.size):
        curved = hessian(search)
        curvature = np.vdot(search, curved)
        if curvature <= _EPS * np.vdot(search, search):
            break  # flat this way: there is no bottom to walk to
        length = square / curvature
        direction += length * search
        residual = residual - length * curved
        previous, square = square, np.vdot(residual, residual)
        if square <= enough:
            break
        search = residual + (square / previous) * search
    return np.ldexp(direction, exponent) if direction.any() else -gradient


def _line_search(
    objective: Objective, params: Floats, loss: float, gradient: Floats, direction: Floats
) -> tuple[Floats, float, Floats]:
    """Halve the step until the loss falls by a share of what the slope promised.

    Return the point, its loss and its gradient: those of the start if no step is short enough.
    """
    promised = np.vdot(gradient, direction)
    rounding = 4 * _EPS * abs(loss)  # near the minimum the fall is below the loss's last digit
    length = 1.0
    while length > _EPS / 4:
        trial = params + length * direction
        trial_loss, trial_gradient = objective.loss_and_gradient(trial)
        if trial_loss <= loss + 1e-4 * length * promised + rounding:
            return trial, trial_loss, trial_gradient
        length /= 2
    return params, loss, gradient


class _Bowl:
    """A parabola that is ten times steeper one way than the other, for the examples."""

    slopes = np.array([1.0, 10.0])

    def loss_and_gradient(self, params: Floats) -> tuple[float, Floats]:
        return float(self.slopes @ params**2 / 2), self.slopes * params

    def hessian(self, _params: Floats) -> Callable[[Floats], Floats]:
        return lambda direction: self.slopes * direction

    def curvature_bound(self) -> float:
        return self.slopes.max()
