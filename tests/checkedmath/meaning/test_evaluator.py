r"""Values: every construct of the dialect against NumPy; clear words where there is none."""

import numpy as np
import pytest
import sympy as sp
from checkedmath import CheckError, Derivation, FormulaError, Notation
from checkedmath.deciding.balls import value
from checkedmath.meaning.arithmetic import is_matrix
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read

SIZES = {"K": 3, "N": 2, "D": 2}
RNG = np.random.default_rng(7)
NUMBERS = {
    "z": RNG.integers(-20, 20, 3) / 10,
    "v": RNG.integers(-20, 20, 3) / 10,
    "x": RNG.integers(-20, 20, 2) / 10,
    "U": RNG.integers(-20, 20, (3, 2)) / 10,
    "W": RNG.integers(-20, 20, (3, 3)) / 10,
    "p": np.array([0.5, 0.3, 0.2]),
    "q": np.array([0.1, 0.2, 0.7]),
    "s": 0.7,
    "c": -1.3,
    "t": 2.5,
}
z, v, x, U, W, p, q, s, c, t = NUMBERS.values()
a = np.exp(z) / np.exp(z).sum()
jacobian = np.diag(a) - np.outer(a, a)


def logistic(number):
    return 1 / (1 + np.exp(-number))


def value_of(latex, letters, **env):
    """Return the value of an expression at the numbers above."""
    letters.declare("W: real K K")
    evaluator = Evaluator(letters, SIZES)
    found = evaluator(read(latex, letters.functions), env)
    point = {
        symbol: sp.Rational(str(round(float(NUMBERS[word][tuple(i - 1 for i in at)]), 3)))
        if at
        else sp.Rational(str(NUMBERS[word]))
        for (word, at), symbol in evaluator.atoms.items()
    }
    if not is_matrix(found):
        return float(value(sp.sympify(found), point))
    rows = [[float(value(entry, point)) for entry in row] for row in found.tolist()]
    return np.squeeze(np.array(rows))


VALUES = {
    r"s + c - t": s + c - t,
    r"\frac{s}{c} \cdot t": s / c * t,
    r"s / t": s / t,
    r"t^{s}": t**s,
    r"e^{s} + \exp(c)": np.exp(s) + np.exp(c),
    r"\pi": np.pi,
    r"\sqrt{t} + \lvert c \rvert": np.sqrt(t) + abs(c),
    r"\log t": np.log(t),
    r"\log_2 t": np.log2(t),
    r"\tanh s + \sin s - \cos c": np.tanh(s) + np.sin(s) - np.cos(c),
    r"\max(s, c, t) - \min(s, c)": t - c,
    r"\max(\mathbf{z})": z.max(),
    r"z_2": z[1],
    r"z_K": z[2],
    r"K + N": 5,
    r"\mathbf{z}": z,
    r"\mathbf{z} \odot \mathbf{v}": z * v,
    r"\mathbf{z}^\top \mathbf{v}": z @ v,
    r"\mathbf{U} \mathbf{x}": U @ x,
    r"\mathbf{U}^\top \mathbf{z}": U.T @ z,
    r"(\mathbf{U} \mathbf{x})_2": (U @ x)[1],
    r"(\mathbf{z}^\top \mathbf{U})_2": (z @ U)[1],
    r"(\mathbf{W} \mathbf{W})_{12}": (W @ W)[0, 1],
    r"\mathbf{W}^2": W @ W,
    r"2 \mathbf{z} - \frac{\mathbf{v}}{s}": 2 * z - v / s,
    r"\lVert \mathbf{z} \rVert": np.linalg.norm(z),
    r"\lVert \mathbf{z} \rVert_1": np.abs(z).sum(),
    r"\lVert \mathbf{z} \rVert_\infty": np.abs(z).max(),
    r"\lVert \mathbf{U} \rVert": np.linalg.norm(U),
    r"\operatorname{diag}(\mathbf{z})": np.diag(z),
    r"\operatorname{tr}(\mathbf{W})": np.trace(W),
    r"\det \mathbf{W}": np.linalg.det(W),
    r"\begin{pmatrix} s & c \\ 1 & t \end{pmatrix}": np.array([[s, c], [1, t]]),
    r"\begin{pmatrix} s & c \\ 1 & t \end{pmatrix}_{21}": 1,
    r"\log \mathbf{p}": np.log(p),
    r"e^{s} \mathbf{z}^\top": np.exp(s) * z,
    r"\sum_k k z_k": z @ [1, 2, 3],
    r"\sum_{j \ne 2} z_j": z[0] + z[2],
    r"\sum_{j < 3} z_j + \sum_{j > 1} v_j": z[:2].sum() + v[1:].sum(),
    r"\sum_{j \le 2} z_j - \sum_{j \ge 2} v_j": z[:2].sum() - v[1:].sum(),
    r"\sum_{n=2}^{4} n^2": 29,
    r"\sum_{n=3}^{2} n^2": 0,
    r"\sum_{i, j} z_i v_j": np.outer(z, v).sum(),
    r"\sum_k z_k \mathbf{v}": z.sum() * v,
    r"\prod_k p_k": p.prod(),
    r"\max_k z_k - \min_k z_k": np.ptp(z),
    r"\operatorname*{argmax}_k z_k": (z == z.max()).astype(float),
    r"\operatorname*{argmin}_k z_k": (z == z.min()).astype(float),
    r"\mathbb{E}_{k \sim p}[z_k]": p @ z,
    r"\mathbb{E}_{k \sim p}[v_k \mathbf{z}]": (p @ v) * z,
    r"\operatorname{Var}_{k \sim p}[z_k]": p @ z**2 - (p @ z) ** 2,
    r"\delta_{12} + \delta_{22}": 1,
    r"\mathbb{1}[s > c] + \mathbb{1}[s \le c]": 1,
    r"\mathbb{1}[s \ne s] + \mathbb{1}[s \ge s] + \mathbb{1}[c < s]": 2,
    r"\mathbb{1}[1 \in \operatorname*{argmax}_k z_k]": float(z.argmax() == 0),
    r"\begin{cases} 1 & s < 0 \\ 2 & s = 0 \\ 3 & \text{otherwise} \end{cases}": 3,
    r"\begin{cases} \log c & c > 0 \\ c^2 & c \le 0 \end{cases}": c**2,
    r"H(p, q)": -(p * np.log(q)).sum(),
    r"D_{\mathrm{KL}}(p \,\|\, q)": (p * np.log(p / q)).sum(),
    r"\sigma(s + c)": logistic(s + c),
    r"\sigma'(s)": logistic(s) * logistic(-s),
    r"\sigma''(s)": logistic(s) * logistic(-s) * (1 - 2 * logistic(s)),
    r"L": np.log(np.exp(z).sum()),
    r"\mathbf{a}": a,
    r"a_2": a[1],
    r"\frac{\partial L}{\partial z_2}": a[1],
    r"\frac{\partial}{\partial s} (s^2 c)": 2 * s * c,
    r"\frac{\partial^2 L}{\partial z_1 \partial z_2}": -a[0] * a[1],
    r"\frac{\partial^2}{\partial s \partial c} (s^2 c^3)": 6 * s * c**2,
    r"\nabla_{\mathbf{z}} L": a,
    r"\nabla_{\mathbf{U}} (\mathbf{z}^\top \mathbf{U} \mathbf{x})": np.outer(z, x),
    r"\nabla_s (s^3)": 3 * s**2,
    r"\nabla^2_{\mathbf{z}} L": jacobian,
    r"\frac{\partial \mathbf{a}}{\partial \mathbf{z}}": jacobian,
    r"\frac{\partial \mathbf{U} \mathbf{x}}{\partial \mathbf{x}}": U,
    r"\frac{\partial \mathbf{a}}{\partial z_1}": jacobian[:, 0],
    r"\frac{\partial}{\partial s} \max(s, c)": 1,
    r"\frac{\partial}{\partial c} \max(s, c)": 0,
    r"\frac{\partial}{\partial c} \lvert c \rvert": -1,
    r"\frac{\partial}{\partial s} \begin{cases} s^2 & s > 0 \\ 0 & s \le 0 \end{cases}": 2 * s,
    r"\frac{\partial}{\partial s} (s \, \mathbb{1}[s > 0])": 1,
}


@pytest.mark.parametrize("latex", VALUES)
def test_values_are_those_of_numpy(latex, letters):
    np.testing.assert_allclose(value_of(latex, letters), VALUES[latex], rtol=1e-12, atol=1e-12)


def test_index_letters_have_values(letters):
    assert value_of("z_i + k", letters, i=2, k=3) == pytest.approx(z[1] + 3)


def test_a_function_with_an_index(letters):
    Derivation(r"\phi(v)_i := v_i^2 s", letters)
    np.testing.assert_allclose(value_of(r"\phi(z)", letters), z**2 * s)
    assert value_of(r"\phi(z)_2", letters) == pytest.approx(z[1] ** 2 * s)
    Derivation(r"\psi(v, w)_{ij} := v_i w_j", letters)
    np.testing.assert_allclose(value_of(r"\psi(z, v)", letters), np.outer(z, v))


def test_an_argument_is_evaluated_where_it_stands(letters):
    Derivation(r"\phi(m) := \sum_k m z_k", letters)
    assert value_of(r"\phi(z_1)", letters) == pytest.approx(z[0] * z.sum())


def test_a_derivative_holds_its_letter_free(letters):
    """By a_j, the loss is a function of probabilities; the softmax is put in afterwards."""
    evaluator = Evaluator(letters, SIZES)
    slope = evaluator(read(r"\frac{\partial C}{\partial a_2}"), {})
    by_hand = evaluator(read(r"-\frac{y_2}{a_2}"), {})
    assert sp.simplify(slope - by_hand) == 0


def test_symbols_do_not_bear_the_names_of_letters(letters):
    evaluator = Evaluator(letters, SIZES)
    evaluator(read(r"s + c + z_1 + p_2"), {})
    assert {symbol.name for symbol in evaluator.atoms.values()} == {"x0", "x1", "x2", "x3"}


REFUSALS = {
    r"\sum_x x": "x is not an index",
    r"\sum_{k=1}^{s} k": "a bound of a sum is a whole number",
    r"\sum_{n=1}^{2000} n": "of 2000 terms",
    r"\max_{j > 9} z_j": "of nothing",
    r"\prod_k \mathbf{z} k": r"\prod takes a number, not a vector of 3",
    r"z_{12}": "z takes 1 index letter(s), not 2",
    r"s_1": "s takes no index",
    r"U_1": "U takes 2 index letter(s), not 1",
    r"z_4": "z has no entry 4",
    r"z_0": "z has no entry 0",
    r"z_i": "the index i has no value here",
    r"(\mathbf{z})_4": "this parenthesis has no entry 4",
    r"(s)_1": "is a number and takes no index",
    r"\mathbf{z} \mathbf{v}": "a vector of 3 times a vector of 3 is not defined",
    r"\mathbf{z} + s": "a vector of 3 and a number cannot be added",
    r"\mathbf{z} + \mathbf{x}": "a vector of 3 and a vector of 2 cannot be added",
    r"\mathbf{z} \odot \mathbf{x}": r"\odot stands between a vector of 3 and a vector of 2",
    r"s \odot c": r"\odot stands between a number and a number",
    r"\frac{1}{\mathbf{z}}": "a division takes a number, not a vector of 3",
    r"s / \mathbf{z}": "a division takes a number, not a vector of 3",
    r"\mathbf{z}^2": "a vector of 3 has no such power",
    r"\mathbf{W}^{s}": "a 3 by 3 matrix has no such power",
    r"s^{\mathbf{z}}": "an exponent takes a number",
    r"e^{\mathbf{z}}": "an exponent takes a number",
    r"\frac{s}{0}": "a division by zero",
    r"\frac{s}{s - s}": "a division by zero",
    r"0^{-1}": "zero to a power",
    r"\log 0": "the logarithm of 0",
    r"\log(-2)": "the logarithm of -2",
    r"\sqrt{-2}": "the root of -2",
    r"s^\top": "the transpose of a number",
    r"\lvert \mathbf{z} \rvert": "an absolute value takes a number",
    r"\lVert s \rVert": "is for vectors, not for a number",
    r"\lVert \mathbf{U} \rVert_1": "is for vectors, not for a 3 by 2 matrix",
    r"\det \mathbf{U}": "a determinant takes a square matrix, not a 3 by 2 matrix",
    r"\operatorname{tr}(\mathbf{z})": "a trace takes a square matrix",
    r"\operatorname{diag}(\mathbf{U})": "diag takes a vector, not a 3 by 2 matrix",
    r"\begin{pmatrix} s \end{pmatrix}": "a single entry",
    r"\begin{pmatrix} s & \mathbf{z} \end{pmatrix}": "an entry takes a number",
    r"\max(s)": r"\max of a single number",
    r"\max(s, \mathbf{z})": r"\max takes a number",
    r"H(p, q, z)": "H is not defined for 3 argument(s)",
    r"H(p \mid q)": "other signs between its arguments",
    r"H(p, x)": "k runs up to K, q does not",
    r"H(p, U)": "q takes 2 index letter(s), not 1",
    r"\sigma": r"\sigma is a function: write \sigma(...)",
    r"\mathbb{E}_{k \sim x}[z_k]": "k has 3 values; its distribution does not",
    r"\mathbb{E}_{k \sim s}[z_k]": "k has 3 values; its distribution does not",
    r"\operatorname{Var}_{k \sim p}[z_k \mathbf{z}]": "a variance takes a number",
    r"\mathbb{1}[\mathbf{z} > 0]": "an indicator takes a number",
    r"\mathbb{1}[1 \in \mathbf{z}]": r"\in stands between an index and an argmax",
    r"\begin{cases} s & 1 = 2 \end{cases}": "no case applies",
    r"\frac{\partial s}{\partial q^*}": "q^* cannot be varied",
    r"\frac{\partial L}{\partial L}": "L cannot be varied",
    r"\frac{\partial s}{\partial k}": "cannot be varied",
    r"\frac{\partial \mathbf{U}}{\partial \mathbf{x}}": "the derivative of a 3 by 2 matrix",
    r"\lim_{\mathbf{z} \to 0} s": "a limit takes a number",
    r"\lim_{s \to 0} (\lim_{c \to 0} s c)": "a limit within a limit",
    r"\lim_{t \to -1} t": "a limit to -1, which its letter, declared positive, never comes near",
    r"\lim_{t \to 0^-} t": "a limit to 0^-, which its letter, declared positive, never comes near",
    r"\lim_{g \to \infty} g": "which its letter, declared unit, never comes near",
    r"\lim_{g \to 1^+} g": "which its letter, declared unit, never comes near",
}


@pytest.mark.parametrize("latex", REFUSALS)
def test_where_there_is_no_value(latex, letters):
    with pytest.raises(FormulaError) as caught:
        value_of(latex, letters)
    assert REFUSALS[latex] in str(caught.value)


@pytest.mark.parametrize(
    ("definition", "use", "message"),
    [
        (r"\phi(x) := \frac{\partial}{\partial x} (x^2)", r"\phi(s) = 1", "x is an argument"),
        (r"\phi(k) := \frac{\partial z_k}{\partial s}", r"\phi(1) = s", None),
        (r"\phi(v) := v_n", r"\phi(z) = 1", "'n' is free on the right"),
    ],
)
def test_arguments_and_indices_in_definitions(definition, use, message, letters):
    def run():
        Derivation(definition, letters)
        Derivation(use, letters)

    with pytest.raises(CheckError, match=message or "left is 0 and"):
        run()


def test_a_constant_cannot_be_varied(letters):
    letters.declare("o: ones K")
    with pytest.raises(FormulaError, match="o is constant and cannot be varied"):
        value_of(r"\nabla_{\mathbf{o}} s", letters)


def test_a_vector_that_is_defined_as_a_whole_can_be_varied():
    notation = Notation()
    notation.declare("K: 2 3\nw: real K K\na, u: real K")
    for definition in ("u := w a", r"C := u^\top u"):
        Derivation(definition, notation)
    assert Derivation(r"\nabla_u C = 2 u", notation).steps


@pytest.mark.parametrize("argument", ["s", "s^2", "u"])
@pytest.mark.parametrize(
    "body", [r"\frac{\partial}{\partial s} (x s)", r"\lim_{s \to 0^+} (x + s)", r"\nabla_s (x s)"]
)
def test_what_a_function_varies_is_in_no_argument(argument, body):
    notation = Notation()
    notation.declare("x, y, s: real")
    for definition in ("u := s y", rf"\phi(x) := {body}", r"\psi(y) := \phi(y)"):
        Derivation(definition, notation)
    assert Derivation(r"\psi(y) = y", notation).steps
    with pytest.raises(FormulaError, match="varies s, and its argument x stands here for"):
        Derivation(rf"\psi({argument}) = {argument}", notation)


@pytest.mark.parametrize(
    ("cases", "place"),
    [
        (r"1 & x \ge 0 \\ 0 & x \le 0", "x = 0"),
        (r"1 & x > 0 \\ 2 & x > 1 \\ 0 & x \le 0", "x = 3"),
        (r"x & x \ge y \\ 2 y & y \ge x", "x ="),
        (r"1 & i \le j \\ 0 & i \ge j", "i = 1, j = 1"),
    ],
)
def test_cases_that_overlap_have_one_value(cases, place):
    notation = Notation()
    notation.declare("K: 2 3\ni, j: 1..K\nx, y: real")
    side = rf"\begin{{cases}} {cases} \end{{cases}}"
    with pytest.raises(FormulaError, match=f"difference has to be zero, but at .*{place}"):
        Derivation(f"{side} = {side}", notation)


@pytest.mark.parametrize(
    ("cases", "meaning"),
    [
        (r"x & x \ge y \\ y & x \le y", r"\max(x, y)"),
        (r"1 & x > 0 \\ 0 & 0 \ge x", r"\mathbb{1}[x > 0]"),
        (r"1 & i = j \\ 0 & i \ne j", r"\delta_{ij}"),
        (r"1 & i \le j \\ \delta_{ij} & i \ge j", r"\mathbb{1}[i \le j]"),
    ],
)
def test_cases_may_overlap_where_they_agree(cases, meaning):
    notation = Notation()
    notation.declare("K: 2 3\ni, j: 1..K\nx, y: real")
    assert Derivation(rf"\begin{{cases}} {cases} \end{{cases}} = {meaning}", notation).steps
