"""The machinery of ``check``: an exercise is a list of laws, an answer is held against each."""

import copy
import sysconfig
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from softmaxlab.exercises.comparing import Broken, as_numbers, show


class NotYet(AssertionError):  # noqa: N818  the name is what the reader is told
    """An answer breaks a law; the message shows an example and a hint.

    Attributes
    ----------
    exercise : str
        Its name.
    law : str
        The statement that does not hold, as one sentence.
    hint : str
        One sentence that leads on.
    """

    def __init__(self, exercise, law, hint, example=""):
        self.exercise, self.law, self.hint = exercise, law, hint
        super().__init__(f"{exercise}: not yet. {law}\n{example}Hint: {hint}")

    def _render_traceback_(self):
        """Show the message alone in a notebook: the way through this package teaches nothing."""
        return [f"NotYet: {self}"]


@dataclass(frozen=True)
class Law:
    """One property: its statement, a hint for answers that lack it, and how it is tried."""

    statement: str
    hint: str
    holds: Callable
    examples: tuple

    def try_on(self, answer):
        """Hold an answer against the law, on all its examples."""
        with np.errstate(all="ignore"):  # what a law makes of a wrong answer may well overflow
            for example in self.examples:
                self.holds(answer, *example)


class Exercise:
    """What is asked for, and the laws that every right answer obeys.

    Beside them, every function has to leave its arguments as they were, at every call.

    Parameters
    ----------
    name : str
        What ``check`` calls it.
    asks : str
        The signature of the function, or the shape of the value.
    meaning : str
        One line that says what the function or value is.
    value : bool
        Whether a value is asked for, and not a function.
    """

    def __init__(self, name, asks, meaning, value=False):
        self.name, self.asks, self.meaning, self.value = name, asks, meaning, value
        self.laws = []

    def law(self, statement, hint, on=((),)):
        """Register the decorated function as the next law.

        The function gets the answer and one example, and raises ``Broken`` if the law fails.

        Parameters
        ----------
        statement, hint : str
            One sentence each.
        on : iterable
            The examples; a tuple is passed as several arguments.
        """

        def register(holds):
            examples = tuple(one if isinstance(one, tuple) else (one,) for one in on)
            self.laws.append(Law(statement, hint, holds, examples))
            return holds

        return register

    def check(self, answer):
        """Hold an answer against all laws, in order, and print one line if they hold."""
        subject = self._subject(answer)
        for law in self.laws:
            try:
                law.try_on(subject if callable(answer) else answer)
            except Broken as broken:
                hint = broken.hint or law.hint
                raise NotYet(self.name, law.statement, hint, subject.example(broken)) from None
        if not self.value and subject.spoiled:
            raise NotYet(self.name, *subject.spoiled)
        print(f"{self.name}: all {len(self.laws)} properties hold.")

    def _subject(self, answer):
        if self.value == callable(answer):
            wanted = f"the value {self.asks}" if self.value else f"the function {self.asks}"
            given = "a function" if callable(answer) else show(answer)
            kind = "value" if self.value else "function"
            hint = f"pass the {kind} itself, as in exercises.check({self.name!r}, {kind})."
            raise NotYet(self.name, f"It asks for {wanted}, and was given {given}.", hint)
        return Value(answer) if self.value else Answer(answer, self.asks)


class Answer:
    """The reader's function, which remembers its last call.

    Each call gets arguments of its own, so that a function that spoils them spoils no example.
    """

    def __init__(self, function, asks):
        self.function, self.asks = function, asks
        own_name = getattr(function, "__name__", "<lambda>")
        self.name = asks.split("(")[0] if own_name == "<lambda>" else own_name
        self.given = self.spoiled = ()
        self.result = None
        self.complaints = []

    def __call__(self, *arguments, shape=None):
        """Call the function and return its result as floats, of a shape if one is given."""
        self._call(arguments)
        return as_numbers(self.result, shape)

    def several(self, *arguments, shapes):
        """Call a function that returns several arrays, and return each as floats."""
        self._call(arguments)
        arrays = self.result
        if isinstance(arrays, np.ndarray) and arrays.ndim:
            arrays = list(arrays)
        if not isinstance(arrays, (tuple, list)) or len(arrays) != len(shapes):
            raise Broken(("gave", show(self.result)), ("expected", f"{len(shapes)} arrays"))
        return tuple(map(as_numbers, arrays, shapes))

    def _call(self, arguments):
        self.given, own = arguments, copy.deepcopy(arguments)
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(all="warn", under="ignore"),
        ):
            warnings.simplefilter("always")
            try:
                self.result = self.function(*own)
            except (Exception, SystemExit) as error:  # whatever the reader's code may raise
                raise self._stopped(error) from None
        self.complaints = [str(one.message) for one in caught if one.category is RuntimeWarning]
        self.spoiled = self.spoiled or self._spoiling(own)

    def _stopped(self, error):
        """Return what is found where the function raises: the error, and the reader's own line."""
        finding = ("raised", f"{type(error).__name__}: {error}")
        lines = [one for one in traceback.extract_tb(error.__traceback__) if _is_own(one.filename)]
        if not lines:
            return Broken(finding, hint=f"it is called as {self.asks}, and stops with this error.")
        place = f"line {lines[-1].lineno} of {lines[-1].name}"
        return Broken(
            finding,
            (place, lines[-1].line or "(its text is not known)"),
            hint="the function stops there with this error: mend that first.",
        )

    def _spoiling(self, own):
        """Return what is said of a call that has changed its arguments, and nothing if not."""
        for before, after in zip(self.given, own, strict=True):
            if not np.array_equal(before, after):
                several = len(own) > 1
                return (
                    f"The argument{'s are' if several else ' is'} left as"
                    f" {'they were' if several else 'it was'}.",
                    "`x -= ...` and `x[...] = ...` change the caller's array; write `y = x - ...`.",
                    self.example(Broken(("left", f"its argument as {show(after)}"))),
                )
        return ()

    def example(self, broken):
        """Write the last call and what was found wrong with it."""
        call = f"{self.name}({', '.join(show(one) for one in self.given)})"
        labels = {label for label, _ in broken.findings}
        shown = () if labels & {"gave", "raised"} else (("gave", show(self.result)),)
        return _block(call, (*shown, *broken.findings))


_LIBRARIES = (
    *(Path(sysconfig.get_path(one)) for one in ("stdlib", "purelib", "platlib")),
    Path(__file__).parents[1],
)


def _is_own(filename):
    """Tell whether code is the reader's own, and neither a library's nor this package's."""
    return not filename.startswith("<frozen") and not any(
        Path(filename).is_relative_to(library) for library in _LIBRARIES
    )


class Value:
    """A value that was given as the answer."""

    def __init__(self, value):
        self.value = value

    def example(self, broken):
        """Write the value and what was found wrong with it."""
        return _block(show(self.value), broken.findings)


def _block(title, findings):
    width = max(len(label) for label, _ in findings)
    lines = [f"    {label:{width}}  {text}" for label, text in findings]
    return "\n".join([f"  {title}", *lines, ""])
