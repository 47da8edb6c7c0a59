"""The kernels that execute cells: no reader's settings reach them, and what ends them is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import myst_nb.core.execute
import zmq
from jupyter_client.manager import KernelManager
from myst_nb.core.execute import inline
from myst_nb.core.execute.inline import ModifiedNotebookClient, NotebookClientInline
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

MOST_OUTPUT = 1_000_000  # characters of one cell
# A reader's kernels, scripts and drawing windows are no business of the book's.
UNSET = ("MPLBACKEND", "PYTHONSTARTUP", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_DATA_DIR")

logger = logging.getLogger(__name__)


class Settings:
    """The environment in which kernels start, also where the book is built without make."""

    def __init__(self) -> None:
        self.home: TemporaryDirectory[str] | None = None

    def apply(self, app: Sphinx, config: object) -> None:
        """Let kernels find empty settings in the place of the reader's."""
        self.home = TemporaryDirectory(prefix="from-logits-to-loss-")
        for name in UNSET:
            os.environ.pop(name, None)
        os.environ |= {
            "IPYTHONDIR": self.home.name,
            "JUPYTER_CONFIG_DIR": self.home.name,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "MATPLOTLIBRC": str(matplotlib_defaults()),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the kernel prints a warning
            # Pages already use all cores, and one thread adds up in one order on every machine.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def remove(self, app: Sphinx, exception: Exception | None) -> None:
        """Remove what kernels have written into their settings."""
        if self.home is not None:
            self.home.cleanup()


def matplotlib_defaults() -> Path:
    """Return the settings that matplotlib comes with."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package matplotlib is missing: install it")
    return Path(spec.origin).parent / "mpl-data" / "matplotlibrc"


def meeting_place(name: str) -> str | None:
    """Return a file at which processes can talk, if this machine has such and can name it."""
    path = os.path.join(os.environ["IPYTHONDIR"], name)
    return path if len(f"{path}-0") <= zmq.IPC_PATH_MAX_LEN else None  # zero where it has none


class Connection(ModifiedNotebookClient):
    """Talks to a kernel through files, where the machine can.

    A port is chosen first and opened later: of two kernels that start at once, one may find its
    port taken, die, and take the build with it.
    """

    def create_kernel_manager(self) -> KernelManager:
        """Return what starts the kernel and speaks to it."""
        manager: KernelManager = super().create_kernel_manager()
        if place := meeting_place(uuid4().hex):
            manager.transport, manager.ip = "ipc", place
        return manager


class Client(NotebookClientInline):
    """Executes the cells of a page, and names the one that ends its kernel or prints without end.

    MyST-NB names neither, and searches the text of a cell in a time that grows with its square.
    """

    def code_cell_outputs(self, cell_index: int) -> tuple[int | None, list[NotebookNode]]:
        """Execute up to a cell; return its number and its output."""
        with self.naming_the_cell():
            count, outputs = super().code_cell_outputs(cell_index)
        size = sum(map(size_of, outputs))
        if size <= MOST_OUTPUT:
            return count, joined(outputs)
        logger.error(
            "a cell prints %.1f MB, and a page has room for %.0f MB: print less",
            size / 1e6,
            MOST_OUTPUT / 1e6,
            location=f"{self.path}:{self.cell_line(cell_index)}",
            type="course",
        )
        return count, []

    def eval_variable(self, name: str) -> list[NotebookNode]:
        """Evaluate an expression of the text."""
        with self.naming_the_cell():
            outputs: list[NotebookNode] = super().eval_variable(name)
        return outputs

    @contextmanager
    def naming_the_cell(self) -> Iterator[None]:
        """Say after which line the kernel was no longer there."""
        try:
            yield
        except DeadKernelError as error:
            line = self.cell_line(max(self._last_cell_executed, 0))
            raise ExtensionError(
                f"{self.path}:{line}: the kernel died in this cell or in the text after it:"
                " it was killed, or the memory was used up"
            ) from error


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Put printed text that came in several messages together, without a break between them.

    Where a kernel cuts its text depends on the clock, and MyST-NB ends a line at every cut.
    """
    whole: list[NotebookNode] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            whole.append(copy(output))
    return whole


def size_of(output: NotebookNode) -> int:
    """Return the number of characters in an output, pictures left out."""
    texts = [output.get("text", ""), *output.get("data", {}).values()]
    kinds = ["text", *output.get("data", {})]
    pairs = zip(kinds, texts, strict=True)
    return sum(len(text) for kind, text in pairs if kind.startswith("text"))


def use_client() -> None:
    """Let MyST-NB execute with the clients above; it has no setting for that."""
    myst_nb.core.execute.NotebookClientInline = Client
    inline.ModifiedNotebookClient = Connection
