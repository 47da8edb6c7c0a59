"""What a page is given when it is finished, and what stays as it was written."""

import importlib

import pytest
from bs4 import BeautifulSoup

from tools import builds

CODE = '<pre><span class="k">if</span> <i class="fa-x">a</i> &lt; b&#13;</pre>'
NESTED = "<svg viewBox='0 0 1 1'><svg><path d='M0 0'></path></svg><g></g></svg>"
PAGE = f"""<div class="output">{CODE}</div> <p>{NESTED} <svg><g/></svg></p>
<div class="exercise"><p>Do it.</p></div>
<div class="solution"><div class="cell_input">
<div class="highlight"><pre><span>x</span> = 1
exercises.check(<span>"a"</span>, x)</pre></div></div></div>"""


@pytest.fixture
def finished(monkeypatch):
    """Return the function that finishes a page."""
    monkeypatch.syspath_prepend(builds.ROOT / "book" / "_ext")
    return importlib.import_module("course.finish").finished


def test_drawings_and_code_stay_as_they_were_written(finished):
    page = finished(PAGE)
    assert CODE in page
    assert "<svg><g/></svg>" in page
    assert BeautifulSoup(NESTED, "html.parser").svg == BeautifulSoup(page, "html.parser").svg


def test_what_scrolls_takes_the_keyboard(finished):
    page = BeautifulSoup(finished(PAGE), "html.parser")
    assert page.select_one("div.output")["tabindex"] == "0"
    assert page.select_one("div.highlight pre")["tabindex"] == "0"


def test_an_exercise_carries_the_code_of_its_solution(finished):
    exercise = BeautifulSoup(finished(PAGE), "html.parser").select_one("div.exercise")
    assert exercise["data-answer"].endswith('x = ...\n\n# exercises.check("a", x)')
