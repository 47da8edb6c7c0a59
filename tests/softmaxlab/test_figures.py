"""What the figures draw, read back from the drawing."""

import sys
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from softmaxlab import figures
from softmaxlab.figures import probability_bars, use_book_style

P = [0.7, 0.2, 0.1]


@pytest.fixture
def ax():
    return Figure().subplots()


class TestShowDigit:
    def test_ink_is_black_and_rows_go_down(self, ax):
        figures.show_digit(ax, np.arange(4) / 3)
        (image,) = ax.images
        np.testing.assert_allclose(image.get_array(), [[0, 1 / 3], [2 / 3, 1]])
        assert image.get_cmap().name == "gray_r"
        assert image.get_clim() == (0, 1)

    @pytest.mark.parametrize("title", [None, "a seven"])
    def test_the_title_is_optional(self, ax, title):
        assert figures.show_digit(ax, np.zeros(4), title).get_title() == (title or "")


class TestShowMap:
    def test_zero_is_in_the_middle_of_the_colours(self, ax):
        image = figures.show_map(ax, [1.0, -1.0, 0.0, 0.5], limit=2, title="weights")
        np.testing.assert_array_equal(image.get_array(), [[1, -1], [0, 0.5]])
        assert image.get_clim() == (-2, 2)
        assert image.get_cmap().name == "RdBu"
        assert ax.get_title() == "weights"


class TestScoreStems:
    def test_a_stem_from_zero_to_each_score(self, ax):
        assert figures.score_stems(ax, [3.0, -1.0]) is ax
        stems = [line.get_xydata().tolist() for line in ax.lines if len(line.get_xydata()) == 2]
        assert stems[:2] == [[[0, 0], [0, 3]], [[1, 0], [1, -1]]]
        assert all(to_hex(line.get_color()) == figures.RIVAL for line in ax.lines[:4])

    def test_the_right_class_has_its_colour(self, ax):
        figures.score_stems(ax, [3.0, -1.0], right=1)
        colours = [to_hex(line.get_color()) for line in ax.lines[:4]]
        assert colours == [figures.RIVAL] * 2 + [figures.RIGHT] * 2

    def test_values_stand_beyond_the_points(self, ax):
        figures.score_stems(ax, [3.0, -1.0], digits=1)
        assert [text.get_text() for text in ax.texts] == ["3.0", "\N{MINUS SIGN}1.0"]
        assert [text.get_va() for text in ax.texts] == ["bottom", "top"]


class TestProbabilityBars:
    def test_one_bar_for_each_probability(self, ax):
        assert probability_bars(ax, P) is ax
        bars = ax.patches
        assert [bar.get_height() for bar in bars] == P
        assert {bar.get_y() for bar in bars} == {0}
        np.testing.assert_allclose([bar.get_x() for bar in bars], np.arange(3) - 0.35)
        np.testing.assert_allclose([bar.get_width() for bar in bars], 0.7)
        assert {to_hex(bar.get_facecolor()) for bar in bars} == {figures.RIVAL}

    def test_the_right_class_has_its_colour(self, ax):
        probability_bars(ax, P, right=1)
        colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        assert colours == [figures.RIVAL, figures.RIGHT, figures.RIVAL]

    def test_the_target_is_an_outline(self, ax):
        probability_bars(ax, P, target=[0, 1, 0])
        outlines = ax.patches[3:]
        assert [bar.get_height() for bar in outlines] == [0, 1, 0]
        assert not any(bar.get_fill() for bar in outlines)
        assert {to_hex(bar.get_edgecolor()) for bar in outlines} == {figures.TARGET}

    def test_the_values_stand_above_the_bars(self, ax):
        probability_bars(ax, P)
        assert [text.get_text() for text in ax.texts] == ["0.700", "0.200", "0.100"]
        places = np.array([text.get_position() for text in ax.texts])
        np.testing.assert_allclose(places, np.column_stack([np.arange(3), np.add(P, 0.03)]))
        assert {text.get_horizontalalignment() for text in ax.texts} == {"center"}

    @pytest.mark.parametrize(("digits", "texts"), [(1, ["0.2", "0.8"]), (None, [])])
    def test_decimals_can_be_chosen_or_left_out(self, ax, digits, texts):
        probability_bars(ax, [0.25, 0.75], digits=digits)
        assert [text.get_text() for text in ax.texts] == texts

    @pytest.mark.parametrize(
        ("names", "labels"), [(None, ["0", "1", "2"]), (["cat", "dog", "pig"],) * 2]
    )
    def test_every_bar_has_a_name(self, ax, names, labels):
        probability_bars(ax, P, names=names)
        assert [label.get_text() for label in ax.get_xticklabels()] == labels
        np.testing.assert_array_equal(ax.get_xticks(), [0, 1, 2])
        assert ax.get_xlim() == (-0.6, 2.6)

    def test_the_axis_goes_from_zero_to_just_above_one(self, ax):
        ax.set_ylim(-1, 2)
        probability_bars(ax, P)
        assert ax.get_ylim() == (0, 1.15)

    @pytest.mark.parametrize("grid", [True, False])
    def test_no_vertical_lines_in_the_background(self, grid):
        with mpl.rc_context({"axes.grid": grid}):
            ax = probability_bars(Figure().subplots(), P)
            assert not any(line.get_visible() for line in ax.get_xgridlines())
            assert {line.get_visible() for line in ax.get_ygridlines()} == {grid}


class TestStepArrows:
    def test_from_each_score_to_where_it_goes(self, ax):
        assert figures.step_arrows(ax, [3.0, 1.0], [0.5, -2.0]) is ax
        assert [text.xy for text in ax.texts] == [(0.25, 3.5), (1.25, -1.0)]
        assert [text.xyann for text in ax.texts] == [(0.25, 3.0), (1.25, 1.0)]
        colours = {to_hex(text.arrow_patch.get_edgecolor()) for text in ax.texts}
        assert colours == {figures.STEP}

    def test_the_axis_holds_the_ends(self, ax):
        figures.score_stems(ax, [0.0, 0.0])
        figures.step_arrows(ax, [0.0, 0.0], [5.0, -5.0])
        low, high = ax.get_ylim()
        assert low < -5
        assert high > 5


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
