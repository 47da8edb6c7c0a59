"""Checks of what is handed to whatever learns: an error names the argument, its kind and value."""

import math
from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, validate_data

from softmaxlab._numerics.checks import (
    as_array,
    as_indices,
    as_logits,
    as_real_array,
    refuse_infinite,
    refuse_other_than_distributions,
)
from softmaxlab._types import Array, Floats, Ints

_LARGEST_TOTAL = 1e300  # of weights; beyond it sums of them would overflow


def is_number(number: Any) -> TypeGuard[float]:
    """Return whether this is one real number, of Python or of NumPy, and no boolean."""
    return isinstance(number, Real) and not isinstance(number, bool)


def is_finite(number: Any) -> TypeGuard[float]:
    """Return whether this is one real number that is finite in float64."""
    try:
        return is_number(number) and math.isfinite(number)
    except OverflowError:  # an integer of hundreds of digits
        return False


def is_integer(number: Any) -> TypeGuard[int]:
    """Return whether this is one integer, of Python or of NumPy, and no boolean."""
    return isinstance(number, Integral) and not isinstance(number, bool)


def refuse_unless(fits: bool, name: str, rule: str, value: Any) -> None:
    """Raise if a parameter does not fit its rule, and tell both."""
    if not fits:
        raise ValueError(f"{name} must be {rule}, not {value!r} of type {type(value).__name__}")


def refuse_uncountable(number: Any, name: str, least: int = 1) -> None:
    """Raise unless a parameter is an integer, and large enough. True is none."""
    refuse_unless(
        is_integer(number) and number >= least, name, f"an integer, {least} or more", number
    )


def refuse_not_positive(number: Any, name: str) -> None:
    """Raise unless a parameter is a positive and finite number."""
    refuse_unless(is_finite(number) and number > 0, name, "positive and finite", number)


def is_flag(value: Any) -> bool:
    """Return whether this is True or False, and not merely something that counts as one of them."""
    return isinstance(value, bool | np.bool)


def refuse_masked_or_complex(**arguments: Any) -> None:
    """Raise where scikit-learn would ignore a mask, or would not say what is complex."""
    for name, values in arguments.items():
        if isinstance(values, np.ma.MaskedArray):
            as_array(values, name)
        dtype = getattr(values, "dtype", None)
        if getattr(dtype, "kind", None) == "c":
            raise ValueError(f"Complex data not supported: {name} has dtype {dtype}")


def validated(estimator: Any, **data_and_options: Any) -> Any:
    """Return X, or X and y, as scikit-learn checks them; what it would pass over is refused."""
    data = {name: data_and_options[name] for name in ("X", "y") if name in data_and_options}
    refuse_masked_or_complex(**data)
    with np.errstate(over="ignore", invalid="ignore"):  # it sums up, to see whether all is finite
        return validate_data(estimator, **data_and_options)


def refuse_overflow(scores: Floats, X: Any) -> None:
    """Raise if features were so large that a weighted sum of them is not finite."""
    if not np.isfinite(scores).all():
        raise ValueError(
            f"X of shape {X.shape} holds numbers as large as {abs(X).max():g}: the logits are not "
            "finite; scale the features"
        )


def as_features(X: ArrayLike, n_features: int) -> Floats:
    """Return finite numbers of shape (n_samples, n_features) in double precision."""
    array = as_array(X, "X")
    numbers = array if array.dtype == bool else as_real_array(array, "X")
    if numbers.ndim != 2 or numbers.shape[1] != n_features:
        raise ValueError(f"X must have shape (n_samples, {n_features}), not {numbers.shape}")
    numbers = numbers.astype(np.float64, copy=False)
    if not np.isfinite(numbers).all():
        refuse_infinite(numbers, "X")
    return numbers


def as_sample_weight(sample_weight: ArrayLike | None, n_samples: int) -> Floats:
    """Return how much each sample counts, by default 1: not negative, and not all zero."""
    if sample_weight is None:
        return np.ones(n_samples)
    refuse_masked_or_complex(sample_weight=sample_weight)
    try:
        weight = _check_sample_weight(
            sample_weight, np.empty((n_samples, 1)), dtype=np.float64, ensure_non_negative=True
        )
    except ValueError as error:
        raise ValueError(f"sample_weight: {error}") from error
    with np.errstate(over="ignore"):
        refuse_total(weight.sum(), weight.shape)
    return weight


def refuse_total(total: float, shape: tuple[int, ...]) -> None:
    """Raise if weights of this shape have a sum that is zero, or too large."""
    if not total:
        raise ValueError(f"sample_weight of shape {shape} is zero everywhere")
    if total > _LARGEST_TOTAL:
        raise ValueError(f"sample_weight of shape {shape} adds up to {total}")


def as_predictions(p: ArrayLike, labels: ArrayLike) -> tuple[Floats, Ints]:
    """Return rows of probabilities, one at least, and the true class of each."""
    array = as_real_array(p, "p")
    if array.ndim != 2 or not array.size:
        raise ValueError(
            "p must be rows of probabilities, one row at least, of shape (n_samples, n_classes), "
            f"not {array.shape}"
        )
    refuse_other_than_distributions(as_logits(p, 1, name="p"))
    return array, as_indices(labels, array.shape[:1], array.shape[1])


def sorted_labels(y: Array) -> Array:
    """Return the different labels, sorted."""
    try:
        if y.dtype.kind not in "iub":  # whole numbers are always classes
            check_classification_targets(y)
        return np.unique(y)
    except (TypeError, ValueError) as error:
        raise type(error)(f"y of shape {y.shape}: {error}") from error


def as_places(y: Array, classes: Array) -> Ints:
    """Return where each label stands in ``classes_``."""
    known = np.isin(y, classes)
    if not known.all():
        raise ValueError(f"y holds {y[~known][0]}, which is not in classes_ {classes}")
    return np.searchsorted(classes, y)
