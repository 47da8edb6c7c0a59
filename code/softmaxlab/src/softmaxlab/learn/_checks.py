"""Checks of what is handed to whatever learns: an error names the argument, its kind and value."""

from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import _check_sample_weight

from softmaxlab._numerics.checks import as_array, as_real_array, refuse_infinite
from softmaxlab._types import Floats


def is_number(number: Any) -> TypeGuard[float]:
    """Return whether this is one real number, of Python or of NumPy, and no boolean."""
    return isinstance(number, Real) and not isinstance(number, bool)


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
    refuse_unless(is_number(number) and 0 < number < np.inf, name, "positive and finite", number)


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
    refuse_infinite(numbers, "X")
    return numbers


def as_sample_weight(sample_weight: ArrayLike | None, n_samples: int) -> Floats:
    """Return how much each sample counts, by default 1: not negative, and not all zero."""
    refuse_masked_or_complex(sample_weight=sample_weight)
    try:
        weight = _check_sample_weight(
            sample_weight, np.empty((n_samples, 1)), dtype=np.float64, ensure_non_negative=True
        )
    except ValueError as error:
        raise ValueError(f"sample_weight: {error}") from error
    if not weight.any():
        raise ValueError(f"sample_weight of shape {weight.shape} is zero everywhere")
    return weight
