"""Serve the built book on this machine alone.

python -m tools.serve            # at http://localhost:8000
python -m tools.serve 8001       # on another port
"""

import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "_build" / "html"
REFUSED = {
    errno.EADDRINUSE: "is taken by another program",
    errno.EACCES: "may not be used without more rights",
}


def server(port: int, pages: Path = PAGES) -> ThreadingHTTPServer:
    """Return a server of a folder.

    Raises
    ------
    OSError, OverflowError
        If there is no such port, or it is not to be had.
    """
    handler = partial(SimpleHTTPRequestHandler, directory=str(pages))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def refusal(port: int, error: Exception) -> str:
    """Say why a port cannot be had, and what to do."""
    why = REFUSED.get(getattr(error, "errno", 0), f"cannot be used: {error}")
    return f"port {port} {why}; choose another one: make serve PORT=8001"


def main(arguments: list[str]) -> None:
    """Serve until Ctrl-C."""
    port = int(arguments[0]) if arguments else 8000
    try:
        serving = server(port)
    except (OSError, OverflowError) as error:
        sys.exit(refusal(port, error))
    with serving:
        print(f"The book is at http://localhost:{port} until Ctrl-C.", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main(sys.argv[1:])
