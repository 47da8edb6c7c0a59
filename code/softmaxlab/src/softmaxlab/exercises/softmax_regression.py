"""Exercises on training a softmax regression."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree, show
from softmaxlab.exercises.laws import Exercise

W = np.array([[0.1, -0.2], [0.0, 0.3], [-0.4, 0.2]])
b = np.array([0.1, 0.0, -0.2])
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [0.5, 0.5]])
LABELS = np.array([0, 2, 1, 0])
RATE = 0.1


train_step = Exercise(
    "train_step",
    "my_step(W, b, X, labels, rate)",
    "(W, b) after one step of gradient descent on the mean loss of X @ W.T + b",
)


def _step(answer, X=X, labels=LABELS):
    return answer.several(W, b, X, labels, RATE, shapes=(W.shape, b.shape))


def _loss(W, b):
    return -special.log_softmax(X @ W.T + b, axis=1)[np.arange(len(LABELS)), LABELS].mean()


def _gradient():
    return (special.softmax(X @ W.T + b, axis=1) - np.eye(3)[LABELS]) / len(LABELS)


@train_step.law(
    "There are two arrays, the new W and the new b.",
    hint="return W - rate * dW and b - rate * db, in the shapes that W and b have.",
)
def _(answer):
    _step(answer)


@train_step.law(
    "The loss falls.",
    hint="go against the gradient: subtract it.",
)
def _(answer):
    after, before = _loss(*_step(answer)), _loss(W, b)
    if not after < before:
        raise Broken(("loss", f"{show(after)}, before the step {show(before)}"))


@train_step.law(
    "The samples twice make the same step.",
    hint="the loss is a mean: divide the gradient by the number of samples.",
)
def _(answer):
    once = _step(answer)
    twice = _step(answer, np.tile(X, (2, 1)), np.tile(LABELS, 2))
    agree(twice[0], once[0], "new W")


@train_step.law(
    "The weights step by rate times (a - y) times x, averaged.",
    hint="dW = (softmax - one-hot).T @ X / number of samples.",
)
def _(answer):
    agree(_step(answer)[0], W - RATE * _gradient().T @ X, "new W")


@train_step.law(
    "The biases learn too.",
    hint="a bias is a weight whose input is always one: average softmax - one-hot over samples.",
)
def _(answer):
    agree(_step(answer)[1], b - RATE * _gradient().sum(axis=0), "new b")


@train_step.law(
    "The arguments are left as they were.",
    hint="`W -= ...` changes the caller's array; write `W = W - ...`.",
)
def _(answer):
    answer.leaves_alone(W, b, X, LABELS, RATE)


EXERCISES = (train_step,)
