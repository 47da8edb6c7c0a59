"""Exercises on entropy and divergence."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import Broken, agree, as_distributions, pair, require, show
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
    agree(answer(TWO_COINS), 2 * one)


@entropy.law(
    "A fair coin has log 2 = 0.693147 nats.",
    hint="nats need the natural logarithm, np.log; np.log2 gives bits.",
)
def _(answer):
    agree(answer(COIN), np.log(2))


@entropy.law(
    "An outcome of probability zero adds nothing.",
    hint="0 log 0 counts as 0: leave these outcomes out, and add or clip nothing.",
    on=[np.array([0.5, 0.5, 0.0]), np.array([0.0, 1.0, 0.0])],
)
def _(answer, p):
    agree(answer(p), special.entr(p).sum(), rtol=1e-14, atol=0)


@entropy.law(
    "Unequal outcomes are weighed by their own probabilities.",
    hint="the formula is the sum of -p log p over all outcomes.",
    on=[WEATHER, np.array([0.01, 0.02, 0.0, 0.97])],
)
def _(answer, p):
    agree(answer(p), special.entr(p).sum())


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
    agree(answer(p, p), 0)


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
    hint="sum p log(p / q) with the natural logarithm: no mean, no absolute values, no bits.",
    on=[MIRRORED],
)
def _(answer, p, q):
    agree(answer(p, q), _kl(p, q))


@kl_divergence.law(
    "The first argument is the truth: it weighs the logarithms.",
    hint="sum p log(p / q); exchanging p and q, or averaging both ways, gives another number.",
    on=[(WEATHER, np.full(3, 1 / 3)), (np.full(3, 1 / 3), WEATHER)],
)
def _(answer, p, q):
    agree(answer(p, q), _kl(p, q))


@kl_divergence.law(
    "An outcome that never happens adds nothing.",
    hint="where p is 0 the term is 0, whatever q is: leave these outcomes out.",
    on=[(np.array([0.5, 0.5, 0.0]), WEATHER), (np.array([1.0, 0.0]), np.array([1.0, 0.0]))],
)
def _(answer, p, q):
    agree(answer(p, q), _kl(p, q))


@kl_divergence.law(
    "It is infinite where the model rules out what happens.",
    hint="q = 0 < p must give np.inf: clipping q would hide it behind a number.",
    on=[(WEATHER, np.array([0.5, 0.5, 0.0]))],
)
def _(answer, p, q):
    agree(answer(p, q), np.inf)


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
    agree(answer(0.0), 0)


@to_bits.law(
    "Log 2 nats are one bit.",
    hint="a bit is worth log 2 = 0.693147 nats, so there are more bits than nats: divide.",
)
def _(answer):
    agree(answer(np.log(2)), 1)


@to_bits.law(
    "A thousand nats are 1442.695 bits.",
    hint="going back through probabilities overflows; a unit is only a factor.",
)
def _(answer):
    agree(answer(1000.0), 1000 / np.log(2))


EXERCISES = (entropy, kl_divergence, asymmetric_pair, to_bits)
