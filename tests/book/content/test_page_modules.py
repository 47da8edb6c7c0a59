"""What the book gives to the Python in a page, tried without a browser."""

import importlib.util
import os
import random
import subprocess
import sys
from pathlib import Path

import flint
import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "book" / "_python"


def module(name):
    """Return a module of the page under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"in_the_page_{name}", FOLDER / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs cells, one after another; it returns what they put out."""
    monkeypatch.setenv("MPLBACKEND", os.environ.get("MPLBACKEND", "agg"))
    page, names = module("course_page"), {"__name__": "__main__"}

    def run_cell(code):
        found = []
        ended = page.run("cell 1", code, names, lambda kind, text: found.append((kind, text)))
        return [("ended", ended), *found]

    return run_cell


class TestCells:
    def test_print_and_show_their_last_value(self, run):
        assert run("x = 2\nprint('one', end='')\nx + 1") == [
            ("ended", True),
            ("text", "one"),
            ("text", "3\n"),
        ]
        assert run("x;") == [("ended", True)]
        assert run("None\n") == [("ended", True)]
        assert run("# nothing") == [("ended", True)]

    def test_know_what_those_above_have_named(self, run):
        run("def double(x):\n    return 2 * x")
        assert run("double(4)") == [("ended", True), ("text", "8\n")]

    def test_show_what_has_mark_up_as_mark_up(self, run):
        run("class Table:\n    def _repr_html_(self):\n        return '<b>1</b>'")
        assert run("Table()") == [("ended", True), ("html", "<b>1</b>")]

    def test_show_markdown_as_mark_up(self, run):
        run("from IPython.display import Markdown")
        _, (kind, shown) = run("Markdown('- *one*')")
        assert (kind, shown) == ("html", "<ul>\n<li><em>one</em></li>\n</ul>\n")

    def test_tell_where_an_error_came_and_nothing_of_the_page(self, run):
        ended, (kind, told) = run("def half(x):\n    return x / 0\n\nhalf(1)")
        assert (ended, kind) == (("ended", False), "error")
        assert told.startswith("Traceback")
        assert told.endswith("ZeroDivisionError: division by zero\n")
        assert 'File "cell 1", line 4' in told
        assert "return x / 0" in told
        assert "course_page" not in told

    @pytest.mark.parametrize("code", ["1 +", "exit()", "raise KeyboardInterrupt"])
    def test_tell_every_kind_of_error(self, run, code):
        ended, (kind, _) = run(code)
        assert (ended, kind) == (("ended", False), "error")

    def test_keep_what_was_printed_before_an_error(self, run):
        assert run("print('so far')\n1 / 0")[1] == ("text", "so far\n")

    def test_answers_to_exercises_are_told_whole(self, run):
        right = "import numpy as np\nfrom softmaxlab import exercises\n"
        ended, (_, told) = run(f"{right}exercises.check('to_bits', lambda nats: nats / np.log(2))")
        assert (ended, told) == (("ended", True), "to_bits: all 3 properties hold.\n")
        ended, (kind, told) = run("exercises.check('to_bits', lambda nats: nats)")
        assert (ended, kind) == (("ended", False), "error")
        assert told.startswith("to_bits: not yet.")

    @pytest.mark.parametrize(
        "error",
        [
            "OSError(__import__('errno').ENOTSUP, 'no processes')",
            "ImportError('gone', name='_multiprocessing')",
            'RuntimeError("can\'t start new thread")',
        ],
    )
    def test_say_that_a_page_has_no_processes(self, run, error):
        ended, (kind, told) = run(f"raise {error}")
        assert (ended, kind) == (("ended", True), "cannot")
        assert "threads or processes" in told


DRAWS = """
import sys
sys.path[:0] = [{folder!r}, {rooms!r}]
import course_page
found = []
code = '''
import matplotlib.pyplot as plt
from softmaxlab import figures
figures.use_book_style()
for color in ("blue", "red"):
    plt.figure()
    plt.plot([1, 2], color=figures.PALETTE[color])
'''
assert course_page.run("cell 1", code, {{}}, lambda *each: found.append(each)), found
(one, first), (other, second) = found
assert one == other == "svg"
assert "var(--figure-blue, #1259c3)" in first and "var(--figure-red, #b3261e)" in second
ids = [set(__import__("re").findall(' id="(.+?)"', text)) for text in (first, second)]
assert all(ids) and not ids[0] & ids[1]
assert "<style" not in first
"""


def test_figures_are_drawn_in_the_colours_of_the_theme():
    code = DRAWS.format(folder=str(FOLDER), rooms=str(ROOT / "book" / "_ext" / "course"))
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


# -- the balls


def operations(kind, x, y):
    """Return what the balls of one kind say of two numbers."""
    big, small = kind.arb(x), kind.arb(y) / 7
    return [
        big + small,
        big - small,
        big * small,
        big / small,
        small**3,
        abs(big) ** small,
        (1 + abs(big)).log(),
        big.exp(),
        big.tanh(),
        big.sin(),
        small.cos(),
        abs(small).sqrt(),
        big.max(small),
        kind.arb.pi() * kind.arb.const_e(),
        kind.fmpq(1, 3) - small,
        2 - kind.arb(kind.fmpq(2, 3)),
    ]


class TestBalls:
    @pytest.mark.parametrize("seed", range(40))
    def test_hold_what_flint_finds(self, seed):
        ours, rng = module("flint"), random.Random(seed)
        x, y = rng.randint(-60, 60) or 1, rng.randint(-60, 60) or 1
        with flint.ctx.workprec(400), ours.ctx.workprec(120):
            pairs = zip(operations(ours, x, y), operations(flint, x, y), strict=True)
            for mine, theirs in pairs:
                mantissa, exponent = map(int, theirs.mid().man_exp())
                exact = ours.fmpq(mantissa) * ours.fmpq(2) ** exponent
                assert mine.contains(exact)
                assert mine.rel_accuracy_bits() > 100

    def test_compare_only_what_is_sure(self):
        ours = module("flint")
        wide = ours.arb(1, 1) / 2
        assert not any([wide < 1, wide > 1, wide == 1, wide != 1])
        assert all([wide < 2, ours.fmpq(2) > wide, wide <= 1, wide != 2])
        assert wide.contains_integer()
        assert ours.arb("nan").is_finite() is False

    def test_tell_bounds_of_what_is_too_large(self):
        ours = module("flint")
        far = ours.arb(2) ** (10**9)
        assert far.exp() > far
        assert 0 <= (-far).exp() < 1 / far
        assert not abs(far.sin()) > 1

    def test_solve_linear_equations(self):
        ours = module("flint")
        with ours.ctx.workprec(100):
            found = ours.arb_mat([[0, 2], [3, 1]]).solve(ours.arb_mat([[4], [5]]))
            assert found[0, 0].contains(1)
            assert found[1, 0].contains(2)
            with pytest.raises(ZeroDivisionError):
                ours.arb_mat([[1, 1], [1, 1]]).solve(ours.arb_mat([[1], [2]]))

    def test_find_the_zeros_of_polynomials(self):
        ours = module("flint")
        zeros = []
        for kind in (ours, flint):
            x = kind.fmpq_poly([0, 1])
            poly = (x**3 - 3 * x - 1) * (kind.fmpq(1, 2) - x) ** 2
            assert poly.degree() == 5
            found = poly.numer().complex_roots()
            zeros.append(sorted((float(z.real), times) for z, times in found))
        assert zeros[0] == [(pytest.approx(z), times) for z, times in zeros[1]]

    def test_join_two(self):
        ours = module("flint")
        both = ours.arb(1).union(ours.arb(3))
        assert all(both.contains(x) for x in (1, 2, 3))
        assert not both.contains(4)


#: A statement for each way of the checker to come to a verdict.
STATEMENTS = (
    r"\max(x, y) + \min(x, y) = x + y",
    r"\mathbb{1}[x > 5] \cdot \mathbb{1}[x < 5 + 10^{-20}] = 0",
    r"\mathbb{1}[s > e^x] \cdot \mathbb{1}[x > 100] = 0",
    r"\mathbb{1}[x^3 = 2] \cdot \mathbb{1}[y = 1] = 0",
    r"\sum_k \mathbb{1}[p_k > \frac{1}{9}] \le 7",
    r"\lim_{t \to 0^+} t \log(1 + e^{s / t}) = \max(s, 0)",
    r"\lim_{t \to \infty} t e^{-t y} = 0 \quad (y \ge 0)",
    r"x \frac{\partial}{\partial x} \lvert x \rvert = \lvert x \rvert",
    r"e^x = 1 \quad (x > 1000)",
    r"\log t \le t - 1",
    r"x^2 + 1 > 2 x",
    r"\frac{x^3 - 8}{x^3 - 8} = 1",
)
JUDGE = """
import sys
from checkedmath import CheckError, Derivation, Notation
notation = Notation()
notation.declare("K: 2 3\\nk: 1..K\\np: simplex K\\nx, y, s: real\\nt: positive")
for latex in sys.argv[1:]:
    try:
        print(Derivation(latex, notation.copy()).steps[0].method)
    except CheckError as refusal:
        print(str(refusal).split(", but at")[0].replace("\\n", " "))
"""


def test_the_checker_comes_to_the_same_verdicts():
    told = []
    for path in ("", str(FOLDER)):
        run = [sys.executable, "-c", JUDGE, *STATEMENTS]
        environment = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
        told.append(done.stdout.splitlines() or [done.stderr])
    assert told[0] == told[1]
    assert len(told[0]) == len(STATEMENTS)


@pytest.mark.long
def test_the_checker_judges_alike_with_them():
    """The checker's own tests of its arithmetic and its verdicts, with these balls."""
    folder = ROOT / "tests" / "checkedmath" / "deciding"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder]
    environment = os.environ | {"PYTHONPATH": str(FOLDER)}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout[-3000:]
