"""Comparisons that laws are made of, and how they show numbers."""

from textwrap import shorten

import numpy as np


class Broken(Exception):  # noqa: N818  it is a finding about the answer, no error of the program
    """A law does not hold; the findings are lines of a label and a text."""

    def __init__(self, *findings):
        super().__init__(*findings)
        self.findings = findings


def agree(got, expected, what="gave", rtol=1e-9, atol=1e-12):
    """Find ``got`` equal to ``expected``, in shape and up to rounding.

    Parameters
    ----------
    got, expected : array_like
        The numbers of the answer, and those that the law asks for. Infinities must be equal.
    what : str
        Says what ``got`` is, unless it is the result itself.
    rtol, atol : float
        How far the two may be apart, relative to ``expected`` and absolutely.

    Raises
    ------
    Broken
        If they differ.

    Examples
    --------
    >>> agree([0.5, 0.5 + 1e-15], [0.5, 0.5])
    """
    expected = as_numbers(expected)
    got = as_numbers(got, expected.shape)
    if np.allclose(got, expected, rtol=rtol, atol=atol):
        return
    findings = [(what, show(got)), ("expected", show(expected))]
    apart = np.abs(got - expected)[got != expected]
    if np.isfinite(apart).all():
        findings.append(("off by", f"{apart.max():.2g}"))
    raise Broken(*findings)


def require(holds, what, got):
    """Find a statement true of all entries; otherwise show ``got`` under the label ``what``.

    Examples
    --------
    >>> require(np.array([0.5, 0.5]) > 0, "gave", [0.5, 0.5])
    """
    if not np.all(holds):
        raise Broken((what, show(got)))


def as_numbers(result, shape=None):
    """Turn what an answer returned into a float array, of a shape if one is given.

    Raises
    ------
    Broken
        If it returned nothing, something that is no table of real numbers, or another shape.

    Examples
    --------
    >>> as_numbers([1, 2], shape=(2,))
    array([1., 2.])
    """
    if result is None:
        raise Broken(("gave", "nothing: is there a `return`?"))
    try:
        numbers = np.asarray(result)
    except Exception:  # rows of different lengths, or an object that refuses
        raise Broken(("gave", f"no regular table: {show(result)}")) from None
    if numbers.dtype.kind == "c":
        raise Broken(("gave", f"complex numbers: {show(numbers)}"))
    if numbers.dtype.kind not in "biuf":
        raise Broken(("gave", f"no numbers: {show(result)}"))
    if shape is not None and numbers.shape != shape:
        raise Broken(
            ("gave", show(numbers)), ("shape", str(numbers.shape)), ("expected", f"shape {shape}")
        )
    return numbers.astype(float)


def as_distributions(entry):
    """Turn what was given into a float array whose rows are distributions.

    Examples
    --------
    >>> as_distributions([0.5, 0.5])
    array([0.5, 0.5])
    """
    p = as_numbers(entry)
    if p.ndim == 0:
        raise Broken(("expected", "a list of probabilities"))
    require(p >= 0, "probabilities", p)
    agree(p.sum(axis=-1), np.ones(p.shape[:-1]), "row sums")
    return p


def pair(value):
    """Take a value apart into its two items.

    Examples
    --------
    >>> pair([1, 2])
    (1, 2)
    """
    try:
        first, second = value
    except (TypeError, ValueError):
        raise Broken(("expected", "two items")) from None
    return first, second


def show(value):
    """Write a value on one line, short enough for a message.

    Examples
    --------
    >>> show(np.array([[3.0, 1.0], [0.0, 1 / 3]]))
    '[[3, 1], [0, 0.3333333]]'
    """
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    if isinstance(value, tuple):
        return f"({', '.join(show(item) for item in value)})"
    try:
        return _show_numbers(np.asarray(value))
    except Exception:  # rows of different lengths, or an object that refuses
        return shorten(repr(value), 80)


def _show_numbers(numbers):
    if numbers.dtype.kind not in "biuf":
        return shorten(str(numbers), 80)
    text = np.array2string(
        numbers.astype(float),
        separator=", ",
        threshold=40,
        formatter={"float_kind": lambda number: f"{number:.7g}"},
    )
    return " ".join(text.split())
