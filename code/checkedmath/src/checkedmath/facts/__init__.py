"""Facts: what earlier formulas have shown, with other letters put in."""
