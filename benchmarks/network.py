"""The 25-15-10 network beside scikit-learn's `MLPClassifier`, on the digits, over five seeds.

Run it with `python -m benchmarks.network`. First each with its own defaults, then both with the
same batch size, learning rate and number of epochs: ours, and scikit-learn's.
"""

import warnings
from functools import partial

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.network import Network

from benchmarks.harness import arguments, medians, ratio, report, take_turns

SEEDS = range(5)
OURS = {"batch_size": 200, "rate": 0.003, "epochs": 100}
THEIRS = {"batch_size": 200, "rate": 0.001, "epochs": 200}
SETTINGS = {"each its own": (OURS, THEIRS), "ours": (OURS, OURS), "sklearn's": (THEIRS, THEIRS)}


def ours(X, y, seed, batch_size, rate, epochs):
    network = Network((X.shape[1], 25, 15, 10), seed=seed)
    return network.fit(X, y, epochs, batch_size, rate, progress=False)


def theirs(X, y, seed, batch_size, rate, epochs):
    network = MLPClassifier(
        (25, 15),
        batch_size=batch_size,
        learning_rate_init=rate,
        max_iter=epochs,
        n_iter_no_change=epochs,  # no early end
        random_state=seed,
    )
    return network.fit(X, y)


def spread(values):
    return f"{np.mean(values):.4f} +- {np.std(values, ddof=1):.4f}"


def row(name, repeats, train, test):
    """Train both with every seed; compare times seed by seed, and accuracies over the seeds."""
    accuracy, seconds = {"ours": [], "sklearn": []}, {"ours": [], "sklearn": []}
    for seed in SEEDS:
        our_settings, their_settings = SETTINGS[name]
        contenders = {
            "ours": partial(ours, *train, seed, **our_settings),
            "sklearn": partial(theirs, *train, seed, **their_settings),
        }
        times, networks = take_turns(contenders, repeats)
        for who, network in networks.items():
            seconds[who] += times[who]
            accuracy[who].append(np.mean(network.predict(test[0]) == test[1]))
    return {
        "settings": name,
        **{f"{who} s": value for who, value in medians(seconds).items()},
        "ratio": ratio(seconds, "ours", "sklearn"),
        **{f"accuracy {who}": spread(values) for who, values in accuracy.items()},
    }


def main():
    options = arguments(__doc__, repeats="rounds to time")
    train, test = load_digits()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        rows = [row(name, options.repeats, train, test) for name in SETTINGS]
    report("Network and MLPClassifier, 64-25-15-10", rows, options.json)


if __name__ == "__main__":
    main()
