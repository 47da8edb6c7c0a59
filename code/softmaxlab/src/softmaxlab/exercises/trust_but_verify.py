"""Exercises on confirming gradients."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import agree, require
from softmaxlab.exercises.functions import POINT, log_sum_exp, sum_of_cubes, weighted_sum
from softmaxlab.exercises.laws import Exercise

SCORES = np.array([3.0, 1.0, -3.0])


complex_step = Exercise(
    "complex_step", "my_complex_step(f, x)", "gradient of f at the vector x, by a complex step"
)


@complex_step.law(
    "There is one real derivative for each coordinate.",
    hint="add the step times 1j to one coordinate at a time; the derivative is an imaginary part.",
    on=[(weighted_sum, POINT)],
)
def _(answer, f, x):
    answer(f, x, shape=x.shape)


@complex_step.law(
    "A linear function has its own coefficients as derivatives.",
    hint="move one coordinate of a fresh copy, take the imaginary part of f, divide by the step.",
    on=[(weighted_sum, POINT)],
)
def _(answer, f, x):
    agree(answer(f, x), [1, 2, 3], rtol=1e-6)


@complex_step.law(
    "Every digit is right.",
    hint="step by 1e-30 or so: nothing is subtracted, so nothing is lost, as it is in differences.",
    on=[(log_sum_exp, POINT), (sum_of_cubes, POINT[:2])],
)
def _(answer, f, x):
    slope = special.softmax(x) if f is log_sum_exp else 3 * x**2
    agree(answer(f, x), slope, rtol=1e-14, atol=0)


relative_error = Exercise(
    "relative_error",
    "my_relative_error(a, b)",
    "largest difference of two arrays, divided by the largest magnitude in either",
)


@relative_error.law(
    "The result is one number.",
    hint="take the largest difference of all entries.",
    on=[(SCORES, SCORES + 1)],
)
def _(answer, a, b):
    answer(a, b, shape=())


@relative_error.law(
    "Equal arrays have none, even if both are zero.",
    hint="zero divided by zero is not a number; say what the result is when both are zero.",
    on=[(SCORES, SCORES), (np.zeros(3), np.zeros(3))],
)
def _(answer, a, b):
    agree(answer(a, b), 0)


@relative_error.law(
    "It is never negative.",
    hint="take the absolute values of the differences before their maximum.",
    on=[(SCORES, SCORES + 1)],
)
def _(answer, a, b):
    error = answer(a, b, shape=())
    require(error >= 0, "gave", error)


@relative_error.law(
    "In other units it is the same.",
    hint="divide the difference by the magnitude of the numbers.",
    on=[(SCORES, SCORES + 0.1)],
)
def _(answer, a, b):
    before = answer(a, b, shape=())
    agree(answer(1000 * a, 1000 * b), before)


@relative_error.law(
    "It does not matter which of the two comes first.",
    hint="divide by the largest magnitude in either array, not in one of them.",
    on=[(np.array([1.0, 2.0]), np.array([1.0, 4.0]))],
)
def _(answer, a, b):
    before = answer(b, a, shape=())
    agree(answer(a, b), before)


@relative_error.law(
    "Rounding in an entry near zero counts for little.",
    hint="divide by the largest entry of all and not entry by entry: one maximum above, one below.",
    on=[(np.array([1.0, 1e-17]), np.array([1.0, 3e-17]))],
)
def _(answer, a, b):
    agree(answer(a, b), 2e-17, atol=0)


@relative_error.law(
    "It is the largest difference over the largest magnitude.",
    hint="all entries count, negative ones by their magnitude.",
    on=[
        (np.array([1.0, -4.0, 2.0]), np.array([1.5, -3.0, 2.0])),
        (np.array([[0.5, 1.0]]), np.array([[2.0, -8.0]])),
    ],
)
def _(answer, a, b):
    agree(answer(a, b), np.abs(a - b).max() / np.abs([a, b]).max())


EXERCISES = (complex_step, relative_error)
