"""The KL divergence of a block, as a sum of terms of which none is negative."""

import numpy as np

from softmaxlab._outward import difference, outward, sum_over_classes
from softmaxlab._series import exp_beyond_tangent, log_below_tangent

_LARGE = 5.0  # from here on, q and p (1 + r) are so different that q - p (1 + r) is safe
_OVERFLOW = 700.0


def divergence(p_rows, p, q_rows, q):
    """Return the sum of ``p log(p/q) - p + q`` over the classes."""
    with np.errstate(all="ignore"):
        change = np.subtract(q, p, dtype=np.float64)
        t = change / p
        near = p * log_below_tangent(t)
        ratio = np.minimum(np.divide(q, p, dtype=np.float64), np.finfo(float).max)
        far = change - p * np.log(ratio)
    terms = np.where((t > -0.5) & (t < 1), near, far)
    np.copyto(terms, q, where=p == 0)
    return sum_over_classes(terms)


def divergence_from_logits(a_rows, a, b_rows, b):
    """Return the sum of ``p (exp(r) - 1 - r)``, where p = softmax(a) and r = log(q/p).

    Where r is large, the first term is ``q``. The division by the sum that makes p of exponentials
    is done once, at the end.
    """
    top_a, rest_a, p, total = outward(a_rows, a)
    top_b, rest_b, q, total_b = outward(b_rows, b)
    q *= total / total_b
    with np.errstate(all="ignore"):
        d, lost = difference(b, a)
        log_ratio_of_sums = (top_b - top_a) + (np.log1p(rest_b) - np.log1p(rest_a))
        r, lost = _log_ratio(d, lost, p / total, log_ratio_of_sums)
        near = exp_beyond_tangent(r) + lost * np.expm1(r)
        terms = np.where(r < _LARGE, p * near, q - p * (1 + r))
    masked = ~np.isfinite(d)
    if masked.any():
        ruled_out = (d == -np.inf) & ((p > 0) | (b == -np.inf))
        np.copyto(terms, np.where(ruled_out, np.inf, q), where=masked)
    return sum_over_classes(terms) / total


def _log_ratio(d, lost, p, log_ratio_of_sums):
    """Return ``log(q/p)``, and what its rounding has lost.

    It is the difference ``d + lost`` of the logits, less ``log(sum p exp(d))``.

    The logarithm is taken relative to the likeliest class, so that it is as small as the
    differences are; only where these would overflow it is taken from the sums of exponentials.
    """
    safe = np.where(np.isfinite(d), d, 0)
    likeliest = p.argmax(axis=0), np.arange(p.shape[1])
    x, lost_in_x = difference(safe, safe[likeliest])
    lost_in_x += lost - lost[likeliest]
    centre = np.log1p(sum_over_classes(p * np.expm1(np.minimum(x, _OVERFLOW))))
    far = np.maximum.reduce(x, axis=0) > _OVERFLOW
    centre = np.where(far, log_ratio_of_sums - safe[likeliest], centre)
    r, lost_in_r = difference(x, centre)
    return r, lost_in_r + lost_in_x
