"""On ordinary numbers every function gives what its formula in a textbook gives, to rounding.

The textbook computes in double precision, with the same numbers. Its own rounding errors are of
the size of the largest number in the formula, and so is what is allowed.
"""

import inspect

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab import textbook

SHAPES = [(5,), (1, 1), (4, 5), (2, 3, 4), (300, 3), (2, 100)]


def scores(rng, shape):
    return rng.normal(size=shape)


def indices(rng, shape):
    return rng.integers(shape[-1], size=shape[:-1])


def distributions(rng, shape):
    return textbook.softmax(rng.normal(size=shape))


def chances(rng, shape):
    return rng.random(shape)


WITH_CLASSES = [
    ("logsumexp", [scores]),
    ("softmax", [scores]),
    ("log_softmax", [scores]),
    ("hardmax", [scores]),
    ("entropy", [distributions]),
    ("cross_entropy", [distributions, distributions]),
    ("kl_divergence", [distributions, distributions]),
    ("entropy_from_logits", [scores]),
    ("kl_divergence_from_logits", [scores, scores]),
    ("softmax_cross_entropy", [scores, indices]),
    ("softmax_cross_entropy", [scores, distributions]),
    ("softmax_cross_entropy_grad", [scores, indices]),
    ("softmax_cross_entropy_grad", [scores, distributions]),
    ("softmax_cross_entropy_with_grad", [scores, indices]),
    ("softmax_cross_entropy_with_grad", [scores, distributions]),
    ("softmax_cross_entropy_hessian", [scores]),
    ("softmax_jacobian", [scores]),
    ("softmax_vjp", [scores, scores]),
    ("multiclass_hinge", [scores, indices]),
    ("multiclass_hinge_grad", [scores, indices]),
]
OF_NUMBERS = [
    ("sigmoid", [scores]),
    ("log_sigmoid", [scores]),
    ("sigmoid_cross_entropy", [scores, chances]),
    ("sigmoid_cross_entropy_grad", [scores, chances]),
]
ELSEWHERE = {  # they have tests of their own below
    "chunked_softmax_cross_entropy",
    "chunked_softmax_cross_entropy_with_grad",
    "complex_step_gradient",
    "numerical_gradient",
}
NO_FORMULA = {"check_gradient", "use"}  # they compute nothing new


def named(cases):
    return [
        pytest.param(name, makers, id=f"{name}-{makers[-1].__name__}") for name, makers in cases
    ]


def arguments(makers, shape, dtype=np.float64):
    rng = np.random.default_rng(len(shape))
    made = [make(rng, shape) for make in makers]
    return [a if make is indices else a.astype(dtype) for a, make in zip(made, makers, strict=True)]


def in_double(made):
    return [a if a.dtype.kind in "iu" else a.astype(np.float64) for a in made]


def assert_same(results, expected, unit=2.0**-52):
    results = results if isinstance(results, tuple) else (results,)
    expected = expected if isinstance(expected, tuple) else (expected,)
    for one, other in zip(results, expected, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=8 * unit, atol=8 * unit)


def test_every_formula_is_in_the_textbook():
    functions = {name for name in sl.__all__ if inspect.isfunction(getattr(sl, name))}
    tried = {name for name, _ in WITH_CLASSES + OF_NUMBERS} | ELSEWHERE
    assert tried == functions - NO_FORMULA
    assert tried == set(textbook.__all__) - {"one_hot"}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(("name", "makers"), named(WITH_CLASSES + OF_NUMBERS))
def test_one_row_and_many(name, makers, dtype):
    for shape in SHAPES:
        made = arguments(makers, shape, dtype)
        expected = getattr(textbook, name)(*in_double(made))
        assert_same(getattr(sl, name)(*made), expected, np.finfo(dtype).eps)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    ("name", "makers"),
    named(case for case in WITH_CLASSES if not case[0].startswith("multiclass_hinge")),
)
def test_another_class_axis(name, makers, axis):
    made = arguments(makers, (3, 4, 5))
    moved = [
        a if make is indices else np.moveaxis(a, -1, axis)
        for a, make in zip(made, makers, strict=True)
    ]
    results, expected = getattr(sl, name)(*moved, axis=axis), getattr(textbook, name)(*made)
    results = results if isinstance(results, tuple) else (results,)
    back = tuple(np.moveaxis(r, axis, -1) if r.shape == moved[0].shape else r for r in results)
    assert_same(back if len(back) > 1 else back[0], expected)


@pytest.mark.parametrize(("name", "makers"), named(WITH_CLASSES + OF_NUMBERS))
def test_lists_and_integers(name, makers):
    made = arguments(makers, (4, 5))
    made = [
        np.round(2 * a).astype(int) if make is scores else a
        for a, make in zip(made, makers, strict=True)
    ]
    expected = getattr(textbook, name)(*made)
    assert_same(getattr(sl, name)(*(a.tolist() for a in made)), expected)


@pytest.mark.parametrize(("name", "makers"), named(OF_NUMBERS))
def test_single_numbers(name, makers):
    made = [a[0] for a in arguments(makers, (1,))]
    assert_same(getattr(sl, name)(*made), getattr(textbook, name)(*made))


@pytest.mark.parametrize("name", ["entropy", "entropy_from_logits"])
def test_another_base_is_another_unit(name):
    maker = distributions if name == "entropy" else scores
    made = arguments([maker], (4, 5))
    assert_same(getattr(sl, name)(*made, base=2), getattr(textbook, name)(*made) / np.log(2))


def test_a_masked_class_is_a_class_less():
    logits = scores(np.random.default_rng(0), (4, 5))
    where = np.array([True, True, False, True, True])
    for name in ("softmax", "log_softmax", "logsumexp"):
        result = getattr(sl, name)(logits, where=where)
        expected = getattr(textbook, name)(logits[:, where])
        assert_same(result if name == "logsumexp" else result[:, where], expected)


def test_weights_multiply():
    logits, labels = arguments([scores, indices], (4, 5))
    weights = np.array([0.0, 1.0, 2.0, 0.5])
    expected = weights * textbook.softmax_cross_entropy(logits, labels)
    assert_same(sl.softmax_cross_entropy(logits, labels, weights=weights), expected)


@pytest.mark.parametrize("name", sorted(name for name in ELSEWHERE if "chunked" in name))
def test_chunks_of_a_vocabulary(name):
    rng = np.random.default_rng(0)
    made = rng.normal(size=(6, 4)), rng.normal(size=(9, 4)), rng.integers(9, size=6)
    assert_same(getattr(sl, name)(*made, chunk_size=2), getattr(textbook, name)(*made))


@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_measured_gradients(shape):
    def f(x):
        return np.exp(x * x).sum()

    x = np.random.default_rng(0).normal(size=shape)
    true = 2 * x * np.exp(x * x)
    for module in (sl, textbook):
        np.testing.assert_allclose(module.numerical_gradient(f, x), true, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(module.complex_step_gradient(f, x), true, rtol=1e-14)
