"""Say how far a check is, when it takes long."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Called after each check with the number done, the number to do in all, and what was checked.
Progress = Callable[[int, int, str], None]


class Announcer:
    """Says how far a check is, once it has taken a second, and then every second."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.last = time.monotonic()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Take note that so many checks are done."""
        if time.monotonic() - self.last >= 1:
            self.last = time.monotonic()
            self.say(f"checkedmath: {done} of {total} checked, last {name}")
