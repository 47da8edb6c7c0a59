r"""Hostile input: a clear error within seconds, no crash, and no text that is run as code."""

import itertools
import signal
from contextlib import contextmanager

import pytest
from checkedmath import CheckError, Derivation, FormulaError, Notation, WrongStep

#: Seconds of the processor, whatever else the machine is doing: more than any of these needs, and
#: little enough for an author to wait. A test that takes longer is ended by a signal, so that it
#: fails instead of hanging.
PATIENCE = 30


@contextmanager
def within_patience():
    def give_up(*_):
        raise TimeoutError(f"took more than {PATIENCE} seconds")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def refused(latex, letters):
    with within_patience(), pytest.raises(CheckError) as caught:
        Derivation(latex, letters, "eq:hostile")
    assert len(str(caught.value)) < 1_000
    return str(caught.value)


MEGABYTE = 2**20
TOO_LONG = {
    "opening braces": "{" * MEGABYTE,
    "closing braces": "}" * MEGABYTE,
    "parentheses": "(" * MEGABYTE,
    "blanks": "x =" + " " * MEGABYTE + "x",
    "tabs and an end": "x = x" + "\t" * MEGABYTE + "y",
    "signs": "-" * MEGABYTE,
    "backslashes": "\\" * MEGABYTE,
    "quads": r"\quad " * (MEGABYTE // 6),
    "quads and an opening": r"\quad (" * (MEGABYTE // 7),
    "words": r"x = x && \text{" + "a" * MEGABYTE + "}",
    "unfinished words": r"\text{" * (MEGABYTE // 6),
    "cases": r"\begin{cases}" * (MEGABYTE // 13),
    "closed cases": r"\begin{cases} 1 & i = i \end{cases}" * (MEGABYTE // 35),
    "rows": r"x \\ " * (MEGABYTE // 5),
    "digits": "9" * MEGABYTE + " = 1",
    "letters": "x" * MEGABYTE + " = 1",
    "subscripts": "x_" * (MEGABYTE // 2),
    "zero characters": "\0" * MEGABYTE,
    "marks of a table": "\0001\0" * 1000 + " = 1",
    "ampersands": "&" * MEGABYTE,
    "fractions": r"\frac{1}{" * (MEGABYTE // 9),
}


@pytest.mark.parametrize("latex", TOO_LONG.values(), ids=TOO_LONG)
def test_a_megabyte_of_anything(latex, letters):
    refused(latex, letters)


NESTED = {
    "parentheses": ("(", ")"),
    "brackets": ("[", "]"),
    "braces": ("{", "}"),
    "fractions": (r"\frac{1}{", "}"),
    "powers": ("x^{", "}"),
    "roots": (r"\sqrt{", "}"),
    "logarithms": (r"\log(", ")"),
    "absolute values": (r"\lvert ", r" \rvert"),
    "sums": (r"\sum_k ", ""),
    "minus signs": ("-(", ")"),
    "maxima": (r"\max(", ", 1)"),
    "calls": (r"\sigma(", ")"),
    "slopes": (r"\frac{\partial}{\partial s} (", ")"),
    "cases": (r"\begin{cases} 1 & i = i \\ ", r" & \text{otherwise} \end{cases}"),
    "matrices": (r"\begin{pmatrix} ", r" \end{pmatrix}"),
    "limits": (r"\lim_{s \to 0} (", ")"),
    "indicators": (r"\mathbb{1}[", " = 1]"),
    "norms": (r"\lVert ", r" \rVert"),
}


@pytest.mark.parametrize("depth", [100, 1000])
@pytest.mark.parametrize(("opening", "closing"), NESTED.values(), ids=NESTED)
def test_nesting(opening, closing, depth, letters):
    message = refused(f"{opening * depth}s{closing * depth} = s", letters)
    assert "eq:hostile" in message


EXPLODING = {
    "a tower of powers": "9^{9^{9^{9}}} = 1",
    "a tower with letters": "s^{9^{9^{9}}} = 1",
    "a large power": "9^{99999999} = 1",
    "a large negative power": "9^{-99999999} = 1",
    "a large root": "2^{1/99999999} = 1",
    "a tower of exponentials": r"e^{e^{e^{e^{e^{s}}}}} = 1",
    "exponentials of numbers": r"\exp(\exp(\exp(\exp(\exp(9))))) = 1",
    "a sum with large bounds": r"\sum_{k=1}^{999999999} k = 1",
    "a product with large bounds": r"\prod_{k=1}^{999999999} k = 1",
    "sums within sums": r"\sum_i \sum_j \sum_k \sum_l \sum_n (z_i z_j z_k z_l Z_{n1})^9 = 1",
    "a power of a sum": "(s + c + t + u + m + f)^{900} = 1",
    "a power of a power of a sum": "((((s + c + t)^{90})^{90})^{90})^{90} = 1",
    "a product of many sums": r"(s + c)(s + t)(s + u)(s + m)" * 40 + " = 1",
    "many fractions": " + ".join(rf"\frac{{1}}{{s^{{{n}}} + c + t}}" for n in range(2, 90))
    + " = 1",
    "a determinant": r"\det \begin{pmatrix} "
    + r" \\ ".join(" & ".join(rf"s^{{{i * j}}}" for j in range(1, 13)) for i in range(1, 13))
    + r" \end{pmatrix} = 1",
    "a large matrix": r"\begin{pmatrix} " + " & ".join(["s"] * 1500) + r" \end{pmatrix} = 1",
    "many index letters": r"z_i z_j z_k z_l Z_{ni} Z_{nj} Z_{nk} U_{id} U_{jd} U_{kd} = 1",
    "slopes of towers": r"\frac{\partial^2}{\partial s^2} "
    + r"\exp(" * 12
    + "s"
    + ")" * 12
    + " = 1",
    "slopes of a product": r"\frac{\partial^2}{\partial s^2} ("
    + " ".join(f"(s^{n} + c)" for n in range(2, 60))
    + ") = 1",
    "a logarithm of a large product": r"\log((" + "(s + 1)" * 300 + ")^2) = 1",
    "a huge number": "1" + "0" * 500 + " = 1",
    "a long decimal": "0." + "1" * 500 + " = 1",
    "a factorable number": r"\log 99999999999999999999999999 = 1",
    "sines of large numbers": r"\sin(9^{900}) = 1",
    "a limit of a tower": r"\lim_{s \to \infty} e^{e^{e^{s}}} = 1",
}


@pytest.mark.parametrize("latex", EXPLODING.values(), ids=EXPLODING)
def test_evaluation_that_explodes(latex, letters):
    refused(latex, letters)


def test_definitions_upon_definitions(letters):
    """Each doubles what stands before it: what can be said briefly can be very long."""
    letters.declare("X: real K")
    Derivation(r"\alpha := s + c", letters)
    for one, other in itertools.pairwise(GREEK):
        with within_patience():
            try:
                Derivation(rf"{other} := {one}^2 + {one} + {one} c", letters)
            except FormulaError:
                break
    refused(rf"{GREEK[-1]} + \alpha = 1", letters)


GREEK = [
    "\\" + name
    for name in (
        *("alpha", "beta", "gamma", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi"),
        *("rho", "tau", "phi", "chi", "psi", "omega", "Phi", "Psi", "Omega", "Sigma", "Lambda"),
    )
]

NAMES = (
    "__import__",
    r"\_\_import\_\_",
    r"\operatorname{__import__}",
    r"\mathrm{eval}",
    r"\operatorname{exec}",
    "lambda",
    r"\mathrm{os.system}",
    "import os",
    "x; print(1)",
    "x\ny: real",
    "'; DROP TABLE",
    r"\input{/etc/passwd}",
    r"\def\x{y}",
    r"\write18{ls}",
    r"\csname x\endcsname",
    "${7*7}",
    "{{7*7}}",
    "\u202e x",
    "ｘ",
    "é",
    "x\0",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_a_name_or_refused(name):
    letters = Notation()
    try:
        letters.declare(f"{name}: real — a letter")
        Derivation(rf"({name})^2 \ge 0", letters)
    except CheckError:
        return
    assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyz\\{}_'") for word in letters.symbols)


def test_names_never_reach_the_numbers(tmp_path):
    """A name that is code in Python is a letter like any other."""
    letters = Notation()
    trap = tmp_path / "trap"
    letters.declare(r"\mathrm{open}, \mathrm{exit}, \mathrm{lambda}, \mathrm{print}: real")
    steps = Derivation(
        r"(\mathrm{open} + \mathrm{exit})^2 = \mathrm{open}^2 + 2 \mathrm{open} \mathrm{exit}"
        r" + \mathrm{exit}^2",
        letters,
    ).steps
    assert [step.method for step in steps] == ["exact"]
    with pytest.raises(WrongStep):
        Derivation(r"\mathrm{lambda} = \mathrm{print}", letters)
    assert not trap.exists()


DECLARATIONS = (
    "K: 99999999999999999999",
    "K: 2 " * 10_000,
    "K: -1",
    "K: 0",
    "K: 1e9",
    "K: ²",
    "z: real K",
    "z: complex",
    "z real",
    ": real",
    "z:",
    "k: 1..K",
    "k: 1..",
    "e: real",
    r"\pi: positive",
    "K: 2 3\nz: real K K K",
    "K: 2 3\np: simplex",
    "x" * 10**6 + ": real",
    ", " * 10**6 + ": real",
)


@pytest.mark.parametrize("text", DECLARATIONS, ids=range(len(DECLARATIONS)))
def test_declarations(text):
    with within_patience(), pytest.raises(FormulaError) as caught:
        Notation().declare(text)
    assert len(str(caught.value)) < 1_000


PUZZLING = (
    "",
    " ",
    "x",
    "=",
    "= x",
    "x =",
    "x = = x",
    r"\\",
    r"x = x \\ \\ = ",
    ":= x",
    "x := x",
    "x^ = 1",
    "x_ = 1",
    r"\frac{1} = 1",
    r"\sum = 1",
    r"\sum_{} x = 1",
    r"\lim x = 1",
    r"\begin{cases} \end{cases} = 1",
    r"\begin{pmatrix} \end{pmatrix} = 1",
    r"\frac{1}{0} = 1",
    r"\log 0 = 1",
    r"\log(-1) = 1",
    "0^0 = 1",
    "0^{-1} = 1",
    r"\sqrt{-1} = 1",
    r"s / 0 = 1",
    r"\mathbf{z} / \mathbf{z} = 1",
    r"\mathbf{z}^2 = 1",
    r"\mathbf{z} \mathbf{z} = 1",
    r"e^{\mathbf{z}} = 1",
    r"\sum_k \mathbf{z} = 1",
    "z_9 = 1",
    "z_0 = 1",
    "z_{ij} = 1",
    "z_n = 1",
    "s_i = 1",
    "a(s) = 1",
    r"\sigma = 1",
    r"\sigma(s, s) = 1",
    r"H(s) = 1",
    r"H(p \parallel q) = 1",
    r"\frac{\partial s}{\partial \sigma} = 1",
    r"\frac{\partial s}{\partial K} = 1",
    r"\frac{\partial s}{\partial i} = 1",
    r"s = 1 \quad (i \ne j)",
    r"z_i = z_i \quad (i \ne i)",
    r"z_i = z_i \quad (K = 9)",
    r"\nabla s = 1",
    r"\int s = 1",
    r"s \approx s",
    "s, c = 1",
    "s = c, t = u",
    r"\text{words} = 1",
    "|s| = s",
    r"\mathbb{E}[z_k] = 1",
    r"\mathbb{E}_{k \sim s}[z_k] = 1",
    r"\mathbb{1}[s] = 1",
)


@pytest.mark.parametrize("latex", PUZZLING)
def test_what_says_nothing_is_refused_in_words(latex, letters):
    message = refused(latex, letters)
    assert message.startswith("eq:hostile")
    assert len(message) > len("eq:hostile: ") + 10
