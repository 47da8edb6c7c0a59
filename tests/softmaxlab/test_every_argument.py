"""Every argument of every function x every kind of bad input: the message tells which, and what.

The kinds are those that an argument of a sort can have; how each message reads is in
`test_bad_input.py`. A function or an argument that is not in the table fails the first test.
"""

import inspect
import re

import numpy as np
import pytest
import softmaxlab as sl

NAN, INF = float("nan"), float("inf")
Z = np.array([[1.0, 2.0, 3.0], [0.0, 0.5, 0.0]])
P = np.array([[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]])
# test_gradcheck.py and test_fast.py
BY_OTHERS = {"check_gradient", "complex_step_gradient", "numerical_gradient", "use"}


class Donated:
    """What some libraries hand out: an array that can no longer be read."""

    def __init__(self, error):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        raise self.error


def with_entry(array, value):
    array = np.array(array, float)
    array[1, 2] = value
    return array


# For each sort of argument: what is wrong with it, the value, and what the message must contain.
NUMBERS = [
    ("words", [["a", "b", "c"]] * 2, "dtype <U1"),
    ("objects", Z.astype(object), "dtype object"),
    ("None in it", [[1.0, 2.0, 3.0], [0.0, None, 0.0]], "dtype object"),
    ("complex", Z.astype(complex), "dtype complex128"),
    ("long double", Z.astype(np.longdouble), f"dtype {np.dtype(np.longdouble)}"),
    ("dates", Z.astype("M8[D]"), "dtype datetime64[D]"),
    ("a structure", np.zeros((2, 3), "f8,f8"), "dtype [('f0'"),
    ("masked", np.ma.masked_array(Z, Z > 2), "is a masked array"),
    ("rows that are masked", list(np.ma.masked_array(Z, Z > 2)), "holds a masked array"),
    ("one number that is masked", [[1.0, 2.0, np.ma.masked], [0.0, 0.5, 0.0]], "a masked array"),
    ("ragged", [[1.0, 2.0, 3.0], [0.0]], "ragged"),
    (
        "unreadable",
        Donated(ValueError("donated buffer")),
        "cannot be made an array: donated buffer",
    ),
    ("on a device", Donated(TypeError("on cuda:0")), "cannot be made an array: on cuda:0"),
    ("requires grad", Donated(RuntimeError("requires grad")), "made an array: requires grad"),
    ("NaN", with_entry(Z, NAN), "of shape (2, 3) has nan at (1, 2)"),
]
BOOLEANS = [("booleans", Z > 0, "dtype bool")]
NO_INFINITY = [("infinity", with_entry(Z, INF), "of shape (2, 3) has inf at (1, 2)")]
FINITE = [*NO_INFINITY, ("minus infinity", with_entry(Z, -INF), "has -inf at (1, 2)")]
A_CLASS_AXIS = [
    ("one number", 3.0, "the single number 3.0"),
    ("no classes", np.empty((2, 0)), "of shape (2, 0) has no classes along axis 1"),
]
NO_DISTRIBUTION = [
    ("a negative number", with_entry(P, -0.5), "of shape (2, 3) has -0.5 at (1, 2)"),
    ("too little", 0.9 * P, "of shape (2, 3) is no distribution in row (0,): it sums to 0.9"),
]
CHANCES = [
    ("more than one", with_entry(P, 1.5), "of shape (2, 3) has 1.5 at (1, 2)"),
    ("another shape", P[:, :1], "have shape (2, 1), the logits have shape (2, 3)"),
]
INDICES = [
    ("words", ["a", "b"], "must be integers, got dtype <U1"),
    ("fractions", [0.0, 1.0], "must be integers, got dtype float64"),
    ("booleans", [False, True], "must be integers, got dtype bool"),
    ("complex", [0j, 1j], "must be integers, got dtype complex128"),
    ("masked", np.ma.masked_array([0, 1], [False, True]), "is a masked array"),
    ("a number that is masked", [0, np.ma.masked], "holds a masked array"),
    ("too large", [0, 3], "of shape (2,) have 3 at (1,): there are 3 classes"),
    ("negative", [-1, 0], "of shape (2,) have -1 at (0,): there are 3 classes"),
    ("too few", [0], "have shape (1,), the samples have shape (2,)"),
]
PER_SAMPLE = [
    ("words", ["a", "b"], "dtype <U1"),
    ("complex", [1j, 1], "dtype complex128"),
    ("masked", np.ma.masked_array([1.0, 1.0], [False, True]), "is a masked array"),
    ("negative", [1.0, -1.0], "of shape (2,) have -1.0 at (1,)"),
    ("NaN", [NAN, 1.0], "of shape (2,) have nan at (0,)"),
    ("infinite", [1.0, INF], "of shape (2,) have inf at (1,)"),
    ("too few", [1.0], "have shape (1,), the samples have shape (2,)"),
]
MASKS = [
    ("integers", np.ones((2, 3), int), "must be booleans, got dtype int64"),
    ("masked", np.ma.masked_array(Z > -1, Z > 2), "is a masked array"),
    ("another shape", [[True], [True], [True]], "of shape (3, 1) does not broadcast"),
]
AXES = [
    ("a fraction", 1.0, "must be one integer, got 1.0"),
    ("two", (0, 1), "must be one integer, got (0, 1)"),
    ("a word", "last", "must be one integer, got 'last'"),
    ("True", True, "must be one integer, got True"),
    ("True of NumPy", np.True_, "must be one integer, got np.True_"),
    ("too large", 2, "2 is out of bounds for array of dimension 2"),
]
ONE_NUMBER = [
    ("a word", "2", "must be one real number, got '2'"),
    ("masked", np.ma.masked_array(2.0, True), "is a masked array"),
    ("an integer of 400 digits", 10**400, "is beyond float64: 1000"),
    ("an array", np.ones(3), "got an array of dtype float64 and shape (3,)"),
    ("a list", [2.0], "must be one real number, got [2.0]"),
    ("complex", 2j, "must be one real number, got 2j"),
    ("True", True, "must be one real number, got True"),
    ("zero", 0, "got 0"),
    ("negative", -2.0, "got -2.0"),
    ("NaN", NAN, "got nan"),
    ("infinite", INF, "got inf"),
]
A_BASE = [*ONE_NUMBER, ("one", 1, "got 1")]
A_MARGIN = [*ONE_NUMBER, ("None", None, "must be one real number, got None")]
A_SHARE = [row for row in ONE_NUMBER if row[0] != "zero"] + [("too much", 1.5, "got 1.5")]
A_FACTOR = [
    *NUMBERS[:-1],
    *BOOLEANS,
    ("NaN", with_entry(Z, NAN), "of shape (2, 3) have nan at (1, 2)"),
    ("negative", with_entry(Z, -1), "of shape (2, 3) have -1.0 at (1, 2)"),
    ("infinite", with_entry(Z, INF), "of shape (2, 3) have inf at (1, 2)"),
    ("another shape", np.ones((2, 1)), "shape (2, 1), the "),
]
A_FLAG = [("a number", 1, "must be True or False, got 1"), ("None", None, "got None")]
A_FACTOR_OF_LOGITS = [
    *NUMBERS[:-1],
    *BOOLEANS,
    ("negative", with_entry(Z, -1), "of shape (2, 3) has -1.0 at (1, 2)"),
    ("NaN", with_entry(Z, NAN), "of shape (2, 3) has nan at (1, 2)"),
    ("infinite", with_entry(Z, INF), "of shape (2, 3) has inf at (1, 2)"),
    ("tiny", with_entry(Z, 1e-151), "of shape (2, 3) has 1e-151 at (1, 2)"),
    ("another shape", np.ones((3, 1)), "of shape (3, 1) does not broadcast to logits of shape"),
]
A_COUNT = [
    ("a fraction", 2.0, "must be one integer, got 2.0"),
    ("a word", "2", "must be one integer, got '2'"),
    ("True", True, "must be one integer, got True"),
    ("None", None, "must be one integer, got None"),
    ("zero", 0, "must be at least 1, got 0"),
]

LOGITS = (Z, [*NUMBERS, *BOOLEANS, *NO_INFINITY, *A_CLASS_AXIS])
BINARY = (Z, [*NUMBERS, *BOOLEANS])
VECTOR = (
    Z,
    [
        *NUMBERS,
        *BOOLEANS,
        *FINITE,
        ("another shape", Z[:1], "shape (1, 3), the logits have shape (2, 3)"),
    ],
)
SCORES = (Z, [*NUMBERS, *BOOLEANS, *FINITE, *A_CLASS_AXIS])
DISTRIBUTION = (P, [*NUMBERS, *BOOLEANS, *NO_DISTRIBUTION, *A_CLASS_AXIS])
CLASSES = ([0, 1], INDICES)
SOFT = (P, [*NUMBERS, *NO_DISTRIBUTION])
YES = (P, [*NUMBERS[:-1], ("NaN", with_entry(P, NAN), "has nan at (1, 2)"), *CHANCES])
FACTORS = (Z, [*NUMBERS, *BOOLEANS])
WORDS = (np.eye(3), FACTORS[1])
AXIS, BASE, MARGIN = (-1, AXES), (2.0, A_BASE), (1.0, A_MARGIN)
WHERE, WEIGHTS = (True, MASKS), ([1.0, 2.0], PER_SAMPLE)
PER_COLUMN = (
    np.ones(3),
    [
        *[row for row in A_FACTOR if row[0] not in ("NaN", "negative", "infinite")],
        ("negative", [1.0, -1.0, 1.0], "of shape (3,) have -1.0 at (1,)"),
        ("NaN", [1.0, NAN, 1.0], "of shape (3,) have nan at (1,)"),
    ],
)
SMOOTHING, FACTOR = (0.1, A_SHARE), (np.ones((2, 3)), A_FACTOR)
COUNT, IGNORED = (2, A_COUNT), (-100, A_COUNT[:3])

FACTORS_OF_LOGITS = (1.0, A_FACTOR_OF_LOGITS)
LOSS = {
    "logits": LOGITS,
    "labels": CLASSES,
    "axis": AXIS,
    "where": WHERE,
    "weights": WEIGHTS,
    "label_smoothing": SMOOTHING,
    "ignore_index": IGNORED,
}
SIGMOID = {"logits": BINARY, "labels": YES, "weights": FACTOR, "pos_weight": PER_COLUMN}
HINGE = {
    "scores": SCORES,
    "labels": CLASSES,
    "margin": MARGIN,
    "where": WHERE,
    "weights": WEIGHTS,
}
CHUNKED = {
    "features": FACTORS,
    "weights": WORDS,
    "labels": CLASSES,
    "where": WHERE,
    "ignore_index": IGNORED,
    "chunk_size": COUNT,
}
COMPARED = {"p": DISTRIBUTION, "q": DISTRIBUTION, "axis": AXIS, "base": BASE}
MASKABLE = {"logits": LOGITS, "axis": AXIS, "where": WHERE}
ARGUMENTS = {
    "logsumexp": {**MASKABLE, "b": FACTORS_OF_LOGITS, "keepdims": (True, A_FLAG)},
    "softmax": MASKABLE,
    "log_softmax": MASKABLE,
    "hardmax": MASKABLE,
    "sigmoid": {"logits": BINARY},
    "log_sigmoid": {"logits": BINARY},
    "entropy": {"p": DISTRIBUTION, "axis": AXIS, "base": BASE},
    "cross_entropy": COMPARED,
    "kl_divergence": COMPARED,
    "entropy_from_logits": {**MASKABLE, "base": BASE},
    "kl_divergence_from_logits": {
        "p_logits": LOGITS,
        "q_logits": LOGITS,
        "axis": AXIS,
        "base": BASE,
        "where": WHERE,
    },
    "softmax_cross_entropy": LOSS,
    "softmax_cross_entropy_grad": LOSS,
    "softmax_cross_entropy_with_grad": LOSS,
    "sigmoid_cross_entropy": SIGMOID,
    "sigmoid_cross_entropy_grad": SIGMOID,
    "multiclass_hinge": HINGE,
    "multiclass_hinge_grad": HINGE,
    "softmax_jacobian": MASKABLE,
    "softmax_cross_entropy_hessian": MASKABLE,
    "softmax_vjp": {**MASKABLE, "v": VECTOR},
    "chunked_softmax_cross_entropy": CHUNKED,
    "chunked_softmax_cross_entropy_with_grad": CHUNKED,
}
LABELS_THAT_ARE_DISTRIBUTIONS = {
    name: {"logits": LOGITS, "labels": SOFT}
    for name in ARGUMENTS
    if name.startswith("softmax_cross_entropy") and "hessian" not in name
}


def cases():
    for table in (ARGUMENTS, LABELS_THAT_ARE_DISTRIBUTIONS):
        for name, arguments in table.items():
            for argument, (_, kinds) in arguments.items():
                for kind, bad, told in kinds:
                    call = name, arguments, argument, bad, told
                    yield pytest.param(*call, id=f"{name}-{argument}-{kind}")


def test_every_argument_of_every_function_is_in_the_table():
    functions = {name for name in sl.__all__ if inspect.isfunction(getattr(sl, name))}
    assert set(ARGUMENTS) == functions - BY_OTHERS
    for name, arguments in ARGUMENTS.items():
        assert set(arguments) == set(inspect.signature(getattr(sl, name)).parameters), name


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_good_values_are_good(name):
    getattr(sl, name)(**{argument: good for argument, (good, _) in ARGUMENTS[name].items()})


@pytest.mark.parametrize(("name", "arguments", "argument", "bad", "told"), list(cases()))
def test_what_is_wrong_is_told(name, arguments, argument, bad, told):
    good = {other: value for other, (value, _) in arguments.items()}
    with pytest.raises((TypeError, ValueError)) as raised:
        getattr(sl, name)(**{**good, argument: bad})
    message = str(raised.value)
    assert re.search(rf"\b{argument}\b", message), message
    assert told in message, message


@pytest.mark.parametrize(
    ("raised", "told"),
    [(ValueError, ValueError), (TypeError, TypeError), (RuntimeError, TypeError)],
)
def test_what_cannot_be_read_is_told_with_the_kind_of_its_error(raised, told):
    with pytest.raises(told, match=r"^logits cannot be made an array: lost$"):
        sl.softmax(Donated(raised("lost")))
