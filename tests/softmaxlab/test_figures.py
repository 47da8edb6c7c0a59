"""What the figures draw, read back from the drawing."""

import sys
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from softmaxlab import figures
from softmaxlab.figures import PALETTE, probability_bars, use_book_style

P = [0.7, 0.2, 0.1]


@pytest.fixture
def ax():
    return Figure().subplots()


class TestProbabilityBars:
    def test_one_bar_for_each_probability(self, ax):
        assert probability_bars(ax, P) is ax
        bars = ax.patches
        assert [bar.get_height() for bar in bars] == P
        assert {bar.get_y() for bar in bars} == {0}
        np.testing.assert_allclose([bar.get_x() for bar in bars], np.arange(3) - 0.35)
        np.testing.assert_allclose([bar.get_width() for bar in bars], 0.7)
        assert {to_hex(bar.get_facecolor()) for bar in bars} == {PALETTE["blue"]}

    def test_the_values_stand_above_the_bars(self, ax):
        probability_bars(ax, P)
        assert [text.get_text() for text in ax.texts] == ["0.700", "0.200", "0.100"]
        places = np.array([text.get_position() for text in ax.texts])
        np.testing.assert_allclose(places, np.column_stack([np.arange(3), np.add(P, 0.02)]))
        assert {text.get_horizontalalignment() for text in ax.texts} == {"center"}
        assert {text.get_fontsize() for text in ax.texts} == {9}

    def test_decimals_and_colour_can_be_chosen(self, ax):
        probability_bars(ax, [0.25, 0.75], color="red", digits=1)
        assert [text.get_text() for text in ax.texts] == ["0.2", "0.8"]
        assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {PALETTE["red"]}

    @pytest.mark.parametrize(
        ("names", "labels"), [(None, ["0", "1", "2"]), (["cat", "dog", "pig"],) * 2]
    )
    def test_every_bar_has_a_name(self, ax, names, labels):
        probability_bars(ax, P, names=names)
        assert [label.get_text() for label in ax.get_xticklabels()] == labels
        np.testing.assert_array_equal(ax.get_xticks(), [0, 1, 2])

    def test_the_axis_goes_from_zero_to_just_above_one(self, ax):
        ax.set_ylim(-1, 2)
        probability_bars(ax, P)
        assert ax.get_ylim() == (0, 1.1)

    @pytest.mark.parametrize("grid", [True, False])
    def test_no_vertical_lines_in_the_background(self, grid):
        with mpl.rc_context({"axes.grid": grid}):
            ax = probability_bars(Figure().subplots(), P)
            assert not any(line.get_visible() for line in ax.get_xgridlines())
            assert {line.get_visible() for line in ax.get_ygridlines()} == {grid}


class TestUseBookStyle:
    @pytest.fixture(autouse=True)
    def settings(self):
        with mpl.rc_context():
            yield

    @pytest.fixture
    def notebook(self, monkeypatch):
        """Stand in for IPython, and note what is asked of it."""
        asked = SimpleNamespace(shell=object(), formats=[])

        def set_matplotlib_formats(*formats, **options):
            asked.formats.append((formats, options))

        backend = SimpleNamespace(set_matplotlib_formats=set_matplotlib_formats)
        ipython = SimpleNamespace(get_ipython=lambda: asked.shell)
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "matplotlib_inline.backend_inline", backend)
        return asked

    def test_matplotlib_takes_the_style(self, notebook):
        mpl.rcParams["svg.fonttype"] = "path"
        use_book_style()
        assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == figures.CYCLE

    def test_a_notebook_draws_svg_of_the_size_asked_for(self, notebook):
        use_book_style()
        assert notebook.formats == [(("svg",), {"bbox_inches": None})]

    def test_outside_a_notebook_no_format_is_set(self, notebook):
        notebook.shell = None
        use_book_style()
        assert notebook.formats == []

    def test_a_plain_python_will_do(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "IPython", None)
        use_book_style()
        assert mpl.rcParams["svg.fonttype"] == "none"
