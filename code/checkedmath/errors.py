"""What the checker says when it refuses a formula."""


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
    """

    def __init__(self, message, text="", position=None):
        self.message, self.text, self.position = message, text, position
        super().__init__(message)

    def __str__(self):
        if self.position is None:
            return self.message
        before, after = self.text[: self.position], self.text[self.position :]
        return f"{self.message} at …{_one_line(before)[-24:]}⟨here⟩{_one_line(after)[:24]}…"


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
    """

    def __init__(
        self,
        label,
        step,
        reason="",
        message="",
        relation="",
        counterexample=None,
        left="",
        right="",
    ):
        self.label, self.step, self.reason, self.message = label, step, reason, message
        self.relation, self.counterexample = relation, dict(counterexample or {})
        self.left, self.right = left, right
        super().__init__(label, step, reason, message)

    @property
    def finding(self):
        """What was found, without the label: for a page that shows the formula."""
        if self.message:
            return self.message
        point = ", ".join(f"{letter} = {value}" for letter, value in self.counterexample.items())
        claim = f"the page says left {self.relation} right"
        return f"{claim}, but at {point} left is {self.left} and right is {self.right}"

    def __str__(self):
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.label}, step {self.step}{reason}: {self.finding}"


def _one_line(text):
    return " ".join(text.split())
