r"""Beside a step stand words, and expressions that claim nothing."""

import pytest
from checkedmath import FormulaError
from checkedmath.reading.reasons import read_reason


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("chain  rule", "chain rule"),
        ("divide by $a_i$, above and below", "divide by $a_i$, above and below"),
        (r"write $\log a_k$ as $ z_k  - L$", r"write $\log a_k$ as $z_k - L$"),
        ("a one-sided limit (see step 2)", "a one-sided limit (see step 2)"),
        ("die Summe der Größen", "die Summe der Größen"),
        ("notation of the chapter before", "notation of the chapter before"),
        ("the two do not meet", "the two do not meet"),
        ("by eq:log-bound", "by eq:log-bound"),
        (r"by \eqref{eq:log_bound}, for  $x^2$", r"by \eqref{eq:log_bound}, for $x^2$"),
    ],
)
def test_words(text, shown):
    assert read_reason(text) == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not", "words that deny the step"),
        ("is never true", "words that deny the step"),
        ("(this does not hold)", "words that deny the step"),
        ("wrong!", "words that deny the step"),
        ("as $x = y$", "a claim, x = y, inside a reason"),
        (r"as $\log x \le x - 1$", "a claim"),
        ("as x = y", "'=' among words"),
        ("x < y", "'<' among words"),
        ("of x - 1", "'-' among words"),
        ("of x + 1", r"'\+' among words"),
        ("x² is 4", "'²' among words"),
        ("𝑥 is small", "'𝑥' among words"),
        ("x ≤ 1", "'≤' among words"),
        ("x is ٥", "'٥' among words"),
        ("1/2", "'/' among words"),
        (r"\emph{so}", r"'\\\\' among words"),
        ("a }{ b", "'}' among words"),
        ("a ~ b", "'~' among words"),
        ("a \u0338b", "among words"),
        ("as $x", "a dollar that is not closed"),
        (r"$\color{red} x$", r"unexpected|expected a name, not"),
        ("as $$", "an expression is missing"),
        (r"by \eqref{eq:a} and \eqref{eq:b}", "a reason cites one formula"),
        (r"by \eqref{}", r"'\\\\' among words"),
        (r"by \eqref{eq:a \phantom}", r"'\\\\' among words"),
        (r"by \ref{eq:a}", r"'\\\\' among words"),
        (r"by $\eqref{a}$", "unknown|cannot|unexpected|expected"),
    ],
)
def test_what_is_no_word_is_refused(text, message):
    with pytest.raises(FormulaError, match=message):
        read_reason(text)
