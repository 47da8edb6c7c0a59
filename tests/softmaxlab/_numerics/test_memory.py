"""How much memory a call takes beside its arguments and its result, and how much of it is kept.

Each call is made in a thread of its own, to which no earlier call has left anything.
"""

import threading
import tracemalloc

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab._numerics import blocks, memory
from softmaxlab._numerics.blocks import Rows

BLOCK = 400_000  # bytes of a block in these tests
NOISE = 80_000  # what Python takes, and NumPy where it casts


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(memory, "LARGEST", BLOCK)
    monkeypatch.setattr(memory, "_UNIT", BLOCK // 8)
    monkeypatch.setattr(blocks, "_BLOCK", BLOCK // 8)


def taken(function, *arguments):
    """Return the most bytes that a call takes, and those that it keeps when it is done.

    The first call is not looked at: it loads the code of a kernel, if kernels compute.
    """
    function(*arguments)
    seen = []

    def run():
        tracemalloc.start()
        function(*arguments)
        seen.extend(reversed(tracemalloc.get_traced_memory()))
        tracemalloc.stop()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return seen


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
class TestManyLongRows:
    @pytest.fixture
    def logits(self, dtype):
        return np.zeros((256, 2000), dtype)

    def test_a_loss_takes_a_block(self, logits):
        peak, _ = taken(sl.softmax_cross_entropy, logits, np.zeros(256, int))
        assert peak <= BLOCK + NOISE

    def test_logsumexp_takes_a_block(self, logits):
        peak, _ = taken(sl.logsumexp, logits)
        assert peak <= BLOCK + NOISE

    @pytest.mark.parametrize("function", [sl.softmax, sl.log_softmax])
    def test_a_table_takes_a_block_beside_the_result(self, function, logits):
        peak, _ = taken(function, logits)
        assert peak <= logits.nbytes + BLOCK + NOISE


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_large_vocabulary_takes_a_hundredth_of_its_logits(dtype):
    logits, labels = np.zeros((256, 50_257), dtype), np.zeros(256, int)
    for call in (lambda: sl.softmax_cross_entropy(logits, labels), lambda: sl.logsumexp(logits)):
        assert taken(call)[0] <= logits.nbytes / 100
    for function in (sl.softmax, sl.log_softmax):
        assert taken(function, logits)[0] <= logits.nbytes + memory.LARGEST + NOISE


@pytest.mark.usefixtures("small_blocks", "by_numpy")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n_classes", [110_000, 150_000])
def test_the_memory_of_a_row_longer_than_a_block_is_given_back(n_classes, dtype):
    logits = np.zeros((3, n_classes), dtype)
    peak, kept = taken(sl.logsumexp, logits)
    assert peak > logits[0].nbytes
    assert kept < 50_000


def test_memory_that_was_enough_for_a_small_block_grows_for_a_large_one(tiny):
    logits = np.random.default_rng(0).normal(size=(34, 5)).astype(np.float32)
    sl.logsumexp(logits)
    rows = sl.softmax(logits)
    np.testing.assert_array_equal(rows[:10], sl.softmax(logits[:10]))
    np.testing.assert_array_equal(rows[-10:], sl.softmax(logits[-10:]))


def test_arrays_that_go_by_one_name_do_not_share_their_memory(tiny):
    ones, twos = np.ones((3, 7), np.float16), np.full((3, 7), 2, np.float16)
    rows, others = Rows(ones, 1, "p"), Rows(twos, 1, "p")
    (_, block), (_, other) = next(rows.blocks()), next(others.blocks())
    assert (block == 1).all()
    assert (other == 2).all()


@pytest.mark.usefixtures("small_blocks")
def test_a_second_call_takes_no_block():
    logits, more = np.zeros((300, 1000), np.float16), []

    def twice():
        sl.logsumexp(logits)
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        sl.logsumexp(logits)
        more.append(tracemalloc.get_traced_memory()[1] - before)

    taken(twice)
    assert more[0] < NOISE


@pytest.mark.usefixtures("small_blocks")
def test_calls_one_after_the_other_use_the_same_memory():
    logits = np.zeros((300, 100), np.float16)
    sl.logsumexp(logits)
    _, kept = taken(lambda: [sl.logsumexp(logits) for _ in range(50)])
    assert kept < 3 * BLOCK
