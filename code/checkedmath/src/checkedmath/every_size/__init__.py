"""Whether a formula holds for every size, and not only for those that were tried."""
