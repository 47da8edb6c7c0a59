"""Exercises on softmax."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree, require
from softmaxlab.exercises.laws import Exercise

LIST = np.array([3.0, 1.0, -3.0])
LONGER = np.array([1.0, 1.0, 2.0, 4.0, 6.0, 8.0])
BATCH = np.array([[3.0, 1.0, -3.0], [0.5, -1.0, 2.0]])
HUGE = np.array([1000.0, 0.0, -1000.0])
CLOSE = np.array([[1000.0, 999.0, 997.0], [-1000.0, -1001.0, -1003.0], [1e4, 1e4, 1e4 + 1]])


softmax = Exercise("softmax", "my_softmax(logits)", "probabilities, classes on the last axis")


@softmax.law(
    "The result has one probability for each score.",
    hint="return the whole array of quotients, not their total or the largest.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    answer(logits, shape=logits.shape)


@softmax.law(
    "Every probability is positive.",
    hint="a score may be negative; raise e to it first, with np.exp.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    p = answer(logits, shape=logits.shape)
    require(p > 0, "gave", p)


@softmax.law(
    "The probabilities add up to one.",
    hint="divide the exponentials by their sum.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    agree(answer(logits, shape=logits.shape).sum(), 1, "total")


@softmax.law(
    "Each row of a batch is computed by itself.",
    hint="sum over the last axis alone: axis=-1 with keepdims=True.",
    on=[BATCH, np.stack([BATCH, 2 * BATCH])],
)
def _(answer, logits):
    p = answer(logits, shape=logits.shape)
    agree(p.sum(axis=-1), np.ones(p.shape[:-1]), "row sums")


@softmax.law(
    "A constant added to all scores changes nothing.",
    hint="only differences of scores count, and np.exp turns them into ratios.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    before = answer(logits, shape=logits.shape)
    agree(answer(logits + 5), before)


@softmax.law(
    "One point more is e times as probable.",
    hint="the base is e: np.exp of the scores themselves, neither scaled nor with another base.",
    on=[LIST, LONGER, BATCH],
)
def _(answer, logits):
    agree(answer(logits), special.softmax(logits, axis=-1))


@softmax.law(
    "Scores of plus and minus a thousand give numbers.",
    hint="np.exp(1000) is infinite; clip nothing, but subtract the largest score of each row.",
    on=[HUGE, np.stack([HUGE, LIST]), CLOSE],
)
def _(answer, logits):
    agree(answer(logits), special.softmax(logits, axis=-1))


@softmax.law(
    "Whole numbers are scores too.",
    hint="do not write fractions into an array of integers, such as np.empty_like(logits).",
    on=[np.array([3, 1, -3]), np.array([[2], [5]])],
)
def _(answer, logits):
    agree(answer(logits), special.softmax(logits.astype(float), axis=-1))


logits_of = Exercise("logits_of", "logits_of(p)", "scores whose softmax is p")


@logits_of.law(
    "There is one logit for each probability.",
    hint="give every class a logit; none has to be left out as the reference.",
    on=[np.array([0.5, 0.4, 0.1])],
)
def _(answer, p):
    answer(p, shape=p.shape)


@logits_of.law(
    "Softmax of the logits gives the probabilities back.",
    hint="softmax raises e to the logits; which function undoes that?",
    on=[np.array([0.5, 0.4, 0.1]), np.array([0.9, 0.1]), np.full(4, 0.25)],
)
def _(answer, p):
    agree(special.softmax(answer(p, shape=p.shape)), p, "softmax of it")


@logits_of.law(
    "An impossible class comes back impossible.",
    hint="the logarithm of zero is minus infinity, the right logit here; add nothing to p.",
    on=[np.array([0.5, 0.5, 0.0]), np.array([1.0, 0.0])],
)
def _(answer, p):
    agree(special.softmax(answer(p, shape=p.shape)), p, "softmax of it", atol=0)


tempered_softmax = Exercise(
    "tempered_softmax", "tempered(logits, temperature)", "softmax of logits / temperature"
)


@tempered_softmax.law(
    "The probabilities of every row add up to one.",
    hint="divide the logits by the temperature, then take softmax along the last axis.",
    on=[(LIST, 2.0), (BATCH, 0.5)],
)
def _(answer, logits, temperature):
    p = answer(logits, temperature, shape=logits.shape)
    agree(p.sum(axis=-1), np.ones(p.shape[:-1]), "row sums")


@tempered_softmax.law(
    "At temperature one it is softmax.",
    hint="apply softmax once, with base e, to the logits and not to probabilities.",
    on=[LIST, BATCH],
)
def _(answer, logits):
    agree(answer(logits, 1.0), special.softmax(logits, axis=-1))


@tempered_softmax.law(
    "A higher temperature draws the probabilities together.",
    hint="divide by the temperature; a product makes hot what should be cold.",
    on=[(LIST, 1.0, 2.0), (LONGER, 2.0, 10.0)],
)
def _(answer, logits, cool, hot):
    before = np.ptp(answer(logits, cool, shape=logits.shape))
    after = np.ptp(answer(logits, hot, shape=logits.shape))
    if not after < before * (1 - 1e-9):
        raise Broken(
            ("largest minus smallest", f"{after:.4g}, at temperature {cool:g} {before:.4g}")
        )


@tempered_softmax.law(
    "Scores d apart have the ratio e to the power of d / temperature.",
    hint="divide by the temperature itself, not by a function of it.",
    on=[(LIST, 2.0), (LONGER, 0.5), (BATCH, 4.0), (np.array([3, 1, -3]), 2)],
)
def _(answer, logits, temperature):
    agree(answer(logits, temperature), special.softmax(logits / temperature, axis=-1))


@tempered_softmax.law(
    "A temperature near zero still gives numbers.",
    hint="3 / 0.001 is a score of three thousand; use a softmax that subtracts the largest score.",
    on=[(LIST, 1e-3), (CLOSE - 1000, 0.5), (CLOSE / 1000, 1e-3)],
)
def _(answer, logits, temperature):
    agree(answer(logits, temperature), special.softmax(logits / temperature, axis=-1))


hardmax = Exercise("hardmax", "my_hardmax(logits)", "one-hot of the largest score of a list")
TIE = np.array([2.0, 5.0, 5.0, -1.0])


@hardmax.law(
    "The result has one entry for each score.",
    hint="hardmax is a whole row that says where the maximum is; not the maximum, nor its index.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    answer(logits, shape=logits.shape)


@hardmax.law(
    "Every entry is zero or one.",
    hint="nothing is shared out: the winner takes one, the others nothing.",
    on=[LIST, LONGER],
)
def _(answer, logits):
    hard = answer(logits, shape=logits.shape)
    require((hard == 0) | (hard == 1), "gave", hard)


@hardmax.law(
    "The one stands at a largest score.",
    hint="np.argmax gives the place of the largest score.",
    on=[LIST, LONGER, np.array([-3.0, -1.0, -2.0]), np.array([1.0, 1.1, 0.9])],
)
def _(answer, logits):
    hard = answer(logits, shape=logits.shape)
    require(logits[hard == 1] == logits.max(), "gave", hard)
    require(np.any(hard == 1), "gave", hard)


@hardmax.law(
    "There is exactly one one, also when scores tie (any of the winners will do).",
    hint="`logits == logits.max()` is true for every winner; pick one place.",
    on=[TIE, np.zeros(3)],
)
def _(answer, logits):
    hard = answer(logits, shape=logits.shape)
    agree(hard.sum(), 1, "ones in it")
    require(logits[hard == 1] == logits.max(), "gave", hard)


EXERCISES = (softmax, logits_of, tempered_softmax, hardmax)
