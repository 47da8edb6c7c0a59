"""Exercises on sharing out trust by multiplied weights."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

trust = Exercise(
    "trust",
    "my_trust(losses, eta)",
    "softmax of minus eta times what each tipster has lost so far",
)
LOSSES = np.array([[0.0, 1.0, 0.5], [0.2, 0.9, 0.1], [0.0, 0.3, 1.0]])


def _trust(losses, eta):
    weights = np.prod(np.exp(-eta * losses), axis=0)
    return weights / weights.sum()


@trust.law(
    "There is one number for each tipster.",
    hint="days are rows and tipsters are columns: add up over the rows.",
)
def _(answer):
    answer(LOSSES[:2], 0.5, shape=(3,))


@trust.law(
    "Trust sums to one.",
    hint="divide the weights by their sum.",
)
def _(answer):
    agree(answer(LOSSES, 0.5, shape=(3,)).sum(), 1, "sum")


@trust.law(
    "Who has lost less is trusted more.",
    hint="subtract the losses from the scores: softmax of minus eta times their sum.",
)
def _(answer):
    p = answer(LOSSES, 0.5, shape=(3,))
    require(p[0] > max(p[1:]), "gave", p)


@trust.law(
    "After one day it is the softmax of minus eta times the loss.",
    hint="the weight of a tipster is exp(-eta * loss).",
    on=[(LOSSES[:1], 0.5), (LOSSES[1:2], 2.0)],
)
def _(answer, losses, eta):
    agree(answer(losses, eta), _trust(losses, eta))


@trust.law(
    "Every day counts.",
    hint="the weights of all days are multiplied, so their losses are added.",
    on=[(LOSSES, 0.5), (3 * LOSSES[::-1] - 1, 0.7), (np.tile(LOSSES, (5, 1)), 0.1)],
)
def _(answer, losses, eta):
    agree(answer(losses, eta), _trust(losses, eta))


@trust.law(
    "Ten thousand bad days leave numbers.",
    hint="subtract the largest score before the exponential.",
)
def _(answer):
    losses = np.tile(np.array([[1.0, 1.0, 0.9]]), (10_000, 1))
    agree(answer(losses, 1.0), [0, 0, 1])


EXERCISES = (trust,)
