"""Random arrays of every kind of shape, dtype and memory layout; the same ones in every run.

Whatever the numbers: no NaN comes out, no input is written to, and the result does not depend on
how the input lies in memory, down to the last bit.

There are a few thousand small arrays, and blocks as small as they. ``make fuzz`` makes more than a
million for each claim, with blocks as they are, which takes a quarter of an hour on two cores.
"""

from typing import NamedTuple

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab._numerics import blocks


class Sizes(NamedTuple):
    """How many random arrays each function gets in each dtype, and of which sizes they are."""

    cases: int
    classes: tuple
    batches: tuple


# On both sides of everything in conftest.TINY: of short and long rows, of few and many, of blocks.
SMALL = Sizes(25, (1, 2, 3, 4, 10, 30), ((), (1,), (3,), (19,), (0,), (2, 3), (3, 1, 4), (2, 0)))
FEW, MANY = blocks._FEW_CLASSES, blocks._MANY_ROWS
LARGE = Sizes(
    16_000,
    (1, 2, 3, 10, FEW, FEW + 1, 2 * FEW + 2),
    ((), (1,), (5,), (70,), (MANY,), (0,), (2, 3), (3, 1, 4), (2, 0)),
)


def scores(rng, shape, dtype):
    """Return scores of very different sizes: usual, close, large, near overflow, masked."""
    kind = rng.integers(6)
    z = rng.normal(size=shape)
    if kind == 1:
        z = np.round(z)  # ties
    elif kind == 2:
        z = z * 10.0 ** rng.uniform(-12, 4) + rng.uniform(-1e4, 1e4)
    elif kind == 3:
        z = z * (float(np.finfo(dtype).max) / 20)
    elif kind == 4:
        z = z * 300 - 300
    z = z.astype(dtype)
    if kind == 5:
        z[rng.random(shape) < 0.4] = -np.inf
        z[..., 0] = 0  # one class is left in every row
    return z


def indices(rng, shape, dtype):
    return rng.integers(shape[-1], size=shape[:-1])


def distributions(rng, shape, dtype):
    """Return distributions, some of them with zeros, as good as the dtype can hold them."""
    p = rng.exponential(size=shape) * (rng.random(shape) < 0.7)
    p[..., 0] += 1e-3
    return (p / p.sum(axis=-1, keepdims=True)).astype(dtype)


def finite_scores(rng, shape, dtype):
    return np.maximum(scores(rng, shape, dtype), dtype.type(-1000))


def chances(rng, shape, dtype):
    return rng.choice([0, 0.25, 1], size=shape).astype(dtype)


def vectors(rng, shape, dtype):
    return rng.normal(size=shape).astype(dtype)


def factors(rng, shape, dtype):
    """Return factors of exponentials, some of them 0."""
    b = np.where(rng.random(shape) < 0.2, 0, 10.0 ** rng.uniform(-4, 4, shape)).astype(dtype)
    b[..., 0] = 1  # where `scores` leaves a class
    return b


def weighted_logsumexp(z, b, axis=-1):
    return sl.logsumexp(z, axis, b=b)


def smoothed_loss(z, y, axis=-1):
    return sl.softmax_cross_entropy(z, y, axis, label_smoothing=0.25)


def smoothed_gradient(z, y, axis=-1):
    return sl.softmax_cross_entropy_grad(z, y, axis, label_smoothing=0.25)


def loss_of_some(z, y):
    return sl.softmax_cross_entropy(z, y, ignore_index=0)


def loss_of_weighted_yes(z, y):
    return sl.sigmoid_cross_entropy(z, y, pos_weight=0.25)


def slope_of_weighted_yes(z, y):
    return sl.sigmoid_cross_entropy_grad(z, y, pos_weight=0.25)


BY_ROWS = {
    weighted_logsumexp: (scores, factors),
    smoothed_loss: (scores, distributions),
    smoothed_gradient: (scores, distributions),
    sl.logsumexp: (scores,),
    sl.softmax: (scores,),
    sl.log_softmax: (scores,),
    sl.hardmax: (scores,),
    sl.entropy: (distributions,),
    sl.cross_entropy: (distributions, distributions),
    sl.kl_divergence: (distributions, distributions),
    sl.entropy_from_logits: (scores,),
    sl.kl_divergence_from_logits: (scores, scores),
    sl.softmax_cross_entropy: (scores, distributions),
    sl.softmax_cross_entropy_grad: (scores, distributions),
    sl.softmax_jacobian: (scores,),
    sl.softmax_vjp: (scores, vectors),
}
WITH_INDICES = {
    loss_of_some: (scores, indices),
    sl.softmax_cross_entropy: (scores, indices),
    sl.softmax_cross_entropy_grad: (scores, indices),
    sl.multiclass_hinge: (finite_scores, indices),
    sl.multiclass_hinge_grad: (finite_scores, indices),
}
BY_NUMBERS = {
    loss_of_weighted_yes: (scores, chances),
    slope_of_weighted_yes: (scores, chances),
    sl.sigmoid: (scores,),
    sl.log_sigmoid: (scores,),
    sl.sigmoid_cross_entropy: (scores, chances),
    sl.sigmoid_cross_entropy_grad: (scores, chances),
}
EVERY = [
    pytest.param(function, makers, id=f"{function.__name__} {makers[-1].__name__}")
    for table in (BY_ROWS, WITH_INDICES, BY_NUMBERS)
    for function, makers in table.items()
]
DTYPES = [np.dtype(code) for code in ("float16", "float32", "float64")]


def fortran(a):
    return np.array(a, order="F")


def reversed_twice(a):
    """Return the same numbers with negative strides."""
    backwards = (..., *(slice(None, None, -1) for _ in a.shape))
    return a[backwards].copy()[backwards]


def with_gaps(a):
    """Return the same numbers as every second one of a larger array."""
    wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), a.dtype) if a.ndim else np.zeros(2, a.dtype)
    wide[..., ::2] = a
    return wide[..., ::2] if a.ndim else wide[::2].reshape(())


def unaligned(a):
    """Return the same numbers one byte away from where numbers usually begin."""
    memory = np.zeros(a.nbytes + 1, np.uint8)
    moved = memory[1:].view(a.dtype) if a.size else a.reshape(-1)
    moved[:] = a.reshape(-1)
    return moved.reshape(a.shape)


def foreign(a):
    """Return the same numbers in the other byte order."""
    return a.astype(a.dtype.newbyteorder("S"))


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


LAYOUTS = (fortran, reversed_twice, with_gaps, unaligned, foreign, read_only)


def same(one, other):
    """Tell whether two results agree in dtype, shape and every bit."""
    one, other = np.asarray(one), np.asarray(other)
    return (
        one.dtype == other.dtype
        and one.shape == other.shape
        and np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()
    )


@pytest.fixture(params=[SMALL, pytest.param(LARGE, marks=pytest.mark.long)], ids=["small", "large"])
def sizes(request):
    if request.param is SMALL:
        request.getfixturevalue("tiny")
    return request.param


@pytest.fixture
def cases(sizes):
    return range(sizes.cases)


def arguments_of(makers, rng, shape, dtype):
    return [make(rng, shape, dtype) for make in makers]


def random_arguments(makers, rng, sizes, dtype):
    batch = sizes.batches[rng.integers(len(sizes.batches))]
    return arguments_of(makers, rng, (*batch, int(rng.choice(sizes.classes))), dtype)


def watched(function, arguments):
    """Call a function, and see to it that it leaves its arguments alone."""
    before = [np.ascontiguousarray(a).tobytes() for a in arguments]
    result = function(*arguments)
    assert [np.ascontiguousarray(a).tobytes() for a in arguments] == before
    return result


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("function", "makers"), EVERY)
class TestEveryFunction:
    def test_no_nan_and_a_native_result(self, function, makers, dtype, sizes):
        rng = np.random.default_rng(1)
        for _ in range(sizes.cases):
            result = np.asarray(watched(function, random_arguments(makers, rng, sizes, dtype)))
            assert not np.isnan(result).any()
            assert result.dtype == dtype
            assert result.dtype.isnative

    def test_the_layout_does_not_matter(self, function, makers, dtype, sizes):
        rng = np.random.default_rng(2)
        for _ in range(sizes.cases):
            arguments = random_arguments(makers, rng, sizes, dtype)
            expected = function(*arguments)
            for layout in LAYOUTS:
                assert same(watched(function, [layout(a) for a in arguments]), expected), layout

    def test_repeated_rows_without_memory(self, function, makers, dtype):
        rng = np.random.default_rng(3)
        row = arguments_of(makers, rng, (10,), dtype)
        views = [np.broadcast_to(a, (4, 6, *a.shape)) for a in row]
        expected = function(*(view.copy() for view in views))
        assert same(watched(function, views), expected)


def assert_rows_alone_give_the_same(function, arguments, pieces):
    """Call a function with all rows and with a few at a time."""
    whole = np.asarray(watched(function, arguments))
    assert not np.isnan(whole).any()
    assert same(function(*map(fortran, arguments)), whole)
    parts = [function(*(a[part] for a in arguments)) for part in pieces]
    unit = np.finfo(whole.dtype).eps
    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=16 * unit, atol=16 * unit)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("function", "makers"), EVERY)
def test_more_than_one_block(function, makers, dtype):
    """Few classes of many rows, just few and just not, rows longer than a block."""
    rng = np.random.default_rng(4)
    for shape in ((27, 2), (19, 3), (19, 4), (7, 9), (3, 50)):
        alone = [slice(row, row + 1) for row in range(shape[0])]
        for _ in range(3):
            arguments = arguments_of(makers, rng, shape, dtype)
            assert_rows_alone_give_the_same(function, arguments, alone)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "makers"), [p for p in EVERY if p.values[0] is not sl.softmax_jacobian]
)
def test_more_than_one_block_as_they_are(function, makers):
    rng = np.random.default_rng(4)
    for n_classes in (10, FEW + 1, blocks._BLOCK + 1):
        shape = (2 * blocks._BLOCK // n_classes + 3, n_classes)
        half = shape[0] // 2  # half of the rows end in the middle of a block
        arguments = arguments_of(makers, rng, shape, np.dtype(np.float32))
        assert_rows_alone_give_the_same(function, arguments, [slice(half), slice(half, None)])


@pytest.mark.parametrize("function", BY_ROWS)
@pytest.mark.parametrize("axis", [0, 1, -2])
def test_another_class_axis(function, axis):
    rng = np.random.default_rng(5)
    arguments = [make(rng, (4, 5, 3), np.dtype(float)) for make in BY_ROWS[function]]
    expected = np.asarray(function(*arguments))
    result = np.asarray(function(*(np.moveaxis(a, -1, axis) for a in arguments), axis=axis))
    of_entries = expected.shape == (4, 5, 3)
    assert same(np.moveaxis(result, axis, -1) if of_entries else result, expected)


# How large the numbers are of which a result is the difference: it cannot have more digits.
MINUENDS = {
    sl.softmax_cross_entropy_grad: lambda z, y: y,
    sl.softmax_vjp: lambda z, v: 2 * sl.softmax(z) * np.abs(v).max(axis=-1, keepdims=True),
}


@pytest.mark.parametrize("function", [f for f, makers in BY_ROWS.items() if scores in makers])
def test_a_common_shift_of_each_row(function, cases):
    """Scores on a grid, so that the shifts round nothing; each argument is shifted by its own."""
    minuends = MINUENDS.get(function, lambda *arguments: 0)
    rng = np.random.default_rng(8)
    for _ in cases:
        arguments = [make(rng, (6, 5), np.dtype(float)) for make in BY_ROWS[function]]
        shifted = list(arguments)
        for i in np.flatnonzero([make is scores for make in BY_ROWS[function]]):
            arguments[i] = rng.integers(-2000, 2000, (6, 5)) * 2.0**-5
            shift = rng.choice([-1e6, -690, -300, 0, 300, 690, 1e6], (6, 1))
            shifted[i] = arguments[i] + shift
        expected = function(*arguments)
        if function in (sl.logsumexp, weighted_logsumexp):
            expected = expected + shift[:, 0]
        off = np.abs(function(*shifted) - expected)
        unit = np.finfo(float).eps * minuends(*arguments)
        assert (off <= 1e-13 * np.abs(expected) + 8 * unit + 1e-300).all()


@pytest.mark.parametrize("function", BY_NUMBERS)
def test_single_numbers(function, cases):
    rng = np.random.default_rng(6)
    for _ in cases:
        arguments = [make(rng, (1,), np.dtype(float)) for make in BY_NUMBERS[function]]
        expected = function(*arguments)[0]
        assert same(function(*(a[0] for a in arguments)), expected)
        assert same(function(*(float(a[0]) for a in arguments)), expected)


@pytest.mark.slow
def test_a_million_rows_against_double_precision():
    """Single precision has an easy reference: the plain formula in double precision."""
    rng = np.random.default_rng(7)
    for round_ in range(20):
        z = (rng.normal(size=(50_000, 4)) * 2.0 ** rng.integers(-10, 6)).astype(np.float32)
        labels = rng.integers(4, size=len(z))
        gaps = z.max(axis=1, keepdims=True).astype(float) - z
        order = np.sort(gaps, axis=1)
        log_total = np.log1p(np.exp(-order[:, 3:0:-1]).sum(axis=1))
        logs = -gaps - log_total[:, None]
        expected = -logs[np.arange(len(z)), labels]
        loss, gradient = sl.softmax_cross_entropy_with_grad(z, labels)
        assert_nearest(loss, expected, f"loss, round {round_}")
        assert_nearest(sl.log_softmax(z), logs, f"log_softmax, round {round_}")
        right = gradient[np.arange(len(z)), labels]
        assert_nearest(right, np.expm1(-expected), f"gradient, round {round_}")


def assert_nearest(result, expected, what):
    """Compare single precision with double: at most one unit in the last place apart."""
    unit = np.spacing(np.abs(expected).astype(np.float32)).astype(float)
    error = np.abs(result - expected) / unit
    assert error.max() <= 1, f"{what}: {error.max():.2f} units at {error.argmax()}"
