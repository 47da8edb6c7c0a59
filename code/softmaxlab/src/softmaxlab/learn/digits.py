"""The handwritten digits on which the book's classifiers learn.

The small set is embedded in scikit-learn, so the book builds without a network. MNIST itself comes
from OpenML, for the reader who asks for it. Both have the same form, and one replaces the other::

    (X_train, y_train), (X_test, y_test) = load_digits()  # 8 x 8 pixels
    (X_train, y_train), (X_test, y_test) = load_mnist()  # 28 x 28 pixels
"""

from os import PathLike
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import train_test_split

from softmaxlab._types import Array
from softmaxlab.learn._checks import is_number, refuse_uncountable, refuse_unless

Data: TypeAlias = tuple[NDArray[np.float64], NDArray[np.intp]]  # X, y

_MNIST_TRAINING_ROWS = 60_000  # the split that everybody reports on: the last 10,000 rows test


def load_digits(test_size: float = 0.25, seed: int = 0) -> tuple[Data, Data]:
    """Load the 1,797 digits of 8 by 8 pixels that scikit-learn carries, split in two.

    Parameters
    ----------
    test_size : float
        The share of the digits that is kept for testing, between 0 and 1.
    seed : int
        Decides which digits those are. Each class has the same share in both parts.

    Returns
    -------
    train, test : pairs (X, y)
        ``X`` is an ndarray of shape (n_samples, 64), float64, one row per digit, 0 for paper and
        1 for ink; ``y`` is an ndarray of shape (n_samples,), the digit, an integer of the kind that
        NumPy counts with (``numpy.intp``).

    Raises
    ------
    ValueError
        If ``test_size`` is no share, or ``seed`` no integer.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998.

    Examples
    --------
    >>> (X_train, y_train), (X_test, y_test) = load_digits()
    >>> X_train.shape, X_test.shape, y_test[:3].tolist()
    ((1347, 64), (450, 64), [2, 0, 4])
    """
    fits = is_number(test_size) and 0 < test_size < 1
    refuse_unless(fits, "test_size", "a number between 0 and 1", test_size)
    refuse_uncountable(seed, "seed", least=0)
    pixels, digits = datasets.load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(
        pixels / 16.0,
        digits.astype(np.intp),
        test_size=test_size,
        random_state=seed,
        stratify=digits,
    )
    return (X_train, y_train), (X_test, y_test)


def load_mnist(data_home: str | PathLike[str] | None = None) -> tuple[Data, Data]:
    """Load the 70,000 digits of MNIST, 28 by 28 pixels, from OpenML, in their customary split.

    The first call downloads about 15 MB and keeps them on disk; later calls need no network.

    Parameters
    ----------
    data_home : str or path-like, optional
        The folder to keep the download in; by default scikit-learn's own (``~/scikit_learn_data``).

    Returns
    -------
    train, test : pairs (X, y)
        60,000 and 10,000 digits. ``X`` is an ndarray of shape (n_samples, 784), float64, one row
        per digit, 0 for paper and 1 for ink; ``y`` is an ndarray of shape (n_samples,), the digit,
        as ``numpy.intp``.

    Raises
    ------
    ConnectionError
        If the data are not on disk and OpenML cannot be reached.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
    recognition", Proceedings of the IEEE 86, 1998.

    Examples
    --------
    Not run with the other examples, because it asks the network::

        (X_train, y_train), (X_test, y_test) = load_mnist()
        assert X_train.shape == (60000, 784)
    """
    pixels, digits = _fetch_mnist(data_home)
    X, y = pixels / 255.0, digits.astype(np.intp)  # OpenML writes the labels as text
    n = _MNIST_TRAINING_ROWS
    return (X[:n], y[:n]), (X[n:], y[n:])


def _fetch_mnist(data_home: str | PathLike[str] | None) -> tuple[Array, Array]:
    """Fetch MNIST's pixels (0 to 255) and labels (text), or say what to do without them."""
    try:
        return datasets.fetch_openml(
            "mnist_784",
            version=1,
            data_home=data_home,
            return_X_y=True,
            as_frame=False,
            parser="liac-arff",  # the other parser needs pandas
        )
    except OSError as error:
        raise ConnectionError(
            f"MNIST is not on this disk and OpenML cannot be reached ({error}). Connect once, or "
            "give data_home the folder of an earlier download, or use load_digits(), whose 1,797 "
            "digits come with scikit-learn and need no network."
        ) from error
