"""Exercises on the second derivative of the loss."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree, require, show
from softmaxlab.exercises.laws import Exercise

SCORES = np.array([3.0, 1.0, -3.0])
MORE_SCORES = np.array([0.5, -1.0, 2.0, 0.0])


def _hessian(logits):
    p = special.softmax(logits)
    return np.diag(p) - np.outer(p, p)


hessian = Exercise("hessian", "my_hessian(logits)", "second derivatives of the loss by the logits")


@hessian.law(
    "There is a row and a column for each score.",
    hint="K slopes depend on K scores: a matrix of K by K second derivatives.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    answer(logits, shape=(logits.size, logits.size))


@hessian.law(
    "The order of the two derivatives does not matter.",
    hint="the matrix is symmetric; np.outer(a, a) holds all products of two probabilities.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    bend = answer(logits, shape=(logits.size, logits.size))
    agree(bend, bend.T)


@hessian.law(
    "A constant added to all scores meets no bend.",
    hint="the rows add up to zero: diag(a) minus the outer product of a with itself.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    bend = answer(logits, shape=(logits.size, logits.size))
    agree(bend.sum(axis=1), np.zeros(logits.size), "row sums")


@hessian.law(
    "It never bends downwards.",
    hint="the curvature is a variance, never negative: diag(a) - a a^T, not its opposite.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    bend = answer(logits, shape=(logits.size, logits.size))
    require(np.diag(bend) >= 0, "diagonal", np.diag(bend))


@hessian.law(
    "It is the derivative of softmax.",
    hint="the gradient is a - y; y does not depend on the scores, so differentiate a.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    agree(answer(logits), _hessian(logits))


@hessian.law(
    "A thousand more for every score changes nothing.",
    hint="np.exp(1000) is infinite; use a softmax that subtracts the largest score.",
    on=[SCORES + 1000, MORE_SCORES - 1000],
)
def _(answer, logits):
    agree(answer(logits), _hessian(logits))


newton_step = Exercise(
    "newton_step", "my_newton_step(logits, target)", "the logits after the shortest Newton step"
)
MISTAKEN = (np.array([0.5, -1.0, 0.2]), np.array([0.0, 1.0, 0.0]))
SOFT = (np.array([0.5, -1.0, 0.2]), np.array([0.2, 0.3, 0.5]))
FOUR = (np.array([0.5, -1.0, 0.2, 1.0]), np.array([0.1, 0.2, 0.3, 0.4]))


def _step(answer, logits, target):
    after = answer(logits, target, shape=logits.shape)
    return (logits - after).astype(after.dtype)


@newton_step.law(
    "There is one new logit for each old one.",
    hint="return logits minus the step.",
    on=[MISTAKEN],
)
def _(answer, logits, target):
    answer(logits, target, shape=logits.shape)


@newton_step.law(
    "Where the probabilities are the target there is nothing to do.",
    hint="return the new logits, not the step, and let the step come from the gradient a - y.",
    on=[np.array([0.5, -1.0, 0.2])],
)
def _(answer, logits):
    agree(answer(logits, special.softmax(logits)), logits)


@newton_step.law(
    "The loss falls.",
    hint="the step goes against the gradient a - y: subtract it.",
    on=[SOFT],
)
def _(answer, logits, target):
    before = -target @ special.log_softmax(logits)
    after = -target @ special.log_softmax(answer(logits, target, shape=logits.shape))
    if not after < before:
        raise Broken(("loss", f"{show(after)}, before the step {show(before)}"))


@newton_step.law(
    "The Hessian times the step is the gradient.",
    hint="the Hessian has no inverse; np.linalg.pinv or lstsq solves as far as it can be solved.",
    on=[MISTAKEN, SOFT],
)
def _(answer, logits, target):
    step = _step(answer, logits, target)
    agree(
        _hessian(logits).astype(step.dtype) @ step,
        special.softmax(logits) - target,
        "Hessian times step",
    )


@newton_step.law(
    "The step is the shortest: its entries add up to zero.",
    hint="a constant in the step does nothing but lengthen it; np.linalg.pinv leaves it out.",
    on=[MISTAKEN, SOFT],
)
def _(answer, logits, target):
    agree(_step(answer, logits, target).sum(), 0, "sum of the step")


@newton_step.law(
    "A thousand more for every score makes the same step.",
    hint="np.exp(1000) is infinite; use a softmax that subtracts the largest score.",
    on=[FOUR],
)
def _(answer, logits, target):
    near = answer(logits, target, shape=logits.shape)
    agree(answer(logits + 1000, target), near + 1000)


EXERCISES = (hessian, newton_step)
