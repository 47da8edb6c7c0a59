"""Format the code cells of the chapters so that they fit the page without scrolling.

``python -m tools.format_cells write`` formats them, ``check`` fails if one is not formatted. Both
name the page and the line of a cell that ruff cannot read, and then write nothing.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.files import write_whole

ROOT = Path(__file__).resolve().parents[1]
LINE_LENGTH = 76  # what the page shows on a desktop
CELL = re.compile(
    r"(?P<head>^```\{code-cell\} python\n(?:---\n.*?\n---\n)?)(?P<code>.*?)(?P<tail>^```$)",
    re.M | re.S,
)
PLACE = re.compile(r"error: Failed to parse (?P<cell>\d+)\.py:(?P<line>\d+):\d+: (?P<said>.*)")

Place = tuple[Path, int]  # a page, and the line on which a cell's code begins


def cells_of(page: Path) -> dict[Place, str]:
    """Return the code of each cell of a page, by where it begins."""
    text = page.read_text(encoding="utf-8")
    return {
        (page, text.count("\n", 0, found.start("code")) + 1): found["code"]
        for found in CELL.finditer(text)
    }


def formatted(cells: dict[Place, str], root: Path) -> dict[Place, str]:
    """Return all cells as ruff would write them.

    Raises
    ------
    SyntaxError
        If ruff cannot read a cell; a line for each says ``page:line: what ruff says``.
    """
    places = list(cells)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.py" for number in range(len(places))]
        for file, code in zip(files, cells.values(), strict=True):
            file.write_text(code, encoding="utf-8")
        problems = run_ruff(folder, root)
        if problems:
            raise SyntaxError("\n".join(told(line, places, root) for line in problems))
        new = [file.read_text(encoding="utf-8") for file in files]
        return dict(zip(places, new, strict=True))


def run_ruff(folder: str, root: Path) -> list[str]:
    """Format all files of a folder, in one process; return the lines in which ruff complains."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    settings = ["--config", str(root / "pyproject.toml"), "--line-length", str(LINE_LENGTH)]
    command = [ruff, "format", "--no-cache", *settings, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    return sorted(done.stderr.splitlines()) if done.returncode else []


def told(line: str, places: list[Place], root: Path) -> str:
    """Return what ruff said of a file of its folder as said of the page that the cell stands on."""
    found = PLACE.fullmatch(line)
    if found is None:
        return line
    page, first = places[int(found["cell"])]
    where = f"{page.relative_to(root).as_posix()}:{first + int(found['line']) - 1}"
    return f"{where}: this cell is not Python: {found['said']}"


def with_cells(page: Path, new: dict[Place, str]) -> str:
    """Return the text of a page with its cells replaced."""
    codes = iter([new[place] for place in cells_of(page)])
    text = page.read_text(encoding="utf-8")
    return CELL.sub(lambda found: found["head"] + next(codes) + found["tail"], text)


def unformatted(root: Path) -> dict[Path, str]:
    """Return the pages whose cells are not formatted, each with the text that it should have."""
    pages = sorted((root / "book").rglob("*.md"))
    new = formatted({place: code for page in pages for place, code in cells_of(page).items()}, root)
    wanted = {page: with_cells(page, new) for page in pages}
    return {p: text for p, text in wanted.items() if text != p.read_text(encoding="utf-8")}


def main(arguments: list[str]) -> int:
    """Run one of the two commands; return the exit status."""
    if arguments not in (["write"], ["check"]):
        print(__doc__)
        return 2
    try:
        wrong = unformatted(ROOT)
    except SyntaxError as error:
        print(error.msg)
        return 1
    for page, text in wrong.items():
        name = page.relative_to(ROOT).as_posix()
        if arguments == ["write"]:
            write_whole(page, text)
            print(f"formatted {name}")
        else:
            print(f"run `make notebooks`: not formatted: {name}")
    return int(bool(wrong) and arguments == ["check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
