"""What is timed is a fresh clone with an empty home, and the edits are of files that exist."""

import json
import shutil

import pytest

from tools import builds, times

MAKEFILE = """\
book:
\t@echo home: $(HOME), cache: $(UV_CACHE_DIR)$(XDG_CACHE_HOME)
\t@ls -A $(HOME)
\t@mkdir -p _build; echo '{"a": 1, "b": 2}' > _build/.checkedmath
\t@echo "pages executed in this build: 1"; echo "   0.5 s  book/chapters/softmax"
broken:
\t@echo what went wrong; exit 1
"""


@pytest.fixture
def clone(tmp_path):
    """A clone in which a build takes no time."""
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    return folder


class TestMake:
    def test_has_an_empty_home_and_no_cache(self, clone, monkeypatch):
        for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, "full")
        home = clone.parent / "home"
        assert times.make(clone, "book").splitlines()[:2] == [
            f"home: {home}, cache:",
            "pages executed in this build: 1",
        ]

    def test_keeps_what_leads_to_packages(self, clone, monkeypatch):
        monkeypatch.setenv("PIP_INDEX_URL", "https://example.org")
        assert times.environment(clone)["PIP_INDEX_URL"] == "https://example.org"

    def test_stops_with_what_was_printed(self, clone):
        with pytest.raises(SystemExit, match=r"what went wrong\n[^`]*`make broken` failed"):
            times.make(clone, "broken")


class TestMeasure:
    def test_says_what_ran(self, clone):
        seconds, formulas, pages = times.measure(clone, times.nothing)
        assert seconds > 0
        assert (formulas, pages) == (2, {"book/chapters/softmax"})

    def test_formulas_that_were_known_do_not_count(self, clone):
        (clone / "_build").mkdir()
        kept = clone / "_build" / ".checkedmath"
        kept.write_text(json.dumps({"a": 1, "old": 3}), encoding="utf-8")
        assert times.measure(clone, times.nothing)[1] == 1

    def test_line(self):
        said = times.line("one chapter", 3.14159, 0, {"book/b", "book/a"})
        assert said.split() == ["one", "chapter", "3.1", "0", "2", "book/a,", "book/b"]
        assert times.line("cold", 3, 111, set("abcd")).split()[-2:] == ["111", "4"]


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (times.edit_chapter, times.CHAPTER),
        (times.edit_comment, times.SPHINX),
        (times.edit_exercise, times.EXERCISE),
    ],
)
def test_edits_are_of_files_that_exist(tmp_path, monkeypatch, edit, name):
    made = []
    monkeypatch.setattr(times, "make", lambda clone, target: made.append(target))
    (tmp_path / name).parent.mkdir(parents=True)
    shutil.copy(builds.ROOT / name, tmp_path / name)
    edit(tmp_path)
    before = (builds.ROOT / name).read_text(encoding="utf-8")
    after = (tmp_path / name).read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after.endswith("One more sentence.\n" if made == ["notebooks"] else "comment.\n")
