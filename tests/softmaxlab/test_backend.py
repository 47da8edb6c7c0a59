"""What is asked of a kernel, and what becomes of its results, where no kernel is there."""

import sys
from types import ModuleType

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab import backend, textbook
from softmaxlab._numerics.checks import tolerance

Z = np.array([[1.0, 0.0, -1.0], [3.0, 2.5, 2.0], [0.0, 0.0, 0.5], [-2.0, 1.0, 4.0]])
Y = np.array([0, 2, 1, 2])
P, Q = textbook.softmax(Z), textbook.softmax(-Z)
WIDE = np.random.default_rng(0).normal(size=(2, 100)).astype(np.float32)

#: What the kernels compute, by the plain formulas.
PLAIN = {
    "softmax": lambda z: [textbook.softmax(z)],
    "log_softmax": lambda z: [textbook.log_softmax(z)],
    "logsumexp": lambda z: [textbook.logsumexp(z)],
    "loss": lambda z, y: [textbook.softmax_cross_entropy(z, y)],
    "loss_with_grad": textbook.softmax_cross_entropy_with_grad,
    "sigmoid_loss": lambda z, y: [textbook.sigmoid_cross_entropy(z, y)],
    "kl_divergence": lambda p, q: [textbook.kl_divergence(p, q)],
}
CALLS = {
    "softmax": lambda: sl.softmax(Z),
    "log_softmax": lambda: sl.log_softmax(Z),
    "logsumexp": lambda: sl.logsumexp(Z),
    "loss": lambda: sl.softmax_cross_entropy(Z, Y),
    "loss_with_grad": lambda: sl.softmax_cross_entropy_with_grad(Z, Y),
    "sigmoid_loss": lambda: sl.sigmoid_cross_entropy(Z[:, 0], Y > 0),
    "kl_divergence": lambda: sl.kl_divergence(P, Q, base=2),
}


class StandIn(ModuleType):
    """Fills the results as a kernel would, tripled so that it shows, and keeps what is asked."""

    able = True

    def __init__(self):
        super().__init__("softmaxlab.fast")
        self.asked = []

    def compute(self, name, precision, inputs, results, *options):
        self.asked.append((name, np.dtype(precision).name, *options))
        if self.able:
            for result, numbers in zip(results, PLAIN[name](*inputs), strict=True):
                result[:] = 3 * numbers
        return self.able


@pytest.fixture
def kernels(by_numpy, monkeypatch):
    """Put the stand-in where the kernels are."""
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "softmaxlab.fast", stand_in)
    monkeypatch.setattr(sl, "fast", stand_in, raising=False)
    monkeypatch.setattr(backend, "_fast", None)
    sl.use("numba")
    return stand_in


def arrays(result):
    """Return the arrays of a result: two if it is a loss with its gradient."""
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", CALLS)
def test_what_a_kernel_gives_is_the_result(name, kernels):
    found = CALLS[name]()
    (asked,) = kernels.asked
    assert asked[:2] == (name, "float64")
    sl.use("numpy")
    for got, by_numpy in zip(arrays(found), arrays(CALLS[name]()), strict=True):
        unit = np.log(2) if name == "kl_divergence" else 1
        np.testing.assert_allclose(got, 3 * unit * by_numpy, rtol=1e-13, atol=1e-15)
    assert len(kernels.asked) == 1


@pytest.mark.parametrize("name", CALLS)
def test_where_a_kernel_gives_up_numpy_computes(name, kernels):
    kernels.able = False
    found = CALLS[name]()
    assert [one[0] for one in kernels.asked] == [name]
    sl.use("numpy")
    for got, by_numpy in zip(arrays(found), arrays(CALLS[name]()), strict=True):
        np.testing.assert_array_equal(got, by_numpy)


def test_long_rows_of_single_precision_are_computed_in_it(kernels):
    sl.softmax(WIDE)
    sl.log_softmax(WIDE)
    sl.logsumexp(WIDE)
    sl.softmax_cross_entropy(WIDE, [0, 99])
    assert {precision for _, precision in kernels.asked} == {"float32"}


def test_a_divergence_says_how_far_off_a_sum_may_be(kernels):
    sl.kl_divergence(P.astype(np.float32), Q, base=2)
    ((_, _, of_p, of_q, unit),) = kernels.asked
    assert of_p == 0.999 * tolerance(4, 3)
    assert of_q == 0.999 * tolerance(8, 3)
    assert unit == np.log(2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sl.logsumexp(Z, b=2.0),
        lambda: sl.sigmoid_cross_entropy(Z, Z > 0, pos_weight=2.0),
        lambda: sl.softmax_cross_entropy(Z, P),
        lambda: sl.softmax_cross_entropy(Z, Y, label_smoothing=0.1),
        lambda: sl.sigmoid(Z),
        lambda: sl.entropy(P),
    ],
)
def test_what_no_kernel_is_asked_for(call, kernels):
    call()
    assert kernels.asked == []
