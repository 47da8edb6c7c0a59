"""Exercises on honest probabilities."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.laws import Exercise

expected_calibration_error = Exercise(
    "expected_calibration_error",
    "my_ece(p, labels, n_bins)",
    "gap of confidence and accuracy in equal bins of confidence, weighed by their samples",
)


def _answers(confidence, right, n_classes=3):
    """Return predictions of a given confidence, of one class after another, some of them right."""
    confidence = np.array(confidence, dtype=float)[:, None]
    predicted = np.arange(1, len(confidence) + 1) % n_classes
    others = (1 - confidence) / (n_classes - 1)
    p = np.where(np.eye(n_classes, dtype=bool)[predicted], confidence, others)
    return p, np.where(right, predicted, (predicted + 1) % n_classes)


@expected_calibration_error.law(
    "The result is one number.",
    hint="add up the gaps of the bins.",
    on=[_answers([0.9, 0.8, 0.7, 0.6], [1, 1, 1, 0])],
)
def _(answer, p, labels):
    answer(p, labels, 10, shape=())


@expected_calibration_error.law(
    "It is never negative.",
    hint="a gap is an absolute value: too timid is as dishonest as too bold.",
    on=[_answers([0.6, 0.6], [1, 1])],
)
def _(answer, p, labels):
    error = answer(p, labels, 10, shape=())
    require(error >= 0, "gave", error)


@expected_calibration_error.law(
    "Who says 75 % and is right three times in four is honest.",
    hint="a hit is a label that is the argmax; subtract the mean hits and confidences of a bin.",
    on=[_answers([0.75] * 4, [1, 1, 1, 0]), _answers([0.75] * 4, [1, 1, 1, 0], n_classes=2)],
)
def _(answer, p, labels):
    agree(answer(p, labels, 10), 0)


@expected_calibration_error.law(
    "Too bold in one bin does not make up for too timid in another.",
    hint="take the absolute gap in each bin by itself.",
    on=[_answers([0.95, 0.95, 0.55, 0.55], [1, 0, 1, 1])],
)
def _(answer, p, labels):
    agree(answer(p, labels, 10), 0.45)


@expected_calibration_error.law(
    "A bin counts by the number of its samples.",
    hint="weigh each gap by the share of the samples that fall into the bin.",
    on=[_answers([0.95, 0.95, 0.95, 0.55], [1, 1, 1, 0])],
)
def _(answer, p, labels):
    agree(answer(p, labels, 10), (3 * 0.05 + 0.55) / 4)


@expected_calibration_error.law(
    "The number of bins is that of the argument.",
    hint="make n_bins equal bins from 0 to 1.",
    on=[
        (*_answers([0.95, 0.55], [0, 1]), 2, 0.25),
        (*_answers([0.6, 0.45], [1, 0], 4), 7, 0.425),
        (*_answers([0.95, 0.88, 0.895, 0.81], [1, 1, 0, 1]), 10, 0.15875),
    ],
)
def _(answer, p, labels, n_bins, error):
    agree(answer(p, labels, n_bins), error)


@expected_calibration_error.law(
    "Who is certain belongs to the last bin.",
    hint="a confidence of exactly 1 lies on the last edge, which has to count.",
    on=[(*_answers([1.0, 1.0], [1, 0]), 0.5), (*_answers([1.0, 0.95], [0, 1]), 0.475)],
)
def _(answer, p, labels, error):
    agree(answer(p, labels, 10), error)


temperature_gradient = Exercise(
    "temperature_gradient",
    "my_slope(logits, labels, temperature)",
    "derivative by the temperature of the mean loss of logits / temperature",
)
LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7], [3.0, 1.0, -3.0]])
LABELS = np.array([0, 2, 1])


def _slope(logits, labels, temperature):
    p = special.softmax(logits / temperature, axis=1)
    lead = logits[np.arange(len(labels)), labels] - (p * logits).sum(axis=1)
    return (lead / temperature**2).mean()


@temperature_gradient.law(
    "The result is one number.",
    hint="there is one temperature for all: return the mean over the samples.",
    on=[(LOGITS, LABELS, 2.0)],
)
def _(answer, logits, labels, temperature):
    answer(logits, labels, temperature, shape=())


@temperature_gradient.law(
    "Heating harms a model that is right.",
    hint="the sign: score of the right class minus the average score, not the other way round.",
)
def _(answer):
    slope = answer(LOGITS, LOGITS.argmax(axis=1), 1.0, shape=())
    require(slope > 0, "gave", slope)


@temperature_gradient.law(
    "The same samples twice have the same slope.",
    hint="the loss is a mean over the samples, and so is its slope.",
)
def _(answer):
    once = answer(LOGITS, LABELS, 2.0, shape=())
    agree(answer(np.tile(LOGITS, (2, 1)), np.tile(LABELS, 2), 2.0), once)


@temperature_gradient.law(
    "At temperature one it is the right score minus the average score.",
    hint="average the scores of a sample under its own probabilities.",
    on=[(LOGITS, LABELS), (LOGITS[:, :2] + 1, np.array([1, 1, 0]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels, 1.0), _slope(logits, labels, 1.0))


@temperature_gradient.law(
    "At temperature T it is (right score - average score) / T^2.",
    hint="logits / T has the slope -logits / T^2, and the probabilities are those of logits / T.",
    on=[(LOGITS, LABELS, 2.0), (LOGITS, LABELS, 0.5)],
)
def _(answer, logits, labels, temperature):
    agree(answer(logits, labels, temperature), _slope(logits, labels, temperature))


@temperature_gradient.law(
    "Scores of a thousand give numbers.",
    hint="np.exp(1000) is infinite; use a softmax that subtracts the largest score of each row.",
    on=[(LOGITS[:2] + np.array([[1000.0], [-1000.0]]), LABELS[:2])],
)
def _(answer, logits, labels):
    agree(answer(logits, labels, 0.8), _slope(logits, labels, 0.8))


EXERCISES = (expected_calibration_error, temperature_gradient)
