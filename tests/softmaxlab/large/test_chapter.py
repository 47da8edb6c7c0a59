"""What the book shows of Dask, which the book's own build does not run."""

import re
from pathlib import Path

import numpy as np

CHAPTER = Path(__file__).parents[3] / "book/chapters/far-from-the-desk.md"


def test_the_lines_that_the_chapter_shows_fit_a_model(tmp_path, data):
    X, labels = data
    paths = [tmp_path / f"{i}.npy" for i in range(2)]
    for path, rows in zip(paths, np.array_split(X, 2), strict=True):
        np.save(path, rows)
    (lines,) = re.findall(
        r"^```python\n(from distributed.*?)^```", CHAPTER.read_text("utf-8"), re.M | re.S
    )
    names = {"paths": paths, "labels": labels}
    exec(lines.replace("SoftmaxRegression().fit", "model = SoftmaxRegression().fit"), names)
    names["client"].close()
    assert (names["model"].predict(X) == labels).mean() > 0.5
