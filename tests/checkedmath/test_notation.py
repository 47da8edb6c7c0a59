r"""What letters mean: declared, declared anew, defined, and forgotten with what rested on them."""

import pytest
from checkedmath import Derivation, FormulaError, Notation
from checkedmath.notation import read_declarations
from checkedmath.reading.printer import read


@pytest.fixture
def notation():
    found = Notation()
    found.declare("K: 2 3 — classes\nD: 2 3\ni, k: 1..K — a class\nz, v: real K\np: simplex K")
    found.declare("a: positive K\ns, c: real")
    return found


def define(text, notation):
    Derivation(text, notation)


class TestDeclarations:
    def test_what_is_declared(self, notation):
        assert notation.sizes == {"K": (2, 3), "D": (2, 3)}
        assert notation.indices == {"i": "K", "k": "K"}
        assert notation.symbols["z"] == ("real", "K")
        assert notation.symbols["s"] == ("real",)

    def test_for_the_reader(self):
        text = "\n\\hat{y}, q: simplex K — two models — of it\n\nt: positive\n"
        assert [declaration.row for declaration in read_declarations(text)] == [
            [r"\hat{y}, q", "simplex K", "two models — of it"],
            ["t", "positive", ""],
        ]

    def test_a_bold_letter_is_the_letter(self, notation):
        notation.declare(r"\mathbf{W}: real K D")
        assert notation.symbols["W"] == ("real", "K", "D")

    def test_an_identity_is_square(self, notation):
        notation.declare("E: identity K")
        assert Derivation(r"\mathbf{E} \mathbf{z} = \mathbf{z}", notation).steps

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("z", "cannot read"),
            ("z real", "cannot read"),
            (": real", "cannot read"),
            ("z:", "cannot read"),
            ("z: — only words", "cannot read"),
            ("z_i: real", "not a plain name"),
            ("x y: real", "not a plain name"),
            ("x, : real", "cannot read"),
            ("z: complex", "write a domain"),
            ("z: real M", "size 'M' has not been declared"),
            ("z: real K K K", "at most two indices"),
            ("q: simplex", "say the size"),
            ("o: ones", "say the size"),
            ("j: 1..M", "size 'M' has not been declared"),
            ("j: 1..K 2", "write a domain"),
            ("M: 1 2", "sizes go from 2 to 9"),
            ("M: 3 10", "sizes go from 2 to 9"),
            ("M: 999999999", "sizes go from 2 to 9"),
            ("M: ２", "sizes|write a domain|cannot"),
            ("e: real", "is a constant"),
            (r"\pi: real", "is a constant"),
        ],
    )
    def test_what_is_refused(self, line, message, notation):
        before = notation.copy()
        if line == "M: ２":  # a digit of another script is a digit
            notation.declare(line)
            assert notation.sizes["M"] == (2,)
            return
        with pytest.raises(FormulaError, match=message):
            notation.declare(line)
        assert notation == before

    def test_a_copy_is_independent(self, notation):
        other = notation.copy()
        other.declare("t: positive")
        define("m := s + c", other)
        assert "t" not in notation.symbols
        assert "m" not in notation.definitions


class TestDeclaredAnew:
    """A letter may get another meaning; what rested on the old one is gone, and says so."""

    @pytest.fixture
    def notation(self, notation):
        define(r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}", notation)
        define(r"L := \log \sum_k e^{z_k}", notation)
        define(r"C := -\sum_k p_k \log a_k", notation)
        return notation

    def test_the_same_again_changes_nothing(self, notation):
        notation.declare("K: 2 3\nz: real K\np: simplex K\ni, k: 1..K")
        assert Derivation(r"C = L - \sum_k p_k z_k", notation).steps

    def test_a_letter_is_free_again(self, notation):
        notation.declare("a: positive K")
        with pytest.raises(FormulaError, match="'C' has no meaning"):
            Derivation("C = C", notation)
        with pytest.raises(Exception, match="the page says left = right"):
            Derivation(r"\sum_k a_k = 1", notation)
        assert Derivation("L = L", notation).steps

    def test_another_domain_ends_what_depends_on_it(self, notation):
        notation.declare("z: positive K")
        assert notation.definitions == {}

    def test_a_definition_that_saw_a_letter_free_stays(self, notation):
        define(r"z_i := 2 v_i", notation)
        assert Derivation(r"\frac{\partial L}{\partial z_i} = a_i", notation).steps
        assert Derivation(r"L = \log \sum_k e^{2 v_k}", notation).steps
        notation.declare("z: real K")
        assert Derivation(r"L = \log \sum_k e^{z_k}", notation).steps

    def test_a_new_definition_ends_those_that_rest_on_the_old(self, notation):
        notation.open_page("later")
        define(r"a_i := \frac{1}{K}", notation)
        with pytest.raises(FormulaError, match="'C' has no meaning"):
            Derivation("C = C", notation)

    def test_the_same_definition_again_ends_nothing(self, notation):
        define(r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}", notation)
        assert Derivation("C = C", notation).steps

    def test_an_index_of_another_range(self, notation):
        notation.declare("i: 1..D")
        assert Derivation(r"\sum_k a_k = 1", notation).steps
        with pytest.raises(FormulaError, match="i runs up to D, but a is counted up to K"):
            Derivation("a_i = a_i", notation)

    @pytest.mark.parametrize("anew", ["K: positive", "D: 2\nK: 1..D", "K: real D"])
    def test_a_size_becomes_something_else(self, anew, notation):
        define("g := s c", notation)
        define(r"d_{ik} := \delta_{ik}", notation)
        define(r"m := \sum_k k", notation)
        notation.declare(anew)
        assert set(notation.definitions) == {"g"}
        assert not {"i", "k"} & notation.indices.keys()
        assert not {"z", "p"} & notation.symbols.keys()
        with pytest.raises(FormulaError, match="k is not an index"):
            Derivation(r"\sum_k z_k = \sum_k z_k", notation)

    def test_a_letter_becomes_a_size_or_an_index(self, notation):
        notation.declare("L: 2 3\ns: 1..L")
        assert "L" not in notation.definitions
        assert "s" not in notation.symbols

    def test_a_size_of_the_name_of_a_function(self, notation):
        define("H(s, c) := s c", notation)
        define("f(s) := s^2", notation)
        notation.declare("H: 2\nf: real")
        assert Derivation("H(s, c) = s c", notation).steps
        with pytest.raises(FormulaError, match="f is a number and a function"):
            Derivation("f(s) = s^2", notation)


class TestDefinitions:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("x + y := s", "a definition reads"),
            ("2 := s", "a definition reads"),
            ("(z)_i := s", "a definition reads"),
            ("f(s, s) := s", "different plain letters"),
            ("f(s + c) := s", "different plain letters"),
            ("f(z_i) := s", "different plain letters"),
            ("K := 2", "stands for something else"),
            ("i := 2", "stands for something else"),
            ("e := 2", "stands for something else"),
            (r"\operatorname{tr}(s) := s", "stands for something else"),
            ("x_s := 1", "s is no index letter"),
            ("x_{ii} := 1", "two different indices"),
            ("x := x + 1", "by means of itself"),
            ("f(s) := f(s) + 1", "by means of itself"),
            ("x := t", "'t' has no meaning"),
            ("f(s) := s t", "'t' has no meaning"),
            ("f(s) := g(s, c)", "g is not defined for 2"),
            ("x := z + p_{11}", "p takes 1 index"),
            ("x := z + s", "cannot be added"),
            (r"x := \frac{s}{0}", "division by zero"),
        ],
    )
    def test_what_is_refused(self, text, message, notation):
        before = notation.copy()
        with pytest.raises(FormulaError, match=message):
            Derivation(text, notation)
        assert notation == before

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("x := z_i", "'i' is free on the right"),
            ("x_i := z_k", "'k' is free on the right"),
            (r"x_i := \sum_i z_i", "'i' is summed here"),
            ("f(s)_i := s z_k", "'k' is free on the right"),
        ],
    )
    def test_stray_letters(self, text, message, notation):
        with pytest.raises(Exception, match=message):
            Derivation(text, notation)

    def test_by_way_of_others(self, notation):
        define("x := s", notation)
        define("y := x + 1", notation)
        with pytest.raises(FormulaError, match="by means of itself"):
            define("x := y", notation)

    def test_a_function_of_one_and_of_two(self, notation):
        define(r"H(p) := -\sum_k p_k \log p_k", notation)
        define(r"H(p, a) := H(p) - \sum_k p_k \log \frac{a_k}{p_k}", notation)
        assert Derivation("H(p, p) = H(p)", notation).steps
        assert notation.functions == {"H"}

    def test_what_it_depends_on(self, notation):
        define("x := s", notation)
        definition = notation.define(read("y"), read(r"x + \sum_k k z_k"))
        assert definition.depends == {"x", "s", "z"}
        assert definition.rests == {"x"}
