r"""The relations of the dialect, each said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Relation(NamedTuple):
    r"""What is known of a relation.

    Attributes
    ----------
    words : str
        How it is read between two sides.
    spellings : tuple of str
        Other signs for it.
    opposite : str
        The relation that points the other way, or denies it.
    restriction : str
        How it is read under a sum, as in ``\sum_{j \ne i}``.
    difference : str
        What left minus right is where it holds, in the words of SymPy's assumptions.
    between : callable
        Tells from left minus right, and from the size of a rounding, whether it holds.
    """

    words: str
    spellings: tuple[str, ...]
    opposite: str
    restriction: str
    difference: str
    between: Callable[[Any, Any], bool]


#: By the sign that stands for all spellings. ``:=`` claims nothing: it holds because it is said.
RELATIONS = {
    ":=": Relation("is defined as", (), "", "", "", lambda _gap, _rounding: True),
    "=": Relation("equals", (), r"\ne", "", "zero", lambda gap, rounding: abs(gap) <= rounding),
    r"\ne": Relation(
        "is not", (r"\neq",), "=", "other than", "nonzero",
        lambda gap, rounding: abs(gap) > rounding,
    ),
    r"\le": Relation(
        "is at most", (r"\leq", r"\leqslant"), r"\ge", "up to", "nonpositive",
        lambda gap, rounding: gap <= rounding,
    ),
    r"\ge": Relation(
        "is at least", (r"\geq", r"\geqslant"), r"\le", "from", "nonnegative",
        lambda gap, rounding: gap >= -rounding,
    ),
    "<": Relation(
        "is less than", (r"\lt",), ">", "below", "negative",
        lambda gap, rounding: gap < -rounding,
    ),
    ">": Relation(
        "is greater than", (r"\gt",), "<", "above", "positive",
        lambda gap, rounding: gap > rounding,
    ),
}  # fmt: skip
#: Those that compare two values. Their order is their number in an indicator.
COMPARISONS = tuple(sign for sign in RELATIONS if sign != ":=")
#: Those that may stand between the sides of a displayed formula.
CHAINED = tuple(sign for sign in RELATIONS if sign != r"\ne")
#: What left minus right may be.
SIGNS = (-1, 0, 1)
#: The sign for each spelling.
SPELLINGS = {
    spelling: sign for sign, relation in RELATIONS.items() for spelling in relation.spellings
}


def holds(sign: str, left: Any, right: Any, rounding: Any = 0) -> bool:
    r"""Tell whether two numbers stand in a relation.

    Parameters
    ----------
    sign : str
        One of `COMPARISONS`.
    left, right : number
        The two sides.
    rounding : number
        By how much numbers may differ that count as equal.

    Examples
    --------
    >>> holds(r"\le", 3, 2), holds(r"\le", 3, 2, rounding=1)
    (False, True)
    """
    return RELATIONS[sign].between(left - right, rounding)


def denied(sign: str) -> str:
    r"""Return the relation that holds just where another does not.

    >>> denied("<"), denied(r"\ne")
    ('\\ge', '=')
    """
    return next(
        each for each in COMPARISONS if all(holds(each, x, 0) != holds(sign, x, 0) for x in SIGNS)
    )


def side(sign: str) -> int:
    r"""Return on which side of what it is compared with a number lies: 1 is above, 0 either.

    >>> side(">"), side(r"\le"), side(r"\ne")
    (1, -1, 0)
    """
    return holds(sign, 1, 0) - holds(sign, -1, 0)


def pattern(signs: Iterable[str], *more: str) -> str:
    r"""Return a regular expression for some relations in all their spellings, and more signs.

    >>> pattern([":=", r"\ge"])
    '(?::=|\\\\(?:ge|geq|geqslant)(?![A-Za-z]))'
    """
    spelt = [each for sign in signs for each in (sign, *RELATIONS[sign].spellings)] + [*more]
    plain = [re.escape(each) for each in spelt if not each.startswith("\\")]
    words = [each.removeprefix("\\") for each in spelt if each.startswith("\\")]
    return rf"(?:{'|'.join(plain)}|\\(?:{'|'.join(words)})(?![A-Za-z]))"
