"""Copies of whatever learns: made in every way, they learn on and leave the original alone."""

import copy
import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from softmaxlab.learn.calibration import TemperatureScaling, reliability_curve
from softmaxlab.learn.network import Adam, Network
from softmaxlab.learn.regression import SoftmaxObjective, SoftmaxRegression
from softmaxlab.learn.solvers import SOLVERS

RNG = np.random.default_rng(0)
Y = np.resize([0, 1, 2], 60)
X = RNG.normal(size=(60, 3)) + np.eye(3)[Y]


def by_joblib(original, tmp_path, **options):
    joblib.dump(original, tmp_path / "kept")
    return joblib.load(tmp_path / "kept", **options)


COPIES = {
    "copy": lambda original, tmp_path: copy.copy(original),
    "deepcopy": lambda original, tmp_path: copy.deepcopy(original),
    "joblib": by_joblib,
    "a copy of a copy": lambda original, tmp_path: copy.copy(
        pickle.loads(pickle.dumps(copy.deepcopy(original)))
    ),
    **{
        f"pickle, protocol {protocol}": lambda original, tmp_path, protocol=protocol: pickle.loads(
            pickle.dumps(original, protocol)
        )
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


class Case:
    """Something that learns: how it is made, how it learns on, and what there is to see of it."""

    def __init__(self, make, learn, look):
        self.make, self.learn, self.look = make, learn, look


def step(adam):
    adam.gradient[:] = np.cos(adam.parameters)
    adam.step()


CASES = {
    "Network": Case(
        lambda: Network((3, 5, 4, 3), seed=1).fit(X, Y, epochs=2, batch_size=7),
        lambda network: network.fit(X, Y, epochs=3, batch_size=7),
        lambda network: [
            network.parameters,
            *(part for layer in network.layers for part in layer),
            network.predict_proba(X),
            network.loss_curve_,
        ],
    ),
    "Adam": Case(
        lambda: Adam(np.arange(5.0), learning_rate=0.1),
        step,
        lambda adam: [adam.parameters, adam.mean, adam.square, adam.steps],
    ),
    **{
        f"SoftmaxRegression by {solver}": Case(
            lambda solver=solver: SoftmaxRegression(
                C=0.1, solver=solver, tol=1e-6, warm_start=True
            ).fit(X[:45], Y[:45]),
            lambda model: model.fit(X, Y),
            lambda model: [model.coef_, model.intercept_, model.loss_curve_],
        )
        for solver in SOLVERS
    },
    "TemperatureScaling": Case(
        lambda: TemperatureScaling().fit(X, Y),
        lambda scaling: scaling.fit(3 * X, Y),
        lambda scaling: [scaling.temperature_, scaling.predict_proba(X)],
    ),
}
ways = pytest.mark.parametrize("way", COPIES)
cases = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


def seen(case, thing):
    """Return what there is to see of a thing, in memory of its own."""
    return [np.array(part) for part in case.look(thing)]


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@ways
@cases
def test_a_copy_is_the_same_learns_on_and_leaves_the_original_alone(case, way, tmp_path):
    original = case.make()
    before = seen(case, original)
    copied = COPIES[way](original, tmp_path)
    assert type(copied) is type(original)
    assert_same(seen(case, copied), before)
    case.learn(copied)
    after = seen(case, copied)
    assert any(not np.array_equal(a, b) for a, b in zip(after, before, strict=True))
    assert_same(seen(case, original), before)
    case.learn(original)
    assert_same(seen(case, original), after)


@ways
@pytest.mark.parametrize("made", ["SoftmaxObjective", "ReliabilityCurve"])
def test_a_copy_of_what_does_not_learn_is_the_same(made, way, tmp_path):
    if made == "SoftmaxObjective":
        original = SoftmaxObjective(X, Y, 3, C=0.7)
        params = np.cos(np.arange(12.0)).reshape(3, 4)
        look = Case(None, None, lambda one: one.loss_and_gradient(params))
    else:
        original = reliability_curve(np.eye(3)[[0, 1, 2, 2]], [0, 1, 2, 0], n_bins=4)
        look = Case(None, None, tuple)
    copied = COPIES[way](original, tmp_path)
    assert type(copied) is type(original)
    assert_same(seen(look, copied), seen(look, original))


@cases
def test_a_clone_has_learned_nothing_and_learns_the_same(case):
    if case is CASES["Adam"]:
        pytest.skip("no estimator")
    original = case.make()
    before = seen(case, original)
    fresh = clone(original)
    assert not [name for name in vars(fresh) if name.endswith("_") and getattr(fresh, name) != []]
    learned = [
        thing.fit(X, Y) for thing in (fresh, clone(original), clone(copy.deepcopy(original)))
    ]
    assert_same(seen(case, learned[0]), seen(case, learned[1]))
    assert_same(seen(case, learned[0]), seen(case, learned[2]))
    assert_same(seen(case, original), before)


class TestNetwork:
    def test_a_clone_begins_as_the_original_began(self):
        network = Network((3, 4, 3), seed=5)
        learned = copy.deepcopy(network).fit(X, Y, epochs=2)
        np.testing.assert_array_equal(clone(learned).parameters, network.parameters)
        assert repr(clone(learned)) == "Network((3, 4, 3), seed=5)"

    def test_a_network_that_is_mapped_from_a_file_learns_on(self, tmp_path):
        network = Network((3, 5, 3)).fit(X, Y, epochs=2)
        mapped = by_joblib(network, tmp_path, mmap_mode="r")
        np.testing.assert_array_equal(
            mapped.fit(X, Y, epochs=2).parameters, network.fit(X, Y, epochs=2).parameters
        )

    def test_what_is_kept_together_stays_together(self):
        """The layers of a copied network are views of what its copied optimiser moves."""
        network = Network((3, 3))
        copied, adam = copy.deepcopy([network, Adam(network.parameters, 0.1)])
        adam.gradient[:] = 1
        adam.step()
        np.testing.assert_allclose(copied.layers[0].b, -0.1, rtol=1e-6)
        np.testing.assert_array_equal(network.layers[0].b, 0)

    def test_parameters_that_are_assigned_are_learned_from(self):
        network, twin = Network((3, 5, 3), seed=0), Network((3, 5, 3), seed=0)
        vector = np.cos(np.arange(network.n_parameters))
        kept = vector.copy()
        network.parameters = vector
        twin.parameters[:] = vector
        np.testing.assert_array_equal(network.fit(X, Y).parameters, twin.fit(X, Y).parameters)
        np.testing.assert_array_equal(vector, kept)
        assert all(np.shares_memory(W, network.parameters) for W, _ in network.layers)

    def test_parameters_are_assigned_in_any_form(self):
        network = Network((1, 2))
        network.parameters = [1, 2, 3, 4]
        np.testing.assert_array_equal(network.layers[0].W, [[1], [2]])
        network.parameters = np.array([0.5, 0, 0, 0], ">f4")
        assert network.parameters.dtype == np.float64
        assert network.layers[0].W[0, 0] == 0.5

    @pytest.mark.parametrize("name", ["sizes", "n_parameters", "layers"])
    def test_what_would_tear_it_cannot_be_assigned(self, name):
        network = Network((3, 3))
        with pytest.raises(AttributeError, match=name):
            setattr(network, name, getattr(network, name))
        with pytest.raises(TypeError, match="does not support item assignment"):
            network.layers[0] = network.layers[0]

    def test_parameters_of_another_number_are_refused(self):
        network = Network((3, 3))
        with pytest.raises(ValueError, match=r"^parameters must have shape \(12,\), not \(3,\)$"):
            network.parameters = np.zeros(3)


def test_a_gradient_that_is_assigned_is_copied():
    adam, twin = (Adam(np.zeros(2), 0.1) for _ in range(2))
    gradient = np.array([2, -3])
    adam.gradient = gradient
    twin.gradient[:] = gradient
    for one in (adam, twin):
        one.step()
    np.testing.assert_array_equal(adam.parameters, twin.parameters)
    np.testing.assert_array_equal(gradient, [2, -3])
