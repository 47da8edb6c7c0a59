"""Exercises on attention."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

attention = Exercise(
    "attention",
    "my_attention(queries, keys, values)",
    "for each word, the mean of the values so far, weighted by its attention",
)
QUERIES = np.array([[0.5, -1.0], [2.0, 1.0], [-1.0, 0.25], [1.0, 2.0]])
KEYS = np.array([[1.0, 0.25], [-0.5, 2.0], [0.75, -1.0], [1.5, 1.0]])
VALUES = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 0.5], [0.0, 1.0, -2.0], [2.0, 0.25, 1.0]])


def _attention(queries, keys, values):
    earlier = np.tri(len(keys), dtype=bool)
    scores = np.where(earlier, queries @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    return special.softmax(scores, axis=1) @ values


@attention.law(
    "There is a row for every word, as long as a value.",
    hint="multiply the table of weights, a row for each word, by the values.",
)
def _(answer):
    answer(QUERIES, KEYS, VALUES, shape=VALUES.shape)


@attention.law(
    "The first word gets its own value.",
    hint="before softmax, set the scores of later words to minus infinity.",
    on=[(QUERIES, KEYS, VALUES), (KEYS, QUERIES, -VALUES)],
)
def _(answer, queries, keys, values):
    agree(answer(queries, keys, values, shape=values.shape)[0], values[0], "first row")


@attention.law(
    "If all values are the same, every word gets this value.",
    hint="the weights of each row sum to one: divide by the sum of the row.",
)
def _(answer):
    alike = np.full((4, 3), 2.0)
    agree(answer(QUERIES, KEYS, alike), alike)


@attention.law(
    "What comes later changes nothing.",
    hint="each word looks at itself and at the words before it.",
)
def _(answer):
    later = np.array([[0.0], [0.0], [0.0], [1.0]])
    before = answer(QUERIES, KEYS, VALUES, shape=VALUES.shape)
    after = answer(QUERIES, KEYS + 3 * later, VALUES - 5 * later, shape=VALUES.shape)
    agree(after[:3], before[:3], "first three rows")


@attention.law(
    "A query of zeros looks at all words so far alike.",
    hint="softmax of equal scores shares evenly among the words that are not masked.",
)
def _(answer):
    means = np.cumsum(VALUES, axis=0) / np.array([[1], [2], [3], [4]])
    agree(answer(np.zeros_like(QUERIES), KEYS, VALUES), means)


@attention.law(
    "The scores are the products of query and keys, divided by the root of their length.",
    hint="the score of word n for word m is the product of query m and key n, over sqrt(D).",
    on=[
        (QUERIES, KEYS, VALUES),
        (QUERIES[:3], KEYS[:3], VALUES[:3, :2]),
        (np.hstack([QUERIES, KEYS, QUERIES]), np.hstack([KEYS, QUERIES, KEYS]), VALUES),
    ],
)
def _(answer, queries, keys, values):
    agree(answer(queries, keys, values), _attention(queries, keys, values))


@attention.law(
    "Scores of thousands give numbers.",
    hint="subtract from each row its own largest score before the exponential.",
    on=[(2000 * QUERIES, KEYS, VALUES), (-2000 * QUERIES, KEYS, VALUES)],
)
def _(answer, queries, keys, values):
    agree(answer(queries, keys, values), _attention(queries, keys, values))


EXERCISES = (attention,)
