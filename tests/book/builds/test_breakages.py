"""The small book builds; each single breakage stops it and is named with its file and line.

Every page in ``broken/`` has one thing wrong with it.
"""

import re
from pathlib import Path

import pytest

from tools import builds

pytestmark = pytest.mark.build

BROKEN = Path(__file__).parent / "broken"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
TOC = "      - file: book/chapters/second\n"

# page: (what stands on the line that must be named, what is said of it)
WARNINGS = {
    "raises": ("code-cell", "a cell raised ZeroDivisionError: division by zero"),
    "prints-without-end": ("code-cell", "a cell prints 30.0 MB, and a page has room for 1 MB"),
    "writes-to-stderr": ("code-cell", "stderr was found in the cell outputs"),
    "unknown-name": ("eval", "name 'y' is not defined"),
    "number-with-its-type": ("eval", "a sentence shows np.float64(0.5): format the number"),
    "unknown-reference": ("no-such-place", "no-such-place"),
    "unknown-citation": ("nobody1900", "nobody1900nothing"),
    "no-alt-text": ("picture.svg", "a figure needs alt text"),
    "no-alt-text-of-a-drawing": ("code-cell", "a figure needs alt text"),
    "link-to-no-page": ("third.md", "third.md"),
    "link-to-no-place": ("first.md", "no-such-section"),
    "not-for-a-notebook": ("rubric", "a reader's notebook cannot show a rubric"),
    "no-right-answer": ("question", ":right: has to be one of the letters A, B"),
    "one-answer": ("question", "a question needs at least two answers"),
    "data-without-value": ("widget", ":data: has no value"),
    "not-in-the-contents": ("---", "missing from _toc.yml"),
}
REFUSALS = {
    "wrong-sign": ("$$", "the page says left = right, but at x = "),
    "unlabelled": ("$$", "a displayed formula without a label"),
    "bare-number": ("0.407606", "a number typed by hand: 0.407606"),
}


def break_book(book, pages):
    """Add broken pages to a book."""
    (book.root / "book" / "picture.svg").write_text(PICTURE, encoding="utf-8")
    for name in pages:
        text = (BROKEN / f"{name}.md").read_text(encoding="utf-8")
        (book.root / "book" / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    listed = [f"      - file: book/chapters/{name}\n" for name in pages if "not-in" not in name]
    book.edit("_toc.yml", TOC, TOC + "".join(listed))


def complaints(output):
    """Return the different lines that name a place in a text: ``path/page.md:line: message``."""
    return sorted(set(re.findall(r"^.*\.md:\d+: .*$", output, re.M)))


def lines_of(page, text):
    """Return the numbers of the lines that are to blame: one line, or all of a cell."""
    lines = (BROKEN / f"{page}.md").read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines, 1) if text in line)
    last = lines.index("```", first) + 1 if "code-cell" in text else first
    return range(first, last + 1)


def expect(output, page, text, message):
    """Find the one complaint about a page, with its line and its message."""
    (found,) = [line for line in complaints(output) if f"chapters/{page}.md:" in line]
    number = int(re.search(r"\.md:(\d+): ", found)[1])
    assert number in lines_of(page, text)
    assert message in found


@pytest.fixture(scope="module")
def warned(make_small_book):
    """Build a book with all that Sphinx warns of; return the book, the status and the output."""
    book = make_small_book("warned")
    break_book(book, WARNINGS)
    return book, *book.build()


@pytest.fixture(scope="module")
def refused(make_small_book):
    """Build a book with all that checkedmath refuses; return the status and the output."""
    book = make_small_book("refused")
    break_book(book, REFUSALS)
    return book.build()


@pytest.mark.xdist_group("a small book")
def test_unbroken_book_builds(first_build):
    assert complaints(first_build.output) == []


@pytest.mark.xdist_group("a book with warnings")
class TestWarnings:
    def test_stop_the_build(self, warned):
        _, status, _ = warned
        assert status == 1

    @pytest.mark.parametrize(("page", "said"), WARNINGS.items(), ids=WARNINGS)
    def test_names_file_and_line(self, warned, page, said):
        expect(warned[2], page, *said)

    def test_each_of_them_counts(self, warned):
        """Each alone would stop the build: none is printed without being counted."""
        printed = re.findall(r"^.*\.md(?::\d+)?: (?:WARNING|ERROR): ", warned[2], re.M)
        assert f"build finished with problems, {len(printed)} warnings" in warned[2]

    def test_are_repeated_until_mended(self, warned):
        book, _, first = warned
        status, second = book.build()
        assert status == 1
        assert complaints(second) == complaints(first), second


@pytest.mark.parametrize("broken", ["unknown-reference", "raises", "no-alt-text"])
def test_only_the_page_that_is_complained_of_is_read_again(small_book, broken):
    break_book(small_book, [broken])
    small_book.build()
    status, output = small_book.build()
    assert status == 1
    assert re.search("updating environment: .*0 added, 1 changed, 0 removed", output)


def test_a_label_that_was_used_twice_is_whole_when_it_is_used_once_again(small_book):
    """The page that keeps it is read again, too: Sphinx has given its label to the other one."""
    second, label = "book/chapters/second.md", "\n(first)=\n## Twice\n"
    small_book.edit(second, "# Second", f"# Second\n{label}")
    status, output = small_book.build()
    assert status == 1
    assert "duplicate label first" in output
    small_book.edit(second, label.strip(), "")
    status, output = small_book.build()
    assert status == 0, output


def test_a_kernel_that_dies_is_named_with_page_and_cell(small_book):
    break_book(small_book, ["kernel-dies"])
    status, output = small_book.build()
    assert status == 1
    found = re.search(r"chapters/kernel-dies\.md:(\d+): the kernel died in this cell", output)
    assert int(found[1]) in lines_of("kernel-dies", "code-cell")


@pytest.mark.xdist_group("a book that is refused")
class TestRefusals:
    def test_stop_the_build(self, refused):
        assert refused[0] == 1

    @pytest.mark.parametrize(("page", "said"), REFUSALS.items(), ids=REFUSALS)
    def test_names_file_and_line(self, refused, page, said):
        expect(refused[1], page, *said)


def test_a_notebook_that_differs_stops_the_build(small_book):
    line = small_book.edit("book/chapters/second.md", "# Second", "# The second")
    status, output = builds.build(small_book.root)
    assert status == 1
    assert f"book/chapters/second.md:{line}: second.ipynb differs" in output
    assert "Sphinx" not in output


def test_an_unfinished_merge_stops_the_build(small_book):
    line = small_book.edit("book/chapters/second.md", "# Second", "# Second\n\n<<<<<<< HEAD\nx")
    status, output = builds.build(small_book.root)
    assert status == 1
    assert f"book/chapters/second.md:{line + 2}: an unfinished merge" in output
    assert "Sphinx" not in output
