r"""What letters are called decides nothing: neither the verdict nor where a claim fails."""

import random
import string

import pytest
from checkedmath import Derivation, Notation
from checkedmath.errors import CheckError

#: Letters that are read as nothing else, for sizes, indices and numbers.
FREE = [letter for letter in string.ascii_letters if letter not in "deT"]
WHERE = "{A}: 2 3\n{b}, {c}: 1..{A}\n{f}, {g}: real\n{h}: positive\n{u}: real {A}"
#: True and false, with a free index, without, and with a sum.
CLAIMS = (
    r"({f} + {g})^2 = {f}^2 + 2 {f} {g} + {g}^2",
    r"({f} + {g})^2 = {f}^2 + {f} {g} + {g}^2",
    r"\log({h} {f}^2 + {h}) = \log {h} + \log({f}^2 + 1)",
    r"{f} {g} \le {f}^2 + {g}^2",
    r"{f} {g} \le {f}^2 + {g}^2 - \frac{{1}}{{9}}",
    r"{u}_{b} \le {u}_{c} + {h}",
    r"\sum_{b} {u}_{b} = \sum_{c} {u}_{c}",
    r"\sum_{b} {u}_{b}^2 = (\sum_{b} {u}_{b})^2",
    r"{f} = \sum_{b} {u}_{b} + {u}_{c}",
)
PLACES = ("A", "b", "c", "f", "g", "h", "u")
NAMINGS = 25


def outcome(claim, names):
    """Return the methods, or what is found, in the letters of the template."""
    notation = Notation()
    notation.declare(WHERE.format(**names))
    try:
        return [step.method for step in Derivation(claim.format(**names), notation).steps]
    except CheckError as error:
        point = list(getattr(error, "counterexample", {}).values())
        return point, getattr(error, "left", ""), getattr(error, "right", "")


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_outcome_is_the_same_under_all_namings(claim):
    rng = random.Random(3)
    outcomes = {
        repr(outcome(claim, dict(zip(PLACES, rng.sample(FREE, len(PLACES)), strict=True))))
        for _ in range(NAMINGS)
    }
    assert len(outcomes) == 1
