"""Figures one can touch, in a real browser: their numbers are softmaxlab's.

Every page is opened from the disk, as by a reader who has unpacked the book.
"""

import re
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import softmaxlab
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.build]

PAGES = {"probabilities": "softmax"}
FORMS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}
CLOSE = {"rtol": 1e-6, "atol": 1e-12}


@pytest.fixture
def visit(book, browser):
    """Return a context manager that opens a widget's page and refuses errors and requests."""

    @contextmanager
    def open_page(kind, query="", **options):
        context = browser.new_context(offline=True, **options)
        page, troubles = context.new_page(), []
        page.on("console", lambda message: note(message.type, message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: note_request(request.url))

        def note(kind, text):
            if kind in ("error", "warning"):
                troubles.append(text)

        def note_request(url):
            if urlsplit(url).scheme not in ("file", "data"):
                troubles.append(f"asks the network for {url}")

        page.goto((book / "book" / "chapters" / f"{PAGES[kind]}.html").as_uri() + query)
        try:
            yield Figure(page, kind)
        finally:
            context.close()
        assert troubles == []

    return open_page


class Figure:
    """One widget on an open page."""

    def __init__(self, page, kind):
        self.page = page
        self.box = page.locator(f"#widget-{kind}")

    def control(self, label):
        """Return a control by its label."""
        return self.box.get_by_label(label, exact=True)

    def button(self, name):
        """Return a button by its text."""
        return self.box.get_by_role("button", name=name, exact=True)

    def set(self, values):
        """Put controls where a random test wants them; return what the browser made of it."""
        for label, value in values.items():
            self.control(label).fill(str(value))
        return np.array([float(self.control(label).input_value()) for label in values])

    def numbers(self, *names):
        """Return the numbers that the figure shows, with every digit."""
        named = [self.box.locator(f"[data-name='{name}']") for name in names]
        return np.array([float(shown.get_attribute("data-value")) for shown in named])

    def query(self):
        """Return the setting in the address, once it has followed the last change."""
        self.page.wait_for_timeout(400)
        return parse_qs(urlsplit(self.page.url).query)

    def says(self):
        """Return the sentence that is read aloud, once it has followed the last change."""
        self.page.wait_for_timeout(400)
        return self.box.locator("[aria-live=polite]").inner_text()


def sliders(kind):
    """Return a name of one slider of each widget."""
    return {"probabilities": "score of class 2"}[kind]


def middle(locator, share=0.5):
    """Return a point in a part of the page, so far from its left edge."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def drag_by_touch(page, start, end):
    """Move a finger from one point to another."""
    session = page.context.new_cdp_session(page)

    def touch(kind, points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", [{"x": start[0], "y": start[1]}])
    touch("touchMove", [{"x": end[0], "y": end[1]}])
    touch("touchEnd", [])


def drag_by_mouse(page, start, end):
    """Move the mouse, its button down, from one point to another."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end)
    page.mouse.up()


@pytest.mark.parametrize("kind", PAGES)
class TestEveryWidget:
    @pytest.mark.parametrize("form", FORMS)
    def test_is_accessible_and_fits(self, visit, kind, form):
        with visit(kind, **FORMS[form]) as figure:
            found = Axe().run(figure.page, f"#widget-{kind}", {"preload": False})
            assert found.violations_count == 0, found.generate_report()
            root = "document.documentElement"
            width = figure.page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
            assert width[0] <= width[1]

    def test_leaves_text_to_readers_without_scripts(self, visit, kind):
        with visit(kind, java_script_enabled=False) as figure:
            assert len(figure.box.locator(".widget-fallback").inner_text().split()) > 20
            assert figure.box.locator("input, button").count() == 0

    def test_takes_the_place_of_that_text(self, visit, kind):
        with visit(kind) as figure:
            assert figure.box.locator(".widget-fallback").count() == 0
            assert figure.says()

    def test_every_control_is_reached_by_tab_and_shows_it(self, visit, kind):
        with visit(kind) as figure:
            controls = figure.box.locator("input, select, button, a")
            stops = controls.evaluate_all("all => all.filter(each => each.tabIndex >= 0).length")
            controls.first.focus()
            for _ in range(stops):
                seen = figure.page.evaluate(
                    "[document.activeElement.closest('.widget') !== null,"
                    " getComputedStyle(document.activeElement).outlineStyle]"
                )
                assert seen == [True, "solid"]
                figure.page.keyboard.press("Tab")
            assert not figure.page.evaluate("document.activeElement.closest('.widget') !== null")

    def test_keeps_its_setting_in_the_address(self, visit, kind):
        with visit(kind, "?other=1#summary") as figure:
            assert figure.query() == {"other": ["1"]}
            slider = figure.control(sliders(kind))
            start = slider.input_value()
            slider.press("ArrowRight")
            moved, query = slider.input_value(), figure.query()
            assert moved != start
            assert len(query) > 1
            assert figure.page.url.endswith("#summary")
            figure.page.reload()
            assert slider.input_value() == moved
            link = figure.box.get_by_role("link", name="Link to this setting")
            assert parse_qs(urlsplit(link.get_attribute("href")).query) == query
            figure.button("Reset").click()
            assert slider.input_value() == start
            assert figure.query() == {"other": ["1"]}

    def test_a_slider_moves_by_mouse_and_by_touch(self, visit, kind):
        with visit(kind, **FORMS["phone"]) as figure:
            slider = figure.control(sliders(kind))
            figure.page.mouse.click(*middle(slider, 0.25))
            by_mouse = float(slider.input_value())
            figure.page.touchscreen.tap(*middle(slider, 0.75))
            assert float(slider.input_value()) > by_mouse

    def test_ignores_nonsense_in_the_address(self, visit, kind):
        keys = ("logits", "T")
        with visit(kind, "?" + "&".join(f"{key}=x,,1e999,NaN" for key in keys)) as figure:
            assert not re.search("nan|undefined", figure.box.inner_html(), re.I)


class TestProbabilities:
    LABELS = ("score of class 1", "score of class 2", "score of class 3", "temperature T")

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(1)
        with visit("probabilities") as figure:
            for _ in range(20):
                wanted = [*rng.uniform(-5, 5, 3).round(1), *rng.uniform(0.1, 10, 1).round(1)]
                *logits, T = figure.set(dict(zip(self.LABELS, wanted, strict=True)))
                assert np.allclose([*logits, T], wanted)
                expected = softmaxlab.softmax(np.array(logits) / T)
                assert np.allclose(figure.numbers("a1", "a2", "a3"), expected, **CLOSE)

    @pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
    def test_the_point_can_be_dragged(self, visit, drag):
        options = FORMS["phone"] if drag is drag_by_touch else {}
        with visit("probabilities", "?logits=0,0,0", **options) as figure:
            point = figure.box.locator("circle")
            x, y = middle(point)
            drag(figure.page, (x, y), (x, y - 40))
            first, *others = figure.numbers("a1", "a2", "a3")
            assert first > 0.5
            assert np.isclose(*others, atol=0.02)
            assert figure.query()["logits"]

    def test_says_its_numbers(self, visit):
        with visit("probabilities", "?logits=0,0,0") as figure:
            assert "0.333, 0.333 and 0.333" in figure.says()


class TestPages:
    def test_load_only_the_scripts_of_their_widgets(self, book):
        for page in (book / "book").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            kinds = set(re.findall(r'data-widget="([\w-]+)"', text))
            scripts = set(re.findall(r"widgets/([\w-]+)\.js", text)) - {"previews"}
            assert scripts == (kinds | {"kit"} if kinds else set())
