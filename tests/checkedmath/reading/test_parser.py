r"""Reading: the same formula in several spellings is one tree, and ambiguity is an error."""

import pytest
from checkedmath import FormulaError
from checkedmath.reading.parser import Parser, read_name
from checkedmath.reading.printer import read, to_latex
from checkedmath.reading.tree import Node

FUNCTIONS = ("f", r"\sigma", "H", r"D_{\mathrm{KL}}")
X, Y = Node("name", ("x", ())), Node("name", ("y", ()))
TWO = Node("num", ("2",))


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        ("x y", Node("mul", (X, Y))),
        ("x - y", Node("add", (X, Node("neg", (Y,))))),
        ("-x^2", Node("neg", (Node("pow", (X, TWO)),))),
        ("x / y", Node("mul", (X, "/", Y))),
        (r"x \odot y", Node("mul", (X, r"\odot", Y))),
        ("2x", Node("mul", (TWO, X))),
        (r"\mathbf{x}^\top y", Node("mul", (Node("transpose", (X,)), Y))),
        ("x_{ij}", Node("name", ("x", ("i", "j")))),
        ("x_{12}", Node("name", ("x", ("1", "2")))),
        ("(x y)_i", Node("entry", (Node("paren", (Node("mul", (X, Y)),)), ("i",)))),
        ("f(x)", Node("call", ("f", (X,), ()))),
        ("f''(x)", Node("prime", ("f", 2, X))),
        ("g(x)", Node("mul", (Node("name", ("g", ())), Node("paren", (X,))))),
        ("g(x, y)", Node("call", ("g", (X, Y), (",",)))),
        (r"\log x^2", Node("log", (None, Node("pow", (X, TWO))))),
        (r"\sum_k x y", Node("big", (r"\sum", "k", None, None, None, None, Node("mul", (X, Y))))),
        (
            r"\frac{\partial^2 x}{\partial y^2}",
            Node("diff", ((Y, Y), X)),
        ),
        ("q_k^*", Node("name", ("q^*", ("k",)))),
        ("q^*_k", Node("name", ("q^*", ("k",)))),
        (r"L_{\mathrm{CE}, k}", Node("name", (r"L_{\mathrm{CE}}", ("k",)))),
    ],
)
def test_a_tree(latex, tree):
    assert read(latex, FUNCTIONS) == tree
    assert read(to_latex(tree), FUNCTIONS) == tree


@pytest.mark.parametrize(
    "spellings",
    [
        (r"\log x", r"\ln x", r"\log(x)", r"\log{(x)}", r"\log\left( x \right)", r"\log [x]"),
        (r"\frac{x}{y}", r"\tfrac{x}{y}", r"\dfrac{ x }{ y }"),
        (r"x \cdot y", "x y", "xy", r"x \times y", r"x \, y", r"x\;y", "x~y"),
        (
            r"\lvert x \rvert",
            r"\left| x \right|",
            r"\bigl| x \bigr|",
            r"\left\lvert x \right\rvert",
        ),
        (r"\lVert x \rVert", r"\left\| x \right\|", r"\lVert x \rVert_2", r"\Bigl\| x \Bigr\|"),
        (r"x^\top", r"x^{\top}", r"x^{\mathrm{T}}", r"\mathbf{x}^\intercal"),
        (r"\mathbf{x}", r"\mathbf{ x }", "x"),
        (r"\hat{y}", r"\hat y", r"\hat{\mathbf{y}}"),
        (r"D_{\mathrm{KL}}(x \| y)", r"D_\mathrm{KL}(x \parallel y)"),
        (r"H(x | y)", r"H(x \mid y)"),
        (r"\mathbb{1}[x = y]", r"\mathbf{1}[x = y]", r"\mathbb{I}[x = y]"),
        (
            r"\operatorname*{argmax}_k x_k",
            r"\mathrm{argmax}_{k} x_k",
            r"\operatorname{argmax}_k x_k",
        ),
        (r"\sum_{k=1}^{K} x_k", r"\sum_{k=1}^K x_k", r"\sum\limits_{k=1}^{K} x_k"),
        (r"\nabla^2_{\mathbf{x}} y", r"\nabla_{x}^2 y", r"\nabla_x^{2} y"),
        (r"\max(x, y)", r"\max\{x, y\}", r"\max\left( x, y \right)"),
        (r"\begin{pmatrix} x & y \end{pmatrix}", r"\begin{bmatrix} x & y \\ \end{bmatrix}"),
        (r"x_{i j}", "x_{ij}", "x_{i, j}"),
        ("e^x", r"\mathrm{e}^{x}"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_formula(spellings):
    def bare(latex):
        node = read(latex, FUNCTIONS)
        return node.args[0] if node.kind == "paren" else node

    first = bare(spellings[0])
    for spelling in spellings[1:]:
        if spelling == r"\log{(x)}":
            with pytest.raises(FormulaError, match="braces that group nothing"):
                read(spelling)
        else:
            assert bare(spelling) == first


@pytest.mark.parametrize(
    ("latex", "message", "before"),
    [
        (r"\log x y", "ambiguous", r"\log x"),
        (r"\prod_k p_k t", r"does \prod end before this factor?", r"\prod_k p_k"),
        (r"\prod_k p_k / t", r"does \prod end before", r"\prod_k p_k"),
        (r"\prod_k p_k \cdot 2", r"does \prod end before", r"\prod_k p_k"),
        (r"\prod_k p_k \sum_j z_j", r"does \prod end before", r"\prod_k p_k"),
        (r"\prod_k \sum_j Z_{kj} t", r"does \prod end before", r"\prod_k \sum_j Z_{kj}"),
        (r"\min_{k < i} z_k x", r"does \min end before", r"\min_{k < i} z_k"),
        (r"\operatorname*{argmax}_k z_k x", "argmax} end before", "argmax}_k z_k"),
        (r"\log \sum_k p_k t", r"does \log end before", r"\log \sum_k p_k"),
        (r"x / \sum_k p_k t", "does / end before", r"x / \sum_k p_k"),
        (r"\frac{\partial}{\partial t} \sum_k p_k t", "does the derivative end", r"\sum_k p_k"),
        (r"\log \log x", "argument of the function in parentheses", r"\log"),
        (r"\log", "argument of the function in parentheses", r"\log"),
        (r"\exp^2 x", "ambiguous", r"\exp"),
        (r"x^2^3", "two signs above one another", "x^2"),
        (r"q^*^2", "two signs above one another", "q^*"),
        (r"x^{(n)}", "an upper index?", "x^{(n)}"),
        (r"\sqrt[3]{x}", r"as powers, x^{1/3}", r"\sqrt"),
        (r"\lVert x \rVert_3", "a norm is _1", r"\lVert x \rVert_3"),
        (r"\lim_{x \to y} x", "a limit goes to a number", r"\lim_{x \to"),
        (r"\lim x", "expected _", r"\lim"),
        (r"\nabla x", "with respect to what", r"\nabla"),
        (r"\nabla_x", "what is to be differentiated?", r"\nabla_x"),
        (r"\frac{\partial}{\partial x}", "what is to be differentiated?", "{\\partial x}"),
        (r"\frac{\partial^2 y}{\partial x}", "order 2 by 1 variable", "{\\partial x}"),
        (r"\frac{\partial y}{\partial x \partial x}", "order 1 by 2 variable", r"\partial x}"),
        (r"\frac{d y}{d x}", r"write \frac{\partial", "{d x}"),
        (r"\frac{\mathrm{d} y}{\mathrm{d} x}", r"write \frac{\partial", r"\mathrm{d} x}"),
        ("(x)_{\\mathrm{a}}", "an index is a letter", r"\mathrm{a}}"),
        ("x_{1.5}", "an index is a letter", "x_{"),
        ("x_{i+1}", "an index is a letter", "x_{i"),
        ("x_ij", "write a_{ij}", "x_i"),
        ("x 2", r"write \cdot before a number", "x"),
        ("x / y z", "use \\frac", "x / y"),
        ("x + ", "an expression is missing", "x + "),
        ("x + + y", "an expression is missing", "x +"),
        (r"x \cdot + y", "expected a name, not +", r"x \cdot"),
        (r"f(x, y)'", "expected a name, not '", "f(x, y)"),
        ("f'(x, y)", "one argument", "f'(x, y)"),
        (r"\max x", r"expected (", r"\max"),
        (r"\begin{cases} x & i = j y & i \ne j \end{cases}", "next case", "= j y"),
        (r"\begin{cases} x & i \end{cases}", "a case is a relation", "& i"),
        (r"\begin{cases} x & \text{whenever } i = j \end{cases}", "a case reads", "}"),
        (
            r"\begin{cases} x & \text{otherwise} \\ y & i = j \end{cases}",
            "only the last case",
            r"\end{cases}",
        ),
        (r"\begin{pmatrix} x & y \\ x \end{pmatrix}", "not equally long", r"\end{pmatrix}"),
        (r"\begin{pmatrix} x ; y \end{pmatrix}", "unexpected ;", "x"),
        (r"\mathbb{1}[x]", "an indicator holds a relation", r"\mathbb{1}[x"),
        (r"\mathbb{E}[x]", "expected a name", ""),
        (r"\sum x", r"say over which index: \sum_k", ""),
        (r"x \text{ words}", r"words stand at the end of a row", "x"),
        (r"\mathbf z", r"write \mathbf{z}", ""),
        (r"\partial x", r"write \frac{\partial", ""),
        (r"x \pm y", "write two formulas", "x"),
        ("x, y", "two formulas on a row", "x"),
        (r"\int x", "integrals", ""),
        ("x ! y", "cannot read '!'", "x "),
        (r"x \% y", "cannot read", "x "),
        ("{x} y", "braces that group nothing", "{"),
        ("|x|", r"write \lvert x \rvert", ""),
        ("(x", "expected )", "(x"),
        (r"\left( x \right. y", "cannot read '.'", "x \\right"),
    ],
)
def test_a_refusal_points_at_the_place(latex, message, before):
    with pytest.raises(FormulaError) as caught:
        read(latex, FUNCTIONS)
    error = caught.value
    assert message in error.message
    assert error.text[: error.position].rstrip().endswith(before.rstrip())
    assert "⟨here⟩" in str(error)


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_k p_k t",
        r"\prod_k t p_k",
        r"\prod_{i, j} Z_{ij} z_i",
        r"\prod_i \sum_j Z_{ij} z_i",
        r"\log \sum_k p_k z_k",
        r"\prod_k e^{\sum_n z_n t} p_k",
        r"\prod_k p_k + t",
        r"\lim_{t \to 0} t x",
    ],
)
def test_a_factor_at_the_end_that_has_one_meaning(latex):
    assert read(latex).kind


def test_one_expression_has_no_relation():
    with pytest.raises(FormulaError, match="without a relation"):
        read("x = y")


def test_a_chain():
    sides, relations = Parser(r"x = y \leq 2 < \frac{1}{x}").chain()
    assert relations == ["=", r"\le", "<"]
    assert [side.text for side in sides] == ["x", "y", "2", r"\frac{1}{x}"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("z", "z"),
        (r"\mathbf{z}", "z"),
        (r"\theta", r"\theta"),
        (r"\hat y", r"\hat{y}"),
        ("y'", "y'"),
        (r"x_{\mathrm{max}}", r"x_{\mathrm{max}}"),
        (r"\mathcal{L}", r"\mathcal{L}"),
        ("p^*", "p^*"),
    ],
)
def test_a_name(text, word):
    assert read_name(text) == word


@pytest.mark.parametrize("text", ["z_i", "x y", "2", "", r"\foo", "x(y)", "__import__"])
def test_no_name(text):
    with pytest.raises(FormulaError):
        read_name(text)
