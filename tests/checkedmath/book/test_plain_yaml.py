"""YAML is read as text, and nothing in it grows."""

import pytest
from checkedmath.book.contents import BookError, table_of_contents
from checkedmath.book.plain_yaml import YamlFault, read_yaml


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("a: 0.50\nb: [yes, 2024-01-01]", {"a": "0.50", "b": ["yes", "2024-01-01"]}),
        ("a: {b: }", {"a": {"b": ""}}),
        ("a: &name b", {"a": "b"}),
        ("a: !!int 07", {"a": "07"}),
        ("a: " + "9" * 5000, {"a": "9" * 5000}),
    ],
)
def test_all_is_text(text, data):
    assert read_yaml(text) == data


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: b\nc: &c [1]\nd: *c", 2, "an alias, *c: write out what it stands for"),
        ("a: b\n<<: &a {b: *a}", 1, "an alias, *a: write out what it stands for"),
        ("a: b\nc: [", 1, "expected the node content, but found '<stream end>'"),
        ("a: \x00", 0, "special characters are not allowed"),
        ("[" * 10_000, 0, "nested too deeply"),
        ("- " * 10_000, 0, "nested too deeply"),
    ],
)
def test_what_is_refused(text, line, reason):
    with pytest.raises(YamlFault) as caught:
        read_yaml(text)
    assert reason in str(caught.value)
    assert caught.value.line == line


def test_a_contents_with_an_alias(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text("root: a\nchapters: &c\n- file: b\nparts: [*c, *c]\n")
    with pytest.raises(BookError, match=r"_toc\.yml:4: is no YAML: an alias, \*c: write out"):
        table_of_contents(tmp_path, toc)
