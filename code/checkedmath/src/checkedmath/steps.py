r"""The steps of a derivation, and the methods by which they are checked.

Kept apart from the checking, because a book that did not change shows its steps without SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: How a step is checked, strongest first, and what a reader is told of it.
VERDICTS = {
    "definition": "definition",
    "every K": "proved for every size",
    "exact": "proved at the sizes named",
    "numeric": "computed",
    "sampled": "searched",
}
METHODS = tuple(VERDICTS)


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
    sizes : str
        The sizes at which it was checked, ``K = 2, 3``; nothing if no size occurs in it.
    rules : tuple of str
        The rules that prove it, by their names in the dialect; none if it is proved by algebra
        alone, or not at all.
    fact : str
        The label of the formula of which it is a case, if its reason cites one.
    """

    relation: str
    reason: str
    condition: str
    left: str
    right: str
    method: str
    seconds: float = 0.0
    sizes: str = ""
    rules: tuple[str, ...] = ()
    fact: str = ""

    @property
    def verdict(self) -> str:
        """What a reader is told of it.

        Returns
        -------
        str
            One of `VERDICTS`. What is proved at the sizes that are named names them; where no size
            occurs, a proof holds for every size.

        Examples
        --------
        >>> Step("=", "", "", "x", "x", "exact", sizes="K = 2, 3").verdict
        'proved at K = 2, 3'
        """
        if self.method != "exact":
            return VERDICTS[self.method]
        return f"proved at {self.sizes}" if self.sizes else VERDICTS["every K"]


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
