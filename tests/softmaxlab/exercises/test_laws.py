"""What exercises are made of: comparisons that show numbers, and laws held against an answer."""

from functools import partial

import numpy as np
import pytest
from softmaxlab.exercises import CHAPTERS, check
from softmaxlab.exercises.comparing import Broken, agree, as_distributions, as_numbers, pair, show
from softmaxlab.exercises.laws import Answer, Exercise, NotYet, Value


def findings(call, *arguments):
    with pytest.raises(Broken) as caught:
        call(*arguments)
    return list(caught.value.findings)


class Stubborn:
    """Refuses to become an array."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError

    def __repr__(self):
        return "Stubborn()"


class TestAsNumbers:
    # fmt: off
    REFUSED = (
        ("nothing", None, "nothing: is there a `return`?"),
        ("ragged", [[1, 2], [3]], "no regular table: [[1, 2], [3]]"),
        ("stubborn", Stubborn(), "no regular table: Stubborn()"),
        ("complex", np.array([1j]), "complex numbers: [0.+1.j]"),
        ("complex 64", np.array([2j], np.complex64), "complex numbers: [0.+2.j]"),
        ("words", ["a", "b"], "no numbers: ['a' 'b']"),
        ("an object", [{}], "no numbers: [{}]"),
        ("a function", np.exp, "no numbers: exp"),
    )
    # fmt: on

    @pytest.mark.parametrize(("value", "text"), [row[1:] for row in REFUSED])
    def test_what_is_no_table_of_numbers(self, value, text):
        assert findings(as_numbers, value) == [("gave", text)]

    @pytest.mark.parametrize(
        ("value", "hint"),
        [
            (None, "a function gives back what stands after `return`; printing is not enough."),
            (["a", "b"], "return numbers, or an array."),
        ],
    )
    def test_the_hint_is_about_what_came_back(self, value, hint):
        with pytest.raises(Broken) as caught:
            as_numbers(value)
        assert caught.value.hint == hint

    def test_another_shape(self):
        assert findings(as_numbers, [1, 2], (3,)) == [
            ("gave", "[1, 2]"),
            ("shape", "(2,)"),
            ("expected", "shape (3,)"),
        ]

    @pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.float16])
    def test_every_real_number_becomes_a_float(self, dtype):
        assert as_numbers(np.ones(2, dtype)).dtype == float


class TestAgree:
    def test_what_differs_is_shown(self):
        assert findings(agree, [1.0, 2.5], [1.0, 2.0]) == [
            ("gave", "[1, 2.5]"),
            ("expected", "[1, 2]"),
            ("off by", "0.5"),
        ]

    def test_the_tolerances(self):
        agree(1 + 0.9e-9, 1.0)
        agree(0.9e-12, 0.0)
        assert findings(agree, 1 + 1.2e-9, 1.0)[-1] == ("off by", "1.2e-09")
        assert findings(agree, 1.1e-12, 0.0)[-1] == ("off by", "1.1e-12")


class TestValues:
    def test_distributions(self):
        assert findings(as_distributions, 0.5) == [("expected", "a list of probabilities")]
        assert findings(as_distributions, [1.5, -0.5]) == [("probabilities", "[1.5, -0.5]")]
        assert findings(as_distributions, [[0.5, 0.5], [1, 1]]) == [
            ("row sums", "[1, 2]"),
            ("expected", "[1, 1]"),
            ("off by", "1"),
        ]

    @pytest.mark.parametrize("value", [3, [1], [1, 2, 3], None])
    def test_a_pair(self, value):
        assert findings(pair, value) == [("expected", "two items")]


class TestShow:
    class Nameless:
        def __call__(self):
            pass

    # fmt: off
    SHOWN = (
        (np.exp, "exp"),
        (Nameless(), "Nameless"),
        ((1.0, [2.0, 1 / 3]), "(1, [2, 0.3333333])"),
        (np.arange(40), f"[{', '.join(map(str, range(40)))}]"),
        (np.arange(41), "[0, 1, 2, ..., 38, 39, 40]"),
        (True, "1"),
        (np.array(["a"]), "['a']"),
        ([[1], "b", [2, 3]], "[[1], 'b', [2, 3]]"),
        (np.int64(2**40), "1.099512e+12"),
    )
    # fmt: on

    @pytest.mark.parametrize(("value", "text"), SHOWN)
    def test_on_one_line(self, value, text):
        assert show(value) == text

    @pytest.mark.parametrize("value", ["a " * 60, [["a " * 60], [1, 2]]])
    def test_a_long_text_is_cut_after_80_characters(self, value):
        assert len(show(value)) <= 80
        assert show(value).endswith("[...]")

    def test_eighty_characters_are_not_too_long(self):
        for text in ("a" * 40 + " " + "b" * 39, ["a" * 30 + " " + "b" * 40, [1]]):
            whole = text if isinstance(text, str) else repr(text)
            assert show(text) == whole
            assert len(whole) == 80
        longer = "a" * 40 + " " + "b" * 40
        assert show(longer) == "a" * 40 + " [...]"
        longer = ["a" * 30 + " " + "b" * 41, [1]]
        assert show(longer) == "['" + "a" * 30 + " [...]"


def double(x):
    return 2 * x


@pytest.fixture
def exercise():
    """Make an exercise of three laws; the last has two examples of two arguments."""
    made = Exercise("double", "my_double(x)", "twice as much")

    @made.law("Zero stays.", hint="multiply.")
    def _(answer):
        agree(answer(0.0, shape=()), 0)

    @made.law("It is twice.", hint="by two.", on=[1.0, 2.0])
    def _(answer, x):
        agree(answer(x, shape=()), 2 * x)

    @made.law("It is linear.", hint="no bends.", on=[(1.0, 2.0), (3.0, 5.0)])
    def _(answer, x, y):
        agree(answer(x) + answer(y), answer(x + y), "sum")

    return made


def told(exercise, answer):
    with pytest.raises(NotYet) as caught:
        exercise.check(answer)
    return str(caught.value)


class TestExercise:
    def test_it_is_what_was_said(self, exercise):
        assert (exercise.name, exercise.asks) == ("double", "my_double(x)")
        assert exercise.meaning == "twice as much"
        assert exercise.value is False
        laws = [(law.statement, law.hint, law.examples) for law in exercise.laws]
        assert laws == [
            ("Zero stays.", "multiply.", ((),)),
            ("It is twice.", "by two.", ((1.0,), (2.0,))),
            ("It is linear.", "no bends.", ((1.0, 2.0), (3.0, 5.0))),
        ]

    def test_the_decorator_gives_the_function_back(self, exercise):
        assert exercise.law("It is.", hint="be.")(double) is double

    def test_a_right_answer(self, exercise, capsys):
        exercise.check(double)
        assert capsys.readouterr().out == "double: all 3 properties hold.\n"

    def test_the_second_example_counts(self, exercise):
        assert told(exercise, lambda x: min(2 * x, 2)) == (
            "double: not yet. It is twice.\n"
            "  my_double(2)\n"
            "    gave      2\n"
            "    expected  4\n"
            "    off by    2\n"
            "Hint: by two."
        )

    def test_a_finding_about_something_else_shows_the_result_too(self, exercise):
        assert told(exercise, lambda x: 2 * x if x < 3 else x).splitlines()[1:3] == [
            "  my_double(3)",
            "    gave      3",
        ]
        assert "    sum" in told(exercise, lambda x: 2 * x if x < 3 else 0)

    def test_the_wrong_kind_of_answer(self, exercise):
        assert told(exercise, 3.0) == (
            "double: not yet. It asks for the function my_double(x), and was given 3.\n"
            "Hint: pass the function itself, as in exercises.check('double', function)."
        )
        value = Exercise("two", "two", "the number", value=True)
        assert told(value, double) == (
            "two: not yet. It asks for the value two, and was given a function.\n"
            "Hint: pass the value itself, as in exercises.check('two', value)."
        )

    def test_a_value(self):
        two = Exercise("two", "two", "the number", value=True)

        @two.law("It is two.", hint="one and one.")
        def _(value):
            agree(value, 2, "value")

        two.check(2)
        assert told(two, 3.0) == (
            "two: not yet. It is two.\n  3\n    value     3\n    expected  2\n    off by    1\n"
            "Hint: one and one."
        )
        assert Value(3).value == 3


class TestAnswer:
    def test_before_the_first_call(self):
        answer = Answer(double, "other")
        assert (answer.given, answer.result, answer.spoiled, answer.complaints) == (
            (),
            None,
            (),
            [],
        )

    def test_its_own_name_if_it_has_one(self):
        assert Answer(double, "my_double").name == "double"
        assert Answer(partial(double), "my_double").name == "my_double"
        assert Answer(lambda x: x, "my_double").name == "my_double"

    def test_a_call_of_several_arguments_is_shown_with_commas(self):
        answer = Answer(lambda *arguments: sum(arguments), "add")
        answer(1, 2, 3)
        assert answer.example(
            Broken(("gave", "6"))
        ) == "  <lambda>(1, 2, 3)\n    gave  6\n".replace("<lambda>", "add")
        assert answer.example(Broken(("total", "6"))).splitlines()[1:] == [
            "    gave   6",
            "    total  6",
        ]

    def test_what_a_failure_shows_is_no_result(self):
        answer = Answer(lambda: 1 / 0, "fail")
        (raised, line) = findings(answer)
        assert raised == ("raised", "ZeroDivisionError: division by zero")
        assert line[0].endswith("of <lambda>")
        assert answer.example(Broken(raised)) == f"  fail()\n    raised  {raised[1]}\n"

    @pytest.mark.parametrize("result", [3.0, [1, 2, 3], np.ones(3)])
    def test_several_arrays_are_asked_for(self, result):
        answer = Answer(lambda: result, "few")
        assert findings(lambda: answer.several(shapes=((), ()))) == [
            ("gave", show(result)),
            ("expected", "2 arrays"),
        ]

    def test_several_numbers_may_come_in_an_array(self):
        assert Answer(lambda: np.array([1.0, 2.0]), "two").several(shapes=((), ())) == (1, 2)

    @pytest.mark.parametrize("container", [list, tuple])
    def test_several_arrays_may_come_in_a_list_or_a_tuple(self, container):
        answer = Answer(lambda: container([1, [2, 3]]), "two")
        one, two = answer.several(shapes=((), (2,)))
        assert one == 1
        np.testing.assert_array_equal(two, [2, 3])

    def test_an_argument_that_was_changed_is_shown(self):
        def spoil(x):
            x += 1

        answer = Answer(spoil, "spoil")
        answer._call((np.zeros(2),))
        statement, hint, example = answer.spoiled
        assert statement == "The argument is left as it was."
        assert hint.endswith("write `y = x - ...`.")
        assert example == "  spoil([0, 0])\n    gave  None\n    left  its argument as [1, 1]\n"
        answer = Answer(lambda x, y: spoil(x), "spoil")
        answer._call((np.zeros(2), 1))
        assert answer.spoiled[0] == "The arguments are left as they were."

    def test_complaints_of_numpy_are_kept(self):
        answer = Answer(lambda: np.log(np.zeros(1)), "log")
        answer()
        assert answer.complaints == ["divide by zero encountered in log"]


class TestUnknownNames:
    def test_the_nearest_name_and_all_names(self):
        with pytest.raises(ValueError, match="no exercise is called") as caught:
            check("sofmax", double)
        text = str(caught.value)
        assert text.startswith(
            "no exercise is called 'sofmax'. Did you mean 'softmax'? There are: asymmetric_pair, "
        )
        assert text.endswith(
            ", ".join(sorted(name for names in CHAPTERS.values() for name in names))
        )

    def test_a_name_like_none(self):
        with pytest.raises(ValueError, match=r"^no exercise is called 'qqq'. There are: "):
            check("qqq", double)
