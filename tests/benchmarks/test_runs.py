"""Each benchmark measures something when it is asked for very little."""

import os
import warnings

import numpy as np
import pytest
import scipy.special
from sklearn.exceptions import ConvergenceWarning

from benchmarks import accuracy, classifier, ladder, network, shares, sizes, speed, vocabulary


def silent(*_):
    """Report nothing."""


@pytest.mark.slow
def test_speed():
    found = speed.measure([(1, 3), (2, 3)], seconds=0)
    assert found["memory"]["shape"] == [1, 3]
    assert {row["threads"] for row in found["times"]} == {1, os.cpu_count()}
    assert {"copy", "loss", "loss and gradient"} <= {row["function"] for row in found["times"]}
    for row in found["times"]:
        low, high = sorted(row["ratio"][1:])
        assert 0 < low <= row["ratio"][0] <= high
        if row["library"] == "softmaxlab":
            assert row["ratio"] == [1, 1, 1]


def test_shares():
    found = shares.measure([(2, 3)], seconds=0)["microseconds"]
    each = {(row["function"], row["dtype"]) for row in found}
    assert each == {(name, dtype) for name in speed.KERNELS for dtype in ("float32", "float64")}
    assert all(row[part] > 0 for row in found for part in ("NumPy", "exponentials", "copy"))


def test_ladder(monkeypatch):
    monkeypatch.setattr(ladder, "operations_per_second", dict)
    found = ladder.measure([(3, 2)], seconds=0)
    (double, single), (parts,) = found["nanoseconds"], found["passes"]
    assert parts["whole"].keys() == parts["cached"].keys()
    assert all(time > 0 for where in ("whole", "cached") for time in parts[where].values())
    assert (double["dtype"], single["dtype"]) == ("float64", "float32")
    names = ("row by row", "at once", "old array", "blocks", "copy")
    assert all(row[name] > 0 for row in (double, single) for name in names)
    told = double["of the system"]["old array"]
    assert told["system"] >= 0
    assert told["pages"] < 50


def test_a_large_new_array_has_pages():
    found = ladder.of_the_system(lambda: np.ones(10**7), 10**7, seconds=0)
    assert found["pages"] > 30


def test_sizes():
    rows = sizes.measure([(3, 2)], seconds=0, call=lambda function, *given: function(*given))[
        "rows"
    ]
    assert {"three lines", "one new array", "old array"} < {row["program"] for row in rows}
    assert all(row["nanoseconds"] > 0 and row["pages"] < 50 for row in rows)


def test_a_size_is_measured_in_a_process_of_its_own():
    assert sizes.alone(os.getpid) != os.getpid()


def test_every_rung_of_the_ladder_is_a_softmax():
    z = np.random.default_rng(0).normal(size=(7, 5))
    filled = np.empty_like(z)
    ladder.softmax_into(filled, z)
    for found in (filled, speed.plain_softmax(z), sizes.with_one_new_array(z)):
        np.testing.assert_allclose(found, scipy.special.softmax(z, axis=1), rtol=1e-14)
    for rows in (z, z - 800, z + 800):  # the second and third need the largest score
        with np.errstate(over="ignore"):
            ladder.softmax_if_it_can(filled, rows)
        np.testing.assert_allclose(filled, scipy.special.softmax(rows, axis=1), rtol=1e-13)
    largest, _, exponentials, *_ = (each().copy() for each in ladder.passes(z).values())
    np.testing.assert_array_equal(exponentials, np.exp(z - largest))
    np.testing.assert_array_equal(largest, z.max(axis=1, keepdims=True))


def test_exponentials_are_those_of_every_number_in_pieces(monkeypatch):
    taken = []
    monkeypatch.setattr(shares.np, "exp", lambda piece, out: taken.append((*piece, out.size)))
    monkeypatch.setattr(shares, "PIECE", 4)
    shares.exponentials_of(np.arange(6.0).reshape(2, 3))()
    assert taken == [(0, 1, 2, 3, 4), (4, 5, 2)]


def test_accuracy():
    found = accuracy.measure([accuracy.two_classes], [np.float16], report=silent)
    assert found["float16"]["loss"]["two_classes"]["softmaxlab"] < 1


def test_classifier():
    rng = np.random.default_rng(0)
    row = classifier.row("made", rng.normal(size=(40, 2)), rng.integers(3, size=40), repeats=1)
    assert row["data"] == "made 40 x 2"
    assert row["same predictions"]
    assert row["ratio"]["median"] > 0


def test_network(monkeypatch):
    monkeypatch.setattr(network, "SEEDS", range(2))
    little = {"batch_size": 8, "rate": 0.01, "epochs": 1}
    monkeypatch.setattr(network, "SETTINGS", {"little": (little, little)})
    rng = np.random.default_rng(0)
    data = rng.random((40, 4)), np.arange(40) % 10
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        row = network.row("little", 1, data, data)
    assert row["ratio"]["median"] > 0


def test_vocabulary(monkeypatch, capsys):
    for name, value in {"N": 8, "N_FEATURES": 3, "VOCABULARY": 30}.items():
        monkeypatch.setattr(vocabulary, name, value)
    monkeypatch.setattr("sys.argv", ["vocabulary", "--repeats", "1"])
    vocabulary.main()
    assert "all logits, textbook" in capsys.readouterr().out
