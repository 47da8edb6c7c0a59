"""What can be seen of `make fresh` without setting up a system."""

import pytest

from tools import fresh


def test_it_types_the_two_commands_of_the_readme():
    assert fresh.commands_of_the_readme() == ["make book", "make test"]


def test_it_says_what_it_needs(monkeypatch):
    monkeypatch.setattr(fresh.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(fresh.shutil, "which", lambda tool: None)
    with pytest.raises(SystemExit, match="as root on Debian, after: apt-get install debootstrap"):
        fresh.check_machine()


def test_package_clients_are_told_the_same_and_nothing_else_is(monkeypatch):
    for name in list(fresh.os.environ):
        monkeypatch.delenv(name)
    told = {
        "PIP_INDEX_URL": "https://one.test/simple",
        "UV_DEFAULT_INDEX": "https://two.test/simple",
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        "https_proxy": "proxy.test",
        "NO_PROXY": "localhost",
    }
    for name, value in (told | {"MPLBACKEND": "TkAgg", "PYTHONPATH": "/mine"}).items():
        monkeypatch.setenv(name, value)
    assert fresh.environment() == told | {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/home/reader",
    }


def test_what_this_machine_lacks_is_not_copied(tmp_path):
    fresh.copy(tmp_path / "missing", tmp_path / "there" / "missing")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "pip.conf").write_text("[global]\n")
    fresh.copy(tmp_path / "folder", tmp_path / "there" / "folder")
    (tmp_path / "netrc").write_text("")
    fresh.copy(tmp_path / "netrc", tmp_path / "there" / "netrc")
    assert sorted(path.name for path in (tmp_path / "there").rglob("*")) == [
        "folder",
        "netrc",
        "pip.conf",
    ]
