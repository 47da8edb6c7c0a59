"""The pages on the packages describe all that the packages offer."""

import inspect
import re
from pathlib import Path

import checkedmath
import checkedmath.sphinx
import pytest
import softmaxlab

APPENDIX = Path(__file__).parents[3] / "book" / "appendix"
PAGE = APPENDIX / "api.md"
NAMES = sorted({*softmaxlab.__all__, *softmaxlab._LATER})


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_of_softmaxlab_is_on_its_page(name):
    described = re.findall(r"automodule:: (\S+)", PAGE.read_text(encoding="utf-8"))
    thing = getattr(softmaxlab, name)
    assert inspect.getmodule(thing).__name__ in described
    assert thing.__doc__


@pytest.mark.parametrize("module", [checkedmath, checkedmath.sphinx])
def test_the_page_of_checkedmath_has_its_public_names(module):
    page = (APPENDIX / "api-checkedmath.md").read_text(encoding="utf-8")
    described = re.findall(r"auto(?:class|exception|function):: (\S+)", page)
    for name in module.__all__:
        assert f"{module.__name__}.{name}" in described
        assert getattr(module, name).__doc__
