"""Part MyST text into tokens, with no more work than its length allows.

The parser's own rules may look at the rest of a page at each line of it. They are counted, not
timed, so that a page is refused on every machine or on none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

#: Prose needs one or two calls of a rule for each of its characters.
CALLS_PER_CHARACTER = 25
#: What a short page may take all the same.
CALLS_AT_LEAST = 100_000
#: Characters; emphasis within a paragraph is matched by going back and forth.
LONGEST_PARAGRAPH = 10_000

#: Of rules that look ahead by themselves: what the first line begins with.
LOOK_AHEAD = {"math_block": "$$", "amsmath": "\\begin{"}


class OutOfCalls(Exception):  # noqa: N818 - what happened, by its name
    """A page takes too much work; `line` is where it was given up."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Calls:
    """How often the parser's rules may still be called for a page of some length."""

    def __init__(self, length: int) -> None:
        self.left = CALLS_AT_LEAST + CALLS_PER_CHARACTER * length

    def spend(self, count: int, line: int) -> None:
        """Count some calls made for a line."""
        self.left -= count
        if self.left < 0:
            raise OutOfCalls(line)


def blocks(text: str, line: int, calls: Calls) -> Iterator[tuple[Token, int]]:
    """Yield the tokens of Markdown that begins on a line of a page, each with its own line.

    A paragraph that is too long has no children.
    """
    env = {"calls": calls, "line": line}
    for token in _parser().parse(text, env):
        here = line + (token.map[0] if token.map else 0)
        yield _with_children(token, env | {"line": here}), here


def one_line(text: str, line: int, calls: Calls) -> Token:
    """Return the token of a title or a caption."""
    env = {"calls": calls, "line": line}
    (token,) = _parser().parseInline(text, env)
    return _with_children(token, env)


def _with_children(token: Token, env: dict[str, Any]) -> Token:
    token.children = None
    if token.type == "inline" and len(token.content) <= LONGEST_PARAGRAPH:
        token.children = []
        _parser().inline.parse(token.content, _parser(), env, token.children)
    return token


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Make a parser that sees at least what MyST with any of its extensions sees."""
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    # Escapes stay apart from other text, so that \$\$ is told from $$; paragraphs are looked into
    # one by one, once their length is known.
    parser = MarkdownIt("commonmark").enable("table").disable(["text_join", "inline"])
    parser.use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    parser.use(footnote_plugin).disable(["footnote_inline", "footnote_tail"])
    parser.use(dollarmath_plugin, allow_labels=True, double_inline=True)
    parser.use(colon_fence_plugin).use(amsmath_plugin).use(deflist_plugin)
    for rule in parser.block.ruler.__rules__:
        rule.fn = _counted_block(rule.name, rule.fn)
    for inline_rule in parser.inline.ruler.__rules__:
        inline_rule.fn = _counted_inline(inline_rule.fn)
    return parser


def _counted_block(name: str, rule: Callable[..., bool]) -> Callable[..., bool]:
    def counted(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = 1 + _lines_ahead(name, state, start, end, silent)
        state.env["calls"].spend(count, state.env["line"] + start)
        return rule(state, start, end, silent)

    return counted


def _lines_ahead(name: str, state: StateBlock, start: int, end: int, silent: bool) -> int:
    """Return how many lines, or cells of a table, a rule may go through in one call."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if name in LOOK_AHEAD and first.startswith(LOOK_AHEAD[name]):
        return end - start
    if name == "table" and not silent:  # short rows are filled up to the length of the first
        return first.count("|") * (end - start)
    return 0


def _counted_inline(rule: Callable[..., bool]) -> Callable[..., bool]:
    def counted(state: Any, silent: bool) -> bool:
        state.env["calls"].spend(1, state.env["line"])
        return rule(state, silent)

    return counted
