"""The Python for the pages: what is accepted, and what becomes of it."""

import base64
import gzip
import hashlib
import io
import re
import zipfile

import pytest

from tools import page_python
from tools.page_python import Part, Refused

LOCK = {
    "info": {"python": "3.12.7"},
    "packages": {
        "alpha": {"depends": ["beta_gamma"], "file_name": "alpha-1-py3-none-any.whl"},
        "beta-gamma": {"depends": ["alpha"], "file_name": "beta_gamma-2-py3-none-any.whl"},
        "other": {"depends": [], "file_name": "other-3-py3-none-any.whl"},
    },
}


def wheel(metadata):
    """Return a wheel that holds nothing but what it says of itself."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("alpha-1.dist-info/METADATA", metadata)
    return buffer.getvalue()


class TestAccepted:
    def test_takes_what_stands_in_the_lock(self):
        sums = [hashlib.sha256(b"right").hexdigest()]
        assert page_python.accepted("a.whl", b"right", sums, "the lock") == b"right"

    def test_refuses_everything_else_and_names_it(self):
        sums = [hashlib.sha256(b"right").hexdigest()]
        with pytest.raises(Refused, match=r"a\.whl has the sha256 \w{64}, .* in the lock: not"):
            page_python.accepted("a.whl", b"wrong", sums, "the lock")


class TestCarried:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(page_python, "LIBRARIES", ("alpha",))
        for name in ("alpha", "beta-gamma"):
            content = wheel(f"Name: {name}\nLicense: MIT\n")
            entry = LOCK["packages"][name]
            monkeypatch.setitem(entry, "sha256", hashlib.sha256(content).hexdigest())
            with zipfile.ZipFile(tmp_path / page_python.CARRIER, "a") as carrier:
                carrier.writestr(f"deep/inside/{entry['file_name']}", content)
        return tmp_path

    def test_brings_what_is_needed_with_its_licence(self, folder):
        found = {(part.name, part.licence) for part in page_python.carried(folder, LOCK)}
        assert found == {
            ("alpha-1-py3-none-any.whl", "MIT"),
            ("beta_gamma-2-py3-none-any.whl", "MIT"),
        }

    def test_refuses_a_file_that_was_changed(self, folder, monkeypatch):
        monkeypatch.setitem(LOCK["packages"]["beta-gamma"], "sha256", "0" * 64)
        with pytest.raises(Refused, match="beta_gamma"):
            list(page_python.carried(folder, LOCK))

    def test_names_a_file_that_is_missing(self, folder, monkeypatch):
        monkeypatch.setitem(LOCK["packages"]["alpha"], "file_name", "alpha-9.whl")
        with pytest.raises(Refused, match=r"alpha-9\.whl is not in provisa"):
            list(page_python.carried(folder, LOCK))


def test_the_official_package_is_known_by_its_sum(tmp_path):
    (tmp_path / page_python.PYODIDE).write_bytes(b"another")
    with pytest.raises(Refused, match=r"pyodide-0\.27\.7\.tgz has the sha256"):
        page_python.core(tmp_path)


def test_pure_python_is_what_the_book_is_built_with():
    version, sums = page_python.locked("mpmath")
    assert re.fullmatch(r"[\d.]+", version)
    assert all(re.fullmatch(r"\w{64}", each) for each in sums)
    with pytest.raises(Refused, match="does not stand in requirements"):
        page_python.locked("no-such-package")


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("License-Expression: BSD-3-Clause\n", "BSD-3-Clause"),
        ("License: MIT\n", "MIT"),
        (
            f"License: {'a long text ' * 9}\nClassifier: License :: OSI Approved :: BSD License\n",
            "BSD License",
        ),
        ("Name: alpha\n", "see the package"),
    ],
)
def test_a_licence_is_said_in_a_few_words(metadata, said):
    assert page_python.licence("alpha", wheel(metadata)) == said


def test_a_file_becomes_a_script_that_holds_it(tmp_path):
    sizes = page_python.write(tmp_path / "files", [Part("a.whl", b"\0 content", "MIT")])
    script = (tmp_path / "files" / "a.whl.js").read_text("utf-8")
    assert len(script) == sizes["a.whl"]
    name, text = re.fullmatch(r'pagePython\.take\("(.+)", "(.+)"\);\n', script).groups()
    assert name == "a.whl"
    assert gzip.decompress(base64.b64decode(text)) == b"\0 content"


def test_the_lock_of_the_pages_has_what_is_there(monkeypatch):
    monkeypatch.setattr(page_python, "LIBRARIES", ("alpha",))
    names = ("checkedmath-0.1-py3-none-any.whl", page_python.PAGE, "markdown_it_py-3-none-any.whl")
    own = [Part(name, name[:3].encode(), "") for name in names]
    packages = page_python.completed(LOCK, own)["packages"]
    assert set(packages) == {"alpha", "beta-gamma", "checkedmath", "course-page", "markdown-it-py"}
    assert packages["checkedmath"]["sha256"] == hashlib.sha256(b"che").hexdigest()
    assert "flint" in packages["course-page"]["imports"]
    assert packages["markdown-it-py"]["imports"] == ["markdown_it"]


def test_it_is_known_from_which_files_it_was_made():
    made = page_python.made_from()
    assert "code/softmaxlab/src/softmaxlab/losses.py" in made
    assert "code/softmaxlab/src/softmaxlab/learn/sentences.txt" in made
    assert not [name for name in made if "egg-info" in name or "pycache" in name]
    assert "book/_python/course_page.py" in made
