"""Turn what a caller passes into arrays, or say clearly why that cannot be done."""

import numpy as np

_TOLERANCE = {2: 4e-3, 4: 1e-5, 8: 1e-8}  # how far from one a row may sum, by bytes per number


def as_real_array(values, name):
    """Return a floating-point array, or raise for what is not an array of real numbers."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} is ragged: its rows differ in length") from error
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must be real numbers, got dtype {array.dtype}")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def classes_last(array, axis, name):
    """Move the class axis to the end, and refuse an array that has none or an empty one."""
    if array.ndim == 0:
        raise ValueError(f"{name} needs a class axis, got the single number {array}")
    moved = np.moveaxis(array, axis, -1)
    if moved.shape[-1] == 0:
        raise ValueError(f"{name} has no classes: shape {array.shape}, axis {axis}")
    return moved


def as_logits(logits, axis, name="logits"):
    """Return logits with the classes last: real numbers, and minus infinity for masked classes."""
    array = classes_last(as_real_array(logits, name), axis, name)
    largest = array.max(axis=-1)
    bad = ~np.isfinite(largest)
    if bad.any():
        row = tuple(int(i) for i in np.argwhere(bad)[0])
        reasons = {"nan": "a NaN", "inf": "an infinite score", "-inf": "only masked classes (-inf)"}
        reason = reasons[str(float(largest[row]))]
        raise ValueError(f"{name} of shape {np.shape(logits)} has {reason} in row {row}")
    return array


def as_distribution(p, axis, name):
    """Return probabilities with the classes last; every row must be a distribution."""
    array = classes_last(as_real_array(p, name), axis, name)
    wrong = ~(array >= 0)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(f"{name} must not be negative or NaN: entry {place} is {array[place]}")
    total = array.sum(axis=-1, dtype=np.float64)
    off = ~(np.abs(total - 1) <= _TOLERANCE.get(array.itemsize, 1e-8))
    if off.any():
        row = tuple(int(i) for i in np.argwhere(off)[0])
        raise ValueError(f"{name} must sum to one along the class axis: row {row} has {total[row]}")
    return array


def as_indices(labels, shape, n_classes):
    """Return class indices of the given shape."""
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels that are class indices must be integers, got dtype {labels.dtype}")
    if labels.shape != shape:
        raise ValueError(f"labels have shape {labels.shape}, the logits ask for {shape}")
    wrong = (labels < 0) | (labels >= n_classes)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(f"label {labels[place]} at {place} is no class: there are {n_classes}")
    return labels


def as_targets(labels, logits, axis):
    """Return ``(indices, None)`` or ``(None, distributions)``: told apart by the number of axes."""
    ndim = np.ndim(labels)
    if ndim == logits.ndim - 1:
        return as_indices(labels, logits.shape[:-1], logits.shape[-1]), None
    if ndim != logits.ndim:
        raise ValueError(
            f"labels have {ndim} axes; logits of {logits.ndim} axes ask for {logits.ndim - 1}"
            f" (class indices) or {logits.ndim} (distributions)"
        )
    targets = as_distribution(labels, axis, "labels")
    if targets.shape != logits.shape:
        raise ValueError(
            f"labels have shape {targets.shape} and logits {logits.shape} (classes last)"
        )
    return None, targets
