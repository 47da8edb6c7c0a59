"""Measurements of speed, memory and accuracy; run one with `python -m benchmarks.NAME`."""
