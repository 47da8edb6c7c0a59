"""The recorded table of frameworks: its form, its numbers, and that the comparison can fail."""

import copy
import json
import math
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from scipy.special import expit, softmax

from tools import frameworks

ROOT = Path(__file__).resolve().parents[2]
TABLE = frameworks.read()
INSTALLED = ("SciPy", "scikit-learn")  # what the book's own environment has

LOSSES = ("PyTorch", "TensorFlow", "Keras on TensorFlow", "JAX", "Optax", "SciPy", "scikit-learn")
TEXT, TEXT_OR_NONE, CELL = {"type": "string"}, {"type": ["string", "null"]}, {}
ROW = {
    "type": "object",
    "properties": {
        "framework": TEXT,
        "function": TEXT,
        "wants": {"enum": ["logits", "probabilities", "log-probabilities"]},
        "labels": {"enum": ["indices", "one-hot", "either", "distribution", "binary", None]},
        "reduction": TEXT_OR_NONE,
        "arguments": TEXT_OR_NONE,
        "call": TEXT_OR_NONE,
        "input": TEXT_OR_NONE,
        "value": CELL,
        "warning": TEXT_OR_NONE,
        "wrong_call": TEXT_OR_NONE,
        "wrong_input": TEXT_OR_NONE,
        "wrong_value": CELL,
        "wrong_warning": TEXT_OR_NONE,
        "note": TEXT,
        "source": TEXT_OR_NONE,
    },
    "additionalProperties": False,
    "required": list(frameworks.FIELDS),
}


def rows(framework, *words):
    """Return the rows of a framework whose call contains all the words."""
    found = frameworks.rows_of(framework, TABLE)
    return [row for row in found if all(word in row["call"] for word in words)]


def leaves(cell):
    """Return the single numbers or strings of a cell."""
    return [leaf for item in cell for leaf in leaves(item)] if isinstance(cell, list) else [cell]


@pytest.fixture(scope="module")
def runs():
    return {framework: frameworks.run(framework, TABLE) for framework in INSTALLED}


class TestTable:
    def test_has_three_parts(self):
        assert list(TABLE) == ["recorded", "inputs", "rows"]
        assert list(TABLE["recorded"]) == ["python", "packages"]

    def test_is_written_as_record_writes_it(self):
        assert frameworks.TABLE.read_text(encoding="utf-8") == frameworks.text_of(TABLE)

    def test_every_row_has_the_fields_of_the_description(self):
        validator = Draft202012Validator({"items": ROW})
        assert [(*e.absolute_path, e.message) for e in validator.iter_errors(TABLE["rows"])] == []
        assert tuple(ROW["properties"]) == frameworks.FIELDS
        for row in TABLE["rows"]:
            assert tuple(row) == frameworks.FIELDS, row["call"]
            assert (row["wrong_call"] is None) == (row["wrong_value"] is None), row["call"]

    @pytest.mark.parametrize(("field", "value"), [("call", 3), ("wants", "luck"), ("note", None)])
    def test_another_kind_of_value_is_seen(self, field, value):
        validator = Draft202012Validator(ROW)
        assert not validator.is_valid(TABLE["rows"][0] | {field: value})

    @pytest.mark.parametrize("framework", frameworks.LOADERS)
    def test_every_framework_that_can_run_has_rows_with_values(self, framework):
        found = rows(framework)
        assert found
        for row in found:
            assert row["source"] is None
            assert row["function"] in row["call"]
            numbers = [float(leaf) for leaf in leaves(row["value"])]  # no "raises ..."
            assert numbers
            assert not any(math.isnan(number) for number in numbers)

    def test_only_caffe_was_not_run_and_it_claims_no_value(self):
        apart = [row for row in TABLE["rows"] if row["framework"] not in frameworks.LOADERS]
        assert {row["framework"] for row in apart} == {"Caffe"}
        for row in apart:
            assert row["call"] is row["value"] is row["wrong_value"] is None
            assert row["source"].startswith("https://")

    def test_note_agrees_with_the_warnings(self):
        for row in TABLE["rows"]:
            silent = row["warning"] is None and row["wrong_warning"] is None
            says_warning = "warn" in row["note"] and "nothing warns" not in row["note"]
            assert not (says_warning and silent), row["call"]
            if "without a word" in row["note"] and not says_warning:
                assert silent, row["call"]

    def test_reduction_by_default_is_what_the_value_shows(self):
        reduced = re.compile(r"reduction=|normalize=|\.sum\(|\.mean\(")
        for row in TABLE["rows"]:
            call = row["call"]
            bare = call and call.startswith(row["function"]) and not reduced.search(call)
            if bare and row["reduction"]:
                assert isinstance(row["value"], list) == (row["reduction"] == "none"), call

    def test_inputs_are_what_their_names_say(self):
        inputs = TABLE["inputs"]
        np.testing.assert_allclose(inputs["probabilities"], softmax(inputs["logits"], axis=1))
        np.testing.assert_array_equal(np.argmax(inputs["one_hot"], axis=1), inputs["indices"])
        np.testing.assert_array_equal(inputs["sigma"], expit(inputs["z"]))

    def test_describe_names_the_inputs_of_an_expression(self):
        text = frameworks.describe("f(q, p.sum())", {"p": [1.0], "q": [2.0], "r": [3.0]})
        assert text == "p = [1.0]; q = [2.0]"


class TestLocks:
    @pytest.fixture
    def locked(self):
        texts = [
            (ROOT / name).read_text(encoding="utf-8")
            for name in ("requirements/frameworks.txt", "requirements/torch.txt")
        ]
        return dict(re.findall(r"^([a-z][\w.-]*)==([\w.]+)", "\n".join(texts), re.MULTILINE))

    def test_recorded_versions_are_the_locked_ones(self, locked):
        names = {"sklearn": "scikit-learn"}
        recorded = TABLE["recorded"]["packages"]
        assert len(recorded) == 8
        for name, version in recorded.items():
            assert version.split("+")[0] == locked[names.get(name, name)]

    def test_shared_packages_are_those_of_the_book(self, locked):
        book = (ROOT / "requirements.txt").read_text(encoding="utf-8")
        for name in ("numpy", "scipy", "scikit-learn"):
            assert f"\n{name}=={locked[name]} " in book


class TestInventory:
    """The course's numbers, in every framework."""

    @pytest.mark.parametrize("framework", sorted({*LOSSES} - {"Optax", "scikit-learn"}))
    def test_softmax(self, framework):
        expected = [7.874945e-4, 7.874945e-4, 0.00214063, 0.01581725, 0.11687455, 0.86359258]
        (row,) = rows(framework, "softmax(row")
        assert row["value"] == pytest.approx(expected, rel=1e-5)

    @pytest.mark.parametrize("framework", LOSSES)
    def test_fused_loss_of_each_sample(self, framework):
        losses = [row["value"] for row in rows(framework, "logits") + rows(framework, "probabil")]
        numbers = [number for loss in losses for number in leaves(loss)]
        assert pytest.approx(0.4076060, rel=1e-5) in numbers

    @pytest.mark.parametrize("framework", sorted({*LOSSES} - {"JAX", "SciPy"}))
    def test_summed_loss(self, framework):
        values = [row["value"] for row in rows(framework) if isinstance(row["value"], float)]
        assert pytest.approx(1.2228179, rel=1e-6) in values

    @pytest.mark.parametrize("framework", LOSSES)
    @pytest.mark.parametrize(("classes", "floor"), [(3, 0.551445), (10, 1.461150)])
    def test_floor_of_the_double_softmax(self, framework, classes, floor):
        (row,) = rows(framework, f"perfect_{classes}")
        assert leaves(row["value"]) == pytest.approx([0.0], abs=1e-15)
        assert leaves(row["wrong_value"]) == pytest.approx([floor], abs=1e-6)
        assert leaves(row["wrong_value"])[0] == pytest.approx(np.log(np.e + classes - 1) - 1)

    @pytest.mark.parametrize("framework", [name for name in frameworks.LOADERS if "Keras" in name])
    def test_keras_mends_a_softmax_layer_with_from_logits_on_tensorflow_only(self, framework):
        (row,) = rows(framework, "confident")
        mended = framework == "Keras on TensorFlow"
        assert (row["wrong_warning"] is not None) == mended
        assert row["wrong_value"] == pytest.approx(0.0 if mended else 0.551445, abs=1e-6)

    @pytest.mark.parametrize("framework", LOSSES)
    def test_no_framework_keeps_the_digits_of_a_tiny_loss(self, framework):
        exact = math.log1p(math.exp(-40))
        found = rows(framework, "far")
        assert found
        for row in found:
            (loss,) = leaves(row["value"])
            assert loss != pytest.approx(exact, rel=0.5, abs=0)

    @pytest.mark.parametrize("framework", [name for name in LOSSES if name != "scikit-learn"])
    def test_overflow_is_exact_when_fused(self, framework):
        losses = [number for row in rows(framework, "overflow") for number in leaves(row["value"])]
        assert 1000.0 in [abs(loss) for loss in losses]

    def test_log_loss(self):
        first, second = rows("scikit-learn", "'pig', 'dog', 'cat'")
        assert first["value"] == 1.3783888522474517
        assert second["value"] == 0.6391075640678003
        (clipped,) = rows("scikit-learn", "first, zero")
        assert clipped["value"] == pytest.approx(36.04365, abs=1e-5)
        (short,) = rows("scikit-learn", "short")
        assert short["value"] == pytest.approx(0.5108, abs=1e-4)
        assert short["wrong_value"] == pytest.approx(1.2040, abs=1e-4)

    @pytest.mark.parametrize("framework", ["PyTorch", "Keras on TensorFlow", "Optax", "SciPy"])
    def test_divergence_depends_on_the_order(self, framework):
        p, q = (np.array(TABLE["inputs"][name][0]) for name in "pq")
        forward, backward = np.sum(p * np.log(p / q)), np.sum(q * np.log(q / p))
        pairs = [
            (*leaves(row["value"]), *leaves(row["wrong_value"]))
            for row in rows(framework)
            if row["labels"] == "distribution"
        ]
        assert any(pair == pytest.approx((forward, backward), rel=1e-5) for pair in pairs)


class TestComparison:
    def test_installed_frameworks_give_the_record(self, runs):
        assert frameworks.differences(TABLE, runs) == []

    @pytest.mark.parametrize("field", ["value", "wrong_value", "warning", "arguments", "input"])
    @pytest.mark.parametrize("framework", INSTALLED)
    def test_any_changed_cell_is_shown(self, runs, framework, field):
        for number, row in enumerate(frameworks.rows_of(framework, TABLE)):
            changed = copy.deepcopy(TABLE)
            frameworks.rows_of(framework, changed)[number][field] = "changed"
            (line,) = frameworks.differences(changed, runs)
            assert line.startswith(f"{framework}: {row['call']}: {field}: recorded 'changed', now")

    @pytest.mark.parametrize(
        ("recorded", "now"),
        [
            (0.4076060, 0.4076160),
            (0.0, 4.25e-18),
            (1.0, "nan"),
            ("inf", "-inf"),
            ([0.4, 0.6], [0.4]),
            ([[1.0]], [1.0]),
            ([0.4, 0.6], [0.4, 0.60001]),
            ("raises ValueError", 1.0),
            (None, 0.0),
        ],
    )
    def test_different_cells(self, recorded, now):
        assert not frameworks.same(recorded, now)
        assert not frameworks.same(now, recorded)

    @pytest.mark.parametrize("cell", [None, "nan", "inf", 0.0, [0.1, ["nan", 2.0]], "raises X"])
    def test_equal_cells(self, cell):
        assert frameworks.same(cell, copy.deepcopy(cell))

    def test_float32_rounding_is_no_difference(self):
        assert frameworks.same(0.40760594606399536, 0.4076059758663177)

    def test_added_row_cannot_pass_unseen(self, runs):
        longer = copy.deepcopy(TABLE)
        longer["rows"].append(longer["rows"][-1] | {"framework": "SciPy"})
        with pytest.raises(ValueError, match="shorter"):
            frameworks.differences(longer, runs)

    def test_row_of_an_unknown_framework_needs_a_source(self):
        row = {"framework": "PyTroch", "function": "f", "source": None}
        assert frameworks.unexplained({"rows": [row]}) == [
            "PyTroch: f: neither run nor with a source"
        ]
        assert frameworks.unexplained(TABLE) == []

    def test_other_version_is_reported_but_is_no_difference(self, runs):
        older = copy.deepcopy(TABLE)
        older["recorded"]["packages"]["scipy"] = "0.1"
        (line,) = frameworks.version_changes(older, runs)
        assert line.startswith("scipy: recorded with 0.1, now ")
        assert frameworks.differences(older, runs) == []


class TestRun:
    def test_call_that_fails_is_a_value(self):
        value, _ = frameworks.evaluate("float('x')", {})
        assert value == "raises ValueError"

    def test_misspelt_call_is_an_error_not_a_value(self):
        with pytest.raises(NameError):
            frameworks.evaluate("sofmax(1)", {})
        with pytest.raises(AttributeError):
            frameworks.evaluate("np.sofmax(1)", {"np": np})

    def test_warning_is_kept(self):
        value, warning = frameworks.evaluate("warn('look  here')", {"warn": warnings.warn})
        assert warning == "look here"
        assert value == "nan"

    def test_plain_numbers(self):
        assert frameworks.plain(np.float32([[-0.0, np.inf], [np.nan, 1]])) == [
            [0.0, "inf"],
            ["nan", 1.0],
        ]
        assert str(frameworks.plain(-0.0)) == "0.0"

    def test_missing_framework_does_not_hide_the_others(self):
        def runner(framework):
            if framework == "PyTorch":
                raise RuntimeError("No module named 'torch'")
            return {"packages": {}, "results": []}

        runs, failures = frameworks.run_all(runner)
        assert failures == ["PyTorch: did not run: No module named 'torch'"]
        assert len(runs) == len(frameworks.LOADERS) - 1

    def test_process_of_its_own_gives_the_same(self, runs):
        assert frameworks.run_apart("SciPy") == runs["SciPy"]

    def test_failed_process_is_an_error(self):
        with pytest.raises(RuntimeError, match="exit status 2"):
            frameworks.run_apart("no such framework")


class TestCommands:
    @pytest.fixture
    def table(self, tmp_path, monkeypatch):
        path = tmp_path / "frameworks.json"
        path.write_text(frameworks.text_of(TABLE), encoding="utf-8")
        monkeypatch.setattr(frameworks, "TABLE", path)
        return path

    def test_check_passes_on_the_record_itself(self, monkeypatch, capsys, runs):
        monkeypatch.setattr(frameworks, "run_all", lambda: (runs, []))
        assert frameworks.main(["check"]) == 0
        assert "0 problems" in capsys.readouterr().out

    def test_check_fails_and_shows_a_changed_value(self, monkeypatch, capsys, runs):
        changed = copy.deepcopy(runs)
        changed["SciPy"]["results"][-1]["value"] = [0.5]
        monkeypatch.setattr(frameworks, "run_all", lambda: (changed, []))
        assert frameworks.main(["check"]) == 1
        shown = capsys.readouterr().out
        assert "DIFFERENT SciPy: scipy.stats.entropy(p, q, axis=1): value" in shown

    def test_check_fails_when_a_framework_did_not_run(self, monkeypatch, capsys, runs):
        monkeypatch.setattr(frameworks, "run_all", lambda: (runs, ["PyTorch: did not run: no"]))
        assert frameworks.main(["check"]) == 1
        assert "DIFFERENT PyTorch: did not run" in capsys.readouterr().out

    def test_record_writes_what_was_run(self, table, monkeypatch, runs):
        spoilt = json.loads(table.read_text(encoding="utf-8"))
        frameworks.rows_of("SciPy", spoilt)[0]["value"] = 1.0
        table.write_text(frameworks.text_of(spoilt), encoding="utf-8")
        monkeypatch.setattr(frameworks, "run_all", lambda: (runs, []))
        assert frameworks.main(["record"]) == 0
        assert json.loads(table.read_text(encoding="utf-8"))["rows"] == TABLE["rows"]

    def test_record_writes_nothing_when_a_framework_did_not_run(self, table, monkeypatch, runs):
        monkeypatch.setattr(frameworks, "run_all", lambda: (runs, ["PyTorch: did not run"]))
        table.write_text("{}", encoding="utf-8")
        monkeypatch.setattr(frameworks, "read", lambda: copy.deepcopy(TABLE))
        assert frameworks.main(["record"]) == 1
        assert table.read_text(encoding="utf-8") == "{}"

    def test_other_words_are_refused(self, capsys):
        assert frameworks.main(["run", "Theano"]) == 2
        assert "tools.frameworks check" in capsys.readouterr().out
