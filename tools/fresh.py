"""Run the README's commands on a bare Debian, from a clone of what is committed.

    python3 tools/fresh.py stable sid    # as root on Debian; each suite in turn

Each suite is a new system in a folder of its own, by debootstrap, with Python, make and git and
nothing else of use. There a user who is not root clones this repository and types what the README
says. The system gets this machine's certificates and what package clients are told here (files and
variables), and has processes and mounts of its own, so that nothing is left when it ends.

A fresh machine is the point, so this needs the standard library alone.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("python3", "python3-venv", "make", "git", "ca-certificates")
TOOLS = {"debootstrap": "debootstrap", "unshare": "util-linux", "chroot": "coreutils", "git": "git"}
USER = "reader"
HOME = Path("home", USER)

CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
SETTINGS = ("etc/hosts", "etc/resolv.conf", "etc/pip.conf", "etc/xdg/pip", "etc/uv")
SETTINGS_AT_HOME = (".config/pip", ".pip", ".config/uv", ".netrc")
VARIABLES = re.compile(
    r"(PIP|UV|SSL|OPENBLAS)_\w+|(REQUESTS|CURL)_CA_BUNDLE|GIT_SSL_CAINFO|\w+_proxy", re.I
)


def check_machine():
    """Stop if this is no Debian, or if we are not root there."""
    missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if os.geteuid() != 0 or missing:
        sys.exit(
            "make fresh sets up whole systems: run it as root on Debian"
            + (f", after: apt-get install {' '.join(missing)}" if missing else "")
        )


def commands_of_the_readme():
    """Return the commands of the README's first console block, without their comments."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```console\n(.*?)```", readme, re.S)[1]
    return [line.partition("#")[0].strip() for line in block.splitlines()]


def mirror():
    """Return where this machine's apt finds Debian."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    found = subprocess.check_output([*command, "Label: Debian"], text=True).split()
    if not found:
        sys.exit("apt's sources name no Debian: make fresh needs a machine that runs Debian")
    return found[0]


@contextmanager
def timed(what):
    """Say what is done, and afterwards how long it took."""
    print(f"--- {what} ...", flush=True)
    start = time.monotonic()
    yield
    print(f"--- {what}: {time.monotonic() - start:.0f} s", flush=True)


def install(suite, system):
    """Fill a folder with a bare Debian."""
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    with tempfile.TemporaryFile("w+") as log:
        done = subprocess.run(
            ["unshare", "--mount", *command, suite, system, mirror()], stdout=log, stderr=log
        )
        if done.returncode:
            log.seek(0)
            sys.exit(f"{log.read()}\nDebian {suite} could not be installed in {system}")


def copy(source, target):
    """Copy a file or a folder that this machine may have or not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copyfile(source, target)


def start_up(system):
    """Do what a machine does when it starts: shared memory is for everybody."""
    (system / "dev" / "shm").chmod(0o1777)


def hand_in(system):
    """Copy this machine's certificates and the settings of package clients."""
    for name in (CERTIFICATES, *SETTINGS):
        copy(Path("/", name), system / name)
    for name in SETTINGS_AT_HOME:
        copy(Path.home() / name, system / HOME / name)


def move_in(system):
    """Add a user, who clones what is committed here."""
    subprocess.run(["chroot", system, "useradd", USER, "--create-home"], check=True)
    hand_in(system)
    clone = ["git", "clone", "--quiet", "--no-hardlinks", ROOT, system / HOME / "book"]
    subprocess.run(clone, check=True)
    subprocess.run(["chroot", system, "chown", "-R", f"{USER}:", Path("/", HOME)], check=True)


def environment():
    """Return the variables of the user, among them what package clients are told here."""
    told = {name: value for name, value in os.environ.items() if VARIABLES.fullmatch(name)}
    return told | {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(Path("/", HOME))}


def run(system, command):
    """Run a command in the user's clone; return its status. No process or mount outlives it."""
    apart = ["unshare", "--pid", "--fork", "--kill-child", f"--mount-proc={system / 'proc'}"]
    # Without /sys, lscpu and those who ask it count no cores.
    within = ["sh", "-c", 'mount --rbind /sys "$0/sys" && exec "$@"', system]
    inside = [shutil.which("chroot"), f"--userspec={USER}:{USER}", system, "sh", "-c"]
    command = [*apart, *within, *inside, f"cd ~/book && exec {command}"]
    return subprocess.run(command, env=environment(), check=False).returncode


def try_out(suite):
    """Run the README's commands on a new system; stop at the first that fails."""
    folder = tempfile.mkdtemp(prefix="fresh-", dir=os.environ.get("TMPDIR", "/var/tmp"))
    system = Path(folder, suite)
    try:
        with timed(f"Debian {suite} in {system}"):
            install(suite, system)
            start_up(system)
            move_in(system)
        for command in ("python3 --version", *commands_of_the_readme()):
            with timed(f"{suite}: {command}"):
                if run(system, command):
                    sys.exit(f"{command} failed on Debian {suite}")
    finally:
        shutil.rmtree(folder)


def main(suites):
    """Try the suites in turn."""
    check_machine()
    if subprocess.check_output(["git", "-C", ROOT, "status", "--porcelain"]):
        print("What is not committed stays out of it.")
    for suite in suites:
        try_out(suite)
    print(f"All is well on Debian {' and '.join(suites)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
