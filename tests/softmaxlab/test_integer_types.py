"""Integers of every type mean the same: places are never computed in the caller's type.

A place in an array is a label times a stride. In int8 it overflows from 128 on, and in int16
without a word, where there are many rows. So every type is held against int64: in every function
that takes labels or integers for scores, at sizes on both sides of every one at which the work is
divided, once with these sizes as they are, and once with blocks of a few numbers.
"""

import numpy as np
import pytest
import softmaxlab as sl

NATIVE = [np.dtype(code) for code in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")]
TYPES = NATIVE + [dtype.newbyteorder("S") for dtype in NATIVE if dtype.itemsize > 1]
SMALL = [(1, 2), (3, 3), (4, 3), (5, 4), (19, 3), (27, 2), (7, 9), (3, 50)]
LARGE = [(255, 3), (300, 3), (300, 65), (3641, 10), (40_000, 3)]
RNG = np.random.default_rng(13)


def chunked(z, y):
    """Return the loss over a vocabulary whose logits are z."""
    return sl.chunked_softmax_cross_entropy(z, np.eye(z.shape[1]), y, chunk_size=2)


def chunked_gradients(z, y):
    result = sl.chunked_softmax_cross_entropy_with_grad(z, np.eye(z.shape[1]), y, chunk_size=2)
    return result.features


OF_CLASSES = {
    "loss": sl.softmax_cross_entropy,
    "gradient": sl.softmax_cross_entropy_grad,
    "both": lambda z, y: np.concatenate(
        [part.ravel() for part in sl.softmax_cross_entropy_with_grad(z, y)]
    ),
    "hinge": sl.multiclass_hinge,
    "subgradient": sl.multiclass_hinge_grad,
}
IN_CHUNKS = {"in chunks": chunked, "gradients in chunks": chunked_gradients}


def drawn(shape):
    return RNG.normal(size=shape), RNG.integers(min(shape[1], 127), size=shape[0])


def assert_every_type_is_as_int64(function, z, y):
    expected = function(z, y)
    for dtype in TYPES:
        np.testing.assert_array_equal(function(z, y.astype(dtype)), expected, str(dtype))


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("shape", SMALL, ids=str)
@pytest.mark.parametrize("name", OF_CLASSES | IN_CHUNKS)
def test_class_indices_in_blocks_of_a_few_numbers(name, shape):
    assert_every_type_is_as_int64((OF_CLASSES | IN_CHUNKS)[name], *drawn(shape))


@pytest.mark.parametrize("shape", LARGE, ids=str)
@pytest.mark.parametrize("name", OF_CLASSES)
def test_class_indices_in_blocks_as_they_are(name, shape):
    assert_every_type_is_as_int64(OF_CLASSES[name], *drawn(shape))


@pytest.mark.parametrize("name", IN_CHUNKS)
def test_class_indices_of_more_samples_than_a_chunk_has(name):
    assert_every_type_is_as_int64(IN_CHUNKS[name], *drawn((1100, 5)))


@pytest.mark.parametrize("chunk_size", [100, 127, 128, 300, 512])
def test_chunks_that_begin_beyond_the_type(chunk_size):
    weights = RNG.normal(size=(1000, 2))
    features, labels = RNG.normal(size=(50, 2)), RNG.integers(100, size=50)
    expected = sl.chunked_softmax_cross_entropy_with_grad(features, weights, labels)
    for dtype in TYPES:
        found = sl.chunked_softmax_cross_entropy_with_grad(
            features, weights, labels.astype(dtype), chunk_size=chunk_size
        )
        for ours, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, other, rtol=1e-12, atol=1e-15, err_msg=str(dtype))


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("shape", SMALL, ids=str)
def test_labels_that_are_distributions_of_integers(shape):
    z, y = drawn(shape)
    certain = np.eye(shape[1], dtype=int)[y]
    for function in (sl.softmax_cross_entropy, sl.softmax_cross_entropy_grad):
        assert_every_type_is_as_int64(function, z, certain)
    assert_every_type_is_as_int64(sl.sigmoid_cross_entropy, z, certain)
    assert_every_type_is_as_int64(sl.sigmoid_cross_entropy_grad, z, certain)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("shape", SMALL, ids=str)
def test_scores_and_probabilities_that_are_integers(shape):
    scores, y = RNG.integers(100, size=shape), RNG.integers(shape[1], size=shape[0])
    certain = np.eye(shape[1], dtype=int)[y]
    of_one = (sl.softmax, sl.log_softmax, sl.logsumexp, sl.hardmax, sl.sigmoid, sl.log_sigmoid)
    for function in (*of_one, sl.entropy_from_logits, sl.softmax_jacobian):
        assert_every_type_is_as_int64(lambda _, z, f=function: f(z), None, scores)
    assert_every_type_is_as_int64(sl.kl_divergence_from_logits, scores, scores[::-1])
    assert_every_type_is_as_int64(sl.softmax_vjp, scores, scores[::-1])
    for function in (sl.cross_entropy, sl.kl_divergence):
        assert_every_type_is_as_int64(function, certain, certain)
    weigh = sl.softmax_cross_entropy
    assert_every_type_is_as_int64(lambda y, w: weigh(scores, y, weights=w), y, scores[:, 0])


@pytest.mark.parametrize("name", OF_CLASSES | IN_CHUNKS)
def test_booleans_are_no_classes(name):
    message = "^labels that are class indices must be integers, got dtype bool$"
    with pytest.raises(TypeError, match=message):
        (OF_CLASSES | IN_CHUNKS)[name](np.zeros((2, 2)), np.array([True, False]))


@pytest.mark.parametrize("name", OF_CLASSES | IN_CHUNKS)
def test_no_samples_and_an_empty_list_of_labels(name):
    assert np.size((OF_CLASSES | IN_CHUNKS)[name](np.empty((0, 3)), [])) == 0


@pytest.mark.parametrize("name", OF_CLASSES | IN_CHUNKS)
@pytest.mark.parametrize("dtype", ["?", "f4", "c16", "O", "M8[s]"])
def test_no_labels_of_a_type_that_no_empty_list_has(name, dtype):
    with pytest.raises(TypeError, match=r"^labels that are class indices must be integers, got"):
        (OF_CLASSES | IN_CHUNKS)[name](np.empty((0, 3)), np.empty(0, dtype))


@pytest.mark.parametrize("name", OF_CLASSES | IN_CHUNKS)
@pytest.mark.parametrize(("dtype", "label"), [("i1", -1), ("u1", 200), ("u8", 2**63), (">i2", -9)])
def test_a_label_that_is_no_class_is_told_as_it_is(name, dtype, label):
    with pytest.raises(ValueError, match=rf"^labels of shape \(2,\) have {label} at \(1,\)"):
        (OF_CLASSES | IN_CHUNKS)[name](np.zeros((2, 3)), np.array([0, label], dtype))
