"""The first cells of a notebook: what it is, and what gets the packages where they are missing."""

from __future__ import annotations

import json
import re

from course.notebooks.markdown import BUILT
from course.sources import read_source

# The book's packages: what a reader installs of each, and what tells that it is there.
PACKAGES = {
    "softmaxlab": ("[exercises,figures,learn]", ("softmaxlab", "matplotlib", "scipy", "sklearn")),
    "checkedmath": ("", ("checkedmath", "mpmath", "sympy")),
}
RECORD = re.compile(r"\.\./(records/[\w.-]+)")  # as a cell reads it, from where the notebook is

NOTE = (
    "This is a chapter of *{project}*, as a notebook{place}. Run the cells, change them, and run"
    " them again. The results below the cells are those of the book until then. A number in a"
    " sentence that looks like {mark} was computed when the book was built; it stays as it is when"
    " you change a cell."
)
PREPARE = """\
# This gets what the notebook needs, and does nothing where it is there.
from importlib.util import find_spec

if not all(map(find_spec, {modules})):
    {remedy}"""
RECORDS = """

from pathlib import Path

if not Path("../{record}").exists():
    {remedy}"""
PIP = "%pip install --quiet {packages}"
SAY = """\
raise ModuleNotFoundError(
        "The packages of the book are missing. They come with the folder of the book, which its "
        "publisher has; in it, run: pip install "
        '{packages}'
    )"""
FETCH = """\
from urllib.request import urlretrieve

    Path("../records").mkdir(exist_ok=True)
    urlretrieve("{repository}/raw/main/book/{record}", "../{record}")"""
SAY_WHERE = """\
raise FileNotFoundError(
        "This chapter reads {record}, measurements that come with the book. "
        "Copy the folder records of the book to where the folder of this notebook is."
    )"""


def note(project: str, address: str) -> str:
    """Return what a reader should know before the first cell."""
    place = f" ([the page]({address}))" if address else ""
    return NOTE.format(project=project, place=place, mark=BUILT.format("this"))


def preparation(sources: list[str], repository: str) -> str:
    """Return the code that gets what is missing, or says how to get it; empty if nothing is needed.

    Parameters
    ----------
    sources : list of str
        The cells of the notebook.
    repository : str
        Where the book's packages are to be had; empty if no place is named.
    """
    if not (modules := needed(sources)):
        return ""
    packages = " ".join(where(name, repository) for name in PACKAGES)
    remedy = (PIP if repository else SAY).format(packages=packages)
    code = PREPARE.format(modules=json.dumps(modules), remedy=remedy)
    for record in sorted({record for source in sources for record in RECORD.findall(source)}):
        way = FETCH if repository else SAY_WHERE
        remedy = way.format(repository=repository, record=record)
        code += RECORDS.format(record=record, remedy=remedy)
    return code


def needed(sources: list[str]) -> list[str]:
    """Return the modules that tell whether a notebook can run."""
    source = read_source("\n".join(sources))
    imported = {one.module.partition(".")[0] for one in source.at_once | source.later}
    groups = (modules for _, modules in PACKAGES.values() if imported & set(modules))
    return [module for group in groups for module in group]


def where(name: str, repository: str) -> str:
    """Return from where pip installs a package: an archive of the repository, or a folder."""
    extras, _ = PACKAGES[name]
    if repository:
        archive = f"{repository}/archive/main.zip#subdirectory=code/{name}"
        return f'"{name}{extras} @ {archive}"'
    return f'"./code/{name}{extras}"' if extras else f"./code/{name}"
