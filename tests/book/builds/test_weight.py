"""A page carries the icons that are shown and no others, and asks early for its fonts."""

import importlib
import re

import pytest

from tools import builds

SCRIPT = """/* a licence */(()=>{var c={house:[576,512,[127968,"home"],"f015","M1z"],\
"arrow-up":[384,512,[8593],"f062",["M2","M3"]],sun:[512,512,[9728],"f185","M4"]},l=1;})();"""


@pytest.fixture
def weight(monkeypatch):
    """The extension itself."""
    monkeypatch.syspath_prepend(builds.ROOT / "book" / "_ext")
    return importlib.import_module("course.weight")


class TestIcons:
    def test_are_kept_by_name(self, weight):
        kept = weight.only_icons(SCRIPT, {"arrow-up", "none-such"})
        assert '"arrow-up":[384,512,[8593],"f062",["M2","M3"]]' in kept
        assert "house" not in kept
        assert "sun" not in kept

    def test_are_kept_by_an_older_name(self, weight):
        assert 'house:[576,512,[127968,"home"],"f015","M1z"]' in weight.only_icons(SCRIPT, {"home"})

    def test_nothing_but_icons_is_dropped(self, weight):
        assert weight.only_icons(SCRIPT, {"house", "arrow-up", "sun"}) == SCRIPT
        assert weight.only_icons(SCRIPT, set()) == "/* a licence */(()=>{var c={},l=1;})();"

    def test_of_the_theme_are_all_found(self, weight):
        script = weight.icons_of_theme()
        assert len(weight.ICON.findall(script)) > 2000
        assert len(weight.only_icons(script, set())) < 0.06 * len(script)


@pytest.mark.build
def test_script_of_the_book_has_few_icons(book, weight):
    script = (book / "_static" / weight.SCRIPT).read_text(encoding="utf-8")
    names = {icon[1] for icon in weight.ICON.finditer(script)}
    assert names >= {"sun", "moon", "bars", "magnifying-glass"}
    assert len(names) < 30


@pytest.mark.build
@pytest.mark.parametrize("name", ["gradient", "everything"])
def test_fonts_asked_for_are_there(book, weight, name):
    page = book / "book" / "chapters" / f"{name}.html"
    text = page.read_text(encoding="utf-8")
    (folder,) = re.findall(r'new FontFace\("early", `url\("([^"$]+)/MathJax_\$', text)
    assert text.index("new FontFace") < text.index("tex-chtml.js")
    for font in weight.FONTS:
        assert f'"{font}"' in text
        assert (page.parent / folder / f"MathJax_{font}.woff").exists()


@pytest.mark.build
def test_page_without_formulas_asks_for_no_fonts(book):
    assert "FontFace" not in (book / "book" / "appendix" / "api.html").read_text(encoding="utf-8")
