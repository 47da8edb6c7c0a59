"""Write files so that a stop halfway leaves the old text or the new, and never a part."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put a text into a file in one step.

    Parameters
    ----------
    path : Path
        The file; it may exist, its folder must.
    text : str
        What it holds afterwards.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
