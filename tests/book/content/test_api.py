"""The page on the package describes all that the package offers."""

import inspect
import re
from pathlib import Path

import pytest
import softmaxlab

PAGE = Path(__file__).parents[3] / "book" / "appendix" / "api.md"
NAMES = sorted({*softmaxlab.__all__, *softmaxlab._LATER})


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_of_softmaxlab_is_on_its_page(name):
    described = re.findall(r"automodule:: (\S+)", PAGE.read_text(encoding="utf-8"))
    thing = getattr(softmaxlab, name)
    assert inspect.getmodule(thing).__name__ in described
    assert thing.__doc__
