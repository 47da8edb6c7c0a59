"""The mutants' command wants its score and an explanation of each survivor."""

import tomllib
from collections import Counter

import pytest

from tools import mutants


def found(total, *alive):
    """Return what a run has found in one module."""
    return {"softmaxlab/losses": (total, {f"key {n}": words for n, words in enumerate(alive)})}


class TestReport:
    def test_all_is_well(self, capsys):
        assert mutants.report(found(25, "a"), Counter("a"), whole=True) is None
        said = capsys.readouterr().out
        assert "24 of    25 killed: 96.00%, and 96% of the whole package are wanted" in said

    def test_too_few_are_killed(self):
        said = mutants.report(found(24, "a"), Counter("a"), whole=True)
        assert said == "the score, 95.83%, is below 96%"

    def test_the_share_is_not_asked_of_one_module(self):
        assert mutants.report(found(4, "a"), Counter("a"), whole=False) is None

    def test_a_survivor_without_explanation(self):
        said = mutants.report(found(100, "a", "b"), Counter("a"), whole=True)
        assert said == "survives without explanation: b"

    def test_two_of_the_same_words_need_two_explanations(self):
        said = mutants.report(found(100, "a", "a"), Counter("a"), whole=True)
        assert said == "survives without explanation: a"

    def test_an_explanation_without_survivor(self):
        said = mutants.report(found(100, "a"), Counter("ab"), whole=True)
        assert said == "explained, but does not survive: b"


class TestExplanations:
    def test_of_one_module(self):
        every, some = mutants.explanations([]), mutants.explanations(["losses"])
        assert some
        assert all(words.startswith("losses.") for words in some)
        assert some < every

    def test_name_modules_that_exist(self):
        for words in mutants.explanations([]):
            parts = words.partition(":")[0].split(".")
            places = [mutants.PACKAGE.joinpath(*parts[:n]) for n in (1, 2)]
            files = [place.with_suffix(".py") for place in places] + [places[0] / "__init__.py"]
            assert any(file.is_file() for file in files), words

    def test_each_group_has_a_reason_and_mutants(self):
        groups = tomllib.loads(mutants.SURVIVORS.read_text(encoding="utf-8"))["survivors"]
        assert all(group["because"] and group["mutants"] for group in groups)


LAW = """\
@softmax.law(
    "It holds.",
    on=[1],
)
def _(answer, logits):
    answer(logits)
"""


class TestUnrolled:
    @pytest.fixture
    def laws(self):
        """What an exercise would register, when the module is run."""
        return []

    def test_laws_are_functions_with_names_and_are_still_registered(self, laws):
        class Softmax:
            def law(self, statement, on):
                return lambda function: laws.append((statement, on, function.__name__))

        text = mutants.unrolled(f"{LAW}\n\n{LAW.replace('It', 'That')}")
        exec(text, {"softmax": Softmax()})
        assert laws == [
            ("It holds.", [1], "softmax_law_1"),
            ("That holds.", [1], "softmax_law_2"),
        ]
        assert "@" not in text

    @pytest.mark.parametrize("above", ["", "@cache\n", "@lru_cache(maxsize=1)\n"])
    def test_other_code_stays(self, above):
        code = f"x = 1\n\n\n{above}def f():\n    return x\n"
        assert mutants.unrolled(code) == code
