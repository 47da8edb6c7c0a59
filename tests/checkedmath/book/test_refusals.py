r"""Every kind of refusal says where, what, why, and what to do instead.

The table has a page for each kind: the line that is named, the formula that is shown (or none,
where nothing that is written is a formula), the reason, and the remedy.
"""

import ast
import re
import sys
from pathlib import Path

import pytest
from checkedmath import derivation
from checkedmath.book import page as pages
from checkedmath.book.checked import check_book
from checkedmath.book.page import shortened

from tests.checkedmath.book.small_books import write_book

LETTERS = "```{where}\nK: 2 3\ni, k: 1..K\nx, y: real\nz: real K\n```\n\n"
WRONG = "```{{refuted}}\n{}\n\n{}\n```"

#: A kind -> the page after its letters, the line there, the formula, the reason, the remedy.
REFUSED = {
    "a wrong step": (
        "$$\n(x + y)^2 = x^2 + y^2\n$$ (eq:x)",
        1,
        "(x + y)^2 = x^2 + y^2",
        r"eq:x: step 1: the page says left = right, but at x = \S+, y = \S+ left is \S+ "
        r"and right is \S+",
        "correct the step",
    ),
    "a wrong step among others": (
        "$$ x &= x && \\text{same} \\\\ &\\le x - 1 && \\text{less} $$ (eq:x)",
        1,
        "x &= x && \\text{same} \\\\ &\\le x - 1 && \\text{less}",
        r"eq:x: step 2 \(less\): the page says left \\le right, but at x = \S+ left is \S+ "
        r"and right is \S+",
        "correct the step",
    ),
    "a rule of indices": (
        "$$ z_i = \\sum_i z_i $$ (eq:z)",
        1,
        "z_i = \\sum_i z_i",
        "eq:z: step 1: .*index .i. is",
        "correct the step",
    ),
    "what cannot be read": (
        "$$ x = x / y z_1 $$ (eq:x)",
        1,
        "x = x / y z_1",
        "eq:x: .*⟨here⟩",
        "write it in the dialect",
    ),
    "a letter without a meaning": (
        "$$ q = q $$ (eq:q)",
        1,
        "q = q",
        "eq:q: 'q' has no meaning",
        "write it in the dialect",
    ),
    "a declaration": (
        "```{where}\nt: real\nu: purple\n```",
        3,
        "u: purple",
        "{where}: u: purple: write a domain",
        "write names, a colon",
    ),
    "a declaration beside the name": (
        "```{where} t: real\n```",
        1,
        "",
        "a declaration beside {where}",
        "write it on a line of its own",
    ),
    "no label": (
        "$$ x = x $$",
        1,
        "x = x",
        "a displayed formula without a label",
        "write $$ ... $$ (eq:name)",
    ),
    "a label that is taken": (
        "$$ x = x $$ (eq:x)\n\n$$ y = y $$ (eq:x)",
        3,
        "y = y",
        "eq:x: the label is already used in one.md:8",
        "give it another label",
    ),
    "an empty line": (
        "$$\nx\n\n= x\n$$ (eq:x)",
        1,
        "x = x",
        "eq:x: an empty line inside a formula",
        "remove it",
    ),
    "an empty formula": ("$$\n\n$$", 1, "", "an empty formula", "remove the dollars"),
    "a directive": (
        "```{math}\nx = 2 x\n```",
        1,
        "x = 2 x",
        "a formula displayed by {math}",
        "write it as $$ ... $$ (label)",
    ),
    "an environment": (
        "\\begin{align}\nx &= 2 x\n\\end{align}",
        1,
        "\\begin{align} x &= 2 x \\end{align}",
        r"a formula displayed by \\begin{align}",
        "write it as $$ ... $$ (label)",
    ),
    "inside the text": (
        "Thus $$x = 2 x$$.",
        1,
        "x = 2 x",
        "a displayed formula inside the text",
        "write it as $$ ... $$ (label)",
    ),
    "inline that looks displayed": (
        "Thus $\\displaystyle x$.",
        1,
        "\\displaystyle x",
        r"inline mathematics displayed by \\displaystyle",
        "write it as $$ ... $$ (label)",
    ),
    "a command that changes others": (
        "Thus $\\def\\log{\\exp}$.",
        1,
        "\\def\\log{\\exp}",
        r"\\def, which changes what formulas look like",
        "write formulas out",
    ),
    "a command that is not shipped": (
        "Thus $\\boldsymbol{x}$.",
        1,
        "\\boldsymbol{x}",
        r"\\boldsymbol, a command that inline mathematics does not have",
        "write it without",
    ),
    "a tag around mathematics": (
        "Thus\nso <big>$x$",
        2,
        "",
        "mathematics in a sentence with <big>",
        "take the tag away",
    ),
    "a style in a sentence": (
        "Thus <style>p",
        1,
        "",
        "raw markup with <style>, which may change how formulas are drawn",
        "write it in Markdown",
    ),
    "markup that is left open": (
        "<div hidden>",
        1,
        "",
        "raw markup that leaves <div> open, around what is read",
        "write it in Markdown",
    ),
    "dollars": (
        "Thus $$ x",
        1,
        "",
        "dollars that open no formula",
        "for a formula, write it as $$",
    ),
    "brackets": (
        "Thus \\[x = 1\\].",
        1,
        "",
        "LaTeX of a displayed formula inside the text",
        "write it as $$ ... $$ (label)",
    ),
    "markup": (
        "<p>\\[ x \\]</p>",
        1,
        "",
        "raw markup that holds a formula",
        "write it as $$ ... $$ (label)",
    ),
    "rst": (
        "```{eval-rst}\n.. math :: x\n```",
        2,
        "",
        "'.. math::' inside {eval-rst}",
        "in Markdown, write it as",
    ),
    "an include": (
        "```{include} a.md\n```",
        1,
        "",
        "an {include}, which is not read",
        "write the text on the page",
    ),
    "glued Markdown": (
        "{glue:md}`text`",
        1,
        "",
        "{glue:md}, whose numbers cannot be told",
        "paste it with {glue}",
    ),
    "glued Markdown, as a block": (
        "```{glue:md} text\n```",
        1,
        "",
        "{glue:md}, whose numbers cannot be told",
        "paste it with {glue}",
    ),
    "a typed number": (
        "About\n0.5.",
        2,
        "",
        "a number typed by hand: 0.5",
        "compute it in a cell",
    ),
    "a number typed in a cell": (
        "{eval}`0.5`",
        1,
        "",
        "{eval} of a number typed by hand: 0.5",
        "compute it in a cell",
    ),
    "options": (
        "```{tip}\n---\n[\n---\n```",
        1,
        "",
        "options of {tip} that cannot be read",
        "write one `name: value` a line",
    ),
    "a long paragraph": (
        "a" * 10_001,
        1,
        "",
        "a paragraph of more than 10000 characters",
        "part it by empty lines",
    ),
    "many directives": (
        "```{tip}\n" * 21,
        21,
        "",
        "more than 20 directives, one inside the other",
        "close them, or nest fewer",
    ),
    "much work": (
        "[a]: b\n" * 2_000,
        None,
        "",
        "the page takes too much work to read, and is read no farther",
        "part the page, or close",
    ),
    "wrong, and true": (
        WRONG.format(":label: wrong:x", "x = x"),
        1,
        "x = x",
        "wrong:x: it is true: no step of it is refuted",
        "show a formula that is wrong",
    ),
    "wrong, and unreadable": (
        WRONG.format(":label: wrong:x", "x = q"),
        1,
        "x = q",
        "wrong:x: 'q' has no meaning",
        "write it in the dialect",
    ),
    "wrong, without a label": (
        WRONG.format("", "x = 2 x"),
        1,
        "x = 2 x",
        "a {refuted} block without a label",
        "add :label:",
    ),
    "wrong, and nothing": (
        WRONG.format(":label: wrong:x", ""),
        1,
        "",
        "an empty {refuted} block",
        "write the wrong formula in it",
    ),
    "wrong, with dollars": (
        WRONG.format(":label: wrong:x", "$$ x = 2 x $$"),
        1,
        "$$ x = 2 x $$",
        "wrong:x: dollars in a {refuted} block",
        "write LaTeX alone",
    ),
    "wrong, beside the name": (
        "```{refuted} x\n:label: wrong:x\n\nx = 2 x\n```",
        1,
        "",
        "a formula beside {refuted}",
        "write it on a line of its own",
    ),
    "right, and not there": (
        WRONG.format(":label: wrong:x\n:right: eq:none", "x = 2 x"),
        1,
        "x = 2 x",
        "wrong:x: its right formula, eq:none, is not in the book",
        "give :right: the label",
    ),
}


@pytest.fixture
def short_pages(monkeypatch):
    """Make the work of a short page the most that is done."""
    monkeypatch.setattr(pages.markdown, "CALLS_AT_LEAST", 10_000)


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal(kind, tmp_path):
    text, line, formula, reason, remedy = REFUSED[kind]
    report = check_book(write_book(tmp_path, one=LETTERS + text + "\n")).report()
    (found,) = [each for each in report if re.search(reason.replace("{", r"\{"), each)]
    first, *shown, last = found.splitlines()
    place, _, said = first.partition(": ")
    assert re.match(reason.replace("{", r"\{"), said)
    if line:
        assert place == f"one.md:{LETTERS.count(chr(10)) + line}"
    assert shown == ([f"    formula: {formula}"] if formula else [])
    assert last.startswith(f"    remedy: {remedy}")


def test_a_page_that_is_not_there(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: one")
    assert check_book(tmp_path).report() == [
        "one.md:1: no such page\n    remedy: correct _toc.yml, or write the page"
    ]


def test_a_page_that_is_no_text(tmp_path):
    (write_book(tmp_path, one="") / "one.md").write_bytes(b"\xe9")
    assert check_book(tmp_path).report() == [
        "one.md:1: not a text in UTF-8\n    remedy: save the page as UTF-8"
    ]


@pytest.mark.parametrize("text", ["$$ x = x $$ (eq:x)", WRONG.format(":label: w", "x = 2 x")])
def test_a_fault_of_the_checker(text, tmp_path, monkeypatch):
    def fall(*_):
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(derivation, "Derivation", fall)
    (found,) = check_book(write_book(tmp_path, one=LETTERS + text + "\n")).report()
    first, formula, remedy = found.splitlines()
    assert re.fullmatch(r"one\.md:8: \S+: the checker failed: ZeroDivisionError: by chance", first)
    assert formula.startswith("    formula: x = ")
    assert remedy == "    remedy: report this formula as a fault of checkedmath"


def test_a_long_formula_is_cut_off():
    assert shortened("x\n  = y") == "x = y"
    long = shortened("x + " * 100)
    assert len(long) == pages.LONGEST_SHOWN
    assert long.endswith("…")


@pytest.mark.usefixtures("short_pages")
def test_the_table_has_every_place_that_refuses(monkeypatch):
    """A kind of refusal that is added to the reader of pages is added here."""
    tree = ast.parse(Path(pages.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    places = {call.lineno for call in calls if getattr(call.func, "attr", "") == "refuse"}
    seen = set()
    refuse = pages._Reader.refuse

    def noted(*arguments, **named):
        seen.add(sys._getframe(1).f_lineno)
        refuse(*arguments, **named)

    monkeypatch.setattr(pages._Reader, "refuse", noted)
    for text, *_ in REFUSED.values():
        pages.read_page(text)
    assert places - seen == set()
