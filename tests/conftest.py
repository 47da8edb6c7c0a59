"""What all tests share: how many examples Hypothesis tries, and a browser.

Hypothesis tries a few examples, the same in every run, unless one goes hunting.
"""

import os
import shutil

import pytest
from hypothesis import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")

settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=2000)
settings.load_profile("ci")


def browser_path():
    """Return the browser of this machine, or None."""
    found = (shutil.which(name) for name in BROWSERS)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser():
    """Start a headless browser; skip where there is none."""
    path = browser_path()
    if path is None:
        pytest.skip("no chromium on this machine: the pages are not opened")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()
