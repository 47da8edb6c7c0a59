"""Every page of the built book in a real browser, from ``file://`` and without a network.

A page is opened twice: in dark, where one then asks for light, and on a phone, in light from the
beginning. What is folded is unfolded first, so that it is looked at too.
"""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.browser, pytest.mark.build]

ROOT = Path(__file__).resolve().parents[3]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
TEXTS = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
CHAPTERS = [name for name in TEXTS if name.startswith("book/chapters/")]
PAGES = [*TEXTS, "genindex", "py-modindex", "search"]

NARROW, WIDER = 360, 390  # the width of phones, in pixels
DESKTOP = {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": NARROW, "height": 740}, "has_touch": True, "is_mobile": True}
MODES = ("light", "dark", "phone")

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AUDIT = {"resultTypes": ["violations"], "preload": False}  # every rule; failures in full
# To judge the contrast of code and of tables takes most of the time, and what stands there is of a
# few kinds. Of each kind, by its look and all the grounds it stands on, the shortest is judged (but
# no single character, of which axe-core would not say whether it is text).
MANY_ALIKE = "pre, pre *, code, code *, td, td *, .sig, .sig *"
ONE_OF_EACH = """many => axe.configure({rules: [
  {id: 'color-contrast', selector: `:not(${many}), [data-specimen]`}]})"""
MARK_SPECIMENS = """many => {
  const look = one => { const style = getComputedStyle(one);
    return ['color', 'backgroundColor', 'fontWeight', 'fontSize', 'opacity'].map(n => style[n]); };
  const length = one => one.textContent.trim().length;
  const kinds = new Map(), size = one => length(one) > 1 ? length(one) : Infinity;
  for (const one of document.querySelectorAll(many)) {
    one.removeAttribute('data-specimen');
    const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || !one.checkVisibility()) continue;
    let kind = one.tagName;
    for (let box = one; box; box = box.parentElement) kind += look(box);
    if (!kinds.has(kind) || size(one) < size(kinds.get(kind))) kinds.set(kind, one);
  }
  for (const one of kinds.values()) one.setAttribute('data-specimen', '');
}"""
# axe-core parses the same few colours thousands of times: most of its time.
REMEMBER_COLOURS = """() => {
  const known = new Map(), {Color} = axe.commons.color, parse = Color.prototype.parseString;
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, parse.call(new Color(0, 0, 0), text));
    const {r, g, b, alpha} = known.get(text);
    return Object.assign(this, {r, g, b, alpha});
  };
}"""
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
TYPESET = "() => window.MathJax ? MathJax.startup.promise.then(() => true) : true"
UNFOLD = """() => {
  document.querySelectorAll('details').forEach(one => { one.open = true; });
  document.querySelectorAll('button.toggle-button-hidden').forEach(one => one.click());
}"""
# The theme lets the keyboard stop at what scrolls, some time after the page has changed.
SETTLED = """() => {
  const all = 'pre, .cell_output > .output, .pst-scrollable-table-container';
  const scrolls = one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
  return [...document.querySelectorAll(all)].every(one => one.tabIndex === (scrolls(one) ? 0 : -1));
}"""
THEME = "() => document.documentElement.dataset.theme"
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FOLDED = "() => document.querySelectorAll('details:not([open]), .toggle-hidden').length"
MATHEMATICS = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const raw = [];
  while (words.nextNode())
    if (/\\$\\$|\\\\[([]|\\\\(begin|frac|sum)\\b/.test(words.currentNode.data)
        && !words.currentNode.parentElement.closest('pre, code, script, style'))
      raw.push(words.currentNode.data);
  return {
    raw,
    undrawn: all('.math').filter(one => !one.querySelector('mjx-container mjx-math'))
      .map(one => one.outerHTML),
    errors: all('mjx-merror, [data-mjx-error]').map(one => one.outerHTML),
    empty: all('mjx-container').filter(
      one => one.checkVisibility() && !one.getBoundingClientRect().width).length,
  };
}"""
UNDRAWN_ICONS = """() => {
  const waiting = 'i[class*="fa-"]', missing = 'svg[class*="fa-"] .missing';
  const empty = 'svg[class*="fa-"]:not(:has(path[d]:not([d=""])))';
  return [...document.querySelectorAll(`${waiting}, ${missing}, ${empty}`)]
    .map(one => one.outerHTML.slice(0, 120));
}"""
# Marks that a formula has lost to the next line, or left on the last one.
LOST_MARKS = """() => [...document.querySelectorAll('mjx-container')]
  .filter(one => one.checkVisibility() && one.closest('p, li, dd') && !one.closest('div.math'))
  .flatMap(one => {
    const words = document.createTreeWalker(one.closest('p, li, dd'), NodeFilter.SHOW_TEXT);
    const texts = [], place = one.getBoundingClientRect(), mark = document.createRange();
    while (words.nextNode()) if (!one.contains(words.currentNode)) texts.push(words.currentNode);
    const away = (text, start) => {
      mark.setStart(text, start);
      mark.setEnd(text, start + 1);
      const {top, bottom, height} = mark.getBoundingClientRect();
      const middle = (top + bottom) / 2;
      return height > 0 && (middle > place.bottom || middle < place.top);
    };
    const next = texts.find(text => one.compareDocumentPosition(text) & 4);
    const last = texts.findLast(text => one.compareDocumentPosition(text) & 2);
    return [next && /^[^\\w\\s]/.test(next.data) && away(next, 0) && next.data,
      last && /[^\\w\\s]$/.test(last.data) && away(last, last.length - 1) && last.data];
  }).filter(Boolean)"""
# Whatever sticks out, and is not inside a box that scrolls by itself.
STICKING_OUT = """width => {
  const page = document.documentElement;
  if (page.scrollWidth <= width) return [];
  const scrolls = one => one && one !== document.body &&
    (getComputedStyle(one).overflowX !== 'visible' || scrolls(one.parentElement));
  const out = [...document.querySelectorAll('body *')].filter(
    one => one.getBoundingClientRect().right > width + 1 && !scrolls(one.parentElement));
  return [`${page.scrollWidth} px`, ...out.slice(0, 5).map(one => one.outerHTML.slice(0, 120))];
}"""
# One of each kind of thing that takes the focus: what changes when it has it?
UNSEEN_FOCUS = """() => {
  const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const look = one => { const style = getComputedStyle(one);
    return ['boxShadow', 'borderColor', 'backgroundColor'].map(name => style[name]).join(); };
  const kinds = new Map();
  for (const one of document.querySelectorAll(all))
    if (one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0)
      kinds.set(one.tagName + (one.getAttribute('class') ?? '').replace(/\\d+/g, ''), one);
  return [...kinds.values()].filter(one => {
    one.blur(); const before = look(one); one.focus({focusVisible: true});
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    return document.activeElement !== one || (!outlined && look(one) === before);
  }).map(one => one.outerHTML.slice(0, 120));
}"""

# All that Tab should stop at; of radio buttons it stops at one, which is left out here.
NOTE_STOPS = """() => {
  const all = 'a[href], button, input, select, textarea, summary, [tabindex]';
  window.stops = new Set([...document.querySelectorAll(all)].filter(one => one.tabIndex >= 0
    && !one.disabled && one.type !== 'radio' && one.checkVisibility({visibilityProperty: true})));
  document.addEventListener('focusin', event => { window.stops.delete(event.target); });
  document.activeElement.blur();
  return window.stops.size;
}"""
UNPAINTED = "html { opacity: 0; }"  # painting is half the work of a step
NOT_REACHED = "() => [...window.stops].map(one => one.outerHTML.slice(0, 120))"


def violations(look):
    """Say in one line each what axe-core has found, and where."""
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in look.violations
        for node in rule["nodes"]
    ]


def hold_tab(page, times):
    """Hold the tabulator key until it has been repeated so often."""
    style = page.add_style_tag(content=UNPAINTED)
    for _ in range(times):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    style.evaluate("style => style.remove()")


class Visit:
    """One page, opened on one device; what it says and asks for is noted from the beginning."""

    def __init__(self, browser, url, device):
        self.context = browser.new_context(offline=True, **device)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(url, wait_until="commit")

    def wait(self):
        """Wait until the page is drawn, unfold it, and make ready to look."""
        self.page.wait_for_load_state()
        self.page.evaluate(TYPESET)
        self.page.add_style_tag(content=STILL)
        self.page.evaluate(UNFOLD)
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        self.page.wait_for_function(SETTLED)
        self.page.evaluate(AXE)
        self.page.evaluate(REMEMBER_COLOURS)
        self.page.evaluate(ONE_OF_EACH, MANY_ALIKE)
        return self

    def ask_for_light(self):
        """Let the reader's system change from dark to light while the page is open."""
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate(NEXT_FRAME)

    def note(self, message):
        """Keep errors and warnings."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


class Look:
    """What is to be seen of a page in one mode."""

    def __init__(self, visit):
        page = visit.page
        self.theme, self.folded = page.evaluate(THEME), page.evaluate(FOLDED)
        self.mathematics = page.evaluate(MATHEMATICS)
        self.icons = page.locator("svg[class*='fa-']").count()
        self.undrawn_icons = page.evaluate(UNDRAWN_ICONS)
        page.evaluate(MARK_SPECIMENS, MANY_ALIKE)
        self.violations = page.evaluate("options => axe.run(options)", AUDIT)["violations"]
        page.keyboard.press("Tab")
        self.unseen_focus = page.evaluate(UNSEEN_FOCUS)
        page.evaluate("() => document.activeElement.blur()")


@pytest.fixture(
    scope="module",
    params=[pytest.param(page, marks=pytest.mark.xdist_group(page)) for page in PAGES],
)
def visits(request, book, browser):
    """The visits to a page, by mode: light and dark are one."""
    url = (book / f"{request.param}.html").as_uri()
    desktop, phone = (Visit(browser, url, device).wait() for device in (DESKTOP, PHONE))
    yield {"light": desktop, "dark": desktop, "phone": phone}
    for visit in (desktop, phone):
        visit.context.close()


@pytest.fixture(scope="module")
def looks(visits):
    """The looks of a page, by mode; the desktop is left in light."""
    looks = {"dark": Look(visits["dark"]), "phone": Look(visits["phone"])}
    visits["light"].ask_for_light()
    return looks | {"light": Look(visits["light"])}


@pytest.fixture(params=MODES)
def mode(request):
    """One way to look at a page."""
    return request.param


@pytest.fixture
def visit(mode, visits, looks):
    """One visit to a page, after all looks."""
    return visits[mode]


@pytest.fixture
def look(mode, looks):
    """One look of a page."""
    return looks[mode]


@pytest.fixture(scope="module")
def phone(visits, looks):
    """The visit to a page with a phone, after all looks."""
    return visits["phone"]


class TestPage:
    def test_is_unfolded(self, look):
        assert look.folded == 0

    def test_asks_for_nothing_from_outside(self, visit):
        assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []

    def test_is_under_a_megabyte_over_the_wire(self, phone):
        files = {unquote(urlsplit(url).path) for url in phone.requests if url.startswith("file:")}
        assert len(files) > 5
        assert sum(len(gzip.compress(Path(file).read_bytes())) for file in files) < 1_000_000

    def test_has_nothing_to_complain_of(self, visit):
        assert visit.complaints == []

    def test_has_its_mathematics_drawn(self, look):
        assert look.mathematics == {"raw": [], "undrawn": [], "errors": [], "empty": 0}

    def test_has_its_icons_drawn(self, look):
        assert look.icons > 3
        assert look.undrawn_icons == []

    def test_has_no_violation_of_accessibility(self, look):
        assert violations(look) == []

    def test_does_not_scroll_sideways(self, phone):
        assert phone.page.evaluate(STICKING_OUT, NARROW) == []
        phone.page.set_viewport_size({"width": WIDER, "height": 844})
        assert phone.page.evaluate(STICKING_OUT, WIDER) == []
        phone.page.set_viewport_size(PHONE["viewport"])

    def test_leaves_no_mark_of_a_formula_on_another_line(self, phone):
        assert phone.page.evaluate(LOST_MARKS) == []

    def test_shows_where_the_focus_is(self, look):
        assert look.unseen_focus == []

    def test_is_reached_by_keyboard_as_a_whole(self, visits, looks):
        page = visits["light"].page
        hold_tab(page, page.evaluate(NOTE_STOPS) + 20)
        assert page.evaluate(NOT_REACHED) == []

    def test_is_as_light_or_dark_as_the_reader_wants(self, looks):
        themes = {mode: look.theme for mode, look in looks.items()}
        assert themes == {"light": "light", "dark": "dark", "phone": "light"}


BAD_PAGE = """<!doctype html><html lang="en"><title>Bad</title>
<meta name="viewport" content="width=device-width">
<style>
  .short, .short mjx-container { display: inline-block; width: 2em }
  a:focus { outline: none } .pale { color: #ccc; background: #fff }
  @media (prefers-color-scheme: dark) { body { background: #000; color: #222 } }
</style>
<main><h1>Bad</h1>
  <p class="math">x</p> <p>\\(x\\)</p> <mjx-merror>oh</mjx-merror> <mjx-container></mjx-container>
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="> <p class="pale">pale</p>
  <i class="fa-solid fa-sun"></i> <svg class="fa-moon"><g class="missing"><path d="M0 0"/></g></svg>
  <p class="short"><mjx-container>x</mjx-container>,</p>
  <pre>an output</pre> <table><tr><td>1</td></tr></table>
  <pre><b>a</b> <span class="pale">x</span> <span class="pale">pale code</span> and more</pre>
  <p style="width: 380px">wide</p> <a href="#">unseen</a>
  <button onfocus="document.querySelector('a').focus()">a trap</button> <button>behind it</button>
</main>
<script>console.error("a complaint"); setTimeout(() => { throw Error("a mistake"); });</script>
<script src="https://example.org/a.js"></script></html>"""


@pytest.fixture(scope="module")
def bad(browser, tmp_path_factory):
    """A visit to a bad page with a phone."""
    file = tmp_path_factory.mktemp("bad") / "page.html"
    file.write_text(BAD_PAGE, encoding="utf-8")
    visit = Visit(browser, file.as_uri(), PHONE).wait()
    yield visit
    visit.context.close()


@pytest.fixture(scope="module")
def bad_look(bad):
    """The look of that page."""
    return Look(bad)


@pytest.mark.xdist_group("a bad page")
class TestChecks:
    """Each check finds what it looks for, on a page that has it all."""

    def test_a_request_to_the_outside(self, bad):
        assert "https://example.org/a.js" in bad.requests

    @pytest.mark.parametrize("said", ["a complaint", "a mistake", "https://example.org/a.js"])
    def test_complaints(self, bad, said):
        assert any(said in complaint for complaint in bad.complaints)

    def test_mathematics(self, bad_look):
        found = bad_look.mathematics
        assert found["raw"] == [r"\(x\)"]
        assert found["undrawn"] == ['<p class="math">x</p>']
        assert found["errors"] == ["<mjx-merror>oh</mjx-merror>"]
        assert found["empty"] == 1

    def test_icons(self, bad_look):
        assert [icon[:2] for icon in bad_look.undrawn_icons] == ["<i", "<g"]

    def test_accessibility(self, bad_look):
        assert {rule["id"] for rule in bad_look.violations} >= {"image-alt", "color-contrast"}

    def test_pale_code(self, bad_look):
        assert ">pale code</span>" in "".join(violations(bad_look))

    def test_pale_in_the_dark_alone(self, bad, browser):
        visit = Visit(browser, bad.page.url, DESKTOP).wait()
        in_the_dark = '<p style="width: 380px">wide</p>'
        assert in_the_dark in "".join(violations(Look(visit)))
        visit.ask_for_light()
        assert in_the_dark not in "".join(violations(Look(visit)))
        visit.context.close()

    def test_marks(self, bad):
        assert bad.page.evaluate(LOST_MARKS) == [","]

    def test_sideways(self, bad):
        width, *culprits = bad.page.evaluate(STICKING_OUT, NARROW)
        assert int(width.removesuffix(" px")) > NARROW
        assert culprits == ['<p style="width: 380px">wide</p>']

    def test_focus(self, bad_look):
        assert '<a href="#">unseen</a>' in bad_look.unseen_focus

    def test_keyboard(self, bad):
        bad.page.evaluate(NOTE_STOPS)
        hold_tab(bad.page, 10)
        assert "<button>behind it</button>" in bad.page.evaluate(NOT_REACHED)


def test_on_a_phone_a_wide_table_fades_at_its_edge_until_its_end(book, browser):
    context = browser.new_context(**PHONE)  # a visit holds all animations
    page = context.new_page()
    page.goto((book / "book/appendix/teaching.html").as_uri())
    table = page.locator(".pst-scrollable-table-container").first
    fading = "it => getComputedStyle(it).getPropertyValue('--fading')"
    assert table.evaluate(fading) == "48px"
    table.evaluate("it => { it.scrollLeft = it.scrollWidth }")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert table.evaluate(fading) == "0px"
    context.close()


class TestSearch:
    @pytest.fixture
    def search(self, book, browser):
        """A visit to the front page, from which one searches."""
        url, device = (book / f"{TOC['root']}.html").as_uri(), DESKTOP | {"color_scheme": "light"}
        visit = Visit(browser, url, device).wait()
        yield visit
        visit.context.close()

    def test_finds_a_word_from_a_disk(self, search):
        search.page.keyboard.press("Control+k")
        search.page.locator("input[type=search]:focus").fill("temperature")
        search.page.keyboard.press("Enter")
        search.page.wait_for_selector("#search-results a[href*='chapters/softmax.html']")
        search.page.wait_for_load_state("networkidle")
        assert search.complaints == []

    def test_finds_chapters_first_and_shows_the_words_from_a_disk(self, search, book):
        search.page.goto((book / "search.html").as_uri() + "?q=temperature")
        search.page.wait_for_selector("#search-results p.search-summary:has-text('finished')")
        found = search.page.locator("#search-results li")
        titles = [title.split(". ", 1)[-1] for title in found.locator("a").all_inner_texts()]
        assert titles[:2] == ["Softmax", "Softmax > Temperature"]
        assert "Softmax > Softmax" not in titles  # that is the chapter itself
        (glossary,) = [n for n, title in enumerate(titles) if title == "Notation and glossary"][:1]
        assert "temperature: A positive number" in found.nth(glossary).inner_text()
        names = [n for n, title in enumerate(titles) if title.startswith("softmaxlab.")]
        links = [link.get_attribute("href") for link in found.locator("a").all()]
        of_chapters = [n for n, link in enumerate(links) if "/chapters/" in link]
        assert len({links[n].rpartition("/")[2].partition(".")[0] for n in of_chapters}) > 10
        assert max(of_chapters) < min(names)
        assert all("temperature" in found.nth(n).inner_text().lower() for n in of_chapters)
        assert search.complaints == []

    def test_shows_the_whole_question_where_it_stands(self, search, book):
        search.page.goto((book / "search.html").as_uri() + "?q=log-sum-exp")
        search.page.wait_for_selector("#search-results p.search-summary:has-text('finished')")
        shown = search.page.locator("#search-results li:has(a[href*='chapters/']) p")
        told = [text.lower() for text in shown.all_inner_texts()]
        assert sum("log-sum-exp" in text for text in told) >= 8  # others have the words apart
        assert not any("proved for every size" in text for text in told)

    def test_its_words_stand_beside_the_magnifier(self, search, book):
        search.page.goto((book / "search.html").as_uri())
        search.page.set_viewport_size(PHONE["viewport"])
        box = search.page.locator("form.bd-search:visible input")
        sign = search.page.locator("form.bd-search:visible svg").bounding_box()
        padding = box.evaluate("box => parseFloat(getComputedStyle(box).paddingLeft)")
        assert box.bounding_box()["x"] + padding >= sign["x"] + sign["width"] + 4

    def test_says_when_there_is_nothing(self, search, book):
        search.page.goto((book / "search.html").as_uri() + "?q=zyzzyva")
        search.page.wait_for_selector("#search-results p.search-summary:has-text('did not match')")
        assert search.complaints == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_can_be_downloaded(book, name):
    page = book / f"{name}.html"
    (link,) = soup_of(page).select("a.btn-download-notebook")
    assert link.has_attr("download"), "saved, and not shown as text"
    assert not link.has_attr("target")
    file = page.parent / link["href"]
    cells = nbformat.read(file, as_version=4).cells
    assert any(cell.get("outputs") for cell in cells)  # more in test_reader_notebooks


@pytest.mark.parametrize("name", CHAPTERS)
def test_pictures_say_what_is_to_be_seen(book, name):
    article = soup_of(book / f"{name}.html").select_one("article")
    pictures = article.select("img, svg.course-figure")
    assert len(pictures) >= 2, "two pictures that teach"
    texts = [picture.get("alt") or picture.get("aria-label", "") for picture in pictures]
    assert [text for text in texts if len(text.split()) < 5] == []


def soup_of(path):
    """Return a built page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
