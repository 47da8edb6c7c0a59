r"""Rows of a displayed formula: what is a row, a reason, a condition, and what is refused."""

import pytest
from checkedmath import FormulaError
from checkedmath.reading.display import Condition, rows


def texts(latex):
    return [row.text for row in rows(latex)]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"a &= b \\ &= c", ["a = b", "= c"]),
        (r"\begin{aligned} a &= b \\[2mm] &\le c, \end{aligned}", ["a = b", r"\le c"]),
        (r"\begin{split} & a = b \\ =& c. \end{split}", ["a = b", "= c"]),
        (r"a = b; \\ c = d", ["a = b", "c = d"]),
        (r"a &= b \\ &\quad + c \\ &\qquad - d \\ &= e", ["a = b + c - d", "= e"]),
        (r"a = b + \\ c", ["a = b + c"]),
        (r"a = \\ b", ["a = b"]),
        (r"a = b \\ -c = d", ["a = b", "-c = d"]),
        (
            r"a &= \begin{cases} 1 & i = j \\ 0 & i \ne j \end{cases} \\ &= c",
            [r"a = \begin{cases} 1 & i = j \\ 0 & i \ne j \end{cases}", "= c"],
        ),
        (r"a \\ \\ ", ["a"]),
        ("", []),
    ],
)
def test_rows(latex, expected):
    assert texts(latex) == expected


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"a = b && \text{chain rule}", "chain rule"),
        (r"a = b & & \text{chain rule}", "chain rule"),
        (r"a = b \quad \text{as $\sum_k p_k = 1$}", r"as $\sum_k p_k = 1$"),
        (r"a = b \quad (i \ne j) && \text{chain rule}", "chain rule"),
        (r"a = b && \text{one} \\ + c && \text{two}", "one; two"),
        ("a = b &&", ""),
    ],
)
def test_reasons(latex, reason):
    assert [row.reason for row in rows(latex)] == [reason]


@pytest.mark.parametrize(
    ("latex", "conditions"),
    [
        (r"a = b \quad (i \ne j)", ["i \\ne j"]),
        (r"a = b, \qquad i \neq j.", ["i \\ne j"]),
        (r"a = b \quad (i < j, K = 2)", ["i < j", "K = 2"]),
        (r"a = b \quad (Z_{n i} > 0)", ["Z_{n i} > 0"]),
        (r"a = b \quad (x > -1.5)", ["x > -1.5"]),
        (r"a = b \quad (x \le \frac{3}{2}, x > y)", [r"x \le \frac{3}{2}", "x > y"]),
        ("a = b", []),
    ],
)
def test_conditions(latex, conditions):
    (row,) = rows(latex)
    assert [str(condition) for condition in row.conditions] == conditions


@pytest.mark.parametrize(
    "latex",
    [
        r"x &= y & s &= t",
        "x & y = s",
        r"x = y \quad s = t u",
        r"x = y \quad (x > y + 1)",
        r"x = y \quad (x > 1.)",
        "x\0 = x",
        r"x = y \quad",
    ],
)
def test_what_could_be_misread_is_refused(latex):
    with pytest.raises(FormulaError):
        rows(latex)


@pytest.mark.parametrize(
    ("relation", "holds"),
    [
        ("=", (False, True, False)),
        (r"\ne", (True, False, True)),
        ("<", (True, False, False)),
        (r"\le", (True, True, False)),
        (">", (False, False, True)),
        (r"\ge", (False, True, True)),
    ],
)
def test_a_condition_holds_or_not(relation, holds):
    condition = Condition("i", relation, "2")
    assert tuple(condition.holds({"i": value}) for value in (1, 2, 3)) == holds
    assert condition.letters() == ["i"]
