"""The network: its derivatives by differences, its training beside scikit-learn's."""

import re

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from softmaxlab.learn import network as module
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.network import (
    Adam,
    Layer,
    Network,
    _ProgressLine,
    backward_linear,
    backward_relu,
    linear,
    relu,
)
from threadpoolctl import threadpool_info, threadpool_limits


def made_data(n=30, n_features=4, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    y = np.resize(np.arange(n_classes), n)
    return rng.normal(size=(n, n_features)) + y[:, None], y


def loss_at(network, parameters, X, y):
    """Return the loss at other parameters, and leave the network as it was."""
    kept = network.parameters.copy()
    network.parameters[:] = parameters
    loss = network.loss(X, y)
    network.parameters[:] = kept
    return loss


def central_differences(f, x, step=1e-6):
    slopes = np.empty_like(x)
    for i in range(x.size):
        nudge = np.zeros_like(x)
        nudge[i] = step
        slopes[i] = (f(x + nudge) - f(x - nudge)) / (2 * step)
    return slopes


class TestLayers:
    def test_linear_by_hand(self):
        layer = Layer(np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([10.0, 20.0]))
        np.testing.assert_array_equal(linear(np.array([[1.0, 1.0]]), layer), [[13.0, 19.0]])

    def test_relu_and_its_derivative(self):
        A = relu(np.array([[-2.0, 0.0, 3.0]]))
        np.testing.assert_array_equal(A, [[0.0, 0.0, 3.0]])
        np.testing.assert_array_equal(backward_relu(np.full((1, 3), 5.0), A), [[0.0, 0.0, 5.0]])

    def test_backward_linear_adds_outer_products(self):
        rng = np.random.default_rng(0)
        error, X = rng.normal(size=(5, 2)), rng.normal(size=(5, 3))
        out = Layer(np.empty((2, 3)), np.empty(2))
        backward_linear(error, X, out)
        np.testing.assert_allclose(
            out.W, sum(np.outer(e, x) for e, x in zip(error, X, strict=True))
        )
        np.testing.assert_allclose(out.b, sum(error))


class TestShape:
    @pytest.mark.parametrize(("n_features", "n_parameters"), [(64, 2175), (784, 20175)])
    def test_number_of_parameters(self, n_features, n_parameters):
        network = Network((n_features, 25, 15, 10))
        assert network.n_parameters == network.parameters.size == n_parameters
        assert sum(W.size + b.size for W, b in network.layers) == n_parameters

    def test_layers_are_views(self):
        network = Network((3, 2, 2))
        network.layers[1].W[1, 0] = 77
        network.layers[0].b[1] = 78
        assert set(network.parameters[network.parameters > 50]) == {77, 78}
        assert [W.shape for W, _ in network.layers] == [(2, 3), (2, 2)]

    def test_first_weights_are_he(self):
        network = Network((400, 300, 10), seed=3)
        for W, b in network.layers:
            assert W.std() == pytest.approx(np.sqrt(2 / W.shape[1]), rel=0.03)
            assert abs(W.mean()) < 4 * W.std() / np.sqrt(W.size)
            np.testing.assert_array_equal(b, 0)

    @pytest.mark.parametrize(
        ("sizes", "message"),
        [
            (64, "sizes must be a sequence of integers, not 64 of type int"),
            ((), "sizes must be two or more integers, not () of type tuple"),
            ([3], "sizes must be two or more integers, not [3] of type list"),
            ((3, 0, 2), "sizes[1] must be an integer, 1 or more, not 0 of type int"),
            ((3, -1), "sizes[1] must be an integer, 1 or more, not -1 of type int"),
            ((3.0, 2), "sizes[0] must be an integer, 1 or more, not 3.0 of type float"),
            ((3, True), "sizes[1] must be an integer, 1 or more, not True of type bool"),
            ("34", "sizes[0] must be an integer, 1 or more, not '3' of type str"),
        ],
    )
    def test_impossible_sizes(self, sizes, message):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            Network(sizes)

    @pytest.mark.parametrize("seed", [-1, 0.5, "0", None])
    def test_impossible_seeds(self, seed):
        with pytest.raises(ValueError, match=f"^seed must be an integer, 0 or more, not {seed!r} "):
            Network((4, 3), seed)

    def test_sizes_and_seeds_of_numpy(self):
        network = Network(np.array([4, 3]), seed=np.uint8(3))
        np.testing.assert_array_equal(network.parameters, Network((4, 3), seed=3).parameters)


class TestForwardAndBackward:
    def test_forward_by_hand(self):
        network = Network((2, 2, 2))
        network.layers[0].W[:], network.layers[0].b[:] = [[1, -1], [-1, 1]], [0, 0.5]
        network.layers[1].W[:], network.layers[1].b[:] = [[2, 3], [1, 1]], [0, 1]
        X, hidden, logits = network.forward([[3.0, 1.0]])
        np.testing.assert_array_equal(X, [[3.0, 1.0]])
        np.testing.assert_array_equal(hidden, [[2.0, 0.0]])
        np.testing.assert_array_equal(logits, [[4.0, 3.0]])
        assert network.loss([[3.0, 1.0]], [0]) == pytest.approx(np.log1p(np.exp(-1)), rel=1e-15)
        np.testing.assert_array_equal(network.predict([[3.0, 1.0]]), [0])

    def test_agrees_with_scikit_learn_at_the_same_weights(self):
        X, y = made_data()
        theirs = MLPClassifier((5, 6), max_iter=1, solver="sgd", learning_rate_init=1e-12)
        with pytest.warns(UserWarning, match="Maximum iterations"):
            theirs.fit(X, y)
        ours = Network((4, 5, 6, 3))
        for layer, W, b in zip(ours.layers, theirs.coefs_, theirs.intercepts_, strict=True):
            layer.W[:], layer.b[:] = W.T, b
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-12)
        np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))

    @pytest.mark.parametrize("sizes", [(4, 3), (4, 7, 3), (4, 6, 5, 3), (4, 5, 5, 5, 3)])
    def test_every_derivative_by_differences(self, sizes):
        X, y = made_data()
        network = Network(sizes, seed=5)
        network.parameters += 0.1 * np.cos(np.arange(network.n_parameters))  # biases are not 0
        gradient = np.empty(network.n_parameters)
        network.backward(network.forward(X), y, out=network.by_layer(gradient))
        slopes = central_differences(lambda x: loss_at(network, x, X, y), network.parameters)
        np.testing.assert_allclose(gradient, slopes, atol=1e-9)
        assert np.abs(gradient).max() > 0.01

    def test_gradient_of_a_batch_is_the_mean_over_its_rows(self):
        X, y = made_data()
        network = Network((4, 6, 3))
        whole = network.backward(network.forward(X), y)
        rows = [network.backward(network.forward(X[[i]]), y[[i]]) for i in range(len(y))]
        for depth, layer in enumerate(whole):
            for part, of_rows in zip(
                layer, zip(*(row[depth] for row in rows), strict=True), strict=True
            ):
                np.testing.assert_allclose(part, np.mean(of_rows, axis=0), atol=1e-15)

    def test_neither_direction_changes_anything(self):
        X, y = made_data()
        network = Network((4, 6, 3))
        X_before, before = X.copy(), network.parameters.copy()
        activations = network.forward(X)
        kept = [A.copy() for A in activations]
        network.backward(activations, y)
        for A, B in zip(activations, kept, strict=True):
            np.testing.assert_array_equal(A, B)
        np.testing.assert_array_equal(X, X_before)
        np.testing.assert_array_equal(network.parameters, before)

    @pytest.mark.parametrize("X", [np.zeros((5, 3)), np.zeros(4), np.zeros((2, 4, 4))])
    def test_wrong_shape(self, X):
        with pytest.raises(ValueError, match=r"X must have shape \(n_samples, 4\), not"):
            Network((4, 3)).forward(X)

    @pytest.mark.parametrize("method", ["forward", "predict", "predict_proba"])
    def test_logits_beyond_float64(self, method):
        message = r"^X of shape \(2, 4\) holds numbers as large as 1.7e\+308: the logits are not"
        with pytest.raises(ValueError, match=message):
            getattr(Network((4, 9, 3)), method)(np.full((2, 4), -1.7e308))

    def test_only_the_logits_are_beyond_float64(self):
        network = Network((1, 1, 1, 2))
        network.parameters[:] = 1
        network.layers[-1][0][:] = 1e200
        with pytest.raises(ValueError, match="the logits are not finite"):
            network.forward([[1e200]])

    def test_classes_are_counted_at_the_end_of_the_network(self):
        assert Network((2, 2, 5)).loss([[1.0, 2.0]], [4]) > 0
        with pytest.raises(ValueError, match=r"^labels y .* have 5 at \(0,\): there are 3"):
            Network((2, 9, 3)).loss([[1.0, 2.0]], [5])
        with pytest.raises(ValueError, match=r"^X is ragged"):
            Network((2, 3)).forward([[1.0], [1.0, 2.0]])
        with pytest.raises(ValueError, match=r"^y is ragged"):
            Network((2, 3)).loss([[1.0, 2.0]], [[1], [2, 0]])

    def test_no_samples_have_no_loss_and_no_classes(self):
        with pytest.raises(ValueError, match=r"^X of shape \(0, 4\) has no samples$"):
            Network((4, 3)).loss(np.zeros((0, 4)), [])
        assert Network((4, 3)).predict(np.zeros((0, 4))).shape == (0,)


class TestAdam:
    def test_agrees_with_the_paper_step_by_step(self):
        rng = np.random.default_rng(0)
        parameters = rng.normal(size=7)
        expected, m, v = parameters.copy(), np.zeros(7), np.zeros(7)
        adam = Adam(parameters, learning_rate=0.02)
        for t in range(1, 21):
            gradient = rng.normal(size=7) * 10.0 ** rng.integers(-6, 3, 7)
            adam.gradient[:] = gradient
            adam.step()
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            expected -= 0.02 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            np.testing.assert_allclose(parameters, expected, rtol=1e-12)


class TestFit:
    def test_learns_what_it_is_shown(self):
        X, y = made_data(n=300)
        network = Network((4, 8, 3)).fit(X, y, epochs=200, batch_size=30, learning_rate=0.01)
        assert len(network.loss_curve_) == 200
        assert network.loss_curve_[-1] < 0.5 * network.loss_curve_[0]

    def test_an_epoch_shows_every_sample_once(self, monkeypatch):
        X, y = made_data(n=25)
        network, seen = Network((4, 3)), []
        forward = network._forward
        monkeypatch.setattr(network, "_forward", lambda batch: seen.append(batch) or forward(batch))
        network.fit(X, y, epochs=1, batch_size=10)
        assert [len(batch) for batch in seen] == [10, 10, 5]
        rows = np.vstack(seen)
        np.testing.assert_array_equal(rows[np.lexsort(rows.T)], X[np.lexsort(X.T)])
        assert not np.array_equal(rows, X)

    def test_first_loss_is_the_loss_before_learning(self):
        X, y = made_data()
        network = Network((4, 6, 3))
        before = network.loss(X, y)
        network.fit(X, y, epochs=1, batch_size=len(y))
        assert network.loss_curve_ == [pytest.approx(before, rel=1e-13)]

    def test_a_full_batch_step_is_adams_step(self):
        X, y = made_data()
        network, twin = Network((4, 6, 3)), Network((4, 6, 3))
        adam = Adam(twin.parameters, learning_rate=0.05)
        twin.backward(twin.forward(X), y, out=twin.by_layer(adam.gradient))
        adam.step()
        network.fit(X, y, epochs=1, batch_size=1000, learning_rate=0.05)
        np.testing.assert_allclose(network.parameters, twin.parameters, rtol=1e-10)

    def test_same_seed_same_network(self):
        X, y = made_data()
        first, again, other = (Network((4, 6, 3), seed=s).fit(X, y, epochs=3) for s in (0, 0, 1))
        np.testing.assert_array_equal(first.parameters, again.parameters)
        assert not np.array_equal(first.parameters, other.parameters)

    def test_a_second_call_goes_on(self):
        X, y = made_data(n=300)
        network = Network((4, 8, 3)).fit(X, y, epochs=50, batch_size=30)
        halfway = network.loss_curve_[-1]
        network.fit(X, y, epochs=50, batch_size=30)
        assert len(network.loss_curve_) == 100
        assert network.loss_curve_[50] < 1.1 * halfway

    def test_the_digits_as_well_as_scikit_learn(self):
        (X, y), (X_test, y_test) = load_digits()
        ours = Network((64, 25, 15, 10), seed=0).fit(X, y)
        theirs = MLPClassifier(
            (25, 15), max_iter=100, learning_rate_init=0.003, n_iter_no_change=200, random_state=0
        )
        with pytest.warns(UserWarning, match="Maximum iterations"):
            theirs.fit(X, y)
        accuracy = np.mean(ours.predict(X_test) == y_test)
        assert accuracy > 0.95
        assert abs(accuracy - theirs.score(X_test, y_test)) < 0.03

    def test_an_interrupt_keeps_what_was_learned(self, monkeypatch):
        X, y = made_data(n=100)
        step, calls = Adam.step, []

        def interrupted(self):
            calls.append(1)
            if len(calls) == 36:
                raise KeyboardInterrupt
            step(self)

        monkeypatch.setattr(Adam, "step", interrupted)
        network = Network((4, 8, 3))
        before = network.loss(X, y)
        network.loss_curve_ = [1.0]  # of an earlier call
        message = "interrupted after 3 of 20 epochs; what was learned is kept"
        with pytest.warns(RuntimeWarning, match=message):
            network.fit(X, y, epochs=20, batch_size=10, learning_rate=0.01)
        assert len(network.loss_curve_) == 1 + 3
        assert network.loss(X, y) < before

    def test_the_warning_points_at_the_call_of_fit(self, monkeypatch):
        def interrupted(self):
            raise KeyboardInterrupt

        monkeypatch.setattr(Adam, "step", interrupted)
        with pytest.warns(RuntimeWarning, match="interrupted") as caught:
            Network((4, 3)).fit(*made_data())
        assert caught[0].filename == __file__

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"y": [0, 1]}, r"X of shape \(30, 4\) needs one class per row, y has shape \(2,\)"),
            ({"y": np.eye(3)[np.zeros(30, int)]}, r"y has shape \(30, 3\)"),
            ({"y": np.full(30, 3)}, r"^labels y of shape \(30,\) have 3 at \(0,\): there are 3"),
            ({"y": np.full(30, -1)}, r"^labels y of shape \(30,\) have -1 at \(0,\)"),
            ({"X": np.zeros((0, 4)), "y": []}, r"^X of shape \(0, 4\) has no samples$"),
            ({"X": np.full((30, 4), np.nan)}, r"^X of shape \(30, 4\) has nan at \(0, 0\)$"),
            ({"X": np.full((30, 4), -np.inf)}, r"^X of shape \(30, 4\) has -inf at \(0, 0\)$"),
            ({"batch_size": 0}, "batch_size must be an integer, 1 or more, not 0 of type int"),
            ({"batch_size": 5.0}, "batch_size must be an integer, 1 or more, not 5.0"),
            ({"epochs": 1.5}, "epochs must be an integer, 0 or more, not 1.5 of type float"),
            ({"learning_rate": "1"}, "learning_rate must be positive and finite, not '1' of type"),
            ({"learning_rate": 0}, "learning_rate must be positive and finite, not 0"),
            ({"learning_rate": np.inf}, "learning_rate must be positive and finite, not inf"),
            ({"learning_rate": -1.0}, "learning_rate must be positive and finite, not -1.0"),
            ({"learning_rate": np.nan}, "learning_rate must be positive and finite, not nan"),
        ],
    )
    def test_bad_input(self, change, message):
        X, y = made_data()
        with pytest.raises(ValueError, match=message):
            Network((4, 3)).fit(**{"X": X, "y": y, **change})

    @pytest.mark.parametrize("labels", [[0.0], ["0"], [False], [1j], [None]])
    def test_labels_that_are_no_integers(self, labels):
        with pytest.raises(TypeError, match=r"^labels y that are class indices must be integers"):
            Network((4, 3)).fit(np.zeros((1, 4)), labels)

    @pytest.mark.parametrize(
        ("options", "scale"), [({}, 1e200), ({"learning_rate": 1e307}, 1.0), ({}, 1e307)]
    )
    def test_numbers_beyond_float64_are_named_and_spoil_nothing(self, options, scale):
        X, y = made_data()
        network = Network((4, 5, 3)).fit(X, y, epochs=2)
        before, curve = network.parameters.copy(), list(network.loss_curve_)
        with pytest.raises(ValueError, match=r"X of shape \(30, 4\).* learning_rate is .*; scale"):
            network.fit(scale * X, y, epochs=5, **options)
        np.testing.assert_array_equal(network.parameters, before)
        assert network.loss_curve_ == curve

    def test_large_numbers_are_learned_from(self):
        """A loss of the size of the features, and it falls: Adam's step knows no scale."""
        X, y = made_data()
        curve = Network((4, 5, 3)).fit(1e150 * X, y, epochs=20).loss_curve_
        assert 1e148 < curve[-1] < curve[0] < 1e152


class TestDefaults:
    def test_the_seed_is_zero_and_is_shown(self):
        np.testing.assert_array_equal(Network((4, 3)).parameters, Network((4, 3), 0).parameters)
        assert repr(Network((4, 3), seed=5)) == "Network((4, 3), seed=5)"

    def test_a_hundred_epochs_in_batches_of_two_hundred(self):
        X, y = made_data(n=201)
        one = Network((4, 3)).fit(X, y)
        other = Network((4, 3)).fit(X, y, epochs=100, batch_size=200, learning_rate=0.003)
        assert len(one.loss_curve_) == 100
        assert one.loss_curve_ == other.loss_curve_

    def test_one_input_one_output_and_one_sample_at_a_time(self):
        network = Network((1, 1)).fit([[1.0], [2.0]], [0, 0], epochs=2, batch_size=1)
        assert network.loss_curve_ == [0, 0]

    def test_numbers_of_any_kind_are_computed_with_in_double_precision(self):
        X = np.arange(8).reshape(2, 4)
        for dtype in (int, np.float16, np.float32):
            assert {a.dtype for a in Network((4, 3)).forward(X.astype(dtype))} == {np.dtype(float)}


class TestThreads:
    def test_training_uses_one_of_blas_and_leaves_the_others_alone(self, monkeypatch):
        seen = []
        step = Adam.step

        def looking(self):
            seen.append({(one["user_api"], one["num_threads"]) for one in threadpool_info()})
            step(self)

        monkeypatch.setattr(Adam, "step", looking)
        with threadpool_limits(2):
            if {one["num_threads"] for one in threadpool_info()} != {2}:
                pytest.skip("this machine has no second thread to spare")
            Network((4, 3)).fit(*made_data(), epochs=1)
        assert seen[0] <= {("blas", 1), ("openmp", 2)}


class TestProgress:
    @pytest.fixture
    def clock(self, monkeypatch):
        """A clock that goes on by half a second whenever somebody looks."""
        ticks = iter(np.arange(0, 1000, 0.5))
        monkeypatch.setattr(module.time, "monotonic", lambda: next(ticks))

    def test_slow_training_shows_one_line_and_takes_it_away(self, clock, capsys):
        Network((4, 3)).fit(*made_data(), epochs=12)
        out, err = capsys.readouterr()
        assert "\repoch 5 of 12, loss " in out
        assert "epoch 1 of" not in out
        assert "\n" not in out
        *_, blank, end = out.split("\r")
        assert (blank.strip(), end) == ("", "")
        assert re.fullmatch(r"(\repoch \d+ of 12, loss \d\.\d{4} ?)+\r {27}\r", out)
        assert err == ""

    def test_a_line_has_a_fifth_of_a_second_to_be_read(self, monkeypatch, capsys):
        now = [0.0]
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
        line = _ProgressLine(9, shown=True)
        for epoch, now[0] in enumerate([1.9, 2.1, 2.2, 2.4, 2.5]):
            line.show(epoch, 1.0)
        assert re.findall(r"epoch (\d)", capsys.readouterr().out) == ["1", "3"]

    def test_a_shorter_line_covers_the_longer_one_before(self, clock, capsys):
        line = _ProgressLine(9, shown=True)
        line.next = 0
        line.show(1, 10.0)
        line.show(2, 9.0)
        assert capsys.readouterr().out == "\repoch 1 of 9, loss 10.0000\repoch 2 of 9, loss 9.0000 "

    def test_every_line_is_shown_at_once(self, clock, monkeypatch):
        asked = []
        monkeypatch.setattr("builtins.print", lambda *text, **options: asked.append(options))
        Network((4, 3)).fit(*made_data(), epochs=12)
        assert len(asked) > 2
        assert asked == [{"end": "", "flush": True}] * len(asked)

    def test_quick_training_is_silent(self, capsys):
        Network((4, 3)).fit(*made_data(), epochs=2)
        assert capsys.readouterr() == ("", "")

    def test_can_be_switched_off(self, clock, capsys):
        Network((4, 3)).fit(*made_data(), epochs=12, progress=False)
        assert capsys.readouterr() == ("", "")
