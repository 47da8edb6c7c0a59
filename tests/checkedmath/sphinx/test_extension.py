"""Built with Sphinx, a sound book passes and every way to break it is refused with its line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkedmath import __version__
from checkedmath.sphinx import record_of
from checkedmath.sphinx.directives import refutation
from checkedmath.sphinx.domain import domain_of
from checkedmath.sphinx.extension import env_version
from sphinx.errors import ExtensionError

from tests.checkedmath.sphinx.small_builds import (
    LETTERS,
    SETTINGS,
    build,
    notebook,
    output,
    refusals,
    starts,
    text_cell,
    write_book,
)

SECOND_BOOK = Path(__file__).parents[1] / "second_book"


@pytest.fixture
def second_book(tmp_path):
    for file in SECOND_BOOK.iterdir():
        text = file.read_text()
        if file.suffix == ".md":  # these builds do without a kernel
            text = text.split("```{code-cell}")[0]
        (tmp_path / file.name).write_text(text)
    return tmp_path


class TestSoundBook:
    def test_html(self, second_book):
        _, status, warnings = build(second_book, nitpicky=True)
        assert warnings == ""
        assert "checkedmath: 4 formulas, 5 steps (1 definition, " in status
        page = (second_book / "_build/html/squares.html").read_text()
        assert '<p class="admonition-title">Where</p>' in page
        assert "two numbers (a real number each)" in page
        assert '<p class="admonition-title">Wrong</p>' in page
        assert "Counter-example: for " in page
        assert "Seen in: many a <strong>school book</strong>" in page
        assert 'Right: <a class="reference internal" href="#equation-eq-square">' in page

    def test_a_broken_rule_of_indices_is_shown(self, tmp_path):
        letters = "```{where}\nK: 2 3\ni, j: 1..K\nW: real K K\nz: real K\n```\n"
        rule = "```{refuted}\n:label: wrong:z\n\nz_i = \\sum_i z_i\n```\n"
        entries = "```{refuted}\n:label: wrong:W\n\nW_{ij} = W_{ji}\n```\n"
        write_book(tmp_path, one=f"# One\n\n{letters}\n{rule}\n{entries}")
        build(tmp_path)
        page = (tmp_path / "_build/html/one.html").read_text()
        assert '<p class="checkedmath-computed">The fault: the index ‘i’ is summed here' in page
        assert re.search(r"\\\(W_\{1,? ?2\} = ", page)
        assert "\\(K \\times K\\)</span> real numbers" in page

    def test_small_and_large_values_are_shown_as_powers(self):
        record = {
            "step": 2,
            "message": "",
            "counterexample": {"K": "2", "z_1": "-1/4", "W_{12}": "3"},
            "left": "1.5e-7",
            "right": "2.0e+12",
        }
        assert refutation(record).astext() == (
            "Counter-example in step 2: for K = 2, z_1 = -1/4, W_{12} = 3, the left side is "
            "1.5 \\cdot 10^{-7} and the right side is 2.0 \\cdot 10^{12}."
        )
        assert "the left side is undefined" in refutation(record | {"left": "undefined"}).astext()

    def test_ledger(self, second_book):
        build(second_book)
        page = (second_book / "_build/html/ledger.html").read_text()
        assert page.count("<tr ") == 1 + 4
        for label in ("square", "name"):
            assert f'href="squares.html#equation-eq-{label}"' in page
        assert "a square is a product; expand" in page
        assert '<a class="reference internal" href="sums.html">' in page
        assert "4 formulas, 5 steps" in page

    # Sphinx 7 writes its messages in a way that Python 3.14 deprecates.
    @pytest.mark.filterwarnings("ignore:codecs.open:DeprecationWarning")
    @pytest.mark.parametrize("builder", ["latex", "singlehtml", "text", "man", "gettext"])
    def test_other_builders(self, second_book, builder):
        _, _, warnings = build(second_book, builder)
        assert warnings == ""

    @pytest.mark.build
    def test_in_two_processes(self, tmp_path):
        pages = {f"page{n}": f"# {n}\n\n$$ x = x + {n} - {n} $$ (eq:x{n})\n" for n in range(8)}
        toc = "```{toctree}\n:glob:\n\n*\n```\n"
        last = "# L\n\n```{ledger}\n```\n"
        write_book(tmp_path, one=f"# One\n\n{LETTERS}\n{toc}", **pages, last=last)
        # The extension that reads _toc.yml for Sphinx does not allow two processes.
        extensions = ["myst_nb", "sphinx_design", "checkedmath"]
        settings = SETTINGS | {"root_doc": "one", "extensions": extensions}
        conf = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (tmp_path / "conf.py").write_text(conf)
        command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-j", "2", tmp_path]
        run = subprocess.run([*command, tmp_path / "html"], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        ledger = (tmp_path / "html/last.html").read_text()
        for n in range(8):
            assert f'href="page{n}.html#equation-eq-x{n}"' in ledger
        for n in (2, 5):
            (tmp_path / f"page{n}.md").write_text("# Two\n\n{{ formula }}\n")
        run = subprocess.run([*command, tmp_path / "again"], capture_output=True, text=True)
        assert run.returncode == 2
        for n in (2, 5):
            assert f"page{n}.md:4: a displayed formula that was not read" in run.stderr

    def test_record_for_other_extensions(self, second_book):
        app, _, _ = build(second_book)
        steps = record_of(app, "eq:square")["steps"]
        assert [step["reason"] for step in steps] == ["a square is a product", "expand"]
        assert steps[1]["right"] == "a^2 + 2 a b + b^2"
        with pytest.raises(KeyError, match="eq:none"):
            record_of(app, "eq:none")

    def test_sphinx_knows_the_version(self, second_book):
        app, _, _ = build(second_book)
        assert app.extensions["checkedmath"].version == __version__


class TestIncremental:
    def test_an_unchanged_book_is_not_read_again(self, second_book):
        build(second_book)
        _, status, _ = build(second_book)
        assert "0 added, 0 changed, 0 removed" in status

    def test_the_ledger_follows_a_change(self, second_book):
        build(second_book)
        page = second_book / "squares.md"
        page.write_text(page.read_text().replace("\\text{expand}", "\\text{multiply out}"))
        build(second_book)
        assert "a product; multiply out" in (second_book / "_build/html/ledger.html").read_text()

    def test_another_version_of_this_room_reads_pages_again_and_checks_nothing(
        self, second_book, monkeypatch
    ):
        build(second_book)
        monkeypatch.setattr("checkedmath.sphinx.extension.env_version", lambda room: 7)
        monkeypatch.setattr("checkedmath.book.schedule.attempt", None)  # nothing is checked
        _, status, _ = build(second_book)
        assert "3 added, 0 changed, 0 removed" in status

    def test_a_comment_makes_another_version(self, tmp_path):
        (tmp_path / "directives.py").write_text("one = 1\n")
        before = env_version(tmp_path)
        assert env_version(tmp_path) == before
        (tmp_path / "directives.py").write_text("one = 1  # as ever\n")
        assert env_version(tmp_path) != before

    def test_a_counter_example_follows_a_change(self, tmp_path):
        block = "# Two\n\n```{refuted}\n:label: wrong:s\n\ns = x\n```\n"
        for term in ("x + 1", "x + 2"):
            write_book(tmp_path, one=f"{LETTERS}\n$$ s := {term} $$ (eq:s)\n", two=block)
            app, _, _ = build(tmp_path)
            record = domain_of(app.env).book.refuted[0].record
            page = (tmp_path / "_build/html/two.html").read_text()
            assert f"\\({record['left']}\\)</span> and the right side" in page

    def test_what_was_refused_is_refused_again(self, tmp_path):
        write_book(tmp_path, one=f"# One\n\n{LETTERS}", two="# Two\n\n{{ formula }}\n")
        assert refusals(tmp_path) == refusals(tmp_path)


BROKEN = {
    "one": f"# One\n\n{LETTERS}\n$$ x + y = y - x $$ (eq:sign)\n",
    "label": "# Two\n\n$$ x = x $$\n",
    "directive": "# Three\n\n:::{tip}\n```{math}\nx = 2 x\n```\n:::\n",
    "align": "# Four\n\n\\begin{align}\nx &= 2 x\n\\end{align}\n",
    "brackets": "# Five\n\nThus\n\\[ x = 2 x \\]\n",
    "tab": "# Six\n\n::::{tab-set}\n:::{tab-item} A\n\n$$ x = 2 x $$ (eq:tab)\n:::\n::::\n",
    "markup": "# Seven\n\n<p>\\[ x = 2 x \\]</p>\n",
    "number": "# Eight\n\nAbout\n0.693 nat.\n",
    "caption": "# Nine\n\n```{figure} a.png\n:alt: 40 %\n\nCaption\n```\n",
    "refuted": "# Ten\n\n```{refuted}\n:label: wrong:x\n\nx = x\n```\n",
}
REFUSED = (
    "one.md:7: eq:sign: step 1: the page says left = right, but at ",
    "label.md:3: a displayed formula without a label",
    "directive.md:4: a formula displayed by {math}",
    "align.md:3: a formula displayed by \\begin{align}",
    "brackets.md:4: LaTeX of a displayed formula inside the text",
    "tab.md:6: eq:tab: step 1: the page says left = right, but at ",
    "markup.md:3: raw markup that holds a formula",
    "number.md:4: a number typed by hand: 0.693",
    "caption.md:3: a number typed by hand: 40 %",
    "refuted.md:3: wrong:x: it is true: no step of it is refuted",
)


class TestFirstLook:
    """What is refused before Sphinx reads a page."""

    def test_every_problem_of_every_page_at_once(self, tmp_path):
        write_book(tmp_path, **BROKEN)
        starts(refusals(tmp_path), *REFUSED)
        assert not (tmp_path / "_build/html/one.html").exists()

    def test_no_table_of_contents(self, tmp_path):
        (tmp_path / "index.md").write_text("# One\n")
        with pytest.raises(ExtensionError, match="cannot be read"):
            build(tmp_path, extensions=["myst_nb", "checkedmath"])


ELSEWHERE = {
    "one": f"# One\n\n{LETTERS}",
    "two": "# Two\n\n{{ formula }}\n\nIt is {{ number }}.\n",
    "three": "# Three\n\n```{eval-rst}\nText 0.125 here.\n```\n",
    "four_ipynb": notebook(text_cell("Text 0.25\n\n$$ x = 2 x $$ (eq:nb)")),
    "five_rst": "Rest\n====\n\n.. math:: x = 2 x\n\nText 0.75\n",
    "outside": "# Six\n\n$$ x = x $$ (eq:outside)\n",
}


class TestSecondLook:
    """What only shows once Sphinx has read the pages."""

    def test_outputs_that_may_stand(self, tmp_path):
        cells = [
            output(text_latex="$$x = x$$", text_plain="x = x"),
            output(text_latex="$\\displaystyle x + y = y + x$"),
            output(text_markdown="About 0.5:\n\n$$ 2 x = x + x $$"),
            output(text_html="<b>0.5</b>"),
            output(text_plain="$$ 0.5"),
            output(text_markdown="The letter $\\alpha$"),
        ]
        write_book(tmp_path, one=f"# One\n\n{LETTERS}", two_ipynb=notebook(*cells))
        _, _, warnings = build(tmp_path)
        assert warnings == ""

    def test_outputs_that_may_not(self, tmp_path):
        cells = [
            output(text_latex="$$x = 2 x$$", text_plain="x"),
            output(text_latex="$x$"),
            output(text_latex="$$\\alpha = \\alpha$$"),
            output(text_markdown="Thus\n\n$$ x = 4 x $$"),
            output(text_html='<p class="math">\\[ x = 2 x \\]</p>'),
            output(text_markdown="Thus $\\displaystyle x = 5 x$"),
        ]
        write_book(tmp_path, one=f"# One\n\n{LETTERS}", two_ipynb=notebook(*cells))
        starts(
            refusals(tmp_path),
            "two.ipynb, cell 2:1: a cell displays an unchecked formula: x = 2 x: ",
            "two.ipynb, cell 3:1: a cell displays an unchecked formula: x: ",
            "two.ipynb, cell 4:1: a cell displays an unchecked formula: \\alpha = \\alpha: ",
            "two.ipynb, cell 5:1: a cell displays an unchecked formula: x = 4 x: ",
            "two.ipynb, cell 6:1: raw markup that holds a formula",
            "two.ipynb, cell 7:1: a cell displays an unchecked formula: \\displaystyle x = 5 x: ",
        )

    def test_markdown_outputs_without_mathematics(self, tmp_path):
        cells = [output(text_markdown="Thus $$ x = 4 x $$")]
        write_book(tmp_path, one=f"# One\n\n{LETTERS}", two_ipynb=notebook(*cells))
        starts(
            refusals(tmp_path, nb_render_markdown_format="commonmark"),
            "two.ipynb, cell 2:1: a formula in the Markdown of a cell",
        )

    def test_a_change_of_letters_is_seen_by_outputs(self, tmp_path):
        shown = notebook(output(text_latex="$$\\lvert x \\rvert = x$$"))
        write_book(tmp_path, one=f"# One\n\n{LETTERS.replace('real', 'positive')}", two_ipynb=shown)
        build(tmp_path)
        write_book(tmp_path, one=f"# One\n\n{LETTERS}", two_ipynb=shown)
        starts(refusals(tmp_path), "two.ipynb, cell 2:1: a cell displays an unchecked formula")

    def test_formulas_and_numbers_from_elsewhere(self, tmp_path):
        write_book(tmp_path, **ELSEWHERE)
        unread = "a displayed formula that was not read from a Markdown page: "
        starts(
            refusals(tmp_path),
            "five.rst:4: " + unread + "x = 2 x",
            "five.rst:6: a number typed by hand: 0.75",
            "four.ipynb, cell 2:1: a number typed by hand: 0.25",
            "four.ipynb, cell 2:3: eq:nb: " + unread + "x = 2 x",
            "outside.md:3: eq:outside: a formula on a page that is not in the table of contents",
            "three.md:4: a number typed by hand: 0.125",
            "two.md:4: " + unread + "x = 5 x",
            "two.md:5: a number typed by hand: 0.5",
        )

    def test_another_extension(self, tmp_path, smuggler):
        write_book(tmp_path, one="# One\n\n```{smuggle}\n```\n")
        starts(
            refusals(tmp_path, extensions=smuggler),
            "one.md:3: a displayed formula that was not read from a Markdown page: x = 2 x",
            "one.md:3: raw markup that holds a formula",
        )

    def test_another_extension_at_the_last_moment(self, tmp_path, smuggler):
        write_book(tmp_path, one="# One\n", late="# Two\n")
        starts(
            refusals(tmp_path, extensions=smuggler),
            "late.md:1: a displayed formula that was not read from a Markdown page: x = 3 x",
        )

    def test_a_wrong_formula_is_shown_as_wrong_only(self, tmp_path):
        block = "```{refuted}\n:label: wrong:x\n\nx = 5 x\n```\n"
        write_book(tmp_path, one=f"# One\n\n{LETTERS}\n{block}\n{{{{ formula }}}}\n")
        starts(refusals(tmp_path), "one.md:14: a displayed formula that was not read from")

    def test_front_matter_is_no_prose(self, tmp_path):
        matter = "---\nversion: 0.5\nauthor: A. N. Author\nother: {deep: 0.5}\n---\n"
        write_book(tmp_path, one=f"{matter}\n# One\n", two=f"{matter}\n(target)=\n# Two\n")
        _, _, warnings = build(tmp_path)
        assert warnings == ""

    def test_blocks_on_a_page_outside_the_contents(self, tmp_path):
        block = "```{refuted}\n:label: wrong:x\n\nx = 2 x\n```\n"
        write_book(tmp_path, one="# One\n", outside=f"# Two\n\n{LETTERS}\n{block}")
        _, _, warnings = build(tmp_path)
        for name in ("where", "refuted"):
            assert f"a {{{name}}} block on a page that is not in the table of contents" in warnings

    def test_versions_and_code_of_others_are_no_prose(self, tmp_path):
        body = (
            ".. py:function:: f(x=0.5)\n\n   Adds 0.5.\n\n"
            ".. versionadded:: 1.2\n\n``0.5``\n\n::\n\n    0.5\n"
        )
        write_book(tmp_path, one=f"# One\n\n```{{eval-rst}}\n{body}\n```\n")
        _, _, warnings = build(tmp_path)
        assert warnings == ""


SMUGGLER = """
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class Smuggle(SphinxDirective):
    def run(self):
        shown = [nodes.math_block("", "x = 2 x"), nodes.raw("", "<p>$$x$$</p>", format="html")]
        for node in shown:
            self.set_source_info(node)
        return shown


class SmuggleLate(SphinxPostTransform):
    default_priority = 900

    def run(self):
        if self.env.docname == "late":
            self.document += nodes.math_block("", "x = 3 x")


def setup(app):
    app.add_directive("smuggle", Smuggle)
    app.add_post_transform(SmuggleLate)
    return {"parallel_read_safe": True}
"""


@pytest.fixture
def smuggler(tmp_path, monkeypatch):
    """An extension that displays formulas -> the extensions to build with."""
    (tmp_path / "smuggler.py").write_text(SMUGGLER)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "smuggler", raising=False)
    return [*SETTINGS["extensions"], "smuggler"]


@pytest.mark.build
def test_a_second_jupyter_book(tmp_path):
    """The whole of it, with the real command, kernel and theme, every warning an error."""
    for file in SECOND_BOOK.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    command = [Path(sys.executable).with_name("jupyter-book"), "build", tmp_path, "-W", "-n"]
    run = subprocess.run([*command, "--keep-going"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "checkedmath: 4 formulas, 5 steps" in run.stdout
    page = (tmp_path / "_build/html/sums.html").read_text()
    assert "(a - b)^2 = a^2 - 2 a b + b^2" in page
    assert "1.414" in page
