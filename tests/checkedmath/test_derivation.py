r"""Derivations: steps, reasons and conditions; definitions; records; and what an error says."""

import json
import pickle

import pytest
from checkedmath import CheckError, Derivation, FormulaError, Notation, WrongStep

GRADIENT = r"""
\begin{aligned}
\frac{\partial C}{\partial z_i}
  &= \sum_j \frac{\partial C}{\partial a_j} \frac{\partial a_j}{\partial z_i}
  && \text{chain rule} \\
  &= -y_i + a_i \sum_j y_j && \text{put in} \\
  &= a_i - y_i && \text{the $y_j$ sum to one}
\end{aligned}
"""


class TestSteps:
    def test_a_chain(self, letters):
        derivation = Derivation(GRADIENT, letters, "eq:gradient")
        assert [step.relation for step in derivation.steps] == ["=", "=", "="]
        reasons = ["chain rule", "put in", r"the $y_j$ sum to one"]
        assert [step.reason for step in derivation.steps] == reasons
        assert derivation.steps[1].left == derivation.steps[0].right
        assert derivation.steps[2].right == "a_i - y_i"
        assert {step.method for step in derivation.steps} == {"every K"}
        assert derivation.label == "eq:gradient"
        assert derivation.seconds >= sum(step.seconds for step in derivation.steps) > 0

    def test_relations_in_one_row(self, letters):
        steps = Derivation(r"0 < \sigma(s) < 1 = 1", letters).steps
        assert [(step.left, step.relation, step.right) for step in steps] == [
            ("0", "<", r"\sigma(s)"),
            (r"\sigma(s)", "<", "1"),
            ("1", "=", "1"),
        ]

    def test_several_chains(self, letters):
        steps = Derivation(r"s &= s \\ c &= c \\ &= c + 0", letters).steps
        assert [step.left for step in steps] == ["s", "c", "c"]

    def test_a_condition_covers_the_whole(self, letters):
        latex = r"\frac{\partial a_j}{\partial z_i} &= 0 - a_j a_i \\ &= -a_j a_i \quad (i \ne j)"
        steps = Derivation(latex, letters).steps
        assert [step.condition for step in steps] == [r"i \ne j"] * 2
        with pytest.raises(WrongStep):
            Derivation(latex.replace(r"\quad (i \ne j)", ""), letters)

    def test_a_condition_on_a_size(self, letters):
        assert Derivation(r"a_1 = \sigma(z_1 - z_2) \quad (K = 2)", letters).steps
        with pytest.raises(WrongStep) as caught:
            Derivation(r"a_1 = \sigma(z_1 - z_2)", letters)
        assert caught.value.counterexample["K"] == "3"

    @pytest.mark.parametrize(
        ("latex", "message"),
        [
            (r"a_i = a_i \quad (i = i, i \ne i)", "its condition never holds"),
            (
                r"a_i = a_i \quad (K = 7)",
                r"its condition never holds at the sizes that are declared, K: 2 3 4: K = 7",
            ),
            (r"a_i = a_i \quad (i \ne j)", "restricts j, which is no free index"),
            (r"s = s \quad (z_i > 0)", "the condition with > has the index i"),
            (r"s = s \quad (\xi > 0)", "has no meaning"),
            (r"s = s \quad (z > 0)", "a condition takes a number"),
        ],
    )
    def test_conditions_that_say_nothing(self, latex, message, letters):
        with pytest.raises(FormulaError, match=message):
            Derivation(latex, letters)

    @pytest.mark.parametrize("latex", ["", "  ", r"\begin{aligned} \end{aligned}", ".", "&"])
    def test_no_formula(self, latex, letters):
        with pytest.raises(FormulaError, match="eq:none: there is no formula"):
            Derivation(latex, letters, "eq:none")

    @pytest.mark.parametrize(
        ("latex", "message"),
        [
            ("s + c", "it states nothing"),
            (r"s = s \\ c", "it states nothing"),
            ("= s", "the first row begins with a relation"),
            ("s = c := t", "a definition := stands at the beginning"),
            ("s := ", "an expression is missing"),
            (r"a_i a_j a_k a_l A_{ni} x_d = x_d A_{ni} a_l a_k a_j a_i", "too many free indices"),
        ],
    )
    def test_what_cannot_be_read(self, latex, message, letters):
        with pytest.raises(CheckError, match=message):
            Derivation(latex, letters)

    def test_it_renders_itself(self, letters):
        assert Derivation(" s = s ", letters)._repr_latex_() == "$$\ns = s\n$$"


class TestDefinitions:
    def test_it_adds_to_the_notation(self, letters):
        step = Derivation(r"m := \frac{s + c}{2}", letters).steps[0]
        assert (step.relation, step.method) == (":=", "definition")
        assert Derivation("2 m = s + c", letters).steps

    def test_a_definition_may_go_on(self, letters):
        steps = Derivation(r"h := (s + c)^2 = s^2 + 2 s c + c^2 \ge 2 s c", letters).steps
        assert [step.method for step in steps] == ["definition", "exact", "exact"]
        with pytest.raises(WrongStep) as caught:
            Derivation("h := (s + c)^2 = s^2 + c^2", letters)
        assert caught.value.step == 2

    def test_a_later_row_may_use_it(self, letters):
        steps = Derivation(r"m &:= 2 s \\ m &= s + s", letters).steps
        assert [step.method for step in steps] == ["definition", "exact"]

    def test_one_that_is_refused_adds_nothing(self, letters):
        before = letters.copy()
        with pytest.raises(CheckError):
            Derivation("m := a_i", letters)
        assert letters == before

    @pytest.mark.parametrize(
        ("definition", "use"),
        [
            (r"\phi(s) := s^2", r"\phi(c + 1) = c^2 + 2 c + 1"),
            (r"\phi\left( s \right) := s^2", r"\phi(3) = 9"),
            (r"\operatorname{softmax}(v)_i := \frac{e^{v_i}}{\sum_k e^{v_k}}",
             r"\operatorname{softmax}(\mathbf{z})_i = a_i"),
            (r"P(k \mid n) := Y_{nk}", r"\sum_k P(k \mid n) = 1"),
            (r"\ell_k := -\log a_k", r"C = \sum_k y_k \ell_k"),
            (r"F_{ij} := a_i (\delta_{ij} - a_j)", r"\mathbf{F} = \nabla^2_{\mathbf{z}} L"),
            (r"q^*_k := \frac{1}{K}", r"\sum_k q^*_k = 1"),
            (r"\hat{y}_n := \sum_k Z_{nk}", r"\hat{\mathbf{y}} = \hat{y}"),
            (r"L_{\mathrm{CE}} := C", r"L_{\mathrm{CE}} = L - \sum_k y_k z_k"),
        ],
    )  # fmt: skip
    def test_kinds_of_definitions(self, definition, use, letters):
        Derivation(definition, letters)
        assert Derivation(use, letters).steps


class TestRecords:
    @pytest.mark.parametrize("latex", [GRADIENT, r"m := 2 s", r"h := s^2 = s s", r"e^s > 0"])
    def test_a_record_restores(self, latex, letters):
        other = letters.copy()
        derivation = Derivation(latex, letters, "eq:it")
        record = json.loads(json.dumps(derivation.record()))
        restored = Derivation.from_record(record, other)
        assert restored.steps == derivation.steps
        assert (restored.latex, restored.label) == (derivation.latex, "eq:it")
        assert restored.record() == record
        assert other == letters

    def test_only_times_vary(self, letters):
        def timeless(record):
            steps = [step | {"seconds": 0} for step in record["steps"]]
            return record | {"steps": steps, "seconds": 0}

        first, second = (Derivation(GRADIENT, letters.copy()).record() for _ in range(2))
        assert timeless(first) == timeless(second)

    def test_what_it_holds(self, letters):
        record = Derivation(r"a_i = a_i \quad (K = 2) && \text{why}", letters, "eq:a").record()
        (step,) = record["steps"]
        assert record.keys() == {"label", "latex", "shown", "steps", "seconds"}
        assert step.pop("seconds") >= 0
        assert (
            step
            == {
                "relation": "=",
                "reason": "why",
                "condition": "K = 2",
                "left": "a_i",
                "right": "a_i",
                "method": "exact",
                "sizes": "K = 2",
                "rules": [],
                "fact": "",
            }
            or step["method"] == "every K"
        )


class TestErrors:
    def test_a_wrong_step(self, letters):
        with pytest.raises(WrongStep) as caught:
            Derivation(GRADIENT.replace("-y_i + a_i", "y_i + a_i"), letters, "eq:gradient")
        error = caught.value
        assert (error.label, error.step, error.reason) == ("eq:gradient", 2, "put in")
        assert error.relation == "="
        assert error.counterexample["K"] == "2"
        assert error.counterexample["i"] in ("1", "2")
        assert str(error) == f"eq:gradient, step 2 (put in): {error.finding}"
        assert f"left is {error.left} and right is {error.right}" in error.finding

    def test_the_counterexample_names_only_what_occurs(self, letters):
        with pytest.raises(WrongStep) as caught:
            Derivation(r"\sum_d U_{id} x_d = 0", letters)
        assert set(caught.value.counterexample) == {
            *("D", "K", "i", "U_{1 1}", "U_{1 2}", "x_1", "x_2"),
        }

    def test_a_message_says_only_some_of_many_numbers(self, letters):
        letters.declare("Z: real K K")
        with pytest.raises(WrongStep) as caught:
            Derivation(r"\sum_k \sum_j Z_{kj} + \mathbb{1}[K > 8] = \sum_k \sum_j Z_{kj}", letters)
        error = caught.value
        assert len(error.counterexample) > 64
        assert f"(and {len(error.counterexample) - 24} more) left is" in error.finding

    def test_a_message_says_equal_numbers_once(self, letters):
        with pytest.raises(WrongStep, match=r"p_1 = … = p_(\d+) = 1/\1 left is") as caught:
            Derivation(r"\max_k p_k \ge 0.05", letters)
        assert len(caught.value.counterexample) > 20

    def test_without_letters_there_are_none(self, letters):
        with pytest.raises(WrongStep, match="says left = right, but left is 2 and right is 3"):
            Derivation("1 + 1 = 3", letters)

    def test_an_undefined_side(self, letters):
        with pytest.raises(WrongStep, match="right is undefined"):
            Derivation(r"\frac{1}{2} \log(s^2) = \log s", letters)

    def test_a_place(self, letters):
        with pytest.raises(FormulaError) as caught:
            Derivation(r"s = \log x y", letters, "eq:it")
        error = caught.value
        assert (error.label, error.text[error.position :]) == ("eq:it", "y")
        assert str(error).endswith(r"at s = \log x⟨here⟩y")

    def test_a_place_in_a_long_formula(self, letters):
        with pytest.raises(FormulaError) as caught:
            Derivation(" + ".join(["s"] * 50) + " | " + " + ".join(["s"] * 50) + " = s", letters)
        assert len(str(caught.value)) < 150

    @pytest.mark.parametrize("latex", ["s = c", "s = = c", r"z_i = \sum_i z_i"])
    def test_errors_go_from_one_process_to_another(self, latex, letters):
        with pytest.raises(CheckError) as caught:
            Derivation(latex, letters, "eq:it")
        again = pickle.loads(pickle.dumps(caught.value))
        assert type(again) is type(caught.value)
        assert str(again) == str(caught.value)
        assert vars(again) == vars(caught.value)

    def test_a_letter_that_nobody_introduced(self):
        with pytest.raises(FormulaError, match="formula: 'x' has no meaning"):
            Derivation("x = x", Notation())


class TestSizes:
    def test_only_sizes_in_use_are_varied(self):
        letters = Notation()
        letters.declare("\n".join(f"{name}: 2 3 4 5 6 7 8 9" for name in "ABCDFGHIJLMNOPQR"))
        letters.declare("k: 1..A\nz: real A")
        assert Derivation(r"\sum_k z_k = \sum_k z_k", letters).steps[0].method == "every K"

    def test_each_size_is_checked(self):
        letters = Notation()
        letters.declare("K: 2 3 4\nN: 2 3\nk: 1..K\nn: 1..N\nX: real K N")
        for sizes in ("K - 4", "N - 3", "(K - 2) (N - 2)", "(K - 4) (N - 3)", "K - N"):
            with pytest.raises(WrongStep):
                Derivation(rf"(\sum_k \sum_n X_{{kn}}) ({sizes}) = 0", letters)

    def test_what_holds_at_the_sizes_only_is_not_for_every_size(self):
        letters = Notation()
        letters.declare("K: only 2 3 4\nk: 1..K\nz: real K")
        latex = r"(K - 2) (K - 3) (K - 4) \sum_k z_k = 0"
        assert Derivation(latex, letters).steps[0].method == "exact"


@pytest.mark.parametrize(
    "latex",
    [
        "f(s + t) = f(s) + f(t)",
        "K (s) = s",
        "f [s + 1] \\ge 0",
        "t(s) = t(s)",
        "t(s + c) = t(s) + t(c)",
        "z_k(s + c) = z_k(s) + z_k(c)",
        "L(s + c) = L(s) + L(c)",
    ],
)
def test_a_number_that_looks_like_a_function_is_refused(latex, letters):
    with pytest.raises(
        FormulaError, match=r"is a number and looks like a function: write .* \\cdot"
    ):
        Derivation(latex, letters)


@pytest.mark.parametrize(
    "latex",
    [
        "f (s + t) = f s + f t",
        "s - t (s - 1) = s + t (1 - s)",
        r"f \cdot (s + t) = (s + t) f",
        r"\begin{aligned} f (s + t) \\ &= f s + f t \end{aligned}",
        r"\frac{\partial}{\partial f} (f (s + t)) = s + t",
        r"f (s - s) = 0 \quad (f > 0)",
        r"\sum_k k (s + 1) = (s + 1) \frac{K (K + 1)}{2}",
        r"\mathbf{U} (\mathbf{x} + \mathbf{x}) = 2 \mathbf{U} \mathbf{x}",
    ],
)
def test_a_number_that_is_seen_to_be_one_may_stand_before_parentheses(latex, letters):
    assert Derivation(latex, letters).steps
