"""Turn what a caller passes into arrays, or say clearly why that cannot be done.

Every message names the argument, its shape or dtype, and the value that is wrong.
"""

import operator
from collections.abc import Sequence
from itertools import chain
from math import isnan
from numbers import Real
from reprlib import repr as shortened
from typing import Any, NoReturn

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, NDArray

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.summation import largest, smallest
from softmaxlab._types import Array, Floats, Ints

_BOOLEANS = (bool, np.bool)  # integers to Python, but neither a count nor an axis
_TOO_LARGE = 2**53  # from here on, float64 skips integers
# How far from one a row may sum, by bytes per number: so much, and so much more for each class.
_TOLERANCE = {8: (1e-8, 2.0**-53), 4: (1e-5, 2.0**-24), 2: (4e-3, 2.0**-24)}


def as_array(values: ArrayLike, name: str) -> Array:
    """Return an array. A masked array, or a list with one, is refused: masks would be ignored."""
    if type(values) is np.ndarray:
        return values
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array: its mask would be ignored")
    if _holds_a_mask(values):
        raise TypeError(f"{name} holds a masked array: its mask would be ignored")
    try:
        return np.asarray(values)
    except (RuntimeError, TypeError, ValueError) as error:
        if "inhomogeneous" in str(error):
            raise ValueError(f"{name} is ragged: its rows differ in length") from error
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(f"{name} cannot be made an array: {error}") from error


def _holds_a_mask(values: object) -> bool:
    """Tell whether there is a masked array, or a masked number, in a list of lists.

    It looks at the types of a whole level at once, which takes a fraction of the time of NumPy.
    """
    while isinstance(values, list | tuple):
        kinds = set(map(type, values))
        if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds):
            return True
        if not any(issubclass(kind, list | tuple) for kind in kinds):
            return False
        inner = (value for value in values if isinstance(value, list | tuple))
        values = list(chain.from_iterable(inner))
    return False


def as_real_array(values: ArrayLike, name: str) -> Floats:
    """Return an array of float16, float32 or float64 in native byte order; integers become float64.

    Numbers of bfloat16, which NumPy has not of itself, become float32, which holds them all.
    Booleans are refused with everything else: they are no scores.
    """
    array = as_array(values, name)
    kind = array.dtype.kind
    if kind == "f" and array.itemsize <= 8:
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind in "iu":
        return _from_integers(array, name)
    if kind == "f":
        raise TypeError(f"{name} must be float64 or narrower, got dtype {array.dtype}")
    if _is_bfloat16(array.dtype):
        return array.astype(np.float32)
    raise TypeError(f"{name} must be real numbers, got dtype {array.dtype}")


def dtype_of_result(values: ArrayLike, numbers: Floats) -> np.dtype[Any]:
    """Return the dtype of what is computed from `numbers`, which the caller gave as `values`."""
    if values is numbers:
        return numbers.dtype
    given: Any = getattr(values, "dtype", None)
    return given if _is_bfloat16(given) else numbers.dtype


def _is_bfloat16(dtype: Any) -> bool:
    return getattr(dtype, "kind", "") == "V" and dtype.name == "bfloat16"


def _from_integers(array: Array, name: str) -> Floats:
    floats = array.astype(np.float64)
    place = first_true(np.abs(floats) >= _TOO_LARGE)
    if place is not None:
        raise ValueError(
            f"{name} of shape {array.shape} has {array[place]} at {place}:"
            " float64 holds integers below 2**53"
        )
    return floats


def first_true(wrong: NDArray[np.bool]) -> tuple[int, ...] | None:
    """Return where the first True of an array of booleans is, or None."""
    if not wrong.any():
        return None
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def as_scores(logits: ArrayLike, name: str = "logits") -> Floats:
    """Return real numbers, infinite ones among them, but no NaN."""
    z = as_real_array(logits, name)
    refuse_nan(z, name)
    return z


def refuse_nan(array: Floats, name: str) -> None:
    """Raise if there is a NaN in an array."""
    if array.size and isnan(smallest(array)):
        place = first_true(np.isnan(array))
        raise ValueError(f"{name} of shape {array.shape} has nan at {place}")


def agreeing(array: Array, other: Array, name: str, other_name: str) -> tuple[Array, Array]:
    """Return two arrays of one shape; either may be a single number, and nothing else broadcasts.

    One number for each of n rows of shape (n, 1) would make n times n of them.
    """
    if array.shape == other.shape:
        return array, other
    if array.ndim and other.ndim:
        raise ValueError(
            f"{name} have shape {array.shape}, the {other_name} have shape {other.shape}:"
            " they must be the same, or one side a single number"
        )
    shape = array.shape or other.shape
    return np.broadcast_to(array, shape), np.broadcast_to(other, shape)


def refuse_infinite(array: Floats, name: str) -> None:
    """Raise if there is a number that is not finite in an array."""
    finite = np.isfinite(array)
    if not finite.all():
        place = first_true(~finite)
        raise ValueError(f"{name} of shape {array.shape} has {array[place]} at {place}")


def as_factors(b: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return factors b in the shape of the logits that they are for.

    The quotient of two, and the sum of many, are far from what float64 cannot hold.
    """
    factors = as_real_array(b, "b").astype(np.float64, copy=False)
    place = first_true(~((factors == 0) | (factors >= 1e-150) & (factors <= 1e150)))
    if place is not None:
        raise ValueError(
            f"b of shape {factors.shape} has {factors[place]} at {place}: it must be 0, or from"
            " 1e-150 to 1e150"
        )
    return _broadcast_to(factors, shape, "b", "logits")


def _broadcast_to(array: Array, shape: tuple[int, ...], name: str, other: str) -> Array:
    try:
        return np.broadcast_to(array, shape)
    except ValueError as error:
        raise ValueError(
            f"{name} of shape {array.shape} does not broadcast to {other} of shape {shape}"
        ) from error


def refuse_negative(array: Floats, name: str) -> None:
    """Raise if there is a number in an array that is negative or not finite."""
    if array.size and smallest(array) >= 0 and largest(array) < np.inf:
        return  # in a fraction of the time that a search takes
    place = first_true(~((array >= 0) & (array < np.inf)))
    if place is not None:
        raise ValueError(f"{name} of shape {array.shape} have {array[place]} at {place}")


def refuse_improbable(array: Floats, name: str) -> None:
    """Raise if a number in an array is not between 0 and 1."""
    if array.size and smallest(array) >= 0 and largest(array) <= 1:
        return  # in a fraction of the time that a search takes
    place = first_true(~((array >= 0) & (array <= 1)))
    if place is not None:
        raise ValueError(
            f"{name} of shape {array.shape} has {array[place]} at {place}: no probability"
        )


def as_flag(value: bool, name: str) -> None:
    """Raise unless a value is True or False, and not merely something that counts as one."""
    if not isinstance(value, _BOOLEANS):
        raise TypeError(f"{name} must be True or False, got {_shown(value)}")


def as_integer(number: int, name: str, least: int | None = None) -> int:
    """Return one integer that is large enough. True is none."""
    integer = number if type(number) is int else _integer(number)
    if integer is None:
        raise TypeError(f"{name} must be one integer, got {_shown(number)}")
    if least is not None and integer < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return integer


def _integer(number: Any) -> int | None:
    try:
        return None if isinstance(number, _BOOLEANS) else operator.index(number)
    except TypeError:
        return None


def as_number(number: float, name: str) -> float:
    """Return one real number, of Python or of NumPy. True is none."""
    if type(number) is float:  # the usual case, in a tenth of the time
        return number
    if isinstance(number, np.ndarray) and number.shape == ():
        number = as_array(number, name)[()]
    if not isinstance(number, Real) or isinstance(number, bool):
        raise TypeError(f"{name} must be one real number, got {_shown(number)}")
    try:
        return float(number)
    except OverflowError as error:
        raise ValueError(f"{name} is beyond float64: {_shown(number)}") from error


def _shown(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype} and shape {value.shape}"
    return shortened(value)


def as_positive(number: float, name: str) -> float:
    """Return a positive, finite number."""
    value = as_number(number, name)
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be positive and finite, got {number}")
    return value


def as_share(number: float, name: str) -> float:
    """Return a number from 0 to 1."""
    value = as_number(number, name)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be from 0 to 1, got {number}")
    return value


def as_rows(array: Floats, axis: int, name: str, dtype: np.dtype[Any] | None = None) -> Rows:
    """Return an array as rows of classes, and refuse one that has no classes."""
    if array.ndim == 0:
        raise ValueError(f"{name} needs a class axis, got the single number {array}")
    axis = normalize_axis_index(as_integer(axis, "axis"), array.ndim, name)
    if array.shape[axis] == 0:
        raise ValueError(f"{name} of shape {array.shape} has no classes along axis {axis}")
    return Rows(array, axis, name, dtype)


def as_logits(
    logits: ArrayLike, axis: int, where: ArrayLike | None = None, name: str = "logits"
) -> Rows:
    """Return rows of scores; a class that ``where`` leaves out gets minus infinity."""
    array = as_real_array(logits, name)
    if where is not None:
        array = np.where(as_mask(where, array.shape, name), array, array.dtype.type(-np.inf))
    return as_rows(array, axis, name, dtype_of_result(logits, array))


def as_mask(where: ArrayLike, shape: tuple[int, ...], name: str) -> NDArray[np.bool]:
    """Return booleans in the shape of the scores that they are for."""
    where = as_array(where, "where")
    if where.dtype != bool:
        raise TypeError(f"where must be booleans, got dtype {where.dtype}")
    return _broadcast_to(where, shape, "where", name)


def as_indices(
    labels: ArrayLike, shape: tuple[int, ...], n_classes: int, name: str = "labels"
) -> Ints:
    """Return class indices as a flat array, in the type in which places are computed.

    In their own type, which may be int8, the place of an entry would overflow. An empty list says
    nothing of its type, and becomes float64.
    """
    labels = as_array(labels, name)
    if labels.dtype.kind not in "iu" and (labels.size or labels.dtype != np.float64):
        raise TypeError(f"{name} that are class indices must be integers, got dtype {labels.dtype}")
    if labels.shape != shape:
        raise ValueError(f"{name} have shape {labels.shape}, the samples have shape {shape}")
    flat = labels.reshape(-1)
    if len(flat) and not (smallest(flat) >= 0 and largest(flat) < n_classes):
        place = first_true((labels < 0) | (labels >= n_classes))
        raise ValueError(
            f"{name} of shape {shape} have {labels[place]} at {place}: there are {n_classes}"
            " classes, counted from 0"
        )
    return flat.astype(np.intp, copy=False)


def as_indices_but(
    ignored: int | None, labels: ArrayLike, shape: tuple[int, ...], n_classes: int
) -> tuple[Ints, NDArray[np.bool] | None]:
    """Return class indices, flat, and which of them count: all but those that are ``ignored``.

    What is ignored becomes class 0.
    """
    if ignored is None:
        return as_indices(labels, shape, n_classes), None
    labels = as_array(labels, "labels")
    counts = labels != as_integer(ignored, "ignore_index")
    if labels.dtype.kind in "iu":
        labels = np.where(counts, labels, labels.dtype.type(0))
    return as_indices(labels, shape, n_classes), counts.reshape(-1)


def as_label_rows(labels: Array, rows: Rows) -> Rows:
    """Return labels that are distributions as rows of classes, one for each row of logits."""
    ndim = rows.array.ndim
    if labels.ndim != ndim:
        raise ValueError(
            f"labels have {labels.ndim} axes; logits with {ndim} axes need labels with"
            f" {ndim - 1} (class indices) or {ndim} (distributions)"
        )
    if labels.shape != rows.array.shape:
        raise ValueError(
            f"labels have shape {labels.shape}, the logits have shape {rows.array.shape}"
        )
    return as_logits(labels, rows.axis, name="labels")


def as_weights(weights: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return one finite, non-negative weight for each sample."""
    array = as_real_array(weights, "weights")
    if array.shape != shape:
        raise ValueError(f"weights have shape {array.shape}, the samples have shape {shape}")
    refuse_negative(array, "weights")
    return array


def as_pair(
    p: ArrayLike,
    q: ArrayLike,
    axis: int,
    where: ArrayLike | None = None,
    names: tuple[str, str] = ("p", "q"),
) -> tuple[Rows, Rows]:
    """Return two arrays as rows of classes, with one row of the one for each row of the other."""
    p_rows, q_rows = (
        as_logits(values, axis, where, name) for values, name in zip((p, q), names, strict=True)
    )
    if p_rows.n_classes != q_rows.n_classes:
        raise ValueError(
            f"{p_rows.name} has {p_rows.n_classes} classes, {q_rows.name} has {q_rows.n_classes}"
        )
    if p_rows.batch_shape == q_rows.batch_shape:
        return p_rows, q_rows
    return _broadcast(p_rows, q_rows)


def _broadcast(p_rows: Rows, q_rows: Rows) -> tuple[Rows, Rows]:
    p, q = (np.moveaxis(rows.array, rows.axis, -1) for rows in (p_rows, q_rows))
    try:
        shape = np.broadcast_shapes(p.shape, q.shape)
    except ValueError as error:
        shapes = " and ".join(
            f"{rows.name} of shape {rows.array.shape}" for rows in (p_rows, q_rows)
        )
        raise ValueError(f"{shapes} do not broadcast") from error
    p, q, axis = np.broadcast_to(p, shape), np.broadcast_to(q, shape), len(shape) - 1
    return Rows(p, axis, p_rows.name, p_rows.dtype), Rows(q, axis, q_rows.name, q_rows.dtype)


def check_distributions(rows: Rows, block: Floats) -> Floats:
    """Return the sums of a block's rows; raise unless every row is a distribution.

    Nothing is clipped or renormalised.
    """
    total = np.add.reduce(block, axis=0, dtype=np.float64)
    off = np.abs(total - 1)
    if np.minimum.reduce(block, axis=None) >= 0:
        if off.max() <= tolerance(rows.dtype.itemsize, len(block)):
            return total
        if _beyond_tolerance(rows, block, off).max() <= 0:
            return total
    raise refusal_of_distributions(rows)


def tolerance(itemsize: int, n_classes: int) -> float:
    """Return how far from one a row may sum."""
    once, each = _TOLERANCE[itemsize]
    return once + n_classes * each


def _beyond_tolerance(rows: Rows, block: Floats, off: Floats) -> Floats:
    """Return by how much more than its tolerance each row's sum is off.

    What rounding has done shows in the numbers, wherever they are kept: if all of a row are numbers
    of a narrower type, it has the tolerance of that type.
    """
    beyond = off - tolerance(rows.dtype.itemsize, len(block))
    for itemsize, rounded in ((4, _to_single), (2, _to_half), (2, _to_bfloat16)):
        wrong = np.flatnonzero(beyond > 0)
        numbers = block[:, wrong]
        narrower = wrong[np.logical_and.reduce(rounded(numbers) == numbers, axis=0)]
        least = min(itemsize, rows.dtype.itemsize)
        beyond[narrower] = off[narrower] - tolerance(least, len(block))
    return beyond


def _to_single(numbers: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)


def _to_half(numbers: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return numbers.astype(np.float16)


def _to_bfloat16(numbers: Floats) -> Floats:
    """Cut numbers to the upper half of float32, which is what bfloat16 is."""
    return (_to_single(numbers).view(np.uint32) & 0xFFFF0000).view(np.float32)


def refuse_other_than_distributions(rows: Rows) -> None:
    """Raise unless every row of an array is a distribution."""
    for _, block in rows.blocks():
        check_distributions(rows, block)


def refusal_of_distributions(rows: Rows) -> ValueError:
    """Return the error that says which row of an array is farthest beyond its tolerance."""
    p, name = rows.array, f"{rows.name} of shape {rows.array.shape}"
    place = first_true(~(p >= 0))
    if place is not None:
        return ValueError(f"{name} has {p[place]} at {place}: no probability")
    total = p.sum(axis=rows.axis, dtype=np.float64)
    beyond = _beyond_tolerance(rows, rows.table.T, np.abs(total - 1).reshape(-1))
    worst = np.unravel_index(beyond.argmax(), total.shape)
    return ValueError(f"{name} is no distribution{in_row(worst)}: it sums to {total[worst]}")


def in_row(place: Sequence[np.integer]) -> str:
    """Say which row is meant, where there is more than one."""
    return f" in row {tuple(int(i) for i in place)}" if len(place) else ""


def refuse_scores(rows: Rows) -> NoReturn:
    """Raise, and say which entry or row of an array of scores cannot be used."""
    z, shape = rows.array, rows.array.shape
    bad = np.argwhere(np.isnan(z) | (z == np.inf))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        raise ValueError(f"{rows.name} of shape {shape} has {z[place]} at {place}")
    row = in_row(np.argwhere(z.max(axis=rows.axis) == -np.inf)[0])
    raise ValueError(f"{rows.name} of shape {shape} has no class left{row}: all are -inf")
