r"""Raw markup on a page: whether it holds a formula, or may change how others are drawn."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from checkedmath.book.fences import words
from checkedmath.book.prose import holds_displayed_math

HOLDS_FORMULA = "raw markup that holds a formula"
#: Elements that never have an end, and those whose end may be left out.
WITHOUT_END = words(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th "
    "thead tr track wbr"
)
#: Elements that change a page as a whole.
CHANGES = words("base link meta script style")
#: Elements that may stand around mathematics in a sentence, without attributes.
PLAIN = re.compile(
    r"</?(?:abbr|b|br|code|em|i|kbd|q|small|strong|sub|sup|wbr)\s*/?>|<!--.*-->", re.S | re.I
)
STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style\s*>|$)", re.I | re.S)
MATHEMATICS = re.compile(r"mjx|math|(?<![\w*])\*(?![\w*])", re.I)


class _Elements(HTMLParser):
    """Counts which elements are open, and notes those that change a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.changes = self.stray = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CHANGES:
            self.changes = self.changes or tag
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == self.open[-1]:
            self.open.pop()
        elif tag not in WITHOUT_END:
            self.stray = tag


def fault_of_block(markup: str) -> str:
    """Say why a block of raw markup may not stand on a page, or return an empty text.

    >>> fault_of_block("<p>A <b>word</b>"), fault_of_block("<div hidden>")
    ('', 'raw markup that leaves <div> open, around what is read')
    """
    elements = _Elements(markup)
    left = elements.open[0] if elements.open else elements.stray
    if fault := _fault(markup, elements):
        return fault
    return f"raw markup that leaves <{left}> open, around what is read" if left else ""


def fault_of_tag(markup: str) -> str:
    """Say why a tag may not stand in a sentence, or return an empty text.

    >>> fault_of_tag("<br>"), fault_of_tag("<style>")
    ('', 'raw markup with <style>, which may change how formulas are drawn')
    """
    return _fault(markup, _Elements(markup))


def _fault(markup: str, elements: _Elements) -> str:
    if holds_displayed_math(html.unescape(markup)):
        return HOLDS_FORMULA
    if elements.changes:
        return f"raw markup with <{elements.changes}>, which may change how formulas are drawn"
    return ""


def fault_of_output(markup: str) -> str:
    """Say why the markup that a cell has made may not stand on a page, or return an empty text.

    A table may bring its own style, unless that speaks of all elements or of mathematics.

    >>> fault_of_output("<style>td { color: red }</style><b>1</b>")
    ''
    """
    if holds_displayed_math(html.unescape(markup)):
        return HOLDS_FORMULA
    if any(MATHEMATICS.search(html.unescape(style)) for style in STYLE.findall(markup)):
        return "a style that changes how formulas are drawn"
    return ""


def is_plain(markup: str) -> bool:
    """Tell whether a tag may stand in a sentence that holds mathematics.

    >>> is_plain("<kbd>"), is_plain("<center>")
    (True, False)
    """
    return PLAIN.fullmatch(markup) is not None
