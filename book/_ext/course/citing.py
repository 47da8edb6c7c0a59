"""How to cite the book, and under which licence it is: said once, in ``CITATION.cff``.

``{cite-this}`` places the citation, as a sentence and for BibTeX. The footer of every page leads
there, and names the licences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from pybtex.database import BibliographyData, Entry, Person
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FILE = "CITATION.cff"
PLACE = "cite-this"  # the label of the section with the citation
TEXT_LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")  # as in LICENSE
FOOTER = (
    '<p>Text and figures: <a href="{address}" rel="license">{text}</a>. Code: {code}.{cite}</p>'
)


def read_citation(root: Path) -> dict[str, Any]:
    """Return what the file says."""
    cited: dict[str, Any] = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    return cited


def name_of(author: dict[str, str]) -> str:
    """Return the name of an author, a person or a group."""
    parts = (author.get(part) for part in ("name", "given-names", "family-names"))
    return " ".join(filter(None, parts))


def as_sentence(cited: dict[str, Any], address: str) -> list[nodes.Node]:
    """Return the citation as one reads it."""
    year, names = cited["date-released"].year, ", ".join(map(name_of, cited["authors"]))
    place = [nodes.Text(" "), nodes.reference("", address, refuri=address)] if address else []
    return [
        nodes.Text(f"{names} ({year}). "),
        nodes.emphasis("", cited["title"]),
        nodes.Text(f". Version {cited['version']}."),
        *place,
    ]


def as_bibtex(cited: dict[str, Any], address: str) -> str:
    """Return the citation for BibTeX; a group's name is kept in one piece."""
    fields = {
        "title": f"{{{cited['title']}}}",
        "year": str(cited["date-released"].year),
        "note": f"Version {cited['version']}",
    }
    if address:
        fields["url"] = address
    people = [
        Person(f"{{{one['name']}}}" if "name" in one else name_of(one)) for one in cited["authors"]
    ]
    key = cited["title"].split(":")[0].lower().replace(" ", "-")
    entry = Entry("misc", fields, {"author": people})
    return str(BibliographyData({key: entry}).to_string("bibtex")).strip()


class CiteDirective(SphinxDirective):
    """Place the citation."""

    def run(self) -> list[nodes.Node]:
        """Return a sentence and a block of BibTeX."""
        root, address = Path(self.env.srcdir), self.config.html_baseurl
        self.env.note_dependency(str(root / FILE))
        cited = read_citation(root)
        bibtex = as_bibtex(cited, address)
        block = nodes.literal_block(bibtex, bibtex, language="bibtex")
        return [nodes.paragraph("", "", *as_sentence(cited, address)), block]


def fill_footer(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the licences at the foot of a page, and lead to the citation if the book has it."""
    labels = app.env.domaindata["std"]["labels"]
    cite = ""
    if PLACE in labels:
        page, anchor, _ = labels[PLACE]
        link = "" if page == pagename else context["pathto"](page)
        cite = f' <a href="{link}#{anchor}">Cite this book</a>'
    text, address = TEXT_LICENCE
    code = read_citation(Path(app.srcdir))["license"]
    context["theme_extra_footer"] = FOOTER.format(address=address, text=text, code=code, cite=cite)
