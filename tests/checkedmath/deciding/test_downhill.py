"""Inequalities of many letters, which fail in a small part of all there is."""

import pytest
from checkedmath import Derivation, Notation, WrongStep

FORM = " + ".join(f"z_{n} z_{n + 1}" for n in range(1, 7))
WAVES = r"\sin(a - b) + \sin(b - c) + \sin(c - d) + \sin(d - x) + \sin(x - y) + \sin(y - z)"
CUT = r"\sum_i \sum_j \sin(i j) u_i (1 - u_j)"
COSTS = r"\sum_k (1 / f_k + k^2 f_k)"
LETTERS = "K: only {}\ni, j, k: 1..K\n{}"


def check(where, formula):
    """Check a formula -> how its steps were decided."""
    notation = Notation()
    notation.declare(where)
    return [step.method for step in Derivation(formula, notation).steps]


# The largest determinant of zeros and ones is 3 for four rows (Hadamard's problem); a path of seven
# has the largest eigenvalue 2 cos(pi / 8); seven angles that sum to zero have sines of at most
# 7 sin(4 pi / 7) together; for the next all corners were tried; the last is 2 + 4 + ... + 16
@pytest.mark.parametrize(
    ("where", "claim", "false", "true"),
    [
        (LETTERS.format(4, "U: unit K K"), r"\det(U) \le {}", 2.9, 3.1),
        (LETTERS.format(7, "z: real K"), rf"{{}} ({FORM}) \le \sum_k z_k^2", 1.085, 1.08),
        ("a, b, c, d, x, y, z: real", rf"{WAVES} + \sin(z - a) \le {{}}", 6.8, 6.9),
        (LETTERS.format(9, "u: unit K"), CUT + r" \le {}", 3.86, 3.88),
        (LETTERS.format(8, "f: positive K"), COSTS + " > {}", 72.1, 71.9),
    ],
)
def test_the_best_places_are_found(where, claim, false, true):
    with pytest.raises(WrongStep, match="but at"):
        check(where, claim.format(false))
    assert check(where, claim.format(true))
