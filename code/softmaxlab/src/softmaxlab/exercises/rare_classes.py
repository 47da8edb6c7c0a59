"""Exercises on rare classes and soft answers."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7]])
OLD = np.array([0.7, 0.2, 0.1])
NEW = np.array([0.25, 0.25, 0.5])

prior_shift = Exercise(
    "prior_shift",
    "my_adjusted(logits, old_shares, new_shares)",
    "probabilities for a world in which the classes have new shares",
)


def _adjusted(logits):
    joint = special.softmax(logits, axis=-1) * NEW / OLD
    return joint / joint.sum(axis=-1, keepdims=True)


@prior_shift.law(
    "There is a probability for every class of every row.",
    hint="return an array of the shape of the logits.",
)
def _(answer):
    answer(LOGITS, OLD, NEW, shape=LOGITS.shape)


@prior_shift.law(
    "Each row sums to one.",
    hint="divide by the sum over the classes, axis=-1, at the end.",
)
def _(answer):
    agree(answer(LOGITS, OLD, NEW, shape=LOGITS.shape).sum(axis=1), [1, 1], "row sums")


@prior_shift.law(
    "In the old world nothing changes.",
    hint="with equal shares the factors are one, and what is left is the softmax.",
    on=[(OLD,), (NEW,)],
)
def _(answer, shares):
    agree(answer(LOGITS, shares, shares), special.softmax(LOGITS, axis=1))


@prior_shift.law(
    "A class that becomes more frequent becomes more probable.",
    hint="multiply by the new share and divide by the old one, not the other way round.",
)
def _(answer):
    before = special.softmax(LOGITS, axis=1)
    after = answer(LOGITS, OLD, NEW, shape=LOGITS.shape)
    require(after[:, 2] > before[:, 2], "gave", after)


@prior_shift.law(
    "Scores that are all alike give the quotient of the shares.",
    hint="the factor of a class is new_shares / old_shares.",
    on=[(OLD, NEW), (NEW, OLD)],
)
def _(answer, old, new):
    factor = new / old
    agree(answer(np.zeros((2, 3)), old, new), np.tile(factor / factor.sum(), (2, 1)))


@prior_shift.law(
    "The factors act on probabilities.",
    hint="add the logarithms of the factors to the scores, then take the softmax.",
    on=[(LOGITS,), (LOGITS[:, ::-1] * 3,), (LOGITS[:1],)],
)
def _(answer, logits):
    agree(answer(logits, OLD, NEW), _adjusted(logits))


@prior_shift.law(
    "Scores of a thousand give numbers.",
    hint="subtract the largest score of each row before the exponential.",
)
def _(answer):
    apart = np.array([[1000.0], [-1000.0]])
    agree(answer(LOGITS + apart, OLD, NEW), _adjusted(LOGITS))
    agree(answer(np.array([[1500.0, -1500.0, 0.0]]), OLD, NEW), [[1, 0, 0]])


TEACHER = np.array([[1.0, 0.0, 0.5], [0.0, 2.0, -2.0]])

student_slope = Exercise(
    "student_slope",
    "my_student_slope(logits, teacher_logits, T)",
    "slope of T^2 times the cross-entropy of teacher and student at temperature T, by row",
)


def _slope(logits, teacher, T):
    return T * (special.softmax(logits / T, axis=-1) - special.softmax(teacher / T, axis=-1))


@student_slope.law(
    "There is a slope for every score.",
    hint="return an array of the shape of the logits.",
)
def _(answer):
    answer(LOGITS, TEACHER, 2.0, shape=LOGITS.shape)


@student_slope.law(
    "A student who agrees with the teacher has nothing to learn.",
    hint="the slope is a difference of probabilities, both at the temperature T.",
    on=[(LOGITS, 1.0), (LOGITS, 3.0)],
)
def _(answer, logits, T):
    agree(answer(logits, logits + 1.0, T), np.zeros(logits.shape))


@student_slope.law(
    "Where the teacher gives more, the slope is negative.",
    hint="the student's probability minus the teacher's, not the other way round.",
)
def _(answer):
    slope = answer(np.zeros((1, 3)), np.array([[1.0, 0.0, 0.0]]), 1.0, shape=(1, 3))
    require(slope[0, 0] < 0, "gave", slope)


@student_slope.law(
    "At temperature one it is the difference of the probabilities.",
    hint="softmax of the student's scores minus softmax of the teacher's.",
    on=[(LOGITS, TEACHER), (LOGITS[:1], TEACHER[:1])],
)
def _(answer, logits, teacher):
    agree(answer(logits, teacher, 1.0), _slope(logits, teacher, 1.0))


@student_slope.law(
    "At temperature T a factor of T is left of the T^2.",
    hint="the scores divided by T bring a factor 1/T; T^2 times it is T.",
    on=[(LOGITS, TEACHER, 2.0), (LOGITS, TEACHER, 0.5), (LOGITS[1:], TEACHER[1:], 20.0)],
)
def _(answer, logits, teacher, T):
    agree(answer(logits, teacher, T), _slope(logits, teacher, T))


@student_slope.law(
    "Scores of a thousand give numbers.",
    hint="subtract the largest score of each row before the exponential, for both.",
)
def _(answer):
    apart = np.array([[1000.0], [-1000.0]])
    agree(answer(LOGITS + apart, TEACHER - apart, 0.5), _slope(LOGITS, TEACHER, 0.5))
    far = np.array([[1500.0, -1500.0, 0.0]])
    agree(answer(far, -far, 1.0), [[1, -1, 0]])


EXERCISES = (prior_shift, student_slope)
