"""The archive of figures has each figure of the book, as a drawing that stands for itself."""

import asyncio
import csv
import io
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import figures, pdf

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("an archive of figures")]


@pytest.fixture(scope="module")
def found(book):
    """Return the figures of the book."""
    return figures.collect(book)


def test_every_labelled_drawing_is_there_once(book, found):
    labels = [
        label
        for path in (book / "book").rglob("*.html")
        for label in re.findall(r'<figure [^>]*id="(fig-[\w-]+)"', path.read_text(encoding="utf-8"))
    ]
    assert sorted(figure.name for figure in found) == sorted(labels)
    assert len(found) > 50


def test_a_drawing_needs_nothing_from_its_page(found):
    for figure in found:
        root = ET.fromstring(figure.svg)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(" not in figure.svg
        assert not any(name != "clipPath" and name.lower() == "clippath" for name in names)
        wanted = set(re.findall(r'(?:url\(#|href="#)([^")]+)', figure.svg))
        assert wanted <= {element.get("id") for element in root.iter()}
        assert root.get("aria-label")


def test_a_drawing_is_narrow_enough_for_a_phone(found):
    """Wider ones would have to be scrolled, or their words be too small."""
    assert {figure.name: figure.width for figure in found if figure.width > 346} == {}


def test_the_list_says_where_each_stands(found):
    rows = list(csv.DictReader(io.StringIO(figures.listing(found))))
    assert [row["name"] for row in rows] == [figure.name for figure in found]
    assert all(re.fullmatch(r"Fig\. [\d.]+", row["number"]) for row in rows)
    assert all(len(row["caption"].split()) > 3 for row in rows)


@pytest.mark.browser
def test_the_archive_has_a_page_of_the_right_size_for_each(found, tmp_path):
    some = found[:3]
    # Another test's browser may keep a loop running in this thread, so it gets one of its own.
    with ThreadPoolExecutor(1) as apart:
        pages = apart.submit(asyncio.run, figures.printed(some, pdf.browser_path())).result()
    figures.write(tmp_path / "figures.zip", some, pages)
    with zipfile.ZipFile(tmp_path / "figures.zip") as archive:
        assert len(archive.namelist()) == 7
        for figure in some:
            told = subprocess.run(
                ["pdfinfo", archive.extract(f"pdf/{figure.name}.pdf", tmp_path)],
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            assert re.search(r"^Pages: +1$", told, re.M)
            width, height = re.search(r"Page size: +([\d.]+) x ([\d.]+)", told).groups()
            assert float(width) == pytest.approx(figure.width, abs=1.5)
            assert float(height) == pytest.approx(figure.height, abs=1.5)
