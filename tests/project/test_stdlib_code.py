"""The folder ``code/`` does not stand in the way of the standard library's module ``code``."""

import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
USE = "import code; code.InteractiveConsole().push('print(6 * 7)')"


def run(*arguments, **options):
    """Run Python in the root; return what it printed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_folder_holds_two_packages_and_nothing_else():
    names = {path.name for path in (ROOT / "code").iterdir()}
    assert names - {"__pycache__", "softmaxlab.egg-info", "checkedmath.egg-info"} == {
        "softmaxlab",
        "checkedmath",
    }


def test_in_the_root():
    assert run("-c", USE) == "42\n"


def test_here():
    import code

    assert code.InteractiveConsole
    assert not code.__file__.startswith(str(ROOT / "code"))


def test_under_pytest_beside_the_docstrings_of_the_packages(tmp_path):
    test = tmp_path / "test_console.py"
    test.write_text(
        f"def test_console(capsys):\n    {USE}\n    assert capsys.readouterr().out == '42\\n'\n"
    )
    settings = ["-c", ROOT / "pyproject.toml", "--rootdir", ROOT, "-p", "no:cacheprovider"]
    output = run(
        "-m", "pytest", "-v", *settings, "code/softmaxlab/src/softmaxlab/activations.py", test
    )
    assert "::test_console PASSED" in output
    assert "softmaxlab.activations.softmax PASSED" in output


def test_in_a_kernel():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(USE + ";")])
    NotebookClient(notebook, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert notebook.cells[0].outputs[0].text == "42\n"


def test_in_pdb():
    assert "42\n" in run("-c", "import pdb; pdb.set_trace(); 1", input=f"{USE}\ncontinue\n")
