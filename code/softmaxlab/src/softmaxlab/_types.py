"""What the types of arguments and results are called."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.floating]
Ints: TypeAlias = NDArray[np.integer]
# Of one row the result is one number. A checker cannot know, and is not to insist on either.
PerRow: TypeAlias = Floats | Any
Function: TypeAlias = Callable[[Array], Any]  # of an array; its value is one number
