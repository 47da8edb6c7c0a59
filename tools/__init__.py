"""Commands that keep the book in order: run as ``python -m tools.NAME``."""
