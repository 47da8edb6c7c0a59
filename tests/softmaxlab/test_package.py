"""What can be had from ``softmaxlab`` itself."""

from importlib import import_module

import pytest
import softmaxlab

LATER = {
    "Network": "learn.network",
    "SoftmaxObjective": "learn.regression",
    "SoftmaxRegression": "learn.regression",
    "TemperatureScaling": "learn.calibration",
    "chunked_softmax_cross_entropy": "chunked",
    "chunked_softmax_cross_entropy_with_grad": "chunked",
    "expected_calibration_error": "learn.calibration",
    "load_digits": "learn.digits",
    "load_mnist": "learn.digits",
    "reliability_curve": "learn.calibration",
}


@pytest.mark.parametrize(("name", "module"), LATER.items())
def test_what_learns_from_data_is_imported_when_it_is_asked_for(name, module):
    there = import_module(f"softmaxlab.{module}")
    assert getattr(softmaxlab, name) is getattr(there, name)


def test_an_unknown_name_is_refused_as_by_any_module():
    with pytest.raises(AttributeError) as caught:
        softmaxlab.sofmax  # noqa: B018
    assert str(caught.value) == "module 'softmaxlab' has no attribute 'sofmax'"


def test_all_names_are_listed():
    names = dir(softmaxlab)
    assert {*softmaxlab.__all__, *LATER} <= set(names)
    assert names == sorted(names)
