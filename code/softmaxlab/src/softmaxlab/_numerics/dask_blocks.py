"""Arrays of Dask: one function for every block of rows, and sums over the blocks.

Nothing imports Dask before one of its arrays is there. A *block* holds some rows with all of their
columns, and is the unit of work: a worker has it, and what a function makes of it, in memory.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from softmaxlab._numerics.checks import as_array
from softmaxlab._types import Array

_BRANCHES = 8  # so many blocks are added at a time, then so many of the sums, and so on


def is_dask(array: Any) -> bool:
    """Return whether this is an array of Dask; without Dask there is none."""
    module = sys.modules.get("dask.array")
    return module is not None and isinstance(array, module.Array)


def refuse_parts_of_rows(array: Any, name: str) -> None:
    """Raise unless the blocks hold whole rows, and it is known how many."""
    if array.ndim != 2:
        raise ValueError(f"{name} must be rows of numbers, and not of shape {array.shape}")
    if np.isnan(array.shape).any():
        raise ValueError(
            f"{name} has blocks of unknown size, {array.chunks}: call "
            f"{name}.compute_chunk_sizes() before"
        )
    if array.numblocks[1] > 1:
        raise ValueError(
            f"{name} of shape {array.shape} has {array.numblocks[1]} blocks side by side, a block "
            f"must hold whole rows: use {name}.rechunk({{1: -1}})"
        )


def beside(column: Any, rows: Any, name: str) -> Any:
    """Return one entry for each row, in blocks of the same rows."""
    import dask.array as da

    if not is_dask(column):
        column = as_array(column, name)
    if column.shape != rows.shape[:1]:
        raise ValueError(f"{name} has shape {column.shape}, the data have {rows.shape[0]} rows")
    if is_dask(column):
        return column.rechunk(rows.chunks[:1])
    return da.from_array(column, rows.chunks[:1])


def map_rows(
    function: Callable[..., Array],
    *arrays: Any,
    columns: int | None = None,
    dtype: DTypeLike,
    **given: Any,
) -> Any:
    """Return what the function makes of the rows of each block: an array of Dask, not computed.

    The function takes the rows of each array, and gives a number for each row, or so many
    ``columns``. If the first array is none of Dask, all is one block, and computed.
    """
    if not is_dask(arrays[0]):
        return function(*arrays, **given)
    if columns is None:
        return _map_blocks(function, arrays, dtype, given, drop_axis=1)
    return _map_blocks(function, arrays, dtype, given, chunks=(arrays[0].chunks[0], (columns,)))


def sum_over_blocks(
    function: Callable[..., Any], *arrays: Any, shape: tuple[int, ...] = (), **given: Any
) -> Any:
    """Return, as an array of Dask, the sum of what the function gives for each block.

    Nothing is computed. The blocks are added in a tree that depends on their number alone: the sum
    has the same bits, whoever computes a block, and when.
    """
    chunks = ((1,) * arrays[0].numblocks[0], (int(np.prod(shape)),))
    given = {**given, "of_block": function}
    terms = _map_blocks(_as_one_row, arrays, np.float64, given, chunks=chunks)
    return terms.sum(axis=0, split_every=_BRANCHES).reshape(shape)


def result_of_each_block(function: Callable[..., Any], *arrays: Any, **given: Any) -> Any:
    """Return, as an array of Dask, what the function gives for each block, which may be anything.

    Nothing is computed.
    """
    chunks = ((1,) * arrays[0].numblocks[0], (1,))
    return _map_blocks(function, arrays, object, given, chunks=chunks)


def part_of_rows(results: Any, name: str, like: Any, dtype: DTypeLike) -> Any:
    """Return one attribute of the `result_of_each_block`, rows as those of another array."""
    import dask.array as da

    chunks = like.chunks if like.ndim == 2 else (*like.chunks, (1,))
    meta = np.empty((0, 0), dtype)
    table = da.map_blocks(_as_table, results, name, chunks=chunks, dtype=dtype, meta=meta)
    return table if like.ndim == 2 else table[:, 0]


def for_each_block(function: Callable[..., Any], *arrays: Any) -> list[Any]:
    """Return what `result_of_each_block` promises, computed."""
    import dask

    results = result_of_each_block(function, *arrays)
    return list(dask.compute(*results.to_delayed().ravel()))


def _map_blocks(
    function: Callable[..., Any],
    arrays: tuple[Any, ...],
    dtype: DTypeLike,
    given: dict[str, Any],
    **shape: Any,
) -> Any:
    """Return the array of Dask whose blocks the function makes."""
    import dask
    import dask.array as da

    tables = [array if array.ndim == 2 else array[:, np.newaxis] for array in arrays]
    # An array that all blocks need is sent to each worker once. It is part of the graph and not
    # scattered: what was scattered is lost with the worker that holds it.
    sent = {
        name: dask.delayed(value) if isinstance(value, np.ndarray) else value
        for name, value in given.items()
    }
    return da.map_blocks(
        _on_block,
        *tables,
        function=function,
        axes=[array.ndim for array in arrays],
        given=sent,
        dtype=dtype,
        meta=np.empty((0,) * (1 if "drop_axis" in shape else 2), dtype),
        **shape,
    )


def _on_block(
    *tables: Array,
    function: Callable[..., Any],
    axes: list[int],
    given: dict[str, Any],
    block_info: Any = None,
) -> Any:
    """Call the function on one block; an error says on which."""
    (start, stop), _ = block_info[0]["array-location"]
    place = f"block {block_info[0]['chunk-location'][0]}, rows {start} to {stop - 1}"
    for i, table in enumerate(tables):
        if not isinstance(table, np.ndarray):
            continue  # the result of an earlier function
        promised = tuple(end - begin for begin, end in block_info[i]["array-location"])
        if table.shape != promised:
            raise ValueError(f"{place}: it has shape {table.shape}, its Dask array says {promised}")
    rows = [table if n == 2 else table[:, 0] for table, n in zip(tables, axes, strict=True)]
    try:
        return function(*rows, **given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{place}: {error}") from error


def _as_table(result: Any, name: str) -> Array:
    """Return an attribute of a block's result, one number for each row as a column."""
    part = getattr(result, name)
    return part if part.ndim == 2 else part[:, np.newaxis]


def _as_one_row(*rows: Array, of_block: Callable[..., Any], **given: Any) -> Array:
    """Return what a function gives for a block as one row of a table."""
    return np.asarray(of_block(*rows, **given), np.float64).reshape(1, -1)
