"""The loss over a large vocabulary: in blocks, and with all logits in memory.

Run it with `python -m benchmarks.vocabulary`. 2048 samples, 256 features, 50,257 words, float32;
losses, and the derivatives of their mean with respect to features and weights.
"""

import numpy as np
from softmaxlab import softmax_cross_entropy, softmax_cross_entropy_grad
from softmaxlab.chunked import chunked_softmax_cross_entropy_with_grad

from benchmarks.harness import arguments, medians, peak, ratio, report, take_turns

N, N_FEATURES, VOCABULARY = 2048, 256, 50_257


def made_data():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(N, N_FEATURES)).astype(np.float32)
    weights = rng.normal(scale=1 / 16, size=(VOCABULARY, N_FEATURES)).astype(np.float32)
    return features, weights, rng.integers(VOCABULARY, size=N)


def whole(features, weights, labels):
    """Hold all logits, and use the functions that everybody uses."""
    logits = features @ weights.T
    losses = softmax_cross_entropy(logits, labels)
    error = softmax_cross_entropy_grad(logits, labels)
    error /= len(labels)
    return losses, error @ weights, error.T @ features


def textbook(features, weights, labels):
    """Hold all logits, and write out the textbook's formulas."""
    samples = np.arange(len(labels))
    logits = features @ weights.T
    logits -= logits.max(axis=1, keepdims=True)
    exponentials = np.exp(logits)
    total = exponentials.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - logits[samples, labels]
    error = exponentials / total
    error[samples, labels] -= 1
    error /= len(labels)
    return losses, error @ weights, error.T @ features


CONTENDERS = {
    "in blocks": lambda data: tuple(chunked_softmax_cross_entropy_with_grad(*data)),
    "all logits, softmaxlab": lambda data: whole(*data),
    "all logits, textbook": lambda data: textbook(*data),
}


def worst(result, exact):
    """Return the largest error, relative to the largest entry, over all arrays of a result."""
    return float(
        max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(result, exact, strict=True))
    )


def main():
    options = arguments(__doc__, repeats="rounds to time")
    data = made_data()
    runs = {name: (lambda f=function: f(data)) for name, function in CONTENDERS.items()}
    seconds, results = take_turns(runs, options.repeats)
    exact = CONTENDERS["in blocks"]((data[0].astype(float), data[1].astype(float), data[2]))
    outputs = sum(array.nbytes for array in results["in blocks"]) / 1e6
    rows = [
        {
            "way": name,
            "seconds": medians(seconds)[name],
            "time of the blocks / this": ratio(seconds, "in blocks", name),
            "peak MB": peak(run) / 1e6,
            "of it results MB": outputs,
            "error": worst(results[name], exact),
        }
        for name, run in runs.items()
    ]
    report("Loss and derivatives, 2048 samples, 50,257 words", rows, options.json)


if __name__ == "__main__":
    main()
