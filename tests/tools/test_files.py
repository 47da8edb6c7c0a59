"""A file is written whole or not at all."""

from pathlib import Path

import pytest

from tools.files import write_whole


def test_the_new_text_replaces_the_old(tmp_path):
    path = tmp_path / "page.md"
    for text in ("one\n", "σ and more\n"):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_stop_halfway_leaves_the_old_text(tmp_path, monkeypatch):
    path = tmp_path / "page.md"
    path.write_text("old", encoding="utf-8")
    real = Path.write_text

    def half(self, text, **more):
        real(self, text[:2], **more)
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "new text")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
