"""A formula that is wider than a phone is set anew, says the same, and is seen whole."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.build]

PAGES = ("gradient", "curvature", "gumbel", "large-vocabulary")
SAID = """() => MathJax.startup.promise.then(() =>
  [...document.querySelectorAll("div.math mjx-container")].map((box) => ({
    id: box.closest("div.math").id,
    said: [...box.textContent.replace(/\\s/g, "")].sort().join(""),
    wide: box.scrollWidth > box.clientWidth + 1,
    empty: [...box.querySelectorAll("mjx-assistive-mml mtr")]
      .some((row) => !row.textContent.trim()),
  })))"""


def formulas(browser, path, width, script=True):
    """Open a page at a width -> what each of its displayed formulas says, and whether it fits."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    if not script:
        page.route("**/formulas.js*", lambda route: route.fulfill(body=""))
    page.goto(path.as_uri())
    page.wait_for_timeout(1500)  # fonts, and what is set anew
    found = page.evaluate(SAID)
    page.close()
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_derivation_says_the_same(book, browser, name):
    path = book / "book" / "chapters" / f"{name}.html"
    plain = formulas(browser, path, 360, script=False)
    anew = formulas(browser, path, 360)
    assert [each["said"] for each in anew] == [each["said"] for each in plain]
    assert any(each["wide"] for each in plain)
    assert not any(each["wide"] or each["empty"] for each in anew)
