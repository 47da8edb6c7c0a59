"""The style of the figures, under a name of this book's own.

Where a page itself names softmaxlab, sphinx-codeautolink imports all of it, with scikit-learn and
SciPy, in every build: a third of the time that a small book takes.
"""

from softmaxlab import figures as figures
