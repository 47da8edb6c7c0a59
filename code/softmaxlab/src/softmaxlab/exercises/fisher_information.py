"""Exercises on how exactly a score can be known."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

score_spread = Exercise(
    "score_spread",
    "my_score_spread(heads, tosses)",
    "the predicted spread of the logarithm of heads over tails",
)


@score_spread.law(
    "It is one number.",
    hint="one over the square root of the information of all tosses.",
)
def _(answer):
    answer(30, 100, shape=())


@score_spread.law(
    "Of a fair coin, n tosses leave two over the square root of n.",
    hint="the information of one toss is a (1 - a), here a quarter; n tosses have n times that.",
    on=[(50, 100), (5000, 10_000)],
)
def _(answer, heads, tosses):
    agree(answer(heads, tosses), 2 / np.sqrt(tosses))


@score_spread.law(
    "Heads and tails tell the same.",
    hint="a and 1 - a stand in a product.",
    on=[(30, 100), (1, 50)],
)
def _(answer, heads, tosses):
    agree(answer(heads, tosses), answer(tosses - heads, tosses, shape=()))


@score_spread.law(
    "What is rarer is known less exactly.",
    hint="one over the root of tosses * a * (1 - a), with the share of heads for a.",
)
def _(answer):
    spreads = np.array([answer(heads, 1000, shape=()) for heads in (500, 100, 10, 1)])
    require(np.diff(spreads) > 0, "spreads for 500, 100, 10, 1 heads", spreads)


@score_spread.law(
    "Its square is one over the heads plus one over the tails.",
    hint="n a (1 - a) is heads times tails divided by their sum.",
    on=[(20, 1000), (1, 2), (999, 1000), (3, 10)],
)
def _(answer, heads, tosses):
    agree(answer(heads, tosses), np.sqrt(1 / heads + 1 / (tosses - heads)))


EXERCISES = (score_spread,)
