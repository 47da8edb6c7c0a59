"""Questions are answered by mouse, touch and keyboard, without scripts, and on paper."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

pytestmark = pytest.mark.build

ROOT = Path(__file__).resolve().parents[3]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def asked(path):
    """Return the right answers that a chapter names, in the order of its questions."""
    text = path.read_text(encoding="utf-8")
    return re.findall(r"^```\{question\}\n:right: (\w)$", text, re.M)


CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md") if asked(path))


@pytest.mark.parametrize("name", CHAPTERS)
class TestEveryQuiz:
    @pytest.fixture
    def article(self, book, name):
        """The text of a page."""
        page = (book / "book" / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        return BeautifulSoup(page, "html.parser").select_one("article")

    def test_has_the_questions_of_the_chapter_and_their_right_answers(self, article, name):
        letters = [
            question.select_one(".question-right .question-letter").text
            for question in article.select(".question")
        ]
        assert letters == asked(ROOT / "book" / "chapters" / f"{name}.md")
        assert len(letters) in (3, 4)
        assert len(set(letters)) > 1

    def test_says_of_each_answer_what_is_right_or_wrong_with_it(self, article):
        for answer in article.select(".question-answer"):
            said = answer.select_one(".question-said").get_text(" ", strip=True)
            is_right = "question-right" in answer["class"]
            assert said.startswith("Right. " if is_right else "No. ")
            assert len(said.split()) > 10

    def test_an_answer_holds_nothing_else_that_can_be_pressed(self, article):
        assert article.select(".question-answer > summary")
        assert not article.select(".question-answer > summary :is(a, button, input)")

    def test_the_key_for_paper_says_the_same(self, article):
        for question in article.select(".question"):
            boxes = question.select("details .question-said")
            said = [box.get_text(" ", strip=True) for box in boxes]
            key = [box.get_text(" ", strip=True) for box in question.select(".question-key > div")]
            assert key == [f"{letter} {text}" for letter, text in zip("ABCD", said, strict=False)]


def opened(page):
    """Return the letters of the answers of the first question that are open."""
    answers = page.locator("#question-1 details[open] .question-letter")
    return answers.all_inner_texts()


@pytest.mark.browser
class TestAnswering:
    PAGE = "book/chapters/softmax.html"

    @pytest.mark.parametrize("scripts", [True, False])
    def test_by_mouse_with_and_without_scripts(self, visit, scripts):
        with visit(self.PAGE, java_script_enabled=scripts) as page:
            answers = page.locator("#question-1 summary")
            assert opened(page) == []
            answers.nth(0).click()
            assert opened(page) == ["A"]
            answers.nth(2).click()
            assert opened(page) == ["A", "C"]
            assert page.locator("#question-1 .question-right .question-said").first.is_visible()

    def test_by_touch(self, visit):
        with visit(self.PAGE, **PHONE) as page:
            page.locator("#question-1 summary").nth(1).tap()
            assert opened(page) == ["B"]

    def test_by_keyboard(self, visit):
        with visit(self.PAGE) as page:
            page.locator("#question-1 summary").first.focus()
            page.keyboard.press("Enter")
            assert opened(page) == ["A"]
            for key in ("Tab", "Space"):
                page.keyboard.press(key)
            assert opened(page) == ["A", "B"]
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"

    def test_is_accessible_and_fits_a_phone(self, visit):
        with visit(self.PAGE, **PHONE) as page:  # `test_pages` looks at all of them, unfolded
            for letter in ("wrong", "right"):
                for answer in page.locator(f".question-{letter} > summary").all():
                    answer.click()
                found = Axe().run(page, ".question", {"preload": False})
                assert found.violations_count == 0, found.generate_report()
                width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert width <= 0

    def test_on_paper_what_is_said_stands_below_the_answers(self, visit):
        with visit(self.PAGE) as page:
            assert not page.locator("#question-1 .question-key").is_visible()
            page.emulate_media(media="print")
            assert page.locator("#question-1 .question-key").is_visible()
            assert page.locator("#question-1 summary").first.is_visible()
            for said in page.locator("#question-1 details .question-said").all():
                assert not said.is_visible()
