"""The KL divergence of a block, as a sum of terms of which none is negative."""

import numpy as np
from numpy.typing import NDArray

from softmaxlab._numerics.blocks import Rows
from softmaxlab._numerics.exponentials import exponentials_in_double
from softmaxlab._numerics.series import exp_beyond_tangent, log_below_tangent
from softmaxlab._numerics.summation import (
    Index,
    compensated_sum,
    flat_index,
    sum_over_classes,
    two_diff,
)
from softmaxlab._types import Floats

_MUCH_LIKELIER = 100.0  # where q is so many times p, q and p (1 + r) differ, and nothing cancels


def divergence(p: Floats, q: Floats) -> Floats:
    """Return the sum of ``p log(p/q) - p + q`` over the classes."""
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    with np.errstate(all="ignore"):
        change = q - p
        t = change / p
        near = p * log_below_tangent(t)
        ratio = np.minimum(q / p, np.finfo(float).max)
        far = change - p * np.log(ratio)
    terms = np.where((t > -0.5) & (t < 1), near, far)
    np.copyto(terms, q, where=p == 0)
    return sum_over_classes(terms)


def divergence_from_logits(a_rows: Rows, b_rows: Rows, a: Floats, b: Floats) -> Floats:
    """Return the sum of ``p (exp(r) - 1 - r)``, where p = softmax(a) and r = log(q/p).

    Where r is large, the first term is ``q``. The division by the sum that makes p of exponentials
    is done once, at the end.
    """
    of_a, of_b = exponentials_in_double(a_rows, a), exponentials_in_double(b_rows, b)
    p, q = of_a.terms, of_b.terms
    total = _bring_near_one(p, of_a.total)
    q *= total / _bring_near_one(q, of_b.total)
    far = q > _MUCH_LIKELIER * p
    likeliest = flat_index(a, a.argmax(axis=0))
    with np.errstate(all="ignore"):
        gap = of_b.largest - b.ravel("K")[likeliest]
        log_p_over_q = gap + (of_b.log1p_others - of_a.log1p_others)
        r, lost = _log_ratio(a, b, likeliest, far, p / total, q / total, log_p_over_q)
        near = p * exp_beyond_tangent(r, lost)
        terms = np.where(far, q - np.where(p > 0, p * (1 + r), 0), near)
    np.copyto(terms, 0, where=(p == 0) & (q == 0))
    np.copyto(terms, np.inf, where=(b == -np.inf) & (a > -np.inf))
    return compensated_sum(terms) / total


def _bring_near_one(e: Floats, total: Floats) -> Floats:
    """Divide exponentials by a power of two, which rounds nothing; return their total."""
    _, exponent = np.frexp(total)
    e *= np.ldexp(1.0, -exponent)
    return compensated_sum(e)


def _log_ratio(
    a: Floats,
    b: Floats,
    likeliest: Index,
    far: NDArray[np.bool],
    p: Floats,
    q: Floats,
    log_p_over_q: Floats,
) -> tuple[Floats, Floats]:
    """Return ``log(q/p)``, and what its rounding has lost.

    It is ``d - c`` with ``d = b - a`` and ``exp(c)`` the mean of ``exp(d)`` over p. All is taken
    relative to d of the likeliest class, so that it is as small as the differences are. Classes
    that are far likelier in q than in p have their share in the mean by q. Where it overflows, the
    probabilities of the likeliest class tell the same.
    """
    d, lost = two_diff(b, a)
    d[~np.isfinite(d)] = 0
    x, lost_in_x = two_diff(d, d.ravel("K")[likeliest])
    lost_in_x += lost - lost.ravel("K")[likeliest]
    mean = compensated_sum(np.where(far, -p, p * np.expm1(x)))
    share = compensated_sum(np.where(far, q, 0))
    centre = np.log1p(mean) - np.log1p(-share)
    c = np.where(np.isfinite(centre) & (share < 0.9), centre, log_p_over_q)
    r, lost_in_r = two_diff(x, c)
    return r, lost_in_r + lost_in_x
