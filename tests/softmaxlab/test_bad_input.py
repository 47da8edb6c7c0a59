"""What every function does with input it cannot use: each row an exact outcome.

A refusal names the very argument that is wrong.
"""

import numpy as np
import pytest
import softmaxlab as sl

NAN, INF = float("nan"), float("inf")
LOGITS = [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
MASKED = np.ma.masked_array([1.0, 2.0], mask=[False, True])
RAGGED = [[1.0, 2.0], [3.0]]
WORDS = ["a", "b"]
MASKED_LABELS = np.ma.masked_array([True, False], mask=[False, True])
LONG = np.array([1.0, 2.0], dtype=np.longdouble)

# name, call, exception, its whole message
# fmt: off
REFUSED = [
    # no array of real numbers
    ("strings", lambda: sl.softmax(["a", "b"]), TypeError,
     "logits must be real numbers, got dtype <U1"),
    ("objects", lambda: sl.softmax(np.array([1.0, 2.0], dtype=object)), TypeError,
     "logits must be real numbers, got dtype object"),
    ("None", lambda: sl.logsumexp(None), TypeError,
     "logits must be real numbers, got dtype object"),
    ("booleans", lambda: sl.softmax([True, False]), TypeError,
     "logits must be real numbers, got dtype bool"),
    ("complex", lambda: sl.softmax_cross_entropy([1 + 0j, 2], 0), TypeError,
     "logits must be real numbers, got dtype complex128"),
    ("dates", lambda: sl.softmax(np.array(["2020-01-01"], dtype="M8[D]")), TypeError,
     "logits must be real numbers, got dtype datetime64[D]"),
    ("long double", lambda: sl.softmax(LONG), TypeError,
     f"logits must be float64 or narrower, got dtype {LONG.dtype}"),
    ("masked array", lambda: sl.softmax(MASKED), TypeError,
     "logits is a masked array: its mask would be ignored"),
    ("ragged list", lambda: sl.log_softmax(RAGGED), ValueError,
     "logits is ragged: its rows differ in length"),
    ("integers too large for float64", lambda: sl.softmax([2**53 + 1, 0]), ValueError,
     f"logits of shape (2,) has {2**53 + 1} at (0,): float64 holds integers below 2**53"),
    ("integers too large for int64", lambda: sl.softmax([2**70, 0]), TypeError,
     "logits must be real numbers, got dtype object"),
    # the class axis
    ("a single number", lambda: sl.softmax(3.0), ValueError,
     "logits needs a class axis, got the single number 3.0"),
    ("no classes", lambda: sl.softmax(np.empty((2, 0))), ValueError,
     "logits of shape (2, 0) has no classes along axis 1"),
    ("no classes, along axis 0", lambda: sl.logsumexp(np.empty((0, 2)), axis=0), ValueError,
     "logits of shape (0, 2) has no classes along axis 0"),
    ("axis too large", lambda: sl.softmax(LOGITS, axis=2), np.exceptions.AxisError,
     "logits: axis 2 is out of bounds for array of dimension 2"),
    ("axis too small", lambda: sl.entropy([1.0], axis=-2), np.exceptions.AxisError,
     "p: axis -2 is out of bounds for array of dimension 1"),
    ("two axes", lambda: sl.logsumexp(LOGITS, axis=(0, 1)), TypeError,
     "axis must be one integer, got (0, 1)"),
    ("axis None", lambda: sl.logsumexp(LOGITS, axis=None), TypeError,
     "axis must be one integer, got None"),
    # scores that are no scores
    ("NaN", lambda: sl.softmax([[0.0, 1.0], [NAN, 1.0]]), ValueError,
     "logits of shape (2, 2) has nan at (1, 0)"),
    ("NaN in a column", lambda: sl.softmax([[0.0, 1.0], [NAN, 1.0]], axis=0), ValueError,
     "logits of shape (2, 2) has nan at (1, 0)"),
    ("NaN beside infinity", lambda: sl.logsumexp([-INF, NAN, INF]), ValueError,
     "logits of shape (3,) has nan at (1,)"),
    ("plus infinity", lambda: sl.log_softmax([[0.0, INF]]), ValueError,
     "logits of shape (1, 2) has inf at (0, 1)"),
    ("all masked", lambda: sl.softmax_cross_entropy([[0.0, 1.0], [-INF, -INF]], [0, 0]), ValueError,
     "logits of shape (2, 2) has no class left in row (1,): all are -inf"),
    ("NaN for hardmax", lambda: sl.hardmax([0.0, NAN]), ValueError,
     "logits of shape (2,) has nan at (1,)"),
    ("NaN for the gradient", lambda: sl.softmax_cross_entropy_grad([0.0, NAN], 0), ValueError,
     "logits of shape (2,) has nan at (1,)"),
    ("NaN for the sigmoid", lambda: sl.sigmoid([0.0, NAN]), ValueError,
     "logits of shape (2,) has nan at (1,)"),
    ("NaN for the sigmoid's loss", lambda: sl.sigmoid_cross_entropy(NAN, 1), ValueError,
     "logits of shape () has nan at ()"),
    ("NaN for the hinge", lambda: sl.multiclass_hinge([0.0, NAN], 0), ValueError,
     "scores of shape (2,) has nan at (1,)"),
    ("infinite score for the hinge", lambda: sl.multiclass_hinge_grad([0.0, INF], 0), ValueError,
     "scores of shape (2,) has inf at (1,)"),
    # labels that are no classes
    ("label too large", lambda: sl.softmax_cross_entropy(LOGITS, [0, 3]), ValueError,
     "labels of shape (2,) have 3 at (1,): there are 3 classes, counted from 0"),
    ("label negative", lambda: sl.softmax_cross_entropy(LOGITS, [-1, 0]), ValueError,
     "labels of shape (2,) have -1 at (0,): there are 3 classes, counted from 0"),
    ("labels floating", lambda: sl.softmax_cross_entropy(LOGITS, [0.0, 1.0]), TypeError,
     "labels that are class indices must be integers, got dtype float64"),
    ("labels boolean", lambda: sl.softmax_cross_entropy(LOGITS, [True, False]), TypeError,
     "labels that are class indices must be integers, got dtype bool"),
    ("labels strings", lambda: sl.softmax_cross_entropy(LOGITS, ["cat", "dog"]), TypeError,
     "labels that are class indices must be integers, got dtype <U3"),
    ("labels ragged", lambda: sl.softmax_cross_entropy(LOGITS, RAGGED), ValueError,
     "labels is ragged: its rows differ in length"),
    ("too few labels", lambda: sl.softmax_cross_entropy(LOGITS, [0]), ValueError,
     "labels have shape (1,), the samples have shape (2,)"),
    ("one label for all", lambda: sl.multiclass_hinge(LOGITS, 0), ValueError,
     "labels have shape (), the samples have shape (2,)"),
    ("labels with too many axes", lambda: sl.softmax_cross_entropy(LOGITS, [[[1]]]), ValueError,
     "labels have 3 axes; logits with 2 axes need labels with 1 (class indices)"
     " or 2 (distributions)"),
    ("labels with too few classes", lambda: sl.softmax_cross_entropy(LOGITS, [[0, 1], [1, 0]]),
     ValueError, "labels have shape (2, 2), the logits have shape (2, 3)"),
    ("label for the wrong axis",
     lambda: sl.softmax_cross_entropy(LOGITS, [[0, 0, 1], [0, 1, 0]], axis=0), ValueError,
     "labels of shape (2, 3) is no distribution in row (0,): it sums to 0.0"),
    ("minus infinity for the hinge", lambda: sl.multiclass_hinge([0.0, -INF], 0), ValueError,
     "scores of shape (2,) has -inf at (1,)"),
    ("hinge with distributions", lambda: sl.multiclass_hinge([1.0, 2.0], [0, 1]), ValueError,
     "labels have shape (2,), the samples have shape ()"),
    ("label 2 for a sigmoid", lambda: sl.sigmoid_cross_entropy([0.0, 0.0], [0, 2]), ValueError,
     "labels of shape (2,) has 2.0 at (1,): no probability"),
    ("label NaN for a sigmoid", lambda: sl.sigmoid_cross_entropy_grad(0.0, NAN), ValueError,
     "labels of shape () has nan at (): no probability"),
    ("sigmoid labels of another shape", lambda: sl.sigmoid_cross_entropy([0.0] * 3, [0, 1]),
     ValueError, "labels have shape (2,), the logits have shape (3,): they must be the same, or one"
     " side a single number"),
    # rows that are no distributions
    ("negative probability", lambda: sl.entropy([1.1, -0.1]), ValueError,
     "p of shape (2,) has -0.1 at (1,): no probability"),
    ("NaN probability", lambda: sl.cross_entropy([0.5, 0.5], [NAN, 0.5]), ValueError,
     "q of shape (2,) has nan at (0,): no probability"),
    ("infinite probability", lambda: sl.entropy([INF, 0.0]), ValueError,
     "p of shape (2,) is no distribution: it sums to inf"),
    ("a row that sums to 0.9", lambda: sl.kl_divergence([0.5, 0.5], [0.5, 0.4]), ValueError,
     "q of shape (2,) is no distribution: it sums to 0.9"),
    ("logits for probabilities", lambda: sl.cross_entropy([1, 0, 0], [3.0, 1.0, -3.0]), ValueError,
     "q of shape (3,) has -3.0 at (2,): no probability"),
    ("percentages", lambda: sl.entropy([[50, 50], [60, 40]]), ValueError,
     "p of shape (2, 2) is no distribution in row (0,): it sums to 100.0"),
    ("labels that do not sum to one", lambda: sl.softmax_cross_entropy([0.0, 1.0], [1.0, 1.0]),
     ValueError, "labels of shape (2,) is no distribution: it sums to 2.0"),
    ("p and q with different classes", lambda: sl.kl_divergence([1.0, 0.0], [1.0]), ValueError,
     "p has 2 classes, q has 1"),
    ("p and q with different rows", lambda: sl.cross_entropy([[1.0]] * 2, [[1.0]] * 3), ValueError,
     "p of shape (2, 1) and q of shape (3, 1) do not broadcast"),
    ("base 1", lambda: sl.entropy([1.0], base=1), ValueError,
     "base must be positive, finite and not 1, got 1"),
    ("base 0", lambda: sl.entropy([1.0], base=0), ValueError,
     "base must be positive, finite and not 1, got 0"),
    ("base infinite", lambda: sl.entropy([1.0], base=INF), ValueError,
     "base must be positive, finite and not 1, got inf"),
    ("base NaN", lambda: sl.entropy([1.0], base=NAN), ValueError,
     "base must be positive, finite and not 1, got nan"),
    # masks and weights
    ("mask of integers", lambda: sl.softmax([1.0, 2.0], where=[1, 0]), TypeError,
     "where must be booleans, got dtype int64"),
    ("mask of another shape", lambda: sl.softmax([1.0, 2.0], where=[True] * 3), ValueError,
     "where of shape (3,) does not broadcast to logits of shape (2,)"),
    ("mask with more axes", lambda: sl.softmax([1.0, 2.0], where=[[True, True]]), ValueError,
     "where of shape (1, 2) does not broadcast to logits of shape (2,)"),
    ("mask that leaves nothing", lambda: sl.logsumexp(LOGITS, where=[[True], [False]]), ValueError,
     "logits of shape (2, 3) has no class left in row (1,): all are -inf"),
    ("negative weight",
     lambda: sl.softmax_cross_entropy(LOGITS, [0, 0], weights=[1.0, -1.0]), ValueError,
     "weights of shape (2,) have -1.0 at (1,)"),
    ("infinite weight",
     lambda: sl.softmax_cross_entropy(LOGITS, [0, 0], weights=[INF, 1.0]), ValueError,
     "weights of shape (2,) have inf at (0,)"),
    ("weights of classes",
     lambda: sl.softmax_cross_entropy_grad(LOGITS, [0, 0], weights=[1.0, 1.0, 1.0]), ValueError,
     "weights have shape (3,), the samples have shape (2,)"),
    # the rest
    ("NaN in one of two sets of logits",
     lambda: sl.kl_divergence_from_logits([0.0, 0.0], [0.0, NAN]), ValueError,
     "q_logits of shape (2,) has nan at (1,)"),
    ("NaN for the entropy", lambda: sl.entropy_from_logits([[NAN, 0.0]]), ValueError,
     "logits of shape (1, 2) has nan at (0, 0)"),
    ("a point that is not finite", lambda: sl.numerical_gradient(np.sum, [1.0, INF]), ValueError,
     "x of shape (2,) has inf at (1,)"),
    ("a tolerance of zero", lambda: sl.check_gradient(np.sum, np.ones_like, [1.0], tolerance=0),
     ValueError, "tolerance must be positive and finite, got 0"),
    ("margin negative", lambda: sl.multiclass_hinge([1.0, 2.0], 0, margin=-1), ValueError,
     "margin must be positive and finite, got -1"),
    ("margin zero", lambda: sl.multiclass_hinge_grad([1.0, 2.0], 0, margin=0), ValueError,
     "margin must be positive and finite, got 0"),
    ("v of another shape", lambda: sl.softmax_vjp([1.0, 2.0], [1.0]), ValueError,
     "v has shape (1,), the logits have shape (2,)"),
    ("NaN in v", lambda: sl.softmax_vjp([1.0, 2.0], [1.0, NAN]), ValueError,
     "v of shape (2,) has nan at (1,)"),
    ("a step of zero", lambda: sl.numerical_gradient(np.sum, [1.0], step=0), ValueError,
     "step must be positive and finite, got 0"),
    ("a step of NaN", lambda: sl.complex_step_gradient(np.sum, [1.0], step=NAN), ValueError,
     "step must be positive and finite, got nan"),
    ("a function with many values", lambda: sl.numerical_gradient(lambda x: x, [1.0, 2.0]),
     ValueError, "f must return one number, got shape (2,)"),
    ("a complex step through abs", lambda: sl.complex_step_gradient(lambda x: abs(x[0]), [1.0]),
     TypeError, "f returned a real number for a complex argument: it is not analytic"),
    ("a complex step through softmaxlab",
     lambda: sl.complex_step_gradient(lambda z: sl.softmax_cross_entropy(z, 0), [1.0, 2.0]),
     TypeError, "logits must be real numbers, got dtype complex128"),
    ("a gradient of another shape",
     lambda: sl.check_gradient(np.sum, lambda x: np.ones(2), [1.0, 2.0, 3.0]), ValueError,
     "the gradient has shape (2,), x has shape (3,)"),
]

# name, call, value
ACCEPTED = [
    ("integer logits", lambda: sl.softmax([0, 0]), [0.5, 0.5]),
    ("the largest integers", lambda: sl.softmax([2**53 - 1, 2**53 - 1]), [0.5, 0.5]),
    ("an empty batch", lambda: sl.softmax(np.empty((0, 3))), np.empty((0, 3))),
    ("the loss of an empty batch",
     lambda: sl.softmax_cross_entropy(np.empty((0, 3)), np.empty(0, dtype=int)), np.empty(0)),
    ("one class", lambda: sl.log_softmax([[5.0]]), [[0.0]]),
    ("a masked class", lambda: sl.softmax([0.0, -INF, 0.0]), [0.5, 0.0, 0.5]),
    ("the loss of a masked class", lambda: sl.softmax_cross_entropy([0.0, -INF], 1), INF),
    ("a masked class with probability zero",
     lambda: sl.softmax_cross_entropy([0.0, -INF], [1.0, 0.0]), 0.0),
    ("the gradient at a masked class",
     lambda: sl.softmax_cross_entropy_grad([0.0, -INF], 1), [1.0, -1.0]),
    ("scores as far apart as float64 allows",
     lambda: sl.softmax_cross_entropy([1.7e308, -1.7e308], 1), INF),
    ("infinite scores of a sigmoid", lambda: sl.sigmoid([-INF, INF]), [0.0, 1.0]),
    ("infinite scores of a sigmoid, rightly",
     lambda: sl.sigmoid_cross_entropy([-INF, INF], [0, 1]), [0.0, 0.0]),
    ("infinite scores of a sigmoid, wrongly",
     lambda: sl.sigmoid_cross_entropy([-INF, INF], [1, 0]), [INF, INF]),
    ("boolean labels of a sigmoid",
     lambda: sl.sigmoid_cross_entropy([-1000.0, 1000.0], [False, True]), [0.0, 0.0]),
    ("0 log 0", lambda: sl.entropy([1.0, 0.0]), 0.0),
    ("q is zero and p is not", lambda: sl.kl_divergence([0.5, 0.5], [1.0, 0.0]), INF),
    ("q and p are zero", lambda: sl.kl_divergence([1.0, 0.0], [1.0, 0.0]), 0.0),
    ("one p for many q", lambda: sl.cross_entropy([1, 0], [[1, 0], [0, 1]]), [0.0, INF]),
    ("float16", lambda: sl.softmax(np.zeros(2, np.float16)), np.full(2, 0.5, np.float16)),
    ("where", lambda: sl.softmax([0.0, 9.0, 0.0], where=[True, False, True]), [0.5, 0.0, 0.5]),
    ("NaN where it does not count", lambda: sl.logsumexp([2.0, NAN], where=[True, False]), 2.0),
    ("where with one row for all",
     lambda: sl.log_softmax(np.zeros((2, 2)), where=[True, False]), [[0.0, -INF]] * 2),
    ("weight 0 for an infinite loss",
     lambda: sl.softmax_cross_entropy([[0.0, -INF]], [1], weights=[0.0]), [0.0]),
    ("KL of a class masked in p", lambda: sl.kl_divergence_from_logits([0.0, -INF], [0.0, -INF]),
     0.0),
    ("KL of a class masked in q", lambda: sl.kl_divergence_from_logits([0.0, 0.0], [0.0, -INF]),
     INF),
    ("KL of scores as far apart as float64 allows",
     lambda: sl.kl_divergence_from_logits([1.7e308, -1.7e308], [-1.7e308, 1.7e308]), INF),
    ("entropy of scores as far apart as float64 allows",
     lambda: sl.entropy_from_logits([1.7e308, -1.7e308]), 0.0),
    ("one class has no entropy", lambda: sl.entropy_from_logits([[3.0], [-3.0]]), [0.0, 0.0]),
]
# fmt: on


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


@pytest.mark.parametrize(
    ("call", "exception", "message"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_refused(call, exception, message):
    with pytest.raises(exception) as raised:
        call()
    assert raised.type is exception
    assert str(raised.value) == message


@pytest.mark.parametrize(("name", "call"), NO_NUMBERS)
def test_words_for_numbers(name, call):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == f"{name} must be real numbers, got dtype <U1"


def test_a_mask_that_is_masked():
    with pytest.raises(TypeError, match=r"^where is a masked array: its mask would be ignored$"):
        sl.softmax([0.0, 0.0], where=MASKED_LABELS)


def test_labels_that_are_masked():
    with pytest.raises(TypeError, match=r"^labels is a masked array: its mask would be ignored$"):
        sl.sigmoid_cross_entropy([0.0, 0.0], MASKED_LABELS)
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


@pytest.mark.parametrize(
    ("call", "expected"), [row[1:] for row in ACCEPTED], ids=[r[0] for r in ACCEPTED]
)
def test_accepted(call, expected):
    result = call()
    np.testing.assert_array_equal(result, expected, strict=False)
    assert result.dtype == np.asarray(expected).dtype
    assert result.shape == np.shape(expected)
