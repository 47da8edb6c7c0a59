"""Fifty digits of what the functions should give, and how far a result is from them."""

from functools import partial

import mpmath
import numpy as np
import pytest
import softmaxlab
from softmaxlab import chunked, information
from softmaxlab._numerics import blocks, exponentials, memory, summation

# Sizes at which the work is divided, and some so small that a few numbers are on both sides.
TINY = {
    blocks: {"_BLOCK": 24, "_CHUNK": 5, "_FRESH": 10, "_FEW_CLASSES": 3, "_MANY_ROWS": 4},
    exponentials: {"_LONG_ROW": 8, "_EVERY": 3, "_LARGE_SUM": 20},
    chunked: {"_ROWS": 3},
    information: {"_PAIR_BLOCK": 16},
    memory: {"_UNIT": 16, "LARGEST": 200},
    summation: {"_SHORT": 4},
}


def pytest_addoption(parser):
    parser.addoption(
        "--backend",
        choices=("numpy", "numba"),
        help="what computes in softmaxlab (see `make fast`)",
    )


def pytest_configure(config):
    softmaxlab.use(backend_of(config))


def backend_of(config):
    """Return what computes in this run."""
    return config.getoption("--backend", None) or "numpy"


class Exact:
    """The definitions, in arithmetic with fifty digits, for one row of scores."""

    def __init__(self):
        self.mp = mpmath.mp.clone()
        self.mp.dps = 50

    def row(self, z):
        return [self.mp.mpf(float(s)) for s in z]

    def log_total(self, z):
        """Return log(sum exp(z - max z)). log(1 + e^-700) would be 0, also at fifty digits."""
        z = sorted(self.row(z))
        return self.mp.log1p(self.mp.fsum(self.mp.exp(s - z[-1]) for s in z[:-1]))

    def logsumexp(self, z):
        return max(self.row(z)) + self.log_total(z)

    def log_softmax(self, z):
        top, total = max(self.row(z)), self.log_total(z)
        return [(s - top) - total for s in self.row(z)]

    def softmax(self, z):
        return [self.mp.exp(s) for s in self.log_softmax(z)]

    def loss(self, z, y):
        """Return the loss for a class index, or for a distribution as it stands."""
        logs = self.log_softmax(z)
        if np.ndim(y) == 0:
            return -logs[y]
        return -self.mp.fsum(w * s for w, s in zip(self.row(y), logs, strict=True) if w)

    def entropy(self, z):
        pairs = zip(self.softmax(z), self.log_softmax(z), strict=True)
        return -self.mp.fsum(p * log_p for p, log_p in pairs if p)

    def divergence(self, a, b):
        """Return KL; the terms are as large as one and may cancel to 1e-300."""
        with self.mp.workdps(700):
            rows = zip(self.log_softmax(a), self.log_softmax(b), strict=True)
            return self.mp.fsum(self.mp.exp(x) * (x - y) for x, y in rows if not self.mp.isinf(x))

    def softplus(self, s):
        s = self.mp.mpf(float(s))
        return max(s, self.mp.zero) + self.mp.log1p(self.mp.exp(-abs(s)))

    def ulps(self, got, true):
        """Return the largest error of results, in units in the last place of their dtype."""
        got = np.asarray(got)
        true = np.asarray(true, dtype=object)
        assert got.shape == true.shape
        pairs = zip(got.ravel(), true.ravel(), strict=True)
        return max((self._ulps(g, t) for g, t in pairs), default=0.0)

    def _ulps(self, got, true):
        if not np.isfinite(got):
            return 0.0 if float(got) == float(true) else np.inf
        unit = np.spacing(np.abs(got.dtype.type(float(true))))
        return float(abs(self.mp.mpf(float(got)) - true) / self.mp.mpf(float(unit)))


@pytest.fixture
def tiny(monkeypatch):
    """Divide the work of a call into blocks of a few numbers, so that all seams are in sight."""
    for module, sizes in TINY.items():
        for name, size in sizes.items():
            monkeypatch.setattr(module, name, size)


@pytest.fixture
def by_numpy(request):
    """Let NumPy compute, where a test is about how it does so."""
    softmaxlab.use("numpy")
    yield
    softmaxlab.use(backend_of(request.config))


@pytest.fixture(scope="session")
def assert_same(request):
    """Return what compares results that all come from NumPy or, in part, from kernels.

    NumPy's must be the same to the last bit. A kernel's logarithm may be the other neighbour of the
    truth, and what no kernel takes, such as labels that are distributions, NumPy computes.
    """
    if backend_of(request.config) == "numpy":
        return np.testing.assert_array_equal
    return partial(np.testing.assert_array_max_ulp, maxulp=4)


@pytest.fixture(scope="session")
def exact():
    return Exact()
