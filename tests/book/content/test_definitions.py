r"""Definitions are taken as given, so here they are held against NumPy and SciPy.

Every definition of the book is evaluated as it stands on its page, on random numbers. A mistake in
one is noticed here or by a later formula that rests on it: the last test makes the mistakes.
"""

import numpy as np
import pytest
import scipy.special as special
import scipy.stats as stats
import sympy as sp
from checkedmath import CheckError, Derivation
from checkedmath.deciding.balls import NoNumber, value
from checkedmath.meaning.arithmetic import is_matrix
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read

from tests.book.content.formulas import take_as_checked
from tests.checkedmath.mutate import mutants


def cross_entropy(p, q):
    return -np.sum(p * np.log(q), axis=-1)


def scores(at):
    return at["X"] @ at["w"].T + at["b"]


def layers(at):
    return at["X"] @ at["W"].T + at["b"]


def mean_loss(logits, targets):
    return cross_entropy(targets, special.softmax(logits, axis=-1)).mean()


def kept(at):
    """Return the probabilities of the words that are kept, for each last word in a column."""
    a = special.softmax(at["z"])
    return np.where(a[:, None] < a, 0, a[:, None])


#: Label -> an expression, and what it should be for these numbers.
ORACLES = {
    "eq:neuron": (r"\mathbf{z}", lambda at: at["w"] @ at["x"] + at["b"]),
    "eq:neuron-batch": (r"\mathbf{Z}", scores),
    "eq:ones": (r"\mathbf{o}", lambda at: np.ones(at["X"].shape[0])),
    "eq:logit": ("g(P)", lambda at: special.logit(at["P"])),
    "eq:softmax": (r"\mathbf{a}", lambda at: special.softmax(at["z"])),
    "eq:lse": ("L", lambda at: special.logsumexp(at["z"])),
    "eq:sigmoid": (r"\sigma(s)", lambda at: special.expit(at["s"])),
    "eq:surprisal": ("I(t)", lambda at: -np.log(at["t"])),
    "eq:entropy": ("H(p)", lambda at: stats.entropy(at["p"])),
    "eq:cross-entropy": ("H(p, q)", lambda at: cross_entropy(at["p"], at["q"])),
    "eq:kl": (r"D_{\mathrm{KL}}(p \parallel q)", lambda at: stats.entropy(at["p"], at["q"])),
    "eq:loss": ("C", lambda at: cross_entropy(at["y"], special.softmax(at["z"]))),
    "eq:binary-loss": (
        "B",
        lambda at: (
            special.entr(at["t"])
            + special.entr(1 - at["t"])
            + special.rel_entr(at["t"], special.expit(at["s"]))
            + special.rel_entr(1 - at["t"], special.expit(-at["s"]))
        ),
    ),
    "eq:shares": (r"\mathbf{f}", lambda at: at["Y"].mean(axis=0)),
    "eq:prior": ("g(w)", lambda at: stats.norm.pdf(at["w"], scale=np.sqrt(at["v"])).prod()),
    "eq:softmax-batch": (r"\mathbf{A}", lambda at: special.softmax(at["Z"], axis=1)),
    "eq:mean-loss-batch": ("M", lambda at: mean_loss(at["Z"], at["Y"])),
    "eq:pixel-products": (r"\mathbf{R}", lambda at: at["X"].T @ at["X"] / len(at["X"])),
    "eq:mean-direction": ("m", lambda at: np.average(at["u"], weights=np.exp(at["z"]))),
    "eq:two-logit-loss": (
        "E",
        lambda at: (
            special.logsumexp([at["u"], at["r"]]) - at["t"] * at["u"] - (1 - at["t"]) * at["r"]
        ),
    ),
    "eq:score-by-weights": (r"\mathbf{s}", lambda at: at["w"] @ at["x"] + at["b"]),
    "eq:scores-of-one-picture": (r"\mathbf{z}", lambda at: at["w"] @ at["x"]),
    "eq:regression-scores": (r"\mathbf{Z}", scores),
    "eq:regression-cost": (
        "J",
        lambda at: (
            mean_loss(scores(at), at["Y"]) + np.sum(at["w"] ** 2) / (2 * at["v"] * len(at["X"]))
        ),
    ),
    "eq:hinge": (
        r"\mathbf{V}",
        lambda at: np.array(
            [
                np.maximum(0, np.delete(at["z"], n) - at["z"][n] + 1).sum()
                for n in range(len(at["z"]))
            ]
        ),
    ),
    "eq:last-layer": (r"\mathbf{Z}", lambda at: at["U"] @ at["V"].T + at["c"]),
    "eq:relu": (r"\mathbf{U}", lambda at: np.clip(at["S"], 0, None)),
    "eq:first-layer": (r"\mathbf{S}", layers),
    "eq:squared-error": ("Q", lambda at: (special.expit(at["s"]) - at["u"]) ** 2 / 2),
    "eq:brier": (
        r"\mathbf{G}",
        lambda at: ((at["q"] - np.eye(len(at["q"]))) ** 2).sum(axis=1),
    ),
    "eq:base-rate": ("m", lambda at: np.average(at["h"], weights=at["f"])),
    "eq:inverse-temperature": (r"\mathbf{b}", lambda at: special.softmax(at["u"] * at["z"])),
    "eq:exponential-family": (r"\mathbf{b}", lambda at: special.softmax(at["F"] @ at["w"])),
    "eq:features": (r"\mathbf{x}", lambda at: np.einsum("nd,nd->d", at["U"], at["G"])),
    "eq:word-scores": (
        r"\mathbf{u}",
        lambda at: np.einsum("kd,nd,nd->k", at["W"], at["U"], at["G"]) + at["v"],
    ),
    "eq:feature-score": (r"\mathbf{u}", lambda at: at["F"] @ at["w"]),
    "eq:moved-softmax": (
        r"\mathbf{\rho}",
        lambda at: special.softmax(at["z"] + at["t"] * at["u"]),
    ),
    "eq:leads": (r"\mathbf{s}", lambda at: at["x"] @ at["w"]),
    "eq:who-pulls": (r"\mathbf{q}", lambda at: special.softmax(-at["x"] @ at["w"])),
    "eq:past": (r"\mathbf{q}", lambda at: at["J"].sum(axis=1)),
    "eq:given-past": (r"\mathbf{B}", lambda at: at["J"] / at["J"].sum(axis=1, keepdims=True)),
    "eq:mean-surprise": (r"\bar{C}", lambda at: -np.log(stats.gmean(at["r"]))),
    "eq:kept": (r"\mathbf{s}", lambda at: kept(at).sum(axis=0)),
    "eq:kneser-ney": (
        r"\mathbf{b}",
        lambda at: (
            at["f"]
            + at[r"\theta"]
            * (at["c"].sum(axis=1, keepdims=True) * at["g"] - at["c"])
            / at["t"][:, np.newaxis]
        ),
    ),
    "eq:second-error": (
        r"\mathbf{v}",
        lambda at: special.softmax(special.softmax(at["z"])) - at["y"],
    ),
    "eq:cut": (
        r"\hat{a}",
        lambda at: np.divide.outer(special.softmax(at["z"]), kept(at).sum(axis=0)),
    ),
    "eq:attention": (r"\alpha", lambda at: special.softmax(at["u"])),
    "eq:attention-mean": (r"\mathbf{o}", lambda at: special.softmax(at["u"]) @ at["V"]),
    "eq:ece": (r"\mathrm{ECE}", lambda at: np.average(abs(at["h"] - at["c"]), weights=at["f"])),
    "eq:tempered": (r"\mathbf{P}", lambda at: special.softmax(at["z"] / at["T"])),
    "eq:tempered-loss": (
        "G",
        lambda at: cross_entropy(at["y"], special.softmax(at["z"] / at["T"])),
    ),
}


def evaluated(expression, notation, seed=3):
    """Evaluate an expression on random numbers -> the numbers by letter, and the value."""
    sizes = {size: 3 if n % 2 else 4 for n, size in enumerate(sorted(notation.sizes))}
    evaluator = Evaluator(notation, sizes)
    found = evaluator(read(expression, notation.functions), {})
    numbers = {word: array_of(word, notation, sizes, seed) for word in notation.symbols}
    point = {
        symbol: number_of(numbers[word][tuple(n - 1 for n in place)])
        for (word, place), symbol in evaluator.atoms.items()
    }
    entries = [value(entry, point) for entry in (found if is_matrix(found) else [found])]
    if any(isinstance(entry, NoNumber) for entry in entries):
        raise ValueError(f"{expression} has no value here")
    result = np.array([float(entry) for entry in entries])
    shape = [n for n in getattr(found, "shape", ()) if n > 1]
    return numbers, result.reshape(shape)


def array_of(word, notation, sizes, seed):
    """Return random numbers of the declared domain; the domain decides where they lie."""
    domain, *names = notation.symbols[word]
    rng = np.random.default_rng([seed, *word.encode()])
    array = rng.uniform(0.1, 0.9, [sizes[name] for name in names])
    if domain == "real":
        return 3 * array - 1
    return array / array.sum(axis=-1, keepdims=True) if domain == "simplex" else array


def number_of(x):
    """Return a number of NumPy as SymPy has it, without loss."""
    return sp.Rational(*float(x).as_integer_ratio())


def definitions(book_formulas):
    return [formula for formula in book_formulas if ":=" in formula.latex]


def agrees(label, notation):
    """Tell whether a definition agrees with its oracle, at points of either sign."""
    expression, oracle = ORACLES[label]
    points = (evaluated(expression, notation, seed) for seed in (3, 4, 5))
    return all(
        np.allclose(result, oracle(numbers), rtol=1e-12, atol=0) for numbers, result in points
    )


def test_every_definition_of_the_book_has_an_oracle(book_formulas):
    assert {each.label for each in definitions(book_formulas)} == set(ORACLES)


@pytest.mark.parametrize("label", ORACLES)
def test_a_definition_is_what_others_mean_by_it(label, book_formulas):
    (formula,) = (each for each in book_formulas if each.label == label)
    notation = formula.notation.copy()
    take_as_checked(label, formula.latex, notation)
    assert agrees(label, notation)


def is_noticed(label, latex, notation):
    """Tell whether a definition with a mistake in it is refused, or differs from its oracle."""
    changed = notation.copy()
    try:
        Derivation(latex, changed, label)
        return not agrees(label, changed)
    except (CheckError, ValueError):
        return True


@pytest.mark.slow
def test_a_mistake_in_a_definition_is_noticed(book_formulas):
    missed, tried = [], 0
    for _, label, latex, notation in definitions(book_formulas):
        for mutant in mutants(latex, notation):
            tried += 1
            if not is_noticed(label, mutant.latex, notation):
                missed.append((label, mutant.latex))
    assert tried > 200
    assert missed == []
