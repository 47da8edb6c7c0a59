"""Every step of the book is proved for every size, and true at sizes that nobody checked."""

import pytest
from checkedmath.book.checked import check_book
from checkedmath.book.ledger import count_verdicts
from checkedmath.every_size.prover import proves

from tests.book.content.formulas import BOOK
from tests.checkedmath.larger_sizes import is_true_beyond, steps_of


@pytest.mark.slow
def test_what_is_no_definition_is_proved():
    assert count_verdicts(check_book(BOOK)).keys() == {"definition", "proved for every size"}


@pytest.mark.slow
def test_what_is_proved_is_true_at_larger_sizes(book_formulas):
    tried = 0
    for _, label, latex, notation in book_formulas:
        for left, right, letters, conditions in steps_of(latex, notation):
            if proves(left, right, letters, notation, conditions):
                tried += 1
                assert is_true_beyond(left, right, letters, conditions, notation), label
    assert tried > 50
