"""Check the pages of a built book without a network.

    python -m tools.linkcheck            # exit 1 and name what is wrong

Every link inside the book leads to a page and a place that exist, every id is unique on its page,
and no page loads anything from outside. Links that lead out of the book are not followed.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")


def is_outside(url):
    """Tell whether an address leads to another machine."""
    return urlsplit(url).scheme in ("http", "https", "ftp", "ws", "wss") or url.startswith("//")


def addresses(soup):
    """Return the pairs ``(element, address)`` of a page."""
    for element in soup.select("[href], [src], [srcset], [data], [poster], [action]"):
        for attribute in ("href", "src", "data", "poster", "action"):
            if attribute in element.attrs:
                yield element, element[attribute]
        for candidate in element.get("srcset", "").split(","):
            if candidate.strip():
                yield element, candidate.split()[0]


def missing(url, page, ids):
    """Say what a local address leads to that does not exist; None if all is well."""
    parts = urlsplit(url)
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir() or not target.exists():
        return f"leads to no file: {url}"
    if parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
        return f"leads to no place on its page: {url}"
    return None


def address_problems(page, soup, ids):
    """Return what is wrong with the addresses of one page."""
    for element, url in addresses(soup):
        if is_outside(url):
            if element.name not in ("a", "form"):
                yield f"loads from outside: {url}"
        elif not urlsplit(url).scheme and (problem := missing(url, page, ids)):
            yield problem


def style_problems(text):
    """Return what a style sheet, or the styles of a page, load from outside."""
    return [f"loads from outside: {url}" for url in CSS_URL.findall(text) if is_outside(url)]


def page_problems(page, soup, ids):
    """Return what is wrong with one page."""
    styles = [element.get_text() for element in soup.select("style")]
    styles += [element["style"] for element in soup.select("[style]")]
    return [
        *(f"id used more than once: {name}" for name, count in ids[page].items() if count > 1),
        *address_problems(page, soup, ids),
        *style_problems("\n".join(styles)),
    ]


def problems(folder):
    """Return one line for everything that is wrong with the built book in a folder."""
    folder = Path(folder).resolve()
    pages = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.parts
    }
    ids = {path: Counter(e["id"] for e in soup.select("[id]")) for path, soup in pages.items()}
    found = {path: page_problems(path, soup, ids) for path, soup in pages.items()}
    for path in sorted(folder.rglob("*.css")):
        found[path] = style_problems(path.read_text(encoding="utf-8"))
    return [
        f"{path.relative_to(folder).as_posix()}: {line}" for path in found for line in found[path]
    ]


def main():
    """Check the book; return the exit status."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        sys.exit("there is no book to check; run `make book`")
    found = problems(folder)
    print("\n".join(found) or "every link leads somewhere, and nothing is loaded from outside")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
