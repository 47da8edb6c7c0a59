"""A page is read whole: formulas at any depth, and every way around the reader is refused."""

import pytest
from checkedmath.book.page import Formula, RefutedBlock, Where, read_page


def refusals(text):
    return [(problem.line, problem.reason) for problem in read_page(text).problems]


class TestFormulas:
    def test_label_latex_and_line(self):
        page = read_page(
            "# Title\n\nText:\n\n$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$ (eq:a)\n"
        )
        assert page.items == [
            Formula("eq:a", "\\begin{aligned}\na &= b\n\\end{aligned}", 5),
        ]
        assert page.problems == []

    def test_one_line(self):
        assert read_page("$$ x = x $$ (eq:x)").items == [Formula("eq:x", "x = x", 1)]

    def test_front_matter_counts_as_lines(self):
        page = read_page("---\nkernelspec: {name: python3}\n---\n\n$$ x = x $$ (eq:x)\n")
        assert [item.line for item in page.items] == [5]

    @pytest.mark.parametrize(
        ("before", "after", "line"),
        [
            ("```{note}\n", "```", 2),
            ("```{note} A title\n:class: tip\n\n", "```", 4),
            ("```{admonition} A title\n---\nclass: tip\n---\n", "```", 5),
            (":::{warning}\n", ":::", 2),
            ("::: plain\n", ":::", 2),
            ("::::{tab-set}\n:::{tab-item} One\n\n", ":::\n::::", 4),
            (":::{card} Title\nHeader\n^^^\n", "+++\nFooter\n:::", 4),
            ("```{dropdown} Fold\n", "```", 2),
            ("```{exercise} Name\n:label: ex\n\n", "```", 4),
            ("`````{solution} ex\n````{prf:theorem}\n:::{tip}\n", ":::\n````\n`````", 4),
            ("~~~{margin}\n", "~~~", 2),
            ("```{unheard-of}\n", "```", 2),
            ("> ", "", 1),
            ("- an item\n\n  ", "", 3),
            ("1. an item\n\n   ```{note}\n   ", "   ```", 4),
            ("Term\n: its meaning\n\n  ", "", 4),
            ("[^a]: A footnote:\n\n    ", "", 3),
        ],
    )
    def test_collected_at_any_depth(self, before, after, line):
        page = read_page(f"{before}$$ x = x $$ (eq:x)\n{after}\n")
        assert page.items == [Formula("eq:x", "x = x", line)]
        assert page.problems == []

    def test_code_is_not_read(self):
        text = "```python\n$$ x $$\n```\n\n```{code-cell}\n'$$ x $$', 0.5\n```\n\n    $$ x $$\n"
        page = read_page(text + "\n`$$ x $$` and `\\[ x = 1 \\]`\n")
        assert page.items == page.problems == []


class TestBlocks:
    def test_where(self):
        page = read_page("```{where}\nK: 2 3 — classes\n```\n")
        assert page.items == [Where("K: 2 3 — classes\n", 2)]

    def test_refuted(self):
        page = read_page("```{refuted}\n:label: wrong:x\n:right: eq:x\n\nx = 2 x\n```\n")
        options = {"label": "wrong:x", "right": "eq:x"}
        assert page.items == [RefutedBlock("wrong:x", "x = 2 x", 1, options)]
        assert page.problems == []

    def test_in_reading_order(self):
        page = read_page(
            "$$ x = x $$ (a)\n\n:::{note}\n```{where}\nx: real\n```\n:::\n\n$$ y $$ (b)\n"
        )
        assert [type(item) for item in page.items] == [Formula, Where, Formula]

    @pytest.mark.parametrize("name", ["where", "refuted"])
    def test_nothing_stands_beside_the_name(self, name):
        found = refusals(f"```{{{name}}} x: real\n:label: a\n\nx = 2 x\n```\n")
        assert (1, found[0][1]) == found[0]
        assert found[0][1].endswith(f"beside {{{name}}}")

    @pytest.mark.parametrize(
        "options",
        [
            ":label: wrong:x\n:source: a\n: long one",
            "---\nlabel: wrong:x\nsource: a long one\n---",
        ],
    )
    def test_both_ways_to_write_options(self, options):
        (item,) = read_page(f"```{{refuted}}\n{options}\n\nx = 2 x\n```\n").items
        assert item.latex == "x = 2 x"
        assert item.options == {"label": "wrong:x", "source": "a long one"}

    @pytest.mark.parametrize("options", ["---\n[\n---", "---\nlabel: a", ":label:"])
    def test_options_that_are_none(self, options):
        assert refusals(f"```{{refuted}}\n{options}\n```\n")

    @pytest.mark.parametrize(
        ("block", "reason"),
        [
            ("x = 2 x", "a {refuted} block without a label"),
            (":label: wrong:x", "an empty {refuted} block"),
            (":label: wrong:x\n\n$$ x = 2 x $$", "dollars in a {refuted} block"),
        ],
    )
    def test_refuted_needs_a_label_and_latex(self, block, reason):
        assert refusals(f"Text.\n\n```{{refuted}}\n{block}\n```\n") == [(3, reason)]


#: Each way around the reader, and how it is refused.
SMUGGLED = {
    "no label": ("$$ x = 2 x $$", "a displayed formula without a label"),
    "an empty line": ("$$\nx = x\n\nx = 2 x\n$$ (eq:x)", "an empty line inside a formula"),
    "empty": ("$$\n\n$$", "an empty formula"),
    "math": ("```{math}\n:label: eq:x\nx = 2 x\n```", "a formula displayed by {math}"),
    "math by another case": ("```{Math}\nx = 2 x\n```", "a formula displayed by {math}"),
    "math with colons": (":::{math}\nx = 2 x\n:::", "a formula displayed by {math}"),
    "glue": ("```{glue:math} formula\n```", "a formula displayed by {glue:math}"),
    "glued markdown": ("```{glue:md} text\n```", "{glue:md}, whose numbers cannot be told"),
    "glued markdown inline": ("{glue:md}`text`", "{glue:md}, whose numbers cannot be told"),
    "amsmath": (
        "\\begin{align}\nx &= 2 x\n\\end{align}",
        "a formula displayed by \\begin{align}",
    ),
    "unknown environment": ("\\begin{dmath} x = 2 x \\end{dmath}", "LaTeX of a displayed formula"),
    "brackets": ("Thus \\[ x = 2 x \\] holds.", "LaTeX of a displayed formula"),
    "escaped backslash": ("Thus \\\\[ x = 2 x \\\\] holds.", "LaTeX of a displayed formula"),
    "inside a paragraph": ("Thus $$x = 2 x$$ holds.", "a displayed formula inside the text"),
    "after a line of text": ("Thus\n$$ x = 2 x $$ (eq:x)", "a displayed formula inside the text"),
    "in a heading": ("## Title $$x = 2 x$$", "a displayed formula inside the text"),
    "in a list": ("- thus $$x = 2 x$$", "a displayed formula inside the text"),
    "in a table": ("| a |\n|---|\n| $$x = 2 x$$ |", "a displayed formula inside the text"),
    "on the line of a directive": ("```{note} $$ x = 2 x $$\n```", "a displayed formula inside"),
    "in a title": ("```{admonition} $$ x = 2 x $$\nText.\n```", "a displayed formula inside"),
    "in a caption": (
        "```{figure} a.png\n$$x$$ caption\n```",
        "a displayed formula inside the text",
    ),
    "in an alternative text": ("![$$x = 2 x$$](a.png)", "a displayed formula inside the text"),
    "in a link": ("[$$x = 2 x$$](https://example.org)", "a displayed formula inside the text"),
    "never closed": ("Thus $$ x = 2 x", "dollars that open no formula"),
    "displaystyle": ("Thus $\\displaystyle x = 2 x$.", "inline mathematics displayed by"),
    "aligned in the text": ("$\\begin{aligned} x \\end{aligned}$.", "inline mathematics displayed"),
    "the math role": ("{math}`\\displaystyle x = 2 x`", "inline mathematics displayed by"),
    "redefined": ("$\\def\\log{\\exp}$", "\\def, which changes what formulas look like"),
    "renewed": ("{math}`\\renewcommand{\\le}{\\ge}`", "\\renewcommand, which changes"),
    "html block": ("<div>\n$$ x = 2 x $$\n</div>", "raw markup that holds a formula"),
    "html brackets": ("<p>\\[ x = 2 x \\]</p>", "raw markup that holds a formula"),
    "html class": ('<span class="math">x = 2 x</span>', "raw markup that holds a formula"),
    "mathml": ("<math><mi>x</mi></math>", "raw markup that holds a formula"),
    "mathjax script": ('<script type="math/tex">$$x$$</script>', "raw markup that holds a formula"),
    "inline html": ('Text <b class="math">x = 2 x</b>', "raw markup that holds a formula"),
    "raw html": ("```{raw} html\n<p>$$ x = 2 x $$</p>\n```", "raw markup that holds a formula"),
    "raw latex": (
        "```{raw} latex\n\\begin{equation}x\\end{equation}\n```",
        "raw markup that holds a formula",
    ),
    "raw cell": (
        "```{raw-cell}\n:format: text/html\n<p>$$ x $$</p>\n```",
        "raw markup that holds a formula",
    ),
    "rst": ("```{eval-rst}\n.. math:: x = 2 x\n```", "'.. math::' inside {eval-rst}"),
    "include": ("```{include} other.md\n```", "an {include}, which is not read"),
}
#: All begin on their first line, save these.
LINES = {"after a line of text": 2, "in a table": 3, "in a caption": 2, "rst": 2}


class TestSmuggling:
    @pytest.mark.parametrize("way", SMUGGLED)
    @pytest.mark.parametrize(("nested", "before"), [("{}", 0), ("````{{tip}}\n\n{}\n````", 2)])
    def test_refused_with_line_and_remedy(self, way, nested, before):
        text, reason = SMUGGLED[way]
        problems = read_page(nested.format(text) + "\n").problems
        found = [problem for problem in problems if problem.reason.startswith(reason)]
        assert [problem.line for problem in found] == [before + LINES.get(way, 1)]
        assert found[0].remedy

    def test_line_within_a_paragraph(self):
        assert refusals("One,\ntwo,\nthree $$x$$.\n") == [
            (3, "a displayed formula inside the text")
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "a list \\[1\\] and another \\[2\\]",
            "five \\$\\$ signs",
            "<!-- $$ x $$ -->\n",
            "<p>plain</p>",
            "% a comment with $$ and 0.5",
            "$x = 2$ is inline",
        ],
    )
    def test_harmless(self, text):
        assert refusals(text) == []


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("about 0.693 nat", "0.693"),
            ("about .5 nat", ".5"),
            ("the loss is −0.5.", "−0.5"),
            ("(1,378.55)", "1,378.55"),
            ("2.5x faster", "2.5"),
            ("loss:0.5", "0.5"),
            ("an error of 1e-5", "1e-5"),
            ("3 × 10⁻⁵ at most", "3 × 10⁻⁵"),
            ("40 % of them", "40 %"),
            ("40\\% of them", "40%"),
            ("40 percent of them", "40 percent"),
            ("0.**5** in pieces", "0.5"),
            ("0&#46;5 by an entity", "0.5"),
            ("0<b>.</b>5 by tags", "0.5"),
            ("$0.693$", "0.693"),
            ("$H \\approx0{.}693$", "0.693"),
            ("$2 \\cdot 10^{-5}$", "2 × 10^{-5}"),
            ("{math}`0.693`", "0.693"),
            ("{sub}`0.5`", "0.5"),
            ("{ref}`about 0.5 <target>`", "0.5"),
            ("[0.5](https://example.org)", "0.5"),
            ("![0.5 nat](a.png)", "0.5"),
            ('![alt](a.png "0.5 nat")', "0.5"),
            ("<b>0.5</b>", "0.5"),
            ('<img alt="0.5 nat">', "0.5"),
            ("# A heading 0.5", "0.5"),
            ("- item 0.5", "0.5"),
            ("| a |\n|---|\n| 0.5 |", "0.5"),
            ("Term\n: 0.5", "0.5"),
            ("```{note} 0.5\n```", "0.5"),
            ("```{admonition} Title 0.5\nText\n```", "0.5"),
            ("```{tip}\nText 0.5\n```", "0.5"),
            ("```{exercise} Title\nText 0.5\n```", "0.5"),
            ("```{figure} a.png\n:alt: 0.5\n```", "0.5"),
            ("```{figure} a.png\nCaption 0.5\n```", "0.5"),
            ("```{list-table} Title 0.5\n* - a\n```", "0.5"),
            ("```{code-cell}\n---\nmystnb: {figure: {caption: At 0.5}}\n---\nx\n```", "0.5"),
            ("```{where}\nx: real — about 0.5\n```", "0.5"),
            ("```{refuted}\n:label: a\n:source: page 0.5\n\nx = 2 x\n```", "0.5"),
            ("$$ x &= x && \\text{about 0.5} $$ (eq:x)", "0.5"),
        ],
    )
    def test_refused(self, text, number):
        assert [reason for _, reason in refusals(text + "\n")] == [
            f"a number typed by hand: {number}"
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "3 classes, 20,175 weights",
            "version 1.2.3",
            "GPT-3.5",
            "`0.5` in code",
            "see §3.4",
            "{eval}`f'{loss:.3f}'`",
            "{glue:text}`loss:.3f`",
            "{cite}`Shannon1948`, arXiv:1503.02531",
            "[text](https://example.org/0.5)",
            "<https://example.org/0.5>",
            "{ref}`v0.5`",
            "```{figure} fig-0.5.png\n:width: 50%\n\nCaption\n```",
            "```{code-cell}\n:tags: [hide-input]\nx = 0.5\n```",
            "```{versionadded} 1.2\n```",
            "$x_1 = 3$.",
            "1. first\n2. second",
            "$$ 0.5 x = x / 2 $$ (eq:half)",
        ],
    )
    def test_let_pass(self, text):
        assert refusals(text + "\n") == []

    def test_line(self):
        assert refusals("One\ntwo\nthree 0.5\n\n- four\n- 0.25\n") == [
            (3, "a number typed by hand: 0.5"),
            (6, "a number typed by hand: 0.25"),
        ]

    @pytest.mark.parametrize("typed", ["0.5", "f'{0.5}'", "'0.5'", "-0.5"])
    def test_eval_must_compute(self, typed):
        assert refusals(f"{{eval}}`{typed}`") == [
            (1, f"{{eval}} of a number typed by hand: {typed}"),
        ]


def test_a_problem_says_where_what_and_how():
    problem = read_page("Thus $$x$$.\n").problems[0]
    assert problem.at("chapter.md") == (
        "chapter.md:1: a displayed formula inside the text\n"
        "    formula: x\n"
        "    remedy: write it as $$ ... $$ (label), on lines of its own with an empty line around"
    )
