"""Figures one can touch, in a real browser: their numbers are softmaxlab's.

Every page is opened from the disk, as by a reader who has unpacked the book.
"""

import json
import re
from base64 import b64decode
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import softmaxlab
from bs4 import BeautifulSoup
from scipy.optimize import minimize_scalar
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from softmaxlab import textbook
from softmaxlab.learn.calibration import expected_calibration_error
from softmaxlab.learn.digits import load_digits
from softmaxlab.learn.network import Network

pytestmark = [pytest.mark.browser, pytest.mark.build]

PAGES = {
    "probabilities": "chapters/softmax",
    "distributions": "chapters/entropy",
    "one-step": "chapters/gradient",
    "floats": "chapters/numbers-that-break",
    "derivation": "chapters/gradient",
    "digit": "index",
    "network": "chapters/back-propagation",
    "newton": "chapters/curvature",
    "rival": "chapters/hinge-or-softmax",
    "tangent": "chapters/scoring",
    "temperature": "chapters/calibration",
    "twice": "chapters/logits-or-probabilities",
    "backward": "chapters/back-propagation",
    "border": "chapters/rare-classes",
    "support": "chapters/hinge-or-softmax",
    "query": "chapters/attention",
    "cut": "chapters/next-word",
}
SLIDERS = {
    "probabilities": "score of class 2",
    "distributions": "q of cloud",
    "one-step": "learning rate",
    "floats": "score of class 1",
    "derivation": "line (of 6)",
    "digit": "learning rate",
    "network": "ink of the pen",
    "newton": "lead of the first class",
    "rival": "score of the rival",
    "tangent": "announced",
    "temperature": "temperature T",
    "twice": "lead of the right class",
    "backward": "input 1",
    "border": "share of nines",
    "support": "penalty on weights",
    "query": "first number",
    "cut": "temperature",
}
KEYS = (
    "logits",
    "T",
    "p",
    "q",
    "unit",
    "right",
    "rate",
    "steps",
    "scores",
    "dtype",
    "shift",
    "line",
    "lead",
    "share",
    "rival",
    "third",
    "charge",
    "belief",
    "announced",
    "nines",
    "price",
    "machine",
    "bins",
    "K",
    "x",
    "stage",
    "pixels",
    "point",
    "points",
    "penalty",
    "query",
    "past",
    "k",
)
SCORES = ("score of class 1", "score of class 2", "score of class 3")
ROOT = Path(__file__).resolve().parents[3]
FORMS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}
# Of each name, the values that stand in the figure.
VALUES = """(box, names) => names.map(name =>
  [...box.querySelectorAll(`[data-name='${name}']`)].map(one => one.dataset.value))"""
CLOSE = {"rtol": 1e-6, "atol": 1e-12}


@pytest.fixture
def visit(book, browser):
    """Return a context manager that opens a widget's page and refuses errors and requests.

    The formulas around the widget are drawn only if one asks for it: they take most of the time.
    """

    @contextmanager
    def open_page(kind, query="", formulas=False, **options):
        context = browser.new_context(offline=True, **options)
        context.clock.install()
        if not formulas:
            context.route("**/tex-chtml.js*", lambda route: route.fulfill(body=""))
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

        page.goto((book / "book" / f"{PAGES[kind]}.html").as_uri() + query)
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
        found = self.box.evaluate(VALUES, names)
        assert [len(values) for values in found] == [1] * len(names)
        return np.array([float(value) for (value,) in found])

    def wait(self, milliseconds=400):
        """Let the page's clock go on, without waiting for the clock on the wall."""
        self.page.clock.run_for(milliseconds)

    def query(self):
        """Return the setting in the address, once it has followed the last change."""
        self.wait()
        return parse_qs(urlsplit(self.page.url).query)

    def says(self):
        """Return the sentence that is read aloud, once it has followed the last change."""
        self.wait()
        return self.box.locator(".widget-says").inner_text()


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
    def test_serves_every_reader(self, visit, kind, form):
        # test_pages.py has axe look at its page in the same forms, and at what sticks out.
        with visit(kind, formulas=True, **FORMS[form]) as figure:
            self.stands_below_its_text(figure)
            self.is_reached_by_tab_and_shows_it(figure)

    @staticmethod
    def stands_below_its_text(figure):
        about = figure.box.locator(".widget-about")
        assert len(about.inner_text().split()) > 15
        assert figure.box.locator(".widget-about ~ .widget-picture").count() == 1
        assert figure.says()

    @staticmethod
    def is_reached_by_tab_and_shows_it(figure):
        controls = figure.box.locator("input, select, button, a, [tabindex='0']")
        stops = controls.evaluate_all(
            "all => all.filter(each => each.tabIndex >= 0 && each.checkVisibility()).length"
        )
        controls.first.focus()
        for _ in range(stops):
            seen = figure.page.evaluate(
                "[document.activeElement.closest('.widget') !== null,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
            assert seen == [True, "solid"]
            figure.page.keyboard.press("Tab")
        assert not figure.page.evaluate("document.activeElement.closest('.widget') !== null")

    def test_leaves_text_to_readers_without_scripts(self, visit, kind):
        with visit(kind, formulas=True, java_script_enabled=False) as figure:
            assert len(figure.box.locator(".widget-about").inner_text().split()) > 20
            assert figure.box.locator("input, button").count() == 0

    def test_keeps_its_setting_in_the_address(self, visit, kind):
        with visit(kind, "?other=1#summary") as figure:
            assert figure.query() == {"other": ["1"]}
            slider = figure.control(SLIDERS[kind])
            start = slider.input_value()
            slider.press("ArrowLeft")
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
            slider = figure.control(SLIDERS[kind])
            figure.page.mouse.click(*middle(slider, 0.25))
            by_mouse = float(slider.input_value())
            figure.page.touchscreen.tap(*middle(slider, 0.75))
            assert float(slider.input_value()) > by_mouse
            assert slider.bounding_box()["width"] > 200  # px: a finger finds a hundredth of it

    def test_ignores_nonsense_in_the_address(self, visit, kind):
        with visit(kind, "?" + "&".join(f"{key}=x,,1e999,NaN" for key in KEYS)) as figure:
            assert not re.search("NaN|undefined", figure.box.inner_text())


class TestProbabilities:
    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(1)
        with visit("probabilities") as figure:
            for _ in range(20):
                wanted = [*rng.uniform(-5, 5, 3).round(1), *rng.uniform(0.1, 10, 1).round(1)]
                *logits, T = figure.set(dict(zip((*SCORES, "temperature T"), wanted, strict=True)))
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


class TestDistributions:
    WEATHER = ("sun", "cloud", "rain")

    def shares(self, figure, letter, weights):
        """Set the weights of a distribution; return its probabilities."""
        labels = [f"{letter} of {day}" for day in self.WEATHER]
        weights = figure.set(dict(zip(labels, weights, strict=True)))
        return weights / weights.sum()

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(2)
        names = ("Hp", "Hq", "Hpq", "Hqp", "KLpq", "KLqp")
        with visit("distributions") as figure:
            for unit, base in 15 * [("nats", None), ("bits", 2)]:
                figure.control("unit").select_option(unit)
                p, q = (self.shares(figure, each, rng.integers(0, 101, 3)) for each in "pq")
                expected = [
                    softmaxlab.entropy(p, base=base),
                    softmaxlab.entropy(q, base=base),
                    softmaxlab.cross_entropy(p, q, base=base),
                    softmaxlab.cross_entropy(q, p, base=base),
                    softmaxlab.kl_divergence(p, q, base=base),
                    softmaxlab.kl_divergence(q, p, base=base),
                ]
                assert np.allclose(figure.numbers(*names), expected, **CLOSE)

    def test_what_is_held_impossible_costs_infinitely_much(self, visit):
        with visit("distributions", "?p=1,1,0&q=1,0,1&unit=bits") as figure:
            numbers = figure.numbers("Hp", "Hpq", "KLpq", "KLqp")
            assert numbers.tolist() == [1, np.inf, np.inf, np.inf]
            assert "∞ bits" in figure.says()

    def test_something_has_to_happen(self, visit):
        with visit("distributions") as figure:
            assert np.allclose(self.shares(figure, "p", [0, 0, 0]), 1 / 3)
            assert np.isfinite(figure.numbers("Hp")).all()

    @pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
    def test_a_bar_can_be_dragged(self, visit, drag):
        options = FORMS["phone"] if drag is drag_by_touch else {}
        with visit("distributions", **options) as figure:
            before = figure.control("p of sun").input_value()
            x, y = middle(figure.box.locator(".widget-handle").first)
            drag(figure.page, (x, y), (x, y + 25))
            assert int(figure.control("p of sun").input_value()) < int(before)
            assert figure.query()["p"]


class TestOneStep:
    NAMES = ("z1", "z2", "z3", "a1", "a2", "a3", "g1", "g2", "g3", "loss")

    @staticmethod
    def descend(z, label, rate, steps):
        """Return what gradient descent with softmaxlab arrives at."""
        for _ in range(steps):
            z = z - rate * softmaxlab.softmax_cross_entropy_grad(z, label)
        gradient = softmaxlab.softmax_cross_entropy_grad(z, label)
        loss = softmaxlab.softmax_cross_entropy(z, label)
        return np.concatenate([z, softmaxlab.softmax(z), gradient, [loss]])

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(3)
        with visit("one-step") as figure:
            for _ in range(10):
                wanted = [*rng.uniform(-5, 5, 3).round(1), *rng.uniform(0.1, 10, 1).round(1)]
                *z, rate = figure.set(dict(zip((*SCORES, "learning rate"), wanted, strict=True)))
                label, steps = int(rng.integers(3)), int(rng.integers(4))
                figure.control("right class").select_option(str(label + 1))
                for _ in range(steps):
                    figure.button("Step").click()
                expected = self.descend(np.array(z), label, rate, steps)
                assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)

    def test_a_setting_with_steps_can_be_shared(self, visit):
        with visit("one-step", "?logits=-5,5,0&right=1&rate=1.5&steps=200") as figure:
            expected = self.descend(np.array([-5.0, 5.0, 0.0]), 0, 1.5, 200)
            assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)

    def test_runs_and_stops(self, visit):
        with visit("one-step") as figure:
            before = figure.numbers("loss")
            figure.button("Run").click()
            figure.wait(500)
            figure.button("Stop").click()
            stopped = figure.numbers("loss")
            assert stopped < before
            figure.wait(300)
            assert figure.numbers("loss") == stopped
            figure.button("Start again").click()
            assert figure.numbers("loss") == before

    def test_its_sentence_is_seen_at_once_and_read_aloud_at_rest(self, visit):
        with visit("one-step") as figure:
            seen, spoken = (figure.box.locator(each) for each in (".widget-says", "[aria-live]"))
            assert figure.says() == spoken.text_content()
            figure.button("Run").click()
            figure.wait(500)
            assert "After 0 steps" in spoken.text_content()
            assert "After 0 steps" not in seen.inner_text()
            figure.button("Stop").click()
            assert figure.says() == spoken.text_content()

    def test_does_not_move_for_those_who_asked_for_rest(self, visit):
        with visit("one-step", reduced_motion="reduce") as figure:
            figure.button("Run").press("Enter")
            assert figure.query()["steps"] == ["50"]
            assert figure.button("Run").is_visible()
            assert "After 50 steps" in figure.says()

    def test_new_scores_begin_anew(self, visit):
        with visit("one-step") as figure:
            figure.button("Step").click()
            figure.control("score of class 1").press("ArrowLeft")
            assert figure.numbers("z1") == 2.9
            assert "steps" not in figure.query()


class TestFloats:
    EDGES = (5.96e-8, 2.98e-8, 2.9802322387695312e-8, 6.1e-5, 1, 2049, 2051, 65504, 65519.99, 65520)

    def test_half_precision_is_rounded_as_numpy_does(self, visit):
        rng = np.random.default_rng(4)
        spread = rng.choice([-1, 1], 2000) * 2.0 ** rng.uniform(-27, 17, 2000)
        marks = np.arange(0x7BFF, dtype=np.uint16).view(np.float16)[::7].astype(float)
        between = (marks[1:] + marks[:-1]) / 2
        values = np.concatenate([spread, marks, between, self.EDGES])
        with np.errstate(over="ignore"):
            expected = values.astype(np.float16).astype(float)
        with visit("floats") as figure:
            call = "values => values.map((value) => String(courseWidget.half(value)))"
            found = figure.page.evaluate(call, values.tolist())
        assert np.array_equal([float(value) for value in found], expected)

    @staticmethod
    def naive(z, shifted):
        """Return the exponentials, their sum, the probabilities and their logarithms."""
        x = z - z.max() if shifted else z
        with np.errstate(all="ignore"):
            e = np.exp(x)
            total = e[0] + e[1] + e[2]
            p = e / total
            return np.concatenate([x, e, [total], p, np.log(p)])

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_every_entry_is_numpys(self, visit, dtype):
        rng = np.random.default_rng(5)
        width = {2: 15, 4: 110, 8: 800}[dtype().itemsize]
        names = [f"{letter}{n}" for letter in "xeplt" for n in (1, 2, 3)]
        names = [*names[:6], "total", *names[6:12]]
        with visit("floats") as figure:
            figure.control("kind of number").select_option(dtype.__name__)
            for shifted in 12 * [False, True]:
                figure.control("subtract the largest score").set_checked(shifted)
                z = figure.set(dict(zip(SCORES, rng.integers(-width, width, 3), strict=True)))
                expected = self.naive(z.astype(dtype), shifted).astype(float)
                found, info = figure.numbers(*names), np.finfo(dtype)
                close = {"rtol": max(1e-6, float(info.eps)), "atol": float(info.smallest_subnormal)}
                assert np.allclose(found, expected, equal_nan=True, **close)
                assert np.array_equal(np.isfinite(found), np.isfinite(expected))

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(6)
        with visit("floats", "?shift=1") as figure:
            for dtype in 12 * [np.float32, np.float64]:
                figure.control("kind of number").select_option(dtype.__name__)
                z = figure.set(dict(zip(SCORES, rng.integers(-1000, 1001, 3), strict=True)))
                p = softmaxlab.softmax(z.astype(dtype))
                log_p = softmaxlab.log_softmax(z.astype(dtype))
                atol = float(np.finfo(dtype).smallest_subnormal)
                assert np.allclose(figure.numbers("p1", "p2", "p3"), p, rtol=1e-6, atol=atol)
                assert np.allclose(figure.numbers("d1", "d2", "d3"), log_p, **CLOSE)

    def test_says_what_is_lost(self, visit):
        with visit("floats", "?scores=123,456,789&dtype=float32") as figure:
            assert "overflow" in figure.says()
            figure.control("subtract the largest score").press("Space")
            assert figure.says() == ("In float32, vanished: class 1 and 2; lost: class 1 and 2.")
            figure.button("2, 1, 0").click()
            assert figure.says() == "In float32, nothing is lost."

    def test_what_is_divided_by_infinity_has_not_vanished(self, visit):
        with visit("floats", "?scores=123,456,789") as figure:
            lost = "divided by ∞: class 1 and 2; broken: class 3; lost: class 1 and 2"
            assert figure.says() == f"In float64, overflow: class 3; {lost}."


class TestDerivation:
    @staticmethod
    def lines(page, label):
        """Return the right sides and the reasons of a formula, as its chapter has them."""
        text = (ROOT / "book" / "chapters" / f"{page}.md").read_text(encoding="utf-8")
        body = text.split(f"$$ ({label})")[0].split("$$")[-1]
        found = re.findall(r"&= (.*?) && \\text\{(.*)\}", body)
        assert len(found) > 2
        return found

    @staticmethod
    def methods(book, label):
        """Return in words how a formula was checked, as the ledger has it."""
        page = (book / "book" / "appendix" / "ledger.html").read_text(encoding="utf-8")
        link = BeautifulSoup(page, "html.parser").select_one(
            f"table a[href$='#equation-{label.replace(':', '-')}']"
        )
        cells = link.find_parent("tr").select("th, td")
        return set(cells[3].get_text(strip=True).split("; "))

    @pytest.mark.parametrize(("page", "label"), [("gradient", "eq:loss-gradient")])
    def test_shows_the_lines_of_the_page(self, book, page, label):
        path = book / "book" / "chapters" / f"{page}.html"
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        _, *lines = soup.select("#widget-derivation .widget-lines > li")
        methods = set()
        for line, (right, reason) in zip(lines, self.lines(page, label), strict=True):
            latex = line.select_one(".math").get_text()
            assert latex == f"\\(\\displaystyle {{}} = {right}\\)"
            said = re.sub(r"\\\((.*?)\\\)", r"$\1$", line.select("p")[1].get_text())
            methods.add(said.removeprefix(f"{reason}; "))
        assert methods == self.methods(book, label)

    def test_goes_forward_and_back(self, visit):
        with visit("derivation", formulas=True) as figure:
            shown = figure.box.locator(".widget-lines > li:visible")
            assert shown.count() == 2
            figure.button("Forward").click()
            assert shown.count() == 3
            figure.button("All lines").press("Enter")
            assert shown.count() == 7
            figure.button("Forward").press("Enter")
            assert shown.count() == 7
            figure.button("Back").press("Space")
            assert shown.count() == 6
            assert "Line 5 of 6" in figure.says()

    def test_lines_are_typeset(self, visit):
        with visit("derivation", "?line=6", formulas=True) as figure:
            figure.page.wait_for_function("window.MathJax && MathJax.startup.promise")
            figure.page.evaluate("MathJax.startup.promise")
            assert figure.box.locator("li:visible mjx-container").count() >= 6
            assert "\\(" not in figure.box.inner_text()


@pytest.fixture(scope="module")
def network():
    """Train the network of the chapter."""
    (X, y), _ = load_digits()
    return Network((64, 25, 15, 10), seed=0).fit(X, y, epochs=100, progress=False)


@pytest.mark.xdist_group("a trained network")
class TestNetwork:
    LETTERS = np.array(list("0123456789abcdefg"))

    @staticmethod
    def pixels(figure):
        """Return the drawing as the network sees it."""
        cells = figure.box.locator(".widget-pixel")
        labels = cells.evaluate_all("all => all.map(cell => cell.getAttribute('aria-label'))")
        return np.array([int(label.rpartition(" ")[2]) for label in labels]) / 16

    @staticmethod
    def evidence(network, activations, digit):
        """Return what each pixel adds to a score: its weight along all paths that are open."""
        slopes = network.layers[-1].W[digit]
        for depth in (1, 0):
            slopes = (slopes * (activations[depth + 1][0] > 0)) @ network.layers[depth].W
        return slopes * activations[0][0]

    @pytest.mark.parametrize("seed", range(4))
    def test_agrees_with_softmaxlab(self, visit, network, seed):
        rng = np.random.default_rng(seed)
        ink, digit = rng.integers(0, 17, 64), int(rng.integers(10))
        query = f"?pixels={''.join(self.LETTERS[ink])}&evidence={digit}"
        activations = network.forward(ink[None] / 16)
        names = {
            "h": activations[1][0],
            "u": activations[2][0],
            "a": softmaxlab.softmax(activations[3][0]),
            "m": self.evidence(network, activations, digit),
        }
        with visit("network", query) as figure:
            assert np.array_equal(self.pixels(figure), ink / 16)
            for letter, expected in names.items():
                found = figure.numbers(*(f"{letter}{n}" for n in range(len(expected))))
                assert np.allclose(found, expected, rtol=1e-6, atol=1e-9)

    def test_shows_digits_that_it_has_not_learned_from(self, visit, network):
        _, (X_test, y_test) = load_digits()
        with visit("network") as figure:
            for digit in range(10):
                figure.button(str(digit)).click()
                shown = self.pixels(figure)
                assert np.array_equal(shown, X_test[(y_test == digit).argmax()])
                assert f"The network reads {network.predict(shown[None])[0]}," in figure.says()
            figure.button("Clear").click()
            assert not self.pixels(figure).any()

    @pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
    def test_a_line_is_drawn(self, visit, drag):
        options = FORMS["phone"] if drag is drag_by_touch else {}
        with visit("network", f"?pixels={'0' * 64}", **options) as figure:
            cells = figure.box.locator(".widget-pixel")
            drag(figure.page, middle(cells.nth(27)), middle(cells.nth(28)))
            ink = self.pixels(figure) * 16
            assert ink[[27, 28]].tolist() == [16, 16]
            assert ink[[19, 20, 26, 29, 35, 36]].tolist() == [5] * 6
            assert ink.sum() == 62
            assert figure.query()["pixels"][0][27:29] == "gg"

    def test_a_digit_is_drawn_by_keyboard(self, visit):
        with visit("network", f"?pixels={'0' * 64}") as figure:
            keyboard = figure.page.keyboard
            figure.box.locator(".widget-pixel").first.focus()
            for key in ("ArrowUp", "ArrowLeft", "ArrowRight", "ArrowDown", "Space"):
                keyboard.press(key)
            assert self.pixels(figure)[9] == 1
            keyboard.press("Tab")
            keyboard.press("Shift+Tab")
            focused = figure.page.evaluate("document.activeElement.ariaLabel")
            assert focused == "row 2, column 2: ink 16"
            figure.control("ink of the pen").press("Home")
            figure.box.locator(".widget-pixel").nth(9).press("Enter")
            assert self.pixels(figure)[9] == 0


class TestDigit:
    NAMES = (*(f"{letter}{digit}" for letter in "za" for digit in range(10)), "loss")
    LETTERS = TestNetwork.LETTERS

    @staticmethod
    def expected(ink, label, rate, steps):
        """Return scores by the templates after some steps on them, their softmax, and the loss."""
        (X, labels), _ = load_digits()
        weights, biases = softmaxlab.template_weights(X, labels)
        z = weights @ (ink / 16) + biases
        for _ in range(steps):
            z = z - rate * softmaxlab.softmax_cross_entropy_grad(z, label)
        return [*z, *softmaxlab.softmax(z), softmaxlab.softmax_cross_entropy(z, label)]

    @pytest.mark.parametrize("seed", range(4))
    def test_agrees_with_softmaxlab(self, visit, seed):
        rng = np.random.default_rng(seed)
        ink, label, steps = rng.integers(0, 17, 64), int(rng.integers(10)), int(rng.integers(9))
        query = f"?pixels={''.join(self.LETTERS[ink])}&right={label}&rate=4.5&steps={steps}"
        with visit("digit", query) as figure:
            expected = self.expected(ink, label, 4.5, steps)
            assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)

    def test_shows_the_digit_of_the_figure_first(self, visit):
        _, (X_test, _) = load_digits()
        with visit("digit") as figure:
            assert np.array_equal(TestNetwork.pixels(figure), X_test[1])

    def test_a_step_lowers_the_loss_and_a_new_drawing_begins_anew(self, visit):
        with visit("digit") as figure:
            before = figure.numbers("loss")
            figure.button("Step").click()
            assert figure.numbers("loss") < before
            assert "After 1 step " in figure.says()
            figure.box.locator(".widget-pixel").nth(28).press("Enter")
            assert "steps" not in figure.query()
            figure.button("Step").press("Enter")
            figure.control("right class").select_option("8")
            assert figure.query()["right"] == ["8"]
            assert "steps" not in figure.query()


def drag_a_handle(figure, drag, number=0, by=30):
    """Drag a point of a chart to the right."""
    x, y = middle(figure.box.locator("circle.widget-handle").nth(number))
    drag(figure.page, (x, y), (x + by, y))


@pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
@pytest.mark.parametrize(
    ("kind", "handles"),
    [("newton", 1), ("query", 1), ("rival", 4), ("tangent", 1), ("temperature", 1), ("twice", 4)],
)
def test_each_point_of_a_chart_can_be_dragged(visit, drag, kind, handles):
    options = FORMS["phone"] if drag is drag_by_touch else {}
    with visit(kind, **options) as figure:
        assert figure.box.locator("circle.widget-handle").count() == handles
        slider = figure.control(SLIDERS[kind])
        for number in range(handles):
            before = float(slider.input_value())
            drag_a_handle(figure, drag, number)
            assert float(slider.input_value()) > before
            drag_a_handle(figure, drag, number, by=-30)
        assert figure.says()


class TestSupport:
    NAMES = ("Count", "Pull", "Share", "Length")

    @staticmethod
    def minimum(points, penalty, machine):
        """Return scikit-learn's weights for two groups of six points, the last for the bias."""
        sides = np.repeat([-1, 1], 6)
        features = np.column_stack([points, np.ones(12)])
        fitted = machine(C=1 / (12 * penalty), fit_intercept=False, tol=1e-10, max_iter=10**7)
        return fitted.fit(features, sides).coef_[0], features * sides[:, np.newaxis]

    def expected(self, points, penalty, chosen):
        """Return what the figure shows of both machines; a pull is the slope of a loss."""
        W, signed = self.minimum(points, penalty, partial(LinearSVC, loss="hinge"))
        U, _ = self.minimum(points, penalty, LogisticRegression)
        pulls = expit(-signed @ U)
        strongest = np.sort(pulls)[-3:].sum() / pulls.sum()
        soft = [12, pulls[chosen], strongest, np.linalg.norm(U)]
        return np.linalg.norm(W), signed @ W, soft

    @staticmethod
    def address(points, penalty, chosen):
        """Return a setting of the figure."""
        text = "_".join(f"{x:.1f}" for x in points.ravel())
        return f"?points={text}&penalty={penalty}&point={chosen}"

    def test_agrees_with_scikit_learn(self, visit):
        rng = np.random.default_rng(12)
        for _ in range(6):
            points = rng.uniform((-4, -2.4), (4, 2.4), (12, 2)).round(1)
            penalty, chosen = rng.integers(1, 51) / 100, rng.integers(12)
            length, leads, soft = self.expected(points, penalty, chosen)
            with visit("support", self.address(points, penalty, chosen)) as figure:
                found = figure.numbers(*[f"soft{name}" for name in self.NAMES])
                assert np.allclose(found, soft, rtol=1e-4)
                count, pull, _, shown = figure.numbers(*[f"hinge{name}" for name in self.NAMES])
                assert np.isclose(shown, length, rtol=1e-4)
                assert (leads < 1 - 1e-3).sum() <= count <= (leads < 1 + 1e-3).sum()
                assert abs(leads[chosen] - 1) < 1e-3 or np.isclose(pull, leads[chosen] < 1)

    def test_the_hinge_ignores_points_beyond_its_margin(self, visit):
        with visit("support") as figure:
            before = figure.numbers("hingeLength", "softLength")
            figure.button("up").click()
            figure.button("left").click()
            after = figure.numbers("hingeLength", "softLength")
            assert np.isclose(before[0], after[0], rtol=1e-9)
            assert not np.isclose(before[1], after[1], rtol=1e-6)
            assert figure.query()["points"][0].startswith("-3.2_1.4_")
            assert "Point 1 does not pull at all" in figure.says()

    @pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
    def test_a_point_in_a_ring_moves_the_border(self, visit, drag):
        options = FORMS["phone"] if drag is drag_by_touch else {}
        with visit("support", **options) as figure:
            before = figure.numbers("hingeLength")
            drag_a_handle(figure, drag, number=5)
            assert figure.control("which point moves").input_value() == "5"
            assert "Point 6 pulls with" in figure.says()
            assert not np.isclose(before, figure.numbers("hingeLength"), rtol=1e-3)


class TestQuery:
    @staticmethod
    def data(figure):
        """Return the keys and the values of the page."""
        found = json.loads(figure.box.locator(".widget-data").inner_text())
        return np.array(found["keys"]), np.array(found["values"])

    def test_agrees_with_the_page(self, visit):
        rng = np.random.default_rng(13)
        weights, labels = [f"weight{n}" for n in range(3)], ("first number", "second number")
        with visit("query") as figure:
            keys, values = self.data(figure)
            for _ in range(20):
                wanted = rng.uniform((-3, -2), (3, 2)).round(1)
                query = figure.set(dict(zip(labels, wanted, strict=True)))
                assert np.allclose(query, wanted)
                expected = softmaxlab.softmax(keys @ query / np.sqrt(2))
                assert np.allclose(figure.numbers(*weights), expected, **CLOSE)
                passed = figure.box.locator("[data-name='passed']").get_attribute("data-value")
                assert np.allclose(json.loads(passed), expected @ values, **CLOSE)

    def test_a_query_of_zero_looks_everywhere_alike(self, visit):
        with visit("query", "?query=0,0") as figure:
            assert np.allclose(figure.numbers("weight0", "weight1", "weight2"), 1 / 3)
            mean = self.data(figure)[1].mean(axis=0)
            assert f"({mean[0]:.2f}, {mean[1]:.2f})" in figure.says()


class TestCut:
    SLIDERS = ("temperature", "top-k: keep", "top-p: reach")

    @staticmethod
    def expected(scores, T, k, p):
        """Return how many words are kept, their probability together, its price, and the first."""
        believed = softmaxlab.softmax(np.array(scores) / T)
        best = believed[: int(k) if k < 101 else None]
        share = np.cumsum(best) / best.sum()
        kept = len(best) if p == 1 else int((share < p).sum()) + 1
        together = best[:kept].sum()
        return kept, together, -np.log(together), best[0] / together

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(14)
        with visit("cut") as figure:
            data = json.loads(figure.box.locator(".widget-data").inner_text())
            for past in (0, 1, 2, 1, 0, 2):
                figure.control("past").select_option(str(past))
                wanted = rng.uniform(0.2, 2), rng.integers(1, 102), rng.uniform(0.05, 1)
                setting = figure.set(dict(zip(self.SLIDERS, wanted, strict=True)))
                expected = self.expected(data["scores"][past], *setting)
                found = figure.numbers("kept", "together", "cost", "b0")
                assert np.allclose(found, expected, rtol=1e-6, atol=1e-9)

    def test_nothing_is_cut_at_the_ends_of_the_sliders(self, visit):
        with visit("cut", "?k=101&p=1&T=0.5") as figure:
            kept, together = figure.numbers("kept", "together")
            assert kept > 500
            assert np.isclose(together, 1)
            assert "all" in figure.box.locator(".widget-number").all_inner_texts()


class TestNewton:
    NAMES = ("loss", "slope", "bend", "step", "lands", "after")
    CONTROLS = ("lead of the first class", "its share of the pictures")

    @staticmethod
    def expected(lead, share):
        """Return the numbers of the figure; the lead grows as the first score does."""
        target = np.array([share, 1 - share])
        scores = np.array([lead, 0.0])
        slope = softmaxlab.softmax_cross_entropy_grad(scores, target)[0]
        bend = softmaxlab.softmax_jacobian(scores)[0, 0]
        lands = lead - slope / bend
        loss, after = softmaxlab.softmax_cross_entropy(
            np.array([scores, [lands, 0.0]]), np.array([target, target])
        )
        return [loss, slope, bend, lands - lead, lands, after]

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(7)
        with visit("newton") as figure:
            for _ in range(20):
                wanted = [round(rng.uniform(-8, 8), 1), rng.integers(0, 21) / 20]
                lead, share = figure.set(dict(zip(self.CONTROLS, wanted, strict=True)))
                expected = self.expected(lead, share)
                assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)

    def test_takes_the_step_when_it_stays_in_the_picture(self, visit):
        with visit("newton", "?lead=-1&share=0.7") as figure:
            lands = figure.numbers("lands")
            figure.button("Take Newton's step").press("Enter")
            moved = float(figure.control(self.CONTROLS[0]).input_value())
            assert np.isclose(moved, lands, atol=0.05 + 1e-9)

    def test_does_not_leave_the_picture(self, visit):
        with visit("newton", "?lead=6&share=0.7") as figure:
            assert "outside of the picture" in figure.says()
            button = figure.button("Take Newton's step")
            assert button.get_attribute("aria-disabled") == "true"
            button.press("Enter")
            assert figure.control(self.CONTROLS[0]).input_value() == "6"


class TestRival:
    LABELS = ("score of the right class", "score of the rival", "score of the third")
    NAMES = ("hinge", "hinge0", "hinge1", "hinge2", "soft", "soft0", "soft1", "soft2")

    @staticmethod
    def expected(scores):
        """Return both losses with their slopes."""
        right = np.array(0)
        return [
            textbook.multiclass_hinge(scores, right),
            *textbook.multiclass_hinge_grad(scores, right),
            softmaxlab.softmax_cross_entropy(scores, 0),
            *softmaxlab.softmax_cross_entropy_grad(scores, 0),
        ]

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(8)
        with visit("rival") as figure:
            for _ in range(20):
                wanted = rng.uniform(-6, 10, 3).round(1)
                scores = figure.set(dict(zip(self.LABELS, wanted, strict=True)))
                assert np.allclose(figure.numbers(*self.NAMES), self.expected(scores), **CLOSE)

    def test_the_hinge_lets_go_of_a_rival_a_point_behind(self, visit):
        with visit("rival", "?right=3&rival=1.9&third=-6") as figure:
            assert "The hinge pushes it with 0, softmax with 0.250." in figure.says()


class TestTangent:
    LABELS = ("belief in rain", "announced")
    NAMES = ("rains", "dry", "paid", "honest", "extra")

    @staticmethod
    def charges(name, q):
        """Return the charges if it rains and if it stays dry, each by its definition."""
        announced = np.array([q, 1 - q])
        if name == "logarithm":
            return softmaxlab.cross_entropy(np.eye(2), np.stack([announced] * 2))
        if name == "Brier":
            return ((announced - np.eye(2)) ** 2).sum(axis=1)
        if name == "spherical":
            return 1 - announced / np.linalg.norm(announced)
        return (announced < 1 / 2) + (announced == 1 / 2) / 2

    @pytest.mark.parametrize("name", ["logarithm", "Brier", "spherical", "first scheme"])
    def test_agrees_with_the_definitions(self, visit, name):
        rng = np.random.default_rng(9)
        with visit("tangent") as figure:
            figure.control("charge").select_option(name)
            for wanted in [(0.3, 0.5), *rng.integers(1, 100, (15, 2)) / 100]:
                p, q = figure.set(dict(zip(self.LABELS, wanted, strict=True)))
                rains, dry = self.charges(name, q)
                paid = p * rains + (1 - p) * dry
                honest = np.dot([p, 1 - p], self.charges(name, p))
                expected = [rains, dry, paid, honest, paid - honest]
                assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)
                assert paid > honest - 1e-12

    def test_a_lie_costs_the_divergence(self, visit):
        with visit("tangent", "?belief=0.7&announced=0.3") as figure:
            expected = softmaxlab.kl_divergence([0.7, 0.3], [0.3, 0.7])
            assert np.isclose(figure.numbers("extra")[0], expected)
            assert "0.339 more than for honesty" in figure.says()

    def test_the_first_scheme_lets_one_exaggerate(self, visit):
        with visit("tangent", "?charge=first+scheme&belief=0.6&announced=0.99") as figure:
            assert figure.numbers("extra")[0] == 0


class TestBorder:
    LABELS = ("share of nines", "price of a lost nine")
    NAMES = ("border", "threshold", "lost", "taken", "bill")

    @staticmethod
    def bill(border, nines, price):
        """Return what a picture costs on average, with a border anywhere."""
        return nines * price * norm.cdf(border - 1.2) + (1 - nines) * norm.sf(border + 1.2)

    def test_no_other_border_costs_less(self, visit):
        rng = np.random.default_rng(10)
        with visit("border") as figure:
            for _ in range(15):
                wanted = [rng.integers(1, 100) / 100, rng.integers(1, 21)]
                nines, price = figure.set(dict(zip(self.LABELS, wanted, strict=True)))
                best = minimize_scalar(
                    self.bill, args=(nines, price), bounds=(-5, 5), method="bounded",
                    options={"xatol": 1e-10},
                )  # fmt: skip
                border, threshold, lost, taken, bill = figure.numbers(*self.NAMES)
                assert np.isclose(border, best.x, atol=1e-6)
                assert np.isclose(bill, best.fun, atol=1e-9)
                assert np.isclose(lost, norm.cdf(border - 1.2), atol=1e-9)
                assert np.isclose(taken, norm.sf(border + 1.2), atol=1e-9)
                there = nines * norm.pdf(border - 1.2), (1 - nines) * norm.pdf(border + 1.2)
                assert np.isclose(threshold, there[0] / sum(there), atol=1e-9)

    def test_a_price_of_ten_moves_the_border_as_ten_times_as_many_nines_would(self, visit):
        with visit("border", "?nines=0.5&price=10") as figure:
            assert np.isclose(figure.numbers("border")[0], -np.log(10) / 2.4)
            assert "The border is at −0.96." in figure.says()


class TestTemperature:
    NAMES = ("loss", "error", "sure", "right")

    @staticmethod
    def data(figure):
        """Return the scores of each machine and the labels, as the page has them."""
        page = BeautifulSoup(figure.page.content(), "html.parser")
        found = json.loads(page.select_one("#widget-temperature .widget-data").text)
        scores = {
            name: np.frombuffer(b64decode(packed), "<i2").reshape(-1, 10) / 512
            for name, packed in found["scores"].items()
        }
        return scores, np.array(found["labels"])

    @staticmethod
    def expected(scores, labels, bins):
        """Return the mean loss, the calibration error, the confidence and the accuracy."""
        p = softmaxlab.softmax(scores)
        return [
            softmaxlab.softmax_cross_entropy(scores, labels).mean(),
            expected_calibration_error(p, labels, n_bins=bins),
            p.max(axis=1).mean(),
            (p.argmax(axis=1) == labels).mean(),
        ]

    @pytest.mark.parametrize("machine", ["network", "softmax regression"])
    def test_agrees_with_softmaxlab(self, visit, machine):
        with visit("temperature") as figure:
            scores, labels = self.data(figure)
            figure.control("machine").select_option(machine)
            for T, bins in [(1, 15), (0.2, 1), (0.55, 45), (1.95, 7), (5, 30)]:
                figure.set({"temperature T": T, "number of bins": bins})
                expected = self.expected(scores[machine] / T, labels, bins)
                assert np.allclose(figure.numbers(*self.NAMES), expected, **CLOSE)

    def test_has_the_pictures_of_the_chapter_in_little_room(self, visit, book):
        page = (book / "book" / "chapters" / "calibration.html").read_text(encoding="utf-8")
        rows = BeautifulSoup(page, "html.parser").select("article tbody tr")
        texts = [[cell.get_text(strip=True) for cell in row.select("td")] for row in rows]
        (loss,) = [row[3] for row in texts if row[0] == "network"]
        with visit("temperature") as figure:
            assert np.isclose(figure.numbers("loss"), float(loss), atol=2e-4)
            assert len(figure.box.locator(".widget-data").text_content()) < 60_000


class TestTwice:
    NAMES = ("a1", "loss1", "slope1", "a2", "loss2", "slope2", "floor2", "nothing")

    @staticmethod
    def expected(lead, K):
        """Return the numbers with softmax once and twice, and what they end on."""
        z, perfect = np.zeros(K), np.zeros(K)
        z[0], perfect[0] = lead, 1.0
        p = softmaxlab.softmax(z)
        slopes = softmaxlab.softmax_cross_entropy_grad(p, 0) @ softmaxlab.softmax_jacobian(z)
        return [
            p[0],
            softmaxlab.softmax_cross_entropy(z, 0),
            softmaxlab.softmax_cross_entropy_grad(z, 0)[0],
            softmaxlab.softmax(p)[0],
            softmaxlab.softmax_cross_entropy(p, 0),
            slopes[0],
            softmaxlab.softmax_cross_entropy(perfect, 0),
            np.log(K),
        ]

    @pytest.mark.parametrize("K", [2, 3, 10, 100, 1000])
    def test_agrees_with_softmaxlab(self, visit, K):
        rng = np.random.default_rng(K)
        with visit("twice") as figure:
            figure.control("how many classes").select_option(str(K))
            for wanted in (-8, 12, *rng.uniform(-8, 12, 4).round(1)):
                (lead,) = figure.set({"lead of the right class": wanted})
                assert np.allclose(figure.numbers(*self.NAMES), self.expected(lead, K), **CLOSE)

    def test_never_gets_below_its_floor(self, visit):
        with visit("twice", "?lead=12&K=1000") as figure:
            loss, floor = figure.numbers("loss2", "floor2")
            assert 0 < loss - floor < 0.01
            assert f"never gets below {floor:.3f}" in figure.says()


class TestBackward:
    W = np.array([[1.0, 1.0], [-1.0, 1.0]])
    V = np.array([[1.0, -1.0], [0.0, 2.0]])
    NAMES = (
        *(f"{letter}{n}" for letter in "xSUzaedg" for n in (1, 2)),
        "loss",
        *("V11", "V12", "V21", "V22", "W11", "W12", "W21", "W22"),
    )

    def expected(self, x, label):
        """Return all values and slopes, by the lines of the chapter."""
        S = self.W @ x
        U = np.maximum(0, S)
        z = self.V @ U
        e = softmaxlab.softmax_cross_entropy_grad(z, label)
        d = self.V.T @ e
        g = d * (S > 0)
        loss = softmaxlab.softmax_cross_entropy(z, label)
        slopes = np.outer(e, U), np.outer(g, x)
        values = [x, S, U, z, softmaxlab.softmax(z), e, d, g, [loss], *map(np.ravel, slopes)]
        return np.concatenate(values)

    def test_agrees_with_softmaxlab(self, visit):
        rng = np.random.default_rng(9)
        with visit("backward") as figure:
            for label in 10 * [0, 1]:
                figure.control("right answer").select_option(str(label + 1))
                wanted = rng.integers(-6, 7, 2) / 2
                x = figure.set({"input 1": wanted[0], "input 2": wanted[1]})
                assert np.allclose(figure.numbers(*self.NAMES), self.expected(x, label), **CLOSE)

    def test_the_errors_run_backward_a_layer_at_a_time(self, visit):
        shown = "all => all.filter(one => one.textContent !== '').map(one => one.dataset.name[0])"
        with visit("backward", "?stage=0") as figure:
            seen = []
            for _ in range(5):
                found = figure.box.locator("svg .fill-red[data-name]").evaluate_all(shown)
                seen.append("".join(sorted(set(found))))
                figure.button("Back").press("Enter")
            assert seen == ["", "e", "Vde", "Vde", "VWde"]
            assert "first layer" in figure.says()
            figure.button("Forward").click()
            assert "through the ReLU" in figure.says()

    def test_a_closed_unit_lets_nothing_through(self, visit):
        with visit("backward", "?x=2,1") as figure:
            assert "No error passes through hidden unit 2." in figure.says()
            assert np.array_equal(figure.numbers("W21", "W22", "g2"), [0, 0, 0])


class TestPages:
    def test_load_only_the_scripts_of_their_widgets(self, book):
        for page in (book / "book").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            kinds = set(re.findall(r'data-widget="([\w-]+)"', text))
            scripts = set(re.findall(r"widgets/([\w-]+)\.js", text)) - {"previews"}
            assert scripts == (kinds | {"kit"} if kinds else set())
