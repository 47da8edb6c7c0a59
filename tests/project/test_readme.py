"""The README promises results and files; here they are held against it."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "docs/without-make.md"]
PAGES += [f"code/{package}/README.md" for package in ("softmaxlab", "checkedmath")]


@pytest.mark.parametrize(
    ("page", "examples"), [("README.md", 10), ("code/softmaxlab/README.md", 5)]
)
def test_the_examples_give_what_they_promise(page, examples):
    text = re.sub(r"^```.*$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M)
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
    assert result.attempted >= examples
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", text) if not t.startswith("http")]
    assert [t for t in targets if not ((ROOT / page).parent / t).exists()] == []


def test_every_command_that_the_readme_names_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"make ([a-z-]+)", text))
    assert {"book", "test", "check"} <= commands
    assert {name for name in commands if f"\n{name}:" not in makefile} == set()
