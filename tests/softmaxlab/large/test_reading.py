"""Rows from files, read block by block."""

import numpy as np
import pytest
from softmaxlab.learn.regression import SoftmaxRegression

large = pytest.importorskip("softmaxlab.large")


def saved(folder, name, array):
    np.save(folder / name, array)
    return folder / name


class TestFromNpy:
    def test_rows_of_all_files(self, tmp_path):
        arrays = [np.arange(20.0).reshape(10, 2), np.arange(6.0).reshape(3, 2)]
        paths = [saved(tmp_path, f"{i}.npy", array) for i, array in enumerate(arrays)]
        X = large.from_npy(map(str, paths), block_rows=4)
        assert (X.shape, X.chunks[0], X.dtype) == ((13, 2), (4, 4, 2, 3), float)
        block = X.blocks[1].compute()
        assert type(block) is np.ndarray
        assert block.tolist() == arrays[0][4:8].tolist()
        np.testing.assert_array_equal(X.compute(), np.concatenate(arrays))

    def test_labels(self, tmp_path):
        y = large.from_npy([saved(tmp_path, "y.npy", np.arange(5, dtype=np.int8))], block_rows=2)
        assert (y.chunks, y.dtype) == (((2, 2, 1),), np.int8)
        assert y.compute().tolist() == [0, 1, 2, 3, 4]

    def test_a_block_is_small_by_itself(self, tmp_path):
        X = large.from_npy([saved(tmp_path, "X.npy", np.zeros((5000, 1000)))])
        assert X.chunks[0] == (2097, 2097, 806)

    def test_nothing_but_the_heads_is_read_before(self, tmp_path):
        path = saved(tmp_path, "X.npy", np.zeros((5, 2)))
        X = large.from_npy([path])
        saved(tmp_path, "X.npy", np.ones((5, 2)))
        assert X.compute().sum() == 10

    def test_files_that_do_not_fit(self, tmp_path):
        paths = [saved(tmp_path, f"{n}.npy", np.zeros((2, n))) for n in (3, 4)]
        with pytest.raises(ValueError, match=r"4\.npy has rows of shape \(4,\) .*of shape \(3,\)"):
            large.from_npy(paths)
        with pytest.raises(ValueError, match="paths must name one file at least"):
            large.from_npy([])
        with pytest.raises(ValueError, match="block_rows must be positive, not 0"):
            large.from_npy(paths[:1], block_rows=0)
        with pytest.raises(FileNotFoundError):
            large.from_npy([tmp_path / "lost.npy"])


def test_parquet_files_are_read_by_dask(data, tmp_path):
    frames, pandas = pytest.importorskip("dask.dataframe"), pytest.importorskip("pandas")
    X, y = data
    table = pandas.DataFrame(X, columns=[*"abcd"]).assign(y=y)
    for i in range(3):
        table[70 * i : 70 * i + 70].to_parquet(tmp_path / f"{i}.parquet")
    rows = frames.read_parquet(tmp_path).to_dask_array(lengths=True)
    model = SoftmaxRegression().fit(rows[:, :4], rows[:, 4])
    np.testing.assert_allclose(model.coef_, SoftmaxRegression().fit(X, y).coef_, atol=1e-9)
