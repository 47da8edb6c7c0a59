"""Read YAML as texts, lists and mappings: no types, and no aliases, which can grow without end."""

from __future__ import annotations

from typing import Any

import yaml


class YamlFault(ValueError):  # noqa: N818 - what was found, by its name
    """A text that is no such YAML; `line` counts from zero."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


class _Loader(yaml.BaseLoader):
    """Refuses an alias where it stands: a few that name each other stand for billions of words."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem=f"an alias, *{event.anchor}: write out what it stands for",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


def read_yaml(text: str) -> Any:
    r"""Read a text -> str, list or dict of these.

    >>> read_yaml("name: 0.50\nrows: [1, 2]")
    {'name': '0.50', 'rows': ['1', '2']}
    >>> read_yaml("a: &x [1]\nb: *x")
    Traceback (most recent call last):
    checkedmath.book.plain_yaml.YamlFault: an alias, *x: write out what it stands for
    """
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise YamlFault(str(error.problem), line) from None
    except yaml.YAMLError as error:
        raise YamlFault(str(error)) from None
    except RecursionError:
        raise YamlFault("nested too deeply") from None
