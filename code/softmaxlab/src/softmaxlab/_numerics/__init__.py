"""How formulas are computed: checks of arguments, blocks of rows, sums with all their digits."""
