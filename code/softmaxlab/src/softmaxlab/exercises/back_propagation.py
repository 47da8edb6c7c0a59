"""Exercises on going backwards through a layer."""

import numpy as np

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

GRAD = np.array([[0.2, -0.5, 0.3], [-0.1, 0.4, -0.3], [0.6, 0.1, -0.7], [0.0, 0.2, -0.2]])
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [0.5, 0.5]])
W = np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.3]])
LAYER = (GRAD, X, W)
SQUARE = (GRAD[:3], W @ X.T[:, :3], X[:3] @ W.T)  # where a transposed matrix has the same shape


backward_linear = Exercise(
    "backward_linear",
    "my_backward(grad, X, W)",
    "derivatives (dW, db, dX) of a loss through Z = X @ W.T + b, given grad, those by Z",
)


def _backward(answer, grad, X, W):
    return answer.several(grad, X, W, shapes=(W.shape, (len(W),), X.shape))


@backward_linear.law(
    "There are three arrays: dW like W, db like b, dX like X.",
    hint="the shapes decide the order: dW (K, d) can only be grad.T @ X, and dX (n, d) grad @ W.",
    on=[LAYER],
)
def _(answer, grad, X, W):
    _backward(answer, grad, X, W)


@backward_linear.law(
    "The bias takes part in every sample.",
    hint="db adds up grad over the samples, axis=0; the mean is in grad already.",
    on=[LAYER, SQUARE],
)
def _(answer, grad, X, W):
    agree(_backward(answer, grad, X, W)[1], grad.sum(axis=0), "db")


@backward_linear.law(
    "A weight gets, from each sample, what its score gets times what its input was.",
    hint="sum over the samples with a matrix product, and do not divide by their number.",
    on=[LAYER, SQUARE],
)
def _(answer, grad, X, W):
    agree(_backward(answer, grad, X, W)[0], np.einsum("nk,nd->kd", grad, X), "dW")


@backward_linear.law(
    "An input gets what its scores get, through the weights that led there.",
    hint="each input reaches every score, so add over the classes: grad @ W.",
    on=[LAYER, SQUARE],
)
def _(answer, grad, X, W):
    agree(_backward(answer, grad, X, W)[2], np.einsum("nk,kd->nd", grad, W), "dX")


relu_backward = Exercise(
    "relu_backward",
    "my_relu_backward(grad, z)",
    "derivatives by z of a loss through max(0, z), given grad, those by max(0, z)",
)
BEFORE = np.array([[1.5, -0.5, 0.2], [-2.0, 3.0, -0.1], [0.4, 0.5, -0.6], [2.0, -1.0, 1.0]])


@relu_backward.law(
    "There is one derivative for each entry.",
    hint="relu works entry by entry, and so does the way back.",
    on=[(GRAD, BEFORE)],
)
def _(answer, grad, z):
    answer(grad, z, shape=z.shape)


@relu_backward.law(
    "Where z is positive the gradient passes as it is.",
    hint="the slope of relu is one there: ask for the sign of z, not of grad, and do not scale.",
    on=[(GRAD, BEFORE), (GRAD[:2] * 3, BEFORE[1:3] / 10)],
)
def _(answer, grad, z):
    agree(answer(grad, z, shape=z.shape)[z > 0], grad[z > 0], "where z > 0")


@relu_backward.law(
    "Where z is negative nothing passes.",
    hint="relu is flat there, so its slope is zero.",
    on=[(GRAD, BEFORE), (GRAD[:2] * 3, BEFORE[1:3] / 10)],
)
def _(answer, grad, z):
    agree(answer(grad, z, shape=z.shape)[z < 0], np.zeros((z < 0).sum()), "where z < 0")


EXERCISES = (backward_linear, relu_backward)
