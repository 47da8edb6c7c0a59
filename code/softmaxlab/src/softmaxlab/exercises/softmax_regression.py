"""Exercises on training a softmax regression."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree, show
from softmaxlab.exercises.laws import Exercise

W = np.array([[0.1, -0.2], [0.0, 0.3], [-0.4, 0.2]])
b = np.array([0.1, 0.0, -0.2])
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [0.5, 0.5]])
LABELS = np.array([0, 2, 1, 0])
START = (W, b, X, LABELS, 0.1)
OTHER = (X, np.array([0.5, -0.5, 0.0, 1.0]), W, np.array([3, 1, 3]), 0.25)  # four classes
FAR = (W + np.array([[400.0, 0.0]]), b + 1000, X, LABELS, 0.5)


train_step = Exercise(
    "train_step",
    "my_step(W, b, X, labels, rate)",
    "(W, b) after one step of gradient descent on the mean loss of X @ W.T + b",
)


def _step(answer, W, b, X, labels, rate):
    return answer.several(W, b, X, labels, rate, shapes=(W.shape, b.shape))


def _loss(W, b, X, labels):
    return -special.log_softmax(X @ W.T + b, axis=1)[np.arange(len(labels)), labels].mean()


def _gradient(W, b, X, labels):
    return (special.softmax(X @ W.T + b, axis=1) - np.eye(len(b))[labels]) / len(labels)


@train_step.law(
    "There are two arrays, the new W and the new b.",
    hint="return W - rate * dW and b - rate * db, in the shapes that W and b have.",
    on=[START],
)
def _(answer, W, b, X, labels, rate):
    _step(answer, W, b, X, labels, rate)


@train_step.law(
    "The loss falls.",
    hint="go against the gradient: subtract it.",
    on=[START],
)
def _(answer, W, b, X, labels, rate):
    new_W, new_b = _step(answer, W, b, X, labels, rate)
    after, before = _loss(new_W, new_b, X, labels), _loss(W, b, X, labels)
    if not after < before:
        raise Broken(("loss", f"{show(after)}, before the step {show(before)}"))


@train_step.law(
    "The samples twice make the same step.",
    hint="the loss is a mean: divide the gradient by the number of samples.",
    on=[START],
)
def _(answer, W, b, X, labels, rate):
    once = _step(answer, W, b, X, labels, rate)
    twice = _step(answer, W, b, np.tile(X, (2, 1)), np.tile(labels, 2), rate)
    agree(twice[0], once[0], "new W")


@train_step.law(
    "The weights step by rate times (a - y) times x, averaged.",
    hint="dW = (softmax - one-hot).T @ X / number of samples; use the rate that is given.",
    on=[START, OTHER],
)
def _(answer, W, b, X, labels, rate):
    expected = W - rate * _gradient(W, b, X, labels).T @ X
    agree(_step(answer, W, b, X, labels, rate)[0], expected, "new W")


@train_step.law(
    "The biases learn too.",
    hint="a bias is a weight whose input is always one: average softmax - one-hot over samples.",
    on=[START, OTHER],
)
def _(answer, W, b, X, labels, rate):
    expected = b - rate * _gradient(W, b, X, labels).sum(axis=0)
    agree(_step(answer, W, b, X, labels, rate)[1], expected, "new b")


@train_step.law(
    "Scores of a thousand give numbers.",
    hint="np.exp(1000) is infinite; use a softmax that subtracts the largest score of each row.",
    on=[FAR],
)
def _(answer, W, b, X, labels, rate):
    expected = W - rate * _gradient(W, b, X, labels).T @ X
    agree(_step(answer, W, b, X, labels, rate)[0], expected, "new W")


EXERCISES = (train_step,)
