"""What makes reading pleasant, added to the finished chapters so that no author has to think of it.

* Under the title of a chapter: how long it takes to read.
* The first use of a word of the glossary leads to its entry.
* A reference to a formula shows the formula, under the mouse or when it has the focus.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.widgets import Widget

CHAPTERS = "book/chapters/"
WORDS_PER_MINUTE = 200


# -- reading time


class ReadingTime(SphinxPostTransform):
    """Say under the title of a chapter how long it takes to read."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs):
        """Count, and add a line."""
        title = self.document.next_node(nodes.title)
        if not self.env.docname.startswith(CHAPTERS) or title is None:
            return
        minutes = max(1, round(count_words(self.document) / WORDS_PER_MINUTE))
        text = f"About {minutes} min to read, and {count_code_lines(self.document)} lines of code"
        line = nodes.paragraph("", text, classes=["reading-time"])
        title.parent.insert(title.parent.index(title) + 1, line)


def count_words(document):
    """Return the number of words of prose; a formula in a sentence is none."""
    blocks = [node for node in document.findall(nodes.TextElement) if is_prose(node)]
    texts = [text for block in blocks for text in block.findall(nodes.Text)]
    return sum(len(text.split()) for text in texts if not isinstance(text.parent, nodes.math))


def is_prose(node):
    """Tell whether a block of text is read as words: a paragraph, a title, a term or a caption."""
    readable = (nodes.paragraph, nodes.title, nodes.caption, nodes.term)
    return isinstance(node, readable) and not is_output(node)


def is_output(node):
    """Tell whether a part of a page was printed by a cell."""
    while node is not None and "cell_output" not in node.get("classes", ()):
        node = node.parent
    return node is not None


def count_code_lines(document):
    """Return the number of lines in the cells of a page, empty ones left out."""
    cells = [box for box in document.findall(nodes.container) if "cell_input" in box["classes"]]
    blocks = [block for cell in cells for block in cell.findall(nodes.literal_block)]
    return sum(bool(line.strip()) for block in blocks for line in block.astext().splitlines())


# -- glossary

# Words with a second meaning in this book. A bit is a unit of surprise, and a digit of a computer's
# number as well; only an author knows which is meant, and may write {term}`bit`.
AMBIGUOUS = {"bit"}
NOT_LINKED = (nodes.admonition, nodes.reference, addnodes.pending_xref, Widget)


class GlossaryLinks(SphinxPostTransform):
    """Link the first use of each word of the glossary in a chapter to its entry."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the sentences in their order."""
        if not self.env.docname.startswith(CHAPTERS):
            return
        waiting = glossary(self.env)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if not is_output(paragraph) and not has_parent(paragraph, NOT_LINKED):
                for text in [
                    child for child in paragraph.children if isinstance(child, nodes.Text)
                ]:
                    paragraph.replace(text, list(self.linked(str(text), waiting)))

    def linked(self, text, waiting):
        """Yield the text again, with links where words are used that still wait for theirs."""
        while match := waiting and word_pattern(waiting).search(text):
            word = term_of(match[0], waiting)
            yield nodes.Text(text[: match.start()])
            yield self.link(match[0], *waiting.pop(word))
            text = text[match.end() :]
        yield nodes.Text(text)

    def link(self, word, docname, anchor):
        """Return a link to an entry of the glossary."""
        page = self.app.builder.get_relative_uri(self.env.docname, docname)
        uri = f"{page}#{anchor}"
        return nodes.reference("", word, internal=True, refuri=uri, classes=["term-link"])


def glossary(env):
    """Return the place of each word of the glossary: its page and its anchor."""
    objects = env.get_domain("std").objects
    terms = {name: place for (kind, name), place in objects.items() if kind == "term"}
    return {name: place for name, place in terms.items() if name not in AMBIGUOUS}


def word_pattern(terms):
    """Return a pattern for any of the words, also in the plural, and never as part of another."""
    longest_first = sorted(terms, key=len, reverse=True)
    words = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{words})(?:e?s)?(?![\w-])", re.IGNORECASE)


def term_of(found, terms):
    """Return the word of the glossary that was found in some form."""
    forms = {f"{term}{ending}".lower(): term for term in terms for ending in ("es", "s", "")}
    return forms[found.lower()]


def has_parent(node, kinds):
    """Tell whether a part of a page stands in something of these kinds."""
    while node is not None and not isinstance(node, kinds):
        node = node.parent
    return node is not None


def pages_with_old_links(app, env):
    """Return the chapters to write again because the glossary is no longer the same."""
    terms = glossary(env)
    changed = getattr(env, "course_glossary", terms) != terms
    env.course_glossary = terms
    return [name for name in env.found_docs if name.startswith(CHAPTERS)] if changed else []


# -- formulas under references


def load_previews(app, pagename, templatename, context, doctree):
    """Load the script that shows formulas on the pages that refer to one."""
    if "#equation-" in context.get("body", ""):
        app.add_js_file("widgets/previews.js", loading_method="defer")


def write_formulas(app, exception):
    """Write all formulas of the book into one script, which is loaded when the first is asked for.

    A script, because a page opened from the disk may load no data otherwise.
    """
    if exception is not None or app.builder.format != "html":
        return
    formulas = {
        nodes.make_id(f"equation-{entry.item.label}"): entry.item.latex
        for entry in checked_formulas(app)
    }
    target = Path(app.outdir) / "_static" / "widgets"
    target.mkdir(parents=True, exist_ok=True)
    script = f"window.courseFormulas = {json.dumps(formulas, indent=1)};\n"
    (target / "formulas.js").write_text(script, encoding="utf-8")


def setup(app):
    """Connect this room to Sphinx."""
    app.add_post_transform(GlossaryLinks)
    app.add_post_transform(ReadingTime)
    app.connect("env-updated", pages_with_old_links)
    app.connect("html-page-context", load_previews)
    app.connect("build-finished", write_formulas)
