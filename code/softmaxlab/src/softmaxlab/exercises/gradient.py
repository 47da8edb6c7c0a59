"""Exercises on the gradient of the loss."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.functions import (
    POINT,
    product,
    sum_of_cubes,
    sum_of_squares,
    weighted_sum,
)
from softmaxlab.exercises.laws import Exercise

SCORES = np.array([3.0, 1.0, -3.0])
MORE_SCORES = np.array([0.5, -1.0, 2.0, 0.0])
LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7]])
LABELS = np.array([0, 2])


softmax_jacobian = Exercise(
    "softmax_jacobian", "my_jacobian(logits)", "entry (i, j) is the derivative of a_i by z_j"
)


def _jacobian(logits):
    p = special.softmax(logits)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.law(
    "There is a row and a column for each score.",
    hint="K probabilities depend on K scores: a matrix of K by K derivatives.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    answer(logits, shape=(logits.size, logits.size))


@softmax_jacobian.law(
    "Every probability depends on every score.",
    hint="the case i != j is not zero: every score stands in the common denominator.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    jacobian = answer(logits, shape=(logits.size, logits.size))
    require(jacobian != 0, "gave", jacobian)


@softmax_jacobian.law(
    "When one score rises, the other probabilities fall.",
    hint="the score stands in the denominator of the others: -a_i a_j, with the minus sign.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    jacobian = answer(logits, shape=(logits.size, logits.size))
    require((jacobian < 0) | np.eye(logits.size, dtype=bool), "gave", jacobian)


@softmax_jacobian.law(
    "The diagonal is a_i (1 - a_i).",
    hint="a_i minus a_i^2: the quotient rule divides by the square of the sum of powers.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    jacobian = answer(logits, shape=(logits.size, logits.size))
    agree(np.diag(jacobian), np.diag(_jacobian(logits)), "diagonal")


@softmax_jacobian.law(
    "Beside the diagonal stands -a_i a_j.",
    hint="np.outer(a, a) holds all products of two probabilities.",
    on=[SCORES, MORE_SCORES],
)
def _(answer, logits):
    agree(answer(logits), _jacobian(logits))


@softmax_jacobian.law(
    "A thousand more for every score changes nothing.",
    hint="np.exp(1000) is infinite; use a softmax that subtracts the largest score.",
    on=[SCORES + 1000, MORE_SCORES - 1000],
)
def _(answer, logits):
    agree(answer(logits), _jacobian(logits))


loss_gradient = Exercise(
    "loss_gradient", "my_gradient(logits, labels)", "gradient of the mean loss of a batch"
)


def _gradient(logits, labels):
    one_hot = np.eye(logits.shape[1])[labels]
    return (special.softmax(logits, axis=-1) - one_hot) / len(labels)


@loss_gradient.law(
    "There is one derivative for each logit.",
    hint="return an array of the shape of the logits; do not average it over samples or classes.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    answer(logits, labels, shape=logits.shape)


@loss_gradient.law(
    "The derivatives of a sample add up to zero.",
    hint="softmax minus one-hot, one minus one in each row; -y / a has yet to meet the Jacobian.",
    on=[(LOGITS, LABELS), (LOGITS, np.array([1, 1]))],
)
def _(answer, logits, labels):
    gradient = answer(logits, labels, shape=logits.shape)
    agree(gradient.sum(axis=1), np.zeros(len(labels)), "row sums")


@loss_gradient.law(
    "The derivative of the right class is negative, those of the others positive.",
    hint="a higher score of the right class lowers the loss: a - y, not y - a.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    gradient = answer(logits, labels, shape=logits.shape)
    require((gradient < 0) == np.eye(logits.shape[1], dtype=bool)[labels], "gave", gradient)


@loss_gradient.law(
    "With every sample twice, each counts for half.",
    hint="the loss is a mean, so its gradient is divided by the number of samples too.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    half = answer(logits, labels, shape=logits.shape) / 2
    agree(answer(np.tile(logits, (2, 1)), np.tile(labels, 2)), np.tile(half, (2, 1)))


@loss_gradient.law(
    "It is softmax minus one-hot, divided by the number of samples.",
    hint="divide by the number of samples alone, and subtract one at the right class.",
    on=[(LOGITS, LABELS), (LOGITS, np.array([1, 1])), (LOGITS.T, np.array([1, 0, 1]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels), _gradient(logits, labels))


@loss_gradient.law(
    "Scores of a thousand give numbers.",
    hint="use a softmax that subtracts the largest score of each row.",
    on=[
        (np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([1, 0])),
        (np.array([[1000.0, 999.0, 998.0], [-1000.0, -1001.0, -1003.0]]), np.array([1, 0])),
    ],
)
def _(answer, logits, labels):
    agree(answer(logits, labels), _gradient(logits, labels))


central_difference = Exercise(
    "central_difference", "my_difference(f, x, h)", "gradient of f at the vector x, with step h"
)


@central_difference.law(
    "There is one derivative for each coordinate.",
    hint="move one coordinate at a time, and collect the quotients in an array like x.",
    on=[(weighted_sum, POINT)],
)
def _(answer, f, x):
    answer(f, x, 0.1, shape=x.shape)


@central_difference.law(
    "A linear function has its own coefficients as derivatives.",
    hint="f above minus f below, divided by the distance of the two points, which is 2 h.",
    on=[(weighted_sum, POINT, 0.1), (weighted_sum, POINT, 0.5)],
)
def _(answer, f, x, h):
    agree(answer(f, x, h), [1, 2, 3])


@central_difference.law(
    "On squares it is exact, however long the step.",
    hint="step to both sides, x + h and x - h; the errors of a parabola then cancel.",
    on=[(sum_of_squares, POINT, 0.5), (sum_of_squares, np.array([0.3, 2.0]), 0.25)],
)
def _(answer, f, x, h):
    agree(answer(f, x, h), 2 * x)


@central_difference.law(
    "On cubes it is off by exactly the square of the step.",
    hint="use the step that is given.",
    on=[(sum_of_cubes, POINT, 0.5)],
)
def _(answer, f, x, h):
    agree(answer(f, x, h), 3 * x**2 + h**2)


@central_difference.law(
    "Only one coordinate moves at a time.",
    hint="begin each coordinate from the point itself, and not from where the last one ended.",
    on=[(product, POINT, 0.5)],
)
def _(answer, f, x, h):
    agree(answer(f, x, h), f(x) / x)


EXERCISES = (softmax_jacobian, loss_gradient, central_difference)
