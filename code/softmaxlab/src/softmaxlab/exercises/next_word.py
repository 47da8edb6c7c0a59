"""Exercises on models of language."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

nucleus = Exercise(
    "nucleus",
    "my_nucleus(p, mass)",
    "the fewest most probable words that have a mass together, as a distribution over all words",
)
P = np.array([0.1, 0.4, 0.05, 0.25, 0.2])


@nucleus.law(
    "There is a probability for every word.",
    hint="return an array of the shape of p, with zeros for the words that are cut.",
)
def _(answer):
    answer(P, 0.7, shape=P.shape)


@nucleus.law(
    "What is kept sums to one.",
    hint="divide what is kept by its sum.",
    on=[(P, 0.7), (P, 0.3)],
)
def _(answer, p, mass):
    agree(answer(p, mass, shape=p.shape).sum(), 1, "sum")


@nucleus.law(
    "What is cut has the probability zero, and the best word always stays.",
    hint="begin with the most probable word, and keep it in any case.",
    on=[(P, 0.01), (P[::-1].copy(), 0.01)],
)
def _(answer, p, mass):
    agree(answer(p, mass), p == p.max())


@nucleus.law(
    "It keeps as many words as are needed, and not one more.",
    hint="sort from large to small, add up, and stop at the first word that reaches the mass.",
    on=[(P, 0.5, 0.25), (P, 0.7, 0.2), (P[::-1].copy(), 0.7, 0.2), (P, 0.9, 0.1)],
)
def _(answer, p, mass, least):
    kept = np.where(p >= least, p, 0)
    agree(answer(p, mass), kept / kept.sum())


@nucleus.law(
    "If a word reaches the mass exactly, the next one is cut.",
    hint="a word is needed as long as those before it have less than the mass.",
    on=[(np.array([0.125, 0.5, 0.125, 0.25]), 0.75)],
)
def _(answer, p, mass):
    agree(answer(p, mass), [0, 2 / 3, 0, 1 / 3])


@nucleus.law(
    "Words of equal probability count each by itself.",
    hint="add up the sorted probabilities one by one, and keep no more words than are needed.",
    on=[
        (np.array([0.375, 0.375, 0.25]), 0.5, 2),
        (np.array([0.5, 0.25, 0.25]), 0.625, 2),
        (np.full(8, 0.125), 0.5, 4),
    ],
)
def _(answer, p, mass, n_kept):
    kept = answer(p, mass, shape=p.shape)
    require(np.count_nonzero(kept) == n_kept, "gave", kept)
    agree(kept[kept > 0], np.sort(p)[::-1][:n_kept][: len(kept)] / np.sort(p)[-n_kept:].sum())


@nucleus.law(
    "The whole mass keeps every word.",
    hint="with a mass of one nothing is cut.",
    on=[P, np.full(10, 0.1)],
)
def _(answer, p):
    agree(answer(p, 1.0), p)


masked_loss = Exercise(
    "masked_loss",
    "my_masked_loss(logits, labels, mask)",
    "mean cross-entropy loss of the rows whose mask is true",
)
LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7], [3.0, 1.0, -3.0], [0.0, 0.5, 0.1]])
LABELS = np.array([0, 2, 1, 1])
MASK = np.array([True, False, True, False])


def _mean_loss(logits, labels):
    return -special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean()


@masked_loss.law(
    "The result is one number.",
    hint="return the mean over the rows that count.",
)
def _(answer):
    answer(LOGITS, LABELS, MASK, shape=())


@masked_loss.law(
    "Where every row counts it is the mean loss.",
    hint="the loss of a row is log-sum-exp minus the score of the label; take the mean.",
    on=[(LOGITS, LABELS), (LOGITS[:3], LABELS[:3])],
)
def _(answer, logits, labels):
    mask = np.ones(len(labels), dtype=bool)
    agree(answer(logits, labels, mask), _mean_loss(logits, labels))


@masked_loss.law(
    "A row that does not count changes nothing, whatever stands in it.",
    hint="take the rows of the mask first, and compute with these alone.",
)
def _(answer):
    before = answer(LOGITS, LABELS, MASK, shape=())
    other = np.where(MASK[:, None], LOGITS, 7.0 * LOGITS[::-1])
    agree(answer(other, np.where(MASK, LABELS, 0), MASK), before)


@masked_loss.law(
    "Filling does not make the loss smaller.",
    hint="divide by the number of rows that count, and not by the number of all rows.",
    on=[(LOGITS, LABELS, MASK), (LOGITS, LABELS, ~MASK), (LOGITS, LABELS, LABELS == 1)],
)
def _(answer, logits, labels, mask):
    agree(answer(logits, labels, mask), _mean_loss(logits[mask], labels[mask]))


@masked_loss.law(
    "Scores of thousands give numbers, and differ from row to row.",
    hint="subtract from each row its own largest score before the exponential.",
)
def _(answer):
    far = np.array([[2000.0, 0.0], [1.0, 2.0], [-2000.0, -2001.0]])
    result = answer(far, np.array([1, 0, 0]), np.array([True, False, True]), shape=())
    agree(result, 1000 + np.log1p(np.exp(-1)) / 2)


EXERCISES = (nucleus, masked_loss)
