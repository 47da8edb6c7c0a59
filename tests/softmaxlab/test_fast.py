"""What Numba compiles: the switch, what goes to the kernels and what does not, and their seams.

That the results are right, the other tests say: `make fast` runs all of them over the kernels.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import softmaxlab as sl

Z = np.array([[3.0, 1.0, -3.0], [0.5, -np.inf, 2.0]])
Y = np.array([0, 2])
OURS = {
    "softmax": lambda z, y: sl.softmax(z),
    "log_softmax": lambda z, y: sl.log_softmax(z),
    "logsumexp": lambda z, y: sl.logsumexp(z),
    "loss": sl.softmax_cross_entropy,
    "loss_with_grad": sl.softmax_cross_entropy_with_grad,
    "sigmoid_loss": lambda z, y: sl.sigmoid_cross_entropy(z[:, 0], y > 0),
    "kl_divergence": lambda z, y: sl.kl_divergence(*distributions(z)),
}
OF_SCORES = [name for name in OURS if name not in ("sigmoid_loss", "kl_divergence")]
# Around what is worked on together: 512 numbers, or half of them in a row.
CLASSES = (1, 2, 10, 170, 171, 256, 257, 511, 512, 513, 1024, 1025, 2000)


def distributions(z):
    """Return two distributions for each row of scores, which are near each other in every other."""
    e = np.exp(z.astype(float))
    p = (e / e.sum(axis=1, keepdims=True)).astype(z.dtype)
    q = p[:, ::-1].copy()
    q[::2] = p[::2] + (q[::2] - p[::2]) / 8
    return p, q


def arrays(result):
    """Return the arrays of a result: two if it is a loss with its gradient."""
    return result if isinstance(result, tuple) else (result,)


@pytest.fixture
def fast(by_numpy):
    """Compute by kernels."""
    pytest.importorskip("numba", reason="no numba here: `make fast` runs this")
    sl.use("numba")
    from softmaxlab import fast

    return fast


@pytest.fixture
def taken(fast, monkeypatch):
    """Return a list of the kernels that have computed, filled as they are called."""
    names, compute = [], fast.compute

    def counted(name, *arguments):
        done = compute(name, *arguments)
        if done:
            names.append(name)
        return done

    monkeypatch.setattr(fast, "compute", counted)
    return names


class TestSwitch:
    def test_numpy_is_the_default(self):
        code = "from softmaxlab import backend; print(backend._fast)"
        assert subprocess.check_output([sys.executable, "-c", code], text=True) == "None\n"

    def test_without_numba_the_extra_is_named(self):
        code = (
            "import sys; sys.modules['numba'] = None\n"
            "import softmaxlab\n"
            "try: softmaxlab.use('numba')\n"
            "except ImportError as error: print(error)\n"
            "print(softmaxlab.softmax([0.0]))"
        )
        told = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
        message = 'softmaxlab.fast needs numba: pip install "softmaxlab[fast]"'
        assert told == [message, "[1.]"]

    def test_another_backend_is_refused(self):
        with pytest.raises(ValueError, match=r"^backend must be .*, got 'cuda'$"):
            sl.use("cuda")

    def test_back_to_numpy(self, taken):
        sl.use("numpy")
        sl.softmax(Z)
        assert taken == []


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("n_classes", CLASSES[1:])
@pytest.mark.parametrize("name", OURS)
def test_a_kernel_computes(name, n_classes, dtype, taken):
    z = np.random.default_rng(n_classes).normal(size=(2, n_classes)).astype(dtype)
    results = arrays(OURS[name](z, np.array([0, 1])))
    assert taken == [name]
    assert all(result.dtype == dtype for result in results)


def test_a_kernel_computes_in_bfloat16(taken):
    dtype = pytest.importorskip("ml_dtypes").bfloat16
    assert sl.softmax(Z.astype(dtype)).dtype == dtype
    assert taken == ["softmax"]


@pytest.mark.parametrize(
    "z",
    [
        Z.tolist(),
        np.arange(6).reshape(2, 3),
        np.asfortranarray(Z),
        Z[::-1, ::-1],
        Z.astype(">f8"),
        np.broadcast_to(Z[0], (2, 3)),
    ],
    ids=["list", "integers", "Fortran", "reversed", "big-endian", "read-only"],
)
def test_so_it_does_however_the_scores_lie(z, taken):
    for name in ("softmax", "loss"):
        assert OURS[name](z, Y) is not None
    assert taken == ["softmax", "loss"]


def test_more_ways_to_call_that_a_kernel_takes(taken):
    sl.softmax(Z, axis=0)
    sl.softmax(Z[:, ::2], axis=0, where=[[True, False], [True, True]])
    sl.softmax_cross_entropy(Z, [0, 1, 0], axis=0)
    sl.kl_divergence([[0.5, 0.5]], np.float32([0.25, 0.75]), base=2)
    sl.kl_divergence([1.0, 0.0], [0.0, 1.0])
    sl.logsumexp(Z, np.int64(-1), keepdims=True)
    sl.softmax_cross_entropy(Z[0], 1)
    sl.softmax_cross_entropy(Z[None], Y[None].astype(np.uint8), label_smoothing=0)
    sl.softmax_cross_entropy_grad(Z, Y)
    sl.softmax_cross_entropy(Z, Y, weights=[1.0, 2.0])
    sl.softmax_cross_entropy(Z, Y, ignore_index=2)
    sl.sigmoid_cross_entropy(1.0, 0)
    sl.sigmoid_cross_entropy(Z, 1.0)
    sl.sigmoid_cross_entropy(Z[0], [1.0, 0.0, 1.0], weights=[1.0, 2.0, 3.0])
    assert len(taken) == 14


@pytest.mark.parametrize(
    "call",
    [
        lambda: sl.logsumexp(Z, b=np.ones(3)),
        lambda: sl.softmax_cross_entropy(Z, Y, label_smoothing=0.1),
        lambda: sl.softmax_cross_entropy(Z, np.eye(3)[Y]),
        lambda: sl.sigmoid_cross_entropy(Z[0], [1.0, 0.0, 1.0], pos_weight=2.0),
        lambda: sl.kl_divergence([0.5, 0.5], [0.5, 0.5 + 0.9995e-8]),
        lambda: sl.kl_divergence([0.5, 0.5], np.float32([0.1, 0.9]).astype(float)),
        lambda: sl.kl_divergence_from_logits(Z, Z),
        lambda: sl.entropy([0.5, 0.5]),
        lambda: sl.cross_entropy([0.5, 0.5], [0.5, 0.5]),
        lambda: sl.entropy_from_logits(Z),
        lambda: sl.sigmoid(Z),
        lambda: sl.log_sigmoid(Z),
        lambda: sl.hardmax(Z),
        lambda: sl.sigmoid_cross_entropy_grad(Z[0], [1.0, 0.0, 1.0]),
        lambda: sl.chunked_softmax_cross_entropy(Z[:, :1], np.ones((4, 1)), Y),
    ],
)
def test_what_numpy_computes(call, taken):
    """The list in the docstring of `use`."""
    assert call() is not None
    assert taken == []


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("n_classes", CLASSES)
@pytest.mark.parametrize("name", OF_SCORES)
def test_one_bad_score_is_seen_wherever_it_is(name, n_classes, bad, fast):
    for place in {0, n_classes // 2, n_classes - 1}:
        z = np.random.default_rng(0).normal(size=(3, n_classes))
        z[1, place] = bad
        with pytest.raises(ValueError, match=rf"has {bad} at \(1, {place}\)"):
            OURS[name](z, np.zeros(3, int))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n_classes", CLASSES)
@pytest.mark.parametrize("name", OURS)
def test_both_ways_agree_at_every_seam(name, n_classes, dtype, fast):
    rng = np.random.default_rng(n_classes)
    for n_rows in (0, 1, 2, 5):
        z = (3 * rng.normal(size=(n_rows, n_classes))).astype(dtype)
        y = rng.integers(0, n_classes, n_rows)
        ours = OURS[name](z, y)
        sl.use("numpy")
        numpys = OURS[name](z, y)
        sl.use("numba")
        few = 40 * np.finfo(dtype).eps
        for a, b in zip(arrays(ours), arrays(numpys), strict=True):
            np.testing.assert_allclose(a, b, rtol=few, atol=few, strict=True)


@pytest.mark.parametrize("name", OURS)
def test_threads_change_nothing(name, fast, monkeypatch):
    z = np.random.default_rng(0).normal(size=(101, 7))
    y = np.arange(101) % 7
    alone = OURS[name](z, y)
    monkeypatch.setattr(fast, "PER_THREAD", 1)
    monkeypatch.setattr(fast.config, "NUMBA_NUM_THREADS", 3)
    with ThreadPoolExecutor(4) as callers:
        for together in callers.map(lambda _: OURS[name](z, y), range(8)):
            for a, b in zip(arrays(together), arrays(alone), strict=True):
                np.testing.assert_array_equal(a, b)


def test_nor_do_they_where_single_precision_costs_digits_of_a_row(fast, monkeypatch):
    z = np.random.default_rng(0).normal(size=(6, 100)).astype(np.float32)
    z[5, 0] = 90
    alone = sl.softmax_cross_entropy(z, np.zeros(6, int))
    monkeypatch.setattr(fast, "PER_THREAD", 1)
    monkeypatch.setattr(fast.config, "NUMBA_NUM_THREADS", 3)
    np.testing.assert_array_equal(sl.softmax_cross_entropy(z, np.zeros(6, int)), alone)
    assert 0 < alone[5] < 1e-30


def test_an_error_in_one_thread_is_an_error(fast, monkeypatch):
    monkeypatch.setattr(fast, "PER_THREAD", 1)
    monkeypatch.setattr(fast.config, "NUMBA_NUM_THREADS", 2)
    z = np.zeros((10, 2))
    z[9, 1] = np.nan
    with pytest.raises(ValueError, match=r"has nan at \(9, 1\)"):
        sl.softmax(z)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_has_threads_of_its_own(fast):
    code = (
        "import os, numpy as np, softmaxlab as sl\n"
        "sl.use('numba')\n"
        "from softmaxlab import fast\n"
        "fast.PER_THREAD, fast.config.NUMBA_NUM_THREADS = 1, 2\n"
        "z = np.zeros((4, 2)); sl.softmax(z)\n"
        "child = os.fork()\n"
        "print(sl.softmax(z).sum(), flush=True) if not child else os.waitpid(child, 0)\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120
    )
    assert told.stdout == "4.0\n"
