r"""A derivation: its steps, its record, its errors, and that it comes out the same every time."""

import json
import os
import subprocess
import sys

import pytest
from checkedmath import Derivation, FormulaError, Notation, WrongStep

from tests.checkedmath.pages import BOOK

CHAIN = r"""
\begin{aligned}
\frac{\partial C}{\partial z_i}
  &= \sum_j \frac{\partial C}{\partial a_j} \frac{\partial a_j}{\partial z_i}
     && \text{chain rule} \\
  &= -y_i + a_i \sum_j y_j \\
  &= a_i - y_i && \text{$\sum_j y_j = 1$}
\end{aligned}
"""


def without_times(record):
    steps = [{**step, "seconds": 0} for step in record["steps"]]
    return {**record, "seconds": 0, "steps": steps}


class TestSteps:
    def test_sides_relations_and_reasons_stand_as_on_the_page(self, letters):
        steps = Derivation(CHAIN, letters, "eq:gradient").steps
        assert [step.reason for step in steps] == ["chain rule", "", r"$\sum_j y_j = 1$"]
        assert [step.relation for step in steps] == ["="] * 3
        assert steps[0].left == r"\frac{\partial C}{\partial z_i}"
        assert steps[0].right == steps[1].left
        assert steps[2].right == "a_i - y_i"

    def test_several_relations_in_a_row(self, letters):
        steps = Derivation(r"\max_k z_k \le L \le \max_k z_k + \log K", letters).steps
        assert [step.relation for step in steps] == [r"\le", r"\le"]
        assert [step.right for step in steps] == ["L", r"\max_k z_k + \log K"]

    def test_a_condition_holds_for_the_whole_chain(self, letters):
        steps = Derivation(
            r"\frac{\partial a_j}{\partial z_i} &= 0 - a_i a_j \\ &= -a_i a_j \quad (i \ne j)",
            letters,
        ).steps
        assert {step.condition for step in steps} == {r"i \ne j"}

    def test_without_its_condition_the_same_is_false(self, letters):
        with pytest.raises(WrongStep) as caught:
            Derivation(r"\frac{\partial a_j}{\partial z_i} = -a_i a_j", letters)
        assert caught.value.counterexample["i"] == caught.value.counterexample["j"]

    def test_rows_that_begin_with_no_relation_are_formulas_of_their_own(self, letters):
        steps = Derivation(r"s + c = c + s \\ t u = u t", letters).steps
        assert [step.left for step in steps] == ["s + c", "t u"]

    def test_a_chain_with_a_wrong_step_in_the_middle(self, letters):
        with pytest.raises(WrongStep) as caught:
            Derivation(r"s &= s + 0 \\ &= s + 1 && \text{why} \\ &= s", letters, "eq:it")
        assert (caught.value.step, caught.value.reason, caught.value.label) == (2, "why", "eq:it")


class TestDefinitions:
    def test_a_definition_enters_the_notation(self, letters):
        assert Derivation(r"\mu := \sum_k p_k z_k", letters).steps[0].method == "definition"
        assert Derivation(r"\mu = \sum_k z_k p_k", letters).steps[0].method == "every K"

    def test_what_follows_a_definition_in_a_chain_is_checked(self, letters):
        methods = [s.method for s in Derivation(r"\mu := (s + c)^2 \ge 0", letters).steps]
        assert methods[0] == "definition"
        assert methods[1] != "definition"
        with pytest.raises(WrongStep):
            Derivation(r"\nu := (s + c)^2 = s^2 + c^2", letters)

    def test_a_refused_definition_leaves_the_notation_alone(self, letters):
        before = dict(letters.definitions)
        with pytest.raises((FormulaError, WrongStep)):
            Derivation(r"\mu := \xi + 1", letters)
        assert letters.definitions == before

    def test_an_index_on_the_right_only(self, letters):
        with pytest.raises(WrongStep, match="index 'i'"):
            Derivation(r"\mu := z_i", letters)

    def test_a_name_that_means_itself(self, letters):
        with pytest.raises(FormulaError, match="by means of itself"):
            Derivation(r"\mu := \mu + 1", letters)


class TestRecord:
    def test_is_plain_data(self, letters):
        record = Derivation(CHAIN, letters, "eq:gradient").record()
        assert json.loads(json.dumps(record)) == record
        assert record["label"] == "eq:gradient"

    def test_comes_back(self, letters):
        derivation = Derivation(CHAIN, letters, "eq:gradient")
        restored = Derivation.from_record(derivation.record(), letters)
        assert restored.record() == derivation.record()
        assert restored.steps == derivation.steps

    def test_brings_its_definitions_without_checking(self, letters):
        record = Derivation(r"\mu := \sum_k p_k z_k", letters.copy()).record()
        assert r"\mu" not in letters.definitions
        Derivation.from_record(record, letters)
        assert Derivation(r"\mu = \sum_k p_k z_k", letters).steps

    def test_is_the_same_every_time(self, letters):
        one, other = (Derivation(CHAIN, letters.copy()).record() for _ in range(2))
        assert without_times(one) == without_times(other)

    def test_shows_itself_in_a_notebook(self, letters):
        assert Derivation("s = s", letters)._repr_latex_() == "$$\ns = s\n$$"


OUTCOMES = r"""
from checkedmath import Derivation, WrongStep
from tests.checkedmath.conftest import DEFINITIONS, LETTERS
from checkedmath import Notation
letters = Notation()
letters.declare(LETTERS)
for formula in (
    *DEFINITIONS,
    r"\nabla_{\mathbf{z}} C = \mathbf{a} - \mathbf{y}",
    r"H(p, q) = H(q, p)",
    r"\log(1 - a_i) = \log \sum_{k \ne i} e^{z_k} - L",
    r"D_{\mathrm{KL}}(p \parallel q) \ge 0",
    r"\max_k z_k \le \frac{1}{2} L",
    r"\lim_{T \to 0^+} T \log \sum_k e^{z_k / T} = \max_k z_k",
    r"\sum_n \sum_k Y_{nk} z_k = \sum_k z_k \sum_n Y_{nk}",
):
    try:
        print([step.method for step in Derivation(formula, letters).steps])
    except WrongStep as error:
        print(error)
"""


def test_the_outcome_does_not_hang_on_the_order_of_sets():
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", OUTCOMES]
        ran = subprocess.run(
            command, env=environment, cwd=BOOK, capture_output=True, text=True, check=True
        )
        found.add(ran.stdout)
    assert len(found) == 1
    assert "every K" in found.pop()


def test_messages_begin_with_the_label():
    for latex in ("s = ", "s = s", r"\sum_k = 1"):
        with pytest.raises(FormulaError) as caught:
            Derivation(latex, Notation(), "eq:it")
        assert str(caught.value).startswith("eq:it: ")
