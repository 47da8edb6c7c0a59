"""Which code computes: NumPy's, or the kernels that Numba compiles."""

from types import ModuleType

from numpy.typing import DTypeLike

from softmaxlab._extras import needed_for
from softmaxlab._types import Array, Floats

__all__ = ["use"]

_fast: ModuleType | None = None  # the room of the kernels, while they are in use


def use(backend: str) -> None:
    """Choose what computes: NumPy, or kernels that Numba compiles.

    NumPy is the default, whether or not Numba is installed: what a program computes should not
    depend, to the last digit, on what else is installed beside it.

    Parameters
    ----------
    backend : str
        ``"numpy"`` or ``"numba"``.

    Raises
    ------
    ValueError
        If it is neither of the two.
    ImportError
        If Numba is not installed: ``pip install "softmaxlab[fast]"``.

    Notes
    -----
    The choice holds for the whole process and all its threads, so that those of a pool compute like
    the one that has chosen; another process has a choice of its own. It may be made while other
    threads compute: a function asks once, before it begins.

    There are kernels for `softmax`, `log_softmax`, `logsumexp`, `softmax_cross_entropy`,
    `softmax_cross_entropy_grad`, `softmax_cross_entropy_with_grad`, `sigmoid_cross_entropy` and
    `kl_divergence`, and thus for what is built on these, such as `SoftmaxRegression`. They take all
    types and shapes, any axis, masks, and weights. The contract stays the same: the same errors,
    and the same bounds on rounding, though the last digit may be another. Without kernels,
    computed by NumPy as before, are

    - all other functions, among them `sigmoid`, `entropy`, `cross_entropy`,
      `kl_divergence_from_logits`, `sigmoid_cross_entropy_grad` and the chunked losses;
    - `logsumexp` with ``b``, and `sigmoid_cross_entropy` with ``pos_weight``;
    - losses with labels that are distributions, or with ``label_smoothing``;
    - `kl_divergence` where the sum of a row is off by more than 0.999 of what its type allows.

    Scores that cannot be computed with go to NumPy, too, which says what is wrong.

    The first call of a function takes long, since its kernel is compiled: one to seven seconds of
    one core of a busy server of 2026, once for float32 and once for all else. The machine code is
    kept beside the package or, where that cannot be written to, in the user's cache
    (``NUMBA_CACHE_DIR`` names another place). The next process loads it in some hundredths of a
    second, and Numba itself in half a second.

    From 65,536 numbers on, the rows are divided among threads, of which there are at most as many
    as cores; ``NUMBA_NUM_THREADS``, set before Numba is imported, asks for fewer. How many there
    are changes no digit. Arrays that are not in C order, in neither float32 nor float64, or not to
    be written to, are copied, some thousand numbers at a time.

    Examples
    --------
    >>> import softmaxlab
    >>> softmaxlab.use("numpy")
    """
    global _fast
    if backend not in ("numpy", "numba"):
        raise ValueError(f'backend must be "numpy" or "numba", got {backend!r}')
    if backend == "numpy":
        _fast = None
        return
    with needed_for("fast"):
        from softmaxlab import fast
    _fast = fast


def compiled(
    name: str, precision: DTypeLike, inputs: list[Array], results: list[Floats], *options: float
) -> bool:
    """Let a kernel fill the results, if kernels are in use; return whether they are filled.

    Parameters
    ----------
    name, precision, inputs, results, *options
        As for `softmaxlab.fast.compute`.

    Returns
    -------
    bool
        False if NumPy is to compute, or to say what is wrong with the numbers.
    """
    fast = _fast  # another thread may turn the switch meanwhile
    return fast is not None and fast.compute(name, precision, inputs, results, *options)
