"""The readers' notebooks in JupyterLab as it comes, without any extension."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.build, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
NAMES = sorted(path.stem for path in (ROOT / "book" / "notebooks").glob("*.ipynb"))
SETTINGS = {
    # Else only what is in sight is drawn.
    "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {
        "windowingMode": "none"
    },
    # The authors' tool is no part of JupyterLab.
    "jupyter_config_dir/labconfig/page_config.json": {
        "disabledExtensions": {"jupyterlab-jupytext": True}
    },
}
READY = """count => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
  const texts = cells.filter(one => one.matches('.jp-MarkdownCell'));
  return cells.length === count
    && texts.every(one => one.querySelector('.jp-RenderedMarkdown')?.textContent.trim())
    && document.querySelector('mjx-container');
}"""
# What one would see of Markdown, and of formulas, that are not drawn.
FAULTS = r"""() => {
  const faults = [...document.querySelectorAll('mjx-merror, [data-mjx-error]')]
    .map(one => one.textContent);
  for (const box of document.querySelectorAll('.jp-RenderedMarkdown')) {
    const words = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const {data, parentElement} = words.currentNode;
      if (!parentElement.closest('code, mjx-container, mjx-assistive-mml')
          && /\$|\\[a-z(\[]|\*\*|^#|^>|^\|.*\||`|@@\d|<\/?[a-z]/.test(data)) faults.push(data);
    }
  }
  return faults;
}"""
COUNTS = """() => Object.fromEntries(Object.entries({
  formulas: '.jp-RenderedMarkdown mjx-container[display=true]',
  tables: '.jp-RenderedMarkdown table',
  quotes: '.jp-RenderedMarkdown blockquote',
  folds: '.jp-RenderedMarkdown details',
  numbers: '.jp-RenderedMarkdown abbr[title]',
  figures: '.jp-OutputArea-output img[alt]',
}).map(([name, selector]) => [name, document.querySelectorAll(selector).length]))"""
UNDRAWN = "() => [...document.images].filter(one => !one.naturalWidth).map(one => one.alt)"


def free_port():
    """Return a port that nobody listens to."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def plain_settings(folder):
    """Return the environment of a JupyterLab that no settings of this machine's reach."""
    for name, values in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(json.dumps(values), encoding="utf-8")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        **{name: str(folder / name.lower()) for name in names},
    }


@pytest.fixture(scope="module")
def server(book, tmp_path_factory):
    """Serve copies of the notebooks by JupyterLab; return the address."""
    folder, port = tmp_path_factory.mktemp("lab"), free_port()
    shutil.copytree(book / "notebooks", folder / "notebooks")
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", f"--port={port}"]
    command = [sys.executable, "-m", "jupyterlab", *options, folder / "notebooks"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=plain_settings(folder), stdout=log, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    wait_for(f"{address}/api", process)
    yield address
    process.terminate()
    process.wait()


def wait_for(address, process):
    """Wait until somebody answers."""
    for _ in range(240):
        assert process.poll() is None, "JupyterLab has ended"
        try:
            return urllib.request.urlopen(address).read()
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def tab(browser):
    """A tab for all notebooks, one after another."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(120_000)
    yield page
    page.close()


def expected(cells):
    """Return how much of everything the cells hold."""
    texts = "\n".join(f"\n{cell.source}\n" for cell in cells if cell.cell_type == "markdown")
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    return {
        "formulas": texts.count("$$") // 2,
        "tables": texts.count("\n| :--"),
        "quotes": sum(block.strip().startswith("> ") for block in texts.split("\n\n")),
        "folds": texts.count("<details>"),
        "numbers": texts.count("<abbr title="),
        "figures": sum(
            output.get("data", {}).get("text/markdown", "").startswith("<img ") for output in shown
        ),
    }


@pytest.mark.parametrize("name", NAMES)
def test_shows_everything_drawn(book, server, tab, name):
    cells = nbformat.read(book / "notebooks" / f"{name}.ipynb", as_version=4).cells
    tab.goto(f"{server}/lab/tree/{name}.ipynb?reset")
    tab.wait_for_function(READY, arg=len(cells))
    tab.wait_for_timeout(1000)  # MathJax draws cell by cell
    if folder := os.environ.get("SCREENSHOTS"):
        photograph(tab, Path(folder) / name)
    assert tab.evaluate(FAULTS) == []
    assert tab.evaluate(UNDRAWN) == []
    assert tab.evaluate(COUNTS) == expected(cells)


def photograph(tab, folder):
    """Save what is to be seen, a screen at a time, for somebody to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    box = "document.querySelector('.jp-WindowedPanel-outer')"
    for number in range(tab.evaluate(f"Math.ceil({box}.scrollHeight / {box}.clientHeight)")):
        tab.evaluate(f"{box}.scrollTop = {number} * {box}.clientHeight")
        tab.screenshot(path=folder / f"{number:02}.png")
