"""Exercises on losses that belong to a price of being sure."""

import numpy as np
from scipy import optimize

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

sparsemax_loss = Exercise(
    "sparsemax_loss",
    "my_sparsemax_loss(z, label)",
    "the most that can be earned if squares are the price, minus what the target earns",
)
SCORES = np.array([1.2, 0.8, -0.5])
MORE_SCORES = np.array([0.3, 0.1, 0.2, -0.1])


def _sparsemax(z):
    """Return max(z - tau, 0), with the tau for which this sums to one."""

    def excess(tau):
        return np.maximum(z - tau, 0).sum() - 1

    return np.maximum(z - optimize.brentq(excess, z.max() - 1, z.max(), xtol=1e-15), 0)


def _sparsemax_loss(z, label):
    p = _sparsemax(z)
    return p @ (z - z[label]) - (p @ p - 1) / 2


@sparsemax_loss.law(
    "It is one number.",
    hint="add up over the classes.",
)
def _(answer):
    answer(SCORES, 0, shape=())


@sparsemax_loss.law(
    "It is never negative.",
    hint="the most that can be earned is at least what the target earns: subtract the target's.",
    on=[(SCORES, 0), (SCORES, 2), (MORE_SCORES, 1)],
)
def _(answer, z, label):
    loss = answer(z, label, shape=())
    require(loss >= 0, "gave", loss)


@sparsemax_loss.law(
    "It is zero where the right class leads by one or more.",
    hint="the best distribution is the target itself then; both earn the score less one half.",
    on=[(np.array([2.0, 1.0, 0.5]), 0), (np.array([-1.0, 4.0]), 1)],
)
def _(answer, z, label):
    agree(answer(z, label), 0)


@sparsemax_loss.law(
    "Two equal scores cost a quarter.",
    hint="half on each earns the score less a quarter, the target earns the score less a half.",
)
def _(answer):
    agree(answer(np.array([0.7, 0.7]), 1), 0.25)


@sparsemax_loss.law(
    "It is the most that can be earned, minus what the target earns.",
    hint="p @ z - p @ p / 2 for the p of sparsemax, minus the label's score, plus one half.",
    on=[(SCORES, 0), (SCORES, 1), (SCORES, 2), (MORE_SCORES, 3)],
)
def _(answer, z, label):
    agree(answer(z, label), _sparsemax_loss(z, label))


@sparsemax_loss.law(
    "A billion more for every score changes nothing.",
    hint="subtract the score of the label from all scores first: the loss needs differences only.",
)
def _(answer):
    z = np.array([0.5, 0.25, 0.0])
    agree(answer(z + 2.0**30, 1), _sparsemax_loss(z, 1))


EXERCISES = (sparsemax_loss,)
