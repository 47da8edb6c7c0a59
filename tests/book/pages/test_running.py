"""Chapters that run in the page: from disk and served, in a real browser, without a network.

The files come by `make page-python`. Where they are missing these tests skip, and say so. Each
chapter is a copy of the built page with the scripts of a book with `python_in_the_page: here`.
"""

import json
import re
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.page_python import FOLDER, made_from
from tools.serve import server

pytestmark = [pytest.mark.browser, pytest.mark.build, pytest.mark.xdist_group("running")]

ROOT = Path(__file__).resolve().parents[3]
FILES = FOLDER / "files"
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))
OTHERS = ["../appendix/benchmarks", "../appendix/errata"]  # with cells, too
# Labels, integers of 32 bits, the checker.
ALWAYS = [("scores", "disk"), ("likelihood", "served"), ("gradient", "disk")]
PATIENCE = 4 * 60_000  # ms
AUDIT = {"resultTypes": ["violations"], "preload": False}
FORMS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}
# How far numbers may be from the build's, where they depend on the machine and on SciPy's version;
# what stands around them may not differ.
OTHER_DIGITS = {
    # Differences from finite differences, and the largest slope at a minimum, are rounding.
    ("back-propagation", 11): {"abs": 1e-9},
    ("likelihood", 3): {"abs": 1e-7},
    ("everything", 9): {"abs": 1e-9},
    # NumPy adds up numbers of single precision in an order that depends on the processor.
    ("every-digit", 11): {"rel": 0.2, "abs": 0},
    # SciPy 1.14 takes the relative entropy as it is written, SciPy 1.17 does not.
    ("every-digit", 14): {"rel": 0.5, "abs": 0},
    # SciPy 1.14's L-BFGS-B is another after 300 steps: pictures of 450 change sides.
    ("rare-classes", 19): {"rel": 0.0023},
    ("rare-classes", 23): {"rel": 0.0023},
    # Texts are drawn from a machine that SciPy 1.14 fits with other last digits: other draws.
    ("large-vocabulary", 18): {"abs": 0.003},
    ("large-vocabulary", 19): {"abs": 0.03},
}
NUMBER = re.compile(r"-?\d[\d.]*(?:e[+-]\d+)?")
OUTPUTS = """() => [...document.querySelectorAll('.run-output:not(.run-answer *)')].map(mine => {
  const words = 'pre, .text_html, .simple';
  const rest = mine.parentElement.cloneNode(true);
  const known = `.run-output, figure, .copybtn, ${words}`;
  for (const one of rest.querySelectorAll(known)) one.remove();
  const all = selector => [...mine.parentElement.querySelectorAll(selector)];
  const text = some => some.map(one => one.textContent).join('').trimEnd();
  const inside = one => mine.contains(one);
  return {
    built: text(all(words).filter(one => !inside(one))),
    here: text(all('.run-output pre, .run-html')),
    figures: all('.course-figure').filter(one => !inside(one)).length,
    drawn: all('.run-svg svg').length,
    rest: rest.textContent.trim(),
    seen: all('.course-figure').filter(one => one.checkVisibility({contentVisibilityAuto: true})
      && !inside(one)).length,
  };
})"""


@pytest.fixture(scope="session")
def python_files():
    """Return the files of the Python in the page, of the packages as they are now."""
    made = FILES / "made.json"
    if not made.is_file():
        pytest.skip("NO PAGE IS RUN: page-python/files is missing, `make page-python` gets it")
    told = json.loads(made.read_text(encoding="utf-8"))
    if told["made_from"] != made_from():
        pytest.fail("page-python/files has other packages than code/: run `make page-python` again")
    return told


@pytest.fixture(scope="session")
def running_book(book, python_files, tmp_path_factory):
    """Return a copy of the book whose chapters can run."""
    copy = tmp_path_factory.mktemp("running") / "html"
    shutil.copytree(book, copy, ignore=shutil.ignore_patterns("notebooks", "_sources"))
    shutil.copytree(FILES, copy / "_static" / "python", dirs_exist_ok=True)
    told = f'data-about="{python_files["about"]}" data-size="{python_files["megabytes"]}"'
    scripts = (
        '<link rel="stylesheet" type="text/css" href="../../_static/run/page.css">'
        '<script defer src="../../_static/run/worker.js"></script>'
        f'<script defer src="../../_static/run/page.js" data-python="../../_static/python" {told}>'
        "</script></head>"
    )
    for name in CHAPTERS + OTHERS:
        page = copy / "book" / "chapters" / f"{name}.html"
        page.write_text(page.read_text("utf-8").replace("</head>", scripts, 1), encoding="utf-8")
    return copy


@pytest.fixture(scope="session")
def address(running_book):
    """Serve the book; return the address."""
    with server(0, running_book) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/book/chapters"
        serving.shutdown()


@pytest.fixture
def visit(running_book, address, browser):
    """Return a context manager that opens a chapter and refuses errors and requests elsewhere."""

    @contextmanager
    def open_chapter(name, way="disk", **options):
        context = browser.new_context(offline=way == "disk", **options)
        context.set_default_timeout(PATIENCE)
        page, troubles, asked = context.new_page(), [], set()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.extend(elsewhere(request.url, address)))
        page.on("request", lambda request: asked.add(request.url))
        folder = address if way == "served" else (running_book / "book" / "chapters").as_uri()
        page.goto(f"{folder}/{name}.html")
        page.evaluate("window.MathJax && MathJax.startup.promise")
        try:
            yield Chapter(page, asked)
        finally:
            context.close()
        assert troubles == []

    return open_chapter


def elsewhere(url, address):
    """Return what is wrong with a request."""
    fine = urlsplit(url).scheme in ("file", "data", "blob") or url.startswith(address[:22])
    return [] if fine else [f"asks the network for {url}"]


class Chapter:
    """An open page."""

    def __init__(self, page, asked):
        self.page, self.asked = page, asked
        self.status = page.locator(".run-status")

    def button(self, name):
        """Return a button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def has_focus(self, name):
        """Tell whether the keyboard acts on a button."""
        return self.button(name).evaluate("it => it === document.activeElement")

    def run(self):
        """Run the page to its end."""
        self.button("Run this page").click()
        self.wait_for("Every cell|An error|Python cannot")

    @property
    def loaded(self):
        """The names of the files of the Python in the page that it has loaded."""
        return {url.rsplit("/", 1)[1] for url in self.asked if "/_static/python/" in url}

    def megabytes(self):
        """Return the size of these files."""
        return sum((FILES / name).stat().st_size for name in self.loaded) / 1e6

    def wait_for(self, words):
        """Wait until the status begins with some words."""
        self.page.wait_for_function(
            "words => new RegExp(`^(${words})`).test("
            "document.querySelector('.run-status').textContent)",
            arg=words,
        )

    def code(self, number):
        """Return the code of a cell."""
        return self.page.get_by_role("textbox", name=f"Code of cell {number}", exact=True)

    def first_open(self):
        """Return the number of the first cell that is not folded."""
        cells = self.page.get_by_role("textbox", name=re.compile(r"Code of cell \d+"))
        return int(cells.first.get_attribute("aria-label").split()[-1])

    def output(self, number):
        """Return what a cell has put out."""
        return self.page.locator(".run-output:not(.run-answer *)").nth(number - 1)

    def run_with(self, number, code):
        """Put other code into a cell and run it; return what it puts out."""
        self.code(number).fill(code)
        self.button(f"Run cell {number}").click()
        self.wait_for("Every cell|An error")
        return self.output(number).inner_text().strip()


def alike(built, here, **closeness):
    """Tell whether two texts are the same but for digits, and how close their numbers are."""
    if NUMBER.sub("#", built) != NUMBER.sub("#", here):
        return False
    theirs, ours = ([float(each) for each in NUMBER.findall(text)] for text in (built, here))
    return ours == pytest.approx(theirs, **closeness)


def differences(name, outputs):
    """Return the cells whose output is not the build's."""
    for number, found in enumerate(outputs, 1):
        built, here = found["built"], found["here"]
        closeness = OTHER_DIGITS.get((name, number))
        same = alike(built, here, **closeness) if closeness else built == here
        if not same or found["figures"] != found["drawn"] or found["rest"]:
            yield number, found


def run_and_compare(visit, name, way):
    """Run a chapter; compare every output with the build's; tell the count, times and sizes."""
    with visit(name, way) as chapter:
        start = time.perf_counter()
        chapter.button("Run this page").click()
        chapter.page.wait_for_function("document.querySelector('.run-output > *') !== null")
        first = time.perf_counter() - start
        chapter.wait_for("Every cell|An error|Python cannot")
        whole = time.perf_counter() - start
        assert chapter.status.inner_text() == "Every cell that was asked for has run."
        outputs = chapter.page.evaluate(OUTPUTS)
        assert list(differences(name, outputs)) == []
        assert sum(found["seen"] for found in outputs) == 0
        return (
            f"\n{name}, {way}: {len(outputs)} cells as in the build, the first result after"
            f" {first:.1f} s, all after {whole:.1f} s, {len(chapter.loaded)} files of"
            f" {chapter.megabytes():.1f} MB"
        )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), ALWAYS)
def test_three_chapters_run_to_their_end(visit, name, way, capsys):
    found = run_and_compare(visit, name, way)
    with capsys.disabled():
        print(found)


@pytest.mark.long
@pytest.mark.parametrize("way", ["disk", "served"])
@pytest.mark.parametrize("name", CHAPTERS + OTHERS)
def test_every_chapter_runs_to_its_end(visit, name, way, capsys):
    found = run_and_compare(visit, name, way)
    with capsys.disabled():
        print(found)


class TestBeforeAskedFor:
    def test_nothing_is_loaded_and_nothing_can_be_edited(self, visit):
        with visit("scores") as chapter:
            assert chapter.button("Run this page").is_visible()
            assert re.search("Python 3.*NumPy 2.*MB.*nothing is sent", chapter.status.inner_text())
            assert chapter.loaded == set()
            assert chapter.page.locator("[contenteditable], .run-output").count() == 0

    def test_a_book_without_python_has_no_button(self, book):
        for page in (book / "book").rglob("*.html"):
            assert "_static/run/" not in page.read_text(encoding="utf-8")
        assert not (book / "_static" / "python").exists()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_serves_every_reader(visit, form):
    with visit("scores", **FORMS[form]) as chapter:
        for state in ("before", "after"):
            found = Axe().run(chapter.page, None, AUDIT)
            assert found.violations_count == 0, (state, found.generate_report())
            root = "document.documentElement"
            assert chapter.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), state
            if state == "before":
                chapter.run()


@pytest.mark.slow
def test_a_reader_changes_cells_and_is_told(visit):
    with visit("gradient") as chapter:
        chapter.run()
        says = "exercises.check('to_bits', lambda nats: nats {} np.log(2))"
        assert chapter.run_with(2, says.format("/")) == "to_bits: all 3 properties hold."
        assert chapter.run_with(2, says.format("*")).startswith("to_bits: not yet.")
        assert chapter.status.inner_text() == "An error in cell 2."  # no other was asked for
        error = chapter.run_with(2, "x = 1\nx / 0")
        assert 'File "cell 2", line 2' in error
        assert "ZeroDivisionError: division by zero" in error
        threads = chapter.run_with(2, "import threading\nthreading.Thread(target=print).start()")
        assert "needs threads or processes" in threads
        build = chapter.page.locator(".cell_output:has(.run-cannot) > :not(.run-output)")
        assert "+0.119" in build.inner_text()
        checker = r"Derivation(r'a_i = a_i + 1', letters)"
        assert "left is" in chapter.run_with(2, checker)


@pytest.mark.slow
def test_an_exercise_has_a_cell_for_its_answer(visit):
    with visit("softmax") as chapter:
        answers = chapter.page.locator(".exercise + .run-answer")
        assert answers.count() == 0
        chapter.run()
        assert answers.count() == chapter.page.locator("[data-answer]").count() > 2
        assert "".join(answers.locator(".run-output").all_inner_texts()) == ""  # nobody has begun
        mine = chapter.page.get_by_role("textbox", name="Code of answer 1", exact=True)
        text = mine.inner_text().replace("\n# exercises", "\nexercises")
        for line, said in (("np.exp(logits)", "not yet"), ("softmax(logits)", "all ")):
            mine.fill(text.replace("...", f"return {line}"))
            mine.press("Shift+Enter")
            chapter.wait_for("Every cell|An error")
            assert said in answers.first.locator(".run-output").inner_text()


@pytest.mark.slow
def test_a_cell_is_edited_by_keyboard_and_reset(visit):
    with visit("scores") as chapter:
        chapter.button("Run this page").press("Enter")
        chapter.wait_for("Every cell")
        assert chapter.has_focus("Run all")
        cell = chapter.first_open()
        before, reset = chapter.code(cell).inner_text(), chapter.button(f"Reset cell {cell}")
        said = chapter.output(cell).inner_text().strip()
        assert not reset.is_visible()
        chapter.code(cell).press("Control+End")
        chapter.page.keyboard.type("\n7 / 2")  # the slash opens the search elsewhere
        chapter.page.keyboard.press("Shift+Enter")
        chapter.wait_for("Every cell")
        assert chapter.output(cell).inner_text().strip() == f"{said}\n3.5"
        reset.click()
        assert chapter.code(cell).inner_text() == before
        assert chapter.output(cell).inner_text() == ""
        assert not reset.is_visible()


@pytest.mark.slow
def test_an_endless_loop_is_stopped(visit):
    with visit("scores") as chapter:
        chapter.run()
        cell = chapter.first_open()
        chapter.code(cell).fill("print('on and on', flush=True)\nwhile True: pass")
        chapter.button(f"Run cell {cell}").click()
        chapter.output(cell).get_by_text("on and on").wait_for()
        chapter.button("Stop").press("Enter")
        assert chapter.has_focus("Run all")
        assert "What the cells had computed is gone" in chapter.status.inner_text()
        chapter.button(f"Reset cell {cell}").click()
        chapter.button(f"Run cell {cell}").click()  # with the one above, whose names are gone
        chapter.wait_for("Every cell")
        assert chapter.output(cell).inner_text().startswith("right: one number")


@pytest.mark.slow
def test_a_missing_file_is_named(visit, running_book):
    folder = running_book / "_static" / "python"
    hidden = (folder / "pyodide.js.js").rename(folder / "away")
    try:
        with visit("softmax") as chapter:
            chapter.run()
            assert "pyodide.js is not to be had" in chapter.status.inner_text()
            assert chapter.button("Run all").is_enabled()
    finally:
        hidden.rename(folder / "pyodide.js.js")
