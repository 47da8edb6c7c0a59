"""Exercises on features, and on what is expected of them."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

feature_slope = Exercise(
    "feature_slope",
    "my_feature_slope(weights, features, k)",
    "slope of the loss -log b_k along the weights of the features",
)
WEIGHTS = np.array([0.5, -1.0])
FEATURES = np.array([[1.0, 0.0], [0.5, 2.0], [-1.0, 1.0]])


def _feature_slope(weights, features, k):
    return special.softmax(features @ weights) @ features - features[k]


@feature_slope.law(
    "There is a slope for each weight.",
    hint="add up over the rows of `features`: one number for each column is left.",
)
def _(answer):
    answer(WEIGHTS, FEATURES, 1, shape=(2,))


@feature_slope.law(
    "With all weights zero, the mean of the features is expected.",
    hint="equal scores make equal probabilities: the plain mean of the rows, minus row k.",
    on=[0, 1, 2],
)
def _(answer, k):
    agree(answer(np.zeros(2), FEATURES, k), FEATURES.mean(axis=0) - FEATURES[k])


@feature_slope.law(
    "It is expected minus observed.",
    hint="the softmax of features @ weights, times the features, minus row k.",
    on=[(WEIGHTS, FEATURES, 0), (WEIGHTS, FEATURES, 2), (-3 * WEIGHTS, FEATURES[:2], 1)],
)
def _(answer, weights, features, k):
    agree(answer(weights, features, k), _feature_slope(weights, features, k))


@feature_slope.law(
    "Scores in the thousands leave numbers.",
    hint="np.exp(1000) is infinite; subtract the largest score first.",
    on=[(WEIGHTS * 2000, FEATURES, 1), (WEIGHTS * -2000, FEATURES, 2)],
)
def _(answer, weights, features, k):
    agree(answer(weights, features, k), _feature_slope(weights, features, k))


EXERCISES = (feature_slope,)
