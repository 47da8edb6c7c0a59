"""A small network, forward and backward: weighted sums and ReLU, softmax cross-entropy on top.

Every layer is one function forward and one backward. A backward function takes the derivatives of
the loss with respect to its output, here called ``error``, and returns those with respect to its
input: back-propagation is nothing but calling them in the opposite order.

Samples are rows: ``X`` has the shape (n_samples, n_features), and so have all activations.
"""

import copy
import itertools
import time
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from softmaxlab._numerics.checks import as_array, as_indices, as_real_array, refuse_infinite
from softmaxlab._types import Floats, Ints
from softmaxlab.activations import softmax
from softmaxlab.learn._checks import (
    as_features,
    refuse_not_positive,
    refuse_overflow,
    refuse_uncountable,
    refuse_unless,
)
from softmaxlab.losses import (
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_with_grad,
)


class Layer(NamedTuple):
    """The weights and biases of one layer, or the derivatives with respect to them."""

    W: Floats  # of shape (n_outputs, n_inputs)
    b: Floats  # of shape (n_outputs,)


def linear(X: Floats, layer: Layer) -> Floats:
    """Return the weighted sums ``X W' + b``.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_inputs)
        What comes into the layer.
    layer : Layer
        Its weights and biases.

    Returns
    -------
    ndarray of shape (n_samples, n_outputs)
        The sums.
    """
    Z = X @ layer.W.T
    Z += layer.b
    return Z


def relu(Z: Floats) -> Floats:
    """Return ``max(0, Z)``: what is negative becomes zero.

    Parameters
    ----------
    Z : ndarray
        Weighted sums.

    Returns
    -------
    ndarray of the shape of ``Z``
        Activations.
    """
    return np.maximum(Z, 0)


def backward_relu(error: Floats, A: Floats) -> Floats:
    """Let the error through where the output of ReLU is positive, and nowhere else.

    Parameters
    ----------
    error : ndarray of the shape of ``A``
        The derivatives with respect to the output.
    A : ndarray
        The output.

    Returns
    -------
    ndarray of the shape of ``A``
        The derivatives with respect to the input.
    """
    return error * (A > 0)


def backward_linear(error: Floats, X: Floats, out: Layer) -> None:
    """Write into ``out`` the derivatives of the loss with respect to a layer's W and b.

    Sample by sample they are the outer product ``error x'`` and ``error`` itself; a matrix
    product adds them up over the samples.

    Parameters
    ----------
    error : ndarray of shape (n_samples, n_outputs)
        The derivatives with respect to the weighted sums.
    X : ndarray of shape (n_samples, n_inputs)
        What came into the layer.
    out : Layer
        Where to put the derivatives.
    """
    np.matmul(X.T, error, out=out.W.T)
    error.sum(axis=0, out=out.b)


class Network:
    """Stack layers of weighted sums with ReLU between them, and softmax cross-entropy on top.

    Parameters
    ----------
    sizes : sequence of int
        Number of features, of units in each hidden layer, and of classes.
    seed : int
        Decides the first weights and the order of the samples in training.

    Attributes
    ----------
    loss_curve_ : list of float
        One mean loss per epoch, in nats: of its batches, each taken before it was learned from.

    Notes
    -----
    The first weights are normal with variance 2 / n_inputs (He): ReLU halves the variance of what
    passes it, and the 2 gives it back, so that neither signal nor error dies in the depth.

    A copy, of whatever kind (``copy``, ``pickle``, joblib), has numbers of its own and learns on as
    the original would; scikit-learn's ``clone`` gives a network that has learned nothing.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> from softmaxlab.learn.digits import load_digits
    >>> (X_train, y_train), (X_test, y_test) = load_digits()
    >>> network = Network((64, 25, 15, 10), seed=0)
    >>> network.n_parameters
    2175
    >>> network.fit(X_train, y_train, epochs=100)
    Network((64, 25, 15, 10), seed=0)
    >>> bool(np.mean(network.predict(X_test) == y_test) > 0.95)
    True
    """

    def __init__(self, sizes: Sequence[int] = (64, 25, 15, 10), seed: int = 0) -> None:
        refuse_unless(np.iterable(sizes), "sizes", "a sequence of integers", sizes)
        self._sizes = tuple(sizes)
        refuse_unless(len(self.sizes) >= 2, "sizes", "two or more integers", sizes)
        for place, size in enumerate(self.sizes):
            refuse_uncountable(size, f"sizes[{place}]")
        refuse_uncountable(seed, "seed", least=0)
        self.seed = seed
        self._rng = np.random.default_rng(seed)
        n_parameters = sum((n + 1) * m for n, m in itertools.pairwise(self.sizes))
        self._hold(np.zeros(n_parameters))
        for W, _ in self.layers:
            W[:] = self._rng.normal(scale=np.sqrt(2 / W.shape[1]), size=W.shape)
        self.loss_curve_: list[float] = []

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of features, of units in each hidden layer, and of classes."""
        return self._sizes

    @property
    def n_parameters(self) -> int:
        """Number of all weights and biases."""
        return self._parameters.size

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers with their numbers, as views to write into but never to replace."""
        return self._layers

    @property
    def parameters(self) -> Floats:
        """All weights and biases in one vector; what is assigned to it is copied into it."""
        return self._parameters

    @parameters.setter
    def parameters(self, values: ArrayLike) -> None:
        vector = as_real_array(values, "parameters")
        if vector.shape != self._parameters.shape:
            raise ValueError(
                f"parameters must have shape ({self.n_parameters},), not {vector.shape}"
            )
        refuse_infinite(vector, "parameters")
        self._parameters[:] = vector  # in place, because the layers are views of it

    def _hold(self, vector: Floats) -> None:
        """Take a vector for the parameters, and see it layer by layer."""
        self._parameters = vector
        self._layers = tuple(self.by_layer(vector))

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        del state["_layers"]  # views would come back as arrays of their own, which nobody teaches
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        vector = self._parameters
        # joblib lends a large array to its workers, or maps it from a file, not to be written to.
        self._hold(vector if vector.flags.writeable else np.array(vector))

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # two networks with one vector would teach each other

    def __sklearn_clone__(self) -> Self:
        return type(self)(self.sizes, self.seed)

    def __repr__(self) -> str:
        return f"Network({self.sizes}, seed={self.seed})"

    def by_layer(self, vector: Floats) -> list[Layer]:
        """Return a vector of n_parameters numbers layer by layer.

        Parameters
        ----------
        vector : ndarray of shape (n_parameters,)
            Weights and biases, or derivatives with respect to them.

        Returns
        -------
        list of Layer
            Views of its parts.
        """
        layers, start = [], 0
        for n_inputs, n_outputs in itertools.pairwise(self.sizes):
            end = start + n_inputs * n_outputs
            # Column by column, because `X @ W.T` reads W that way, and is then a third faster.
            W = vector[start:end].reshape(n_inputs, n_outputs).T
            start = end + n_outputs
            layers.append(Layer(W, vector[end:start]))
        return layers

    def forward(self, X: ArrayLike) -> list[Floats]:
        """Return what each layer puts out.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.

        Returns
        -------
        list of ndarray
            ``X`` itself, the activations of each hidden layer, and last the logits, each of shape
            (n_samples, n_units).

        Raises
        ------
        TypeError, ValueError
            If X is not made of finite numbers, has another number of features than the network, or
            is so large that the logits are beyond float64.
        """
        return self._finite_forward(as_features(X, self.sizes[0]))

    def _finite_forward(self, X: Floats) -> list[Floats]:
        """Return what each layer puts out; raise if the logits are beyond float64."""
        with np.errstate(over="ignore", invalid="ignore"):
            activations = self._forward(X)
        refuse_overflow(activations[-1], X)
        return activations

    def _forward(self, X: Floats) -> list[Floats]:
        """Return what each layer puts out, without a look at what comes in."""
        activations = [X]
        for layer in self.layers[:-1]:
            activations.append(relu(linear(activations[-1], layer)))
        activations.append(linear(activations[-1], self.layers[-1]))
        return activations

    def backward(
        self,
        activations: list[Floats],
        y: Any = None,
        out: list[Layer] | None = None,
        error: Floats | None = None,
    ) -> list[Layer]:
        """Return the derivatives of the mean loss with respect to every weight and bias.

        Parameters
        ----------
        activations : list of ndarray
            What `forward` returned.
        y : array_like of shape (n_samples,)
            The classes.
        out : list of Layer, optional
            Where to put the derivatives; ``by_layer`` makes it from one vector.
        error : ndarray of shape (n_samples, n_classes), optional
            The derivatives with respect to the logits, if they are known already; ``y`` is then
            not needed.

        Returns
        -------
        list of Layer
            The derivatives: one `Layer` for each of ``layers``, of the same shapes.
        """
        if error is None:
            error = softmax_cross_entropy_grad(activations[-1], y) / len(y)
        if out is None:
            out = self.by_layer(np.empty(self.n_parameters))
        for depth in reversed(range(len(self.layers))):
            backward_linear(error, activations[depth], out[depth])
            if depth > 0:
                error = backward_relu(error @ self.layers[depth].W, activations[depth])
        return out

    def loss(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the mean cross-entropy on these data.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : array_like of shape (n_samples,)
            The classes, integers from 0.

        Returns
        -------
        float
            In nats.

        Raises
        ------
        TypeError, ValueError
            As from `fit`.
        """
        X, y = self._checked(X, y)
        return float(softmax_cross_entropy(self._finite_forward(X)[-1], y).mean())

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int = 100,
        batch_size: int = 200,
        learning_rate: float = 0.003,
        progress: bool = True,
    ) -> Self:
        """Go down the loss with Adam, batch by batch, from the parameters as they are.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.
        y : array_like of shape (n_samples,)
            The classes, integers from 0.
        epochs : int
            How often to go through all samples.
        batch_size : int
            Samples per step.
        learning_rate : float
            About the size of a step in each parameter.
        progress : bool
            Whether to show a line of progress, once the training has taken two seconds.

        Returns
        -------
        Network
            The network itself. A second call goes on where the first one stopped.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit together or to the network, a number makes no sense, or the
            training leads beyond the numbers that float64 holds; the network is then left as it
            was before.

        Warns
        -----
        RuntimeWarning
            If the training was interrupted; what was learned until then is kept.
        """
        X, y = self._checked(X, y)
        refuse_uncountable(epochs, "epochs", least=0)
        refuse_uncountable(batch_size, "batch_size")
        refuse_not_positive(learning_rate, "learning_rate")
        before, done = self.parameters.copy(), len(self.loss_curve_)
        try:
            self._train(X, y, epochs, batch_size, float(learning_rate), progress)
        except KeyboardInterrupt:
            warnings.warn(
                f"interrupted after {len(self.loss_curve_) - done} of {epochs} epochs; "
                "what was learned is kept",
                RuntimeWarning,
                stacklevel=2,
            )
        except FloatingPointError as error:
            self.parameters[:] = before
            del self.loss_curve_[done:]
            raise ValueError(
                f"{error}: X of shape {X.shape} holds numbers as large as {np.abs(X).max():g}, "
                f"learning_rate is {learning_rate}; scale the features, or learn more slowly"
            ) from error
        return self

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities of the classes.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Rows that sum to one.
        """
        return softmax(self.forward(X)[-1])

    def predict(self, X: ArrayLike) -> Ints:
        """Return the most probable class of each row.

        Parameters
        ----------
        X : array_like of shape (n_samples, n_features)
            The data.

        Returns
        -------
        ndarray of shape (n_samples,)
            Classes, integers from 0.
        """
        return self.forward(X)[-1].argmax(axis=1)

    def _checked(self, X: ArrayLike, y: ArrayLike) -> tuple[Floats, Ints]:
        """Return the data as arrays; refuse what cannot be learned from."""
        X = as_features(X, self.sizes[0])
        if not len(X):
            raise ValueError(f"X of shape {X.shape} has no samples")
        y = as_array(y, "y")
        if X.shape[:1] != y.shape:
            raise ValueError(f"X of shape {X.shape} needs one class per row, y has shape {y.shape}")
        return X, as_indices(y, y.shape, self.sizes[-1], "labels y")

    def _train(
        self,
        X: Floats,
        y: Ints,
        epochs: int,
        batch_size: int,
        learning_rate: float,
        progress: bool,
    ) -> None:
        """Go through all epochs, and say how far it got."""
        adam = Adam(self.parameters, learning_rate)
        line = _ProgressLine(epochs, shown=progress)
        try:
            with (
                threadpool_limits(1, user_api="blas"),  # sharing products this small takes longer
                np.errstate(over="raise", invalid="raise"),
            ):
                for epoch in range(1, epochs + 1):
                    loss = self._one_epoch(X, y, batch_size, adam)
                    self.loss_curve_.append(loss)
                    line.show(epoch, loss)
        finally:
            line.clear()

    def _one_epoch(self, X: Floats, y: Ints, batch_size: int, adam: "Adam") -> float:
        """Take one step per batch, the samples in a new random order; return the mean loss."""
        order = self._rng.permutation(len(X))
        X, y = X[order], y[order]
        gradient = self.by_layer(adam.gradient)
        total = 0.0
        for start in range(0, len(X), batch_size):
            batch = slice(start, start + batch_size)
            activations = self._forward(X[batch])
            losses, error = softmax_cross_entropy_with_grad(activations[-1], y[batch])
            self.backward(activations, error=error / len(error), out=gradient)
            adam.step()
            total += losses.sum()
        return float(total / len(X))


class Adam:
    """Step against the gradient's running mean, scaled by its running size, entry by entry.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
        What is to be learned; changed in place by each step.
    learning_rate : float
        About the length of a step in each of them.

    Attributes
    ----------
    steps : int
        How many steps were taken.

    Notes
    -----
    All parameters are one vector and the step is taken in place: a dozen operations on one array,
    where arrays per layer would need a dozen for each.

    A copy has parameters of its own, also one made by ``copy.copy``.

    References
    ----------
    D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.

    Examples
    --------
    The first step has the length of the learning rate, whatever the gradient's scale:

    >>> parameters = np.array([1.0, 1.0])
    >>> adam = Adam(parameters, learning_rate=0.1)
    >>> adam.gradient[:] = [1000.0, -0.001]
    >>> adam.step()
    >>> parameters.round(4)
    array([0.9, 1.1])
    """

    memory_of_mean, memory_of_square, epsilon = 0.9, 0.999, 1e-8  # as in the paper

    def __init__(self, parameters: Floats, learning_rate: float) -> None:
        self.parameters, self.learning_rate = parameters, learning_rate
        self._gradient, self.mean, self.square, self.scratch = np.zeros((4, parameters.size))
        self.steps = 0

    @property
    def gradient(self) -> Floats:
        """Where the gradient has to be written before each step, which overwrites it."""
        return self._gradient

    @gradient.setter
    def gradient(self, values: ArrayLike) -> None:
        self._gradient[:] = values  # in place: the step writes into it, and others hold views of it

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # or both would move the same parameters

    def step(self) -> None:
        """Change the parameters."""
        self.steps += 1
        _update(self.mean, self.gradient, self.memory_of_mean, self.scratch)
        np.multiply(self.gradient, self.gradient, out=self.gradient)
        _update(self.square, self.gradient, self.memory_of_square, self.scratch)
        # Both running means start at zero; the two corrections undo their bias towards it.
        mean_correction = 1 - self.memory_of_mean**self.steps
        square_correction = 1 - self.memory_of_square**self.steps
        step = np.sqrt(self.square, out=self.scratch)
        step += self.epsilon * square_correction**0.5
        np.divide(self.mean, step, out=step)
        step *= self.learning_rate * square_correction**0.5 / mean_correction
        self.parameters -= step


def _update(mean: Floats, value: Floats, memory: float, scratch: Floats) -> None:
    """Let a running mean forget a little and take in a new value, in place."""
    mean *= memory
    mean += np.multiply(value, 1 - memory, out=scratch)


class _ProgressLine:
    """Show one line of progress, from two seconds on, and take it away at the end."""

    patience, pause = 2.0, 0.2  # seconds

    def __init__(self, epochs: int, shown: bool) -> None:
        self.epochs, self.shown = epochs, shown
        self.next = time.monotonic() + self.patience
        self.width = 0

    def show(self, epoch: int, loss: float) -> None:
        """Write the line anew, but not more often than the eye can follow."""
        if not self.shown or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + self.pause
        line = f"epoch {epoch} of {self.epochs}, loss {loss:.4f}"
        print("\r" + line.ljust(self.width), end="", flush=True)
        self.width = len(line)

    def clear(self) -> None:
        """Leave no trace, so that a slow machine's notebook looks like a fast one's."""
        if self.width:
            print("\r" + " " * self.width + "\r", end="", flush=True)
