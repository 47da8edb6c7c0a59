"""What the extension remembers from one build to the next, kept with Sphinx's environment.

Only the process that leads the build writes here, before pages are read and after they have been,
so that nothing has to be merged when other processes do the reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sphinx.environment import BuildEnvironment


@dataclass
class Memory:
    """What the last build found.

    Attributes
    ----------
    keys : dict
        For each page, a fingerprint of its text and of all that its cells depend on.
    everything : str
        A fingerprint of all pages together and of all that any of them may depend on.
    common : str
        A fingerprint of what pages show of each other.
    offered : list
        What has been made of the book beside its pages, with sizes.
    links : dict
        For each page, what sphinx-codeautolink has found in its code.
    """

    keys: dict[str, str] = field(default_factory=dict)
    everything: str = ""
    common: str = ""
    offered: list[str] = field(default_factory=list)
    links: dict[str, list[Any]] = field(default_factory=dict)


def memory_of(env: BuildEnvironment) -> Memory:
    """Return the memory of an environment; it is empty in a new one."""
    memory: Memory = env.__dict__.setdefault("course_memory", Memory())
    return memory
