"""One style for the book's figures, and the few shapes that several chapters draw.

The colours are fixed names: the book replaces them by its style sheet's variables, so that one
drawing serves the light page and the dark one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxlab._extras import needed_for

with needed_for("figures"):
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.transforms import Bbox

PALETTE = {
    "ink": "#1f2329",
    "muted": "#5b6471",
    "grid": "#d5d9df",
    "paper": "#fefefe",
    "blue": "#1259c3",
    "orange": "#b84a00",
    "green": "#157a3c",
    "purple": "#7a3fb8",
    "red": "#b3261e",
    "sky": "#9cc2f5",
}
CYCLE = [PALETTE[name] for name in ("blue", "orange", "green", "purple", "red", "muted")]

# One colour, one meaning, in every figure and widget.
RIGHT = PALETTE["blue"]  # the right class
RIVAL = PALETTE["orange"]  # every other class
TARGET = PALETTE["ink"]  # what the model should have said: an outline
STEP = PALETTE["purple"]  # where learning moves a score

_STYLE: dict[Any, Any] = {
    "figure.figsize": (4.8, 2.8),  # on a phone its words can still be read
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "figure.hooks": ["softmaxlab.figures:_lay_out_alike"],
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": PALETTE["muted"],
    # An arrow that names no colour takes this one; plain black dies in the dark.
    "patch.edgecolor": PALETTE["ink"],
    "axes.labelcolor": PALETTE["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=CYCLE),
    "grid.color": PALETTE["grid"],
    "grid.linewidth": 0.8,
    "xtick.color": PALETTE["muted"],
    "ytick.color": PALETTE["muted"],
    "text.color": PALETTE["ink"],
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and scaled
    "svg.hashsalt": "from-logits-to-loss",  # the same drawing gives the same bytes
}


_DIGITS = 9  # of a position in a figure, as a share of its width or height


class _AlikeLayout(ConstrainedLayoutEngine):
    """Constrained layout with positions that are the same in every run.

    Its solver adds up in the order of addresses in memory. So last digits differ from run to run,
    and with them the names that an SVG gives to the frames of its panels.
    """

    def execute(self, fig: Figure) -> Any:
        margins = super().execute(fig)
        for ax in fig.axes:
            corners = ax.get_position(original=True).get_points().round(_DIGITS)
            ax._set_position(Bbox(corners))  # type: ignore[attr-defined]
        return margins


def _lay_out_alike(fig: Figure) -> None:
    """Give a new figure positions that are the same in every run."""
    if isinstance(fig.get_layout_engine(), ConstrainedLayoutEngine):
        fig.set_layout_engine(_AlikeLayout())


def use_book_style() -> None:
    """Draw every figure from here on in the book's style, as SVG in a notebook.

    Examples
    --------
    >>> from softmaxlab import figures
    >>> figures.use_book_style()
    >>> mpl.rcParams["svg.fonttype"]
    'none'
    """
    mpl.rcParams.update(_STYLE)
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # a plain Python session: there is no notebook to set up
        return
    if get_ipython() is not None:
        set_matplotlib_formats("svg", bbox_inches=None)


def show_digit(ax: Axes, pixels: ArrayLike, title: str | None = None) -> Axes:
    """Show the pixels of one digit, ink on paper.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    pixels : array_like of shape (n_pixels,)
        Ink between 0 and 1, row after row of a square.
    title : str, optional
        What to write above.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> show_digit(ax, np.eye(8).ravel(), title="a line").get_title()
    'a line'
    >>> plt.close(fig)
    """
    pixels = np.asarray(pixels)
    side = round(pixels.size**0.5)
    ax.imshow(pixels.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=PALETTE["grid"])
    if title is not None:
        ax.set_title(title)
    return ax


def show_map(ax: Axes, values: ArrayLike, limit: float, title: str | None = None) -> AxesImage:
    """Show numbers of either sign as a square map: blue above zero, red below.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : array_like of shape (n_pixels,)
        One number for each pixel, row after row of a square.
    limit : float
        The size at which the colours are full.
    title : str, optional
        What to write above.

    Returns
    -------
    matplotlib.image.AxesImage
        What a colour bar needs.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> show_map(ax, [1.0, -1.0, 0.0, 0.5], limit=1).get_clim()
    (-1.0, 1.0)
    >>> plt.close(fig)
    """
    values = np.asarray(values)
    side = round(values.size**0.5)
    image = ax.imshow(values.reshape(side, side), cmap="RdBu", vmin=-limit, vmax=limit)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=PALETTE["grid"])
    if title is not None:
        ax.set_title(title)
    return image


def score_stems(
    ax: Axes,
    scores: ArrayLike,
    right: int | None = None,
    names: Sequence[str] | None = None,
    digits: int | None = None,
) -> Axes:
    """Draw scores as points on stems, which stand on a line at zero.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    scores : array_like of shape (n_classes,)
        Scores of any sign.
    right : int, optional
        The right class; it has a colour of its own.
    names : sequence of str, optional
        One label per class; by default 0, 1, 2, ...
    digits : int, optional
        Decimals of the values beside the points; by default there are none.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> score_stems(ax, [3.0, 1.0, -3.0], right=0, digits=0).texts[2].get_text()
    '−3'
    >>> plt.close(fig)
    """
    scores = np.asarray(scores)
    for place, score in enumerate(scores):
        color = _color_of(place, right)
        ax.plot([place, place], [0, score], color=color)
        ax.plot(place, score, "o", color=color)
        if digits is not None:
            text = f"{score:.{digits}f}".replace("-", "−")
            above = score >= 0
            ax.annotate(
                text,
                (place, score),
                (0, 7 if above else -7),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
            )
    ax.axhline(0, color=PALETTE["muted"], lw=1)
    ax.margins(y=0.2)
    return _one_place_per_class(ax, scores.size, names)


def probability_bars(
    ax: Axes,
    p: ArrayLike,
    names: Sequence[str] | None = None,
    right: int | None = None,
    target: ArrayLike | None = None,
    digits: int | None = 3,
) -> Axes:
    """Draw one distribution as bars, each a part of one whole.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    p : array_like of shape (n_classes,)
        Probabilities.
    names : sequence of str, optional
        One label per class; by default 0, 1, 2, ...
    right : int, optional
        The right class; it has a colour of its own.
    target : array_like of shape (n_classes,), optional
        What the probabilities should have been, drawn as outlines.
    digits : int or None
        Decimals of the values above the bars; None leaves them out.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> probability_bars(ax, [0.7, 0.2, 0.1], names=["cat", "dog", "pig"]).get_ylim()[0] == 0
    np.True_
    >>> plt.close(fig)
    """
    p = np.asarray(p)
    places = range(p.size)
    ax.bar(places, p, color=[_color_of(place, right) for place in places], width=0.7)
    if target is not None:
        ax.bar(places, target, width=0.82, fill=False, edgecolor=TARGET, lw=1.5)
    if digits is not None:
        for place, value in enumerate(p):
            ax.text(place, value + 0.03, f"{value:.{digits}f}", ha="center")
    ax.set(ylim=(0, 1.15), yticks=[0, 0.5, 1])
    return _one_place_per_class(ax, p.size, names)


def step_arrows(ax: Axes, scores: ArrayLike, steps: ArrayLike) -> Axes:
    """Draw at each score an arrow to where learning moves it; very short ones have no head.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    scores, steps : array_like of shape (n_classes,)
        The scores, and what is added to each: the slope with the opposite sign, times the rate.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> len(step_arrows(ax, [3.0, 1.0], [0.5, -0.5]).texts)
    2
    >>> plt.close(fig)
    """
    scores, steps = np.asarray(scores), np.asarray(steps)
    longest = max(np.abs(steps).max(), np.finfo(float).tiny)
    for place, (score, step) in enumerate(zip(scores, steps, strict=True)):
        size = np.clip(2 * abs(step) / longest, 0.4, 1)  # a head is never longer than its arrow
        head = f"-|>,head_width={0.15 * size:.3g},head_length={0.2 * size:.3g}"
        style = head if abs(step) > longest / 10 else "-"
        arrow = {"arrowstyle": style, "shrinkA": 0, "shrinkB": 0, "lw": 2 * size, "color": STEP}
        ax.annotate("", (place + 0.25, score + step), (place + 0.25, score), arrowprops=arrow)
    ax.update_datalim([(0, score) for score in scores + steps])
    ax.autoscale_view()
    return ax


def in_triangle(p: ArrayLike) -> np.ndarray:
    """Return where three numbers that sum to one lie in the plane of ``simplex``.

    Parameters
    ----------
    p : array_like of shape (..., 3)
        Distributions, which lie inside the triangle, or other numbers with the sum one.

    Returns
    -------
    ndarray of shape (..., 2)
        The two coordinates of each.

    Examples
    --------
    >>> in_triangle([0.5, 0.5, 0.0]).tolist()
    [0.5, 0.0]
    """
    return np.asarray(p) @ [[0, 0], [1, 0], [1 / 2, np.sqrt(3) / 2]]


def simplex(ax: Axes, names: Sequence[str] = ("1", "2", "3")) -> Axes:
    """Draw the triangle of all distributions over three classes, with a name at each corner.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        What stands at the corners: below the first two, above the third.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> [text.get_text() for text in simplex(ax, ("cat", "dog", "pig")).texts]
    ['cat', 'dog', 'pig']
    >>> plt.close(fig)
    """
    corners = in_triangle(np.eye(3))
    ax.fill(*corners.T, fill=False, edgecolor=PALETTE["muted"], lw=1.5)
    for name, corner, up in zip(names, corners, (False, False, True), strict=True):
        ax.annotate(
            name, corner, (0, 4 if up else -4), textcoords="offset points",
            ha="center", va="bottom" if up else "top",
        )  # fmt: skip
    ax.set(aspect="equal")
    ax.axis("off")
    return ax


def _color_of(place: int, right: int | None) -> str:
    return RIGHT if right is not None and place == right else RIVAL


def _one_place_per_class(ax: Axes, n_classes: int, names: Sequence[str] | None) -> Axes:
    places = np.arange(n_classes)
    ax.set_xticks(places, places if names is None else names)
    ax.set_xlim(-0.6, n_classes - 0.4)
    ax.grid(visible=False, axis="x")
    return ax
