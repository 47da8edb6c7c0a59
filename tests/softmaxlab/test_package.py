"""What can be had from ``softmaxlab`` itself."""

import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
import softmaxlab
from softmaxlab._extras import needed_for

LATER = {
    "Network": "learn.network",
    "SoftmaxObjective": "learn.regression",
    "SoftmaxRegression": "learn.regression",
    "TemperatureScaling": "learn.calibration",
    "brier_score": "learn.scores",
    "classwise_calibration_error": "learn.calibration",
    "expected_calibration_error": "learn.calibration",
    "load_digits": "learn.digits",
    "load_mnist": "learn.digits",
    "load_sentences": "learn.sentences",
    "maximum_calibration_error": "learn.calibration",
    "perplexity": "learn.scores",
    "reliability_curve": "learn.calibration",
    "template_weights": "learn.templates",
    "top_k_accuracy": "learn.scores",
}
ROOMS = ("exercises", "figures", "large", "learn")


def run(code):
    """Run a few lines in a Python of their own; return what they print, line by line."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_importing_loads_numpy_alone():
    before = "import sys, numpy; before = set(sys.modules)"
    after = "import softmaxlab; print(*sorted(set(sys.modules) - before), sep='\\n')"
    loaded = run(f"{before}\n{after}")
    own = [name for name in loaded if name.startswith("softmaxlab")]
    assert not any(name.startswith(f"softmaxlab.{room}") for name in own for room in ROOMS)
    assert {name.partition(".")[0] for name in loaded} <= {
        "softmaxlab",
        "numpy",
        *sys.stdlib_module_names,
    }


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_when_it_is_asked_for(room):
    assert run(f"import softmaxlab; print(softmaxlab.{room}.__name__)") == [f"softmaxlab.{room}"]


@pytest.mark.parametrize(
    ("blocked", "missing", "room", "asked"),
    [
        ("sklearn", "scikit-learn", "learn", [*LATER, "learn"]),
        ("threadpoolctl", "threadpoolctl", "learn", ["Network", "learn"]),
        ("scipy", "scipy", "learn", ["TemperatureScaling", "learn"]),
        ("scipy", "scipy", "exercises", ["exercises"]),
        ("matplotlib", "matplotlib", "figures", ["figures"]),
    ],
)
def test_a_missing_extra_is_named(blocked, missing, room, asked):
    told = run(
        f"import sys; sys.modules[{blocked!r}] = None\n"
        "import softmaxlab\n"
        f"for name in {asked}:\n"
        "    try: getattr(softmaxlab, name)\n"
        "    except ModuleNotFoundError as error: print(error.name, error)"
    )
    message = f'softmaxlab.{room} needs {missing}: pip install "softmaxlab[{room}]"'
    assert told == [f"{blocked} {message}"] * len(asked)


@pytest.mark.parametrize("blocked", ["dask", "distributed"])
def test_dask_is_asked_for_when_it_is_needed(blocked, tmp_path):
    """Without it the room opens all the same: the book's page of its functions reads them there."""
    if blocked == "distributed":
        pytest.importorskip("dask")
    np.save(tmp_path / "rows.npy", np.zeros((2, 3)))
    told = run(
        f"import sys; sys.modules[{blocked!r}] = None\n"
        "from softmaxlab import large\n"
        f"try: large.from_npy([{str(tmp_path / 'rows.npy')!r}])\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    assert told == [f'softmaxlab.large needs {blocked}: pip install "softmaxlab[large]"']


def test_a_missing_extra_is_named_by_the_modules_that_need_it():
    modules = ["calibration", "digits", "network", "neuron", "regression", "scores", "solvers"]
    told = run(
        "import sys, importlib; sys.modules['sklearn'] = None\n"
        f"for name in {modules}:\n"
        "    try: importlib.import_module(f'softmaxlab.learn.{name}')\n"
        "    except ModuleNotFoundError as error: print(error)"
    )
    message = 'softmaxlab.learn needs scikit-learn: pip install "softmaxlab[learn]"'
    assert told == [message] * len(modules)


def test_a_module_of_our_own_that_is_missing_is_no_missing_extra():
    with pytest.raises(
        ModuleNotFoundError, match=r"^No module named 'softmaxlab\.lost'$"
    ) as caught:
        import_lost_for("learn")
    assert caught.value.name == "softmaxlab.lost"


def import_lost_for(extra):
    with needed_for(extra):
        import_module("softmaxlab.lost")


@pytest.mark.parametrize(("name", "module"), LATER.items())
def test_what_learns_from_data_is_imported_when_it_is_asked_for(name, module):
    there = import_module(f"softmaxlab.{module}")
    assert getattr(softmaxlab, name) is getattr(there, name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_the_module_of_its_name(room):
    assert softmaxlab.__getattr__(room) is import_module(f"softmaxlab.{room}")


def test_an_unknown_name_is_refused_as_by_any_module():
    with pytest.raises(AttributeError) as caught:
        softmaxlab.sofmax  # noqa: B018
    assert str(caught.value) == "module 'softmaxlab' has no attribute 'sofmax'"


def test_all_names_are_listed():
    names = dir(softmaxlab)
    assert {*softmaxlab.__all__, *LATER, *ROOMS} <= set(names)
    assert names == sorted(names)
