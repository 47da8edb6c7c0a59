"""Check a reader's own answer to an exercise, and say which property it breaks.

An exercise is a list of *laws*: properties that every right answer has, from basic (the shape) to
subtle (the last digits). ``check`` holds an answer against one law after another and stops at the
first that is broken, with an example and a hint. There are many right answers, so no law looks
at how an answer is written.

The laws of a chapter's exercises are in the module of its name; ``laws`` holds the machinery and
``comparing`` the comparisons that laws are made of.
"""

import difflib
from importlib import import_module

from softmaxlab._extras import needed_for

with needed_for("exercises"):
    import scipy  # noqa: F401  # the laws need it; whoever has none is told at once

    from softmaxlab.exercises.laws import Exercise, NotYet

__all__ = ["NotYet", "check"]

# The exercises of each chapter, in the order of the book, under the module that has their laws. It
# is imported when one of them is checked.
CHAPTERS = {
    "scores": ("scores", "logit"),
    "softmax": ("softmax", "logits_of", "tempered_softmax", "hardmax"),
    "numbers_that_break": ("log_softmax", "sigmoid", "clipped"),
    "entropy": ("entropy", "kl_divergence", "asymmetric_pair", "to_bits"),
    "cross_entropy_loss": (
        "same_accuracy",
        "log_loss",
        "loss_from_logits",
        "one_hot",
        "label_smoothing",
        "binary_cross_entropy",
    ),
    "likelihood": ("map_gradient",),
    "gradient": ("softmax_jacobian", "loss_gradient", "central_difference"),
    "trust_but_verify": ("complex_step", "relative_error"),
    "curvature": ("hessian", "newton_step"),
    "logits_or_probabilities": ("double_softmax_floor",),
    "sigmoid_or_softmax": ("sigmoid_from_two_logits",),
    "softmax_regression": ("train_step",),
    "hinge_or_softmax": ("multiclass_hinge", "hinge_gradient"),
    "back_propagation": ("backward_linear", "relu_backward"),
    "calibration": ("expected_calibration_error", "temperature_gradient"),
    "scoring": ("spherical", "brier_parts"),
    "rare_classes": ("prior_shift", "student_slope"),
    "next_word": ("nucleus", "masked_loss"),
    "attention": ("attention",),
    "close_to_the_metal": ("exponential", "workers"),
    "maximum_entropy": ("most_uncertain",),
    "exponential_families": ("feature_slope",),
    "conjugates": ("sparsemax_loss",),
    "fisher_information": ("score_spread",),
    "multiplicative_weights": ("trust",),
    "gumbel": ("gumbel_draws",),
    "implicit_bias": ("margin",),
}
_MODULES = {name: module for module, names in CHAPTERS.items() for name in names}


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
    exercise(name).check(answer)


def exercise(name: object) -> Exercise:
    """Return the exercise of a name.

    Parameters
    ----------
    name : str
        As in the chapter.

    Returns
    -------
    Exercise
        Its laws, with ``check``.

    Raises
    ------
    ValueError
        If there is no exercise of that name.
    """
    if not isinstance(name, str) or name not in _MODULES:
        raise ValueError(_unknown(name))
    with needed_for("exercises"):
        module = import_module(f"softmaxlab.exercises.{_MODULES[name]}")
    found: Exercise = next(one for one in module.EXERCISES if one.name == name)
    return found


def _unknown(name: object) -> str:
    similar = difflib.get_close_matches(str(name), _MODULES, n=1)
    question = f" Did you mean {similar[0]!r}?" if similar else ""
    return f"no exercise is called {name!r}.{question} There are: {', '.join(sorted(_MODULES))}"
