"""The packages as they are shipped: what importing needs, and what is in the wheels."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import softmaxlab

CODE = Path(__file__).parents[2] / "code"
HEAVY = ("scipy", "sklearn", "threadpoolctl", "matplotlib", "IPython", "sympy", "mpmath")


def test_importing_needs_numpy_only():
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({HEAVY}))\n"
        "import softmaxlab as sl\n"
        "print(sl.softmax_cross_entropy([0.0, 0.0], 0), *sl.__all__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["0.6931471805599453", *softmaxlab.__all__]


def test_all_is_sorted_and_there():
    assert sorted(softmaxlab.__all__) == softmaxlab.__all__
    for name in softmaxlab.__all__:
        getattr(softmaxlab, name)


@pytest.mark.parametrize("package", ["softmaxlab", "checkedmath"])
def test_the_wheel(package, tmp_path):
    source = tmp_path / package
    shutil.copytree(
        CODE / package, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"{package}/")}
    assert packed == {
        path.relative_to(source / "src").as_posix()
        for path in (source / "src").rglob("*")
        if path.suffix in (".py", ".typed")
    }
    assert f"{package}/py.typed" in packed
