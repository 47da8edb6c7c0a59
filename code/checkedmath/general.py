"""Prove a step for every number of classes: sums stay sums, with their size left as a letter."""


def proves(left, right, letters, notation):
    """Tell whether two sides are equal whatever the sizes; False if that cannot be seen."""
    return False
