"""Exercises on the largest entropy that an average allows."""

import numpy as np
from scipy import optimize, special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

most_uncertain = Exercise(
    "most_uncertain",
    "my_most_uncertain(values, average)",
    "the distribution with the largest entropy among those with an average",
)
POINTS = np.arange(1.0, 7.0)
UNEVEN = np.array([-3.0, 0.0, 0.5, 10.0])
# A root is found to some digits, not to the last.
DIGITS = {"rtol": 1e-5, "atol": 1e-7}


def _most_uncertain(values, average):
    apart = values - average

    def excess(w):
        return special.softmax(w * apart) @ apart

    reach = 700 / np.ptp(values)
    w = optimize.brentq(excess, -reach, reach, xtol=1e-15)
    return special.softmax(w * apart)


@most_uncertain.law(
    "There is a probability for each value.",
    hint="return as many numbers as there are values.",
)
def _(answer):
    answer(POINTS, 4.5, shape=(6,))


@most_uncertain.law(
    "They are at least zero and sum to one.",
    hint="divide the exponentials by their sum.",
    on=[(POINTS, 4.5), (POINTS, 1.2), (UNEVEN, 1.0)],
)
def _(answer, values, average):
    p = answer(values, average, shape=values.shape)
    require(p >= 0, "gave", p)
    agree(p.sum(), 1, "sum", **DIGITS)


@most_uncertain.law(
    "Their average is the one that was asked for.",
    hint="find the weight w for which the softmax of w times the values has this average.",
    on=[(POINTS, 4.5), (POINTS, 1.5), (UNEVEN, 1.0)],
)
def _(answer, values, average):
    agree(answer(values, average, shape=values.shape) @ values, average, "average", **DIGITS)


@most_uncertain.law(
    "If the average is that of the fair die, so is the die.",
    hint="nothing has to be tilted then: the weight is zero.",
)
def _(answer):
    agree(answer(POINTS, 3.5), np.full(6, 1 / 6), **DIGITS)


@most_uncertain.law(
    "No other distribution with this average has more entropy.",
    hint="the logarithm of each probability is a weight times the value, plus a constant.",
    on=[(POINTS, 4.5), (POINTS, 1.2), (UNEVEN, 1.0), (UNEVEN, 8.0)],
)
def _(answer, values, average):
    agree(answer(values, average), _most_uncertain(values, average), **DIGITS)


@most_uncertain.law(
    "Values in the thousands leave numbers.",
    hint="subtract the largest score before the exponential, and look for a smaller weight.",
)
def _(answer):
    agree(answer(POINTS * 1000, 4500.0), _most_uncertain(POINTS, 4.5), **DIGITS)


EXERCISES = (most_uncertain,)
