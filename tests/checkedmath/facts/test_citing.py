r"""A step that cites a formula is that formula with letters put in, or it is refused.

Each row of `REFUSED` is true, so that numbers do not refute it, and lacks one hypothesis of the
fact that it cites.
"""

import contextlib
import json
import random
import re
import string

import pytest
from checkedmath import CheckError, Derivation, FormulaError, Notation, WrongStep
from checkedmath.facts.citing import Case
from checkedmath.facts.matching import Found, PutIn
from checkedmath.inequalities.prover import Asked
from checkedmath.notation import Fact
from checkedmath.reading.printer import read

from tests.checkedmath.mutate import mutants
from tests.checkedmath.notations import notation_of

LETTERS = r"""
K: 2 3
M: 2 3
N: 3 4
O: only 2
P: 2
i, j, k: 1..K
m: 1..M
n: 1..N
o: 1..O
l: 1..P
x, y: real
s, t: positive
u, h: unit
p, q, r: simplex K
w: simplex M
z, v: real K
c: real M
f: real N
g: real O
d: real P
W: real K K
"""
DEFINITIONS = (
    r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}",
    r"H(p, q) := -\sum_k p_k \log q_k",
    r"L := \log \sum_k e^{z_k}",
)
TANGENT = r"\log t \le t - 1"
GIBBS = r"H(p, q) \ge H(p, p)"
SQUARES = r"x^2 + y^2 \ge 2 x y"
APART = r"z_i^2 + z_j^2 \ge 2 z_i z_j \quad (i \ne j)"
QUOTIENT = r"\frac{x}{x} = 1 \quad (x \ne 0)"
CHAIN = r"\begin{aligned} z_i &< L \\ &\le L + t \end{aligned}"
SLOPE = r"\frac{\partial L}{\partial z_i} = a_i"
BY = r" && \text{by \eqref{eq:fact}}"


@pytest.fixture(scope="module")
def _letters():
    return notation_of(LETTERS, DEFINITIONS)


@pytest.fixture
def letters(_letters):
    return _letters.copy()


def cite(fact, step, letters):
    """Derive a fact, and then a step that cites it -> the step."""
    Derivation(fact, letters, "eq:fact")
    return Derivation(step + BY, letters, "eq:step").steps[0]


ACCEPTED = {
    "another letter": (TANGENT, r"\log s \le s - 1"),
    "the same letter": (TANGENT, r"\log t \le t - 1"),
    "an expression": (TANGENT, r"\log \frac{s}{t} \le \frac{s}{t} - 1"),
    "up to algebra on the other side": (TANGENT, r"\log e^x \le (e^x + 2) - 3"),
    "from right to left": (TANGENT, r"e^x - 1 \ge x"),
    "terms that change sides": (GIBBS, r"H(q, r) - H(q, q) \ge 0"),
    "terms that change back": (r"x^2 - 2 x y + y^2 \ge 0", r"2 s y \le s^2 + y^2"),
    "with the other sign": (r"-H(p, p) \le 0", r"H(q, q) \ge 0"),
    "a vector that is zero": (r"\mathbf{z} - \mathbf{z} = 0", r"\mathbf{v} - \mathbf{v} = 0"),
    "a letter of the same domain, at its ends too": ("u + t > 0", "h + s > 0"),
    "with an index that is free": (TANGENT, r"\log \frac{q_k}{p_k} \le \frac{q_k}{p_k} - 1"),
    "positive by a condition": (TANGENT, r"\log x \le x - 1 \quad (x > 0)"),
    "positive by more than a condition": (TANGENT, r"\log(x - 1) \le x - 2 \quad (x > 2)"),
    "distributions": (GIBBS, r"H(q, p) \ge H(q, q)"),
    "what is a distribution": (GIBBS, r"H(r, a) \ge H(r, r)"),
    "with the definition written out": (GIBBS, r"-\sum_j q_j \log a_j \ge H(q, q)"),
    "another size": (r"\sum_k p_k = 1", r"\sum_m w_m = 1"),
    "terms in another order": (r"x + e^y \le x + 2 e^y", r"e^s + t \le t + 2 e^s"),
    "an entry of another size": (r"z_i^2 \ge 0", r"c_m^2 \ge 0"),
    "other indices": (r"z_i < L", r"v_j < \log \sum_k e^{v_k}"),
    "entries that are expressions": (r"z_i < L", r"-v_j < \log \sum_k e^{-v_k}"),
    "whole vectors": (
        r"\mathbf{z}^\top \mathbf{v} = \sum_k z_k v_k",
        r"\mathbf{a}^\top \mathbf{W} \mathbf{v} = \sum_k a_k (\mathbf{W} \mathbf{v})_k"),
    "a derivative": (SLOPE, r"\frac{\partial}{\partial v_j} (\log \sum_k e^{v_k})"
                     r" = \frac{e^{v_j}}{\sum_k e^{v_k}}"),
    "a condition of indices": (APART, r"v_j^2 + v_k^2 \ge 2 v_j v_k \quad (k \ne j)"),
    "a condition of numbers": (QUOTIENT, r"\frac{y}{y} = 1 \quad (y \ne 0)"),
    "a stronger condition": (QUOTIENT, r"\frac{y}{y} = 1 \quad (y < 0)"),
    "a condition that is proved": (QUOTIENT, r"\frac{y^2 + 1}{y^2 + 1} = 1"),
    "a step of a chain": (CHAIN, r"v_j < \log \sum_k e^{v_k}"),
    "a chain as a whole": (CHAIN, r"v_j < \log \sum_k e^{v_k} + e^x"),
    "less than was shown": (CHAIN, r"v_j \le \log \sum_k e^{v_k} + e^x"),
}  # fmt: skip


@pytest.mark.parametrize(("fact", "step"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_case_is_accepted(fact, step, letters):
    found = cite(fact, step, letters)
    assert found.fact == "eq:fact"
    assert found.verdict == "proved for every size"


#: A fact, a true step that is no case of it, and what is missing.
REFUSED = {
    "not positive": ("t + 1 > 0", "u + 1 > 0", "u, which stands for t, is not shown"),
    "not positive inside": (
        r"t^2 + 1 \ge 2 t", r"x^2 + 1 \ge 2 x", "x, which stands for t, is not shown"),
    "not in the unit interval": (
        r"u^2 - u - 1 \le 0", r"(\frac{\sin x}{2})^2 - \frac{\sin x}{2} - 1 \le 0",
        "which stands for u, is not shown to be unit"),
    "no distribution": (
        GIBBS, r"-\sum_k p_k \log \frac{q_k}{2} \ge H(p, p)", "is not shown to be simplex"),
    "negative entries": (
        r"\sum_k p_k = 1", r"\sum_k (2 p_k - q_k) = 1", "is not shown to be simplex"),
    "no condition of indices": (
        APART, r"v_i^2 + v_j^2 \ge 2 v_i v_j", r"its condition i \ne j is none of this formula"),
    "no condition of numbers": (
        r"x^2 \ge 0 \quad (x \ge 0)", r"y^2 \ge 0", r"its condition x \ge 0 is neither shown nor"),
    "what may be zero": (
        r"x^2 \ge 0 \quad (x \ne 0)", r"(-y^2)^2 \ge 0", r"x \ne 0 is neither shown nor"),
    "a weaker condition": (
        r"x^2 \ge 0 \quad (x > 0)", r"y^2 \ge 0 \quad (y \ge 0)", "x > 0 is neither shown nor"),
    "no condition of sizes": (
        r"\sum_k p_k^2 \le 1 \quad (K = 2)", r"\sum_k q_k^2 \le 1",
        "its condition K = 2 is none of this formula"),
    "smaller sizes": (r"f_n^2 \ge 0", r"c_m^2 \ge 0", "its size N has other values"),
    "more sizes": (r"g_o^2 \ge 0", r"c_m^2 \ge 0", "its size O has other values"),
    "sizes that are not named": (r"g_o^2 \ge 0", r"d_l^2 \ge 0", "its size O has other values"),
    "another left side": (SQUARES, r"2 x^2 + y^2 \ge 2 x y", "is not shown to become"),
    "another right side": (SQUARES, r"x^2 + y^2 \ge x y", "is not shown to become"),
    "more than was shown": (r"x^2 \ge 0", r"(e^y)^2 > 0", "have another form"),
    "the other way": (r"x^2 \ge 0", r"(\log 1)^2 \le 0", "have another form"),
    "two for one letter": (GIBBS, r"H(q, p) \ge H(p, q) - H(p, q) + H(q, q) - L + L - 1",
                           "is not shown to become"),
    "a letter that is not there": (r"x - x + y^2 \ge 0", r"s^2 \ge 0", "have another form"),
}  # fmt: skip


@pytest.mark.parametrize(("fact", "step", "missing"), REFUSED.values(), ids=REFUSED)
def test_without_a_hypothesis_it_is_refused(fact, step, missing, letters):
    Derivation(step, letters.copy())  # so it is not refuted
    with pytest.raises(FormulaError) as caught:
        cite(fact, step, letters)
    said = "eq:step: the step that cites eq:fact is not that formula with letters put in: "
    assert str(caught.value).startswith(said)
    assert missing in str(caught.value)
    assert caught.value.remedy


def test_an_index_stands_for_one_of_the_same_size(letters):
    """Also where nothing else tells them apart: what is found beforehand is not relied on."""
    always, zero = read(r"\mathbb{1}[i = i]"), read("0")
    shown = Fact(">", always, zero, (), (), "exact", "", letters)
    for letter, said in (("j", ""), ("m", "its index i has other values than m")):
        here = read(rf"\mathbb{{1}}[{letter} = {letter}]")
        step = Asked(">", (here, zero), (letter,), [], [])
        assert Case(shown, Found({}, {"i": letter}, {}), step, letters).fault() == said


class TestEnds:
    """A quotient that cancels inside a domain says nothing at its end, where it is no number."""

    @staticmethod
    def fault(fact, put_in, step, letters):
        """Say what keeps a step from being a fact with letters put in, whatever numbers say."""
        relation, left, right, *given = fact
        shown = Fact(relation, read(left), read(right), (), trees(given), "exact", "", letters)
        found = Found({word: PutIn((), read(x)) for word, x in put_in.items()}, {}, {})
        relation, left, right, *given = step
        claim = Asked(relation, (read(left), read(right)), (), [], list(trees(given)))
        return Case(shown, found, claim, letters).fault()

    def test_of_a_strict_relation(self, letters):
        fact = (">", r"\frac{u^2}{u}", "0")
        assert "become" in self.fault(fact, {"u": "u"}, (">", "u", "0"), letters)
        assert not self.fault(fact, {"u": "u"}, (r"\ge", "u", "0"), letters)

    def test_where_a_condition_leaves_the_end_alone(self, letters):
        fact, put_in = (r"\le", r"\frac{y}{t}", "0", "y", r"\le", "0"), {"t": "u", "y": "u (1 - u)"}
        step = (r"\le", "1 - u", "0")
        assert self.fault(fact, put_in, (*step, "u", r"\le", "0"), letters)
        assert not self.fault(fact, put_in, (*step, "u", "<", "0"), letters)


def trees(given):
    """Return a condition on numbers, or none, as trees."""
    return tuple((read(x), sign, read(y)) for x, sign, y in ([given] if given else []))


#: Steps that are changed, and the changed ones that are cases of the same fact.
MUTATED = {
    "an expression": [],
    "distributions": [r"H(q, q) \ge H(q, q)"],
    "a condition of indices": [],
    "a condition of numbers": [],
}


@pytest.mark.parametrize(("name", "cases"), MUTATED.items(), ids=MUTATED)
def test_a_step_in_which_one_thing_is_changed_is_refused(name, cases, letters):
    fact, step = ACCEPTED[name]
    Derivation(fact, letters, "eq:fact")
    accepted, tried = [], [mutant.latex for mutant in mutants(step + BY, letters)]
    for latex in tried:
        with contextlib.suppress(CheckError):
            Derivation(latex, letters.copy())
            accepted.append(latex.removesuffix(BY))
    assert accepted == cases
    assert len(tried) > 2


class TestVerdicts:
    """A step is as sure as the fact of which it is a case, and no surer."""

    @pytest.mark.parametrize(
        ("fact", "step", "verdict"),
        [
            (r"(\sin x)^2 + (\cos x)^2 = 1", r"(\sin 0)^2 + (\cos 0)^2 = 1", "computed"),
            (r"\sin x \le \lvert x \rvert", r"\sin 0 \le \lvert 0 \rvert", "searched"),
            (r"\sum_k p_k = 1 \quad (K = 2)", r"\sum_m w_m = 1 \quad (M = 2)", "proved at M = 2"),
            (r"x^2 \ge 0", r"(\sum_k z_k)^2 \ge 0", "proved for every size"),
        ],
    )
    def test_it_is_that_of_the_fact(self, fact, step, verdict, letters):
        known = Derivation(fact, letters.copy()).steps[0].verdict
        assert cite(fact, step, letters).verdict == verdict
        assert known == verdict.replace("M", "K")

    def test_a_chain_is_as_sure_as_its_weakest_step(self, letters):
        chain = r"(\sin x)^2 + (\cos x)^2 &= 1 \\ &\le 1 + t"
        step = cite(chain, r"(\sin y)^2 + (\cos y)^2 \le 1 + s", letters)
        assert step.verdict == "computed"
        chain = r"1 + t &\ge 1 \\ &= (\sin x)^2 + (\cos x)^2"
        assert cite(chain, r"1 + s \ge (\sin y)^2 + (\cos y)^2", letters).verdict == "computed"

    def test_a_false_fact_makes_no_false_step_true(self, letters):
        known = (read("x^2"), read("1"), (), (), "exact", "", letters.copy())
        letters.facts["eq:fact"] = (Fact(r"\ge", *known),)
        with pytest.raises(WrongStep) as caught:
            Derivation(r"y^2 \ge 1" + BY, letters)
        assert caught.value.counterexample


PLACES = "ABbcdfghuv"
WHERE = """{A}: 2 3
{B}: 2 3
{b}, {c}: 1..{A}
{d}: 1..{B}
{f}, {g}: real
{h}: positive
{u}: simplex {A}
{v}: simplex {B}"""
PAIRS = (
    (r"{f}^2 + {g}^2 \ge 2 {f} {g}", r"{h}^2 + {g}^2 \ge 2 {h} {g}"),
    (r"\log {h} \le {h} - 1", r"\log {u}_{b} \le {u}_{b} - 1"),
    (r"{h} + 1 > 0", r"{u}_{b} + 1 > 0"),
    (r"\sum_{b} {u}_{b} {u}_{b} \le 1", r"\sum_{d} {v}_{d}^2 \le 1"),
)


@pytest.mark.parametrize(("fact", "step"), PAIRS)
def test_what_letters_are_called_decides_nothing(fact, step):
    rng, free = random.Random(3), [x for x in string.ascii_letters if x not in "deT"]

    def outcome(names):
        notation = Notation()
        notation.declare(WHERE.format(**names))
        try:
            return cite(fact.format(**names), step.format(**names), notation).method
        except FormulaError as error:
            said = {value: f"<{place}>" for place, value in names.items()}
            return re.sub(
                r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", lambda x: said.get(x[0], x[0]), str(error)
            )

    namings = (dict(zip(PLACES, rng.sample(free, len(PLACES)), strict=True)) for _ in range(12))
    assert len({outcome(names) for names in namings}) == 1


class TestFactsAlone:
    """Without a book, a notation keeps facts by the labels of derivations."""

    def test_a_notation_knows_what_was_shown_before(self, letters):
        with pytest.raises(FormulaError, match="eq:fact is no formula that was shown before"):
            Derivation(r"\log s \le s - 1" + BY, letters)
        assert cite(TANGENT, r"\log s \le s - 1", letters)

    def test_a_copy_learns_nothing_of_the_other(self, letters):
        other = letters.copy()
        Derivation(TANGENT, letters, "eq:fact")
        assert other.facts.keys() == letters.facts.keys() - {"eq:fact"}

    def test_a_formula_does_not_rest_on_itself(self, letters):
        with pytest.raises(FormulaError, match="shown before"):
            Derivation(r"x^2 \ge 0 && \text{by \eqref{eq:self}}", letters, "eq:self")

    def test_a_definition_is_no_fact(self, letters):
        Derivation("b := x + y", letters, "eq:fact")
        with pytest.raises(FormulaError, match="eq:fact is a definition, which is put in"):
            Derivation("b = x + y" + BY, letters)

    def test_a_definition_rests_on_no_fact(self, letters):
        Derivation(TANGENT, letters, "eq:fact")
        with pytest.raises(FormulaError, match="a definition rests on no fact"):
            Derivation("b := x + y" + BY, letters)

    def test_a_fact_keeps_its_own_letters(self, letters):
        Derivation(r"t + 1 > 0", letters, "eq:fact")
        letters.declare("t: real\nb: positive")
        with pytest.raises(FormulaError, match="have another form"):
            Derivation(r"t^2 + t + 1 > 0" + BY, letters)
        assert Derivation(r"b + 1 > 0" + BY, letters).steps[0].fact == "eq:fact"

    def test_a_name_that_means_something_else_now(self, letters):
        Derivation(r"z_i \le L", letters, "eq:fact")
        letters.open_page("later")
        Derivation(r"L := 1 + \log \sum_k e^{z_k}", letters)
        with pytest.raises(FormulaError, match="is not shown to become what it says"):
            Derivation(r"z_i \le L" + BY, letters)
        assert Derivation(r"z_i \le L - 1" + BY, letters).steps[0].fact == "eq:fact"

    def test_a_record_restores_the_facts(self, letters):
        derivation = Derivation(CHAIN, letters.copy(), "eq:fact")
        record = json.loads(json.dumps(derivation.record()))
        Derivation.from_record(record, letters)
        assert letters.facts["eq:fact"] == derivation.notation.facts["eq:fact"]
        step = Derivation(r"v_j \le \log \sum_k e^{v_k} + s" + BY, letters).steps[0]
        assert step.fact == "eq:fact"

    def test_a_notebook_shows_the_label(self, letters):
        Derivation(TANGENT, letters, "eq:fact")
        shown = Derivation(r"\log s \le s - 1 \quad \text{by \eqref{eq:fact}}", letters)
        assert shown._repr_latex_() == ("$$\n\\log s \\le s - 1 \\quad \\text{by (eq:fact)}\n$$")
        assert shown.record()["steps"][0]["fact"] == "eq:fact"
