"""The command says what it found, and its exit code says whether all is well."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkedmath.__main__ import main

SECOND_BOOK = Path(__file__).parent / "second_book"


@pytest.fixture
def book(tmp_path):
    return Path(shutil.copytree(SECOND_BOOK, tmp_path / "book"))


class TestCheck:
    def test_a_sound_book(self, book, capsys):
        assert main(["check", str(book)]) == 0
        shown = capsys.readouterr()
        assert shown.out.startswith("4 formulas, 5 steps (1 definition, ")
        assert "; 1 wrong formula refuted, in " in shown.out
        assert shown.err == ""

    def test_from_a_folder_within(self, book, capsys):
        (book / "part").mkdir()
        assert main(["check", str(book / "part")]) == 0
        assert "4 formulas" in capsys.readouterr().out

    def test_times(self, book, capsys):
        assert main(["check", str(book), "--times"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["seconds", "steps", "formula"]
        labels = {line.split()[2] for line in lines[1:5]}
        assert labels == {"eq:square", "eq:name", "eq:sum", "eq:one"}

    def test_times_says_what_was_checked_earlier(self, book, capsys):
        main(["check", str(book)])
        capsys.readouterr()
        assert main(["check", str(book), "--times"]) == 0
        assert capsys.readouterr().out.count("(checked earlier)") == 4

    def test_a_wrong_step(self, book, capsys):
        page = book / "squares.md"
        page.write_text(page.read_text().replace("+ 2 a b", "- 2 a b"))
        assert main(["check", str(book)]) == 1
        shown = capsys.readouterr()
        assert shown.err.startswith("squares.md:10: eq:square: step 2 (expand): ")
        assert "remedy: " in shown.err
        assert "3 formulas" in shown.out

    def test_a_notebook_is_named(self, book, capsys):
        (book / "_toc.yml").write_text("root: squares\nchapters:\n- file: other\n")
        (book / "other.ipynb").write_text("{}")
        assert main(["check", str(book)]) == 0
        assert capsys.readouterr().out.startswith("other: not read, it is no Markdown")

    def test_no_book(self, tmp_path, capsys):
        assert main(["check", str(tmp_path)]) == 2
        assert "no _toc.yml" in capsys.readouterr().err

    def test_a_contents_that_is_no_yaml(self, tmp_path, capsys):
        (tmp_path / "_toc.yml").write_text("root: [")
        assert main(["check", str(tmp_path)]) == 2
        assert "is no YAML" in capsys.readouterr().err


class TestExplain:
    def test_the_tree_in_words(self, capsys):
        assert main(["explain", r"\frac{\partial C}{\partial z_i} = a_i - y_i"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "the derivative by z_i of",
            "  C",
            "equals",
            "  the sum of",
            "    a_i",
            "    minus",
            "      y_i",
            "",
            "i  an index: declare `i: 1..K`",
            "z  with 1 index: declare `z: real K`, or define `z_i := ...` before",
            "C  a number: declare `C: real`; or a family: declare `C: real K`",
            "a  with 1 index: declare `a: real K`, or define `a_i := ...` before",
            "y  with 1 index: declare `y: real K`, or define `y_i := ...` before",
        ]

    @pytest.mark.parametrize(
        ("latex", "words"),
        [
            (r"\sum_{j \ne i} x_j = 1", "the sum over j other than i of"),
            (r"\lim_{T \to 0^+} T = 0", "the limit, as T goes to 0 from above, of"),
            (r"\mathbb{E}_{k \sim p}[x_k] = 1", "the expectation, for k drawn from p, of"),
            (r"\operatorname*{argmax}_k z_k = 1", "the classes k with the largest"),
            (r"\mathbb{1}[i = j] = 1", "1 if the first = the second, else 0:"),
            (r"\nabla^2_{\mathbf{z}} L = A", "the Hessian by z of"),
            (r"\nabla_{\mathbf{z}} L = \mathbf{a}", "the gradient by z of"),
            (r"A \odot B = C", "times, entry by entry,"),
            (r"a / b = c", "divided by"),
            (r"W_{kd} = 1", "with 2 indices: declare `W: real K N`"),
            (r"H(p) = 1", "H  a function: define `H(...) := ...` before"),
            (r"\begin{cases} 1 & i = j \\ 0 & i \ne j \end{cases} = 1", r"if i \ne j"),
            (r"x &= y && \text{a reason}", "(because: a reason)"),
            (r"x_i = x_j \quad (i = j)", "(if i = j)"),
            (r"\sum_{n=1}^{3} n = 6", "the sum over n, from the first to the second, of the third"),
            (r"a = b \\ \le c", "is at most"),
            (r"(A x)_i = b_i", "entry i of the parenthesis"),
            (r"f(x, y) = 1", "the value of f at"),
            (r"\max(a, b) > \sqrt{c}", "the largest of"),
            (r"\lVert \mathbf{w}^\top \rVert < \tanh x", "tanh of"),
        ],
    )
    def test_every_kind_has_words(self, latex, words, capsys):
        assert main(["explain", latex]) == 0
        assert words in capsys.readouterr().out

    def test_what_cannot_be_read(self, capsys):
        assert main(["explain", r"a / b c"]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "⟨here⟩" in shown.err


@pytest.mark.parametrize("arguments", [[], ["check"], ["explain"], ["prove", "x"], ["check", "-x"]])
def test_misuse_exits_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m checkedmath" in capsys.readouterr().err


def test_as_a_module(book):
    command = [sys.executable, "-m", "checkedmath", "check", str(book)]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert "4 formulas" in shown.stdout
