"""What the tests of the content share: the formulas of the chapters."""

import pytest

from tests.book.content.formulas import displayed_formulas


@pytest.fixture(scope="session")
def book_formulas():
    """Return all displayed formulas of the book, in reading order."""
    return list(displayed_formulas())
