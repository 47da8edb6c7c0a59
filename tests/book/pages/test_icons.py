"""A page carries the icons that it shows, drawn, and asks early for the fonts of its formulas."""

import importlib
import re

import pytest
from bs4 import BeautifulSoup

from tools import builds


def room(monkeypatch, name):
    """Import a room of the book's extension."""
    monkeypatch.syspath_prepend(builds.ROOT / "book" / "_ext")
    return importlib.import_module(f"course.{name}")


class TestIcons:
    @pytest.fixture
    def finish(self, monkeypatch):
        """The room that draws them."""
        return room(monkeypatch, "finish")

    def test_are_drawn_with_their_classes_and_data(self, finish):
        page = '<p><i class="theme-switch fa-solid fa-sun fa-lg" data-mode="light"></i></p>'
        (icon,) = BeautifulSoup(finish.finished(page), "html.parser").select("p > svg")
        assert {"theme-switch", "fa-sun", "fa-lg"} <= set(icon["class"])
        assert icon["data-mode"] == "light"
        assert icon["aria-hidden"] == "true"
        assert icon.path["d"]

    def test_keep_the_title_that_names_their_button(self, finish):
        page = '<button><i class="fa-solid fa-moon" title="Dark"></i></button>'
        (icon,) = BeautifulSoup(finish.finished(page), "html.parser").select("button > svg")
        assert icon["aria-label"] == "Dark"
        assert icon["role"] == "img"
        assert "aria-hidden" not in icon.attrs

    def test_need_no_script(self, finish):
        theirs = '<script src="_static/scripts/fontawesome.js?digest=1"></script>'
        ours = '<script src="a.js"></script>'
        assert finish.finished(theirs + ours) == ours

    def test_that_nobody_can_draw_are_named(self, finish):
        with pytest.raises(ValueError, match=r"no drawing for the icon .*fa-dragon.*DRAWINGS"):
            finish.finished('<span class="fas fa-dragon"></span>')

    def test_are_all_known_to_the_library(self, finish):
        for name in finish.DRAWINGS.values():
            assert "<path" in finish.get_octicon(name)


@pytest.mark.build
def test_pages_of_the_book_ask_for_no_icons(book):
    assert not list((book / "_static" / "scripts").glob("fontawesome*"))
    page = (book / "book" / "chapters" / "gradient.html").read_text(encoding="utf-8")
    assert "fontawesome" not in page
    assert page.count('class="sd-octicon') > 10


@pytest.mark.build
@pytest.mark.parametrize("name", ["gradient", "everything"])
def test_fonts_asked_for_are_there(book, monkeypatch, name):
    page = book / "book" / "chapters" / f"{name}.html"
    text = page.read_text(encoding="utf-8")
    (folder,) = re.findall(r'new FontFace\("early", `url\("([^"$]+)/MathJax_\$', text)
    assert text.index("new FontFace") < text.index("tex-chtml.js")
    for font in room(monkeypatch, "offline").FONTS:
        assert f'"{font}"' in text
        assert (page.parent / folder / f"MathJax_{font}.woff").exists()


@pytest.mark.build
def test_page_without_formulas_asks_for_no_fonts(book):
    assert "FontFace" not in (book / "book" / "appendix" / "api.html").read_text(encoding="utf-8")
