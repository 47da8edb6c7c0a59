"""Exercises on scores and evidence."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

scores = Exercise("scores", "my_scores(X, W, b)", "a row of class scores for each row of X")
PIXELS = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [0.5, 0.5]])
WEIGHTS = np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.0]])
BIASES = np.array([0.1, 0.2, 0.3])


@scores.law(
    "There is a row for each picture and a column for each class.",
    hint="X has the shape (n, d) and W (K, d): X @ W.T has (n, K).",
    on=[(PIXELS, WEIGHTS, BIASES)],
)
def _(answer, X, W, b):
    answer(X, W, b, shape=(len(X), len(W)))


@scores.law(
    "An empty picture scores the biases, each class its own.",
    hint="return the scores themselves, with b added once to every row.",
    on=[(np.zeros((3, 2)), WEIGHTS, BIASES)],
)
def _(answer, X, W, b):
    agree(answer(X, W, b), np.tile(b, (3, 1)))


@scores.law(
    "Each score is the sum of weight times pixel, plus bias.",
    hint="add up weight times pixel for each row, negative ones too, and change nothing after.",
    on=[(PIXELS, WEIGHTS, BIASES), (PIXELS[:1], WEIGHTS, BIASES), (WEIGHTS, PIXELS, PIXELS[:, 0])],
)
def _(answer, X, W, b):
    agree(answer(X, W, b), np.einsum("nd,kd->nk", X, W) + b)


logit = Exercise("logit", "my_logit(p)", "logarithm of the odds of a probability")


@logit.law(
    "Even odds have the logit zero.",
    hint="it is the logarithm of p / (1 - p): of one at p = 1/2.",
)
def _(answer):
    agree(answer(np.array([0.5])), [0])


@logit.law(
    "The sigmoid of the logit gives the probability back.",
    hint="use the natural logarithm of p / (1 - p), the right way up.",
    on=[np.array([0.1, 0.6, 0.99])],
)
def _(answer, p):
    agree(special.expit(answer(p, shape=p.shape)), p, "sigmoid of it")


@logit.law(
    "Certainty has an infinite logit.",
    hint="add or clip nothing: no finite evidence makes anything certain.",
    on=[np.array([0.0, 1.0])],
)
def _(answer, p):
    agree(answer(p), [-np.inf, np.inf])


@logit.law(
    "What is almost impossible keeps its digits.",
    hint="add nothing to p, and clip nothing: p / (1 - p) is fine as it is.",
    on=[np.array([[1e-30, 1e-20], [1e-9, 0.25]])],
)
def _(answer, p):
    agree(answer(p), special.logit(p))


EXERCISES = (scores, logit)
