"""Set up an environment of Python packages from a lock with hashes.

    python3 tools/environment.py .venv requirements.txt -e code/softmaxlab -e code/checkedmath

The folder is made anew. pip brings uv, and uv the rest, in seconds where pip takes more than a
minute. What the reader has told pip about indexes, certificates and proxies is told uv too, which
does not read it by itself.

This runs before anything is installed, so it needs the standard library alone. An old Python shall
come as far as the message that it is too old, so nothing here is newer than Python 2.7.
"""

import argparse
import ast
import os
import subprocess
import sys

OLDEST, TOO_NEW = (3, 11), (3, 15)
UV = os.path.join(os.path.dirname(__file__), os.pardir, "requirements", "uv.txt")

# A setting of pip, the variable that says the same to uv, and what stands between several values.
SETTINGS = (
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("no-index", "UV_NO_INDEX", " "),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", " "),
    ("client-cert", "SSL_CLIENT_CERT", " "),
    ("proxy", "ALL_PROXY", " "),
    ("timeout", "UV_HTTP_TIMEOUT", " "),
    ("default-timeout", "UV_HTTP_TIMEOUT", " "),
)
# pip knows the certificates of the operating system. It takes a version from whichever index has
# it, which the hashes make safe.
LIKE_PIP = {"UV_SYSTEM_CERTS": "true", "UV_INDEX_STRATEGY": "unsafe-best-match"}


def check_python():
    """Stop if this Python is none that the project is tested with."""
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        sys.exit(
            "Python 3.11 to 3.14 is needed, this is "
            + sys.version.split()[0]
            + "; choose one with: make PYTHON=python3.12 ..."
        )


def run(environment, *parts):
    """Run a command, which is given in parts; stop with its status if it fails."""
    status = subprocess.call([word for part in parts for word in part], env=environment)
    if status:
        sys.exit(status)


def python_in(folder):
    """Return the interpreter of an environment."""
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *place)


def settings_in(listing):
    """Return the settings that ``pip config list`` prints; of two for one thing the stronger."""
    pairs = [line.partition("=")[::2] for line in listing.splitlines()]
    levels = ("global.", "install.", ":env:.")
    return {
        name[len(level) :]: ast.literal_eval(value)
        for level in levels
        for name, value in pairs
        if name.startswith(level)
    }


def there(variable, values):
    """Leave out the folders of wheels that are missing: pip goes on without them, uv would stop."""
    if variable != "UV_FIND_LINKS":
        return values
    return [value for value in values if "://" in value or os.path.exists(value)]


def for_uv(settings, environment):
    """Return the environment variables that say to uv what `settings` say to pip.

    A variable that is set keeps its value.
    """
    told = {
        variable: between.join(there(variable, settings[name].split()))
        for name, variable, between in SETTINGS
        if settings.get(name)
    }
    return dict(LIKE_PIP, **dict(told, **environment))


def set_up(folder, locks, editable):
    """Make the environment anew, with what is locked and the editable packages."""
    python = python_in(folder)
    run(os.environ, [sys.executable, "-m", "venv", "--clear", folder])
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(os.environ, pip, ["--require-hashes", "-r", UV])

    listing = subprocess.check_output([python, "-m", "pip", "config", "list"], text=True)
    told = for_uv(settings_in(listing), os.environ)
    install = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    run(told, install, ["--require-hashes"], [word for lock in locks for word in ("-r", lock)])
    if editable:
        packages = [word for package in editable for word in ("-e", package)]
        run(told, install, ["--no-deps", "--no-build-isolation"], packages)


def main():
    """Read the command line and set up the environment that it names."""
    check_python()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="the environment, made anew")
    parser.add_argument("locks", nargs="+", metavar="lock", help="requirements with hashes")
    parser.add_argument("-e", dest="editable", action="append", default=[], metavar="package")
    arguments = parser.parse_args()
    print("Setting up " + arguments.folder + " (once, some seconds on a fast network) ...")
    sys.stdout.flush()
    set_up(arguments.folder, arguments.locks, arguments.editable)


if __name__ == "__main__":
    main()
