"""Parts of a page become Markdown that Jupyter shows as it was meant, and code that helps."""

import html
import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[3]


def room(name):
    """Import a room of the book's extension."""
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    try:
        return importlib.import_module(f"course.{name}")
    finally:
        sys.path.pop(0)


markdown, opening, stubs = (room(f"notebooks.{name}") for name in ("markdown", "opening", "stubs"))
header, quizzes = room("header"), room("quizzes")
ADDRESS = "https://book.test/book/chapters/softmax.html"


def writer(address=""):
    """Return the writer of a page with a figure and a formula."""
    numbers = {"figure": {"fig": (2, 1)}, "displaymath": {"eq": (2, 7)}}
    page = markdown.Page("book/chapters/softmax", numbers, {"figure": "Fig. %s"}, address, ROOT)
    return markdown.Writer(page)


def paragraph(*parts):
    """Return a paragraph of words and nodes."""
    texts = (nodes.Text(part) if isinstance(part, str) else part for part in parts)
    return nodes.paragraph("", "", *texts)


def rendered(text):
    """Return what a reader sees of Markdown: its paragraphs, without mark-up."""
    mark_up = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    return html.unescape(re.sub(r"<[^>]*>", "", mark_up)).strip()


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "2 * 3 * 4",
            "_all_ of __init__ and some_name",
            "a `tick`",
            "costs 5 $ or 6 $",
            "[0, 1](not a link)",
            "if a <b> c, R&amp;D",
            "~about~ this",
            r"a \ b",
            "# no title",
            "- no list",
            "1. no list",
            "> no quote",
        ],
    )
    def test_is_read_as_it_stands(self, text):
        assert rendered(writer().block(paragraph(text))) == text

    def test_takes_no_mark_that_it_does_not_need(self):
        text = "On [0, 1] the name some_name is 3 < 4, and -1 too."
        assert writer().block(paragraph(text)) == text

    def test_a_dollar_opens_no_formula(self):
        assert writer().block(paragraph("5 $")) == r"5 \$"


class TestFormulas:
    def test_in_a_sentence(self):
        assert writer().block(paragraph("for ", nodes.math("", "a\n_i"), ".")) == "for $a _i$."

    def test_displayed_with_its_number(self):
        assert writer().block(nodes.math_block("", "\na = b", ids=["eq"])) == (
            "$$\na = b \\tag{2.7}\n$$"
        )

    def test_in_a_quote_it_takes_one_line(self):
        block = nodes.math_block("", "a\n= b")
        box = nodes.admonition("", nodes.title("", "Wrong"), block)
        assert writer().block(box) == "> **Wrong**\n>\n> $$a = b$$"

    def test_a_bar_ends_no_cell_of_a_table(self):
        listed = nodes.definition_list()
        term = nodes.term("", "", nodes.math("", r"|x|, \|y\|"))
        meaning = nodes.definition("", paragraph("sizes, a|b"))
        listed += nodes.definition_list_item("", term, meaning)
        box = nodes.admonition("", nodes.title("", "Where"), listed, classes=["checkedmath-where"])
        last = writer().block(box).splitlines()[-1]
        assert last == r"| $\vert x\vert , \Vert y\Vert $ | sizes, a\|b |"


class TestLinks:
    @staticmethod
    def link(target, *classes, internal=True):
        """Return a link to a place, with a text of these classes."""
        text = nodes.inline("", "Scores", classes=classes)
        return nodes.reference("", "", text, refuri=target, internal=internal)

    def test_without_an_address_of_the_book_it_is_the_title(self):
        assert writer().words(paragraph(self.link("scores.html", "std-ref"))) == "*Scores*"

    def test_with_an_address_it_leads_to_the_page(self):
        found = writer(ADDRESS).words(paragraph(self.link("scores.html#eq", "std-ref")))
        assert found == "[Scores](https://book.test/book/chapters/scores.html#eq)"

    def test_to_elsewhere_it_stays(self):
        link = self.link("https://numpy.org", internal=False)
        assert writer().words(paragraph(link)) == "[Scores](https://numpy.org)"

    def test_a_term_is_a_plain_word(self):
        assert writer(ADDRESS).words(paragraph(self.link("notation.html", "std-term"))) == "Scores"


def test_a_number_of_the_text_bears_its_mark():
    number = nodes.inline("", "0.879", classes=["output", "text_plain"])
    assert writer().block(paragraph("It is ", number, ".")) == (
        'It is <abbr title="as of the build">0.879</abbr>.'
    )


def test_what_is_said_of_answers_is_folded():
    answers = (
        quizzes.Answer("", paragraph(said), paragraph(why), letter=letter)
        for letter, said, why in [("A", "Yes", "Right. So it is."), ("B", "No", "No. It is not.")]
    )
    text = writer().block(quizzes.Question("", paragraph("Is it so?"), *answers, number=1))
    question, _, said = text.partition("<details>")
    assert rendered(question).split("\n") == ["Question 1", "Is it so?", "", "A Yes", "B No"]
    assert "- **A** Right. So it is.\n- **B** No. It is not." in said


def test_a_picture_is_in_the_notebook():
    image = nodes.image(uri="tests/project/test_readme.py", alt='A "drawing".')
    assert re.fullmatch(
        r'<img alt="A &quot;drawing&quot;\." style="background-color: white"'
        r' src="data:text/x-python;base64,[\w+/=]+">',
        writer().block(image),
    )


class TestStubs:
    def test_ask_for_what_the_check_wants(self):
        source = (
            'def helper(): pass\ndef mine(a, *, b=2):\n    return 1\nexercises.check("x", mine)'
        )
        assert stubs.stub(["1 + 1", source]).splitlines()[1:] == [
            "def mine(a, *, b=2):",
            "    ...",
            "",
            '# exercises.check("x", mine)',
        ]

    def test_of_two_values(self):
        source = "one = [1]\ntwo = [2]\nexercises.check('pair', (one, two))"
        assert stubs.stub([source]).splitlines()[1:] == [
            *("one = ...", "", "two = ...", ""),
            '# exercises.check("pair", (one, two))',
        ]

    def test_are_none_where_nothing_is_checked(self):
        assert stubs.stub(["def mine(): pass\nmine()"]) == ""


USES = "import numpy as np\nfrom softmaxlab import softmax"
CHECKS = "from checkedmath import Derivation"
READS = 'text = Path("../records/times.json").read_text()'
REPOSITORY = "https://github.com/OWNER/NAME"


class TestPreparation:
    @pytest.fixture
    def bare(self, monkeypatch, tmp_path):
        """An environment in which nothing is found."""
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        monkeypatch.chdir(tmp_path)

    def test_says_in_words_how_to_get_the_packages(self, bare):
        with pytest.raises(ModuleNotFoundError, match="in it, run: ") as said:
            exec(opening.preparation([USES], ""), {})
        assert str(said.value).endswith(
            'pip install "./code/softmaxlab[exercises,figures,learn]" ./code/checkedmath'
        )

    def test_does_nothing_where_they_are(self, capsys):
        assert exec(opening.preparation([USES, CHECKS], ""), {}) is None
        assert capsys.readouterr() == ("", "")

    def test_looks_only_for_what_the_cells_use(self):
        assert "checkedmath" not in opening.preparation([USES], "").partition("raise")[0]
        assert '"mpmath"' in opening.preparation([USES, CHECKS], "")
        assert opening.preparation(["import json"], "") == ""

    def test_gets_the_packages_from_a_repository_in_one_line(self):
        (line,) = re.findall(
            r"^    %pip install .*$", opening.preparation([USES], REPOSITORY), re.M
        )
        archive = f"{REPOSITORY}/archive/main.zip"
        assert line.split("--quiet ")[1] == (
            f'"softmaxlab[exercises,figures,learn] @ {archive}#subdirectory=code/softmaxlab"'
            f' "checkedmath @ {archive}#subdirectory=code/checkedmath"'
        )

    def test_says_where_the_measurements_belong(self, tmp_path, monkeypatch):
        (tmp_path / "notebooks").mkdir()
        monkeypatch.chdir(tmp_path / "notebooks")
        code = opening.preparation([USES, READS], "")
        with pytest.raises(FileNotFoundError, match=r"reads records/times\.json, measurements"):
            exec(code, {})
        (tmp_path / "records").mkdir()
        (tmp_path / "records" / "times.json").touch()
        exec(code, {})

    def test_fetches_the_measurements_from_a_repository(self):
        code = opening.preparation([USES, READS], REPOSITORY)
        assert f'"{REPOSITORY}/raw/main/book/records/times.json", "../records/times.json"' in code


def test_binder_and_colab_open_what_was_published():
    binder, colab, _ = header.links(REPOSITORY, "softmax.ipynb")
    assert binder["url"] == (
        "https://mybinder.org/v2/gh/OWNER/NAME/notebooks?urlpath=lab/tree/notebooks%2Fsoftmax.ipynb"
    )
    assert colab["url"] == (
        "https://colab.research.google.com/github/OWNER/NAME/blob/notebooks/notebooks/softmax.ipynb"
    )
