"""Compare softmaxlab and others with fifty digits, on scores made to be difficult.

Run it with `python -m benchmarks.accuracy [--json FILE]`.

Prints, for every function and family of scores, the worst error in units in the last place (ULP) of
the result's dtype. Families and samples are fixed by a seed. A library that is not installed has no
column. ``inf`` stands for a result that is infinite, NaN or zero where the truth is none of these.
"""

from decimal import ROUND_CEILING, Context
from importlib.util import find_spec

import mpmath
import numpy as np
import scipy
import scipy.special
import scipy.stats
import softmaxlab as sl
from sklearn.metrics import log_loss
from sklearn.utils.extmath import softmax as sklearn_softmax

from benchmarks.harness import arguments, write

DIGITS = 50
ROWS = 200
DTYPES = (np.float64, np.float32, np.float16)
SHARE = 0.1  # of each label that is spread over all classes
WEIGHT = 3.7  # of a sample, or of *yes*
METHODS = {
    "gradient, true class": "gradient",
    "smoothed loss": "smoothed",
    "weighted loss": "weighted_loss",
    "logsumexp with b": "weighted",
}  # of `Truth`, by what they are compared with


# Scores -------------------------------------------------------------------------------------------


def ordinary(rng):
    return 3 * rng.standard_normal((ROWS, 10)) + 5


def two_classes(rng):
    return np.abs(5 * rng.standard_normal((ROWS, 2)))


def wide(rng):
    return rng.uniform(-1e4, 1e4, (ROWS, 10))


def common_offset(rng):
    offset = rng.choice([-1, 1], (ROWS, 1)) * 10 ** rng.uniform(0, 4, (ROWS, 1))
    return offset + 3 * rng.standard_normal((ROWS, 10))


def near_ties(rng):
    base = rng.uniform(0, 50, (ROWS, 1))
    eps = rng.choice([np.finfo(np.float64).eps, np.finfo(np.float32).eps], (ROWS, 1))
    return base * (1 + eps * rng.integers(-4, 5, (ROWS, 10)))


def equal_rivals(rng):
    """Return one score among many others that are equal: what is lost of one is lost of all."""
    rivals = rng.integers(1, 300, ROWS)
    level = rng.choice([-1, 1], (ROWS, 1)) * rng.uniform(20, 50, (ROWS, 1))
    scores = np.where(np.arange(300) <= rivals[:, None], level, -np.inf)
    scores[:, 0] += rng.uniform(0, 12, ROWS)
    return scores


def log_probabilities(rng):
    """Return scores whose exponentials sum to one, up to rounding."""
    scores = rng.standard_normal((ROWS, 10))
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def one_dominates(rng):
    scores = rng.standard_normal((ROWS, 10))
    scores[:, 0] = scores[:, 1:].max(axis=1) + rng.uniform(1, 690, ROWS)
    return scores


def one_dominates_from_afar(rng):
    return one_dominates(rng) + rng.uniform(-1e3, 1e3, (ROWS, 1))


def vanishing(rng):
    """Return scores whose other classes are at the edge of what float64 can hold."""
    scores = rng.uniform(-3, 3, (ROWS, 5))
    scores[:, 0] += rng.uniform(680, 745, ROWS)
    return scores


def tiny_scores(rng):
    return rng.standard_normal((ROWS, 5)) * 10.0 ** rng.uniform(-320, -5, (ROWS, 1))


def masked(rng):
    scores = ordinary(rng)
    scores[:, 1:][rng.random((ROWS, 9)) < 0.5] = -np.inf
    return scores


def vocabulary(rng):
    scores = np.round(3 * rng.standard_normal((8, 50257)), 2)
    scores[::2] = 0
    scores[:, 0] = [20, 20.1, 1.3, 5, 300.7, 0, 13.37, 12.1]
    return scores


def a_million_classes(rng):
    scores = np.round(rng.standard_normal((2, 10**6)), 2)
    scores[1, 0] = 40.3
    return scores


FAMILIES = [
    ordinary,
    two_classes,
    wide,
    common_offset,
    near_ties,
    equal_rivals,
    log_probabilities,
    one_dominates,
    one_dominates_from_afar,
    vanishing,
    tiny_scores,
    masked,
    vocabulary,
    a_million_classes,
]


# The truth ----------------------------------------------------------------------------------------


class Truth:
    """Fifty digits of what belongs to one row of scores. Equal scores are computed once."""

    def __init__(self, z):
        self.values, self.inverse, self.counts = np.unique(
            z.astype(float), return_inverse=True, return_counts=True
        )
        self.z = [mpmath.mpf(float(v)) for v in self.values]
        self.top = self.z[-1]
        self.e = [mpmath.exp(z - self.top) for z in self.z]
        self.rest = mpmath.fsum(n * e for n, e in zip(self._others(), self.e, strict=True))
        self.log_total = mpmath.log1p(self.rest)  # log(1 + rest) would lose a tiny rest

    def _others(self):
        counts = [int(n) for n in self.counts]
        counts[-1] -= 1
        return counts

    def _each(self, values):
        return [values[i] for i in self.inverse]

    def logsumexp(self):
        """Return the logarithm of the sum."""
        return self.top + self.log_total

    def loss(self, label):
        """Return the cross-entropy with a class index."""
        return (self.top - self.z[self.inverse[label]]) + self.log_total

    def weighted_loss(self, label):
        """Return the cross-entropy of a sample with a weight."""
        return mpmath.mpf(WEIGHT) * self.loss(label)

    def smoothed(self, label):
        """Return the cross-entropy of which a share goes to all classes that are not masked."""
        counts = [int(n) for n in self.counts]
        there = [(n, z) for n, z in zip(counts, self.z, strict=True) if mpmath.isfinite(z)]
        gaps = mpmath.fsum(n * (self.top - z) for n, z in there) / sum(n for n, _ in there)
        share = mpmath.mpf(SHARE)
        return (1 - share) * self.loss(label) + share * (gaps + self.log_total)

    def weighted(self):
        """Return the logarithm of the sum with the factors of `factors`."""
        counts = [int(n) for n in self.counts]
        triples = zip(counts, factors(self.values), self.e, strict=True)
        return self.top + mpmath.log(
            mpmath.fsum(n * mpmath.mpf(float(b)) * e for n, b, e in triples)
        )

    def softmax(self):
        """Return all probabilities."""
        return self._each([e / (1 + self.rest) for e in self.e])

    def log_softmax(self):
        """Return the logarithms of all probabilities."""
        return self._each([(z - self.top) - self.log_total for z in self.z])

    def gradient(self, label):
        """Return the derivative with respect to the right class."""
        return mpmath.expm1(-self.loss(label))

    def entropy(self):
        """Return the entropy of softmax."""
        terms = zip(self._others(), self.e, self.z, strict=True)
        gaps = [n * e * (self.top - z) for n, e, z in terms if e]
        return self.log_total + mpmath.fsum(gaps) / (1 + self.rest)


def divergence(a, b):
    """Return fifty digits of the KL divergence between the softmax of two rows of scores."""
    pairs, counts = np.unique(np.stack([a, b]).astype(float), axis=1, return_counts=True)
    with mpmath.workdps(750):  # the terms are as large as 1, and their sum as small as 1e-300
        a, b = ([mpmath.mpf(float(z)) for z in row] for row in pairs)
        counts = [int(n) for n in counts]
        log_a, log_b = (_log_of_sum(counts, row) for row in (a, b))
        triples = [(n, x - log_a, y - log_b) for n, x, y in zip(counts, a, b, strict=True)]
        return mpmath.fsum(n * mpmath.exp(x) * (x - y) for n, x, y in triples if mpmath.isfinite(x))


def _log_of_sum(counts, row):
    terms = (n * mpmath.exp(z) for n, z in zip(counts, row, strict=True))
    return mpmath.log(mpmath.fsum(terms))


def squared_distance(p, label):
    """Return fifty digits of how far a row of probabilities is from its label."""
    values, counts = np.unique(np.delete(p, label), return_counts=True)
    others = (int(n) * mpmath.mpf(float(v)) ** 2 for v, n in zip(values, counts, strict=True))
    return (1 - mpmath.mpf(float(p[label]))) ** 2 + mpmath.fsum(others)


def softplus(z):
    return max(z, mpmath.mpf(0)) + mpmath.log1p(mpmath.exp(-abs(z)))


def error(got, true):
    """Return the distance of a result from the truth in units in the last place.

    Units are not taken smaller than those of 1e-300. Below, exponentials on the way to a result
    lose digits because they are subnormal numbers.
    """
    got = np.asarray(got)
    with np.errstate(over="ignore"):
        nearest = got.dtype.type(float(true))
    if not np.isfinite(got):
        return 0.0 if got == nearest else np.inf
    unit = np.spacing(np.maximum(np.abs(nearest), got.dtype.type(1e-300)))
    if got == 0 and abs(nearest) > 1e-300:
        return np.inf
    return float(abs(mpmath.mpf(float(got)) - true) / mpmath.mpf(float(unit)))


# What is compared ---------------------------------------------------------------------------------


def ours():
    def gradient(z, y):
        return right(sl.softmax_cross_entropy_grad(z, y), y)

    return {
        "loss": sl.softmax_cross_entropy,
        "gradient, true class": gradient,
        "logsumexp": lambda z, y: sl.logsumexp(z),
        "softmax": lambda z, y: sl.softmax(z),
        "log_softmax": lambda z, y: sl.log_softmax(z),
        "sigmoid loss": lambda z, y: sl.sigmoid_cross_entropy(z[:, 0], yes(y)),
        "entropy": lambda z, y: sl.entropy_from_logits(z),
        "KL": lambda a, b: sl.kl_divergence_from_logits(a, b),
    }


def options():
    """Return what has keywords that change the result, and a score of probabilities."""
    return {
        "weighted loss": lambda z, y: sl.softmax_cross_entropy(
            z, y, weights=np.full(len(z), WEIGHT)
        ),
        "smoothed loss": lambda z, y: sl.softmax_cross_entropy(z, y, label_smoothing=SHARE),
        "sigmoid loss, yes weighted": lambda z, y: sl.sigmoid_cross_entropy(
            z[:, 0], yes(y), pos_weight=WEIGHT
        ),
        "logsumexp with b": lambda z, y: sl.logsumexp(z, b=factors(z)),
        "Brier score": brier_scores,
    }


def brier_scores(z, y):
    rows = zip(probabilities(z), y, strict=True)
    return np.array([sl.brier_score(p[None], [k], scale_by_half=False) for p, k in rows])


def scipys():
    softmax, log_softmax = scipy.special.softmax, scipy.special.log_softmax
    log_expit = scipy.special.log_expit
    return {
        "loss": lambda z, y: -right(log_softmax(z, axis=1), y),
        "gradient, true class": lambda z, y: right(softmax(z, axis=1), y) - z.dtype.type(1),
        "logsumexp": lambda z, y: scipy.special.logsumexp(z, axis=1),
        "softmax": lambda z, y: softmax(z, axis=1),
        "log_softmax": lambda z, y: log_softmax(z, axis=1),
        "sigmoid loss": lambda z, y: (
            -(yes(y) * log_expit(z[:, 0]) + (1 - yes(y)) * log_expit(-z[:, 0])).astype(z.dtype)
        ),
        "entropy": lambda z, y: scipy.stats.entropy(softmax(z, axis=1), axis=1),
        "KL": lambda a, b: scipy.stats.entropy(softmax(a, axis=1), softmax(b, axis=1), axis=1),
    }


def scikit_learns():
    softmax = sklearn_softmax

    def loss(z, y):
        rows = zip(softmax(z), y, strict=True)
        classes = np.arange(z.shape[1])
        return np.array([log_loss([k], p[None], labels=classes) for p, k in rows], dtype=z.dtype)

    return {
        "loss": loss,
        "gradient, true class": lambda z, y: right(softmax(z), y) - z.dtype.type(1),
        "softmax": lambda z, y: softmax(z),
    }


def torchs():
    import torch
    from torch.nn import functional

    def grad(z, y):
        z = torch.tensor(z, requires_grad=True)
        functional.cross_entropy(z, torch.tensor(y), reduction="sum").backward()
        return right(z.grad.numpy(), y)

    def kl(a, b):
        a, b = (functional.log_softmax(torch.tensor(x), dim=1) for x in (a, b))
        return functional.kl_div(b, a, reduction="none", log_target=True).sum(dim=1).numpy()

    def of(function):
        return lambda z, y: function(torch.tensor(z)).numpy()

    return {
        "loss": lambda z, y: functional.cross_entropy(
            torch.tensor(z), torch.tensor(y), reduction="none"
        ).numpy(),
        "gradient, true class": grad,
        "logsumexp": of(lambda z: torch.logsumexp(z, dim=1)),
        "softmax": of(lambda z: torch.softmax(z, dim=1)),
        "log_softmax": of(lambda z: torch.log_softmax(z, dim=1)),
        "sigmoid loss": lambda z, y: functional.binary_cross_entropy_with_logits(
            torch.tensor(z[:, 0]), torch.tensor(yes(y).astype(z.dtype)), reduction="none"
        ).numpy(),
        "entropy": of(lambda z: torch.special.entr(torch.softmax(z, dim=1)).sum(dim=1)),
        "KL": kl,
    }


def jaxs():
    import jax

    jax.config.update("jax_enable_x64", True)
    nn = jax.nn
    return {
        "logsumexp": lambda z, y: nn.logsumexp(z, axis=1),
        "softmax": lambda z, y: nn.softmax(z, axis=1),
        "log_softmax": lambda z, y: nn.log_softmax(z, axis=1),
    }


def optaxs():
    import jax
    import optax

    losses = optax.losses

    def loss(z, y):
        return losses.softmax_cross_entropy_with_integer_labels(jax.numpy.asarray(z), y)

    return {
        "loss": loss,
        "gradient, true class": lambda z, y: right(
            np.asarray(jax.grad(lambda x: loss(x, y).sum())(jax.numpy.asarray(z))), y
        ),
        "sigmoid loss": lambda z, y: losses.sigmoid_binary_cross_entropy(
            jax.numpy.asarray(z[:, 0]), jax.numpy.asarray(yes(y).astype(z.dtype))
        ),
    }


LIBRARIES = {
    "softmaxlab": ours,
    "scipy": scipys,
    "scikit-learn": scikit_learns,
    "torch": torchs,
    "jax": jaxs,
    "optax": optaxs,
}


def right(rows, labels):
    """Return the entry of each row that belongs to its label."""
    return rows[np.arange(len(labels)), labels]


def factors(z):
    """Return a factor for the exponential of each score, the same for equal scores."""
    return 1 + 1 / (1 + np.abs(z.astype(float)))


def probabilities(z):
    """Return distributions that belong to scores."""
    return scipy.special.softmax(z.astype(float), axis=1)


def yes(labels):
    """Return labels for a sigmoid: 0, one half, or 1."""
    return np.minimum(labels, 2) / 2


def truths(name, z, y, b):
    """Return the fifty digits that a function should give for each row of scores."""
    rows = range(len(z))
    if name == "KL":
        return [divergence(z[i], b[i]) for i in rows]
    if name.startswith("sigmoid loss"):
        scores = [mpmath.mpf(float(s)) for s in z[:, 0]]
        pairs = zip(scores, map(mpmath.mpf, yes(y)), strict=True)
        factor = 1 if name == "sigmoid loss" else mpmath.mpf(WEIGHT)
        return [factor * k * softplus(-s) + (1 - k) * softplus(s) for s, k in pairs]
    if name == "Brier score":
        return [squared_distance(p, k) for p, k in zip(probabilities(z), y, strict=True)]
    method = METHODS.get(name, name)
    labelled = method in ("loss", "gradient", "smoothed", "weighted_loss")
    return [getattr(Truth(z[i]), method)(*([y[i]] if labelled else [])) for i in rows]


def drawn(family, dtype):
    """Return scores of a family, labels, and the scores of a second model, near the first."""
    rng = np.random.default_rng(sum(map(ord, family.__name__)))
    z = family(rng).astype(dtype)
    y = rng.integers(0, min(z.shape[1], 3), len(z))
    y[: len(z) // 2] = z[: len(z) // 2].argmax(axis=1)
    y[np.isinf(right(z, y))] = 0
    scale = 10.0 ** rng.uniform(-12, 1, (len(z), 1)) * np.minimum(np.abs(z).max(), 1)
    # In a large vocabulary equal scores stay equal, so that the truth is found in finite time.
    with np.errstate(invalid="ignore"):
        change = np.sin(z) if z.shape[1] > 100 else rng.standard_normal(z.shape)
        return z, y, np.where(np.isinf(z), z, z + scale * change).astype(dtype)


def worst(got, true):
    """Return the largest error of a function over all rows, and entries of rows."""
    got = np.asarray(got)
    if got.ndim == 2 and got.shape[1] > 1000:  # the same score, the same result: look at some
        some = np.unique(np.linspace(0, got.shape[1] - 1, 300).astype(int))
        got, true = got[:, some], [[row[i] for i in some] for row in true]
    flat = [t for row in true for t in row] if got.ndim == 2 else true
    return max(error(g, t) for g, t in zip(got.ravel(), flat, strict=True))


def measure(families=FAMILIES, dtypes=DTYPES, report=print):
    """Return ``{dtype: {function: {family: {library: worst error}}}}``."""
    always = ("softmaxlab", "scipy", "scikit-learn")
    found = {n: make() for n, make in LIBRARIES.items() if n in always or find_spec(n)}
    return _measured(found, families, dtypes, report)


def measure_options(families=FAMILIES, dtypes=DTYPES, report=print):
    """Return likewise the worst errors of `options`."""
    return _measured({"softmaxlab": options()}, families, dtypes, report)


def _measured(found, families, dtypes, report):
    mpmath.mp.dps = DIGITS
    results = {np.dtype(d).name: {name: {} for name in found["softmaxlab"]} for d in dtypes}
    for dtype, of_dtype in results.items():
        for family in families:
            for name, errors in errors_of(family, dtype, found):
                of_dtype[name][family.__name__] = {n: rounded_up(e) for n, e in errors.items()}
                report(f"{dtype:8} {name:26} {family.__name__:24}", _line(errors))
    return results


def errors_of(family, dtype, libraries, rows=ROWS):
    """Yield the name of each function with the worst error of each library that has it."""
    z, y, b = (array[:rows] for array in drawn(family, dtype))
    for name in libraries["softmaxlab"]:
        second = b if name == "KL" else y
        true = truths(name, z, y, b)
        having = {library: table for library, table in libraries.items() if name in table}
        yield name, {n: _worst_of(table[name], z, second, true) for n, table in having.items()}


def rounded_up(units):
    """Return three digits of an error, and never less than the error."""
    return float(Context(prec=3, rounding=ROUND_CEILING).create_decimal(float(units)))


def _worst_of(function, z, second, true):
    with np.errstate(all="ignore"):
        return worst(function(z.copy(), second), true)


def _line(errors):
    return "  ".join(f"{library} {value:.3g}" for library, value in errors.items())


def main():
    given = arguments(__doc__)
    results = {"accuracy": measure(), "options": measure_options()}
    if given.json:
        write(given.json, results)


if __name__ == "__main__":
    main()
