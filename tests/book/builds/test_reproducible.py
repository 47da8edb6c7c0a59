"""Two cold builds give the same bytes."""

import pytest

from tools import reproduce


@pytest.mark.build
@pytest.mark.xdist_group("a small book")
def test_two_cold_builds_are_alike(first_build, make_small_book):
    other = make_small_book("another-and-longer-name")
    status, output = other.build()
    assert status == 0, output
    assert (other.html / "book" / "chapters" / "first.html").exists()
    assert reproduce.differences(first_build.pages, other.html) == []


class TestDifferences:
    @pytest.fixture
    def folders(self, tmp_path):
        """Two folders with the same file."""
        folders = tmp_path / "one", tmp_path / "other"
        for folder in folders:
            (folder / "a").mkdir(parents=True)
            (folder / "a" / "page.html").write_bytes(b"the same")
        return folders

    def test_none(self, folders):
        assert reproduce.differences(*folders) == []

    def test_one_byte(self, folders):
        (folders[1] / "a" / "page.html").write_bytes(b"the Same")
        assert reproduce.differences(*folders) == ["a/page.html"]

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_file_that_only_one_has(self, folders, which):
        (folders[which] / "more.html").write_bytes(b"")
        assert reproduce.differences(*folders) == ["more.html"]
