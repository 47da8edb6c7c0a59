"""What the checker says when it refuses a formula."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

#: How much of a formula is shown on either side of a fault.
SHOWN = 24
#: How many numbers of a counter-example a message says; the error itself has all of them.
MOST_SAID = 24
#: How many entries of one family that follow each other and are equal are still said one by one.
FEW = 3


class CheckError(Exception):
    """A formula that is refused."""


class FormulaError(CheckError):
    """A formula that cannot be read, or that makes no sense with the declared letters.

    Parameters
    ----------
    message : str
        What is wrong.
    text : str, optional
        The formula.
    position : int, optional
        The character at which it went wrong.
    label : str, optional
        The formula's label.
    remedy : str, optional
        What the author can do about it, if it is not to write it otherwise.
    """

    def __init__(
        self,
        message: str,
        text: str = "",
        position: int | None = None,
        label: str = "",
        remedy: str = "",
    ) -> None:
        self.message, self.text, self.position = message, text, position
        self.label, self.remedy = label, remedy
        super().__init__(message, text, position, label, remedy)

    def of(self, label: str) -> FormulaError:
        """Return the same error with the label of its formula.

        Parameters
        ----------
        label : str
            The label, unless the error has one already.

        Returns
        -------
        FormulaError
            A new error.
        """
        label = self.label or label
        return type(self)(self.message, self.text, self.position, label, self.remedy)

    def __str__(self) -> str:
        label = f"{self.label}: " if self.label else ""
        if self.position is None:
            return label + self.message
        before, after = _one_line(self.text[: self.position]), _one_line(self.text[self.position :])
        head = "…" + before[-SHOWN:] if len(before) > SHOWN else before
        tail = after[:SHOWN] + "…" if len(after) > SHOWN else after
        return f"{label}{self.message}, at {head}⟨here⟩{tail}"


class TooMuch(FormulaError):  # noqa: N818 - what it is
    """A formula that takes more work than one may."""


class WrongStep(CheckError):  # noqa: N818 - what was found, by its name
    r"""A false step, with the numbers that show it.

    Parameters
    ----------
    label : str
        The formula.
    step : int
        Which step, counted from one; zero if it is the left side itself.
    reason : str
        The reason that the page gives for the step.
    message : str
        What is wrong, if there are no numbers to show it.
    relation : str
        What the page claims: ``=``, ``\le``, ...
    counterexample : dict of str to str
        The sizes, indices and letters for which the claim fails.
    left, right : str
        The values of the two sides there.
    entry : str
        Which entry of a vector or a matrix these are.
    """

    def __init__(
        self,
        label: str,
        step: int,
        reason: str = "",
        message: str = "",
        relation: str = "",
        counterexample: Mapping[str, str] | None = None,
        left: str = "",
        right: str = "",
        entry: str = "",
    ) -> None:
        self.label, self.step, self.reason, self.message = label, step, reason, message
        self.relation, self.counterexample = relation, dict(counterexample or {})
        self.left, self.right, self.entry = left, right, entry
        super().__init__(label, step, reason, message)

    @property
    def finding(self) -> str:
        """What was found, as a page says it that shows the formula itself.

        Returns
        -------
        str
            The message, or the counter-example in words.
        """
        if self.message:
            return self.message
        at = f"at {in_words(self.counterexample)} " if self.counterexample else ""
        claim = f"the page says left {self.relation} right"
        of = f"entry {self.entry} of " if self.entry else ""
        if self.left == self.right:
            return f"{claim}, but {at}{of}both sides {'is' if of else 'are'} {self.left}"
        return f"{claim}, but {at}{of}left is {self.left} and {of}right is {self.right}"

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.label}, step {self.step}{reason}: {self.finding}"


def in_words(numbers: Mapping[str, str]) -> str:
    """Return a point as a message says it, without most of its numbers if these are many.

    Parameters
    ----------
    numbers : mapping of str to str
        Letters and their numbers.

    Returns
    -------
    str
        The first of them, and how many more there are. Entries that follow each other and are equal
        are said once.

    Examples
    --------
    >>> in_words({"K": "2", "z_1": "0"})
    'K = 2, z_1 = 0'
    >>> in_words({"p_1": "1/4", "p_2": "1/4", "p_3": "1/4", "p_4": "1/4"})
    'p_1 = … = p_4 = 1/4'
    """
    said = list(_runs(numbers))
    more = sum(count for _, count in said[MOST_SAID:])
    words = ", ".join(words for words, _ in said[:MOST_SAID])
    return words + (f" (and {more} more)" if more > 0 else "")


def _runs(numbers: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield letters with their numbers, and how many entries these are: those alike as one."""
    for (_, value), run in itertools.groupby(numbers.items(), key=_family_and_value):
        letters = [letter for letter, _ in run]
        if len(letters) > FEW:
            yield f"{letters[0]} = … = {letters[-1]} = {value}", len(letters)
        else:
            yield from ((f"{letter} = {value}", 1) for letter in letters)


def _family_and_value(item: tuple[str, str]) -> tuple[str, str]:
    letter, value = item
    return letter.partition("_")[0], value


def _one_line(text: str) -> str:
    return " ".join(text.split())
