"""Weigh and time every page of the book, beside the same pages built by Jupyter Book as it comes.

    python -m benchmarks.pages        # builds both books; needs Chromium

One server on this machine serves both books, compressed, and a browser with an empty cache opens
each page in turn. The weight is all that comes over the wire. The time is from the request until
MathJax has drawn the last formula, in the fonts it asks for. The work is the processor's time that
the page's own thread took for it: unlike the time, it hardly depends on what else the machine does.

*As it comes* means: Jupyter Book's own settings, its extensions, and its theme, with three
concessions. What only this book's directives can make stands there as ready HTML, so that both
pages have the same formulas (of a figure one can touch, what readers without scripts see).
Extensions for exercises and for the API page are on. And the MathJax that Jupyter Book takes from a
CDN comes from the same server here, without the way to a CDN. Whatever else it asks for elsewhere
fails at once, weighs nothing and is counted as missing.
"""

import gzip
import re
import shutil
import statistics
import subprocess
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from mimetypes import guess_type
from pathlib import Path

import yaml

from benchmarks import harness
from tools import builds, pdf

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "_build" / "html"
STOCK = ROOT / "_build" / "stock"
CDN = b"https://cdn.jsdelivr.net/npm/mathjax@3/es5/"
KEPT = ("title", "author", "only_build_toc_files", "exclude_patterns", "parse", "bibtex_bibfiles")
EXTENSIONS = ["sphinx_exercise", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
OWN = re.compile(r"^```\{(?:where|refuted|widget|overview|ledger)\}.*?^```$", re.M | re.S)
MADE = ".checkedmath-where, .checkedmath-refuted, .widget-fallback, .overview, .checkedmath-ledger"
LIMIT = 2e6  # bytes
KINDS = ("time", "work")
NOISE = 0.03
CLOCK = """addEventListener("DOMContentLoaded", async () => {
  const pause = () => new Promise((go) => setTimeout(go, 2));
  const wanted = document.querySelector("script[src*='mathjax']") !== null;
  while (wanted && !window.MathJax?.startup?.promise) await pause();
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  window.benchmarkDrawn = performance.now();
});"""


def made_here(article):
    """Return what a page's own directives have made, with the formulas that scripts leave there."""
    elements = article.select(MADE)
    for formula in article.select(".widget-fallback span.math"):
        if not formula.find_parent(class_="widget-lines"):
            formula.decompose()
    return [str(element) for element in elements]


def plain(text, article):
    """Return the text of a page with what its own directives make in place of them."""
    made = made_here(article)
    assert len(made) == len(OWN.findall(text)), "each directive makes one element"
    return OWN.sub(lambda _: "````{raw} html\n" + made.pop(0) + "\n````", text)


def stock_settings():
    """Return Jupyter Book's settings for the same sources, its own but for what they need."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return {key: settings[key] for key in KEPT} | {
        "execute": {"execute_notebooks": "inline", "timeout": 120},
        "sphinx": {
            "extra_extensions": EXTENSIONS,
            "config": {"nb_eval_name_regex": ".*", "bibtex_reference_style": "author_year"},
        },
    }


def build_stock():
    """Build the same pages with Jupyter Book as it comes; return their folder."""
    shutil.rmtree(STOCK, ignore_errors=True)
    builds.copy_sources(STOCK, ("_toc.yml", "book", "code", "tools"))
    for path in (STOCK / "book").rglob("*.md"):
        page = path.relative_to(STOCK).with_suffix(".html").as_posix()
        article = pdf.read(OURS, page).select_one("article")
        path.write_text(plain(path.read_text(encoding="utf-8"), article), encoding="utf-8")
    (STOCK / "_config.yml").write_text(yaml.safe_dump(stock_settings()), encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "."]
    subprocess.run(command, cwd=STOCK, check=True, stdout=subprocess.DEVNULL)
    return STOCK / "_build" / "html"


def mathjax():
    """Return the folder of the MathJax that is installed."""
    spec = find_spec("sphinx-mathjax-offline")
    return Path(spec.origin).parent / "static" / "mathjax"


@cache
def answer(path):
    """Return a file as it goes over the wire, and whether it is compressed."""
    content = path.read_bytes()
    if path.suffix == ".html":
        content = content.replace(CDN, b"/mathjax/")
    if path.suffix in (".woff", ".woff2", ".png"):
        return content, False
    return gzip.compress(content, 6, mtime=0), True


def server(folders):
    """Serve folders by their names, compressed, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            name, _, rest = self.path.partition("?")[0].lstrip("/").partition("/")
            path = folders.get(name, ROOT) / rest
            if name not in folders or not path.is_file():
                self.send_error(404)
                return
            content, compressed = answer(path)
            self.send_response(200)
            self.send_header("Content-Type", guess_type(path.name)[0] or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            if compressed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def visit(browser, address):
    """Open a page with an empty cache; return what came, and how soon all was drawn."""
    context = browser.new_context()
    page, weights, missed = context.new_page(), [], []
    network = context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.on("requestfailed", lambda request: missed.append(request.url))
    network.send("Network.enable")
    network.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.add_init_script(CLOCK)
    page.goto(address, wait_until="load")
    page.wait_for_function("window.benchmarkDrawn")
    metrics = network.send("Performance.getMetrics")["metrics"]
    page.wait_for_load_state("networkidle")
    seen = {
        "time": page.evaluate("window.benchmarkDrawn") / 1000,
        "work": next(one["value"] for one in metrics if one["name"] == "TaskDuration"),
        "formulas": page.locator("mjx-container").count(),
    }
    context.close()
    return {"bytes": sum(weights), "missed": missed, **seen}


def measure(browser, origin, pages, repeats):
    """Open every page of both books in turn; return all visits by page and book."""
    visits = {page: {"ours": [], "stock": []} for page in pages}
    for turn in range(repeats):
        for page in pages:
            for book in ("ours", "stock") if turn % 2 else ("stock", "ours"):
                visits[page][book].append(visit(browser, f"{origin}/{book}/{page}"))
    return visits


def summary(page, books):
    """Return one line of the table."""
    row = {"page": page.removeprefix("book/").removesuffix(".html"), "ratio": {}}
    for book, visits in books.items():
        row[book] = {
            "kB": max(one["bytes"] for one in visits) / 1000,
            "formulas": visits[-1]["formulas"],
            "missing": len(visits[-1]["missed"]),
        }
    for kind in KINDS:
        seconds = {book: [one[kind] for one in visits] for book, visits in books.items()}
        row["ratio"][kind] = harness.ratio(seconds, "ours", "stock")
        for book, middle in harness.medians(seconds).items():
            row[book][kind] = middle
    return row


def print_table(rows):
    """Print the lines: ours beside stock."""
    print(f"{'':32}    formulas          kB" + "".join(f"{kind + ', s':>18}" for kind in KINDS))
    print(f"{'page':32}" + "  ours stock" * 2 + "  ours stock ratio" * 2)
    for row in rows:
        ours, stock = row["ours"], row["stock"]
        line = f"{row['page']:32}{ours['formulas']:6}{stock['formulas']:6}"
        line += f"{ours['kB']:6.0f}{stock['kB']:6.0f}"
        for kind in KINDS:
            line += f"{ours[kind]:6.2f}{stock[kind]:6.2f}{row['ratio'][kind]['median']:6.2f}"
        print(line)


def print_outcome(rows):
    """Print what the table comes to."""
    alike = [row for row in rows if row["ours"]["formulas"] == row["stock"]["formulas"]]
    for kind in KINDS:
        ratios = {row["page"]: row["ratio"][kind]["median"] for row in alike}
        slower = [page for page, ratio in ratios.items() if ratio > 1 + NOISE]
        print(f"\n{kind}: ratio {statistics.median(ratios.values()):.2f}, median over the pages")
        print(f"more than {NOISE:.0%} above stock: {', '.join(slower) or 'none'}")
    unlike = [row["page"] for row in rows if row not in alike]
    heavy = [row["page"] for row in rows if row["ours"]["kB"] * 1000 > LIMIT]
    print(f"\nheavier than {LIMIT / 1e6:.0f} MB: {', '.join(heavy) or 'none'}")
    print(f"not compared, for stock draws other formulas: {', '.join(unlike) or 'none'}")
    print(f"requests of stock without an answer: {sum(row['stock']['missing'] for row in rows)}")


def main():
    """Build, measure and print."""
    from playwright.sync_api import sync_playwright

    options = harness.arguments(__doc__, repeats="visits to each page")
    folders = {"ours": builds.built(ROOT), "stock": build_stock(), "mathjax": mathjax()}
    both = [
        {p.relative_to(folders[name]).as_posix() for p in folders[name].glob("book/**/*.html")}
        for name in ("ours", "stock")
    ]
    alone = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with server(folders) as serving, sync_playwright() as playwright:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=pdf.browser_path(),
            args=["--no-sandbox", f"--host-resolver-rules={alone}"],
        )
        origin = f"http://127.0.0.1:{serving.server_port}"
        visits = measure(browser, origin, sorted(both[0] & both[1]), options.repeats)
        browser.close()
        serving.shutdown()
    rows = [summary(page, books) for page, books in visits.items()]
    print_table(rows)
    print_outcome(rows)
    if options.json:
        harness.write(options.json, {"rows": rows})


if __name__ == "__main__":
    main()
