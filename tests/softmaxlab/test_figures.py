"""What the figures draw, read back from the drawing."""

import io
import sys
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from softmaxlab import figures
from softmaxlab.figures import probability_bars, use_book_style

P = [0.7, 0.2, 0.1]


@pytest.fixture
def ax():
    return Figure().subplots()


def assert_framed_without_ticks(ax):
    """A picture of pixels has a thin frame on all sides, and no numbers beside it."""
    assert not ax.get_xticks().size
    assert not ax.get_yticks().size
    assert {spine.get_visible() for spine in ax.spines.values()} == {True}
    assert {to_hex(s.get_edgecolor()) for s in ax.spines.values()} == {figures.PALETTE["grid"]}


@pytest.fixture
def bare():
    """Axes as the book's style draws them: without lines above and on the right."""
    with mpl.rc_context():
        use_book_style()
        yield Figure().subplots()


class TestShowDigit:
    def test_ink_is_black_and_rows_go_down(self, ax):
        figures.show_digit(ax, np.arange(9) / 10 + 0.1)
        (image,) = ax.images
        np.testing.assert_allclose(image.get_array(), np.arange(9).reshape(3, 3) / 10 + 0.1)
        assert image.get_cmap().name == "gray_r"
        assert image.get_clim() == (0, 1)

    def test_it_has_a_frame(self, bare):
        assert_framed_without_ticks(figures.show_digit(bare, np.zeros(4)))

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

    def test_rows_of_three_in_a_frame(self, bare):
        image = figures.show_map(bare, np.arange(9), limit=8)
        np.testing.assert_array_equal(image.get_array(), np.arange(9).reshape(3, 3))
        assert_framed_without_ticks(bare)


class TestScoreStems:
    def test_a_stem_from_zero_to_each_score(self, ax):
        assert figures.score_stems(ax, [3.0, -1.0]) is ax
        stems = [line.get_xydata().tolist() for line in ax.lines if len(line.get_xydata()) == 2]
        assert stems[:2] == [[[0, 0], [0, 3]], [[1, 0], [1, -1]]]
        assert all(to_hex(line.get_color()) == figures.RIVAL for line in ax.lines[:4])

    def test_a_point_at_each_score(self, ax):
        figures.score_stems(ax, [3, -1])
        points = [line for line in ax.lines if line.get_marker() == "o"]
        assert [line.get_xydata().tolist() for line in points] == [[[0, 3]], [[1, -1]]]

    def test_a_thin_line_at_zero(self, ax):
        line = figures.score_stems(ax, [3.0, 1.0]).lines[-1]
        assert line.get_xydata().tolist() == [[0, 0], [1, 0]]
        assert (to_hex(line.get_color()), line.get_linewidth()) == (figures.PALETTE["muted"], 1)

    def test_room_above_and_below_and_a_name_for_each_class(self, ax):
        figures.score_stems(ax, [5.0, 0.0], names=["cat", "dog"])
        np.testing.assert_allclose(ax.get_ylim(), (-1, 6))
        assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]

    def test_the_right_class_has_its_colour(self, ax):
        figures.score_stems(ax, [3.0, -1.0], right=1)
        colours = [to_hex(line.get_color()) for line in ax.lines[:4]]
        assert colours == [figures.RIVAL] * 2 + [figures.RIGHT] * 2

    def test_values_stand_beyond_the_points(self, ax):
        figures.score_stems(ax, [3, -1, 0, 0.5], digits=1)
        minus = "\N{MINUS SIGN}"
        assert [text.get_text() for text in ax.texts] == ["3.0", f"{minus}1.0", "0.0", "0.5"]
        assert [text.get_va() for text in ax.texts] == ["bottom", "top", "bottom", "bottom"]
        assert [text.xy for text in ax.texts] == [(0, 3), (1, -1), (2, 0), (3, 0.5)]
        assert [text.xyann for text in ax.texts] == [(0, 7), (0, -7), (0, 7), (0, 7)]
        assert {text.anncoords for text in ax.texts} == {"offset points"}
        assert {text.get_ha() for text in ax.texts} == {"center"}


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
        assert {bar.get_linewidth() for bar in outlines} == {1.5}
        np.testing.assert_allclose([bar.get_width() for bar in outlines], 0.82)
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
        assert ax.get_yticks().tolist() == [0, 0.5, 1]

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
        assert {text.get_text() for text in ax.texts} == {""}

    def test_arrows_begin_and_end_at_the_very_scores(self, ax):
        (text,) = figures.step_arrows(ax, [3.0], [0.5]).texts
        assert (text.arrow_patch.shrinkA, text.arrow_patch.shrinkB) == (0, 0)
        assert text.arrow_patch.get_linewidth() == 2

    def test_short_arrows_are_thin_and_very_short_ones_have_no_head(self, ax):
        figures.step_arrows(ax, [0.0] * 4, [1.0, -0.25, 0.1, 0.0])
        widths = [text.arrow_patch.get_linewidth() for text in ax.texts]
        styles = [text.arrow_patch.get_arrowstyle() for text in ax.texts]
        assert widths == [2, 1, 0.8, 0.8]
        assert [type(style).__name__ for style in styles] == ["CurveFilledB"] * 2 + ["Curve"] * 2
        heads = [(style.head_width, style.head_length) for style in styles[:2]]
        assert heads == [(0.15, 0.2), (0.075, 0.1)]

    def test_no_step_at_all(self, ax):
        figures.step_arrows(ax, [1.0, 2.0], [0.0, 0.0])
        assert [text.xy[1] for text in ax.texts] == [1.0, 2.0]

    def test_a_step_for_each_score(self, ax):
        with pytest.raises(ValueError, match="zip"):
            figures.step_arrows(ax, [3.0, 1.0], [0.5])

    def test_the_axis_holds_the_ends(self, ax):
        figures.score_stems(ax, [0.0, 0.0])
        figures.step_arrows(ax, [0.0, 0.0], [5.0, -5.0])
        low, high = ax.get_ylim()
        assert low < -5
        assert high > 5
        assert ax.get_xlim() == (-0.6, 1.6)

    def test_the_axis_need_not_hold_what_no_arrow_reaches(self, ax):
        figures.step_arrows(ax, [9.0], [-9.0])
        assert ax.dataLim.ymin == 0
        assert ax.dataLim.ymax == 0
        assert ax.dataLim.xmin == 0


class TestSimplex:
    def test_certainty_lies_at_the_corners_of_a_triangle_with_equal_sides(self):
        corners = figures.in_triangle(np.eye(3))
        assert corners[:2].tolist() == [[0, 0], [1, 0]]
        sides = corners - np.roll(corners, 1, axis=0)
        assert np.allclose(np.linalg.norm(sides, axis=1), 1)

    def test_a_mixture_lies_between_what_is_mixed(self):
        p = np.random.default_rng(0).dirichlet(np.ones(3), size=(4, 2))
        assert figures.in_triangle(p).shape == (4, 2, 2)
        assert np.allclose(figures.in_triangle(p), p @ figures.in_triangle(np.eye(3)))

    def test_it_has_an_outline_and_names_beside_its_corners(self, ax):
        assert figures.simplex(ax, ("cat", "dog", "pig")) is ax
        (outline,) = ax.patches
        assert not outline.get_fill()
        assert outline.get_linewidth() == 1.5
        assert to_hex(outline.get_edgecolor()) == figures.PALETTE["muted"]
        assert np.allclose(outline.get_xy()[:3], figures.in_triangle(np.eye(3)))
        assert [text.get_text() for text in ax.texts] == ["cat", "dog", "pig"]
        assert [text.xyann for text in ax.texts] == [(0, -4), (0, -4), (0, 4)]
        assert [text.get_va() for text in ax.texts] == ["top", "top", "bottom"]
        assert {text.get_ha() for text in ax.texts} == {"center"}
        assert np.allclose([text.xy for text in ax.texts], figures.in_triangle(np.eye(3)))
        assert (ax.get_aspect(), ax.axison) == (1, False)

    def test_it_has_three_names(self, ax):
        assert [text.get_text() for text in figures.simplex(ax).texts] == ["1", "2", "3"]
        with pytest.raises(ValueError, match="zip"):
            figures.simplex(ax, ("cat", "dog"))


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

    def test_the_last_digits_of_a_layout_change_no_byte(self, monkeypatch):
        use_book_style()
        lay_out, noise = ConstrainedLayoutEngine.execute, [0.0, 1e-13, -3e-12]

        def roughly(engine, fig):
            margins = lay_out(engine, fig)
            for ax in fig.axes:
                ax._set_position(ax.get_position(original=True).padded(noise[0]))
            return margins

        monkeypatch.setattr(ConstrainedLayoutEngine, "execute", roughly)
        drawings = set()
        while noise:
            fig, axes = plt.subplots(1, 3, width_ratios=[1, 2, 3])
            for ax in axes:
                ax.plot([0, 1])
            file = io.StringIO()
            fig.savefig(file, format="svg", metadata={"Date": None})
            plt.close(fig)
            drawings.add(file.getvalue())
            noise.pop(0)
        assert len(drawings) == 1
