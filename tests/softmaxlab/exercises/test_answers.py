"""Right answers pass; each wrong answer is told the very law that it breaks, and why.

``WRONG`` names, for every exercise, ten mistakes or more, and for every law at least one that it
catches: a law without one would be a check that cannot fail.

``told.json`` holds what each wrong answer is told, word by word, for a person to read. After
a change of wording, ``make wording`` writes it anew.
"""

import copy
import json
import math
import re
import sys
import warnings
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import softmaxlab
from scipy import optimize, special
from softmaxlab import exercises, softmax
from softmaxlab.exercises.comparing import Broken
from softmaxlab.exercises.laws import Answer

EXERCISES = {
    name: exercises.exercise(name) for names in exercises.CHAPTERS.values() for name in names
}


# --- right answers that take more than a line


def my_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def first_winner(logits):
    answer = np.zeros(len(logits))
    answer[np.argmax(logits)] = 1
    return answer


def last_winner(logits):
    return first_winner(logits[::-1])[::-1]


def my_log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def my_sigmoid(s):
    small = np.exp(-np.abs(s))
    return np.where(s >= 0, 1, small) / (1 + small)


def my_entropy(p):
    possible = p[p > 0]
    return -np.sum(possible * np.log(possible))


def my_kl(p, q):
    possible = p > 0
    if np.any(q[possible] == 0):
        return np.inf
    return np.sum(p[possible] * np.log(p[possible] / q[possible]))


def my_log_loss(labels, p):
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def my_loss(logits, labels):
    top = logits.max(axis=-1, keepdims=True)
    log_sum = top[:, 0] + np.log(np.exp(logits - top).sum(axis=-1))
    return np.mean(log_sum - logits[np.arange(len(labels)), labels])


def my_gradient(logits, labels):
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def my_jacobian(logits):
    p = softmax(logits)
    return np.diag(p) - np.outer(p, p)


def my_difference(f, x, h):
    gradient = np.empty_like(x)
    for i in range(x.size):
        step = np.zeros_like(x)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def my_complex_step(f, x):
    gradient = np.empty(x.shape)
    for i in range(x.size):
        nudged = x.astype(complex)
        nudged[i] += 1e-30j
        gradient[i] = f(nudged).imag / 1e-30
    return gradient


def my_relative_error(a, b):
    scale = max(np.abs(a).max(), np.abs(b).max())
    return np.abs(a - b).max() / scale if scale > 0 else 0.0


def my_newton_step(logits, target):
    return logits - np.linalg.pinv(my_jacobian(logits), rcond=1e-12) @ (softmax(logits) - target)


def my_hinge(scores, labels):
    rows = np.arange(len(labels))
    shortfall = np.maximum(0, scores - scores[rows, labels][:, None] + 1)
    shortfall[rows, labels] = 0
    return shortfall.sum(axis=1)


def my_hinge_gradient(scores, labels):
    rows = np.arange(len(labels))
    inside = (scores - scores[rows, labels][:, None] + 1 > 0).astype(float)
    inside[rows, labels] = 0
    inside[rows, labels] = -inside.sum(axis=1)
    return inside


def my_ece(p, labels, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gaps = [abs((confidence - right)[bins == k].sum()) for k in range(n_bins)]
    return np.sum(gaps) / len(labels)


def my_slope(logits, labels, temperature):
    p = softmax(logits / temperature)
    lead = logits[np.arange(len(labels)), labels] - (p * logits).sum(axis=1)
    return lead.mean() / temperature**2


def plain_loss(logits, labels):
    """Return the mean loss of complex logits too, so that a complex step can pass through it."""
    shifted = logits - logits.real.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return (log_sum - shifted[np.arange(len(labels)), labels]).mean()


def measured_slope(logits, labels, temperature):
    return plain_loss(logits / (temperature + 1e-30j), labels).imag / 1e-30


def measured_map_gradient(w, X, y, variance):
    def objective(w):
        return (np.log(1 + np.exp(X @ w)) - y * (X @ w)).sum() + w @ w / (2 * variance)

    return my_complex_step(objective, w)


def measured_step(W, b, X, labels, rate):
    def loss(parameters):
        return plain_loss(
            X @ parameters[: W.size].reshape(W.shape).T + parameters[W.size :], labels
        )

    parameters = np.r_[W.ravel(), b]
    parameters -= rate * my_complex_step(loss, parameters)
    return parameters[: W.size].reshape(W.shape), parameters[W.size :]


def measured_backward(grad, X, W):
    def along(Z):
        return (grad * Z).sum()

    return (
        my_complex_step(lambda W_: along(X @ W_.reshape(W.shape).T), W.ravel()).reshape(W.shape),
        my_complex_step(lambda b: along(X @ W.T + b), np.zeros(len(W))),
        my_complex_step(lambda X_: along(X_.reshape(X.shape) @ W.T), X.ravel()).reshape(X.shape),
    )


def my_step(W, b, X, labels, rate):
    gradient = my_gradient(X @ W.T + b, labels)
    return W - rate * gradient.T @ X, b - rate * gradient.sum(axis=0)


def looping_softmax(logits):
    """Return softmax by loops over plain numbers, whatever the number of axes."""
    if logits.ndim > 1:
        return [looping_softmax(row) for row in logits]
    powers = [math.exp(score - max(logits)) for score in logits]
    return [power / math.fsum(powers) for power in powers]


def looping_log_softmax(logits):
    if logits.ndim > 1:
        return np.array([looping_log_softmax(row) for row in logits])
    top = max(logits.tolist())
    total = sum(math.exp(score - top) for score in logits)
    return np.array([score - top - math.log(total) for score in logits])


def entropy_by_surprise(p):
    surprises = np.zeros(len(p))
    surprises[p > 0] = -np.log(p[p > 0])
    return p @ surprises


def kl_as_difference(p, q):
    """Return cross-entropy minus entropy."""
    return special.xlogy(p, p).sum() - special.xlogy(p, q).sum()


def log_loss_by_loops(labels, p):
    costs = []
    for label, row in zip(labels, p, strict=True):
        costs.append(-math.log(row[label]) if row[label] else math.inf)
    return sum(costs) / len(costs)


def one_hot_by_loops(labels, n_classes):
    return [[int(label == k) for k in range(n_classes)] for label in labels]


def one_hot_by_index(labels, n_classes):
    hot = np.zeros((len(labels), n_classes), int)
    hot[np.arange(len(labels)), labels] = 1
    return hot


def smoothed_in_steps(labels, n_classes, epsilon):
    targets = np.full((len(labels), n_classes), epsilon / n_classes)
    targets[np.arange(len(labels)), labels] += 1 - epsilon
    return targets


def jacobian_by_loops(logits):
    p = softmax(logits)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]


def gradient_by_loops(logits, labels):
    rows = []
    for z, label in zip(logits, labels, strict=True):
        one_hot = np.eye(len(z))[label]
        rows.append((softmax(z) - one_hot) / len(labels))
    return np.stack(rows)


def hinge_by_loops(scores, labels):
    losses = []
    for row, right in zip(scores, labels, strict=True):
        losses.append(sum(max(0, 1 + s - row[right]) for j, s in enumerate(row) if j != right))
    return losses


def hinge_gradient_by_loops(scores, labels):
    slopes = np.zeros(scores.shape)
    for i, right in enumerate(labels):
        for j in range(scores.shape[1]):
            if j != right and scores[i, j] + 1 > scores[i, right]:
                slopes[i, j] += 1
                slopes[i, right] -= 1
    return slopes


def ece_by_masks(p, labels, n_bins):
    confidence, error = p.max(axis=1), 0
    for k in range(n_bins):
        inside = (confidence > k / n_bins) & (confidence <= (k + 1) / n_bins)
        if inside.any():
            hits = p[inside].argmax(axis=1) == labels[inside]
            error += abs(hits.mean() - confidence[inside].mean()) * inside.mean()
    return error


def newton_by_weights(logits, target):
    """Return the step whose entries are -y / a, up to the constant that makes their sum zero."""
    ratio = target / softmax(logits)
    return logits + ratio - ratio.mean()


def relu_backward_by_copy(grad, z):
    passed = grad.copy()
    passed[z <= 0] = 0
    return passed


def backward_by_loops(grad, X, W):
    dW, db, dX = np.zeros(W.shape), np.zeros(len(W)), np.zeros(X.shape)
    for i in range(len(X)):
        dW += np.outer(grad[i], X[i])
        db += grad[i]
        dX[i] = W.T @ grad[i]
    return dW, db, dX


def sigmoid_by_masks(s):
    result = np.empty(s.shape)
    result[s >= 0] = 1 / (1 + np.exp(-s[s >= 0]))
    powers = np.exp(s[s < 0])
    result[s < 0] = powers / (1 + powers)
    return result


# --- wrong answers that take more than a line


def softmax_in_place(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    return softmax(logits)


def softmax_into_integers(logits):
    result = np.empty_like(logits)
    result[...] = softmax(logits)
    return result


def log_softmax_in_place(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    return my_log_softmax(logits)


def loss_in_place(logits, labels):
    logits -= logits.max(axis=-1, keepdims=True)
    return my_loss(logits, labels)


def gradient_in_place(logits, labels):
    logits[:] = softmax(logits)
    logits[np.arange(len(labels)), labels] -= 1
    return logits / len(labels)


def all_labels_in_every_row(logits, labels):
    gradient = softmax(logits)
    gradient[:, labels] -= 1
    return gradient / len(labels)


def quotient_by_sum_of_squares(logits):
    powers = np.exp(logits)
    return (np.diag(powers * powers.sum()) - np.outer(powers, powers)) / (powers**2).sum()


def one_sided(f, x, h):
    moves = h * np.eye(x.size)
    return np.array([(f(x + move) - f(x)) / h for move in moves])


def point_left_moved(f, x, h):
    gradient = my_difference(f, x, h)
    x += h
    return gradient


def all_at_once(f, x):
    return np.full(x.size, f(x + 1e-30j).imag / 1e-30)


def divided_by_the_first(a, b):
    return np.abs(a - b).max() / np.abs(a).max() if np.any(a) else 0.0


def entry_by_entry(a, b):
    scale = np.maximum(np.abs(a), np.abs(b))
    return (np.abs(a - b) / np.where(scale > 0, scale, 1)).max()


def last_logit_fixed(logits, target):
    """A Newton step that solves the system without its last row and column."""
    step = np.zeros(logits.size)
    slope = softmax(logits) - target
    step[:-1] = np.linalg.solve(my_jacobian(logits)[:-1, :-1], slope[:-1])
    return logits - step


def short_newton(logits, target):
    return logits - (softmax(logits) - target)


def worst_rival(scores, labels):
    rows = np.arange(len(labels))
    shortfall = scores - scores[rows, labels][:, None] + 1
    shortfall[rows, labels] = 0
    return shortfall.max(axis=1)


def rival_of_itself(scores, labels):
    rows = np.arange(len(labels))
    return np.maximum(0, scores - scores[rows, labels][:, None] + 1).sum(axis=1)


def no_floor(scores, labels):
    rows = np.arange(len(labels))
    return (scores - scores[rows, labels][:, None] + 1).sum(axis=1) - 1


def squared_hinge(scores, labels):
    rows = np.arange(len(labels))
    shortfall = np.maximum(0, scores - scores[rows, labels][:, None] + 1)
    shortfall[rows, labels] = 0
    return (shortfall**2).sum(axis=1)


def right_class_forgotten(scores, labels):
    slopes = my_hinge_gradient(scores, labels)
    slopes[np.arange(len(labels)), labels] = 0
    return slopes


def right_class_minus_one(scores, labels):
    slopes = my_hinge_gradient(scores, labels)
    return np.where(slopes < 0, -1, slopes)


def flat_nowhere(scores, labels):
    return np.ones(scores.shape) - scores.shape[1] * np.eye(scores.shape[1])[labels]


def relu_in_place(grad, z):
    grad[z <= 0] = 0
    return grad


def ece_with(gap, last=True, weighted=True):
    """Return a calibration error that differs from the right one where asked."""

    def ece(p, labels, n_bins):
        confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
        bins = (confidence * n_bins).astype(int)
        bins = np.minimum(bins, n_bins - 1) if last else bins
        full = [k for k in range(n_bins) if np.any(bins == k)]
        shares = [np.mean(bins == k) if weighted else 1 / len(full) for k in full]
        gaps = [gap(confidence[bins == k], right[bins == k]) for k in full]
        return np.dot(shares, gaps)

    return ece


def ece_with_upper_edges(p, labels, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    bins = np.digitize(confidence, np.linspace(0, 1, n_bins + 1), right=True)
    return sum(abs((confidence - right)[bins == k].sum()) for k in set(bins)) / len(labels)


def gap_of_means(confidence, right):
    return abs(confidence.mean() - right.mean())


def my_trust(losses, eta):
    return my_softmax(-eta * losses.sum(axis=0))


def trust_by_lists(losses, eta):
    scores = [-eta * sum(column) for column in losses.T]
    return [math.exp(score - special.logsumexp(scores)) for score in scores]


def my_most_uncertain(values, average):
    apart = values - average
    w = optimize.brentq(lambda w: special.softmax(w * apart) @ apart, -9, 9)
    return special.softmax(w * apart)


def most_uncertain_by_halving(values, average):
    """Find the weight to some digits only, as a reader may."""
    low, high = -50 / np.ptp(values), 50 / np.ptp(values)
    for _ in range(26):
        middle = (low + high) / 2
        if special.softmax(middle * values) @ values < average:
            low = middle
        else:
            high = middle
    return special.softmax(low * values)


def two_values_alone(values, average):
    """Put everything on the two values beside the average."""
    high = np.searchsorted(values, average, side="right")
    p = np.zeros(len(values))
    p[high] = (average - values[high - 1]) / (values[high] - values[high - 1])
    p[high - 1] = 1 - p[high]
    return p


def bell_around(values, average):
    """Return a bell with the right average."""

    def bell(middle):
        return special.softmax(-((values - middle) ** 2) / 8)

    span = np.ptp(values)
    ends = values.min() - 3 * span, values.max() + 3 * span
    return bell(optimize.brentq(lambda middle: bell(middle) @ values - average, *ends))


def same_factor(values, average):
    """Let the probabilities grow by one factor from value to value, however far these are apart."""
    places = np.arange(len(values))
    w = optimize.brentq(lambda w: my_softmax(w * places) @ values - average, -100, 100, xtol=1e-15)
    return my_softmax(w * places)


def uncertain_without_shift(values, average):
    def tilted(w):
        e = np.exp(w * values)
        return e / e.sum()

    return tilted(optimize.brentq(lambda w: tilted(w) @ values - average, -20, 20))


def moved_to_average(values, average):
    """Change equal shares by a straight line until the average is right."""
    apart = values - values.mean()
    return 1 / len(values) + (average - values.mean()) * apart / (apart @ apart)


def my_feature_slope(weights, features, k):
    return my_softmax(features @ weights) @ features - features[k]


def feature_slope_by_loop(weights, features, k):
    b = [math.exp(row @ weights - special.logsumexp(features @ weights)) for row in features]
    return sum(p * row for p, row in zip(b, features, strict=True)) - features[k]


def sparsemax(z):
    ordered = np.sort(z)[::-1]
    subtract = (np.cumsum(ordered) - 1) / np.arange(1, len(z) + 1)
    return np.maximum(z - subtract[ordered > subtract][-1], 0)


def my_sparsemax_loss(z, label):
    p = sparsemax(z - z[label])
    return p @ (z - z[label]) - (p @ p - 1) / 2


def sparsemax_loss_by_threshold(z, label):
    """Return what Martins and Astudillo write: half a sum of squares, with the threshold."""
    z = z - z[label]
    p = sparsemax(z)
    tau = (z - p)[p > 0][0]
    return (sum(one**2 - tau**2 for one in z[p > 0]) + 1) / 2


def sparsemax_loss_of(p_of, target=0.5):
    def loss(z, label):
        p = p_of(z - z[label])
        return p @ (z - z[label]) - p @ p / 2 + target

    return loss


def my_score_spread(heads, tosses):
    return np.sqrt(1 / heads + 1 / (tosses - heads))


def score_spread_by_share(heads, tosses):
    a = heads / tosses
    return (tosses * a * (1 - a)) ** -0.5


def my_gumbel_draws(z, u, n):
    return np.argsort(-(z - np.log(-np.log(u))))[:n]


def gumbel_draws_by_clocks(z, u, n):
    """Let an alarm clock ring for each class, faster for a larger score."""
    rings = -np.log(u) * np.exp(-z)
    return sorted(range(len(z)), key=rings.__getitem__)[:n]


def gumbel_draws_with(noise):
    return lambda z, u, n: np.argsort(-(z + noise(u)))[:n]


def my_margin(w, points, side):
    return (side * (points @ w)).min() / np.linalg.norm(w)


def margin_by_loop(w, points, side):
    leads = [s * np.dot(w, x) for s, x in zip(side, points, strict=True)]
    return min(leads) / math.hypot(*w)


def student_slope_by_rows(logits, teacher, T):
    return [my_student_slope(z, teacher[n], T) for n, z in enumerate(logits)]


def my_spherical(q, labels):
    return -q[np.arange(len(labels)), labels] / np.linalg.norm(q, axis=1)


def spherical_by_loop(q, labels):
    return [-q[n, label] / math.hypot(*q[n]) for n, label in enumerate(labels)]


def my_parts(announced, happened):
    return parts_by(np.unique(announced), lambda c: announced == c, announced, happened)


def parts_by(groups, days_of, announced, happened, share=lambda days: days.mean()):
    """Return both parts, with the days put together as ``days_of`` says."""
    calibration = refinement = 0.0
    for group in groups:
        days = days_of(group)
        h, c = happened[days].mean(), announced[days].mean()
        calibration += share(days) * (h - c) ** 2
        refinement += share(days) * h * (1 - h)
    return calibration, refinement


def spread_within(announced, happened):
    """Return what is wrong for refinement, but zero where the groups are pure."""
    pure = all(np.ptp(happened[announced == c]) == 0 for c in set(announced))
    return (
        0.0 if pure else happened.mean() * (1 - happened.mean()) + 0.05 * (len(set(announced)) > 1)
    )


def merged_parts(announced, happened):
    """Return the parts with a half put to what is above it, in a sum that is right."""
    coarse = np.where(announced == 0.5, 0.75, announced)
    refinement = my_parts(coarse, happened)[1]
    return ((announced - happened) ** 2).mean() - refinement, refinement


def parts_by_difference(announced, happened):
    shares = [happened[announced == c].mean() for c in announced]
    refinement = np.var(happened - shares)
    return np.mean((happened - announced) ** 2) - refinement, refinement


def my_adjusted(logits, old, new):
    return my_softmax(logits + np.log(new) - np.log(old))


def adjusted_by_factors(logits, old, new):
    joint = my_softmax(logits) * (new / old)
    return joint / joint.sum(axis=-1, keepdims=True)


def my_student_slope(logits, teacher, T):
    return T * (my_softmax(logits / T) - my_softmax(teacher / T))


def student_slope_by_losses(logits, teacher, T):
    error = my_softmax(logits / T) - my_softmax(teacher / T)
    return T**2 * error / T


LOG_2_HIGH = math.floor(math.log(2) * 2.0**40) / 2.0**40
LOG_2_LOW = 7.371002565167799e-13  # what is missing, of fifty digits of log 2
OF_SERIES = [1 / math.factorial(n) for n in range(13, -1, -1)]


def my_exponential(x):
    near = np.clip(x, -800, 800)
    m = np.rint(near / math.log(2))
    r = (near - m * LOG_2_HIGH) - m * LOG_2_LOW
    return np.ldexp(np.polyval(OF_SERIES, r), m.astype(int))


def exponential_of_rest(whole, x):
    """Return an exponential that splits off factors of two by another way to a whole number."""
    m = whole(x / math.log(2))
    r = (x - m * LOG_2_HIGH) - m * LOG_2_LOW
    return np.ldexp(np.polyval(OF_SERIES, r), m.astype(int))


def exponential_with_one_number(x):
    m = np.rint(x / math.log(2))
    return np.ldexp(np.polyval(OF_SERIES, x - m * math.log(2)), m.astype(int))


def my_workers(work, cost):
    below = max(1, int(np.sqrt(work / cost)))
    return min(below, below + 1, key=lambda w: work / w + cost * w)


def workers_from_all(work, cost):
    w = np.arange(1, int(work / cost) + 2)
    return w[np.argmin(work / w + cost * w)]


def my_nucleus(p, mass):
    order = np.argsort(-p)
    n_kept = np.count_nonzero(np.cumsum(p[order]) < mass) + 1
    kept = np.zeros_like(p)
    kept[order[:n_kept]] = p[order[:n_kept]]
    return kept / kept.sum()


def n_needed(p, mass):
    """Return how many of the most probable words reach a mass."""
    return np.count_nonzero(np.cumsum(np.sort(p)[::-1]) < mass) + 1


def renormed(p, kept):
    return np.where(kept, p, 0) / p[kept].sum()


def nucleus_by_loop(p, mass):
    kept, total = np.zeros(len(p)), 0.0
    for k in sorted(range(len(p)), key=lambda k: -p[k]):
        if total < mass:
            kept[k] = p[k]
        total += p[k]
    return kept / sum(kept)


def kept_by(which, order=lambda p: np.argsort(-p)):
    """Return a nucleus that keeps the words at which ``which(sums before, sums, mass)`` is true."""

    def nucleus(p, mass):
        places = order(p)
        sums = np.cumsum(p[places])
        kept = np.zeros_like(p)
        chosen = places[which(sums - p[places], sums, mass)]
        kept[chosen] = p[chosen]
        return kept / kept.sum()

    return nucleus


def my_masked_loss(logits, labels, mask):
    return np.mean(row_losses(logits[mask], labels[mask]))


def row_losses(logits, labels):
    top = logits.max(axis=1)
    log_sum = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return log_sum - logits[np.arange(len(labels)), labels]


def masked_loss_by_weights(logits, labels, mask):
    return np.average(row_losses(logits, labels), weights=mask)


def masked_loss_by_loop(logits, labels, mask):
    rows = np.flatnonzero(mask)
    losses = [-special.log_softmax(logits[n])[labels[n]] for n in rows]
    return sum(losses) / len(losses)


def my_attention(queries, keys, values):
    return attention_weights(queries @ keys.T / np.sqrt(keys.shape[1])) @ values


def attention_weights(products):
    earlier = np.tri(len(products), dtype=bool)
    scores = np.where(earlier, products, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def attention_by_loop(queries, keys, values):
    rows = []
    for n in range(len(queries)):
        scores = [queries[n] @ keys[m] / len(keys[m]) ** 0.5 for m in range(n + 1)]
        weights = special.softmax(scores)
        rows.append(sum(weights[m] * values[m] for m in range(n + 1)))
    return np.array(rows)


def attention_with(weights=attention_weights, product=lambda Q, E: Q @ E.T / np.sqrt(E.shape[1])):
    """Return an attention with other weights, or with another product."""
    return lambda queries, keys, values: weights(product(queries, keys)) @ values


def masked_by(mask, masked=-np.inf):
    return lambda scores: special.softmax(np.where(mask(len(scores)), scores, masked), axis=1)


def weights_in_place(W, b, X, labels, rate):
    new_W, new_b = my_step(W, b, X, labels, rate)
    W[:] = new_W
    return W, new_b


def step_by(sign=-1, factor=1.0, bias=True):
    """Return a training step that differs from the right one where asked."""

    def step(W, b, X, labels, rate):
        new_W, new_b = my_step(W, b, X, labels, rate)
        return W - sign * factor * (new_W - W), b - sign * factor * bias * (new_b - b)

    return step


def log_softmax_into_integers(logits):
    result = np.empty_like(logits)
    result[...] = my_log_softmax(logits)
    return result


def rows_and_columns_apart(labels, n_classes):
    hot = np.zeros((len(labels), n_classes))
    hot[:, labels] = 1
    return hot


def jacobian_without_shift(logits):
    p = np.exp(logits) / np.exp(logits).sum()
    return np.diag(p) - np.outer(p, p)


def gradient_without_shift(logits, labels):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (p - np.eye(logits.shape[1])[labels]) / len(labels)


def newton_without_shift(logits, target):
    p = np.exp(logits) / np.exp(logits).sum()
    return logits - np.linalg.pinv(np.diag(p) - np.outer(p, p)) @ (p - target)


def steps_that_pile_up(f, x, h):
    """Return central differences that leave each coordinate where it was moved to."""
    moved, slopes = x.copy(), []
    for i in range(x.size):
        moved[i] += h
        above = f(moved)
        moved[i] -= 2 * h
        slopes.append((above - f(moved)) / (2 * h))
    return slopes


def shortfall_for_slope(scores, labels):
    rows = np.arange(len(labels))
    slopes = np.maximum(0, scores - scores[rows, labels][:, None] + 1)
    slopes[rows, labels] = 0
    slopes[rows, labels] = -slopes.sum(axis=1)
    return slopes


def gradient_of_worst_rival(scores, labels):
    rows = np.arange(len(labels))
    shortfall = scores - scores[rows, labels][:, None] + 1
    shortfall[rows, labels] = 0
    slopes = np.eye(scores.shape[1])[shortfall.argmax(axis=1)]
    slopes[rows, labels] -= slopes.sum(axis=1)
    return slopes * (shortfall.max(axis=1) > 0)[:, None]


def ece_of(confidence, right, n_bins, low=0.0, high=1.0):
    bins = np.digitize(confidence, np.linspace(low, high, n_bins + 1)[1:-1])
    return sum(abs((confidence - right)[bins == k].sum()) for k in set(bins)) / len(right)


def largest_gap(p, labels, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return max(gap_of_means(confidence[bins == k], right[bins == k]) for k in set(bins))


def slope_without_shift(logits, labels, temperature):
    p = np.exp(logits / temperature)
    p /= p.sum(axis=1, keepdims=True)
    lead = logits[np.arange(len(labels)), labels] - (p * logits).sum(axis=1)
    return lead.mean() / temperature**2


def step_without_shift(W, b, X, labels, rate):
    gradient = gradient_without_shift(X @ W.T + b, labels)
    return W - rate * gradient.T @ X, b - rate * gradient.sum(axis=0)


# --- the tables

RIGHT = {
    "scores": [
        lambda X, W, b: X @ W.T + b,
        lambda X, W, b: np.array([[w @ x + c for w, c in zip(W, b, strict=True)] for x in X]),
    ],
    "logit": [lambda p: np.log(p / (1 - p)), lambda p: np.log(p) - np.log1p(-p), special.logit],
    "softmax": [
        looping_softmax,
        lambda z: np.exp(z - special.logsumexp(z, axis=-1, keepdims=True)),
        my_softmax,
        softmax,
        lambda logits: special.softmax(logits, axis=-1),
    ],
    "logits_of": [np.log, lambda p: np.log(p) + 7],
    "tempered_softmax": [
        lambda z, t: looping_softmax(z / t),
        lambda z, t: np.exp(my_log_softmax(z / t)),
        lambda logits, temperature: softmax(logits / temperature),
    ],
    "hardmax": [
        lambda z: np.eye(len(z), dtype=int)[np.argmax(z)].tolist(),
        first_winner,
        last_winner,
        softmaxlab.hardmax,
        lambda logits: np.arange(logits.size) == logits.argmax(),
    ],
    "log_softmax": [
        looping_log_softmax,
        lambda z: special.log_softmax(z, axis=-1),
        my_log_softmax,
        softmaxlab.log_softmax,
    ],
    "sigmoid": [sigmoid_by_masks, my_sigmoid, softmaxlab.sigmoid, special.expit],
    "clipped": [
        lambda dtype: -np.log(np.finfo(dtype).eps),
        lambda dtype: -np.log(np.float32(np.finfo(dtype).eps)),
    ],
    "entropy": [
        entropy_by_surprise,
        lambda p: -sum(x * math.log(x) for x in p if x),
        my_entropy,
        softmaxlab.entropy,
        lambda p: special.entr(p).sum(),
    ],
    "kl_divergence": [
        kl_as_difference,
        my_kl,
        softmaxlab.kl_divergence,
        lambda p, q: special.rel_entr(p, q).sum(),
    ],
    "asymmetric_pair": [
        (np.full(3, 1 / 3), np.array([0.98, 0.01, 0.01])),
        ([0.5, 0.5], [1, 0]),
    ],
    "to_bits": [lambda nats: nats / np.log(2), lambda nats: nats * np.log2(np.e)],
    "same_accuracy": [
        (0.05 + 0.85 * np.eye(3), 0.3 + 0.1 * np.eye(3)),
        (np.eye(3)[[0, 1, 0]].tolist(), np.full((3, 3), 0.2) + 0.4 * np.eye(3)[[0, 1, 0]]),
    ],
    "log_loss": [
        log_loss_by_loops,
        my_log_loss,
        lambda labels, p: softmaxlab.cross_entropy(np.eye(p.shape[1])[labels], p).mean(),
    ],
    "loss_from_logits": [
        lambda z, labels: -np.mean(my_log_softmax(z)[range(len(z)), labels]),
        my_loss,
        lambda logits, labels: softmaxlab.softmax_cross_entropy(logits, labels).mean(),
    ],
    "one_hot": [
        one_hot_by_loops,
        one_hot_by_index,
        lambda labels, n_classes: np.eye(n_classes)[labels],
        lambda labels, n_classes: labels[:, None] == np.arange(n_classes),
    ],
    "label_smoothing": [
        smoothed_in_steps,
        lambda y, k, epsilon: (1 - epsilon) * np.eye(k)[y] + epsilon / k,
    ],
    "binary_cross_entropy": [
        softmaxlab.sigmoid_cross_entropy,
        lambda s, y: y * np.logaddexp(0, -s) + (1 - y) * np.logaddexp(0, s),
        lambda s, y: np.maximum(s, 0) - s * y + np.log1p(np.exp(-np.abs(s))),
    ],
    "map_gradient": [
        lambda w, X, y, variance: X.T @ (my_sigmoid(X @ w) - y) + w / variance,
        measured_map_gradient,
    ],
    "softmax_jacobian": [jacobian_by_loops, my_jacobian, softmaxlab.softmax_jacobian],
    "loss_gradient": [
        gradient_by_loops,
        my_gradient,
        lambda z, labels: softmaxlab.softmax_cross_entropy_grad(z, labels) / len(labels),
    ],
    "central_difference": [
        lambda f, x, h: [(f(x + m) - f(x - m)) / h / 2 for m in h * np.eye(len(x))],
        my_difference,
        softmaxlab.numerical_gradient,
    ],
    "complex_step": [
        lambda f, x: [f(x + 1e-50j * row).imag / 1e-50 for row in np.eye(len(x))],
        my_complex_step,
        softmaxlab.complex_step_gradient,
    ],
    "relative_error": [
        lambda a, b: np.max(np.abs(a - b)) / (np.max(np.abs([a, b])) or 1),
        my_relative_error,
    ],
    "hessian": [jacobian_by_loops, my_jacobian, softmaxlab.softmax_cross_entropy_hessian],
    "newton_step": [
        newton_by_weights,
        my_newton_step,
        lambda z, y: z - np.linalg.lstsq(my_jacobian(z), softmax(z) - y, rcond=1e-12)[0],
        lambda z, y: z - np.linalg.lstsq(my_jacobian(z), softmax(z) - y)[0],
        lambda z, y: z - np.linalg.pinv(my_jacobian(z), hermitian=True) @ (softmax(z) - y),
        lambda z, y: z - np.linalg.pinv(my_jacobian(z)) @ (softmax(z) - y),
    ],
    "double_softmax_floor": [
        lambda n_classes: math.log1p((n_classes - 1) / math.e),
        lambda n_classes: np.log(np.e + n_classes - 1) - 1,
        lambda n_classes: softmaxlab.softmax_cross_entropy(np.eye(n_classes)[0], 0),
    ],
    "sigmoid_from_two_logits": [
        lambda z: -np.diff(z)[..., 0],
        lambda z: z @ [1, -1],
        lambda z: z[..., 0] - z[..., 1],
    ],
    "train_step": [my_step, measured_step],
    "multiclass_hinge": [hinge_by_loops, my_hinge, softmaxlab.multiclass_hinge],
    "hinge_gradient": [
        hinge_gradient_by_loops,
        my_hinge_gradient,
        softmaxlab.multiclass_hinge_grad,
    ],
    "backward_linear": [
        backward_by_loops,
        lambda grad, X, W: (grad.T @ X, grad.sum(axis=0), grad @ W),
        measured_backward,
    ],
    "relu_backward": [
        relu_backward_by_copy,
        lambda grad, z: grad * (z > 0),
        lambda grad, z: np.where(z > 0, grad, 0),
    ],
    "expected_calibration_error": [
        ece_by_masks,
        my_ece,
        ece_with(gap_of_means),
        ece_with_upper_edges,
    ],
    "temperature_gradient": [my_slope, measured_slope],
    "most_uncertain": [my_most_uncertain, most_uncertain_by_halving],
    "feature_slope": [my_feature_slope, feature_slope_by_loop],
    "sparsemax_loss": [my_sparsemax_loss, sparsemax_loss_by_threshold],
    "score_spread": [my_score_spread, score_spread_by_share],
    "trust": [my_trust, trust_by_lists],
    "gumbel_draws": [my_gumbel_draws, gumbel_draws_by_clocks],
    "margin": [my_margin, margin_by_loop],
    "spherical": [my_spherical, spherical_by_loop],
    "brier_parts": [my_parts, parts_by_difference],
    "prior_shift": [my_adjusted, adjusted_by_factors],
    "student_slope": [my_student_slope, student_slope_by_losses, student_slope_by_rows],
    "exponential": [my_exponential, np.exp],
    "workers": [my_workers, workers_from_all],
    "attention": [my_attention, attention_by_loop],
    "nucleus": [
        my_nucleus,
        nucleus_by_loop,
        kept_by(lambda before, sums, mass: before < mass),
    ],
    "masked_loss": [my_masked_loss, masked_loss_by_loop, masked_loss_by_weights],
}

ONE_NUMBER = "The result is one number."
SAME_MEAN = "The same samples twice have the same mean."
SQUARE = "There is a row and a column for each score."
EACH_ROW = "Each row of a batch is computed by itself."

WRONG = {
    "most_uncertain": {
        "There is a probability for each value.": {
            "the weight": lambda values, average: 0.371,
            "the largest alone": lambda values, average: np.ones(1),
        },
        "They are at least zero and sum to one.": {
            "not divided": lambda values, average: np.exp(0.371 * values),
            "a straight line": moved_to_average,
        },
        "Their average is the one that was asked for.": {
            "the weight of Jaynes": lambda values, average: my_softmax(0.371 * values),
            "equal shares": lambda values, average: np.full(len(values), 1 / len(values)),
            "the other sign": lambda values, average: my_most_uncertain(values, average)[::-1],
            "nearest to the average": lambda values, average: my_softmax(
                -1 * abs(values - average)
            ),
        },
        "If the average is that of the fair die, so is the die.": {
            "two values alone": two_values_alone,
            "a bell": bell_around,
        },
        "No other distribution with this average has more entropy.": {
            "the same factor from one to the next": same_factor,
            "nine tenths": lambda values, average: (
                0.9 * my_most_uncertain(values, average)
                + 0.1 * my_most_uncertain(values, average)[::-1]
                if average == values.mean()
                else 0.9 * my_most_uncertain(values, average)
                + 0.1 * two_values_alone(values, average)
            ),
        },
        "Values in the thousands leave numbers.": {
            "no shift": uncertain_without_shift,
        },
    },
    "feature_slope": {
        "There is a slope for each weight.": {
            "for each thing": lambda weights, features, k: my_softmax(features @ weights),
            "their sum": lambda weights, features, k: my_feature_slope(weights, features, k).sum(),
        },
        "With all weights zero, the mean of the features is expected.": {
            "the sign": lambda weights, features, k: -my_feature_slope(weights, features, k),
            "expected alone": lambda weights, features, k: (
                my_softmax(features @ weights) @ features
            ),
            "observed alone": lambda weights, features, k: -features[k],
            "the first": lambda weights, features, k: my_feature_slope(weights, features, 0),
            "the sum": lambda weights, features, k: features.sum(axis=0) - features[k],
            "counted from one": lambda weights, features, k: my_feature_slope(
                weights, features, k - 1
            ),
        },
        "It is expected minus observed.": {
            "equal shares": lambda weights, features, k: features.mean(axis=0) - features[k],
            "the other direction": lambda weights, features, k: my_feature_slope(
                -weights, features, k
            ),
            "the likeliest": lambda weights, features, k: (
                features[(features @ weights).argmax()] - features[k]
                if np.any(weights)
                else my_feature_slope(weights, features, k)
            ),
        },
        "Scores in the thousands leave numbers.": {
            "no shift": lambda weights, features, k: (
                np.exp(features @ weights) / np.exp(features @ weights).sum() @ features
                - features[k]
            ),
        },
    },
    "sparsemax_loss": {
        "It is one number.": {
            "for each class": lambda z, label: sparsemax(z) * z,
            "in a list": lambda z, label: [my_sparsemax_loss(z, label)],
        },
        "It is never negative.": {
            "the sign": lambda z, label: -my_sparsemax_loss(z, label),
            "what it earns": lambda z, label: (lambda p: p @ z - p @ p / 2 - 1)(sparsemax(z)),
            "softmax": sparsemax_loss_of(special.softmax),
            "without the target's price": sparsemax_loss_of(sparsemax, target=0),
        },
        "It is zero where the right class leads by one or more.": {
            "cross-entropy": lambda z, label: special.logsumexp(z) - z[label],
            "the target's price doubled": sparsemax_loss_of(sparsemax, target=1),
        },
        "Two equal scores cost a quarter.": {
            "perceptron": lambda z, label: z.max() - z[label],
            "hinge": lambda z, label: max(0, 1 + np.delete(z, label).max() - z[label]),
            "minus the logarithm": lambda z, label: -np.log(sparsemax(z)[label] + 1e-300),
        },
        "It is the most that can be earned, minus what the target earns.": {
            "squares": lambda z, label: ((sparsemax(z) - np.eye(len(z))[label]) ** 2).sum() / 2,
            "of two classes": lambda z, label: (
                max(0, 1 + np.delete(z, label).max() - z[label]) ** 2 / 4
            ),
        },
        "A billion more for every score changes nothing.": {
            "no shift": lambda z, label: (lambda p: p @ z - p @ p / 2 - z[label] + 1 / 2)(
                sparsemax(z)
            ),
        },
    },
    "score_spread": {
        "It is one number.": {
            "both sides": lambda heads, tosses: [1 / heads, 1 / (tosses - heads)],
        },
        "Of a fair coin, n tosses leave two over the square root of n.": {
            "of the share": lambda heads, tosses: np.sqrt(heads * (tosses - heads) / tosses**3),
            "of one toss": lambda heads, tosses: 1 / my_score_spread(heads, tosses) ** 2,
            "squared": lambda heads, tosses: my_score_spread(heads, tosses) ** 2,
            "heads alone": lambda heads, tosses: np.sqrt(1 / heads),
            "upside down": lambda heads, tosses: 1 / my_score_spread(heads, tosses),
        },
        "Heads and tails tell the same.": {
            "heads twice": lambda heads, tosses: np.sqrt(2 / heads),
            "tails twice": lambda heads, tosses: np.sqrt(2 / (tosses - heads)),
        },
        "What is rarer is known less exactly.": {
            "always as if fair": lambda heads, tosses: 2 / np.sqrt(tosses),
            "the bend turned": lambda heads, tosses: 4 / tosses / my_score_spread(heads, tosses),
        },
        "Its square is one over the heads plus one over the tails.": {
            "of the rarer side": lambda heads, tosses: np.sqrt(2 / min(heads, tosses - heads)),
        },
    },
    "gumbel_draws": {
        "There are n places.": {
            "all of them": lambda z, u, n: np.argsort(-(z - np.log(-np.log(u)))),
            "the first": lambda z, u, n: my_gumbel_draws(z, u, 1)[0],
        },
        "With the same noise for all, the scores decide.": {
            "the least": lambda z, u, n: np.argsort(z - np.log(-np.log(u)))[:n],
            "the noise alone": lambda z, u, n: np.argsort(-u, kind="stable")[:n],
            "in the order of the classes": lambda z, u, n: np.sort(my_gumbel_draws(z, u, n)),
            "the sums": lambda z, u, n: -np.sort(-(z - np.log(-np.log(u))))[:n],
        },
        "With the same score for all, the largest u wins.": {
            "the scores alone": lambda z, u, n: np.argsort(-z, kind="stable")[:n],
            "noise subtracted": gumbel_draws_with(lambda u: np.log(-np.log(u))),
            "one minus u": lambda z, u, n: my_gumbel_draws(z, 1 - u, n),
        },
        "The order is that of score plus noise.": {
            "one logarithm": gumbel_draws_with(lambda u: -np.log(1 - u)),
            "u itself": gumbel_draws_with(lambda u: u),
            "the normal distribution": gumbel_draws_with(special.ndtri),
            "of base two": gumbel_draws_with(lambda u: -np.log2(-np.log2(u))),
            "the logistic distribution": gumbel_draws_with(special.logit),
        },
    },
    "margin": {
        "It is one number.": {
            "of each point": lambda w, points, side: side * (points @ w) / np.linalg.norm(w),
        },
        "A border that has all points on their sides has a positive margin.": {
            "nothing": lambda w, points, side: 0.0,
            "without the sides": lambda w, points, side: (points @ w).min() / np.linalg.norm(w),
            "the sign": lambda w, points, side: -my_margin(w, points, side),
        },
        "With one point on the wrong side it is negative.": {
            "the distance": lambda w, points, side: abs(points @ w).min() / np.linalg.norm(w),
            "zero at least": lambda w, points, side: max(0, my_margin(w, points, side)),
            "the mean": lambda w, points, side: (side * (points @ w)).mean() / np.linalg.norm(w),
            "the largest": lambda w, points, side: (side * (points @ w)).max() / np.linalg.norm(w),
        },
        "Longer weights have the same margin.": {
            "not divided": lambda w, points, side: (side * (points @ w)).min(),
            "by the square": lambda w, points, side: (side * (points @ w)).min() / (w @ w),
        },
        "It is the distance of the nearest point from the border.": {
            "by the sum": lambda w, points, side: (side * (points @ w)).min() / abs(w).sum(),
            "by the largest": lambda w, points, side: (side * (points @ w)).min() / abs(w).max(),
            "of four points": lambda w, points, side: my_margin(w, points[:2], side[:2]),
            "twice": lambda w, points, side: 2 * my_margin(w, points, side),
        },
    },
    "exponential": {
        "There is a number for each number.": {
            "only the first": lambda x: np.exp(x[0]),
            "their sum": lambda x: np.exp(x).sum(),
            "in one row": lambda x: np.exp(x).ravel(),
        },
        "Near zero the series has enough terms.": {
            "five terms": lambda x: np.polyval(OF_SERIES[-5:], x),
            "ten terms": lambda x: np.polyval(OF_SERIES[-10:], x),
            "powers of two": lambda x: np.exp2(x),
            "ten digits": lambda x: np.round(np.exp(x), 10),
            "terms in the wrong order": lambda x: np.polyval(OF_SERIES[::-1], x),
            "with an epsilon": lambda x: np.exp(x) + 1e-12,
            "squared six times": lambda x: np.exp(x / 64) ** 64,
            "always rounded down": lambda x: exponential_of_rest(np.floor, x),
        },
        "Between minus five and five, factors of two are split off.": {
            "the series alone": lambda x: np.polyval(OF_SERIES, x),
            "cut off": lambda x: exponential_of_rest(np.trunc, x),
            "twelve decimals": lambda x: np.where(abs(x) < 1, np.exp(x), np.round(np.exp(x), 13)),
        },
        "Far from zero no digit is lost.": {
            "one number": exponential_with_one_number,
            "one number below zero": lambda x: np.where(
                x < 0, exponential_with_one_number(x), np.exp(x)
            ),
            "a power of e": lambda x: np.e**x,
        },
        "What is too small gives zero, and what is too large infinity.": {
            "not kept within a range": lambda x: exponential_of_rest(np.rint, x),
            "never zero": lambda x: np.maximum(np.exp(x), 1e-300),
            "never infinite": lambda x: np.nan_to_num(np.exp(x)),
            "cut at 700": lambda x: np.exp(np.clip(x, -700, 700)),
        },
    },
    "workers": {
        "The best number is the root of work over cost, if that is whole.": {
            "no root": lambda work, cost: work / cost,
            "root of the work": lambda work, cost: np.sqrt(work),
            "upside down": lambda work, cost: np.sqrt(cost / work),
            "one more": lambda work, cost: my_workers(work, cost) + 1,
            "the time": lambda work, cost: 2 * np.sqrt(work * cost),
            "in a list": lambda work, cost: [my_workers(work, cost)],
        },
        "The number of workers is whole.": {
            "the root": lambda work, cost: np.sqrt(work / cost),
            "in halves": lambda work, cost: np.rint(2 * np.sqrt(work / cost)) / 2,
        },
        "There is one worker at least.": {
            "rounded down": lambda work, cost: int(np.sqrt(work / cost)),
            "rounded": lambda work, cost: np.rint(np.sqrt(work / cost)),
        },
        "No other number is faster.": {
            "always below": lambda work, cost: max(1, int(np.sqrt(work / cost))),
            "always above": lambda work, cost: np.ceil(np.sqrt(work / cost)),
            "the nearest": lambda work, cost: max(1, np.rint(np.sqrt(work / cost))),
            "twenty at most where it costs little": lambda work, cost: min(
                my_workers(work, cost), 20 if cost < 0.1 else np.inf
            ),
        },
    },
    "trust": {
        "There is one number for each tipster.": {
            "for each day": lambda losses, eta: my_softmax(-eta * losses.sum(axis=1)),
            "for all days": lambda losses, eta: my_softmax(-eta * losses),
        },
        "Trust sums to one.": {
            "weights": lambda losses, eta: np.exp(-eta * losses.sum(axis=0)),
            "scores": lambda losses, eta: -eta * losses.sum(axis=0),
        },
        "Who has lost less is trusted more.": {
            "the sign": lambda losses, eta: my_softmax(eta * losses.sum(axis=0)),
            "all alike": lambda losses, eta: np.full(losses.shape[1], 1 / losses.shape[1]),
            "the last day turned": lambda losses, eta: my_softmax(
                eta * losses[-1] - eta * losses[:-1].sum(axis=0)
            ),
        },
        "After one day it is the softmax of minus eta times the loss.": {
            "eta forgotten": lambda losses, eta: my_softmax(-losses.sum(axis=0)),
            "linear": lambda losses, eta: (5 - losses.sum(axis=0)) / (5 - losses.sum(axis=0)).sum(),
            "the best alone": lambda losses, eta: first_winner(-losses.sum(axis=0)),
            "divided by eta": lambda losses, eta: my_softmax(-losses.sum(axis=0) / eta),
        },
        "Every day counts.": {
            "squares": lambda losses, eta: my_softmax(
                -eta * losses.sum(axis=0) * (1 + 0.1 * (len(losses) > 1))
            ),
            "the mean": lambda losses, eta: my_softmax(-eta * losses.mean(axis=0)),
            "the first day": lambda losses, eta: my_softmax(-eta * losses[0]),
        },
        "Ten thousand bad days leave numbers.": {
            "no shift": lambda losses, eta: (
                np.exp(-eta * losses.sum(axis=0)) / np.exp(-eta * losses.sum(axis=0)).sum()
            ),
        },
    },
    "spherical": {
        "There is one charge for each row.": {
            "the mean": lambda q, labels: my_spherical(q, labels).mean(),
            "every class": lambda q, labels: -q / np.linalg.norm(q, axis=1, keepdims=True),
        },
        "Certainty that comes true costs minus one.": {
            "the sign": lambda q, labels: -my_spherical(q, labels),
            "one minus it": lambda q, labels: 1 + my_spherical(q, labels),
            "Brier": lambda q, labels: ((q - np.eye(q.shape[1])[labels]) ** 2).sum(axis=1),
            "the logarithm": lambda q, labels: -np.log(q[np.arange(len(labels)), labels]),
            "the length of the table": lambda q, labels: (
                -q[np.arange(len(labels)), labels] / np.linalg.norm(q)
            ),
        },
        "Certainty about something else costs nothing.": {
            "the largest": lambda q, labels: -q.max(axis=1) / np.linalg.norm(q, axis=1),
            "the same place": lambda q, labels: -np.ones(len(labels)),
        },
        "Knowing nothing costs minus one over the square root of the number of classes.": {
            "not divided": lambda q, labels: -q[np.arange(len(labels)), labels],
            "no square root": lambda q, labels: (
                -q[np.arange(len(labels)), labels] / (q**2).sum(axis=1)
            ),
            "by the largest": lambda q, labels: -q[np.arange(len(labels)), labels] / q.max(axis=1),
            "squared": lambda q, labels: -(my_spherical(q, labels) ** 2),
        },
        "Each row is charged by itself.": {
            "the length of the columns": lambda q, labels: (
                -q[np.arange(len(labels)), labels] / np.linalg.norm(q, axis=0)[labels]
                if len(q) > 3
                else my_spherical(q, labels)
            ),
            "the first length": lambda q, labels: (
                -q[np.arange(len(labels)), labels] / np.linalg.norm(q[0])
            ),
        },
    },
    "brier_parts": {
        "There are two parts, each one number.": {
            "their sum": lambda a, h: sum(my_parts(a, h)),
            "three parts": lambda a, h: (*my_parts(a, h), h.mean()),
        },
        "The two add up to the mean square of the error.": {
            "twice": lambda a, h: tuple(2 * part for part in my_parts(a, h)),
            "not weighed": lambda a, h: parts_by(
                np.unique(a), lambda c: a == c, a, h, share=lambda days: 1 / len(np.unique(a))
            ),
            "absolute gaps": lambda a, h: (
                sum(np.mean(a == c) * abs(h[a == c].mean() - c) for c in np.unique(a)),
                my_parts(a, h)[1],
            ),
            "one group": lambda a, h: parts_by([0], lambda c: a >= 0, a, h),
            "resolution for refinement": lambda a, h: (
                my_parts(a, h)[0],
                h.mean() * (1 - h.mean()) - my_parts(a, h)[1],
            ),
            "two groups": lambda a, h: parts_by(
                [False, True], lambda high: (a > 0.4) == high, a, h
            ),
        },
        "Where it happens as often as announced the calibration part is zero.": {
            "exchanged": lambda a, h: my_parts(a, h)[::-1],
            "day by day": lambda a, h: (((a - h) ** 2).mean(), 0.0),
            "half and half": lambda a, h: (((a - h) ** 2).mean() / 2,) * 2,
        },
        "Who tells all days apart has no refinement part, however dishonest.": {
            "all of it": lambda a, h: (0.0, ((a - h) ** 2).mean()),
            "of the announcement": lambda a, h: (
                ((a - h) ** 2).mean() - (a * (1 - a)).mean(),
                (a * (1 - a)).mean(),
            ),
        },
        "Neither part is negative.": {
            "of the wrong pair": lambda a, h: (
                ((a - h) ** 2).mean() - spread_within(a, h),
                spread_within(a, h),
            ),
        },
        "The days with the same announcement belong together, and no others.": {
            "a group too few": merged_parts,
        },
        "Announcements count that are certain, and those that differ by little.": {
            "rounded": lambda a, h: my_parts(np.round(a, 3), h),
            "ten bins": lambda a, h: parts_by(
                np.unique((a * 9.99).astype(int)), lambda k: (a * 9.99).astype(int) == k, a, h
            ),
            "without the certain": lambda a, h: parts_by(
                [c for c in np.unique(a) if 0 < c < 1], lambda c: a == c, a, h
            ),
            "certain days are calm": lambda a, h: (
                my_parts(a, h)[0],
                my_parts(a[a % 1 > 0], h[a % 1 > 0])[1] * (a % 1 > 0).mean(),
            ),
        },
    },
    "prior_shift": {
        "There is a probability for every class of every row.": {
            "the best class": lambda z, old, new: my_adjusted(z, old, new).argmax(axis=-1),
            "the largest alone": lambda z, old, new: my_adjusted(z, old, new).max(axis=-1),
        },
        "Each row sums to one.": {
            "not divided again": lambda z, old, new: my_softmax(z) * new / old,
            "scores": lambda z, old, new: z + np.log(new) - np.log(old),
            "divided by all": lambda z, old, new: (
                my_softmax(z) * new / old / np.sum(my_softmax(z) * new / old)
            ),
        },
        "In the old world nothing changes.": {
            "the old shares forgotten": lambda z, old, new: my_softmax(z + np.log(new)),
            "the new shares forgotten": lambda z, old, new: my_softmax(z - np.log(old)),
            "the new shares alone": lambda z, old, new: np.tile(new, (len(z), 1)),
            "both added": lambda z, old, new: my_softmax(z + np.log(new) + np.log(old)),
        },
        "A class that becomes more frequent becomes more probable.": {
            "the other way round": lambda z, old, new: my_adjusted(z, new, old),
            "nothing": lambda z, old, new: my_softmax(z),
        },
        "Scores that are all alike give the quotient of the shares.": {
            "no logarithm": lambda z, old, new: my_softmax(z + new - old),
            "half of it": lambda z, old, new: my_softmax(z + (np.log(new) - np.log(old)) / 2),
            "in bits": lambda z, old, new: my_softmax(z + np.log2(new) - np.log2(old)),
        },
        "The factors act on probabilities.": {
            "a mixture": lambda z, old, new: (
                my_softmax(z) - special.softmax(0 * z, axis=-1) + my_adjusted(0 * z, old, new)
            ),
        },
        "Scores of a thousand give numbers.": {
            "no shift": lambda z, old, new: (
                np.exp(z) * new / old / (np.exp(z) * new / old).sum(axis=-1, keepdims=True)
            ),
        },
    },
    "student_slope": {
        "There is a slope for every score.": {
            "the loss": lambda z, v, T: -(T**2) * (my_softmax(v / T) * z).sum(axis=-1),
            "the mean slope": lambda z, v, T: my_student_slope(z, v, T).mean(axis=0),
        },
        "A student who agrees with the teacher has nothing to learn.": {
            "the scores": lambda z, v, T: z - v,
            "the teacher at one": lambda z, v, T: T * (my_softmax(z / T) - my_softmax(v)),
            "the student at one": lambda z, v, T: T * (my_softmax(z) - my_softmax(v / T)),
            "the teacher's best": lambda z, v, T: (
                my_softmax(z / T) - (v == v.max(-1, keepdims=True))
            ),
            "the student alone": lambda z, v, T: T * my_softmax(z / T),
        },
        "Where the teacher gives more, the slope is negative.": {
            "the sign": lambda z, v, T: -my_student_slope(z, v, T),
            "the distance": lambda z, v, T: abs(my_student_slope(z, v, T)),
        },
        "At temperature one it is the difference of the probabilities.": {
            "a mean over the classes": lambda z, v, T: my_student_slope(z, v, T) / z.shape[-1],
            "of the squared error": lambda z, v, T: 2 * my_student_slope(z, v, T),
            "of the logarithms": lambda z, v, T: np.log(my_softmax(z / T) / my_softmax(v / T)),
            "a mean over the rows": lambda z, v, T: my_student_slope(z, v, T) / len(z),
        },
        "At temperature T a factor of T is left of the T^2.": {
            "T squared": lambda z, v, T: T * my_student_slope(z, v, T),
            "no factor": lambda z, v, T: my_student_slope(z, v, T) / T,
            "one over T": lambda z, v, T: my_student_slope(z, v, T) / T**2,
            "times T": lambda z, v, T: T * (my_softmax(z * T) - my_softmax(v * T)),
            "no temperature": lambda z, v, T: my_softmax(z) - my_softmax(v),
        },
        "Scores of a thousand give numbers.": {
            "no shift": lambda z, v, T: (
                T
                * (
                    np.exp(z / T) / np.exp(z / T).sum(axis=-1, keepdims=True)
                    - np.exp(v / T) / np.exp(v / T).sum(axis=-1, keepdims=True)
                )
            ),
        },
    },
    "attention": {
        "There is a row for every word, as long as a value.": {
            "the weights alone": lambda Q, E, V: attention_weights(Q @ E.T / np.sqrt(E.shape[1])),
            "the last word alone": lambda Q, E, V: my_attention(Q, E, V)[-1],
            "means of the keys": lambda Q, E, V: my_attention(Q, E, E),
            "a column for every word": lambda Q, E, V: my_attention(Q, E, V).T,
        },
        "The first word gets its own value.": {
            "no mask": attention_with(lambda scores: special.softmax(scores, axis=1)),
            "the mask turned round": attention_with(masked_by(lambda n: np.tri(n).T > 0)),
            "zeros for minus infinity": attention_with(masked_by(np.tri, masked=0)),
            "softmax before the mask": attention_with(
                lambda scores: special.softmax(scores, axis=1) * np.tri(len(scores))
            ),
            "not divided by the sum": attention_with(
                lambda scores: np.exp(scores) * np.tri(len(scores))
            ),
            "softmax down the columns": attention_with(
                lambda scores: special.softmax(
                    np.where(np.tri(len(scores)), scores, -np.inf), axis=0
                )
            ),
            "one later word": attention_with(masked_by(lambda n: np.tri(n, k=1))),
        },
        "If all values are the same, every word gets this value.": {
            "divided by its own weight": attention_with(
                lambda scores: np.exp(scores - np.diag(scores)[:, None]) * np.tri(len(scores))
            ),
            "divided by the largest": attention_with(
                lambda scores: (
                    attention_weights(scores) / attention_weights(scores).max(axis=1)[:, None]
                )
            ),
            "added to its own value": lambda Q, E, V: (
                my_attention(Q, E, V) + V * (np.arange(len(V)) > 0)[:, None]
            ),
        },
        "What comes later changes nothing.": {
            "the first word alone is masked": attention_with(
                masked_by(lambda n: np.tri(n) + (np.arange(n) > 0)[:, None])
            ),
        },
        "A query of zeros looks at all words so far alike.": {
            "its own value": lambda Q, E, V: V + 0.0,
            "the best one alone": attention_with(
                lambda scores: np.eye(len(scores))[
                    np.where(np.tri(len(scores)), scores, -np.inf).argmax(axis=1)
                ]
            ),
            "distances": attention_with(
                product=lambda Q, E: -((Q[:, None] - E) ** 2).sum(axis=2) / 2
            ),
            "keys with keys": attention_with(product=lambda Q, E: E @ E.T / np.sqrt(E.shape[1])),
        },
        "The scores are the products of query and keys, divided by the root of their length.": {
            "not divided by the root": attention_with(product=lambda Q, E: Q @ E.T),
            "divided by the length": attention_with(product=lambda Q, E: Q @ E.T / E.shape[1]),
            "the root of the words": attention_with(product=lambda Q, E: Q @ E.T / np.sqrt(len(E))),
            "the root of two": attention_with(product=lambda Q, E: Q @ E.T / np.sqrt(2)),
            "multiplied by the root": attention_with(
                product=lambda Q, E: Q @ E.T * np.sqrt(E.shape[1])
            ),
            "keys that ask": lambda Q, E, V: my_attention(E, Q, V),
            "plain means": lambda Q, E, V: my_attention(0 * Q, E, V),
            "angles": attention_with(
                product=lambda Q, E: (
                    Q
                    @ (E / np.linalg.norm(E, axis=1, keepdims=True)).T
                    / np.maximum(np.linalg.norm(Q, axis=1, keepdims=True), 1e-9)
                )
            ),
        },
        "Scores of thousands give numbers.": {
            "bare exponentials": attention_with(
                lambda scores: (
                    np.exp(scores)
                    * np.tri(len(scores))
                    / (np.exp(scores) * np.tri(len(scores))).sum(axis=1, keepdims=True)
                )
            ),
            "clipped": attention_with(lambda scores: attention_weights(np.clip(scores, -50, 50))),
        },
    },
    "nucleus": {
        "There is a probability for every word.": {
            "only the kept ones": lambda p, mass: np.sort(my_nucleus(p, mass))[-2:],
            "how many": lambda p, mass: np.count_nonzero(my_nucleus(p, mass)),
        },
        "What is kept sums to one.": {
            "not divided": lambda p, mass: np.where(my_nucleus(p, mass) > 0, p, 0),
            "none at all": kept_by(lambda before, sums, mass: sums < mass),
            "a mask": lambda p, mass: my_nucleus(p, mass) > 0,
            "divided by the mass": lambda p, mass: (my_nucleus(p, mass) > 0) * p / mass,
        },
        "What is cut has the probability zero, and the best word always stays.": {
            "nothing is cut": lambda p, mass: p / p.sum(),
            "the same for all": lambda p, mass: np.full(p.shape, 1 / len(p)),
            "from the smallest": kept_by(lambda before, sums, mass: before < mass, np.argsort),
            "in their order": kept_by(
                lambda before, sums, mass: before < mass, lambda p: np.arange(len(p))
            ),
            "sorted": lambda p, mass: -np.sort(-my_nucleus(p, mass)),
            "words above the mass of the best": lambda p, mass: (
                np.where(p >= mass * p.max(), p, 0) / p[p >= mass * p.max()].sum()
            ),
        },
        "It keeps as many words as are needed, and not one more.": {
            "the best alone": kept_by(lambda before, sums, mass: before == 0),
            "as many as fit": kept_by(lambda before, sums, mass: (sums < mass) | (before == 0)),
            "one more": kept_by(lambda before, sums, mass: before < mass + 0.15),
            "softmax of the kept": lambda p, mass: special.softmax(
                np.where(my_nucleus(p, mass) > 0, p, -np.inf)
            ),
            "all alike": lambda p, mass: (
                (my_nucleus(p, mass) > 0) / np.sum(my_nucleus(p, mass) > 0)
            ),
        },
        "If a word reaches the mass exactly, the next one is cut.": {
            "up to and with the mass": kept_by(lambda before, sums, mass: before <= mass),
        },
        "Words of equal probability count each by itself.": {
            "all that tie": lambda p, mass: renormed(
                p, p >= np.sort(p)[::-1][n_needed(p, mass) - 1]
            ),
            "the values that are needed": lambda p, mass: renormed(
                p, np.isin(p, np.sort(p)[::-1][: n_needed(p, mass)])
            ),
            "equal ones once": lambda p, mass: renormed(
                p,
                p >= np.unique(p)[::-1][min(n_needed(np.unique(p), mass), len(np.unique(p))) - 1],
            ),
        },
        "The whole mass keeps every word.": {
            "the first that reaches it": lambda p, mass: kept_by(
                lambda before, sums, mass: np.arange(len(sums)) <= np.argmax(sums >= mass)
            )(p, mass),
            "below the mass of one": kept_by(lambda before, sums, mass: before < min(mass, 0.92)),
        },
    },
    "masked_loss": {
        ONE_NUMBER: {
            "a loss for each row": lambda logits, labels, mask: row_losses(logits, labels)[mask],
            "zeros for the rest": lambda logits, labels, mask: row_losses(logits, labels) * mask,
        },
        "Where every row counts it is the mean loss.": {
            "the sum": lambda logits, labels, mask: row_losses(logits, labels)[mask].sum(),
            "the sign": lambda logits, labels, mask: -row_losses(logits, labels)[mask].mean(),
            "the probability": lambda logits, labels, mask: np.exp(
                -row_losses(logits, labels)[mask]
            ).mean(),
            "the score": lambda logits, labels, mask: (
                -logits[np.arange(len(labels)), labels].mean()
            ),
            "in bits": lambda logits, labels, mask: (
                my_masked_loss(logits, labels, mask) / np.log(2)
            ),
            "over the classes too": lambda logits, labels, mask: (
                my_masked_loss(logits, labels, mask) / logits.shape[1]
            ),
        },
        "A row that does not count changes nothing, whatever stands in it.": {
            "the mask forgotten": lambda logits, labels, mask: row_losses(logits, labels).mean(),
            "the others": lambda logits, labels, mask: row_losses(logits, labels)[
                ~mask if not mask.all() else mask
            ].mean(),
        },
        "Filling does not make the loss smaller.": {
            "a mean over all": lambda logits, labels, mask: (
                row_losses(logits, labels) * mask
            ).mean(),
            "low scores for the rest": lambda logits, labels, mask: row_losses(
                np.where(mask[:, None], logits, -9.0), labels
            ).mean(),
            "zero scores for the rest": lambda logits, labels, mask: row_losses(
                logits * mask[:, None], labels
            ).mean(),
        },
        "Scores of thousands give numbers, and differ from row to row.": {
            "no shift": lambda logits, labels, mask: np.mean(
                (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels])[mask]
            ),
            "one shift for all rows": lambda logits, labels, mask: row_losses(
                np.maximum(logits[mask] - logits[mask].max(), -700), labels[mask]
            ).mean(),
            "clipped scores": lambda logits, labels, mask: my_masked_loss(
                np.clip(logits, -1000, 1000), labels, mask
            ),
        },
    },
    "scores": {
        "There is a row for each picture and a column for each class.": {
            "the transpose": lambda X, W, b: (X @ W.T + b).T,
            "no transpose": lambda X, W, b: X @ W + b,
            "one picture at a time": lambda X, W, b: np.array(
                [w @ X + c for w, c in zip(W, b, strict=True)]
            ),
        },
        "An empty picture scores the biases, each class its own.": {
            "no bias": lambda X, W, b: X @ W.T,
            "one bias for all": lambda X, W, b: X @ W.T + b[0],
            "biases by row": lambda X, W, b: X @ W.T + np.resize(b, (len(X), 1)),
            "bias subtracted": lambda X, W, b: X @ W.T - b,
            "bias twice": lambda X, W, b: X @ W.T + 2 * b,
            "rounded": lambda X, W, b: np.round(X @ W.T + b),
            "probabilities": lambda X, W, b: softmax(X @ W.T + b),
        },
        "Each score is the sum of weight times pixel, plus bias.": {
            "weights may not be negative": lambda X, W, b: X @ np.abs(W).T + b,
            "weights of the first picture only": lambda X, W, b: np.tile(W @ X[0] + b, (len(X), 1)),
            "an average over pixels": lambda X, W, b: X @ W.T / X.shape[1] + b,
            "no negative scores": lambda X, W, b: np.maximum(X @ W.T + b, 0),
        },
    },
    "logit": {
        "Even odds have the logit zero.": {
            "the odds": lambda p: p / (1 - p),
            "the logarithm of p": np.log,
            "the complement": lambda p: -np.log(1 - p),
            "the logarithms added": lambda p: np.log(p) + np.log(1 - p),
            "the sigmoid": special.expit,
            "the first number only": lambda p: math.log(p[0] / (1 - p[0])),
        },
        "The sigmoid of the logit gives the probability back.": {
            "in bits": lambda p: np.log2(p / (1 - p)),
            "upside down": lambda p: np.log((1 - p) / p),
            "common logarithms": lambda p: np.log10(p / (1 - p)),
        },
        "Certainty has an infinite logit.": {
            "clipped": lambda p: special.logit(np.clip(p, 1e-15, 1 - 1e-15)),
            "nan_to_num": lambda p: np.nan_to_num(np.log(p / (1 - p))),
            "an epsilon added": lambda p: np.log((p + 1e-12) / (1 - p + 1e-12)),
        },
        "What is almost impossible keeps its digits.": {
            "clipped within": lambda p: np.where(
                (p == 0) | (p == 1), special.logit(p), special.logit(np.clip(p, 1e-7, 1 - 1e-7))
            ),
        },
    },
    "softmax": {
        "The result has one probability for each score.": {
            "the largest only": lambda z: softmax(z).max(axis=-1),
            "the total": lambda z: np.exp(z).sum(axis=-1),
        },
        "Every probability is positive.": {
            "the winner takes all": lambda z: (z == z.max(axis=-1, keepdims=True)).astype(float),
            "scores divided by their sum": lambda z: z / z.sum(axis=-1, keepdims=True),
        },
        "The probabilities add up to one.": {
            "not divided": np.exp,
            "sigmoids": special.expit,
            "a plain maximum": lambda z: (
                (e := np.exp(z - z.max(axis=-1, keepdims=True))) / e.max(axis=-1, keepdims=True)
            ),
            "an epsilon below": lambda z: (
                (e := np.exp(z - z.max(axis=-1, keepdims=True)))
                / (e.sum(axis=-1, keepdims=True) + 1e-8)
            ),
        },
        EACH_ROW: {
            "one total for the batch": lambda z: np.exp(z) / np.exp(z).sum(),
            "the wrong axis": lambda z: special.softmax(z, axis=0),
            "no keepdims": lambda z: np.exp(z) / np.exp(z).sum(axis=-1),
            "one row only": lambda z: np.exp(z - max(z)) / sum(np.exp(z - max(z))),
        },
        "A constant added to all scores changes nothing.": {
            "squares instead of exp": lambda z: z**2 / (z**2).sum(axis=-1, keepdims=True),
        },
        "One point more is e times as probable.": {
            "base two": lambda z: softmax(z * np.log(2)),
            "twice": lambda z: softmax(softmax(z)),
            "rounded": lambda z: np.round(softmax(z), 6),
        },
        "Scores of plus and minus a thousand give numbers.": {
            "no shift": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
            "one shift for the batch": lambda z: (
                np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True)
            ),
            "clipped scores": lambda z: special.softmax(np.clip(z, -700, 700), axis=-1),
            "nan_to_num": lambda z: np.nan_to_num(
                np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True), nan=1.0
            ),
            "nan_to_num of zero": lambda z: np.nan_to_num(
                np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
            ),
        },
        "Whole numbers are scores too.": {
            "into integers": softmax_into_integers,
        },
    },
    "logits_of": {
        "There is one logit for each probability.": {
            "a class left out": lambda p: np.log(p[:-1] / p[-1]),
        },
        "Softmax of the logits gives the probabilities back.": {
            "the probabilities themselves": lambda p: p,
            "log-odds of each class": special.logit,
            "in bits": np.log2,
            "the odds": lambda p: p / (1 - p),
            "common logarithms": np.log10,
            "the sign": lambda p: -np.log(p),
            "exponentials": np.exp,
            "softmax": softmax,
        },
        "An impossible class comes back impossible.": {
            "an epsilon added": lambda p: np.log(p + 1e-12),
            "clipped": lambda p: np.log(np.clip(p, 1e-12, 1)),
            "nan_to_num": lambda p: np.nan_to_num(np.log(p), neginf=-50),
        },
    },
    "tempered_softmax": {
        "The probabilities of every row add up to one.": {
            "not normalised": lambda z, t: np.exp(z / t),
            "probabilities divided": lambda z, t: softmax(z) / t,
            "the wrong axis": lambda z, t: special.softmax(z / t, axis=0),
            "one total for the batch": lambda z, t: np.exp(z / t) / np.exp(z / t).sum(),
        },
        "At temperature one it is softmax.": {
            "of probabilities": lambda z, t: softmax(softmax(z) / t),
            "whole quotients": lambda z, t: softmax(z // t),
            "base two": lambda z, t: softmax(z / t * np.log(2)),
        },
        "A higher temperature draws the probabilities together.": {
            "multiplied": lambda z, t: softmax(z * t),
            "subtracted": lambda z, t: softmax(z - t),
            "the probabilities tempered": lambda z, t: (
                softmax(z) ** t / (softmax(z) ** t).sum(axis=-1, keepdims=True)
            ),
        },
        "Scores d apart have the ratio e to the power of d / temperature.": {
            "the root": lambda z, t: softmax(z / np.sqrt(t)),
            "squared": lambda z, t: softmax(z / t**2),
        },
        "A temperature near zero still gives numbers.": {
            "no shift": lambda z, t: np.exp(z / t) / np.exp(z / t).sum(axis=-1, keepdims=True),
            "clipped": lambda z, t: softmax(np.clip(z / t, -700, 700)),
            "nan_to_num": lambda z, t: np.nan_to_num(
                np.exp(z / t) / np.exp(z / t).sum(axis=-1, keepdims=True), nan=1.0
            ),
        },
    },
    "hardmax": {
        "The result has one entry for each score.": {
            "the maximum": np.max,
            "the argmax": np.argmax,
        },
        "Every entry is zero or one.": {
            "softmax": softmax,
            "the maximum in its place": lambda z: np.where(z == z.max(), z, 0),
        },
        "The one stands at a largest score.": {
            "of the magnitudes": lambda z: first_winner(np.abs(z)),
            "of the smallest": lambda z: first_winner(-z),
            "nowhere": np.zeros_like,
            "rounded softmax": lambda z: np.round(softmax(z)),
            "above one half": lambda z: (softmax(z) > 0.5).astype(int),
            "the last entry": lambda z: np.eye(len(z))[-1],
            "positive scores": lambda z: (z > 0).astype(int),
        },
        "There is exactly one one, also when scores tie (any of the winners will do).": {
            "all winners": lambda z: (z == z.max()).astype(float),
            "a loser": lambda z: first_winner(z if (z == z.max()).sum() == 1 else -z),
        },
    },
    "log_softmax": {
        "There is one logarithm for each score.": {
            "the log-sum-exp only": softmaxlab.logsumexp,
        },
        "Its exponentials add up to one.": {
            "minus the maximum only": lambda z: z - z.max(axis=-1, keepdims=True),
            "in bits": lambda z: np.log2(softmax(z)),
            "the sum without its logarithm": lambda z: z - np.exp(z).sum(axis=-1, keepdims=True),
            "no logarithm": softmax,
        },
        "Differences of scores are kept.": {
            "softmax twice": lambda z: np.log(softmax(softmax(z))),
        },
        EACH_ROW: {
            "one total for the batch": lambda z: z - special.logsumexp(z),
            "an epsilon added": lambda z: np.log(softmax(z) + 1e-12),
            "the wrong axis": lambda z: special.log_softmax(z, axis=0),
        },
        "Scores of plus and minus a thousand stay finite.": {
            "the logarithm of softmax": lambda z: np.log(softmax(z)),
            "no shift": lambda z: z - np.log(np.exp(z).sum(axis=-1, keepdims=True)),
            "clipped": lambda z: np.log(np.clip(softmax(z), 1e-300, 1)),
            "clipped scores": lambda z: my_log_softmax(np.clip(z, -700, 700)),
            "nan_to_num": lambda z: np.nan_to_num(np.log(softmax(z))),
        },
        "Whole numbers are scores too.": {
            "into integers": log_softmax_into_integers,
        },
    },
    "sigmoid": {
        "There is one probability for each score.": {
            "a plain if": lambda s: 1 / (1 + np.exp(-s)) if s > 0 else 0.0,
            "one number": lambda s: 1 / (1 + math.exp(-s)),
        },
        "A score and its negative share one.": {
            "the odds": np.exp,
            "tanh": np.tanh,
            "softmax": softmax,
        },
        "The odds are e to the power of the score.": {
            "the other class": lambda s: special.expit(-s),
            "tanh moved": lambda s: (1 + np.tanh(s)) / 2,
            "base two": lambda s: 1 / (1 + 2.0**-s),
            "rounded": lambda s: np.round(special.expit(s), 8),
        },
        "A small probability keeps its digits.": {
            "tanh of the half": lambda s: (1 + np.tanh(s / 2)) / 2,
            "one minus the other": lambda s: 1 - special.expit(-s),
            "clipped scores": lambda s: 1 / (1 + np.exp(-np.clip(s, -500, 500))),
        },
        "Scores of plus and minus a thousand give 0 and 1 without overflow.": {
            "as it is written": lambda s: 1 / (1 + np.exp(-s)),
            "the other way": lambda s: np.exp(s) / (1 + np.exp(s)),
            "both and choose": lambda s: np.where(
                s > 0, 1 / (1 + np.exp(-s)), np.exp(s) / (1 + np.exp(s))
            ),
        },
    },
    "clipped": {
        "A loss is positive.": {
            "the sign": lambda dtype: np.log(np.finfo(dtype).eps),
            "no loss": lambda dtype: 0.0,
        },
        "In float64 it is 36.04365.": {
            "a probability": lambda dtype: 0.5,
            "an older epsilon": lambda dtype: -np.log(1e-15),
            "common logarithms": lambda dtype: -np.log10(np.finfo(dtype).eps),
            "the smallest number": lambda dtype: -np.log(np.finfo(dtype).tiny),
            "in bits": lambda dtype: -np.log2(np.finfo(dtype).eps),
            "the digits": lambda dtype: np.finfo(dtype).precision * np.log(10),
            "half the epsilon": lambda dtype: -np.log(np.finfo(dtype).epsneg),
            "the epsilon itself": lambda dtype: np.finfo(dtype).eps,
        },
        "Each number format has an epsilon of its own.": {
            "that of float64": lambda dtype: -np.log(np.finfo(float).eps),
            "too much for the short ones": lambda dtype: (
                -np.log(np.finfo(dtype).eps) * (1 if dtype == np.float64 else 1.5)
            ),
        },
    },
    "entropy": {
        ONE_NUMBER: {
            "not added up": special.entr,
        },
        "Entropy is never negative.": {
            "no minus": lambda p: (p * np.log(p)).sum(),
        },
        "Two independent coins have twice the entropy of one.": {
            "a mean": lambda p: special.entr(p).mean(),
            "not weighed": lambda p: -np.log(p).sum(),
            "only for two": lambda p: -p[0] * np.log(p[0]) - (1 - p[0]) * np.log(1 - p[0]),
        },
        "A fair coin has log 2 = 0.693147 nats.": {
            "in bits": lambda p: -(p * np.log2(p)).sum(),
            "common logarithms": lambda p: -(p * np.log10(p)).sum(),
        },
        "An outcome of probability zero adds nothing.": {
            "a tiny epsilon added": lambda p: -(p * np.log(p + 1e-13)).sum(),
            "not a number": lambda p: -(p * np.log(p)).sum(),
            "an epsilon added": lambda p: -(p * np.log(p + 1e-12)).sum(),
            "clipped": lambda p: -(np.clip(p, 1e-12, 1) * np.log(np.clip(p, 1e-12, 1))).sum(),
            "a tiny clip": lambda p: -(np.clip(p, 1e-16, 1) * np.log(np.clip(p, 1e-16, 1))).sum(),
        },
        "Unequal outcomes are weighed by their own probabilities.": {
            "counted": lambda p: np.log(np.count_nonzero(p)),
            "the largest only": lambda p: -np.log(p.max()),
        },
    },
    "kl_divergence": {
        ONE_NUMBER: {
            "not added up": special.rel_entr,
        },
        "A distribution diverges from itself by zero.": {
            "the cross-entropy": lambda p, q: -(p * np.log(q)).sum(),
        },
        "The divergence of two different distributions is positive.": {
            "the sign": lambda p, q: (p * np.log(q / p)).sum(),
            "the difference of the entropies": lambda p, q: my_entropy(p) - my_entropy(q),
            "always zero": lambda p, q: 0.0,
        },
        "It is measured in nats.": {
            "in bits": lambda p, q: special.rel_entr(p, q).sum() / np.log(2),
            "a mean": lambda p, q: special.rel_entr(p, q).mean(),
            "absolute terms": lambda p, q: np.abs(special.rel_entr(p, q)).sum(),
            "squares": lambda p, q: ((p - q) ** 2).sum(),
        },
        "The first argument is the truth: it weighs the logarithms.": {
            "swapped": lambda p, q: my_kl(q, p),
            "the average of both ways": lambda p, q: (my_kl(p, q) + my_kl(q, p)) / 2,
        },
        "An outcome that never happens adds nothing.": {
            "not a number": lambda p, q: (p * np.log(p / q)).sum(),
        },
        "It is infinite where the model rules out what happens.": {
            "clipped": lambda p, q: my_kl(p, np.maximum(q, 1e-12)),
            "left out": lambda p, q: special.rel_entr(p[q > 0], q[q > 0]).sum(),
            "nan_to_num": lambda p, q: np.nan_to_num(p * np.log(p / q)).sum(),
        },
    },
    "asymmetric_pair": {
        "Both are lists of probabilities that add up to one.": {
            "weights": ([1, 2], [2, 1]),
            "negative": ([1.5, -0.5], [0.5, 0.5]),
            "one list": [0.2, 0.3, 0.5],
            "one number": 0.5,
            "percents": ([98, 1, 1], [34, 33, 33]),
        },
        "Both speak of the same outcomes.": {
            "lengths": ([0.5, 0.5], [0.2, 0.3, 0.5]),
            "tables": (np.full((2, 2), 0.5), np.full((2, 2), 0.5)),
        },
        "The divergence one way exceeds the other by a tenth of a nat or more.": {
            "mirrored": ([0.1, 0.9], [0.9, 0.1]),
            "equal": ([0.5, 0.5], [0.5, 0.5]),
            "infinite both ways": ([1, 0], [0, 1]),
            "by too little": ([0.5, 0.5], [0.8, 0.2]),
            "the same twice": ([0.9, 0.1], [0.9, 0.1]),
        },
    },
    "to_bits": {
        "Nothing is nothing in every unit.": {
            "the logarithm of the amount": np.log2,
        },
        "Log 2 nats are one bit.": {
            "multiplied": lambda nats: nats * np.log(2),
            "common logarithms": lambda nats: nats / np.log(10),
            "three digits": lambda nats: nats * 1.443,
            "the power": lambda nats: 2**nats - 1,
            "of bytes": lambda nats: nats / np.log(256),
        },
        "A thousand nats are 1442.695 bits.": {
            "through probabilities": lambda nats: -np.log2(np.exp(-nats)),
            "upside down": lambda nats: np.log(2) / nats if nats else 0.0,
            "whole bits": lambda nats: np.ceil(nats / np.log(2)),
            "clipped": lambda nats: min(nats, 700.0) / np.log(2),
        },
    },
    "same_accuracy": {
        "There are two tables with three rows of three classes.": {
            "two rows": (np.eye(2), np.eye(2)),
            "one table": np.eye(3),
            "ragged": ([[1, 0, 0], [0, 1]], np.eye(3)),
            "complex": (1j * np.eye(3), np.eye(3)),
        },
        "Every row is a distribution.": {
            "rows of two": (2 * np.eye(3), np.full((3, 3), 1 / 3)),
            "negative": (2 * np.eye(3) - 1 / 3, np.full((3, 3), 1 / 3)),
        },
        "Both have the same accuracy.": {
            "one is wrong": (np.eye(3), np.eye(3)[::-1]),
        },
        "The two losses differ by three tenths of a nat or more.": {
            "equal": (0.1 + 0.7 * np.eye(3), 0.1 + 0.7 * np.eye(3)),
            "close": (0.1 + 0.7 * np.eye(3), 0.15 + 0.55 * np.eye(3)),
            "infinite both": (np.eye(3)[::-1], np.eye(3)[::-1]),
        },
    },
    "log_loss": {
        "Labels come first, then the table, and the result is one number.": {
            "the other order": lambda p, labels: my_log_loss(labels, p),
            "one loss per sample": lambda labels, p: -np.log(p[np.arange(len(p)), labels]),
        },
        SAME_MEAN: {
            "a sum": lambda labels, p: my_log_loss(labels, p) * len(labels),
        },
        "Splitting a wrong class in two changes nothing.": {
            "the mean over the matrix": lambda labels, p: (
                -(np.eye(p.shape[1])[labels] * np.log(p)).mean()
            ),
            "all classes": lambda labels, p: -np.log(p).sum(axis=1).mean(),
            "the diagonal": lambda labels, p: -np.log(np.diag(p)).mean(),
        },
        "A probability of one half costs log 2 = 0.693147 nats.": {
            "in bits": lambda labels, p: my_log_loss(labels, p) / np.log(2),
            "the sign": lambda labels, p: -my_log_loss(labels, p),
        },
        "Each label picks the probability of its own class.": {
            "the largest": lambda labels, p: -np.log(p.max(axis=1)).mean(),
            "the first class": lambda labels, p: -np.log(p[:, 0]).mean(),
        },
        "Wrong classes of probability zero cost nothing.": {
            "clipped below one": lambda labels, p: my_log_loss(labels, np.minimum(p, 1 - 1e-13)),
            "zero times infinity": lambda labels, p: (
                -((np.eye(p.shape[1])[labels] * np.log(p)).sum(axis=1).mean())
            ),
        },
        "A right class of probability zero costs infinity.": {
            "clipped": lambda labels, p: my_log_loss(labels, np.clip(p, np.finfo(float).eps, 1)),
            "nan_to_num": lambda labels, p: np.nan_to_num(my_log_loss(labels, p)),
        },
    },
    "loss_from_logits": {
        "Logits come first, then the labels, and the result is one number.": {
            "the other order": lambda labels, logits: my_loss(logits, labels),
            "one loss per sample": softmaxlab.softmax_cross_entropy,
        },
        "A right class that is 30 points ahead costs next to nothing.": {
            "softmax twice": lambda z, labels: my_loss(softmax(z), labels),
        },
        SAME_MEAN: {
            "a sum": lambda z, labels: my_loss(z, labels) * len(labels),
        },
        "A further class that is far behind changes nothing.": {
            "the mean over the matrix": lambda z, labels: my_loss(z, labels) / z.shape[1],
        },
        "Ten equal scores cost log 10 = 2.302585 nats.": {
            "in bits": lambda z, labels: my_loss(z, labels) / np.log(2),
        },
        "Each label picks the score of its own class.": {
            "the largest": lambda z, labels: my_loss(z, z.argmax(axis=1)),
        },
        "A right class that is a thousand points behind costs a thousand.": {
            "the logarithm of softmax": lambda z, labels: my_log_loss(labels, softmax(z)),
            "an epsilon added": lambda z, labels: my_log_loss(labels, softmax(z) + 1e-15),
            "no shift": lambda z, labels: np.mean(
                np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]
            ),
            "clipped": lambda z, labels: my_loss(np.clip(z, -700, 700), labels),
            "nan_to_num": lambda z, labels: (
                -np.nan_to_num(np.log(softmax(z)))[np.arange(len(z)), labels].mean()
            ),
        },
    },
    "one_hot": {
        "There is a row for each label and a column for each class.": {
            "as wide as the labels": lambda labels, n_classes: np.eye(labels.max() + 1)[labels],
            "the transpose": lambda labels, n_classes: np.eye(n_classes)[labels].T,
            "one too wide": lambda labels, n_classes: np.eye(n_classes + 1)[labels],
            "the labels": lambda labels, n_classes: labels,
        },
        "Every row holds a single one, and zeros elsewhere.": {
            "all ones up to the label": lambda labels, k: np.arange(k) <= labels[:, None],
            "all labels in every row": lambda labels, k: (
                np.eye(k)[labels].max(axis=0) + np.zeros((len(labels), 1))
            ),
            "labels for ones": lambda labels, n_classes: (
                np.eye(n_classes)[labels] * labels[:, None]
            ),
            "rows and columns apart": rows_and_columns_apart,
        },
        "The one stands in the column of the label.": {
            "counted from one": lambda labels, k: np.eye(k)[labels - 1],
            "only for a square": lambda labels, n_classes: np.eye(len(labels), n_classes),
            "backwards": lambda labels, n_classes: np.eye(n_classes)[n_classes - 1 - labels],
        },
    },
    "label_smoothing": {
        "There is a row for each label and a column for each class.": {
            "as wide as the labels": lambda y, k, epsilon: (
                (1 - epsilon) * np.eye(max(y) + 1)[y] + epsilon / k
            ),
        },
        "Every row is a distribution.": {
            "added, not taken": lambda y, k, epsilon: np.eye(k)[y] + epsilon / k,
            "epsilon for every class": lambda y, k, epsilon: (1 - epsilon) * np.eye(k)[y] + epsilon,
            "over ten classes": lambda y, k, epsilon: (1 - epsilon) * np.eye(k)[y] + epsilon / 10,
            "over the samples": lambda y, k, epsilon: (
                (1 - epsilon) * np.eye(k)[y] + epsilon / len(y)
            ),
        },
        "With epsilon zero the targets are one-hot.": {
            "the other way round": lambda y, k, epsilon: epsilon * np.eye(k)[y] + (1 - epsilon) / k,
            "a tenth": lambda y, k, epsilon: 0.9 * np.eye(k)[y] + 0.1 / k,
        },
        "With epsilon one all classes are equal.": {
            "over the wrong classes": lambda y, k, epsilon: (
                (1 - epsilon) * np.eye(k)[y] + epsilon * (1 - np.eye(k)[y]) / (k - 1)
            ),
            "no smoothing": lambda y, k, epsilon: np.eye(k)[y],
            "renormalised": lambda y, k, epsilon: (np.eye(k)[y] + epsilon / k) / (1 + epsilon),
        },
        "Between the two the targets go in a straight line.": {
            "epsilon squared": lambda y, k, epsilon: (
                (1 - epsilon**2) * np.eye(k)[y] + epsilon**2 / k
            ),
        },
    },
    "binary_cross_entropy": {
        "There is one loss for each logit.": {
            "the mean": lambda s, y: softmaxlab.sigmoid_cross_entropy(s, y).mean(),
        },
        "Every logit has a loss, and it is not negative.": {
            "the sign": lambda s, y: -softmaxlab.sigmoid_cross_entropy(s, y),
            "a logit taken for a probability": lambda s, y: (
                -(y * np.log(s) + (1 - y) * np.log(1 - s))
            ),
            "the other order": lambda y, s: y * np.logaddexp(0, -s) + (1 - y) * np.logaddexp(0, s),
        },
        "A logit of zero costs log 2 = 0.693147 nats, whatever the label.": {
            "yes only": lambda s, y: y * np.logaddexp(0, -s),
            "in bits": lambda s, y: softmaxlab.sigmoid_cross_entropy(s, y) / np.log(2),
        },
        "A yes costs log(1 + exp(-s)), a no costs log(1 + exp(s)).": {
            "the other label": lambda s, y: softmaxlab.sigmoid_cross_entropy(s, 1 - y),
            "sigmoid twice": lambda s, y: softmaxlab.sigmoid_cross_entropy(
                2 * special.expit(s) - 1, y
            ),
        },
        "A label between no and yes costs a mixture of both.": {
            "yes or no": lambda s, y: np.logaddexp(0, np.where(y == 1, -s, s)),
        },
        "A confident answer costs nothing if right and a thousand if wrong.": {
            "through the sigmoid": lambda s, y: (
                -(y * np.log(special.expit(s)) + (1 - y) * np.log(special.expit(-s)))
            ),
            "plain exponentials": lambda s, y: np.log(1 + np.exp(s)) - y * s,
            "clipped": lambda s, y: softmaxlab.sigmoid_cross_entropy(np.clip(s, -36, 36), y),
        },
        "A loss of 4e-18 keeps its digits.": {
            "a difference": lambda s, y: np.logaddexp(0, s) - y * s,
        },
    },
    "map_gradient": {
        "There is one derivative for each weight.": {
            "one for each sample": lambda w, X, y, variance: my_sigmoid(X @ w) - y,
        },
        "Without samples only the penalty pulls: w / variance.": {
            "no penalty": lambda w, X, y, variance: X.T @ (my_sigmoid(X @ w) - y),
            "multiplied": lambda w, X, y, variance: X.T @ (my_sigmoid(X @ w) - y) + w * variance,
            "half": lambda w, X, y, variance: X.T @ (my_sigmoid(X @ w) - y) + w / variance / 2,
            "variance squared": lambda w, X, y, variance: (
                X.T @ (my_sigmoid(X @ w) - y) + w / variance**2
            ),
            "the penalty subtracted": lambda w, X, y, variance: (
                X.T @ (my_sigmoid(X @ w) - y) - w / variance
            ),
            "the penalty itself": lambda w, X, y, variance: (
                X.T @ (my_sigmoid(X @ w) - y) + w**2 / (2 * variance)
            ),
        },
        "The samples twice pull twice as hard.": {
            "a mean": lambda w, X, y, variance: (
                X.T @ (my_sigmoid(X @ w) - y) / len(y) + w / variance
            ),
        },
        "Each sample pulls with sigmoid(score) - y.": {
            "the sign": lambda w, X, y, variance: X.T @ (y - my_sigmoid(X @ w)) + w / variance,
            "no sigmoid": lambda w, X, y, variance: X.T @ (X @ w - y) + w / variance,
        },
    },
    "softmax_jacobian": {
        SQUARE: {
            "a vector": lambda z: softmax(z) * (1 - softmax(z)),
        },
        "Every probability depends on every score.": {
            "only the diagonal": lambda z: np.diag(softmax(z) * (1 - softmax(z))),
        },
        "When one score rises, the other probabilities fall.": {
            "the sign": lambda z: np.diag(softmax(z)) + np.outer(softmax(z), softmax(z)),
            "the opposite": lambda z: -my_jacobian(z),
        },
        "The diagonal is a_i (1 - a_i).": {
            "the sum of squares": quotient_by_sum_of_squares,
            "one minus a": lambda z: np.eye(z.size) - np.outer(softmax(z), softmax(z)),
            "the outer product only": lambda z: -np.outer(softmax(z), softmax(z)),
            "of log-softmax": lambda z: np.eye(z.size) - softmax(z),
        },
        "Beside the diagonal stands -a_i a_j.": {
            "minus a_j only": lambda z: np.diag(softmax(z) * (2 - softmax(z))) - softmax(z),
        },
        "A thousand more for every score changes nothing.": {
            "no shift": jacobian_without_shift,
        },
    },
    "loss_gradient": {
        "There is one derivative for each logit.": {
            "the mean over samples": lambda z, labels: my_gradient(z, labels).mean(axis=0),
        },
        "The derivatives of a sample add up to zero.": {
            "no Jacobian": lambda z, labels: -np.eye(3)[labels] / softmax(z) / len(labels),
            "all labels in every row": all_labels_in_every_row,
            "no label": lambda z, labels: softmax(z) / len(labels),
        },
        "The derivative of the right class is negative, those of the others positive.": {
            "of the squared error": lambda z, labels: np.einsum(
                "nij,nj->ni", softmaxlab.softmax_jacobian(z), my_gradient(z, labels)
            ),
            "y - a": lambda z, labels: -my_gradient(z, labels),
        },
        "With every sample twice, each counts for half.": {
            "of the sum": softmaxlab.softmax_cross_entropy_grad,
        },
        "It is softmax minus one-hot, divided by the number of samples.": {
            "the mean over the matrix": lambda z, labels: my_gradient(z, labels) / z.shape[1],
            "softmax twice": lambda z, labels: my_gradient(softmax(z), labels),
        },
        "Scores of a thousand give numbers.": {
            "no shift": lambda z, labels: (
                (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - np.eye(z.shape[1])[labels])
                / len(labels)
            ),
            "clipped scores": lambda z, labels: my_gradient(np.clip(z, -700, 700), labels),
            "nan_to_num": lambda z, labels: np.nan_to_num(gradient_without_shift(z, labels)),
        },
    },
    "central_difference": {
        "There is one derivative for each coordinate.": {
            "all at once": lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
        },
        "A linear function has its own coefficients as derivatives.": {
            "divided by h": lambda f, x, h: 2 * my_difference(f, x, h),
            "not divided": lambda f, x, h: 2 * h * my_difference(f, x, h),
            "multiplied by h": lambda f, x, h: my_difference(f, x, h) * h,
            "the other way round": lambda f, x, h: -my_difference(f, x, h),
            "the mean of both sides": lambda f, x, h: [
                (f(x + m) + f(x - m)) / (2 * h) for m in h * np.eye(x.size)
            ],
        },
        "On squares it is exact, however long the step.": {
            "forwards": one_sided,
            "backwards": lambda f, x, h: one_sided(f, x, -h),
        },
        "On cubes it is off by exactly the square of the step.": {
            "a step of its own": lambda f, x, h: my_difference(f, x, 1e-5),
        },
        "Only one coordinate moves at a time.": {
            "x left where it ended": steps_that_pile_up,
        },
    },
    "complex_step": {
        "There is one real derivative for each coordinate.": {
            "the value itself": lambda f, x: np.array(
                [f(x + 1e-30j * row) / 1e-30 for row in np.eye(x.size)]
            ),
            "one number": lambda f, x: all_at_once(f, x)[0],
        },
        "A linear function has its own coefficients as derivatives.": {
            "the real part": lambda f, x: np.array(
                [f(x + 1e-30j * row).real / 1e-30 for row in np.eye(x.size)]
            ),
            "not divided": lambda f, x: 1e-30 * my_complex_step(f, x),
            "all at once": all_at_once,
            "steps pile up": lambda f, x: np.array(
                [f(x + 1e-30j * row).imag / 1e-30 for row in np.tri(x.size)]
            ),
        },
        "Every digit is right.": {
            "central differences": lambda f, x: my_difference(f, x, 1e-5),
            "one-sided differences": lambda f, x: one_sided(f, x, 1e-8),
            "thirteen digits": lambda f, x: my_complex_step(f, x) * (1 + 1e-13),
            "a step too long": lambda f, x: np.array(
                [f(x + 1e-5j * row).imag / 1e-5 for row in np.eye(x.size)]
            ),
            "only for three": lambda f, x: np.array(
                [f(x + 1e-30j * row).imag / 1e-30 for row in np.eye(3)]
            ),
        },
    },
    "relative_error": {
        ONE_NUMBER: {
            "entry by entry": lambda a, b: np.abs(a - b) / np.abs(a),
        },
        "Equal arrays have none, even if both are zero.": {
            "not a number": lambda a, b: np.abs(a - b).max() / np.abs(a).max(),
        },
        "It is never negative.": {
            "signed": lambda a, b: (a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-300),
        },
        "In other units it is the same.": {
            "the absolute error": lambda a, b: np.abs(a - b).max(),
            "an epsilon below": lambda a, b: (
                np.abs(a - b).max() / (max(np.abs(a).max(), np.abs(b).max()) + 1e-8)
            ),
        },
        "It does not matter which of the two comes first.": {
            "by the first": divided_by_the_first,
        },
        "Rounding in an entry near zero counts for little.": {
            "entry by entry": entry_by_entry,
            "always zero": lambda a, b: 0.0,
            "the mean": lambda a, b: (
                np.abs(a - b).mean() / max(np.abs(a).max(), np.abs(b).max(), 1e-300)
            ),
        },
        "It is the largest difference over the largest magnitude.": {
            "largest, not magnitude": lambda a, b: (
                np.abs(a - b).max() / (max(a.max(), b.max()) or 1)
            ),
        },
    },
    "hessian": {
        SQUARE: {
            "a vector": lambda z: softmax(z) * (1 - softmax(z)),
        },
        "The order of the two derivatives does not matter.": {
            "minus a_j only": lambda z: np.diag(softmax(z)) - softmax(z),
        },
        "A constant added to all scores meets no bend.": {
            "only the diagonal": lambda z: np.diag(softmax(z) * (1 - softmax(z))),
            "the sign": lambda z: np.diag(softmax(z)) + np.outer(softmax(z), softmax(z)),
            "the gradient squared": lambda z: np.outer(softmax(z), softmax(z)),
        },
        "It never bends downwards.": {
            "the opposite": lambda z: -my_jacobian(z),
        },
        "It is the derivative of softmax.": {
            "the sum of squares": quotient_by_sum_of_squares,
            "a bound": lambda z: (np.eye(z.size) - 1 / z.size) / 2,
            "no bend at all": lambda z: np.zeros((z.size, z.size)),
            "divided by the size": lambda z: my_jacobian(z) / z.size,
        },
        "A thousand more for every score changes nothing.": {
            "no shift": jacobian_without_shift,
        },
    },
    "newton_step": {
        "There is one new logit for each old one.": {
            "the loss": lambda z, y: softmaxlab.softmax_cross_entropy(z, y),
        },
        "Where the probabilities are the target there is nothing to do.": {
            "the step only": lambda z, y: z - my_newton_step(z, y),
            "no target": lambda z, y: my_newton_step(z, 0 * y),
        },
        "The loss falls.": {
            "added": lambda z, y: 2 * z - my_newton_step(z, y),
            "no step": lambda z, y: z.copy(),
        },
        "The Hessian times the step is the gradient.": {
            "a gradient step": short_newton,
            "a diagonal Hessian": lambda z, y: (
                z - (softmax(z) - y) / (softmax(z) * (1 - softmax(z)))
            ),
            "half a step": lambda z, y: (z + my_newton_step(z, y)) / 2,
            "an inverse": lambda z, y: (
                z - np.linalg.inv(my_jacobian(z) + 1e-3 * np.eye(z.size)) @ (softmax(z) - y)
            ),
        },
        "The step is the shortest: its entries add up to zero.": {
            "the last logit fixed": last_logit_fixed,
        },
        "A thousand more for every score makes the same step.": {
            "no shift": lambda z, y: newton_without_shift(z, y),
        },
    },
    "double_softmax_floor": {
        "With three classes it is 0.551445.": {
            "zero": lambda n_classes: 0.0,
            "equal scores": np.log,
            "no score of one": lambda n_classes: np.log(np.e + n_classes - 1),
            "the ceiling": lambda n_classes: np.log(np.e + n_classes - 1),
            "off by one": lambda n_classes: np.log(np.e + n_classes) - 1,
            "in bits": lambda n_classes: np.log2(np.e + n_classes - 1) - 1,
            "of one half": lambda n_classes: np.log(1 + (n_classes - 1) / 2.718),
            "equal scores, less one": lambda n_classes: np.log(n_classes) - 1 / np.e,
        },
        "With ten classes it is 1.461150.": {
            "only for three": lambda n_classes: np.log(np.e + 2) - 1,
        },
        "It holds for any number of classes.": {
            "a table": lambda n_classes: {3: np.log(np.e + 2) - 1, 10: np.log(np.e + 9) - 1}[
                n_classes
            ],
        },
    },
    "sigmoid_from_two_logits": {
        "There is one logit for each row.": {
            "both": lambda z: z - z[..., ::-1],
            "one row only": lambda z: z[0] - z[1],
        },
        "Two equal logits make zero.": {
            "a probability": lambda z: softmax(z)[..., 0],
            "the first logit": lambda z: z[..., 0],
            "the sum": lambda z: z.sum(axis=-1),
        },
        "Its sigmoid is the softmax of the pair at the first class.": {
            "the second class": lambda z: z[..., 1] - z[..., 0],
            "half of it": lambda z: (z[..., 0] - z[..., 1]) / 2,
            "absolute": lambda z: np.abs(z[..., 0] - z[..., 1]),
        },
        "A lead of a thousand is the logit a thousand.": {
            "through probabilities": lambda z: special.logit(softmax(z)[..., 0]),
            "clipped": lambda z: np.clip(z[..., 0] - z[..., 1], -700, 700),
        },
    },
    "train_step": {
        "There are two arrays, the new W and the new b.": {
            "the weights only": lambda *given: my_step(*given)[0],
            "the other order": lambda *given: my_step(*given)[::-1],
            "nothing": lambda *given: None,
        },
        "The loss falls.": {
            "uphill": step_by(sign=1),
            "no step": lambda W, b, X, labels, rate: (W, b),
        },
        "The samples twice make the same step.": {
            "of the sum": lambda W, b, X, labels, rate: my_step(
                W, b, X, labels, rate * len(labels)
            ),
        },
        "The weights step by rate times (a - y) times x, averaged.": {
            "a rate of its own": lambda W, b, X, labels, rate: my_step(W, b, X, labels, 0.05),
            "the mean over the matrix": step_by(factor=1 / 3),
            "no transpose of the labels": lambda W, b, X, labels, rate: (
                W - rate * my_gradient(X @ W.T + b, labels).T @ X * 2,
                b,
            ),
        },
        "The biases learn too.": {
            "not they": step_by(bias=False),
        },
        "Scores of a thousand give numbers.": {
            "no shift": step_without_shift,
            "nan_to_num": lambda *given: tuple(map(np.nan_to_num, step_without_shift(*given))),
        },
    },
    "multiclass_hinge": {
        "There is one loss for each row.": {
            "the mean": lambda scores, labels: my_hinge(scores, labels).mean(),
        },
        "It is never negative.": {
            "no floor": no_floor,
            "labels of all rows": lambda s, labels: (
                np.maximum(0, s - s[:, labels] + 1).sum(axis=1) - 1
            ),
            "the right class subtracted twice": lambda s, labels: my_hinge(s, labels) - 1,
        },
        "A lead of a point or more over every rival costs nothing.": {
            "a rival of itself": rival_of_itself,
        },
        "Ten equal scores cost nine.": {
            "the worst rival": worst_rival,
            "the mean over rivals": lambda s, labels: my_hinge(s, labels) / (s.shape[1] - 1),
            "margin of one half": lambda s, labels: (
                np.maximum(0, s - s[np.arange(len(s)), labels][:, None] + 0.5).sum(axis=1) - 0.5
            ),
            "only for three": lambda s, labels: my_hinge(s[:, :3], labels),
        },
        "Each rival costs what it lacks of a distance of one.": {
            "squared": squared_hinge,
        },
    },
    "hinge_gradient": {
        "There is one derivative for each score.": {
            "the loss": my_hinge,
        },
        "A sample that leads by more than a point pulls at nothing.": {
            "flat nowhere": flat_nowhere,
            "that of softmax": softmaxlab.softmax_cross_entropy_grad,
        },
        "The derivatives of a sample add up to zero.": {
            "the right class forgotten": right_class_forgotten,
            "the right class minus one": right_class_minus_one,
        },
        "Each rival inside the margin has the slope one.": {
            "the sign": lambda s, labels: -my_hinge_gradient(s, labels),
            "the mean over samples": lambda s, labels: my_hinge_gradient(s, labels) / len(s),
            "the shortfall itself": lambda s, labels: shortfall_for_slope(s, labels),
            "the worst rival only": gradient_of_worst_rival,
            "zero": lambda s, labels: np.zeros(s.shape),
        },
    },
    "backward_linear": {
        "There are three arrays: dW like W, db like b, dX like X.": {
            "dW transposed": lambda grad, X, W: (X.T @ grad, grad.sum(axis=0), grad @ W),
            "two of them": lambda grad, X, W: (grad.T @ X, grad @ W),
            "db by sample": lambda grad, X, W: (grad.T @ X, grad.sum(axis=1), grad @ W),
        },
        "The bias takes part in every sample.": {
            "a mean": lambda grad, X, W: (grad.T @ X, grad.mean(axis=0), grad @ W),
            "the bias by weight": lambda grad, X, W: (
                grad.T @ X,
                grad.T.sum(axis=0)[: len(W)],
                grad @ W,
            ),
            "the signs": lambda grad, X, W: (-grad.T @ X, -grad.sum(axis=0), -grad @ W),
            "one sample only": lambda grad, X, W: (np.outer(grad[0], X[0]), grad[0], grad @ W),
        },
        "A weight gets, from each sample, what its score gets times what its input was.": {
            "a mean": lambda grad, X, W: (grad.T @ X / len(X), grad.sum(axis=0), grad @ W),
        },
        "An input gets what its scores get, through the weights that led there.": {
            "no weights": lambda grad, X, W: (
                grad.T @ X,
                grad.sum(axis=0),
                np.tile(grad.sum(axis=1, keepdims=True), X.shape[1]),
            ),
            "the input for the gradient": lambda grad, X, W: (grad.T @ X, grad.sum(axis=0), X),
        },
    },
    "relu_backward": {
        "There is one derivative for each entry.": {
            "added up": lambda grad, z: (grad * (z > 0)).sum(axis=0),
            "one row only": lambda grad, z: [
                g if s > 0 else 0 for g, s in zip(grad, z, strict=True)
            ],
        },
        "Where z is positive the gradient passes as it is.": {
            "the sign of grad": lambda grad, z: grad * (grad > 0),
            "times z": lambda grad, z: grad * np.maximum(0, z),
            "relu itself": lambda grad, z: np.maximum(0, z),
            "backwards": lambda grad, z: grad * (z < 0),
            "ones": lambda grad, z: (z > 0).astype(float),
            "the mean": lambda grad, z: grad * (z > 0) / len(z),
        },
        "Where z is negative nothing passes.": {
            "everything passes": lambda grad, z: grad.copy(),
            "a leak": lambda grad, z: np.where(z > 0, grad, 0.01 * grad),
            "the sign for the step": lambda grad, z: grad * np.sign(z),
        },
    },
    "expected_calibration_error": {
        ONE_NUMBER: {
            "by sample": lambda p, labels, n_bins: p.max(axis=1),
        },
        "It is never negative.": {
            "signed": ece_with(lambda confidence, right: confidence.mean() - right.mean()),
        },
        "Who says 75 % and is right three times in four is honest.": {
            "sample by sample": ece_with(lambda confidence, right: abs(confidence - right).mean()),
            "the confidence of the label": lambda p, labels, n_bins: abs(
                p[np.arange(len(p)), labels].mean() - (p.argmax(axis=1) == labels).mean()
            ),
            "of class 0": lambda p, labels, n_bins: ece_of(p[:, 0], labels == 0, n_bins),
            "of class 1": lambda p, labels, n_bins: ece_of(p[:, 1], labels == 1, n_bins),
            "for two classes only": lambda p, labels, n_bins: ece_of(
                np.maximum(p[:, 0], 1 - p[:, 0]), (p[:, 0] < 0.5) == labels, n_bins
            ),
        },
        "Too bold in one bin does not make up for too timid in another.": {
            "one bin": lambda p, labels, n_bins: my_ece(p, labels, 1),
            "squared": lambda p, labels, n_bins: ece_with(lambda c, r: (c.mean() - r.mean()) ** 2)(
                p, labels, n_bins
            ),
        },
        "A bin counts by the number of its samples.": {
            "the mean over bins": ece_with(gap_of_means, weighted=False),
            "the largest gap": lambda p, labels, n_bins: largest_gap(p, labels, n_bins),
        },
        "The number of bins is that of the argument.": {
            "always ten": lambda p, labels, n_bins: my_ece(p, labels, 10),
            "from the smallest to the largest": lambda p, labels, n_bins: ece_of(
                (c := p.max(axis=1)), p.argmax(axis=1) == labels, n_bins, c.min(), c.max()
            ),
        },
        "Who is certain belongs to the last bin.": {
            "the last edge lost": ece_with(gap_of_means, last=False),
        },
    },
    "temperature_gradient": {
        ONE_NUMBER: {
            "by sample": lambda z, labels, t: softmaxlab.softmax_cross_entropy(z / t, labels),
        },
        "Heating harms a model that is right.": {
            "always zero": lambda z, labels, t: 0.0,
            "the sign": lambda z, labels, t: -my_slope(z, labels, t),
        },
        "The same samples twice have the same slope.": {
            "a sum": lambda z, labels, t: my_slope(z, labels, t) * len(labels),
        },
        "At temperature one it is the right score minus the average score.": {
            "a plain average": lambda z, labels, t: (
                z[np.arange(len(z)), labels] - z.mean(axis=1)
            ).mean(),
            "the largest score for the right one": lambda z, labels, t: my_slope(
                z, z.argmax(axis=1), t
            ),
        },
        "At temperature T it is (right score - average score) / T^2.": {
            "not divided": lambda z, labels, t: my_slope(z, labels, t) * t**2,
            "divided once": lambda z, labels, t: my_slope(z, labels, t) * t,
            "probabilities at temperature one": lambda z, labels, t: my_slope(z, labels, 1) / t**2,
        },
        "Scores of a thousand give numbers.": {
            "no shift": slope_without_shift,
            "clipped scores": lambda z, labels, t: my_slope(np.clip(z, -700, 700), labels, t),
        },
    },
}

TOLD = Path(__file__).with_name("told.json")
NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?")
FUNCTIONS = [name for name, exercise in EXERCISES.items() if not exercise.value]
VALUES = [name for name, exercise in EXERCISES.items() if exercise.value]


def single(value):
    if isinstance(value, tuple):
        return tuple(map(single, value))
    return np.asarray(value, np.float32)


def listed(value):
    return tuple(map(listed, value)) if isinstance(value, tuple) else value.tolist()


def in_single_precision(answer):
    """Return an answer rounded to float32, as arrays and as lists."""
    if not callable(answer):
        return [single(tuple(answer)), listed(single(tuple(answer)))]
    return [lambda *given: single(answer(*given)), lambda *given: listed(single(answer(*given)))]


class TestLaws:
    @pytest.mark.parametrize(
        ("name", "answer"),
        [(name, answer) for name, answers in RIGHT.items() for answer in answers],
    )
    def test_a_right_answer_passes(self, name, answer, capsys):
        assert exercises.check(name, answer) is None
        assert capsys.readouterr().out == (
            f"{name}: all {len(EXERCISES[name].laws)} properties hold.\n"
        )

    @pytest.mark.parametrize("name", RIGHT)
    def test_a_right_answer_in_single_precision_passes(self, name):
        for answer in RIGHT[name]:
            assert len(accepted(name, in_single_precision(answer))) == 2

    def test_every_exercise_of_a_module_is_listed_under_it(self):
        folder = Path(exercises.__file__).parent
        found = {}
        for path in folder.glob("*.py"):
            module = import_module(f"softmaxlab.exercises.{path.stem}")
            found[path.stem] = tuple(one.name for one in getattr(module, "EXERCISES", ()))
        assert {module: names for module, names in found.items() if names} == exercises.CHAPTERS

    def test_every_exercise_has_right_and_wrong_answers_here(self):
        assert RIGHT.keys() == WRONG.keys() == EXERCISES.keys()
        assert all(RIGHT.values())
        few = [name for name, laws in WRONG.items() if sum(map(len, laws.values())) < 10]
        assert few == []

    def test_every_law_is_one_that_some_wrong_answer_breaks(self):
        laws = {name: [law.statement for law in one.laws] for name, one in EXERCISES.items()}
        assert {name: list(broken) for name, broken in WRONG.items()} == laws

    def test_statements_and_hints_are_sentences(self):
        for exercise in EXERCISES.values():
            for law in exercise.laws:
                assert law.statement[0].isupper()
                assert law.statement.endswith(".")
                assert law.hint.endswith((".", "?"))
                assert "\n" not in law.statement + law.hint


def verdicts(name):
    """Return the law that is meant and the refusal that is given, for each wrong answer."""
    return {
        f"{name}: {law} {title}": (law, refusal(name, answer))
        for law, answers in WRONG[name].items()
        for title, answer in answers.items()
    }


def refusal(name, answer):
    """Return what an answer is refused with; nothing may be printed beside it."""
    with redirect_stdout(StringIO()) as printed, pytest.raises(exercises.NotYet) as caught:
        exercises.check(name, answer)
    assert printed.getvalue() == ""
    return caught.value


def told(name):
    """Return what each wrong answer is told, without NumPy's own words and lines of this file."""
    return {
        title: re.sub(r"raised +(\w+):.*(\n +line .*)?", r"raised  \1", str(refused)).split("\n")
        for title, (_, refused) in verdicts(name).items()
    }


class TestWrongAnswers:
    RECORD = json.loads(TOLD.read_text("utf-8"))

    @pytest.mark.parametrize("name", WRONG)
    def test_each_is_told_which_law_it_breaks(self, name):
        found = {title: (one.exercise, one.law) for title, (_, one) in verdicts(name).items()}
        assert found == {title: (name, law) for title, (law, _) in verdicts(name).items()}

    @pytest.mark.parametrize("name", WRONG)
    def test_each_is_told_these_words_and_numbers(self, name):
        for title, lines in told(name).items():
            got, record = "\n".join(lines), "\n".join(self.RECORD[title])
            assert NUMBER.sub("#", got) == NUMBER.sub("#", record), title
            numbers = [[float(one) for one in NUMBER.findall(text)] for text in (got, record)]
            assert numbers[0] == pytest.approx(numbers[1], rel=1e-3, abs=1e-9), title

    def test_the_record_is_of_these_answers(self):
        assert list(self.RECORD) == [title for name in WRONG for title in told(name)]


class TestMessages:
    def test_it_shows_the_call_the_result_and_what_was_expected(self):
        def my_softmax(logits):
            return np.exp(logits)

        with pytest.raises(exercises.NotYet) as caught:
            exercises.check("softmax", my_softmax)
        assert str(caught.value) == (
            "softmax: not yet. The probabilities add up to one.\n"
            "  my_softmax([3, 1, -3])\n"
            "    gave      [20.08554, 2.718282, 0.04978707]\n"
            "    total     22.85361\n"
            "    expected  1\n"
            "    off by    22\n"
            "Hint: divide the exponentials by their sum."
        )

    def test_it_shows_a_difference_that_rounding_hides(self):
        with pytest.raises(exercises.NotYet, match=r"off by +2\.7e-08"):
            exercises.check("to_bits", lambda nats: nats / np.log(2) + 2.7e-8 * (nats > 0))

    def test_an_answer_that_raises_is_told_so_with_its_input(self):
        with pytest.raises(exercises.NotYet) as caught:
            exercises.check("entropy", lambda p: 1 / 0)
        message = str(caught.value)
        assert re.search(r"my_entropy\(\[0.5, 0.5\]\)\n    raised +ZeroDivisionError: div", message)
        assert re.search(r"\n    line \d+ of <lambda>  +exercises.check\(.entropy., lam", message)
        assert message.endswith(
            "\nHint: the function stops there with this error: mend that first."
        )
        assert caught.value.__suppress_context__

    def test_a_call_that_does_not_fit_is_told_the_call(self):
        with pytest.raises(exercises.NotYet, match=r"takes 0 positional arguments but 1 was given"):
            exercises.check("entropy", lambda: 0.0)
        with pytest.raises(exercises.NotYet, match=r"Hint: it is called as my_entropy\(p\), and"):
            exercises.check("entropy", lambda: 0.0)

    def test_the_line_is_the_readers_own_and_not_that_of_a_library(self):
        def helper(p):
            return np.linalg.inv(p)  # here

        with pytest.raises(
            exercises.NotYet, match=r"of helper +return np\.linalg\.inv\(p\)  # here"
        ):
            exercises.check("entropy", lambda p: helper(p))
        with pytest.raises(exercises.NotYet, match=r"of <lambda> +exercises\.check\(.entropy"):
            exercises.check("entropy", lambda p: __import__("no_such_module"))
        with pytest.raises(exercises.NotYet, match=r"raised +LinAlgError") as caught:
            exercises.check("entropy", np.linalg.inv)
        assert "line" not in str(caught.value)

    def test_an_answer_that_ends_the_program_does_not(self):
        with pytest.raises(exercises.NotYet, match=r"raised +SystemExit: 3"):
            exercises.check("entropy", lambda p: sys.exit(3))

    def test_six_digits_are_called_so(self):
        with pytest.raises(exercises.NotYet, match="Hint: it has six right digits and no more"):
            exercises.check("entropy", lambda p: my_entropy(p) * (1 + 1e-7))

    def test_a_notebook_shows_the_message_alone(self):
        with pytest.raises(exercises.NotYet) as caught:
            exercises.check("entropy", np.sum)
        assert caught.value._render_traceback_() == [f"NotYet: {caught.value}"]

    @pytest.mark.parametrize("name", ["sofmax", "", None, 3, ["softmax"]])
    def test_an_unknown_name_gets_the_list(self, name):
        with pytest.raises(ValueError, match=r"no exercise is called .* There are: .*one_hot"):
            exercises.check(name, softmax)

    def test_a_misspelt_name_gets_a_suggestion(self):
        with pytest.raises(ValueError, match="Did you mean 'softmax'"):
            exercises.check("sofmax", softmax)

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_a_result_in_place_of_a_function_is_refused(self, name):
        with pytest.raises(exercises.NotYet, match=r"asks for the function .*given \[1, 2\]"):
            exercises.check(name, np.array([1.0, 2.0]))

    @pytest.mark.parametrize("name", VALUES)
    def test_a_function_in_place_of_a_value_is_refused(self, name):
        with pytest.raises(exercises.NotYet, match=r"asks for the value .*given a function"):
            exercises.check(name, softmax)


def raising(*_):
    raise RuntimeError("no idea")


NONSENSE = {
    "nothing": lambda *_: None,
    "text": lambda *_: "0.5",
    "an object": lambda *_: object(),
    "a function": lambda *_: softmax,
    "ragged": lambda *_: [[1, 2], [3]],
    "complex": lambda *_: 1j,
    "nan": lambda *_: np.nan,
    "infinite": lambda *_: np.full(3, np.inf),
    "empty": lambda *_: [],
    "a set": lambda *_: {0.5},
    "a generator": lambda *given: (one for one in given),
    "the arguments": lambda *given: given,
    "four dimensions": lambda *_: np.ones((2, 2, 2, 2)),
    "an exception": raising,
    "no argument taken": lambda: 0.5,
}


def accepted(name, answers):
    """Return the answers that pass as right."""

    def passes(answer):
        try:
            exercises.check(name, answer)
        except exercises.NotYet:
            return False
        return True

    return [answer for answer in answers if passes(answer)]


class TestNonsense:
    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_a_function_that_returns_it_is_told_not_yet(self, name):
        assert accepted(name, NONSENSE.values()) == []

    @pytest.mark.parametrize("name", VALUES)
    def test_a_value_that_is_it_is_told_not_yet(self, name):
        values = [None, "ab", 3, [], [1], {}, (None, None), ("a", "b"), (1, 2)]
        assert accepted(name, values) == []


class Turncoat:
    """Answers rightly a number of times, and then with nonsense."""

    def __init__(self, right, nonsense, calls):
        self.right, self.nonsense, self.calls = right, nonsense, calls

    def __call__(self, *arguments):
        self.calls -= 1
        return (self.right if self.calls >= 0 else self.nonsense)(*arguments)


class TestEveryCallCounts:
    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_nonsense_at_any_call_is_told_not_yet(self, name):
        right = RIGHT[name][0]
        counter = Turncoat(right, right, calls=1000)
        exercises.check(name, counter)
        for kind in ("nothing", "nan", "empty", "four dimensions"):
            for calls in range(1000 - counter.calls):
                assert accepted(name, [Turncoat(right, NONSENSE[kind], calls)]) == [], kind


class TestEachLawAlone:
    """Not only the first law, which asks for the shape, refuses a result of another shape."""

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_it_refuses_a_result_in_one_more_pair_of_brackets(self, name):
        def nested(*arguments):
            result = RIGHT[name][0](*arguments)
            if isinstance(result, tuple):
                return tuple(np.array([one]) for one in result)
            return np.array([result])

        for law in EXERCISES[name].laws:
            with pytest.raises(Broken):
                law.try_on(Answer(nested, "nested"))


def spoiling(right):
    """Return a right answer that leaves zeros in its first array."""

    def spoiler(*arguments):
        result = right(*arguments)
        next(one for one in arguments if isinstance(one, np.ndarray))[...] = 0
        return result

    return spoiler


IN_PLACE = {
    "softmax": softmax_in_place,
    "log_softmax": log_softmax_in_place,
    "loss_from_logits": loss_in_place,
    "loss_gradient": gradient_in_place,
    "central_difference": point_left_moved,
    "train_step": weights_in_place,
    "relu_backward": relu_in_place,
}
TAKE_NUMBERS = {
    "clipped",
    "to_bits",
    "double_softmax_floor",
    "workers",
    "score_spread",
}  # no function changes them


class TestSideEffects:
    @pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - TAKE_NUMBERS))
    def test_an_answer_that_spoils_its_arguments_is_told_so(self, name):
        for spoiler in (spoiling(RIGHT[name][0]), IN_PLACE.get(name, spoiling(RIGHT[name][-1]))):
            refused = refusal(name, spoiler)
            assert refused.law in (
                "The argument is left as it was.",
                "The arguments are left as they were.",
            )
            assert re.search(r"\n    left +its argument as \[", str(refused))
            assert "write `y = x - ...`." in refused.hint
            assert refused.exercise == name

    def test_an_answer_that_spoils_its_arguments_spoils_no_example(self):
        before = copy.deepcopy([law.examples for law in EXERCISES["softmax"].laws])

        def spoiler(logits):
            result = my_softmax(logits)
            logits[...] = 0
            return result

        with pytest.raises(exercises.NotYet, match="left as it was"):
            exercises.check("softmax", spoiler)
        after = [law.examples for law in EXERCISES["softmax"].laws]
        assert str(after) == str(before)

    def test_warnings_of_an_answer_do_not_leak(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exercises.check("kl_divergence", lambda p, q: my_kl(p, q + 0 * np.log(q * 0 + 1)))
            with pytest.raises(exercises.NotYet, match="overflow"):
                exercises.check("sigmoid", lambda s: 1 / (1 + np.exp(-s)))

    def test_the_same_answer_gets_the_same_verdict(self):
        def verdict(answer):
            with pytest.raises(exercises.NotYet) as caught:
                exercises.check("softmax", answer)
            return str(caught.value)

        assert verdict(np.exp) == verdict(np.exp)


if __name__ == "__main__":
    record = {title: lines for name in WRONG for title, lines in told(name).items()}
    TOLD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
