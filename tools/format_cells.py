"""Format the code cells of the chapters so that they fit the page without scrolling.

``python -m tools.format_cells write`` formats them, ``check`` fails if one is not formatted.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINE_LENGTH = 76  # what the page shows on a desktop
CELL = re.compile(
    r"(?P<head>^```\{code-cell\} python\n(?:---\n.*?\n---\n)?)(?P<code>.*?)(?P<tail>^```$)",
    re.M | re.S,
)


def formatted(code):
    """Return the code as ruff would write it."""
    command = [Path(sys.executable).with_name("ruff"), "format", "--line-length", str(LINE_LENGTH)]
    result = subprocess.run(
        [*command, "--stdin-filename", "cell.py", "-"],
        input=code,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def main(arguments):
    """Run one of the two commands; return the exit status."""
    if arguments not in (["write"], ["check"]):
        print(__doc__)
        return 2
    wrong = []
    for page in sorted((ROOT / "book").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = CELL.sub(lambda m: m["head"] + formatted(m["code"]) + m["tail"], text)
        if new != text:
            wrong.append(page.relative_to(ROOT).as_posix())
            if arguments == ["write"]:
                page.write_text(new, encoding="utf-8")
    for name in wrong:
        verb = "formatted" if arguments == ["write"] else "run `make notebooks`: not formatted:"
        print(verb, name)
    return bool(wrong) and arguments == ["check"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
