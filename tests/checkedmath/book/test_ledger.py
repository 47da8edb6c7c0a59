"""The ledger has a row for each formula, and its counts add up."""

import pytest
from checkedmath.book.checked import check_book
from checkedmath.book.ledger import count_verdicts, rows, summary, times
from checkedmath.steps import VERDICTS

from tests.checkedmath.book.small_books import BOOK, write_book


class TestLedger:
    @pytest.fixture
    def book(self, tmp_path):
        steps = "s &= x + y && \\text{the definition} \\\\ &\\le s + 1 - \\sin x"
        last = f"\n$$\n\\begin{{aligned}}\n{steps}\n\\end{{aligned}}\n$$ (eq:last)\n"
        return check_book(write_book(tmp_path, **BOOK | {"two": BOOK["two"] + last}))

    def test_a_row_for_each_formula(self, book):
        assert book.report() == []
        assert [(row.label, row.docname, row.steps) for row in rows(book)] == [
            ("eq:s", "one", 1),
            ("eq:x", "one", 1),
            ("eq:two", "two", 1),
            ("eq:last", "two", 2),
        ]
        assert rows(book)[0].verdicts == ("definition",)
        assert rows(book)[3].verdicts == ("proved for every size", "searched")

    def test_rules_are_named(self, tmp_path):
        two = BOOK["two"] + "\n$$ x \\le e^x - 1 $$ (eq:tangent)\n"
        found = rows(check_book(write_book(tmp_path, **BOOK | {"two": two})))
        assert found[0].how == "definition"
        assert found[-1].how == "proved for every size; rules: one letter"

    def test_counts_add_up(self, book):
        counts = count_verdicts(book)
        assert sum(counts.values()) == 5
        assert counts["definition"] == 1
        assert list(counts) == [verdict for verdict in VERDICTS.values() if verdict in counts]
        assert summary(book).startswith("4 formulas, 5 steps (1 definition, ")
        assert summary(book).endswith("; 1 wrong formula refuted")

    def test_times_has_a_line_for_each(self, book):
        lines = times(book).splitlines()
        assert len(lines) == 5
        seconds = [float(line.split()[0]) for line in lines[1:]]
        assert seconds == sorted(seconds, reverse=True)
