"""The book is served on a port of the reader's choice; one that is not to be had is answered."""

import subprocess
import sys
import threading
from urllib.request import urlopen

import pytest

from tools import serve


@pytest.fixture
def serving(tmp_path):
    """A server of one page, on a free port."""
    (tmp_path / "index.html").write_text("a page", encoding="utf-8")
    with serve.server(0, tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_pages_are_served(serving):
    with urlopen(f"http://127.0.0.1:{serving.server_port}/") as answer:
        assert answer.read() == b"a page"


def test_a_taken_port_is_answered_with_a_remedy(serving):
    port = str(serving.server_port)
    command = [sys.executable, "-m", "tools.serve", port]
    done = subprocess.run(command, cwd=serve.ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        f"port {port} is taken by another program; choose another one: make serve PORT=8001\n"
    )


def test_a_port_that_does_not_exist_is_answered():
    with pytest.raises(SystemExit, match=r"port 70000 cannot be used: .*make serve PORT=8001"):
        serve.main(["70000"])


def test_the_makefile_hands_the_port_on():
    command = ["make", "--dry-run", "serve", "PORT=8123"]
    done = subprocess.run(command, cwd=serve.ROOT, capture_output=True, text=True)
    assert "-m tools.serve 8123" in done.stdout
