"""Exercises on entropy, divergence and the cross-entropy loss."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import (
    Broken,
    agree,
    as_distributions,
    as_numbers,
    pair,
    require,
    show,
)
from softmaxlab.exercises.laws import Exercise

COIN = np.array([0.5, 0.5])
TWO_COINS = np.full(4, 0.25)
WEATHER = np.array([0.7, 0.2, 0.1])


entropy = Exercise("entropy", "my_entropy(p)", "entropy of one distribution, in nats")


@entropy.law(
    "The result is one number.",
    hint="entropy is a sum over the outcomes: return the total of p log p, with its sign.",
    on=[COIN, WEATHER],
)
def _(answer, p):
    answer(p, shape=())


@entropy.law(
    "Entropy is never negative.",
    hint="the logarithm of a probability is negative, so the sum needs a minus sign.",
    on=[COIN, WEATHER],
)
def _(answer, p):
    surprise = answer(p, shape=())
    require(surprise >= 0, "gave", surprise)


@entropy.law(
    "Two independent coins have twice the entropy of one.",
    hint="add up the outcomes, each weighed by its probability; a mean divides once too often.",
)
def _(answer):
    one = answer(COIN, shape=())
    agree(answer(TWO_COINS, shape=()), 2 * one)


@entropy.law(
    "A fair coin has log 2 = 0.693147 nats.",
    hint="nats need the natural logarithm, np.log; np.log2 gives bits.",
)
def _(answer):
    agree(answer(COIN, shape=()), np.log(2))


@entropy.law(
    "An outcome of probability zero adds nothing.",
    hint="0 log 0 counts as 0: leave these outcomes out, and add or clip nothing.",
    on=[np.array([0.5, 0.5, 0.0]), np.array([0.0, 1.0, 0.0])],
)
def _(answer, p):
    agree(answer(p, shape=()), special.entr(p).sum(), atol=1e-14)


@entropy.law(
    "Unequal outcomes are weighed by their own probabilities.",
    hint="the formula is the sum of -p log p over all outcomes.",
    on=[WEATHER, np.array([0.97, 0.02, 0.01])],
)
def _(answer, p):
    agree(answer(p, shape=()), special.entr(p).sum())


kl_divergence = Exercise(
    "kl_divergence", "my_kl(p, q)", "divergence of the truth p from the model q, in nats"
)
MIRRORED = (np.array([0.75, 0.25]), np.array([0.25, 0.75]))


def _kl(p, q):
    return special.rel_entr(p, q).sum()


@kl_divergence.law(
    "The result is one number.",
    hint="return the sum over the outcomes.",
    on=[MIRRORED],
)
def _(answer, p, q):
    answer(p, q, shape=())


@kl_divergence.law(
    "A distribution diverges from itself by zero.",
    hint="take the ratio p / q inside the logarithm; without p it is the cross-entropy.",
    on=[WEATHER, COIN],
)
def _(answer, p):
    agree(answer(p, p, shape=()), 0)


@kl_divergence.law(
    "The divergence of two different distributions is positive.",
    hint="it is log(p / q) that is averaged under p, so p stands above.",
    on=[MIRRORED, (WEATHER, np.full(3, 1 / 3))],
)
def _(answer, p, q):
    divergence = answer(p, q, shape=())
    require(divergence > 0, "gave", divergence)


@kl_divergence.law(
    "It is measured in nats.",
    hint="nats need the natural logarithm, np.log, and a sum instead of a mean.",
    on=[MIRRORED],
)
def _(answer, p, q):
    agree(answer(p, q, shape=()), _kl(p, q))


@kl_divergence.law(
    "The first argument is the truth: it weighs the logarithms.",
    hint="sum p log(p / q); exchanging p and q, or averaging both ways, gives another number.",
    on=[(WEATHER, np.full(3, 1 / 3)), (np.full(3, 1 / 3), WEATHER)],
)
def _(answer, p, q):
    agree(answer(p, q, shape=()), _kl(p, q))


@kl_divergence.law(
    "An outcome that never happens adds nothing.",
    hint="where p is 0 the term is 0, whatever q is: leave these outcomes out.",
    on=[(np.array([0.5, 0.5, 0.0]), WEATHER), (np.array([1.0, 0.0]), np.array([1.0, 0.0]))],
)
def _(answer, p, q):
    agree(answer(p, q, shape=()), _kl(p, q))


@kl_divergence.law(
    "It is infinite where the model rules out what happens.",
    hint="q = 0 < p must give np.inf: clipping q would hide it behind a number.",
    on=[(WEATHER, np.array([0.5, 0.5, 0.0]))],
)
def _(answer, p, q):
    agree(answer(p, q, shape=()), np.inf)


asymmetric_pair = Exercise(
    "asymmetric_pair", "(p, q)", "two distributions, clearly further one way", value=True
)


@asymmetric_pair.law(
    "Both are lists of probabilities that add up to one.",
    hint="give two arrays without negative entries, each with the total one.",
)
def _(value):
    for one in pair(value):
        as_distributions(one)


@asymmetric_pair.law(
    "Both speak of the same outcomes.",
    hint="give two lists of the same length.",
)
def _(value):
    p, q = (as_distributions(one) for one in pair(value))
    if p.ndim != 1 or p.shape != q.shape:
        raise Broken(("shapes", f"{p.shape} and {q.shape}"))


@asymmetric_pair.law(
    "The divergence one way exceeds the other by a tenth of a nat or more.",
    hint="a mirrored pair is alike both ways; let one be spread out and the other narrow.",
)
def _(value):
    p, q = (as_distributions(one) for one in pair(value))
    there, back = _kl(p, q), _kl(q, p)
    if there == back or not abs(there - back) >= 0.1:
        raise Broken(("KL(p, q)", show(there)), ("KL(q, p)", show(back)))


to_bits = Exercise("to_bits", "to_bits(nats)", "the same amount of information in bits")


@to_bits.law("Nothing is nothing in every unit.", hint="a unit is a factor: multiply or divide.")
def _(answer):
    agree(answer(0.0, shape=()), 0)


@to_bits.law(
    "Log 2 nats are one bit.",
    hint="a bit is worth log 2 = 0.693147 nats, so there are more bits than nats: divide.",
)
def _(answer):
    agree(answer(np.log(2), shape=()), 1)


@to_bits.law(
    "A thousand nats are 1442.695 bits.",
    hint="going back through probabilities overflows; a unit is only a factor.",
)
def _(answer):
    agree(answer(1000.0, shape=()), 1000 / np.log(2))


log_loss = Exercise(
    "log_loss", "my_log_loss(labels, p)", "mean of -log p[label] over the samples, in nats"
)
ANIMALS = np.array([0, 1, 2])
GUESSES = np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.6, 0.3, 0.1]])


@log_loss.law(
    "Labels come first, then the table, and the result is one number.",
    hint="my_log_loss(labels, p) gets class indices as labels and returns the mean over samples.",
    on=[(ANIMALS, GUESSES), (ANIMALS[:2], GUESSES[:2])],
)
def _(answer, labels, p):
    answer(labels, p, shape=())


@log_loss.law(
    "The same samples twice have the same mean.",
    hint="divide the sum by the number of samples.",
    on=[(ANIMALS, GUESSES)],
)
def _(answer, labels, p):
    once = answer(labels, p, shape=())
    agree(answer(np.tile(labels, 2), np.tile(p, (2, 1)), shape=()), once)


@log_loss.law(
    "Splitting a wrong class in two changes nothing.",
    hint="only right classes count: divide by the number of samples, not of all entries.",
)
def _(answer):
    whole = answer(np.array([0, 0]), np.array([[0.5, 0.5], [0.8, 0.2]]), shape=())
    split = np.array([[0.5, 0.25, 0.25], [0.8, 0.1, 0.1]])
    agree(answer(np.array([0, 0]), split, shape=()), whole)


@log_loss.law(
    "A probability of one half costs log 2 = 0.693147 nats.",
    hint="nats need the natural logarithm, and a cost is minus the logarithm.",
)
def _(answer):
    agree(answer(np.array([0]), np.array([[0.5, 0.3, 0.2]]), shape=()), np.log(2))


@log_loss.law(
    "Each label picks the probability of its own class.",
    hint="p[np.arange(len(labels)), labels] takes one entry of each row.",
    on=[(ANIMALS, GUESSES), (np.array([2, 2, 0]), GUESSES)],
)
def _(answer, labels, p):
    agree(answer(labels, p, shape=()), -np.log(p[np.arange(len(labels)), labels]).mean())


@log_loss.law(
    "Wrong classes of probability zero cost nothing.",
    hint="0 times log 0 is not a number: pick the right class first, then take one logarithm.",
)
def _(answer):
    agree(answer(ANIMALS, np.eye(3), shape=()), 0, atol=1e-15)


@log_loss.law(
    "A right class of probability zero costs infinity.",
    hint="clipping would show a number such as 36.04 that says nothing about the model.",
)
def _(answer):
    agree(answer(np.array([0, 1]), np.array([[0.0, 1.0], [0.5, 0.5]]), shape=()), np.inf)


loss_from_logits = Exercise(
    "loss_from_logits", "my_loss(logits, labels)", "mean cross-entropy from logits, in nats"
)
LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7]])
LABELS = np.array([0, 2])


def _loss(logits, labels):
    return -special.log_softmax(logits, axis=-1)[np.arange(len(labels)), labels].mean()


@loss_from_logits.law(
    "Logits come first, then the labels, and the result is one number.",
    hint="my_loss(logits, labels) gets class indices as labels and returns the mean over samples.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    answer(logits, labels, shape=())


@loss_from_logits.law(
    "A right class that is 30 points ahead costs next to nothing.",
    hint="apply softmax once; a second one keeps the loss of three classes above 0.55.",
)
def _(answer):
    sure = np.array([[30.0, 0.0, 0.0], [0.0, 0.0, 30.0]])
    agree(answer(sure, LABELS, shape=()), 0)


@loss_from_logits.law(
    "The same samples twice have the same mean.",
    hint="divide the sum by the number of samples.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    once = answer(logits, labels, shape=())
    agree(answer(np.tile(logits, (2, 1)), np.tile(labels, 2), shape=()), once)


@loss_from_logits.law(
    "A further class that is far behind changes nothing.",
    hint="divide by the number of samples, not by the number of the table's entries.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    before = answer(logits, labels, shape=())
    agree(answer(np.c_[logits, [-50.0, -50.0]], labels, shape=()), before)


@loss_from_logits.law(
    "Ten equal scores cost log 10 = 2.302585 nats.",
    hint="nats need the natural logarithm.",
)
def _(answer):
    agree(answer(np.zeros((2, 10)), LABELS, shape=()), np.log(10))


@loss_from_logits.law(
    "Each label picks the score of its own class.",
    hint="logits[np.arange(len(labels)), labels] takes one entry of each row.",
    on=[(LOGITS, LABELS), (LOGITS, np.array([1, 1]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels, shape=()), _loss(logits, labels))


@loss_from_logits.law(
    "A right class that is a thousand points behind costs a thousand.",
    hint="its probability is 0 in floating point; use log-sum-exp minus the score, shifted.",
    on=[(np.array([[0.0, 1000.0]]), np.array([0]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels, shape=()), 1000)


@loss_from_logits.law(
    "The arguments are left as they were.",
    hint="`logits -= ...` changes the caller's array; write `shifted = logits - ...`.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    answer.leaves_alone(logits, labels)


one_hot = Exercise("one_hot", "my_one_hot(labels, n_classes)", "a row with a single one per label")


@one_hot.law(
    "There is a row for each label and a column for each class.",
    hint="the last classes may not occur among the labels: use n_classes for the width.",
    on=[(np.array([2, 0]), 4), (np.array([0, 1, 1]), 2)],
)
def _(answer, labels, n_classes):
    answer(labels, n_classes, shape=(len(labels), n_classes))


@one_hot.law(
    "Every row holds a single one, and zeros elsewhere.",
    hint="start from np.zeros; index rows and columns together, np.arange(len(labels)) and labels.",
    on=[(np.array([2, 0, 2]), 4)],
)
def _(answer, labels, n_classes):
    hot = answer(labels, n_classes, shape=(len(labels), n_classes))
    agree(np.sort(hot, axis=1), np.eye(n_classes)[[-1] * len(labels)], "sorted rows")


@one_hot.law(
    "The one stands in the column of the label.",
    hint="classes are counted from zero.",
    on=[(np.array([2, 0, 2]), 4), (np.arange(3), 3)],
)
def _(answer, labels, n_classes):
    agree(answer(labels, n_classes), np.arange(n_classes) == labels[:, None])


same_accuracy = Exercise(
    "same_accuracy",
    "(p1, p2)",
    "two tables of probabilities for the labels 0, 1, 2: as accurate, not as good",
    value=True,
)


@same_accuracy.law(
    "There are two tables with three rows of three classes.",
    hint="one row for each of the samples with the labels 0, 1 and 2.",
)
def _(value):
    for table in pair(value):
        as_numbers(table, shape=(3, 3))


@same_accuracy.law(
    "Every row is a distribution.",
    hint="no entry below zero, and each row with the total one.",
)
def _(value):
    for table in pair(value):
        as_distributions(table)


@same_accuracy.law(
    "Both have the same accuracy.",
    hint="the largest entry of a row is the decision; let both decide alike.",
)
def _(value):
    first, second = ((np.argmax(table, axis=1) == ANIMALS).mean() for table in pair(value))
    agree(second, first, "accuracy of the second")


@same_accuracy.law(
    "The two losses differ by three tenths of a nat or more.",
    hint="let one table be bold where it is right, and the other hardly decided.",
)
def _(value):
    with np.errstate(divide="ignore"):
        first, second = (-np.log(np.diag(table)).mean() for table in pair(value))
    if first == second or not abs(first - second) >= 0.3:
        raise Broken(("losses", f"{show(first)} and {show(second)}"))


EXERCISES = (
    entropy,
    kl_divergence,
    asymmetric_pair,
    to_bits,
    log_loss,
    loss_from_logits,
    one_hot,
    same_accuracy,
)
