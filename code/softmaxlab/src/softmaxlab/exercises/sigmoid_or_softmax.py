"""Exercises on the sigmoid as softmax of two."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

sigmoid_from_two_logits = Exercise(
    "sigmoid_from_two_logits",
    "my_logit(two_logits)",
    "the one logit whose sigmoid is the probability of the first of two classes",
)
PAIRS = np.array([[3.0, 1.0], [-1.0, 0.5], [0.2, 0.2]])


@sigmoid_from_two_logits.law(
    "There is one logit for each row.",
    hint="two_logits[..., 0] holds the first logit of every row.",
    on=[PAIRS, PAIRS[0]],
)
def _(answer, two_logits):
    answer(two_logits, shape=two_logits.shape[:-1])


@sigmoid_from_two_logits.law(
    "Two equal logits make zero.",
    hint="the result is a logit, not a probability, and a constant in both logits drops out.",
    on=[np.zeros((1, 2)), np.full((1, 2), 5.0)],
)
def _(answer, two_logits):
    agree(answer(two_logits), [0])


@sigmoid_from_two_logits.law(
    "Its sigmoid is the softmax of the pair at the first class.",
    hint="divide numerator and denominator of the softmax by exp of the first; mind the sign.",
    on=[PAIRS],
)
def _(answer, two_logits):
    first = special.softmax(two_logits, axis=-1)[:, 0]
    agree(special.expit(answer(two_logits, shape=(3,))), first, "sigmoid of it")


@sigmoid_from_two_logits.law(
    "A lead of a thousand is the logit a thousand.",
    hint="nothing has to be raised or logged: it is a difference of the two.",
)
def _(answer):
    agree(answer(np.array([[1000.0, 0.0], [-3000.0, -1000.0]])), [1000, -2000])


EXERCISES = (sigmoid_from_two_logits,)
