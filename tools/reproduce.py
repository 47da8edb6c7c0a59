"""Build the book twice from nothing, in two places, and compare the pages byte by byte.

python -m tools.reproduce            # exit 1 and name the files that differ
"""

import sys
import tempfile
from pathlib import Path

from tools import builds


def files(folder):
    """Return the bytes of every file in a folder, by path."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def differences(one, other):
    """Return the paths of the files that two folders do not have alike."""
    ours, theirs = files(one), files(other)
    names = ours.keys() | theirs.keys()
    return sorted(name for name in names if ours.get(name) != theirs.get(name))


def main():
    """Build twice and compare; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("one", "another")]
        for place in places:
            builds.copy_sources(place)
        pages = [builds.built(place) for place in places]
        different = differences(*pages)
        print("\n".join(different) or f"all {len(files(pages[0]))} files are alike")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
