"""Exercises on the hinge loss."""

import numpy as np

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

SCORES = np.array([[3.0, 1.0, -3.0], [0.2, 0.5, 0.1], [1.0, 2.5, 2.0]])
LABELS = np.array([0, 2, 1])
CLEAR = np.array([[2.0, 0.5, -3.0], [0.0, 4.0, 1.0]])
CLEAR_LABELS = np.array([0, 1])
WIDE = np.array([[0.3, -0.2, 0.9, 4.0], [2.0, 1.5, 1.2, 1.9]])
WIDE_LABELS = np.array([2, 0])


def _shortfall(scores, labels):
    rows = np.arange(len(labels))
    short = np.maximum(0, scores - scores[rows, labels][:, None] + 1)
    short[rows, labels] = 0
    return short


multiclass_hinge = Exercise(
    "multiclass_hinge", "my_hinge(scores, labels)", "hinge loss of each row, margin one"
)


@multiclass_hinge.law(
    "There is one loss for each row.",
    hint="sum over the rivals, axis=1, and leave the mean over samples to the caller.",
    on=[(SCORES, LABELS)],
)
def _(answer, scores, labels):
    answer(scores, labels, shape=(len(labels),))


@multiclass_hinge.law(
    "It is never negative.",
    hint="a rival that is far behind earns nothing back: np.maximum(0, ...).",
    on=[(CLEAR, CLEAR_LABELS)],
)
def _(answer, scores, labels):
    loss = answer(scores, labels, shape=(len(labels),))
    require(loss >= 0, "gave", loss)


@multiclass_hinge.law(
    "A lead of a point or more over every rival costs nothing.",
    hint="the right class is not its own rival: leave j = l out, or it always owes one.",
    on=[(CLEAR, CLEAR_LABELS)],
)
def _(answer, scores, labels):
    agree(answer(scores, labels), np.zeros(len(labels)))


@multiclass_hinge.law(
    "Ten equal scores cost nine.",
    hint="each of the nine rivals is one point short of the margin; add them all.",
)
def _(answer):
    agree(answer(np.zeros((1, 10)), np.array([4])), [9])


@multiclass_hinge.law(
    "Each rival costs what it lacks of a distance of one.",
    hint="sum max(0, z_j - z_l + 1), where l is the right class; neither squared nor halved.",
    on=[(SCORES, LABELS), (WIDE, WIDE_LABELS)],
)
def _(answer, scores, labels):
    agree(answer(scores, labels), _shortfall(scores, labels).sum(axis=1))


hinge_gradient = Exercise(
    "hinge_gradient", "my_hinge_gradient(scores, labels)", "gradient of the hinge loss, by row"
)


@hinge_gradient.law(
    "There is one derivative for each score.",
    hint="return an array of the shape of the scores.",
    on=[(SCORES, LABELS)],
)
def _(answer, scores, labels):
    answer(scores, labels, shape=scores.shape)


@hinge_gradient.law(
    "A sample that leads by more than a point pulls at nothing.",
    hint="its loss is flat at zero: only rivals inside the margin have a slope.",
    on=[(CLEAR, CLEAR_LABELS)],
)
def _(answer, scores, labels):
    agree(answer(scores, labels), np.zeros(scores.shape))


@hinge_gradient.law(
    "The derivatives of a sample add up to zero.",
    hint="the right class gets minus the number of rivals inside the margin.",
    on=[(SCORES, LABELS)],
)
def _(answer, scores, labels):
    slopes = answer(scores, labels, shape=scores.shape)
    agree(slopes.sum(axis=1), np.zeros(len(labels)), "row sums")


@hinge_gradient.law(
    "Each rival inside the margin has the slope one.",
    hint="each of them counts one, however far inside it is; the rows are not averaged.",
    on=[(SCORES, LABELS), (WIDE, WIDE_LABELS)],
)
def _(answer, scores, labels):
    slopes = (_shortfall(scores, labels) > 0).astype(float)
    slopes[np.arange(len(labels)), labels] = -slopes.sum(axis=1)
    agree(answer(scores, labels), slopes)


EXERCISES = (multiclass_hinge, hinge_gradient)
