"""Every argument of every public function in a random type: the same numbers, or a clear refusal.

A call has numbers that all types can hold, each argument in a type of its own. Where every type is
one that is documented, the result is that of float64, int64 and bool, rounded to the dtype that is
promised. Where one is not, a TypeError or ValueError names the argument.

A few thousand calls are made with blocks of a few numbers. ``make fuzz`` makes a million with
blocks as they are.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import astuple
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab.learn import neuron

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The number of unique classes is greater than:UserWarning"),
]

WRONG = 0.06  # the share of arguments of a type that is refused
SHAPES = [(), (1,), (3,), (19,), (2, 3), (0,), (300,)]  # of the samples
ROWS, LEARNED = [(1,), (3,), (19,)], [(12,), (40,)]
CLASSES = (1, 2, 3, 5, 30)
PARTS, CALLS_OF_A_PART = 20, 50_000
# Long rows of float32 are computed in single precision; a product of two errors has both.
UNITS = {np.dtype("f2"): 4, np.dtype("f4"): 12, np.dtype("f8"): 4}


# Types --------------------------------------------------------------------------------------------


class Type(NamedTuple):
    """A type for some numbers, what it is called, and how they are brought into it."""

    name: str
    kind: str
    make: Callable[[Any], Any]


class Handed:
    """An array of another library, which NumPy can read."""

    def __init__(self, array):
        self.array = np.asarray(array)

    def __array__(self, dtype=None, copy=None):
        return self.array


def of_dtype(code):
    """Return the type that is a dtype of NumPy. Integers are rounded, without a sign if need be."""
    dtype = np.dtype(code)

    def make(numbers):
        numbers = np.asarray(numbers, float)
        if dtype.kind in "iu":
            numbers = np.round(numbers)
        return (np.abs(numbers) if dtype.kind == "u" else numbers).astype(dtype)

    return Type(dtype.str, dtype.kind, make)


def packed(name, pack, code):
    base = of_dtype(code)
    return Type(f"{name} of {base.name}", base.kind, lambda numbers: pack(base.make(numbers)))


def listed(array):
    return array.tolist() if array.size else array  # [] has forgotten its other axes


def in_fortran_order(array):
    return np.array(array, order="F")


def masked(numbers):
    return np.ma.masked_array(numbers, np.zeros(np.shape(numbers), bool))


def by_way_of(dtype, code):
    return lambda numbers: np.asarray(numbers).astype(dtype).astype(code)


SIZES = [order + code for code in ("i2", "i4", "i8", "u2", "u4", "u8") for order in "<>"]
PRECISIONS = [order + code for code in ("f2", "f4", "f8") for order in "<>"]
PACKS = [("list", listed), ("handed", Handed), ("Fortran order", in_fortran_order)]
OF_ARRAYS = [
    *map(of_dtype, ("i1", "u1", *SIZES, *PRECISIONS, "?")),
    *(packed(*pack, code) for pack in PACKS for code in ("i8", "u1", "f4", "f8", "?")),
    *(Type(code, "c", by_way_of(float, code)) for code in ("c8", "c16")),
    Type("long double", "g", by_way_of(float, np.longdouble)),
    Type("objects", "O", by_way_of(float, object)),
    *(Type(code, "U", by_way_of(float, code)) for code in ("U", "S")),
    *(Type(code, "M", by_way_of(int, code)) for code in ("M8[s]", "m8[s]")),
    *(packed("masked", masked, code) for code in ("i8", "f4", "f8", "?")),
]
OF_ARRAYS = [t._replace(kind="masked") if "masked" in t.name else t for t in OF_ARRAYS]
OF_NUMBERS = [
    *(Type(t.__name__, "i", t) for t in (int, np.int8, np.int64, np.uint8, np.uint16, np.uint64)),
    *(Type(t.__name__, "f", t) for t in (float, np.float16, np.float32, np.float64)),
    Type("long double", "f", np.longdouble),
    Type("Fraction", "f", Fraction),
    Type("0-d integer", "0i", lambda x: np.array(int(x), "u1")),
    Type("0-d number", "0f", lambda x: np.array(x, "f4")),
    *(Type(t.__name__, "b", t) for t in (bool, np.bool)),
    Type("Decimal", "D", Decimal),
    Type("complex", "c", complex),
    *(Type(name, "U", make) for name, make in [("str", str), ("bytes", lambda x: b"%d" % x)]),
    *(Type(name, "list", make) for name, make in [("list", lambda x: [x]), ("row", np.atleast_1d)]),
    Type("masked", "masked", lambda x: masked(np.array(float(x)))),
]


# Arguments ----------------------------------------------------------------------------------------


class Sort(NamedTuple):
    """A sort of argument: how it is drawn, the kinds of types it may have, its usual dtype."""

    draw: Callable[..., Any]  # of a generator, the shape of the samples, the number of classes
    kinds: str  # separated by blanks
    usual: Callable[[Any], Any]
    types: list[Type] = OF_ARRAYS
    either: str = ""  # kinds that scikit-learn reads or refuses as it likes

    def type(self, rng):
        """Return a random type, mostly one that the sort may have."""
        wrong = rng.random() < WRONG
        some = [t for t in self.types if (t.kind in self.kinds.split()) != wrong]
        return some[rng.integers(len(some))]

    def value(self, rng, shape, n, type_):
        numbers = self.draw(rng, shape, n)
        certain = self.draw is distributions and type_.kind in "iub"
        return type_.make(np.eye(n)[numbers.argmax(axis=-1)] if certain else numbers)


def grid(rng, low, high, shape):
    """Return random numbers that half precision holds, so that all types say the same."""
    return rng.integers(8 * low, 8 * high, shape) / 8


def entries(low, high):
    return lambda rng, shape, n: grid(rng, low, high, (*shape, n))


def samples(low, high):
    return lambda rng, shape, n: grid(rng, low, high, shape)


def features(rng, shape, n):
    return grid(rng, -2, 2, (*shape, 3))


def words(rng, shape, n):
    return grid(rng, -2, 2, (n, 3))


def columns(rng, shape, n):
    return grid(rng, 0, 4, (n,))


def distributions(rng, shape, n):
    """Return distributions, some of them exact, some rounded to half precision."""
    if rng.random() < 0.5:
        return rng.multinomial(64, np.ones(n) / n, size=shape) / 64
    return rng.dirichlet(np.ones(n), shape).astype(np.float16).astype(float)


def classes(rng, shape, n):
    return rng.integers(n, size=shape)


def every_class(rng, shape, n):
    return rng.permutation(np.arange(*shape) % max(n, 2))


def mask(rng, shape, n):
    where = rng.random((*shape, n)) < 0.7
    where[..., 0] = True
    return where


def factors(rng, shape, n):
    b = grid(rng, 0, 4, (*shape, n))
    b[..., 0] = 1
    return b


def floats(value):
    return np.asarray(value).astype(np.float64)


def integers(value):
    return floats(value).astype(np.int64)


def booleans(value):
    return np.asarray(value).astype(bool)


def one_of(*choices, kinds="i f 0i 0f", usual=float, either=""):
    """Return the sort of an argument that is one number."""
    draw = lambda rng, shape, n: choices[rng.integers(len(choices))]  # noqa: E731
    return Sort(draw, kinds, usual, OF_NUMBERS, either)


NUMBERS, READ = "i u f", "b f g O U M"
SCORES, P, FACTOR, FEATURES, WORDS, COLUMNS, FACTORS = (
    Sort(draw, NUMBERS, floats)
    for draw in (entries(-15, 15), distributions, entries(0, 3), features, words, columns, factors)
)
YES, WEIGHT = Sort(entries(0, 1), "i u f b", floats), Sort(samples(1, 3), NUMBERS, floats)
CLASS, WHERE = Sort(classes, "i u", integers), Sort(mask, "b", booleans)
AXIS = Sort(lambda rng, shape, n: len(shape), "i 0i", int, OF_NUMBERS)
IGNORED = one_of(0, 100, kinds="i 0i", usual=int)
FLAG, COUNT = one_of(0, 1, kinds="b", usual=bool), one_of(1, 2, 7, kinds="i", usual=int)
BASE, MARGIN, SHARE = one_of(2, 10, 2.5), one_of(1, 3, 1.5), one_of(0, 0.25, 1)
TARGET = one_of(0, 1, kinds="i f")
POSITIVE = one_of(1, 2, 1.5, kinds="i f")
X, Y, SAMPLES, CHOSEN = (
    Sort(draw, kinds, usual, either=READ)
    for draw, kinds, usual in [
        (features, NUMBERS, floats),
        (every_class, "i u", integers),
        (samples(1, 3), NUMBERS, floats),
        (entries(-15, 15), NUMBERS, floats),
    ]
)
PIXELS, EVERY_CLASS = X._replace(kinds="i u f b", either=""), Y._replace(either="")


# Calls --------------------------------------------------------------------------------------------


class Call(NamedTuple):
    """A function, the sorts of its arguments, and what decides the dtype of its result."""

    function: Callable[..., Any]
    sorts: dict[str, Sort]
    like: tuple[str, ...] = ()  # none: always float64
    eps: float = 0  # an error that is allowed on top of `UNITS`
    shapes: list[tuple[int, ...]] = SHAPES
    needed: int = 1  # so many of the arguments are always given
    often: float = 1  # what learns takes its time


def square(x):
    return (x * x).sum()


def numerical_gradient(**arguments):
    return sl.numerical_gradient(square, **arguments)


def complex_step_gradient(**arguments):
    return sl.complex_step_gradient(square, **arguments)


def check_gradient(**arguments):
    report = sl.check_gradient(square, lambda x: 2 * x, **arguments)
    return [part for part in astuple(report) if isinstance(part, float)]


def regression(X, y, sample_weight=None, **parameters):
    fitted = sl.SoftmaxRegression(max_iter=3, **parameters).fit(X, y, sample_weight)
    return fitted.coef_, fitted.predict_proba(X)


def objective(X, labels, **options):
    one = sl.SoftmaxObjective(X, labels, 30, **options)
    return one.loss(np.ones(one.shape))


def scaling(X, y, sample_weight=None):
    return sl.TemperatureScaling().fit(X, y, sample_weight).temperature_


def network(X, y, **options):
    return sl.Network((3, 4, 30)).fit(X, y, epochs=2, progress=False, **options).predict_proba(X)


def one_neuron(**arguments):
    return neuron.train(loss="cross-entropy", n_steps=3, **arguments)


MASKABLE = {"logits": SCORES, "axis": AXIS, "where": WHERE}
LOSS = {"logits": SCORES, "labels": CLASS, "axis": AXIS, "where": WHERE, "weights": WEIGHT}
SIGMOID = {"logits": SCORES, "labels": YES, "weights": FACTOR, "pos_weight": COLUMNS}
HINGE = {"scores": SCORES, "labels": CLASS, "margin": MARGIN, "where": WHERE, "weights": WEIGHT}
CHUNKED = {
    "features": FEATURES,
    "weights": WORDS,
    "labels": CLASS,
    "where": WHERE,
    "ignore_index": IGNORED,
    "chunk_size": COUNT._replace(kinds="i 0i"),
}
COMPARED = {"p": P, "q": P, "axis": AXIS, "base": BASE}
CALIBRATION = {"p": P, "labels": CLASS, "n_bins": COUNT, "sample_weight": SAMPLES}
OF_LOGITS = [
    *(
        Call(function, MASKABLE, ("logits",))
        for function in (
            sl.softmax,
            sl.log_softmax,
            sl.hardmax,
            sl.softmax_jacobian,
            sl.softmax_cross_entropy_hessian,
        )
    ),
    Call(sl.logsumexp, {**MASKABLE, "b": FACTORS, "keepdims": FLAG}, ("logits",)),
    Call(sl.entropy_from_logits, {**MASKABLE, "base": BASE}, ("logits",)),
    Call(sl.softmax_vjp, {"logits": SCORES, "v": SCORES, **MASKABLE}, ("logits",), 30, needed=2),
    Call(sl.sigmoid, {"logits": SCORES}, ("logits",)),
    Call(sl.log_sigmoid, {"logits": SCORES}, ("logits",)),
    Call(
        sl.kl_divergence_from_logits,
        {"p_logits": SCORES, "q_logits": SCORES, "axis": AXIS, "base": BASE, "where": WHERE},
        ("p_logits", "q_logits"),
        needed=2,
    ),
]
OF_DISTRIBUTIONS = [
    Call(sl.entropy, {"p": P, "axis": AXIS, "base": BASE}, ("p",)),
    Call(sl.cross_entropy, COMPARED, ("p", "q"), needed=2),
    Call(sl.kl_divergence, COMPARED, ("p", "q"), needed=2),
]
# Differences of a probability and a share of a label cannot have more digits than these.
OPTIONS = [
    ({"ignore_index": IGNORED}, 0),
    ({"ignore_index": IGNORED, "label_smoothing": SHARE}, 12),
    ({"labels": P, "label_smoothing": SHARE}, 12),
]
LOSSES = [
    *(
        Call(function, {**LOSS, **options}, ("logits",), eps, needed=2)
        for options, eps in OPTIONS
        for function in (
            sl.softmax_cross_entropy,
            sl.softmax_cross_entropy_grad,
            sl.softmax_cross_entropy_with_grad,
        )
    ),
    Call(sl.sigmoid_cross_entropy, SIGMOID, ("logits",), needed=2),
    Call(sl.sigmoid_cross_entropy_grad, SIGMOID, ("logits",), needed=2),
    Call(sl.multiclass_hinge, HINGE, ("scores",), needed=2),
    Call(sl.multiclass_hinge_grad, HINGE, ("scores",), needed=2),
    Call(sl.chunked_softmax_cross_entropy, CHUNKED, ("features", "weights"), 64, needed=3),
    Call(
        sl.chunked_softmax_cross_entropy_with_grad,
        CHUNKED,
        ("features", "weights"),
        64,
        needed=3,
    ),
]
OF_SAMPLES = [
    *(
        Call(function, CALIBRATION, shapes=ROWS, needed=2, often=0.3)
        for function in (
            sl.reliability_curve,
            sl.expected_calibration_error,
            sl.maximum_calibration_error,
            sl.classwise_calibration_error,
        )
    ),
    Call(
        sl.brier_score,
        {"p": P, "labels": CLASS, "sample_weight": SAMPLES, "scale_by_half": FLAG},
        shapes=ROWS,
        needed=2,
    ),
    Call(
        sl.top_k_accuracy,
        {
            "scores": SCORES,
            "labels": CLASS,
            "k": one_of(1, kinds="i", usual=int),
            "sample_weight": SAMPLES,
        },
        shapes=ROWS,
        needed=3,
    ),
    Call(
        sl.perplexity,
        {"logits": SCORES, "labels": CLASS, "sample_weight": SAMPLES},
        shapes=ROWS,
        needed=2,
    ),
]
LEARNERS = [
    Call(
        regression,
        {
            "X": X,
            "y": Y,
            "sample_weight": SAMPLES,
            "C": POSITIVE,
            "tol": POSITIVE,
            "fit_intercept": FLAG,
        },
        shapes=LEARNED,
        needed=2,
        often=0.02,
    ),
    Call(
        objective,
        {"X": X, "labels": CLASS, "C": POSITIVE, "sample_weight": SAMPLES, "fit_intercept": FLAG},
        shapes=LEARNED,
        needed=2,
        often=0.1,
    ),
    Call(
        scaling,
        {"X": CHOSEN, "y": Y, "sample_weight": SAMPLES},
        shapes=LEARNED,
        needed=2,
        often=0.01,
    ),
    Call(
        network,
        {"X": PIXELS, "y": EVERY_CLASS, "batch_size": COUNT, "learning_rate": POSITIVE},
        shapes=LEARNED,
        needed=2,
        often=0.01,
    ),
    Call(sl.template_weights, {"X": PIXELS, "labels": EVERY_CLASS}, shapes=LEARNED, needed=2),
    Call(neuron.squared_error_grad, {"z": SCORES, "y": YES}, ("z",), 4, needed=2),
    Call(one_neuron, dict.fromkeys("wbx", POSITIVE) | {"y": TARGET, "step": POSITIVE}, needed=4),
]
GRADIENTS = [
    Call(function, {"x": FEATURES, "step": BASE}, shapes=ROWS, often=0.1)
    for function in (numerical_gradient, complex_step_gradient)
]
GRADIENTS.append(
    Call(
        check_gradient,
        {"x": FEATURES, "tolerance": BASE, "step": BASE},
        shapes=ROWS,
        often=0.02,
    )
)
CALLS = [*OF_LOGITS, *OF_DISTRIBUTIONS, *LOSSES, *OF_SAMPLES, *LEARNERS, *GRADIENTS]
OFTEN = np.array([call.often for call in CALLS])


class Drawn(NamedTuple):
    """A call, its arguments, and the type of each."""

    call: Call
    given: dict[str, Any]
    types: dict[str, Type]

    def refused(self):
        """Return the arguments of a type that they may not have."""
        sorts, types = self.call.sorts, self.types
        wrong = [n for n in types if types[n].kind not in sorts[n].kinds.split()]
        return [n for n in wrong if n != "labels" or not self.has_no_labels()]

    def has_no_labels(self):
        """Tell whether the labels are as [] is: of float64, which says nothing."""
        labels = np.asarray(self.given["labels"])
        return not labels.size and labels.dtype == float and self.types["labels"].kind == "f"

    def dtype(self):
        """Return the dtype that the result must have."""
        dtypes = [np.asarray(self.given[name]).dtype for name in self.call.like]
        floating = [d.newbyteorder("=") if d.kind == "f" else np.dtype(float) for d in dtypes]
        if "features" in self.call.like:
            return np.dtype("f4" if set(floating) == {np.dtype("f4")} else "f8")
        return np.result_type(*floating) if floating else np.dtype(float)

    def __str__(self):
        types = {name: type_.name for name, type_ in self.types.items()}
        return f"{self.call.function} with {types}: {self.given}"


def drawn(rng):
    call = CALLS[rng.choice(len(CALLS), p=OFTEN / OFTEN.sum())]
    shape = call.shapes[rng.integers(len(call.shapes))]
    n = CLASSES[rng.integers(len(CLASSES))]
    names = list(call.sorts)
    names = names[: call.needed] + [n for n in names[call.needed :] if rng.random() < 0.4]
    types = {name: call.sorts[name].type(rng) for name in names}
    given = {name: call.sorts[name].value(rng, shape, n, types[name]) for name in names}
    return Drawn(call, given, types)


def arrays(result):
    """Return what a function has returned as a list of arrays."""
    return [np.asarray(part) for part in (result if isinstance(result, tuple | list) else [result])]


def outcome(function, arguments):
    """Return the arrays that a function gives, or the error that it raises."""
    try:
        return arrays(function(**arguments))
    except (TypeError, ValueError) as error:
        return error


def assert_near(result, expected, dtype, call):
    """Compare a result in the dtype that is promised with one in double precision."""
    assert result.shape == expected.shape, "the shape of the result"
    if result.dtype.kind == "f":
        assert result.dtype == dtype, "the dtype of the result"
        expected = expected.astype(dtype)
        with np.errstate(invalid="ignore"):
            off = np.abs(result.astype(float) - expected.astype(float))
            bound = UNITS[dtype] * np.spacing(np.abs(expected)).astype(float)
            bound += call.eps * np.finfo(dtype).eps
        assert ((off <= bound) | (result == expected)).all(), f"{result} is not {expected}"
    else:
        np.testing.assert_array_equal(result, expected)


def assert_as_promised(one):
    """Assert that a call gives what its usual types give, or tells which argument it refuses."""
    refused, sorts = one.refused(), one.call.sorts
    result = outcome(one.call.function, one.given)
    told = isinstance(result, Exception) and any(
        re.search(rf"\b{name}\b", str(result)) for name in refused
    )
    if told:
        return
    either = all(one.types[name].kind in sorts[name].either.split() for name in refused)
    assert either, f"{refused} refused no more: {result!r}"
    usual = {name: sorts[name].usual(value) for name, value in one.given.items()}
    expected = outcome(one.call.function, usual)
    if isinstance(expected, Exception) or isinstance(result, Exception):
        assert str(result) == str(expected), f"{result!r} and not {expected!r}"
        return
    for ours, theirs in zip(result, expected, strict=True):
        assert_near(ours, theirs, one.dtype(), one.call)


def assert_promises(seed, calls):
    rng = np.random.default_rng(seed)
    for number in range(calls):
        one = drawn(rng)
        try:
            assert_as_promised(one)
        except Exception as error:
            raise AssertionError(f"call {number} of seed {seed}, {one}") from error


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("seed", range(4))
def test_random_types_in_tiny_blocks(seed):
    assert_promises(seed, 500)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 4 + PARTS))
def test_a_million_calls(seed):
    assert_promises(seed, CALLS_OF_A_PART)


def test_every_function_is_called():
    functions = {name for name in sl.__all__ if inspect.isfunction(getattr(sl, name))}
    assert functions - {"use"} <= {call.function.__name__ for call in CALLS}
