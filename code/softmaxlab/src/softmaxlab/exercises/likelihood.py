"""Exercises on likelihood and priors."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

map_gradient = Exercise(
    "map_gradient",
    "my_map_gradient(w, X, y, variance)",
    "gradient of the sum of the two-class losses plus the penalty w^2 / (2 variance)",
)
WEIGHTS = np.array([0.5, -1.0])
FEATURES = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]])
ANSWERS = np.array([1.0, 0.0, 1.0])


@map_gradient.law(
    "There is one derivative for each weight.",
    hint="X.T @ (...) collects what the samples say about each column of X.",
    on=[(WEIGHTS, FEATURES, ANSWERS, 4.0)],
)
def _(answer, w, X, y, variance):
    answer(w, X, y, variance, shape=w.shape)


@map_gradient.law(
    "Without samples only the penalty pulls: w / variance.",
    hint="the penalty w^2 / (2 variance) has the slope w / variance: divide, without a 2.",
    on=[(WEIGHTS, 4.0), (WEIGHTS, 0.5)],
)
def _(answer, w, variance):
    agree(answer(w, np.zeros((1, 2)), np.ones(1), variance), w / variance)


@map_gradient.law(
    "The samples twice pull twice as hard.",
    hint="the objective sums over the samples; it takes no mean.",
    on=[(FEATURES, ANSWERS)],
)
def _(answer, X, y):
    twice = 2 * answer(np.zeros(2), X, y, 4.0, shape=(2,))
    agree(answer(np.zeros(2), np.tile(X, (2, 1)), np.tile(y, 2), 4.0), twice)


@map_gradient.law(
    "Each sample pulls with sigmoid(score) - y.",
    hint="the slope of the loss of a score s with target y is sigmoid(s) - y.",
    on=[
        (WEIGHTS, FEATURES, ANSWERS, 4.0),
        (np.zeros(2), FEATURES, 1 - ANSWERS, 1.0),
        (np.array([1.0, 0.2, -0.3]), FEATURES.T, ANSWERS[:2], 0.5),
    ],
)
def _(answer, w, X, y, variance):
    agree(answer(w, X, y, variance), X.T @ (special.expit(X @ w) - y) + w / variance)


EXERCISES = (map_gradient,)
