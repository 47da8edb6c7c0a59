"""The notebooks that readers download: each is written from a finished page, and reads like it.

A page's resolved document is the truth, not its source: whatever a role or a directive has made is
there, with every number and every name. What this room cannot write in Jupyter's plain Markdown is
an error of the build.
"""

from __future__ import annotations

from course.notebooks.writing import ReaderNotebook

__all__ = ["ReaderNotebook"]
