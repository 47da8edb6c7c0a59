"""The table of contents says which pages a book has, and in what order."""

import pytest
from checkedmath.book.contents import BookError, find_root, table_of_contents


class TestTableOfContents:
    @pytest.mark.parametrize(
        ("toc", "names"),
        [
            ("root: a", ["a"]),
            ("root: a\nchapters:\n- file: b\n  sections:\n  - file: c\n- file: d", list("abcd")),
            ("root: a\nparts:\n- caption: P\n  chapters:\n  - file: b.md\n- chapters:", ["a", "b"]),
            ("root: a\nchapters:\n- url: https://example.org\n- file: b/c", ["a", "b/c"]),
            ("format: jb-article\nroot: a\nsections:\n- file: b", ["a", "b"]),
            ("root: a\nsubtrees:\n- entries:\n  - file: b", ["a", "b"]),
        ],
    )
    def test_order(self, tmp_path, toc, names):
        (tmp_path / "_toc.yml").write_text(toc)
        assert table_of_contents(tmp_path, tmp_path / "_toc.yml") == names

    def test_glob(self, tmp_path):
        (tmp_path / "_toc.yml").write_text("root: a\nchapters:\n- glob: part/*\n")
        (tmp_path / "part").mkdir()
        for name in ("z.md", "b.ipynb", "picture.png"):
            (tmp_path / "part" / name).write_text("")
        assert table_of_contents(tmp_path, tmp_path / "_toc.yml") == ["a", "part/b", "part/z"]

    def test_unreadable(self, tmp_path):
        with pytest.raises(BookError, match="cannot be read"):
            table_of_contents(tmp_path, tmp_path / "_toc.yml")
        (tmp_path / "_toc.yml").write_text("root: [")
        with pytest.raises(BookError, match="is no YAML"):
            table_of_contents(tmp_path, tmp_path / "_toc.yml")

    def test_found_above_the_pages(self, tmp_path):
        (tmp_path / "_toc.yml").write_text("root: a")
        (tmp_path / "book" / "part").mkdir(parents=True)
        assert find_root(tmp_path / "book" / "part") == tmp_path.resolve()

    def test_missing(self, tmp_path):
        with pytest.raises(BookError, match=r"no _toc\.yml"):
            find_root(tmp_path)
