"""What learns from data: a classifier, a network, a calibration. It needs scikit-learn."""

from softmaxlab._extras import needed_for

with needed_for("learn"):
    import scipy  # noqa: F401  one place asks for all that the modules of this room need
    import sklearn  # noqa: F401
    import threadpoolctl  # noqa: F401
