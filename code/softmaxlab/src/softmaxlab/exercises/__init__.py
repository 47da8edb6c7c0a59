"""Check a reader's own answer to an exercise, and say which property it breaks.

An exercise is a list of *laws*: properties that every right answer has, from basic (the shape) to
subtle (the last digits). ``check`` holds an answer against one law after another and stops at the
first that is broken, with an example and a hint. There are many right answers, so no law looks
at how an answer is written.

The laws of a chapter's exercises are in the module of its name; ``laws`` holds the machinery and
``comparing`` the comparisons that laws are made of.
"""

import difflib

from softmaxlab._extras import needed_for
from softmaxlab.exercises.laws import NotYet

with needed_for("exercises"):
    from softmaxlab.exercises import (
        back_propagation,
        calibration,
        cross_entropy_loss,
        curvature,
        entropy,
        gradient,
        hinge_or_softmax,
        likelihood,
        logits_or_probabilities,
        numbers_that_break,
        scores,
        sigmoid_or_softmax,
        softmax,
        softmax_regression,
        trust_but_verify,
    )

__all__ = ["NotYet", "check"]

CHAPTERS = (
    scores,
    softmax,
    numbers_that_break,
    entropy,
    cross_entropy_loss,
    likelihood,
    gradient,
    trust_but_verify,
    curvature,
    logits_or_probabilities,
    sigmoid_or_softmax,
    softmax_regression,
    hinge_or_softmax,
    back_propagation,
    calibration,
)
EXERCISES = {exercise.name: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES}


def check(name: str, answer: object) -> None:
    """Hold an answer against the laws of an exercise, from basic to subtle.

    Parameters
    ----------
    name : str
        The exercise, as its text in the book calls it.
    answer : object
        The function asked for (itself, not a result of it), or the value if a value is asked for.

    Raises
    ------
    AssertionError
        If the answer breaks a law. It is a ``NotYet``: the message names the law, shows an example
        and gives a hint. So a wrong solution also stops the build of the book.
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
    if not isinstance(name, str) or name not in EXERCISES:
        raise ValueError(_unknown(name))
    EXERCISES[name].check(answer)


def _unknown(name: object) -> str:
    similar = difflib.get_close_matches(str(name), EXERCISES, n=1)
    question = f" Did you mean {similar[0]!r}?" if similar else ""
    return f"no exercise is called {name!r}.{question} There are: {', '.join(sorted(EXERCISES))}"
