"""Faults that were reported about other libraries, tried on this one.

Each test names the public report, and says how the right value was had. Inputs are translations,
not copies. What `softmaxlab.learn` and the exercises do is tested beside them.
"""

import mpmath
import numpy as np
import pytest
import softmaxlab as sl
from scipy import special

INF = float("inf")


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "u2", "u4", "u8", ">i2", ">u8"])
@pytest.mark.parametrize(("n_classes", "n"), [(3, 300), (10, 3641), (65, 300), (10, 12_000)])
def test_the_index_of_an_entry_overflows_the_type_of_the_labels(dtype, n_classes, n):
    """PaddlePaddle/Paddle #30590, tensorflow/models #6641. By hand: the same row, n times."""
    z = np.tile(np.arange(float(n_classes)), (n, 1))
    labels = np.full(n, n_classes - 1, dtype)
    with mpmath.workdps(50):
        loss = float(mpmath.log(mpmath.fsum(mpmath.exp(-k) for k in range(n_classes))))
    np.testing.assert_allclose(sl.softmax_cross_entropy(z, labels), loss, rtol=4e-16)
    if n_classes == 3:
        assert loss == 0.4076059644443803


def test_soft_labels_with_logits_of_millions():
    """tensorflow/tensorflow #21271. By hand: a = (1, 0), the labels sum to 1 + 1e-16."""
    gradient = sl.softmax_cross_entropy_grad([0.0, -1e8], [1.0, 1e-16])
    np.testing.assert_array_equal(gradient, [1e-16, -1e-16])
    assert sl.softmax_cross_entropy([0.0, -1e8], [1.0, 1e-16]) == pytest.approx(1e-8, rel=1e-15)


def test_labels_that_mark_padding():
    """pytorch/pytorch #12670, #70348: ignore_index. By hand: log 4, and nothing."""
    losses = sl.softmax_cross_entropy(np.zeros((2, 4)), [0, -100], ignore_index=-100)
    np.testing.assert_array_equal(losses, [np.log(4), 0])
    weighted = sl.softmax_cross_entropy(
        np.zeros((2, 4)), [0, -100], weights=[1, 0], ignore_index=-100
    )
    np.testing.assert_array_equal(weighted, [np.log(4), 0])


def test_a_batch_with_nothing_but_padding():
    """pytorch/pytorch #70348: the mean over no sample at all is told, not made up."""
    labels = np.array([-100, -100])
    losses = sl.softmax_cross_entropy(np.zeros((2, 3)), labels, ignore_index=-100)
    np.testing.assert_array_equal(losses, [0, 0])
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"), np.errstate(invalid="ignore"):
        assert np.isnan(losses.mean(where=labels != -100))


def test_single_precision_kept_in_double():
    """scikit-learn #28851, #24515, mljar-supervised #749. The same numbers as float32 are right."""
    p = special.softmax(np.random.default_rng(0).normal(size=(1000, 10)).astype(np.float32), axis=1)
    kept = p.astype(np.float64)
    np.testing.assert_allclose(sl.entropy(kept), sl.entropy(p), rtol=1e-6)
    assert np.isfinite(sl.softmax_cross_entropy(np.zeros((1000, 10)), kept)).all()


@pytest.mark.parametrize("function", [sl.sigmoid_cross_entropy, sl.sigmoid_cross_entropy_grad])
def test_a_column_of_logits_and_a_row_of_labels(function):
    """tensorflow #1343, pytorch #1939 and #1944, keras #17388: (3, 1) with (3,) gave (3, 3)."""
    with pytest.raises(ValueError, match=r"^labels have shape \(3,\), .* have shape \(3, 1\)"):
        function(np.zeros((3, 1)), [0, 1, 1])


def test_weights_in_log_sum_exp():
    """scipy/scipy #22903. SciPy, and by hand: log(0.5 e^0 + 0.25 e^1 + 0.3 e^2)."""
    z, b = [0.0, 1.0, 2.0], [0.5, 0.25, 0.3]
    by_hand = np.log(0.5 + 0.25 * np.e + 0.3 * np.e**2)
    assert sl.logsumexp(z, b=b) == pytest.approx(by_hand, rel=1e-15)
    assert sl.logsumexp(z, b=b) == pytest.approx(special.logsumexp(z, b=b), rel=1e-15)


def test_an_array_that_was_given_away():
    """Ours: an object whose conversion fails is not ragged."""

    class Donated:
        def __array__(self, dtype=None, copy=None):
            raise ValueError("donated buffer")

    with pytest.raises(ValueError, match=r"^logits cannot be made an array: donated buffer$"):
        sl.softmax(Donated())


def test_a_vector_as_large_as_float64_holds():
    """Ours. By hand: a = (1/2, 1/2), mean of v is 0, so that the product is v/2."""
    np.testing.assert_array_equal(sl.softmax_vjp([0.0, 0.0], [1e308, -1e308]), [5e307, -5e307])


@pytest.mark.parametrize("function", [sl.softmax_cross_entropy, sl.multiclass_hinge])
def test_an_empty_batch_and_an_empty_list(function):
    """pytorch/pytorch #50224. No samples have no losses; [] is float64 to NumPy."""
    assert function(np.empty((0, 3)), []).shape == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sl.entropy([1.0], base="2"), "base must be one real number, got '2'"),
        (
            lambda: sl.multiclass_hinge([1.0, 2.0], 0, margin=np.ones(2)),
            r"margin must be one real number, got an array of dtype float64 and shape \(2,\)",
        ),
    ],
)
def test_a_setting_that_is_no_number_is_named(call, message):
    """Ours: the message was one of Python or NumPy, without the name of the argument."""
    with pytest.raises(TypeError, match=f"^{message}$"):
        call()


def test_masked_features():
    """scipy/scipy #6160, jax-ml/jax #13795: a mask is dropped without a word."""
    features = np.ma.masked_array([[1.0, 2.0]], [[False, True]])
    with pytest.raises(TypeError, match=r"^features is a masked array: its mask would be ignored$"):
        sl.chunked_softmax_cross_entropy(features, np.eye(2), [0])
    with pytest.raises(TypeError, match=r"^logits holds a masked array: its mask would be ignored"):
        sl.softmax([features[0], features[0]])


def test_a_logit_of_minus_infinity_in_chunks():
    """tensorflow/tensorflow #11756. By hand: the class is masked; the two others share."""
    features, weights = [[1.0]], [[0.0], [-INF], [0.0]]
    result = sl.chunked_softmax_cross_entropy_with_grad(features, weights, [0], chunk_size=1)
    np.testing.assert_array_equal(result.losses, [np.log(2)])
    np.testing.assert_array_equal(result.features, [[0.0]])
    np.testing.assert_array_equal(result.weights, [[-0.5], [0.0], [0.5]])
    assert sl.chunked_softmax_cross_entropy(features, weights, [1]).tolist() == [INF]


def test_the_least_smoothed_loss_is_the_entropy_of_the_target():
    """pytorch/pytorch #148884. By hand: the target (.95, .05) has the entropy 0.1985152."""
    target = np.array([0.95, 0.05])
    loss = sl.softmax_cross_entropy(np.log(target), 0, label_smoothing=0.1)
    assert loss == pytest.approx(0.1985152433, abs=1e-10)
    assert loss == pytest.approx(sl.entropy(target), rel=1e-15)


def test_the_weighted_mean_divides_by_the_weights():
    """pytorch/pytorch #25571. By hand: log 2 from both samples, so that it is log 2 again."""
    w, labels = np.array([0.1, 10.0]), np.array([0, 1])
    losses = sl.softmax_cross_entropy(np.zeros((2, 2)), labels, weights=w[labels])
    assert losses.sum() / w[labels].sum() == pytest.approx(np.log(2), rel=1e-15)
