"""A program that imports the libraries once, and copies itself for every kernel that is asked for.

A kernel of its own for each of some dozens of pages would spend two seconds on the same imports.
The copies have nothing else in common: each runs the cells of one page and ends with it.

Who wants a kernel connects, sends what it needs to know as JSON, and gets the number of a process.
The connection stays open as long as the kernel lives. The program ends with its standard input.
"""

import json
import os
import signal
import socket
import sys
from importlib import import_module
from select import select

IMPORTS = (
    "ipykernel.kernelapp",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.linear_model",
    "sklearn.metrics",
)


def serve(listening: int) -> None:
    """Answer whoever connects, until standard input is closed."""
    for name in IMPORTS:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a kernel ended
    with socket.socket(fileno=listening) as listener:
        while sys.stdin not in select([listener, sys.stdin], [], [])[0]:
            asked, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                become_kernel(asked)
                return
            asked.close()


def become_kernel(asked: socket.socket) -> None:
    """Be the kernel of one page from now on, as if started by itself."""
    wanted = json.loads(asked.makefile().read())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    asked.sendall(f"{os.getpid()}\n".encode())
    sys.modules["ipykernel.kernelapp"].IPKernelApp.launch_instance(argv=wanted["arguments"])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
