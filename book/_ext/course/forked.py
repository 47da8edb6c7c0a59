"""Kernels that are copies of one process with all libraries, where many pages are to be run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from select import select
from typing import Any

from jupyter_client.provisioning import local_provisioner
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from course.kernel import meeting_place

PROGRAM = Path(__file__).with_name("forkserver.py")
# What a kernel has in its environment, and libraries look for when they are imported.
KNOWN_TO_KERNELS = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JPY_PARENT_PID": str(os.getpid()),  # so it ends with its parent
}


class ForkServer:
    """The process that kernels are copies of, for the time of a build."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Let kernels be forked where Sphinx forks and more than a page for each core is run."""
        path = meeting_place("fork")
        if path and 1 < app.parallel < len(docnames):
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(path)
                listener.listen()  # from now on; whoever asks early waits
                self.process = subprocess.Popen(
                    [sys.executable, "-P", PROGRAM, str(listener.fileno())],
                    stdin=subprocess.PIPE,
                    pass_fds=[listener.fileno()],
                    start_new_session=True,  # an interrupt is for the build, which then ends this
                    env=os.environ | KNOWN_TO_KERNELS,
                )
            # Jupyter would have this as a plugin, named in the settings of every kernel.
            local_provisioner.launch_kernel = partial(  # type: ignore[attr-defined,assignment]
                Kernel, path
            )

    def stop(self, app: Sphinx, exception: Exception | None) -> None:
        """End the process: it lives as long as somebody could write to it."""
        if self.process is not None:
            self.process.communicate()


class Kernel:
    """A forked kernel, with as much of `subprocess.Popen` as Jupyter asks for."""

    stdin = stdout = stderr = None

    def __init__(self, path: str, command: list[str], **options: Any) -> None:
        wanted = {
            "arguments": command[command.index("ipykernel_launcher") + 1 :],
            "environment": options["env"] | KNOWN_TO_KERNELS,
            "cwd": os.fspath(options["cwd"]),
        }
        self.line = socket.socket(socket.AF_UNIX)
        try:
            self.line.connect(path)
            self.line.sendall(json.dumps(wanted).encode())
            self.line.shutdown(socket.SHUT_WR)
            self.pid = int(self.line.makefile().readline())
        except (OSError, ValueError) as error:
            raise ExtensionError(
                f"{PROGRAM.name}, of which kernels are copies, has ended: above it says why,"
                " or the memory was used up"
            ) from error

    def poll(self) -> int | None:
        """Return None while the kernel lives; how it ended is not known."""
        return 0 if select([self.line], [], [], 0)[0] else None

    def wait(self) -> int:
        """Wait for the end of the kernel."""
        self.line.recv(1)
        self.line.close()
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
