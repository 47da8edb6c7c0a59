"""What all benchmarks share: fair turns, ratios within a round, records of one form."""

import json
import sys
import time

import numpy as np
import pytest

from benchmarks import harness
from benchmarks.record import RECORD

SECONDS = {"ours": [1.0, 2.0, 9.0, 4.0], "theirs": [2.0, 2.0, 3.0, 2.0]}


class TestTurns:
    def test_are_taken_in_rounds(self):
        calls = []
        contenders = {name: lambda name=name: calls.append(name) or len(calls) for name in "ab"}
        seconds, results = harness.take_turns(contenders, 3)
        assert calls == list("ababab")
        assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}
        assert results == {"a": 5, "b": 6}

    def test_measure_work_and_no_waiting(self):
        def work():
            end = time.process_time() + 0.02
            while time.process_time() < end:
                pass

        seconds, _ = harness.take_turns({"work": work, "wait": lambda: time.sleep(0.02)}, 1)
        assert seconds["work"][0] >= 0.02
        assert seconds["wait"][0] < 0.01

    @pytest.mark.parametrize(("budget", "rounds"), [(0, 3), (1e9, 5)])
    def test_of_quick_contenders_are_bounded(self, budget, rounds):
        seconds = harness.take_many_turns({"a": lambda: sum(range(99))}, budget, 3, 5)
        assert len(seconds["a"]) == rounds
        assert all(0 < one < harness.ONCE for one in seconds["a"])


class TestFigures:
    def test_medians(self):
        assert harness.medians(SECONDS) == {"ours": 3, "theirs": 2}

    def test_ratios_are_of_the_same_round(self):
        assert harness.ratio(SECONDS, "ours", "theirs") == {
            "median": 1.5,
            "low": 0.5,
            "high": 3,
        }

    def test_the_middle_half_of_the_rounds(self):
        seconds = {"ours": [1.0, 2.0, 3.0, 4.0, 5.0], "theirs": [1.0] * 5}
        found = harness.ratio(seconds, "ours", "theirs", middle=0.5)
        assert found == {"median": 3, "low": 2, "high": 4}

    def test_peak_of_memory(self):
        assert 8e6 <= harness.peak(lambda: np.ones(1_000_000)) < 8.1e6


class TestRecords:
    def test_have_the_form_of_the_one_that_the_book_shows(self, tmp_path):
        path = tmp_path / "record.json"
        harness.write(path, {"accuracy": {"σ": 1}})
        text = path.read_text(encoding="utf-8")
        record, shown = json.loads(text), json.loads(RECORD.read_text(encoding="utf-8"))
        assert text == json.dumps(record, indent=1) + "\n"
        assert list(record) == list(shown)[:2] == ["about", "accuracy"]
        assert list(record["about"]) == list(shown["about"])

    def test_report_prints_a_table_and_writes_it(self, tmp_path, capsys):
        ratio = {"median": 0.5, "low": 0.25, "high": 1.0}
        path = tmp_path / "report.json"
        harness.report("A title", [{"way": "ours", "s": 0.12345, "ratio": ratio}], path)
        said = capsys.readouterr().out.splitlines()
        assert said[1:5] == [
            "A title",
            "",
            "way       s             ratio",
            "ours  0.123  0.50 (0.25-1.00)",
        ]
        written = json.loads(path.read_text(encoding="utf-8"))
        assert written["rows"] == [{"way": "ours", "s": 0.12345, "ratio": ratio}]


def test_options(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["name", "--json", "a.json", "--quick"])
    options = harness.arguments("Say it.\n\nMore.", repeats="rounds", quick="few rounds")
    assert (options.json.name, options.repeats, options.quick) == ("a.json", 5, True)
