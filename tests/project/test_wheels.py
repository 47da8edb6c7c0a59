"""The packages as they are shipped: what importing needs, and what is in the wheels."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import checkedmath
import pytest
import softmaxlab
import yaml
from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code"
HEAVY = ("scipy", "sklearn", "threadpoolctl", "matplotlib", "IPython", "sympy", "mpmath")


def build(package, folder):
    """Build a package from a copy; return the bytes of its wheel's files, and its sdist's names."""
    source = folder / package
    left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(CODE / package, source, ignore=left_out)
    command = [sys.executable, "-m", "build", "--no-isolation", "-o", folder / "dist", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (folder / "dist").glob(f"{package}-*.whl")
    (sdist,) = (folder / "dist").glob(f"{package}-*.tar.gz")
    with zipfile.ZipFile(wheel) as files, tarfile.open(sdist) as names:
        return {name: files.read(name) for name in files.namelist()}, names.getnames()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The files of both wheels with their bytes, and the names in both sdists."""
    folder = tmp_path_factory.mktemp("built")
    return {package: build(package, folder / package) for package in ("softmaxlab", "checkedmath")}


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


@pytest.mark.parametrize("package", [softmaxlab, checkedmath])
def test_the_version_is_that_of_the_citation(package):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert package.__version__ == citation["version"]


@pytest.mark.build
@pytest.mark.parametrize("package", ["softmaxlab", "checkedmath"])
class TestShipped:
    """What `make wheels` builds: the source, and the wheel made from it."""

    def test_the_wheel_has_every_module_and_says_that_it_is_typed(self, built, package):
        wheel, _ = built[package]
        source = CODE / package / "src"
        assert {name for name in wheel if name.startswith(f"{package}/")} == {
            path.relative_to(source).as_posix()
            for path in (source / package).rglob("*")
            if path.suffix in (".py", ".css", ".txt", ".typed")
        }
        assert f"{package}/py.typed" in wheel

    def test_the_wheel_has_its_licence(self, built, package):
        wheel, _ = built[package]
        (licence,) = [text for name, text in wheel.items() if name.endswith("licenses/LICENSE")]
        assert licence == (CODE / package / "LICENSE").read_bytes()
        assert licence.decode().removesuffix("\n") in (ROOT / "LICENSE").read_text(encoding="utf-8")

    def test_its_metadata_are_complete(self, built, package):
        wheel, _ = built[package]
        (text,) = [text for name, text in wheel.items() if name.endswith(".dist-info/METADATA")]
        found = Metadata.from_email(text)  # and refuses what no index would take
        assert found.name == package
        assert str(found.version) == sys.modules[package].__version__
        assert found.author == "The contributors to From Logits to Loss"
        assert found.license_expression == "BSD-3-Clause"
        assert found.description == (CODE / package / "README.md").read_text(encoding="utf-8")
        assert found.description_content_type == "text/markdown"
        assert str(found.requires_python) == ">=3.11"
        assert found.summary
        assert found.keywords
        assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= set(
            found.classifiers
        )

    def test_the_source_has_what_one_reads(self, built, package):
        _, sdist = built[package]
        wanted = {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml"}
        wanted |= {"DIALECT.md"} if package == "checkedmath" else set()
        assert wanted <= {name.partition("/")[2] for name in sdist}
