"""Exercises on margins."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

margin = Exercise(
    "margin",
    "my_margin(w, points, side)",
    "the smallest lead, divided by the length of the weights",
)
POINTS = np.array([[3.0, 1.0], [1.0, 2.0], [-2.0, -1.0], [-1.0, -3.0]])
SIDE = np.array([1, 1, -1, -1])
WEIGHTS = np.array([0.6, 0.8])


def _margin(w, points, side):
    return min(s * np.dot(w, x) for s, x in zip(side, points, strict=True)) / np.hypot(*w)


@margin.law(
    "It is one number.",
    hint="take the smallest of the leads.",
)
def _(answer):
    answer(WEIGHTS, POINTS, SIDE, shape=())


@margin.law(
    "A border that has all points on their sides has a positive margin.",
    hint="the lead of a point is its score times its side.",
    on=[WEIGHTS, np.array([1.0, 0.2]), np.array([0.0, 1.0])],
)
def _(answer, w):
    found = answer(w, POINTS, SIDE, shape=())
    require(found > 0, "gave", found)


@margin.law(
    "With one point on the wrong side it is negative.",
    hint="the smallest lead, not the smallest distance: no absolute value.",
)
def _(answer):
    found = answer(WEIGHTS, POINTS, np.array([1, -1, -1, -1]), shape=())
    require(found < 0, "gave", found)


@margin.law(
    "Longer weights have the same margin.",
    hint="divide by the length of w, the root of the sum of its squares.",
    on=[2, 10, 0.1],
)
def _(answer, factor):
    agree(answer(factor * WEIGHTS, POINTS, SIDE), answer(WEIGHTS, POINTS, SIDE, shape=()))


@margin.law(
    "It is the distance of the nearest point from the border.",
    hint="the smallest of side * (points @ w), divided by the length of w.",
    on=[
        (WEIGHTS, POINTS, SIDE),
        (np.array([5.0, 12.0]), POINTS, SIDE),
        (np.array([1.0, -1.0]), POINTS[:3], SIDE[:3]),
    ],
)
def _(answer, w, points, side):
    agree(answer(w, points, side), _margin(w, points, side))


EXERCISES = (margin,)
