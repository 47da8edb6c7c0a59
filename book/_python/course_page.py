"""Runs the cells of a page, in the page: what they print, show and draw goes to who asked.

Nothing here needs a browser, so the tests run it without one.
"""

import ast
import errno
import itertools
import linecache
import logging
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout

from markdown_it import MarkdownIt

os.environ["MPLBACKEND"] = "module://course_figures"
# It finds its fonts anew in each page, and would say so in the middle of an output.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

CANNOT = (
    "This cell needs threads or processes, which a page has not. The build shows the following."
)

_receiver = print
_count = itertools.count()


def emit(kind, text):
    """Hand on a piece of output: of which kind it is ("text", "html", "svg" ...), and what."""
    _receiver(kind, text)


def prefix():
    """Return letters with which the names inside of a drawing are unlike all others'."""
    return f"run-{next(_count)}-"


class _Printed:
    """A stream whose text is handed on line by line."""

    def __init__(self):
        self.rest = ""

    def write(self, text):
        """Hand on all whole lines."""
        whole, end, self.rest = (self.rest + text).rpartition("\n")
        if end:
            emit("text", whole + end)
        return len(text)

    def flush(self):
        """Hand on what is left."""
        if self.rest:
            emit("text", self.rest)
        self.rest = ""


def run(name, code, names, receiver):
    """Run a cell; return whether it came to its end.

    Parameters
    ----------
    name : str
        What the cell is called where an error is told.
    code : str
        What it holds.
    names : dict
        Everything that the cells have named.
    receiver : callable
        Called with the kind and the text of each piece of output.
    """
    global _receiver
    _receiver = receiver
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    printed = _Printed()
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            show(value_of(name, code, names))
            show_figures()
    except BaseException as error:  # a cell that calls exit() is told as well
        printed.flush()
        if needs_processes(error):
            emit("cannot", CANNOT)
            return True
        emit("error", told(error, name))
        return False
    printed.flush()
    return True


def value_of(name, code, names):
    """Run the statements of a cell; return the value of its last line, if that is one."""
    tree = ast.parse(code, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    return None if code.rstrip().endswith(";") else value


def show(value):
    """Show the value of the last line."""
    sys.stdout.flush()
    if value is None:
        return
    as_html = marked_up(value)
    emit("html" if as_html else "text", as_html or f"{value!r}\n")


def marked_up(value):
    """Return the mark-up of a value that has some."""
    as_html = getattr(value, "_repr_html_", lambda: None)()
    as_markdown = getattr(value, "_repr_markdown_", lambda: None)()
    return as_html or (as_markdown and MarkdownIt().render(as_markdown))


def show_figures():
    """Show the figures that were drawn and not yet shown."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.show()


def told(error, name):
    """Return what a reader is told of an error: where in the cell it came, and what it is."""
    found = traceback.TracebackException.from_exception(error)
    if is_told_whole(error):
        return str(error)
    frames = [n for n, frame in enumerate(found.stack) if frame.filename == name]
    found.stack[:] = found.stack[frames[0] :] if frames else []
    found.__context__ = found.__cause__ = None
    return "".join(found.format())


def needs_processes(error):
    """Tell whether an error is a page's way to refuse threads and processes."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSYS, errno.ENOTSUP)
    if isinstance(error, ImportError):
        return error.name == "_multiprocessing"
    return isinstance(error, RuntimeError) and "start new thread" in str(error)


def is_told_whole(error):
    """Tell whether an error is an answer to the reader, of which the way there says nothing."""
    return any(cls.__name__ in ("NotYet", "CheckError") for cls in type(error).__mro__)
