"""Functions of a vector whose gradient is known, for exercises that differentiate."""

import numpy as np

POINT = np.array([1.0, -2.0, 0.5])


def weighted_sum(x):
    """Return x_1 + 2 x_2 + 3 x_3, whose gradient is (1, 2, 3)."""
    return x @ np.array([1.0, 2.0, 3.0])


def sum_of_squares(x):
    """Return a function of gradient 2 x."""
    return (x * x).sum()


def sum_of_cubes(x):
    """Return a function of gradient 3 x^2, and 3 x^2 + h^2 by central differences."""
    return (x * x * x).sum()


def product(x):
    """Return a function of gradient product(x) / x, which central differences measure exactly."""
    return x.prod()


def log_sum_exp(x):
    """Return a function whose gradient is softmax, written so that it takes complex numbers."""
    return np.log(np.exp(x).sum())
