"""What a cell prints is one text, however the kernel has cut it."""

import importlib
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def kernel(monkeypatch):
    """Import the extension as Sphinx does."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    return importlib.import_module("course.kernel")


def stream(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


class TestJoined:
    def test_a_line_that_was_cut_is_whole_again(self, kernel):
        (whole,) = kernel.joined([stream("one"), stream(" line\nand"), stream(" another\n")])
        assert whole["text"] == "one line\nand another\n"

    def test_the_pieces_stay_as_they_are(self, kernel):
        pieces = [stream("one"), stream(" line")]
        kernel.joined(pieces)
        assert [piece["text"] for piece in pieces] == ["one", " line"]

    def test_other_outputs_stay_between(self, kernel):
        result = nbformat.v4.new_output("execute_result", {"text/plain": "2"})
        outputs = [stream("a"), result, stream("b"), stream("c", "stderr"), stream("d", "stderr")]
        kinds = [(o["output_type"], o.get("text")) for o in kernel.joined(outputs)]
        assert kinds == [
            ("stream", "a"),
            ("execute_result", None),
            ("stream", "b"),
            ("stream", "cd"),
        ]
