"""Exercises on what computing costs."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

exponential = Exercise(
    "exponential",
    "my_exponential(x)",
    "the exponential of every number of an array, right to the last digits",
)
LAST_DIGITS = 1e-15


@exponential.law(
    "There is a number for each number.",
    hint="work on the whole array: every step is one on arrays.",
    on=[np.linspace(-1, 1, 5), np.linspace(-1, 1, 6).reshape(2, 3)],
)
def _(answer, x):
    answer(x, shape=x.shape)


@exponential.law(
    "Near zero the series has enough terms.",
    hint="go on to the thirteenth power, and begin with the last term.",
    on=[np.linspace(-0.34, 0.34, 69), np.linspace(-1e-3, 1e-3, 5)],
)
def _(answer, x):
    agree(answer(x), np.exp(x), rtol=LAST_DIGITS, atol=0)


@exponential.law(
    "Between minus five and five, factors of two are split off.",
    hint="split off the nearest whole number of factors of two, and give the series the rest.",
    on=[np.linspace(-5, 5, 101)],
)
def _(answer, x):
    agree(answer(x), np.exp(x), rtol=LAST_DIGITS, atol=0)


@exponential.law(
    "Far from zero no digit is lost.",
    hint="subtract m log 2 in two parts, the first of which has zeros for its last digits.",
    on=[np.linspace(60, 80, 41) + 0.2, -(np.linspace(60, 80, 41) + 0.2)],
)
def _(answer, x):
    agree(answer(x), np.exp(x), rtol=LAST_DIGITS, atol=0)


@exponential.law(
    "What is too small gives zero, and what is too large infinity.",
    hint="keep x within a range before you split it, so that nothing infinite is subtracted.",
    on=[(np.array([-1000.0, -np.inf, 1.5]),), (np.array([1000.0, np.inf, 1.5]),)],
)
def _(answer, x):
    agree(answer(x), np.exp(x), rtol=LAST_DIGITS, atol=0)


workers = Exercise(
    "workers",
    "my_workers(work, cost)",
    "the whole number w of workers, at least one, for which work / w + cost * w is smallest",
)


def _time(work, cost, w):
    return work / w + cost * w


@workers.law(
    "The best number is the root of work over cost, if that is whole.",
    hint="take the square root of work / cost.",
    on=[(100.0, 1.0, 10), (1.0, 0.25, 2), (4.5, 0.5, 3), (7.0, 7.0, 1)],
)
def _(answer, work, cost, best):
    agree(answer(work, cost, shape=()), best)


@workers.law(
    "The number of workers is whole.",
    hint="nobody can hire half a worker: return one of the whole numbers beside the root.",
    on=[(10.0, 1.0), (3.0, 0.5)],
)
def _(answer, work, cost):
    w = answer(work, cost, shape=())
    require(w == np.rint(w), "gave", w)


@workers.law(
    "There is one worker at least.",
    hint="where collecting costs more than the work, the root is below one.",
    on=[(1.0, 5.0), (0.1, 0.9), (1e-9, 1.0)],
)
def _(answer, work, cost):
    agree(answer(work, cost, shape=()), 1)


@workers.law(
    "No other number is faster.",
    hint="compare the times of the whole numbers below and above the root.",
    on=[(10.0, 1.0), (2.1, 1.0), (6.1, 1.0), (1e4 + 101, 1.0), (5.9, 1.0), (0.5, 1e-3)],
)
def _(answer, work, cost):
    w = float(answer(work, cost, shape=()))
    others = np.arange(1, 2 * np.sqrt(work / cost) + 2)
    require(_time(work, cost, w) <= _time(work, cost, others).min() * (1 + 1e-9), "gave", w)


EXERCISES = (exponential, workers)
