"""Check a reader's own answer to an exercise, and say which property it breaks.

An exercise is a list of *laws*: properties that every right answer has, from basic (the shape) to
subtle (the last digits). ``check`` holds an answer against one law after another and stops at the
first that is broken, with an example and a hint. There are many right answers, so no law looks
at how an answer is written.

The laws are in one module for each part of the book; ``laws`` holds the machinery and
``comparing`` the comparisons that laws are made of.
"""

import difflib

from softmaxlab.exercises import gradients, scores, surprise
from softmaxlab.exercises.laws import NotYet

__all__ = ["NotYet", "check"]

EXERCISES = {
    exercise.name: exercise for part in (scores, surprise, gradients) for exercise in part.EXERCISES
}


def check(name, answer):
    """Hold an answer against the laws of an exercise, from basic to subtle.

    Parameters
    ----------
    name : str
        The exercise, as its text in the book calls it.
    answer : callable or value
        The function asked for (itself, not a result of it), or the value if a value is asked for.

    Raises
    ------
    NotYet
        If the answer breaks a law. The message names the law, shows an example and gives a hint.
        It is an ``AssertionError``, so a wrong solution also stops the build of the book.
    ValueError
        If there is no exercise of that name.

    Examples
    --------
    >>> import numpy as np
    >>> check("to_bits", lambda nats: nats / np.log(2))
    to_bits: all 3 properties hold.

    >>> check("to_bits", lambda nats: nats * np.log(2))
    Traceback (most recent call last):
    softmaxlab.exercises.laws.NotYet: to_bits: not yet. Log 2 nats are one bit.
      to_bits(0.6931472)
        gave      0.480453
        expected  1
        off by    0.52
    Hint: a bit is worth log 2 = 0.693147 nats, so there are more bits than nats: divide.
    """
    if name not in EXERCISES:
        raise ValueError(_unknown(name))
    EXERCISES[name].check(answer)


def _unknown(name):
    similar = difflib.get_close_matches(str(name), EXERCISES, n=1)
    question = f" Did you mean {similar[0]!r}?" if similar else ""
    return f"no exercise is called {name!r}.{question} There are: {', '.join(sorted(EXERCISES))}"
