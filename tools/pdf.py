"""Print the book: one long page, typeset and paginated by a browser, with an outline.

    python -m tools.pdf

Jupyter Book's singlehtml builder makes the page, and Chromium prints it: of the builders it is the
one whose formulas, figures and boxes look as they do on the screen, and it needs no TeX.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "_build" / "singlehtml" / "book" / "index.html"
TARGET = ROOT / "_build" / "pdf" / "from-logits-to-loss.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOOTER = (
    '<div style="font-size: 8px; width: 100%; text-align: center; color: #555">'
    '<span class="pageNumber"></span></div>'
)

ALL_MATHEMATICS_DRAWN = """async () => {
  while (!window.MathJax?.startup?.promise) await new Promise((go) => setTimeout(go, 100));
  await MathJax.startup.promise;
}"""


def browser_path():
    """Return where a browser is, or say what is missing."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(
            "printing needs Chromium: install Debian's package `chromium`,"
            " or name a browser in the environment variable CHROMIUM"
        )
    return found


def build_page():
    """Build the whole book as one page."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n"]
    subprocess.run([*command, "--keep-going", "--builder", "singlehtml"], cwd=ROOT, check=True)


def print_page(executable):
    """Print the page, once all its mathematics is drawn."""
    from playwright.sync_api import sync_playwright

    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light", offline=True)
        page.set_default_timeout(0)  # a thousand formulas take their time
        page.goto(PAGE.as_uri())
        page.evaluate(ALL_MATHEMATICS_DRAWN)
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        page.pdf(
            path=TARGET,
            format="A4",
            margin={"top": "18mm", "bottom": "18mm", "left": "18mm", "right": "18mm"},
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            outline=True,
            tagged=True,
        )
        browser.close()


def main():
    """Build and print."""
    executable = browser_path()
    build_page()
    print_page(executable)
    print(f"Printed {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
