"""A change of what decides a check is a change of its key."""

import pytest
from checkedmath.book.cache import sources


class TestFingerprint:
    @pytest.fixture
    def package(self, tmp_path):
        (tmp_path / "room" / "inner").mkdir(parents=True)
        (tmp_path / "room" / "inner" / "deep.py").write_text("x = 1")
        (tmp_path / "top.py").write_text("x = 1")
        return tmp_path

    @pytest.mark.parametrize("module", ["top.py", "room/inner/deep.py"])
    def test_it_sees_a_change_in_every_room(self, package, module):
        before = sources(package)
        (package / module).write_text("x = 2")
        assert sources(package) != before

    def test_what_only_shows_is_no_part_of_it(self, package):
        before = sources(package)
        (package / "sphinx").mkdir()
        (package / "sphinx" / "directives.py").write_text("x = 2")
        assert sources(package) == before

    def test_it_sees_a_module_that_moves(self, package):
        before = sources(package)
        (package / "room" / "inner" / "deep.py").rename(package / "room" / "deep.py")
        assert sources(package) != before
