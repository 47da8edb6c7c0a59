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

_STYLE: dict[Any, Any] = {
    "figure.figsize": (6.4, 3.2),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": PALETTE["muted"],
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
    "font.size": 10,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and scaled
    "svg.hashsalt": "from-logits-to-loss",  # the same drawing gives the same bytes
}


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


def probability_bars(
    ax: Axes, p: ArrayLike, names: Sequence[str] | None = None, color: str = "blue", digits: int = 3
) -> Axes:
    """Draw one distribution as bars with their values above them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    p : array_like of shape (n_classes,)
        Probabilities.
    names : sequence of str, optional
        One label per class; by default 0, 1, 2, ...
    color : str
        A name of ``PALETTE``.
    digits : int
        Decimals of the values above the bars.

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
    ax.bar(places, p, color=PALETTE[color], width=0.7)
    for place, value in zip(places, p, strict=True):
        ax.text(place, value + 0.02, f"{value:.{digits}f}", ha="center", fontsize=9)
    ax.set_xticks(places, [str(place) for place in places] if names is None else names)
    ax.set_ylim(0, 1.1)
    ax.grid(visible=False, axis="x")
    return ax
