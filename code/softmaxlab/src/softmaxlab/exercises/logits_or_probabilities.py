"""Exercises on what a function wants to be given."""

import numpy as np

from softmaxlab.exercises.comparing import agree
from softmaxlab.exercises.laws import Exercise

double_softmax_floor = Exercise(
    "double_softmax_floor",
    "my_floor(n_classes)",
    "the lowest loss that is left when softmax is applied twice",
)


@double_softmax_floor.law(
    "With three classes it is 0.551445.",
    hint="the first softmax can give one-hot at best: what is the loss of that as logits?",
)
def _(answer):
    agree(answer(3), np.log(np.e + 2) - 1)


@double_softmax_floor.law(
    "With ten classes it is 1.461150.",
    hint="the second softmax sees one 1 and n_classes - 1 zeros.",
)
def _(answer):
    agree(answer(10), np.log(np.e + 9) - 1)


@double_softmax_floor.law(
    "It holds for any number of classes.",
    hint="count the classes by the argument: log(e + n_classes - 1) - 1.",
    on=[2, 1000],
)
def _(answer, n_classes):
    agree(answer(n_classes), np.log(np.e + n_classes - 1) - 1)


EXERCISES = (double_softmax_floor,)
