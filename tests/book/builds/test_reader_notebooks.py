"""The notebooks that readers download show what the pages show, in Markdown alone."""

import base64
import os
import re
import shutil
import subprocess

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from tests.book.builds.test_notebooks import NOTEBOOKS, ROOT, SETTINGS, code_cells, outputs
from tools import wheels

pytestmark = pytest.mark.build

PACKAGES = {"softmaxlab": "[exercises,figures,learn]", "checkedmath": ""}  # as the first cell asks
NAMES = [path.stem for path in NOTEBOOKS]
RAW = re.compile(r"\{[a-z][\w:-]*\}`|^[ >]*(:{3,}|`{3,}\{)|^\([\w:-]+\)=|^\$\$ \(|\{\{", re.M)
CODE = re.compile(r"^(?P<fence>`{3,}).*?^(?P=fence)$|(?P<ticks>`+)[^`].*?(?P=ticks)", re.M | re.S)
FORMULA = re.compile(r"(?<!\\)(\$\$?)(?!\s*$).+?(?<!\\)\1", re.S)
NUMBER = re.compile(r'<abbr title="as of the build">(.*?)</abbr>')
CAPTION = re.compile(r"^\*\*Fig\. [\d.]+\*\* ", re.M)
PICTURE = re.compile(r'<img alt="(.*?)" style=".*?" src="data:image/svg\+xml;base64,(.*?)">')
SHOWN = "p:not(.reading-time, .admonition-title, .widget-title, .prev-next-subtitle)"


@pytest.fixture(params=NAMES)
def name(request):
    """The name of a chapter."""
    return request.param


@pytest.fixture
def notebook(book, name):
    """The notebook that a reader of a chapter downloads."""
    return nbformat.read(book / "notebooks" / f"{name}.ipynb", as_version=4)


@pytest.fixture
def texts(notebook):
    """The texts of a notebook."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.fixture
def article(book, name):
    """The text of the page, without what its cells have shown."""
    page = (book / "book" / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(page, "html.parser").select_one("article")
    # The lines of a derivation are those of a formula that stands above them.
    for box in article.select("div.cell, .headerlink, .widget-lines, .checkedmath-says"):
        captions = box.select("figcaption")
        box.replace_with(*captions) if captions else box.decompose()
    return article


def own(notebook):
    """Return the cells of the page, without those that only the notebook has."""
    ours = {"preparation", "answer"}
    return [cell for cell in code_cells(notebook) if not ours & set(cell.metadata.tags)]


def pictures_of(cell):
    """Return the pictures below a cell: their words, and the drawing."""
    texts = "".join(output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
    found = re.findall(
        r'<img alt="(.*?)" style=".*?" src="data:image/svg\+xml;base64,(.*?)">', texts
    )
    return [(alt, base64.b64decode(drawing).decode()) for alt, drawing in found]


def as_svg(cell):
    """Return what a cell shows, with a picture in a text as the drawing that it is."""
    drawings = iter(drawing for _, drawing in pictures_of(cell))
    for output in cell.outputs:
        if output.get("data", {}).get("text/markdown", "").startswith("<img "):
            del output.data["text/markdown"]
            output.data["image/svg+xml"] = next(drawings)
    return outputs(cell)


def squeezed(text):
    """Return a text without spaces, which are not the same in a page and in Markdown."""
    return "".join(text.split())


def seen(source):
    """Return what a reader sees of a Markdown cell, with a square for each formula."""
    codes = [match[0] for match in CODE.finditer(source)]
    text = FORMULA.sub("□", CODE.sub("\ue000", source))
    for code in codes:
        text = text.replace("\ue000", code, 1)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    return squeezed(BeautifulSoup(html, "html.parser").get_text())


def test_nothing_is_raw(texts):
    assert [found[0] for text in texts for found in RAW.finditer(CODE.sub("", text))] == []


def test_it_is_valid_and_every_cell_has_a_name_of_its_own(notebook, name):
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [
        f"{name}-{number}" for number in range(len(notebook.cells))
    ]


def test_it_begins_with_its_title_and_what_gets_the_packages(notebook):
    assert re.match(r"# \d+\. \w", notebook.cells[0].source)
    assert notebook.cells[1].metadata.tags == ["preparation"]
    assert notebook.cells[1].outputs == []


def test_cells_have_the_outputs_of_the_book_or_are_told_in_a_solution(book, notebook, texts, name):
    built = book.parent / "jupyter_execute" / "book" / "chapters" / f"{name}.ipynb"
    ours, all_texts = iter(own(notebook)), "\n".join(texts)
    cell = next(ours)
    for other in code_cells(nbformat.read(built, as_version=4)):
        if other.source == cell.source:
            assert as_svg(cell) == outputs(other)
            cell = next(ours, None) or nbformat.v4.new_code_cell()
        else:
            assert f"```python\n{other.source}\n```" in all_texts
            printed = [
                shown if isinstance(shown, str) else shown["text/plain"]
                for _, shown in outputs(other)
            ]
            assert [
                text for text in printed if f"```text\n{text.rstrip()}\n```" not in all_texts
            ] == []
    assert next(ours, None) is None


def test_every_number_of_the_text_is_there_and_marked(texts, article):
    numbers = [found for text in texts[1:] for found in NUMBER.findall(text)]  # the first explains
    shown = article.select("span.output.text_plain")
    once = [span for span in shown if not span.find_parent(class_="question-key")]  # is for paper
    assert [seen(number) for number in numbers] == [squeezed(span.get_text()) for span in once]


def test_every_formula_has_its_number(texts, article):
    tags = [number for text in texts for number in re.findall(r"\\tag\{([\d.]+)\}", text)]
    assert [f"({tag})" for tag in tags] == [
        squeezed(span.find(string=True)) for span in article.select("span.eqno")
    ]


def test_every_sentence_is_there(texts, article):
    for formula in article.select(".math"):
        formula.replace_with("□")
    everything = "".join(map(seen, texts))
    said = [squeezed(part.get_text()) for part in article.select(SHOWN)]
    assert [sentence for sentence in said if sentence not in everything] == []
    assert len(said) > 20


def test_every_figure_has_its_caption_and_its_words(texts, notebook, article):
    pictures = [picture for cell in own(notebook) for picture in pictures_of(cell)]
    captions = [
        line for text in texts for line in re.findall(r"^\*\*Fig\. [\d.]+\*\* ", text, re.M)
    ]
    assert len(captions) == len(pictures) == len(article.select("figcaption"))
    assert [alt for alt, _ in pictures if len(alt.split()) < 5] == []


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The interpreter of an environment with both wheels, what runs notebooks, and no more."""
    built = wheels.build(tmp_path_factory.mktemp("wheels"))
    full = [f"{name}{PACKAGES[name]} @ {wheel.as_uri()}" for name, wheel in built.items()]
    return wheels.install(*full, "ipykernel", "nbclient")


def run_alone(python, notebook, folder):
    """Run a notebook with another interpreter, in a folder of its own; return its cells."""
    source = folder / "notebooks" / "chapter.ipynb"
    source.parent.mkdir()
    nbformat.write(notebook, source)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "MPL"))}
    environment |= SETTINGS | {"IPYTHONDIR": str(folder), "JUPYTER_PREFER_ENV_PATH": "1"}
    command = [python, "-m", "jupyter", "execute", "--output", "../done", source.name]
    done = subprocess.run(
        command, cwd=source.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert [path.name for path in source.parent.iterdir()] == [source.name], "it leaves files"
    return code_cells(nbformat.read(folder / "done.ipynb", as_version=4))


@pytest.mark.long
def test_it_runs_alone_with_the_installed_packages_and_says_what_the_book_says(
    bare, notebook, tmp_path
):
    if "../records" in notebook.cells[1].source:  # it asks for them in its first lines
        shutil.copytree(ROOT / "book" / "records", tmp_path / "records")
    wanted = [(cell.source, as_svg(cell)) for cell in code_cells(notebook)]
    for cell in code_cells(notebook):
        cell.outputs = []
    ran = run_alone(bare, notebook, tmp_path)
    assert [(cell.source, outputs(cell)) for cell in ran] == wanted
