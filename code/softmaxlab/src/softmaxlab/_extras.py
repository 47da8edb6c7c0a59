"""Say what is missing when a part is asked for that needs more than NumPy."""

from collections.abc import Iterator
from contextlib import contextmanager

_DISTRIBUTIONS = {"sklearn": "scikit-learn"}  # what is installed under another name


@contextmanager
def needed_for(extra: str) -> Iterator[None]:
    """Turn a failed import of another package into an error that names the extra to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module in ("", "softmaxlab"):
            raise  # our own mistake: nothing that could be installed would mend it
        missing = _DISTRIBUTIONS.get(module, module)
        raise ModuleNotFoundError(
            f'softmaxlab.{extra} needs {missing}: pip install "softmaxlab[{extra}]"', name=module
        ) from error
