"""What the search finds, the same after every build, and what it shows of a page.

Sphinx adds the pages that it writes to the index of the last build. It keeps words that stand on no
page any more, and forgets the entries of the general index on pages that it does not write.

It would also fetch every page that it finds, for some words of it, which a browser refuses to do
from a disk. So the words of each page lie in a script of its own, which ``search.js`` loads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from checkedmath.sphinx.marks import COMPUTED
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.index_entries import split_index_msg

from course.written import TEXTS, renew

Entry = tuple[str, str, str]  # a word, its place on the page, and whether it is the main one
Section = tuple[list[str], str]  # its anchors, and its words
READ_ALOUD = re.compile(r"[^\\{}_^]*")  # a formula that reads in a line of text as it is written


def complete_index(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Mend the index before it is stored; no page is added."""
    if isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.indexer is not None:
        index = app.builder.indexer
        for mapping in (index._mapping, index._title_mapping):
            for word in [word for word, pages in mapping.items() if not pages]:
                del mapping[word]
        pages = app.env.domaindata["index"]["entries"]
        index._index_entries.clear()
        index._index_entries.update({name: sorted(words(pages[name])) for name in sorted(pages)})
    return []


def words(entries: list[tuple[str, str, str, str, str | None]]) -> set[Entry]:
    """Return the words of a page's entries, as Sphinx takes them from the page itself."""
    return {
        (word, target or "", main)
        for kind, value, target, main, _ in entries
        for word in words_of(kind, value)
    }


def words_of(kind: str, value: str) -> Iterator[str]:
    """Yield the words under which an entry is found."""
    try:
        yield from split_index_msg(kind, value)
    except ValueError:
        return  # Sphinx has warned of it


def write_text(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the words of a page, and load what shows them on the page of the search."""
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")  # before the search begins
    if doctree is not None:
        told = json.dumps([pagename, list(sections(doctree))], ensure_ascii=False)
        script = f"window.courseTexts.take(...{told});\n"
        renew(Path(app.outdir) / TEXTS / f"{pagename}.js", script.encode())


def sections(doctree: nodes.document) -> Iterator[Section]:
    """Yield the sections, each without those inside of it, and the entries of a glossary."""
    for section in doctree.findall(nodes.section):
        own = [part for part in section if not isinstance(part, nodes.section | nodes.title)]
        texts = (one for part in own for one in part.findall(nodes.TextElement))
        if said := " ".join(map(spoken, filter(is_prose, texts))):
            yield section["ids"], said
    for entry in doctree.findall(nodes.definition_list_item):
        if anchors := [anchor for term in entry.findall(nodes.term) for anchor in term["ids"]]:
            told = " ".join(map(spoken, entry.findall(nodes.paragraph)))
            yield anchors, f"{', '.join(map(spoken, entry.findall(nodes.term)))}: {told}"


def is_prose(node: nodes.Element) -> bool:
    """Tell whether a part of a page is read as a sentence, and was not found out by a check."""
    prose = isinstance(node, nodes.paragraph | nodes.caption)
    return prose and "reading-time" not in node["classes"] and not is_computed(node)


def is_computed(node: nodes.Element) -> bool:
    """Tell whether something, or what it stands in, was found out by the checker of formulas."""
    return COMPUTED in node["classes"] or (bool(node.parent) and is_computed(node.parent))


def spoken(paragraph: nodes.Node) -> str:
    """Return a paragraph in one line; a formula that would show its commands is three dots."""
    said = []
    for text in paragraph.findall(nodes.Text):
        formula = isinstance(text.parent, nodes.math)
        said.append("…" if formula and not READ_ALOUD.fullmatch(text) else text)
    return " ".join("".join(said).split())
