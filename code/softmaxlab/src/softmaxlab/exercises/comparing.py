"""Comparisons that laws are made of, and how they show numbers."""

from textwrap import shorten

import numpy as np

RTOL, ATOL = 1e-9, 1e-12


class Broken(Exception):  # noqa: N818  it is a finding about the answer, no error of the program
    """A law does not hold.

    Attributes
    ----------
    findings : tuple of (str, str)
        Lines of a label and a text.
    hint : str or None
        What leads on, if it is not what the law says.
    """

    def __init__(self, *findings, hint=None):
        super().__init__(*findings)
        self.findings, self.hint = findings, hint


def agree(got, expected, what="gave", rtol=RTOL, atol=ATOL):
    """Find ``got`` equal to ``expected``, in shape and up to rounding.

    Parameters
    ----------
    got, expected : array_like
        The numbers of the answer, and those that the law asks for. Infinities must be equal.
    what : str
        Says what ``got`` is, unless it is the result itself.
    rtol, atol : float
        How far the two may be apart, relative to ``expected`` and absolutely. Float32 numbers may
        be 1e-4 and 1e-6 apart; where ``atol`` is zero, as far as their smallest normal number.

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
    if got.dtype == np.float32:
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-6) if atol else np.finfo(np.float32).tiny
    if np.allclose(got, expected, rtol=rtol, atol=atol):
        return
    findings = [(what, show(got)), ("expected", show(expected))]
    apart = np.abs(got - expected)[got != expected]
    if np.isfinite(apart).all():
        findings.append(("off by", f"{apart.max():.2g}"))
    rounded = (rtol, atol) == (RTOL, ATOL) and np.allclose(got, expected, rtol=1e-6, atol=0)
    raise Broken(*findings, hint=_DIGITS if rounded else None)


_DIGITS = "it has six right digits and no more: add no epsilon, round nothing, use float64."


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

    Float32 numbers stay float32, so that no more digits are asked of them than they have; so do
    those that are kept in a list or as float64.

    Raises
    ------
    Broken
        If it returned nothing, something that is no table of real numbers, or another shape.

    Examples
    --------
    >>> as_numbers([1, 2], shape=(2,))
    array([1., 2.])
    """
    numbers = _as_array(result)
    if numbers.dtype.kind == "c":
        raise Broken(("gave", f"complex numbers: {show(numbers)}"))
    if numbers.dtype.kind not in "biuf":
        raise Broken(("gave", f"no numbers: {show(result)}"), hint="return numbers, or an array.")
    if shape is not None and numbers.shape != shape:
        raise Broken(
            ("gave", show(numbers)), ("shape", str(numbers.shape)), ("expected", f"shape {shape}")
        )
    return numbers.astype(np.float32 if _are_single(numbers) else np.float64)


def _as_array(result):
    if result is None:
        raise Broken(
            ("gave", "nothing: is there a `return`?"),
            hint="a function gives back what stands after `return`; printing is not enough.",
        )
    try:
        return np.asarray(result)
    except Exception:  # rows of different lengths, or an object that refuses
        raise Broken(
            ("gave", f"no regular table: {show(result)}"), hint="make all rows of one length."
        ) from None


def _are_single(numbers):
    """Tell whether numbers have float32's digits, and not merely few of them, as 0.5 has."""
    if numbers.dtype == np.float32:
        return True
    finite = numbers[np.isfinite(numbers)] if numbers.dtype == np.float64 else np.empty(0)
    with np.errstate(over="ignore"):
        single, half = (np.array_equal(finite, finite.astype(f"f{size}")) for size in (4, 2))
    return single and not half


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
