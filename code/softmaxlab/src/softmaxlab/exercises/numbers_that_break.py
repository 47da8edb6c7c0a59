"""Exercises on overflow, saturation and clipping."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree
from softmaxlab.exercises.laws import Exercise

LIST = np.array([3.0, 1.0, -3.0])
BATCH = np.array([[3.0, 1.0, -3.0], [0.5, -1.0, 2.0]])


log_softmax = Exercise(
    "log_softmax", "my_log_softmax(logits)", "logarithm of softmax, classes on the last axis"
)


@log_softmax.law(
    "There is one logarithm for each score.",
    hint="subtract the log-sum-exp from every score and return the whole array.",
    on=[LIST],
)
def _(answer, logits):
    answer(logits, shape=logits.shape)


@log_softmax.law(
    "Its exponentials add up to one.",
    hint="what is subtracted is the natural logarithm of the sum of the exponentials.",
    on=[LIST],
)
def _(answer, logits):
    agree(np.exp(answer(logits, shape=logits.shape)).sum(), 1, "total of exp")


@log_softmax.law(
    "Differences of scores are kept.",
    hint="log-softmax subtracts one number from all scores; take softmax once, of the logits.",
    on=[LIST],
)
def _(answer, logits):
    agree(np.diff(answer(logits, shape=logits.shape)), np.diff(logits), "differences")


@log_softmax.law(
    "Each row of a batch is computed by itself.",
    hint="take maximum and sum over the last axis alone: axis=-1 with keepdims=True.",
    on=[BATCH, np.stack([BATCH, 2 * BATCH])],
)
def _(answer, logits):
    agree(answer(logits), special.log_softmax(logits, axis=-1))


@log_softmax.law(
    "Scores of plus and minus a thousand stay finite.",
    hint="exp may vanish, so never take its logarithm entry by entry: shifted - log(sum(exp)).",
    on=[np.array([1000.0, 0.0, -1000.0]), np.array([[-1000.0, -1001.0], [1e4, 1e4 + 1]])],
)
def _(answer, logits):
    agree(answer(logits), special.log_softmax(logits, axis=-1))


@log_softmax.law(
    "Whole numbers are scores too.",
    hint="do not write fractions into an array of integers, such as np.empty_like(logits).",
    on=[np.array([3, 1, -3]), np.array([[2], [5]])],
)
def _(answer, logits):
    agree(answer(logits), special.log_softmax(logits.astype(float), axis=-1))


sigmoid = Exercise("sigmoid", "my_sigmoid(s)", "1 / (1 + exp(-s)) for arrays, at every score")
ODDS = np.array([-2.0, 0.0, 0.5, 3.0])


@sigmoid.law(
    "There is one probability for each score.",
    hint="np.where chooses entry by entry; a plain `if` takes one number only.",
    on=[ODDS, ODDS.reshape(2, 2)],
)
def _(answer, s):
    answer(s, shape=s.shape)


@sigmoid.law(
    "A score and its negative share one.",
    hint="1 / (1 + exp(-s)): the probability of a yes, and that of a no, add up to one.",
    on=[ODDS],
)
def _(answer, s):
    other = answer(-s, shape=s.shape)
    agree(answer(s, shape=s.shape) + other, np.ones(s.shape), "sum of both")


@sigmoid.law(
    "The odds are e to the power of the score.",
    hint="the score stands in the exponent as it is, without a factor.",
    on=[ODDS],
)
def _(answer, s):
    agree(answer(s), special.expit(s))


@sigmoid.law(
    "A small probability keeps its digits.",
    hint="1 minus something near 1 loses them; for s < 0 use exp(s) / (1 + exp(s)).",
    on=[np.array([-40.0, -100.0, -700.0])],
)
def _(answer, s):
    agree(answer(s), special.expit(s), atol=0)


@sigmoid.law(
    "Scores of plus and minus a thousand give 0 and 1 without overflow.",
    hint="never raise e to a large positive power: np.exp(-np.abs(s)) serves both signs.",
    on=[np.array([-1000.0, 1000.0])],
)
def _(answer, s):
    agree(answer(s), [0, 1])
    if answer.complaints:
        raise Broken(("warned", answer.complaints[0]))


clipped = Exercise(
    "clipped",
    "largest_loss(dtype)",
    "the loss that is reported for p = 0 once p is clipped to the machine epsilon",
)


@clipped.law(
    "A loss is positive.",
    hint="it is minus the logarithm of what is left of the probability.",
    on=[np.float64],
)
def _(answer, dtype):
    if not answer(dtype, shape=()) > 0:
        raise Broken()


@clipped.law(
    "In float64 it is 36.04365.",
    hint="np.finfo(np.float64).eps, and the natural logarithm.",
    on=[np.float64],
)
def _(answer, dtype):
    agree(answer(dtype), 52 * np.log(2), rtol=1e-6)


@clipped.law(
    "Each number format has an epsilon of its own.",
    hint="ask np.finfo(dtype); the loss says more about the format than about the model.",
    on=[(np.float32, 23), (np.float16, 10)],
)
def _(answer, dtype, bits):
    agree(answer(dtype), bits * np.log(2), rtol=1e-3)  # float16 has three digits


EXERCISES = (log_softmax, sigmoid, clipped)
