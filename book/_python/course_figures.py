"""Figures of matplotlib in a page: a backend that hands each drawing to the cell that drew it."""

import io

import course_page
from drawings import inline_svg
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_svg import FigureCanvasSVG


class FigureManager(FigureManagerBase):
    """What `plt.show` asks."""

    @classmethod
    def pyplot_show(cls, *, block=None):
        """Show every figure that is open, and close it."""
        for manager in Gcf.get_all_fig_managers():
            drawing = io.StringIO()
            manager.canvas.figure.savefig(drawing, format="svg")
            course_page.emit("svg", inline_svg(drawing.getvalue(), "", course_page.prefix()))
            Gcf.destroy(manager)


class FigureCanvas(FigureCanvasSVG):
    """What a figure is drawn on."""

    manager_class = FigureManager
