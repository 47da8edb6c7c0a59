"""The comparison of two builds sees every difference; test_same_bytes.py makes the builds."""

import pytest

from tools import reproduce


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
