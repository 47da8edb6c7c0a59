"""What the tests of pages share: a visit to a page from the disk, without a network."""

import re
from contextlib import contextmanager

import pytest


@pytest.fixture
def visit(book, browser):
    """Return a context manager that opens a page from the disk and refuses errors and requests."""

    @contextmanager
    def open_page(path, **options):
        context = browser.new_context(offline=True, **options)
        page, troubles = context.new_page(), []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.extend(re.findall("^https?:.*", request.url)))
        page.goto((book / path).as_uri())
        page.evaluate("window.MathJax && MathJax.startup.promise")
        try:
            yield page
        finally:
            context.close()
        assert troubles == []

    return open_page
