r"""The steps of a derivation, and the methods by which they are checked.

Kept apart from the checking, because a book that did not change shows its steps without SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: How a step is checked, strongest first.
METHODS = ("definition", "every K", "exact", "numeric", "sampled")


@dataclass(frozen=True)
class Step:
    r"""One step of a derivation.

    Attributes
    ----------
    relation : str
        ``:=``, ``=``, ``\le``, ...
    reason : str
        The words beside it.
    condition : str
        The restriction of indices under which it was checked.
    left, right : str
        Its sides, as they stand on the page.
    method : str
        How it was checked, one of `METHODS`.
    seconds : float
        How long that took.
    """

    relation: str
    reason: str
    condition: str
    left: str
    right: str
    method: str
    seconds: float = 0.0


def weakest(methods: Iterable[str]) -> str:
    """Return the weakest of some methods.

    Parameters
    ----------
    methods : iterable of str
        At least one of `METHODS`.

    Returns
    -------
    str
        The one that shows least.

    Examples
    --------
    >>> weakest(["exact", "numeric", "exact"])
    'numeric'
    """
    return max(methods, key=METHODS.index)
