"""How much work one formula may take: counted, never clocked, so that the outcome is the same."""

from checkedmath.errors import TooMuch

#: Work in all: a formula of a book takes a thousandth to a tenth of it.
VALUES = 60_000
NUMBERS = 1_500_000
ALGEBRA = 600_000
HUNTS = 400_000
CUTS = 1_200_000
#: Of one thing: digits of a number that is written out, terms of one sum, rows of a determinant
#: with letters, and of one with numbers alone.
LONGEST_NUMBER = 30
MOST_TERMS = 1_100
LARGEST_DETERMINANT = 5
LARGEST_OF_NUMBERS = 200
#: Bits of a power of numbers; parts of what is differentiated; choices of the free indices.
MOST_BITS = 4_096
MOST_NODES = 20_000
MOST_CASES = 1_500


class Budget:
    """What is left of the work that a formula may take.

    Parameters
    ----------
    share : float
        Of the work that a whole formula may take.

    Attributes
    ----------
    values : int
        Nodes of trees to be given a value.
    numbers : int
        Operations with numbers.
    algebra : int
        Products of terms in proofs; when they are used up, nothing more is proved.
    hunts, ties, cells : int
        Operations with numbers where statements break, where two numbers are equal, and where
        several comparisons are looked at together; when they are used up, no more is looked for.
    reserve : int
        What is kept of `hunts` for what has to hold for values to be numbers.
    cuts : int
        Operations with numbers in boxes that a domain is cut into; likewise.
    """

    def __init__(self, share: float = 1) -> None:
        self.values, self.numbers = int(share * VALUES), int(share * NUMBERS)
        self.algebra, self.hunts = int(share * ALGEBRA), int(share * HUNTS)
        self.ties = self.cells = self.reserve = int(share * HUNTS)
        self.cuts = int(share * CUTS)

    def spend_value(self, count: int = 1) -> None:
        """Count nodes that are given a value, or entries of a table."""
        self.values -= count
        if self.values < 0:
            raise TooMuch("too many terms to be computed: use smaller sizes or fewer sums")

    def spend_numbers(self, count: int) -> None:
        """Count operations with numbers."""
        self.numbers -= count
        if self.numbers < 0:
            raise TooMuch("too much to be computed: split the formula, or use smaller sizes")

    def may_hunt(self, count: int) -> bool:
        """Count operations in looking for counter-examples, and tell whether there may be more."""
        self.hunts -= count
        return self.hunts >= 0

    def use_reserve(self) -> None:
        """Let what has to hold of values be looked at, whatever their comparison has used up."""
        self.hunts, self.reserve = max(self.hunts, 0) + self.reserve, 0

    def may_meet(self, count: int) -> bool:
        """Count operations where numbers are equal, and tell whether there may be more."""
        self.ties -= count
        return self.ties >= 0

    def may_combine(self, count: int) -> bool:
        """Count operations where comparisons meet, and tell whether there may be more."""
        self.cells -= count
        return self.cells >= 0

    def may_cut(self, count: int) -> bool:
        """Count operations over boxes, and tell whether there may be more."""
        self.cuts -= count
        return self.cuts >= 0
