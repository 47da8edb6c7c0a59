"""A page takes work in proportion to its length, or is refused with its line and a remedy."""

import subprocess
import sys
from pathlib import Path

import pytest
from checkedmath.book import markdown
from checkedmath.book.page import DEEPEST, read_page

ROOT = Path(__file__).parents[3]

#: Characters of each page.
LENGTH = 60_000
#: Seconds of processor time and bytes for all pages together; what goes through the rest of a page
#: at each of its places takes minutes, or gigabytes, for one.
SECONDS, MEMORY = 120, 1024**3

#: What is repeated until the page is full.
REPEATED = (
    "<!-- ",
    "<script ",
    "<script math ",
    "<style>",
    "<code>",
    "<",
    'alt="a',
    'class="math',
    "\\[ ",
    "\\text{",
    "\\text{a} \\text{",
    "1,",
    "1,1",
    "a1,",
    "1.",
    "1 ",
    "0<b>.</b>5 ",
    "**a ",
    "[",
    "![",
    "$a",
    "{a}`",
    "`",
)


def paragraphs(text):
    """Return paragraphs of a text, each a little shorter than the longest that is read."""
    length = markdown.LONGEST_PARAGRAPH - 100
    return "\n\n".join(text[n : n + length] for n in range(0, len(text), length))


PLACES = {
    "paragraph": str,
    "paragraphs": paragraphs,
    "block of HTML": "<div>{}</div>".format,
    "formula": "$$\n{}\n$$ (eq:x)".format,
    "title": "```{{tip}} {}\n```".format,
}


def pages():
    """Yield pages that once took quadratic time, each with a name."""
    for text in REPEATED:
        for place, around in PLACES.items():
            yield f"{text!r}, {place}", around(text * (LENGTH // len(text)))
    yield "options", "```{tip}\n" + ":a: b\n" * (LENGTH // 6) + "```"
    yield "an option in parts", "```{tip}\n:a: b\n" + ":b\n" * (LENGTH // 3) + "```"
    yield "rst", "```{eval-rst}\n" + "\n" * LENGTH + "```"
    yield "aliases", "```{tip}\n---\n" + aliases(12) + "---\n```\n"
    yield "a long number", "```{tip}\n---\na: " + "9" * LENGTH + "\n---\n```"


def aliases(levels):
    """Return YAML that stands for eight to the power of `levels` words."""
    lines = ["a0: &a0 word"]
    for n in range(levels):
        lines.append(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 8)}]")
    return "\n".join(lines) + "\n"


CHILD = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from checkedmath.book.page import read_page
from tests.checkedmath.book.test_markdown import pages
for name, text in pages():
    print(name, flush=True)
    read_page(text)
print("done")
"""


@pytest.mark.slow
def test_no_page_takes_quadratic_time_or_memory():
    code = CHILD.format(seconds=SECONDS, memory=MEMORY)
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.splitlines()[-1:] == ["done"], run.stdout[-200:] + run.stderr[-2000:]


def refusal(text):
    """Return line, reason and remedy of the only refusal of a page."""
    (problem,) = read_page(text).problems
    return problem.line, problem.reason, problem.remedy


#: What the parser itself would look for in the rest of the page, on each line of it.
LOOKED_FOR = {
    "references": "[a]: b\n",
    "references in a quote": "> [a]: b\n",
    "dollars": "$$ a\n\n",
    "environments": "\\begin{align}\n",
}


@pytest.mark.parametrize("what", LOOKED_FOR)
def test_the_calls_of_rules_are_counted(what, monkeypatch):
    monkeypatch.setattr(markdown, "CALLS_AT_LEAST", 10_000)
    line, reason, remedy = refusal("A title\n\n" + LOOKED_FOR[what] * 2_000)
    assert reason == "the page takes too much work to read, and is read no farther"
    assert 1 < line < 6_000
    assert remedy.startswith("part the page, or close what is opened")


def test_the_cells_of_a_table_are_counted():
    table = "| a " * 1000 + "|\n" + "|---" * 1000 + "|\n" + "| b |\n" * 10_000
    assert refusal("\n\n" + table)[:2] == (
        3,
        "the page takes too much work to read, and is read no farther",
    )


def test_lines_are_counted_inside_directives_too(monkeypatch):
    monkeypatch.setattr(markdown, "CALLS_AT_LEAST", 0)
    monkeypatch.setattr(markdown, "CALLS_PER_CHARACTER", 0)
    assert refusal("\n\n````{tip}\n````")[0] == 3


@pytest.mark.parametrize("length", [10, 1_000])
def test_a_page_of_prose_is_far_from_the_limit(length):
    text = "Some *words*, `code`, $x^2$ and [a link](https://example.org).\n\n- one\n- two\n\n"
    calls = markdown.Calls(len(text) * length)
    before = calls.left - markdown.CALLS_AT_LEAST
    list(markdown.blocks(text * length, 1, calls))
    assert calls.left - markdown.CALLS_AT_LEAST > 0.8 * before


def test_a_paragraph_has_a_longest_length(monkeypatch):
    monkeypatch.setattr(markdown, "LONGEST_PARAGRAPH", 20)
    assert read_page("a" * 20 + "\n\n" + "b" * 20 + "\n").problems == []
    assert refusal("One.\n\n" + "a" * 21 + "\n") == (
        3,
        "a paragraph of more than 20 characters",
        "part it by empty lines",
    )


@pytest.mark.parametrize("fence", ["```{tip}\n", ":::{tip}\n", "::: plain\n"])
def test_directives_have_a_deepest_level(fence):
    assert read_page(fence * DEEPEST + "$$ x = x $$ (eq:x)").items[0].line == DEEPEST + 1
    assert refusal(fence * 20_000) == (
        DEEPEST + 1,
        f"more than {DEEPEST} directives, one inside the other",
        "close them, or nest fewer",
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (aliases(6), "an alias, *a0: write out what it stands for"),
        ("a: &a {b: *a}", "an alias, *a: write out what it stands for"),
        ("a: " + "[" * 10_000, "nested too deeply"),
        ("a: [", "expected the node content, but found '<stream end>'"),
    ],
)
def test_options_that_cannot_be_read_are_refused(options, reason):
    line, found, remedy = refusal(f"Text.\n\n```{{tip}}\n---\n{options.rstrip()}\n---\n```\n")
    assert (line, found) == (3, f"options of {{tip}} that cannot be read: {reason}")
    assert remedy == "write one `name: value` a line, texts in quotes"
