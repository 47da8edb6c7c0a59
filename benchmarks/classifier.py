"""`SoftmaxRegression` beside scikit-learn's `LogisticRegression`, at the same objective.

Run it with `python -m benchmarks.classifier`. Both stop when no entry of the gradient is above
1e-8. How far apart the two models are is measured on fits that go on to rounding error.
"""

import numpy as np
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.regression import SoftmaxObjective, SoftmaxRegression

from benchmarks.harness import arguments, medians, ratio, report, take_turns

TOL = 1e-8


def made_data(n=60_000, n_features=784, n_classes=10):
    """Make data of MNIST's size: noise around one faint picture per class, not negative."""
    rng = np.random.default_rng(0)
    pictures = rng.normal(scale=0.1, size=(n_classes, n_features))
    y = rng.integers(n_classes, size=n)
    return np.maximum(rng.normal(size=(n, n_features)) + pictures[y], 0) / 4, y


def data_sets(large):
    """Yield a name, the data and the labels of each set."""
    yield "digits", *load_digits()[0]
    for name in ("iris", "wine"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        yield name, StandardScaler().fit_transform(X), y
    if large:
        yield "made", *made_data()


def scikit_learn(solver="lbfgs", tol=TOL):
    return LogisticRegression(solver=solver, tol=tol, max_iter=100_000)


def distance(a, b):
    """Return the largest difference, relative to the largest entry."""
    return float(np.abs(a - b).max() / np.abs(b).max())


def agreement(X, y):
    """Compare the two models where both have gone as far as they can."""
    ours = SoftmaxRegression(tol=1e-12).fit(X, y)
    theirs = scikit_learn("newton-cg", tol=1e-12).fit(X, y)
    objective = SoftmaxObjective(X, y, len(ours.classes_))
    at_theirs = objective.loss(np.column_stack([theirs.coef_, theirs.intercept_]))
    return {
        "loss apart": abs(ours.loss_curve_[-1] / at_theirs - 1),
        "coef apart": distance(ours.coef_, theirs.coef_),
        "proba apart": distance(ours.predict_proba(X), theirs.predict_proba(X)),
        "same predictions": bool((ours.predict(X) == theirs.predict(X)).all()),
    }


def row(name, X, y, repeats):
    contenders = {
        "ours s": lambda: SoftmaxRegression(tol=TOL).fit(X, y),
        "ours, L-BFGS s": lambda: SoftmaxRegression(solver="lbfgs", tol=TOL, max_iter=10**5).fit(
            X, y
        ),
        "sklearn s": lambda: scikit_learn().fit(X, y),
        "sklearn, Newton-CG s": lambda: scikit_learn("newton-cg").fit(X, y),
    }
    seconds, _ = take_turns(contenders, repeats)
    return {
        "data": f"{name} {len(X)} x {X.shape[1]}",
        **medians(seconds),
        "ratio": ratio(seconds, "ours s", "sklearn s"),
        "ratio, Newton-CG both": ratio(seconds, "ours s", "sklearn, Newton-CG s"),
        **agreement(X, y),
    }


def main():
    options = arguments(
        __doc__,
        repeats="rounds to time",
        small="leave out the 60,000 x 784 set, which takes minutes",
    )
    rows = [
        row(name, X, y, options.repeats if len(X) < 10_000 else 1)
        for name, X, y in data_sets(large=not options.small)
    ]
    report("SoftmaxRegression and LogisticRegression", rows, options.json)


if __name__ == "__main__":
    main()
