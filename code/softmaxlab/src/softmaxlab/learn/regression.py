"""Softmax regression: a weighted sum per class, softmax, cross-entropy, and the way down.

`SoftmaxObjective` is the function that is minimised, with its gradient and its Hessian;
`SoftmaxRegression` is the scikit-learn classifier around it.
"""

import warnings
from collections.abc import Callable
from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.validation import check_is_fitted

from softmaxlab._numerics.dask_blocks import (
    beside,
    is_dask,
    map_rows,
    refuse_parts_of_rows,
    sum_over_blocks,
)
from softmaxlab._types import Array, Floats, Ints
from softmaxlab.activations import log_softmax, softmax
from softmaxlab.learn._blocks import Blocks, checked_blocks, label_weights, weights_beside
from softmaxlab.learn._checks import (
    as_places,
    as_sample_weight,
    is_flag,
    is_integer,
    is_number,
    refuse_overflow,
    refuse_total,
    refuse_uncountable,
    refuse_unless,
    validated,
)
from softmaxlab.learn._rows import Rows, checked_rows
from softmaxlab.learn.solvers import SOLVERS

_LARGEST_PENALTY = 1e30  # it leaves weights that change no logit; Newton bears no much larger one


class SoftmaxObjective:
    """Hold the data, and give the cost of any weights on them, its gradient and its Hessian.

    The cost is the mean cross-entropy, plus a penalty that keeps the weights small::

        J(W, b) = sum_i s_i loss(W x_i + b, y_i) / S + sum(W**2) / (2 C S),   S = sum_i s_i

    in nats. Multiplied by ``C S`` this is the objective of scikit-learn's ``LogisticRegression``:
    both have the same minimum. The intercepts ``b`` are not penalised.

    Weights come and go as one array ``params``: row k holds the weights of class k and, last, its
    intercept. For two classes there is one row, the second class's; the first class's logit is
    held at 0, because only the difference of the two matters.

    Parameters
    ----------
    X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
        The data. Those of Dask are in blocks of whole rows, and stay where they are: see
        `softmaxlab.large`.
    labels : array_like or dask array of shape (n_samples,)
        Class indices, 0 to ``n_classes - 1``.
    n_classes : int
        Number of classes.
    C : float
        The larger, the weaker the penalty; ``inf`` is none.
    sample_weight : array_like of shape (n_samples,), optional
        The weights ``s_i``, by default all 1.
    fit_intercept : bool
        Whether there are intercepts ``b``.

    Attributes
    ----------
    shape : tuple of int
        The shape of ``params``: (n_classes, n_features + 1), with one row for two classes and one
        column less without intercepts.

    Examples
    --------
    Weights of zero give every class the same probability, and the cost is ln K:

    >>> X = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> objective = SoftmaxObjective(X, np.array([0, 1, 2]), n_classes=3)
    >>> round(objective.loss(np.zeros(objective.shape)), 12), round(float(np.log(3)), 12)
    (1.098612288668, 1.098612288668)
    """

    def __init__(
        self,
        X: Any,
        labels: ArrayLike,
        n_classes: int,
        C: float = 1.0,
        sample_weight: ArrayLike | None = None,
        fit_intercept: bool = True,
    ) -> None:
        refuse_uncountable(n_classes, "n_classes")
        refuse_unless(is_number(C) and C > 0, "C", "a positive number", C)
        refuse_unless(is_flag(fit_intercept), "fit_intercept", "True or False", fit_intercept)
        self.data: Rows | Blocks
        checked: Callable[..., tuple[Any, float]] = checked_blocks if is_dask(X) else checked_rows
        self.data, total = checked(X, labels, sample_weight, n_classes, fit_intercept)
        with np.errstate(over="ignore", divide="ignore"):
            penalty = 1 / (float(C) * total)
        self.penalty = min(penalty, _LARGEST_PENALTY)
        self.fit_intercept = fit_intercept
        self.n_classes, self.n_features = n_classes, self.data.n_features
        self.shape = (1 if n_classes == 2 else n_classes, self.n_features + bool(fit_intercept))

    def loss(self, params: Floats) -> float:
        """Return the cost J.

        Parameters
        ----------
        params : ndarray of the shape ``shape``
            Weights and intercepts.

        Returns
        -------
        float
            In nats.
        """
        return self.data.loss(params) + self._penalty(params)

    def gradient(self, params: Floats) -> Floats:
        """Return the gradient of J: ``(a - y) x'`` summed over the rows of data.

        Parameters
        ----------
        params : ndarray of the shape ``shape``
            Weights and intercepts.

        Returns
        -------
        ndarray of the shape of ``params``
            The derivatives.
        """
        return self._penalized(self.data.gradient(params), params)

    def loss_and_gradient(self, params: Floats) -> tuple[float, Floats]:
        """Return both, with the logits computed once.

        Parameters
        ----------
        params : ndarray of the shape ``shape``
            Weights and intercepts.

        Returns
        -------
        loss, gradient : float, ndarray
            As from `loss` and `gradient`.
        """
        loss, gradient = self.data.loss_and_gradient(params)
        return loss + self._penalty(params), self._penalized(gradient, params)

    def hessian(self, params: Floats) -> Callable[[Floats], Floats]:
        """Return the function that multiplies the Hessian of J with a direction.

        A direction changes the logits by u, and these the probabilities by ``a (u - sum(a u))``.

        Parameters
        ----------
        params : ndarray of the shape ``shape``
            Weights and intercepts.

        Returns
        -------
        callable
            Takes and returns an array of the shape of ``params``.
        """
        multiply = self.data.hessian(params)
        return lambda direction: self._penalized(multiply(direction), direction)

    def curvature_bound(self) -> float:
        """Return a number that no eigenvalue of the Hessian exceeds.

        The Hessian of the loss in the logits, diag(a) - a a', has no eigenvalue above 1/2 (1/4 if
        one of two logits is fixed); the mean square length of a row, intercept included, bounds
        what the data can make of it.

        Returns
        -------
        float
            The bound.
        """
        length = self.data.mean_square() + self.fit_intercept
        return (0.25 if self.n_classes == 2 else 0.5) * length + self.penalty

    def _penalty(self, params: Floats) -> float:
        """Return the penalty of the weights."""
        W = params[:, : self.n_features]
        return float(self.penalty / 2 * np.vdot(W, W))

    def _penalized(self, gradient: Floats, params: Floats) -> Floats:
        """Add the penalty's derivatives to those of the data, in place."""
        gradient[:, : self.n_features] += self.penalty * params[:, : self.n_features]
        return gradient


class SoftmaxRegression(ClassifierMixin, BaseEstimator):
    """Classify by softmax of weighted sums: multinomial logistic regression.

    It minimises the same objective as scikit-learn's ``LogisticRegression``, and finds the same
    weights; see `SoftmaxObjective` for the formula.

    Parameters
    ----------
    C : float, default=1.0
        Inverse strength of the L2 penalty on the weights, as in scikit-learn; ``inf`` is none.
    fit_intercept : bool, default=True
        Whether each class has an intercept. It is not penalised.
    solver : {"newton-cg", "lbfgs", "gradient-descent"}, default="newton-cg"
        How to go down. All three go to the same minimum. Newton's method is the default because
        it is the fastest: on the digits it needs a third of the time of L-BFGS.
    tol : float, default=1e-8
        Stop when no entry of the gradient of J is larger.
    max_iter : int, default=1000
        Stop after so many steps in any case, with a ``ConvergenceWarning``.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last ``fit``.
    class_weight : dict or "balanced", default=None
        What the weights of the samples of each class are multiplied with, as in scikit-learn:
        ``{label: weight}``, where a class that is not named has 1; or ``"balanced"``, which gives
        all classes the same weight in sum. By default 1.
    verbose : bool, default=False
        Whether to print the loss at the start and after each step.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels that ``fit`` saw, sorted.
    class_weight_ : ndarray of shape (n_classes,)
        The weight of each class, as ``fit`` used it.
    coef_ : ndarray of shape (n_classes, n_features)
        The weights. With two classes (1, n_features): the second class's against the first's.
    intercept_ : ndarray of shape (n_classes,)
        The intercepts; of shape (1,) with two classes, and zero without ``fit_intercept``.
    loss_curve_ : ndarray of shape (n_steps + 1,)
        The objective J, in nats, at the start and after each step.
    n_iter_ : int
        Number of steps.
    n_features_in_ : int
        Number of features that ``fit`` saw.
    feature_names_in_ : ndarray of shape (n_features,)
        Their names, if X was a data frame.

    Notes
    -----
    Training can be interrupted (Ctrl-C, or the notebook's stop button): the weights found so far
    are kept, with a warning. With one class only, that class has probability 1.

    The order of the samples changes the weights no more than ``tol`` does: sums are rounded in
    another order, and the way down ends elsewhere in the same bottom.

    Examples
    --------
    >>> from softmaxlab.learn.digits import load_digits
    >>> (X_train, y_train), (X_test, y_test) = load_digits()
    >>> model = SoftmaxRegression().fit(X_train, y_train)
    >>> f"{model.score(X_test, y_test):.3f} after {model.n_iter_} steps"
    '0.969 after 7 steps'
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        fit_intercept: bool = True,
        solver: str = "newton-cg",
        tol: float = 1e-8,
        max_iter: int = 1000,
        warm_start: bool = False,
        class_weight: dict[Any, float] | str | None = None,
        verbose: bool = False,
    ) -> None:
        self.C = C
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Find the weights that minimise the objective.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data; computed with in float64. Those of Dask, in blocks of whole rows, may be
            larger than memory: see `softmaxlab.large`.
        y : array_like or dask array of shape (n_samples,)
            The labels: integers, strings, whatever can be sorted.
        sample_weight : array_like or dask array of shape (n_samples,), optional
            How much each sample counts; not negative, not all zero.

        Returns
        -------
        SoftmaxRegression
            The fitted classifier itself.

        Raises
        ------
        TypeError, ValueError
            If the data, the labels, the weights or a parameter of the classifier make no sense.
            The squares of features have to be within float64, too.

        Warns
        -----
        ConvergenceWarning
            If the gradient did not come down to ``tol``, or the training was interrupted; or if a
            class has no weight at all, and its intercept therefore no best value.
        """
        self._check_parameters()
        X, y, weight = self._validated(X, y, sample_weight, reset=True)
        classes, totals = label_weights(y, weight)
        class_weight = self._class_weights(classes, totals)
        objective = self._objective(X, y, weight, classes, class_weight)
        trace, problem = self._descend(objective, self._start(objective, classes))
        self.classes_, self.class_weight_ = classes, class_weight
        self._keep(trace)
        problem = problem or self._without_minimum(totals * class_weight)
        if problem:
            self._warn(problem)
        return self

    def loss(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the objective J of these data at the fitted weights.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.
        y : array_like of shape (n_samples,)
            Labels that ``fit`` has seen.
        sample_weight : array_like of shape (n_samples,), optional
            How much each sample counts.

        Returns
        -------
        float
            In nats.
        """
        objective, params = self._at_fit(X, y, sample_weight)
        return objective.loss(params)

    def gradient(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Floats:
        """Return the gradient of J at the fitted weights.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.
        y : array_like of shape (n_samples,)
            Labels that ``fit`` has seen.
        sample_weight : array_like of shape (n_samples,), optional
            How much each sample counts.

        Returns
        -------
        ndarray
            Rows as in ``coef_``, and last the intercepts, if there are any.
        """
        objective, params = self._at_fit(X, y, sample_weight)
        return objective.gradient(params)

    def decision_function(self, X: Any) -> Floats:
        """Return the logits; of two classes, the second's against the first's.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), or (n_samples,) with two classes
            The scores before softmax.
        """
        check_is_fitted(self)
        if is_dask(X):
            n_classes = len(self.classes_)
            return self._later("decision_function", X, None if n_classes == 2 else n_classes)
        X = validated(self, X=X, accept_sparse="csr", dtype=np.float64, reset=False)
        with np.errstate(over="ignore", invalid="ignore"):
            scores = X @ self.coef_.T + self.intercept_
        refuse_overflow(scores, X)
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> Array:
        """Return the most probable label of each row.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples,)
            Labels.
        """
        if is_dask(X):
            return self._later("predict", X)
        places = self._logits(X).argmax(axis=1)
        return self.classes_[places]

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities of the classes.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``.
        """
        if is_dask(X):
            return self._later("predict_proba", X, len(self.classes_))
        return softmax(self._logits(X))

    def predict_log_proba(self, X: Any) -> Floats:
        """Return the log-probabilities: from the logits, so that none rounds to minus infinity.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In nats, in the order of ``classes_``.
        """
        if is_dask(X):
            return self._later("predict_log_proba", X, len(self.classes_))
        return log_softmax(self._logits(X), axis=1)

    def score(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> float:
        """Return the share of the samples whose label is the predicted one.

        Parameters
        ----------
        X : array_like, sparse matrix or dask array of shape (n_samples, n_features)
            The data.
        y : array_like or dask array of shape (n_samples,)
            The true labels.
        sample_weight : array_like or dask array of shape (n_samples,), optional
            How much each sample counts.

        Returns
        -------
        float
            The accuracy, from 0 to 1.
        """
        if not is_dask(X):
            return super().score(X, y, sample_weight)
        X, y, weight = self._validated(X, y, sample_weight, reset=False)
        right, total = sum_over_blocks(_right, self.predict(X), y, weight, shape=(2,)).compute()
        refuse_total(total, weight.shape)
        return float(right / total)

    def _later(self, method: str, X: Any, columns: int | None = None) -> Any:
        """Return, as an array of Dask, what a method of today's weights gives for each block."""
        check_is_fitted(self)
        dtype = self.classes_.dtype if method == "predict" else np.float64
        X, fitted = self._whole_rows(X), copy(self)
        return map_rows(getattr(fitted, method), X, columns=columns, dtype=dtype)

    def _logits(self, X: Any) -> Floats:
        """Return one logit per class, the first of two being 0."""
        scores = self.decision_function(X)
        return np.column_stack([np.zeros_like(scores), scores]) if scores.ndim == 1 else scores

    def _check_parameters(self) -> None:
        """Refuse parameters that make no sense, by name, kind and value."""
        rules = {
            "C": (is_number(self.C) and self.C > 0, "a positive number"),
            "tol": (is_number(self.tol) and self.tol >= 0, "a number, not negative"),
            "max_iter": (is_integer(self.max_iter) and self.max_iter > 0, "an int > 0"),
            "solver": (
                isinstance(self.solver, str) and self.solver in SOLVERS,
                f"one of {', '.join(SOLVERS)}",
            ),
            "fit_intercept": (is_flag(self.fit_intercept), "True or False"),
            "warm_start": (is_flag(self.warm_start), "True or False"),
            "verbose": (is_flag(self.verbose), "True or False"),
            "class_weight": (_weighs_classes(self.class_weight), _CLASS_WEIGHTS),
        }
        for name, (fits, rule) in rules.items():
            refuse_unless(fits, name, rule, getattr(self, name))

    def _validated(
        self, X: Any, y: Any, sample_weight: Any, reset: bool
    ) -> tuple[Any, Any, Floats | Any]:
        """Return data, labels and weights as arrays, or as arrays of Dask in the same blocks."""
        if is_dask(X):
            X = self._whole_rows(X, reset)
            return X, beside(y, X, "y"), weights_beside(sample_weight, X)
        X, y = validated(self, X=X, y=y, accept_sparse="csr", dtype=np.float64, reset=reset)
        return X, y, as_sample_weight(sample_weight, len(y))

    def _whole_rows(self, X: Any, reset: bool = False) -> Any:
        """Return data of Dask, the features counted."""
        refuse_parts_of_rows(X, "X")
        return validated(self, X=X, skip_check_array=True, reset=reset)

    def _class_weights(self, classes: Array, totals: Floats) -> Floats:
        """Return one weight for each class, whose samples have these weights in sum."""
        if self.class_weight is None:
            return np.ones(len(classes))
        if self.class_weight == "balanced":  # scikit-learn 1.6, of Pyodide, does so unweighted
            return np.asarray(totals.sum() / (len(classes) * totals))
        weights = compute_class_weight(self.class_weight, classes=classes, y=classes)
        return np.asarray(weights, np.float64)

    def _objective(
        self, X: Any, y: Any, sample_weight: Any, classes: Array, class_weight: Floats
    ) -> SoftmaxObjective:
        """Return the objective of these data, labels turned into class indices."""
        labels = map_rows(as_places, y, classes=classes, dtype=np.intp)
        weight = sample_weight * map_rows(
            _of_classes, labels, class_weight=class_weight, dtype=np.float64
        )
        if not bool(weight.any()):
            raise ValueError(f"class_weight {self.class_weight!r} leaves no sample any weight")
        return SoftmaxObjective(X, labels, len(classes), self.C, weight, self.fit_intercept)

    def _without_minimum(self, totals: Floats) -> str | None:
        """Say which classes have no weight in sum, if nothing then holds their intercepts."""
        if not (self.fit_intercept or np.inf == self.C) or totals.all():
            return None
        return f"has no minimum to find: no sample of {self.classes_[totals == 0]} has any weight"

    def _at_fit(
        self, X: Any, y: Any, sample_weight: ArrayLike | None
    ) -> tuple[SoftmaxObjective, Floats]:
        """Return the objective of these data, and the fitted weights as its ``params``."""
        check_is_fitted(self)
        X, y, weight = self._validated(X, y, sample_weight, reset=False)
        objective = self._objective(X, y, weight, self.classes_, self.class_weight_)
        return objective, self._params()

    def _params(self) -> Floats:
        """Return weights and intercepts as one array."""
        return np.column_stack([self.coef_, self.intercept_][: 1 + self.fit_intercept])

    def _start(self, objective: SoftmaxObjective, classes: Array) -> Floats:
        """Return where to start: at zero, or at the last fit's weights."""
        if not (self.warm_start and hasattr(self, "classes_")):
            return np.zeros(objective.shape)
        params = self._params()
        if params.shape != objective.shape or not np.array_equal(classes, self.classes_):
            raise ValueError(
                "warm_start needs the same features, intercepts and classes as the last fit: "
                f"params of shape {objective.shape}, classes {classes}; "
                f"had {params.shape}, {self.classes_}"
            )
        return params

    def _descend(self, objective: SoftmaxObjective, start: Floats) -> "tuple[_Trace, str | None]":
        """Run the solver; return how far it got, also when it is interrupted, and what went wrong.

        An interrupt before there is anything to keep is passed on.
        """
        trace = _Trace(self.solver if self.verbose else None)
        solver = SOLVERS[self.solver]
        try:
            with np.errstate(over="ignore"):  # a step that leads to infinity is one too long
                arrived = solver(
                    objective, start, tol=self.tol, max_iter=self.max_iter, record=trace
                )
        except KeyboardInterrupt:
            if trace.params is None:
                raise
            return trace, "was interrupted"
        return trace, None if arrived else f"stopped before the gradient was below tol={self.tol}"

    def _keep(self, trace: "_Trace") -> None:
        """Store what the solver found as fitted attributes."""
        n_features = self.n_features_in_
        self.coef_ = np.ascontiguousarray(trace.params[:, :n_features])
        has_intercept = trace.params.shape[1] > n_features
        self.intercept_ = trace.params[:, -1].copy() if has_intercept else np.zeros(len(self.coef_))
        self.loss_curve_ = np.array(trace.losses)
        self.n_iter_ = len(trace.losses) - 1

    def _warn(self, problem: str) -> None:
        """Warn that the weights are not the best ones."""
        warnings.warn(
            f"{self.solver} {problem}, after {self.n_iter_} steps at loss "
            f"{self.loss_curve_[-1]:.6g}; its last weights are kept",
            ConvergenceWarning,
            stacklevel=3,
        )


class _Trace:
    """Remember the losses of a descent and the last weights; tell of them under a name, if any."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.params: Any = None  # until the first step
        self.losses: list[float] = []

    def __call__(self, params: Floats, loss: float) -> None:
        self.params = params
        self.losses.append(loss)
        if self.name is not None:
            print(f"{self.name}, step {len(self.losses) - 1}: loss {loss:.6g}", flush=True)


_CLASS_WEIGHTS = "None, 'balanced', or a dict of finite weights, not negative"


def _right(predicted: Array, y: Array, weight: Floats) -> tuple[float, float]:
    """Return the weight of what was predicted right, and all weight."""
    return weight @ (predicted == y), weight.sum()


def _of_classes(labels: Ints, class_weight: Floats) -> Floats:
    """Return the weight of the class of each sample."""
    return class_weight[labels]


def _weighs_classes(class_weight: Any) -> bool:
    """Return whether this says what the samples of each class weigh."""
    if isinstance(class_weight, dict):
        return all(is_number(w) and 0 <= w < np.inf for w in class_weight.values())
    return class_weight is None or (isinstance(class_weight, str) and class_weight == "balanced")
