"""Data beyond memory, and beyond the machine: arrays of Dask instead of NumPy's.

These take an array of Dask where they take one of NumPy's, in blocks of whole rows: all of
`SoftmaxRegression` and `SoftmaxObjective`, the chunked losses, the calibration errors with bins of
equal width, and the scores. What gives an array for the samples (``predict_proba``, the losses)
gives an array of Dask, of which nothing is computed yet. What gives a few numbers (``fit``,
``score``, the errors) computes them: a sum for each block, and the sum of these, added in a tree
that depends on the number of blocks alone. So ``fit`` finds the same weights for the same blocks,
bit for bit, over any number of threads, processes and machines with one kind of processor, also if
one of them dies.

Work goes where Dask sends it: to threads of this process or, while there is a
``distributed.Client``, to the workers of its cluster: on this machine, or with
``distributed.Client(address)`` on others.

There is one rule for memory: **what is persisted is kept, and all else is read anew in every
pass.** ``fit`` makes one pass for each gradient and for each product with the Hessian. A thread of
a worker needs room for a few blocks. Data that fit the workers' memory in whole are worth an
``X = X.persist()`` before. Labels and shares, sixteen bytes for each row, are always kept.

Labels and weights may be arrays of NumPy: they are sent to the workers inside the first task
graphs. From about a million samples on, let them come from files, too.

Where data come from is Dask's business: ``dask.array`` reads Zarr and HDF5, and Parquet files are
``rows = dask.dataframe.read_parquet(...).to_dask_array(lengths=True)``. Take the columns of the
array, ``rows[:, :-1]``, and not of the data frame, of which Dask would join small parts and then
count too few. For files of NumPy, there is `from_npy`. Do not give a memory map to
``dask.array.from_array``: all of it would be read here, and sent to the workers inside the graph.
"""

from collections.abc import Iterable
from os import PathLike, fspath
from typing import Any

import numpy as np

from softmaxlab._extras import needed_for
from softmaxlab._types import Array

_BLOCK = 2**24  # bytes


def from_npy(paths: Iterable[str | PathLike[str]], *, block_rows: int | None = None) -> Any:
    """Return the rows of files of NumPy as one array of Dask, each block read when it is needed.

    Parameters
    ----------
    paths : iterable of str or path
        Files that ``numpy.save`` has written, in the order of the rows. On a cluster, each worker
        must find them under the same names.
    block_rows : int, optional
        Rows in a block; the last of a file may have fewer. By default, 16 MiB of them.

    Returns
    -------
    dask array of shape (n_rows, ...)
        The rows of all files. Only the heads of the files have been read.

    Raises
    ------
    ImportError
        If Dask is not installed: ``pip install "softmaxlab[large]"``.
    ValueError
        If there is no file, the rows of the files differ in shape or dtype, or ``block_rows`` is
        not positive.
    OSError
        If a file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> for i in range(2):
    ...     np.save(folder / f"part-{i}.npy", np.full((3, 2), i))
    >>> X = from_npy(sorted(folder.glob("*.npy")), block_rows=2)
    >>> X.shape, X.chunks[0]
    ((6, 2), (2, 1, 2, 1))
    >>> X[2:4].compute().tolist()
    [[0, 0], [1, 1]]
    """
    files = [(fspath(path), np.load(path, mmap_mode="r")) for path in paths]
    if not files:
        raise ValueError("paths must name one file at least")
    _, first = files[0]
    for path, array in files:
        if (array.shape[1:], array.dtype) != (first.shape[1:], first.dtype):
            raise ValueError(
                f"{path} has rows of shape {array.shape[1:]} and dtype {array.dtype}, "
                f"{files[0][0]} of shape {first.shape[1:]} and dtype {first.dtype}"
            )
    if block_rows is None:
        block_rows = max(1, _BLOCK // max(1, first[:1].nbytes))
    if block_rows < 1:
        raise ValueError(f"block_rows must be positive, not {block_rows}")
    pieces = [piece for path, array in files for piece in _pieces(path, len(array), block_rows)]
    return _read_later(pieces, first)


def _pieces(path: str, n_rows: int, block_rows: int) -> list[tuple[str, int, int]]:
    """Return file, start and end of each block of a file."""
    return [
        (path, start, min(start + block_rows, n_rows)) for start in range(0, n_rows, block_rows)
    ]


def _read_later(pieces: list[tuple[str, int, int]], like: Array) -> Any:
    """Return the array of Dask of which each piece is a block."""
    with needed_for("large"):
        import dask.array as da
        import distributed  # noqa: F401  the extra brings both
    table = np.fromiter(pieces, object, len(pieces)).reshape(-1, *(1,) * (like.ndim - 1))
    rows = tuple(stop - start for _, start, stop in pieces)
    return da.map_blocks(
        _read,
        da.from_array(table, 1, name=False),  # a new name: the files may have changed
        chunks=(rows, *((length,) for length in like.shape[1:])),
        dtype=like.dtype,
        meta=np.empty((0,) * like.ndim, like.dtype),
    )


def _read(piece: Array) -> Array:
    """Return one block. A map of the file would be pickled and sent as a whole; rows are not."""
    path, start, stop = piece.item()
    return np.array(np.load(path, mmap_mode="r")[start:stop])
