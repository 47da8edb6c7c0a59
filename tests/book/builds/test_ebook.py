"""The e-book of a small book is what the standard asks for, as far as a few lines can tell."""

import os
import posixpath
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = [pytest.mark.build, pytest.mark.browser]

OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ebook(make_small_book, browser):
    """Make the e-book of a small book; return what is in the file, by name and in order."""
    book = make_small_book("ebook")
    status, output = book.build()
    assert status == 0, output
    command = [sys.executable, "-m", "tools.epub"]
    paths = {"PYTHONPATH": os.pathsep.join([str(book.root), str(book.root / "code")])}
    done = subprocess.run(
        command, cwd=book.root, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(book.root / "_build" / "epub" / "from-logits-to-loss.epub") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def listed(ebook):
    """Return what the list of contents says of each file."""
    items = ET.fromstring(ebook["content.opf"]).iter(f"{OPF}item")
    return {item.get("href"): item for item in items}


@pytest.fixture(scope="module")
def pages(ebook):
    """Return the pages, read as XML."""
    return {name: ET.fromstring(ebook[name]) for name in ebook if name.endswith(".xhtml")}


def test_every_file_is_listed_and_every_listed_file_is_there(ebook, listed):
    unlisted = {"mimetype", "META-INF/container.xml", "content.opf"}
    assert ebook["mimetype"] == b"application/epub+zip"
    assert set(ebook) - unlisted == set(listed)


def test_every_listed_page_with_drawings_says_so(listed, pages):
    for name, page in pages.items():
        has_drawings = next(page.iter(f"{SVG}svg"), None) is not None
        assert ("svg" in (listed[name].get("properties") or "")) == has_drawings, name


def test_every_link_leads_to_a_file_and_a_place(ebook, pages):
    ids = {name: {one.get("id") for one in page.iter()} for name, page in pages.items()}
    for name, page in pages.items():
        for element in page.iter():
            link = element.get("href") or element.get("src") or ""
            parts = urlsplit(unquote(link))
            if not link or parts.scheme:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
            target = target if parts.path else name
            assert target in ebook, (name, link)
            assert not parts.fragment or parts.fragment in ids[target], (name, link)


def test_no_id_is_used_twice_and_nothing_needs_a_script(pages):
    for name, page in pages.items():
        ids = Counter(one.get("id") for one in page.iter() if one.get("id"))
        assert [one for one, times in ids.items() if times > 1] == [], name
        assert not list(page.iter(f"{XHTML}script"))


def test_every_formula_is_drawn(ebook, pages):
    first = pages["book/chapters/first.xhtml"]
    formulas = [one for one in first.iter() if "math" in (one.get("class") or "").split()]
    assert len(formulas) > 3
    assert all(one.find(f"{SVG}svg").get("aria-label") for one in formulas)
    assert not any(re.search(rb"\\[(\[]", ebook[name]) for name in pages)


def test_drawings_and_lists_stand_where_they_may(pages):
    for name, page in pages.items():
        assert not list(page.iter(f"{XHTML}svg")), name  # a drawing has a name space of its own
        assert page.find(f".//{XHTML}p/{XHTML}ul") is None, name


def test_both_lists_of_contents_know_the_book_by_one_name(ebook):
    package = ET.fromstring(ebook["content.opf"])
    name = package.find(f".//*[@id='{package.get('unique-identifier')}']").text
    (head,) = ET.fromstring(ebook["toc.ncx"]).iterfind(".//*[@name='dtb:uid']")
    assert head.get("content") == name
