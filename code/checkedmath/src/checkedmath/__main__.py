"""The command `python -m checkedmath`: check a book, or explain how a formula is read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from checkedmath.book.cache import Cache
from checkedmath.book.checked import check_book
from checkedmath.book.contents import BookError, find_root
from checkedmath.book.ledger import summary, times
from checkedmath.book.progress import Announcer
from checkedmath.errors import CheckError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command -> 0 if all is well, 1 if something is refused, 2 if it is misused."""
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m checkedmath", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("check", help="check every displayed formula of a book")
    check.add_argument("book", type=Path, help="a folder with a _toc.yml in it or above it")
    check.add_argument("--times", action="store_true", help="print the time of each formula")
    check.set_defaults(run=_check)
    explain = commands.add_parser("explain", help="show how a formula is read")
    explain.add_argument("latex", help="the formula, in quotes and without dollars")
    explain.set_defaults(run=_explain)
    return parser


def _check(options: argparse.Namespace) -> int:
    try:
        root = find_root(options.book)
        cache = Cache(root / "_build" / ".checkedmath")
        book = check_book(root, cache=cache, progress=Announcer(_say))
    except BookError as error:
        print(error, file=sys.stderr)
        return 2
    for docname in book.unread:
        print(f"{docname}: not read, it is no Markdown; only a build looks at what it displays")
    if options.times:
        print(times(book))
    print(f"{summary(book)}, in {book.seconds:.1f} s")
    for problem in book.report():
        print(problem, file=sys.stderr)
    return 1 if book.problems else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _explain(options: argparse.Namespace) -> int:
    from checkedmath.reading.explain import explain

    try:
        print(explain(options.latex))
    except CheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
