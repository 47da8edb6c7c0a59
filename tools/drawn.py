"""Draw formulas of the built book as SVG, for what has to show them without a script.

MathJax draws them in a headless browser, from the same files that the pages use.
"""

import asyncio
import re
from importlib.util import find_spec
from pathlib import Path

from tools.pdf import browser_path

DELIMITED = re.compile(r"\\[(\[](.*)\\[)\]]", re.DOTALL)
# A letter is drawn anew wherever it stands: what is shared has a name, and a page may have it once.
SETTINGS = "window.MathJax = {svg: {fontCache: 'none'}, startup: {typeset: false}};"
DRAW = r"""async formulas => {
  await MathJax.startup.promise;
  const bare = element => {
    for (const {name} of [...element.attributes])
      if (name.startsWith("data-") || name === "focusable") element.removeAttribute(name);
  };
  return formulas.map(([latex, display]) => {
    const drawn = MathJax.tex2svg(latex, {display}).querySelector("svg");
    drawn.setAttribute("aria-label", latex);
    [drawn, ...drawn.querySelectorAll("*")].forEach(bare);
    return new XMLSerializer().serializeToString(drawn);
  });
}"""


def mathjax():
    """Return where the MathJax lies that draws SVG."""
    return Path(find_spec("sphinx-mathjax-offline").origin).parent / "static/mathjax/tex-svg.js"


def formulas_in(soup):
    """Return each formula of a page: its element, its LaTeX, and whether it is displayed."""
    found = []
    for element in soup.select("span.math, div.math"):
        latex = DELIMITED.search(element.get_text())[1]
        found.append((element, latex, element.name == "div"))
    return found


def drawings(formulas):
    """Return the drawing of each formula, given as pairs of LaTeX and whether it is displayed."""
    wanted = sorted(set(formulas))
    return dict(zip(wanted, asyncio.run(drawn(wanted, browser_path())), strict=True))


async def drawn(formulas, executable):
    """Return the drawings in their order."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"]
        )
        page = await browser.new_page(offline=True)
        await page.set_content("<!DOCTYPE html><p>formulas</p>")
        await page.add_script_tag(content=SETTINGS)
        await page.add_script_tag(path=mathjax())
        svgs = await page.evaluate(DRAW, formulas)
        await browser.close()
    return svgs


def with_drawings(soup, known):
    """Return the mark-up of a page whose formulas are drawn, with their numbers before them."""
    drawings = {}
    for element, latex, display in formulas_in(soup):
        mark = f"[[formula {len(drawings)}]]"  # a parser of HTML would change the names in SVG
        drawings[mark] = known[latex, display]
        for number in element.select(".eqno"):
            element.insert_before(number)
        element.string = mark
    return re.sub(r"\[\[formula \d+\]\]", lambda mark: drawings[mark[0]], str(soup))
