"""Arrays of bfloat16, the type of large models: what goes in comes out, rounded once.

NumPy has no such type; the package ml_dtypes brings it, and JAX and TensorFlow hand it out. Its
numbers are numbers of float32, with eight bits of precision, which every result is held against.
"""

import inspect

import numpy as np
import pytest
import softmaxlab as sl

bfloat16 = np.dtype(pytest.importorskip("ml_dtypes").bfloat16)
RNG = np.random.default_rng(16)
SHAPES = [(3,), (1, 3), (19, 3), (2, 3, 4), (300, 5), (5, 100), (0, 3)]


def scores(shape):
    return (3 * RNG.standard_normal(shape)).astype(bfloat16)


def distributions(shape):
    return sl.softmax(scores(shape))


def indices(shape):
    return RNG.integers(shape[-1], size=shape[:-1])


def weighted_loss(z, y, w):
    return sl.softmax_cross_entropy(z, y, weights=w)


def smoothed_gradient(z, y):
    return sl.softmax_cross_entropy_grad(z, y, label_smoothing=0.25)


def factors(shape):
    return np.ones(shape[:-1], bfloat16) * bfloat16.type(3)


CALLS = [
    *(
        (function, (scores,))
        for function in (
            sl.softmax,
            sl.log_softmax,
            sl.logsumexp,
            sl.hardmax,
            sl.sigmoid,
            sl.log_sigmoid,
            sl.entropy_from_logits,
            sl.softmax_jacobian,
            sl.softmax_cross_entropy_hessian,
        )
    ),
    *((f, (scores, scores)) for f in (sl.kl_divergence_from_logits, sl.softmax_vjp)),
    (sl.entropy, (distributions,)),
    *((f, (distributions, distributions)) for f in (sl.cross_entropy, sl.kl_divergence)),
    *(
        (function, (scores, labels))
        for function in (
            sl.softmax_cross_entropy,
            sl.softmax_cross_entropy_grad,
            sl.softmax_cross_entropy_with_grad,
            smoothed_gradient,
        )
        for labels in (indices, distributions)
    ),
    *((f, (scores, indices)) for f in (sl.multiclass_hinge, sl.multiclass_hinge_grad)),
    *(
        (function, (scores, distributions))
        for function in (sl.sigmoid_cross_entropy, sl.sigmoid_cross_entropy_grad)
    ),
    (weighted_loss, (scores, indices, factors)),
]
IN_CHUNKS = {"chunked_softmax_cross_entropy", "chunked_softmax_cross_entropy_with_grad"}
ALWAYS_DOUBLE = {"check_gradient", "complex_step_gradient", "numerical_gradient"}


def parts(result):
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else (result,))]


def in_single(array):
    return array.astype(np.float32) if array.dtype == bfloat16 else array


def assert_rounded_once(function, arguments):
    """Compare with the same numbers in single precision: half a unit, and what that was off."""
    expected = parts(function(*map(in_single, arguments)))
    for ours, theirs in zip(parts(function(*arguments)), expected, strict=True):
        assert ours.dtype == bfloat16
        assert ours.shape == theirs.shape
        off = np.abs(ours.astype(float) - theirs)
        unit = np.ldexp(1.0, np.maximum(np.frexp(theirs)[1] - 8, -133))  # of eight bits
        assert (off <= 0.501 * unit).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(
    ("function", "makers"), CALLS, ids=[f"{f.__name__}-{m[-1].__name__}" for f, m in CALLS]
)
def test_what_goes_in_comes_out(function, makers, shape):
    assert_rounded_once(function, [make(shape) for make in makers])


@pytest.mark.parametrize("name", sorted(IN_CHUNKS))
def test_blocks_of_a_vocabulary_are_in_single_precision(name):
    features, weights, labels = scores((4, 3)), scores((9, 3)), RNG.integers(9, size=4)
    result = parts(getattr(sl, name)(features, weights, labels, chunk_size=2))
    expected = getattr(sl, name)(in_single(features), in_single(weights), labels, chunk_size=2)
    for ours, theirs in zip(result, parts(expected), strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("container", [np.float32, np.float64])
def test_distributions_of_bfloat16_have_its_tolerance_wherever_they_are_kept(container):
    p = RNG.dirichlet(np.ones(10), 1000)
    p[:, 0] *= 2.0**-100  # a number that half precision has not
    p = (p / p.sum(axis=1, keepdims=True)).astype(bfloat16).astype(container)
    assert np.abs(p.sum(axis=1) - 1).max() > 1e-4
    assert sl.entropy(p).shape == (1000,)
    p[6] = [0.3 + 2e-5, 0.7, *np.zeros(8)]  # no numbers of bfloat16
    with pytest.raises(ValueError, match=r"is no distribution in row \(6,\): it sums to"):
        sl.entropy(p)


def test_what_learns_takes_it_as_numbers():
    p, labels = distributions((40, 3)), RNG.integers(3, size=40)
    expected = sl.brier_score(in_single(p), labels)
    assert sl.brier_score(p, labels) == expected
    assert sl.expected_calibration_error(p, labels) == sl.expected_calibration_error(
        in_single(p), labels
    )


def test_every_function_is_tried():
    functions = {name for name in sl.__all__ if inspect.isfunction(getattr(sl, name))}
    assert functions - ALWAYS_DOUBLE - IN_CHUNKS - {"use"} <= {
        function.__name__ for function, _ in CALLS
    }
