"""Build a book as ``make book`` does, here or in a copy, also where there is no make.

The Makefile is the one place that says how a book is built; this reads it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SOURCES = ("Makefile", "_config.yml", "_toc.yml", "CITATION.cff", "book", "code", "tools")
BUILT = shutil.ignore_patterns("__pycache__", "*.egg-info")


def recipe(makefile, target):
    """Return the commands of a target, and the environment that the Makefile exports."""
    exported = {
        name: os.environ.get(name, value) if sign == "?=" else value
        for name, sign, value in re.findall(r"^export (\w+) *([:?]?=) *(.*)$", makefile, re.M)
    }
    lines = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.M)[1].splitlines()
    return [line.lstrip("\t@") for line in lines if "echo" not in line], exported


def build(root=ROOT):
    """Build the book in `root` with its own packages.

    Returns
    -------
    status : int
        What the command that failed returned, or zero.
    output : str
        All that was printed, without colours.
    """
    commands, exported = recipe((root / "Makefile").read_text(encoding="utf-8"), "book")
    path = [str(root / "code"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | exported | {"PYTHONPATH": os.pathsep.join(path)}
    output = ""
    for command in commands:
        words = command.replace("$(BIN)", str(Path(sys.executable).parent)).split()
        done = subprocess.run(
            words,
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        output += COLOUR.sub("", done.stdout)
        if done.returncode:
            return done.returncode, output
    return 0, output


def copy_sources(target, names=SOURCES):
    """Copy what the book is built from into a new folder."""
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=BUILT)
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def built(root):
    """Build the book in `root` and return the folder of its pages; stop if that fails."""
    status, output = build(root)
    if status:
        sys.exit(f"{output}\nthe book does not build")
    return root / "_build" / "html"


def executed(output):
    """Return the pages that a build has executed."""
    count = int(re.search(r"pages executed in this build: (\d+)", output)[1])
    pages = set(re.findall(r"^ +[\d.]+ s  (\S+)$", output, re.M))
    assert len(pages) == count
    return pages
