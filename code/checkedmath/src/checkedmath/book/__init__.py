"""The formulas of a book: on which page each stands, in what order, and when it was checked."""
