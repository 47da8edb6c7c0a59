"""Cells of code are formatted, all at once, and one that is not Python is named with its line."""

import subprocess

import pytest

from tools import format_cells

PAGE = """\
# A page

```{code-cell} python
x  =  1
```

Words.

```{code-cell} python
---
tags: [hide-input]
---
print( x,
       'y' )
```

```python
shown  =  "but not run"
```
"""
FORMATTED = PAGE.replace("x  =  1", "x = 1").replace("print( x,\n       'y' )", 'print(x, "y")')


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder with two pages, in which the command works."""
    (tmp_path / "book" / "chapters").mkdir(parents=True)
    (tmp_path / "book" / "index.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "book" / "chapters" / "one.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(format_cells, "ROOT", tmp_path)
    return tmp_path


def test_every_cell_is_formatted(root, capsys):
    assert format_cells.main(["write"]) == 0
    for name in ("book/chapters/one.md", "book/index.md"):
        assert (root / name).read_text(encoding="utf-8") == FORMATTED
    assert "formatted book/chapters/one.md" in capsys.readouterr().out
    assert format_cells.main(["check"]) == 0


def test_a_cell_that_is_not_formatted_is_an_error(root, capsys):
    assert format_cells.main(["check"]) == 1
    assert "not formatted: book/index.md" in capsys.readouterr().out
    assert (root / "book" / "index.md").read_text(encoding="utf-8") == PAGE


@pytest.mark.parametrize("command", ["write", "check"])
def test_a_cell_that_is_not_python_is_named(root, capsys, command):
    page = root / "book" / "chapters" / "one.md"
    broken = PAGE.replace("print( x,", "print( x,, 1")
    page.write_text(broken, encoding="utf-8")
    assert format_cells.main([command]) == 1
    line = broken.splitlines().index("print( x,, 1") + 1
    said = capsys.readouterr().out
    assert said.startswith(f"book/chapters/one.md:{line}: this cell is not Python: Expected")
    assert (root / "book" / "index.md").read_text(encoding="utf-8") == PAGE  # nothing is written


def test_ruff_runs_once(root, monkeypatch):
    runs, run = [], subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: runs.append(a) or run(*a, **k))
    format_cells.main(["write"])
    assert len(runs) == 1


def test_what_else_ruff_complains_of_is_shown(root, capsys):
    (root / "pyproject.toml").write_text("[tool.ruff]\nno-such-setting = 1\n", encoding="utf-8")
    assert format_cells.main(["check"]) == 1
    assert "no-such-setting" in capsys.readouterr().out
