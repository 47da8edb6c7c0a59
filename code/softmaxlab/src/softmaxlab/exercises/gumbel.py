"""Exercises on drawing by noise."""

import numpy as np

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

gumbel_draws = Exercise(
    "gumbel_draws",
    "my_gumbel_draws(z, u, n)",
    "the places of the n largest sums of score and Gumbel noise, the largest first",
)
SCORES = np.array([2.0, 1.0, 0.0, -1.0])
EVEN = np.array([0.3, 0.3, 0.3, 0.3])
MIXED = np.array([0.2, 0.9, 0.5, 0.995])
CROWD = np.linspace(0, 3, 9)
DRAWN = np.random.default_rng(1).random((3, 9))


def _gumbel_draws(z, u, n):
    return np.argsort(np.log(-np.log(u)) - z)[:n]


@gumbel_draws.law(
    "There are n places.",
    hint="keep the first n of the places in order of their sums.",
    on=[1, 2, 4],
)
def _(answer, n):
    answer(SCORES, MIXED, n, shape=(n,))


@gumbel_draws.law(
    "With the same noise for all, the scores decide.",
    hint="add noise and score, and begin with the largest sum; argsort begins with the least.",
    on=[SCORES, SCORES[::-1], SCORES[[1, 3, 0, 2]]],
)
def _(answer, z):
    agree(answer(z, EVEN, 3), np.argsort(-z)[:3])


@gumbel_draws.law(
    "With the same score for all, the largest u wins.",
    hint="-log(-log(u)) grows with u: mind both minus signs.",
    on=[MIXED, MIXED[::-1]],
)
def _(answer, u):
    agree(answer(np.zeros(4), u, 4), np.argsort(-u))


@gumbel_draws.law(
    "The order is that of score plus noise.",
    hint="the noise is -log(-log(u)), with both logarithms natural.",
    on=[(SCORES, MIXED, 4), (SCORES / 2, MIXED[::-1], 3), *((CROWD, u, 9) for u in DRAWN)],
)
def _(answer, z, u, n):
    agree(answer(z, u, n), _gumbel_draws(z, u, n))


EXERCISES = (gumbel_draws,)
