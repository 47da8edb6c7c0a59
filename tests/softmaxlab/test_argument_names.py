"""A refusal names the very argument that is wrong."""

import numpy as np
import pytest
import softmaxlab as sl

WORDS = ["a", "b"]
MASKED = np.ma.masked_array([True, False], mask=[False, True])
INF = float("inf")

# the argument, a call that gets words for it
NO_NUMBERS = [
    ("logits", lambda: sl.sigmoid(WORDS)),
    ("logits", lambda: sl.log_sigmoid(WORDS)),
    ("logits", lambda: sl.hardmax(WORDS)),
    ("logits", lambda: sl.sigmoid_cross_entropy(WORDS, [0, 1])),
    ("labels", lambda: sl.sigmoid_cross_entropy([0.0, 0.0], WORDS)),
    ("labels", lambda: sl.softmax_cross_entropy([0.0, 0.0], WORDS)),
    ("weights", lambda: sl.softmax_cross_entropy(np.zeros((2, 2)), [0, 1], weights=WORDS)),
    ("v", lambda: sl.softmax_vjp([0.0, 0.0], WORDS)),
    ("x", lambda: sl.numerical_gradient(np.sum, WORDS)),
    ("x", lambda: sl.complex_step_gradient(np.sum, WORDS)),
    ("the gradient", lambda: sl.check_gradient(np.sum, lambda x: WORDS, [0.0, 0.0])),
    ("p", lambda: sl.entropy(WORDS)),
    ("scores", lambda: sl.multiclass_hinge(WORDS, 0)),
    ("scores", lambda: sl.multiclass_hinge_grad(WORDS, 0)),
    ("p", lambda: sl.kl_divergence(WORDS, [0.5, 0.5])),
    ("q", lambda: sl.kl_divergence([0.5, 0.5], WORDS)),
    ("p_logits", lambda: sl.kl_divergence_from_logits(WORDS, [0.5, 0.5])),
    ("q_logits", lambda: sl.kl_divergence_from_logits([0.5, 0.5], WORDS)),
]


@pytest.mark.parametrize(("name", "call"), NO_NUMBERS)
def test_words_for_numbers(name, call):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == f"{name} must be real numbers, got dtype <U1"


def test_a_mask_that_is_masked():
    with pytest.raises(TypeError, match=r"^where is a masked array: its mask would be ignored$"):
        sl.softmax([0.0, 0.0], where=MASKED)


def test_labels_that_are_masked():
    with pytest.raises(TypeError, match=r"^labels is a masked array: its mask would be ignored$"):
        sl.sigmoid_cross_entropy([0.0, 0.0], MASKED)
    with pytest.raises(TypeError, match=r"^labels is a masked array: its mask would be ignored$"):
        sl.multiclass_hinge([[0.0, 0.0]], np.ma.masked_array([1], mask=[True]))


def test_infinite_where_a_positive_number_is_asked_for():
    with pytest.raises(ValueError, match=r"^step must be positive and finite, got inf$"):
        sl.numerical_gradient(np.sum, [0.0], step=INF)


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ([1.0, 0.0], [[1.0, 0.0], [-1.0, 2.0]], r"^q of shape \(2, 2\) has -1.0 at \(1, 0\)"),
        ([[1.0, 0.0], [-1.0, 2.0]], [1.0, 0.0], r"^p of shape \(2, 2\) has -1.0 at \(1, 0\)"),
    ],
)
def test_one_row_for_many(p, q, message):
    with pytest.raises(ValueError, match=message):
        sl.cross_entropy(p, q)


def test_the_row_that_is_farthest_from_a_distribution_is_named():
    with pytest.raises(ValueError, match=r"in row \(1,\): it sums to 1.75$"):
        sl.entropy([[0.5, 0.0], [1.0, 0.75]])


def test_the_sum_of_a_row_in_half_precision_is_told_exactly():
    p = np.array([0.6, 0.6, 0.6], np.float16)
    with pytest.raises(ValueError, match=f"it sums to {3 * float(p[0])}$"):
        sl.entropy(p)
