"""Exercises on proper scores."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

spherical = Exercise(
    "spherical",
    "my_spherical(q, labels)",
    "minus the probability of the label, divided by the length of the row",
)
Q = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.2, 0.6, 0.2], [1.0, 0.0, 0.0]])
LABELS = np.array([0, 2, 0, 0])


@spherical.law(
    "There is one charge for each row.",
    hint="return an array with as many entries as there are labels.",
)
def _(answer):
    answer(Q, LABELS, shape=LABELS.shape)


@spherical.law(
    "Certainty that comes true costs minus one.",
    hint="the charge is negative, and the length of a row with a single one is one.",
)
def _(answer):
    agree(answer(np.eye(3), np.arange(3)), [-1, -1, -1])


@spherical.law(
    "Certainty about something else costs nothing.",
    hint="take the probability of the label, and not the largest one.",
)
def _(answer):
    agree(answer(np.eye(3), np.array([1, 2, 0])), [0, 0, 0])


@spherical.law(
    "Knowing nothing costs minus one over the square root of the number of classes.",
    hint="divide by the Euclidean length of the row, and not by its sum.",
    on=[2, 3, 5],
)
def _(answer, n_classes):
    q = np.full((2, n_classes), 1 / n_classes)
    agree(answer(q, np.array([0, n_classes - 1])), [-1 / np.sqrt(n_classes)] * 2)


@spherical.law(
    "Each row is charged by itself.",
    hint="pick one probability of each row, and divide it by the length of that row, axis=1.",
)
def _(answer):
    lengths = np.sqrt((Q**2).sum(axis=1))
    agree(answer(Q, LABELS), -Q[np.arange(4), LABELS] / lengths)


brier_parts = Exercise(
    "brier_parts",
    "my_parts(announced, happened)",
    "the calibration and the refinement part of the mean square of the error",
)
ANNOUNCED = np.array([0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.75, 0.5])
HAPPENED = np.array([0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0])


def _both(answer, announced, happened):
    return answer.several(announced, happened, shapes=[(), ()])


@brier_parts.law(
    "There are two parts, each one number.",
    hint="return calibration, refinement.",
)
def _(answer):
    _both(answer, ANNOUNCED, HAPPENED)


@brier_parts.law(
    "The two add up to the mean square of the error.",
    hint="weigh every group by the share of its days.",
    on=[(ANNOUNCED, HAPPENED), (ANNOUNCED[:6], HAPPENED[:6])],
)
def _(answer, announced, happened):
    parts = _both(answer, announced, happened)
    agree(sum(parts), ((announced - happened) ** 2).mean(), "the sum")


@brier_parts.law(
    "Where it happens as often as announced the calibration part is zero.",
    hint="compare the announcement with the share of days on which it happened.",
)
def _(answer):
    calibration, _ = _both(answer, np.full(4, 0.75), np.array([1.0, 1.0, 0.0, 1.0]))
    agree(calibration, 0, "the calibration part")


@brier_parts.law(
    "Who tells all days apart has no refinement part, however dishonest.",
    hint="h * (1 - h) is zero where it always or never happens.",
)
def _(answer):
    _, refinement = _both(answer, np.array([0.6, 0.4, 0.6]), np.array([1.0, 0.0, 1.0]))
    agree(refinement, 0, "the refinement part")


@brier_parts.law(
    "Neither part is negative.",
    hint="one is a mean of squares, the other a mean of h * (1 - h).",
    on=[(ANNOUNCED, HAPPENED), (1 - ANNOUNCED, HAPPENED)],
)
def _(answer, announced, happened):
    parts = np.array(_both(answer, announced, happened))
    require(parts >= -1e-12, "gave", parts)


@brier_parts.law(
    "The days with the same announcement belong together, and no others.",
    hint="go through the different announcements; for each, take all of its days.",
)
def _(answer):
    calibration, _ = _both(answer, ANNOUNCED, HAPPENED)  # their sum is known
    agree(calibration, (3 * (1 / 3 - 1 / 4) ** 2 + 1 * 0.25) / 8, "the calibration part")


@brier_parts.law(
    "Announcements count that are certain, and those that differ by little.",
    hint="group by the announcement itself; round nothing, and leave out none, not even 0 or 1.",
)
def _(answer):
    announced = np.array([0.0, 0.0, 1.0, 1.0, 0.3001, 0.3002])
    happened = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
    calibration, refinement = _both(answer, announced, happened)
    agree(calibration, (1 + 0.6999**2 + 0.3002**2) / 6, "the calibration part")
    agree(refinement, 1 / 6, "the refinement part")


EXERCISES = (spherical, brier_parts)
