"""What the README shows is so."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import checkedmath
import pytest

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
