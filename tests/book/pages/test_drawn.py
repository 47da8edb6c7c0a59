r"""Every displayed formula of the book, drawn by a browser, is the tree that was checked."""

from functools import partial
from itertools import groupby

import pytest
from bs4 import BeautifulSoup
from checkedmath.reading.reasons import with_citations

from tests.book.content.formulas import displayed_formulas
from tests.checkedmath import drawn

pytestmark = [pytest.mark.browser, pytest.mark.build]


@pytest.fixture(scope="module")
def formulas():
    """Return the formulas of each page that has some."""
    return {page: list(each) for page, each in groupby(displayed_formulas(), lambda x: x.page)}


def missing(request):
    """Return what a request did not find: an icon still under way when the page is left is none."""
    return [] if request.failure == "net::ERR_ABORTED" else [request.url]


@pytest.fixture
def tab(browser):
    """Return a page of the browser, and what it could not load."""
    page, failed = browser.new_page(), []
    # What is too wide is set anew, row by row: test_formulas.py looks at that.
    page.route("**/formulas.js*", lambda route: route.fulfill(body=""))
    page.on("requestfailed", lambda request: failed.extend(missing(request)))
    yield page, failed
    page.close()


def number_on_its_page(book, formulas, label):
    """Return the number beside a formula that is cited."""
    (page,) = (name for name, each in formulas.items() if label in {x.label for x in each})
    soup = BeautifulSoup((book / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    return soup.find(id=f"equation-{label.replace(':', '-')}").find(class_="eqno").find(string=True)


def faults(tab, path, formulas, number):
    """Open a page -> which of its formulas are drawn otherwise than read, and errors."""
    tab.goto(path.as_uri())
    seen = {each["label"]: each for each in tab.evaluate(drawn.DISPLAYED)}
    assert len(seen) == len(formulas)
    for formula in formulas:
        found = seen[f"equation-{formula.label.replace(':', '-')}"]
        yield from found["errors"]
        shown = with_citations(formula.latex, number)
        yield drawn.difference(found["mathml"], shown, formula.notation)


def test_what_is_drawn_was_read(book, tab, formulas):
    page, failed = tab
    number = partial(number_on_its_page, book, formulas)
    told = [
        fault
        for name, each in formulas.items()
        for fault in faults(page, book / f"{name}.html", each, number)
    ]
    assert len(told) >= sum(map(len, formulas.values()))
    assert [fault for fault in told if fault] == []
    assert failed == []
