"""What is proved in the book for every size is true at sizes that nobody checked."""

import pytest
from checkedmath.every_size.prover import proves

from tests.checkedmath.larger_sizes import is_true_beyond, steps_of


@pytest.mark.slow
def test_what_is_proved_is_true_at_larger_sizes(book_formulas):
    tried = 0
    for _, label, latex, notation in book_formulas:
        for left, right, letters, conditions in steps_of(latex, notation):
            if proves(left, right, letters, notation, conditions):
                tried += 1
                assert is_true_beyond(left, right, letters, conditions, notation), label
    assert tried > 50
