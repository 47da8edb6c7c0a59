"""The index of the search, the same after every build.

Sphinx adds the pages that it writes to the index of the last build. It keeps words that stand on no
page any more, and forgets the entries of the general index on pages that it does not write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.index_entries import split_index_msg

Entry = tuple[str, str, str]  # a word, its place on the page, and whether it is the main one


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
