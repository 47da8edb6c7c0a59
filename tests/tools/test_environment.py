"""The environment is set up from the lock, on the reader's own terms."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parents[2]
PREREQUISITES = ["requirements.txt", "requirements/uv.txt"]
PREREQUISITES += [f"code/{package}/pyproject.toml" for package in ("softmaxlab", "checkedmath")]


class TestPython:
    @pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 15, 0)])
    def test_others_are_refused(self, version, monkeypatch):
        monkeypatch.setattr(sys, "version_info", version)
        with pytest.raises(SystemExit, match=r"3\.11 to 3\.14 is needed, this is .*make PYTHON="):
            environment.check_python()

    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 0), (3, 14, 10)])
    def test_these_are_accepted(self, version, monkeypatch):
        monkeypatch.setattr(sys, "version_info", version)
        environment.check_python()

    def test_an_old_one_can_read_the_refusal(self):
        tree = ast.parse((ROOT / "tools" / "environment.py").read_text(encoding="utf-8"))
        new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.YieldFrom, ast.Await)
        displays = (ast.List, ast.Tuple, ast.Set)
        for node in ast.walk(tree):
            assert not isinstance(node, new), f"line {node.lineno}"
            if isinstance(node, displays):
                assert not any(isinstance(item, ast.Starred) for item in node.elts)
            if isinstance(node, ast.arguments):
                assert not node.kwonlyargs
                assert not node.posonlyargs


class TestSettings:
    def test_a_stronger_level_wins(self):
        listing = (
            ":env:.index-url='https://variable.test/simple'\n"
            "global.cert='/certificates.pem'\n"
            "global.index-url='https://file.test/simple'\n"
            "install.cert='/for/install.pem'\n"
            "freeze.timeout='10'\n"
        )
        assert environment.settings_in(listing) == {
            "index-url": "https://variable.test/simple",
            "cert": "/for/install.pem",
        }

    def test_uv_is_told(self, tmp_path):
        settings = {
            "index-url": "https://one.test/simple",
            "extra-index-url": "\nhttps://two.test/simple\nhttps://three.test/simple",
            "find-links": f"{tmp_path} https://four.test/wheels /not/there",
            "cert": "/certificates.pem",
            "disable-pip-version-check": "1",
        }
        assert environment.for_uv(settings, {"HOME": "/home"}) == {
            "HOME": "/home",
            "UV_DEFAULT_INDEX": "https://one.test/simple",
            "UV_INDEX": "https://two.test/simple https://three.test/simple",
            "UV_FIND_LINKS": f"{tmp_path},https://four.test/wheels",
            "UV_SYSTEM_CERTS": "true",
            "UV_INDEX_STRATEGY": "unsafe-best-match",
            "SSL_CERT_FILE": "/certificates.pem",
        }

    def test_what_uv_was_told_already_stays(self):
        told = {"UV_DEFAULT_INDEX": "https://mine.test/simple", "UV_SYSTEM_CERTS": "false"}
        settings = {"index-url": "https://other.test/simple"}
        assert environment.for_uv(settings, told) == told | {
            "UV_INDEX_STRATEGY": "unsafe-best-match"
        }


def test_a_command_that_fails_ends_it_with_its_status():
    with pytest.raises(SystemExit) as end:
        environment.run(os.environ, [sys.executable], ["-c", "raise SystemExit(7)"])
    assert end.value.code == 7


@pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")
@pytest.mark.parametrize("newest", PREREQUISITES)
def test_a_file_from_the_future_does_not_set_it_up_again_and_again(newest, tmp_path):
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    for name in [*PREREQUISITES, ".venv/folder"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    os.utime(tmp_path / newest, (2051222400, 2051222400))  # the year 2035
    make = ["make", "-C", tmp_path, "PYTHON=true", ".venv/.ready"]
    assert subprocess.run(make, check=False, capture_output=True).returncode == 0
    again = subprocess.run([*make, "-q"], check=False, capture_output=True)
    assert again.returncode == 0
    os.utime(tmp_path / newest, (2051222401, 2051222401))
    assert subprocess.run([*make, "-q"], check=False, capture_output=True).returncode == 1
