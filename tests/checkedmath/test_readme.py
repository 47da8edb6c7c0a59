"""What the README shows is so."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import checkedmath
import pytest
from checkedmath.book.checked import check_book

README = Path(__file__).parents[2] / "code" / "checkedmath" / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_its_examples():
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert result.attempted >= 8
    assert result.failed == 0


@pytest.mark.parametrize("module", ["checkedmath", "checkedmath.sphinx"])
def test_it_has_every_public_name(module):
    section = TEXT.partition("## The names")[2].partition("## Time")[0]
    for name in import_module(module).__all__:
        assert re.search(rf"`{name}[`(]", section), name


def test_its_variables_are_those_of_the_style():
    style = Path(checkedmath.__file__).parent / "sphinx" / "static" / "checkedmath.css"
    variables = set(re.findall(r"^ +(--[a-z-]+):", style.read_text(), re.M))
    assert set(re.findall(r"`(--checkedmath-[a-z]+)`", TEXT)) == variables


PAGE = r"""# The gradient

```{where}
K: 2 3 — the number of classes
i, k: 1..K — classes
z: real K — the scores
```

$$
a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}
$$ (eq:softmax)

$$
\begin{aligned}
\frac{\partial a_i}{\partial z_i} &= a_i - a_i^2 && \text{quotient rule} \\
 &= a_i (1 + a_i) && \text{take out $a_i$}
\end{aligned}
$$ (eq:slope)
"""


def test_its_refusal_is_what_is_told(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: gradient")
    (tmp_path / "gradient.md").write_text(PAGE, encoding="utf-8")
    (told,) = check_book(tmp_path).report()
    shown = re.search(r"```\n(gradient\.md.*?)```", TEXT, re.S)[1]
    assert shown.split() == told.split()
